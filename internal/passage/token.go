package passage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/statement"
)

// token is a word, a mark that parts clauses, or in scripts without spaces a known word or an unknown letter.
type token struct {
	from, to int
	word     string // folded
	class    class
	place    string // the code of the country
	mark     rune   // of punctuation; 0 of a word
	capital  bool
	first    bool // of a sentence
	quoted   bool
}

// maxWord is the longest word that is looked for in the lists, in bytes.
const maxWord = 64

// tokens are those of a stretch of the text.
func (r *reader) tokens(text string, from, to int) []token {
	out := make([]token, 0, (to-from)/5+1)
	first := true
	for at := from; at < to; {
		c, size := utf8.DecodeRuneInString(text[at:to])
		if !wordRune(c) {
			if unicode.IsPunct(c) || unicode.IsSymbol(c) || c == '\n' {
				out = append(out, token{from: at, to: at + size, mark: c})
			}
			at += size
			continue
		}
		if r.words.unspaced && statement.Unspaced(c) {
			n := r.unspaced(text, at, to)
			out = append(out, token{from: at, to: at + n, word: fold(text[at : at+n]), first: first})
			first = false
			at += n
			continue
		}
		end := at + size
		for end < to {
			n, s := utf8.DecodeRuneInString(text[end:to])
			if r.words.unspaced && statement.Unspaced(n) {
				break
			}
			if !wordRune(n) {
				after, _ := utf8.DecodeRuneInString(text[min(end+s, to):to])
				joins := n == '\'' || n == '’' || n == 'ʼ' || n == '-' || n == '‑' || n == '"' && unicode.Is(unicode.Hebrew, after) ||
					n == '.' && end-at <= 4 && unicode.IsUpper(c) && unicode.IsUpper(after) && r.words.cased // U.S
				if !joins || !wordRune(after) {
					break
				}
			}
			end += s
		}
		t := token{from: at, to: end, first: first, capital: unicode.IsUpper(c)}
		if end-at <= maxWord {
			t.word = fold(text[at:end])
		}
		out = append(out, t)
		first = false
		at = end
	}
	r.classify(text, out)
	return out
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\u200c' || r == '\u200d'
}

// unspaced is the length in bytes of the longest known word at a place, or of one rune.
func (r *reader) unspaced(text string, at, to int) int {
	one := 0
	best := 0
	n := 0
	for runes := 1; runes <= max(r.words.longest, r.own.longest) && at+n < to; runes++ {
		c, size := utf8.DecodeRuneInString(text[at+n : to])
		if !statement.Unspaced(c) {
			break
		}
		n += size
		if one == 0 {
			one = n
		}
		w := text[at : at+n]
		if r.words.exact[w] != nil || r.own.names[w] != 0 {
			best = n
		}
	}
	return max(one, best)
}

// classify tells what the words are.
func (r *reader) classify(text string, tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if t.mark != 0 || t.word == "" {
			continue
		}
		t.class |= r.own.class(t.word, t.capital || !r.words.cased)
		for _, w := range r.forms(t.word) {
			before := t.class &^ (mine | person)
			r.look(text, tokens, i, w)
			if t.class&^(mine|person) != before {
				break
			}
		}
		if t.place != "" {
			t.class &^= we | prep | aux // US, IN
		}
		if k := strings.LastIndexByte(t.word, '-'); k > 0 && t.class == 0 { // vice-president, Armenian-brokered
			r.look(text, tokens, i, t.word[k+1:])
		}
	}
}

// forms are a word and what is left of it without the particles that Arabic and Hebrew write together with it.
func (r *reader) forms(w string) []string {
	switch r.words.code {
	case "ar":
		out := []string{w}
		for range 3 {
			cut := w
			for _, p := range []string{"ال", "لل", "و", "ف", "ب", "ل", "ك"} {
				if rest, ok := strings.CutPrefix(w, p); ok && utf8.RuneCountInString(rest) >= 3 {
					cut = rest
					break
				}
			}
			if cut == w {
				break
			}
			w = cut
			out = append(out, w)
		}
		return out
	case "he":
		out := []string{w}
		for range 2 {
			_, size := utf8.DecodeRuneInString(w)
			if !strings.ContainsAny(w[:size], "הובלמשכ") || utf8.RuneCountInString(w) < 4 {
				break
			}
			w = w[size:]
			out = append(out, w)
		}
		return out
	}
	return []string{w}
}

// look adds what the lists say of the word w of a token.
func (r *reader) look(text string, tokens []token, i int, w string) {
	l := r.words
	for _, m := range l.exact[w] {
		r.mean(text, tokens, i, m, 0)
	}
	if l.unspaced {
		return
	}
	longest := false // of the countries that begin so, the one with the longest name
	for n := len(w); n > 0; {
		if list := l.start[w[:n]]; list != nil {
			rest := utf8.RuneCountInString(w[n:])
			for _, m := range list {
				if m.class == country {
					if runes := utf8.RuneCountInString(w[:n]); longest || rest > 2 && runes <= 3 || rest > 5 && runes <= 4 || rest > 8 {
						continue
					}
					longest = r.mean(text, tokens, i, m, rest) || longest
					continue
				}
				r.mean(text, tokens, i, m, rest)
			}
		}
		_, size := utf8.DecodeLastRuneInString(w[:n])
		n -= size
	}
	if len(l.end) == 0 {
		return
	}
	for n := range w {
		for _, m := range l.end[w[n:]] {
			r.mean(text, tokens, i, m, 0)
		}
	}
}

// mean adds a meaning to a token and to those that follow it in the entry, if they are there.
func (r *reader) mean(text string, tokens []token, i int, m meaning, rest int) bool {
	t := &tokens[i]
	if m.class == country && r.words.cased && m.short {
		w := text[t.from:t.to]
		if !t.capital || t.to-t.from <= 2 && strings.ToUpper(w) != w {
			return false
		}
	}
	last := i
	for _, want := range m.rest {
		last++
		for last < len(tokens) && tokens[last].mark == '-' {
			last++
		}
		if last >= len(tokens) || tokens[last].mark != 0 {
			return false
		}
		ok := tokens[last].word == want.word || want.loose && strings.HasPrefix(tokens[last].word, want.word)
		for _, w := range r.forms(tokens[last].word) {
			ok = ok || w == want.word || want.loose && strings.HasPrefix(w, want.word)
		}
		if !ok {
			return false
		}
	}
	for k := i; k <= last; k++ {
		tokens[k].class |= m.class
		if m.class == country && (tokens[k].place == "" || k > i) {
			tokens[k].place = m.place
		}
	}
	return true
}
