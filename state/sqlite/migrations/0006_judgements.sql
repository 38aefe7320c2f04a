-- What an edit is held to be. Kinds are words with a space between them.

-- +goose Up
ALTER TABLE edits ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE edits ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE edits ADD COLUMN importance INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edits ADD COLUMN flicker INTEGER NOT NULL DEFAULT 0;
ALTER TABLE edits ADD COLUMN back INTEGER NOT NULL DEFAULT 0;
CREATE INDEX edits_flicker ON edits (statement, to_n) WHERE flicker > 0;
ALTER TABLE events ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN flicker INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE events DROP COLUMN flicker;
ALTER TABLE events DROP COLUMN kinds;
ALTER TABLE events DROP COLUMN class;
DROP INDEX edits_flicker;
ALTER TABLE edits DROP COLUMN back;
ALTER TABLE edits DROP COLUMN flicker;
ALTER TABLE edits DROP COLUMN importance;
ALTER TABLE edits DROP COLUMN kinds;
ALTER TABLE edits DROP COLUMN class;
