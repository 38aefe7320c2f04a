-- What was decided teaches: findings on the same matter follow a decision, and a finding
-- may stand in the place of what an older engine made of the same words. Besides, which
-- alerts were more than a rule tells at once in a year.

-- +goose Up
ALTER TABLE reversals ADD COLUMN follows TEXT NOT NULL DEFAULT ''; -- finding whose decision this is
ALTER TABLE reversals ADD COLUMN replaced TEXT NOT NULL DEFAULT ''; -- finding that stands in its place
ALTER TABLE alerts ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0; -- more than its rule tells at once in a year
CREATE INDEX reversals_decided ON reversals (government, decision) WHERE decision <> '';

-- +goose Down
DROP INDEX reversals_decided;
ALTER TABLE alerts DROP COLUMN beyond;
ALTER TABLE reversals DROP COLUMN replaced;
ALTER TABLE reversals DROP COLUMN follows;
