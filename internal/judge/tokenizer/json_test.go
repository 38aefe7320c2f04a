package tokenizer

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func jsonFile(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata/json", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func short(ids ...int32) string {
	var b []byte
	for _, id := range ids {
		b = binary.LittleEndian.AppendUint32(b, uint32(id))
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:4])
}

var jsonNames = []string{"bert", "cased", "accents", "xlmr", "plain", "marks"}

func TestFromJSON(t *testing.T) {
	var texts smallCases
	readJSON(t, "small.json", &texts)
	for _, name := range jsonNames {
		t.Run(name, func(t *testing.T) {
			tok, err := FromJSON(jsonFile(t, name))
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(filepath.Join("testdata/json", name+".ids"))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Fields(string(b))
			if len(want) != len(texts.Cases)+40 {
				t.Fatalf("%d hashes for %d texts", len(want), len(texts.Cases))
			}
			for i, c := range texts.Cases {
				if ids := tok.Encode(string(c.Text)); short(ids...) != want[i] {
					t.Errorf("%q: other ids than `tokenizers` gives: %v", c.Text, ids)
				}
			}
			want = want[len(texts.Cases):]
			for i := 0; i < 40; i += 2 {
				a, b := tok.Encode(string(texts.Cases[i].Text)), tok.Encode(string(texts.Cases[i+1].Text))
				ids, types := tok.Pair(a, b, 1<<20)
				if short(append(ids, types...)...) != want[i] {
					t.Errorf("pair %d: %v %v", i, ids, types)
				}
				if ids, _ := tok.Single(a, 1<<20); short(ids...) != want[i+1] {
					t.Errorf("single %d: %v", i, ids)
				}
			}
		})
	}
}

// What this package does not do as the library does is refused.
func TestJSONRefused(t *testing.T) {
	good := map[string]string{
		"added_tokens":   `[]`,
		"normalizer":     `null`,
		"pre_tokenizer":  `{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}`,
		"post_processor": `null`,
		"model":          `{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁a",-1.5],["a",-2]]}`,
	}
	file := func(part, value string) []byte {
		var b strings.Builder
		for name, v := range good {
			if name == part {
				v = value
			}
			b.WriteString(map[bool]string{true: "{", false: ","}[b.Len() == 0] + `"` + name + `":` + v)
		}
		return []byte(b.String() + "}")
	}
	tok, err := FromJSON(file("", ""))
	if err != nil {
		t.Fatal(err)
	}
	if ids := tok.Encode("a aa"); len(ids) != 3 {
		t.Fatalf("%v", ids)
	}
	for _, c := range []struct{ part, value, want string }{
		{"added_tokens", `[{"id":9,"content":":)","special":false}]`, `":)" is not special`},
		{"normalizer", `{"type":"Nmt"}`, `"Nmt"`},
		{"normalizer", `{"type":"StripAccents"}`, `"StripAccents"`},
		{"normalizer", `{"type":"Sequence","normalizers":[{"type":"ByteLevel"}]}`, `"ByteLevel"`},
		{"normalizer", `{"type":"Replace","pattern":{"Regex":"\\d+"},"content":"0"}`, "pattern"},
		{"normalizer", `{"type":"Replace","pattern":{"Regex":"a*"},"content":"0"}`, "pattern"},
		{"normalizer", `{"type":"Replace","pattern":{"String":""},"content":"0"}`, "pattern"},
		{"normalizer", `{"type":"Precompiled","precompiled_charsmap":"////"}`, "precompiled_charsmap"},
		{"normalizer", `{"type":"Precompiled","precompiled_charsmap":"/////w=="}`, "precompiled_charsmap"},
		{"pre_tokenizer", `{"type":"ByteLevel"}`, `"ByteLevel"`},
		{"pre_tokenizer", `{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"}`, `"first"`},
		{"pre_tokenizer", `{"type":"Metaspace","replacement":"","prepend_scheme":"always"}`, "replacement"},
		{"post_processor", `{"type":"Sequence","processors":[]}`, `"Sequence"`},
		{"post_processor", `{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{}}`, "sequence A"},
		{"post_processor", `{"type":"BertProcessing","sep":["x",-1],"cls":["y",1]}`, "range"},
		{"model", `{"type":"BPE","vocab":{}}`, `"BPE"`},
		{"model", `{"type":"Unigram","unk_id":null,"vocab":[["a",0]]}`, "unk_id"},
		{"model", `{"type":"Unigram","unk_id":7,"vocab":[["a",0]]}`, "unk_id"},
		{"model", `{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["a",0],["b",0]]}`, "byte_fallback"},
		{"model", `{"type":"WordPiece","vocab":{"a":1}}`, "[UNK]"},
		{"model", `{"type":"WordPiece","vocab":{"a":-1,"[UNK]":0}}`, "id -1"},
		{"model", `null`, `""`},
	} {
		_, err := FromJSON(file(c.part, c.value))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "tokenizer.json: ") {
			t.Errorf("%s %s: %v, want %s", c.part, c.value, err, c.want)
		}
	}
}

func BenchmarkFromJSON(b *testing.B) {
	file := jsonFile(b, "bert")
	for b.Loop() {
		if _, err := FromJSON(file); err != nil {
			b.Fatal(err)
		}
	}
}
