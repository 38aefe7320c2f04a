package extract

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxSpeaker bounds a speaker's name, in bytes; maxTurns how often a page may
// mark one, and maxSpeakers how many there may be. The Kremlin's annual news
// conference, the longest page seen, has 340 turns of some 65 people.
const (
	maxSpeaker  = 200
	maxTurns    = 5000
	maxSpeakers = 300
)

// speakers are the names that the page marks, in order of appearance: first
// those that selectors found, then those that begin a paragraph. Journalists,
// who are "Q" in transcripts, are nobody.
func (x *Extractor) speakers(body string, named []string) []string {
	if x.rules.turns == nil {
		return named
	}
	for p := range strings.SplitSeq(body, "\n") {
		if m := x.rules.turns.FindStringSubmatchIndex(p); m != nil && m[2] >= 0 {
			if name := speakerName(p[m[2]:m[3]]); name != "" && len(named) < maxSpeakers && !slices.Contains(named, name) {
				named = append(named, name)
			}
		}
	}
	return named
}

// markedSpeaker is the name in an element that a speaker's selector matches.
// Bold or italic type alone names nobody, as headings stand in it too: there a
// colon must follow, in the same type or right after it, as in "<b>Vladimir</b>
// <b>Putin</b> (in Russian):".
func markedSpeaker(n *html.Node, drop []cascadia.SelectorGroup) string {
	if !emphasis(n) {
		return speakerName(partOf(n, drop))
	}
	var name strings.Builder
	for range 8 { // parts of one name; more are no name
		part := partOf(n, drop)
		said, _, colon := strings.Cut(part, ":")
		if open := strings.IndexByte(said, '('); open >= 0 {
			end := strings.IndexByte(said, ')')
			if end < open {
				end = len(said) - 1
			}
			said = said[:open] + said[end+1:]
		}
		switch {
		case emphasis(n):
			if name.Len() > 0 {
				name.WriteByte(' ')
			}
			name.WriteString(said)
		case strings.Trim(said, " ") != "":
			return "" // prose before the colon
		}
		if colon {
			return speakerName(name.String())
		}
		if n = n.NextSibling; n == nil || name.Len() > maxSpeaker {
			break
		}
	}
	return ""
}

func emphasis(n *html.Node) bool {
	return n.DataAtom == atom.B || n.DataAtom == atom.Strong || n.DataAtom == atom.I || n.DataAtom == atom.Em
}

// partOf is the text of an element or text node on one line.
func partOf(n *html.Node, drop []cascadia.SelectorGroup) string {
	w := newLine()
	w.body(n, drop)
	return w.release()
}

// speakerName is a name as marked without the colon that follows it, "" for
// what names nobody.
func speakerName(s string) string {
	s = strings.Trim(collapse(s), " :.,*")
	switch strings.ToUpper(s) {
	case "", "Q", "A", "QUESTION", "ANSWER", "REPORTER", "JOURNALIST", "REMARK", "REPLY":
		return ""
	}
	if len(s) > maxSpeaker {
		return ""
	}
	return s
}
