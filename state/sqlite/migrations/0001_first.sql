-- Times are microseconds since 1970 in UTC, 0 for none. Dates as shown are
-- texts (RFC 3339, or a day alone) beside the raw string of the page.

-- +goose Up
CREATE TABLE statements (
    row           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    source        TEXT NOT NULL,
    url           TEXT NOT NULL,
    title         TEXT NOT NULL,
    published     TEXT NOT NULL,
    published_raw TEXT NOT NULL,
    sort_at       INTEGER NOT NULL, -- published, or first seen where no date could be read
    language      TEXT NOT NULL,
    speakers      TEXT NOT NULL,    -- one a line, a backslash before what is not the end
    revision      INTEGER NOT NULL,
    text_hash     TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    path          TEXT NOT NULL,
    first_seen    INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL,
    last_checked  INTEGER NOT NULL,
    listed_at     INTEGER NOT NULL,
    missing_since INTEGER NOT NULL,
    next_check    INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    capture_hash  TEXT NOT NULL
) STRICT;
CREATE INDEX statements_due ON statements (source, next_check);
CREATE INDEX statements_next_check ON statements (next_check, source) WHERE next_check > 0;
CREATE INDEX statements_published ON statements (sort_at);
CREATE INDEX statements_of_source ON statements (source, sort_at);
CREATE INDEX statements_missing ON statements (sort_at, source) WHERE missing_since > 0;

CREATE TABLE aliases (
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    statement TEXT NOT NULL REFERENCES statements (id),
    kind      TEXT NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_of_statement ON aliases (statement);

-- Addresses a statement claims without having been seen there with its text.
CREATE TABLE candidates (
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    statement TEXT NOT NULL REFERENCES statements (id),
    since     INTEGER NOT NULL,
    PRIMARY KEY (source, key, statement)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidates_of_statement ON candidates (statement);

CREATE TABLE revisions (
    statement     TEXT NOT NULL REFERENCES statements (id),
    n             INTEGER NOT NULL,
    title         TEXT NOT NULL,
    body          TEXT NOT NULL,
    published     TEXT NOT NULL,
    published_raw TEXT NOT NULL,
    updated       TEXT NOT NULL,
    updated_raw   TEXT NOT NULL,
    language      TEXT NOT NULL,
    speakers      TEXT NOT NULL,
    hash          TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    path          TEXT NOT NULL,
    snapshot      TEXT NOT NULL,
    locator       TEXT NOT NULL,
    content_type  TEXT NOT NULL,
    url           TEXT NOT NULL,
    seen_at       INTEGER NOT NULL,
    PRIMARY KEY (statement, n)
) STRICT;

CREATE TABLE snapshots (
    statement  TEXT NOT NULL REFERENCES statements (id),
    sha256     TEXT NOT NULL,
    locator    TEXT NOT NULL,
    size       INTEGER NOT NULL,
    url        TEXT NOT NULL,
    final_url  TEXT NOT NULL,
    hops       TEXT NOT NULL, -- JSON, or nothing
    status     INTEGER NOT NULL,
    header     TEXT NOT NULL, -- Name: value, a field a line, bytes as received
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (statement, sha256, locator)
) STRICT;

CREATE TABLE edits (
    statement TEXT NOT NULL REFERENCES statements (id),
    from_n    INTEGER NOT NULL,
    to_n      INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    summary   TEXT NOT NULL,
    PRIMARY KEY (statement, to_n)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    state     TEXT NOT NULL,
    source    TEXT NOT NULL,
    statement TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    baseline  INTEGER NOT NULL
) STRICT;

CREATE TABLE alerts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT NOT NULL UNIQUE,
    rule         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    event        INTEGER NOT NULL,
    source       TEXT NOT NULL,
    channel      TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    message_id   TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL,
    last_error   TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_due ON alerts (state, next_attempt);

CREATE TABLE found (
    row           INTEGER PRIMARY KEY, -- in the order found
    source        TEXT NOT NULL,
    key           TEXT NOT NULL,
    url           TEXT NOT NULL,
    title         TEXT NOT NULL,
    published     TEXT NOT NULL,
    published_raw TEXT NOT NULL,
    sort_at       INTEGER NOT NULL, -- published, or found where no date is listed
    locator       TEXT NOT NULL,
    found_at      INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    next_try      INTEGER NOT NULL,
    last_error    TEXT NOT NULL,
    UNIQUE (source, key)
) STRICT;

CREATE TABLE sources (
    source           TEXT PRIMARY KEY,
    last_visit       INTEGER NOT NULL,
    last_success     INTEGER NOT NULL,
    last_new         INTEGER NOT NULL,
    next_deep        INTEGER NOT NULL,
    baseline_at      INTEGER NOT NULL,
    fault            TEXT NOT NULL,
    fault_since      INTEGER NOT NULL,
    fault_count      INTEGER NOT NULL,
    listing_etag     TEXT NOT NULL,
    listing_modified TEXT NOT NULL,
    definition       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
    source TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE visits (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    new        INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    unchanged  INTEGER NOT NULL,
    missing    INTEGER NOT NULL,
    errors     INTEGER NOT NULL,
    requests   INTEGER NOT NULL,
    fault      TEXT NOT NULL
) STRICT;
CREATE INDEX visits_of_source ON visits (source, started_at);
CREATE INDEX visits_started ON visits (started_at);

CREATE TABLE plans (
    source      TEXT PRIMARY KEY,
    next_visit  INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    retired_at  INTEGER NOT NULL,
    fault_told  INTEGER NOT NULL,
    silent_told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plans_due ON plans (next_visit);

CREATE TABLE notices (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE notices;
DROP TABLE plans;
DROP TABLE visits;
DROP TABLE leases;
DROP TABLE sources;
DROP TABLE found;
DROP TABLE alerts;
DROP TABLE events;
DROP TABLE edits;
DROP TABLE snapshots;
DROP TABLE revisions;
DROP TABLE candidates;
DROP TABLE aliases;
DROP TABLE statements;
