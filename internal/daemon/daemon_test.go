package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/monitor"
	"volteface/internal/queue"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

var noon = time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC) // a Wednesday

func press(id, host, expression string) statement.Source {
	return statement.Source{ID: id, Issuer: statement.Issuer{Name: "Press"}, URL: "https://" + host + "/", Schedule: expression, Timezone: "UTC"}
}

// newDaemon is a daemon that has not begun to run.
func newDaemon(t *testing.T, sources ...statement.Source) (*daemon, *Settings) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "v.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s := &Settings{Sources: sources, Jitter: -1, Operator: []string{"ops@newsroom.example"}, Faults: 3, Retire: 30 * 24 * time.Hour, Budget: 100}
	d := &daemon{
		Options: Options{Store: store, Folder: t.TempDir(), Clock: clock.StoppedAt(noon), Log: slog.New(slog.DiscardHandler), Workers: 2, Version: "test"},
		metrics: newMetrics(), started: noon, wake: make(chan struct{}, 1), settings: s,
		busy: map[string]bool{}, freed: map[string]bool{}, wanted: map[string]bool{}, late: map[string]string{}, hosts: map[string]string{},
		rest: map[string]time.Time{}, restCheck: map[string]time.Time{}, spent: map[string]int{}, day: noon.Truncate(24 * time.Hour),
	}
	s.plans, s.byID = map[string]*schedule.Plan{}, map[string]statement.Source{}
	for _, src := range sources {
		if s.plans[src.ID], err = schedule.NewPlan(src, s.Jitter); err != nil {
			t.Fatal(err)
		}
		s.byID[src.ID] = src
	}
	return d, s
}

// The operator is told of a fault once, of its end once, and of a host that is
// gone for good.
func TestOperatorIsTold(t *testing.T) {
	src := press("press", "press.example", "@hourly")
	s := &Settings{Faults: 3, Retire: 30 * 24 * time.Hour}
	var p state.Plan
	told := ""
	visit := func(count int, age time.Duration, unreachable bool) {
		t.Helper()
		status := statement.SourceStatus{Source: src.ID}
		if count > 0 {
			status.Fault, status.FaultCount, status.FaultSince = "no answer", count, noon.Add(-age)
		}
		for _, n := range judge(s, src, status, statement.Visit{Unreachable: unreachable}, &p, noon) {
			subject, _, _ := strings.Cut(n.Subject, " · ")
			told += subject + "; "
			if !strings.Contains(n.Text, src.URL) {
				t.Errorf("%q does not say where", n.Text)
			}
		}
	}
	for _, step := range []struct {
		count       int
		days        int
		unreachable bool
		want        string
	}{
		{1, 0, true, ""}, {2, 0, true, ""}, {0, 0, false, ""}, // too few
		{3, 1, true, "Fault; "}, {4, 1, true, ""}, {0, 0, false, "Well again; "}, {0, 0, false, ""},
		{3, 1, false, "Fault; "}, {50, 40, false, ""}, // it answers, so it is not given up
		{9, 40, true, ""}, {50, 29, true, ""}, {50, 31, true, "Retired; "},
	} {
		told = ""
		visit(step.count, time.Duration(step.days)*24*time.Hour, step.unreachable)
		if told != step.want {
			t.Errorf("after %d faults in %d days: %q, want %q", step.count, step.days, told, step.want)
		}
	}
	if p.RetiredAt != noon {
		t.Errorf("retired at %s", p.RetiredAt)
	}
}

// A source that has been silent for much longer than its habit is called so,
// once; one of rare statements, or of few, is not.
func TestSuspiciousSilence(t *testing.T) {
	d, s := newDaemon(t, press("daily", "a.example", "@hourly"), press("monthly", "b.example", "@hourly"), press("young", "c.example", "@hourly"))
	put := func(source string, n int, gap, silence time.Duration) {
		t.Helper()
		if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
			for i := range n {
				at := noon.Add(-silence - time.Duration(i)*gap)
				if err := tx.PutStatement(statement.Statement{ID: fmt.Sprintf("%s%d%d", source, silence, i), Source: source, Revision: 1, Published: statement.Date{Time: at, HasTime: true}, FirstSeen: at}); err != nil {
					return err
				}
			}
			return tx.PutPlan(state.Plan{Source: source})
		}); err != nil {
			t.Fatal(err)
		}
	}
	const day = 24 * time.Hour
	put("daily", 20, day, 5*day)
	put("monthly", 20, 30*day, 60*day)
	put("young", 4, time.Hour, 20*day)
	subjects := func() string {
		t.Helper()
		notices, plans, err := d.silences(t.Context(), s, noon)
		if err != nil {
			t.Fatal(err)
		}
		all := ""
		for _, n := range notices {
			all += n.Subject + "; "
		}
		if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
			for _, p := range plans {
				if err := tx.PutPlan(p); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := subjects(); got != "Suspicious silence · daily; " {
		t.Errorf("told %q", got)
	}
	if got := subjects(); got != "" {
		t.Errorf("told again: %q", got)
	}
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		return tx.PutStatement(statement.Statement{ID: "fresh", Source: "daily", Revision: 1, FirstSeen: noon.Add(-time.Hour)})
	}); err != nil {
		t.Fatal(err)
	}
	subjects()
	plans, err := d.Store.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		if !p.SilentTold.IsZero() {
			t.Errorf("%s still counts as silent", p.Source)
		}
	}
}

