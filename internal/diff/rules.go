package diff

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"volteface/internal/statement"
)

// finding is what a rule found at one place.
type finding struct {
	Reason
	importance int
	unsure     bool // the rules end here: a reading, or the model, decides between editorial and substantive
	read       bool // it was read
	stand      bool // and takes a stand
	place      *change
}

// judge applies the rules to one change, the surest first.
func (e *Edit) judge(ch *change, ctx *texts) []finding {
	say := func(class statement.Class, kind statement.EditKind, rule, text string) finding {
		return finding{Reason: Reason{Rule: rule, Class: class, Kind: kind, Text: text, Title: ch.block.Title, Before: ch.before, After: ch.after}, place: ch}
	}
	none := func(rule, text string) []finding {
		return []finding{say(statement.ClassNone, "", rule, text)}
	}
	editorial := func(rule, text string) []finding {
		return []finding{say(statement.ClassEditorial, "", rule, text)}
	}
	if blank(ch.goneText) && blank(ch.comeText) {
		if ch.goneText == "" || ch.comeText == "" {
			return editorial("space", "a space or line break came or went between two words")
		}
		return none("spaces", "only spaces or line breaks differ")
	}
	if ch.whole {
		return e.judgeParagraph(ch, ctx, say)
	}
	if f := e.lifted(ch, say); f != nil {
		return f
	}
	if f := furniture(ch.goneText, ch.gone); f != "" && blank(ch.comeText) {
		if ch.opens && (len(ch.gone) >= 3 || strings.Contains(ch.goneText, "\n")) || strings.Contains(ch.goneText, "#") || strings.ContainsAny(ch.goneText, "·•") {
			return none("furniture", f+" went: "+clip(ch.goneText))
		}
	}
	if f := furniture(ch.comeText, ch.come); f != "" && blank(ch.goneText) {
		if ch.opens && (len(ch.come) >= 3 || strings.Contains(ch.comeText, "\n")) && !strings.ContainsAny(ch.comeText, "\"“”'’()[]") && !strings.ContainsFunc(ch.comeText, unicode.IsDigit) || strings.Contains(ch.comeText, "#") {
			return none("furniture", f+" came: "+clip(ch.comeText))
		}
	}
	if why := e.furnitureStill(ch); why != "" {
		return none("furniture", why+" was renamed: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if ch.opens && numbersList(ch) {
		return editorial("list-number", "a number of a list")
	}
	if ch.opens && len(ch.gone) == 0 && heading(strings.Trim(ch.comeText, " .:"), ch.come[:max(1, len(ch.come)-1)]) && (closed(ch.right) || closed(ch.come[len(ch.come)-1:])) ||
		ch.opens && len(ch.come) == 0 && heading(strings.Trim(ch.goneText, " .:"), ch.gone[:max(1, len(ch.gone)-1)]) && (closed(ch.right) || closed(ch.gone[len(ch.gone)-1:])) {
		return editorial("heading", "a heading at the beginning of a paragraph")
	}
	if damaged(ch.goneText, ch.comeText) {
		return editorial("encoding", "letters broken by a wrong encoding, or mended: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if e.stamp(ch) {
		return none("stamp", "when the page was touched: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if a, b := clock(ch.goneText), clock(ch.comeText); a >= 0 && a == b {
		return editorial("notation", "the same time of day, written otherwise: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if sameRange(ch.gone, ch.come) {
		return editorial("notation", "the same days, written otherwise: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if dateline(ch) {
		return editorial("dateline", "the place a text begins with, in another style: "+clip(ch.goneText+" → "+ch.comeText))
	}
	if marked := correction(ch); marked != nil {
		found := []finding{say(statement.ClassSubstantive, statement.KindCorrection, "marked-correction", "the right words stand beside the wrong ones: "+clip(ch.comeText))}
		if n := len(marked); n > 1 && (marked[1].form == aNumber || marked[1].form == anAmount) {
			found = append(found, say(statement.ClassSubstantive, statement.KindNumber, "marked-figure", "a figure is corrected: "+clip(ch.comeText)))
		}
		if slices.ContainsFunc(marked, func(w word) bool { return has(hedgesAlone, w.lower) }) {
			found = append(found, say(statement.ClassSubstantive, statement.KindHedge, "marked-hedge", "the right words are more or less certain: "+clip(ch.comeText)))
		}
		return found
	}
	if e.minus(ch) {
		return []finding{say(statement.ClassSubstantive, statement.KindNumber, "minus", "a minus sign came or went: "+orNothing(ch.goneText)+" → "+orNothing(ch.comeText))}
	}
	if glued(ch.goneText) == glued(ch.comeText) {
		return editorial("marks", "only hyphens or spaces differ")
	}
	if reordered(ch) {
		return editorial("order", "the words of a sentence stand in another order: "+clip(ch.goneText+ch.comeText))
	}
	q := e.quantityFindings(ch, say)
	if len(q) == 0 {
		a, b := letters(ch.goneText), letters(ch.comeText)
		switch {
		case a == b:
			return editorial("marks", "only punctuation or spaces differ")
		case strings.EqualFold(a, b):
			return editorial("capitals", "only capitals differ")
		case ctx.repeated(ch):
			return editorial("repeated", "the same words stand elsewhere in the text: "+clip(ch.goneText+ch.comeText))
		}
	}
	if direction(ch) {
		return editorial("direction", "a note of the stenographer: "+clip(ch.goneText+ch.comeText))
	}
	if speaker(ch) {
		return editorial("speaker", "the name of a speaker was mended")
	}
	rest := e.wordFindings(ch, ctx, say, len(q) > 0)
	return append(q, rest...)
}

// clip is a stretch of text for a reason.
func clip(text string) string {
	text = strings.Join(strings.Fields(harmless(text)), " ")
	if r := []rune(text); len(r) > 60 {
		return string(r[:57]) + "…"
	}
	return text
}

// letters is what is left of a text without marks and spaces.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("%$€£¥+", r) {
			return r
		}
		return -1
	}, fold(text))
}

// glued is a text in which hyphens between letters and digits are spaces: 4-1/2
// and 4 1/2 are one. A minus sign stays.
func glued(text string) string {
	text = strings.TrimSpace(fold(text))
	out := []byte(text)
	for i := 1; i+1 < len(out); i++ {
		if out[i] == '-' && text[i-1] != ' ' && text[i+1] != ' ' {
			out[i] = ' '
		}
	}
	return string(out)
}

// minus tells whether a minus sign came or went before a figure.
func (e *Edit) minus(ch *change) bool {
	negative := func(list []word) (n int) {
		for i := range list[:max(0, len(list)-1)] {
			stands := i == 0 || list[i-1].tokens.end < list[i].tokens.start
			if list[i].text == "-" && stands && list[i].tokens.end == list[i+1].tokens.start && (list[i+1].form == aNumber || list[i+1].form == anAmount) {
				n++
			}
		}
		return n
	}
	return strings.ContainsAny(fold(ch.goneText+ch.comeText), "-") && len(ch.was) > 0 && len(ch.sentence) > 0 && negative(ch.was) != negative(ch.sentence)
}

// reordered tells whether a sentence has the words it had, of which a phrase
// with a preposition stands elsewhere: "to Oslo on Monday", "on Monday to Oslo".
func reordered(ch *change) bool {
	moved := ch.gone
	if len(moved) == 0 {
		moved = ch.come
	} else if len(ch.come) > 0 {
		return false
	}
	if len(moved) < 2 || !has(prepositions, moved[0].lower) {
		return false
	}
	bag := func(list []word) (words []string) {
		for _, w := range list {
			if w.form != aMark {
				words = append(words, w.lower)
			}
		}
		return words
	}
	a, b := unshared(bag(ch.was), bag(ch.sentence))
	return len(a)+len(b) == 0
}

var prepositions = set(`in on at to from by for with during under over through across of since until after before`)

// numbersList tells whether only the number of an entry of a list changed.
func numbersList(ch *change) bool {
	is := func(text string) bool {
		text = strings.TrimSpace(text)
		if len(ch.right) > 0 && (ch.right[0].text == "." || ch.right[0].text == ")") {
			text += "."
		}
		return text == "" || text == "." || withoutNumber(text+" x") == "x"
	}
	return is(ch.goneText) && is(ch.comeText)
}

// closed tells whether a heading ends here.
func closed(list []word) bool {
	return len(list) > 0 && (list[0].text == "." || list[0].text == ":")
}

// dateline tells whether only the style of the place changed that a text begins with:
// "Washington, D.C. –", "WASHINGTON –".
func dateline(ch *change) bool {
	if !ch.opens || len(ch.right) == 0 || ch.right[0].text != "-" || len(ch.gone) == 0 || len(ch.come) == 0 || len(ch.gone)+len(ch.come) > 10 {
		return false
	}
	long, short := ch.gone, ch.come
	if len(long) < len(short) {
		long, short = short, long
	}
	for i, w := range short {
		if w.form != aWord || !w.upper || long[i].lower != w.lower {
			return false
		}
	}
	return !slices.ContainsFunc(long, func(w word) bool { return w.form != aMark && !w.upper })
}

// correction gives the words in square brackets that were put in behind what
// they correct; nil if the change is none.
func correction(ch *change) []word {
	come := ch.come
	if len(come) < 2 || len(ch.left) == 0 && len(ch.gone) == 0 {
		return nil
	}
	open := slices.IndexFunc(come, func(w word) bool { return w.text == "[" })
	if open < 0 || slices.ContainsFunc(ch.gone, func(w word) bool { return w.text == "[" }) {
		return nil
	}
	// What stands before the bracket is what stood there before.
	if letters(ch.goneText) != "" && !strings.HasPrefix(letters(ch.comeText), strings.TrimRight(letters(ch.goneText), " ")) {
		return nil
	}
	if letters(ch.goneText) == letters(ch.comeText) {
		return nil // only the brackets are new
	}
	return come[open:]
}

// direction tells whether nothing but a note in brackets came or went:
// (Laughter.)
func direction(ch *change) bool {
	said := false
	for _, w := range append(slices.Clone(ch.gone), ch.come...) {
		if w.form == aMark || w.light {
			continue
		}
		if !has(directions, w.lower) {
			return false
		}
		said = true
	}
	return said && strings.Contains(ch.goneText+ch.comeText, "(")
}

// speaker tells whether only the label of a turn in a transcript changed.
func speaker(ch *change) bool {
	if !ch.opens || len(ch.gone)+len(ch.come) > 10 {
		return false
	}
	label := func(list []word, text string) bool {
		if len(list) == 0 {
			return true
		}
		text = strings.TrimSpace(text)
		return text == "Q" || (strings.HasSuffix(text, ":") || len(ch.right) > 0 && ch.right[0].text == ":") && text == strings.ToUpper(text)
	}
	if !label(ch.gone, ch.goneText) || !label(ch.come, ch.comeText) {
		return false
	}
	return !strings.Contains(ch.goneText+ch.comeText, "PRESIDENT") || strings.Contains(ch.goneText+ch.comeText, "VICE")
}

type sayer func(class statement.Class, kind statement.EditKind, rule, text string) finding

// quantityFindings are the figures and dates that differ where words were
// replaced, or that a few words brought or took away.
func (e *Edit) quantityFindings(ch *change, say sayer) (found []finding) {
	replaced := len(ch.gone) > 0 && len(ch.come) > 0
	few := len(ch.gone) <= 5 && len(ch.come) <= 5
	goneDates, comeDates := unshared(dates(ch.gone), dates(ch.come))
	isDate := len(goneDates) > 0 && len(comeDates) > 0
	if !isDate && len(goneDates)+len(comeDates) > 0 && (few || replaced && len(ch.gone)+len(ch.come) <= 24) {
		// One side names a moment, the other names it otherwise, or moved it.
		isDate = replaced && (timeWords(ch.gone)+len(goneDates) > 0 && timeWords(ch.come)+len(comeDates) > 0 || few)
		if !isDate && !replaced && few && otherWords(ch) <= 1 { // more words are a claim of their own
			isDate = true
		}
	}
	if !isDate && dayOfRange(ch) {
		isDate = true
	}
	if !isDate && replaced && few {
		a, b := unshared(timesOf(ch.gone), timesOf(ch.come))
		isDate = len(a) > 0 && len(b) > 0
	}
	if isDate {
		found = append(found, say(statement.ClassSubstantive, statement.KindDate, "date", fmt.Sprintf("another time: %s → %s", orNothing(ch.goneText), orNothing(ch.comeText))))
	}
	if a, b := unshared(measures(ch.gone), measures(ch.come)); len(a) > 0 && len(b) > 0 {
		return append(found, say(statement.ClassSubstantive, statement.KindNumber, "measure", fmt.Sprintf("another currency or unit: %s → %s", clip(ch.goneText), clip(ch.comeText))))
	}
	a, b := unshared(quantities(withoutDates(ch.gone), false), quantities(withoutDates(ch.come), false))
	if len(a)+len(b) == 0 && replaced && few { // twelve, eleven
		if x, y := unshared(quantities(withoutDates(ch.gone), true), quantities(withoutDates(ch.come), true)); len(x) > 0 && len(y) > 0 {
			a, b = x, y
		}
	}
	if len(a)+len(b) == 0 || isDate && (len(a) == 0 || len(b) == 0) {
		return found
	}
	// A number word on the other side is the same figure in other notation.
	if x, y := unshared(quantities(withoutDates(ch.gone), true), quantities(withoutDates(ch.come), true)); len(a) == 0 || len(b) == 0 || len(x)+len(y) == 0 {
		a, b = x, y
	}
	switch {
	case len(a) > 0 && len(b) > 0 && (len(ch.gone)+len(ch.come) <= 30):
		found = append(found, say(statement.ClassSubstantive, statement.KindNumber, "figure", fmt.Sprintf("another figure: %s → %s", clip(ch.goneText), clip(ch.comeText))))
	case len(a)+len(b) > 0 && few && !partOfName(ch.gone) && !partOfName(ch.come) && otherWords(ch) <= 2:
		found = append(found, say(statement.ClassSubstantive, statement.KindNumber, "figure", fmt.Sprintf("a figure came or went: %s → %s", orNothing(ch.goneText), orNothing(ch.comeText))))
		if !replaced && len(ch.come) == 0 {
			found = append(found, say(statement.ClassSubstantive, statement.KindRemoval, "figure-removed", "a figure was taken out: "+clip(ch.goneText)))
		}
	}
	return found
}

// partOfName tells whether a figure belongs to a name, as in Region 11, or to a
// compound, as in 10-year.
func partOfName(list []word) bool {
	for i, w := range list {
		if w.form != aNumber {
			continue
		}
		if i > 0 && list[i-1].upper && list[i-1].form == aWord || i+2 < len(list) && list[i+1].text == "-" && list[i+2].form == aWord {
			return true
		}
	}
	return false
}

// otherWords counts what differs besides figures.
func otherWords(ch *change) int {
	gone, come := different(content(ch.gone), content(ch.come))
	n := 0
	for _, w := range append(gone, come...) {
		if !has(hedges, w.lower) && !has(numeralWords, w.lower) {
			n++
		}
	}
	return n
}

// dayOfRange tells whether the day was changed that a date shares with another:
// "3 to 5 March", "March 3 to 5".
func dayOfRange(ch *change) bool {
	single := func(list []word) bool { return len(list) == 1 && list[0].form == aNumber && isDay(list[0].text) }
	through := func(w word) bool {
		return w.text == "-" || w.text == "/" || w.text == "&" || w.lower == "to" || w.lower == "and" || w.lower == "until" || w.lower == "through" || w.lower == "or"
	}
	if !single(ch.gone) || !single(ch.come) {
		return false
	}
	n := len(ch.left)
	return len(ch.right) >= 2 && through(ch.right[0]) && ch.right[1].form == aDate || n >= 2 && through(ch.left[n-1]) && ch.left[n-2].form == aDate
}

func orNothing(text string) string {
	if blank(text) {
		return "nothing"
	}
	return clip(text)
}

func withoutDates(list []word) []word {
	return slices.DeleteFunc(slices.Clone(list), func(w word) bool { return w.form == aDate || w.form == aNumber && isYear(w.lower) })
}

func timesOf(list []word) (names []string) {
	for _, w := range list {
		if w.form == aWord && has(times, w.lower) {
			names = append(names, w.lower)
		}
	}
	return names
}

func timeWords(list []word) int { return len(timesOf(list)) }
