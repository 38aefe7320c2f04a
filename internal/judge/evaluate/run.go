package evaluate

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"volteface/internal/judge"
)

// Row is what a judge makes of a set of pairs: reversals against everything else, whole texts as the set holds them.
type Row struct {
	Set       string `json:"set"`
	Pairs     int    `json:"pairs"`
	Reversals int    `json:"reversals"`
	// AveragePrecision is of the ranking by the probability of a reversal; Chance is what a ranking by nothing has.
	AveragePrecision float64 `json:"average_precision"`
	Chance           float64 `json:"chance"`
	// Precision and Recall are of the verdict, softenings left out.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	// RecallAt90 is the highest recall at which the ranking, softenings left out, is right in nine of ten.
	RecallAt90 float64 `json:"recall_at_90"`
	// CalibrationError is the expected calibration error of the probability of a reversal.
	CalibrationError float64 `json:"ece"`
	// LaterAlone is the average precision where the earlier side is another event's, on at most 400 pairs: what the later side
	// gives away.
	LaterAlone float64 `json:"later_alone"`
	// KindRight is the share of the reversals found whose kind is right.
	KindRight float64 `json:"kind_right"`
}

// StanceRow is what a judge makes of a set of stances.
type StanceRow struct {
	Set      string             `json:"set"`
	Passages int                `json:"passages"`
	MacroF1  float64            `json:"macro_f1"`
	Recall   map[string]float64 `json:"recall"` // of each stance
}

// PassageRow is what a judge makes of passages by themselves.
type PassageRow struct {
	Set      string `json:"set"`
	Passages int    `json:"passages"`
	// Voice and Position are the shares of passages whose voice, and whether they take a position, is told rightly.
	Voice    float64 `json:"voice"`
	Position float64 `json:"position"`
}

// Result is all rows, by the names of the sets.
type Result struct {
	Pairs    []Row        `json:"pairs"`
	Stances  []StanceRow  `json:"stances"`
	Passages []PassageRow `json:"passages"`
}

// mostStrangers bounds how many pairs of a set are read with another event's earlier side: their average precision is wanted
// to a few hundredths, no closer.
const mostStrangers = 400

// Measure runs a judge over sets, on all processors. tell is called with how much is done. The error is ctx's.
func Measure(ctx context.Context, j *judge.Judge, sets *Sets, tell func(done, total int)) (*Result, error) {
	total, done := 0, 0
	for _, pairs := range sets.Pairs {
		total += len(pairs) + min(len(pairs), mostStrangers)
	}
	for _, stances := range sets.Stances {
		total += len(stances)
	}
	for _, passages := range sets.Passages {
		total += len(passages)
	}
	step := func() { done++; tell(done, total) }
	r := &Result{}
	for _, name := range names(sets.Pairs) {
		pairs := sets.Pairs[name]
		read, err := each(ctx, pairs, step, func(p Pair) (judge.Verdict, error) { return j.Compare(ctx, p.Before, p.After) })
		if err != nil {
			return nil, err
		}
		strangers := make([]Pair, min(len(pairs), mostStrangers))
		for k := range strangers {
			i := k * len(pairs) / len(strangers) // evenly drawn
			strangers[k] = pairs[i]
			strangers[k].Before = stranger(pairs, i)
		}
		alone, err := each(ctx, strangers, step, func(p Pair) (judge.Verdict, error) { return j.Compare(ctx, p.Before, p.After) })
		if err != nil {
			return nil, err
		}
		r.Pairs = append(r.Pairs, row(name, pairs, read, j))
		r.Pairs[len(r.Pairs)-1].LaterAlone = averagePrecision(ranked(strangers, alone))
	}
	for _, name := range names(sets.Stances) {
		stances := sets.Stances[name]
		read, err := each(ctx, stances, step, func(s Stance) (judge.Stance, error) { return j.Stance(ctx, s.Passage, s.Proposition) })
		if err != nil {
			return nil, err
		}
		r.Stances = append(r.Stances, stanceRow(name, stances, read))
	}
	for _, name := range names(sets.Passages) {
		passages := sets.Passages[name]
		read, err := each(ctx, passages, step, func(p Passage) (judge.Bearing, error) {
			b, err := j.Bearings(ctx, []judge.Passage{{Text: p.Text}})
			if err != nil {
				return judge.Bearing{}, err
			}
			return b[0], nil
		})
		if err != nil {
			return nil, err
		}
		r.Passages = append(r.Passages, passageRow(name, passages, read))
	}
	return r, nil
}

