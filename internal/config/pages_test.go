package config

import (
	"strings"
	"testing"

	"volteface/internal/statement"
)

const pageSource = "id: advice\nissuer: {id: mfa, name: Ministry}\nkind: page\n"

// A source of kind page names one address or several; what is wrong with it is told with its place.
func TestPagesOfASource(t *testing.T) {
	good := map[string]int{
		"url: https://a.example/policy\n": 1,
		"pages:\n  - {url: https://a.example/policy, name: Policy, select: [main], drop: [.x]}\n  - url: https://b.example/list\n": 2,
		"url: https://a.example/1\npages: [{url: https://a.example/1}, {url: https://a.example/2}]\n":                              2,
	}
	for text, n := range good {
		src, err := (&Config{}).ParseSource("s.yaml", []byte(pageSource+text), env())
		if err != nil || len(src.Pages) != n || src.URL == "" {
			t.Errorf("%q: %d pages, %q, %v", text, len(src.Pages), src.URL, err)
		}
	}
	bad := map[string]string{
		"": "no page",
		"pages: [{url: https://a.example/1}, {url: 'https://a.example/1/'}]\n":                  "named twice",
		"pages: [{url: a.example}]\n":                                                           "not an http or https address",
		"pages: [{url: https://a.example/1, select: ['div[']}]\n":                               `"div["`,
		"url: https://a.example/1\npages: [{url: https://a.example/2}]\n":                       "none of the pages",
		"url: https://a.example/1\nfeeds: [https://a.example/feed]\n":                           "read on itself alone",
		"pages: [{url: https://a.example/1, selector: [main]}]\n":                               "selector",
		"url: https://a.example/1\nextract: {body: [main]}\npages: [{url: ftp://a.example/}]\n": "not an http",
	}
	for text, want := range bad {
		_, err := (&Config{}).ParseSource("s.yaml", []byte(pageSource+text), env())
		if err == nil || !strings.Contains(err.Error()+statement.HintOf(err), want) || !strings.HasPrefix(err.Error(), "s.yaml") {
			t.Errorf("%q: %v (%s)", text, err, statement.HintOf(err))
		}
	}
	_, err := (&Config{}).ParseSource("s.yaml", []byte(strings.Replace(pageSource, "page", "listing", 1)+"listing: {item: li}\nurl: https://a.example/\npages: [{url: https://a.example/}]\n"), env())
	if err == nil || !strings.Contains(statement.HintOf(err), "kind: page") {
		t.Errorf("pages of a listing: %v", err)
	}
	_, err = (&Config{}).ParseSource("s.yaml", []byte(strings.Replace(pageSource, "kind: page", "kind: pages", 1)+"url: https://a.example/\n"), env())
	if err == nil || !strings.Contains(statement.HintOf(err), `"page"`) {
		t.Errorf("a kind misspelt: %v", err)
	}
}
