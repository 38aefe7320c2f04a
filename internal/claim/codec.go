package claim

import (
	"encoding/binary"
	"errors"
	"math"
)

// Append writes an analysis in few bytes, as it is stored: about a sixth of its JSON, read
// in a twentieth of the time. Numbers are varints, words are their length and bytes.
// Where a quantity stands in its sentence is not kept.
func (a *Analysis) Append(b []byte) []byte {
	w := writer(b)
	w.int(a.Version)
	w.int(len(a.Sentences))
	for i := range a.Sentences {
		w.sentence(&a.Sentences[i])
	}
	w.int(len(a.Claims))
	for i := range a.Claims {
		w.claim(&a.Claims[i])
	}
	return w
}

// errDamaged says that stored bytes are not what Append wrote.
var errDamaged = errors.New("a stored analysis is damaged")

// Decode reads what Append wrote and gives what follows it. It fails with ErrVersion for
// the work of other rules.
func Decode(b []byte) (*Analysis, []byte, error) {
	r := &decoder{b: b}
	a := &Analysis{Version: r.int()}
	if r.bad {
		return nil, nil, errDamaged
	}
	if a.Version != Version {
		return nil, nil, ErrVersion
	}
	a.Sentences = make([]Sentence, r.count())
	for i := range a.Sentences {
		r.sentence(&a.Sentences[i])
	}
	a.Claims = make([]Claim, r.count())
	for i := range a.Claims {
		c := &a.Claims[i]
		r.claim(c)
		if c.Sentence < 0 || c.Sentence >= len(a.Sentences) {
			r.bad = true
		}
	}
	if r.bad {
		return nil, nil, errDamaged
	}
	return a, r.b, nil
}

// ErrVersion says that a stored analysis was made by other rules.
var ErrVersion = errors.New("a stored analysis of another version")

type writer []byte

func (w *writer) int(n int)       { *w = binary.AppendVarint(*w, int64(n)) }
func (w *writer) uint(n uint64)   { *w = binary.AppendUvarint(*w, n) }
func (w *writer) float(f float32) { *w = binary.LittleEndian.AppendUint32(*w, math.Float32bits(f)) }
func (w *writer) double(f float64) {
	*w = binary.LittleEndian.AppendUint64(*w, math.Float64bits(f))
}
func (w *writer) text(s string) {
	w.uint(uint64(len(s)))
	*w = append(*w, s...)
}
func (w *writer) bits(all ...bool) {
	var n uint64
	for i, x := range all {
		if x {
			n |= 1 << i
		}
	}
	w.uint(n)
}

func (w *writer) sentence(s *Sentence) {
	w.int(s.Start)
	w.int(s.End - s.Start)
	w.uint(uint64(s.Voice))
	w.text(s.Speaker)
	w.uint(uint64(s.Marks))
	w.args(s.Args)
	w.int(len(s.Quantities))
	for _, q := range s.Quantities {
		w.double(q.Value)
		w.text(q.Unit)
		w.bits(q.Rough, q.Limit, q.Denied)
	}
	w.int(len(s.Dates))
	for _, d := range s.Dates {
		w.int(d.Year)
		w.int(d.Month)
		w.int(d.Day)
	}
}

func (w *writer) claim(c *Claim) {
	w.int(c.Sentence)
	w.int(c.Start)
	w.int(c.End - c.Start)
	w.text(c.Predicate)
	for _, x := range c.Axes {
		w.uint(x)
	}
	w.int(int(c.Sign))
	w.uint(uint64(c.Mode))
	w.uint(uint64(c.Flags))
	w.uint(uint64(c.By))
	w.args(c.Args)
}

func (w *writer) args(args []Arg) {
	w.int(len(args))
	for _, a := range args {
		w.text(a.Word)
		w.uint(uint64(a.Kind))
		w.uint(uint64(a.Role))
		w.float(a.Weight)
		w.bits(a.Head, a.Before, a.Ours)
		w.uint(uint64(a.Group))
	}
}

// decoder reads; once something is amiss it gives nothing but zeros.
type decoder struct {
	b   []byte
	bad bool
}

func (r *decoder) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.b) {
		r.bad = true
		return nil
	}
	x := r.b[:n]
	r.b = r.b[n:]
	return x
}

func (r *decoder) int() int {
	n, k := binary.Varint(r.b)
	if k <= 0 || r.take(k) == nil {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *decoder) uint() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || r.take(k) == nil {
		r.bad = true
		return 0
	}
	return n
}

// count is the length of a list, each of whose members takes a byte at least.
func (r *decoder) count() int {
	n := r.int()
	if n < 0 || n > len(r.b) {
		r.bad = true
		return 0
	}
	return n
}

func (r *decoder) float() float32 {
	if x := r.take(4); x != nil {
		return math.Float32frombits(binary.LittleEndian.Uint32(x))
	}
	return 0
}

func (r *decoder) double() float64 {
	if x := r.take(8); x != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(x))
	}
	return 0
}

func (r *decoder) text() string {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.bad = true
		return ""
	}
	return string(r.take(int(n)))
}

func (r *decoder) sentence(s *Sentence) {
	s.Start = r.int()
	s.End = s.Start + r.int()
	s.Voice = Voice(r.uint())
	s.Speaker = r.text()
	s.Marks = Marks(r.uint())
	s.Args = r.args()
	if n := r.count(); n > 0 {
		s.Quantities = make([]Quantity, n)
	}
	for i := range s.Quantities {
		q := &s.Quantities[i]
		q.Value, q.Unit = r.double(), r.text()
		bits := r.uint()
		q.Rough, q.Limit, q.Denied = bits&1 != 0, bits&2 != 0, bits&4 != 0
	}
	if n := r.count(); n > 0 {
		s.Dates = make([]Date, n)
	}
	for i := range s.Dates {
		s.Dates[i] = Date{r.int(), r.int(), r.int()}
	}
}

func (r *decoder) claim(c *Claim) {
	c.Sentence = r.int()
	c.Start = r.int()
	c.End = c.Start + r.int()
	c.Predicate = r.text()
	for i := range c.Axes {
		c.Axes[i] = r.uint()
	}
	c.Sign = int8(r.int())
	c.Mode = Mode(r.uint())
	c.Flags = Flags(r.uint())
	c.By = Party(r.uint())
	c.Args = r.args()
}

func (r *decoder) args() []Arg {
	n := r.count()
	if n == 0 {
		return nil
	}
	args := make([]Arg, n)
	for i := range args {
		a := &args[i]
		a.Word, a.Kind, a.Role = r.text(), Kind(r.uint()), Role(r.uint())
		a.Weight = r.float()
		bits := r.uint()
		a.Head, a.Before, a.Ours = bits&1 != 0, bits&2 != 0, bits&4 != 0
		a.Group = uint8(r.uint())
	}
	return args
}
