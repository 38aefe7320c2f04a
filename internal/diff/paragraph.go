package diff

import (
	"strings"

	"volteface/internal/statement"
)

// judgeParagraph judges a paragraph that came or went as a whole.
func (e *Edit) judgeParagraph(ch *change, ctx *texts, say sayer) []finding {
	text, list, kind, verb := ch.comeText, ch.come, statement.KindAddition, "came"
	if ch.block.Kind == Removed {
		text, list, kind, verb = ch.goneText, ch.gone, statement.KindRemoval, "went"
	}
	only := func(class statement.Class, rule, what string) []finding {
		return []finding{say(class, "", rule, what+" "+verb+": "+clip(text))}
	}
	if why := furniture(text, list); why != "" {
		return only(statement.ClassNone, "furniture", why)
	}
	if has(sections, strings.ToLower(strings.TrimSpace(fold(text)))) {
		return only(statement.ClassNone, "furniture", "the name of a section of the site")
	}
	if ctx.inTrail[ch.block] {
		return only(statement.ClassNone, "trail", "a line of the page's navigation")
	}
	substantive := func(rule, what string, importance int) []finding {
		f := say(statement.ClassSubstantive, kind, rule, what+" "+verb+": "+clip(text))
		f.importance = importance
		found := []finding{f}
		if rule == "paragraph" && listsNames(list) {
			found = append(found, say(statement.ClassSubstantive, statement.KindName, "names", "names "+verb+": "+clip(text)))
		}
		return found
	}
	switch {
	case status(text):
		return substantive("status", "what kind of text this is", 1)
	case ctx.repeated(ch):
		return only(statement.ClassEditorial, "repeated", "words that stand elsewhere in the text too")
	case pointer(text, list):
		return only(statement.ClassEditorial, "pointer", "a line that leads elsewhere")
	case strings.HasPrefix(strings.ToLower(text), "source:") || strings.HasPrefix(strings.ToLower(text), "note:"):
		return substantive("note", "a note on sources", 0)
	case strings.HasSuffix(strings.TrimSpace(text), ":") && len(list) <= 14 && heavy(list) <= 6:
		return only(statement.ClassEditorial, "lead-in", "a line that leads in")
	case heading(text, list):
		return only(statement.ClassEditorial, "heading", "a heading")
	case titleOfLink(text, list):
		return only(statement.ClassEditorial, "pointer", "the title of another document")
	case praise(text):
		return substantive("praise", "what somebody else said", 0)
	}
	return substantive("paragraph", "a paragraph", 1)
}

// titleOfLink tells whether a line is the title of another document, as in a
// list of links: a body, a colon, words in capitals, no end.
func titleOfLink(text string, list []word) bool {
	folded := strings.TrimSpace(fold(text))
	i := strings.Index(folded, ": ")
	if i < 0 || i > 80 || len(list) > 30 || strings.ContainsAny(folded[len(folded)-1:], ".!?\"])") || strings.ContainsAny(folded, "$%") {
		return false
	}
	upper, all := 0, 0
	for _, w := range list {
		if w.form == aWord && !w.light {
			all++
			if w.upper {
				upper++
			}
		}
	}
	return all > 3 && upper*10 >= all*9
}

// heavy counts the words that say something.
func heavy(list []word) (n int) {
	for _, w := range list {
		if w.form != aMark && !w.light {
			n++
		}
	}
	return n
}

// listsNames tells whether a paragraph is a list of names, or a name with its
// office.
func listsNames(list []word) bool {
	commas, bars := 0, 0
	for _, w := range list {
		switch w.text {
		case ",":
			commas++
		case "|":
			bars++
		}
	}
	n, all := names(list), heavy(list)
	return n >= 2 && n*10 >= all*6 && (commas >= 4 || bars == 1 || commas > 0 && all <= 14 || n*10 >= all*9)
}

// names counts the words in capitals that do not only begin a sentence.
func names(list []word) (n int) {
	for i := range list {
		if isName(list, i) {
			n++
		}
	}
	return n
}

// isName tells whether a word is written as a name: in capitals that neither the
// beginning of a sentence nor a title explains.
func isName(list []word, i int) bool {
	w := list[i]
	if w.form != aWord || !w.upper || w.light || w.lower == "i" || has(times, w.lower) || has(openers, w.lower) {
		return false
	}
	return !w.first || w.upperNext || has(foreign, w.lower) || len(w.text) > 1 && w.text == strings.ToUpper(w.text)
}

// openers are words that begin sentences and name nobody.
var openers = set(`between during after before since while when where if however although though because despite under over through throughout across
	within without against among last next first second third finally additionally moreover further furthermore together today now
	no not only all every each some many most more several both section executive order thank thanks we our`)
