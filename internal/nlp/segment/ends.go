package segment

// endFeatures are what the sentence classifier looks at to tell whether a sentence
// that starts at token first ends after token i. There is a token after it.
func endFeatures(f []uint32, t []token, first, i int, s *running) []uint32 {
	add := func(id uint32, parts ...uint32) {
		h := id
		for _, p := range parts {
			h = mix(h, p)
		}
		f = append(f, mix(h, id))
	}
	var none token
	get := func(k int) *token {
		if k < 0 || k >= len(t) {
			return &none
		}
		return &t[k]
	}
	bit := func(b bool) uint32 {
		if b {
			return 1
		}
		return 0
	}
	p2, p1, c, n1, n2, n3 := get(i-2), get(i-1), get(i), get(i+1), get(i+2), get(i+3)
	space := bit(c.spaced)
	length := bucket(i - first)
	kind := func(x *token) uint32 {
		if x.mark != 0 {
			return uint32(x.mark)
		}
		return uint32(x.first)
	}
	kc, kn, kn2, kp := kind(c), kind(n1), kind(n2), kind(p1)
	state := s.quote | s.bracket<<2
	add(1, c.lower)
	add(2, c.lower, kn, space)
	add(3, c.lower, n1.lower)
	add(4, p1.lower, c.lower, kn)
	add(5, kc, n1.lower)
	add(6, kp, kc, kn, kn2, space)
	add(7, kc, kn, space, length)
	add(8, kc, space, n1.shape)
	add(9, c.shape, n1.shape, space)
	add(10, p1.shape, c.shape, n1.shape)
	add(11, kc, n1.lower, n2.lower)
	add(12, p1.lower, kc, n1.lower)
	add(13, c.shape, n1.lower)
	add(14, kind(p2), kp, kc, kn)
	add(15, kc, kn, state, space)
	add(16, kc, kn, kn2, kind(n3))
	add(17, kc, kn, bit(p1.spaced), space, bit(n1.spaced))
	add(18, p1.lower, kc, kn, kn2)
	add(19, kc, length, bit(s.verb))
	add(20, get(first).shape, kc, kn, length)
	add(21, get(first).lower, kc, kn)
	add(22, kc, kn, bit(i+2 >= len(t)), bit(i+3 >= len(t)))
	add(23, kc, kn, bucket(len(t)-i), space)
	add(24, n1.lower, n2.lower, kc, kn)
	add(25, n1.lower, kn2, space, kc)
	add(26, p1.lower, c.lower, n1.lower)
	add(27, c.lower, n1.shape, n2.shape)
	add(28, kc, kn, bit(s.capitals), length)
	return f
}

// running is what is known of the sentence so far.
type running struct {
	quote    uint32 // an odd number of quotation marks was seen
	bracket  uint32 // brackets are open
	capitals bool   // every word so far starts with a capital
	verb     bool   // a word was seen that is most often a finite verb
}

func (s *running) reset() { *s = running{capitals: true} }

func (s *running) see(t *token) {
	switch t.mark {
	case '"':
		s.quote ^= 1
	case '(', '[':
		s.bracket = 1
	case ')', ']':
		s.bracket = 0
	}
	if t.first == classLower {
		s.capitals = false
		if finite[t.text] {
			s.verb = true
		}
	}
}

// finite are the commonest finite verbs: a line without one is more often a
// heading.
var finite = map[string]bool{
	"is": true, "are": true, "was": true, "were": true, "has": true, "have": true, "had": true, "will": true, "would": true,
	"can": true, "could": true, "said": true, "says": true, "does": true, "did": true, "do": true, "should": true, "must": true,
	"may": true, "might": true, "am": true, "'s": true, "think": true, "know": true, "want": true, "need": true, "get": true,
	"got": true, "went": true, "came": true, "made": true, "been": true, "be": true,
}

func bucket(n int) uint32 {
	switch {
	case n <= 5:
		return uint32(n)
	case n <= 8:
		return 6
	case n <= 12:
		return 7
	case n <= 20:
		return 8
	case n <= 40:
		return 9
	}
	return 10
}
