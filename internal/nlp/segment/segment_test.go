package segment_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

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

// FuzzSplit takes any bytes: sentences and words follow each other, inside the text,
// and nothing but space is left out between them.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "Dr.", "can't've", "\xff\x80.\u2028Q A", "THE PRESIDENT: (Laughter.) “No.”", "- a\n* b\n\n1. c", "a\u00a0b\u200b c…—d", "http://x/?a=b#c.", " \u200b\u20000"} {
		f.Add(s)
	}
	m, err := segment.Decode(model.Segment)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, paragraph := 0, 0
		for _, s := range m.Split(text) {
			if len(s.Words) == 0 || len(s.Words) > segment.MaxWords {
				t.Fatalf("a sentence of %d words", len(s.Words))
			}
			if s.Paragraph < paragraph || s.Start != s.Words[0].Start || s.End != s.Words[len(s.Words)-1].End {
				t.Fatalf("sentence %+v after paragraph %d", s, paragraph)
			}
			paragraph = s.Paragraph
			for i, w := range s.Words {
				if w.Form == "" || w.Start > w.End || w.End > len(text) || w.Start < at && !(i > 0 && w.Joined && w.Start == s.Words[i-1].Start) {
					t.Fatalf("word %+v after %d", w, at)
				}
				if w.Start > at && strings.TrimFunc(text[at:w.Start], func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }) != "" {
					t.Fatalf("%q is left out before %q", text[at:w.Start], w.Form)
				}
				at = max(at, w.End)
			}
		}
	})
}

// TestLabelsInSmallLetters: who speaks in a transcript that does not write names in
// capitals. Labels stand in angle brackets.
func TestLabelsInSmallLetters(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"President of Russia Vladimir Putin: Good afternoon.\n\nVladimir Putin: We met. Putin: he agreed.\n\nPutin: Yes.",
			"<President of Russia Vladimir Putin:>|Good afternoon.|<Vladimir Putin:>|We met.|Putin: he agreed.|<Putin:>|Yes."},
		{"Rosneft CEO Igor Sechin (retranslated): It is so.", "<Rosneft CEO Igor Sechin (retranslated):>|It is so."},
		{"Minister of Civil Defence, Emergencies and Disaster Relief Yevgeny Zinichev: Colleagues.", "<Minister of Civil Defence, Emergencies and Disaster Relief Yevgeny Zinichev:>|Colleagues."},
		{"Dmitry Peskov: One more.\n\nDmitry Peskov: The last.\n\nDmitry Peskov: No.\n\nSteve Rosenberg: Why not?\n\nQuestion: And you?",
			"<Dmitry Peskov:>|One more.|<Dmitry Peskov:>|The last.|<Dmitry Peskov:>|No.|<Steve Rosenberg:>|Why not?|<Question:>|And you?"},
		// Headings, and names that open one paragraph only.
		{"Clean Energy: We build.\n\nClean Energy: Again, clean energy.", "Clean Energy: We build.|Clean Energy: Again, clean energy."},
		{"Remarks by President Biden: A speech.", "Remarks by President Biden: A speech."},
		{"Our view is this: We agree.", "Our view is this: We agree."},
		{"Message from the President: Peace.", "Message from the President: Peace."},
	} {
		var got []string
		for _, s := range split(t, c.text) {
			part := c.text[s.Start:s.End]
			if s.Kind == segment.Speaker {
				part = "<" + part + ">"
			}
			got = append(got, part)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "|"), c.want)
		}
	}
}

// TestNoiseWithoutSpaces holds the time to something linear: the classifier once looked
// at the whole of such a text at every letter, for hours.
func TestNoiseWithoutSpaces(t *testing.T) {
	text := strings.Repeat("a'b.", 20_000)
	got := split(t, text)
	if len(got) == 0 || got[len(got)-1].End != len(text) {
		t.Fatalf("%d sentences, not to the end", len(got))
	}
}
