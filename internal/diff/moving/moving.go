// Package moving finds what differs between two readings of a page though nobody
// has edited it: clocks, ages, counts of views, values on a line of their own,
// lists in another order, letters written for each other.
//
// It never takes a figure that stands in a sentence, beside a noun, or under a
// label that it does not know for one of these: a death toll, a vote, the day of
// an event are news whenever they change.
package moving

import (
	"strings"
	"unicode"
)

// Kind says what moves at a place.
type Kind string

// The kinds of place.
const (
	Count Kind = "count" // of views, visitors, shares; of the seconds a page took to make
	Age   Kind = "age"   // 3 minutes ago
	Clock Kind = "clock" // today's date, the time, when the page was touched
	Value Kind = "value" // a number, a token, a day on a line of its own
	Order Kind = "order" // of the lines of a list
	Dates Kind = "dates" // that a page or feed shows for the whole statement
)

// Change is a place at which two readings differ in such a value.
type Change struct {
	Kind  Kind
	Place string // the line, with … for the value; the same for every page and moment
	// Sure tells that the words of the place say what moves there. Where they do
	// not, only looks can tell: a number by itself may be anything.
	Sure          bool
	Before, After string // the line, or the list
	At            string // where on the page a list stands, in words; may be empty
	// Drop is a regular expression for extract.drop_text that cuts the paragraph
	// out; empty where that would take other words with it.
	Drop string
}

// Text is a title and a body whose paragraphs are separated by "\n\n".
type Text struct{ Title, Body string }

// Bounds: what is longer is compared as it is.
const (
	maxLine  = 400     // bytes of a line that is looked at
	maxLines = 4000    // of a text
	maxBody  = 1 << 20 // bytes
	maxNew   = 200     // lines that the other text has not; beyond it another text stands there
	maxBare  = 40      // bytes of a line that may be a value by itself
)

// line is one line of a text, and what is known of it.
type line struct {
	text   string
	alone  bool   // it is a paragraph
	form   form   // of the values in it
	letter string // its key: equal where a reader reads the same
}

// Settle compares two readings. It gives the places at which they differ in a
// moving value, and the later reading with those that quiet accepts put back as
// they were: what is left to differ has been edited. Letters that are written for
// each other are put back in any case. quiet is asked once for each place.
func Settle(before, after Text, quiet func(Change) bool) (changes []Change, settled Text) {
	settled = after
	if Same(before.Title, after.Title) {
		settled.Title = before.Title
	}
	if before.Body == after.Body || len(before.Body) > maxBody || len(after.Body) > maxBody {
		return nil, settled
	}
	old, _ := split(before.Body)
	now, gaps := split(after.Body)
	if len(old) > maxLines || len(now) > maxLines {
		return nil, settled
	}
	asked := map[string]bool{}
	ask := func(c Change) bool {
		answer, known := asked[c.Place]
		if !known {
			answer = quiet(c)
			asked[c.Place] = answer
			changes = append(changes, c)
		}
		return answer
	}
	letters(old, now)
	if forms(old, now) {
		values(old, now, ask)
		order(old, now, ask)
	}
	var b strings.Builder
	for i, l := range now {
		b.WriteString(gaps[i])
		b.WriteString(l.text)
	}
	settled.Body = b.String()
	return changes, settled
}

// split cuts a body into lines; gaps[i] is what stands before line i.
func split(body string) (lines []line, gaps []string) {
	for i, paragraph := range strings.Split(body, "\n\n") {
		inside := strings.Split(paragraph, "\n")
		for k, text := range inside {
			gap := "\n"
			switch {
			case i == 0 && k == 0:
				gap = ""
			case k == 0:
				gap = "\n\n"
			}
			lines = append(lines, line{text: text, alone: len(inside) == 1, letter: key(text)})
			gaps = append(gaps, gap)
		}
	}
	return lines, gaps
}

// forms takes the lines apart that only one of the texts has, and others that may
// be a value by itself; false if that is too many.
func forms(old, now []line) bool {
	was, is := texts(old), texts(now)
	fresh := 0
	for i := range now {
		if !was[now[i].text] {
			fresh++
		}
	}
	if fresh > maxNew {
		return false
	}
	for _, side := range []struct {
		lines []line
		other map[string]bool
	}{{old, is}, {now, was}} {
		for i := range side.lines {
			l := &side.lines[i]
			if !side.other[l.text] || len(l.text) <= maxBare && strings.ContainsFunc(l.text, unicode.IsDigit) {
				l.form = read(side.lines, i)
			}
		}
	}
	return true
}

func texts(lines []line) map[string]bool {
	set := make(map[string]bool, len(lines))
	for i := range lines {
		set[lines[i].text] = true
	}
	return set
}

// letters puts lines back that differ only in letters written for each other.
func letters(old, now []line) {
	was := map[string][]int{}
	for i := range old {
		was[old[i].letter] = append(was[old[i].letter], i)
	}
	for i := range now {
		if list := was[now[i].letter]; len(list) > 0 {
			now[i].text = old[list[0]].text
			if len(list) > 1 {
				was[now[i].letter] = list[1:]
			}
		}
	}
}

// values puts lines back that differ in a moving value: those of the same form,
// in their order.
func values(old, now []line, quiet func(Change) bool) {
	was, used := map[string][]int{}, map[string]int{}
	bare := func(lines []line) (n int) {
		for i := range lines {
			if lines[i].form.bare {
				n++
			}
		}
		return n
	}
	// A column of numbers is a table, not a counter.
	const mostBare = 2
	columns := bare(old) > mostBare || bare(now) > mostBare || bare(old) != bare(now)
	for i := range old {
		if f := old[i].form; f.moves() {
			was[f.place] = append(was[f.place], i)
		}
	}
	for i := range now {
		f := now[i].form
		if !f.moves() {
			continue
		}
		at := used[f.place]
		used[f.place]++
		if at >= len(was[f.place]) || f.bare && columns {
			continue
		}
		o := &old[was[f.place][at]]
		if o.text == now[i].text {
			continue
		}
		c := Change{Kind: f.kind, Place: f.place, Sure: f.sure && o.form.sure, Before: o.text, After: now[i].text}
		if o.alone && now[i].alone {
			c.Drop = f.drop
		}
		back := f.with(o.form)
		if back == now[i].text || !quiet(c) {
			continue
		}
		now[i].text, now[i].letter = back, key(back)
	}
}
