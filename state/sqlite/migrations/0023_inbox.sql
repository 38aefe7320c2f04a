-- What needs a person is found without looking at every event.

-- +goose Up
ALTER TABLE events ADD COLUMN done INTEGER NOT NULL DEFAULT 0; -- somebody has dealt with it
UPDATE events SET done = 1 WHERE id IN (SELECT CAST(substr(item, 3) AS INTEGER) FROM standings WHERE done = 1 AND item GLOB 'e:*');
DROP INDEX events_to_see;
CREATE INDEX events_seen ON events (at, done, state, importance, source, statement)
    WHERE baseline = 0 AND (state IN ('MISSING', 'REMOVED', 'FAULT') OR state = 'CHANGED' AND class = 'substantive' AND importance >= 2 AND flicker = 0);
CREATE INDEX events_seen_by_state ON events (state, done, at, importance, source, statement)
    WHERE baseline = 0 AND (state IN ('MISSING', 'REMOVED', 'FAULT') OR state = 'CHANGED' AND class = 'substantive' AND importance >= 2 AND flicker = 0);
CREATE INDEX reversals_open ON reversals (found_at) WHERE replaced = '' AND dropped_at = 0 AND decision = '' AND quiet = 0;

-- +goose Down
DROP INDEX reversals_open;
DROP INDEX events_seen_by_state;
DROP INDEX events_seen;
CREATE INDEX events_to_see ON events (at, state, class, importance, flicker, source, statement)
    WHERE state IN ('CHANGED', 'MISSING', 'REMOVED', 'FAULT') AND baseline = 0;
ALTER TABLE events DROP COLUMN done;
