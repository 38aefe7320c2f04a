-- The desk: people, what they sign in with, and what they did with what needs a person.

-- +goose Up
CREATE TABLE people (
    id         TEXT PRIMARY KEY,
    login      TEXT NOT NULL,
    login_key  TEXT NOT NULL UNIQUE, -- in lower case
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,        -- reader, analyst, admin
    password   TEXT NOT NULL,        -- hash in PHC form, or nothing
    subject    TEXT NOT NULL,        -- at an identity provider, or nothing
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    ended_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the secret
    person     TEXT NOT NULL REFERENCES people (id),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    agent      TEXT NOT NULL,
    address    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (person);
CREATE INDEX sessions_expire ON sessions (expires_at);

CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE, -- SHA-256 of the secret
    person     TEXT NOT NULL REFERENCES people (id),
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL,        -- read, decide, admin
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the secret
    purpose    TEXT NOT NULL,    -- setup, password
    subject    TEXT NOT NULL,    -- a person, or nothing
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- An item is r: and a finding, or e: and an event.
CREATE TABLE acts (
    id       INTEGER PRIMARY KEY,
    item     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL, -- confirmed, dismissed, reopened, noted, assigned, done
    person   TEXT NOT NULL,
    by       TEXT NOT NULL, -- their name then
    via      TEXT NOT NULL,
    reason   TEXT NOT NULL,
    note     TEXT NOT NULL,
    assignee TEXT NOT NULL,
    follows  TEXT NOT NULL
) STRICT;
CREATE INDEX acts_of ON acts (item, id);
INSERT INTO acts (item, at, kind, person, by, via, reason, note, assignee, follows)
    SELECT 'r:' || id, decided_at, iif(decision = '', 'reopened', decision), '', '', 'command line', reason, '', '', follows
    FROM reversals WHERE decided_at <> 0 ORDER BY decided_at, id;

CREATE TABLE standings (
    item     TEXT PRIMARY KEY,
    assignee TEXT NOT NULL,
    done     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
    person TEXT NOT NULL,
    item   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (person, item)
) STRICT, WITHOUT ROWID;

CREATE INDEX events_to_see ON events (at, state, class, importance, flicker, source, statement)
    WHERE state IN ('CHANGED', 'MISSING', 'REMOVED', 'FAULT') AND baseline = 0;

-- +goose Down
DROP INDEX events_to_see;
DROP TABLE seen;
DROP TABLE standings;
DROP TABLE acts;
DROP TABLE secrets;
DROP TABLE tokens;
DROP TABLE api_keys;
DROP TABLE sessions;
DROP TABLE people;
