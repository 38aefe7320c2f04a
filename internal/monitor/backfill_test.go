package monitor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// archiveOf serves a listing of pages, three statements a page and a page a
// month, the newest in October 2022; dated says whether the listing shows dates.
func (p *press) archiveOf(pages int, dated bool) {
	for n := 1; n <= pages; n++ {
		var list strings.Builder
		month := time.Date(2022, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, -n, 0)
		for i := range 3 {
			day := month.AddDate(0, 0, 20-i)
			path := fmt.Sprintf("/s/%d-%d", n, i)
			shown := ""
			if dated {
				shown = "<time>" + day.Format("2 January 2006") + "</time>"
			}
			fmt.Fprintf(&list, `<li><a href="%s">Statement number %d of page %d</a>%s</li>`, path, i, n, shown)
			p.put(path, "text/html; charset=utf-8", fmt.Sprintf(`<html><body><h1>Statement number %d of page %d</h1><time>%s</time><div class="text"><p>The ministry says %d and %d.</p></div></body></html>`,
				i, n, day.Format("2 January 2006"), n, i))
		}
		next := ""
		if n < pages {
			next = fmt.Sprintf(`<a class="next" href="/?p=%d">older</a>`, n+1)
		}
		path := "/"
		if n > 1 {
			path = fmt.Sprintf("/?p=%d", n)
		}
		p.put(path, "text/html", "<ul>"+list.String()+"</ul>"+next)
	}
}

func pastSource(s *statement.Source) {
	s.MaxPages = 1
	s.Listing.Next = "a.next"
	s.Listing.Date = []statement.DateRule{{Selectors: []string{"time"}}}
}

// backfill reads on until the day's budget is spent, or all is read.
func (p *press) backfill(src statement.Source) state.Backfill {
	p.t.Helper()
	b, err := p.Monitor.Backfill(p.t.Context(), src, BackfillOptions{Holder: "test", Most: 4})
	p.must(err)
	for !b.NextAt.IsZero() && !b.NextAt.After(p.clock.Now()) {
		b, err = p.Monitor.Backfill(p.t.Context(), src, BackfillOptions{Holder: "test", Most: 4})
		p.must(err)
	}
	return b
}

func (p *press) order(b state.Backfill) {
	p.t.Helper()
	p.must(p.store.Update(p.t.Context(), func(tx state.Tx) error { return tx.PutBackfill(b) }))
}

// The past is read over days, each within its budget, back to the date asked for
// and no further; visits meanwhile leave it alone, nobody is told, all of it
// waits to be analysed, and what is dead is given up.
func TestBackfillOverDays(t *testing.T) {
	for name, dated := range map[string]bool{"dated": true, "undated": false} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t, everything())
			p.archiveOf(8, dated)
			p.on("/s/3-1", http.NotFound)
			src := p.source(pastSource)
			p.expect("the first visit", p.visit(src, Options{}), "NEW /s/1-2", "NEW /s/1-1", "NEW /s/1-0")
			mails := len(p.outbox())
			p.requests()
			p.order(state.Backfill{Source: src.ID, Since: time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC), Budget: 5, NextAt: begin})
			days := 0
			for ; days < 30; days++ {
				b := p.backfill(src)
				asked := strings.Fields(p.requests())
				if len(asked) > 5 {
					t.Fatalf("day %d: %d requests: %q", days, len(asked), asked)
				}
				p.expect("a visit meanwhile", p.visit(src, Options{}))
				if got := p.requests(); got != "/" {
					t.Errorf("day %d: the visit asked for %q", days, got)
				}
				if !b.EndedAt.IsZero() {
					break
				}
				p.clock.Set(p.clock.Now().Add(24 * time.Hour))
			}
			if days < 3 {
				t.Errorf("all was read within %d days", days+1)
			}
			var got []string
			for _, st := range p.statements() {
				got = append(got, strings.TrimPrefix(st.URL, p.URL))
				if st.Published.Time.Before(time.Date(2022, 10, 1, 0, 0, 0, 0, time.UTC)) && st.NextCheck.Before(p.clock.Now().Add(7*24*time.Hour)) {
					t.Errorf("%s is looked at again at %s", st.URL, st.NextCheck)
				}
			}
			want := []string{"/s/1-0", "/s/1-1", "/s/1-2", "/s/2-0", "/s/2-1", "/s/2-2", "/s/3-0", "/s/3-2", "/s/4-0", "/s/4-1", "/s/4-2", "/s/5-0", "/s/5-1", "/s/5-2"}
			if !dated { // what has no date in the listing has to be read to be known as older
				want = append(want, "/s/6-0", "/s/6-1", "/s/6-2")
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("kept %q, want %q", got, want)
			}
			if now := len(p.outbox()); now != mails {
				t.Errorf("%d alerts for what is past", now-mails)
			}
			counts, err := p.store.AnalysisCounts(t.Context())
			if err != nil || counts.Due != len(want) {
				t.Errorf("%+v wait to be analysed, want %d (%v)", counts, len(want), err)
			}
			months, err := p.store.Coverage(t.Context(), src.ID)
			p.must(err)
			for _, m := range months {
				if m.Month == "2022-08" && (m.Statements != 2 || m.Failed != 1 && dated || m.Waiting != 0) {
					t.Errorf("August: %+v", m)
				}
			}
		})
	}
}

