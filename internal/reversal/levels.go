package reversal

import "volteface/internal/statement"

// Levels are the scores from which a turn is told, listed, or kept to be searched for.
type Levels struct {
	Alert  float64 // mailed at once
	Review float64 // in the digest and on the desk
	Watch  float64 // searchable
}

// DefaultLevels: Alert stands above all that half a year of the White House gave, where nothing had turned; at Review it would have been
// two reversals (docs/evaluation.md).
var DefaultLevels = Levels{Alert: .98, Review: .8, Watch: .5}

// Of says what becomes of a finding of the open search. Softenings are never told at once, and listed only where a reversal would be: of
// the fourteen of that half year that scored .5 or more, none was right.
func (l Levels) Of(verdict string, score float64) statement.Level {
	switch {
	case verdict == Reversal && score >= l.Alert:
		return statement.LevelAlert
	case verdict == Reversal && score >= l.Review, score >= l.Alert:
		return statement.LevelReview
	}
	return statement.LevelWatch
}

// With replaces the scores that other sets; none of them lies below the next.
func (l Levels) With(other Levels) Levels {
	if other.Alert > 0 {
		l.Alert = other.Alert
	}
	if other.Review > 0 {
		l.Review = other.Review
	}
	if other.Watch > 0 {
		l.Watch = other.Watch
	}
	l.Review = min(l.Review, l.Alert)
	l.Watch = min(l.Watch, l.Review)
	return l
}
