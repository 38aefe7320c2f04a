package pdf

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTitle bounds a title, in bytes.
const maxTitle = 400

// compose makes a document of its pages.
func compose(sheets []sheet) Document {
	pages := make([][]piece, len(sheets))
	for i, s := range sheets {
		pages[i] = s.pieces()
	}
	pages = withoutFurniture(pages, sheets)
	r := &reader{}
	for i, page := range pages {
		r.page = i
		r.read(page, 0)
	}
	body := bodySize(r.lines)
	text, notes := withoutNotes(r.lines, body)
	words := vocabulary(r.lines)
	paragraphs := join(text, words)
	doc := Document{}
	for _, l := range r.lines {
		doc.Notes += l.notes
	}
	doc.Title, paragraphs = titleOf(paragraphs, body)
	paragraphs = append(paragraphs, join(notes, words)...)
	texts := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		texts[i] = p.text
	}
	doc.Title, doc.Body = strings.ReplaceAll(doc.Title, "\u2010", "-"), strings.ReplaceAll(strings.Join(texts, "\n\n"), "\u2010", "-")
	return doc
}

// bodySize is the size of font that most of the text is set in.
func bodySize(lines []line) float64 {
	count, best := map[int]int{}, 0
	for _, l := range lines {
		k := int(math.Round(l.size * 5))
		if count[k] += utf8.RuneCountInString(l.text); count[k] > count[best] {
			best = k
		}
	}
	return float64(best) / 5
}

// paragraph is lines put together.
type paragraph struct {
	text string
	size float64
	bold bool
	page int
}

// join makes paragraphs of lines.
func join(lines []line, words map[string]int) []paragraph {
	var all []paragraph
	pitches := pitchesOf(lines)
	for i, l := range lines {
		if i > 0 {
			before, last := lines[i-1], &all[len(all)-1]
			switch {
			case l.table && before.table && l.column == before.column:
				last.text += "\n" + l.text
				continue
			case !divides(before, l, pitches[l.column]):
				last.text = glue(last.text, l.text, words)
				continue
			}
		}
		all = append(all, paragraph{text: l.text, size: l.size, bold: l.bold, page: l.page})
	}
	return all
}

// pitchesOf are the usual distances between two lines, by column.
func pitchesOf(lines []line) map[int]float64 {
	gaps := map[int][]float64{}
	for i := 1; i < len(lines); i++ {
		a, b := lines[i-1], lines[i]
		if gap := a.base - b.base; a.column == b.column && a.page == b.page && gap > 0.5*b.size && gap < 3*b.size {
			gaps[b.column] = append(gaps[b.column], gap/b.size)
		}
	}
	pitches := map[int]float64{}
	for c, g := range gaps {
		slices.Sort(g)
		pitches[c] = g[len(g)/3] // lines of one paragraph stand closest
	}
	return pitches
}

// divides tells whether a paragraph ends between two lines. The pitch is the
// usual distance of lines in the column, in sizes of the font.
func divides(a, b line, pitch float64) bool {
	if a.table || b.table || math.Abs(a.size-b.size) > 0.08*max(a.size, b.size) || a.bold != b.bold || starts(b.text) {
		return true
	}
	if a.page != b.page || a.column != b.column { // it may go on in the next column
		return ends(a.text) || a.bold || room(a, b) || indented(b)
	}
	gap := (a.base - b.base) / b.size
	if gap < 0.4 || pitch > 0 && gap > 1.25*pitch || pitch == 0 && gap > 1.9 {
		return true
	}
	return indented(b) && !indented(a) || room(a, b)
}

// room tells whether the first word of a line would have fitted on the line
// before: then that one was ended on purpose.
func room(a, b line) bool {
	left := a.edge.width() - a.box.width()
	if a.column != b.column && a.edge.width() < 0.5*b.box.width() {
		return true // a column of its own, of a line or two
	}
	if a.rtl {
		left = a.box.left - a.edge.left
	} else if a.box.left-a.edge.left < 3*a.size {
		left = a.edge.right - a.box.right
	}
	word, _, _ := strings.Cut(b.text, " ")
	if first, n := utf8.DecodeRuneInString(word); tight(first) {
		word = word[:n] + " "
	}
	width := b.box.width() * float64(utf8.RuneCountInString(word)+1) / float64(max(1, utf8.RuneCountInString(b.text)))
	return left > 1.15*width+0.6*a.size
}

// indented tells whether a line begins further in than its column.
func indented(l line) bool {
	in := l.box.left - l.edge.left
	if l.rtl {
		in = l.edge.right - l.box.right
	}
	return in > 0.8*l.size && in < 6*l.size
}

