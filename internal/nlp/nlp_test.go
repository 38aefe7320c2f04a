package nlp

import (
	"strings"
	"sync"
	"testing"
	"unicode"

	"volteface/internal/nlp/conllu"
)

func TestAnalyse(t *testing.T) {
	text := "Iran has not provided weaponry to any side.\n\n“We don’t recognise it,” Mr. Amir-Abdollahian said."
	d := Analyse(text)
	if len(d.Sentences) != 2 {
		t.Fatalf("%d sentences, want 2", len(d.Sentences))
	}
	s := &d.Sentences[0]
	root := s.Root()
	if got := s.Tokens[root]; got.Form != "provided" || got.Lemma != "provide" || got.UPOS != "VERB" {
		t.Errorf("root is %+v", got)
	}
	if i := s.Child(root, "nsubj"); i < 0 || s.Tokens[i].Form != "Iran" {
		t.Errorf("subject is word %d", i)
	}
	if d.Sentences[1].Paragraph != 1 {
		t.Errorf("paragraph %d, want 1", d.Sentences[1].Paragraph)
	}
	check(t, d)
}

func TestAnalyseWords(t *testing.T) {
	long := make([]string, 1000)
	for i := range long {
		long[i] = []string{"He", "denied", "it", "."}[i%4]
	}
	d := AnalyseWords([][]string{{"No", "comment", "."}, {}, long, {"Yes"}})
	if len(d.Sentences) != 3 || len(d.Sentences[1].Tokens) != 1000 {
		t.Fatalf("%d sentences", len(d.Sentences))
	}
	check(t, d)
}

func TestCoNLLU(t *testing.T) {
	d := Analyse("We don’t know.\n\n\tIt's a “test”.")
	var b strings.Builder
	if err := conllu.Write(&b, d.CoNLLU()...); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# newpar\n# sent_id = 1\n# text = We don’t know.\n", "2-3\tdon’t\t_", "\nknow\t"[1:], "\tSpaceAfter=No\n", "# text = It's a “test”."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	again, err := conllu.Read(strings.NewReader(b.String()))
	if err != nil || len(again) != 2 {
		t.Fatalf("%d sentences read back, %v", len(again), err)
	}
	before := b.String()
	Reparse(again)
	b.Reset()
	if err := conllu.Write(&b, again...); err != nil {
		t.Fatal(err)
	}
	if b.String() != before {
		t.Errorf("parsed from its tokens:\n%s\nfrom its text:\n%s", b.String(), before)
	}
}

func TestDraw(t *testing.T) {
	s := Sentence{Tokens: []Token{{Head: 1}, {Head: -1}, {Head: 3}, {Head: 1}}}
	got := "\n" + strings.Join(s.Draw(), "\n")
	if want := `
 ╭▸
╭┴─
│╭▸
╰┴▸`; got != want {
		t.Errorf("drawn:%s\nwant:%s", got, want)
	}
}

// check judges what holds for any text: one root, no cycle, words inside the text
// and in order.
func check(t *testing.T, d *Document) {
	t.Helper()
	at := 0
	for i := range d.Sentences {
		s := &d.Sentences[i]
		if len(s.Tokens) == 0 {
			t.Fatalf("sentence %d has no words", i)
		}
		if s.Start != s.Tokens[0].Start || s.End != s.Tokens[len(s.Tokens)-1].End {
			t.Fatalf("sentence %d spans %d-%d", i, s.Start, s.End)
		}
		roots, children := 0, 0
		for k := range s.Tokens {
			w := &s.Tokens[k]
			if w.Start < at || w.End < w.Start || w.End > len(d.Text) {
				t.Fatalf("word %d %q spans %d-%d after %d", k, w.Form, w.Start, w.End, at)
			}
			if w.Form == "" || w.Lemma == "" || w.UPOS == "" || w.Rel == "" {
				t.Fatalf("word %d is %+v", k, w)
			}
			if w.Start >= at && !onlySpace(d.Text[at:w.Start]) {
				t.Fatalf("text %q is left out before word %d %q", d.Text[at:w.Start], k, w.Form)
			}
			at = max(at, w.End)
			if w.Head < 0 {
				roots++
			}
			if (w.Head < 0) != (w.Rel == "root") {
				t.Fatalf("word %d has head %d and relation %s", k, w.Head, w.Rel)
			}
			steps := 0
			for h := k; h >= 0; h = s.Tokens[h].Head {
				if steps++; steps > len(s.Tokens) {
					t.Fatalf("word %d hangs in a circle", k)
				}
			}
			for _, c := range s.Children(k) {
				children++
				if s.Tokens[c].Head != k {
					t.Fatalf("word %d is a child of %d, not %d", c, s.Tokens[c].Head, k)
				}
			}
		}
		if roots != 1 || children != len(s.Tokens)-1 {
			t.Fatalf("%d roots, %d children of %d words", roots, children, len(s.Tokens))
		}
	}
}

// onlySpace tells whether a stretch holds nothing but what separates words.
func onlySpace(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }) == ""
}

func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"", "a", "don't", "\xff\xfe", "U.S. “quote”\n- item", "MS. JEAN-PIERRE: No.\n\nQ Why?", "日本", strings.Repeat("x ", 450), strings.Repeat("y", 3000), "İstanbul’s ’s"} {
		f.Add(s)
	}
	Analyse("") // loads the models
	f.Fuzz(func(t *testing.T, text string) { check(t, Analyse(text)) })
}

func BenchmarkAnalyse(b *testing.B) {
	text := strings.Repeat("The spokesman denied that Iran had supplied drones to Russia, and said the ministry would not comment further. ", 40)
	words := 0
	for b.Loop() {
		d := Analyse(text)
		words = 0
		for i := range d.Sentences {
			words += len(d.Sentences[i].Tokens)
		}
	}
	b.ReportMetric(float64(words)*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

func TestManyAtOnce(t *testing.T) {
	texts := []string{"Iran has not provided weaponry to any side.", "The spokesman denied the report; the minister confirmed it.", "We don’t know. Nobody asked us.\n\nMS. PSAKI: Thank you."}
	want := make([]string, len(texts))
	for i, text := range texts {
		want[i] = conlluOf(t, text)
	}
	var wait sync.WaitGroup
	for g := range 8 {
		wait.Go(func() {
			for k := range 5 {
				i := (g + k) % len(texts)
				if got := conlluOf(t, texts[i]); got != want[i] {
					t.Errorf("another analysis of %q", texts[i])
				}
			}
		})
	}
	wait.Wait()
}

func conlluOf(t *testing.T, text string) string {
	var b strings.Builder
	if err := conllu.Write(&b, Analyse(text).CoNLLU()...); err != nil {
		t.Error(err)
	}
	return b.String()
}
