package alert

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/opinion"
	"volteface/internal/statement"
)

// Bounds of a message. What is cut says so.
const (
	maxSubject    = 120    // characters of a title in a subject
	maxTitle      = 300    // characters of a title anywhere else
	maxWords      = 500    // characters of a name, a date or a reason
	maxParagraphs = 4      // of an excerpt
	maxExcerpt    = 1_500  // characters of an excerpt
	maxLast       = 12_000 // characters of the last text of a removed statement
	maxWhole      = 60_000 // characters of a text that a rule wants whole
	maxDifference = 20_000 // bytes of a difference
	maxQuote      = 2_500  // characters of a quotation
	maxListed     = 20     // statements in a baseline
	maxItems      = 120    // events in a digest
)

// Memory is what wording reads.
type Memory interface {
	Event(ctx context.Context, id int64) (statement.Event, error)
	Statement(ctx context.Context, id string) (statement.Statement, error)
	Revision(ctx context.Context, id string, n int) (statement.Revision, error)
	SourceStatus(ctx context.Context, source string) (statement.SourceStatus, error)
	Notice(ctx context.Context, id int64) (statement.Notice, error)
	Members(ctx context.Context, parent int64, limit int) ([]statement.Alert, error)
	Shares(ctx context.Context, parent int64) ([]statement.Share, error)
	// MachineText is what a language model has written, by the key of package opinion; statement.ErrNotFound where it has not.
	MachineText(ctx context.Context, key string) (statement.MachineText, error)
}

// Composer words messages.
type Composer struct {
	Memory Memory
	// Source looks up a source's definition.
	Source func(id string) (statement.Source, bool)
	// Newest lists the newest statements of a source.
	Newest func(ctx context.Context, source string, limit int) ([]statement.Statement, error)
	Rules  []Rule            // for how much of a text they want
	Topics []statement.Topic // to name those a text speaks of
	// PublicURL is where the pages about statements are; empty for nowhere: then
	// messages name the command to type instead.
	PublicURL string
	// Decide gives the path of a link with which whoever is told of a finding by mail can decide on it; nil for no such links.
	// They go into no other channel, feed or digest: whoever has one can use it.
	Decide    func(finding, to string) string
	Templates *Templates // nil for those built in
	// Translate is the language, as BCP 47, for which translations of foreign quotations are looked up; "" for none. Summarize has
	// summaries looked up.
	Translate string
	Summarize bool

	compiled []compiledTopic
}

// Compose words an alert.
func (c *Composer) Compose(ctx context.Context, a statement.Alert) (Message, error) {
	m := Message{To: a.Recipient, MessageID: a.MessageID, Date: a.CreatedAt, List: a.Source}
	s := Story{Public: link(c.PublicURL)}
	var err error
	switch a.Kind {
	case statement.AlertNotice:
		m.List = "operator"
		err = c.notice(ctx, a, &s)
	case statement.AlertBaseline:
		err = c.baseline(ctx, a, &s)
	case statement.AlertDigest:
		m.List = "digest"
		err = c.digest(ctx, a, &s)
	default:
		var ev statement.Event
		if ev, err = c.Memory.Event(ctx, a.Event); err == nil {
			err = c.event(ctx, ev, c.whole(a.Rule), &s)
		}
		if err == nil && s.Reversal != nil && c.Decide != nil && s.Public != "" && a.Channel == statement.EmailChannel {
			s.Reversal.Decide = strings.TrimRight(s.Public, "/") + c.Decide(s.Reversal.ID, a.Recipient)
		}
	}
	if err != nil {
		return m, err
	}
	return c.finish(m, s)
}

// ComposeEvent words a message about an event for a person who wants to see
// what it would look like.
func (c *Composer) ComposeEvent(ctx context.Context, ev statement.Event, to string) (Message, error) {
	s := Story{Public: link(c.PublicURL)}
	if err := c.event(ctx, ev, false, &s); err != nil {
		return Message{}, err
	}
	id := digest("preview", strconv.FormatInt(ev.ID, 10), to)
	return c.finish(Message{To: to, MessageID: id, Date: ev.At, List: ev.Source}, s)
}

// Entry is an event as a feed holds it.
type Entry struct {
	Event      int64
	ID         string // 32 hexadecimal digits, the same each time
	Kind       string
	Issuer     string // id
	Topics     []string
	TopicIDs   []string
	Title      string
	Link       string
	HTML       string
	Language   string
	Speaker    string
	At         time.Time
	Importance int
}

