package passage

import "strings"

// told tells who says what a sentence tells, by a verb of saying and its subject or by a source that is named; side is nobody
// where the sentence tells of nobody.
func (r *reader) told(tokens []token, last judgement) judgement {
	if j := r.cited(tokens, last); j.side != nobody {
		return j
	}
	for k := range tokens {
		i := k
		if r.words.order == verbLast && r.words.code != "fa" {
			i = len(tokens) - 1 - k
		}
		t := tokens[i]
		if t.class&says == 0 || t.quoted || t.place != "" || i > 0 && tokens[i-1].class&det != 0 && tokens[i-1].class&(they|we) == 0 {
			continue
		}
		if i > 0 && tokens[i-1].class&says != 0 && !tokens[i-1].quoted && r.words.order == subjectFirst { // one entry of two words
			continue
		}
		if j := r.subject(tokens, i, last); j.side != nobody {
			return j
		} else if j.speaker == "we" {
			return judgement{}
		}
	}
	return judgement{}
}

// maxSource is how many words a source has that a preposition introduces.
const maxSource = 12

// cited finds a source: "according to the ministry", "laut Ministerin", "Bakanlığa göre".
func (r *reader) cited(tokens []token, last judgement) judgement {
	for i, t := range tokens {
		if t.quoted || t.class&(cites|citesBefore) == 0 {
			continue
		}
		var zone []token
		if t.class&cites != 0 {
			if i+1 < len(tokens) && tokens[i+1].class&cites != 0 {
				continue
			}
			end := i + 1
			for end < len(tokens) && end-i <= maxSource && (tokens[end].mark == 0 || joins(tokens[end].mark)) && !tokens[end].quoted &&
				(tokens[end].class&says == 0 || tokens[end].class&(office|outsider) != 0) {
				end++
			}
			zone = tokens[i+1 : end]
		} else {
			from := i
			for from > 0 && i-from < maxSource && (tokens[from-1].mark == 0 || joins(tokens[from-1].mark)) && !tokens[from-1].quoted {
				from--
			}
			zone = tokens[from:i]
		}
		if j := r.named(r.free(zone), last); j.side != nobody {
			return j
		}
	}
	return judgement{}
}

// joins tells marks within a name.
func joins(mark rune) bool {
	return mark == '-' || mark == '.' || mark == '\'' || mark == '’' || mark == '·'
}

// hard tells marks over which no subject belongs to a verb.
func hard(mark rune) bool {
	switch mark {
	case ';', '؛', '；', ':', '：', '.', '!', '?', '؟', '。', '！', '？', '\n':
		return true
	}
	return false
}

// named is who a phrase names, pronouns resolved.
func (r *reader) named(zone []token, last judgement) judgement {
	if len(zone) == 0 {
		return judgement{}
	}
	j := r.who(zone, false)
	if j.side == nobody && j.speaker == "they" && last.side != nobody {
		return last
	}
	return j
}

// subject finds that of the verb of saying at i.
func (r *reader) subject(tokens []token, i int, last judgement) judgement {
	switch r.words.order {
	case verbFirst:
		if j := r.named(r.after(tokens, i), last); j.side != nobody {
			return j
		}
		return r.before(tokens, i, last, true)
	case verbLast:
		return r.before(tokens, i, last, false)
	}
	k := i - 1
	for k >= 0 && tokens[k].class&aux != 0 && tokens[k].class&(office|outsider|mine) == 0 && tokens[k].place == "" && !tokens[k].quoted {
		k--
	}
	inverted := k < 0 || tokens[k].quoted || tokens[k].mark != 0 && !joins(tokens[k].mark)
	if inverted && !r.words.unspaced {
		if j := r.named(r.after(tokens, i), last); j.side != nobody {
			return j
		}
	}
	j := r.before(tokens, i, last, true)
	if j.side == nobody && j.speaker != "we" {
		if at := r.seat(tokens, i); at.side != nobody {
			return at
		}
	}
	if j.side == nobody && j.speaker != "we" && !inverted && r.words.code != "en" && !r.words.unspaced {
		j = r.named(r.after(tokens, i), last)
	}
	return j
}

// seats are the prepositions before an institution whose people, in the plural of nobody, say something: "в Кремле сообщили".
var seats = map[string]string{"ru": "в во", "uk": "в у", "pl": "w we"}

