package extract

import (
	"slices"
	"strings"
)

// maxSpeaker bounds a speaker's name, in bytes.
const maxSpeaker = 200

// speakers are the names that the page marks, in order of appearance: first
// those that selectors found, then those that begin a paragraph. Journalists,
// who are "Q" in transcripts, are nobody.
func (x *Extractor) speakers(body string, named []string) []string {
	if x.rules.turns == nil {
		return named
	}
	for p := range strings.SplitSeq(body, "\n") {
		if m := x.rules.turns.FindStringSubmatchIndex(p); m != nil && m[2] >= 0 {
			if name := speakerName(p[m[2]:m[3]]); name != "" && !slices.Contains(named, name) {
				named = append(named, name)
			}
		}
	}
	return named
}

// speakerName is a name as marked without the colon that follows it, "" for
// what names nobody.
func speakerName(s string) string {
	s = strings.TrimRight(collapse(s), " :.,")
	switch strings.ToUpper(s) {
	case "", "Q", "A", "QUESTION", "ANSWER", "REPORTER", "JOURNALIST", "REMARK", "REPLY":
		return ""
	}
	if len(s) > maxSpeaker {
		return ""
	}
	return s
}
