package diff

import (
	"slices"
	"strings"
	"unicode"

	"volteface/internal/statement"
)

// wordFindings judges words that came, went or were replaced inside of a
// paragraph, figures and dates apart.
func (e *Edit) wordFindings(ch *change, ctx *texts, say sayer, told bool) []finding {
	text := orNothing(ch.goneText) + " → " + orNothing(ch.comeText)
	substantive := func(kind statement.EditKind, rule, what string) finding {
		return say(statement.ClassSubstantive, kind, rule, what+": "+text)
	}
	if !ctx.english {
		if heavy(ch.gone) >= 6 && len(ch.come) == 0 {
			return []finding{substantive(statement.KindRemoval, "words-removed", "words were taken out")}
		}
		if heavy(ch.come) >= 6 && len(ch.gone) == 0 {
			return []finding{substantive(statement.KindAddition, "words-added", "words were put in")}
		}
		if len(withoutDates(ch.gone))+len(withoutDates(ch.come)) > 0 && heavy(ch.gone)+heavy(ch.come) > len(quantities(ch.gone, false))+len(quantities(ch.come, false)) {
			if f := e.marked(ch, ctx.tongue, substantive); f != nil {
				return f
			}
			f := substantive("", "words", "the words differ, and were not read")
			f.unsure = true
			return []finding{f}
		}
		return nil
	}
	var found []finding
	replaced := len(ch.gone) > 0 && len(ch.come) > 0
	small := len(ch.gone) <= 8 && len(ch.come) <= 8
	if replaced && len(ch.gone)+len(ch.come) <= 40 || small {
		found = e.signals(ch, substantive)
	}
	gone, come := different(content(ch.gone), content(ch.come))
	gone, come = unexplained(gone, found), unexplained(come, found)
	denies := func(w word) bool { return has(negations, w.lower) }
	if slices.ContainsFunc(gone, denies) && slices.ContainsFunc(come, denies) { // do not, don't
		gone, come = slices.DeleteFunc(gone, denies), slices.DeleteFunc(come, denies)
	}
	if figures := len(quantities(ch.gone, false)) + len(quantities(ch.come, false)); figures > 0 {
		gone, come = slices.DeleteFunc(gone, isNumeral), slices.DeleteFunc(come, isNumeral)
	}
	if len(dates(ch.gone))+len(dates(ch.come)) > 0 || len(ch.gone) > 0 && len(ch.come) > 0 && timeWords(ch.gone) > 0 && timeWords(ch.come) > 0 {
		isTime := func(w word) bool { return has(times, w.lower) || has(openers, w.lower) }
		gone, come = slices.DeleteFunc(gone, isTime), slices.DeleteFunc(come, isTime)
	}
	if len(gone)+len(come) == 0 && exchanged(ch) {
		found = append(found, substantive(statement.KindName, "exchanged", "names have changed places"))
	}
	if len(gone)+len(come) == 0 {
		if ch.quoted && replaced && len(found) > 0 {
			found = append(found, substantive(statement.KindQuote, "quoted", "other words are quoted"))
		}
		if len(found) == 0 && !told {
			return []finding{say(statement.ClassEditorial, "", "grammar", "spelling, grammar or small words: "+text)}
		}
		return found
	}
	if neutral := neutrally(ch, gone, come); neutral != "" && len(found) == 0 && !told {
		return []finding{say(statement.ClassEditorial, "", "wording", neutral+": "+text)}
	}
	if abbreviated(ch) {
		return append(found, say(statement.ClassEditorial, "", "short-form", "the short and the full form of one name: "+text))
	}
	if len(dates(ch.gone))+len(dates(ch.come)) == 0 {
		nameFound, settled := e.nameFindings(ch, gone, come, say, text)
		found = append(found, nameFound...)
		if settled {
			return found
		}
	}
	if ch.quoted && replaced && len(found) > 0 {
		found = append(found, substantive(statement.KindQuote, "quoted", "other words are quoted"))
	}
	told = told || len(found) > 0 // scope is for what nothing else explains
	unsure := func(kind statement.EditKind, rule, what string) []finding {
		if told {
			return nil
		}
		f := substantive(kind, rule, what)
		f.unsure = true
		return []finding{f}
	}
	switch {
	case ch.quoted && len(gone) >= 3 && len(come) >= 3:
		found = append(found, substantive(statement.KindQuote, "quoted", "other words are quoted"))
	case len(gone) == 0 && len(come) >= 4 || len(come) >= len(gone)+6:
		found = append(found, substantive(statement.KindAddition, "words-added", "something more is said"))
	case len(come) == 0 && len(gone) >= 4 || len(gone) >= len(come)+6:
		found = append(found, substantive(statement.KindRemoval, "words-removed", "something is no longer said"))
	case len(gone) == 0 && (enumerated(ch) || paired(ch.come)):
		found = append(found, substantive(statement.KindScope, "list", "a list became longer"))
	case len(come) == 0 && (enumerated(ch) || paired(ch.gone)):
		found = append(found, substantive(statement.KindScope, "list", "a list became shorter"))
	case len(gone) == 0 && len(come) >= 2 && sentenceEnds(ch):
		found = append(found, substantive(statement.KindAddition, "words-added", "something more is said"))
	case len(gone)+len(come) == 1 && !told && deniedMore(ch):
		found = append(found, substantive(statement.KindStrength, "denied-more", "more, or less, is denied"))
	case len(gone)+len(come) == 1 && has(limits, append(gone, come...)[0].lower) && !told:
		found = append(found, substantive(statement.KindScope, "limit", "how much is meant"))
	case len(gone) == 0 && len(ch.gone) == 0:
		found = append(found, unsure(statement.KindScope, "word-added", "a word or two came")...)
	case len(come) == 0 && len(ch.come) == 0 && len(gone) == 1:
		found = append(found, unsure(statement.KindScope, "word-removed", "a word went")...)
	case len(come) == 0 && len(ch.come) == 0:
		found = append(found, unsure(statement.KindRemoval, "word-removed", "a few words went")...)
	case ch.quoted && len(gone) > 0 && len(come) > 0, quotes(gone) && quotes(come):
		found = append(found, unsure(statement.KindQuote, "replaced", "other words are quoted")...)
	default:
		found = append(found, unsure(statement.KindScope, "replaced", "other words")...)
	}
	return found
}

