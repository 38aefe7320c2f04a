package passage

import (
	"strings"
	"unicode/utf8"

	"volteface/internal/judge"
)

// sentence is a sentence of a paragraph with what is known of who says it.
type sentence struct {
	from, to int
	tokens   []token
	quoted   bool // the most of it stands in quotation marks
	judgement
}

// read gives every sentence its voice and writes the passages.
func (r *reader) read(lines []line, w *writer) {
	var question strings.Builder
	last := judgement{}    // who spoke last
	since := 0             // paragraphs since then
	main := judgement{}    // the first official who speaks, to whom pronouns point when others are long past
	pending := judgement{} // who speaks in the quotation that the next paragraph begins with
	for i := range lines {
		l := &lines[i]
		if l.fresh {
			last, pending = judgement{}, judgement{}
			if l.turn.asks && (i == 0 || lines[i-1].turn == nil || !lines[i-1].turn.asks || l.turn != lines[i-1].turn) {
				question.Reset()
			}
		}
		if l.from >= l.to {
			continue
		}
		for _, part := range r.parts(*l) {
			switch t := part.turn; {
			case t != nil && t.asks:
				if question.Len() > 0 {
					question.WriteByte(' ')
				}
				if question.Len() < 1<<14 {
					question.WriteString(r.text(part.from, part.to))
				}
				for _, s := range judge.Sentences(r.text(part.from, part.to)) {
					w.add(part.from+s[0], part.from+s[1], t.judgement, Other, "")
				}
			case t != nil && t.side == stranger:
				for _, s := range judge.Sentences(r.text(part.from, part.to)) {
					w.add(part.from+s[0], part.from+s[1], t.judgement, Other, question.String())
				}
				question.Reset()
			default:
				sentences := r.sentences(part)
				if since > 0 && last.side == stranger {
					last, last.sure = main, false
				}
				before := last
				last, pending = r.attribute(sentences, last, pending)
				if since++; last != before {
					since = 0
				}
				if main.side == nobody && last.side == issuer {
					main = last
				}
				for _, s := range sentences {
					w.add(s.from, s.to, r.final(s, t, last), "", question.String())
					question.Reset()
				}
			}
			w.end()
		}
	}
}

// parts are a paragraph, or the question and the answer in it.
func (r *reader) parts(l line) []line {
	if l.turn == nil || !l.turn.asks {
		return []line{l}
	}
	at := inner.FindStringIndex(r.text(l.from, l.to))
	if at == nil {
		return []line{l}
	}
	q, a := l, l
	q.from, q.to = trim(r.speech.Text, l.from, l.from+at[0])
	a.from, a.to = trim(r.speech.Text, l.from+at[1], l.to)
	label := strings.Trim(r.text(l.from+at[0], l.from+at[1]), " :：\t")
	a.turn = &turn{label: label, judgement: judgement{issuer, true, label}}
	if a.from >= a.to {
		return []line{q}
	}
	return []line{q, a}
}

// sentences are those of a paragraph, with their words.
func (r *reader) sentences(l line) []sentence {
	text := r.speech.Text
	quotes := quotations(text, l.from, l.to)
	var out []sentence
	q := 0
	for _, s := range judge.Sentences(r.text(l.from, l.to)) {
		x := sentence{from: l.from + s[0], to: l.from + s[1]}
		x.tokens = r.tokens(text, x.from, x.to)
		in, words := 0, 0
		for i := range x.tokens {
			t := &x.tokens[i]
			for q < len(quotes) && quotes[q].to <= t.from {
				q++
			}
			t.quoted = q < len(quotes) && quotes[q].from <= t.from
			if t.mark == 0 {
				words++
				if t.quoted {
					in++
				}
			}
		}
		x.quoted = in*2 > words && in > 3
		if len(x.tokens) > 0 && len(out) > 0 && in == words && words > 0 && out[len(out)-1].quoted {
			x.quoted = true
		}
		out = append(out, x)
	}
	return out
}

// attribute tells of the sentences of a paragraph who says them.
func (r *reader) attribute(all []sentence, last, pending judgement) (judgement, judgement) {
	for i := range all {
		s := &all[i]
		s.judgement = r.told(s.tokens, last)
		if s.side != nobody {
			last = s.judgement
		} else if j := r.topic(s.tokens); j.side != nobody {
			last = j
		}
	}
	// A quotation of several sentences has one owner, who is told in one of them, or before it and a colon.
	for i := 0; i < len(all); {
		if !all[i].quoted {
			if all[i].side != nobody && strings.HasSuffix(strings.TrimRight(r.text(all[i].from, all[i].to), " "), ":") {
				pending = all[i].judgement
			} else {
				pending = judgement{}
			}
			i++
			continue
		}
		n := i
		owner := pending
		for n < len(all) && all[n].quoted {
			if owner.side == nobody && all[n].side != nobody {
				owner = all[n].judgement
			}
			n++
		}
		if owner.side == nobody && i > 0 {
			owner = all[i-1].judgement
		}
		if owner.side == nobody && n < len(all) { // “We will.” The minister said so yesterday.
			owner = all[n].judgement
			owner.sure = owner.sure && len(all[n].tokens) > 0 && all[n].tokens[0].quoted // the quotation ends there
		}
		for k := i; k < n; k++ {
			if all[k].side == nobody {
				all[k].judgement = owner
			}
			if all[k].side != nobody {
				owner = all[k].judgement
			}
		}
		pending = judgement{}
		if n == len(all) {
			if q := quotations(r.speech.Text, all[i].from, all[n-1].to); len(q) > 0 && q[len(q)-1].open {
				pending = owner // it goes on in the next paragraph
			}
		}
		i = n
	}
	return last, pending
}

