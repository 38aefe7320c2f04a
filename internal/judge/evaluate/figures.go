package evaluate

import (
	"cmp"
	"math"
	"slices"
)

// scored is a probability and whether the thing was so.
type scored struct {
	p    float64
	gold bool
}

// falling sorts by probability; among equals what is not so comes first, so that nothing is earned by the order of a file.
func falling(list []scored) []scored {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b scored) int {
		if c := cmp.Compare(b.p, a.p); c != 0 {
			return c
		}
		switch {
		case a.gold == b.gold:
			return 0
		case a.gold:
			return 1
		}
		return -1
	})
	return out
}

// averagePrecision is the mean of the precision at each true one, in falling order.
func averagePrecision(list []scored) float64 {
	hits, sum := 0, 0.0
	for i, s := range falling(list) {
		if s.gold {
			hits++
			sum += float64(hits) / float64(i+1)
		}
	}
	return sum / float64(max(hits, 1))
}

// recallAt is the highest recall at which the precision of the ranking is at least this, and the probability there; 1
// where no recall has it.
func recallAt(list []scored, precision float64) (recall, threshold float64) {
	return highestRecall(list, func(hits, found float64) bool { return hits >= precision*found })
}

// surely is recallAt where the ranking of other sets of the same kind is as precise in four cases of five: the precision is the lower
// bound of Wilson's interval (1927), one-sided, and not the share that a small set happened to have.
func surely(list []scored, precision float64) (recall, threshold float64) {
	const z = .8416 // four fifths of the normal distribution lie below
	return highestRecall(list, func(hits, found float64) bool {
		p := hits / found
		return (p+z*z/(2*found)-z*math.Sqrt(p*(1-p)/found+z*z/(4*found*found)))/(1+z*z/found) >= precision
	})
}

// highestRecall is that of the cuts of the ranking that are good enough, by how many of those found are true ones.
func highestRecall(list []scored, enough func(hits, found float64) bool) (recall, threshold float64) {
	threshold = 1
	total, hits := 0, 0
	for _, s := range list {
		if s.gold {
			total++
		}
	}
	order := falling(list)
	for i, s := range order {
		if s.gold {
			hits++
		}
		last := i+1 == len(order) || order[i+1].p < s.p
		if last && enough(float64(hits), float64(i+1)) && float64(hits)/float64(max(total, 1)) > recall {
			recall, threshold = float64(hits)/float64(total), s.p
		}
	}
	return recall, threshold
}

// calibrationError is the expected calibration error (Naeini et al. 2015): the mean distance of probability and
// frequency over ten bins of equal width, weighed by what is in them.
func calibrationError(list []scored) float64 {
	const bins = 10
	var p, so, n [bins]float64
	for _, s := range list {
		b := min(int(s.p*bins), bins-1)
		p[b] += s.p
		n[b]++
		if s.gold {
			so[b]++
		}
	}
	sum := 0.0
	for b := range n {
		sum += math.Abs(p[b] - so[b])
	}
	return sum / float64(max(len(list), 1))
}

// macroF1 is the mean of the F1 of the classes; guess and gold are of one length.
func macroF1(guess, gold, classes []string) float64 {
	sum := 0.0
	for _, c := range classes {
		var both, either float64
		for i := range gold {
			if guess[i] == c {
				either++
			}
			if gold[i] == c {
				either++
			}
			if guess[i] == c && gold[i] == c {
				both++
			}
		}
		if either > 0 {
			sum += 2 * both / either
		}
	}
	return sum / float64(len(classes))
}
