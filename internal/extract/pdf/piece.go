package pdf

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/extract/raised"
	"volteface/internal/statement"
)

// box is a rectangle in points (1/72 inch), y upwards.
type box struct{ left, bottom, right, top float64 }

func (b box) width() float64 { return b.right - b.left }

func (b box) union(o box) box {
	return box{min(b.left, o.left), min(b.bottom, o.bottom), max(b.right, o.right), max(b.top, o.top)}
}

// char is one character of a page. Those that PDFium makes up (spaces between
// words set apart, line ends) have boxes without a height.
type char struct {
	r     rune
	angle float64 // radians
	size  float64 // of its font, in points
	bold  bool
	box   box
}

// sheet is a page as PDFium gives it: characters in the order in which they were
// drawn, which is that of reading in most files, and in some is not.
type sheet struct {
	number        int // from 0
	width, height float64
	chars         []char
}

// piece is a stretch of characters on one line with no wide gap in it, in
// reading order. Several may be on one line: cells, columns.
type piece struct {
	text  string
	box   box
	base  float64 // y of the line it stands on
	size  float64 // of most of its letters
	bold  bool
	rtl   bool
	drawn int // place in the order of drawing
	row   int // number of the stretch between two line ends that it comes from
	notes int // marks of notes left out
}

// wideGap is the gap, in sizes of the font, that divides a line into pieces. A
// gap of that width between words does no harm: pieces of one column are put
// together again.
const wideGap = 1.4

// pieces cuts a page's characters at the line ends that PDFium sees and at wide
// gaps.
func (s sheet) pieces() []piece {
	chars := s.upright()
	var all []piece
	rows := 0
	for len(chars) > 0 {
		end := slices.IndexFunc(chars, func(c char) bool { return c.r == '\n' || c.r == '\r' || divided(c.r) })
		line := chars
		switch {
		case end < 0:
			chars = nil
		case divided(chars[end].r):
			line, chars = chars[:end+1], chars[end+1:]
		default:
			line, chars = chars[:end], chars[end+1:]
		}
		for _, part := range apart(line) {
			if p, ok := newPiece(part); ok {
				p.drawn, p.row = len(all), rows
				all = append(all, p)
			}
		}
		rows++
	}
	return all
}

// divided tells what PDFium puts where it takes a hyphen for one that divides a
// word at a line's end: it then leaves out the end of the line.
func divided(r rune) bool { return r == 0x02 || r == 0xfffe }

// upright are the characters in the page's main direction of writing, turned so
// that it leads to the right. What stands across, a stamp or a watermark, is no
// part of the text.
func (s sheet) upright() []char {
	var count [4]int
	for _, c := range s.chars {
		if !unicode.IsSpace(c.r) {
			count[quarter(c.angle)]++
		}
	}
	main := 0
	for q, n := range count {
		if n > count[main] {
			main = q
		}
	}
	kept := make([]char, 0, len(s.chars))
	for _, c := range s.chars {
		if c.r != '\n' && c.r != '\r' && !unicode.IsSpace(c.r) && (quarter(c.angle) != main || math.Abs(offQuarter(c.angle)) > 0.05) {
			continue
		}
		b := c.box
		switch main {
		case 1:
			c.box = box{b.bottom, -b.right, b.top, -b.left}
		case 2:
			c.box = box{-b.right, -b.top, -b.left, -b.bottom}
		case 3:
			c.box = box{-b.top, b.left, -b.bottom, b.right}
		}
		kept = append(kept, c)
	}
	return kept
}

// quarter is the quarter turn that an angle is nearest to.
func quarter(angle float64) int { return (int(math.Round(angle/(math.Pi/2)))%4 + 4) % 4 }

func offQuarter(angle float64) float64 {
	return angle - math.Round(angle/(math.Pi/2))*math.Pi/2
}

// apart divides a line where no character stands for a wide stretch. The order
// inside each part stays: in scripts written to the left it is not that of x.
func apart(line []char) [][]char {
	var inked []char
	for _, c := range line {
		if !unicode.IsSpace(c.r) && c.box.width() >= 0 {
			inked = append(inked, c)
		}
	}
	if len(inked) == 0 {
		return nil
	}
	size := usual(inked, func(c char) float64 { return c.size })
	slices.SortStableFunc(inked, func(a, b char) int { return cmp.Compare(a.box.left, b.box.left) })
	var cuts []float64
	right := inked[0].box.right
	for _, c := range inked[1:] {
		if c.box.left-right > wideGap*size {
			cuts = append(cuts, (c.box.left+right)/2)
		}
		right = max(right, c.box.right)
	}
	if len(cuts) == 0 {
		return [][]char{line}
	}
	parts := make([][]char, len(cuts)+1)
	var order []int
	for _, c := range line {
		x := (c.box.left + c.box.right) / 2
		at, _ := slices.BinarySearch(cuts, x)
		if len(parts[at]) == 0 && !unicode.IsSpace(c.r) {
			order = append(order, at)
		}
		if len(parts[at]) > 0 || !unicode.IsSpace(c.r) {
			parts[at] = append(parts[at], c)
		}
	}
	drawn := make([][]char, 0, len(order))
	for _, at := range order {
		drawn = append(drawn, parts[at])
	}
	return drawn
}

