package pdf

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Where running heads and feet are looked for: the outer part of the page, and
// at most so many lines of it.
const (
	outerPart  = 0.14
	outerLines = 4
)

// numbering is a line that only counts pages.
var numbering = regexp.MustCompile(`(?i)^[\s\-–—|/.·]*(?:page|p\.|pg\.?|seite|s\.|pagina|página|стр\.?|страница|صفحة|صفحه|第|ページ)?\s*` +
	`(?:\p{Nd}{1,4}|[ivxl]{1,6})\s*(?:页|頁|/|of|von|de|sur|di|из|من|از|共)?\s*(?:\p{Nd}{1,4})?\s*(?:页|頁)?[\s\-–—|/.·]*$`)

// withoutFurniture leaves out the heads and feet that run through the pages, and
// page numbers: what stands in the outer part of several pages at the same
// height with the same words, figures apart.
func withoutFurniture(pages [][]piece, sheets []sheet) [][]piece {
	type place struct {
		text string
		y    int
	}
	outer := make([][]bool, len(pages))
	count := map[place]int{}
	places := func(p piece) []place { // one either side, so that a fraction of a point does not matter
		text, y := pattern(p.text), int(math.Round(p.base/6))
		return []place{{text, y - 1}, {text, y}, {text, y + 1}}
	}
	for i, page := range pages {
		outer[i] = outerOf(page, sheets[i])
		seen := map[place]bool{}
		for j, p := range page {
			if outer[i][j] {
				for _, at := range places(p) {
					if !seen[at] {
						seen[at] = true
						count[at]++
					}
				}
			}
		}
	}
	kept := make([][]piece, len(pages))
	for i, page := range pages {
		for j, p := range page {
			runs := outer[i][j] && (numbering.MatchString(p.text) || count[places(p)[1]] >= max(2, (len(pages)+2)/3))
			if !runs {
				kept[i] = append(kept[i], p)
			}
		}
	}
	return kept
}

// pattern is a text with its figures alike.
func pattern(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '#'
		case unicode.IsSpace(r):
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// outerOf tells which pieces stand in the first or the last lines of a page, in
// its outer part.
func outerOf(page []piece, s sheet) []bool {
	is := make([]bool, len(page))
	if len(page) == 0 {
		return is
	}
	low, high := 0.0, s.height
	for _, p := range page { // a page that was turned, or has its origin elsewhere
		low, high = min(low, p.base), max(high, p.box.top)
	}
	if low < -1 || high > s.height+1 {
		low, high = page[0].base, page[0].base
		for _, p := range page {
			low, high = min(low, p.base), max(high, p.base)
		}
	}
	order := make([]int, len(page))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(page[b].base, page[a].base) })
	mark := func(order []int) {
		lines, at := 0, math.Inf(1)
		for _, i := range order {
			if math.Abs(page[i].base-at) > 2 {
				if lines++; lines > outerLines {
					return
				}
				at = page[i].base
			}
			from := (page[i].base - low) / max(1, high-low)
			is[i] = is[i] || from < outerPart || from > 1-outerPart
		}
	}
	mark(order)
	slices.Reverse(order)
	mark(order)
	return is
}

// noteStart is how the note at the foot of a page begins.
var noteStart = regexp.MustCompile(`^(?:[\[(]?\p{Nd}{1,3}[\])]?[.:]?|[*†‡§¶⁎]{1,3}|[¹²³⁴-⁹⁰]+)\s*\S`)

// withoutNotes takes the notes from the foot of columns: small lines below all
// else, from the first that begins with a mark.
func withoutNotes(lines []line, body float64) (text, notes []line) {
	for from := 0; from < len(lines); {
		end := from
		for end < len(lines) && lines[end].page == lines[from].page && lines[end].column == lines[from].column {
			end++
		}
		cut := end
		for cut > from && lines[cut-1].size < 0.93*body && !lines[cut-1].table {
			cut--
		}
		for cut < end && !noteStart.MatchString(lines[cut].text) {
			cut++
		}
		text, notes = append(text, lines[from:cut]...), append(notes, lines[cut:end]...)
		from = end
	}
	return text, notes
}
