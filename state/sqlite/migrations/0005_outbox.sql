-- Digests, lifetimes, outages of channels and mutes; what an event weighs, and
-- the payload of a reversal.

-- +goose Up
ALTER TABLE events ADD COLUMN importance INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN reversal TEXT NOT NULL DEFAULT ''; -- JSON, or nothing

ALTER TABLE alerts ADD COLUMN importance INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN told INTEGER NOT NULL DEFAULT 0; -- the operator knows that it waits
DROP INDEX alerts_due;
CREATE INDEX alerts_due ON alerts (next_attempt) WHERE state = 'pending' AND parent = 0;
CREATE INDEX alerts_ready ON alerts (channel, next_attempt) WHERE state = 'pending' AND parent = 0 AND digest = '';
CREATE INDEX alerts_bundled ON alerts (channel, recipient, digest, next_attempt) WHERE state = 'pending' AND parent = 0 AND digest <> '';
CREATE INDEX alerts_members ON alerts (parent, importance) WHERE parent > 0;
CREATE INDEX alerts_sending ON alerts (channel) WHERE state = 'sending';
CREATE INDEX alerts_expiring ON alerts (expires_at) WHERE state = 'pending' AND expires_at > 0;
CREATE INDEX alerts_created ON alerts (created_at, rule, channel, recipient) WHERE kind = 'event' AND digest IN ('', 'flood');
CREATE INDEX alerts_state ON alerts (state);

CREATE TABLE outages (
    channel  TEXT PRIMARY KEY,
    since    INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    error    TEXT NOT NULL,
    told     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mutes (
    subject TEXT PRIMARY KEY,
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE mutes;
DROP TABLE outages;
DROP INDEX alerts_state;
DROP INDEX alerts_created;
DROP INDEX alerts_expiring;
DROP INDEX alerts_sending;
DROP INDEX alerts_members;
DROP INDEX alerts_bundled;
DROP INDEX alerts_ready;
DROP INDEX alerts_due;
ALTER TABLE alerts DROP COLUMN told;
ALTER TABLE alerts DROP COLUMN expires_at;
ALTER TABLE alerts DROP COLUMN parent;
ALTER TABLE alerts DROP COLUMN digest;
ALTER TABLE alerts DROP COLUMN importance;
CREATE INDEX alerts_due ON alerts (state, next_attempt);
ALTER TABLE events DROP COLUMN reversal;
ALTER TABLE events DROP COLUMN importance;
