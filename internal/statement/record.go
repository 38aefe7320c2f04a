package statement

import (
	"net/http"
	"time"
)

// Statement is one published document with one identity across URL changes.
type Statement struct {
	ID           string // see NewID
	Source       string // source that found it first
	URL          string // address it is read at
	Title        string // of the current revision
	Published    Date   // of the current revision
	Language     string
	Speakers     []string
	Revision     int       // number of the current revision, from 1
	TextHash     string    // of the current revision
	Fingerprint  string    // of the current revision
	Path         Path      // of the current revision
	FirstSeen    time.Time // when it was first captured
	LastSeen     time.Time // when it was last found in good health
	LastChecked  time.Time // when it was last asked for, whatever came
	ListedAt     time.Time // when a listing last named it
	MissingSince time.Time // zero while it is there
	RemovedAt    time.Time // when its removal was confirmed; zero if it was not
	AbsentSince  time.Time // first walk of the listing that should have named it, and did not
	UnlistedAt   time.Time // when that was confirmed
	NextCheck    time.Time // when its page is due for another look
	Validators   Validators
	ReadAt       time.Time // when its page was last answered in whole, rather than with "not modified"; zero if not known
	FinalURL     string    // address that answered at the last good look, after redirects
	CaptureHash  string    // SHA-256 of the newest good capture
	BodyHash     string    // SHA-256 of the current revision's body
}

// Missing reports whether the page is gone: suspected to be removed, or removed.
func (s *Statement) Missing() bool { return !s.MissingSince.IsZero() }

// Imported reports whether all that is known of it comes from an archive,
// imported or read: its page has never been read.
func (s *Statement) Imported() bool { return s.Path == ByImport || s.Path == ByArchive }

// Removed reports whether its removal is confirmed.
func (s *Statement) Removed() bool { return !s.RemovedAt.IsZero() }

// Unlisted reports whether its listing is known to name it no more.
func (s *Statement) Unlisted() bool { return !s.UnlistedAt.IsZero() }

// Revision is a statement's extracted text at a time.
type Revision struct {
	Statement   string
	N           int // from 1; what an archive had of the page before is numbered backwards, from -1
	Title       string
	Body        string
	Published   Date
	Updated     Date
	Language    string
	Speakers    []string
	Hash        string // Document.TextHash
	Fingerprint string
	Path        Path
	Snapshot    string    // SHA-256 of the raw bytes it was extracted from
	Locator     string    // entry inside a feed or API answer; empty for a page
	ContentType string    // of the snapshot, for extracting it again
	URL         string    // address of the snapshot, for extracting it again
	SeenAt      time.Time // when it was captured
	Archive     string    // address of the archived capture it was read from; empty for a capture of our own
}

// Snapshot is a good capture kept: raw bytes in the blob store, and here what
// was known of them.
type Snapshot struct {
	Statement string
	SHA256    string
	Size      int64
	URL       string
	FinalURL  string
	Hops      []Hop
	Status    int
	Header    http.Header
	Locator   string
	FetchedAt time.Time
	// Way is how it was asked for, where not directly and as anybody would: the
	// proxy it went through, and which headers, cookies and sign-in went along,
	// without a login or a value of theirs. Empty for nothing of that.
	Way string
}

// State is what a look at a statement found.
type State string

// The states that scrape prints.
const (
	New       State = "NEW"
	Changed   State = "CHANGED"
	Unchanged State = "UNCHANGED"
	Missing   State = "MISSING"  // suspected removal
	Removed   State = "REMOVED"  // its page is gone for good: the signs are definite
	Unlisted  State = "UNLISTED" // gone from the listing, its page is still there
	Moved     State = "MOVED"    // its address leads for good to another one with the same text
	Restored  State = "RESTORED" // back, after it was missing, removed or unlisted
	Unread    State = "UNREAD"   // published, and not readable: a scan, a picture
	Errored   State = "ERROR"
)

// The states in which a statement's words turn an earlier position round.
const (
	Turned   State = "REVERSAL"  // appears to contradict it
	Softened State = "SOFTENING" // appears to weaken it
)

