package segment_test

import (
	"slices"
	"strings"
	"testing"

	"volteface/internal/nlp/model"
	"volteface/internal/nlp/segment"
)

func split(t *testing.T, text string) []segment.Sentence {
	t.Helper()
	m, err := segment.Decode(model.Segment)
	if err != nil {
		t.Fatal(err)
	}
	return m.Split(text)
}

// TestOfficialProse: sentences are joined by |, words by spaces.
func TestOfficialProse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"H.E. Dr. Hossein Amir-Abdollahian met Mr. J. D. Vance. They spoke.", "H.E. Dr. Hossein Amir - Abdollahian met Mr. J. D. Vance .|They spoke ."},
		{"The U.S. has acted. The U.S. Government agrees.", "The U.S. has acted .|The U.S. Government agrees ."},
		{"It met at No. 10 at 9:30 a.m. on Monday.", "It met at No. 10 at 9:30 a.m. on Monday ."},
		{"They sent $1.2 billion, or 3.5 percent.", "They sent $ 1.2 billion , or 3.5 percent ."},
		{"See https://www.state.gov/briefings/ for more.", "See https://www.state.gov/briefings/ for more ."},
		{"“We do not agree. We never will,” he said.", "“ We do not agree .|We never will , ” he said ."},
		{"We don’t know; they can't say. Iran's answer won't come.", "We do n’t know ; they ca n't say .|Iran 's answer wo n't come ."},
		{"Their sons and daughters know its worth.", "Their sons and daughters know its worth ."},
		{"MS. JEAN-PIERRE: No. Next question.", "MS. JEAN - PIERRE :|No .|Next question ."},
		{"Q Does the President agree?", "Q|Does the President agree ?"},
		{"Thank you. (Laughter.) Go ahead.", "Thank you .|( Laughter . )|Go ahead ."},
		{"We have — and I stress this — no plans … none.", "We have — and I stress this — no plans … none ."},
		{"- first item\n- second item", "- first item|- second item"},
		{"A heading\n\nThen a sentence.", "A heading|Then a sentence ."},
	} {
		var got []string
		for _, s := range split(t, c.text) {
			var words []string
			for _, w := range s.Words {
				words = append(words, w.Form)
			}
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "|"), c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	var got []segment.Kind
	for _, s := range split(t, "THE PRESIDENT:\n\nThank you all.\n\nQ\n\nWhy?\n\n(Applause.)") {
		got = append(got, s.Kind)
	}
	if want := []segment.Kind{segment.Speaker, segment.Prose, segment.Speaker, segment.Prose, segment.Direction}; !slices.Equal(got, want) {
		t.Errorf("kinds %v, want %v", got, want)
	}
}

func TestLongSentencesAreCut(t *testing.T) {
	words := 0
	for _, s := range split(t, strings.Repeat("word ", 3000)) {
		if len(s.Words) > segment.MaxWords {
			t.Errorf("a sentence of %d words", len(s.Words))
		}
		words += len(s.Words)
	}
	if words != 3000 {
		t.Errorf("%d words, want 3000", words)
	}
}
