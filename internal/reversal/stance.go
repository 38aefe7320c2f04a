package reversal

import (
	"cmp"
	"context"
	"slices"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Stance is what a passage does to a proposition.
type Stance string

// The stances.
const (
	Affirms   Stance = "affirms"
	Denies    Stance = "denies"
	Qualifies Stance = "qualifies" // partly, on conditions, with doubt
	Silent    Stance = "silent"
)

// Taken is a stance that a passage takes.
type Taken struct {
	Stance  Stance
	Sure    float64           // its probability
	Passage statement.Passage // that takes it
}

const (
	// perProposition is how many passages of a statement are asked for their stance on a proposition: the likest to it.
	perProposition = 8
	// leastRelated is how like a proposition a passage must be to be asked.
	leastRelated = .2
	// termLike is how much likelier a passage is that has one of the topic's terms: in another language than the proposition's
	// they are all that tells.
	termLike = .3
	// leastSure is the probability from which a stance is one.
	leastSure = .5
)

// Stances reads what passages of one statement do to each of some propositions, by their place: the surest stance that is
// taken for the issuer, affirming and denying before qualifying. What nothing is said on is not there. watched tells whether a
// text has one of the terms of the topic that the propositions are of.
func (s *Search) Stances(ctx context.Context, propositions []string, watched func(text string) bool, passages []statement.Passage) (map[int]Taken, error) {
	if !s.Judge.TellsStances() {
		return nil, nil
	}
	type held struct {
		proposition int
		passage     statement.Passage
		like        float64
	}
	vectors := make([]judge.Vector, len(passages))
	for k, p := range passages {
		vectors[k] = s.Judge.Vector(p.Question + " " + p.Text)
	}
	var all []held
	for i, text := range propositions {
		v := s.Judge.Vector(text)
		var of []held
		for k, p := range passages {
			// "Nothing.", "Go ahead, please." say something only of what they were asked.
			if p.Voice == statement.VoiceOther || !says(p.Text) && !watched(p.Question) {
				continue
			}
			like := v.Like(&vectors[k])
			if watched(p.Text) {
				like += termLike
			}
			if like >= leastRelated {
				of = append(of, held{i, p, like})
			}
		}
		slices.SortStableFunc(of, func(a, b held) int { return cmp.Compare(b.like, a.like) })
		all = append(all, of[:min(len(of), perProposition)]...)
	}
	asked := make([]judge.Held, len(all))
	for i, h := range all {
		asked[i] = judge.Held{Passage: read(h.passage), Proposition: propositions[h.proposition]}
	}
	told, err := s.Judge.Stances(ctx, asked)
	if err != nil {
		return nil, err
	}
	var taken []Taken
	var on []int
	for i, st := range told {
		what, sure := Stance(st.Label()), max(st.Affirms, st.Denies, st.Qualifies, st.Silent)
		if what != Silent && sure >= leastSure {
			taken, on = append(taken, Taken{what, sure, all[i].passage}), append(on, all[i].proposition)
		}
	}
	ours, err := s.ours(ctx, taken)
	if err != nil {
		return nil, err
	}
	best := map[int]Taken{}
	for i, t := range taken {
		known, is := best[on[i]]
		flat, before := t.Stance != Qualifies, known.Stance != Qualifies
		if ours[i] && (!is || flat && !before || flat == before && t.Sure > known.Sure) {
			best[on[i]] = t
		}
	}
	return best, nil
}

// ours tells of stances which are the issuer's own.
func (s *Search) ours(ctx context.Context, taken []Taken) ([]bool, error) {
	out := make([]bool, len(taken))
	if !s.Judge.TellsBearings() {
		for i := range out {
			out[i] = true
		}
		return out, nil
	}
	passages := make([]statement.Passage, len(taken))
	for i, t := range taken {
		passages[i] = t.Passage
	}
	bearings, err := s.bearings(ctx, passages)
	for i, b := range bearings {
		out[i] = b.ours
	}
	return out, err
}
