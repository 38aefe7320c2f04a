package diff

import (
	"context"
	"slices"
	"strings"

	"volteface/internal/diff/border"
	"volteface/internal/statement"
)

// Verdict is what an edit is held to be, and why.
type Verdict struct {
	statement.Judgement
	Summary string   // one line: what changed
	Reasons []Reason // what was found, the weightiest first
}

// Reason is one rule that applied to one place.
type Reason struct {
	Rule   string             `json:"rule"`  // name of the rule
	Class  statement.Class    `json:"class"` // what the change there is by itself
	Kind   statement.EditKind `json:"kind"`  // empty unless substantive
	Text   string             `json:"text"`  // in words for people
	Title  bool               `json:"title"` // the spans are of the title, not of the body
	Before Span               `json:"before"`
	After  Span               `json:"after"`
}

// maxReasons is the most that are listed: an edit of a hundred places is not
// understood from a hundred reasons.
const maxReasons = 24

// maxJudged bounds the places judged one by one.
const maxJudged = 400

// Verdict judges the edit. Language (BCP 47) is that of the text; empty if
// unknown. Rules are applied to each place first; where they end, the reader
// reads the sentence before and after, both ways, in any language that it was taught.
// What it does not read (there is none, it fails, ctx ends, or there is too much) a
// regression over what the rules saw decides, and in other languages than English it
// counts as substantive.
func (e *Edit) Verdict(ctx context.Context, reader Reader, language string) Verdict {
	return e.verdict(ctx, reader, border.Trained(), language)
}

// VerdictBy is Verdict without a reader, by another model.
func (e *Edit) VerdictBy(model *border.Model, language string) Verdict {
	return e.verdict(context.Background(), nil, model, language)
}

func (e *Edit) verdict(ctx context.Context, reader Reader, model *border.Model, language string) Verdict {
	if e.reordered() {
		return Verdict{Judgement: statement.Judgement{Class: statement.ClassEditorial}, Summary: "the same lines in another order",
			Reasons: []Reason{{Rule: "order", Class: statement.ClassEditorial, Text: "the same lines in another order"}}}
	}
	found := e.findings(language)
	found = e.settle(ctx, reader, found, model)
	v := Verdict{}
	v.Class = statement.ClassNone
	for _, f := range found {
		if rank(f.Class) > rank(v.Class) {
			v.Class = f.Class
		}
		v.Reasons = append(v.Reasons, f.Reason)
	}
	if v.Class == statement.ClassSubstantive {
		for _, kind := range statement.EditKinds {
			if slices.ContainsFunc(found, func(f finding) bool { return f.Class == statement.ClassSubstantive && f.Kind == kind }) {
				v.Kinds = append(v.Kinds, kind)
			}
		}
		v.Importance = e.importance(found)
	}
	slices.SortStableFunc(v.Reasons, func(a, b Reason) int { return rank(b.Class) - rank(a.Class) })
	if len(v.Reasons) > maxReasons {
		v.Reasons = v.Reasons[:maxReasons]
	}
	v.Summary = e.summarise(v, found)
	return v
}

// reordered tells whether the texts have the same lines in another order, of
// which some count as gone and come: short ones are not told to have moved.
func (e *Edit) reordered() bool {
	if fold(e.before.Title) != fold(e.after.Title) || !slices.ContainsFunc(e.Blocks, func(b Block) bool { return b.Kind == Added || b.Kind == Removed || b.Kind == Revised }) {
		return false
	}
	lines := func(body string) []string {
		list := strings.FieldsFunc(body, func(r rune) bool { return r == '\n' })
		for i := range list {
			list[i] = fold(list[i])
		}
		slices.Sort(list)
		return list
	}
	a, b := e.before.Body, e.after.Body
	return len(a) <= maxText && len(b) <= maxText && slices.Equal(lines(a), lines(b))
}

func rank(c statement.Class) int {
	switch c {
	case statement.ClassSubstantive:
		return 2
	case statement.ClassEditorial:
		return 1
	}
	return 0
}

// findings are what the rules say of every place.
func (e *Edit) findings(language string) (found []finding) {
	ctx := e.context()
	ctx.english = english(language, e.after.Title+" "+e.after.Body)
	if !ctx.english {
		ctx.tongue = tongueOf(language, e.after.Title+" "+e.after.Body)
	}
	changes := e.changes()
	for i := range changes {
		ch := &changes[i]
		list := e.judge(ch, ctx)
		if ch.clipped && !slices.ContainsFunc(list, func(f finding) bool { return f.Class == statement.ClassSubstantive && !f.unsure }) {
			list = []finding{e.much(ch)}
		}
		found = append(found, list...)
	}
	return append(found, e.moved()...)
}

