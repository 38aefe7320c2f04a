// Package lemma gives the dictionary form of a word from its spelling and tags: go
// for went, agreement for agreements, Iranian for Iranian.
//
// Whole words that the treebanks know come first. For all others rules learnt from
// the same data say what to take off the end and what to put there; the rule of the
// longest known ending counts.
package lemma

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"volteface/internal/nlp/wordform"
)

// Table holds words and rules. It is only read once it is made.
type Table struct {
	words map[string]string // class, tab, normal form: lemma
	rules map[string]script // class, tab, ending: what to do
}

// script turns a form into its lemma.
type script struct {
	keep  bool // capitals stay
	strip int  // letters taken off the end
	add   string
}

// longestEnding is the number of bytes of the longest ending that rules know.
const longestEnding = 7

// Lemma gives the lemma of a form. first tells that it stands where every word has
// a capital.
func (t *Table) Lemma(form, upos, xpos string, first bool) string {
	normal := wordform.Normal(form)
	if upos == "NUM" && isNumber(form) {
		return strings.ReplaceAll(form, ",", "")
	}
	class := upos + "/" + xpos
	shape := shapeOf(form, first)
	var key [96]byte
	k := append(append(append(key[:0], class...), shape, '\t'), normal...)
	if l, ok := t.words[string(k)]; ok {
		return l
	}
	shapes := []byte{shape}
	if shape != 'x' && upos != "PROPN" {
		shapes = append(shapes, 'x') // written small
		isVerb := strings.HasPrefix(xpos, "VB")
		if l, ok := t.words[class+"x\t"+normal]; ok && (shape != 'X' || isVerb) {
			return l
		}
		if isVerb {
			// A capital tells nothing of a verb, and more is known of those written small.
			shapes[0], shapes[1] = shapes[1], shapes[0]
		}
	}
	if l := irregular(normal, xpos); l != "" {
		return l
	}
	for _, shape := range shapes {
		for _, c := range []string{class, upos} {
			k = append(append(key[:0], c...), shape, '\t')
			head := len(k)
			for n := min(longestEnding, len(normal)); n >= 0; n-- {
				k = append(k[:head], normal[len(normal)-n:]...)
				if s, ok := t.rules[string(k)]; ok {
					if l, ok := s.apply(form); ok {
						return l
					}
				}
			}
		}
	}
	if upos == "PROPN" || upos == "X" || upos == "SYM" {
		return form
	}
	return normal
}

// irregularText lists verbs whose past no rule of endings gives.
//
//go:embed irregular.txt
var irregularText string

type pastForm struct{ form, xpos string }

var irregularPasts = sync.OnceValue(func() map[pastForm]string {
	m := map[pastForm]string{}
	for line := range strings.Lines(irregularText) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		past, participle := f[1], f[len(f)-1]
		for _, p := range []pastForm{{past, "VBD"}, {participle, "VBN"}} {
			if p.form == "-" {
				p.form = f[0]
			}
			m[p] = f[0]
		}
	}
	return m
})

// endsInOe are the nouns whose plural in -oes keeps its e; all others, heroes, vetoes,
// lose it.
var endsInOe = map[string]bool{"shoe": true, "toe": true, "foe": true, "hoe": true, "woe": true, "doe": true, "roe": true, "floe": true, "sloe": true,
	"aloe": true, "oboe": true, "canoe": true, "throe": true, "horseshoe": true, "tiptoe": true, "mistletoe": true, "snowshoe": true, "backhoe": true}

// irregular gives the lemma of a form by the lists above, or "".
func irregular(normal, xpos string) string {
	switch xpos {
	case "VBD", "VBN":
		return irregularPasts()[pastForm{normal, xpos}]
	case "NNS":
		if one := strings.TrimSuffix(normal, "s"); strings.HasSuffix(normal, "oes") && len(normal) > 5 && !endsInOe[one] {
			return one[:len(one)-1]
		}
	}
	return ""
}

// isNumber tells digits that may be grouped by commas.
func isNumber(form string) bool {
	for _, r := range form {
		if (r < '0' || r > '9') && r != ',' && r != '.' {
			return false
		}
	}
	return form != "" && form[0] != ','
}

// shapeOf is the part of a class that tells of capitals.
func shapeOf(form string, first bool) byte {
	upper, lower, start := 0, 0, false
	for i, r := range form {
		switch {
		case unicode.IsUpper(r):
			upper++
			start = start || i == 0
		case unicode.IsLower(r):
			lower++
		}
	}
	switch {
	case upper == 0:
		return 'x'
	case lower == 0 && upper > 1:
		return 'U'
	case start && first:
		return 'f'
	}
	return 'X'
}

func (s script) apply(form string) (string, bool) {
	base := form
	if !s.keep {
		base = wordform.Normal(form)
	}
	end := len(base)
	for range s.strip {
		_, size := utf8.DecodeLastRuneInString(base[:end])
		end -= size
	}
	if end == 0 && s.add == "" || end == 0 && s.strip == 0 {
		return "", false
	}
	return base[:end] + s.add, true
}