// A person's stop is kept though a stretch is under way, and goes on from there.
func TestBackfillIsStopped(t *testing.T) {
	p := newPress(t)
	p.archiveOf(4, true)
	src := p.source(pastSource)
	p.visit(src, Options{})
	p.order(state.Backfill{Source: src.ID, Budget: 100, NextAt: begin})
	steps := 0
	b, err := p.Monitor.Backfill(t.Context(), src, BackfillOptions{Holder: "test", Progress: func(b state.Backfill) {
		if steps++; steps == 2 {
			b.StoppedAt = begin
			p.order(b)
		}
	}})
	if err != nil || b.StoppedAt.IsZero() || !b.NextAt.IsZero() || steps > 3 {
		t.Fatalf("%+v after %d steps, %v", b, steps, err)
	}
	before := len(p.statements())
	if again := p.backfill(src); len(p.statements()) != before || again.StoppedAt.IsZero() {
		t.Errorf("read on though it is stopped: %+v", again)
	}
	b.StoppedAt, b.NextAt = time.Time{}, begin
	p.order(b)
	if b = p.backfill(src); b.EndedAt.IsZero() || len(p.statements()) != 12 {
		t.Errorf("%+v with %d statements", b, len(p.statements()))
	}
}

// What an archive kept of a page becomes revisions of the days on which it was
// captured, with where they came from; what is the same makes none, and nothing
// that was known before is renumbered.
func TestMementos(t *testing.T) {
	p := newPress(t, everything())
	src := p.source(nil)
	p.list("/", "/policy")
	p.page("/policy", "Our policy", "We will supply nobody with drones.", "")
	p.visit(src, Options{})
	page := p.URL + "/policy"
	var timemap strings.Builder
	fmt.Fprintf(&timemap, "<%s>; rel=\"original\",\n<%s/timemap>; rel=\"self\"; type=\"application/link-format\"", page, p.URL)
	capture := func(stamp, text string) {
		at, err := time.Parse("20060102150405", stamp)
		p.must(err)
		address := "/web/" + stamp + "/" + page
		fmt.Fprintf(&timemap, ",\n<%s%s>; rel=\"memento\"; datetime=\"%s\"", p.URL, address, at.Format(http.TimeFormat))
		p.on(strings.Replace(address, stamp+"/", stamp+"id_/", 1), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Memento-Datetime", at.Format(http.TimeFormat))
			fmt.Fprintf(w, `<html><body><h1>Our policy</h1><time>5 January 2020</time><div class="text"><p>%s</p></div></body></html>`, text)
		})
	}
	capture("20200105120000", "We supply drones to friends.")
	capture("20210105120000", "We supply drones to friends.")
	capture("20220105120000", "We may supply drones to some friends.")
	capture("20220601120000", "We will supply nobody with drones.")
	capture("20300601120000", "It has not come yet.")
	p.put("/timemap", "application/link-format", timemap.String())
	p.order(state.Backfill{Source: src.ID, Memento: p.URL + "/timemap", Budget: 100, NextAt: begin})
	mails := len(p.outbox())
	if b := p.backfill(src); b.EndedAt.IsZero() || b.Note != "" {
		t.Fatalf("%+v", b)
	}
	all := p.statements()
	if len(all) != 1 || all[0].Revision != 1 {
		t.Fatalf("%+v", all)
	}
	revisions, err := p.store.Revisions(t.Context(), all[0].ID)
	p.must(err)
	var got []string
	for _, r := range revisions {
		archive := ""
		if r.Archive != "" {
			archive = strings.Fields(strings.ReplaceAll(strings.TrimPrefix(r.Archive, p.URL+"/web/"), "/", " "))[0]
		}
		got = append(got, fmt.Sprintf("%d %s %s: %s", r.N, r.SeenAt.Format(time.DateOnly), archive, r.Body))
	}
	want := []string{
		"-2 2020-01-05 20200105120000: We supply drones to friends.",
		"-1 2022-01-05 20220105120000: We may supply drones to some friends.",
		"1 2022-11-01 : We will supply nobody with drones.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	edits, err := p.store.Edits(t.Context(), all[0].ID)
	if err != nil || len(edits) != 2 || edits[0].From != -2 || edits[0].To != -1 || edits[1].To != 1 || edits[0].Class == "" {
		t.Errorf("%+v, %v", edits, err)
	}
	snapshots, err := p.store.Snapshots(t.Context(), all[0].ID)
	if err != nil || len(snapshots) < 4 || !slices.ContainsFunc(snapshots, func(s statement.Snapshot) bool {
		return strings.Contains(s.URL, "/web/20220601120000/") && strings.Contains(s.Way, "captured by an archive on 2022-06-01T12:00:00Z")
	}) {
		t.Errorf("%+v, %v", snapshots, err)
	}
	if now := len(p.outbox()); now != mails {
		t.Errorf("%d alerts for what is past", now-mails)
	}
	p.must(p.store.Faults(t.Context(), func(fault string) { t.Errorf("fsck: %s", fault) }))
}

