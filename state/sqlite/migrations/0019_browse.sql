-- Walking through events by statement and source, and sources that a person has paused.

-- +goose Up
CREATE INDEX events_of_statement ON events (statement) WHERE statement <> '';
CREATE INDEX events_of_source ON events (source);
CREATE INDEX events_of_state ON events (state);

CREATE TABLE pauses (
    source TEXT PRIMARY KEY,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL, -- 0 for no end
    by     TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE pauses;
DROP INDEX events_of_state;
DROP INDEX events_of_source;
DROP INDEX events_of_statement;