// deniedMore tells whether a word came or went between "no" and what is denied: "no
// evidence", "no conclusive evidence".
func deniedMore(ch *change) bool {
	n := len(ch.left)
	return len(ch.gone)+len(ch.come) == 1 && n > 0 && (ch.left[n-1].lower == "no" || ch.left[n-1].lower == "any" && n > 1 && has(negations, ch.left[n-2].lower)) &&
		len(ch.right) > 0 && ch.right[0].form == aWord && !ch.right[0].light
}

// exchanged tells whether names stand in another order with more between them
// than lists have: who attacked whom, from where to where.
func exchanged(ch *change) bool {
	order := func(list []word) (names []string, told bool) {
		from := -1
		for i := range list {
			if list[i].form != aWord || !list[i].upper || list[i].light || has(times, list[i].lower) {
				continue
			}
			if from >= 0 {
				for _, between := range list[from+1 : i] {
					told = told || between.form == aWord && between.lower != "and" && between.lower != "or"
				}
			}
			names, from = append(names, list[i].lower), i
		}
		return names, told
	}
	a, toldA := order(ch.gone)
	b, toldB := order(ch.come)
	if len(a) < 2 || len(a) != len(b) || slices.Equal(a, b) || !toldA || !toldB {
		return false
	}
	x, y := unshared(a, b)
	return len(x)+len(y) == 0 && (has(foreign, demonym(a[0])) || isName(ch.gone, slices.IndexFunc(ch.gone, func(w word) bool { return w.lower == a[1] })))
}

// quotes tells whether a few words in quotation marks are among the words.
func quotes(list []word) bool {
	return slices.ContainsFunc(list, func(w word) bool { return w.form == aQuote && strings.Count(w.text, " ") >= 2 })
}

func isNumeral(w word) bool { return has(numeralWords, w.lower) }

// unexplained leaves out the words that a signal has told of already.
func unexplained(list []word, found []finding) (out []word) {
	told := func(kind statement.EditKind) bool {
		return slices.ContainsFunc(found, func(f finding) bool { return f.Kind == kind })
	}
	for _, w := range list {
		if told(statement.KindModality) && has(auxiliaries, w.lower) || told(statement.KindHedge) && has(hedges, w.lower) ||
			told(statement.KindStrength) && has(strengths, w.lower) || told(statement.KindNegation) && has(negations, w.lower) {
			continue
		}
		out = append(out, w)
	}
	return out
}

