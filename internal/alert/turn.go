package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"volteface/internal/opinion"
	"volteface/internal/statement"
)

// Turn is a reversal or softening as the templates tell it.
type Turn struct {
	ID          string
	Level       string
	Kind        string // denial, figure, commitment ...
	Score       string // two digits after the point
	Topic       string
	Proposition string
	Explanation string
	Before      Side
	After       Side
	Page        string // where it can be confirmed or dismissed, or empty
	Decide      string // the same without signing in, for this recipient alone, or empty
}

// Side is one of the two quotations.
type Side struct {
	Heading   string // Before, Now
	ID        string // of the statement
	Stance    string // denied, acknowledged
	Issuer    string
	Speaker   string
	Published string
	Day       string // 17 Oct 2022
	Title     string
	Link      string
	Language  string
	Right     bool
	Lead      string // the quotation before the words that matter most,
	Flagged   string // these words,
	Rest      string // and what follows them
	Cut       bool
	Archived  string
	// Translation is the quotation in the reader's language, in a model's words; nil for none.
	Translation *Machine
}

// Machine is a text that a language model has written.
type Machine struct {
	Model    string
	Language string // BCP 47
	Right    bool   // it is written from right to left
	Text     string
}

// reversal tells of words that turn an earlier position round.
func (c *Composer) reversal(ctx context.Context, ev statement.Event, s *Story) error {
	r := ev.Reversal
	if r == nil {
		return errNoPayload
	}
	t := &Turn{
		ID: line(r.ID), Level: string(r.Level), Kind: cut(line(strings.ReplaceAll(r.Kind, "_", " ")), 60), Score: fmt.Sprintf("%.2f", r.Score),
		Topic: cut(line(r.TopicName), 80), Proposition: cut(line(r.Proposition), maxWords), Explanation: cut(line(r.Explanation), maxWords*2),
		Before: side("Before", r.Before), After: side("Now", r.After), Page: page(s.Public, "reversals", r.ID),
	}
	if t.Before.Stance == t.After.Stance { // it is not known what was done
		t.Before.Stance, t.After.Stance = "", ""
	}
	s.Reversal, s.Page = t, t.Page
	turned := *r
	for _, x := range []struct {
		q    *statement.Quote
		side *Side
	}{{&turned.Before, &t.Before}, {&turned.After, &t.After}} {
		e := opinion.Extra{Kind: opinion.Translation, Into: c.Translate, Language: x.q.Language, Text: x.q.Text}
		if c.Translate == "" || !e.Fit() {
			continue
		}
		var err error
		if x.q.Translation, x.side.Translation, err = c.machineText(ctx, e.Key()); err != nil {
			return err
		}
	}
	turned.Before.URL, turned.After.URL = link(r.Before.URL), link(r.After.URL)
	s.turned = &turned
	if s.Speaker == "" {
		s.Speaker = t.After.Speaker
	}
	s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, t.turn(s.Title, r.Verdict == statement.VerdictSoftening))
	return nil
}

// machineText is what a model has written, for programs and for people; nil where it has not.
func (c *Composer) machineText(ctx context.Context, key string) (*statement.MachineText, *Machine, error) {
	m, err := c.Memory.MachineText(ctx, key)
	if errors.Is(err, statement.ErrNotFound) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	shown := &Machine{Model: cut(line(m.Model), 80), Language: language(m.Language), Right: rightToLeft(m.Text), Text: cut(line(m.Text), maxQuote)}
	m.Text, m.Model = shown.Text, shown.Model
	return &m, shown, nil
}

// summary adds what a model has summed up of a new statement or an edit, if it has.
func (c *Composer) summary(ctx context.Context, kind opinion.ExtraKind, ev statement.Event, language string, s *Story) (err error) {
	into := cmp.Or(c.Translate, language)
	if !c.Summarize || into == "" {
		return nil
	}
	s.summed, s.Summary, err = c.machineText(ctx, opinion.SummaryKey(kind, into, ev.Statement, ev.Revision))
	return err
}

// turn says in a few words what turned into what, and when; where it is not known what was done, that the later words appear
// to contradict, or to soften, the earlier ones.
func (t *Turn) turn(title string, softening bool) string {
	from, to := t.Before.Day, t.After.Day
	if len(from) > 5 && len(to) > 5 && from[len(from)-5:] == to[len(to)-5:] { // in the same year
		from, to = from[:len(from)-5], to[:len(to)-5]
	}
	if before, after := t.Before.Stance, t.After.Stance; before != "" && after != "" {
		about := t.Topic
		if about == "" {
			about = cut(title, 60)
		}
		return strings.Join(strings.Fields(fmt.Sprintf("%s: %s %s, %s %s", about, before, from, after, to)), " ")
	}
	what, later, earlier := "appears to contradict", "a statement", "an earlier one"
	if softening {
		what = "appears to soften"
	}
	if to != "" {
		later = to + " statement"
	}
	switch {
	case t.Before.ID == t.After.ID && t.Before.ID != "":
		later, earlier = "the text", "what stood there before"
		if to != "" {
			later = "the text of the " + to + " statement"
		}
	case from != "" && from == to:
		earlier = "another of that day"
	case from != "":
		earlier = from
	}
	says := later + " " + what + " " + earlier
	if t.Topic != "" {
		says = t.Topic + ": " + says
	}
	return says
}

func side(heading string, q statement.Quote) Side {
	s := Side{
		Heading: heading, ID: line(q.Statement), Stance: cut(line(q.Stance), 40), Issuer: cut(line(q.Issuer), maxTitle),
		Speaker: cut(line(q.Speaker), maxTitle), Published: published(q.Published), Title: title(q.Title), Link: link(q.URL),
		Language: language(q.Language), Right: rightToLeft(q.Text), Archived: cut(line(q.Snapshot), 64),
	}
	s.Day = cut(line(q.Published.ShortDay()), 20)
	text, from, to := q.Text, q.Flagged.Start, q.Flagged.End
	if from < 0 || to > len(text) || from > to {
		from, to = 0, 0
	}
	s.Lead, s.Flagged, s.Rest = piece(text[:from]), piece(text[from:to]), piece(text[to:])
	if n := len([]rune(s.Lead + s.Flagged + s.Rest)); n > maxQuote {
		s.Cut = true
		if long := []rune(s.Lead); len(long) > maxQuote/3 {
			s.Lead = "…" + string(long[len(long)-maxQuote/3:])
		}
		s.Flagged, s.Rest = cut(s.Flagged, maxQuote/3), cut(s.Rest, maxQuote/3)
	}
	return s
}

// Piece is a part of a sentence, fit to be shown: its spaces at either end stay.
func Piece(s string) string { return piece(s) }

// piece is line for a part of a sentence: a space at either end stays.
func piece(s string) string {
	clean := line(s)
	if clean == "" {
		if strings.TrimSpace(s) != s {
			return " "
		}
		return ""
	}
	if strings.TrimLeft(s, " \t\r\n\u00a0") != s {
		clean = " " + clean
	}
	if strings.TrimRight(s, " \t\r\n\u00a0") != s {
		clean += " "
	}
	return clean
}