// ranked are pairs as a judge scores them.
func ranked(pairs []Pair, read []judge.Verdict) []scored {
	out := make([]scored, len(pairs))
	for i, p := range pairs {
		out[i] = scored{read[i].Reversal, p.Label == "reversal"}
	}
	return out
}

// stranger is the earlier side of a pair of another event, the same at every run.
func stranger(pairs []Pair, i int) judge.Side {
	for k := 1; k <= len(pairs); k++ {
		if p := pairs[(i*7919+k*104729)%len(pairs)]; p.Event != pairs[i].Event {
			return p.Before
		}
	}
	return judge.Side{}
}

func row(name string, pairs []Pair, read []judge.Verdict, j *judge.Judge) Row {
	out := Row{Set: name, Pairs: len(pairs)}
	all := ranked(pairs, read)
	var hard []scored
	var right, found, wrong int
	for i, p := range pairs {
		if p.Label != "softening" {
			hard = append(hard, all[i])
		}
		if p.Label == "reversal" {
			out.Reversals++
		}
		if j.IsReversal(read[i].Reading) {
			switch p.Label {
			case "reversal":
				found++
				if read[i].ReversalKind == p.Kind {
					right++
				}
			case "none":
				wrong++
			}
		}
	}
	out.AveragePrecision, out.CalibrationError = averagePrecision(all), calibrationError(all)
	out.Chance = float64(out.Reversals) / float64(max(len(pairs), 1))
	out.Precision = float64(found) / float64(max(found+wrong, 1))
	out.Recall = float64(found) / float64(max(out.Reversals, 1))
	out.RecallAt90, _ = recallAt(hard, .9)
	out.KindRight = float64(right) / float64(max(found, 1))
	return out
}

func stanceRow(name string, stances []Stance, read []judge.Stance) StanceRow {
	guess, gold := make([]string, len(read)), make([]string, len(read))
	right, all := map[string]float64{}, map[string]float64{}
	for i, s := range stances {
		guess[i], gold[i] = read[i].Label(), s.Label
		all[s.Label]++
		if guess[i] == s.Label {
			right[s.Label]++
		}
	}
	for label := range all {
		right[label] /= all[label]
	}
	return StanceRow{name, len(stances), macroF1(guess, gold, stanceLabels), right}
}

func passageRow(name string, passages []Passage, read []judge.Bearing) PassageRow {
	voice, position := 0, 0
	for i, p := range passages {
		if (read[i].Issuer > .5) == p.Issuer {
			voice++
		}
		if (read[i].Position > .5) == p.Position {
			position++
		}
	}
	n := float64(max(len(passages), 1))
	return PassageRow{name, len(passages), float64(voice) / n, float64(position) / n}
}

// each works on all processors and gives the results in the order of the items.
func each[T, R any](ctx context.Context, items []T, step func(), work func(T) (R, error)) ([]R, error) {
	out := make([]R, len(items))
	var mu sync.Mutex
	var running sync.WaitGroup
	var failed error
	next := 0
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				stop := failed != nil || i >= len(items) || ctx.Err() != nil
				mu.Unlock()
				if stop {
					return
				}
				r, err := work(items[i])
				mu.Lock()
				out[i] = r
				if err != nil && failed == nil {
					failed = err
				}
				step()
				mu.Unlock()
			}
		})
	}
	running.Wait()
	if failed == nil {
		failed = ctx.Err()
	}
	return out, failed
}

func names[T any](m map[string][]T) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
