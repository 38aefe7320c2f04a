package alert

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"volteface/internal/diff"
	"volteface/internal/statement"
)

//go:embed templates/*
var files embed.FS

// Bounds of a message. What is cut says so.
const (
	maxTitle      = 160   // characters of a title in a subject
	maxParagraphs = 4     // of an excerpt
	maxExcerpt    = 1_500 // characters of an excerpt
	maxDifference = 20_000
	maxListed     = 20 // statements in a baseline
)

// story is what the templates tell.
type story struct {
	What       string // New, Changed, Missing, Now watched
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

type listed struct{ Title, Link, Published string }

// compose words an alert.
func (d *Dispatcher) compose(ctx context.Context, a statement.Alert) (Message, error) {
	src, known := d.Source(a.Source)
	if !known { // its definition is gone; what happened still did
		src = statement.Source{ID: a.Source, Issuer: statement.Issuer{Name: a.Source}}
	}
	s := story{Issuer: line(src.Issuer.Name), Source: src.ID}
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
	s.ID, s.Title, s.Link, s.Published = st.ID, line(r.Title), link(st.URL), line(r.Published.String())
	s.Speaker, s.Reason, s.Archived, s.Seen = line(strings.Join(r.Speakers, "; ")), line(ev.Reason), r.Snapshot, moment(ev.At)
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
		s.SeenBefore = moment(st.LastSeen)
		s.excerpt(r.Body)
	default:
		s.What = "New"
		s.excerpt(r.Body)
	}
	return fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, cut(s.Title, maxTitle)), st.ID, nil
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
	if plain.Len() > maxDifference {
		s.Difference = cut(s.Difference, maxDifference)
		s.Note = "The difference is long; volteface diff shows all of it."
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
		s.Statements = append(s.Statements, listed{line(st.Title), link(st.URL), line(st.Published.String())})
	}
	return fmt.Sprintf("[volteface] Now watched · %s · %d statements", s.Issuer, s.Count), nil
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

func render(s story) (text, html string, err error) {
	var plain, marked bytes.Buffer
	t, err := texttemplate.ParseFS(files, "templates/mail.txt")
	if err != nil {
		return "", "", err
	}
	if err := t.Execute(&plain, s); err != nil {
		return "", "", err
	}
	h, err := template.ParseFS(files, "templates/mail.html")
	if err != nil {
		return "", "", err
	}
	if err := h.Execute(&marked, s); err != nil {
		return "", "", err
	}
	return plain.String(), marked.String(), nil
}

// TestMessage is the mail that tries a channel.
func TestMessage(to string, now time.Time) (Message, error) {
	s := story{What: "Test", Note: "This is a test. If you can read it, alerts reach you.", Seen: moment(now)}
	text, html, err := render(s)
	return Message{To: to, Subject: "[volteface] Test", Text: text, HTML: html, MessageID: fmt.Sprintf("test-%d", now.UnixNano()), Date: now}, err
}

// line makes a string from the web fit for one line of a mail: no control
// characters, no line breaks, nothing that turns the direction of writing.
func line(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)), " ")
}

func cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return strings.TrimRight(string(runes[:max(n-1, 0)]), " ") + "…"
	}
	return s
}

// link is an address that a reader may follow, or nothing.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return u.String()
}

func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