// Differs is the state in which a statement and its counterpart, another edition or another government's readout, say different things.
const Differs State = "DIFFERS"

// The states of a source that are events without a statement; Unread is one too, of a document that is none yet.
const (
	Faulted   State = "FAULT"     // it has begun to fail; Reason says what is wrong
	Recovered State = "RECOVERED" // it is well again; Reason says what was wrong, and since when
)

// Event is something worth telling. What is unchanged, and a page that could
// not be read, make no event. Statement is empty, and Revision 0, where the
// State is that of a source.
type Event struct {
	ID        int64 // given by the store, rising
	At        time.Time
	State     State
	Source    string
	Statement string
	Revision  int        // the current one after the event
	Reason    string     // in words for people
	Baseline  bool       // part of the first visit of a source: recorded, not mailed one by one
	Class     Class      // of an edit
	Kinds     []EditKind // of a substantive edit
	Flicker   bool       // see Judgement
	// Importance of an edit, 0 (nothing a reader cares for) to 3; Weight gives it
	// for every event.
	Importance int
	Reversal   *Reversal // of an event in state Turned or Softened
	// Counterpart is of an event in state Differs; its Rows are left out.
	Counterpart *Counterpart
}

// Weight is the importance of an event, 0 to 3, by which digests are ordered
// and rules may choose.
func (e Event) Weight() int {
	switch e.State {
	case Changed:
		return e.Importance
	case Turned, Removed:
		if e.Reversal != nil && e.Reversal.Level == LevelReview {
			return 2
		}
		return 3
	case Softened:
		return 2
	case Differs:
		if e.Counterpart != nil && e.Counterpart.Contrary() {
			return 2
		}
	}
	return 1
}

// Notice is a message to whoever runs the program, about the program itself.
type Notice struct {
	ID      int64 // given by the store
	At      time.Time
	Subject string
	Text    string
}

// SourceStatus is what is remembered of a source between visits.
type SourceStatus struct {
	Source      string
	LastVisit   time.Time
	LastSuccess time.Time
	LastNew     time.Time
	NextDeep    time.Time // when the listing is walked to its bound again
	BaselineAt  time.Time // end of the first complete visit; zero before
	// BaselineNewest is the date of the newest statement that the first visit
	// read, dates ahead of it apart; zero if none showed one.
	BaselineNewest Date
	BaselineCut    bool   // the first visit ended early, by a limit or a date, and what it left has not been listed since
	BaselineTold   bool   // it has been said that the source is watched now
	Fault          string // what is wrong now, in words for people; empty if well
	FaultSince     time.Time
	FaultCount     int        // visits in a row that failed
	FaultTold      bool       // the fault is an event, and its end will be one
	Listing        Validators // of the first part of the listing, while all it names has been noted
	ListingReadAt  time.Time  // when the listing was last answered in whole; zero if not known
	Definition     string     // Source.Fingerprint of the definition by which Listing was read
	Statements     int
	Missing        int
	Flickering     int // statements whose text flips between a few states; see Judgement
}

// Backlog reports whether a date is older than that of the newest statement the
// first visit read: what carries it was there to be read then, and is no news.
// Days are compared where one of the two shows no time.
func (s SourceStatus) Backlog(d Date) bool {
	newest := s.BaselineNewest
	switch {
	case newest.Time.IsZero() || d.Time.IsZero():
		return false
	case newest.HasTime && d.HasTime:
		return d.Time.Before(newest.Time)
	}
	return d.Figures() < newest.Figures()
}

// Visit is one run of a source's scraper.
type Visit struct {
	ID                                     int64
	Source                                 string
	Due                                    time.Time // moment of the schedule that it was made for; zero for none
	StartedAt, EndedAt                     time.Time
	New, Changed, Unchanged, Gone, Errored int
	Requests                               int
	Fault                                  string
	// Unreachable tells that the fault was the host's: it is unknown, or nothing
	// answers there. It is not stored.
	Unreachable bool
}
