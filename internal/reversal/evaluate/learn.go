package evaluate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"runtime"
	"slices"
	"strings"
	"sync"

	"volteface/internal/reversal"
)

// Folds is the number of parts that cross-validation cuts the events into.
const Folds = 11

// Strength is how much learned weights are held to what they start from; see
// reversal.Learn.
const Strength = 0.07

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

// written are pairs that were made up to teach the ranker what its sets hardly show: near
// misses by another actor, thing, place, time or speaker. streamed are what an earlier
// engine flagged wrongly in a year of a real stream (White House, 2021, public domain).
// Neither is part of any measure.
var (
	//go:embed pairs.jsonl
	written []byte
	//go:embed stream.jsonl
	streamed []byte
)

// What such a pair counts against a found one. False flags of a stream are weighed lightly:
// with more weight recall on pairs falls, and their order in a stream stays the same.
const (
	writtenWeight  = 0.5
	streamedWeight = 0.01
)

// drills are the lessons of those pairs.
var drills = sync.OnceValue(func() []*reversal.Lesson {
	return append(drill(written, writtenWeight), drill(streamed, streamedWeight)...)
})

func drill(file []byte, weight float64) []*reversal.Lesson {
	var pairs []Pair
	known := texts{}
	for line := range strings.Lines(string(file)) {
		var l struct {
			ID, Label, Issuer, Government string
			Before, After                 side
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			panic(fmt.Errorf("a pair to learn from: %w", err)) // part of the program, and tested with it
		}
		if l.Government == "" {
			l.Government = l.Issuer
		}
		l.Before.Issuer, l.Before.Government = l.Issuer, l.Government
		l.After.Issuer, l.After.Government = l.Issuer, l.Government
		pairs = append(pairs, Pair{ID: l.ID, Label: l.Label, Before: known.get(l.Before.statement()), After: known.get(l.After.statement())})
	}
	prepare(pairs)
	lessons := make([]*reversal.Lesson, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		lessons[i] = reversal.NewLesson(p.Before, p.After, [2]int{}, [2]int{}, p.Label == "reversal", weight)
	}
	return lessons
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

// learn fits weights to the lessons that keep lets through, and to the written pairs.
func learn(all []*lesson, keep func(*lesson) bool) *reversal.Weights {
	list := slices.Clone(drills())
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
