package cli

import "testing"

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+49": "'+49", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\rx": "'\rx", " =1": "' =1", "\n@x": "'\n@x",
		"＝1": "'＝1", "|calc": "'|calc", "%0A": "'%0A", "\x00=1": "'=1", "\ufeff=1": "'\ufeff=1",
		"A = b": "A = b", "": "", "Иран": "Иран", "2022-11-05": "2022-11-05", "“=1”": "“=1”",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

func TestInMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"plain, text.":           "plain, text.",
		"<script>alert(1)":       "\\<script\\>alert(1)",
		"[x](http://a)":          "\\[x\\](http://a)",
		"# no heading":           "\\# no heading",
		"1. no list":             "1\\. no list",
		"- no list":              "\\- no list",
		"in - the middle 1. of":  "in - the middle 1. of",
		"a\u202eb":               "ab",
		"line\nbreak `code` ![x": "line break \\`code\\` \\!\\[x",
		"&lt;":                   "\\&lt;",
	} {
		if got := inMarkdown(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
