-- What was said, in passages with who says it, and what each speaks of: later statements are held against those that
-- speak of the same. A revision is read first and judged afterwards. All is read again, by another engine.

-- +goose Up
DROP TABLE postings;
DROP TABLE terms;
DROP TABLE passages;
CREATE TABLE spaces (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE, -- a government, else an issuer
    seq  INTEGER NOT NULL      -- of the passage put last
) STRICT;
-- The number of a passage grows with the moment it was said: seconds since the year 1, then 20 bits that count those of one
-- second.
CREATE TABLE passages (
    id        INTEGER PRIMARY KEY,
    statement TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    n         INTEGER NOT NULL, -- 0 is the title
    space     INTEGER NOT NULL REFERENCES spaces (id),
    seq       INTEGER NOT NULL,
    text      TEXT NOT NULL,
    question  TEXT NOT NULL,
    start_at  INTEGER NOT NULL, -- bytes of the body
    end_at    INTEGER NOT NULL,
    speaker   TEXT NOT NULL,
    voice     TEXT NOT NULL,
    language  TEXT NOT NULL
) STRICT;
CREATE INDEX passages_of_revision ON passages (statement, revision);
-- Read in the order in which they were put, by every process that keeps them in memory.
CREATE TABLE passage_terms (
    space   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    terms   BLOB NOT NULL, -- four bytes each, little-endian
    PRIMARY KEY (space, seq)
) STRICT, WITHOUT ROWID;
ALTER TABLE analyses ADD COLUMN judged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX analyses_judge ON analyses (quiet, said DESC) WHERE engine <> '' AND judged = 0;
UPDATE analyses SET engine = '', quiet = 1, at = 0 WHERE engine <> '';

-- +goose Down
DROP INDEX analyses_judge;
ALTER TABLE analyses DROP COLUMN judged;
DROP TABLE passage_terms;
DROP TABLE passages;
DROP TABLE spaces;
