package extract

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"volteface/internal/statement"
)

// label is what the issuers pack says of an article.
type label struct {
	URL, Title, Published, Language string
	First                           string `json:"first_words"`
	Last                            string `json:"last_words"`
	Format, Body, Note              string
}

// squeezed compares without regard to white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// Pages of many issuers are read without any rule of their own: a floor under
// what main-content extraction and the dates that pages declare give.
func TestIssuersWithoutRules(t *testing.T) {
	bodies := map[string]captured{}
	for _, v := range readPack(t, "issuers", func(string) bool { return true }) {
		bodies[v.URL] = v
	}
	var known struct{ Articles []label }
	if err := json.Unmarshal(labels(t), &known); err != nil {
		t.Fatal(err)
	}
	var pages, title, date, dated, wrong, begin, end int
	for _, l := range known.Articles {
		v, ok := bodies[l.URL]
		if !ok || !strings.Contains(v.Headers["Content-Type"], "html") {
			continue
		}
		pages++
		d, err := extractor(t, statement.Source{Language: l.Language}).Extract(v.input())
		if err != nil {
			t.Logf("%s: %v", l.URL, err)
			continue
		}
		dump(t, "issuer-"+strings.NewReplacer("/", "_", ":", "").Replace(l.URL)[:min(90, len(l.URL)-3)]+".txt", d)
		if squeezed(d.Title) == squeezed(l.Title) {
			title++
		} else {
			t.Logf("%s: title %q, want %q", l.URL, d.Title, l.Title)
		}
		if l.Published != "" {
			dated++
			if strings.HasPrefix(d.Published.String(), l.Published[:min(10, len(l.Published))]) {
				date++
			} else {
				if !d.Published.Time.IsZero() {
					wrong++
				}
				t.Logf("%s: published %s <%s>, want %s", l.URL, d.Published, d.Published.Raw, l.Published)
			}
		}
		body := squeezed(d.Body)
		at, to := strings.Index(body, squeezed(l.First)), strings.LastIndex(body, squeezed(l.Last))
		if at >= 0 && utf8.RuneCountInString(body[:at]) < 300 {
			begin++
		} else {
			t.Logf("%s: first words at %d: %.200q, want %q", l.URL, at, d.Body, l.First)
		}
		if to >= 0 && utf8.RuneCountInString(body[to+len(squeezed(l.Last)):]) < 300 {
			end++
		} else {
			t.Logf("%s: last words at %d of %d: %q, want %q", l.URL, to, len(body), d.Body[max(0, len(d.Body)-200):], l.Last)
		}
	}
	t.Logf("%d pages: titles %d, dates %d of %d (%d wrong), first words %d, last words %d", pages, title, date, dated, wrong, begin, end)
	// Measured when this was written; a library's new release may not lose any.
	if title < 30 || date < 26 || wrong > 0 || begin < 32 || end < 32 || pages != 33 {
		t.Errorf("fewer right than before")
	}
}

// Real captures of agencies' pages, read without rules: what counts as no
// change must not change the text.
func TestEDGIPairs(t *testing.T) {
	versions := map[string][]captured{}
	for _, v := range readPack(t, "edgi", func(u string) bool { return !strings.HasSuffix(u, "/robots.txt") }) {
		versions[v.URL] = append(versions[v.URL], v)
	}
	raw, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "edgi", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels []struct{ ID, URL, Expected string }
	if err := json.Unmarshal(raw, &labels); err != nil {
		t.Fatal(err)
	}
	x := extractor(t, statement.Source{Language: "en"})
	for _, l := range labels {
		pair := versions[l.URL]
		if len(pair) != 2 {
			t.Errorf("%s: %d versions", l.URL, len(pair))
			continue
		}
		var d [2]statement.Document
		for i := range pair {
			if d[i], err = x.Extract(pair[i].input()); err != nil {
				t.Logf("%s: %v", l.ID, err)
			}
			dump(t, "edgi-"+l.ID+"-"+string(rune('a'+i))+".txt", d[i])
		}
		if strings.HasPrefix(l.ID, "falsepos") && l.ID != "falsepos-footer" && d[0].TextHash() != d[1].TextHash() {
			t.Errorf("%s: the text differs", l.ID) // falsepos-footer needs a selector: its slides are taken for the text
		}
		t.Logf("%-28s expected %-9s text differs %v title differs %v date differs %v (%d, %d bytes)", l.ID, l.Expected, d[0].Body != d[1].Body,
			d[0].Title != d[1].Title, d[0].Published.String() != d[1].Published.String(), len(d[0].Body), len(d[1].Body))
	}
}

