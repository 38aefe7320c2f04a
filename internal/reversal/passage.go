package reversal

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"

	"volteface/internal/claim"
	"volteface/internal/statement"
)

// Passage is a sentence of a statement, with the one before it to know what it speaks of,
// as it is remembered for statements to come.
type Passage struct {
	Sentence int      // number in the statement's analysis
	Filed    []string // keys under which it is remembered
	Asked    []string // keys of what it may contradict
	excerpt  *Statement
}

// Passages are the sentences of a statement that claim something.
func Passages(s *Statement) []Passage {
	Prepare(s)
	title := titleTerms(s.Title)
	var list []Passage
	for i := range s.Claims.Sentences {
		filed, asked := s.Claims.Keys(i)
		if len(filed) > 0 || len(asked) > 0 {
			x := excerpt(s, i)
			x.around = around(s, title, i)
			list = append(list, Passage{Sentence: i, Filed: filed, Asked: asked, excerpt: x})
		}
	}
	return list
}

// excerpt is a sentence and the one before it as a statement of its own.
func excerpt(s *Statement, sentence int) *Statement {
	first := max(0, sentence-1)
	sentences := s.Claims.Sentences[first : sentence+1]
	from, to := sentences[0].Start, sentences[len(sentences)-1].End
	a := &claim.Analysis{Version: s.Claims.Version, Sentences: make([]claim.Sentence, len(sentences))}
	copy(a.Sentences, sentences)
	for i := range a.Sentences {
		a.Sentences[i].Start -= from
		a.Sentences[i].End -= from
	}
	for i := range s.Claims.Claims {
		if c := s.Claims.Claims[i]; c.Sentence >= first && c.Sentence <= sentence {
			c.Sentence -= first
			c.Start -= from
			c.End -= from
			a.Claims = append(a.Claims, c)
		}
	}
	x := &Statement{ID: s.ID, Date: s.Date, Issuer: s.Issuer, Government: s.Government, Speaker: s.Speaker, Officials: s.Officials, Text: s.Text[from:to], Claims: a, offset: s.offset + from}
	if label := sentences[len(sentences)-1].Speaker; label != "" {
		x.Speaker = strings.TrimSuffix(label, ":")
	}
	return x
}

// Body is the passage in the form in which it is stored: first what tells whether it has
// anything to do with another (the terms of its sentence and of the text around it, and
// who speaks), so that no more need be read of most; then its claims, where it begins, how
// far east of UTC its day is counted, in seconds, and its texts.
func (p *Passage) Body() []byte {
	x := p.excerpt
	b := binary.AppendVarint(nil, int64(claim.Version))
	for _, terms := range [][]Term{x.spoken(), x.around, {x.label()}} {
		b = binary.AppendUvarint(b, uint64(len(terms)))
		for _, t := range terms {
			b = binary.LittleEndian.AppendUint32(b, t)
		}
	}
	b = x.Claims.Append(b)
	b = binary.AppendUvarint(b, uint64(x.offset))
	_, east := x.Date.Zone()
	b = binary.AppendVarint(b, int64(east))
	for _, text := range []string{x.Issuer, x.Government, x.Speaker, x.Text} {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}

// Excerpt is the passage as a statement of its own.
func (p *Passage) Excerpt() *Statement { return p.excerpt }

// head is the beginning of a stored passage.
type head struct {
	sentence, around []Term
	label            Term
}

func readHead(body []byte) (h head, rest []byte, err error) {
	version, n := binary.Varint(body)
	if n <= 0 {
		return h, nil, errPassage
	}
	if version != claim.Version {
		return h, nil, claim.ErrVersion
	}
	rest = body[n:]
	var label []Term
	for _, list := range []*[]Term{&h.sentence, &h.around, &label} {
		count, n := binary.Uvarint(rest)
		if n <= 0 || count > uint64(len(rest)-n)/4 {
			return h, nil, errPassage
		}
		rest = rest[n:]
		*list = make([]Term, count)
		for i := range *list {
			(*list)[i], rest = binary.LittleEndian.Uint32(rest), rest[4:]
		}
	}
	if len(label) != 1 {
		return h, nil, errPassage
	}
	h.label = label[0]
	return h, rest, nil
}

// Remembered is a stored passage as it was when it was read. It fails with
// claim.ErrVersion for one that other rules have made.
func Remembered(p statement.Passage) (Passage, error) {
	x, err := recall(p.Body, p.Statement, p.Said)
	if err != nil {
		return Passage{}, err
	}
	filed, asked := x.Claims.Keys(len(x.Claims.Sentences) - 1)
	return Passage{Sentence: p.Sentence, Filed: filed, Asked: asked, excerpt: x}, nil
}

// errPassage says that stored bytes are no passage.
var errPassage = errors.New("a stored passage is damaged")

// Recall reads a stored passage back. It fails with claim.ErrVersion for one that other
// rules have made.
func Recall(body []byte, id string, said time.Time) (*Statement, error) {
	s, err := recall(body, id, said)
	if err == nil {
		Prepare(s)
	}
	return s, err
}

// recall is Recall of a passage that may turn out to be of no interest.
func recall(body []byte, id string, said time.Time) (*Statement, error) {
	h, rest, err := readHead(body)
	if err != nil {
		return nil, err
	}
	claims, rest, err := claim.Decode(rest)
	if err != nil {
		return nil, err
	}
	offset, n := binary.Uvarint(rest)
	if n <= 0 || offset > math.MaxInt32 {
		return nil, errPassage
	}
	rest = rest[n:]
	east, n := binary.Varint(rest)
	if n <= 0 || east < -24*3600 || east > 24*3600 {
		return nil, errPassage
	}
	rest = rest[n:]
	var texts [4]string
	for i := range texts {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, errPassage
		}
		texts[i], rest = string(rest[n:n+int(size)]), rest[n+int(size):]
	}
	s := &Statement{ID: id, Date: said.In(time.FixedZone("", int(east))), Issuer: texts[0], Government: texts[1], Speaker: texts[2], Text: texts[3], Claims: claims, offset: int(offset), around: h.around}
	for _, x := range claims.Sentences {
		if x.Start < 0 || x.End < x.Start || x.End > len(s.Text) {
			return nil, errPassage
		}
	}
	if len(claims.Sentences) == 0 {
		return nil, errPassage
	}
	return s, nil
}

// Offset is where an excerpt begins in the text it was taken from, in bytes.
func (s *Statement) Offset() int { return s.offset }
