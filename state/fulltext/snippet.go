package fulltext

import (
	"strings"
	"unicode/utf8"
)

// Piece is part of a snippet.
type Piece struct {
	Text string
	Hit  bool // a word that was searched for
}

// maxHits bounds the places that are looked at for a snippet.
const maxHits = 5000

type hit struct{ start, end, term int }

// Snippet is the part of a text that answers the query best, about size bytes
// long, with the words that were searched for marked; the beginning of the text
// if none of them stands in it. Breaks become spaces, and an ellipsis stands
// where something is left out.
func Snippet(text string, q Query, size int) []Piece {
	text = normal(text)
	hits := find(text, q.Terms())
	from, to := best(hits, size)
	if len(hits) == 0 {
		to = 0
	}
	// As much before as after, from one word to another.
	spare := max(0, size-(to-from))
	start, end := from-spare/2, to+spare/2
	if start < 0 {
		end, start = min(len(text), end-start), 0
	}
	if end > len(text) {
		start, end = max(0, start-(end-len(text))), len(text)
	}
	start, end = wordStart(text, start, from), wordEnd(text, end, to)
	var pieces []Piece
	add := func(s string, hit bool) {
		if s != "" {
			pieces = append(pieces, Piece{s, hit})
		}
	}
	if start > 0 {
		add("… ", false)
	}
	at := start
	for _, h := range hits {
		if h.start < at || h.end > end {
			continue
		}
		add(oneLine(text[at:h.start]), false)
		add(oneLine(text[h.start:h.end]), true)
		at = h.end
	}
	add(oneLine(text[at:end]), false)
	if end < len(text) {
		add(" …", false)
	}
	return pieces
}

// best is the stretch of hits within size that holds the most different terms,
// then the most hits; the first of several.
func best(hits []hit, size int) (from, to int) {
	most := -1
	count := map[int]int{}
	first := 0
	for _, h := range hits {
		count[h.term]++
		for hits[first].start < h.end-size && hits[first] != h {
			if count[hits[first].term]--; count[hits[first].term] == 0 {
				delete(count, hits[first].term)
			}
			first++
		}
		total := 0
		for _, n := range count {
			total += min(n, 5)
		}
		if score := len(count)*100 + total; score > most {
			most, from, to = score, hits[first].start, h.end
		}
	}
	return from, to
}

// find gives the places of a text where a term stands, in order.
func find(text string, terms []Query) (hits []hit) {
	type seen struct {
		word       string
		start, end int
	}
	longest := 1
	for _, t := range terms {
		longest = max(longest, len(t.Words))
	}
	var last []seen // the words up to the one in hand, as many as a term has at most
	words(text, func(word []byte, start, end int) {
		if len(hits) >= maxHits {
			return
		}
		if len(last) == longest {
			last = append(last[:0], last[1:]...)
		}
		last = append(last, seen{string(word), start, end})
		for n, t := range terms {
			if t.Field == "title" || t.Field == "speaker" || len(t.Words) > len(last) {
				continue
			}
			these := last[len(last)-len(t.Words):]
			fits := true
			for i, w := range t.Words {
				final := i == len(t.Words)-1
				fits = fits && (these[i].word == w || final && t.Prefix && strings.HasPrefix(these[i].word, w))
			}
			if fits {
				h := hit{these[0].start, end, n}
				if final := t.Words[len(t.Words)-1]; t.Prefix && these[len(these)-1].word != final {
					if r, size := utf8.DecodeRuneInString(text[start:]); folding(r).kind == dense { // one character, found by a pair
						h.end = start + size
					}
				}
				if len(hits) > 0 && hits[len(hits)-1].end > h.start { // overlapping: a longer phrase, or pairs of a dense script
					h.start = min(h.start, hits[len(hits)-1].start)
					hits = hits[:len(hits)-1]
				}
				hits = append(hits, h)
				break
			}
		}
	})
	return hits
}

func wordStart(text string, at, before int) int {
	if at <= 0 {
		return 0
	}
	if n := strings.IndexAny(text[at:before], " \n"); n >= 0 && n < 40 {
		return at + n + 1
	}
	for at < before && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

func wordEnd(text string, at, after int) int {
	if at >= len(text) {
		return len(text)
	}
	if n := strings.LastIndexAny(text[after:at], " \n"); n >= 0 && at-after-n < 40 {
		return after + n
	}
	for at > after && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		if r == '\n' || r == '\t' || r == ' ' {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}
