package reversal

import "strings"

// Stream is the statements of one topic or issuer in time order, each judged against all
// before it.
type Stream struct {
	engine  *Engine
	earlier []*Statement
	turned  map[int]bool // statements whose position has been turned round already
}

// NewStream begins a stream.
func (e *Engine) NewStream() *Stream { return &Stream{engine: e, turned: map[int]bool{}} }

// Alert is what a new statement turns round.
type Alert struct {
	Verdict
	// Before are the places in the stream, from 0, of the statements that it turns round,
	// the best evidence first.
	Before []int
}

// Add judges a statement against the earlier ones of the same issuer or government and
// keeps it. It gives the strongest verdict, and is false where there is none. A position
// that was turned round once is not news again.
func (s *Stream) Add(x *Statement) (Alert, bool) {
	var alert Alert
	for i, before := range s.earlier {
		if s.turned[i] || !SameSide(before, x) {
			continue
		}
		v := s.engine.Compare(before, x)
		switch {
		case v.Verdict == None:
		case v.Verdict == Reversal && alert.Verdict.Verdict != Reversal:
			alert = Alert{Verdict: v, Before: []int{i}}
		case v.Verdict == alert.Verdict.Verdict && v.Score > alert.Score:
			v.Evidence = append(v.Evidence, alert.Evidence...)
			alert = Alert{Verdict: v, Before: append([]int{i}, alert.Before...)}
		case v.Verdict == alert.Verdict.Verdict:
			alert.Evidence = append(alert.Evidence, v.Evidence...)
			alert.Before = append(alert.Before, i)
		case alert.Verdict.Verdict == "":
			alert = Alert{Verdict: v, Before: []int{i}}
		}
	}
	s.earlier = append(s.earlier, x)
	if len(alert.Before) == 0 {
		return Alert{}, false
	}
	if alert.Verdict.Verdict == Reversal {
		for _, i := range alert.Before {
			s.turned[i] = true
		}
	}
	return alert, true
}

// SameSide tells whether two statements are of one issuer or one government, as far as
// they say whose they are.
func SameSide(a, b *Statement) bool {
	if a.Government != "" && b.Government != "" {
		return strings.EqualFold(a.Government, b.Government)
	}
	if a.Issuer != "" && b.Issuer != "" {
		return strings.EqualFold(a.Issuer, b.Issuer)
	}
	return true
}
