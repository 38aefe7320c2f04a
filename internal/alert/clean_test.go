package alert

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"  two\n words\t":                  "two words",
		"a\r\nBcc: b@example.org":          "a Bcc: b@example.org",
		"pay \u202egnp.exe\u202c":          "pay gnp.exe",
		"\u2066isolated\u2069 \u200fmark":  "isolated mark",
		"zero\u200bwidth\ufeff":            "zerowidth",
		"tag\U000e0041":                    "tag",
		"bell\x07 esc\x1b[31m":             "bell esc[31m",
		"line\u2028separator":              "line separator",
		"bad \xff byte":                    "bad byte",
		"می\u200cخواهیم":                   "می\u200cخواهیم", // Persian needs its joiners
		"e" + strings.Repeat("\u0301", 50): "e" + strings.Repeat("\u0301", maxMarks),
	} {
		if got := line(in); got != want {
			t.Errorf("line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://mid.example/news/1?a=b#c":                    "https://mid.example/news/1?a=b#c",
		"http://mid.example:8080/":                            "http://mid.example:8080/",
		"https://under_score.example/":                        "https://under_score.example/",
		"https://кремль.рф/новости":                           "https://xn--e1ajeds9e.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
		"https://mid.example@evil.example/":                   "",
		"javascript:alert(1)":                                 "",
		"data:text/html,x":                                    "",
		"ftp://mid.example/":                                  "",
		"//mid.example/":                                      "",
		"https:///path":                                       "",
		"https://mid.example/a\"><script>":                    "https://mid.example/a%22%3E%3Cscript%3E",
		"https://x\u202e.example/":                            "",
		"https://mid.example/" + strings.Repeat("a", maxLink): "",
	} {
		if got := link(in); got != want {
			t.Errorf("link(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"новость", 7, "новость"}, {"новость", 4, "нов…"}, {"ab cd", 4, "ab…"}, {"", 0, ""}, {"abc", 1, "…"},
	} {
		if got := cut(c.in, c.n); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\r\nBcc: b@example.org\u202e\xff", 5)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = n & 0xff
		got := line(s)
		if strings.ContainsFunc(got, func(r rune) bool {
			return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		}) || !utf8.ValidString(got) {
			t.Errorf("line(%q) = %q", s, got)
		}
		if short := cut(got, n); n > 0 && utf8.RuneCountInString(short) > n {
			t.Errorf("cut(%q, %d) = %q", got, n, short)
		}
		if l := link(s); l != "" && (!strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") || strings.ContainsAny(l, "\r\n \"<>")) {
			t.Errorf("link(%q) = %q", s, l)
		}
	})
}
