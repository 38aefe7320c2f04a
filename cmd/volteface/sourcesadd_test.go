package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"volteface/internal/learn/learntest"
)

// addedSite is a made site that a test may lay out anew, and a folder to work in.
type addedSite struct {
	*learntest.Site
	url    string
	change atomic.Pointer[strings.Replacer]
	config string
	dir    string
}

func newAddedSite(t *testing.T, n int) *addedSite {
	t.Helper()
	s := &addedSite{Site: learntest.Sites(7)[n], dir: t.TempDir()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := s.Pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if change := s.change.Load(); change != nil {
			page = change.Replace(page)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	s.url = server.URL + s.Listing
	s.config = filepath.Join(s.dir, "volteface.yaml")
	if err := os.WriteFile(s.config, []byte("http: {allow_private: true, delay: 1ms, timeout: 10s}\nsources_dir: "+s.dir+"/own\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.dir, "own"), 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *addedSite) args(args ...string) []string {
	return append(args, "--config", s.config, "--data-dir", filepath.Join(s.dir, "data"))
}

type added struct {
	Source, File, Kind, Way, Definition string
	Written                             bool
	Items                               int
	Articles                            []struct{ Title, Published, Text string }
	Warnings                            []string
}

type checked struct {
	Source, State, Diff, File string
	Broken                    []struct{ Rule, Reason string }
	Fixed                     []string
	Written                   bool
	Agree, Articles           int
}

// A source is added by its address alone, reads its whole site, and is mended when the site is laid out anew.
func TestSourceIsAddedByItsAddress(t *testing.T) {
	s := newAddedSite(t, 0)
	s.Pages[s.Listing+"page/2/"] = `<html lang="en"><main><p>There are no older statements than those on the first page.</p></main></html>`
	if dry := run[added](t, nil, []int{0}, s.args("sources", "add", s.url, "--id", "blocks", "--dry-run", "--json")...); dry[0].Written || isThere(dry[0].File) {
		t.Errorf("a dry run wrote: %+v", dry[0])
	}
	got := run[added](t, nil, []int{0}, s.args("sources", "add", s.url, "--id", "blocks", "--yes", "--json", "--timezone", "America/New_York")...)[0]
	if !got.Written || got.Kind != "listing" || got.Items != 12 || len(got.Articles) != 3 || !strings.Contains(got.Definition, "# ") {
		t.Fatalf("%+v", got)
	}
	findings := run[finding](t, nil, []int{0}, s.args("scrape", "blocks", "--json")...)
	read := 0
	for _, f := range findings {
		if f.State == "NEW" && f.Title != "" && f.Published != "" {
			read++
		}
	}
	if read != 12 {
		t.Errorf("%d statements were read: %+v", read, findings)
	}
	if c := run[checked](t, nil, []int{0}, s.args("sources", "check", "blocks", "--json")...)[0]; c.State != "fits" || c.Articles != 3 {
		t.Errorf("as it was: %+v", c)
	}
	s.change.Store(strings.NewReplacer("wp-block-", "tile-", "entry-content", "prose"))
	c := run[checked](t, nil, []int{1}, s.args("sources", "check", "blocks", "--json")...)[0]
	if c.State != "drifted" || c.Written || !strings.Contains(c.Diff, "+ ") || c.Agree != 3 {
		t.Fatalf("laid out anew: %+v", c)
	}
	before, _ := os.ReadFile(got.File)
	run[checked](t, nil, []int{1}, s.args("sources", "check", "blocks", "--fix", "--json")...) // nobody was asked
	if after, _ := os.ReadFile(got.File); string(after) != string(before) {
		t.Error("the definition was changed without asking")
	}
	if c := run[checked](t, nil, []int{0}, s.args("sources", "check", "blocks", "--fix", "--yes", "--json")...)[0]; !c.Written {
		t.Errorf("not mended: %+v", c)
	}
	if c := run[checked](t, nil, []int{0}, s.args("sources", "check", "blocks", "--json")...)[0]; c.State != "fits" {
		t.Errorf("mended: %+v", c)
	}
	for _, f := range run[finding](t, nil, []int{0}, s.args("scrape", "blocks", "--recheck", "all", "--json")...) {
		if f.State != "UNCHANGED" {
			t.Errorf("after the repair: %+v", f)
		}
	}
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A person is asked, and no is no; what cannot be learnt is said, with what to do.
func TestSourcesAddAsks(t *testing.T) {
	s := newAddedSite(t, 0)
	say := func(answer string, args ...string) (string, int) {
		command := exec.Command(binary, s.args(args...)...)
		command.Stdin = strings.NewReader(answer)
		out, _ := command.CombinedOutput()
		return string(out), command.ProcessState.ExitCode()
	}
	out, code := say("n\n", "sources", "add", s.url, "--id", "asked")
	if code != 0 || !strings.Contains(out, "nothing was written") || isThere(filepath.Join(s.dir, "own", "asked.yaml")) || !strings.Contains(out, s.Articles[0].Title) {
		t.Errorf("%d %s", code, out)
	}
	out, code = say("y\n", "sources", "add", s.url, "--id", "asked")
	if code != 0 || !isThere(filepath.Join(s.dir, "own", "asked.yaml")) || !strings.Contains(out, "newest") {
		t.Errorf("%d %s", code, out)
	}
	out, code = say("", "sources", "add", s.url)
	if code != 2 || !strings.Contains(out, "the source asked reads") {
		t.Errorf("added twice: %d %s", code, out)
	}
	for _, test := range []struct{ arg, want string }{
		{strings.TrimPrefix(s.url, "http://"), "did you mean https://"}, {"ftp://press.example/", "not an http or https address"}, {s.config, "--saved"},
	} {
		if out, code := say("", "sources", "add", test.arg); code != 2 || !strings.Contains(out, test.want) {
			t.Errorf("%s: %d %s", test.arg, code, out)
		}
	}
	if out, code := say("", "sources", "add", strings.TrimSuffix(s.url, s.Listing)+"/gone"); code != 1 || !strings.Contains(out, "404") || !strings.Contains(out, "hint:") {
		t.Errorf("a page that is gone: %d %s", code, out)
	}
}

// A page without a list is watched itself, and so are pages that a person names.
func TestPagesAreAdded(t *testing.T) {
	s := newAddedSite(t, 7)
	host := strings.TrimSuffix(s.url, s.Listing)
	s.Pages["/policy"] = `<html lang="en"><head><title>Policy | Ministry</title></head><body><nav><a href="/">Home</a></nav><main><h1>Our policy</h1>
<p>We do not supply weapons to any side of the conflict, and we have said so to everyone who asked us since the first day of it.</p>
<p>The ministry will keep to this position for as long as the resolution of the council is in force, and will report on it each year.</p></main></body></html>`
	got := run[added](t, nil, []int{0}, s.args("sources", "add", host+"/policy", "--id", "policy", "--yes", "--json")...)[0]
	if got.Kind != "page" || !got.Written || len(got.Warnings) == 0 || len(got.Articles) != 1 || !strings.Contains(got.Articles[0].Text, "We do not supply weapons") {
		t.Errorf("%+v", got)
	}
	got = run[added](t, nil, []int{0}, s.args("sources", "add", "--page", host+"/policy", host+s.Articles[0].Path, "--id", "two", "--yes", "--json")...)[0]
	if got.Kind != "page" || strings.Count(got.Definition, "- url: ") != 2 {
		t.Errorf("%+v", got)
	}
	states := map[string]int{}
	for _, f := range run[finding](t, nil, []int{0}, s.args("scrape", "two", "--json")...) {
		states[f.State]++
	}
	if states["NEW"] != 2 {
		t.Errorf("%v", states)
	}
}

// Saved pages are enough, in a folder or one by one.
func TestSourceIsLearntFromSavedPages(t *testing.T) {
	s := newAddedSite(t, 4)
	folder := t.TempDir()
	write := func(name, page string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	listing := write("press.html", s.Pages[s.Listing])
	one, two := write("a.html", s.Page(s.Articles[0].Path)), write("b.html", s.Page(s.Articles[5].Path))
	const address = "https://press.example/de/press/"
	for _, args := range [][]string{{address, listing, one, two}, {address, folder}} {
		got := run[added](t, nil, []int{0}, s.args(append([]string{"sources", "add", "--saved", "--dry-run", "--json"}, args...)...)...)[0]
		if got.Items != 12 || len(got.Articles) != 2 || got.Articles[0].Title != s.Articles[0].Title || !strings.Contains(strings.Join(got.Warnings, " "), "2 of the 3 articles") {
			t.Errorf("%v: %+v", args, got)
		}
	}
	out, stderr, code := start(t, nil, s.args("sources", "add", "--saved", listing, "--json")...)
	if code != 2 || !strings.Contains(stderr, "which address") {
		t.Errorf("without an address: %d %s %s", code, out, stderr)
	}
}
