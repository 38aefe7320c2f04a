package alert

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"volteface/internal/diff"
	"volteface/internal/statement"
)

//go:embed templates/*
var files embed.FS

// Bounds of a message. What is cut says so.
const (
	maxSubject    = 120    // characters of a title in a subject
	maxTitle      = 300    // characters of a title anywhere else
	maxWords      = 500    // characters of a name, a date or a reason
	maxParagraphs = 4      // of an excerpt
	maxExcerpt    = 1_500  // characters of an excerpt
	maxDifference = 20_000 // bytes of a difference
	maxListed     = 20     // statements in a baseline
)

// story is what the templates tell.
type story struct {
	What       string // New, Changed, Missing, Now watched, Test
	Issuer     string
	Source     string
	ID         string
	Title      string
	Link       string // http or https, or empty
	Published  string
	Speaker    string
	Seen       string
	SeenBefore string
	Reason     string
	Back       string // when a missing page was seen again since
	Language   string // BCP 47, of the page
	Excerpt    []string
	More       bool
	Difference string // plain text
	Marked     template.HTML
	Archived   string
	Before     string // archived hash of the revision before
	Count      int
	Statements []listed
	Note       string
}

// Counted is the number of statements in words.
func (s story) Counted() string {
	if s.Count == 1 {
		return "1 statement"
	}
	return fmt.Sprintf("%d statements", s.Count)
}

type listed struct{ Title, Link, Published string }

// compose words an alert.
func (d *Dispatcher) compose(ctx context.Context, a statement.Alert) (Message, error) {
	src, known := d.Source(a.Source)
	if !known { // its definition is gone; what happened still did
		src = statement.Source{ID: a.Source, Issuer: statement.Issuer{Name: a.Source}}
	}
	s := story{Issuer: cut(line(src.Issuer.Name), maxWords), Source: src.ID}
	if s.Issuer == "" {
		s.Issuer = src.ID
	}
	if a.Kind == statement.AlertNotice {
		return d.notice(ctx, a)
	}
	m := Message{To: a.Recipient, MessageID: a.MessageID, Date: a.CreatedAt, List: src.ID}
	var err error
	switch a.Kind {
	case statement.AlertBaseline:
		m.Subject, err = d.baseline(ctx, &s)
	default:
		m.Subject, m.Thread, err = d.event(ctx, a, &s)
	}
	if err != nil {
		return m, err
	}
	m.Text, m.HTML, err = render(s)
	return m, err
}

func (d *Dispatcher) event(ctx context.Context, a statement.Alert, s *story) (subject, thread string, err error) {
	ev, err := d.Memory.Event(ctx, a.Event)
	if err != nil {
		return "", "", err
	}
	st, err := d.Memory.Statement(ctx, ev.Statement)
	if err != nil {
		return "", "", err
	}
	r, err := d.Memory.Revision(ctx, ev.Statement, ev.Revision)
	if err != nil {
		return "", "", err
	}
	s.ID, s.Title, s.Link, s.Language = st.ID, title(r.Title), link(st.URL), language(r.Language)
	s.Published, s.Speaker = published(r.Published), cut(line(strings.Join(r.Speakers, "; ")), maxTitle)
	s.Reason, s.Archived, s.Seen = cut(line(ev.Reason), maxWords), r.Snapshot, moment(ev.At)
	switch ev.State {
	case statement.Changed:
		s.What = "Changed"
		before, err := d.Memory.Revision(ctx, ev.Statement, ev.Revision-1)
		if err != nil {
			return "", "", err
		}
		s.Before, s.SeenBefore = before.Snapshot, moment(before.SeenAt)
		if err := s.compare(before, r); err != nil {
			return "", "", err
		}
	case statement.Missing:
		s.What = "Missing"
		if st.LastSeen.Before(ev.At) {
			s.SeenBefore = moment(st.LastSeen)
		} else { // the mail was held up
			s.Back = moment(st.LastSeen)
		}
		s.excerpt(r.Body)
	default:
		s.What = "New"
		s.excerpt(r.Body)
	}
	return fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, cut(s.Title, maxSubject)), st.ID, nil
}

func (s *story) compare(before, after statement.Revision) error {
	e := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body})
	if e.Empty() {
		return nil
	}
	var plain, marked bytes.Buffer
	if err := e.Unified(&plain); err != nil {
		return err
	}
	s.Difference = plain.String()
	if plain.Len() > maxDifference { // the HTML is longer still
		s.Difference = cut(strings.ToValidUTF8(s.Difference[:maxDifference], ""), maxDifference)
		s.Note = fmt.Sprintf("The difference is long: these are the first %d of %d kilobytes.", maxDifference/1000, (plain.Len()+999)/1000)
		return nil
	}
	if err := e.HTML(&marked); err != nil {
		return err
	}
	s.Marked = template.HTML(marked.String()) // escaped by the differ
	return nil
}

func (d *Dispatcher) baseline(ctx context.Context, s *story) (string, error) {
	status, err := d.Memory.SourceStatus(ctx, s.Source)
	if err != nil {
		return "", err
	}
	newest, err := d.Newest(ctx, s.Source, maxListed)
	if err != nil {
		return "", err
	}
	s.What, s.Count, s.More = "Now watched", status.Statements, status.Statements > len(newest)
	for _, st := range newest {
		s.Statements = append(s.Statements, listed{title(st.Title), link(st.URL), published(st.Published)})
	}
	return fmt.Sprintf("[volteface] Now watched · %s · %s", s.Issuer, s.Counted()), nil
}

// excerpt takes the first paragraphs of a text.
func (s *story) excerpt(body string) {
	left := maxExcerpt
	paragraphs := strings.Split(body, "\n\n")
	for i, p := range paragraphs {
		if i == maxParagraphs || left <= 0 {
			s.More = true
			break
		}
		short := cut(line(p), left)
		s.More = s.More || short != line(p)
		s.Excerpt = append(s.Excerpt, short)
		left -= len([]rune(short))
	}
}

// mails are the templates of both parts, read when the first mail is worded.
var mails = sync.OnceValues(func() (*texttemplate.Template, *template.Template) {
	return texttemplate.Must(texttemplate.ParseFS(files, "templates/mail.txt")), template.Must(template.ParseFS(files, "templates/mail.html"))
})

func render(s story) (text, html string, err error) {
	plain, marked := mails()
	var t, h bytes.Buffer
	if err := plain.Execute(&t, s); err != nil {
		return "", "", err
	}
	if err := marked.Execute(&h, s); err != nil {
		return "", "", err
	}
	return blankLines.ReplaceAllString(t.String(), "\n\n"), h.String(), nil
}

// blankLines are left where the templates have nothing to say.
var blankLines = regexp.MustCompile(`\n{3,}`)

// TestMessage is the mail that tries a channel.
func TestMessage(to string, now time.Time) (Message, error) {
	s := story{What: "Test", Seen: moment(now)}
	text, html, err := render(s)
	id := digest("test", now.Format(time.RFC3339Nano), strconv.FormatUint(rand.Uint64(), 36), to)
	return Message{To: to, Subject: "[volteface] Test", Text: text, HTML: html, MessageID: id, Date: now}, err
}

// published is a shown date for people: in the zone of the page, or as the page
// has it where it could not be read.
func published(d statement.Date) string {
	switch {
	case d.Time.IsZero():
		return cut(line(d.Raw), maxWords)
	case d.HasTime:
		return d.Time.Format("2 January 2006, 15:04 (UTC-07:00)")
	default:
		return d.Time.Format("2 January 2006")
	}
}

func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
