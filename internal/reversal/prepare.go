package reversal

import (
	"strings"

	"volteface/internal/claim"
)

// prepared is a statement whose words have been looked up.
type prepared struct {
	text      string
	lexemes   []*claim.Lexeme
	index     map[claim.Key]int
	claims    []readyClaim
	sentences []readySentence
	country   int32
}

type readyClaim struct {
	*claim.Claim
	args []readyArg
	pred int  // lexeme of the predicate
	bare bool // it names hardly anything itself
}

type readyArg struct {
	claim.Arg
	lexeme int
}

type readySentence struct {
	*claim.Sentence
	args []readyArg
	text string // normal form, to recognise what is said again word for word
}

// Prepare analyses a statement, if that has not been done, and readies it for comparing.
// A statement that is compared often should be prepared once. It is not safe to call for
// one statement from several goroutines.
func Prepare(s *Statement) {
	if s.ready != nil {
		return
	}
	if s.Claims == nil {
		s.Claims = claim.Analyse(s.Text, claim.Speaker{Issuer: s.Issuer, Government: s.Government, Name: s.Speaker, Officials: s.Officials})
	}
	p := &prepared{text: s.Text, index: map[claim.Key]int{}}
	p.sentences = make([]readySentence, len(s.Claims.Sentences))
	for i := range s.Claims.Sentences {
		x := &s.Claims.Sentences[i]
		p.sentences[i] = readySentence{Sentence: x, args: p.ready(x.Args), text: normalText(s.Text[x.Start:x.End])}
	}
	p.claims = make([]readyClaim, len(s.Claims.Claims))
	for i := range s.Claims.Claims {
		c := &s.Claims.Claims[i]
		r := readyClaim{Claim: c, args: p.ready(c.Args), pred: p.lexeme(claim.Key{Word: c.Predicate})}
		p.reach(&r)
		p.claims[i] = r
	}
	for _, name := range []string{s.Government, s.Issuer} {
		if p.country == 0 {
			p.country = claim.Country(name)
		}
	}
	s.ready = p
}

// reach gives a claim that hardly names anything, "it is not cracked", what the sentence
// before speaks of.
func (p *prepared) reach(c *readyClaim) {
	var total float32
	for _, x := range c.args {
		total += x.Weight
	}
	if c.Flags.Has(claim.Answer) { // the question's words stand with the answer
		scale := float32(0.5)
		if total >= 0.4 {
			scale = 0.2
		}
		for _, x := range p.sentences[c.Sentence].args {
			x.Weight *= scale
			x.Role = claim.Other
			c.args = append(c.args, x)
		}
		return
	}
	if total >= 0.4 || c.Sentence == 0 {
		c.bare = total < 0.4
		return
	}
	c.bare = true
	for back := 1; back <= 2 && back <= c.Sentence; back++ {
		args := p.sentences[c.Sentence-back].args
		if len(args) < 2 {
			continue
		}
		for _, x := range args {
			x.Weight *= 0.5
			x.Role = claim.Other
			c.args = append(c.args, x)
		}
		return
	}
}

func (p *prepared) ready(args []claim.Arg) []readyArg {
	out := make([]readyArg, len(args))
	for i, a := range args {
		out[i] = readyArg{a, p.lexeme(a.Key)}
	}
	return out
}

func (p *prepared) lexeme(k claim.Key) int {
	if i, ok := p.index[k]; ok {
		return i
	}
	p.index[k] = len(p.lexemes)
	p.lexemes = append(p.lexemes, claim.NewLexeme(k))
	return len(p.lexemes) - 1
}

func normalText(s string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ToLower(s)), " "), ".!;: ")
}
