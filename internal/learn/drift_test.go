package learn

import (
	"strings"
	"testing"

	"volteface/internal/extract"
	"volteface/internal/learn/learntest"
	"volteface/internal/statement"
)

// redesigned is a site with other class names and another heading.
func redesigned(s *learntest.Site) *learntest.Site {
	after := *s
	after.Pages = map[string]string{}
	change := strings.NewReplacer("wp-block-", "tile-", "entry-content", "prose", "post-content", "prose-content", "<li class=\"tile-post", "<li class=\"tile-entry")
	for path, page := range s.Pages {
		after.Pages[path] = change.Replace(page)
	}
	return &after
}

// A site that is laid out anew is told, and the rules that are proposed read what was kept; one that is as it was is left alone.
func TestDriftIsToldAndMended(t *testing.T) {
	s := learntest.Sites(3)[0]
	about := About{Language: "en", Timezone: "UTC", Now: now}
	d, err := learnSite(s)
	if err != nil || usable(s, d) != "" {
		t.Fatalf("%v %s", err, usable(s, d))
	}
	look := func(site *learntest.Site, src statement.Source) *Check {
		t.Helper()
		listing := page(site, site.Host+site.Listing)
		var pages []Page
		var known []Known
		for _, a := range site.Articles[:3] {
			address := site.URL(a.Path)
			pages = append(pages, page(site, address))
			known = append(known, Known{address, a.Title, a.Day, a.Text()})
		}
		c, err := Look(src, &listing, pages, known, about)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := look(s, d.Source); len(c.Broken) > 0 || len(c.Fixed) > 0 || c.Agree != 3 {
		t.Errorf("as it was: %+v", c)
	}
	after := redesigned(s)
	c := look(after, d.Source)
	for _, field := range []string{"listing.item", "extract.title", "extract.body", "extract.published"} {
		if !c.Has(field) {
			t.Errorf("%s is not told: %+v", field, c.Broken)
		}
	}
	if c.Agree != 3 || c.Of != 3 || len(c.Warnings) > 0 {
		t.Errorf("%d of %d agree, %q", c.Agree, c.Of, c.Warnings)
	}
	if wrong := usable(after, &Draft{Source: c.Repaired}); wrong != "" {
		t.Errorf("mended: %s\n%+v\n%+v", wrong, c.Repaired.Listing, c.Repaired.Extract)
	}
	if c := look(after, c.Repaired); len(c.Broken) > 0 {
		t.Errorf("after the repair: %+v", c.Broken)
	}
	// One rule alone is mended alone.
	src := d.Source
	src.Extract.Body = []string{".gone"}
	c = look(s, src)
	if len(c.Broken) != 1 || strings.Join(c.Fixed, " ") != "extract.body" || c.Repaired.Extract.Title[0] != d.Source.Extract.Title[0] {
		t.Errorf("one rule: %+v", c)
	}
	if x, err := extract.New(c.Repaired); err != nil || x == nil {
		t.Error(err)
	}
}
