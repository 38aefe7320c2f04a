package monitor

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

func TestEveryKindOfSource(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(p *press)
		source  func(*statement.Source)
		want    []string
		asked   string
	}{
		"listing, page by page": {
			func(p *press) {
				p.put("/", "text/html", `<li><a href="/b?utm_source=x">B</a></li><li><a href="mailto:a@b.example">no</a></li><a rel="next" href="/older">older</a>`)
				p.put("/older", "text/html", `<li><a href="/a">A</a></li>`)
			},
			func(s *statement.Source) { s.Listing.Next = "a[rel=next]" },
			[]string{"NEW /a", "NEW /b?utm_source=x"}, "/ /older /a /b?utm_source=x",
		},
		"listing by number": {
			func(p *press) {
				p.put("/", "text/html", `<li><a href="/b">B</a></li>`)
				p.put("/page/2", "text/html", `<li><a href="/a">A</a></li>`)
				p.put("/page/3", "text/html", `<p>no more</p>`)
			},
			func(s *statement.Source) { s.Listing.NextURL = s.URL + "page/{page}" },
			[]string{"NEW /a", "NEW /b"}, "/ /page/2 /page/3 /a /b",
		},
		"feed of links": {
			func(p *press) {
				p.put("/", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>B</title><link>`+p.URL+`/b</link></item><item><title>A</title><link>`+p.URL+`/a</link></item></channel></rss>`)
			},
			func(s *statement.Source) { s.Kind = statement.KindFeed },
			[]string{"NEW /a", "NEW /b"}, "/ /a /b",
		},
		"feed with the text inside": {
			func(p *press) {
				p.put("/", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>B</title><link>`+p.URL+`/b</link><description>&lt;p&gt;The ministry denies it.&lt;/p&gt;</description></item></channel></rss>`)
			},
			func(s *statement.Source) {
				s.Kind, s.Authority, s.Extract = statement.KindFeed, statement.FromFeed, statement.ExtractRules{}
			},
			[]string{"NEW /b"}, "/",
		},
		"sitemap of sitemaps": {
			func(p *press) {
				p.put("/", "application/xml", `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>`+p.URL+`/s1.xml</loc></sitemap></sitemapindex>`)
				p.put("/s1.xml", "application/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+p.URL+`/b</loc></url><url><loc>`+p.URL+`/a</loc></url></urlset>`)
			},
			func(s *statement.Source) { s.Kind = statement.KindSitemap },
			[]string{"NEW /a", "NEW /b"}, "/ /s1.xml /a /b",
		},
		"api": {
			func(p *press) {
				p.put("/", "application/json", `{"items":[{"slug":"b","title":"B","date":"2022-11-01"}]}`)
				p.put("/?page=2", "application/json", `{"items":[{"slug":"a","title":"A","date":"2022-10-31"}]}`)
				p.put("/?page=3", "application/json", `{"items":[]}`)
			},
			func(s *statement.Source) {
				s.Kind = statement.KindAPI
				s.API = statement.APIRules{Items: "items", Link: "slug", LinkURL: s.URL + "{value}", Title: "title", Date: "date", NextURL: s.URL + "?page={page}"}
			},
			[]string{"NEW /a", "NEW /b"}, "/ /?page=2 /?page=3 /a /b",
		},
		"listing with a feed beside it": {
			func(p *press) {
				p.list("/", "/a")
				p.put("/feed", "application/rss+xml", `<rss version="2.0"><channel><title>x</title><item><title>B</title><link>`+p.URL+`/b</link></item></channel></rss>`)
			},
			func(s *statement.Source) { s.Feeds = []string{s.URL + "feed"} },
			[]string{"NEW /a", "NEW /b"}, "/feed / /a /b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPress(t)
			p.page("/a", "A", "The ministry denies it.", "")
			p.page("/b", "B", "The ministry confirms it.", "")
			p.page("/b?utm_source=x", "B", "The ministry confirms it.", "")
			c.prepare(p)
			p.expect("first visit", p.visit(p.source(c.source), Options{}), c.want...)
			if asked := p.requests(); asked != c.asked {
				t.Errorf("asked for %q, want %q", asked, c.asked)
			}
			// Nothing has changed: one conditional request, and the feed beside.
			p.expect("second visit", p.visit(p.source(c.source), Options{}))
			if asked := p.requests(); strings.Count(asked, " ") > 1 {
				t.Errorf("asked again for %q", asked)
			}
		})
	}
}

