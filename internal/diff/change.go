package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// change is one place of an edit: what stood there, what stands there now, and
// the sentences it stands in.
type change struct {
	block         *Block
	whole         bool // a paragraph as a whole came or went
	gone, come    []word
	before, after Span
	goneText      string // as published
	comeText      string
	left, right   []word // up to beside words of the text after (before, if all is gone), nearest last and first
	sentence      []word // where it stands, after (before, if it went)
	was           []word // the same before
	opens         bool   // it stands at the beginning of its paragraph
	closes        bool   // at its end
	quoted        bool   // inside of quotation marks
	titled        bool   // in a title, where capitals name nobody
	clipped       bool   // more changed here than is judged
}

// word is a token of a change, with what the rules ask of it.
type word struct {
	text   string // folded
	lower  string
	form   form
	light  bool
	upper  bool // begins with a capital
	first  bool // of its sentence
	tokens token
	// upperNext tells whether a word in capitals follows.
	upperNext bool
}

const beside = 4

// Bounds of what is judged, in bytes: ten times what people publish, so that two texts
// of megabytes that have nothing in common take no longer than their comparison.
const (
	maxPlace = 64 << 10 // of each side of a place; beyond it nothing is made light of
	maxText  = 1 << 20  // of all places together; beyond it no other is looked at
)

// changes collects the places at which an edit changes words, in order, up to
// maxJudged or maxText. What lies between two changes is at least one unchanged word.
func (e *Edit) changes() []change {
	var list []change
	text := 0
	add := func(ch change) {
		text += len(ch.goneText) + len(ch.comeText)
		list = append(list, ch)
	}
	for i := range e.Blocks {
		b := &e.Blocks[i]
		if b.Kind == Same || b.Kind == MovedOut {
			continue
		}
		if len(list) >= maxJudged || text >= maxText {
			break
		}
		a, c := e.before.Body, e.after.Body
		if b.Title {
			a, c = e.before.Title, e.after.Title
		}
		if b.Kind == Added || b.Kind == Removed {
			ch := change{block: b, whole: true, before: b.Before, after: b.After, opens: true, closes: true}
			if b.Kind == Added {
				ch.come = e.side(&ch, &ch.comeText, c, b.After)
				ch.sentence = ch.come
			} else {
				ch.gone = e.side(&ch, &ch.goneText, a, b.Before)
				ch.was = ch.gone
			}
			add(ch)
			continue
		}
		for k := 0; k < len(b.Segments) && len(list) < maxJudged && text < maxText; {
			if b.Segments[k].Op == Equal {
				k++
				continue
			}
			first := b.Segments[k]
			ch := change{block: b, before: first.Before, after: first.After}
			for k < len(b.Segments) {
				s := b.Segments[k]
				if s.Op == Equal && (k+1 == len(b.Segments) || !bridge(s.Text)) {
					break
				}
				ch.before[1], ch.after[1] = s.Before[1], s.After[1]
				k++
			}
			e.fill(&ch, a, c)
			add(ch)
		}
	}
	return list
}

// bridge tells whether two changes belong together although an unchanged
// stretch lies between: at most two words, and no end of a sentence.
func bridge(text string) bool {
	return blank(text) || len(text) <= 32 && len(strings.Fields(text)) <= 2 && !strings.ContainsAny(text, ".!?:;\n|")
}

