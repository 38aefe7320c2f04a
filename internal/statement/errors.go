package statement

import (
	"errors"
	"slices"
	"strings"
)

// ErrNotFound says that the thing asked for is not remembered.
var ErrNotFound = errors.New("not found")

// HintedError is an error with advice for the person who sees it. The command
// line shows it as "error:" and "hint:".
type HintedError struct {
	Err  error
	Hint string
}

func (e *HintedError) Error() string { return e.Err.Error() }
func (e *HintedError) Unwrap() error { return e.Err }

// WithHint adds advice to err; nil stays nil.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &HintedError{Err: err, Hint: hint}
}

// HintOf is the advice nearest to the surface of err, or "".
func HintOf(err error) string {
	var h *HintedError
	if errors.As(err, &h) {
		return h.Hint
	}
	return ""
}

// Nearest is the word of the list that a person who typed word most likely
// meant, or "" if none is near: at most a third of its letters differ
// (Levenshtein distance, in bytes), or they are in another order: hots for host.
// Else it is a name of several words of which one begins as the word does, or the word as it: drones for
// drone-supply-to-russia.
func Nearest(word string, among []string) string {
	best, nearest := len(word)/3+1, ""
	for _, w := range among {
		d := distance(word, w)
		if d > 1 && slices.Equal(slices.Sorted(slices.Values([]byte(word))), slices.Sorted(slices.Values([]byte(w)))) {
			d = 1
		}
		if d <= best && (nearest == "" || d < best) {
			best, nearest = d, w
		}
	}
	if nearest != "" || len(word) < leastPart {
		return nearest
	}
	for _, w := range among {
		parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '.' })
		if slices.ContainsFunc(append(parts, w), func(part string) bool {
			return len(part) >= leastPart && (strings.HasPrefix(part, word) || strings.HasPrefix(word, part))
		}) {
			return w
		}
	}
	return ""
}

// leastPart is how many bytes of a name must agree for it to be suggested.
const leastPart = 4

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
