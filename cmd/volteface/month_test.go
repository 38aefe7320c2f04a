package main

import (
	"database/sql"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/replaytest"
	"volteface/internal/schedule"
	"volteface/internal/statement"
)

// downtime is how long the daemon does not run: longer than two visits of most sources, of
// which one is made up for and the other is recorded as not made.
const downtime = 9 * time.Hour

// season is a stretch of virtual time that the daemon lives through.
type season struct {
	sources int
	days    int
}

func (s season) length() time.Duration { return time.Duration(s.days) * 24 * time.Hour }

// The daemon lives through weeks of virtual time, with the faults of the web
// and hours in which it does not run: each visit that was due has been made, or
// it is recorded why not; its memory stays as it is. VOLTEFACE_LONG makes it a
// month of 200 sources.
func TestSimulatedMonth(t *testing.T) {
	s := season{sources: 12, days: 2}
	if os.Getenv("VOLTEFACE_LONG") != "" {
		s = season{sources: 200, days: 30}
	}
	if n, err := strconv.Atoi(os.Getenv("VOLTEFACE_MONTH_SOURCES")); err == nil {
		s.sources = n
	}
	if n, err := strconv.Atoi(os.Getenv("VOLTEFACE_MONTH_DAYS")); err == nil {
		s.days = n
	}
	begin := time.Date(2022, 10, 20, 5, 0, 0, 0, time.UTC) // the clocks go back within the month, on the 30th and the 6th
	proxy := replaytest.Start(t, []string{"whitehouse", "kremlin"}, begin)
	config, sources := s.configure(t)
	dir := t.TempDir()
	start := func(at time.Time) *daemonRun {
		return runDaemon(t, proxy.Env(), "--config", config, "--data-dir", dir, "--clock", at.Format(time.RFC3339))
	}
	d := start(begin)
	s.live(t, d, proxy, dir, begin, begin.Add(s.length()/10))
	d.kill()
	killed := newestVisit(t, database(t, dir)) // hours may have passed for it meanwhile
	d = start(killed.Add(downtime))
	at, early := s.live(t, d, proxy, dir, killed.Add(downtime), begin.Add(s.length()))
	late := d.memory()
	d.stop()
	t.Logf("%d sources, %d days: memory %d KB after a fifth, %d KB at the end", s.sources, s.days, early>>10, late>>10)
	if s.days >= 10 && late > early+early/10 {
		t.Errorf("memory grew from %d to %d KB", early>>10, late>>10)
	}
	s.account(t, dir, sources, begin, at)
}

