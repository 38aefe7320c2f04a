package moving

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// order puts lines that only stand in another order back into the earlier one,
// list by list, and items of a line likewise.
func order(old, now []line, quiet func(Change) bool) {
	items(old, now, quiet)
	was := map[string][]int{}
	for i := range old {
		was[old[i].letter] = append(was[old[i].letter], i)
	}
	var here, there []int // places now, and before, of lines that both have
	for i := range now {
		if list := was[now[i].letter]; len(list) > 0 {
			here, there = append(here, i), append(there, list[0])
			was[now[i].letter] = list[1:]
		}
	}
	if slices.IsSorted(there) {
		return
	}
	sorted := slices.Clone(there)
	slices.Sort(sorted)
	// A group is a stretch of lines from the first that has moved to where the
	// same ones have come as went.
	type group struct {
		lead string
		at   []int // into here
	}
	var groups []group
	balance, odd := map[string]int{}, 0 // how many more of a line have come, and of how many lines that is not none
	count := func(line string, by int) {
		if balance[line] == 0 {
			odd++
		}
		if balance[line] += by; balance[line] == 0 {
			odd--
		}
	}
	for k := range here {
		come, went := now[here[k]].letter, old[sorted[k]].letter
		if odd == 0 {
			if come == went {
				continue
			}
			lead := ""
			if here[k] > 0 {
				lead = now[here[k]-1].text
			}
			groups = append(groups, group{lead: lead})
		}
		count(come, 1)
		count(went, -1)
		groups[len(groups)-1].at = append(groups[len(groups)-1].at, k)
	}
	for _, g := range groups {
		var a, b []string
		for _, k := range g.at {
			a, b = append(a, now[here[k]].text), append(b, old[sorted[k]].text)
		}
		c := Change{Kind: Order, Place: anyList, At: below(g.lead), Before: strings.Join(b, " | "), After: strings.Join(a, " | ")}
		if !quiet(c) {
			continue
		}
		for i, k := range g.at {
			now[here[k]].text, now[here[k]].letter = b[i], key(b[i])
		}
	}
}

// anyList is the one place of all lists: where in a list the order has changed
// differs from look to look.
const anyList = "the order of a list"

// below says where a list stands, by the line that leads to it.
func below(lead string) string {
	lead = strings.TrimRight(strings.TrimSpace(lead), ":：")
	if lead == "" || utf8.RuneCountInString(lead) > 60 {
		return ""
	}
	return "below “" + lead + "”"
}

// items puts lines back whose items, parted by commas or the like, only stand in
// another order.
func items(old, now []line, quiet func(Change) bool) {
	was := map[string]int{}
	there := map[string]bool{}
	for i := range now {
		there[now[i].letter] = true
	}
	for i := range old {
		if list := itemsOf(old[i].text); list != "" && !there[old[i].letter] {
			was[list] = i
		}
	}
	if len(was) == 0 {
		return
	}
	for i := range now {
		list := itemsOf(now[i].text)
		if list == "" {
			continue
		}
		k, known := was[list]
		if !known || old[k].letter == now[i].letter {
			continue
		}
		lead, _, labelled := strings.Cut(now[i].text, ":")
		if !labelled {
			lead = ""
		}
		if quiet(Change{Kind: Order, Place: anyList, At: below(lead), Before: old[k].text, After: now[i].text}) {
			now[i].text, now[i].letter = old[k].text, old[k].letter
		}
	}
}

// itemsOf are the items of a line in the order of the alphabet; empty for a line
// that is no list of three or more.
func itemsOf(text string) string {
	if len(text) > 4*maxLine || strings.Count(text, ",")+strings.Count(text, ";")+strings.Count(text, "|")+strings.Count(text, "·")+strings.Count(text, "•")+strings.Count(text, "،")+strings.Count(text, "、") < 2 {
		return ""
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|·•،、:", r) })
	for i := range parts {
		parts[i] = key(strings.TrimRight(strings.TrimSpace(parts[i]), "."))
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}
