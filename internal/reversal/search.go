package reversal

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Memory holds the passages of earlier statements. A store satisfies it.
type Memory interface {
	// PassageTerms lists at most limit passages of a space that were put after another, in that order, by what they speak of.
	PassageTerms(ctx context.Context, space string, after int64, limit int) ([]statement.PassageTerms, error)
	// Passages reads passages by their numbers, in any order; those that have gone are left out.
	Passages(ctx context.Context, ids []int64) ([]statement.Passage, error)
}

// Search holds new passages against everything that was said before. It keeps in memory what was spoken of, and is safe from
// many goroutines.
type Search struct {
	Judge  *judge.Judge
	Memory Memory

	mu     sync.Mutex
	spaces map[string]*remembered
}

// remembered is what a space speaks of.
type remembered struct {
	mu    sync.Mutex
	last  int64 // put last
	index *index
}

// NewSearch is a search in a memory.
func NewSearch(j *judge.Judge, m Memory) *Search {
	return &Search{Judge: j, Memory: m, spaces: map[string]*remembered{}}
}

// The bounds of a search. How many pairs are read is what it costs: some 20 ms each of one processor.
const (
	// perPassage is with how many earlier passages one later one is compared at most; where a statement has few, with more, so that
	// leastPairs are read: a short denial is compared with as much as a long speech.
	perPassage = 8
	// leastPairs and mostPairs bound how many pairs are read for a statement; between, pairsEach for each passage.
	leastPairs, pairsEach, mostPairs = 48, 3, 64
	// perStatement is how many turns one statement gives at most.
	perStatement = 3
	// termsAtOnce is how many passages' terms are read from the memory at a time.
	termsAtOnce = 8192
	// leastPosition is how likely each passage of a turn must be to take a position at all.
	leastPosition = .3
	// another is what each further earlier statement adds to the log-odds of a turn that the judge holds for likely of it, too.
	another = .5
)

// Turn is an earlier passage that a later one appears to turn round.
type Turn struct {
	Verdict       string // Reversal or Softening
	Kind          string
	Score         float64
	Before, After statement.Passage
	// Also are the other earlier statements that the later passage appears to turn round, too, by their ids.
	Also []string
	// BeforeMark and AfterMark are the words in the two texts that carry the turn; zero where no words do by themselves.
	BeforeMark, AfterMark statement.Span
}

// known is what a space speaks of, with what was put since the last look.
func (s *Search) known(ctx context.Context, space string) (*index, error) {
	s.mu.Lock()
	r := s.spaces[space]
	if r == nil {
		r = &remembered{index: newIndex()}
		s.spaces[space] = r
	}
	s.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		more, err := s.Memory.PassageTerms(ctx, space, r.last, termsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, p := range more {
			r.index.add(p.Passage, p.Terms)
			r.last = p.Seq
		}
		if len(more) < termsAtOnce {
			return r.index, nil
		}
	}
}

// Forget drops what is in memory, which grows with what is put again in place of what was dropped; it is read anew when it is
// needed.
func (s *Search) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.spaces)
}

// candidate is a pair of passages that may be of one matter.
type candidate struct {
	after  int // of the later passages
	before statement.Passage
}

// Turns finds what passages of one revision of a statement appear to turn round, the surest first: of each later passage
// the surest earlier one. None has a score below floor.
func (s *Search) Turns(ctx context.Context, later []statement.Passage, floor float64) ([]Turn, error) {
	pairs, err := s.candidates(ctx, later)
	if err != nil || len(pairs) == 0 {
		return nil, err
	}
	asked := make([]judge.Pair, len(pairs))
	for i, c := range pairs {
		asked[i] = judge.Pair{Before: read(c.before), After: read(later[c.after])}
	}
	readings, err := s.Judge.Pairs(ctx, asked)
	if err != nil {
		return nil, err
	}
	var turns []Turn
	for i, c := range pairs {
		t := Turn{Before: c.before, After: later[c.after]}
		t.Verdict, t.Kind, t.Score = s.verdict(readings[i])
		if t.Score >= floor {
			turns = append(turns, t)
		}
	}
	if turns, err = s.spoken(ctx, turns); err != nil {
		return nil, err
	}
	turns = strongest(turns)
	slices.SortFunc(turns, func(a, b Turn) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.After.N, b.After.N)) })
	turns = once(turns)
	for i := range turns {
		if err := s.mark(ctx, &turns[i]); err != nil {
			return nil, err
		}
	}
	return turns, nil
}

// strongest are the surest turn of each later passage, surer by the other earlier statements that it appears to turn round, too.
func strongest(turns []Turn) []Turn {
	best := map[int]Turn{}               // by the later passage's number
	met := map[int]map[string]struct{}{} // earlier statements
	for _, t := range turns {
		n := t.After.N
		if met[n] == nil {
			met[n] = map[string]struct{}{}
		}
		if t.Verdict == Reversal {
			met[n][t.Before.Statement] = struct{}{}
		}
		if known, is := best[n]; !is || t.Score > known.Score {
			best[n] = t
		}
	}
	list := slices.Collect(maps.Values(best))
	for i := range list {
		if t := &list[i]; t.Verdict == Reversal {
			also := met[t.After.N]
			delete(also, t.Before.Statement)
			t.Also = slices.Sorted(maps.Keys(also))
			t.Score = logistic(judge.Logit(t.Score) + another*math.Log1p(float64(len(t.Also))))
		}
	}
	return list
}

// once leaves of the surest turns each earlier passage once, and not more than a statement may give.
func once(turns []Turn) []Turn {
	used := map[int64]bool{}
	kept := turns[:0]
	for _, t := range turns {
		if len(kept) < perStatement && !used[t.Before.ID] {
			used[t.Before.ID] = true
			kept = append(kept, t)
		}
	}
	return kept
}