// ComposeEntry words the entry of an event.
func (c *Composer) ComposeEntry(ctx context.Context, ev statement.Event) (Entry, error) {
	s := Story{Public: link(c.PublicURL)}
	if err := c.event(ctx, ev, false, &s); err != nil {
		return Entry{}, err
	}
	t := c.Templates
	if t == nil {
		t = builtIn()
	}
	e := Entry{
		Event: ev.ID, ID: digest("event", strconv.FormatInt(ev.ID, 10), ev.At.Format(time.RFC3339Nano), ev.Source, ev.Statement), Kind: s.Kind, Issuer: s.issuerID,
		Topics: s.Topics, TopicIDs: s.topicIDs, Title: strings.TrimPrefix(s.Subject, "[volteface] "), Link: s.Page, Language: s.Language, Speaker: s.Speaker, At: ev.At, Importance: s.Importance,
	}
	if e.Link == "" {
		e.Link = s.Link
	}
	if t := ev.Reversal; t != nil && t.Topic != "" && !slices.Contains(e.TopicIDs, t.Topic) {
		e.TopicIDs, e.Topics = append(e.TopicIDs, t.Topic), append(e.Topics, cut(line(t.TopicName), 80))
	}
	var err error
	e.HTML, err = t.fragment(s)
	return e, err
}

// finish renders a story into a message.
func (c *Composer) finish(m Message, s Story) (_ Message, err error) {
	t := c.Templates
	if t == nil {
		t = builtIn()
	}
	m.Subject, m.Thread, m.Link, m.Urgent = s.Subject, s.ID, s.Page, s.Importance == 3
	if m.Link == "" {
		m.Link = s.Link
	}
	m.Payload = payload(m, s)
	m.Text, m.HTML, m.Brief, err = t.render(s)
	return m, err
}

// TestMessage is the message that tries a channel.
func (c *Composer) TestMessage(to string, now time.Time) (Message, error) {
	s := Story{Kind: "test", What: "Test", Subject: "[volteface] Test", Seen: moment(now)}
	id := digest("test", now.Format(time.RFC3339Nano), strconv.FormatUint(rand.Uint64(), 36), to)
	return c.finish(Message{To: to, MessageID: id, Date: now, List: "test"}, s)
}

func (c *Composer) whole(rule string) bool {
	for i := range c.Rules {
		if ruleName(c.Rules, i) == rule {
			return c.Rules[i].WholeText
		}
	}
	return false
}

// source is a source's definition, and the name of its issuer. What happened
// can still be told when the definition is gone.
func (c *Composer) source(id string) (src statement.Source, issuer string) {
	src, known := c.Source(id)
	if !known {
		src = statement.Source{ID: id, Issuer: statement.Issuer{Name: id}}
	}
	if issuer = cut(line(src.Issuer.Name), maxWords); issuer == "" {
		issuer = id
	}
	return src, issuer
}

// kinds are the words for the states of events: in templates, feeds and
// payloads, and for people.
var kinds = map[statement.State]struct{ Kind, What string }{
	statement.New: {"new", "New"}, statement.Changed: {"edited", "Edited"}, statement.Missing: {"missing", "Missing"},
	statement.Removed: {"removed", "Removed"}, statement.Unlisted: {"unlisted", "Unlisted"}, statement.Moved: {"moved", "Moved"},
	statement.Restored: {"restored", "Restored"}, statement.Turned: {"reversal", "Reversal"}, statement.Softened: {"softening", "Softening"},
	statement.Faulted: {"fault", "Source fault"}, statement.Recovered: {"recovered", "Source well again"},
	statement.Unread: {"unread", "Published, not readable"}, statement.Differs: {"edition_differs", "Editions differ"},
}

// KindOf is the word for a state in rules, payloads and feeds, and What it is
// called to people; both are empty for a state that is no event.
func KindOf(state statement.State) (kind, what string) { k := kinds[state]; return k.Kind, k.What }