// much tells of a place where more changed than is judged.
func (e *Edit) much(ch *change) finding {
	f := finding{Reason: Reason{Rule: "much", Class: statement.ClassSubstantive, Kind: statement.KindScope, Text: "more changed here than is judged word by word", Title: ch.block.Title, Before: ch.before, After: ch.after}, place: ch}
	a, c := e.before.Body, e.after.Body
	if ch.block.Title {
		a, c = e.before.Title, e.after.Title
	}
	switch gone, come := blank(a[ch.before[0]:ch.before[1]]), blank(c[ch.after[0]:ch.after[1]]); {
	case gone && come:
		f.Class, f.Kind, f.Text = statement.ClassNone, "", "only spaces or line breaks differ"
	case gone:
		f.Kind = statement.KindAddition
	case come:
		f.Kind = statement.KindRemoval
	}
	return f
}

// Open describes the places whose class the rules leave open, for training.
// There are none where another place is substantive anyhow.
func (e *Edit) Open(language string) (list []border.Features) {
	for _, f := range e.findings(language) {
		switch {
		case f.unsure:
			list = append(list, features(f))
		case f.Class == statement.ClassSubstantive:
			return nil
		}
	}
	return list
}

// settle decides where the rules were unsure: by reading, else by the model. A sentence
// in which something else is surely another is not read; its class is known.
func (e *Edit) settle(ctx context.Context, reader Reader, found []finding, model *border.Model) []finding {
	sure, at := map[sentences]bool{}, make([]sentences, len(found))
	var open []sentences
	for i, f := range found {
		if f.place != nil && !f.place.whole && !f.place.clipped && (f.unsure || f.Class == statement.ClassSubstantive) && reader != nil {
			at[i] = e.sentencesOf(f.place)
			sure[at[i]] = sure[at[i]] || !f.unsure
		}
	}
	for i, f := range found {
		if s := at[i]; f.unsure && s != (sentences{}) && !sure[s] && !slices.Contains(open, s) {
			open = append(open, s)
		}
	}
	readings := read(ctx, reader, open)
	var out []finding
	for i, f := range found {
		r := readings[at[i]]
		switch {
		case !f.unsure:
			out = append(out, f)
		case r != nil:
			out = append(out, r.told(f, at[i])...)
		case f.Rule != "words" && model.Substantive(features(f)) < threshold:
			f.Class, f.Kind = statement.ClassEditorial, ""
			out = append(out, f)
		default:
			out = append(out, f)
		}
	}
	return out
}

// threshold is where an open place counts as substantive: below one half, since
// a missed change of position is worse than a look at one more edit.
const threshold = 0.4

// features describes an open place to the model.
func features(f finding) (x border.Features) {
	ch := f.place
	gone, come := different(content(ch.gone), content(ch.come))
	is := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	capital := func(w word) bool { return w.upper && !w.first }
	x[0] = is(len(ch.gone) == 0)
	x[1] = is(len(ch.come) == 0)
	x[2] = float64(min(4, len(gone)+len(come))) / 4
	x[3] = is(slices.ContainsFunc(gone, capital) || slices.ContainsFunc(come, capital))
	x[4] = is(sentenceEnds(ch))
	x[5] = is(f.Rule == "name")
	return x
}

// moved tells of the paragraphs that stand elsewhere now.
func (e *Edit) moved() (found []finding) {
	for i := range e.Blocks {
		if b := &e.Blocks[i]; b.Kind == MovedIn {
			found = append(found, finding{Reason: Reason{Rule: "moved", Class: statement.ClassEditorial, Text: "a paragraph stands elsewhere now", Before: b.Before, After: b.After}})
		}
	}
	return found
}

// english tells whether a text is in English: by its language if that is known,
// else by how many of its words are the small words of English.
func english(language, text string) bool {
	if language != "" {
		return strings.EqualFold(language, "en") || len(language) > 2 && strings.EqualFold(language[:3], "en-")
	}
	if len(text) > 4000 {
		text = text[:4000]
	}
	small, others, all := 0, 0, 0
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		w = strings.Trim(w, ".,;:()")
		all++
		if has(functionWords, w) {
			small++
		}
		if has(otherSmallWords, w) {
			others++
		}
	}
	return all < 12 && others <= small && isASCII(text) || small > others && (small*100 >= all*14 || 4*others <= small && isASCII(text))
}

// otherSmallWords are frequent small words of other languages in Latin letters
// that are none in English.
var otherSmallWords = set(`der das und den dem des ein eine einen mit für auf ist nicht von zu im sich auch wird wurde le la les et du un une dans que qui est avec au
	aux par el los las y en del una para por se al lo como il di che e della dei nel sono gli o os um uma não com da dos na het een van voor aan op
	zijn w z się że jest nie oraz dla og av til på som med ett och för att är det de ja ei että ve bir için ile bu és az hogy egy nem și în cu pe`)

