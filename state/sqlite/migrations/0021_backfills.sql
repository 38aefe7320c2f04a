-- The reading of a source's past: how far it has come, and what of it waits.

-- +goose Up
CREATE TABLE backfills (
    source     TEXT PRIMARY KEY,
    since      INTEGER NOT NULL,
    budget     INTEGER NOT NULL, -- requests in a day
    memento    TEXT NOT NULL,    -- address of a TimeMap or CDX
    replay     TEXT NOT NULL,
    place      TEXT NOT NULL,    -- JSON
    walked     INTEGER NOT NULL,
    pages      INTEGER NOT NULL,
    read       INTEGER NOT NULL,
    oldest     INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    spent      INTEGER NOT NULL,
    failures   INTEGER NOT NULL,
    note       TEXT NOT NULL,
    next_at    INTEGER NOT NULL, -- 0 where it does not go on
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    stopped_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE backfill_items (
    row           INTEGER PRIMARY KEY,
    source        TEXT NOT NULL,
    address       TEXT NOT NULL,
    url           TEXT NOT NULL,
    title         TEXT NOT NULL,
    published     TEXT NOT NULL,
    published_raw TEXT NOT NULL,
    dated         INTEGER NOT NULL, -- when an archive captured it
    attempts      INTEGER NOT NULL,
    next_try      INTEGER NOT NULL, -- 0 where it was given up
    last_error    TEXT NOT NULL,
    UNIQUE (source, address)
) STRICT;

-- Where a revision was read from, if an archive kept it.
ALTER TABLE revisions ADD COLUMN archive TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE revisions DROP COLUMN archive;
DROP TABLE backfill_items;
DROP TABLE backfills;