// Feeds of many issuers, against what the pack says is in them.
func TestIssuerFeeds(t *testing.T) {
	raw, bodies := labels(t), map[string]captured{}
	for _, v := range readPack(t, "issuers", func(string) bool { return true }) {
		bodies[v.URL] = v
	}
	var all struct {
		Listings []struct {
			URL, Kind, Language string
			Items               []struct {
				URL, Title, Published, Updated, GUID string
				First                                string `json:"first_words"`
				Last                                 string `json:"last_words"`
				Full                                 bool   `json:"full_text"`
			}
		}
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	feeds, items, texts := 0, 0, 0
	for _, l := range all.Listings {
		if l.Kind != "feed" {
			continue
		}
		feeds++
		src := statement.Source{Kind: statement.KindFeed, Language: l.Language, Authority: statement.FromFeed, Timezone: "UTC"}
		if strings.HasPrefix(l.URL, "https://www.whitehouse.gov") {
			src.Extract = shipped(t, "whitehouse").src.Extract
		}
		x := extractor(t, src)
		v := bodies[l.URL]
		entries, _, err := x.Feed(v.bytes, l.URL)
		if err != nil || len(entries) < len(l.Items) {
			t.Errorf("%s: %d entries, want %d: %v", l.URL, len(entries), len(l.Items), err)
			continue
		}
		for i, want := range l.Items {
			items++
			e := entries[i]
			if e.URL != want.URL || squeezed(e.Title) != squeezed(want.Title) || !sameMoment(e.Published, want.Published) ||
				want.Updated != "" && !sameMoment(e.Updated, want.Updated) || want.GUID != "" && e.Locator != want.GUID {
				t.Errorf("%s: %+v, want %+v", l.URL, e, want)
			}
			if !want.Full {
				continue
			}
			texts++
			d, err := x.Extract(Input{URL: l.URL, ContentType: v.Headers["Content-Type"], Body: v.bytes, Locator: e.Locator, Representation: statement.FromFeed})
			if err != nil {
				t.Errorf("%s: %v", e.URL, err)
				continue
			}
			dump(t, "feed-"+strings.ReplaceAll(e.Locator, "/", "_")+".txt", d)
			body := squeezed(d.Body)
			// The State Department repeats title, date and author in its feed;
			// that takes rules of its own.
			at := strings.Index(body, squeezed(want.First))
			if at < 0 || at > 0 && !strings.Contains(l.URL, "state.gov") || !strings.HasSuffix(body, squeezed(want.Last)) || d.Path != statement.ByFeed || d.Title != e.Title {
				t.Errorf("%s: %.300q … %q, want %q … %q", e.URL, d.Body, d.Body[max(0, len(d.Body)-200):], want.First, want.Last)
			}
		}
	}
	t.Logf("%d feeds, %d entries, %d texts", feeds, items, texts)
}

func labels(t testing.TB) []byte {
	t.Helper()
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "replay", "packs", "issuers", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func sameMoment(d statement.Date, want string) bool {
	if want == "" {
		return d.IsZero()
	}
	w, err := time.Parse(time.RFC3339, want)
	return err == nil && d.Time.Equal(w) && d.HasTime
}

// JSON documents of GOV.UK and the Commission.
func TestIssuerDocuments(t *testing.T) {
	bodies := map[string]captured{}
	for _, v := range readPack(t, "issuers", func(string) bool { return true }) {
		bodies[v.URL] = v
	}
	var known struct{ Articles []label }
	if err := json.Unmarshal(labels(t), &known); err != nil {
		t.Fatal(err)
	}
	documents := 0
	for _, l := range known.Articles {
		if l.Format != "json" {
			continue
		}
		documents++
		rules := statement.ExtractRules{
			Title: []string{"title"}, Body: []string{"details.summary.#(content_type==\"text/html\").content", "details.summary", "details.body"},
			Published: []statement.DateRule{{Selectors: []string{"first_published_at"}}},
		}
		if strings.HasPrefix(l.URL, "https://ec.europa.eu/") {
			rules = statement.ExtractRules{
				Title: []string{"docuLanguageResource.title"}, Body: []string{"docuLanguageResource.htmlContent"},
				Published: []statement.DateRule{{Selectors: []string{"publishDate"}}, {Selectors: []string{"eventDate"}}},
			}
		}
		x := extractor(t, statement.Source{Kind: statement.KindAPI, Language: "en", Authority: statement.FromAPI, Extract: rules})
		v := bodies[l.URL]
		d, err := x.Extract(Input{URL: l.URL, ContentType: v.Headers["Content-Type"], Body: v.bytes, Representation: statement.FromAPI})
		if err != nil {
			t.Errorf("%s: %v", l.URL, err)
			continue
		}
		dump(t, "api-"+filepath.Base(l.URL)+".txt", d)
		body := squeezed(d.Body)
		published := l.Published == "" && d.Published.IsZero() || d.Published.HasTime && d.Published.Raw == l.Published
		if squeezed(d.Title) != squeezed(l.Title) || !published || d.Path != statement.ByAPI ||
			!strings.Contains(body, squeezed(l.First)) || !strings.Contains(body, squeezed(l.Last)) {
			t.Errorf("%s: %+v, want %+v", l.URL, d, l)
		}
	}
	if documents < 10 {
		t.Errorf("%d documents", documents)
	}
	t.Logf("%d documents", documents)
}

// JSON listings of NATO, and of a newspaper's sitemap.
func TestIssuerListings(t *testing.T) {
	bodies := map[string]captured{}
	for _, v := range readPack(t, "issuers", func(string) bool { return true }) {
		bodies[v.URL] = v
	}
	var all struct {
		Listings []struct {
			URL, Kind string
			Items     []struct{ URL, Title, Published string }
		}
	}
	if err := json.Unmarshal(labels(t), &all); err != nil {
		t.Fatal(err)
	}
	for _, l := range all.Listings {
		if l.Kind != "api" {
			continue
		}
		rules := statement.APIRules{Items: "pages", Link: "link", Title: "title", Date: "pageDate", Formats: []string{"02 January 2006"}}
		if strings.Contains(l.URL, "sitemap") {
			rules = statement.APIRules{Items: "urls", Link: "loc"}
		}
		x := extractor(t, statement.Source{Kind: statement.KindAPI, Language: "en", Authority: statement.FromPage, API: rules})
		entries, err := x.Items(bodies[l.URL].bytes, l.URL)
		if err != nil || len(entries) < len(l.Items) {
			t.Errorf("%s: %d entries: %v", l.URL, len(entries), err)
			continue
		}
		for i, want := range l.Items {
			address, err := url.PathUnescape(entries[i].URL)
			if err != nil || address != want.URL || entries[i].Title != want.Title || entries[i].Published.String() != want.Published || entries[i].Locator != "" {
				t.Errorf("%s: %+v, want %+v", l.URL, entries[i], want)
			}
		}
	}
}
