package monitor

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/alert"
	"volteface/internal/judge"
	"volteface/internal/nlp/language"
	"volteface/internal/statement"
	"volteface/state"
)

// Proposal is a topic made of a proposition, and what it would have caught of what is kept.
type Proposal struct {
	Topic statement.Topic
	// Statements is how many are kept, Read how many of them, the newest, were looked at for terms, and Caught in how many
	// a term stands.
	Statements, Read, Caught int
	Newest                   []Caught // the newest of those
}

// Caught is a statement that a proposed topic would have caught, and its sentence that says most on the proposition.
type Caught struct {
	Statement statement.Statement
	Issuer    string // its name, or the id of the source
	Sentence  string
	Stance    string  // affirms, denies, qualifies, silent; "" in a language that the judge was not taught
	Sure      float64 // probability of that stance
}

const (
	mostRead     = 5000 // statements looked at for terms
	mostShown    = 10   // statements shown
	mostNear     = 30   // passages of a language looked at closely
	mostPassages = 8    // passages of a statement whose stance is read
	mostTerms    = 8    // of a language
)

// Propose makes a topic of a proposition, in any language: its terms are its own rarer words, terms given besides, and, in each language
// that is kept, the words that passages on the proposition have and others do not. Which passages those are the judge
// tells, of those whose vectors are nearest. The topic's ID and Name are left to the caller.
func (m *Monitor) Propose(ctx context.Context, proposition string, terms []string) (p Proposal, err error) {
	j, err := m.reader()
	if err != nil {
		return p, err
	}
	plain := strings.TrimRight(strings.TrimSpace(proposition), ".。؟!")
	p.Topic.Propositions = []statement.Proposition{{ID: "holds", Text: strings.TrimSpace(proposition), Affirmed: plain, Denied: Negated(plain)}}
	s := &survey{judge: j, proposition: proposition, vector: j.Vector(proposition), lands: map[string]*land{}}
	for st, err := range m.Store.Statements(ctx, state.Filter{}) {
		if err != nil {
			return p, err
		}
		if p.Statements++; p.Statements > mostRead {
			continue
		}
		r, err := m.Store.Revision(ctx, st.ID, 0)
		if errors.Is(err, statement.ErrNotFound) {
			continue
		}
		if err != nil {
			return p, err
		}
		p.Read++
		s.add(&r)
	}
	if p.Topic.Terms, err = s.terms(ctx, terms); err != nil {
		return p, err
	}
	return p, m.catch(ctx, &p, j)
}

