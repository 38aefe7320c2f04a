-- How a capture was asked for: the proxy, and what went along, without values.

-- +goose Up
ALTER TABLE snapshots ADD COLUMN way TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE snapshots DROP COLUMN way;
