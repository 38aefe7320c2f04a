-- How new the newest statement was that the first visit of a source read, whether
-- that visit ended early, and whether it has been said that the source is watched.

-- +goose Up
ALTER TABLE sources ADD COLUMN baseline_newest TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN baseline_newest_raw TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN baseline_cut INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN baseline_told INTEGER NOT NULL DEFAULT 0;
UPDATE sources SET baseline_told = 1 WHERE baseline_at > 0;

-- +goose Down
ALTER TABLE sources DROP COLUMN baseline_told;
ALTER TABLE sources DROP COLUMN baseline_cut;
ALTER TABLE sources DROP COLUMN baseline_newest_raw;
ALTER TABLE sources DROP COLUMN baseline_newest;