// configure writes sources of several rhythms, zones and windows.
func (s season) configure(t *testing.T) (config string, sources []statement.Source) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sources"), 0o700); err != nil {
		t.Fatal(err)
	}
	schedules := []string{"*/30 * * * *", "@hourly", "15 */3 * * *", "30 2 * * *", "@every 90m", "5 6-22 * * 1-5"}
	if s.sources > 100 { // fewer visits, so that a machine gets through a month of them
		schedules = []string{"15 */3 * * *", "0 */6 * * *", "@every 5h", "30 2 * * *", "@every 7h", "5 6-22/4 * * 1-5"}
	}
	zones := []string{"America/New_York", "Europe/Berlin", "Asia/Tehran"}
	windows := []string{"", "", "weekdays 07-20", "daily 22-04"}
	sites := []string{whiteHouse, kremlin, kremlin, kremlin, kremlin, kremlin} // the Kremlin publishes nothing new at that time
	for i := range s.sources {
		src := statement.Source{ID: fmt.Sprintf("s%03d", i), Schedule: schedules[i%len(schedules)], Timezone: zones[i/2%len(zones)], Window: windows[i/3%len(windows)]}
		if _, err := schedule.NewPlan(src, 0); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, src)
		text := fmt.Sprintf(`id: %s
issuer: {id: %s, name: Press, government: US}
kind: listing
delay: 1ms
language: en
schedule: "%s"
timezone: %s
window: "%s"
max_pages: 1
`, src.ID, src.ID, src.Schedule, src.Timezone, src.Window) + fmt.Sprintf(sites[i%len(sites)], i/len(sites)%9+2)
		if err := os.WriteFile(filepath.Join(dir, "sources", src.ID+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config = filepath.Join(dir, "volteface.yaml")
	text := "reversals: {off: true}\ndaemon: {listen: '127.0.0.1:0', operator: [ops@newsroom.example], recheck: [{until: 24h, every: 12h}, {until: 240h, every: 120h}]}\n" +
		"smtp: {host: 127.0.0.1, port: 1, tls: none, from: a@volteface.example}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, sources
}

// What the two sites of the season add to a source.
const (
	whiteHouse = `url: https://www.whitehouse.gov/briefing-room/page/%d/
listing: {item: main li.wp-block-post, link: h2 a}
extract: {title: [h1.topper__title, h1], body: [section.body-content]}
`
	kremlin = `url: http://en.kremlin.ru/events/president/news/page/%d
include: ['/events/president/news/\d+$']
listing: {item: .hentry.h-entry, link: ".hentry__title a[href]"}
extract: {title: [h1.entry-title], body: [.read__lead, "div[itemprop=articleBody]"], title_only: true}
`
)

// live lets the time pass and gives the moment of the last visit, and the
// memory in use after a fifth of the time. The web goes along, and fails every
// few hours.
func (s season) live(t *testing.T, d *daemonRun, proxy *replaytest.Proxy, dir string, begin, until time.Time) (end time.Time, early int64) {
	t.Helper()
	db := database(t, dir)
	random := rand.New(rand.NewSource(1))
	newest, moved, next, told := begin, time.Now(), begin, begin
	for newest.Before(until) {
		time.Sleep(100 * time.Millisecond)
		if now := newestVisit(t, db); now.After(newest) {
			newest, moved = now, time.Now()
			proxy.SetClock(newest)
		}
		if time.Since(moved) > 2*time.Minute {
			t.Fatalf("nothing is visited any more since %s:\n%s", newest, tail(d.lines()))
		}
		if early == 0 && newest.Sub(begin) > until.Sub(begin)/5 {
			early = d.memory()
		}
		if newest.Sub(told) > 24*time.Hour {
			told = newest
			t.Logf("%s: memory %d KB", newest.Format(time.DateTime), d.memory()>>10)
		}
		for ; next.Before(newest); next = next.Add(3 * time.Hour) {
			host := []string{"www.whitehouse.gov", "en.kremlin.ru"}[random.Intn(2)]
			kind := []string{"status", "status", "reset", "truncate", "challenge", "redirect-loop", "wrong-charset"}[random.Intn(7)]
			f := replaytest.Fault{Host: host, Kind: kind, Count: 1 + random.Intn(12)}
			if kind == "status" {
				f.Status = []int{403, 429, 500, 503}[random.Intn(4)]
			}
			proxy.Fault(f)
		}
	}
	return newest, early
}

// newestVisit is when the last visit began.
func newestVisit(t *testing.T, db *sql.DB) time.Time {
	t.Helper()
	var at int64
	if err := db.QueryRow(`SELECT ifnull(max(started_at), 0) FROM visits`).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return time.UnixMicro(at).UTC()
}

func tail(s string) string { return s[max(0, len(s)-3000):] }

var resident = regexp.MustCompile(`(?m)^process_resident_memory_bytes (\S+)`)

// memory is what the daemon has resident, in bytes.
func (d *daemonRun) memory() int64 {
	d.t.Helper()
	_, metrics := d.get("/metrics")
	found := resident.FindStringSubmatch(metrics)
	if found == nil {
		d.t.Fatal("/metrics does not tell the memory")
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		d.t.Fatal(err)
	}
	return int64(n)
}

// account finds, for each moment of every schedule, the visit made for it or
// the record that says why there was none.
func (s season) account(t *testing.T, dir string, sources []statement.Source, begin, end time.Time) {
	t.Helper()
	db := database(t, dir)
	due, made, skipped := 0, 0, 0
	for _, src := range sources {
		visits := map[int64]bool{}
		rows, err := db.Query(`SELECT due FROM visits WHERE source = ? AND due > 0`, src.ID)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var at int64
			if err := rows.Scan(&at); err != nil {
				t.Fatal(err)
			}
			visits[at] = true
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		type gap struct{ first, last int64 }
		var gaps []gap
		if rows, err = db.Query(`SELECT first_at, last_at FROM skips WHERE source = ? AND reason <> ''`, src.ID); err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var g gap
			if err := rows.Scan(&g.first, &g.last); err != nil {
				t.Fatal(err)
			}
			gaps = append(gaps, g)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		// What is planned now has not been due yet, or is under way.
		var planned int64
		if err := db.QueryRow(`SELECT next_visit FROM plans WHERE source = ?`, src.ID).Scan(&planned); err != nil {
			t.Fatal(err)
		}
		plan, err := schedule.NewPlan(src, 0)
		if err != nil {
			t.Fatal(err)
		}
		lost := []string{}
		for at := plan.Next(begin.Add(time.Minute)); at.Before(end) && at.UnixMicro() < planned; at = plan.Next(at) {
			due++
			switch us := at.UnixMicro(); {
			case visits[us]:
				made++
			default:
				explained := false
				for _, g := range gaps {
					explained = explained || g.first <= us && us <= g.last
				}
				if !explained {
					lost = append(lost, at.Format(time.RFC3339))
				}
				skipped++
			}
		}
		if len(lost) > 0 {
			t.Errorf("%s (%s, %s, %s): no visit and no reason for %d moments: %s", src.ID, src.Schedule, src.Timezone, src.Window, len(lost), strings.Join(lost[:min(5, len(lost))], " "))
		}
	}
	var well, ill, requests, read int
	if err := db.QueryRow(`SELECT count(*) FILTER (WHERE fault = ''), count(*) FILTER (WHERE fault <> ''), sum(requests), sum(new) FROM visits`).Scan(&well, &ill, &requests, &read); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d visits were due: %d made, %d recorded as not made; %d went well, %d met a fault; %d requests, %d statements read", due, made, skipped, well, ill, requests, read)
	if well < ill || ill == 0 {
		t.Errorf("%d visits went well and %d met a fault: that is no web", well, ill)
	}
	if skipped == 0 {
		t.Error("every visit was made, though the daemon did not run for hours")
	}
	if due < s.sources*s.days {
		t.Errorf("only %d visits were due: the simulation says little", due)
	}
}
