package passage

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// turn is what one speaker of a transcript says until another one begins.
type turn struct {
	label string
	judgement
	asks bool
}

// Bounds of a label.
const (
	maxLabel      = 120 // bytes
	maxLabelWords = 9
)

var (
	// bareQ is the label of a question in transcripts of the White House: "Q    Will you …".
	bareQ = regexp.MustCompile(`^Q\s+[\p{Lu}\p{Pi}"(\[—-]`)
	// inner is the label of an answer within a paragraph.
	inner = regexp.MustCompile(`\s(?:A|Answer|ANSWER|Ответ|Відповідь|Antwort|Réponse|Respuesta|Cevap|پاسخ|جواب|答|תשובה)\s?[:：]\s?`)
	// asides stand behind a name in a label: (AA), [via interpreter].
	asides = regexp.MustCompile(`\s*[(\[（][^)\]）]{0,60}[)\]）]\s*`)
	// initials before a name, written together with it: А.С.Лебедева.
	initials = regexp.MustCompile(`^(?:\p{Lu}\.[\s-]?){1,3}`)
)

// candidate is a label as it stands in the text.
type candidate struct {
	label  string // without asides and marks
	behind int    // where the speech begins, in the text
	tokens []token
	is     class // asks, answers or hosts
	firm   bool  // a label wherever it stands
	name   bool  // has the form of a name
}

// label gives every line its turn.
func (r *reader) label(lines []line) {
	found := make([]candidate, len(lines))
	count := map[string]int{}
	transcript := false
	for i := range lines {
		c, ok := r.candidate(lines[i])
		if !ok {
			continue
		}
		found[i] = c
		count[fold(c.label)]++
		transcript = transcript || c.is&(asks|hosts) != 0
	}
	distinct := 0
	for i := range found {
		if c := found[i]; c.label != "" && (c.firm || c.name && count[fold(c.label)] > 1) {
			distinct++
		}
	}
	transcript = transcript || distinct > 1
	labels := map[string]*turn{}
	for i := range found {
		c := &found[i]
		key := fold(c.label)
		whole := c.behind >= lines[i].to && !strings.ContainsAny(r.text(lines[i].from, lines[i].to), ":：") // no colon: a name on a line of its own
		switch {
		case c.label == "":
		case whole && !(c.is != 0 || count[key] > 1 && (c.firm || c.name)):
			c.label = ""
		case c.is != 0 || c.firm || c.name && (transcript || count[key] > 1) && (len(c.tokens) > 1 || count[key] > 1 || transcript) || count[key] > 1 && !r.words.cased:
			if labels[key] == nil {
				labels[key] = r.turnOf(c)
			}
		default:
			c.label = ""
		}
	}
	r.answering(lines, found, labels)
	var now *turn
	answered := slices.ContainsFunc(found, func(c candidate) bool {
		return c.label != "" && labels[fold(c.label)] != nil && !labels[fold(c.label)].asks
	})
	question := false // the running turn asks, and its last line ended in a question mark
	for i := range lines {
		l := &lines[i]
		if c := found[i]; c.label != "" {
			now = labels[fold(c.label)]
			l.from, l.fresh = c.behind, true
			if from, to := trim(r.speech.Text, l.from, l.to); from < to {
				l.from, l.to = from, to
			} else {
				l.from = l.to
			}
		} else if question && !answered { // the paragraph after a question that no label begins answers it
			now = nil
		}
		l.turn = now
		question = now != nil && now.asks && endsAsking(r.text(l.from, l.to))
	}
}

func endsAsking(s string) bool {
	s = strings.TrimRight(s, "\"”»“) ")
	return strings.HasSuffix(s, "?") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "؟")
}

// candidate is what may be a label at the start of a line.
func (r *reader) candidate(l line) (c candidate, ok bool) {
	text := r.text(l.from, l.to)
	if bareQ.MatchString(text) {
		return candidate{label: "Q", behind: l.from + 1, is: asks, firm: true}, true
	}
	head := text[:runeStart(text, min(len(text), maxLabel))]
	at := strings.IndexAny(head, ":：")
	size := 0
	if at < 0 {
		if len(head) < len(text) || len(text) > 80 {
			return c, false
		}
		at = len(text)
	} else {
		_, size = utf8.DecodeRuneInString(head[at:])
		behind := text[at+size:]
		if next, _ := utf8.DecodeRuneInString(behind); size == 1 && behind != "" && (unicode.IsDigit(next) || next == '/') {
			return c, false // 14:30, https://
		}
	}
	label := strings.Trim(asides.ReplaceAllString(text[:at], " "), " \t\u00a0*_#–—-")
	if label == "" || strings.ContainsAny(label, "?!;«»“”\"„。？！؟…") {
		return c, false
	}
	c.label, c.behind = label, l.from+at+size
	spaced := initials.ReplaceAllStringFunc(label, func(s string) string { return s + " " })
	x := &reader{words: r.words, own: r.own, speech: Speech{Text: spaced}}
	words, capitals, upper := 0, 0, 0
	for _, t := range x.tokens(spaced, 0, len(spaced)) {
		switch {
		case t.mark == '.' || t.mark == ',' || t.mark == '،' || t.mark == '-' || t.mark == '/' || t.mark == '\'' || t.mark == '’' || t.mark == '、' || t.mark == '，':
			continue
		case t.mark != 0:
			return c, false
		case t.class&says != 0 && t.class&(asks|answers|office) == 0:
			return c, false
		}
		t.from, t.to = -1, -1
		words++
		if t.capital || particles[t.word] {
			capitals++
		}
		w := strings.ToUpper(t.word)
		if t.capital && strings.Contains(strings.ToUpper(label), w) && strings.Contains(label, w) {
			upper++
		}
		c.tokens = append(c.tokens, t)
		switch {
		case t.class&hosts != 0:
			c.is |= hosts
		case t.class&asks != 0 && (words == 1 || t.class&outsider != 0):
			c.is |= asks
		case t.class&answers != 0 && words == 1:
			c.is |= answers
		}
		if t.class&(person|office) != 0 {
			c.firm = true
		}
	}
	if words == 0 || words > maxLabelWords && !r.words.unspaced || words > 4*maxLabelWords {
		return c, false
	}
	if c.is&answers != 0 && (words > 1 || c.is != answers) {
		c.is &^= answers
	}
	// "A" and other labels of one letter must be capitals, and long labels name somebody.
	if c.is == answers|asks {
		c.is = asks
	}
	if c.is != 0 && utf8.RuneCountInString(label) == 1 && !unicode.IsUpper([]rune(label)[0]) && r.words.cased {
		return c, false
	}
	if r.words.cased {
		if capitals == 0 && c.is == 0 {
			return c, false
		}
		c.name = capitals == words && words <= 6
		c.firm = c.firm && (c.name || words <= 6 && capitals > 0)
		if c.is == 0 && !c.name && !c.firm {
			return c, false
		}
	} else {
		c.name = words <= 5 || r.words.unspaced && utf8.RuneCountInString(label) <= 12
		c.firm = c.firm && (words <= 6 || r.words.unspaced && utf8.RuneCountInString(label) <= 16)
	}
	return c, true
}

