package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"volteface/internal/clock"
)

func TestRobotsRules(t *testing.T) {
	for _, test := range []struct {
		name, file  string
		allowed     []string
		forbidden   []string
		delay       time.Duration
		description string
	}{
		{name: "empty", allowed: []string{"/", "/a"}},
		{name: "all", file: "User-agent: *\nDisallow: /", forbidden: []string{"/", "/a?b"}, allowed: []string{"/robots.txt"}},
		{name: "nothing forbidden", file: "User-agent: *\nDisallow:", allowed: []string{"/a"}},
		{name: "ours before all", file: "User-agent: *\nDisallow: /\nUser-agent: Volteface\nDisallow: /x", allowed: []string{"/a"}, forbidden: []string{"/x/y"}},
		{name: "ours with a version", file: "User-agent: volteface/1.0\nDisallow: /x", forbidden: []string{"/x"}, allowed: []string{"/"}},
		{name: "not ours by its beginning", file: "User-agent: volte\nDisallow: /\nUser-agent: v\nDisallow: /", allowed: []string{"/a"}},
		{name: "not ours by more", file: "User-agent: volteface-news\nDisallow: /", allowed: []string{"/a"}},
		{name: "groups of one name are one", file: "User-agent: volteface\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: volteface\nDisallow: /b", forbidden: []string{"/a", "/b"}, allowed: []string{"/c"}},
		{name: "several names", file: "User-agent: x\nUser-agent: volteface\nUser-agent: y\nDisallow: /a", forbidden: []string{"/a"}, allowed: []string{"/b"}},
		{name: "longest", file: "User-agent: *\nDisallow: /\nAllow: /events/\nDisallow: /events/copy", allowed: []string{"/events/1"}, forbidden: []string{"/", "/events/copy/1", "/events"}},
		{name: "allow among equals", file: "User-agent: *\nDisallow: /a\nAllow: /a", allowed: []string{"/a"}},
		{name: "allow among equals, first", file: "User-agent: *\nAllow: /a\nDisallow: /a", allowed: []string{"/a"}},
		{name: "wildcards", file: "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a/*/c\nDisallow: *?print=", forbidden: []string{"/x.pdf", "/a/b/c", "/a/b/b/c/d", "/z?print=1"}, allowed: []string{"/x.pdf?a", "/a/c", "/x/a/b/d", "/z?x=1"}},
		{name: "anchored to the beginning", file: "User-agent: *\nDisallow: /a*b", allowed: []string{"/x/a/b"}, forbidden: []string{"/acb"}},
		{name: "end", file: "User-agent: *\nDisallow: /$\nDisallow: /x*y$", forbidden: []string{"/", "/xyy", "/x1y"}, allowed: []string{"/a", "/xyz"}},
		{name: "escapes", file: "User-agent: *\nDisallow: /%61%2fb\nDisallow: /новости", forbidden: []string{"/a%2Fb", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", "/новости"}, allowed: []string{"/a/b"}},
		{name: "without a slash", file: "User-agent: *\nDisallow: a", forbidden: []string{"/a"}, allowed: []string{"/b"}},
		{name: "bad lines cost nothing else", file: "Disallow: /early\nnonsense\nUser-agent: *\nCrawl-delay: ten\n: \nDisallow /b\nDisallow: /c # why\nNoindex: /d", forbidden: []string{"/c"}, allowed: []string{"/early", "/b", "/d"}},
		{name: "BOM, CR", file: "\uFEFFUser-agent: *\rDisallow: /a\r\nDisallow: /b", forbidden: []string{"/a", "/b"}, allowed: []string{"/c"}},
		{name: "a sitemap ends no group", file: "User-agent: *\nSitemap: http://x/\nDisallow: /a", forbidden: []string{"/a"}},
		{name: "crawl delay", file: "User-agent: *\nCrawl-delay: 2.5", delay: 2500 * time.Millisecond},
		{name: "crawl delay of another", file: "User-agent: *\nCrawl-delay: 10\n\nUser-agent: BadBot\nDisallow: /", delay: 10 * time.Second, allowed: []string{"/a"}},
		{name: "crawl delay without end", file: "User-agent: *\nCrawl-delay: 1e300", delay: time.Minute},
		{name: "crawl delay that is none", file: "User-agent: *\nCrawl-delay: NaN\nCrawl-delay: -1"},
		{name: "a web page", file: "<!doctype html><title>Not found</title>", allowed: []string{"/a"}},
	} {
		g := parseRobots([]byte(test.file), "volteface")
		if g.delay != test.delay {
			t.Errorf("%s: Crawl-delay %s, want %s", test.name, g.delay, test.delay)
		}
		for want, list := range map[bool][]string{true: test.allowed, false: test.forbidden} {
			for _, address := range list {
				u, err := url.Parse("http://example.org" + address)
				if err != nil {
					t.Fatal(err)
				}
				if g.allows(u) != want {
					t.Errorf("%s: %s: allowed is %v", test.name, address, !want)
				}
			}
		}
	}
}

// FuzzRobots reads any bytes as robots.txt, and sees that a pattern matches
// exactly what the regular expression that spells it out would match.
func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*.pdf$\nAllow: /a*b*c", "/a/b.pdf")
	f.Add("User-agent: volteface\nDisallow: /%7e*\xff$$", "/~\xff$")
	f.Fuzz(func(t *testing.T, file, path string) {
		g := parseRobots([]byte(file), "volteface")
		g.allows(&url.URL{Scheme: "http", Host: "example.org", Path: path})
		if normal := normalPath(path); normalPath(normal) != normal && !strings.Contains(path, "%") {
			t.Errorf("%q is made normal twice: %q", path, normal)
		}
		for _, r := range g.paths {
			if len(r.pattern) > 200 {
				continue
			}
			pattern, anchored := strings.CutSuffix(r.pattern, "$")
			expression := "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`)
			if anchored {
				expression += "$"
			}
			path := normalPath(path)
			if got, want := matches(r.pattern, path), regexp.MustCompile(expression).MatchString(path); got != want {
				t.Errorf("%q against %q: %v", r.pattern, path, got)
			}
		}
	})
}

// site is a server whose robots.txt a test changes.
type site struct {
	*httptest.Server
	robots atomic.Value // http.HandlerFunc
	asked  atomic.Int64 // for robots.txt
	pages  atomic.Int64
}

func newSite(t *testing.T, robots http.HandlerFunc) *site {
	s := &site{}
	s.robots.Store(robots)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/robots") {
			s.asked.Add(1)
			s.robots.Load().(http.HandlerFunc)(w, r)
			return
		}
		s.pages.Add(1)
		_, _ = io.WriteString(w, "<p>")
	}))
	t.Cleanup(s.Close)
	return s
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func hops(n int, then string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := 0
		_, _ = fmt.Sscanf(r.URL.Path, "/robots%d", &at)
		if at < n {
			http.Redirect(w, r, fmt.Sprintf("/robots%d", at+1), http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, then)
	}
}