// sentenceEnds tells whether a change stands at the end of its sentence.
func sentenceEnds(ch *change) bool {
	return len(ch.right) == 0 || ch.right[0].text == "." || ch.right[0].text == "!" || ch.right[0].text == "?"
}

// signals are words whose coming or going by itself changes what is said.
func (e *Edit) signals(ch *change, substantive func(statement.EditKind, string, string) finding) (found []finding) {
	differ := func(set map[string]struct{}) (gone, come []string) {
		pick := func(list []word) (out []string) {
			for _, w := range list {
				switch {
				case strings.HasSuffix(w.lower, "'ll") && has(set, "will"):
					out = append(out, "will")
				case has(set, w.lower) && w.text != "May":
					out = append(out, w.lower)
				}
			}
			return out
		}
		return unshared(pick(ch.gone), pick(ch.come))
	}
	gone, come := different(content(ch.gone), content(ch.come))
	rest := 2 // words that may differ besides
	if len(ch.gone) == 0 || len(ch.come) == 0 {
		rest = 1
	}
	a, b := differ(negations)
	if (len(a)%2 != len(b)%2 || turned(ch)) && (len(gone)+len(come)-len(a)-len(b) <= rest || denied(ch)) {
		found = append(found, substantive(statement.KindNegation, "negation", "a denial came or went"))
	}
	if a, b = differ(modals); len(a)+len(b) > 0 && !sameModality(a, b) || tense(ch) || staged(gone, come) {
		found = append(found, substantive(statement.KindModality, "modality", "done, doing or intended"))
	}
	if hedged(ch) {
		found = append(found, substantive(statement.KindHedge, "hedge", "how exact or how certain"))
	} else if quieted(ch) {
		found = append(found, substantive(statement.KindHedge, "quiet-hedge", "how long, how far or how surely it holds"))
	}
	if a, b = differ(strengths); len(a)+len(b) > 0 && len(gone)+len(come) <= 7 || graded(gone, come) {
		found = append(found, substantive(statement.KindStrength, "strength", "stronger or weaker words"))
	}
	return found
}

// denied tells whether what was denied on one side is said on the other: the
// word behind "not" stands there too.
func denied(ch *change) bool {
	is := func(list, other []word) bool {
		for i, w := range list {
			if !has(negations, w.lower) {
				continue
			}
			for _, next := range list[i+1:] {
				if next.form != aWord || next.light {
					continue
				}
				if slices.ContainsFunc(other, func(o word) bool { return o.form == aWord && stem(o.lower) == stem(next.lower) }) {
					return true
				}
				break
			}
		}
		return false
	}
	return len(ch.gone) > 0 && len(ch.come) > 0 && (is(ch.gone, ch.come) || is(ch.come, ch.gone))
}

// turned tells whether a word was replaced by its opposite: lawful, unlawful.
func turned(ch *change) bool {
	for _, a := range ch.gone {
		for _, b := range ch.come {
			if len(a.lower) > 3 && len(b.lower) > 3 && (prefixed(a.lower, b.lower) || prefixed(b.lower, a.lower)) {
				return true
			}
		}
	}
	return false
}

// graded tells whether a word that rates something was replaced by another such
// word: solid, moderate.
func graded(gone, come []word) bool {
	rates := func(w word) bool { return has(grades, w.lower) || has(strengths, w.lower) }
	return len(gone) == 1 && len(come) == 1 && rates(gone[0]) && rates(come[0])
}

// staged tells whether what was talked about is settled now, or the reverse.
func staged(gone, come []word) bool {
	reached := func(list []word, stage map[string]struct{}) bool {
		return slices.ContainsFunc(list, func(w word) bool { return has(stage, stem(w.lower)) })
	}
	return reached(gone, settled) && reached(come, considered) && !reached(gone, considered) && !reached(come, settled) ||
		reached(gone, considered) && reached(come, settled) && !reached(gone, settled) && !reached(come, considered)
}

