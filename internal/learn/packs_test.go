package learn

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"volteface/internal/extract"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// pack reads the pages of a recorded pack that are wanted, as they were at a moment.
func pack(t *testing.T, name string, at time.Time, want func(url string) bool) map[string]Page {
	t.Helper()
	dir := filepath.Join(replaytest.Shared(t), "replay", "packs", name)
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pages := map[string]Page{}
	for decoder := json.NewDecoder(bufio.NewReader(f)); decoder.More(); {
		var v struct {
			URL, Body string
			From      time.Time
			Until     *time.Time
			Status    int
			Headers   map[string]*string
		}
		if err := decoder.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if v.Status != 200 || v.Body == "" || v.From.After(at) || v.Until != nil && !v.Until.After(at) || !want(v.URL) {
			continue
		}
		p := Page{URL: v.URL, Body: unpack(t, filepath.Join(dir, v.Body))}
		if kind := v.Headers["Content-Type"]; kind != nil {
			p.ContentType = *kind
		}
		pages[v.URL] = p
	}
	return pages
}

func unpack(t *testing.T, path string) []byte {
	t.Helper()
	b, err := replaytest.Unpacked(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// builtIn is the definition that is shipped.
func builtIn(t *testing.T, id string) statement.Source {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "configs", "sources", id+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var src statement.Source
	if err := yaml.UnmarshalWithOptions(content, &src, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	src.Authority = statement.FromPage
	return src
}

// mostRead is how many articles are read but in the long run of the tests.
const mostRead = 50

// Of two sites that are there whole, a learnt definition reads what the shipped one
// reads: every item of the listing, and title, day and text of every article.
func TestPacksAreLearnt(t *testing.T) {
	for _, test := range []struct {
		pack, source, listing string
		at                    time.Time
		article               *regexp.Regexp
	}{
		{"kremlin", "kremlin", "http://en.kremlin.ru/events/president/news", time.Date(2020, 1, 20, 12, 0, 0, 0, time.UTC), regexp.MustCompile(`/news/\d+$`)},
		{"whitehouse", "whitehouse-2022", "https://www.whitehouse.gov/briefing-room/", time.Date(2022, 11, 10, 12, 0, 0, 0, time.UTC),
			regexp.MustCompile(`/briefing-room/[a-z-]+/\d{4}/\d\d/\d\d/[^/]+/$`)},
	} {
		t.Run(test.pack, func(t *testing.T) {
			pages := pack(t, test.pack, test.at, func(u string) bool { return u == test.listing || test.article.MatchString(u) })
			shipped := builtIn(t, test.source)
			about := About{Language: "en", Timezone: shipped.Timezone, Government: shipped.Issuer.Government, Now: test.at}
			l, err := Best(pages[test.listing], about)
			if err != nil {
				t.Fatal(err)
			}
			var articles []Page
			for _, address := range l.Articles(3) {
				if p, ok := pages[address]; ok {
					articles = append(articles, p)
				}
			}
			d, err := Definition(l, nil, articles, about)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%+v\n%+v\n%v", d.Source.Listing, d.Source.Extract, d.Warnings)
			want, _ := Entries(shipped, pages[test.listing])
			got, _ := Entries(d.Source, pages[test.listing])
			wrong := 0
			if len(got) != len(want) {
				t.Errorf("%d items of %d", len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				if got[i].URL != want[i].URL || statement.Letters(got[i].Title) != statement.Letters(want[i].Title) || !sameDay(got[i].Published.Time, want[i].Published.Time) {
					t.Errorf("%v, want %v", got[i], want[i])
				}
			}
			xs, _ := extract.New(shipped)
			xl, err := extract.New(d.Source)
			if err != nil {
				t.Fatal(err)
			}
			n, sum := 0, 0.0
			for u, p := range pages {
				if u == test.listing || n == mostRead && os.Getenv("VOLTEFACE_LONG") == "" {
					continue
				}
				in := extract.Input{URL: u, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage}
				a, err := xs.Extract(in)
				if err != nil {
					continue
				}
				b, err := xl.Extract(in)
				f := overlap(a.Body, b.Body)
				n++
				sum += f
				if err != nil || statement.Letters(a.Title) != statement.Letters(b.Title) || f < 0.95 ||
					!b.Published.IsZero() && !sameDay(a.Published.Time, b.Published.Time) { // where the page shows none, the listing does
					if wrong++; wrong < 6 {
						t.Logf("%s: %v\n%q %s, want %q %s, text %.3f", u, err, b.Title, b.Published, a.Title, a.Published, f)
					}
				}
			}
			t.Logf("%d articles, %d not read right, F1 of the text %.3f", n, wrong, sum/float64(n))
			if n < 50 || float64(wrong) > 0.05*float64(n) {
				t.Errorf("%d of %d articles are not read right", wrong, n)
			}
		})
	}
}

// Listings of issuers, most of which are cut-outs of a page, and articles of others, as far as the pack has them.
func TestIssuersAreLearnt(t *testing.T) {
	pages := pack(t, "issuers", time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), func(string) bool { return true })
	raw, err := os.ReadFile(filepath.Join(replaytest.Shared(t), "replay", "packs", "issuers", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	type labelled struct {
		URL, Title, Published, Language string
		First                           string `json:"first_words"`
		Last                            string `json:"last_words"`
	}
	var labels struct {
		Articles []labelled
		Listings []struct {
			URL, Kind, Language string
			Items               []labelled
		}
	}
	if err := json.Unmarshal(raw, &labels); err != nil {
		t.Fatal(err)
	}
	fine, all := 0, 0
	for _, want := range labels.Listings {
		p, there := pages[want.URL]
		if want.Kind != "listing" || !there || !strings.Contains(p.ContentType, "html") {
			continue
		}
		all++
		about := About{Language: want.Language, Timezone: "UTC", Now: now}
		l, err := Best(p, about)
		if err != nil {
			t.Logf("%s: %v", want.URL, err)
			continue
		}
		d, err := Definition(l, nil, nil, about)
		if err != nil {
			t.Fatal(err)
		}
		entries, _ := Entries(d.Source, p)
		wrong := ""
		if len(entries) > len(want.Items) {
			wrong += " more items"
		}
		for _, item := range want.Items {
			found := false
			for _, e := range entries {
				if sameKey(e.URL, item.URL) {
					found = true
					if item.Title != "" && statement.Letters(e.Title) != statement.Letters(item.Title) {
						wrong += " title " + e.Title
					}
					if item.Published != "" && !strings.HasPrefix(e.Published.String(), item.Published) {
						wrong += " date " + e.Published.String() + "<" + e.Published.Raw + "> of " + item.Published
					}
				}
			}
			if !found {
				wrong += " misses " + item.URL
			}
		}
		if wrong != "" {
			t.Logf("%s:%s\n   %+v", want.URL, wrong, d.Source.Listing)
			continue
		}
		fine++
	}
	t.Logf("listings: %d of %d", fine, all)
	groups := map[string][]labelled{}
	for _, a := range labels.Articles {
		if p, there := pages[a.URL]; there && strings.Contains(p.ContentType, "html") {
			u, _ := url.Parse(a.URL)
			groups[u.Host+" "+a.Language] = append(groups[u.Host+" "+a.Language], a)
		}
	}
	var hosts []string
	for h := range groups {
		hosts = append(hosts, h)
	}
	sort.Strings(hosts)
	good := 0
	for _, h := range hosts {
		var from []Page
		for _, a := range groups[h][:min(3, len(groups[h]))] {
			from = append(from, pages[a.URL])
		}
		about := About{Language: groups[h][0].Language, Timezone: "UTC", Now: now}
		d, err := Definition(nil, nil, from, about)
		if err != nil {
			t.Logf("%s: %v", h, err)
			continue
		}
		x, err := extract.New(d.Source)
		if err != nil {
			t.Fatal(err)
		}
		wrong := ""
		for _, a := range groups[h] {
			p := pages[a.URL]
			doc, err := x.Extract(extract.Input{URL: a.URL, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage})
			if err != nil {
				wrong += " " + err.Error()
				continue
			}
			body := statement.Letters(doc.Body)
			at, to := strings.Index(body, statement.Letters(a.First)), strings.LastIndex(body, statement.Letters(a.Last))
			if statement.Letters(doc.Title) != statement.Letters(a.Title) {
				wrong += " title " + doc.Title + " of " + a.Title
			}
			if a.Published != "" && !strings.HasPrefix(doc.Published.String(), a.Published[:min(10, len(a.Published))]) {
				wrong += " date " + doc.Published.String() + "<" + doc.Published.Raw + "> of " + a.Published
			}
			if at < 0 || len([]rune(body[:at])) > 300 {
				wrong += " begins " + doc.Body[:min(120, len(doc.Body))]
			}
			if to < 0 || len([]rune(body[to:]))-len([]rune(statement.Letters(a.Last))) > 300 {
				wrong += " ends " + doc.Body[max(0, len(doc.Body)-120):]
			}
		}
		if wrong != "" {
			t.Logf("%s (%d):%.700s\n   %+v", h, len(groups[h]), wrong, d.Source.Extract)
			continue
		}
		good++
	}
	t.Logf("article templates: %d of %d", good, len(hosts))
	if fine < 5 || good < 12 { // measured when this was written
		t.Errorf("fewer than before")
	}
}