// event tells of one event.
func (c *Composer) event(ctx context.Context, ev statement.Event, whole bool, s *Story) error {
	src, issuer := c.source(ev.Source)
	s.Kind, s.What = KindOf(ev.State)
	if s.Kind == "" {
		return fmt.Errorf("an event %s tells nothing", ev.State)
	}
	s.Event, s.At, s.Issuer, s.Source, s.Importance = ev.ID, ev.At, issuer, src.ID, ev.Weight()
	s.issuerID = src.Issuer.ID
	s.Class = string(ev.Class)
	for i, kind := range ev.Kinds {
		if i > 0 {
			s.Kinds += ", "
		}
		s.Kinds += strings.ReplaceAll(string(kind), "_", " ")
	}
	s.Reason, s.Seen = cut(line(ev.Reason), maxWords), moment(ev.At)
	if ev.Statement == "" {
		return c.sourceEvent(ctx, src, s)
	}
	st, err := c.Memory.Statement(ctx, ev.Statement)
	if err != nil {
		return err
	}
	r, err := c.Memory.Revision(ctx, ev.Statement, ev.Revision)
	if err != nil {
		return err
	}
	s.ID, s.Title, s.Link, s.Language, s.Right = st.ID, title(r.Title), link(st.URL), language(r.Language), rightToLeft(r.Title+" "+head(r.Body))
	s.Page = page(s.Public, "statements", st.ID)
	s.Published, s.Speaker = published(r.Published), cut(line(strings.Join(r.Speakers, "; ")), maxTitle)
	s.Archived, s.revision, s.shown = r.Snapshot, ev.Revision, r.Published.String()
	s.topics(c, src.Issuer, r)
	switch ev.State {
	case statement.Changed:
		if err = c.edit(ctx, ev, r, s); err == nil {
			err = c.summary(ctx, opinion.Changes, ev, r.Language, s)
		}
	case statement.Turned, statement.Softened:
		err = c.reversal(ctx, ev, s)
	case statement.Differs:
		err = c.counterparts(ev, s)
	case statement.Missing, statement.Removed:
		if !st.MissingSince.IsZero() && !st.MissingSince.After(ev.At) { // else it is back already
			s.Since = moment(st.MissingSince)
		}
		if st.LastSeen.Before(ev.At) {
			s.SeenBefore = moment(st.LastSeen)
		} else { // the mail was held up
			s.Back = moment(st.LastSeen)
		}
		most, paragraphs := maxExcerpt, maxParagraphs
		if ev.State == statement.Removed {
			most, paragraphs = maxLast, 1000
		}
		s.excerpt(r.Body, most, paragraphs)
	case statement.New:
		if whole {
			s.excerpt(r.Body, maxWhole, 10_000)
		} else {
			s.excerpt(r.Body, maxExcerpt, maxParagraphs)
		}
		err = c.summary(ctx, opinion.Summary, ev, r.Language, s)
	}
	if err == nil && s.Subject == "" {
		s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, cut(s.Title, maxSubject))
	}
	return err
}

// sourceEvent tells how a source does.
func (c *Composer) sourceEvent(ctx context.Context, src statement.Source, s *Story) error {
	status, err := c.Memory.SourceStatus(ctx, src.ID)
	if err != nil {
		return err
	}
	s.Link, s.Count = link(src.URL), status.Statements
	if !status.LastSuccess.IsZero() {
		s.SeenBefore = moment(status.LastSuccess)
	}
	s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, src.ID)
	if s.Kind != "recovered" && s.Reason != "" {
		s.Subject += ": " + cut(s.Reason, 60)
	}
	return nil
}

func (c *Composer) baseline(ctx context.Context, a statement.Alert, s *Story) error {
	src, issuer := c.source(a.Source)
	status, err := c.Memory.SourceStatus(ctx, src.ID)
	if err != nil {
		return err
	}
	newest, err := c.Newest(ctx, src.ID, maxListed)
	if err != nil {
		return err
	}
	s.Kind, s.What, s.Issuer, s.Source, s.issuerID, s.At = "baseline", "Now watched", issuer, src.ID, src.Issuer.ID, a.CreatedAt
	s.Count, s.More = status.Statements, status.Statements > len(newest)
	for _, st := range newest {
		s.Statements = append(s.Statements, Listed{title(st.Title), link(st.URL), published(st.Published)})
	}
	s.Subject = fmt.Sprintf("[volteface] Now watched · %s · %s", s.Issuer, counted(s.Count, "statement"))
	return nil
}

// notice tells the operator of the program itself: a text as it is, which may
// quote strings of the web.
func (c *Composer) notice(ctx context.Context, a statement.Alert, s *Story) error {
	n, err := c.Memory.Notice(ctx, a.Event)
	if err != nil {
		return err
	}
	s.Kind, s.What, s.Source, s.Title, s.Seen, s.At = "notice", "Notice", a.Source, title(n.Subject), moment(n.At), n.At
	s.Subject = "[volteface] " + cut(line(n.Subject), maxSubject)
	const most = 40_000
	text := n.Text
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "\n\n[cut here]"
	}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		for i := range lines {
			indented := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
			lines[i] = strings.Repeat(" ", min(indented, 8)) + line(lines[i])
		}
		s.Excerpt = append(s.Excerpt, strings.Join(lines, "\n"))
	}
	return nil
}

// errNoPayload says that an event of a reversal came without what it is about.
var errNoPayload = errors.New("it has nothing to set side by side")

// published is a shown date for people, in one line that is no longer than one.
func published(d statement.Date) string { return cut(line(d.Written()), maxWords) }

func moment(t time.Time) string { return statement.Moment(t) }
