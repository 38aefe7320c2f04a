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