// scriptFor finds the shortest script from a form to its lemma; it is false if more
// than an ending changes.
func scriptFor(form, lemma string) (script, bool) {
	normal := wordform.Normal(form)
	try := func(base string, keep bool) (script, bool) {
		common := 0
		for common < len(base) && common < len(lemma) && base[common] == lemma[common] {
			common++
		}
		for common > 0 && (common < len(base) && !utf8.RuneStart(base[common]) || common < len(lemma) && !utf8.RuneStart(lemma[common])) {
			common--
		}
		if common == 0 {
			return script{}, false
		}
		return script{keep, utf8.RuneCountInString(base[common:]), lemma[common:]}, true
	}
	low, okLow := try(normal, false)
	kept, okKept := try(form, true)
	if okKept && (!okLow || kept.strip < low.strip) {
		return kept, true
	}
	return low, okLow
}

// Example is a word whose lemma is known.
type Example struct {
	Form, UPOS, XPOS, Lemma string
	First                   bool
}

// Learn makes a table from examples.
func Learn(examples []Example) *Table {
	t := &Table{words: map[string]string{}, rules: map[string]script{}}
	lemmas := map[string]map[string]int{}
	endings := map[string]map[script]int{}
	seen := map[string]bool{}
	for _, e := range examples {
		normal := wordform.Normal(e.Form)
		shape := string(shapeOf(e.Form, e.First))
		class := e.UPOS + "/" + e.XPOS
		count(lemmas, class+shape+"\t"+normal, e.Lemma)
		s, ok := scriptFor(e.Form, e.Lemma)
		kind := class + shape + "\t" + e.Form + "\t" + e.Lemma
		if !ok || seen[kind] {
			continue
		}
		seen[kind] = true // rules count words, not how often they are used
		for _, c := range []string{class, e.UPOS} {
			for n := 0; n <= min(longestEnding, len(normal)); n++ {
				count(endings, c+shape+"\t"+normal[len(normal)-n:], s)
			}
		}
	}
	keys := make([]string, 0, len(endings))
	for k := range endings {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	for _, k := range keys {
		s, c, total := most(endings[k], func(s script) string { return fmt.Sprint(s) })
		head := strings.IndexByte(k, '\t') + 1
		if len(k) > head && (c < 2 || 2*c < total) {
			continue
		}
		if shorter, ok := t.rule(k[:head], k[head:]); ok && shorter == s {
			continue // the shorter ending says the same
		}
		t.rules[k] = s
	}
	for k, counts := range lemmas {
		lemma, _, _ := most(counts, func(s string) string { return s })
		t.words[k] = lemma
	}
	// A word that the rules get right needs no entry.
	for _, e := range examples {
		k := e.UPOS + "/" + e.XPOS + string(shapeOf(e.Form, e.First)) + "\t" + wordform.Normal(e.Form)
		if want, ok := t.words[k]; ok {
			delete(t.words, k)
			if t.Lemma(e.Form, e.UPOS, e.XPOS, e.First) != want {
				t.words[k] = want
			}
		}
	}
	return t
}

// rule is the rule that shorter endings give.
func (t *Table) rule(head, ending string) (script, bool) {
	for n := 1; n <= len(ending); n++ {
		if s, ok := t.rules[head+ending[n:]]; ok {
			return s, true
		}
	}
	return script{}, false
}

func count[K comparable](m map[string]map[K]int, key string, x K) {
	if m[key] == nil {
		m[key] = map[K]int{}
	}
	m[key][x]++
}

// most is the most frequent key; name breaks ties.
func most[K comparable](m map[K]int, name func(K) string) (best K, times, total int) {
	for k, c := range m {
		total += c
		if c > times || c == times && name(k) < name(best) {
			best, times = k, c
		}
	}
	return best, times, total
}

// Encode writes the file that Decode reads: lines of words, an empty line, lines of
// rules, packed.
func (t *Table) Encode() ([]byte, error) {
	var lines []string
	for k, l := range t.words {
		lines = append(lines, k+"\t"+l)
	}
	slices.Sort(lines)
	lines = append(lines, "")
	words := len(lines)
	for k, s := range t.rules {
		c := "l"
		if s.keep {
			c = "k"
		}
		lines = append(lines, fmt.Sprintf("%s\t%s%d%s", k, c, s.strip, s.add))
	}
	slices.Sort(lines[words:])
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll([]byte(strings.Join(lines, "\n")), nil), nil
}

// Decode reads what Encode wrote.
func Decode(file []byte) (*Table, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := r.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("lemmas: %w", err)
	}
	words, rules, ok := strings.Cut(string(b), "\n\n")
	if !ok {
		return nil, fmt.Errorf("lemmas: cut short")
	}
	t := &Table{words: make(map[string]string, strings.Count(words, "\n")), rules: make(map[string]script, strings.Count(rules, "\n"))}
	for line := range strings.SplitSeq(words, "\n") {
		i := strings.LastIndexByte(line, '\t')
		if i < 0 {
			return nil, fmt.Errorf("lemmas: %q is not a word", line)
		}
		t.words[line[:i]] = line[i+1:]
	}
	for line := range strings.SplitSeq(rules, "\n") {
		i := strings.LastIndexByte(line, '\t')
		if i < 0 || len(line) < i+3 {
			return nil, fmt.Errorf("lemmas: %q is not a rule", line)
		}
		v := line[i+1:]
		end := 2 // letters taken off may have two digits
		if len(v) > 2 && '0' <= v[2] && v[2] <= '9' {
			end = 3
		}
		s := script{keep: v[0] == 'k', add: v[end:]}
		for _, d := range v[1:end] {
			s.strip = s.strip*10 + int(d-'0')
		}
		t.rules[line[:i]] = s
	}
	return t, nil
}
