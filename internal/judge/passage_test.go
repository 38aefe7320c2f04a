package judge

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestPassages(t *testing.T) {
	type want struct{ question, text string }
	for name, c := range map[string]struct {
		text string
		want []want
	}{
		"nothing":                       {" \n\n ", nil},
		"one sentence":                  {"We have sent no troops.", []want{{"", "We have sent no troops."}}},
		"short sentences are joined":    {"We deny it. We always have. Ask them.", []want{{"", "We deny it. We always have. Ask them."}}},
		"four at most":                  {"One is. Two is. Three is. Four is. Five is.", []want{{"", "One is. Two is. Three is. Four is."}, {"", "Five is."}}},
		"a title ends no sentence":      {"Dr. Weber met Gen. Ito in the U.S. Embassy on Jan. 5.", []want{{"", "Dr. Weber met Gen. Ito in the U.S. Embassy on Jan. 5."}}},
		"paragraphs are apart":          {"We deny it.\n\nWe thank our hosts.", []want{{"", "We deny it."}, {"", "We thank our hosts."}}},
		"a question before its answer":  {"Q: Will you pardon him?\nA: No.\nThat is final.", []want{{"Will you pardon him?", "No."}, {"", "That is final."}}},
		"question and answer in a line": {"Q: Will you pardon him? A: No.", []want{{"Will you pardon him?", "No."}}},
		"a transcript of the White House": {"Q Is that still so?\n\nMS. PSAKI: That is still the case.",
			[]want{{"Is that still so?", "That is still the case."}}},
		"Russian":  {"Вопрос: Вы поставляли оружие?\nОтвет: Нет, не поставляли.", []want{{"Вы поставляли оружие?", "Нет, не поставляли."}}},
		"Persian":  {"پرسش: آیا پهپاد داده\u200cاید؟\nپاسخ: خیر.", []want{{"آیا پهپاد داده\u200cاید؟", "خیر."}}},
		"Chinese":  {"问：是否提供了武器？\n答：没有。", []want{{"是否提供了武器？", "没有。"}}},
		"only ask": {"Q: Will you pardon him?", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []want
			for _, p := range Passages(c.text) {
				got = append(got, want{p.Question, p.Text})
			}
			if d := cmp.Diff(c.want, got, cmp.AllowUnexported(want{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// Text without ends of sentences or spaces is cut, in linear time.
func TestPassagesOfEndlessText(t *testing.T) {
	for _, unit := range []string{"а", "word ", "A. ", "Q: ", "Mr. ", "\n", "文", "\xff", "́"} {
		text := strings.Repeat(unit, 1<<18/len(unit))
		start := time.Now()
		for _, p := range Passages(text) {
			if n := utf8.RuneCountInString(p.Text); n > 4*passageRunes {
				t.Errorf("%q repeated: a passage of %d characters", unit, n)
			}
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%q repeated: %v for a quarter of a megabyte", unit, took)
		}
	}
}

func FuzzPassages(f *testing.F) {
	for _, s := range []string{"Q: Will you? A: No. We won't.", "Mr. A. B. C. said: no.\n\nQ and then", "А. Б. В.\nОтвет: нет", "\xff\xfe. A", "问：吗？\n答：不。"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, p := range Passages(text) {
			if p.Span[0] < at || p.Span[1] > len(text) || p.Span[0] >= p.Span[1] || text[p.Span[0]:p.Span[1]] != p.Text {
				t.Fatalf("%q: passage %+v after %d", text, p, at)
			}
			at = p.Span[1]
		}
	})
}

// What a text has no passages left for is counted.
func TestLeft(t *testing.T) {
	enough := strings.Repeat("It is so.\n", maxPassages)
	for text, want := range map[string]int{"": 0, "We deny it.": 0, enough: 0, enough + " \n ": 0, enough + "We deny it.": 11} {
		if got := (Side{Text: text}).Left(); got != want {
			t.Errorf("%d bytes: %d left, want %d", len(text), got, want)
		}
	}
}
