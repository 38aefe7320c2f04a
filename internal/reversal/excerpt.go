package reversal

import "volteface/internal/claim"

// Excerpt is a sentence of a statement with those beside it, around of them on each side,
// as a statement of its own: long transcripts are compared by excerpts. The spans of a
// verdict on an excerpt are those of the whole text.
func Excerpt(s *Statement, sentence, around int) *Statement {
	Prepare(s)
	n := len(s.Claims.Sentences)
	first, last := max(0, sentence-around), min(n-1, sentence+around)
	a := &claim.Analysis{Version: s.Claims.Version, Sentences: s.Claims.Sentences[first : last+1]}
	for i := range s.Claims.Claims {
		if c := s.Claims.Claims[i]; c.Sentence >= first && c.Sentence <= last {
			c.Sentence -= first
			a.Claims = append(a.Claims, c)
		}
	}
	x := *s
	x.Claims, x.ready = a, nil
	Prepare(&x)
	return &x
}