// The weekly mail counts what was done and what was not.
func TestWeeklyMail(t *testing.T) {
	d, s := newDaemon(t, press("well", "a.example", "@hourly"), press("ill", "b.example", "@hourly"))
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		for i := range 3 {
			v := statement.Visit{Source: "well", StartedAt: noon.Add(-time.Duration(i) * 24 * time.Hour), EndedAt: noon, New: 2, Changed: 1, Requests: 7}
			if _, err := tx.PutVisit(v); err != nil {
				return err
			}
		}
		if err := tx.PutSkip(state.Skip{Source: "well", First: noon.Add(-time.Hour), Last: noon, Count: 4, Reason: "the daemon was not running"}); err != nil {
			return err
		}
		return tx.PutSourceStatus(statement.SourceStatus{Source: "ill", Fault: "no answer", FaultSince: noon, FaultCount: 1})
	}); err != nil {
		t.Fatal(err)
	}
	n, err := d.allIsWell(t.Context(), s, noon)
	if err != nil {
		t.Fatal(err)
	}
	if n.Subject != "The week: 1 of 2 sources have a fault" {
		t.Errorf("subject %q", n.Subject)
	}
	for _, want := range []string{"3 visits were made to 1 of 2 sources, with 21 requests", "6 new, 3 changed", "4 that were due have not been made", "- ill, since", "- well: 3 visits"} {
		if !strings.Contains(n.Text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, n.Text)
		}
	}
}

// Once a day, records older than they are to be kept are gone; the newest of a
// source stays.
func TestOldRecordsGo(t *testing.T) {
	d, s := newDaemon(t, press("press", "a.example", "@hourly"))
	s.Records.Visits = 10 * 24 * time.Hour
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		for i := range 30 {
			if _, err := tx.PutVisit(statement.Visit{Source: "press", StartedAt: noon.AddDate(0, 0, i-29)}); err != nil {
				return err
			}
		}
		_, err := tx.PutVisit(statement.Visit{Source: "rare", StartedAt: noon.AddDate(-1, 0, 0)})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.chore(t.Context(), s, daily, noon)
	left, err := d.Store.Forget(t.Context(), state.Retention{Visits: noon.AddDate(1, 0, 0)}, true) // all but the newest of each
	if err != nil || left.Visits != 10 {
		t.Errorf("%d visits are kept beside the newest, want those of ten days; %v", left.Visits, err)
	}
}

// What the schedule named and nobody could do is recorded with its reason.
func TestMissedVisits(t *testing.T) {
	d, s := newDaemon(t, press("press", "a.example", "*/30 * * * *"))
	hour := func(n float64) time.Time { return noon.Add(time.Duration(n * float64(time.Hour))) }
	d.started = hour(2)
	d.late["press"] = "waited for its host: other was being visited"
	got := ""
	for _, k := range d.missed(s, "press", noon, hour(3.2), hour(4.61)) {
		got += fmt.Sprintf("%d %s-%s %s\n", k.Count, k.First.Format("15:04"), k.Last.Format("15:04"), k.Reason)
	}
	const want = "3 12:30-13:30 the daemon was not running until 3 Jun 14:00 UTC\n" +
		"3 14:00-15:00 the visit before waited for its host: other was being visited, until 3 Jun 15:12 UTC\n" +
		"3 15:30-16:30 the visit of 3 Jun 15:12 UTC took until 3 Jun 16:36 UTC\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if skips := d.missed(s, "press", hour(5), hour(5.01), hour(5.1)); len(skips) > 0 {
		t.Errorf("on time, and yet %+v", skips)
	}
}

// Re-checks make way for what is new, and stop at their share of a host's day.
func TestRechecksMakeWay(t *testing.T) {
	d, s := newDaemon(t, press("a", "one.example", "@hourly"), press("b", "one.example", "@hourly"))
	if d.yield("one.example") {
		t.Error("nobody waits, and yet it yields")
	}
	d.wanted["one.example"] = true
	if !d.yield("one.example") || d.yield("two.example") {
		t.Error("a visit waits for the host")
	}
	d.queued, d.active = 1, 1
	if d.yield("two.example") {
		t.Error("a worker is free, and yet it yields")
	}
	d.active = 2
	if !d.yield("two.example") {
		t.Error("a visit waits for a worker")
	}
	if left := d.left(s, s.byID["a"]); left != 80 {
		t.Errorf("%d requests are left at the start of the day", left)
	}
	d.spend(s.byID["b"], 75) // of the same host
	if left := d.left(s, s.byID["a"]); left != 5 {
		t.Errorf("%d requests are left", left)
	}
}

