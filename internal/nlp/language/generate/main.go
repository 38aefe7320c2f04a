// Generate makes table.bin, from which package language tells languages, of the n-grams that lingua-go counted
// (github.com/pemistahl/lingua-go, Apache-2.0):
//
//	dir=$(go mod download -json github.com/pemistahl/lingua-go@v1.4.0 | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
//	go run ./internal/nlp/language/generate "$dir/language-models" internal/nlp/language/table.bin
//
// lingua keeps how probable a letter is after up to four others of its word. From these the counts of n-grams
// follow, and from the counts how often one begins or ends a word: as often as it occurs without a letter before or behind.
// Of all n-grams those are kept that change most, in the words of a language, how it compares with the others.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/nlp/language/table"
)

// group is one table to make.
type group struct {
	script    string
	languages []string // folders of lingua; "sr-Latn" is sr in Latin letters
	twins     [][]string
	rows      int
}

var groups = []group{
	{"Latin", strings.Fields("af az bs ca cs cy da de en eo es et eu fi fr ga hr hu id is it la lt lv nb nl nn pl pt ro sk sl so sq sr-Latn sv sw tl tr vi xh yo zu"),
		[][]string{{"da", "nb", "nn", "sv"}, {"cs", "sk"}, {"es", "pt", "ca", "it"}, {"et", "fi"}, {"az", "tr"}, {"bs", "hr", "sr-Latn", "sl"}, {"af", "nl"}}, 60000},
	{"Cyrillic", strings.Fields("be bg kk mk mn ru sr uk"), [][]string{{"ru", "uk", "be"}, {"bg", "mk", "sr", "ru"}}, 30000},
	{"Arabic", strings.Fields("ar fa ur"), [][]string{{"ar", "fa", "ur"}}, 16000},
	{"Devanagari", strings.Fields("hi mr"), [][]string{{"hi", "mr"}}, 8000},
}

const (
	// rarest is the frequency, per letter of text, below which an n-gram is left out: a hundred letters hold one seldom.
	rarest = 4e-6
	// prior is the weight of the shorter n-gram's probability, as a frequency per letter of text.
	prior = 2e-6
	// never is the probability of a letter that a language does not have.
	never = 2e-6
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate LANGUAGE-MODELS TABLE")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func generate(models, out string) error {
	var tables []*table.Group
	for _, g := range groups {
		t, err := g.table(models)
		if err != nil {
			return err
		}
		tables = append(tables, t)
	}
	return os.WriteFile(out, table.Append(nil, tables), 0o644)
}

// ngram is one with its frequency in each language of the group and the probability of its last symbol.
type ngram struct {
	text        string
	counts      []float32
	context     []float32 // how often what stands before the last symbol occurs
	shorter     int       // the n-gram without its first symbol; -1 for one symbol
	probability []float32
	gain        float64
}

func (g *group) table(models string) (*table.Group, error) {
	index := map[string]int{}
	var all []ngram
	kept := make([]counts, len(g.languages))
	for k, l := range g.languages {
		c, err := counted(models, l, g.script)
		if err != nil {
			return nil, err
		}
		kept[k] = c
		for s, f := range c.padded {
			if _, ok := index[s]; !ok && f >= rarest {
				index[s] = len(all)
				all = append(all, ngram{text: s, counts: make([]float32, len(g.languages)), context: make([]float32, len(g.languages))})
			}
		}
	}
	for i := range all {
		n := &all[i]
		rs := []rune(n.text)
		for k, c := range kept {
			n.counts[k] = float32(c.padded[n.text])
			n.context[k] = float32(c.context[string(rs[:len(rs)-1])])
		}
	}
	kept = nil
	slices.SortFunc(all, func(a, b ngram) int {
		return cmp.Or(cmp.Compare(len([]rune(a.text)), len([]rune(b.text))), strings.Compare(a.text, b.text))
	})
	for i := range all {
		index[all[i].text] = i
	}
	g.estimate(all, index)
	chosen := g.choose(all)
	t := table.NewGroup(g.script, g.languages, len(chosen))
	lost := 0
	for _, i := range chosen {
		logs := make([]float64, len(g.languages))
		for k, p := range all[i].probability {
			logs[k] = math.Log(float64(p))
		}
		if !t.Add(hash(all[i].text), logs) {
			lost++
		}
	}
	fmt.Printf("%s: %d n-grams, %d kept, %d lost to hashing\n", g.script, len(all), len(chosen), lost)
	return t, nil
}

func hash(s string) table.Hash {
	var h table.Hash
	for _, r := range slices.Backward([]rune(s)) {
		h = h.Before(r)
	}
	return h
}

