-- Second opinions: questions put to a language model, what it answered, and the findings that wait for it.

-- +goose Up
CREATE TABLE opinions (
    key        TEXT PRIMARY KEY, -- SHA-256 of all that is asked, and of the model
    model      TEXT NOT NULL,
    question   TEXT NOT NULL,    -- JSON
    state      TEXT NOT NULL,    -- waiting, answered, void, failed
    created_at INTEGER NOT NULL,
    next_try   INTEGER NOT NULL,
    failures   INTEGER NOT NULL, -- in a row
    note       TEXT NOT NULL,
    verdict    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    reason     TEXT NOT NULL,
    settled_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opinions_waiting ON opinions (next_try) WHERE state = 'waiting';

CREATE TABLE opinion_answers (
    id      INTEGER PRIMARY KEY,
    opinion TEXT NOT NULL, -- key; nothing for what a person tried by hand
    swapped INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    state   TEXT NOT NULL, -- valid, void, failed
    verdict TEXT NOT NULL,
    model   TEXT NOT NULL, -- as the server names it
    content TEXT NOT NULL, -- as it came
    note    TEXT NOT NULL,
    tokens_in  INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    took    INTEGER NOT NULL -- microseconds
) STRICT;
CREATE INDEX opinion_answers_of ON opinion_answers (opinion, id);
CREATE INDEX opinion_answers_at ON opinion_answers (at);

CREATE TABLE opinion_cases (
    finding    TEXT PRIMARY KEY,
    opinion    TEXT NOT NULL, -- key
    level      TEXT NOT NULL, -- as the judge had it
    held_until INTEGER NOT NULL,
    held       INTEGER NOT NULL, -- nobody has been told of it yet
    effect     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opinion_cases_of ON opinion_cases (opinion);
CREATE INDEX opinion_cases_held ON opinion_cases (held_until) WHERE held = 1;

-- Where a key was first used: it is sent nowhere else.
CREATE TABLE opinion_keys (
    key     TEXT PRIMARY KEY, -- beginning of its SHA-256
    address TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE reversals ADD COLUMN dropped_at INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE reversals DROP COLUMN dropped_at;
DROP TABLE opinion_keys;
DROP TABLE opinion_cases;
DROP TABLE opinion_answers;
DROP TABLE opinions;
