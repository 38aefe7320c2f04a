package reversal

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"volteface/internal/claim"
)

// Term is a thing spoken of: the hash of a name under which words are filed, so that all
// words for one thing have the same.
type Term = uint32

// maxAround is how many terms of the text around a passage are kept, reach how many
// sentences before and after it that text has.
const (
	maxAround = 24
	reach     = 4
)

func term(name string) Term {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()
}

// appendTerms adds the terms of words that are not there yet.
func appendTerms(list []Term, args []claim.Arg) []Term {
	for _, a := range args {
		if a.Kind == claim.Number || a.Kind == claim.Day {
			continue
		}
		add := func(name string) {
			if t := term(name); !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
		for _, name := range a.Canon() {
			add(name)
		}
		add(a.Stem()) // a booster is rarer than all the words for a vaccine
	}
	return list
}

// last is the sentence that an excerpt is of.
func (s *Statement) last() *claim.Sentence { return &s.Claims.Sentences[len(s.Claims.Sentences)-1] }

// spoken are the terms of that sentence.
func (s *Statement) spoken() []Term { return appendTerms(nil, s.last().Args) }

// label stands for who speaks it in a transcript; 0 is the text's own voice, or somebody of
// whom the source says that he speaks for the issuer.
func (s *Statement) label() Term {
	label := bareLabel(s.last().Speaker)
	surname := label[strings.LastIndexByte(label, ' ')+1:]
	for _, official := range s.Officials {
		name, _, _ := strings.Cut(strings.ToUpper(official), ",")
		if surname != "" && slices.Contains(strings.Fields(name), surname) {
			return 0
		}
	}
	return labelTerm(label)
}

func bareLabel(label string) string {
	return strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(label), ":"))
}

// Terms are what a statement speaks of and who speaks in it, each once.
func Terms(s *Statement) []Term {
	Prepare(s)
	var list []Term
	seen := map[Term]bool{}
	add := func(t Term) {
		if !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	for _, t := range titleTerms(s.Title) {
		add(t)
	}
	for i := range s.Claims.Sentences {
		x := &s.Claims.Sentences[i]
		for _, t := range appendTerms(nil, x.Args) {
			add(t)
		}
		if x.Speaker != "" {
			add(labelTerm(bareLabel(x.Speaker)))
		}
	}
	return list
}

// around are the terms of the title and of the sentences around one, the weightiest of
// them.
func around(s *Statement, title []Term, sentence int) []Term {
	all := s.Claims.Sentences
	var args []claim.Arg
	for i := max(0, sentence-reach); i <= min(len(all)-1, sentence+reach); i++ {
		args = append(args, all[i].Args...)
	}
	slices.SortStableFunc(args, func(a, b claim.Arg) int { return cmp.Compare(b.Weight, a.Weight) })
	list := appendTerms(slices.Clone(title), args)
	return list[:min(len(list), maxAround)]
}

// maxTitle is how many terms of a title are kept.
const maxTitle = 8

// titleTerms are the terms of a title, which is not parsed.
func titleTerms(title string) []Term {
	var args []claim.Arg
	for _, w := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
		if len(w) > 3 {
			args = append(args, claim.Arg{Key: claim.Key{Word: w}})
		}
	}
	list := appendTerms(nil, args)
	return list[:min(len(list), maxTitle)]
}