// usual is the value that most characters have, to a tenth.
func usual(chars []char, of func(char) float64) float64 {
	count := map[int]int{}
	best := 0
	for _, c := range chars {
		if !unicode.IsLetter(c.r) && !unicode.IsDigit(c.r) {
			continue
		}
		k := int(math.Round(of(c) * 10))
		if count[k]++; count[k] > count[best] || count[k] == count[best] && k < best {
			best = k
		}
	}
	if best == 0 && len(chars) > 0 {
		return of(chars[0])
	}
	return float64(best) / 10
}

func newPiece(chars []char) (piece, bool) {
	var p piece
	bold, letters, rtl, ltr := 0, 0, 0, 0
	var bottoms []float64
	inked := false
	for _, c := range chars {
		if unicode.IsSpace(c.r) {
			continue
		}
		if !inked {
			p.box = c.box
		}
		inked = true
		p.box = p.box.union(c.box)
		if unicode.IsLetter(c.r) || unicode.IsDigit(c.r) {
			letters++
			if c.bold {
				bold++
			}
			if !strings.ContainsRune("gjpqyQ", c.r) {
				bottoms = append(bottoms, c.box.bottom)
			}
			switch {
			case toLeft(c.r):
				rtl++
			case unicode.IsLetter(c.r):
				ltr++
			}
		}
	}
	if !inked {
		return p, false
	}
	p.size = usual(chars, func(c char) float64 { return c.size })
	p.bold, p.rtl = letters > 0 && bold*10 >= letters*8, rtl > ltr
	p.base = p.box.bottom
	if len(bottoms) > 0 {
		slices.Sort(bottoms)
		p.base = bottoms[len(bottoms)/2]
	}
	p.text, p.notes = write(spoken(chars), p.base, p.size)
	return p, p.text != ""
}

// toLeft tells a letter of a script that is written to the left.
func toLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana)
}

// spoken puts the letters of words that are written to the left in the order in
// which they are spoken. PDFium does so for most, but leaves as drawn some words
// in fonts that name the shapes of letters instead of the letters.
func spoken(chars []char) []char {
	var turned []char
	for from := 0; from < len(chars); {
		end := from
		for end < len(chars) && (toLeft(chars[end].r) || unicode.Is(unicode.Mn, chars[end].r)) {
			end++
		}
		if end-from > 1 && middle(chars[from]) < middle(chars[end-1])-0.1*chars[from].size {
			if turned == nil {
				turned = slices.Clone(chars)
			}
			slices.Reverse(turned[from:end])
		}
		from = end + 1
	}
	if turned == nil {
		return chars
	}
	return turned
}

func middle(c char) float64 { return (c.box.left + c.box.right) / 2 }

// write is the text of characters. Marks of notes are left out: small figures
// and signs above the line, unless they count (10⁶, km²).
func write(chars []char, base, size float64) (text string, notes int) {
	var b strings.Builder
	for i := 0; i < len(chars); {
		c := chars[i]
		if above(c, base, size) {
			end := i
			for end < len(chars) && above(chars[end], base, size) {
				end++
			}
			mark, after := spell(chars[i:end]), spell(chars[end:min(len(chars), end+12)])
			if raised.Mark(b.String(), mark, after) {
				notes++
			} else {
				b.WriteString(raise(mark))
			}
			i = end
			continue
		}
		i++
		put(&b, c.r)
	}
	return strings.Join(strings.Fields(b.String()), " "), notes
}

// above tells what is set small and high, as against a line of that size.
func above(c char, base, size float64) bool {
	return !unicode.IsSpace(c.r) && c.size < 0.85*size && c.box.bottom > base+0.22*size
}

var raisedDigits = [...]rune{'⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'}

// raise writes raised figures so that 10⁶ does not become 106.
func raise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return raisedDigits[r-'0']
		case r == '-' || r == '−':
			return '⁻'
		}
		return r
	}, s)
}

func spell(chars []char) string {
	var b strings.Builder
	for _, c := range chars {
		put(&b, c.r)
	}
	return b.String()
}

// put writes a character as people type it: ligatures and the shapes of Arabic
// letters taken apart, no control characters.
func put(b *strings.Builder, r rune) {
	switch {
	case divided(r):
		b.WriteByte('-')
	case unicode.IsSpace(r):
		b.WriteByte(' ')
	case r < ' ' || r == 0x7f || r == unicode.ReplacementChar || r == 0xffff || r == 0xfeff:
	case r >= 0xfb00 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff: // presentation forms
		b.WriteString(norm.NFKC.String(string(r)))
	case unicode.Is(unicode.Co, r): // private use: a font's own signs, such as bullets
		b.WriteRune('•')
	case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' && r != '\u00ad':
	default:
		b.WriteRune(r)
	}
}

// tight tells a letter of a script without spaces between words.
func tight(r rune) bool {
	return statement.Unspaced(r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
