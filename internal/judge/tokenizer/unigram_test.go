package tokenizer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"volteface/internal/judge/pack"
)

// small reads an array of the small vocabulary that train/tokenizer_fixtures.py wrote.
func small(name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", strings.Replace(name, "tokenizer.", "small.", 1)))
	if err != nil {
		return nil
	}
	return b
}

func smallTokenizer(t testing.TB) *Tokenizer {
	t.Helper()
	tok, err := FromTensors(small)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

type smallCases struct {
	Cases []struct {
		Text []byte
		IDs  []int32
	}
	Pairs []struct {
		A, B, Limit        int
		IDs, Types, Single []int32
	}
}

func readJSON(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func TestSmallVocabulary(t *testing.T) {
	tok := smallTokenizer(t)
	var want smallCases
	readJSON(t, "small.json", &want)
	if len(want.Cases) < 150 || len(want.Pairs) < 100 {
		t.Fatalf("%d cases, %d pairs", len(want.Cases), len(want.Pairs))
	}
	for _, c := range want.Cases {
		if got := tok.Encode(string(c.Text)); !slices.Equal(got, c.IDs) {
			t.Errorf("%q:\n got %v\nwant %v", c.Text, got, c.IDs)
		}
	}
	for _, p := range want.Pairs {
		a, b := tok.Encode(string(want.Cases[p.A].Text)), tok.Encode(string(want.Cases[p.B].Text))
		ids, types := tok.Pair(a, b, p.Limit)
		if !slices.Equal(ids, p.IDs) || !slices.Equal(types, p.Types) {
			t.Errorf("pair %d, %d of %d:\n got %v\nwant %v", p.A, p.B, p.Limit, ids, p.IDs)
		}
		if ids, _ := tok.Single(a, p.Limit); !slices.Equal(ids, p.Single) {
			t.Errorf("single %d of %d:\n got %v\nwant %v", p.A, p.Limit, ids, p.Single)
		}
	}
}

// shared is the folder of sets and models that are not part of the project.
func shared(t testing.TB) string {
	root := os.Getenv("VOLTEFACE_SHARED")
	if root == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	return root
}

// embedded is the tokenizer of the judge's word embeddings, and its arrays by name.
var embedded = sync.OnceValues(func() (map[string][]byte, error) {
	data, err := os.ReadFile("../model/embeddings.bin")
	if err != nil {
		return nil, err
	}
	file, err := pack.ReadBytes(data)
	if err != nil {
		return nil, err
	}
	arrays := map[string][]byte{}
	for _, name := range []string{"label", "first", "ends", "rank", "piece", "score", "special"} {
		t, err := file.Tensor("tokenizer."+name, pack.U8, -1)
		if err != nil {
			return nil, err
		}
		arrays["tokenizer."+name] = []byte(t.Data)
	}
	return arrays, nil
})

func embeddedTokenizer(t testing.TB) *Tokenizer {
	t.Helper()
	arrays, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	tok, err := FromTensors(func(name string) []byte { return arrays[name] })
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

type wholeHashes struct {
	Arrays                map[string]string
	Alphabet              []string
	Lines, Letters, Noise string
	CodePoints            []string `json:"code_points"`
	Shared                []struct {
		File        string
		Lines, Size int
		IDs         string
	}
}

func digest(tok *Tokenizer, texts func(yield func([]byte) bool)) string {
	h := sha256.New()
	var b []byte
	for text := range texts {
		b = b[:0]
		for _, id := range tok.Encode(string(text)) {
			b = binary.LittleEndian.AppendUint32(b, uint32(id))
		}
		h.Write(binary.LittleEndian.AppendUint32(b, math.MaxUint32))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// hashed gives the n bytes that tokenizer_fixtures.py's stream gives.
func hashed(seed string, n int) []byte {
	var out []byte
	for i := 0; len(out) < n; i++ {
		h := sha256.Sum256(fmt.Appendf(nil, "%s %d", seed, i))
		out = append(out, h[:]...)
	}
	return out[:n]
}

func letters(alphabet []string, i int) []byte {
	var out []byte
	for _, b := range hashed(fmt.Sprintf("letters %d", i), 4+i%60) {
		out = append(out, alphabet[int(b)%len(alphabet)]...)
	}
	return out
}

func noise(i int) []byte {
	b := hashed(fmt.Sprintf("noise %d", i), 1+i%90)
	if i%2 == 0 {
		for k, x := range b {
			if x >= 0x70 {
				b[k] = 0x80 | x&0x7F
			}
		}
	}
	return b
}

func numbered(n int, make func(i int) []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for i := range n {
			if !yield(make(i)) {
				return
			}
		}
	}
}

func TestWholeVocabulary(t *testing.T) {
	tok := embeddedTokenizer(t)
	arrays, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	var want wholeHashes
	readJSON(t, "whole.json", &want)
	if len(want.Arrays) != len(arrays) {
		t.Errorf("%d arrays, want %d", len(arrays), len(want.Arrays))
	}
	for name, b := range arrays {
		if h := sha256.Sum256(b); hex.EncodeToString(h[:]) != want.Arrays[name] {
			t.Errorf("%s is not what train/tokenizer.py writes", name)
		}
	}
	var cases smallCases
	readJSON(t, "small.json", &cases)
	for _, c := range []struct {
		name, want string
		n          int
		make       func(i int) []byte
	}{
		{"lines", want.Lines, len(cases.Cases), func(i int) []byte { return cases.Cases[i].Text }},
		{"letters", want.Letters, 5000, func(i int) []byte { return letters(want.Alphabet, i) }},
		{"noise", want.Noise, 5000, noise},
	} {
		if got := digest(tok, numbered(c.n, c.make)); got != c.want {
			t.Errorf("%s: other ids than `tokenizers` gives", c.name)
		}
	}
}

// The trie that train/tokenizer.py wrote is the one that buildTrie makes of its keys; and the program's ids are the rows of its
// embeddings: each but the special pieces' once.
func TestEmbeddedTrie(t *testing.T) {
	arrays, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	read, err := newTrie(arrays["tokenizer.label"], arrays["tokenizer.first"], arrays["tokenizer.ends"], arrays["tokenizer.rank"])
	if err != nil {
		t.Fatal(err)
	}
	prefixes := make([]string, len(read.label))
	var keys []string
	for node, prefix := range prefixes {
		for child := uint24At(read.first, node); child < uint24At(read.first, node+1); child++ {
			prefixes[child] = prefix + string(read.label[child:child+1])
		}
		if _, ok := read.key(node); ok {
			keys = append(keys, prefix)
		}
	}
	built, order, err := buildTrie(keys)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(order) {
		t.Error("another order of keys")
	}
	for name, pair := range map[string][2][]byte{
		"label": {read.label, built.label}, "first": {read.first, built.first}, "ends": {read.ends, built.ends}, "rank": {read.rank, built.rank},
	} {
		if !bytes.Equal(pair[0], pair[1]) {
			t.Errorf("%s differs", name)
		}
	}
	seen := map[int]bool{}
	for k := range read.keys {
		seen[uint24At(arrays["tokenizer.piece"], k)] = true
	}
	for id := range embeddedTokenizer(t).Size() {
		if seen[id] != (id > 3) {
			t.Errorf("row %d: a piece of the trie %v", id, seen[id])
		}
	}
}

func TestEveryCodePoint(t *testing.T) {
	tok := embeddedTokenizer(t)
	var want wholeHashes
	readJSON(t, "whole.json", &want)
	if len(want.CodePoints) != 0x110 {
		t.Fatalf("%d blocks", len(want.CodePoints))
	}
	for block, hash := range want.CodePoints {
		if 0x40 <= block && block < 0xE0 && block%16 > 0 {
			continue // planes 4 to 13 hold nothing: a block of each will do
		}
		got := digest(tok, func(yield func([]byte) bool) {
			for c := rune(block * 4096); c < rune(block+1)*4096; c++ {
				if 0xD800 <= c && c < 0xE000 {
					continue
				}
				s := string(c)
				for _, text := range []string{s, "a" + s + "b", "e" + s + "\u0301\u0323", "\u1100" + s + "\u11a8 " + s + s} {
					if !yield([]byte(text)) {
						return
					}
				}
			}
		})
		if got != hash {
			t.Errorf("U+%X to U+%X: other ids than `tokenizers` gives", block*4096, block*4096+4095)
		}
	}
}

func TestSharedSets(t *testing.T) {
	tok := embeddedTokenizer(t)
	var want wholeHashes
	readJSON(t, "whole.json", &want)
	total := 0
	for _, set := range want.Shared {
		lines, err := firstLines(filepath.Join(shared(t), set.File), set.Lines, set.Size)
		if err != nil {
			t.Fatal(err)
		}
		total += len(lines)
		if got := digest(tok, slices.Values(lines)); got != set.IDs {
			t.Errorf("%s: other ids than `tokenizers` gives", set.File)
		}
	}
	if total < 10_000 {
		t.Errorf("%d lines compared, want 10,000", total)
	}
}

// firstLines reads lines with their newline, each cut to size bytes.
func firstLines(name string, n, size int) ([][]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var from io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if from, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	r := bufio.NewReader(from)
	var lines [][]byte
	for len(lines) < n {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			lines = append(lines, line[:min(size, len(line))])
		}
		if err != nil {
			break
		}
	}
	return lines, nil
}
