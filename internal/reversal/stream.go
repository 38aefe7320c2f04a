package reversal

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/judge"
	"volteface/internal/passage"
	"volteface/internal/statement"
)

// Passages are what a statement says, in its Language, as it is kept and as others are held against it. The title is the first, numbered 0.
// left is how many bytes at the end of the text are in none, as it has more than are read of one (passage.Cut); 0 as a rule.
func Passages(x *Statement) (out []statement.Passage, left int) {
	add := func(p statement.Passage) {
		p.Terms = Terms(p.Question + " " + p.Text)
		p.Statement, p.Space, p.Said, p.Language = x.ID, space(x), x.Date, x.Language
		out = append(out, p)
	}
	if title := strings.TrimSpace(x.Title); title != "" && !strings.Contains(x.Text, title) {
		add(statement.Passage{Text: title, Voice: statement.VoiceIssuer})
	}
	cut, left := passage.Cut(passage.Speech{
		Title: x.Title, Text: x.Text, Language: x.Language, Issuer: x.Issuer, Government: x.Government,
		Speakers: strings.Split(x.Speaker, "; "), Officials: x.Officials,
	})
	for i, p := range cut {
		kept := statement.Passage{N: i + 1, Text: p.Text, Question: p.Question, Span: statement.Span{Start: p.Span[0], End: p.Span[1]}, Speaker: cmp.Or(p.Speaker, x.Speaker)}
		if p.Sure {
			kept.Voice = statement.Voice(p.Voice)
		}
		if i == 0 && kept.Question == "" {
			kept.Question = x.Question
		}
		add(kept)
	}
	return out, left
}

// space is whose statements one is compared with.
func space(x *Statement) string { return strings.ToLower(cmp.Or(x.Government, x.Issuer)) }

// Stream is the statements of one topic or issuer in time order, each held against all before it by the search that the daemon
// uses.
type Stream struct {
	search *Search
	memory *memory
	levels Levels
	turned map[int64]bool // passages that have been turned round already
	left   int
}

// Left is how many bytes at the end of the text that was added last are in no passage: see Passages.
func (s *Stream) Left() int { return s.left }

// NewStream begins a stream.
func NewStream(j *judge.Judge, l Levels) *Stream {
	m := &memory{passages: map[int64]statement.Passage{}}
	return &Stream{search: NewSearch(j, m), memory: m, levels: l, turned: map[int64]bool{}}
}

// Alert is what a new statement turns round.
type Alert struct {
	Verdict
	// Before are the places in the stream, from 0, of the statements that it turns round,
	// the best evidence first.
	Before []int
}

// Add judges a statement against the earlier ones of the same issuer or government and
// keeps it. It gives the surest verdict, and is false where there is none. A position
// that was turned round once is not news again. The error is ctx's.
func (s *Stream) Add(ctx context.Context, x *Statement) (Alert, bool, error) {
	kept := *x
	kept.ID = strconv.Itoa(len(s.memory.dates))
	if kept.Date.IsZero() {
		kept.Date = time.Time{}.AddDate(0, 0, len(s.memory.dates)+1)
	}
	if code, _ := SpokenIn(x.Text, x.Language, s.search.Judge.Reads); code != "" {
		kept.Language = code
	}
	passages, left := Passages(&kept)
	s.left = left
	turns, err := s.search.Turns(ctx, passages, s.levels.Review)
	if err != nil {
		return Alert{}, false, err
	}
	s.memory.add(x.Date, passages)
	turns = slices.DeleteFunc(turns, func(t Turn) bool {
		return s.turned[t.Before.ID] || s.levels.Of(t.Verdict, t.Score) == statement.LevelWatch
	})
	if len(turns) == 0 {
		return Alert{}, false, nil
	}
	best := turns[0]
	a := Alert{Verdict: Verdict{Verdict: best.Verdict, Kind: best.Kind, Score: best.Score, Rule: "judge"}}
	for _, t := range turns {
		if t.Verdict != best.Verdict {
			continue
		}
		if t.Verdict == Reversal {
			s.turned[t.Before.ID] = true
		}
		a.Evidence = append(a.Evidence, Evidence{
			Before: t.Before.Text, BeforeSpan: [2]int{t.Before.Span.Start, t.Before.Span.End}, After: t.After.Text, AfterSpan: [2]int{t.After.Span.Start, t.After.Span.End},
		})
		for _, id := range append([]string{t.Before.Statement}, t.Also...) {
			if n, err := strconv.Atoi(id); err == nil && !slices.Contains(a.Before, n) {
				a.Before = append(a.Before, n)
			}
		}
	}
	before := &Statement{Date: s.memory.dates[a.Before[0]], Issuer: x.Issuer, Government: x.Government, Speaker: best.Before.Speaker}
	after := &Statement{Date: x.Date, Issuer: x.Issuer, Government: x.Government, Speaker: best.After.Speaker}
	a.SameSpeaker = sameSpeaker(before.Speaker, after.Speaker)
	a.Explanation = Explain(best, before, after)
	return a, true, nil
}

// memory keeps passages as a store does.
type memory struct {
	passages map[int64]statement.Passage
	order    []int64
	dates    []time.Time // of the statements; zero where unknown
}

func (m *memory) add(said time.Time, passages []statement.Passage) {
	for _, p := range passages {
		p.ID = statement.FirstPassage(p.Said) + int64(len(m.order))
		m.passages[p.ID] = p
		m.order = append(m.order, p.ID)
	}
	m.dates = append(m.dates, said)
}

func (m *memory) PassageTerms(_ context.Context, space string, after int64, limit int) (list []statement.PassageTerms, err error) {
	for i := int(after); i < len(m.order) && len(list) < limit; i++ {
		if p := m.passages[m.order[i]]; p.Space == space {
			list = append(list, statement.PassageTerms{Seq: int64(i + 1), Passage: p.ID, Terms: p.Terms})
		}
	}
	return list, nil
}

func (m *memory) Passages(_ context.Context, ids []int64) (list []statement.Passage, err error) {
	for _, id := range ids {
		if p, is := m.passages[id]; is {
			list = append(list, p)
		}
	}
	return list, nil
}
