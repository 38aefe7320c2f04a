package raised

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/statement"
)

// The characters of Unicode for figures and signs that are raised or lowered.
const (
	plain = "0123456789+-=()n"
	above = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"
	below = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ"
)

var (
	toAbove, toBelow = pairs(plain, above), pairs(plain, below)
	fromAbove        = pairs(above, plain)
)

func pairs(from, to string) map[rune]rune {
	a, b, m := []rune(from), []rune(to), map[rune]rune{}
	for i := range a {
		m[a[i]] = b[i]
	}
	return m
}

// Above writes figures and signs with the raised characters of Unicode; ok is
// false where one of them has none.
func Above(s string) (raised string, ok bool) { return write(s, toAbove) }

// Below is Above for lowered ones. A decimal point stays: PM₂.₅.
func Below(s string) (lowered string, ok bool) { return write(s, toBelow) }

func write(s string, to map[rune]rune) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		value, isDigit := statement.Digit(r)
		switch {
		case isDigit:
			r = to['0'+rune(value)]
		case r == '−' || r == '–':
			r = to['-']
		case r == '.' && b.Len() > 0:
		case to[r] != 0:
			r = to[r]
		default:
			return s, false
		}
		b.WriteRune(r)
	}
	return b.String(), s != ""
}

// isScript tells a raised or lowered character of Unicode.
func isScript(r rune) bool { return isDigitScript(r) || strings.ContainsRune(below, r) }

func isDigitScript(r rune) bool { return strings.ContainsRune(above, r) }

// WithoutMarks leaves out of a line the marks of notes that are written with
// raised characters of Unicode (2027¹), as figures in square brackets right
// behind a word ([1]), or as daggers. What may count stays. The second result is
// how many went.
func WithoutMarks(line string) (string, int) {
	if !strings.ContainsAny(line, above+"[†‡") {
		return line, 0
	}
	var b strings.Builder
	gone, from := 0, 0
	for i := 0; i < len(line); {
		end, mark := markAt(line, i)
		if end == i {
			_, n := utf8.DecodeRuneInString(line[i:])
			i += n
			continue
		}
		before, after := line[:i], line[end:]
		if !mark || !Mark(tail(before), Digits(line[i:end]), after) {
			i = end
			continue
		}
		kept := strings.TrimRight(line[from:i], " \u00a0")
		if line[i] != '[' || attached(before) {
			kept = line[from:i]
		}
		b.WriteString(kept)
		if Joined(before, after) {
			b.WriteByte(' ')
		}
		gone, from, i = gone+1, end, end
	}
	if gone == 0 {
		return line, 0
	}
	b.WriteString(line[from:])
	return b.String(), gone
}

// markAt is the end of what may be a mark at i, or i; mark is false for what
// looks like one and is none by where it stands.
func markAt(line string, i int) (end int, mark bool) {
	r, n := utf8.DecodeRuneInString(line[i:])
	behind := i > 0
	switch {
	case r == '†' || r == '‡':
		return i + n, true
	case isDigitScript(r):
		end = i
		for end < len(line) {
			r, n := utf8.DecodeRuneInString(line[end:])
			if !isDigitScript(r) && !(strings.ContainsRune(",˒⁻", r) && end+n < len(line) && isDigitScript(first(line[end+n:]))) {
				break
			}
			end += n
		}
		return end, true
	case r == '[':
		k := strings.IndexByte(line[i:min(len(line), i+16)], ']')
		if k < 2 || !isFigure(line[i+1:i+k]) {
			return i, false
		}
		return i + k + 1, behind && (attached(line[:i]) || follows(line[:i], line[i+k+1:]))
	}
	return i, false
}

// attached tells whether text ends with a word or a stop, with no space behind.
func attached(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".,;:!?”’\"»)]%。、", r)
}

// follows tells whether a figure in brackets with a space before it is a mark by
// its neighbours: it stands between two sentences, or ends one or a clause, and
// no word before it names a paragraph, as in "the judgment at [12]."
func follows(before, after string) bool {
	spaced := strings.TrimRight(before, " \u00a0")
	last, _ := utf8.DecodeLastRuneInString(spaced)
	if spaced == before || spaced == "" || cites[strings.ToLower(lastWord(strings.TrimRight(spaced, ".")))] {
		return false
	}
	if strings.ContainsRune(".!?”»", last) {
		rest := strings.TrimLeft(after, " \u00a0")
		return rest == "" || rest[0] == '\n' || rest != after && !unicode.IsLower(first(rest))
	}
	return unicode.IsLetter(last) && after != "" && strings.ContainsRune(".,;:", first(after))
}

var cites = set(`at in see and or to of from by para paras paragraph paragraphs point points section sections note notes article articles item items no nos number numbers clause clauses step steps`)

// Digits writes raised characters of Unicode as plain ones.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if p := fromAbove[r]; p != 0 {
			return p
		}
		return r
	}, s)
}

// tail is the end of a line, as much as tells what stands there.
func tail(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	s = s[len(s)-most:]
	for s != "" && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}
