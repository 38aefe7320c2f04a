package monitor

import (
	"cmp"
	"context"
	"errors"
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
func (m *matters) carry(tx state.Tx, findings []state.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	earlier, err := tx.Reversals(state.ReversalFilter{Statement: findings[0].After.Statement, Replaced: true, Dropped: true})
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
			if f.DroppedAt.IsZero() {
				f.DroppedAt = x.old.DroppedAt
			}
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
			if err := m.dismissed(tx, f); err != nil {
				return err
			}
		}
		f.Quiet = f.Quiet || f.Review.Decision != state.Open
	}
	return nil
}

// dismissed gives a finding the decision of a dismissed one on the same matter, if there is any.
func (m *matters) dismissed(tx state.Tx, f *state.Finding) error {
	known, err := tx.Reversals(state.ReversalFilter{Governments: []string{f.Government}, Decisions: []state.Decision{state.Dismissed}, Replaced: true, Dropped: true})
	if err != nil {
		return err
	}
	for i := range known {
		d := &known[i]
		if d.Review.Follows != "" || d.ID == f.ID {
			continue // a chain of what follows what follows would lead away from what was decided
		}
		if m.same(d, f) {
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
// others whose decision changed, and how many were left undecided on that look alike: more than are read for one decision.
func (m *Monitor) Decide(ctx context.Context, id string, r state.Review) (others []state.Finding, left int, err error) {
	decided, err := m.Store.Reversal(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	of := m.matters()
	err = of.update(ctx, m.Store, func(tx state.Tx) error {
		others, err = of.decide(tx, decided, r)
		return err
	})
	return others, of.left, err
}

func (m *matters) decide(tx state.Tx, decided state.Finding, r state.Review) (others []state.Finding, err error) {
	all, err := tx.Reversals(state.ReversalFilter{Governments: []string{decided.Government}, Replaced: true, Dropped: true})
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
			if !m.same(&decided, f) {
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
		if err := errors.Join(tx.Review(f.ID, review), tx.AddAct(act(f.ID, r, review))); err != nil {
			return nil, err
		}
		if one[f.ID] && r.Decision == state.Confirmed && !f.DroppedAt.IsZero() { // a person knows better than a model
			f.Review = review
			if err := restored(tx, f); err != nil {
				return nil, err
			}
		}
		if !one[f.ID] && f.Replaced == "" && f.Review.Decision != review.Decision {
			f.Review = review
			others = append(others, *f)
		}
	}
	return others, nil
}

// act is what a decision is in the history of a finding, which it reaches as a review.
func act(id string, decided, review state.Review) state.Act {
	kind := state.ActReopened
	if review.Decision != state.Open {
		kind = state.ActKind(review.Decision)
	}
	return state.Act{Item: state.FindingItem(id), At: decided.At, Kind: kind, Person: decided.Person, By: decided.By, Via: decided.Via,
		Reason: decided.Reason, Note: decided.Note, Follows: review.Follows}
}

// matters tells whether two findings are on the same matter. It is of one decision, or of one step of an analysis, and no
// two goroutines'.
type matters struct {
	vector func(text string) judge.Vector
	// turns tells of each pair of texts of one government, the earlier first, whether the later one turns the earlier one round, or
	// softens it.
	turns   func(ctx context.Context, pairs [][2]string) ([]bool, error)
	known   map[string]*gist
	weighed map[[2]string]bool // by the identifiers of the dismissed finding and the other one
	open    []likeness         // what the last transaction wanted to know, and was not weighed
	left    int                // how many that look alike were not read
}

// likeness is two findings that may be on one matter, and how alike they look.
type likeness struct {
	dismissed, other state.Finding
	like             float64
}

// mostTurns is how many pairs of texts are read at most to tell what else was dismissed with one decision, or was before, as many as the
// open search reads of a statement: some 20 ms each of one processor.
const mostTurns = 64

// matters are those by the judge that reads statements.
func (m *Monitor) matters() *matters {
	of := &matters{known: map[string]*gist{}, weighed: map[[2]string]bool{}, turns: m.Turns}
	of.vector = func(text string) judge.Vector { return (*judge.Judge)(nil).Vector(text) } // the embedded one's, whichever reads
	if of.turns == nil {
		of.turns = func(ctx context.Context, pairs [][2]string) ([]bool, error) {
			j, err := m.reader()
			if err != nil {
				return nil, err
			}
			asked := make([]judge.Pair, len(pairs))
			for i, p := range pairs {
				asked[i] = judge.Pair{Before: judge.Passage{Text: p[0]}, After: judge.Passage{Text: p[1]}}
			}
			read, err := j.Pairs(ctx, asked)
			turned := make([]bool, len(pairs))
			for i, r := range read {
				turned[i] = r.Reversal+r.Softening >= 0.5
			}
			return turned, err
		}
	}
	return of
}

// errUnweighed rolls a transaction back that wants to know of findings what has to be read first.
var errUnweighed = errors.New("some findings have not been held against each other yet")

// update does something in a transaction that asks whether findings are on the same matter. The judge reads outside of it: what turns out to
// be asked is read then, and the transaction done again.
func (m *matters) update(ctx context.Context, store state.Store, do func(state.Tx) error) error {
	for {
		err := store.Update(ctx, func(tx state.Tx) error {
			m.open = m.open[:0]
			if err := do(tx); err != nil {
				return err
			}
			if len(m.open) > 0 {
				return errUnweighed
			}
			return nil
		})
		if !errors.Is(err, errUnweighed) {
			return err
		}
		if err := m.weigh(ctx); err != nil {
			return err
		}
	}
}

// same tells whether a finding is on the matter of another one that was dismissed, as far as that has been weighed.
func (m *matters) same(d, f *state.Finding) bool {
	same, known := m.weighed[[2]string{d.ID, f.ID}]
	if !known {
		m.open = append(m.open, likeness{dismissed: *d, other: *f})
	}
	return same
}

// weigh tells of what is open whether it is on the same matter: both sides of a finding say again what the dismissed one's
// say, or the two stand in other sentences of the same two statements and speak of the same; and nothing new turns. Of more than can
// be read the likest are.
func (m *matters) weigh(ctx context.Context) error {
	var alike []likeness
	for _, x := range m.open {
		m.weighed[[2]string{x.dismissed.ID, x.other.ID}] = false
		if like, may := m.alike(&x.dismissed, &x.other); may {
			x.like = like
			alike = append(alike, x)
		}
	}
	m.open = m.open[:0]
	slices.SortStableFunc(alike, func(a, b likeness) int { return cmp.Compare(b.like, a.like) })
	var asked [][2]string
	var of [][2]string // whose each is
	for _, x := range alike {
		key := [2]string{x.dismissed.ID, x.other.ID}
		var sides [][2]string
		for _, side := range [][2]string{{x.dismissed.Before.Text, x.other.Before.Text}, {x.dismissed.After.Text, x.other.After.Text}} {
			if within(side[0]) != within(side[1]) {
				sides = append(sides, side)
			}
		}
		if len(asked)+len(sides) > mostTurns {
			m.left++
			continue
		}
		m.weighed[key] = true
		for _, side := range sides {
			asked, of = append(asked, side), append(of, key)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	turned, err := m.turns(ctx, asked)
	if err != nil {
		return err
	}
	for i, is := range turned {
		if is {
			m.weighed[of[i]] = false
		}
	}
	return nil
}

// gist is what a cheap look at a quote sees.
type gist struct {
	words   map[string]string // as written, by stem
	figures map[string]bool
	vector  judge.Vector
}

// How alike two texts must be to be taken for one said again: by words, those in common as a share of the shorter one's; by
// vectors, their cosine. In other sentences of the same two statements that speak of one thing, less will do. Of fifteen pairs
// written for it in four languages, restatements had cosines of 0.54 to 0.91, sentences on other matters of 0.15 to 0.57: some
// restatements are missed; what is between, another object of the same verb, otherThing tells. A translation is not
// taken for a restatement: by words' vectors it is too far away (0.26 to 0.38).
const againWords, againVector, besideVector = 0.5, 0.65, 0.6

// alike tells how alike two findings look, and whether so much that they may be on the same matter.
func (m *matters) alike(d, f *state.Finding) (like float64, may bool) {
	watched := d.Topic != "" && d.Topic == f.Topic
	if watched && d.Proposition != f.Proposition {
		return 0, false // another proposition of the topic has turned
	}
	before, after := [2]*gist{m.gist(d.Before.Text), m.gist(f.Before.Text)}, [2]*gist{m.gist(d.After.Text), m.gist(f.After.Text)}
	earlier, later := before[0].vector.Like(&before[1].vector), after[0].vector.Like(&after[1].vector)
	if beside := d.Before.Statement == f.Before.Statement && d.After.Statement == f.After.Statement; beside {
		if !watched && min(earlier, later) < besideVector {
			return 0, false
		}
	} else if !again(before) || !again(after) {
		return 0, false
	}
	return earlier + later, !m.otherThing(before, after)
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
			g.words[statement.Stem(r)] = w
		}
	}
	m.known[text] = g
	return g
}

// shortWord is how many letters articles, prepositions and the like have at most, most of them.
const shortWord = 3
