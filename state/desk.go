package state

import (
	"context"
	"strconv"
	"time"
)

// Desk is the part of a Store that remembers who works with it in the browser: people, their sessions and keys, and what they
// have seen, assigned and decided.
type Desk interface {
	// People lists all, by name.
	People(ctx context.Context) ([]Person, error)
	// Person reads one by its identifier, PersonByLogin by the name that they sign in with, whatever its case;
	// statement.ErrNotFound if there is none.
	Person(ctx context.Context, id string) (Person, error)
	PersonByLogin(ctx context.Context, login string) (Person, error)
	// Session reads one by the SHA-256 of its secret; statement.ErrNotFound if there is none.
	Session(ctx context.Context, hash string) (Session, error)
	// Sessions lists those of a person, or of all if it is empty, the last used first.
	Sessions(ctx context.Context, person string) ([]Session, error)
	// APIKey reads one by the SHA-256 of its secret; statement.ErrNotFound if there is none.
	APIKey(ctx context.Context, hash string) (APIKey, error)
	// APIKeys lists those of a person, or of all if it is empty, the newest first.
	APIKeys(ctx context.Context, person string) ([]APIKey, error)
	// Token reads what a one-time link stands for, by the SHA-256 of its secret; statement.ErrNotFound if it is unknown or used.
	Token(ctx context.Context, hash string) (Token, error)
	// Secret reads a key that the desk made for itself; statement.ErrNotFound if it has none of the name.
	Secret(ctx context.Context, name string) ([]byte, error)

	// Inbox lists what needs a person, a page of it.
	Inbox(ctx context.Context, f InboxFilter) (InboxPage, error)
	// InboxCounts counts what fits a filter by kind, whatever kinds it names.
	InboxCounts(ctx context.Context, f InboxFilter) (map[string]int, error)
	// Standing is what people have done with an item of the inbox.
	Standing(ctx context.Context, item, person string) (Standing, error)
	// History lists what people did with an item, the earliest first.
	History(ctx context.Context, item string) ([]Act, error)
}

// DeskTx is what the desk writes.
type DeskTx interface {
	// PutPerson records a person, or replaces what was recorded of them; a login that another has fails with ErrTaken.
	PutPerson(Person) error
	// Admins counts the administrators who can sign in.
	Admins() (int, error)
	// PutSession records a session, or when it was last used; DropSession ends one, DropSessions all of a person.
	PutSession(Session) error
	DropSession(hash string) error
	DropSessions(person string) error
	// PutAPIKey records a key, or when it was last used; DropAPIKey ends one by its number.
	PutAPIKey(APIKey) error
	DropAPIKey(id string) error
	// PutToken records a one-time link; UseToken takes it: only the first to do so gets it, others statement.ErrNotFound.
	// DropTokens makes those for a purpose and subject void.
	PutToken(Token) error
	UseToken(hash string) (Token, error)
	DropTokens(purpose, subject string) error
	// PutSecret records a key of the desk's own unless there is one of the name, and gives the one that counts.
	PutSecret(name string, value []byte) ([]byte, error)
	// DropStale forgets sessions and links that ended before a moment.
	DropStale(before time.Time) error

	// AddAct records what a person did with an item of the inbox, and lets it have effect: read, assigned, done.
	AddAct(Act) error
}

// Role is what a person may do; each may do what those before it may.
type Role string

// The roles.
const (
	RoleReader  Role = "reader"  // reads
	RoleAnalyst Role = "analyst" // decides too
	RoleAdmin   Role = "admin"   // adds people and keys too
)

// Roles lists all of them, the least first.
var Roles = []Role{RoleReader, RoleAnalyst, RoleAdmin}

// May reports whether a role may do what another one may; an unknown one may nothing.
func (r Role) May(other Role) bool {
	rank := map[Role]int{RoleReader: 1, RoleAnalyst: 2, RoleAdmin: 3}
	return rank[r] > 0 && rank[other] > 0 && rank[r] >= rank[other]
}

// Person is somebody who uses the desk.
type Person struct {
	ID        string
	Login     string // what they sign in with
	Name      string // as others see it
	Role      Role
	Password  string // hash in PHC form; empty before they have chosen one
	Subject   string // issuer and subject at an identity provider (OpenID Connect); empty for none
	CreatedAt time.Time
	CreatedBy string    // name of who did, empty for the first
	EndedAt   time.Time // cannot sign in since; zero for those who can
}