// final is whose voice a sentence is in its turn.
func (r *reader) final(s sentence, t *turn, last judgement) judgement {
	j := s.judgement
	switch {
	case j.side == stranger:
		return j
	case t != nil:
		out := t.judgement
		out.side = issuer
		out.sure = out.sure && (j.side != nobody || !s.quoted)
		return out
	case j.side == issuer:
		return j
	}
	return judgement{side: issuer, sure: r.known && !s.quoted && r.plain(s.tokens)}
}

// plain tells that nobody else is told of by a sentence's beginning or by a verb of saying.
func (r *reader) plain(tokens []token) bool {
	for i, t := range tokens {
		if i < 3 && (t.class&(they|outsider|peer) != 0 || t.place != "" && t.place != r.own.place) {
			return false
		}
		if t.class&says != 0 && !t.quoted && (i == 0 || tokens[i-1].class&det == 0) {
			return false
		}
	}
	return true
}

// Bounds of a passage: the judge reads a pair of passages of this length whole.
const (
	maxSentences = 3
	maxPieces    = 90
)

// writer joins sentences to passages.
type writer struct {
	text     string
	passages []Passage
	open     bool // the last passage may grow
	count    int  // its sentences
	pieces   int
	left     int // bytes that no passage has room for
}

// add adds a sentence; voice is that of side where it is empty.
func (w *writer) add(from, to int, j judgement, voice Voice, question string) {
	if from >= to || w.left > 0 {
		return
	}
	if voice == "" {
		voice = Own
		switch {
		case j.side == stranger:
			voice = Other
		case j.speaker != "":
			voice = Official
		}
	}
	n := pieces(w.text[from:to])
	if w.open {
		p := &w.passages[len(w.passages)-1]
		if p.Voice == voice && p.Speaker == j.speaker && p.Sure == j.sure && w.count < maxSentences && w.pieces+n <= maxPieces && question == "" {
			p.Span[1] = to
			p.Text = w.text[p.Span[0]:to]
			w.count, w.pieces = w.count+1, w.pieces+n
			return
		}
	}
	for from < to {
		if len(w.passages) == maxPassages {
			w.left = len(w.text) - from
			return
		}
		end := to
		if n > maxPieces {
			end = clause(w.text, from, to)
			n = pieces(w.text[end:to])
		}
		a, b := trim(w.text, from, end)
		if a < b {
			p := Passage{N: len(w.passages), Speaker: j.speaker, Voice: voice, Sure: j.sure}
			p.Text, p.Span, p.Question = w.text[a:b], [2]int{a, b}, question
			w.passages = append(w.passages, p)
			question = ""
			w.open, w.count, w.pieces = end == to && from == a, 1, pieces(w.text[a:b])
		}
		from = end
	}
}

// end ends a paragraph.
func (w *writer) end() { w.open = false }

// pieces estimates how many tokens of the judge a text has, rather too many: one for every mark and four letters or so of a
// word, and for every letter and a half of a script without spaces. See TestPieces.
func pieces(s string) int {
	n, run := 0, 0
	for _, c := range s {
		switch {
		case c >= 0x2e80 && c < 0xac00 || c >= 0x0e00 && c < 0x1100 || c >= 0x1780 && c < 0x1800:
			n += 7
			run = 0
		case wordRune(c):
			if run%letters(c) == 0 {
				n += 10
			}
			run++
		case c == ' ' || c == '\n' || c == '\t':
			run = 0
		default:
			n += 10
			run = 0
		}
	}
	return (n + 9) / 10
}

// letters is how many letters of a script one token has.
func letters(c rune) int {
	if c >= 0x590 && c < 0xe00 { // Hebrew, Arabic, the scripts of India
		return 4
	}
	return 5
}

// clause is where a sentence that is too long for a passage is cut: behind the last mark that fits, or space.
func clause(text string, from, to int) int {
	n, run := 0, 0
	weak, space, strong := 0, 0, 0
	for i, c := range text[from:to] {
		at := from + i
		switch {
		case c >= 0x2e80 && c < 0xac00 && wordRune(c):
			n += 7
		case wordRune(c):
			if run%letters(c) == 0 {
				n += 10
			}
			run++
		case c == ' ' || c == '\t' || c == '\u00a0':
			run = 0
			space = at
		default:
			n += 10
			run = 0
			switch end := at + utf8.RuneLen(c); {
			case c == utf8.RuneError:
			case strings.ContainsRune(";؛；—–。", c):
				strong = end
			case strings.ContainsRune(",،，、:", c):
				weak = end
			}
		}
		if n > maxPieces*10 {
			half := from + i/3
			switch {
			case strong > half:
				return strong
			case weak > half:
				return weak
			case space > half:
				return space
			case i > 0:
				return at
			}
		}
	}
	return to
}
