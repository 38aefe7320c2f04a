package passage

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"
	"unsafe"

	"volteface/internal/judge"
	"volteface/internal/judge/pack"
	"volteface/internal/judge/tokenizer"
)

// What is estimated to be 90 tokens of the judge is not much more.
func TestPieces(t *testing.T) {
	content, err := os.ReadFile("../judge/model/embeddings.bin")
	if err != nil {
		t.Fatal(err)
	}
	f, err := pack.Read(string(content))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := tokenizer.FromTensors(func(name string) []byte {
		x, err := f.Tensor(name, pack.U8, -1)
		if err != nil {
			return nil
		}
		return unsafe.Slice(unsafe.StringData(x.Data), len(x.Data))
	})
	if err != nil {
		t.Fatal(err)
	}
	estimated, counted := map[string]int{}, map[string]int{}
	for _, p := range pages(t) {
		s := p.speech
		// The page as one sentence without end is cut, too.
		for _, c := range passagesOf(Speech{Text: oneSentence(s.Text), Language: p.language}) {
			n := len(tokens.Encode(c.Text))
			estimated[p.language] += pieces(c.Text)
			counted[p.language] += n
			if n > 100 {
				t.Errorf("%s: a passage of %d tokens: %s", p.id, n, c.Text)
			}
		}
	}
	for code, n := range counted {
		t.Logf("%s: %d tokens, estimated %d", code, n, estimated[code])
		if estimated[code] > 2*n {
			t.Errorf("%s: %d tokens are estimated to be %d", code, n, estimated[code])
		}
	}
}

func oneSentence(s string) string {
	out := []rune(s)
	for i, c := range out {
		switch c {
		case '.', '?', '!', '。', '？', '؟', '\n', ':', '：':
			out[i] = ' '
		}
	}
	return string(out)
}

// weighed is whether the most of a text's passages are the issuer's, by the text alone or with the encoder.
func weighed(t *testing.T, j *judge.Judge, passages []Passage) (text, both, encoder bool) {
	t.Helper()
	var in []judge.Passage
	for _, p := range passages {
		in = append(in, p.Passage)
	}
	read, err := j.Bearings(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	var sum [3]int
	for i, p := range passages {
		for k, mine := range []bool{p.Voice != Other, p.Weigh(read[i]) != Other, read[i].Issuer >= ours} {
			if mine {
				sum[k] += len(p.Text)
			} else {
				sum[k] -= len(p.Text)
			}
		}
	}
	return sum[0] > 0, sum[1] > 0, sum[2] > 0
}

// TestFreshVoices measures single passages of which nothing is known but the language. The encoder may be another one tomorrow, so its
// figures are only printed.
func TestFreshVoices(t *testing.T) {
	if testing.Short() || !testing.Verbose() {
		t.Skip("reads some hundred passages, for the figures alone (-v)")
	}
	f, err := os.Open("../../train/data/fresh/voices.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var right [3]int
	all := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l struct{ Text, Lang, Voice string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		text, both, encoder := weighed(t, j, passagesOf(Speech{Text: l.Text, Language: l.Lang}))
		all++
		for k, mine := range []bool{text, both, encoder} {
			if mine == (l.Voice == "issuer") {
				right[k]++
			}
		}
	}
	t.Logf("%d passages: right by the text alone %d, with the encoder where it leaves it open %d, by the encoder alone %d", all, right[0], right[1], right[2])
	if all < 300 {
		t.Errorf("only %d passages", all)
	}
}

// TestWeighedPages measures the pages with the encoder.
func TestWeighedPages(t *testing.T) {
	if testing.Short() || !testing.Verbose() {
		t.Skip("reads some hundred passages, for the figures alone (-v)")
	}
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	right, all, sure, sureRight := 0, 0, 0, 0
	for _, p := range pages(t) {
		cut := passagesOf(p.speech)
		var in []judge.Passage
		for _, c := range cut {
			in = append(in, c.Passage)
		}
		read, err := j.Bearings(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, n := attributed(p, cut, func(c Passage) Voice { return c.Weigh(read[c.N]) }, nil)
		right, all = right+r, all+n
		var certain []unit // those whose every passage is sure
		for _, u := range p.units {
			ok := true
			for _, c := range cut {
				ok = ok && (c.Sure || c.Span[1] <= u.from || c.Span[0] >= u.to)
			}
			if ok {
				certain = append(certain, u)
			}
		}
		p.units = certain
		r, _, _, n = attributed(p, cut, func(c Passage) Voice { return c.Voice }, nil)
		sureRight, sure = sureRight+r, sure+n
	}
	t.Logf("%d passages, with the encoder where the text leaves it open %d right; of %d that are sure %d", all, right, sure, sureRight)
	if float64(sureRight) < .95*float64(sure) || float64(sure) < .7*float64(all) {
		t.Errorf("of %d passages %d are sure, and %d of these right", all, sure, sureRight)
	}
}
