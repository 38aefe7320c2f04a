package evaluate

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"

	"volteface/internal/nlp"
)

// Parses is a file of trees under the hash of their text. Parsing is four fifths of what
// it takes to read a statement, and the trees stay the same while the rules that read
// claims from them change. It may be used by many goroutines.
type Parses struct {
	file *os.File
	mu   sync.Mutex
	end  int64
	at   map[parseKey]extent
}

type parseKey [16]byte

type extent struct {
	offset int64
	size   int
}

// OpenParses opens the file at path, or makes it. A last record that was cut short is
// dropped.
func OpenParses(path string) (*Parses, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	p := &Parses{file: f, at: map[parseKey]extent{}}
	r := bufio.NewReaderSize(f, 1<<20)
	for {
		var head [20]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			break
		}
		size := int(binary.LittleEndian.Uint32(head[16:]))
		if n, _ := r.Discard(size); n < size {
			break
		}
		p.at[parseKey(head[:16])] = extent{p.end + 20, size}
		p.end += 20 + int64(size)
	}
	return p, errors.Join(f.Truncate(p.end))
}

// Close closes the file.
func (p *Parses) Close() error { return p.file.Close() }

// Has tells whether the trees of a text are there.
func (p *Parses) Has(text string) bool {
	sum := sha256.Sum256([]byte(text))
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.at[parseKey(sum[:16])]
	return known
}

// Document gives the trees of a text, parsing it if they are not there yet. The
// sentences have no lists of children.
func (p *Parses) Document(text string) (*nlp.Document, error) {
	sum := sha256.Sum256([]byte(text))
	key := parseKey(sum[:16])
	p.mu.Lock()
	e, known := p.at[key]
	p.mu.Unlock()
	if known {
		b := make([]byte, e.size)
		if _, err := p.file.ReadAt(b, e.offset); err != nil {
			return nil, err
		}
		if d := decodeTrees(b, text); d != nil {
			return d, nil
		}
		return nil, errors.New("a damaged record in the file of trees")
	}
	d := nlp.Analyse(text)
	b := append(key[:], 0, 0, 0, 0)
	b = encodeTrees(b, d)
	binary.LittleEndian.PutUint32(b[16:], uint32(len(b)-20))
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.file.WriteAt(b, p.end); err != nil {
		return nil, err
	}
	p.at[key] = extent{p.end + 20, len(b) - 20}
	p.end += int64(len(b))
	return d, nil
}

// encodeTrees writes the trees of a document: its strings once each, then numbers.
func encodeTrees(b []byte, d *nlp.Document) []byte {
	index, table := map[string]uint64{}, []string{}
	word := func(s string) uint64 {
		n, known := index[s]
		if !known {
			n = uint64(len(table))
			index[s], table = n, append(table, s)
		}
		return n
	}
	var body []byte
	put := func(n int) { body = binary.AppendVarint(body, int64(n)) }
	str := func(s string) { body = binary.AppendUvarint(body, word(s)) }
	put(len(d.Sentences))
	for i := range d.Sentences {
		s := &d.Sentences[i]
		put(s.Start)
		put(s.End)
		put(s.Paragraph)
		put(int(s.Kind))
		put(len(s.Tokens))
		at := s.Start
		for k := range s.Tokens {
			t := &s.Tokens[k]
			put(t.Start - at)
			put(t.End - t.Start)
			at = t.End
			marks := 0
			if t.Joined {
				marks |= 1
			}
			if d.Text[t.Start:t.End] != t.Form {
				marks |= 2
			}
			put(marks)
			if marks&2 != 0 {
				str(t.Form)
			}
			for _, x := range []string{t.Lemma, t.UPOS, t.XPOS, t.Feats, t.Rel} {
				str(x)
			}
			put(t.Head)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(table)))
	for _, s := range table {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return append(b, body...)
}

// decodeTrees reads what encodeTrees wrote, nil if it is something else.
func decodeTrees(b []byte, text string) *nlp.Document {
	bad := false
	get := func() int {
		n, k := binary.Varint(b)
		if k <= 0 {
			bad = true
			return 0
		}
		b = b[k:]
		return int(n)
	}
	uget := func() int {
		n, k := binary.Uvarint(b)
		if k <= 0 {
			bad = true
			return 0
		}
		b = b[k:]
		return int(n)
	}
	n := uget()
	if bad || n > len(b) {
		return nil
	}
	table := make([]string, n)
	for i := range table {
		size := uget()
		if bad || size > len(b) {
			return nil
		}
		table[i], b = string(b[:size]), b[size:]
	}
	str := func() string {
		i := uget()
		if i >= len(table) {
			bad = true
			return ""
		}
		return table[i]
	}
	count := get()
	if bad || count > len(b) {
		return nil
	}
	d := &nlp.Document{Text: text, Sentences: make([]nlp.Sentence, count)}
	for i := range d.Sentences {
		s := &d.Sentences[i]
		s.Start, s.End, s.Paragraph, s.Kind = get(), get(), get(), nlp.Kind(get())
		words := get()
		if bad || words > len(b) {
			return nil
		}
		s.Tokens = make([]nlp.Token, words)
		at := s.Start
		for k := range s.Tokens {
			t := &s.Tokens[k]
			t.Start = at + get()
			t.End = t.Start + get()
			at = t.End
			marks := get()
			if bad || t.Start < 0 || t.End < t.Start || t.End > len(text) {
				return nil
			}
			t.Joined, t.Form = marks&1 != 0, text[t.Start:t.End]
			if marks&2 != 0 {
				t.Form = str()
			}
			t.Lemma, t.UPOS, t.XPOS, t.Feats, t.Rel = str(), str(), str(), str(), str()
			t.Head = get()
		}
	}
	if bad {
		return nil
	}
	return d
}