// The service manager is told of the start, of the watchdog's beat, of a new
// configuration and of the end (sd_notify(3)).
func TestServiceManagerIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "100000")
	told := make(chan string, 1000)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := socket.Read(buffer)
			if err != nil {
				close(told)
				return
			}
			select {
			case told <- string(buffer[:n]):
			default:
			}
		}
	}()
	expect := func(what string) {
		t.Helper()
		deadline := time.After(time.Minute)
		for {
			select {
			case got := <-told:
				if strings.HasPrefix(got, what) {
					return
				}
			case <-deadline:
				t.Fatalf("never told %s", what)
			}
		}
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "v.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reload, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- Run(ctx, Options{
			Store: store, Folder: t.TempDir(), Clock: clock.Real, Log: slog.New(slog.DiscardHandler), Workers: 1, Timeout: time.Minute, Reload: reload,
			Load: func(context.Context, *Metrics) (*Settings, error) { return &Settings{Close: func() {}}, nil },
		})
	}()
	expect("READY=1")
	expect("WATCHDOG=1")
	reload <- struct{}{}
	expect("RELOADING=1\nMONOTONIC_USEC=")
	expect("READY=1")
	cancel()
	expect("STOPPING=1")
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it did not stop")
	}
}

// The clock was a year ahead for one look and is right again: what was planned
// meanwhile is made now, the operator is told, and nothing else of that year
// stays in the way.
func TestClockWasAhead(t *testing.T) {
	d, s := newDaemon(t, press("press", "a.example", "@hourly"), press("rare", "b.example", "0 8 * * 1"))
	s.Monitor = &monitor.Monitor{Store: d.Store, Clock: d.Clock, Log: d.Log}
	now := d.Clock.(*clock.Virtual)
	year := noon.AddDate(1, 0, 0)
	now.Set(year)
	for _, src := range s.Sources {
		if err := d.planNext(s, src, statement.Visit{}, queue.Visit{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		for _, src := range s.Sources {
			if err := tx.PutPlan(state.Plan{Source: src.ID, Definition: src.Schedule + "|UTC|", NextVisit: s.plans[src.ID].Next(year)}); err != nil {
				return err
			}
		}
		for _, name := range []string{hourly, daily, weekly} {
			if err := tx.PutPlan(state.Plan{Source: name, NextVisit: nextChore(name, year)}); err != nil {
				return err
			}
		}
		_, err := tx.PutVisit(statement.Visit{Source: "press", StartedAt: year, EndedAt: year, Requests: 99})
		return errors.Join(err, tx.PutStatement(statement.Statement{ID: "st", Source: "press", Revision: 1, LastChecked: year, NextCheck: year.Add(time.Hour)}))
	}); err != nil {
		t.Fatal(err)
	}
	d.rest["press"], d.restCheck["press"], d.started, d.day = year.Add(time.Minute), year, year, year.Truncate(24*time.Hour)
	d.spent["a.example"] = 99

	now.Set(noon)
	d.setBack(noon)
	if err := d.setRight(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	due, err := d.Store.Due(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(due.Visits) != 2 || len(due.Checks) != 1 {
		t.Errorf("due: %+v", due)
	}
	plans, err := d.Store.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		if p.NextVisit.After(noon.AddDate(0, 0, 7)) {
			t.Errorf("%s is planned for %s", p.Source, p.NextVisit)
		}
	}
	if len(d.rest)+len(d.restCheck) > 0 || d.started.After(noon) {
		t.Error("what is kept in memory is of the other clock")
	}
	d.queue, err = queue.Open(t.Context(), filepath.Join(t.TempDir(), "queue.db"), queue.Options{Workers: 1, Work: func(context.Context, queue.Visit) error { return nil }, Log: d.Log, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.queue.Stop(context.Background()) }()
	d.look(t.Context())
	if d.spent["a.example"] != 0 {
		t.Errorf("%d requests of another day count against today's budget", d.spent["a.example"])
	}
	d.loadSpent(t.Context())
	if d.spent["a.example"] != 0 {
		t.Errorf("%d requests of next year count against today's budget", d.spent["a.example"])
	}
	n, err := d.Store.Notice(t.Context(), 1)
	if err != nil || n.Subject != "The clock was wrong" {
		t.Errorf("the operator was told %q, %v", n.Subject, err)
	}
	if err := d.setRight(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.Notice(t.Context(), 2); err == nil {
		t.Error("the operator was told twice")
	}
}

// That the schedule turns is told by the time that passes, not by the clock.
func TestFreshByTimeThatPasses(t *testing.T) {
	d, _ := newDaemon(t)
	d.tick.Store(int64(time.Since(epoch) - stale - time.Second))
	if d.fresh() {
		t.Error("fresh though nobody has looked for a minute")
	}
	d.looked()
	if !d.fresh() {
		t.Error("not fresh after a look")
	}
}
