package term

import (
	"strings"
	"testing"
)

// What is not seen, or takes hold of the terminal, is gone; what scripts need
// stays.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[31mb\x07c": "a[31mbc", "plain\U000E0041\U000E007F text": "plain text", "a\U000E0100b": "ab", "a\u202Eb": "ab", "a\u2066b\uFEFFc\u2060d\u200Be": "abcde",
		"می\u200cخواهد": "می\u200cخواهد", "קול\u200f!": "קול\u200f!", "a\nb": "a b", "\u3164x": "x",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%+q became %+q, want %+q", in, got, want)
		}
		if got := CleanText(in); got != strings.ReplaceAll(want, "a b", "a\nb") {
			t.Errorf("of several lines, %+q became %+q", in, got)
		}
	}
}

// A title without end is shown in part.
func TestTitle(t *testing.T) {
	got := Title(strings.Repeat("ж", 250_000))
	if n := len([]rune(got)); n != longestTitle || !strings.HasSuffix(got, "…") {
		t.Errorf("%d letters are shown", n)
	}
	if got := Title("On the \U000E0041talks"); got != "On the talks" {
		t.Errorf("%+q", got)
	}
}
