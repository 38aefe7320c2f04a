package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/nlp/wordform"
)

// token is a surface token with what the sentence classifier needs of it.
type token struct {
	text       string
	start, end int
	spaced     bool // white space, or the end, follows
	label      bool // belongs to a speaker's label
	lower      uint32
	shape      uint32
	first      byte // class of its first letter
	mark       byte // '.', '?', '!' … if it is a mark of its own
}

// The classes of letters.
const (
	classLower = 'x'
	classUpper = 'X'
	classDigit = 'd'
	classOther = 'o' // letters without case
	classMark  = '.'
	classEnd   = '$'
)

func classOf(r rune) byte {
	switch {
	case 'a' <= r && r <= 'z':
		return classLower
	case 'A' <= r && r <= 'Z':
		return classUpper
	case '0' <= r && r <= '9':
		return classDigit
	case r < 0x80:
		return classMark
	case unicode.IsUpper(r):
		return classUpper
	case unicode.IsLower(r):
		return classLower
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return classOther
	case unicode.IsDigit(r):
		return classDigit
	}
	return classMark
}

func isLetter(class byte) bool {
	return class == classLower || class == classUpper || class == classOther
}

// chunk is a stretch without white space, as the token classifier sees it.
type chunk struct {
	text    string
	runes   []rune
	at      []int // byte offset of each rune, and the end
	classes []byte
	runs    []int // for each rune, where its run of one class starts
	runEnds []int
	lower   string
	next    byte // class of the first letter after the white space
}

func (c *chunk) load(text string, next byte) {
	c.text, c.next = text, next
	c.runes, c.at, c.classes = c.runes[:0], c.at[:0], c.classes[:0]
	for i, r := range text {
		c.runes = append(c.runes, r)
		c.at = append(c.at, i)
		c.classes = append(c.classes, classOf(r))
	}
	c.at = append(c.at, len(text))
	n := len(c.runes)
	c.runs, c.runEnds = c.runs[:0], c.runEnds[:0]
	for i := range n {
		if i > 0 && same(c.classes[i-1], c.classes[i], c.runes[i-1], c.runes[i]) {
			c.runs = append(c.runs, c.runs[i-1])
		} else {
			c.runs = append(c.runs, i)
		}
		c.runEnds = append(c.runEnds, 0)
	}
	for i := n - 1; i >= 0; i-- {
		if i+1 < n && c.runs[i+1] == c.runs[i] {
			c.runEnds[i] = c.runEnds[i+1]
		} else {
			c.runEnds[i] = i + 1
		}
	}
	c.lower = wordform.Normal(text)
}

// same tells whether two neighbours belong to one run: letters, digits, or one
// mark repeated.
func same(a, b byte, x, y rune) bool {
	if isLetter(a) && isLetter(b) {
		return true
	}
	return a == b && (a == classDigit || x == y)
}

// candidate tells whether a token may end before rune i.
func (c *chunk) candidate(i int) bool { return c.runs[i] == i }

// simple tells that the chunk is one run.
func (c *chunk) simple() bool { return c.runEnds[0] == len(c.runes) }

// tokens cuts a paragraph into tokens and tells after which of them a sentence
// ends.
func (m *Model) tokens(text string, p span, labelEnd int, out *[]token) []bool {
	var c chunk
	var features []uint32
	for at := p.start; at < p.end; {
		r, size := utf8.DecodeRuneInString(text[at:p.end])
		if isSpace(r) {
			at += size
			continue
		}
		end := at
		for end < p.end {
			r, size := utf8.DecodeRuneInString(text[end:p.end])
			if isSpace(r) || end+size-at > maxChunk {
				break
			}
			end += size
		}
		c.load(text[at:end], nextClass(text[end:p.end]))
		from := 0
		add := func(to int) {
			for c.at[to]-c.at[from] > maxToken {
				cut := from + 1
				for cut+1 < to && c.at[cut+1]-c.at[from] <= maxToken {
					cut++
				}
				*out = append(*out, makeToken(text, at+c.at[from], at+c.at[cut]))
				from = cut
			}
			*out = append(*out, makeToken(text, at+c.at[from], at+c.at[to]))
			from = to
		}
		if !c.simple() {
			for i := 1; i < len(c.runes); i++ {
				if c.candidate(i) && m.cuts(&c, from, i, &features) {
					add(i)
				}
			}
		}
		add(len(c.runes))
		(*out)[len(*out)-1].spaced = true
		at = end
	}
	label := labelLength(*out)
	for label == 0 && labelEnd > 0 || label > 0 && label < len(*out) && (*out)[label].start < labelEnd {
		label++
	}
	return m.ends(*out, label)
}

func isSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r >= 0x80 && unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\v' || r == '\f'
}

func nextClass(rest string) byte {
	for _, r := range rest {
		if !isSpace(r) {
			return classOf(r)
		}
	}
	return classEnd
}

func makeToken(text string, start, end int) token {
	t := token{text: text[start:end], start: start, end: end}
	normal := wordform.Normal(t.text)
	t.lower = hashString(normal)
	t.shape = wordform.Shape(t.text)
	r, size := utf8.DecodeRuneInString(t.text)
	t.first = classOf(r)
	if t.first == classMark && normal != "" && (size == len(t.text) || strings.Trim(normal, normal[:1]) == "") {
		t.mark = normal[0]
	}
	return t
}

func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func mix(a, b uint32) uint32 {
	h := a*0x9e3779b1 ^ b
	h ^= h >> 15
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// cutFeatures are what the token classifier looks at to tell whether a token that
// starts at rune from ends before rune i.
func (c *chunk) cutFeatures(f []uint32, from, i int) []uint32 {
	n := len(c.runes)
	add := func(id uint32, parts ...uint32) {
		h := id
		for _, p := range parts {
			h = mix(h, p)
		}
		f = append(f, mix(h, id))
	}
	sign := func(k int) uint32 {
		switch {
		case k < 0 || k >= n:
			return 1
		case c.classes[k] == classMark:
			return uint32(c.runes[k]) + 256
		}
		return uint32(c.classes[k])
	}
	l1, l2, l3 := sign(i-1), sign(i-2), sign(i-3)
	r1, r2, r3 := sign(i), sign(i+1), sign(i+2)
	left := hashString(c.lower_(c.runs[i-1], i))
	right := hashString(c.lower_(i, c.runEnds[i]))
	whole := hashString(c.lower)
	token := hashString(c.lower_(from, i))
	rest := hashString(c.lower_(i, n))
	inToken := uint32(min(i-from, 6))
	inRest := uint32(min(n-i, 6))
	next := uint32(c.next)
	lastRun := uint32(0)
	if c.runEnds[i] == n {
		lastRun = 1
	}
	add(1, l1, r1)
	add(2, l2, l1, r1)
	add(3, l1, r1, r2)
	add(4, l2, l1, r1, r2)
	add(5, l3, l2, l1, r1, r2, r3)
	add(6, left, r1)
	add(7, left, r1, r2)
	add(8, l1, right)
	add(9, l1, right, r3)
	add(10, whole, uint32(i))
	add(11, token, r1)
	add(12, token, r1, lastRun, next)
	add(13, l1, rest)
	add(14, token, right)
	add(15, l1, r1, inToken, inRest)
	add(16, l1, r1, lastRun, next)
	add(17, left, right)
	add(18, c.pattern(from, i), r1, r2)
	add(19, c.pattern(from, i), r1, lastRun, next)
	add(20, l1, c.pattern(i, n))
	add(21, c.pattern(from, i), c.pattern(i, n))
	add(22, c.web())
	add(23, c.web(), l1, r1)
	return f
}

// lower_ is the small spelling of the runes a … b, as far as it has the same
// length as the text.
func (c *chunk) lower_(a, b int) string {
	if len(c.lower) == len(c.text) {
		return c.lower[c.at[a]:c.at[b]]
	}
	return wordform.Normal(c.text[c.at[a]:c.at[b]])
}

// pattern is the shape of the runes a … b, with runs of one class cut to one.
func (c *chunk) pattern(a, b int) uint32 {
	h := uint32(7)
	b = min(b, a+24)
	for k := a; k < b; {
		x := uint32(c.classes[k])
		if c.classes[k] == classMark {
			x = uint32(c.runes[k]) + 256
		}
		h = mix(h, x)
		if c.runEnds[k]-k == 1 {
			h = mix(h, 3)
		}
		k = c.runEnds[k]
	}
	return h
}

// web tells addresses of the web and of mail.
func (c *chunk) web() uint32 {
	s := c.lower
	switch {
	case strings.Contains(s, "://") || strings.HasPrefix(s, "www."):
		return 1
	case strings.Contains(s, "@") && strings.Contains(s, "."):
		return 2
	case strings.Contains(s, ".com") || strings.Contains(s, ".org") || strings.Contains(s, ".gov") || strings.Contains(s, ".net"):
		return 3
	}
	return 0
}