// turnOf tells who the speaker with a label is.
func (r *reader) turnOf(c *candidate) *turn {
	t := &turn{label: c.label}
	switch {
	case c.is&(asks|hosts) != 0 && !r.ours(c.tokens):
		t.judgement, t.asks = judgement{stranger, true, c.label}, c.is&asks != 0
	case c.is&answers != 0:
		t.judgement = judgement{issuer, true, c.label}
	default:
		t.judgement = r.who(c.tokens, true)
		t.speaker = c.label
		if t.side == nobody {
			t.side, t.sure = stranger, false
		}
	}
	return t
}

// ours tells whether a label has the name of an official.
func (r *reader) ours(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return t.class&person != 0 })
}

// answering looks at labels of which only the name is known: who answers questions, and is no guest, speaks for the issuer; who asks
// them is a journalist.
func (r *reader) answering(lines []line, found []candidate, labels map[string]*turn) {
	answers, questions, turns := map[*turn]int{}, map[*turn]int{}, map[*turn]int{}
	var before *turn
	last := 0
	for i := range lines {
		c := found[i]
		if c.label == "" {
			continue
		}
		t := labels[fold(c.label)]
		if t == nil {
			continue
		}
		end := len(r.speech.Text)
		for k := i + 1; k < len(lines); k++ {
			if found[k].label != "" {
				end = lines[k-1].to
				break
			}
		}
		turns[t]++
		if endsAsking(strings.TrimSpace(r.text(max(c.behind, runeStart(r.speech.Text, end-200)), max(c.behind, end)))) {
			questions[t]++
		}
		if before != nil && (before.asks || last == 1) {
			answers[t]++
		}
		last = 0
		if questions[t] > 0 && !t.sure {
			last = 1
		}
		before = t
	}
	for t, n := range turns {
		if t.sure || t.side == issuer {
			continue
		}
		switch {
		case questions[t]*2 > n:
			t.asks = true
		case answers[t] > 0 && !r.met.guests:
			t.side = issuer
			t.sure = answers[t] > 2
		}
	}
}

// mute tells lines that are no speech by their form: stage directions, rules, addresses of pages and mails, times of day.
func mute(s string) bool {
	letters := 0
	for _, c := range s {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	if letters == 0 {
		return true
	}
	if strings.Trim(s, "(){}[]（）【】") != s && len(s) < 200 {
		if end := strings.IndexAny(s, ")]）】"); (s[0] == '(' || s[0] == '[' || strings.HasPrefix(s, "（") || strings.HasPrefix(s, "【")) && end >= 0 && len(s)-end <= 4 {
			return true
		}
	}
	return silent.MatchString(s)
}

// silent are a time of day with its zone, an address, and the marks of the end.
var silent = regexp.MustCompile(`^(?:\d{1,2}[:.]\d{2}\s*(?:[AaPp]\.?\s?[Mm]\.?)?\s*(?:\(?[A-Z]{1,5}\)?)?|(?:https?://|www\.)\S+|\S+@\S+\.\S+|(?:END|###|- END -|E N D)\s*.{0,24})$`)

func (r *reader) text(from, to int) string { return r.speech.Text[from:to] }

// trim leaves out the white space at the ends of a stretch.
func trim(text string, from, to int) (int, int) {
	s := strings.TrimLeftFunc(text[from:to], unicode.IsSpace)
	from = to - len(s)
	return from, from + len(strings.TrimRightFunc(s, unicode.IsSpace))
}

// runeStart is the last start of a rune that is not behind a place.
func runeStart(s string, at int) int {
	at = max(at, 0)
	for k := 0; k < utf8.UTFMax && at > 0 && at < len(s) && !utf8.RuneStart(s[at]); k++ {
		at--
	}
	return at
}
