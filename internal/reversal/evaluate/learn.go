package evaluate

import (
	"hash/fnv"
	"runtime"
	"sync"

	"volteface/internal/reversal"
)

// Folds is the number of parts that cross-validation cuts the events into.
const Folds = 11

// Strength is how much learned weights are held to what they start from; see
// reversal.Learn.
const Strength = 0.05

// lesson makes of a pair what the ranker learns from.
type lesson struct {
	pair *Pair
	*reversal.Lesson
	fold       int
	whitehouse bool
}

// fold is the part that a group of pairs belongs to.
func fold(group string) int {
	h := fnv.New32a()
	h.Write([]byte(group))
	return int(h.Sum32() % Folds)
}

// lessons readies the pairs of both sets that the ranker learns from.
func lessons(reversals, whitehouse []Pair) []*lesson {
	var all []*lesson
	prepare(append(append([]Pair(nil), reversals...), whitehouse...))
	for i := range reversals {
		p := &reversals[i]
		l := reversal.NewLesson(p.Before, p.After, p.KeyBefore, p.KeyAfter, p.Label == "reversal", 1)
		l.Unsure = p.Label == "softening"
		all = append(all, &lesson{p, l, fold(p.Group), false})
	}
	for i := range whitehouse {
		p := &whitehouse[i]
		l := reversal.NewLesson(p.Before, p.After, [2]int{}, [2]int{}, p.Label == "reversal", 0.7)
		l.Unsure = p.Label == "contested" || p.Label == "partial"
		all = append(all, &lesson{p, l, fold(p.Group), true})
	}
	return all
}

// prepare analyses the statements of pairs on all processors.
func prepare(pairs []Pair) {
	seen := map[*reversal.Statement]bool{}
	work := make(chan *reversal.Statement)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for s := range work {
				reversal.Prepare(s)
			}
		})
	}
	for i := range pairs {
		for _, s := range []*reversal.Statement{pairs[i].Before, pairs[i].After} {
			if !seen[s] {
				seen[s] = true
				work <- s
			}
		}
	}
	close(work)
	done.Wait()
}

// learn fits weights to the lessons that keep lets through.
func learn(all []*lesson, keep func(*lesson) bool) *reversal.Weights {
	var list []*reversal.Lesson
	for _, l := range all {
		if keep(l) {
			list = append(list, l.Lesson)
		}
	}
	return reversal.Learn(list, Strength)
}

// Train fits the weights that are embedded, to all pairs of both sets.
func Train(folder string) (*reversal.Weights, error) {
	reversals, err := Reversals(folder)
	if err != nil {
		return nil, err
	}
	whitehouse, err := WhiteHouse(folder)
	if err != nil {
		return nil, err
	}
	return learn(lessons(reversals, whitehouse), func(*lesson) bool { return true }), nil
}
