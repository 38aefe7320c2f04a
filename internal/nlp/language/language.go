// Package language tells which language a passage of a few words or more is in.
//
//	guess := language.Identify("Уряд підтвердив, що об'єкт не зазнав пошкоджень")
//	guess.Code        // "uk"
//	guess.Probability // .99
//
// Scripts with one language tell it at once. Within Latin, Cyrillic, Arabic and Devanagari, the letters of each word are
// as probable in each language as the table says (package table), and the language under which the passage is most probable wins.
// docs/language.md tells the languages, and how often it is right.
//
// The table is embedded and read where it lies; nothing is unpacked and nothing done before the first call. Everything may be used
// by any number of goroutines at once.
package language

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/nlp/language/table"
)

// Unknown is the code of a passage without letters, in a script or language that is not known, or of no language at all.
const Unknown = "und"

// Guess is a language with the probability that the passage is in it.
type Guess struct {
	Code        string // ISO 639-1, or Unknown
	Probability float64
}

// Identify gives the most probable language of a passage, which may be Unknown. Only the first 4,096 bytes or so are read.
func Identify(text string) Guess { return Rank(text)[0] }

// Knows tells whether passages in a language (ISO 639-1) can be told to be in it.
func Knows(code string) bool {
	if code == "zh" || code == "ja" || code == "ms" || code == "no" {
		return true
	}
	for _, g := range tables() {
		if slices.Contains(g.Languages, code) {
			return true
		}
	}
	return slices.ContainsFunc(single, func(s struct {
		name, language string
		letters        *unicode.RangeTable
	}) bool {
		return code != "" && s.language == code
	})
}

// Rank gives the languages a passage may be in, most probable first; there is at least one, and the probabilities of all sum to 1.
// Those below one in ten thousand are left out.
func Rank(text string) []Guess {
	var c counts
	c.read(text)
	script := c.dominant()
	if script == none {
		return []Guess{{Unknown, 1}}
	}
	if g := script.table(); g != nil {
		return c.rank(g, script)
	}
	guess := Guess{script.only(), 1 - math.Pow(.5, float64(c.letters[script])+1)}
	switch script {
	case han:
		// Japanese writes Chinese characters among its own; so few kana may be a name or a quotation.
		if kana := float64(c.letters[kana]) / float64(c.letters[han]); kana > .05 {
			guess.Code = "ja"
		}
	case kana:
		guess.Code = "ja"
	}
	if guess.Code == "" {
		return []Guess{{Unknown, 1}}
	}
	return []Guess{guess, {Unknown, 1 - guess.Probability}}
}

// Plausibility is the log probability (nats) of the letters of a passage in Latin, Cyrillic, Arabic and Devanagari, those of each
// script in the one language under which they are most probable; letters of other scripts count nothing. Of two readings of the
// same bytes, the one with the higher sum is the likelier. Only the first 4,096 bytes or so are read.
func Plausibility(text string) float64 {
	var c counts
	c.read(text)
	sum := 0.0
	for _, sc := range c.scores {
		if sc == nil {
			continue
		}
		least := sc.below[0]
		for _, steps := range sc.below[1:len(sc.group.Languages)] {
			least = min(least, steps)
		}
		sum += float64(sc.top) - table.Step*float64(least)
	}
	return sum
}

//go:embed table.bin
var tableBytes []byte

var tables = sync.OnceValue(func() map[string]*table.Group {
	groups, err := table.Read(tableBytes)
	if err != nil {
		panic(err) // the embedded table is tested
	}
	byScript := map[string]*table.Group{}
	for _, g := range groups {
		byScript[g.Script] = g
	}
	return byScript
})

const maxBytes = 4096 // of a passage that are read

// counts is what was seen of a passage.
type counts struct {
	letters [scripts]int
	scores  [scripts]*score
}

// score is how a passage fits the languages of one script.
type score struct {
	group   *table.Group
	symbols int     // letters and ends of words
	top     float32 // log probability of the symbols, each in its best language
	below   [table.MaxLanguages]int32
	malay   float32 // evidence for Malay against Indonesian, nats
}

