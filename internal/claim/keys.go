package claim

import (
	"sort"
	"strconv"
)

// maxKeys bounds the keys of one claim.
const maxKeys = 24

// Indexed tells whether a claim is worth remembering: the issuer's own, said or denied, of
// something that can be named.
func (a *Analysis) Indexed(c *Claim) bool {
	return c.Sign != 0 && len(c.Args) > 0 && a.Sentences[c.Sentence].Voice == Own &&
		!c.Flags.Has(Question|Reported|Predecessor|Condition) && !(c.Flags.Has(Mention) && c.Flags.Has(Existence))
}

// Keys are the strings by which a claim is found again: what kind of event it speaks of,
// whichever side, with each of the things it is chiefly about. Claims that may stand
// against each other share at least one key.
func (c *Claim) Keys() []string {
	var events []string
	for i := range axes {
		for s := range 2 {
			if bit := 2*i + s; c.Axes[bit/64]>>(bit%64)&1 != 0 && len(events) < 4 {
				if name := axes[i].name; len(events) == 0 || events[len(events)-1] != name {
					events = append(events, name)
				}
			}
		}
	}
	if c.Predicate != anything {
		events = append(events, "="+stem(c.Predicate))
	} else {
		events = append(events, anything)
	}
	order := make([]int, len(c.Args))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return c.Args[order[i]].Weight > c.Args[order[j]].Weight })
	var keys []string
	seen := map[string]bool{}
	for n, i := range order {
		if n == 5 {
			break
		}
		for _, name := range canon(c.Args[i].Key) {
			for _, e := range events {
				if k := e + " " + name; !seen[k] && len(keys) < maxKeys {
					seen[k] = true
					keys = append(keys, k)
				}
			}
		}
	}
	return keys
}

// Keys are those of the numbers that a sentence gives.
func (s *Sentence) Keys() []string {
	if len(s.Quantities) == 0 || s.Voice != Own {
		return nil
	}
	order := make([]int, len(s.Args))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return s.Args[order[i]].Weight > s.Args[order[j]].Weight })
	var keys []string
	for n, i := range order {
		if n == 4 {
			break
		}
		for _, name := range canon(s.Args[i].Key) {
			keys = append(keys, "# "+name)
		}
	}
	return keys
}

// canon gives the names under which a word is filed: the country or the things it stands
// for, else its stem.
func canon(k Key) []string {
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