// estimate finds the probabilities, shorter n-grams first, each smoothed by the next shorter one.
func (g *group) estimate(all []ngram, index map[string]int) {
	for i := range all {
		n := &all[i]
		n.probability = make([]float32, len(g.languages))
		n.shorter = -1
		rs := []rune(n.text)
		if len(rs) > 1 {
			if s, ok := index[string(rs[1:])]; ok {
				n.shorter = s
			}
		}
		for k := range n.probability {
			p := float32(never)
			if n.shorter >= 0 {
				p = all[n.shorter].probability[k]
			}
			n.probability[k] = (n.counts[k] + prior*p) / (n.context[k] + prior)
			n.probability[k] = max(n.probability[k], never)
		}
	}
}

// choose takes the n-grams that gain most over their shorter ones, and with each of these its shorter ones, so that a search
// may stop at the first that has no row.
func (g *group) choose(all []ngram) []int {
	twin := make([][]int, len(g.languages))
	for _, set := range g.twins {
		for _, a := range set {
			for _, b := range set {
				if i, j := slices.Index(g.languages, a), slices.Index(g.languages, b); i != j {
					twin[i] = append(twin[i], j)
				}
			}
		}
	}
	order := make([]int, len(all))
	change := make([]float64, len(g.languages))
	for i := range all {
		order[i] = i
		n := &all[i]
		if n.shorter < 0 {
			n.gain = math.Inf(1)
			continue
		}
		for k := range change {
			change[k] = math.Log(float64(n.probability[k] / all[n.shorter].probability[k]))
		}
		for k, f := range n.counts {
			if f < rarest/4 {
				continue
			}
			mean, most := 0.0, 0.0
			for _, c := range change {
				mean += math.Abs(change[k]-c) / float64(len(change))
			}
			for _, j := range twin[k] {
				most = max(most, math.Abs(change[k]-change[j]))
			}
			n.gain += float64(f) * (mean + 2*most)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[b].gain, all[a].gain) })
	var kept []int
	have := make([]bool, len(all))
	for _, i := range order {
		if len(kept) >= g.rows {
			break
		}
		for ; i >= 0 && !have[i]; i = all[i].shorter {
			have[i] = true
			kept = append(kept, i)
		}
	}
	slices.Sort(kept)
	return kept
}

// counts are how often the n-grams of a language occur, per letter of text, the ends of words among their symbols, and how
// often what stands before a last symbol does.
type counts struct{ padded, context map[string]float64 }

func counted(models, language, script string) (counts, error) {
	folder, latin := language, false
	if language == "sr-Latn" {
		folder, latin = "sr", true
	}
	plain, err := frequencies(filepath.Join(models, folder))
	if err != nil {
		return counts{}, err
	}
	if latin {
		plain = inLatin(plain)
	}
	begin, end := string(table.Begin), string(table.End)
	c := counts{map[string]float64{}, map[string]float64{}}
	before, behind := sums{}, sums{} // how often letters stand before or behind
	for n, m := range plain {
		for s, f := range m {
			c.padded[s] = f
			if n > 0 {
				_, first := utf8.DecodeRuneInString(s)
				_, last := utf8.DecodeLastRuneInString(s)
				before.add(s[first:], f)
				behind.add(s[:len(s)-last], f)
			}
		}
	}
	first, longer := map[string]float64{}, sums{} // letters that begin a word; the same where more follow
	for n, m := range plain[:4] {
		for s, f := range m {
			c.context[s] = f
			if e := f - behind.of(s); e > 0 {
				c.padded[s+end] = e
			}
			b := f - before.of(s)
			if b <= 0 {
				continue
			}
			first[s] = b
			_, last := utf8.DecodeLastRuneInString(s)
			longer.add(s[:len(s)-last], b)
			c.padded[begin+s] = b
			if n < 3 {
				c.context[begin+s] = b
			}
		}
	}
	for s, b := range first {
		// Of words of four letters it is not known how many begin with them and go on.
		if w := b - longer.of(s); w > 0 && utf8.RuneCountInString(s) < 4 {
			c.padded[begin+s+end] = w
		}
	}
	words := longer.of("")
	c.context[begin], c.padded[end] = words, words
	c.context[""] = 1 + words
	letters := unicode.Scripts[script]
	foreign := func(s string, f float64) bool {
		return f < rarest/20 || strings.ContainsFunc(s, func(r rune) bool { return r > table.End && !unicode.Is(letters, r) })
	}
	maps.DeleteFunc(c.padded, foreign)
	maps.DeleteFunc(c.context, foreign)
	return c, nil
}

// sums adds frequencies as whole numbers, so that the order of a map does not tell in the last digit.
type sums map[string]int64

const unit = 1 << 60

func (s sums) add(key string, f float64) { s[key] += int64(f * unit) }

func (s sums) of(key string) float64 { return float64(s[key]) / unit }
