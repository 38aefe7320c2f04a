package fulltext

import "slices"

// Without is what is left of a query when some of its terms are not asked for: all that
// fits the query fits it, and more may. With all, nothing is left, and anything may fit.
func (q Query) Without(dropped func(term Query) bool) (left Query, all bool) {
	switch q.Op {
	case Term:
		return q, dropped(q)
	case Not:
		against, _ := q.Parts[1].Every()
		left, all = q.Parts[0].Without(dropped)
		if all || slices.ContainsFunc(against, dropped) {
			return left, all
		}
		return Query{Op: Not, Parts: []Query{left, q.Parts[1]}}, false
	}
	var parts []Query
	for _, p := range q.Parts {
		rest, every := p.Without(dropped)
		switch {
		case !every:
			parts = append(parts, rest)
		case q.Op == Or:
			return Query{}, true
		}
	}
	switch len(parts) {
	case 0:
		return Query{}, true
	case 1:
		return parts[0], false
	}
	return Query{Op: q.Op, Parts: parts}, false
}
