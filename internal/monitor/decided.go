package monitor

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"volteface/internal/judge"
	"volteface/internal/statement"
	"volteface/state"
)

// carry brings to the findings of a statement what people have decided: on the same words as an older engine found them, and
// on the matter, where it was dismissed. It belongs to T2, before the findings are put, and may be repeated. What comes back
// with a decision is not told.
//
// An older engine's finding whose words overlap on both sides with one of today is replaced by the one that it overlaps
// most. Where two of them were decided differently, the one that is not replaced stays listed as decided before.
func (m *matters) carry(ctx context.Context, tx state.Tx, findings []state.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	earlier, err := tx.Reversals(state.ReversalFilter{Statement: findings[0].After.Statement, Replaced: true})
	if err != nil {
		return err
	}
	type meeting struct {
		old   *state.Finding
		today int
		share float64
	}
	var met []meeting
	for i := range earlier {
		old := &earlier[i]
		if k := slices.IndexFunc(findings, func(f state.Finding) bool { return f.ID == old.ID }); k >= 0 {
			findings[k].Review, findings[k].FoundAt = old.Review, old.FoundAt
			continue
		}
		for k := range findings {
			if f := &findings[k]; old.Engine != f.Engine && (old.Replaced == "" || old.Replaced == f.ID) {
				if before, after := overlap(old.Before, f.Before), overlap(old.After, f.After); before > 0 && after > 0 {
					met = append(met, meeting{old, k, before + after})
				}
			}
		}
	}
	slices.SortStableFunc(met, func(x, y meeting) int {
		return cmp.Or(cmp.Compare(y.share, x.share), y.old.Review.At.Compare(x.old.Review.At), strings.Compare(x.old.ID, y.old.ID))
	})
	placed := map[string]bool{}
	for _, x := range met {
		f := &findings[x.today]
		if x.old.FoundAt.Before(f.FoundAt) {
			f.FoundAt = x.old.FoundAt
		}
		decided := !x.old.Review.At.IsZero()
		first := f.Review.At.IsZero() && decided
		if first {
			f.Review = x.old.Review
		}
		switch {
		case decided && f.Review.Decision != x.old.Review.Decision:
		case !placed[x.old.ID]:
			placed[x.old.ID] = true
			if err := tx.ReplaceReversal(x.old.ID, f.ID); err != nil {
				return err
			}
		case first: // one decision, and more findings of today
			f.Review.Follows = cmp.Or(f.Review.Follows, x.old.ID)
		}
	}
	for i := range findings {
		f := &findings[i]
		if f.Review.At.IsZero() {
			if err := m.dismissed(ctx, tx, f); err != nil {
				return err
			}
		}
		f.Quiet = f.Quiet || f.Review.Decision != state.Open
	}
	return nil
}

// carry is that of the monitor's judge.
func (m *Monitor) carry(ctx context.Context, tx state.Tx, findings []state.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	matters, err := newMatters()
	if err != nil {
		return err
	}
	return matters.carry(ctx, tx, findings)
}

// dismissed gives a finding the decision of a dismissed one on the same matter, if there is any.
func (m *matters) dismissed(ctx context.Context, tx state.Tx, f *state.Finding) error {
	known, err := tx.Reversals(state.ReversalFilter{Governments: []string{f.Government}, Decisions: []state.Decision{state.Dismissed}, Replaced: true})
	if err != nil {
		return err
	}
	for i := range known {
		d := &known[i]
		if d.Review.Follows != "" || d.ID == f.ID {
			continue // a chain of what follows what follows would lead away from what was decided
		}
		same, err := m.same(ctx, d, f)
		if err != nil {
			return err
		}
		if same {
			f.Review = state.Review{Decision: state.Dismissed, Reason: d.Review.Reason, At: d.Review.At, Follows: d.ID}
			return nil
		}
	}
	return nil
}

