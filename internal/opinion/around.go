package opinion

import (
	"strings"

	"volteface/internal/judge"
)

// Around are the sentences before and after a stretch of a text, from byte start to end; "" where there are none, or where the
// stretch is not in the text. They are looked for in its own paragraph, then in the one beside it.
func Around(text string, start, end int) (before, after string) {
	if start < 0 || end > len(text) || start >= end {
		return "", ""
	}
	from, to := window(text, start, end)
	if paragraph := lastLine(text[from:start]); paragraph != "" {
		if s := judge.Sentences(paragraph); len(s) > 0 {
			before = paragraph[s[len(s)-1][0]:s[len(s)-1][1]]
		}
	}
	if paragraph := firstLine(text[end:to]); paragraph != "" {
		if s := judge.Sentences(paragraph); len(s) > 0 {
			after = paragraph[s[0][0]:s[0][1]]
		}
	}
	return before, after
}

// beside is how many bytes on either side are looked at.
const beside = 4 << 10

func window(text string, start, end int) (from, to int) {
	for from = max(0, start-beside); from < start && text[from]&0xc0 == 0x80; from++ {
	}
	for to = min(len(text), end+beside); to > end && to < len(text) && text[to]&0xc0 == 0x80; to-- {
	}
	return from, to
}

// lastLine and firstLine are the nearest line with a letter in it.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
