package tokenizer

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// charsmap is SentencePiece's compiled normalization: a double-array trie (Darts) of what to replace, whose values point at
// the replacements, each ended by a zero byte. Its use follows `tokenizers` (crate spm_precompiled), down to its habits: a
// grapheme of less than six bytes is replaced whole when any beginning of it is found, and the shortest beginning counts.
type charsmap struct {
	units        []uint32
	replacements string
}

// newCharsmap reads a precompiled map: the trie's size in bytes, the trie, the replacements.
func newCharsmap(encoded string) (*charsmap, error) {
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("precompiled_charsmap: %w", err)
	}
	if len(b) < 4 {
		return nil, errors.New("precompiled_charsmap: no size")
	}
	size := uint64(binary.LittleEndian.Uint32(b))
	b = b[4:]
	if size%4 != 0 || size == 0 || size > uint64(len(b)) {
		return nil, fmt.Errorf("precompiled_charsmap: a trie of %d bytes in %d", size, len(b))
	}
	m := &charsmap{units: make([]uint32, size/4), replacements: string(b[size:])}
	for i := range m.units {
		m.units[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	if !utf8.ValidString(m.replacements) {
		return nil, errors.New("precompiled_charsmap: replacements are not UTF-8")
	}
	return m, nil
}

func (m *charsmap) normalize(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for g := graphemes.FromString(s); g.Next(); {
		cluster := g.Value()
		if len(cluster) < 6 {
			if to, ok := m.replacement(cluster); ok {
				out.WriteString(to)
				continue
			}
		}
		for i, r := range cluster {
			c := cluster[i : i+utf8.RuneLen(r)]
			if to, ok := m.replacement(c); ok {
				c = to
			}
			out.WriteString(c)
		}
	}
	return out.String()
}

// replacement finds the shortest beginning of s that the trie has.
func (m *charsmap) replacement(s string) (string, bool) {
	at := offset(m.units[0])
	for i := range len(s) {
		at ^= uint32(s[i])
		if s[i] == 0 || uint64(at) >= uint64(len(m.units)) {
			return "", false
		}
		unit := m.units[at]
		if unit&(1<<31|0xFF) != uint32(s[i]) {
			return "", false
		}
		at ^= offset(unit)
		if unit>>8&1 == 0 {
			continue
		}
		if uint64(at) >= uint64(len(m.units)) {
			return "", false
		}
		from := m.units[at] & (1<<31 - 1)
		if uint64(from) >= uint64(len(m.replacements)) {
			return "", true
		}
		to := m.replacements[from:]
		if end := strings.IndexByte(to, 0); end >= 0 {
			to = to[:end]
		}
		return to, utf8.ValidString(to)
	}
	return "", false
}

func offset(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }
