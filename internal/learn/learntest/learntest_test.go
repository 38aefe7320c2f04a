package learntest

import (
	"strings"
	"testing"
)

// There are thirty layouts, each with a listing that leads to every article, and the text of each on its page.
func TestSites(t *testing.T) {
	sites, languages, few := Sites(1), map[string]bool{}, 0
	if len(sites) != 30 {
		t.Errorf("%d layouts", len(sites))
	}
	for _, s := range sites {
		languages[s.Language] = true
		if len(s.Articles) < 3 {
			few++
		}
		for _, a := range s.Articles {
			if !strings.Contains(s.Pages[s.Listing], `"`+a.Path+`"`) && !strings.Contains(s.Pages[s.Listing], `'`+a.Path+`'`) {
				t.Errorf("%s: the listing does not name %s", s.Name, a.Path)
			}
			page := s.Page(a.Path)
			for _, p := range append([]string{a.Title}, a.Paragraphs...) {
				if !strings.Contains(page, esc(p)) {
					t.Errorf("%s: %s does not have %q", s.Name, a.Path, p)
				}
			}
		}
	}
	if again := Sites(1); again[0].Pages[again[0].Listing] != sites[0].Pages[sites[0].Listing] {
		t.Error("the same seed made another site")
	}
	if len(languages) != 12 || few < 2 {
		t.Errorf("%d languages, %d sites with one or two articles", len(languages), few)
	}
}