func breaksOff(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

const forbidAll = "User-agent: *\nDisallow: /\n"

func TestRobots(t *testing.T) {
	for name, test := range map[string]struct {
		robots http.HandlerFunc
		kind   ErrorKind // of the error; "" if the page may be read
		again  bool      // retryable
		why    string
	}{
		"allowed":         {answers(200, "User-agent: *\nDisallow: /private\n"), "", false, "allows it"},
		"forbidden":       {answers(200, forbidAll), KindRobots, false, "forbids this address"},
		"not there":       {answers(404, forbidAll), "", false, "404 Not Found"},
		"not for us":      {answers(403, ""), "", false, "403 Forbidden"},
		"failing":         {answers(503, ""), KindRobots, true, "503 Service Unavailable"},
		"unreachable":     {breaksOff, KindRefused, true, ""},
		"moved":           {hops(5, forbidAll), KindRobots, false, "forbids this address"},
		"moved too far":   {hops(6, forbidAll), "", false, "302 Found"},
		"moved in a loop": {hops(1000, ""), "", false, "302 Found"},
		"cut":             {answers(200, "User-agent: *\nAllow: /\n"+strings.Repeat("#\n", robotsSize/2)+"Disallow: /page\n"), "", false, "allows it"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, test.robots)
			c := newClient(t, Options{})
			_, _, err := get(c.Visit(0), s.URL+"/page")
			if kindIn(err) != test.kind {
				t.Fatalf("%v, want kind %q", err, test.kind)
			}
			if err != nil && (s.pages.Load() != 0 || retryable(err) != test.again) {
				t.Errorf("%d pages were asked for, retryable %v", s.pages.Load(), retryable(err))
			}
			ruling, err := c.Robots(context.Background(), s.URL+"/page")
			if ruling.Allowed != (test.kind == "") || !strings.Contains(ruling.String(), test.why) || (err != nil) != (test.kind == KindRefused) {
				t.Errorf("%q, %v", ruling, err)
			}
		})
	}
}