// isASCII tells whether a text has no letters but those of English; quotation
// marks and dashes of print are none.
func isASCII(text string) bool {
	for _, r := range text {
		if r >= 0x80 && r != 0xA0 && (r < 0x2010 || r > 0x203A) {
			return false
		}
	}
	return true
}

// importance is how much an edit matters to those who follow a government's
// positions.
func (e *Edit) importance(found []finding) int {
	top := 0
	for _, f := range found {
		if f.Class != statement.ClassSubstantive {
			continue
		}
		weight := e.weight(f)
		if f.Title && weight > 0 { // it is what is read, quoted and passed on
			weight = min(3, weight+1)
		}
		top = max(top, weight)
	}
	if e.replaced() {
		top = max(top, 2)
		if legal(e.before.Body) || legal(e.after.Body) {
			top = 3
		}
	}
	return top
}

// replaced tells whether another text stands where one stood: hardly a word of
// either is left.
func (e *Edit) replaced() bool {
	kept, gone, come := 0, 0, 0
	for _, b := range e.Blocks {
		if b.Title {
			continue
		}
		for _, s := range b.Segments {
			switch s.Op {
			case Equal:
				kept += len(s.Text)
			case Delete:
				gone += len(s.Text)
			default:
				come += len(s.Text)
			}
		}
	}
	const least = 600 // bytes: less is no document
	return gone > least && come > least && 4*kept < min(gone, come)
}

// legal tells whether a text orders something: an act, an order, a treaty.
func legal(text string) bool {
	folded := strings.ToLower(fold(text[:min(len(text), 20_000)]))
	for _, phrase := range []string{"hereby order", "by the authority vested", "be it enacted", "have agreed as follows", "shall enter into force", "i hereby determine", "now, therefore, i"} {
		if strings.Contains(folded, phrase) {
			return true
		}
	}
	return false
}

// abroad tells whether a text is about relations with other countries, by its
// title or its first paragraph.
func (e *Edit) abroad() bool {
	title := e.after.Title
	if title == "" {
		title, _, _ = strings.Cut(e.after.Body, "\n\n")
	}
	if len(title) > 300 {
		return false
	}
	far, hard := 0, 0
	for w := range strings.FieldsSeq(strings.ToLower(letterSpaced(title))) {
		if has(foreign, w) {
			far++
		}
		if has(security, w) {
			hard++
		}
	}
	return far > 0 && hard > 0
}

func (e *Edit) weight(f finding) int {
	switch f.Rule {
	case "praise", "note":
		return 0
	case "status":
		return 1
	}
	if f.read && f.stand && (f.Kind == statement.KindNegation || f.Kind == statement.KindStrength || f.Kind == statement.KindQuote) || f.Rule == "reads-reversed" || f.Rule == "tongue" {
		return max(2, weightByWords(e, f))
	}
	return weightByWords(e, f)
}

// weightByWords is how much a change weighs by the words beside it: of other countries, of
// security, of money.
func weightByWords(e *Edit, f finding) int {
	ch := f.place
	far, hard, grave := 0, 0, false
	seen := map[string]bool{}
	for _, list := range [][]word{ch.sentence, ch.was, ch.gone, ch.come} {
		for _, w := range list {
			if seen[w.lower] {
				continue
			}
			seen[w.lower] = true
			if has(foreign, w.lower) || has(foreign, strings.TrimSuffix(w.lower, "'s")) {
				far++
			}
			if has(security, w.lower) {
				hard++
			}
			grave = grave || has(graveWords, w.lower)
		}
	}
	grave = grave && (f.Kind == statement.KindDate || f.Kind == statement.KindNumber || f.Kind == statement.KindHedge || f.Kind == statement.KindScope)
	position := f.Kind == statement.KindNegation || f.Kind == statement.KindModality || f.Kind == statement.KindStrength || f.Kind == statement.KindQuote || f.Rule == "quiet-hedge"
	switch {
	case far > 0 && (hard >= 3 && (position || f.Kind == statement.KindDate) || hard >= 2 && f.Kind == statement.KindNegation):
		return 3
	case f.Kind == statement.KindCorrection && f.Rule == "marked-correction":
		return 1 // the sense is plain; what is corrected besides has a finding of its own
	case far > 0 || hard >= 2 || (position || grave) && hard > 0:
		return 2
	case (position || f.Kind == statement.KindDate || f.Kind == statement.KindNumber) && e.abroad():
		return 2
	case (seen["rate"] || seen["rates"]) && (seen["policy"] || seen["interest"] || seen["bank"] || seen["key"] || seen["refinancing"] || seen["deposit"]):
		return 2 // money for everybody
	}
	return 1
}
