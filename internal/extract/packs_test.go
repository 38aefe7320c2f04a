package extract

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// version of one address in a replay pack.
type captured struct {
	URL     string
	From    string
	Status  int
	Headers map[string]string
	Body    string
	Churn   int

	bytes []byte
}

// readPack reads the versions of a replay pack that want accepts; the test is
// skipped where the packs are not at hand.
func readPack(t testing.TB, name string, want func(url string) bool) []captured {
	t.Helper()
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	dir := filepath.Join(shared, "replay", "packs", name)
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var versions []captured
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v captured
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if v.Status != 200 || !want(v.URL) {
			continue
		}
		v.bytes = readBody(t, filepath.Join(dir, v.Body))
		if v.Churn > 0 { // what the proxy fills in
			v.bytes = []byte(strings.NewReplacer("@@NONCE@@", "a1b2c3d4e5", "@@MS@@", "0.123", "@@EPOCH@@", v.From).Replace(string(v.bytes)))
		}
		versions = append(versions, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(versions) == 0 {
		t.Fatalf("nothing wanted in pack %s", name)
	}
	return versions
}

func readBody(t testing.TB, path string) []byte {
	t.Helper()
	b, err := replaytest.Unpacked(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shipped is a source as it is built into the program.
func shipped(t testing.TB, id string) *Extractor {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "configs", "sources", id+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var src statement.Source
	if err := yaml.UnmarshalWithOptions(content, &src, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if src.Authority == "" {
		src.Authority = statement.FromPage
	}
	return extractor(t, src)
}

func extractor(t testing.TB, src statement.Source) *Extractor {
	t.Helper()
	x, err := New(src)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (v captured) input() Input {
	return Input{URL: v.URL, ContentType: v.Headers["Content-Type"], Body: v.bytes, Representation: statement.FromPage}
}

func dump(t testing.TB, name string, d statement.Document) {
	dir := os.Getenv("EXTRACT_DUMP")
	if dir == "" {
		return
	}
	os.MkdirAll(dir, 0o755)
	os.WriteFile(filepath.Join(dir, name), []byte(d.Title+"\nP "+d.Published.String()+" <"+d.Published.Raw+">\nU "+d.Updated.String()+" <"+d.Updated.Raw+">\nL "+d.Language+"\nS "+strings.Join(d.Speakers, " ; ")+"\nC "+d.Canonical+"\nV "+string(d.Path)+"\n\n"+d.Body+"\n"), 0o644)
}

// Every article of the Kremlin pack is there twice, with other markup and the
// same text.
func TestKremlinPack(t *testing.T) {
	x := shipped(t, "kremlin")
	first := map[string]statement.Document{}
	versions := readPack(t, "kremlin", func(u string) bool {
		rest, ok := strings.CutPrefix(u, "http://en.kremlin.ru/events/president/news/")
		return ok && strings.Trim(rest, "0123456789") == ""
	})
	for _, v := range versions {
		d, err := x.Extract(v.input())
		if err != nil {
			t.Errorf("%s: %v", v.URL, err)
			continue
		}
		dump(t, filepath.Base(v.URL)+"-"+v.From[:10]+".txt", d)
		if d.Title == "" || d.Body == "" || d.Published.Time.IsZero() || !d.Published.HasTime || d.Path != statement.BySelectors || d.Language != "en" {
			t.Errorf("%s: %+v", v.URL, d)
		}
		if d.Published.Time.UTC().After(d.Updated.Time.AddDate(0, 0, 1)) || !d.Updated.HasTime {
			t.Errorf("%s: published %s, updated %s", v.URL, d.Published, d.Updated)
		}
		one, again := first[v.URL]
		if !again {
			first[v.URL] = d
			continue
		}
		if one.TextHash() != d.TextHash() {
			t.Errorf("%s: two copies differ:\n%+v\n%+v", v.URL, one, d)
		}
	}
	if len(first) != 269 || len(versions) != 538 {
		t.Errorf("%d articles in %d copies, want 269 in 538", len(first), len(versions))
	}
}

// Consecutive versions of a White House document differ exactly where the pack
// says that text or title were edited.
func TestWhiteHousePack(t *testing.T) {
	x := shipped(t, "whitehouse-2022")
	type edit struct{ URL, From, Kind string }
	var edits []edit
	raw, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "whitehouse", "edits.json"))
	if err == nil {
		err = json.Unmarshal(raw, &edits)
	}
	if err != nil && os.Getenv("VOLTEFACE_SHARED") != "" {
		t.Fatal(err)
	}
	kind := map[string]string{}
	for _, e := range edits {
		kind[e.URL+" "+e.From] = e.Kind
	}
	last := map[string]statement.Document{}
	changed := map[string]int{}
	for _, v := range readPack(t, "whitehouse", func(u string) bool {
		parts := strings.Split(u, "/")
		return len(parts) == 10 && parts[3] == "briefing-room" && len(parts[5]) == 4 && parts[5][0] == '2'
	}) {
		d, err := x.Extract(v.input())
		if err != nil {
			t.Errorf("%s: %v", v.URL, err)
			continue
		}
		dump(t, filepath.Base(strings.TrimSuffix(v.URL, "/"))[:min(60, len(filepath.Base(strings.TrimSuffix(v.URL, "/"))))]+"-"+v.From+".txt", d)
		if d.Title == "" || d.Body == "" || !d.Published.HasTime || d.Path != statement.BySelectors || d.Canonical == "" {
			t.Errorf("%s: %+v", v.URL, d)
		}
		before, again := last[v.URL]
		last[v.URL] = d
		if !again {
			continue
		}
		k := kind[v.URL+" "+v.From]
		differ, should := before.TextHash() != d.TextHash(), k == "text" || k == "title"
		if differ {
			changed[k]++
		}
		if differ != should {
			t.Errorf("%s from %s: differs %v, edit %+v\n%+v\n%+v", v.URL, v.From, differ, k, before, d)
		}
	}
	if changed["text"] != 19 || changed["title"] != 3 || len(changed) != 2 {
		t.Errorf("changes seen by kind of edit: %v", changed)
	}
}

// Main-content extraction of articles, without any rule, against the text that
// the source's selectors find: the figures behind
// docs/decisions/0002-main-content-fallback.md.
func TestMainContentAgreement(t *testing.T) {
	for _, pack := range []struct {
		name, source, zone string
		want               func(url string) bool
		floor              float64
	}{
		{"kremlin", "kremlin", "Europe/Moscow", func(u string) bool {
			rest, ok := strings.CutPrefix(u, "http://en.kremlin.ru/events/president/news/")
			return ok && strings.Trim(rest, "0123456789") == ""
		}, .97},
		{"whitehouse", "whitehouse-2022", "America/New_York", func(u string) bool {
			parts := strings.Split(u, "/")
			return len(parts) == 10 && parts[3] == "briefing-room" && len(parts[5]) == 4 && parts[5][0] == '2'
		}, .95},
	} {
		x, bare := shipped(t, pack.source), extractor(t, statement.Source{Language: "en", Timezone: pack.zone})
		var f1, perfect, n, failed, titles float64
		seen := map[string]bool{}
		for _, v := range readPack(t, pack.name, pack.want) {
			if seen[v.URL] {
				continue
			}
			seen[v.URL] = true
			want, err := x.Extract(v.input())
			if err != nil {
				t.Fatal(err)
			}
			in := v.input()
			in.Via = statement.ByMainContent
			got, err := bare.Extract(in)
			n++
			if err != nil {
				failed++
				continue
			}
			if got.Title == want.Title {
				titles++
			}
			score := agreement(strings.Fields(got.Body), strings.Fields(want.Body))
			if score < .8 {
				t.Logf("%.2f %s", score, v.URL)
			}
			f1 += score
			if score == 1 {
				perfect++
			}
		}
		t.Logf("%s: %v articles: F1 of four-word shingles %.3f, identical %v, titles %v, nothing found %v", pack.name, n, f1/n, perfect, titles, failed)
		if f1/n < pack.floor || failed > 0 {
			t.Errorf("%s: main-content extraction agrees less than %.2f", pack.name, pack.floor)
		}
	}
}

// agreement is the F1 of the shingles of four words that two texts share.
func agreement(a, b []string) float64 {
	count := map[string]int{}
	shingles := func(w []string) []string {
		var s []string
		for i := 0; i+4 <= len(w); i++ {
			s = append(s, strings.Join(w[i:i+4], " "))
		}
		return s
	}
	sa, sb := shingles(a), shingles(b)
	if len(sa)+len(sb) == 0 {
		return 1
	}
	for _, s := range sa {
		count[s]++
	}
	common := 0
	for _, s := range sb {
		if count[s] > 0 {
			count[s]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(sa)+len(sb))
}

// On today's White House site the banner, the trail of categories, the date and
// "For Immediate Release" come and go around a text that stays.
func TestWhiteHouseFurniture(t *testing.T) {
	x := shipped(t, "whitehouse")
	const text = `<p>PROTECTING SENIORS: Today, the President announced payments.</p><ul><li>One.</li></ul>`
	const topper = `<div class="alignfull wp-block-whitehouse-topper"><div class="wp-block-whitehouse-topper__content">
<h1 class="wp-block-whitehouse-topper__headline"> Fact Sheet: Seniors </h1><div class="wp-block-post-date"><time datetime="2026-10-02T23:01:43-04:00">October 2, 2026</time></div></div>
<nav class="wp-block-whitehouse-topper-navigation"><form><label for="i-%s">Search</label><input id="i-%s"></form><ul><li>All News</li></ul></nav></div>`
	var before statement.Document
	for i, body := range []string{
		strings.ReplaceAll(topper, "%s", "7") + text,
		strings.ReplaceAll(topper, "%s", "31") + `<ol class="wp-block-breadcrumbs"><li>News</li><li>Fact Sheets</li></ol><p>For Immediate Release</p>` + text,
		`<nav aria-label="breadcrumb"><ol><li>News</li></ol></nav>` + strings.ReplaceAll(topper, "%s", "9") + "<p>FOR IMMEDIATE RELEASE:</p>" + text +
			`<aside><h2>Related</h2></aside><div class="wp-block-post-navigation-link"><a href="/x">Next</a></div>`,
	} {
		d, err := x.Extract(Input{
			URL: "https://www.whitehouse.gov/fact-sheets/2026/10/fact-sheet-seniors/", Representation: statement.FromPage,
			Body: []byte(`<!doctype html><html lang="en-US"><body><header><a href="/">The White House</a></header><main>` + body + `</main><footer>Text MAGA</footer></body></html>`),
		})
		if err != nil || d.Path != statement.BySelectors || d.Title != "Fact Sheet: Seniors" || d.Published.String() != "2026-10-02T23:01:43-04:00" ||
			d.Body != "PROTECTING SENIORS: Today, the President announced payments.\n\nOne." {
			t.Errorf("%d: %+v, %v", i, d, err)
		}
		if i > 0 && d.TextHash() != before.TextHash() {
			t.Errorf("%d: the text differs", i)
		}
		before = d
	}
}
