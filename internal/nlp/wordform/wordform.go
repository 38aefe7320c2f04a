// Package wordform turns the written form of a word into what the models see of
// it: a normal spelling, its shape and hashed pieces of it.
package wordform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The sizes of the hashed tables. They are part of the trained models: changing
// one makes every model useless.
const (
	GramBuckets   = 1 << 14
	SuffixBuckets = 1 << 12
	ShapeBuckets  = 1 << 9
)

// Normal is the form in small letters with typewriter quotation marks and dashes.
func Normal(form string) string {
	plain := true
	for i := 0; i < len(form); i++ {
		if c := form[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return form
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '‘', '’', 'ʼ', '`', '´':
			return '\''
		case '“', '”', '„', '«', '»':
			return '"'
		case '‐', '‑', '–', '—', '−':
			return '-'
		case '\u00ad', '\u200b', '\u200d', '\ufeff':
			return -1
		}
		return unicode.ToLower(r)
	}, form)
}

// Shape is a bucket for the pattern of capitals, digits and signs: runs of one
// class are cut to two.
func Shape(form string) uint32 {
	h := uint32(offset)
	var last byte
	run := 0
	for _, r := range form {
		var c byte
		switch {
		case r >= 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			c = byte(r) | 0x80
		case unicode.IsUpper(r):
			c = 'X'
		case unicode.IsLetter(r):
			c = 'x'
		case unicode.IsDigit(r):
			c = 'd'
		default:
			c = byte(r)
		}
		if c == last {
			run++
		} else {
			last, run = c, 1
		}
		if run <= 2 {
			h = (h ^ uint32(c)) * prime
		}
	}
	return mix(h) % ShapeBuckets
}

// Suffix is a bucket for the last n letters of a normal form.
func Suffix(normal string, n int) uint32 {
	i := len(normal)
	for k := 0; k < n && i > 0; k++ {
		_, size := utf8.DecodeLastRuneInString(normal[:i])
		i -= size
	}
	h := uint32(offset) + uint32(n)
	if i == 0 {
		h = (h ^ '^') * prime
	}
	for ; i < len(normal); i++ {
		h = (h ^ uint32(normal[i])) * prime
	}
	return mix(h) % SuffixBuckets
}

// maxGrams bounds the pieces of one very long form.
const maxGrams = 60

// Grams appends the buckets of all pieces of three to five bytes of a normal form
// with its ends marked.
func Grams(dst []uint32, normal string) []uint32 {
	const most = 40
	if len(normal) > most {
		normal = normal[:most/2] + normal[len(normal)-most/2:]
	}
	var buf [most + 2]byte
	b := append(append(append(buf[:0], '<'), normal...), '>')
	count := 0
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(b) && count < maxGrams; i++ {
			h := uint32(offset)
			for _, c := range b[i : i+n] {
				h = (h ^ uint32(c)) * prime
			}
			dst = append(dst, mix(h)%GramBuckets)
			count++
		}
	}
	return dst
}

// FNV-1a, with the finish of MurmurHash3 so that the low bits are good.
const (
	offset = 2166136261
	prime  = 16777619
)

func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}