// read goes through the words of a text: runs of letters of one script.
func (c *counts) read(text string) {
	if len(text) > maxBytes {
		end := maxBytes
		for end > maxBytes-4 && text[end]&0xC0 == 0x80 {
			end--
		}
		text = text[:end]
	}
	if strings.IndexByte(text, 0xCC) >= 0 || strings.IndexByte(text, 0xCD) >= 0 {
		text = norm.NFC.String(text) // it has marks of U+0300 to U+036F, whose first byte is one of these
	}
	// The last symbols of the word so far, newest last.
	var word []rune
	var buffer [64]rune
	word = buffer[:0]
	in := none
	flush := func() {
		if len(word) > 0 {
			c.word(in, word)
		}
		word = buffer[:0]
	}
	for _, r := range text {
		s := scriptOf(r)
		if s == mark {
			if in == devanagari { // the n-grams were counted so
				flush()
			}
			continue
		}
		if s != in {
			flush()
			in = s
		}
		if s == none {
			continue
		}
		c.letters[s]++
		if len(word) < cap(word) && s.tabled() {
			word = append(word, table.Fold(r))
		}
	}
	flush()
}

// word adds the symbols of one word, its end among them.
func (c *counts) word(s script, word []rune) {
	sc := c.scores[s]
	if sc == nil {
		sc = &score{group: tables()[s.name()]}
		c.scores[s] = sc
	}
	if s == latin {
		sc.malay += malayEvidence(word)
	}
	for i := range len(word) + 1 {
		last := table.End
		if i < len(word) {
			last = word[i]
		}
		var best table.Row
		h := table.Hash(0).Before(last)
		for k := 1; ; k++ {
			row := sc.group.Find(h)
			if row == nil {
				break
			}
			best = row
			if k == table.Longest || i-k < -1 {
				break
			}
			if i-k >= 0 {
				h = h.Before(word[i-k])
			} else {
				h = h.Before(table.Begin)
			}
		}
		sc.symbols++
		if best == nil {
			sc.top += strange
			continue
		}
		sc.top += best.Top()
		best.AddTo(sc.below[:])
	}
}

// strange is the log probability of a letter that no language of the script has.
const strange = -12

// dominant is the script most of the passage is written in. A Chinese character counts as three letters; kana and Han are counted as one.
func (c *counts) dominant() script {
	best, most := none, 0
	for s := none + 1; s < scripts; s++ {
		n := c.letters[s]
		switch s {
		case han:
			n = 3*n + 2*c.letters[kana]
		case kana:
			n *= 2
		}
		if n > most {
			best, most = s, n
		}
	}
	return best
}

func (c *counts) rank(g *table.Group, s script) []Guess {
	sc := c.scores[s]
	logs := make([]float64, len(g.Languages))
	best := math.Inf(-1)
	for k := range logs {
		logs[k] = -table.Step * float64(sc.below[k])
		best = max(best, logs[k])
	}
	known := knows((float64(sc.top)+best)/float64(sc.symbols), sc.symbols)
	sum := 0.0
	for k := range logs {
		logs[k] = math.Exp((logs[k] - best) / temperature)
		sum += logs[k]
	}
	guesses := make([]Guess, 0, len(logs)+2)
	add := func(code string, p float64) {
		if i := slices.IndexFunc(guesses, func(g Guess) bool { return g.Code == code }); i >= 0 {
			guesses[i].Probability += p
		} else {
			guesses = append(guesses, Guess{code, p})
		}
	}
	for k, code := range g.Languages {
		p := known * logs[k] / sum
		if to, ok := oneLanguage[code]; ok {
			code = to
		}
		if code == "id" {
			ms := 1 / (1 + math.Exp(-malayPrior-float64(sc.malay)))
			add("ms", p*ms)
			p *= 1 - ms
		}
		add(code, p)
	}
	add(Unknown, 1-known)
	slices.SortStableFunc(guesses, func(a, b Guess) int { return cmp.Compare(b.Probability, a.Probability) })
	kept := 1
	for kept < len(guesses) && guesses[kept].Probability >= 1e-4 {
		kept++
	}
	return guesses[:kept]
}

// oneLanguage joins what the table tells apart.
var oneLanguage = map[string]string{"nb": "no", "nn": "no", "bs": "hr", "sr-Latn": "sr", "ms": "id"}

// temperature makes probabilities of sums over symbols that do not come independently of each other.
const temperature = 3

// knows is the probability that the passage is in one of the script's languages, by the log probability per symbol under the best of them.
//
// Passages of 20 words in a language of the table have -1.77 (one in a hundred -2.58), those in languages that are not there
// -2.9, letters at random -4.7; shorter passages spread further.
func knows(fit float64, symbols int) float64 {
	const middle, apart, prior = -2.6, 1.1, 3.9 // nats; 49 of 50 passages are in a language that is known
	slope := apart / (.05 + 3/float64(symbols))
	return 1 / (1 + math.Exp(-prior-slope*(fit-middle)))
}
