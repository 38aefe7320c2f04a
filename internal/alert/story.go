package alert

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode"

	"volteface/internal/diff"
	"volteface/internal/diff/moving"
	"volteface/internal/statement"
)

// Story is what the templates tell. Every string in it is one that may be
// shown: bounded, on one line, without what turns the direction of writing.
type Story struct {
	Kind       string // new, edited, missing, removed, unlisted, moved, restored, reversal, softening, edition_differs, fault, recovered, unread, baseline, digest, notice, test
	What       string // the same for people
	Subject    string
	Event      int64
	Issuer     string
	Source     string
	ID         string // of the statement
	Title      string
	Link       string // to the official page: http or https, or empty
	Public     string // where the pages about statements are, or empty
	Page       string // the one about this statement, or empty
	Published  string
	Speaker    string
	Topics     []string // names
	Importance int      // 0 to 3
	Seen       string
	SeenBefore string
	Since      string // when a page was first found gone; empty where it is back already
	Reason     string
	Back       string // when a missing page was seen again since
	Language   string // BCP 47, of the page
	Right      bool   // it is written from right to left
	Excerpt    []string
	More       bool   // there is more than the excerpt
	Class      string // of an edit: editorial, substantive
	Kinds      string // of an edit: number, negation ...
	Difference string // plain text
	Marked     template.HTML
	Archived   string // SHA-256 of the bytes the text was read from
	Before     string // the same of the revision before
	Count      int
	Statements []Listed
	Note       string
	Summary    *Machine // in a model's words; nil for none
	Reversal   *Turn
	Beside     *Beside
	Digest     *Summary

	At       time.Time
	issuerID string
	topicIDs []string
	revision int
	shown    string              // the date published, for programs
	turned   *statement.Reversal // as the engine gave it, its addresses made fit
	beside   *statement.Counterpart
	summed   *statement.MachineText
}

// Counted is the number of statements in words.
func (s Story) Counted() string { return counted(s.Count, "statement") }

// Listed is a statement of a baseline.
type Listed struct{ Title, Link, Published string }

// edit tells what an edit changed.
func (c *Composer) edit(ctx context.Context, ev statement.Event, r statement.Revision, s *Story) error {
	before, err := c.Memory.Revision(ctx, ev.Statement, ev.Revision-1)
	if err != nil {
		return err
	}
	s.Before, s.SeenBefore = before.Snapshot, moment(before.SeenAt)
	s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, cut(s.Title, maxSubject-40))
	if s.Reason != "" {
		s.Subject += ": " + cut(s.Reason, 60)
	}
	return s.compare(before, r)
}

// Difference is what an edit changed, as messages show it in plain text.
func Difference(before, after statement.Revision) (string, error) {
	var s Story
	err := s.compare(before, after)
	return s.Difference, err
}

func (s *Story) compare(before, after statement.Revision) error {
	was := diff.Text{Title: before.Title, Body: before.Body}
	// Clocks and counters are left out, unless they are all there is.
	_, is := moving.Settle(moving.Text(was), moving.Text{Title: after.Title, Body: after.Body}, func(c moving.Change) bool { return c.Sure })
	e := diff.Compare(was, diff.Text(is))
	if e.Empty() {
		e = diff.Compare(was, diff.Text{Title: after.Title, Body: after.Body})
	}
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

// excerpt takes the first paragraphs of a text, and says when there are more.
func (s *Story) excerpt(body string, most, paragraphs int) {
	left := most
	for i, p := range strings.Split(body, "\n\n") {
		if i == paragraphs || left <= 0 {
			s.More = true
			break
		}
		short := cut(line(p), left)
		s.More = s.More || short != line(p)
		s.Excerpt = append(s.Excerpt, short)
		left -= len([]rune(short))
	}
}

// topics names what the text speaks of.
func (s *Story) topics(c *Composer, issuer statement.Issuer, r statement.Revision) {
	if len(c.Topics) == 0 {
		return
	}
	if c.compiled == nil {
		c.compiled = compileTopics(c.Topics)
	}
	for _, t := range spokenOf(c.compiled, issuer, fold(r.Title+"\n\n"+r.Body)) {
		s.Topics, s.topicIDs = append(s.Topics, cut(line(t.Name), 60)), append(s.topicIDs, t.ID)
	}
}

// page is the address of a page about something, or nothing.
func page(public string, parts ...string) string {
	if public == "" {
		return ""
	}
	address, err := url.JoinPath(public, parts...)
	if err != nil {
		return ""
	}
	return address
}

func head(text string) string {
	const enough = 400
	if len(text) <= enough {
		return text
	}
	return strings.ToValidUTF8(text[:enough], "")
}

// rightToLeft tells whether most letters of a text are of a script written from
// right to left.
func rightToLeft(text string) bool {
	right, left := 0, 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko):
			right++
		case unicode.IsLetter(r):
			left++
		}
	}
	return right > left
}
