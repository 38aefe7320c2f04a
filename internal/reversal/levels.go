package reversal

// Levels are the scores from which a turn is told, listed, or kept to be searched for.
type Levels struct {
	Alert  float64 // mailed at once
	Review float64 // in the digest and on the desk
	Watch  float64 // searchable
}

// DefaultLevels: Alert stands above all that half a year of the White House gave, where nothing had turned; at Review it would have been
// seven findings (docs/evaluation.md).
var DefaultLevels = Levels{Alert: .98, Review: .8, Watch: .5}

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
