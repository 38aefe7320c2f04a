package main

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"volteface/internal/nlp/language/table"
)

// orders are the files of one language, by the n-grams' length less one.
var orders = []string{"unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"}

// frequencies reads lingua's n-grams of one language: how often each occurs, per letter of text. lingua counts within words
// and keeps the probability of the last letter after those before it.
func frequencies(folder string) ([]map[string]float64, error) {
	all := make([]map[string]float64, 0, len(orders))
	var shorter map[string]float64 // of the order before, in lingua's letters
	for n, name := range orders {
		file, err := zipped(filepath.Join(folder, name+".pb.bin.zip"))
		if err != nil {
			return nil, err
		}
		found, folded := map[string]float64{}, map[string]float64{} // folded in the order of the file
		err = eachNgram(file, func(ngram string, p float64) {
			if n > 0 {
				_, last := utf8.DecodeLastRuneInString(ngram)
				p *= shorter[ngram[:len(ngram)-last]]
			}
			if p > 0 {
				found[ngram] = p
				folded[strings.Map(table.Fold, ngram)] += p
			}
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", folder, name, err)
		}
		all = append(all, folded)
		shorter = found
	}
	return all, nil
}

func zipped(name string) ([]byte, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	if len(z.File) != 1 {
		return nil, fmt.Errorf("%s holds %d files", name, len(z.File))
	}
	f, err := z.File[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// eachNgram reads a SerializableLanguageModel (lingua's serialization/model.proto): field 4 repeats sets of n-grams
// that share a probability, a double in field 1, the n-grams in field 2.
func eachNgram(b []byte, yield func(ngram string, p float64)) error {
	return fields(b, func(field int, value []byte) error {
		if field != 4 {
			return nil
		}
		p := 0.0
		return fields(value, func(field int, value []byte) error {
			switch {
			case field == 1 && len(value) == 8:
				p = math.Float64frombits(binary.LittleEndian.Uint64(value))
			case field == 2:
				yield(string(value), p)
			}
			return nil
		})
	})
}

// fields walks over a protocol buffer; a varint's value is not given.
func fields(b []byte, yield func(field int, value []byte) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errors.New("protocol buffer: no key")
		}
		b = b[n:]
		size := 0
		switch key & 7 {
		case 0:
			if _, size = binary.Uvarint(b); size <= 0 {
				return errors.New("protocol buffer: no varint")
			}
			b = b[size:]
			continue
		case 1:
			size = 8
		case 2:
			l, n := binary.Uvarint(b)
			if n <= 0 || l > uint64(len(b)-n) {
				return errors.New("protocol buffer: cut off")
			}
			b, size = b[n:], int(l)
		default:
			return fmt.Errorf("protocol buffer: wire type %d", key&7)
		}
		if len(b) < size {
			return errors.New("protocol buffer: cut off")
		}
		if err := yield(int(key>>3), b[:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}