// starts tells whether a line begins like an item of a list.
func starts(text string) bool {
	first, n := utf8.DecodeRuneInString(text)
	if strings.ContainsRune("•●○▪■◦‣·➢✓–—", first) && (n == len(text) || text[n] == ' ') {
		return true
	}
	mark, _, more := strings.Cut(text, " ")
	if !more || len(mark) < 2 || len(mark) > 6 {
		return false
	}
	inner := strings.Trim(mark, "().")
	if end := mark[len(mark)-1]; inner == "" || end != '.' && end != ')' {
		return false
	}
	digits := strings.IndexFunc(inner, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' }) < 0
	return digits && mark[0] != '.' || mark[0] == '(' && utf8.RuneCountInString(inner) <= 3 || len(inner) == 1 && mark[1] == ')'
}

// ends tells whether a text ends like a sentence.
func ends(text string) bool {
	text = strings.TrimRight(text, `"'”’»)]」』`)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?:;…。！？：；؟۔।", last)
}

// glue puts a line to the text before it. A word that was divided at the line's
// end is made whole; of a compound such as long-term the hyphen stays, where the
// words of the document tell.
func glue(text, next string, words map[string]int) string {
	if text == "" || next == "" {
		return text + next
	}
	last, size := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(next)
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-size])
	switch {
	case last == '\u00ad' || last == '\u2010' && unicode.IsLetter(before) && unicode.IsLower(first) && words[softHyphens] > 0:
		return text[:len(text)-size] + next
	case (last == '-' || last == '\u2010') && unicode.IsLetter(before):
		if unicode.IsLower(first) && !compound(text[:len(text)-size], next, words) {
			return text[:len(text)-size] + next
		}
		return text + next
	case (last == '–' || last == '/' || last == '-') && before != ' ' && unicode.IsLetter(before):
		return text + next
	case tight(last) || tight(first):
		return text + next
	}
	return text + " " + next
}

// compound tells whether a hyphen at a line's end belongs to the word: the whole
// stands so elsewhere, or both halves are words of the document and the two
// together are none.
func compound(text, next string, words map[string]int) bool {
	head, tail := lastPart(text), firstPart(next)
	if words[head+"-"+tail] > 0 {
		return true
	}
	if at := strings.LastIndexByte(head, '-'); at >= 0 { // state-of-the-art
		if head = head[at+1:]; len(head) <= 3 && words[head] > 0 {
			return true
		}
	}
	if words[head+tail] > 0 {
		return false
	}
	return utf8.RuneCountInString(head) >= 3 && utf8.RuneCountInString(tail) >= 3 && words[head] > 0 && words[tail] > 0
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '\u00ad'
}

func lastPart(text string) string {
	at := strings.LastIndexFunc(text, func(r rune) bool { return !inWord(r) })
	if at < 0 {
		return strings.ToLower(text)
	}
	_, n := utf8.DecodeRuneInString(text[at:])
	return strings.ToLower(text[at+n:])
}

func firstPart(text string) string {
	if at := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) }); at >= 0 {
		text = text[:at]
	}
	return strings.ToLower(text)
}

// softHyphens is what a vocabulary counts where a document has another sign for
// the hyphens of words than for those at line ends: the latter divide words.
const softHyphens = "-\u2010"

// vocabulary counts the words of lines but for those that a line's end may have
// divided.
func vocabulary(lines []line) map[string]int {
	words := map[string]int{}
	plain, other := 0, 0
	for i, l := range lines {
		inner := strings.TrimRight(l.text, "-\u2010")
		plain, other = plain+strings.Count(inner, "-"), other+strings.Count(inner, "\u2010")
		fields := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(l.text, "\u2010", "-")), func(r rune) bool { return !inWord(r) })
		for j, w := range fields {
			cut := j == len(fields)-1 && (strings.HasSuffix(l.text, "-") || strings.HasSuffix(l.text, "\u2010"))
			if j == 0 && i > 0 && (strings.HasSuffix(lines[i-1].text, "-") || strings.HasSuffix(lines[i-1].text, "\u2010")) {
				cut = true
			}
			if cut {
				continue
			}
			words[w]++
		}
	}
	if plain > 0 && other == 0 {
		words[softHyphens] = 1
	}
	return words
}

// titleOf takes the title from the first paragraphs: the largest, where it is
// larger than the text.
func titleOf(paragraphs []paragraph, body float64) (string, []paragraph) {
	at := -1
	for i, p := range paragraphs[:min(len(paragraphs), 8)] {
		if p.page > 0 && i > 0 {
			break
		}
		if p.size >= 1.12*body && len(p.text) <= maxTitle && (at < 0 || p.size > 1.02*paragraphs[at].size) && strings.ContainsFunc(p.text, unicode.IsLetter) {
			at = i
		}
	}
	if at < 0 || len(paragraphs) == 1 {
		return "", paragraphs
	}
	title := strings.ReplaceAll(paragraphs[at].text, "\n", " ")
	return title, slices.Delete(slices.Clone(paragraphs), at, at+1)
}