func TestListingIsConditional(t *testing.T) {
	p := newPress(t)
	var conditional []bool
	answer := func(w http.ResponseWriter, r *http.Request) {
		conditional = append(conditional, r.Header.Get("If-None-Match") != "")
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "text/html")
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, `<li><a href="/a">A</a></li><li><a href="/b">B</a></li>`)
	}
	p.on("/", answer)
	p.page("/a", "A", "The ministry denies it.", "")
	p.page("/b", "B", "The ministry confirms it.", "")
	src := p.source(nil)
	p.expect("first", p.visit(src, Options{}), "NEW /b", "NEW /a")
	p.expect("again", p.visit(src, Options{}))
	src.Exclude = []string{"nothing like this"} // a new definition sees a listing with other eyes
	p.visit(src, Options{})
	p.visit(src, Options{})
	p.visit(src, Options{Deep: true})
	p.visit(src, Options{})
	p.visit(src, Options{Recheck: RecheckAll})
	if got, want := fmt.Sprint(conditional), "[false true false true false true false]"; got != want {
		t.Errorf("conditional %s, want %s", got, want)
	}
	// After a failure nothing is taken for granted.
	p.on("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	if findings, record := p.look(src, Options{}); len(findings) != 1 || findings[0].State != statement.Errored || record.Fault == "" {
		t.Errorf("a failing listing: %+v, fault %q", findings, record.Fault)
	}
	conditional = nil
	p.on("/", answer)
	p.visit(src, Options{})
	if fmt.Sprint(conditional) != "[false]" {
		t.Errorf("after a failure: conditional %v", conditional)
	}
}

func TestOneStatementUnderManyAddresses(t *testing.T) {
	p := newPress(t)
	src := p.source(func(s *statement.Source) { s.HostAlias = []string{"www.press.example"} })
	canonical := `<link rel="canonical" href="` + p.URL + `/real">`
	p.list("/", "/real", "/c?gclid=1", "/moved", "/other")
	p.page("/real", "On drones", "The ministry denies it.", canonical)
	p.page("/c?gclid=1", "On drones", "The ministry denies it.", canonical)
	p.page("/other", "On grain", "The ministry confirms it.", canonical) // points at another text
	p.on("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/real", http.StatusMovedPermanently)
	})
	p.visit(src, Options{})
	all := p.statements()
	if len(all) != 2 {
		t.Fatalf("%d statements, want 2: %+v", len(all), all)
	}
	for _, key := range []string{"/real", "/c", "/c?utm_medium=x", "/moved", "/real#top"} {
		if st, err := p.store.ByKey(t.Context(), "press", src.Key(p.URL+key)); err != nil || st.Title != "On drones" {
			t.Errorf("%s leads to %q, %v", key, st.Title, err)
		}
	}
	if st, err := p.store.ByKey(t.Context(), "press", src.Key(p.URL+"/other")); err != nil || st.Title != "On grain" {
		t.Errorf("the lookalike leads to %q, %v", st.Title, err)
	}
	// What is lost is redirected to the front page: that is no edit.
	p.on("/other", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/front", http.StatusFound) })
	p.page("/front", "Welcome", "All our news.", "")
	findings, _ := p.look(src, Options{Recheck: RecheckAll})
	for _, f := range findings {
		if f.Title == "On grain" && f.State != statement.Missing || f.State == statement.Changed {
			t.Errorf("%+v", f)
		}
	}
}

