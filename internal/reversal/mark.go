package reversal

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

const (
	// mostParts is into how many parts a text is cut to find those that carry a turn.
	mostParts = 16
	// partWords is how many words a part has at least.
	partWords = 2
	// carried is the share of a turn's log-odds that must go with words for them to carry it.
	carried = .25
)

// mark finds the words on either side without which the judge would see less of a turn: each part of a text is left out in
// turn (occlusion; Zeiler and Fergus 2014, Li et al. 2016), and the parts next to each other that take most with them are marked. Where
// no part takes much, nothing is marked.
func (s *Search) mark(ctx context.Context, t *Turn) error {
	before, after := parts(t.Before.Text), parts(t.After.Text)
	pairs := []judge.Pair{{Before: read(t.Before), After: read(t.After)}}
	without := func(p statement.Passage, part statement.Span) judge.Passage {
		p.Text = p.Text[:part.Start] + p.Text[part.End:]
		return read(p)
	}
	for _, part := range before {
		pairs = append(pairs, judge.Pair{Before: without(t.Before, part), After: read(t.After)})
	}
	for _, part := range after {
		pairs = append(pairs, judge.Pair{Before: read(t.Before), After: without(t.After, part)})
	}
	readings, err := s.Judge.Pairs(ctx, pairs)
	if err != nil {
		return err
	}
	odds := func(r judge.Reading) float64 {
		if t.Verdict == Reversal {
			return judge.Logit(r.Reversal)
		}
		return judge.Logit(r.Reversal + r.Softening)
	}
	whole := odds(readings[0])
	falls := make([]float64, len(readings)-1)
	for i, r := range readings[1:] {
		falls[i] = whole - odds(r)
	}
	// What both sides speak of is the matter, and not the turn.
	for i, part := range before {
		falls[i] *= own(t.Before.Text[part.Start:part.End], t.After.Terms)
	}
	for i, part := range after {
		falls[len(before)+i] *= own(t.After.Text[part.Start:part.End], t.Before.Terms)
	}
	t.BeforeMark = heaviest(t.Before.Text, before, falls[:len(before)])
	t.AfterMark = heaviest(t.After.Text, after, falls[len(before):])
	return nil
}

// own is which share of what words speak of another text does not; all of it where they are too short to tell.
func own(words string, others []uint32) float64 {
	terms := Terms(words)
	if len(terms) == 0 {
		return 1
	}
	n := 0
	for _, x := range terms {
		if _, known := slices.BinarySearch(others, x); !known {
			n++
		}
	}
	return float64(n) / float64(len(terms))
}

// heaviest is the run of parts of which each takes at least half as much as the one that takes most, around that one.
func heaviest(text string, all []statement.Span, falls []float64) statement.Span {
	most := -1
	for i, f := range falls {
		if most < 0 || f > falls[most] {
			most = i
		}
	}
	if most < 0 || falls[most] < carried {
		return statement.Span{}
	}
	from, to := most, most
	for from > 0 && falls[from-1] >= falls[most]/2 {
		from--
	}
	for to+1 < len(all) && falls[to+1] >= falls[most]/2 {
		to++
	}
	span := statement.Span{Start: all[from].Start, End: all[to].End}
	span.End = span.Start + len(strings.TrimRightFunc(text[span.Start:span.End], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:、，", r) }))
	return unquoted(text, span)
}

// The marks that open and close quotations.
const openers, closers = "“«„「『", "”»」』"

// unquoted is a span without the mark at its end that closes what is opened before it, and the one at its beginning that opens what is
// closed behind it.
func unquoted(text string, span statement.Span) statement.Span {
	words := text[span.Start:span.End]
	if last, n := utf8.DecodeLastRuneInString(words); strings.ContainsRune(closers, last) && !strings.ContainsAny(words, openers) {
		span.End -= n
	}
	if first, n := utf8.DecodeRuneInString(words); strings.ContainsRune(openers, first) && !strings.ContainsAny(words, closers) {
		span.Start += n
	}
	if span.Start >= span.End {
		return statement.Span{}
	}
	return span
}

// parts cuts a text into parts of some words each, at punctuation where there is some; in scripts without spaces, by letters.
func parts(text string) []statement.Span {
	var words []statement.Span // each with the space after it
	start, seen, wide := 0, false, 0
	flush := func(end int) {
		if seen && end > start {
			words = append(words, statement.Span{Start: start, End: end})
			start, seen, wide = end, false, 0
		}
	}
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
		case i > 0 && spaceBefore(text, i):
			flush(i)
		case wide >= 3 && statement.Unspaced(r):
			flush(i)
		}
		seen = seen || !unicode.IsSpace(r)
		if statement.Unspaced(r) {
			wide++
		}
	}
	flush(len(text))
	each := max(partWords, (len(words)+mostParts-1)/mostParts)
	var out []statement.Span
	for at := 0; at < len(words); {
		end := at + 1
		for end < len(words) && end-at < each && !closes(text[words[end-1].Start:words[end-1].End]) {
			end++
		}
		if len(out) == mostParts { // many short clauses: the rest is one part
			end = len(words)
		}
		out = append(out, statement.Span{Start: words[at].Start, End: words[end-1].End})
		at = end
	}
	if len(out) < 2 {
		return nil // leaving out all of it says nothing
	}
	return out
}

// spaceBefore tells whether a space ends where a word begins.
func spaceBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsSpace(r)
}

// closes tells whether a word ends a clause.
func closes(word string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(word, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"”’»)`, r) }))
	return strings.ContainsRune(",;:.!?—–，。；、؛،؟", r)
}