// verdict is what a reading of a pair found in a stream comes to.
func (s *Search) verdict(r judge.Reading) (verdict, kind string, score float64) {
	if r.Reversal >= r.Softening {
		return Reversal, r.ReversalKind, s.Judge.Stream.Calibrated(r.Reversal)
	}
	return Softening, r.SofteningKind, s.Judge.Stream.Calibrated(r.Reversal + r.Softening)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// read is a passage as the judge takes it.
func read(p statement.Passage) judge.Passage {
	return judge.Passage{Text: p.Text, Question: p.Question}
}

// candidates are the pairs that are read: of each later passage those that share most with it.
func (s *Search) candidates(ctx context.Context, later []statement.Passage) ([]candidate, error) {
	var asking []int
	for i, p := range later {
		if p.Voice != statement.VoiceOther && says(p.Text) {
			asking = append(asking, i)
		}
	}
	if len(asking) == 0 {
		return nil, nil
	}
	known, err := s.known(ctx, later[0].Space)
	if err != nil {
		return nil, err
	}
	type found struct {
		after, rank int
		hit
	}
	each := max(perPassage, leastPairs/len(asking))
	var all []found
	for _, i := range asking {
		for rank, h := range known.search(later[i].Terms, statement.FirstPassage(later[i].Said), 2*each) {
			all = append(all, found{i, rank, h})
		}
	}
	// The best of each passage before the next best of any: words that every page repeats share most, and would take all there is to
	// be read.
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.score, a.score), cmp.Compare(a.after, b.after), cmp.Compare(b.id, a.id))
	})
	budget := max(leastPairs, min(mostPairs, pairsEach*len(asking)))
	count := map[int]int{}
	met := map[[2]int64]bool{}
	var pairs []candidate
	for len(all) > 0 && len(pairs) < budget {
		some := all[:min(len(all), 2*budget)]
		all = all[len(some):]
		ids := make([]int64, len(some))
		for i, f := range some {
			ids[i] = f.id
		}
		slices.Sort(ids)
		passages, err := s.Memory.Passages(ctx, slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		by := map[int64]statement.Passage{}
		for _, p := range passages {
			by[p.ID] = p
		}
		for _, f := range some {
			before, there := by[f.id]
			key := [2]int64{int64(f.after), f.id}
			if !there || met[key] || count[f.after] == each || len(pairs) == budget || !comparable(before, later[f.after]) {
				continue
			}
			met[key] = true
			count[f.after]++
			pairs = append(pairs, candidate{f.after, before})
		}
	}
	return pairs, nil
}

// comparable tells whether an earlier passage may be turned by a later one: it is the issuer's, of another statement and
// another day or another revision, and does not say the same in the same words.
func comparable(before, after statement.Passage) bool {
	switch {
	case before.Voice == statement.VoiceOther || !says(before.Text):
		return false
	case before.Statement == after.Statement:
		return before.Revision < after.Revision && statement.Letters(before.Text) != statement.Letters(after.Text)
	case sameDay(before.Said, after.Said):
		return false // nobody turns round between two statements of one day
	}
	return statement.Letters(before.Text) != statement.Letters(after.Text)
}

// says tells whether a text is long enough to say something: four words, or as many letters in scripts that do not space them.
func says(text string) bool {
	if len(strings.Fields(text)) >= 4 {
		return true
	}
	wide := 0
	for _, r := range text {
		if statement.Unspaced(r) {
			wide++
		}
	}
	return wide >= 8
}

// spoken leaves the turns both passages of which take a position for the issuer.
func (s *Search) spoken(ctx context.Context, turns []Turn) ([]Turn, error) {
	if len(turns) == 0 || !s.Judge.TellsBearings() {
		return turns, nil
	}
	sides := make([]statement.Passage, 0, 2*len(turns))
	for _, t := range turns {
		sides = append(sides, t.Before, t.After)
	}
	bearings, err := s.bearings(ctx, sides)
	if err != nil {
		return nil, err
	}
	kept := turns[:0]
	for i, t := range turns {
		if bearings[2*i].stands && bearings[2*i+1].stands {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// bearing tells whether a passage is its issuer's, and whether it takes a position besides.
type bearing struct{ ours, stands bool }

// bearings asks the judge what passages are by themselves, where the text leaves open for whom they speak.
func (s *Search) bearings(ctx context.Context, passages []statement.Passage) ([]bearing, error) {
	asked, at := distinct(passages)
	told, err := s.Judge.Bearings(ctx, asked)
	if err != nil {
		return nil, err
	}
	out := make([]bearing, len(passages))
	for i := range passages {
		b := told[at[i]]
		ours := passages[i].Voice == statement.VoiceIssuer || passages[i].Voice == statement.VoiceOfficial || passages[i].Voice == statement.VoiceUnsure && b.Issuer >= .5
		out[i] = bearing{ours, ours && b.Position >= leastPosition}
	}
	return out, nil
}

// distinct are passages as the judge takes them, each once, and the place in it of each: a passage is in several turns.
func distinct(passages []statement.Passage) (asked []judge.Passage, at []int) {
	place := map[judge.Passage]int{}
	at = make([]int, len(passages))
	for i, p := range passages {
		x := read(p)
		k, known := place[x]
		if !known {
			k = len(asked)
			place[x], asked = k, append(asked, x)
		}
		at[i] = k
	}
	return asked, at
}

// sameDay tells whether two moments are of one day of UTC, in which passages are ordered.
func sameDay(a, b time.Time) bool {
	return !a.IsZero() && a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
}
