-- What a language model is to write for readers beside official texts: translations and summaries.

-- +goose Up
CREATE TABLE extras (
    key        TEXT PRIMARY KEY, -- SHA-256 of the text and of the reader's language
    kind       TEXT NOT NULL,    -- translation, summary
    language   TEXT NOT NULL,    -- of the reader
    asked      TEXT NOT NULL,    -- JSON
    event      INTEGER NOT NULL, -- whose alerts wait for it; 0 for none
    state      TEXT NOT NULL,    -- waiting, answered, void, failed
    model      TEXT NOT NULL,    -- that has written it
    text       TEXT NOT NULL,
    note       TEXT NOT NULL,
    failures   INTEGER NOT NULL, -- in a row
    created_at INTEGER NOT NULL,
    next_try   INTEGER NOT NULL,
    settled_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX extras_waiting ON extras (next_try) WHERE state = 'waiting';

-- +goose Down
DROP TABLE extras;
