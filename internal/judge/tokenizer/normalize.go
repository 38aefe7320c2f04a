package tokenizer

import (
	"regexp"
	"strings"
	"unicode"
)

// sequence applies normalizers one after the other.
type sequence []normalizer

func (n sequence) normalize(s string) string {
	for _, step := range n {
		s = step.normalize(s)
	}
	return s
}

// spaces makes each run of white space one space. (unicode.IsSpace is the White_Space property, as is Rust's and Oniguruma's.)
type spaces struct{}

func (spaces) normalize(s string) string {
	clean := true
	var before rune
	for _, r := range s {
		if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			clean = false
			break
		}
		before = r
	}
	if clean {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	inside := false
	for _, r := range s {
		space := unicode.IsSpace(r)
		if space && !inside {
			out.WriteByte(' ')
		} else if !space {
			out.WriteRune(r)
		}
		inside = space
	}
	return out.String()
}

// strip takes white space from the ends.
type strip struct{ left, right bool }

func (n strip) normalize(s string) string {
	if n.left {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
	}
	if n.right {
		s = strings.TrimRightFunc(s, unicode.IsSpace)
	}
	return s
}

// replace writes one string for another.
type replace struct{ old, new string }

func (n replace) normalize(s string) string { return strings.ReplaceAll(s, n.old, n.new) }

// rewrite writes a string for each match of an expression.
type rewrite struct {
	expression *regexp.Regexp
	new        string
}

func (n rewrite) normalize(s string) string { return n.expression.ReplaceAllLiteralString(s, n.new) }

// prefix puts a string before a text that is not empty.
type prefix struct{ text string }

func (n prefix) normalize(s string) string {
	if s == "" {
		return s
	}
	return n.text + s
}

// lowercase writes each character's lower case by itself: no final sigma.
type lowercase struct{}

func (lowercase) normalize(s string) string {
	s = strings.ReplaceAll(s, "\u0130", "i\u0307") // İ, the one letter whose lower case is two
	return strings.Map(unicode.ToLower, s)
}
