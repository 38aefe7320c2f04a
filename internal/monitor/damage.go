package monitor

import (
	"strings"
	"unicode/utf8"
)

// Bytes that make no character become U+FFFD when a page is read. A capture
// with a few of them came damaged, by a broken proxy or disk on the way: what
// it lost is not an edit.
const (
	maxLost = 20 // places; more is another character set, not damage
	maxGap  = 4  // characters that one place may stand for
)

// onlyDamaged reports whether one of two texts is the other with characters
// lost.
func onlyDamaged(a, b string) bool {
	return lost(a, b) || lost(b, a)
}

// lost reports whether damaged is whole with characters lost.
func lost(damaged, whole string) bool {
	pieces := strings.Split(damaged, string(utf8.RuneError))
	if len(pieces) == 1 || len(pieces)-1 > maxLost || !strings.HasPrefix(whole, pieces[0]) {
		return false
	}
	rest := whole[len(pieces[0]):]
	for i, piece := range pieces[1:] {
		last := i == len(pieces)-2
		found := false
		for range maxGap + 1 {
			if found = strings.HasPrefix(rest, piece) && (!last || len(rest) == len(piece)); found {
				break
			}
			_, size := utf8.DecodeRuneInString(rest)
			rest = rest[size:]
		}
		if !found {
			return false
		}
		rest = rest[len(piece):]
	}
	return true
}