// Session is a browser that a person has signed in with.
type Session struct {
	Hash      string // SHA-256 of its secret
	Person    string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Agent     string // as the browser names itself
	Address   string
}

// APIKey lets a program act for a person.
type APIKey struct {
	ID        string // to show and to end it by
	Hash      string // SHA-256 of its secret
	Person    string
	Name      string
	Scope     string // read, decide, admin
	CreatedAt time.Time
	UsedAt    time.Time // zero for never
	ExpiresAt time.Time // zero for never
}

// Token is what a link that works once stands for.
type Token struct {
	Hash      string // SHA-256 of its secret
	Purpose   string // setup, password
	Subject   string // a person; empty for setup
	CreatedAt time.Time
	ExpiresAt time.Time
}

// The kinds of item in the inbox, in the words of alert rules.
const (
	InboxReversal  = "reversal"
	InboxSoftening = "softening"
	InboxEdited    = "edited"
	InboxRemoved   = "removed"
	InboxMissing   = "missing"
	InboxFault     = "fault"
)

// InboxKinds lists all of them.
var InboxKinds = []string{InboxReversal, InboxSoftening, InboxEdited, InboxRemoved, InboxMissing, InboxFault}

// InboxFilter chooses items. Zero fields do not restrict.
type InboxFilter struct {
	Kinds    []string
	Sources  []string
	Topic    string
	Levels   []string // of reversals and softenings: alert, review; alert and review if empty
	Language string
	Person   string // who asks: for what is unread or theirs
	Unread   bool
	Mine     bool   // assigned to Person
	Done     bool   // those too that somebody has dealt with
	Archive  bool   // findings too of which nobody was told: they come from an archive or a first visit
	Heaviest bool   // the weightiest first, instead of the newest
	After    string // Next of the page before
	Limit    int    // items on a page; 50 if zero
}

// InboxPage is a part of the inbox.
type InboxPage struct {
	Items []InboxItem
	Next  string // for After; empty at the end
}

// InboxItem is something that needs a person. Its title and texts come from the web.
type InboxItem struct {
	ID        string // r: and the finding, or e: and the event
	Kind      string
	At        time.Time // when it was found
	Weight    int       // 0 to 3, as statement.Event.Weight gives it
	Source    string
	Statement string // empty for a fault
	Title     string
	Language  string
	Reason    string // in words: of an event, or the explanation of a finding
	Finding   *Finding
	Event     int64
	Revision  int
	Standing
}

// Standing is what people have done with an item.
type Standing struct {
	ReadAt   time.Time // when the person who asks last looked at it; zero for never
	Assignee string    // identifier of the person it is assigned to
	Done     bool      // decided on, or dealt with
}

// Read reports whether the person who asks has looked at it.
func (s Standing) Read() bool { return !s.ReadAt.IsZero() }

// Act is something that a person did with an item.
type Act struct {
	ID       int64 // given by the store
	Item     string
	At       time.Time
	Kind     ActKind
	Person   string // identifier; empty for somebody at the command line, or a mail link
	By       string // name at that time
	Via      string // desk, mail, command line, API
	Reason   string
	Note     string
	Assignee string // identifier of the person it was assigned to; empty for nobody
	Follows  string // finding whose decision this follows
}

// ActKind says what was done.
type ActKind string

// The kinds of act.
const (
	ActConfirmed ActKind = "confirmed"
	ActDismissed ActKind = "dismissed"
	ActReopened  ActKind = "reopened"
	ActNoted     ActKind = "noted"
	ActAssigned  ActKind = "assigned"
	ActRead      ActKind = "read" // kept for the person alone, and in no history
	ActDone      ActKind = "done" // an edit, a removal or a fault was dealt with
)

// FindingItem names the item of a finding.
func FindingItem(id string) string { return "r:" + id }

// EventItem names the item of an event.
func EventItem(id int64) string { return "e:" + strconv.FormatInt(id, 10) }

// StatementItem names what is noted of a statement as such: when somebody last looked at it. It is in no inbox.
func StatementItem(id string) string { return "s:" + id }

// Signature says who decided, and how they came to: the history keeps it. It is not read back with a Review.
type Signature struct {
	Person string // identifier; empty for somebody at the command line, or who followed a link in a mail
	By     string // name
	Via    string // desk, mail, command line, API
	Note   string
}
