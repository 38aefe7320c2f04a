// Package term is how volteface looks on a terminal: colours, tables, a
// progress bar, and text from the web made harmless.
package term

import (
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"

	xterm "golang.org/x/term"
)

// IsTerminal reports whether w is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// Color reports whether to colour what goes to w: a terminal, and neither
// NO_COLOR (https://no-color.org) nor TERM=dumb.
func Color(w io.Writer, getenv func(string) string) bool {
	return IsTerminal(w) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// Style is an SGR colour (ECMA-48, section 8.3.117).
type Style string

// The styles in use.
const (
	Plain  Style = ""
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
	Cyan   Style = "36"
)

// Paint wraps text in a style if on.
func Paint(on bool, s Style, text string) string {
	if !on || s == Plain {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Clean makes a string from the web fit for a terminal and for one line:
// control characters, line breaks and the characters that turn the direction
// of writing (UAX #9, section 2) become spaces or vanish.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), Reorders(r), hides(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// CleanText is Clean for several lines: line breaks and tabs stay.
func CleanText(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || Reorders(r) || hides(r)) {
			return -1
		}
		return r
	}, s)
}

// Reorders reports whether r overrides, embeds or isolates the direction of
// writing: such characters can make a line read as what it is not.
func Reorders(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// hides reports whether r is not seen and can carry words that a reader does not
// see: tags and the rest of their block (U+E0000 to U+E0FFF), fillers, and other
// characters of format. The joiners that Persian and the Indic scripts need, the
// soft hyphen and the marks of direction, which texts are full of, are none.
func hides(r rune) bool {
	switch r {
	case '\u00ad', '\u200c', '\u200d', '\u200e', '\u200f', '\u061c':
		return false
	case '\u034f', '\u115f', '\u1160', '\u3164', '\uffa0':
		return true
	}
	return r >= 0xE0000 && r <= 0xE0FFF || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// Title is a title fit for a line of a terminal: clean, and no longer than any
// title has reason to be.
func Title(s string) string {
	if len(s) > 16*longestTitle { // what cannot be shown is not looked at
		s = strings.ToValidUTF8(s[:16*longestTitle], "")
	}
	return Cut(Clean(s), longestTitle)
}

// longestTitle is the longest title shown, in characters.
const longestTitle = 300

// Cut shortens text to n characters, with an ellipsis where something is gone.
func Cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return strings.TrimRight(string(runes[:n-1]), " ") + "…"
	}
	return s
}

// Table writes rows in columns, the first row as headings.
func Table(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		if _, err := io.WriteString(t, strings.TrimRight(strings.Join(row, "\t"), "\t")+"\n"); err != nil {
			return err
		}
	}
	return t.Flush()
}
