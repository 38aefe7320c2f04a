-- What becomes of a page's place, how hosts are treated, and what is wrong with
-- pages. Times are microseconds since 1970 in UTC, 0 for none.

-- +goose Up
ALTER TABLE statements ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statements ADD COLUMN absent_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statements ADD COLUMN unlisted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statements ADD COLUMN unmodified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statements ADD COLUMN final_url TEXT NOT NULL DEFAULT '';
ALTER TABLE statements ADD COLUMN body_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX statements_body ON statements (body_hash) WHERE body_hash <> '';

CREATE TABLE hosts (
    name       TEXT PRIMARY KEY,
    holder     TEXT NOT NULL DEFAULT '',
    held_until INTEGER NOT NULL DEFAULT 0, -- by the machine's clock
    wanted     INTEGER NOT NULL DEFAULT 0, -- 1: another process waits for it
    ended      INTEGER NOT NULL DEFAULT 0,
    pause      INTEGER NOT NULL DEFAULT 0, -- microseconds
    failures   INTEGER NOT NULL DEFAULT 0,
    failed_at  INTEGER NOT NULL DEFAULT 0,
    resume_at  INTEGER NOT NULL DEFAULT 0,
    reason     TEXT NOT NULL DEFAULT '',
    hour       INTEGER NOT NULL DEFAULT 0,
    spent      INTEGER NOT NULL DEFAULT 0,
    lied_at    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    body   BLOB NOT NULL,
    status INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE TABLE troubles (
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    statement TEXT NOT NULL,
    url       TEXT NOT NULL,
    kind      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    since     INTEGER NOT NULL,
    looks     INTEGER NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE signs (
    id        INTEGER PRIMARY KEY,
    statement TEXT NOT NULL REFERENCES statements (id),
    at        INTEGER NOT NULL,
    quality   TEXT NOT NULL,
    status    INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    url       TEXT NOT NULL,
    sha256    TEXT NOT NULL
) STRICT;
CREATE INDEX signs_of_statement ON signs (statement, at);

-- +goose Down
DROP TABLE signs;
DROP TABLE troubles;
DROP TABLE robots;
DROP TABLE hosts;
DROP INDEX statements_body;
ALTER TABLE statements DROP COLUMN body_hash;
ALTER TABLE statements DROP COLUMN final_url;
ALTER TABLE statements DROP COLUMN unmodified;
ALTER TABLE statements DROP COLUMN unlisted_at;
ALTER TABLE statements DROP COLUMN absent_since;
ALTER TABLE statements DROP COLUMN removed_at;
