package passage

import (
	"strings"
	"unicode/utf8"
)

// adverbs are words that may stand beside the name of a speaker and are no part of it: "the spokesman again firmly denied".
type adverbs struct {
	phrases map[string]bool // folded, words apart by a space
	endings []string        // of words in small letters
	nouns   map[string]bool // that have one of the endings
	longest int             // of the phrases, in words, or in runes where words are not spaced
}

// add adds an entry of words.txt.
func (a *adverbs) add(entry string, is bool) {
	entry = strings.ReplaceAll(entry, "_", " ")
	ending, any := strings.CutPrefix(entry, "*")
	switch entry = fold(ending); {
	case !is:
		a.nouns[entry] = true
	case any:
		a.endings = append(a.endings, entry)
	default:
		a.phrases[entry] = true
		a.longest = max(a.longest, 1+strings.Count(entry, " "), utf8.RuneCountInString(entry))
	}
}

// one tells whether a word by itself is an adverb.
func (a *adverbs) one(t token) bool {
	if a.phrases[t.word] {
		return true
	}
	if t.capital || a.nouns[t.word] {
		return false
	}
	for _, e := range a.endings {
		if len(t.word) > len(e) && strings.HasSuffix(t.word, e) {
			return true
		}
	}
	return false
}

// speaker is the stretch of a phrase that names who speaks: without auxiliaries, conjunctions and adverbs at its ends, as long as
// somebody is left. It is empty where there is no word.
func (r *reader) speaker(tokens []token) string {
	var words []token
	for _, t := range tokens {
		if t.mark == 0 && t.word != "" {
			words = append(words, t)
		}
	}
	names := func(t token) bool { return t.class&(office|outsider|country|mine) != 0 || t.place != "" }
	idle := func(t token) bool { return t.class&(aux|and) != 0 && !names(t) }
	for len(words) > 0 && idle(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && idle(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	somebody := func(rest []token) bool {
		for _, t := range rest {
			if names(t) || t.class&(peer|they|we|person) != 0 || t.capital || !r.words.cased && !r.words.adverbs.one(t) {
				return true
			}
		}
		return false
	}
	for more := true; more; {
		more = false
		for _, n := range [2]int{r.adverbial(words, true), r.adverbial(words, false)} {
			switch {
			case n > 0 && somebody(words[n:]):
				words, more = words[n:], true
			case n < 0 && somebody(words[:len(words)+n]):
				words, more = words[:len(words)+n], true
			default:
				continue
			}
			break
		}
	}
	words = words[:r.predicate(words, names)]
	if len(words) == 0 {
		return ""
	}
	return strings.TrimSpace(r.text(words[0].from, words[len(words)-1].to))
}

// predicate is how many words come before what a subject does: behind the last name or office with an auxiliary, a verb of saying or, in
// English, where nothing describes a noun from behind, a determiner, the rest is of the sentence ("The president | has been clear").
func (r *reader) predicate(words []token, names func(token) bool) int {
	last := -1
	for i, t := range words {
		if names(t) || t.class&(peer|they|person) != 0 || t.capital {
			last = i
		}
	}
	if last < 0 {
		return len(words)
	}
	for i := last + 1; i < len(words); i++ {
		if words[i].class&(aux|says) != 0 {
			if r.words.code == "en" {
				return last + 1
			}
			return i
		}
		if r.words.code == "en" && words[i].class&det != 0 {
			return last + 1
		}
	}
	return len(words)
}

// adverbial is how many words at the beginning of a phrase, or, below zero, at its end are an adverb, auxiliary or conjunction.
func (r *reader) adverbial(words []token, front bool) int {
	a := &r.words.adverbs
	for n := min(len(words), a.longest); n > 0; n-- {
		part := words[:n]
		if !front {
			part = words[len(words)-n:]
		}
		var text strings.Builder
		free := true
		for i, t := range part {
			if i > 0 && !r.words.unspaced {
				text.WriteByte(' ')
			}
			text.WriteString(t.word)
			free = free && t.class&(office|outsider|peer|country|mine|person|they|we) == 0 && t.place == ""
		}
		if free && (a.phrases[text.String()] || n == 1 && (a.one(part[0]) || part[0].class&(aux|and) != 0)) {
			if front {
				return n
			}
			return -n
		}
	}
	return 0
}
