-- Statements that tell of one thing, side by side. What was analysed before is looked
-- at when it is analysed again.

-- +goose Up
ALTER TABLE analyses ADD COLUMN compared INTEGER NOT NULL DEFAULT 0;
UPDATE analyses SET compared = 1 WHERE judged = 1;
CREATE INDEX analyses_uncompared ON analyses (said) WHERE compared = 0 AND judged = 1;

CREATE TABLE sketches (
    statement TEXT PRIMARY KEY,
    revision  INTEGER NOT NULL,
    source    TEXT NOT NULL,
    issuer    TEXT NOT NULL,
    space     TEXT NOT NULL,
    said      INTEGER NOT NULL,
    day       INTEGER NOT NULL, -- since 1970, UTC
    language  TEXT NOT NULL,
    encounter INTEGER NOT NULL, -- bits: 1 a call, 2 a meeting
    title     BLOB NOT NULL,
    whole     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sketches_of_issuer ON sketches (issuer, day);
CREATE INDEX sketches_of_encounters ON sketches (day) WHERE encounter > 0;

CREATE TABLE counterparts (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    a          TEXT NOT NULL, -- statement
    b          TEXT NOT NULL,
    source_a   TEXT NOT NULL,
    source_b   TEXT NOT NULL,
    said       INTEGER NOT NULL, -- when the later one was
    found_at   INTEGER NOT NULL,
    quiet      INTEGER NOT NULL,
    differs    TEXT NOT NULL, -- digest of what differs
    payload    TEXT NOT NULL, -- JSON
    decision   TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    decided_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX counterparts_a ON counterparts (a);
CREATE INDEX counterparts_b ON counterparts (b);
CREATE INDEX counterparts_said ON counterparts (said);

ALTER TABLE events ADD COLUMN counterpart TEXT NOT NULL DEFAULT ''; -- JSON, or nothing

-- +goose Down
ALTER TABLE events DROP COLUMN counterpart;
DROP TABLE counterparts;
DROP TABLE sketches;
DROP INDEX analyses_uncompared;
ALTER TABLE analyses DROP COLUMN compared;
