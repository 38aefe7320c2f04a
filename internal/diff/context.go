package diff

import (
	"fmt"
	"slices"
	"strings"
)

// texts are what a rule may ask of the texts as a whole.
type texts struct {
	e       *Edit
	inTrail map[*Block]bool
	before  string // folded, small letters, made when first asked for
	after   string
	english bool
	tongue  *tongue // of a language other than English
	spent   int     // bytes that repeats were looked for in
}

// maxLooked bounds the bytes that repeats are looked for in, all changes
// together; beyond it nothing counts as repeated.
const maxLooked = 64 << 20

// may tells whether so many bytes may still be looked through.
func (c *texts) may(bytes int) bool {
	c.spent += bytes
	return c.spent <= maxLooked
}

func (e *Edit) context() *texts {
	c := &texts{e: e, inTrail: map[*Block]bool{}}
	c.findTrails()
	return c
}

// findTrails marks breadcrumb trails: paragraphs in a row that came, or went.
func (c *texts) findTrails() {
	blocks := c.e.Blocks
	for i := 0; i < len(blocks); i++ {
		if k := blocks[i].Kind; blocks[i].Title || k != Added && k != Removed {
			continue
		}
		j := i
		var texts []string
		for j < len(blocks) && blocks[j].Kind == blocks[i].Kind && len(texts) < 12 {
			text := ""
			for _, s := range blocks[j].Segments {
				text += s.Text
			}
			texts = append(texts, text)
			j++
		}
		title := c.e.after.Title
		top := i == 0 || blocks[i-1].Title
		if title == "" && i > 0 && blocks[i-1].Kind == Same && blocks[i-1].Paragraphs == 1 { // a text whose title is its first paragraph
			top = true
			for _, s := range blocks[i-1].Segments {
				title += s.Text
			}
		}
		if trail(texts, title, top) {
			for k := i; k < j; k++ {
				c.inTrail[&blocks[k]] = true
			}
		}
		i = j - 1
	}
}

func (c *texts) flat() (before, after string) {
	if c.before == "" && c.after == "" {
		flat := func(t Text) string { return strings.ToLower(letterSpaced(t.Title + " " + t.Body)) }
		c.before, c.after = flat(c.e.before), flat(c.e.after)
	}
	return c.before, c.after
}

// letterSpaced is a text with nothing but words and one space between them.
func letterSpaced(text string) string {
	return strings.Join(strings.FieldsFunc(fold(text), func(r rune) bool {
		return isSpace(r) || strings.ContainsRune(".,;:!?()[]\"'-|·•*–—", r)
	}), " ")
}

// repeated tells whether what went still stands elsewhere in the text, or what
// came stood there before: then no claim was lost or won.
func (c *texts) repeated(ch *change) bool {
	flat := func(text string) string { return strings.ToLower(letterSpaced(text)) }
	gone, come := flat(ch.goneText), flat(ch.comeText)
	const least = 18 // letters: shorter stretches repeat by chance
	before, after := "", ""
	switch {
	case gone != "" && come == "" && len(gone) >= least:
		_, after = c.flat()
		return c.may(len(after)/8) && strings.Contains(after, gone) || c.nearly(ch)
	case come != "" && gone == "" && len(come) >= least:
		before, _ = c.flat()
		return c.may(len(before)/8) && strings.Contains(before, come)
	case gone != "" && come == "" && !ch.whole && len(ch.gone) <= 6 && saidAgain(ch):
		return true
	case gone != "" && come == "" && len(ch.gone) <= 3:
		// One word said twice: "health care benefits and other benefits".
		for _, w := range ch.right {
			if w.lower == gone && !w.light {
				return true
			}
		}
		for _, w := range ch.left {
			if w.lower == gone {
				return true
			}
		}
		if len(strings.Fields(gone)) == 1 {
			n := 0
			for _, w := range ch.sentence {
				if w.lower == gone {
					n++
				}
			}
			return n > 0 && near(ch, gone)
		}
	}
	return false
}

// saidAgain tells whether all that a few words say is said in the same sentence
// still: "the families and loved ones of the victims and their loved ones".
func saidAgain(ch *change) bool {
	gone := content(ch.gone)
	if len(gone) < 2 || len(quantities(ch.gone, true)) > 0 {
		return false
	}
	_, missing := different(content(ch.sentence), gone)
	return len(missing) == 0 && !slices.ContainsFunc(gone, func(w word) bool { return has(negations, w.lower) || has(auxiliaries, w.lower) })
}

// near tells whether a word stands within a few words behind a change.
func near(ch *change, text string) bool {
	k := 0
	for _, w := range ch.sentence {
		if int(w.tokens.start) < ch.after[1] {
			continue
		}
		if w.lower == text {
			return true
		}
		if k++; k > 6 {
			return false
		}
	}
	return false
}

// nearly tells whether a paragraph that went is nearly the same as one that
// stays, figures, dates and denials included.
func (c *texts) nearly(ch *change) bool {
	if !ch.whole || len(ch.gone) < 20 {
		return false
	}
	bag := func(list []word) map[string]int {
		m := map[string]int{}
		for _, w := range list {
			if !w.light {
				m[w.lower]++
			}
		}
		return m
	}
	gone := bag(ch.gone)
	total := 0
	for _, n := range gone {
		total += n
	}
	for _, p := range strings.Split(c.e.after.Body, "\n\n") {
		if len(p) < len(ch.goneText)/2 || len(p) > 2*len(ch.goneText) {
			continue
		}
		if !c.may(8 * len(p)) { // cutting words costs more than looking for a text
			return false
		}
		list := c.e.words(p, 0, len(p))
		have := bag(list)
		shared := 0
		for w, n := range gone {
			shared += min(n, have[w])
		}
		if shared*100 >= total*85 && claims(list) == claims(ch.gone) {
			return true
		}
	}
	return false
}

// claims writes down the figures, dates and denials in a list of words.
func claims(list []word) string {
	denials := 0
	for _, w := range list {
		if has(negations, w.lower) {
			denials++
		}
	}
	return fmt.Sprint(quantities(list, true), dates(list), denials)
}
