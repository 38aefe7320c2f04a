-- +goose Up
-- Pieces of imported archives that have been recorded in full.
CREATE TABLE batches (
    id    TEXT PRIMARY KEY,
    at    INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    new   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE batches;