// overlap is how much two quotes are of the same words of a statement, from 0 to 1: what their spans in one revision have in
// common of all that both take in, or, where the text has been read anew, how much of the longer one the shorter one is that
// stands in it.
func overlap(p, q statement.Quote) float64 {
	if p.Statement != q.Statement {
		return 0
	}
	if p.Revision == q.Revision && p.Span.End > 0 && q.Span.End > 0 {
		if common := min(p.Span.End, q.Span.End) - max(p.Span.Start, q.Span.Start); common > 0 {
			return float64(common) / float64(max(p.Span.End, q.Span.End)-min(p.Span.Start, q.Span.Start))
		}
	}
	short, long := within(p.Text), within(q.Text)
	if len(short) > len(long) {
		short, long = long, short
	}
	if short == "  " || !strings.Contains(long, short) {
		return 0
	}
	return float64(len(short)) / float64(len(long))
}

// within is the words of a text between single spaces, with one before and one after them: text that stands in another
// stands there from word to word.
func within(text string) string {
	return " " + strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }), " ") + " "
}

// Decide records what a person decided on a finding, and what follows from it: what the finding replaced shares the decision,
// and other findings on the same matter share that it was dismissed, until it is not any more. It gives the
// others whose decision changed.
func Decide(ctx context.Context, store state.Store, id string, r state.Review) (others []state.Finding, err error) {
	m, err := newMatters()
	if err != nil {
		return nil, err
	}
	decided, err := store.Reversal(ctx, id)
	if err != nil {
		return nil, err
	}
	err = store.Update(ctx, func(tx state.Tx) error {
		others, err = m.decide(ctx, tx, decided, r)
		return err
	})
	return others, err
}

func (m *matters) decide(ctx context.Context, tx state.Tx, decided state.Finding, r state.Review) (others []state.Finding, err error) {
	all, err := tx.Reversals(state.ReversalFilter{Governments: []string{decided.Government}, Replaced: true})
	if err != nil {
		return nil, err
	}
	r.Follows = ""
	one := map[string]bool{decided.ID: true} // all that are one finding: what it replaced, and what replaced it
	for grown := true; grown; {
		grown = false
		for _, f := range all {
			if f.Replaced != "" && one[f.ID] != one[f.Replaced] {
				one[f.ID], one[f.Replaced], grown = true, true, true
			}
		}
	}
	for i := range all {
		f := &all[i]
		review := r
		switch {
		case one[f.ID]:
		case r.Decision == state.Dismissed && f.Review.At.IsZero():
			same, err := m.same(ctx, &decided, f)
			if err != nil {
				return nil, err
			}
			if !same {
				continue
			}
			review.Follows = decided.ID
		case one[f.Review.Follows] && r.Decision == state.Dismissed:
			review.Follows = f.Review.Follows
		case one[f.Review.Follows]:
			review = state.Review{} // nobody has decided on this one
		default:
			continue
		}
		if err := tx.Review(f.ID, review); err != nil {
			return nil, err
		}
		if !one[f.ID] && f.Replaced == "" && f.Review.Decision != review.Decision {
			f.Review = review
			others = append(others, *f)
		}
	}
	return others, nil
}

// matters tells whether two findings are on the same matter.
type matters struct {
	vector func(text string) judge.Vector
	// turns tells whether the later of two passages of one government turns the earlier one round, or softens it.
	turns func(ctx context.Context, earlier, later string) (bool, error)
	known map[string]*gist
}

// gist is what a cheap look at a quote sees.
type gist struct {
	words   map[string]string // as written, by stem
	figures map[string]bool
	vector  judge.Vector
}

func newMatters() (*matters, error) {
	j, err := judge.Embedded()
	if err != nil {
		return nil, err
	}
	return &matters{vector: j.Vector, known: map[string]*gist{}, turns: func(ctx context.Context, earlier, later string) (bool, error) {
		read, err := j.Pairs(ctx, []judge.Pair{{Before: judge.Passage{Text: earlier}, After: judge.Passage{Text: later}}})
		return err == nil && read[0].Reversal+read[0].Softening >= 0.5, err
	}}, nil
}

