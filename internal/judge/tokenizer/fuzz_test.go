package tokenizer

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzEncode(f *testing.F) {
	tok := smallTokenizer(f)
	var seeds smallCases
	readJSON(f, "small.json", &seeds)
	for _, c := range seeds.Cases {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ids := tok.Encode(string(text))
		for i, id := range ids {
			if id < 3 || int(id) >= tok.Size() {
				t.Fatalf("piece %d is %d of %d", i, id, tok.Size())
			}
			if i > 0 && id == 3 && ids[i-1] == 3 && !strings.ContainsAny(tok.normalize.normalize(decode(string(text))), " \u2581") {
				t.Fatalf("two unknown pieces side by side in one word")
			}
		}
		valid := decode(string(text))
		if !utf8.ValidString(valid) || utf8.Valid(text) && valid != string(text) {
			t.Fatalf("decoded as %q", valid)
		}
		if again := tok.Encode(valid); !slices.Equal(ids, again) {
			t.Fatal("the text made valid has other pieces")
		}
		if pair, types := tok.Pair(ids, ids, 17); len(pair) > 17 || len(types) != len(pair) {
			t.Fatalf("%d pieces, %d types", len(pair), len(types))
		}
	})
}

// FuzzTensors damages one array of the small vocabulary.
func FuzzTensors(f *testing.F) {
	names := []string{"tokenizer.label", "tokenizer.first", "tokenizer.ends", "tokenizer.rank", "tokenizer.piece", "tokenizer.score", "tokenizer.special"}
	for i := range names {
		f.Add(uint8(i), uint32(7), []byte{0xFF, 0}, "the ministry", false)
		f.Add(uint8(i), uint32(0), []byte{}, "the ministry", true)
	}
	whole := map[string][]byte{}
	for _, name := range names {
		whole[name] = small(name)
	}
	f.Fuzz(func(t *testing.T, which uint8, at uint32, bad []byte, text string, alone bool) {
		damaged := names[int(which)%len(names)]
		b := slices.Clone(whole[damaged])
		if alone {
			b = bad
		} else {
			copy(b[int(at)%len(b):], bad)
		}
		tok, err := FromTensors(func(name string) []byte {
			if name == damaged {
				return b
			}
			return whole[name]
		})
		if err != nil {
			return
		}
		for _, id := range tok.Encode(text) {
			if id < 0 || int(id) >= tok.Size() {
				t.Fatalf("id %d of %d", id, tok.Size())
			}
		}
	})
}

func TestDamagedTensors(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"tokenizer.label":   func(b []byte) []byte { return b[:len(b)-1] },
		"tokenizer.first":   func(b []byte) []byte { b[3*5] ^= 0x40; return b },
		"tokenizer.ends":    func(b []byte) []byte { b[0] ^= 1 << 5; return b },
		"tokenizer.rank":    func(b []byte) []byte { b[4]++; return b },
		"tokenizer.piece":   func(b []byte) []byte { return b[3:] },
		"tokenizer.score":   func(b []byte) []byte { copy(b, "\xff\xff\xff\xff"); return b },
		"tokenizer.special": func([]byte) []byte { return nil },
	} {
		_, err := FromTensors(func(n string) []byte {
			b := bytes.Clone(small(n))
			if n == name {
				b = damage(b)
			}
			return b
		})
		if err == nil {
			t.Errorf("damaged %s was taken", name)
		}
	}
}

// Long texts without a space, of one mark, of characters without a piece: time grows with the length, not with its square.
func TestLinear(t *testing.T) {
	tok := smallTokenizer(t)
	for name, unit := range map[string]string{
		"letters": "a", "marks": "\u0301", "mixed marks": "\u0323\u0301\u0334", "unknown": "\U0001F9FF", "invalid": "\xff", "Hangul": "\u1100\u1161", "spaces": " \u2581", "pieces": "the",
	} {
		timed := func(n int) time.Duration {
			text := strings.Repeat(unit, n/len(unit))
			best := time.Hour
			for range 3 {
				start := time.Now()
				tok.Encode(text)
				best = min(best, time.Since(start))
			}
			return best
		}
		short, long := timed(20_000), timed(640_000)
		// 32 times the text; a square would be 1,024 times the time, a busy machine does the rest.
		if long > 400*short+200*time.Millisecond {
			t.Errorf("%s: 20 kB take %v, 640 kB %v", name, short, long)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	tok := embeddedTokenizer(b)
	for _, c := range []struct{ name, text string }{
		{"English", strings.Repeat("The ministry has not supplied drones to either side, and it will not do so in future. ", 5)},
		{"Russian", strings.Repeat("Министерство заявило, что поставки начались ещё до переговоров, а не после них. ", 5)},
		{"Chinese", strings.Repeat("外交部发言人表示,中方从未作出过这样的承诺,也不会向冲突任何一方提供武器。", 5)},
		{"compatibility", strings.Repeat("The “temporary” measure… ½ of GDP, №5, 10 km², ﬁnal — ＲＥＶＯＫＥＤ. ", 5)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			n := 0
			for b.Loop() {
				n += len(tok.Encode(c.text))
			}
			b.ReportMetric(float64(n)/float64(b.N), "pieces/op")
		})
	}
}

// FuzzJSON reads damaged tokenizer.json files. The seeds are small ones of each make.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"added_tokens":[{"id":0,"content":"[UNK]","special":true}],"normalizer":{"type":"BertNormalizer","lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]}}},"model":{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0,"[CLS]":1,"a":2,"##b":3,"ab":4}}}`), "ab abb")
	f.Add([]byte(`{"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled","precompiled_charsmap":"CAAAAAAAAAAAAAAAYQA="},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "},{"type":"NFKC"},{"type":"Strip"}]},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","add_prefix_space":true}]},"post_processor":{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0]},"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁a",-1],["b",-2.5],["▁",-3]]}}`), "ab a  b")
	f.Fuzz(func(t *testing.T, file []byte, text string) {
		tok, err := FromJSON(file)
		if err != nil {
			return
		}
		if len(text) > 1000 {
			text = text[:1000]
		}
		ids := tok.Encode(text)
		ids, _ = tok.Pair(ids, ids, 64)
		for _, id := range ids {
			if id < 0 || int(id) >= tok.Size() {
				t.Fatalf("id %d of %d", id, tok.Size())
			}
		}
	})
}
