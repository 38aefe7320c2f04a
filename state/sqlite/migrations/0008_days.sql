-- +goose Up
-- The moment of the schedule that a visit was made for; 0 for none.
ALTER TABLE visits ADD COLUMN due INTEGER NOT NULL DEFAULT 0;

-- Moments of a schedule at which no visit was made, and why.
CREATE TABLE skips (
    row      INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    reason   TEXT NOT NULL
) STRICT;
CREATE INDEX skips_last ON skips (last_at);

-- What the visits of a source came to on a day (UTC), kept up to date with them.
CREATE TABLE days (
    day      INTEGER NOT NULL,
    source   TEXT NOT NULL,
    visits   INTEGER NOT NULL,
    failed   INTEGER NOT NULL,
    new      INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    missing  INTEGER NOT NULL,
    errors   INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (day, source)
) STRICT, WITHOUT ROWID;
INSERT INTO days SELECT started_at / 86400000000 * 86400000000, source, count(*), sum(fault <> ''), sum(new), sum(changed), sum(missing), sum(errors), sum(requests)
    FROM visits GROUP BY 1, 2;
DROP INDEX visits_started;

-- +goose Down
CREATE INDEX visits_started ON visits (started_at);
DROP TABLE days;
DROP TABLE skips;
ALTER TABLE visits DROP COLUMN due;
