package evaluate

import "sort"

// Scores are what came of a set: of each pair the score, whether an alarm was raised, and
// whether it should have been.
type Scored struct {
	Pair  *Pair
	Score float64
	Alarm bool
	Gold  bool
	Kind  string
	Key   bool // the alarm stands on the deciding sentences
}

// Measure is the usual arithmetic on scored pairs.
type Measure struct {
	Pairs, Positive          int
	TruePositive, FalseAlarm int
	Precision, Recall, F1    float64
	AveragePrecision         float64
}

// Of measures.
func Of(list []Scored) Measure {
	m := Measure{Pairs: len(list)}
	for _, s := range list {
		if s.Gold {
			m.Positive++
		}
		switch {
		case s.Alarm && s.Gold:
			m.TruePositive++
		case s.Alarm:
			m.FalseAlarm++
		}
	}
	m.Precision = ratio(m.TruePositive, m.TruePositive+m.FalseAlarm)
	m.Recall = ratio(m.TruePositive, m.Positive)
	if m.Precision+m.Recall > 0 {
		m.F1 = 2 * m.Precision * m.Recall / (m.Precision + m.Recall)
	}
	m.AveragePrecision = averagePrecision(list)
	return m
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// averagePrecision is the mean of the precision at each true positive, in falling order of
// score. Pairs of equal score count at the end of their group, so that nothing is earned by
// the order of the file; where all are equal it is the base rate.
func averagePrecision(list []Scored) float64 {
	order := append([]Scored(nil), list...)
	sort.SliceStable(order, func(i, j int) bool { return order[i].Score > order[j].Score })
	hits, sum := 0, 0.0
	for i := 0; i < len(order); {
		end, gold := i, 0
		for end < len(order) && order[end].Score == order[i].Score {
			if order[end].Gold {
				gold++
			}
			end++
		}
		hits += gold
		sum += float64(gold) * float64(hits) / float64(end)
		i = end
	}
	if hits == 0 {
		return 0
	}
	return sum / float64(hits)
}