func TestStates(t *testing.T) {
	p := newPress(t, alert.Rule{Events: []string{"new", "changed", "missing"}, To: []string{"desk@newsroom.example"}})
	src := p.source(nil)
	p.list("/", "/a")
	p.page("/a", "A", "The ministry denies it.", "")
	p.expect("first", p.visit(src, Options{}), "NEW /a")
	all := Options{Recheck: RecheckAll}
	step := func(when string, want ...string) {
		t.Helper()
		p.clock.Set(p.clock.Now().Add(time.Hour))
		p.expect(when, p.visit(src, all), want...)
	}
	step("the same", "UNCHANGED /a")
	p.page("/a", "A", "The ministry  denies   it.", "<script>x</script>")
	step("other bytes", "UNCHANGED /a")
	p.page("/a", "A", "The ministry confirms it.", "")
	step("another text", "CHANGED /a")
	p.on("/a", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	step("an outage", "ERROR /a")
	p.on("/a", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	step("gone", "MISSING /a")
	step("gone for good", "REMOVED /a")
	step("still gone", "REMOVED /a")
	p.page("/a", "A", "The ministry confirms it.", "")
	step("back", "RESTORED /a")
	st := p.statements()[0]
	if st.Revision != 2 || st.Missing() {
		t.Errorf("%+v", st)
	}
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	var told []string
	for _, e := range events {
		told = append(told, string(e.State))
	}
	if got := strings.Join(told, " "); got != "NEW CHANGED MISSING REMOVED RESTORED" {
		t.Errorf("events %s", got)
	}
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(alerts) != 3 { // the baseline, the change, the loss
		t.Errorf("%d alerts: %+v", len(alerts), alerts)
	}
	snapshots, err := p.store.Snapshots(t.Context(), st.ID)
	p.must(err)
	if len(snapshots) != 3 {
		t.Errorf("%d snapshots", len(snapshots))
	}
}

// A first visit is one mail, whatever the limit; later news are told one by
// one, unless a whole archive turns up.
func TestBaselineAndBacklog(t *testing.T) {
	p := newPress(t, alert.Rule{Events: []string{"new"}, To: []string{"desk@newsroom.example"}})
	src := p.source(func(s *statement.Source) {
		s.Listing.Date = []statement.DateRule{{Selectors: []string{"time"}}}
		s.Extract.Published = s.Listing.Date
	})
	listing := func(n int, day string, items *strings.Builder) {
		path := fmt.Sprintf("/%s-%d", strings.ReplaceAll(day, " ", "-"), n)
		p.put(path, "text/html", fmt.Sprintf("<h1>Title %s</h1><time>%s</time><div class=text><p>The ministry denies %s</p></div>", path, day, path))
		fmt.Fprintf(items, `<li><a href="%s">%s</a> <time>%s</time></li>`, path, path, day)
	}
	alerts := func() int {
		all, err := p.store.Alerts(t.Context(), state.AlertFilter{})
		p.must(err)
		return len(all)
	}
	var items strings.Builder
	for n := range 5 {
		listing(n, "20 October 2022", &items)
	}
	listing(0, "18 October 2022", &items)
	p.put("/", "text/html", items.String())
	if got := p.visit(src, Options{Limit: 2}); len(got) != 2 {
		t.Errorf("limit 2: %q", got)
	}
	p.clock.Set(begin.AddDate(0, 0, 1))
	if got := p.visit(src, Options{}); len(got) != 4 {
		t.Errorf("the rest: %q", got)
	}
	if n := alerts(); n != 1 { // it is one backlog
		t.Errorf("%d alerts after the baseline, want 1", n)
	}
	before := alerts()
	p.clock.Set(begin.AddDate(0, 0, 5))
	listing(9, "5 November 2022", &items)
	listing(9, "1 October 2022", &items) // backdated
	p.put("/", "text/html", items.String())
	p.visit(src, Options{})
	if n := alerts() - before; n != 1 { // what is older than the first visit's newest is no news
		t.Errorf("%d alerts of one piece of news", n)
	}
	before = alerts()
	for n := range maxLate + 1 {
		listing(n, "3 May 2021", &items)
	}
	p.put("/", "text/html", items.String())
	p.visit(src, Options{})
	if n := alerts() - before; n != 0 {
		t.Errorf("%d alerts of an archive that turned up", n)
	}
}

// A page that fails is tried again later, and later still, and not forgotten
// when its listing no longer names it.
func TestFailedPageIsTriedAgain(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/a")
	p.expect("not there yet", p.visit(src, Options{}), "ERROR /a")
	p.page("/a", "A", "The ministry denies it.", "")
	p.page("/b", "B", "The ministry confirms it.", "")
	p.list("/", "/b")
	p.expect("too early", p.visit(src, Options{}), "NEW /b")
	p.clock.Set(begin.Add(24 * time.Hour))
	p.expect("later", p.visit(src, Options{}), "NEW /a")
}

// Known pages are looked at again, and their edits noticed, though the listing itself
// cannot be read any more.
func TestKnownPagesOfAChangedListing(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.page("/a", "A", "The ministry denies it.", "")
	p.list("/", "/a")
	p.expect("baseline", p.visit(src, Options{}), "NEW /a")
	p.put("/", "text/html", "<p>Our site is new</p>")
	p.page("/a", "A", "The ministry confirms it.", "")
	p.clock.Set(begin.Add(24 * time.Hour))
	p.expect("a new template", p.visit(src, Options{Recheck: RecheckDue}), "CHANGED /a", "ERROR /")
}

func TestListingThatNamesNothing(t *testing.T) {
	p := newPress(t)
	p.put("/", "text/html", "<p>Our site is new</p>")
	if _, record := p.look(p.source(nil), Options{}); !strings.Contains(record.Fault, "the listing names nothing") {
		t.Errorf("fault %q", record.Fault)
	}
}

func TestDeadHostIsLeftAlone(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	var links []string
	for n := range 20 {
		path := fmt.Sprintf("/%02d", n)
		links = append(links, path)
		p.on(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	}
	p.list("/", links...)
	findings, record := p.look(src, Options{})
	if len(findings) != maxFailures+1 || record.Fault == "" {
		t.Errorf("%d findings, fault %q", len(findings), record.Fault)
	}
}

func TestDryRunRemembersNothing(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/a")
	p.page("/a", "A", "The ministry denies it.", "")
	for range 2 {
		p.expect("dry", p.visit(src, Options{DryRun: true}), "NEW /a")
	}
	if n := len(p.statements()); n != 0 {
		t.Errorf("%d statements", n)
	}
}

func TestLease(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/a")
	p.page("/a", "A", "The ministry denies it.", "")
	visit := func() error {
		_, err := p.Visit(t.Context(), src, Options{Recheck: RecheckNone, Holder: Holder(time.Now())})
		return err
	}
	now := p.clock.Now()
	p.must(p.store.Lease(t.Context(), "press", "another-host/1/1", now, now.Add(time.Hour)))
	if err := visit(); !errors.Is(err, state.ErrLeased) {
		t.Errorf("while another visits: %v", err)
	}
	p.clock.Set(now.Add(2 * time.Hour))
	p.must(visit()) // run out
	machine, _, _ := strings.Cut(Holder(time.Now()), "/")
	p.must(p.store.Lease(t.Context(), "press", fmt.Sprintf("%s/%d/1", machine, 1<<22+1), p.clock.Now(), p.clock.Now().Add(time.Hour)))
	p.must(visit()) // its process is no more
	p.must(p.store.Lease(t.Context(), "press", fmt.Sprintf("%s/%d/1", machine, os.Getpid()), p.clock.Now(), p.clock.Now().Add(time.Hour)))
	p.must(visit()) // an earlier process of our own number, as in a container
}

// One bad piece of work harms no other in its transaction.
func TestOneBadPiece(t *testing.T) {
	p := newPress(t)
	bad := errors.New("bad")
	outcomes := make([]error, 3)
	var batch []piece
	for n := range outcomes {
		batch = append(batch, piece{
			apply: func(tx state.Tx) error {
				if n == 1 {
					return bad
				}
				_, err := tx.AddEvent(statement.Event{At: begin, State: statement.New, Source: "press", Reason: fmt.Sprint(n)})
				return err
			},
			after: func(err error) { outcomes[n] = err },
		})
	}
	p.commits().record(batch)
	if outcomes[0] != nil || !errors.Is(outcomes[1], bad) || outcomes[2] != nil {
		t.Errorf("%v", outcomes)
	}
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	if len(events) != 2 || events[0].Reason != "0" || events[1].Reason != "2" {
		t.Errorf("%+v", events)
	}
}

func TestReextractIsNoEvent(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/a")
	p.put("/a", "text/html", `<h1>A</h1><div class="text"><p>The ministry denies it.</p><p class="share">Share this</p></div>`)
	p.visit(src, Options{})
	src.Extract.Drop = []string{".share"}
	p.expect("with other rules", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /a")
	r, err := p.store.Revision(t.Context(), p.statements()[0].ID, 0)
	p.must(err)
	if r.N != 1 || r.Body != "The ministry denies it." {
		t.Errorf("%+v", r)
	}
}

// What a first visit with a limit left unread is backlog when a later one reads
// it, days after: on further pages of the listing, with dates and without, in a
// listing or a feed with full texts. What is published since is news.
func TestALimitLeavesABacklog(t *testing.T) {
	for _, test := range []struct {
		name  string
		dated bool
		feed  bool
	}{{"dated", true, false}, {"without dates", false, false}, {"feed", true, true}, {"feed without dates", false, true}} {
		t.Run(test.name, func(t *testing.T) {
			p := newPress(t, alert.Rule{Events: []string{"new"}, To: []string{"desk@newsroom.example"}})
			src := p.source(func(s *statement.Source) {
				s.Listing.Next = "a[rel=next]"
				s.Listing.Date, s.Extract.Published = nil, nil
				if test.dated {
					s.Listing.Date = []statement.DateRule{{Selectors: []string{"time"}}}
				}
				if test.feed {
					s.Kind, s.Authority, s.Listing, s.Extract = statement.KindFeed, statement.FromFeed, statement.ListingRules{}, statement.ExtractRules{}
				}
			})
			item := func(n int) string { // of 0 to 30 October; the greater the newer
				at := time.Date(2022, 10, 1, 8, n, 0, 0, time.UTC).AddDate(0, 0, n)
				title, text := fmt.Sprintf("Statement number %d", n), fmt.Sprintf("The ministry denies it for the reason number %d.", n)
				if test.feed {
					date := ""
					if test.dated {
						date = "<pubDate>" + at.Format(time.RFC1123Z) + "</pubDate>"
					}
					return fmt.Sprintf("<item><title>%s</title><link>%s/%d</link>%s<description>%s</description></item>", title, p.URL, n, date, text)
				}
				p.put(fmt.Sprintf("/%d", n), "text/html", "<h1>"+title+"</h1><div class=text><p>"+text+"</p></div>")
				date := ""
				if test.dated {
					date = at.Format("<time>2 January 2006</time>")
				}
				return fmt.Sprintf(`<li><a href="/%d">%s</a>%s</li>`, n, title, date)
			}
			show := func(newest int) {
				const onPage = 6
				var parts []string
				for n := newest; n >= 0; n-- {
					parts = append(parts, item(n))
				}
				if test.feed {
					p.put("/", "application/rss+xml", "<rss version='2.0'><channel><title>Press</title>"+strings.Join(parts, "")+"</channel></rss>")
					return
				}
				for i := 0; i*onPage < len(parts); i++ {
					path := "/"
					if i > 0 {
						path = fmt.Sprintf("/?page=%d", i)
					}
					older := "</ul>"
					if (i+1)*onPage < len(parts) {
						older += fmt.Sprintf(`<a rel=next href="/?page=%d">Older</a>`, i+1)
					}
					p.put(path, "text/html", "<ul>"+strings.Join(parts[i*onPage:min(len(parts), (i+1)*onPage)], "")+older)
				}
			}
			mails := func() (baseline, news int) {
				all, err := p.store.Alerts(t.Context(), state.AlertFilter{})
				p.must(err)
				for _, a := range all {
					if a.Kind == statement.AlertBaseline {
						baseline++
					} else {
						news++
					}
				}
				return baseline, news
			}
			show(20)
			if got := p.visit(src, Options{Limit: 3}); len(got) != 3 {
				t.Fatalf("the first visit: %q", got)
			}
			p.clock.Set(begin.AddDate(0, 0, 6))
			show(22) // two are news
			if got := strings.Join(p.visit(src, Options{}), " "); strings.Count(got, "NEW ") != 20 || strings.Contains(got, "ERROR") {
				t.Errorf("the second visit: %s", got)
			}
			if baseline, news := mails(); baseline != 1 || news != 2 {
				t.Errorf("%d mails that it is watched now, and %d of news; want 1 and 2", baseline, news)
			}
			p.clock.Set(begin.AddDate(0, 0, 7))
			show(23)
			p.visit(src, Options{})
			if baseline, news := mails(); baseline != 1 || news != 3 {
				t.Errorf("later: %d mails that it is watched now, and %d of news; want 1 and 3", baseline, news)
			}
		})
	}
}
