package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Outbox is the part of a Store that sees alerts through to their recipients.
//
// An alert that goes by itself (Digest empty, Parent 0) is claimed by whoever
// hands it over, and saved with what came of that. One that waits for a digest
// is gathered, with the others of its bundle, into an alert of its own when the
// time has come; from then on it shares the fate of that parent.
type Outbox interface {
	// Alerts lists alerts that fit, oldest first unless the filter says otherwise.
	Alerts(ctx context.Context, f AlertFilter) ([]statement.Alert, error)
	// ToldTurns lists the reversals and softenings that a rule, or any if it is empty, has queued
	// alerts of since a moment, the earliest first: one entry for each rule, whatever the
	// number of recipients.
	ToldTurns(ctx context.Context, rule string, since time.Time) ([]ToldTurn, error)
	// SaveAlert records State, Attempts, NextAttempt, ExpiresAt, SentAt, LastError
	// and Digest. When a parent is sent, failed or expired, so are its members; when
	// it is pending again, so are they. It may return before the disk has it: it
	// survives the death of the process, and Claim waits for what was saved before.
	SaveAlert(ctx context.Context, a statement.Alert) error
	// Claim makes at most limit alerts of the channel that are due at now and
	// go by themselves Sending, and gives them, the longest due first.
	Claim(ctx context.Context, channel string, now time.Time, limit int) ([]statement.Alert, error)
	// Unclaim makes what is Sending on the channel, or on all if it is empty,
	// pending again: nobody is sending it any more.
	Unclaim(ctx context.Context, channel string) error
	// PutOff moves what is due on a channel that cannot be used, and goes by
	// itself, to another moment, and says how much that was.
	PutOff(ctx context.Context, channel string, now, until time.Time, why string) (int, error)
	// Expire ends what is pending beyond its lifetime, and says how much that was.
	Expire(ctx context.Context, now time.Time) (int, error)
	// DueChannels lists the channels with alerts that are due and go by themselves.
	DueChannels(ctx context.Context, now time.Time) ([]string, error)

	// Crowds counts the alerts of each rule and recipient created after since,
	// those with some that are due at now and have not been tried yet.
	Crowds(ctx context.Context, now, since time.Time) ([]statement.Crowd, error)
	// Hold puts what is due and not tried yet of a crowd into the digest named
	// flood, and moves that digest to another moment.
	Hold(ctx context.Context, c statement.Crowd, now, until time.Time) error
	// Bundles lists the digests that are due at now.
	Bundles(ctx context.Context, now time.Time) ([]statement.Bundle, error)
	// Gather queues the parent of a bundle, unless its key is there already,
	// and makes the members due at now part of it. A bundle of one is let go by
	// itself.
	Gather(ctx context.Context, b statement.Bundle, parent statement.Alert, now time.Time) error
	// Members lists at most limit (0: all) alerts of a digest, the most
	// important first, of equals the newest; Shares counts them all.
	Members(ctx context.Context, parent int64, limit int) ([]statement.Alert, error)
	Shares(ctx context.Context, parent int64) ([]statement.Share, error)

	// Stuck lists recipients whose alerts have waited since before the given
	// time in spite of attempts, and for whom that has not been noted yet;
	// NoteStuck notes it.
	Stuck(ctx context.Context, before time.Time) ([]statement.Stuck, error)
	NoteStuck(ctx context.Context, before time.Time) error
	// Outages lists the channels that cannot be used; SaveOutage records one, or
	// its end if it has no failures.
	Outages(ctx context.Context) ([]statement.Outage, error)
	SaveOutage(ctx context.Context, o statement.Outage) error

	// Mutes lists what is muted at now, by subject. PutMute begins one, or moves
	// its end; DropMute ends it, with statement.ErrNotFound if there is none.
	Mutes(ctx context.Context, now time.Time) ([]statement.Mute, error)
	PutMute(ctx context.Context, m statement.Mute) error
	DropMute(ctx context.Context, subject string) error
	// HoldMuted puts pending alerts of single events into the digest named
	// muted, until a moment.
	HoldMuted(ctx context.Context, ids []int64, until time.Time) error
	// Hurry makes everything that waits for another attempt due at now.
	Hurry(ctx context.Context, now time.Time) error
	// Waiting counts the alerts that are due at now.
	Waiting(ctx context.Context, now time.Time) (int, error)
}

// ToldTurn is a finding that a rule has told of.
type ToldTurn struct {
	Reversal string // id of the finding
	Score    float64
	Source   string
	Rule     string
	At       time.Time
	Beyond   bool // it waited for the digest: the rule had told enough that year
}

// AlertFilter chooses alerts. Zero fields do not restrict.
type AlertFilter struct {
	IDs       []int64
	States    []statement.AlertState
	Sources   []string
	Digests   []string  // those that wait for one of these
	DueBefore time.Time // NextAttempt at or before
	Channels  []string
	Kinds     []statement.AlertKind
	Whole     bool  // not those that have become part of a digest
	After     int64 // number above this
	Before    int64 // number below this
	Newest    bool  // newest first
	Limit     int
}
