package fulltext

import "strings"

// Count says how often each term stands in a part of a statement, named as in
// Fields, and how many words the part has.
func Count(text, field string, terms []Query, counts []int) (length int) {
	longest := 0
	for _, t := range terms {
		longest = max(longest, len(t.Words))
	}
	var last []string // the words up to the one in hand, where there are phrases
	words(normal(text), func(word []byte, _, _ int) {
		length++
		if longest > 1 {
			if len(last) == longest {
				last = append(last[:0], last[1:]...)
			}
			last = append(last, string(word))
		}
		for i, t := range terms {
			if t.Field != "" && t.Field != field || len(t.Words) > 1 && !ends(last, t) {
				continue
			}
			if final := t.Words[len(t.Words)-1]; string(word) == final || t.Prefix && strings.HasPrefix(string(word), final) {
				counts[i]++
			}
		}
	})
	return length
}

// ends reports whether the words before the last are those of a phrase.
func ends(last []string, t Query) bool {
	from := len(last) - len(t.Words)
	if from < 0 {
		return false
	}
	for i, w := range t.Words[:len(t.Words)-1] {
		if last[from+i] != w {
			return false
		}
	}
	return true
}

// Every are all terms of a query, in order, and which of them are not to be
// there.
func (q Query) Every() (terms []Query, against []bool) {
	var walk func(q Query, not bool)
	walk = func(q Query, not bool) {
		if q.Op == Term {
			terms, against = append(terms, q), append(against, not)
		}
		for i, p := range q.Parts {
			walk(p, not != (q.Op == Not && i == 1))
		}
	}
	walk(q, false)
	return terms, against
}

// Fits reports whether a statement fits, given how often each of Every stands in
// it.
func (q Query) Fits(counts []float64) bool {
	fits, _ := q.fits(counts)
	return fits
}

// fits takes the counts of its own terms and gives the rest.
func (q Query) fits(counts []float64) (fits bool, rest []float64) {
	if q.Op == Term {
		return counts[0] > 0, counts[1:]
	}
	fits = q.Op != Or
	for i, p := range q.Parts {
		var one bool
		one, counts = p.fits(counts)
		switch {
		case q.Op == Or:
			fits = fits || one
		case q.Op == Not && i == 1:
			fits = fits && !one
		default:
			fits = fits && one
		}
	}
	return fits, counts
}
