-- +goose Up
ALTER TABLE sources ADD COLUMN fault_told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX statements_absent ON statements (source) WHERE absent_since > 0;

-- +goose Down
DROP INDEX statements_absent;
ALTER TABLE sources DROP COLUMN fault_told;
