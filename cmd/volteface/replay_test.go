package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/replaytest"
)

// version is one line of a pack's index.
type version struct {
	URL    string
	From   time.Time
	Until  *time.Time
	Status int
	Body   string
}

func index(t *testing.T, pack string) map[string][]version {
	t.Helper()
	f, err := os.Open(filepath.Join(pack, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]version{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v version
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all[v.URL] = append(all[v.URL], v)
	}
	return all
}

func body(t *testing.T, pack string, v version) string {
	t.Helper()
	f, err := os.Open(filepath.Join(pack, v.Body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	article = regexp.MustCompile(`^http://en\.kremlin\.ru/events/president/news/\d+$`)
	ogTitle = regexp.MustCompile(`property="og:title" content="([^"]*)"`)
)

func states(lines []finding) map[string]int {
	count := map[string]int{}
	for _, l := range lines {
		count[l.State]++
	}
	return count
}

// Every article of the Kremlin's listing is found, with its title and date;
// when every page has been written anew around the same text, nothing changed.
func TestKremlin(t *testing.T) {
	pack := filepath.Join(replaytest.Shared(t), "replay", "packs", "kremlin")
	now := time.Date(2020, 1, 20, 12, 0, 0, 0, time.UTC)
	proxy := replaytest.Start(t, []string{"kremlin"}, now)
	dir := t.TempDir()
	scrape := func(at time.Time, more ...string) []finding {
		proxy.SetClock(at)
		return run[finding](t, proxy.Env(), []int{0}, append([]string{"scrape", "kremlin", "--json", "--data-dir", dir, "--clock", at.Format(time.RFC3339)}, more...)...)
	}
	first := scrape(now)
	want := map[string]version{}
	for url, versions := range index(t, pack) {
		if article.MatchString(url) && !versions[0].From.After(now.Truncate(24*time.Hour)) {
			want[url] = versions[0]
		}
	}
	got := map[string]finding{}
	for _, f := range first {
		if f.State != "NEW" {
			t.Errorf("%s %s: %s", f.State, f.URL, f.Reason)
		}
		got[f.URL] = f
	}
	for url, v := range want {
		f, ok := got[url]
		if !ok {
			t.Errorf("%s was not found", url)
			continue
		}
		page := body(t, pack, v)
		if m := ogTitle.FindStringSubmatch(page); m == nil || strings.Join(strings.Fields(html.UnescapeString(m[1])), " ") != f.Title {
			t.Errorf("%s: title %q", url, f.Title)
		}
		if date, err := time.Parse(time.RFC3339, f.Published); err != nil || date.Sub(v.From).Abs() > time.Minute {
			t.Errorf("%s: published %s, want %s", url, f.Published, v.From)
		}
	}
	if len(want) < 100 {
		t.Fatalf("the pack has only %d articles", len(want))
	}

	before := len(proxy.Log("en.kremlin.ru"))
	later := now.AddDate(0, 2, 0) // past the second copy of every page
	second := scrape(later, "--recheck", "all")
	if count := states(second); count["CHANGED"]+count["MISSING"]+count["ERROR"] > 0 || count["UNCHANGED"] < len(got) {
		t.Errorf("with every page rewritten around its text: %v", count)
	}
	asked := map[string]int{}
	for _, request := range proxy.Log("en.kremlin.ru")[before:] {
		if request.Status == 200 && article.MatchString(request.URL) {
			asked[request.URL]++
		}
	}
	for url, f := range got {
		if v := want[url]; v.Until == nil || !v.Until.After(now) {
			continue // it was first read in its second form: 304 is right
		}
		if asked[url] == 0 {
			t.Errorf("%s was not fetched again", url)
			continue
		}
		one := run[shown](t, nil, []int{0}, "statements", "show", f.ID, "--json", "--data-dir", dir)[0]
		if len(one.Snapshots) != 2 || one.Snapshots[0].SHA256 == one.Snapshots[1].SHA256 {
			t.Errorf("%s: %d snapshots are kept of two different pages", url, len(one.Snapshots))
		}
		if len(one.Revisions) != 1 || one.Text == "" || one.Language != "en" {
			t.Errorf("%s: %d revisions, %d bytes of text in %q", url, len(one.Revisions), len(one.Text), one.Language)
		}
	}
	polite(t, proxy)
}

// polite reads good manners off the proxy's log.
func polite(t *testing.T, proxy *replaytest.Proxy) {
	t.Helper()
	first := map[string]string{}
	for _, r := range proxy.Log() {
		if first[r.Host] == "" {
			first[r.Host] = r.Path
		}
		if r.InFlight > 1 {
			t.Errorf("%d requests at once on %s", r.InFlight, r.Host)
		}
		if !strings.HasPrefix(r.UserAgent, "volteface/") {
			t.Errorf("asked as %q", r.UserAgent)
		}
	}
	for host, path := range first {
		if path != "/robots.txt" {
			t.Errorf("the first request to %s was %s", host, path)
		}
	}
}

// edit is a line of the pack's edits.json.
type edit struct {
	URL, Kind string
	From      time.Time
}

// The White House's real edits are reported, all of them and nothing else; its
// removed pages are missing and then removed, its moved page is moved, and
// nothing is unlisted or at fault.
func TestWhiteHouse(t *testing.T) {
	pack := filepath.Join(replaytest.Shared(t), "replay", "packs", "whitehouse")
	content, err := os.ReadFile(filepath.Join(pack, "edits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var edits []edit
	if err := json.Unmarshal(content, &edits); err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2022, 10, 15, 5, 0, 0, 0, time.UTC) // the listing exists
	end := time.Date(2022, 10, 27, 0, 0, 0, 0, time.UTC)
	if os.Getenv("VOLTEFACE_LONG") != "" {
		end = time.Date(2022, 12, 8, 0, 0, 0, 0, time.UTC)
	}
	removals := time.Date(2022, 12, 10, 0, 0, 0, 0, time.UTC)
	moments := map[time.Time]bool{begin: true, removals: true, removals.Add(12 * time.Hour): true, removals.Add(25 * time.Hour): true}
	want, got, missing := map[string]bool{}, map[string]bool{}, map[string]bool{}
	removedPages, moved := map[string]bool{}, map[string]int{}
	for _, e := range edits {
		if e.From.Before(begin) || e.From.After(end) {
			continue
		}
		moments[e.From.Add(-time.Minute)], moments[e.From.Add(time.Minute)] = true, true
		if e.Kind == "text" || e.Kind == "title" {
			want[e.URL] = true
		}
	}
	later := map[string]bool{} // edited after the steps: seen or not, as the listing had it
	for _, e := range edits {
		if e.From.After(end) {
			later[e.URL] = true
		}
	}
	proxy := replaytest.Start(t, []string{"whitehouse"}, begin)
	dir := t.TempDir()
	for _, at := range slices.SortedFunc(maps.Keys(moments), time.Time.Compare) {
		proxy.SetClock(at)
		for _, f := range run[finding](t, proxy.Env(), []int{0}, "scrape", "whitehouse-2022", "--recheck", "all", "--json", "--data-dir", dir, "--clock", at.Format(time.RFC3339)) {
			switch f.State {
			case "CHANGED":
				got[f.URL] = true
			case "MISSING":
				missing[f.URL] = true
			case "REMOVED":
				removedPages[f.URL] = true
			case "MOVED":
				moved[f.URL]++
			case "NEW", "UNCHANGED":
			default:
				t.Errorf("at %s: %s %s: %s", at, f.State, f.URL, f.Reason)
			}
		}
	}
	for url := range want {
		if !got[url] {
			t.Errorf("the edit of %s was missed", url)
		}
	}
	for url := range got {
		if !want[url] && !later[url] {
			t.Errorf("%s is reported as changed, and was not edited", url)
		}
	}
	known := map[string]bool{}
	for _, l := range run[finding](t, nil, []int{0}, "statements", "list", "--json", "--data-dir", dir) {
		known[l.URL] = true
	}
	removed := 0
	for url, versions := range index(t, pack) {
		last := versions[len(versions)-1]
		switch gone := last.Status == 404 || last.Status == 410; {
		case gone && known[url] && !last.From.After(removals):
			removed++
			if !missing[url] || !removedPages[url] {
				t.Errorf("%s is gone: missed %v, removed %v", url, missing[url], removedPages[url])
			}
		case !gone && (missing[url] || removedPages[url]):
			t.Errorf("%s is reported as missing, and answers %d", url, last.Status)
		case (last.Status == 301) && known[url] != (moved[url] == 1), last.Status != 301 && moved[url] > 0:
			t.Errorf("%s, which answers %d, is reported as moved %d times", url, last.Status, moved[url])
		}
	}
	if removed == 0 || len(moved) == 0 || len(want) < 4 {
		t.Errorf("only %d removals, %d moves and %d edits were looked for", removed, len(moved), len(want))
	}
	for _, src := range run[struct{ ID, Fault string }](t, nil, []int{0}, "sources", "list", "--json", "--data-dir", dir) {
		if src.Fault != "" {
			t.Errorf("%s is at fault: %s", src.ID, src.Fault)
		}
	}
	t.Logf("%d edits, %d removals, %d moves", len(want), removed, len(moved))
	polite(t, proxy)
}