// sameModality tells whether what came and went means the same: is expected to
// and is projected to.
func sameModality(gone, come []string) bool {
	if len(gone) != 1 || len(come) != 1 {
		return false
	}
	for _, group := range []map[string]struct{}{set("plan plans planned intend intends intended aim aims seek seeks"), set("expect expects expected"), set("would could"), set("continue continues continued")} {
		if has(group, gone[0]) && has(group, come[0]) {
			return stem(gone[0]) != stem(come[0]) || gone[0] != come[0]
		}
	}
	return false
}

// tense tells whether a verb stands in another time: issued, is issuing. Of the
// same time are its forms of the present, is following and follows, and with a
// bare "be", will be resumed and will resume.
func tense(ch *change) bool {
	pick := func(list []word) (out []string) {
		for _, w := range list {
			if has(auxiliaries, w.lower) && w.lower != "be" {
				out = append(out, w.lower)
			}
		}
		return out
	}
	gone, come := pick(ch.gone), pick(ch.come)
	if a, b := unshared(gone, come); len(a)+len(b) == 0 {
		return false
	}
	present := func(verb string, aux []string) bool {
		if len(aux) == 0 {
			return !strings.HasSuffix(verb, "ed") && !strings.HasSuffix(verb, "ing")
		}
		return strings.HasSuffix(verb, "ing") && (aux[0] == "is" || aux[0] == "are")
	}
	perfect := func(verb string, aux []string) bool {
		return len(aux) > 0 && (aux[0] == "has" || aux[0] == "have" || aux[0] == "had") && strings.HasSuffix(verb, "ed")
	}
	progressive := func(verb string, aux []string) bool {
		return len(aux) > 0 && (aux[0] == "is" || aux[0] == "are") && strings.HasSuffix(verb, "ing")
	}
	for _, a := range ch.gone {
		for _, b := range ch.come {
			if a.form != aWord || b.form != aWord || len(a.lower) <= 3 || len(b.lower) <= 3 || a.light || b.light {
				continue
			}
			if perfect(a.lower, gone) && progressive(b.lower, come) || progressive(a.lower, gone) && perfect(b.lower, come) {
				return true
			}
			if a.lower != b.lower && stem(a.lower) == stem(b.lower) && (verbal(a.lower) || verbal(b.lower)) && !(present(a.lower, gone) && present(b.lower, come)) {
				return true
			}
		}
	}
	return false
}

func verbal(word string) bool { return strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "ing") }

// hedged tells whether a figure became more or less exact, or a claim more or
// less certain.
func hedged(ch *change) bool {
	// Hedges that mean the same: more than and over.
	pick := func(list, behind []word) (out []string) {
		list = slices.Clone(list)
		for i := range list {
			if as, is := sameHedge[list[i].lower]; is {
				list[i].lower = as
			}
		}
		list = slices.DeleteFunc(list, func(w word) bool { return w.lower == "than" })
		all := append(slices.Clone(list), behind...)
		for i, w := range list {
			if w.form == anAmount && strings.Contains(w.lower, "+") {
				out = append(out, "+")
			}
			if !has(hedges, w.lower) {
				continue
			}
			if has(hedgesAlone, w.lower) || figureFollows(all[i+1:]) {
				out = append(out, w.lower)
			}
		}
		return out
	}
	a, b := unshared(pick(ch.gone, ch.right), pick(ch.come, ch.right))
	return len(a)+len(b) > 0
}

// figureFollows tells whether a figure stands next, behind other hedges.
func figureFollows(list []word) bool {
	for i, w := range list {
		switch {
		case w.form == aNumber || w.form == anAmount:
			return true
		case w.form == aWord && i < 3 && (has(hedges, w.lower) || w.lower == "to" || w.lower == "the" || w.lower == "a" || w.lower == "as"):
			continue
		}
		_, is := numerals[w.lower]
		return is
	}
	return false
}

// content is what of a list of words says something, figures and dates apart.
func content(list []word) (out []word) {
	for _, w := range list {
		if w.form == aWord && !w.light && !has(contractions, w.lower) && !(w.upper && has(honorifics, w.lower)) || w.form == aQuote {
			out = append(out, w)
		}
	}
	return out
}