// fill adds the words of a change inside of a paragraph, and its surroundings.
func (e *Edit) fill(ch *change, a, c string) {
	b := ch.block
	ch.gone, ch.come = e.side(ch, &ch.goneText, a, ch.before), e.side(ch, &ch.comeText, c, ch.after)
	if ch.clipped {
		ch.was, ch.sentence = ch.gone, ch.come
		return
	}
	from, to := sentenceAround(c, b.After, ch.after)
	ch.sentence = e.words(c, from, to)
	wasFrom, wasTo := sentenceAround(a, b.Before, ch.before)
	ch.was = e.words(a, wasFrom, wasTo)
	ch.opens = blank(a[b.Before[0]:ch.before[0]]) && blank(c[b.After[0]:ch.after[0]])
	ch.closes = blank(a[ch.before[1]:b.Before[1]]) && blank(c[ch.after[1]:b.After[1]])
	for _, w := range ch.sentence {
		switch {
		case int(w.tokens.end) <= ch.after[0]:
			ch.left = append(ch.left, w)
		case int(w.tokens.start) >= ch.after[1] && len(ch.right) < beside:
			ch.right = append(ch.right, w)
		}
	}
	ch.left = ch.left[max(0, len(ch.left)-beside):]
	if n := len(ch.gone); n > 0 && len(ch.right) > 0 {
		ch.gone[n-1].upperNext = ch.right[0].upper && ch.right[0].form == aWord
	}
	if n := len(ch.come); n > 0 && len(ch.right) > 0 {
		ch.come[n-1].upperNext = ch.right[0].upper && ch.right[0].form == aWord
	}
	ch.titled = titled(ch.sentence) || titled(ch.was)
	ch.quoted = inQuotes(c, b.After[0], ch.after[0])
}

// side gives the words of one side of a change, and sets its text: as much as is judged.
func (e *Edit) side(ch *change, part *string, text string, span Span) []word {
	end := span[1]
	if end-span[0] > maxPlace {
		for end = span[0] + maxPlace; !utf8.RuneStart(text[end]) && end > span[0]+maxPlace-utf8.UTFMax; {
			end--
		}
		ch.clipped = true
	}
	*part = text[span[0]:end]
	return e.words(text, span[0], end)
}

// words cuts a stretch of text up for the rules.
func (e *Edit) words(text string, start, end int) []word {
	tokens := e.lex.tokens(text, start, end)
	list := make([]word, len(tokens))
	for i, t := range tokens {
		f := e.lex.folded(t.id)
		r, _ := utf8.DecodeRuneInString(f)
		list[i] = word{text: f, lower: strings.ToLower(f), form: t.form, light: t.light, upper: unicode.IsUpper(r), first: opensSentence(text, int(t.start)), tokens: t}
	}
	for i := range len(list) - 1 {
		list[i].upperNext = list[i+1].upper && list[i+1].form == aWord && !list[i+1].light
	}
	return list
}

// titled tells whether a sentence is written like an English title: without an
// end, and every word that says something in capitals. Lists of names have
// commas.
func titled(list []word) bool {
	upper, all, commas := 0, 0, 0
	for _, w := range list {
		switch {
		case w.form == aWord && !w.light:
			all++
			if w.upper {
				upper++
			}
		case w.text == "," || w.text == "|":
			commas++
		}
	}
	return all >= 4 && all <= 24 && commas <= 1 && upper*10 >= all*9 && list[len(list)-1].text != "."
}

// opensSentence tells whether what stands at i may be capitalised only because
// a sentence begins there.
func opensSentence(text string, i int) bool {
	before := strings.TrimRight(text[max(0, i-8):i], " \t“\"'‘(\u00a0")
	if before == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?:\n;•·–—-", r)
}

// sentenceAround widens a span to the sentence it stands in, roughly.
func sentenceAround(text string, block, span Span) (from, to int) {
	from, to = span[0], span[1]
	for from > block[0] && span[0]-from < 600 && !(from < span[0] && endsSentence(text, from)) {
		from--
	}
	for to < block[1] && to-span[1] < 600 && !(to > from && endsSentence(text, to)) {
		to++
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	for to < block[1] && !utf8.RuneStart(text[to]) {
		to++
	}
	return from, to
}

// endsSentence tells whether a sentence seems to end right before i.
func endsSentence(text string, i int) bool {
	if i == 0 || i >= len(text) {
		return false
	}
	switch text[i-1] {
	case '\n':
		return true
	case '.', '!', '?':
		return text[i] == ' ' && i+1 < len(text) && (text[i+1] >= 'A' && text[i+1] <= 'Z' || text[i+1] >= utf8.RuneSelf)
	}
	return false
}

// inQuotes tells whether quotation marks are open at i, in a paragraph that
// begins at start.
func inQuotes(text string, start, i int) bool {
	open := false
	const far = 4000 // bytes: no quotation is longer
	for _, r := range text[max(start, i-far):i] {
		switch r {
		case '“', '«', '„':
			open = true
		case '”', '»':
			open = false
		case '"':
			open = !open
		}
	}
	return open
}
