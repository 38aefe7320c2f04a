package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bertNormalizer is the cleaning that BERT's original tokenizer does.
type bertNormalizer struct {
	clean        bool // drops control characters, makes white space a space
	chinese      bool // puts spaces round each Chinese character
	stripAccents bool
	lower        bool
}

func (n bertNormalizer) normalize(s string) string {
	if n.clean {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\t' || r == '\n' || r == '\r':
				return ' '
			case 0x20 <= r && r < 0x7F:
				return r
			case unicode.Is(control(), r):
				return -1
			case unicode.IsSpace(r):
				return ' '
			}
			return r
		}, s)
	}
	if n.chinese && strings.ContainsFunc(s, chinese) {
		var out strings.Builder
		for _, r := range s {
			if chinese(r) {
				out.WriteByte(' ')
				out.WriteRune(r)
				out.WriteByte(' ')
			} else {
				out.WriteRune(r)
			}
		}
		s = out.String()
	}
	if n.stripAccents {
		s = strings.Map(func(r rune) rune {
			if r >= 0x300 && unicode.Is(nonspacing(), r) {
				return -1
			}
			return r
		}, nfd{}.normalize(s))
	}
	if n.lower {
		s = lowercase{}.normalize(s)
	}
	return s
}

// chinese tells whether BERT's rules count a character as Chinese: the ideographs of these blocks, no kana and no Hangul.
func chinese(r rune) bool {
	return r >= 0x3400 && (r <= 0x4DBF || 0x4E00 <= r && r <= 0x9FFF || 0xF900 <= r && r <= 0xFAFF ||
		0x20000 <= r && r <= 0x2A6DF || 0x2A700 <= r && r <= 0x2B81F || 0x2B920 <= r && r <= 0x2CEAF || 0x2F800 <= r && r <= 0x2FA1F)
}

// bertSplit cuts at white space, which it drops, and round each punctuation character.
type bertSplit struct{}

func (bertSplit) split(text string, yield func(string)) {
	for word := range strings.FieldsFuncSeq(text, unicode.IsSpace) {
		from := 0
		for i, r := range word {
			if !unicode.Is(punctuation(), r) {
				continue
			}
			if from < i {
				yield(word[from:i])
			}
			from = i + utf8.RuneLen(r)
			yield(word[i:from])
		}
		if from < len(word) {
			yield(word[from:])
		}
	}
}

// wordPiece takes the longest piece that begins a word, then the longest that goes on with it, and so on; a word that cannot
// be cut so is one unknown piece.
type wordPiece struct {
	trie     *trie
	piece    []int32 // the id of each key of the trie
	within   int     // the trie's node from which pieces that go on are sought; -1 if there is none
	unknown  int32
	maxRunes int // longer words are unknown
	ids      int
}

func (w *wordPiece) size() int { return w.ids }

func (w *wordPiece) encode(ids []int32, word string) []int32 {
	start := len(ids)
	if utf8.RuneCountInString(word) > w.maxRunes {
		return append(ids, w.unknown)
	}
	for at := 0; at < len(word); {
		node, id, end := 0, int32(-1), at
		if at > 0 {
			node = w.within
		}
		for i := at; i < len(word) && node >= 0; i++ {
			if node = w.trie.child(node, word[i]); node == 0 {
				break
			}
			if key, ok := w.trie.key(node); ok {
				id, end = w.piece[key], i+1
			}
		}
		if id < 0 {
			return append(ids[:start], w.unknown)
		}
		ids = append(ids, id)
		at = end
	}
	return ids
}