// How alike two texts must be to be taken for one said again: by words, those in common as a share of the shorter one's; by
// vectors, their cosine. In other sentences of the same two statements that speak of one thing, less will do. Of fifteen pairs
// written for it in four languages, restatements had cosines of 0.54 to 0.91, sentences on other matters of 0.15 to 0.57: some
// restatements are missed; what is between, another object of the same verb, otherThing tells. A translation is not
// taken for a restatement: by words' vectors it is too far away (0.26 to 0.38).
const againWords, againVector, besideVector = 0.5, 0.65, 0.6

// same tells whether a finding is on the matter of another one that was dismissed: both its sides say again what the other's
// say, or the two stand in other sentences of the same two statements and speak of the same; and nothing new turns.
func (m *matters) same(ctx context.Context, d, f *state.Finding) (bool, error) {
	watched := d.Topic != "" && d.Topic == f.Topic
	if watched && d.Proposition != f.Proposition {
		return false, nil // another proposition of the topic has turned
	}
	before, after := [2]*gist{m.gist(d.Before.Text), m.gist(f.Before.Text)}, [2]*gist{m.gist(d.After.Text), m.gist(f.After.Text)}
	if beside := d.Before.Statement == f.Before.Statement && d.After.Statement == f.After.Statement; beside {
		if !watched && (before[0].vector.Like(&before[1].vector) < besideVector || after[0].vector.Like(&after[1].vector) < besideVector) {
			return false, nil
		}
	} else if !again(before) || !again(after) {
		return false, nil
	}
	if m.otherThing(before, after) {
		return false, nil
	}
	for _, side := range [][2]string{{d.Before.Text, f.Before.Text}, {d.After.Text, f.After.Text}} {
		if within(side[0]) == within(side[1]) {
			continue
		}
		if turned, err := m.turns(ctx, side[0], side[1]); turned || err != nil {
			return false, err
		}
	}
	return true, nil
}

// again tells whether one text says another one again.
func again(two [2]*gist) bool {
	common := 0
	for w := range two[0].words {
		if two[1].words[w] != "" {
			common++
		}
	}
	shared := float64(common) / float64(max(1, min(len(two[0].words), len(two[1].words))))
	like := two[0].vector.Like(&two[1].vector)
	return shared >= againWords && like >= againVector
}

// bondShare is how far the words that hold two sides together may move the vector of the later side, as one less the cosine
// without them, and still be words that any sentence has.
const bondShare = 0.04

// otherThing tells whether a finding is about something that the dismissed one does not name: a figure against another
// figure, or a thing that both its sides name.
func (m *matters) otherThing(before, after [2]*gist) bool {
	if len(before[1].figures) > 0 {
		for figure := range after[1].figures {
			if !before[0].figures[figure] && !after[0].figures[figure] {
				return true
			}
		}
	}
	var rest, added []string
	for w, written := range after[1].words {
		if before[1].words[w] != "" && before[0].words[w] == "" && after[0].words[w] == "" {
			added = append(added, written)
		} else {
			rest = append(rest, written)
		}
	}
	if len(added) == 0 {
		return false
	}
	slices.Sort(rest)
	slices.Sort(added)
	with, without := m.vector(strings.Join(append(added, rest...), " ")), m.vector(strings.Join(rest, " "))
	return with.Like(&without) < 1-bondShare
}

// gist looks at a text, once.
func (m *matters) gist(text string) *gist {
	if g, known := m.known[text]; known {
		return g
	}
	g := &gist{words: map[string]string{}, figures: map[string]bool{}, vector: m.vector(text)}
	for w := range strings.FieldsSeq(strings.ToLower(within(text))) {
		r := []rune(w)
		switch {
		case unicode.IsDigit(r[0]):
			g.figures[w] = true
		case statement.Unspaced(r[0]):
			for i := range r {
				part := string(r[i:min(len(r), i+2)])
				g.words[part] = part
			}
		case len(r) > shortWord:
			g.words[string(r[:min(len(r), stem)])] = w
		}
	}
	m.known[text] = g
	return g
}

// stem is how many letters of a word are compared: endings come after them. Words of shortWord letters are articles,
// prepositions and the like, most of them.
const stem, shortWord = 6, 3
