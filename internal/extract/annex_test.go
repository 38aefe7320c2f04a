package extract

import (
	"fmt"
	"testing"

	"volteface/internal/statement"
)

// A page's annexes are the documents of its own site that its text links to,
// with what the link says, each once.
func TestAnnexes(t *testing.T) {
	const text = "<p>A statement of some words that is long enough to be taken for the text of a page, as it says a little of everything.</p>"
	for _, test := range []struct {
		rules statement.ExtractRules
		html  string
		want  string
	}{
		{statement.ExtractRules{Body: []string{"article"}}, `<article>` + text + `<a href="/a.PDF#page=3">One <b>list</b></a><a href="a.PDF">again</a><a href="b.docx?v=2">Two</a></article><a href="c.pdf">outside</a>`,
			"[{https://press.example.gov.uk/a.PDF One list} {https://press.example.gov.uk/news/a.PDF again} {https://press.example.gov.uk/news/b.docx?v=2 Two}]"},
		{statement.ExtractRules{Body: []string{"article"}}, `<base href="https://files.example.gov.uk/x/"><article>` + text + `<a href="a.pdf">One</a><a href="https://other.gov.uk/b.pdf">other owner</a><a href="c.zip">no</a><a href="javascript:d.pdf">no</a></article>`,
			"[{https://files.example.gov.uk/x/a.pdf One}]"},
		{statement.ExtractRules{}, `<nav><a href="/rules.pdf">Rules</a></nav><main>` + text + text + `<p><a href="/a.pdf">One</a></p></main><footer><a href="/b.pdf">Foot</a></footer>`,
			"[{https://press.example.gov.uk/a.pdf One}]"},
	} {
		x := extractor(t, statement.Source{Language: "en", Extract: test.rules})
		d, err := x.Extract(Input{URL: "https://press.example.gov.uk/news/1", ContentType: "text/html", Body: []byte("<html><body>" + test.html)})
		if got := fmt.Sprint(d.Annexes); err != nil || got != test.want {
			t.Errorf("%s\n%s, %v\nwant %s", test.html, got, err, test.want)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"https://www.mfa.gov.ua/x", "https://cdn.mfa.gov.ua/y", true}, {"https://mfa.gov.ua/", "https://mod.gov.ua/", false}, {"http://127.0.0.1:80/", "http://127.0.0.1:81/", false},
		{"http://127.0.0.1:80/a", "http://127.0.0.1:80/b", true}, {"https://a.github.io/", "https://b.github.io/", false}, {"", "", false}, {"https://Press.Example/", "https://press.example/", true},
	} {
		if got := SameSite(test.a, test.b); got != test.want {
			t.Errorf("%s and %s: %t", test.a, test.b, got)
		}
	}
}
