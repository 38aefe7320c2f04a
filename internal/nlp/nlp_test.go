package nlp

import (
	"strings"
	"testing"
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
			if strings.TrimSpace(d.Text[at:w.Start]) != "" && w.Start >= at && !onlySpace(d.Text[at:w.Start]) {
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
	return strings.Trim(s, "\u200b\ufeff \t\r\n\v\f") == ""
}

func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"", "a", "don't", "\xff\xfe", "U.S. “quote”\n- item", "MS. JEAN-PIERRE: No.\n\nQ Why?", "日本", strings.Repeat("x ", 2000), strings.Repeat("y", 3000), "İstanbul’s ’s"} {
		f.Add(s)
	}
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
