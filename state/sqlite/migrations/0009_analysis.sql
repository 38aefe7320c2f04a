-- What was understood: which revisions have been analysed, the passages that
-- later statements are held against, and what appears to contradict what.

-- +goose Up
CREATE TABLE analyses (
    statement TEXT NOT NULL REFERENCES statements (id),
    revision  INTEGER NOT NULL,
    said      INTEGER NOT NULL,
    quiet     INTEGER NOT NULL,
    engine    TEXT NOT NULL, -- version, or nothing while it waits
    outcome   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (statement, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX analyses_due ON analyses (said, statement) WHERE engine = '';
CREATE INDEX analyses_outcome ON analyses (engine, outcome);
INSERT INTO analyses SELECT r.statement, r.n, CASE r.n WHEN 1 THEN s.sort_at ELSE r.seen_at END, 1, '', '', 0
    FROM revisions r JOIN statements s ON s.id = r.statement;

-- The number of a passage grows with the moment it was said: seconds since the
-- year 1, then 20 bits that count those of one second.
CREATE TABLE passages (
    id        INTEGER PRIMARY KEY,
    statement TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    sentence  INTEGER NOT NULL,
    keys      BLOB NOT NULL, -- eight bytes each, big-endian
    body      BLOB NOT NULL
) STRICT;
CREATE INDEX passages_of_revision ON passages (statement, revision);
-- Which passages carry which key. An index of FTS5 takes a tenth of the room and
-- forty times as long to ask: it looks a key up in each of its many segments.
CREATE TABLE postings (
    key     INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    PRIMARY KEY (key, passage)
) STRICT, WITHOUT ROWID;

CREATE TABLE reversals (
    id         TEXT PRIMARY KEY,
    level      TEXT NOT NULL,
    score      REAL NOT NULL,
    topic      TEXT NOT NULL,
    source     TEXT NOT NULL,
    government TEXT NOT NULL,
    before     TEXT NOT NULL, -- statement
    after      TEXT NOT NULL, -- statement
    said       INTEGER NOT NULL, -- when the later one was
    found_at   INTEGER NOT NULL,
    quiet      INTEGER NOT NULL,
    payload    TEXT NOT NULL, -- JSON
    decision   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX reversals_said ON reversals (said);
CREATE INDEX reversals_before ON reversals (before);
CREATE INDEX reversals_after ON reversals (after);

CREATE TABLE stances (
    topic       TEXT NOT NULL,
    proposition TEXT NOT NULL,
    statement   TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    source      TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    said        INTEGER NOT NULL,
    stance      TEXT NOT NULL,
    sure        REAL NOT NULL,
    speaker     TEXT NOT NULL,
    sentence    TEXT NOT NULL,
    start_at    INTEGER NOT NULL, -- bytes of the body
    end_at      INTEGER NOT NULL,
    PRIMARY KEY (topic, proposition, statement, revision, start_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX stances_of_revision ON stances (statement, revision);

-- +goose Down
DROP TABLE stances;
DROP TABLE reversals;
DROP TABLE postings;
DROP TABLE passages;
DROP TABLE analyses;