// different leaves out the words that stand on both sides, in any order, form
// or spelling.
func different(gone, come []word) (onlyGone, onlyCome []word) {
	const (
		most  = 250_000 // pairs: more is another text
		alike = 40_000  // pairs that are looked at for forms and spellings
	)
	if len(gone)*len(come) > most {
		return gone, come
	}
	onlyGone, onlyCome = unsharedBy(gone, come, func(w word) string { return w.lower })
	onlyGone, onlyCome = compounds(onlyGone, onlyCome) // before "health" is taken for "healthcare" cut off
	onlyCome, onlyGone = compounds(onlyCome, onlyGone)
	if len(onlyGone)*len(onlyCome) <= alike {
		onlyGone, onlyCome = unlike(onlyGone, onlyCome)
	}
	return onlyGone, onlyCome
}

// unlike leaves out the words that stand on both sides in another form or spelling.
func unlike(gone, come []word) (onlyGone, onlyCome []word) {
	used := make([]bool, len(come))
next:
	for _, g := range gone {
		for j, c := range come {
			if !used[j] && (sameWord(g.lower, c.lower) || g.upper && c.upper && sameName(g.lower, c.lower) || g.form == aQuote && strings.Trim(g.lower, `"`) == c.lower) {
				used[j] = true
				continue next
			}
		}
		onlyGone = append(onlyGone, g)
	}
	for j, c := range come {
		if !used[j] {
			onlyCome = append(onlyCome, c)
		}
	}
	return onlyGone, onlyCome
}

// compounds leaves out the words that are written together on one side and in two
// on the other: hardworking, hard-working.
func compounds(whole, parts []word) (restWhole, restParts []word) {
	restParts = parts
next:
	for _, w := range whole {
		for i := 0; i+1 < len(restParts); i++ {
			if restParts[i].lower+restParts[i+1].lower == w.lower {
				restParts = slices.Delete(slices.Clone(restParts), i, i+2)
				continue next
			}
		}
		restWhole = append(restWhole, w)
	}
	return restWhole, restParts
}

// abbreviated tells whether one side is the short form of the other.
func abbreviated(ch *change) bool {
	single := func(list []word) string {
		text := ""
		for _, w := range list {
			if w.form == aWord {
				if text != "" {
					return ""
				}
				text = w.text
			}
		}
		return text
	}
	return abbreviates(single(ch.gone), ch.come) || abbreviates(single(ch.come), ch.gone)
}

// nameFindings judges the names among words that differ. Settled tells that
// nothing but names differs.
func (e *Edit) nameFindings(ch *change, gone, come []word, say sayer, text string) (found []finding, settled bool) {
	named := func(all, which []word) (list []word) {
		at := make(map[int32]string, len(which))
		for _, w := range which {
			at[w.tokens.start] = w.text
		}
		for i, w := range all {
			if !ch.titled && at[w.tokens.start] == w.text && isName(all, i) {
				list = append(list, w)
			}
		}
		return list
	}
	a, b := named(ch.gone, gone), named(ch.come, come)
	isOffice := func(w word) bool {
		return has(offices, w.lower) || w.upper && w.upperNext && !w.first && has(ranks, w.lower)
	}
	if len(a)+len(b) == 0 && !slices.ContainsFunc(gone, isOffice) && !slices.ContainsFunc(come, isOffice) {
		return nil, false
	}
	substantive := func(kind statement.EditKind, rule, what string) finding {
		return say(statement.ClassSubstantive, kind, rule, what+": "+text)
	}
	only := len(a)*2 >= len(gone) && len(b)*2 >= len(come)
	all := len(a) == len(gone) && len(b) == len(come)
	switch {
	case initial(ch.gone, ch.come) || initial(ch.come, ch.gone):
		return []finding{say(statement.ClassEditorial, "", "fuller-name", "a name is given more or less fully: "+text)}, true
	case slices.ContainsFunc(gone, isOffice) != slices.ContainsFunc(come, isOffice) && len(gone)+len(come) <= 3:
		return []finding{substantive(statement.KindName, "office", "another office")}, true
	case len(a) > 0 && len(b) > 0 && givenNames(a, b, ch):
		return []finding{say(statement.ClassEditorial, "", "given-name", "another form of a given name: "+text)}, only
	case len(a) > 0 && len(b) > 0:
		f := substantive(statement.KindName, "name", "another name")
		if bodyWords(a) && bodyWords(b) && len(a) == 1 && len(b) == 1 { // Corporation, Company
			f.unsure = true
		}
		return []finding{f}, only
	case len(gone)+len(come) == 1 && has(compass, append(gone, come...)[0].lower) && withinName(ch): // South Korea
		return []finding{substantive(statement.KindName, "place", "another place")}, true
	case len(ch.gone) == 0 && len(b) > 0 && all && withinName(ch):
		return []finding{say(statement.ClassEditorial, "", "fuller-name", "a name is given more fully: "+text)}, true
	case len(ch.come) == 0 && len(a) > 0 && all && withinName(ch):
		return []finding{say(statement.ClassEditorial, "", "shorter-name", "a name is given less fully: "+text)}, true
	case len(b) > 0 && len(b)*3 >= len(come)*2 && len(a) == 0:
		found = append(found, substantive(statement.KindName, "name-added", "somebody or something is newly named"))
		if len(ch.gone) == 0 && len(come) >= 3 {
			found = append(found, substantive(statement.KindAddition, "name-added", "something more is said"))
		}
		return found, only
	case len(a) > 0 && len(a)*3 >= len(gone)*2 && len(b) == 0:
		found = append(found, substantive(statement.KindName, "name-dropped", "somebody or something is no longer named"))
		if len(ch.come) == 0 {
			found = append(found, substantive(statement.KindRemoval, "name-dropped", "an entry went"))
		}
		return found, only
	}
	return nil, false
}

