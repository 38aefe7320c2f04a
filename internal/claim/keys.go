package claim

import (
	"cmp"
	"slices"
	"strconv"
)

// The bounds of an index: by how many words a claim is filed, how many keys a sentence has
// in all.
const (
	filedUnder = 4
	maxKeys    = 60
	about      = 6 // by how many words a sentence is, whatever it claims
)

// Indexed tells whether a claim is worth remembering: the issuer's own, said or denied, of
// something that can be named.
func (a *Analysis) Indexed(c *Claim) bool {
	return c.Sign != 0 && len(c.Args) > 0 && a.Sentences[c.Sentence].Voice == Own &&
		!c.Flags.Has(Question|Reported|Predecessor|Condition) && !(c.Flags.Has(Mention) && c.Flags.Has(Existence))
}

// Keys are the strings by which a sentence is filed, and those to ask for to find what it
// may contradict: a side of a kind of event with a thing it is chiefly about, so that the
// one side of a contradiction asks for what the other is filed under. Neither list has a
// string twice.
func (a *Analysis) Keys(sentence int) (filed, asked []string) {
	x := indexer{a: a, s: &a.Sentences[sentence]}
	if x.s.Voice != Own || x.s.Marks.Has(Asked) {
		return nil, nil
	}
	for i := range a.Claims {
		if c := &a.Claims[i]; c.Sentence == sentence && a.Indexed(c) {
			x.claim(c)
		}
	}
	x.sentence()
	if !x.claims {
		return nil, nil
	}
	return x.filed, x.asked
}

type indexer struct {
	a            *Analysis
	s            *Sentence
	filed, asked []string
	claims       bool // it claims something
}

func (x *indexer) file(key string) { x.filed = put(x.filed, key) }
func (x *indexer) ask(key string)  { x.asked = put(x.asked, key) }

func put(keys []string, key string) []string {
	if len(keys) < maxKeys && !slices.Contains(keys, key) {
		keys = append(keys, key)
	}
	return keys
}

var signs = map[int8]string{1: "+ ", -1: "- "}

// claim files a claim under the side it takes, and asks for the other.
func (x *indexer) claim(c *Claim) {
	x.claims = true
	topic := c.Flags.Has(Topic)
	events := c.events()
	for n, arg := range heaviest(c.Args, filedUnder) {
		for _, thing := range arg.filed() {
			for _, e := range events {
				x.file(e.name + signs[e.sign] + thing)
				x.ask(e.name + signs[-e.sign] + thing)
			}
			// A report that is rejected as such stands against any claim on its things.
			switch {
			case topic:
				x.file("report " + signs[c.Sign] + thing)
				x.ask("claim " + signs[-c.Sign] + thing)
			case n < 2:
				x.file("claim " + signs[c.Sign] + thing)
				x.ask("report " + signs[-c.Sign] + thing)
			}
		}
	}
	if TakesBack(c) && c.Sign > 0 {
		for _, thing := range names(x.s.Args) {
			x.ask("claim + " + thing)
			x.ask("claim - " + thing)
		}
	}
	if who, ok := Cause(c); ok && c.Sign > 0 && c.Mode == Fact {
		var what []Arg
		for i, arg := range c.Args {
			if !who[i] {
				what = append(what, arg)
			}
		}
		for _, thing := range names(append(what, x.s.Args...)) {
			x.file("cause " + thing)
			x.ask("cause " + thing)
		}
	}
}

// sentence files what a sentence speaks of, its numbers and certainties.
func (x *indexer) sentence() {
	for _, arg := range heaviest(x.s.Args, about) {
		for _, thing := range arg.Canon() {
			x.file("about " + thing)
			x.ask("about " + thing)
		}
	}
	for _, thing := range names(x.s.Args) {
		if len(x.s.Quantities) > 0 {
			x.claims = true
			x.file("number " + thing)
			x.ask("number " + thing)
		}
		if x.s.Marks.Has(Certain | Unknowing) {
			x.claims = true
		}
		if x.s.Marks.Has(Certain) {
			x.file("certain " + thing)
		}
		if x.s.Marks.Has(Unknowing) {
			x.ask("certain " + thing)
		}
	}
}

// Meets gives the keys under which a claim is filed and for which another asks: the side
// that it takes of an event, with each thing that both name.
func (c *Claim) Meets(other *Claim) (keys []string) {
	for _, e := range c.events() {
		if !slices.Contains(other.events(), event{e.name, -e.sign}) {
			continue
		}
		for _, arg := range heaviest(c.Args, filedUnder) {
			for _, thing := range arg.filed() {
				if slices.ContainsFunc(other.Args, func(a Arg) bool { return slices.Contains(a.filed(), thing) }) {
					keys = put(keys, e.name+signs[e.sign]+thing)
				}
			}
		}
	}
	return keys
}

// event is a kind of event on the side that a claim takes of it.
type event struct {
	name string
	sign int8
}

// events are the axes of a claim's predicate, and the predicate itself.
func (c *Claim) events() (list []event) {
	for i := range axes {
		for side := range 2 {
			bit := 2*i + side
			if c.Axes[bit/64]>>(bit%64)&1 == 0 || len(list) >= 3 {
				continue
			}
			e := event{"axis " + axes[i].name, c.Sign}
			if side == 1 {
				e.sign = -e.sign
			}
			if !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	if c.Predicate != anything && c.Predicate != "be" && c.Predicate != "have" {
		list = append(list, event{"word " + stem(c.Predicate), c.Sign})
	}
	return list
}

// heaviest are the words that say most, numbers and days apart.
func heaviest(args []Arg, most int) []Arg {
	sorted := slices.DeleteFunc(slices.Clone(args), func(a Arg) bool { return a.Kind == Number || a.Kind == Day })
	slices.SortStableFunc(sorted, func(a, b Arg) int { return cmp.Compare(b.Weight, a.Weight) })
	return sorted[:min(most, len(sorted))]
}

// names are what the heaviest words stand for.
func names(args []Arg) (list []string) {
	for _, arg := range heaviest(args, filedUnder) {
		list = append(list, arg.Canon()...)
	}
	return list
}

// Stem gives the word without its endings.
func (k Key) Stem() string { return stem(k.Word) }

// filed are the names under which a word of a claim is filed: of one that has fellows, such
// as a booster among the vaccines, its own, too.
func (k Key) filed() []string {
	names := k.Canon()
	if own := stem(k.Word); !slices.Contains(names, own) && things[k.Word] != nil {
		names = append(names, own)
	}
	return names
}

// Canon gives the names under which a word is filed: the country or the things it stands
// for, else its stem.
func (k Key) Canon() []string {
	if p, ok := places[k.Word]; ok {
		return []string{"@" + strconv.Itoa(int(p))}
	}
	if t := things[k.Word]; t != nil {
		var out []string
		for _, g := range t.same {
			out = append(out, "~"+strconv.Itoa(int(g)))
		}
		for _, g := range t.broader {
			out = append(out, "~"+strconv.Itoa(int(g)))
		}
		return out
	}
	return []string{stem(k.Word)}
}