// catch goes over what is kept once more, with the terms.
func (m *Monitor) catch(ctx context.Context, p *Proposal, j *judge.Judge) error {
	router := alert.NewRouter(nil, []statement.Topic{p.Topic}, 0)
	for st, err := range m.Store.Statements(ctx, state.Filter{}) {
		if err != nil {
			return err
		}
		r, err := m.Store.Revision(ctx, st.ID, 0)
		if errors.Is(err, statement.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if len(router.Spoken(statement.Issuer{}, r.Title+"\n\n"+r.Body)) == 0 {
			continue
		}
		if p.Caught++; len(p.Newest) < mostShown {
			c := Caught{Statement: st, Issuer: st.Source}
			if m.Sources != nil {
				if src, defined := m.Sources(st.Source); defined {
					c.Issuer = cmp.Or(src.Issuer.Name, st.Source)
				}
			}
			if err := c.read(ctx, j, router, p.Topic.Propositions[0].Text, &r); err != nil {
				return err
			}
			p.Newest = append(p.Newest, c)
		}
	}
	return nil
}

// read finds the passage with a term that is least silent on the proposition.
func (c *Caught) read(ctx context.Context, j *judge.Judge, router *alert.Router, proposition string, r *statement.Revision) error {
	var held []judge.Held
	for _, p := range append([]judge.Passage{{Text: r.Title}}, judge.Passages(firstPart(r.Body))...) {
		if len(held) < mostPassages && len(router.Spoken(statement.Issuer{}, p.Text)) > 0 {
			held = append(held, judge.Held{Passage: p, Proposition: proposition})
		}
	}
	if len(held) == 0 { // a term across two passages
		c.Sentence = r.Title
		return nil
	}
	c.Sentence = held[0].Passage.Text
	if !j.Reads(languageOf(r)) {
		return nil
	}
	read, err := j.Stances(ctx, held)
	if err != nil {
		return err
	}
	least := 0
	for i := range read {
		if read[i].Silent < read[least].Silent {
			least = i
		}
	}
	s := read[least]
	c.Sentence, c.Stance, c.Sure = held[least].Passage.Text, s.Label(), max(s.Affirms, s.Denies, s.Qualifies, s.Silent)
	return nil
}

func languageOf(r *statement.Revision) string {
	if r.Language == "" {
		if code := language.Identify(r.Body).Code; code != language.Unknown {
			return code
		}
		return ""
	}
	code, _, _ := strings.Cut(strings.ToLower(r.Language), "-")
	return code
}

// survey is what is known of the words of what is kept.
type survey struct {
	judge       *judge.Judge
	proposition string
	vector      judge.Vector
	lands       map[string]*land // by language
}

// land is what is kept in one language.
type land struct {
	passages int
	words    map[string]int // in how many passages each stands, in lower case
	lower    map[string]bool
	near     []nearPassage
}

type nearPassage struct {
	judge.Passage
	like float64
}

func (s *survey) add(r *statement.Revision) {
	code := languageOf(r)
	l := s.lands[code]
	if l == nil {
		l = &land{words: map[string]int{}, lower: map[string]bool{}}
		s.lands[code] = l
	}
	for _, p := range judge.Passages(firstPart(r.Body)) {
		l.passages++
		for w, lower := range vocabulary(p.Text) {
			l.words[w]++
			l.lower[w] = l.lower[w] || lower
		}
		v := s.judge.Vector(p.Text)
		if like := v.Like(&s.vector); like > 0 {
			if l.near = append(l.near, nearPassage{p, like}); len(l.near) > 4*mostNear {
				l.keep()
			}
		}
	}
}

// keep leaves the nearest passages.
func (l *land) keep() {
	slices.SortStableFunc(l.near, func(a, b nearPassage) int { return cmp.Compare(b.like, a.like) })
	l.near = l.near[:min(len(l.near), mostNear)]
}

// vocabulary are the words of a text in lower case, and whether each stands in lower case in it. Scripts without spaces between
// words have none: what would be cut from them by chance is no term.
func vocabulary(text string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(within(text)) {
		first, _ := utf8.DecodeRuneInString(w)
		if statement.Unspaced(first) || !unicode.IsLetter(first) || utf8.RuneCountInString(w) <= shortWord {
			continue
		}
		low := strings.ToLower(w)
		words[low] = words[low] || w == low
	}
	return words
}

// How rare a word of the proposition must be among the passages of its language to be a term: in one of twenty at most. What
// passages on the proposition share must be eight times as frequent there as elsewhere, and be like a term,
// as vectors go; in another language, where vectors of single words tell nothing (0.09 for drones and беспилотники), stand in
// three of ten of them.
const (
	frequent   = 0.05
	moreOften  = 8
	likeTerm   = 0.2
	shared     = 0.3
	inflection = 0.5
	fewest     = 50 // passages of a language from which frequencies tell anything
)

// terms are those given, then the proposition's own, then those of each language that is kept.
func (s *survey) terms(ctx context.Context, given []string) ([]string, error) {
	home := language.Identify(s.proposition).Code
	own := s.ownTerms(home)
	terms := slices.Concat(given, own)
	for _, code := range slices.Sorted(maps.Keys(s.lands)) {
		found, err := s.found(ctx, home, code, append(slices.Clone(given), own...))
		if err != nil {
			return nil, err
		}
		terms = append(terms, found...)
	}
	var kept []string
	for _, w := range terms {
		if w = strings.TrimSpace(w); w != "" && !slices.ContainsFunc(kept, func(k string) bool { return strings.EqualFold(k, w) }) {
			kept = append(kept, w)
		}
	}
	return kept, nil
}

// ownTerms are the words of the proposition that carry most of it, by how far its vector moves without each: names of
// countries and people, with which any text of an issuer is full, only where nothing else is left.
func (s *survey) ownTerms(home string) []string {
	l := s.lands[home]
	type word struct {
		text   string
		weight float64
	}
	var words, names []word
	all := strings.Fields(strings.TrimSpace(within(s.proposition)))
	for i, w := range all {
		low, first := strings.ToLower(w), []rune(w)[0]
		if !unicode.IsLetter(first) || len([]rune(w)) <= shortWord && !statement.Unspaced(first) {
			continue
		}
		without := s.judge.Vector(strings.Join(slices.Concat(all[:i], all[i+1:]), " "))
		x := word{low, 1 - s.vector.Like(&without)}
		known := l != nil && l.passages >= fewest
		capital := unicode.IsUpper(first) && home != "de" // where every noun has one
		switch {
		case known && float64(l.words[low]) > frequent*float64(l.passages):
		case capital && (i > 0 || known && l.words[low] > 0 && !l.lower[low] || !known && len(all) > 2):
			names = append(names, word{w, x.weight})
		default:
			words = append(words, x)
		}
	}
	if len(words) == 0 {
		words = names
	}
	most := 0.0
	for _, w := range words {
		most = math.Max(most, w.weight)
	}
	var terms []string
	for _, w := range words {
		if w.weight >= most/2 && !slices.Contains(terms, w.text) {
			terms = append(terms, w.text)
		}
	}
	return terms
}

// found are the terms of a language that is kept: inflections of those there are, and the words of passages on the proposition.
func (s *survey) found(ctx context.Context, home, code string, terms []string) (found []string, err error) {
	l := s.lands[code]
	l.keep()
	for _, w := range slices.Sorted(maps.Keys(l.words)) {
		if slices.ContainsFunc(terms, func(term string) bool { return s.inflected(strings.ToLower(term), w) }) {
			found = append(found, w)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(l.words[b], l.words[a]) })
	found = found[:min(len(found), mostTerms)]
	if l.passages < fewest {
		return found, nil
	}
	near, err := s.speaking(ctx, code)
	if err != nil || len(near) < 2 {
		return found, err
	}
	counts := map[string]int{}
	for _, text := range near {
		for w := range vocabulary(text) {
			counts[w]++
		}
	}
	likest := func(w string) (best float64) {
		v := s.judge.Vector(w)
		for _, term := range terms {
			u := s.judge.Vector(term)
			best = max(best, v.Like(&u))
		}
		return best
	}
	type scored struct {
		word  string
		score float64
	}
	var others []scored
	for w, n := range counts {
		here, everywhere := float64(n)/float64(len(near)), float64(l.words[w])/float64(max(1, l.passages))
		if n < 2 || everywhere > frequent || here < moreOften*everywhere || slices.Contains(found, w) || slices.Contains(terms, w) {
			continue
		}
		if code == home && likest(w) < likeTerm || code != home && here < shared {
			continue
		}
		others = append(others, scored{w, here * math.Log(1+here/everywhere)})
	}
	slices.SortFunc(others, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.word, b.word)) })
	for _, x := range others {
		if len(found) < mostTerms && (code == home || len(found) < mostTerms/2) {
			found = append(found, x.word)
		}
	}
	return found, nil
}

// inflected tells whether a word is another form of a term: they begin alike, but for an ending of a few letters, and are alike
// as vectors go.
func (s *survey) inflected(term, w string) bool {
	a, b := []rune(term), []rune(w)
	common := 0
	for common < min(len(a), len(b)) && a[common] == b[common] {
		common++
	}
	if term == w || common < 4 || len(a)-common > 3 || len(b)-common > 3 {
		return false
	}
	v, u := s.judge.Vector(term), s.judge.Vector(w)
	return v.Like(&u) >= inflection
}

// speaking are the nearest passages of a language that take a stance on the proposition; of a language that the judge was not
// taught none are told.
func (s *survey) speaking(ctx context.Context, code string) (texts []string, err error) {
	l := s.lands[code]
	if !s.judge.Reads(code) || len(l.near) == 0 {
		return nil, nil
	}
	held := make([]judge.Held, len(l.near))
	for i, p := range l.near {
		held[i] = judge.Held{Passage: p.Passage, Proposition: s.proposition}
	}
	read, err := s.judge.Stances(ctx, held)
	if err != nil {
		return nil, err
	}
	for i, x := range read {
		if x.Label() != "silent" {
			texts = append(texts, l.near[i].Text)
		}
	}
	return texts, nil
}