func retryable(err error) bool {
	for err != nil {
		if known, ok := err.(*Error); ok {
			return known.Retryable()
		}
		err = err.(interface{ Unwrap() error }).Unwrap()
	}
	return false
}

func TestRobotsAge(t *testing.T) {
	now := clock.StoppedAt(time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC))
	s := newSite(t, answers(200, "User-agent: *\nAllow: /\n"))
	c := newClient(t, Options{Clock: now})
	v := c.Visit(0)
	step := func(name string, asked int64, kind ErrorKind) {
		t.Helper()
		before := s.asked.Load()
		_, _, err := get(v, s.URL+"/page")
		if got := s.asked.Load() - before; got != asked || kindIn(err) != kind {
			t.Errorf("%s: robots.txt asked for %d times, want %d; %v, want kind %q", name, got, asked, err, kind)
		}
	}
	step("first", 1, "")
	step("kept", 0, "")
	now.Set(now.Now().Add(robotsAge - time.Second))
	s.robots.Store(answers(500, ""))
	step("kept to the end", 0, "")
	now.Set(now.Now().Add(time.Second))
	step("the last copy stands in", 1, "")
	step("for a while", 0, "")
	now.Set(now.Now().Add(robotsAgain))
	step("and is asked for again", 1, "")
	now.Set(now.Now().Add(robotsStale))
	step("but not for ever", 1, KindRobots)
	step("nor all the time", 0, KindRobots)
	now.Set(now.Now().Add(robotsAgain))
	s.robots.Store(answers(200, forbidAll))
	step("read again, and forbidden", 1, KindRobots)
	now.Set(now.Now().Add(-48 * time.Hour))
	s.robots.Store(answers(404, ""))
	step("a clock set back", 1, "")
}

// TestRobotsOnce has many visits begin at one moment.
func TestRobotsOnce(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(20 * time.Millisecond)
		_, _ = io.WriteString(w, "User-agent: *\nAllow: /\n")
	})
	c := newClient(t, Options{})
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			if _, _, err := get(c.Visit(0), s.URL+"/page"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if s.asked.Load() != 1 || s.pages.Load() != 10 {
		t.Errorf("robots.txt was asked for %d times, pages %d times", s.asked.Load(), s.pages.Load())
	}
}

// TestRobotsOfTarget sees that a redirect is no way round the robots.txt of
// the site it leads to.
func TestRobotsOfTarget(t *testing.T) {
	closed := newSite(t, answers(200, forbidAll))
	open := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, closed.URL+"/page", http.StatusFound)
	})
	if _, _, err := get(newClient(t, Options{}).Visit(0), open.URL); kindIn(err) != KindRobots || closed.pages.Load() != 0 {
		t.Errorf("%v, %d pages", err, closed.pages.Load())
	}
}