// A page that is known from an archive alone is read as a baseline when it turns
// up, and an edit after that is news.
func TestMementoOfAnUnknownPage(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	page := p.URL + "/old"
	p.on("/cdx?url=x", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "example,press)/old 20190301000000 %[1]s text/html 200 AAAA 512\nexample,press)/old 20190401000000 %[1]s text/html 200 AAAA 512\nexample,press)/gone 20190401000000 %[1]s-gone text/html 404 BBBB 512\nexample,other)/ 20190401000000 http://other.example/ text/html 200 CCCC 512\n", page)
	})
	p.page("/web/20190301000000id_/"+page, "Old news", "We deny it.", "")
	p.page("/old", "Old news", "We deny it still.", "")
	p.list("/", "/old")
	p.order(state.Backfill{Source: src.ID, Memento: p.URL + "/cdx?url=x", Budget: 100, NextAt: begin})
	if b := p.backfill(src); b.EndedAt.IsZero() {
		t.Fatalf("%+v", b)
	}
	all := p.statements()
	if len(all) != 1 || !all[0].Imported() || all[0].Revision != 1 || all[0].Title != "Old news" {
		t.Fatalf("%+v", all)
	}
	p.expect("its own page", p.visit(src, Options{}), "UNCHANGED /old")
	p.page("/old", "Old news", "We admit it.", "")
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	p.expect("an edit", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /old")
}

// outbox lists the alerts there are.
func (p *press) outbox() []statement.Alert {
	p.t.Helper()
	alerts, err := p.store.Alerts(p.t.Context(), state.AlertFilter{})
	p.must(err)
	return alerts
}
