package diff

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// rebuild gives the two texts back from what a comparison says.
func rebuild(e *Edit) (before, after Text) {
	var a, b []string
	for _, block := range e.Blocks {
		var x, y strings.Builder
		for _, s := range block.Segments {
			if s.Op != Insert {
				x.WriteString(s.Text)
			}
			if s.Op != Delete {
				y.WriteString(s.Text)
			}
		}
		if block.Title {
			before.Title, after.Title = x.String(), y.String()
			continue
		}
		if block.Kind != Added {
			a = append(a, x.String())
		}
		if block.Kind != Removed {
			b = append(b, y.String())
		}
	}
	before.Body, after.Body = strings.Join(a, "\n\n"), strings.Join(b, "\n\n")
	return before, after
}

// Whatever two texts are, what is shown of them is what they say.
func TestCompareLosesNothing(t *testing.T) {
	words := strings.Fields("the ministry denies it . “ ” drones , supplied 1,000 U.S. não 中国 外交部 کشور 🇮🇷 e\u0301 were not delivered before the war")
	r := rand.New(rand.NewPCG(1, 2))
	text := func() Text {
		var paragraphs []string
		for range r.IntN(6) {
			var p []string
			for range 1 + r.IntN(12) {
				p = append(p, words[r.IntN(len(words))])
			}
			paragraphs = append(paragraphs, strings.Join(p, " "))
		}
		return Text{strings.Join(words[:r.IntN(3)], " "), strings.Join(paragraphs, "\n\n")}
	}
	mutate := func(x Text) Text {
		p := strings.Split(x.Body, "\n\n")
		switch i := r.IntN(len(p)); r.IntN(4) {
		case 0:
			p = append(p[:i:i], p[i+1:]...)
		case 1:
			p[i] += " " + words[r.IntN(len(words))]
		case 2:
			p[i] = words[r.IntN(len(words))] + " " + p[i]
		}
		return Text{x.Title, strings.Join(p, "\n\n")}
	}
	for range 3000 {
		a := text()
		b := mutate(a)
		if r.IntN(3) == 0 {
			b = text()
		}
		e := Compare(a, b)
		if x, y := rebuild(e); x != a || y != b {
			t.Fatalf("%q and %q came back as %q and %q", a, b, x, y)
		}
		if e.Empty() != (a == b) {
			t.Fatalf("empty is %v for %q and %q", e.Empty(), a, b)
		}
	}
}

func TestCompareShowsWords(t *testing.T) {
	for _, c := range []struct{ before, after, want, summary string }{
		{"Iran denies the supply.", "Iran confirms the supply.", "Iran -denies-+confirms+ the supply.", "1 paragraph changed (1 words out, 1 in)"},
		{"One.\n\nTwo two two.", "One.", "One.|-Two two two.-", "1 paragraph removed (3 words out, 0 in)"},
		{"One.", "One.\n\nTwo two.", "One.|+Two two.+", "1 paragraph added (0 words out, 2 in)"},
		{"It was not a delivery.", "It was a delivery.", "It was -not -a delivery.", "1 paragraph changed (1 words out, 0 in)"},
		{"a\n\nb", "a\n\nb", "a|b", "no words changed"},
	} {
		e := Compare(Text{Body: c.before}, Text{Body: c.after})
		var blocks []string
		for _, block := range e.Blocks {
			var b strings.Builder
			for _, s := range block.Segments {
				mark := map[Op]string{Delete: "-", Insert: "+"}[s.Op]
				b.WriteString(mark + s.Text + mark)
			}
			blocks = append(blocks, b.String())
		}
		if got := strings.Join(blocks, "|"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got := e.Summary(); got != c.summary {
			t.Errorf("%q, want %q", got, c.summary)
		}
	}
}