// givenNames tells whether two given names begin alike and the surname behind
// them stays: Joe, Joseph R.
func givenNames(a, b []word, ch *change) bool {
	if len(a) > 2 || len(b) > 2 || len(ch.right) == 0 || !ch.right[0].upper || ch.right[0].form != aWord || has(states, a[0].lower) || has(foreign, a[0].lower) {
		return false
	}
	return a[0].text[:1] == b[0].text[:1]
}

var compass = set(`north south east west northern southern eastern western central upper lower`)

// initial tells whether a is the initial of b, both within a name.
func initial(a, b []word) bool {
	return len(a) > 0 && len(a) <= 2 && len(b) == 1 && len(a[0].text) == 1 && a[0].upper && b[0].upper && (len(a) == 1 || a[1].text == ".") && strings.HasPrefix(b[0].text, a[0].text)
}

// bodyWords tells whether all are words for kinds of bodies, of which a name
// may have the wrong one.
func bodyWords(list []word) bool {
	for _, w := range list {
		if !has(bodies, w.lower) {
			return false
		}
	}
	return true
}

var bodies = set(`association administration corporation company institute center centre office department agency council committee commission board bureau
	foundation organization organisation authority service society union group fund university college school`)

// withinName tells whether a change stands right beside a word of a name,
// without a comma between.
func withinName(ch *change) bool {
	near := func(list []word, i int) bool {
		return i >= 0 && i < len(list) && list[i].form == aWord && list[i].upper && !list[i].light
	}
	left := near(ch.left, len(ch.left)-1)
	right := near(ch.right, 0)
	for _, w := range append(slices.Clone(ch.gone), ch.come...) {
		if w.text == "," || w.lower == "and" {
			return false
		}
	}
	return left || right
}

// paired tells whether a few words are half of a pair: "ships and", "and Moldova".
func paired(list []word) bool {
	joins := func(w word) bool { return w.lower == "and" || w.lower == "or" || w.text == "&" }
	n := len(list)
	return n >= 2 && n <= 5 && joins(list[0]) != joins(list[n-1]) && len(content(list)) > 0
}

// enumerated tells whether a change is an entry of a list in a sentence: a comma
// goes with it, or commas stand on both sides.
func enumerated(ch *change) bool {
	comma := func(list []word, i int) bool {
		return i >= 0 && i < len(list) && (list[i].text == "," || list[i].text == ";" || list[i].lower == "and" || list[i].lower == "or")
	}
	changed := ch.come
	if len(changed) == 0 {
		changed = ch.gone
	}
	inside := comma(changed, len(changed)-1) || comma(changed, 0)
	left, right := comma(ch.left, len(ch.left)-1), comma(ch.right, 0)
	return left && right || inside && (left || right) && strings.ContainsFunc(ch.goneText+ch.comeText, unicode.IsLetter)
}
