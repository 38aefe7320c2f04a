package statement

import "time"

// AlertState is where an alert stands in the outbox.
type AlertState string

// The states of an alert.
const (
	Pending AlertState = "pending"
	Sending AlertState = "sending" // a process is handing it over; after a crash it is pending again
	Sent    AlertState = "sent"
	Refused AlertState = "failed"  // the recipient or message was refused for good
	Expired AlertState = "expired" // older than the lifetime its rule sets
)

// Alert is one message to one recipient, waiting in the outbox until a channel
// has accepted it.
type Alert struct {
	ID          int64
	Key         string // deduplication: the same key is never queued twice
	Rule        string
	Kind        AlertKind
	Event       int64  // the event it tells of; 0 for a baseline, the notice's number for a notice
	Source      string // of the event; empty for a digest
	Importance  int    // 0 to 3, for the order of a digest
	Channel     string // EmailChannel, or the name of a configured one
	Recipient   string // e-mail address; for another channel its name
	MessageID   string // stable over retries
	State       AlertState
	Digest      string // the digest it waits for; empty for one that goes by itself
	Beyond      bool   // more than its rule tells at once in a year
	Parent      int64  // the digest that it has become part of, whose fate it shares; 0 for none
	Attempts    int
	CreatedAt   time.Time
	NextAttempt time.Time
	ExpiresAt   time.Time // end of its lifetime; zero for none
	SentAt      time.Time
	LastError   string
}

// EmailChannel is the channel of recipients that are e-mail addresses.
const EmailChannel = "email"

// AlertKind is what an alert tells.
type AlertKind string

// The kinds of alert.
const (
	AlertEvent    AlertKind = "event"    // one event
	AlertBaseline AlertKind = "baseline" // the first visit of a source, in one mail
	AlertDigest   AlertKind = "digest"   // many events, in one mail
	AlertTest     AlertKind = "test"     // asked for by a person
	AlertNotice   AlertKind = "notice"   // to the operator, about the program itself; Event is the notice's number
)

// The digests that no rule asks for by name.
const (
	DigestFlood = "flood" // more came in an hour than the rule lets through one by one
	DigestQuiet = "quiet" // they came in quiet hours
	DigestMuted = "muted" // they came while a person had muted them
)

// Crowd is the alerts that one rule has for one recipient and that tell of
// single events.
type Crowd struct {
	Rule, Channel, Recipient string
	Alone                    int       // due now, to go one by one
	Recent                   int       // of the last hour: due, held as a flood, or sent one by one
	Held                     int       // held as a flood
	HeldSince                time.Time // when the first of those held came
}

// Bundle is the pending alerts of one recipient that wait for the same digest.
type Bundle struct {
	Channel, Recipient, Digest string
	Count                      int
	First, Last                int64 // lowest and highest number among them
	Oldest, Newest             time.Time
	Due                        time.Time // the earliest of their next attempts
}

// Share is how many alerts of a digest a source and a state account for.
type Share struct {
	Source string
	State  State
	Count  int
}

// Stuck is what has waited long for one recipient, in spite of attempts.
type Stuck struct {
	Channel, Recipient string
	Count              int
	Oldest             time.Time
	LastError          string
}

// Outage is a channel that cannot be used.
type Outage struct {
	Channel  string
	Since    time.Time
	Failures int       // attempts in a row that failed
	NextTry  time.Time // nothing is handed to it before
	Error    string
	Told     bool // the operator knows
}

// Mute holds back what would be told of a source or a topic, until a moment.
type Mute struct {
	Subject string // id of a source, or of a topic
	Since   time.Time
	Until   time.Time
}
