-- When a page, and a listing, was last answered in whole: a server that says "not
-- modified" is believed for a time, not for a number of looks. 0, not known,
-- makes the next look ask for all of it.

-- +goose Up
ALTER TABLE statements RENAME COLUMN unmodified TO read_at;
UPDATE statements SET read_at = 0;
ALTER TABLE sources ADD COLUMN listing_read_at INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE sources DROP COLUMN listing_read_at;
UPDATE statements SET read_at = 0;
ALTER TABLE statements RENAME COLUMN read_at TO unmodified;