// seat finds an institution in whose house something is said, right before the verb or behind it.
func (r *reader) seat(tokens []token, i int) judgement {
	in := " " + seats[r.words.code] + " "
	if in == "  " {
		return judgement{}
	}
	for k := max(0, i-5); k < min(len(tokens), i+3); k++ {
		if t := tokens[k]; t.class&prep == 0 || t.quoted || !strings.Contains(in, " "+t.word+" ") {
			continue
		}
		end := k + 1
		for end < len(tokens) && end-k < 6 && tokens[end].mark == 0 && end != i && !tokens[end].quoted && tokens[end].class&(prep|that) == 0 {
			end++
		}
		zone := tokens[k+1 : end]
		for _, t := range zone {
			if t.class&(office|outsider) != 0 || t.place != "" {
				j := r.who(zone, false)
				j.sure = j.sure && (end == i || k == i+1)
				return j
			}
		}
	}
	return judgement{}
}

// after is the phrase behind a verb, up to a mark or the clause that it governs.
func (r *reader) after(tokens []token, i int) []token {
	end := i + 1
	for end < len(tokens) && end-i <= maxSource && !tokens[end].quoted && (tokens[end].mark == 0 || joins(tokens[end].mark)) &&
		(tokens[end].class&that == 0 || tokens[end].class&office != 0) {
		end++
	}
	for k := i + 1; k < end; k++ {
		if tokens[k].class&prep != 0 && tokens[k].class&office == 0 && tokens[k].place == "" && k > i+1 {
			return tokens[i+1 : k]
		}
	}
	return r.free(tokens[i+1 : end])
}

// before looks for a subject in the clauses before a verb: in the nearest first, or in the first first.
func (r *reader) before(tokens []token, i int, last judgement, nearest bool) judgement {
	var segments [][]token
	to := i
	for k := i - 1; k >= -1; k-- {
		if k >= 0 && !tokens[k].quoted && (tokens[k].mark == 0 || joins(tokens[k].mark)) {
			continue
		}
		if k+1 < to {
			segments = append(segments, tokens[k+1:to])
		}
		to = k
		if k < 0 || hard(tokens[k].mark) || len(segments) > 8 {
			break
		}
		if tokens[k].quoted && nearest && len(segments) > 0 {
			break
		}
	}
	for n := range segments {
		s := segments[n]
		if !nearest {
			s = segments[len(segments)-1-n]
		}
		for k, t := range s { // what a verb before it governs has its own subject
			if t.class&that != 0 && t.class&office == 0 {
				if nearest {
					s = s[k+1:]
				} else {
					s = s[:k]
				}
				break
			}
		}
		s = r.free(s)
		j := r.named(s, last)
		if j.side != nobody {
			return j
		}
		if r.firstPerson(s) {
			return judgement{speaker: "we"}
		}
	}
	return judgement{}
}

func (r *reader) firstPerson(s []token) bool {
	for _, t := range s {
		if t.class&we != 0 {
			return true
		}
	}
	return false
}

// free is the part of a phrase that no preposition governs.
func (r *reader) free(s []token) []token {
	if r.words.code == "tr" { // where they stand behind
		for k := len(s) - 1; k >= 0; k-- {
			if s[k].class&prep != 0 {
				return s[k+1:]
			}
		}
		return r.nominative(s)
	}
	for k, t := range s {
		if t.class&prep != 0 && t.class&(office|outsider|mine|peer) == 0 && t.place == "" {
			return s[:k]
		}
	}
	return s
}

// nominative leaves out the names that Turkish marks as something else than a subject with an apostrophe and an ending, if no
// office follows that they belong to.
func (r *reader) nominative(s []token) []token {
	for k, t := range s {
		for _, c := range t.word {
			if c == '\'' && (k+1 == len(s) || s[k+1].class&(office|outsider|peer) == 0 && s[k+1].place == "") {
				return s[:k]
			}
		}
	}
	return s
}

// topic is who a sentence that tells of no speech begins with: to him a pronoun in the next one points.
func (r *reader) topic(tokens []token) judgement {
	end := 0
	for end < len(tokens) && end < 6 && !tokens[end].quoted && (tokens[end].mark == 0 || joins(tokens[end].mark)) && tokens[end].class&(prep|they|we) == 0 {
		end++
	}
	for _, t := range tokens[:end] {
		if t.class&(person|office) != 0 && t.class&outsider == 0 || t.capital && r.met.side(t.word) != nobody {
			return r.who(tokens[:end], false)
		}
	}
	return judgement{}
}
