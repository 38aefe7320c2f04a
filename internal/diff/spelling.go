package diff

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// misspelt tells whether one of two words looks like a slip for the other: a
// letter or two differ, and the two are no known pair of different words.
func misspelt(a, b string) bool {
	if len(a) < 3 || len(b) < 3 || a == b {
		return false
	}
	x, y := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	allowed := 1
	switch n := min(x, y); {
	case n >= 9:
		allowed = 3
	case n >= 6, n == 5 && firstAndLast(a) == firstAndLast(b):
		allowed = 2
	}
	if x-y > allowed || y-x > allowed || bits.OnesCount64(letterSet(a)^letterSet(b)) > 2*allowed {
		return false // no edit changes more than two letters of the set
	}
	for _, list := range [][]map[string]struct{}{pairsOfNames, opposites} {
		for _, pair := range list {
			if has(pair, a) && has(pair, b) {
				return false
			}
		}
	}
	return !prefixed(a, b) && !prefixed(b, a) && distance([]rune(a), []rune(b), allowed) <= allowed
}

func firstAndLast(word string) [2]rune {
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	return [2]rune{first, last}
}

// letterSet is which letters a word has, as bits; some share one.
func letterSet(word string) (set uint64) {
	for _, r := range word {
		set |= 1 << (r & 63)
	}
	return set
}

// prefixed tells whether b is a with what turns its sense round in front.
func prefixed(a, b string) bool {
	for _, p := range []string{"un", "in", "im", "il", "ir", "dis", "non", "non-", "de", "mis"} {
		if b == p+a {
			return true
		}
	}
	return false
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour (Damerau 1964, in its restricted form), or limit+1 if more.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 60 || len(b) > 60 {
		return limit + 1
	}
	var rows [3][64]int
	two, one, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(one[j]+1, now[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], two[j-2]+1)
			}
		}
		two, one, now = one, now, two
	}
	return one[len(b)]
}

// stem takes off the endings that grammar adds in English, roughly.
func stem(word string) string {
	for _, ending := range []string{"'s", "'", "ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly", "e", "y"} {
		if rest, cut := strings.CutSuffix(word, ending); cut && len(rest) >= 3 {
			if n := len(rest); n > 3 && rest[n-1] == rest[n-2] && (ending == "ing" || ending == "ed") { // planning
				rest = rest[:n-1]
			}
			return rest
		}
	}
	return word
}

// sameWord tells whether two words are one in another form or spelling.
func sameWord(a, b string) bool {
	return a == b || stem(a) == stem(b) || misspelt(a, b) || cutOff(a, b) || cutOff(b, a)
}

// cutOff tells whether a is the beginning of b, of five letters or more.
func cutOff(a, b string) bool { return len(a) >= 5 && strings.HasPrefix(b, a) && len(b) <= 2*len(a) }

// sameName tells whether two names are one in other letters: written with the
// same consonants, as transliterations are.
func sameName(a, b string) bool {
	x, y := consonants(a), consonants(b)
	if len(x) < 4 || x != y {
		return false
	}
	for _, pair := range pairsOfNames {
		if has(pair, a) && has(pair, b) {
			return false
		}
	}
	return true
}

func consonants(word string) string {
	var b strings.Builder
	var last rune
	for _, r := range word {
		if !strings.ContainsRune("aeiouyāēīōūäöüáéíóú'ʻ-", r) && r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// abbreviates tells whether short is made of the initials of the words.
func abbreviates(short string, words []word) bool {
	short = strings.ReplaceAll(short, ".", "")
	if len(short) < 2 || len(short) > 10 || short != strings.ToUpper(short) {
		return false
	}
	i := 0
	for _, w := range words {
		if w.form == aMark || !w.upper {
			continue
		}
		if i >= len(short) || !strings.HasPrefix(w.text, short[i:i+1]) {
			return false
		}
		i++
	}
	return i == len(short)
}
