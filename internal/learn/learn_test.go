package learn

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"volteface/internal/extract"
	"volteface/internal/learn/learntest"
	"volteface/internal/statement"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func page(s *learntest.Site, address string) Page {
	return Page{URL: address, ContentType: "text/html; charset=utf-8", Body: []byte(s.Pages[strings.TrimPrefix(address, s.Host)])}
}

// learnSite learns a made site as sources add does.
func learnSite(s *learntest.Site) (*Draft, error) {
	about := About{Language: s.Language, Timezone: "UTC", Now: now}
	l, err := Best(page(s, s.Host+s.Listing), about)
	if err != nil {
		return nil, err
	}
	var articles []Page
	for _, address := range l.Articles(3) {
		articles = append(articles, page(s, address))
	}
	return Definition(l, nil, articles, about)
}

// usable tells what of a site a definition does not read right; "" for nothing.
func usable(s *learntest.Site, d *Draft) string {
	entries, err := Entries(d.Source, page(s, s.Host+s.Listing))
	if err != nil {
		return err.Error()
	}
	got := map[string]extract.Entry{}
	for _, e := range entries {
		got[e.URL] = e
	}
	var wrong []string
	for _, a := range s.Articles {
		if _, named := got[s.URL(a.Path)]; !named {
			wrong = append(wrong, "misses "+a.Path)
		}
	}
	if len(got) > len(s.Articles) {
		wrong = append(wrong, fmt.Sprintf("%d items of %d", len(got), len(s.Articles)))
	}
	x, err := extract.New(d.Source)
	if err != nil {
		return err.Error()
	}
	for _, a := range s.Articles {
		address := s.URL(a.Path)
		p := page(s, address)
		doc, err := x.Extract(extract.Input{URL: address, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage})
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		if statement.Letters(doc.Title) != statement.Letters(a.Title) {
			wrong = append(wrong, fmt.Sprintf("title %q of %q", doc.Title, a.Title))
		}
		published := doc.Published
		if published.IsZero() {
			published = got[address].Published
		}
		if !sameDay(published.Time, a.Day) {
			wrong = append(wrong, fmt.Sprintf("date %s <%s> of %s", published, published.Raw, a.Day.Format(time.DateOnly)))
		}
		if f := overlap(doc.Body, a.Text()); f < 0.95 {
			wrong = append(wrong, fmt.Sprintf("text %.2f of %s: %.300q", f, a.Path, doc.Body))
		}
	}
	if len(wrong) > 3 {
		wrong = append(wrong[:3], fmt.Sprintf("and %d more", len(wrong)-3))
	}
	return strings.Join(wrong, "; ")
}

// A definition that is learnt from a listing and three of its articles reads all
// of them: every item, its title, its date, its text.
func TestSitesAreLearnt(t *testing.T) {
	seeds := []uint64{1}
	if os.Getenv("VOLTEFACE_LONG") != "" {
		seeds = []uint64{1, 2, 3, 4, 5}
	}
	fine, all := 0, 0
	for _, seed := range seeds {
		for _, s := range learntest.Sites(seed) {
			all++
			d, err := learnSite(s)
			if err != nil {
				t.Logf("%d %s: %v", seed, s.Name, err)
				continue
			}
			if wrong := usable(s, d); wrong != "" {
				t.Logf("%d %s: %s\n   %+v\n   %+v", seed, s.Name, wrong, d.Source.Listing, d.Source.Extract)
				continue
			}
			fine++
			if testing.Verbose() && os.Getenv("LEARN_SHOW") != "" {
				t.Logf("%s: %+v\n   %+v %v", s.Name, d.Source.Listing, d.Source.Extract, d.Warnings)
			}
		}
	}
	t.Logf("%d of %d sites are read right", fine, all)
	if fine*10 < all*9 {
		t.Errorf("fewer than nine of ten")
	}
}

// FuzzLearn finds no pages that make the learner panic, or a definition that cannot be used.
func FuzzLearn(f *testing.F) {
	s := learntest.Sites(1)[0]
	f.Add([]byte(s.Pages[s.Listing]), []byte(s.Page(s.Articles[0].Path)))
	f.Add([]byte("<li><a href=/1>A title that is long enough</a><li><a href=/2>Another one of that length</a> 3 May 2026"), []byte("<h1>A title that is long enough</h1><p>x"))
	f.Add([]byte(`<a href="//x">a</a><a href="?`+"\x00"+`=1">\u202e</a>`), []byte("{}"))
	about := About{Language: "en", Timezone: "UTC", Now: now}
	f.Fuzz(func(t *testing.T, listing, article []byte) {
		if len(listing)+len(article) > 64<<10 {
			t.Skip()
		}
		const address = "https://press.example/news/"
		all, err := Listings(Page{URL: address, Body: listing}, about)
		if err != nil {
			return
		}
		for i := range all {
			d, err := Definition(&all[i], nil, []Page{{URL: address + "1", Body: article}}, about)
			if err != nil {
				continue
			}
			if _, err := extract.New(d.Source); err != nil {
				t.Errorf("%v of %+v", err, d.Source)
			}
			if _, err := Written(d.Source, []string{"# x"}); err != nil {
				t.Error(err)
			}
		}
		_ = AboutSite(Page{URL: address, Body: article})
		_ = Ways(Page{URL: address, Body: listing})
		_, _ = Direct(Page{URL: address, Body: article})
	})
}
