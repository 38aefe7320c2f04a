package diff

import (
	"strings"
	"unicode/utf8"

	"volteface/internal/extract/raised"
	"volteface/internal/statement"
)

// scripts are the raised and lowered figures of Unicode.
const scripts = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"

// lifted judges a place at which nothing but the marks of notes came or went, or a
// raised figure is another one: 10⁶ → 10⁷. It is nil for any other.
func (e *Edit) lifted(ch *change, say sayer) []finding {
	if !strings.ContainsAny(ch.goneText+ch.comeText, scripts+"[†‡*") {
		return nil
	}
	a, c := e.before.Body, e.after.Body
	if ch.block.Title {
		a, c = e.before.Title, e.after.Title
	}
	was, is := around(a, ch.block.Before, ch.before), around(c, ch.block.After, ch.after)
	bare := func(text string) string {
		text, _ = raised.WithoutMarks(text)
		return strings.Join(strings.Fields(strings.Trim(strings.ReplaceAll(fold(text), "*", ""), " ")), " ")
	}
	aside := func(text string) bool { // [2] behind a word
		text = strings.TrimSpace(text)
		return text == "" || text[0] == '[' && raised.Mark(".", text, "")
	}
	behindWord := len(ch.left) > 0 && ch.left[len(ch.left)-1].form == aWord && !ch.left[len(ch.left)-1].light
	if bare(was) == bare(is) || behindWord && aside(ch.goneText) && aside(ch.comeText) {
		return []finding{say(statement.ClassNone, "", "note-mark", "the mark of a note: "+orNothing(ch.goneText)+" → "+orNothing(ch.comeText))}
	}
	figures := func(text string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(scripts, r) {
				return r
			}
			return -1
		}, text)
	}
	if x, y := figures(was), figures(is); x != y && len(ch.gone) <= 4 && len(ch.come) <= 4 && letters(ch.goneText) == letters(ch.comeText) {
		return []finding{say(statement.ClassSubstantive, statement.KindNumber, "figure", "another figure: "+orNothing(ch.goneText)+" → "+orNothing(ch.comeText))}
	}
	return nil
}

// around is a span with what stands near it in its block.
func around(text string, block, span Span) string {
	const near = 64
	from, to := max(block[0], span[0]-near), min(block[1], span[1]+near)
	for from < span[0] && !utf8.RuneStart(text[from]) {
		from++
	}
	for to > span[1] && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	return text[from:to]
}
