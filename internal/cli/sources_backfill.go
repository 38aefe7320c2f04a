package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
)

// defaultPastBudget is how many requests a backfill makes in a day, if nobody
// says otherwise: a page of a press office every three minutes.
const defaultPastBudget = 500

// pastStretch is how many requests a backfill makes before it lets a daemon's
// visit to the source go first.
const pastStretch = 20

type backfillFlags struct {
	since, memento, replay string
	budget                 int
	stop, forget, dryRun   bool
	wait                   bool
}

func (a *app) sourcesBackfillCommand() *cobra.Command {
	f := &backfillFlags{}
	cmd := &cobra.Command{
		Use:   "backfill [SOURCE]",
		Short: "Read what a source published in the past, a share a day",
		Long: `Read what a source published in the past. The pages of its listing are walked back
to --since, and the statements they name are read, the newest first, with at most
--budget requests a day: a long archive takes days. Where it has come to is kept;
the daemon goes on by itself, and so does the same command. Nothing of it is news
and nobody is alerted; all of it is searched and analysed, so that what is said
from now on is held against it.

With --memento, the captures that a web archive kept of the pages are read: ADDRESS
is that of a TimeMap (RFC 7089) or of a CDX server. Each text that differs is kept
as a revision of the day it was captured, with the address it came from; those
older than the first look are numbered backwards, from -1. --replay tells where the
captures are, if the index does not.

Without SOURCE, the backfills there are and how far they have come. volteface
sources coverage SOURCE shows what is kept, by month.`,
		Example: `  volteface sources backfill kremlin --since 2018
  volteface sources backfill kremlin --since 2018 --budget 2000
  volteface sources backfill us-fed --memento 'https://web.archive.org/cdx/search/cdx?url=…'
  volteface sources backfill kremlin --stop         --forget starts anew; what was read stays
  volteface sources backfill                        how far all of them have come`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.listBackfills(cmd.Context())
			}
			return a.backfill(cmd.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.since, "since", "", "go back to this `DATE`: 2018, 2018-03 or 2018-03-05 (default to the end of the listing)")
	flags.IntVar(&f.budget, "budget", 0, "make `N` requests a day at most (default 500)")
	flags.StringVar(&f.memento, "memento", "", "read the captures that the TimeMap or CDX server at this `ADDRESS` names")
	flags.StringVar(&f.replay, "replay", "", "where its captures are: an `ADDRESS` with {timestamp} and {url}")
	flags.BoolVar(&f.stop, "stop", false, "stop it; the same command without --stop goes on")
	flags.BoolVar(&f.forget, "forget", false, "forget how far it has come, and what waits; what was read stays")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be read, and remember nothing")
	flags.BoolVar(&f.wait, "wait", false, "stay until all is read, over days if need be")
	return cmd
}

// backfillJSON is a backfill for programs.
type backfillJSON struct {
	Source  string `json:"source"`
	State   string `json:"state"` // reading, waiting, stopped, done
	Since   string `json:"since"`
	Memento string `json:"memento"`
	Budget  int    `json:"budget"`
	Spent   int    `json:"spent_today"`
	Pages   int    `json:"pages"`
	Read    int    `json:"read"`
	Waiting int    `json:"waiting"`
	Failed  int    `json:"failed"`
	Walked  bool   `json:"walked"`
	Oldest  string `json:"oldest"`
	Next    string `json:"next"`
	Note    string `json:"note"`
}

func backfillState(b state.Backfill, now time.Time) string {
	switch {
	case !b.StoppedAt.IsZero():
		return "stopped"
	case !b.EndedAt.IsZero():
		return "done"
	case b.NextAt.After(now):
		return "waiting"
	}
	return "reading"
}

func (a *app) backfillOf(ctx context.Context, h *house, b state.Backfill) (backfillJSON, error) {
	months, err := h.Coverage(ctx, b.Source)
	line := backfillJSON{Source: b.Source, State: backfillState(b, a.clock.Now()), Since: moment(b.Since), Memento: b.Memento, Budget: b.Budget, Pages: b.Pages, Read: b.Read,
		Walked: b.Walked, Oldest: moment(b.Oldest), Next: moment(b.NextAt), Note: b.Note}
	if b.Day.Equal(a.clock.Now().UTC().Truncate(24 * time.Hour)) {
		line.Spent = b.Spent
	}
	for _, m := range months {
		line.Waiting, line.Failed = line.Waiting+m.Waiting, line.Failed+m.Failed
	}
	return line, err
}

func (a *app) listBackfills(ctx context.Context) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	all, err := h.Backfills(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 && !a.json {
		_, err := fmt.Fprintln(a.out, "no past is being read: volteface sources backfill SOURCE --since 2018 begins")
		return err
	}
	rows := [][]string{{"SOURCE", "STATE", "READ", "WAITING", "FAILED", "BACK TO", "TODAY", "NEXT", "NOTE"}}
	for _, b := range all {
		line, err := a.backfillOf(ctx, h, b)
		if err != nil {
			return err
		}
		if a.json {
			if err := a.printJSON(line); err != nil {
				return err
			}
			continue
		}
		next := "-"
		if !b.NextAt.IsZero() {
			next = statement.Minute(b.NextAt)
		}
		back := "-"
		if !b.Oldest.IsZero() {
			back = statement.DayOf(b.Oldest)
		}
		rows = append(rows, []string{b.Source, line.State, fmt.Sprint(line.Read), fmt.Sprint(line.Waiting), fmt.Sprint(line.Failed), back,
			fmt.Sprintf("%d of %d", line.Spent, line.Budget), next, term.Cut(term.Clean(line.Note), 60)})
	}
	if a.json {
		return nil
	}
	return term.Table(a.out, rows)
}

// check reads what is asked for, and refuses what cannot be.
func (f *backfillFlags) check(src statement.Source, now time.Time) (b state.Backfill, err error) {
	b = state.Backfill{Source: src.ID, Budget: f.budget, Memento: f.memento, Replay: f.replay, StartedAt: now, NextAt: now}
	if b.Since, err = parseSince(f.since, now); err != nil {
		return b, err
	}
	if b.Budget == 0 {
		b.Budget = defaultPastBudget
	}
	switch {
	case f.budget < 0:
		return b, usage(fmt.Errorf("--budget %d", f.budget), "a number of requests a day; 500 are usual")
	case b.Since.After(now):
		return b, usage(fmt.Errorf("--since %s has not come yet", f.since), "name a date of the past: 2018")
	case f.stop && f.forget, (f.stop || f.forget) && f.since+f.memento+f.replay != "":
		return b, usage(errors.New("--stop and --forget stand alone"), "volteface sources backfill "+src.ID+" --stop")
	case f.replay != "" && f.memento == "":
		return b, usage(errors.New("--replay tells where captures are, and --memento is not given"), "give both")
	case f.replay != "" && (!strings.Contains(f.replay, "{timestamp}") || !strings.Contains(f.replay, "{url}")):
		return b, usage(fmt.Errorf("--replay %q", term.Clean(f.replay)), "write https://archive.example.org/{timestamp}id_/{url}")
	}
	if f.memento != "" {
		u, err := url.Parse(f.memento)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return b, usage(fmt.Errorf("--memento %q is not an http or https address", term.Clean(statement.HideLogin(f.memento))), "https://web.archive.org/web/timemap/link/PAGE, or https://web.archive.org/cdx/search/cdx?url=PAGE")
		}
	}
	return b, nil
}

func (a *app) backfill(ctx context.Context, id string, f *backfillFlags) error {
	src, err := a.source(id)
	if err != nil {
		return err
	}
	wanted, err := f.check(src, a.clock.Now())
	if err != nil {
		return err
	}
	h, done, err := a.openFor(ctx, f.dryRun)
	if err != nil {
		return err
	}
	defer done()
	b, err := h.Backfill(ctx, src.ID)
	known := err == nil
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		return err
	}
	if f.stop || f.forget {
		return a.endBackfill(ctx, h, src, known, f)
	}
	b = orders(b, known, wanted, f)
	if f.dryRun {
		return a.sayBackfill(b, src)
	}
	if err := h.Update(ctx, func(tx state.Tx) error { return tx.PutBackfill(b) }); err != nil {
		return err
	}
	if a.daemonRuns() && !f.wait {
		_, err := fmt.Fprintf(a.out, "the daemon reads on in the past of %s, %d requests a day; volteface sources backfill tells how far\n", src.ID, b.Budget)
		return err
	}
	return a.readOn(ctx, h, src, f.wait)
}

// orders is the backfill as it goes on: what is asked for anew begins anew, and
// what is not named stays.
func orders(b state.Backfill, known bool, wanted state.Backfill, f *backfillFlags) state.Backfill {
	another := f.memento != "" && (f.memento != b.Memento || f.replay != b.Replay) || f.memento == "" && b.Memento != "" && f.since != ""
	further := f.since != "" && wanted.Since.Before(b.Since) || f.since != "" && !b.EndedAt.IsZero()
	if !known || another {
		return wanted
	}
	if f.since != "" {
		b.Since = wanted.Since
	}
	if f.budget > 0 {
		b.Budget = f.budget
	}
	if further { // what was passed over as too old is walked again
		b.Place, b.Walked, b.EndedAt, b.Pages = "", false, time.Time{}, 0
	}
	if b.EndedAt.IsZero() {
		b.StoppedAt, b.NextAt, b.Failures, b.Note = time.Time{}, wanted.NextAt, 0, ""
	}
	return b
}

func (a *app) endBackfill(ctx context.Context, h *house, src statement.Source, known bool, f *backfillFlags) error {
	if !known {
		return usage(fmt.Errorf("the past of %s is not being read", src.ID), "volteface sources backfill lists what is")
	}
	err := h.Update(ctx, func(tx state.Tx) error {
		if f.forget {
			return tx.DropBackfill(src.ID)
		}
		b, err := tx.Backfill(src.ID)
		if err == nil {
			b.StoppedAt, b.NextAt = a.clock.Now(), time.Time{}
			err = tx.PutBackfill(b)
		}
		return err
	})
	if err != nil {
		return err
	}
	said := "stopped: volteface sources backfill " + src.ID + " goes on from there"
	if f.forget {
		said = "forgotten; what was read of it stays"
	}
	_, err = fmt.Fprintf(a.out, "the backfill of %s is %s\n", src.ID, said)
	return err
}

func (a *app) sayBackfill(b state.Backfill, src statement.Source) error {
	if a.json {
		return a.printJSON(backfillJSON{Source: b.Source, State: "reading", Since: moment(b.Since), Memento: b.Memento, Budget: b.Budget})
	}
	what := "the listing of " + src.ID + " (" + src.URL + ")"
	if b.Memento != "" {
		what = "the captures that " + b.Memento + " names"
	}
	back := "to its end"
	if !b.Since.IsZero() {
		back = "back to " + statement.DayOf(b.Since)
	}
	_, err := fmt.Fprintf(a.out, "would read %s, %s, with %d requests a day\n", term.Clean(what), back, b.Budget)
	return err
}

// readOn reads as far as today's budget leads, or with wait until all is read.
func (a *app) readOn(ctx context.Context, h *house, src statement.Source, wait bool) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	client, err := a.client(h, cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	m, err := a.monitor(h, client, cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	b, err := a.stretches(ctx, m, src, wait)
	if err != nil {
		return hintLease(err)
	}
	if !cfg.Reversals.Off && ctx.Err() == nil {
		if err := a.readNews(ctx, h, m); err != nil {
			return err
		}
	}
	line, err := a.backfillOf(context.WithoutCancel(ctx), h, b)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(line)
	}
	return a.sayProgress(line, b)
}

func (a *app) stretches(ctx context.Context, m *monitor.Monitor, src statement.Source, wait bool) (b state.Backfill, err error) {
	bar := term.NewProgress(a.err, "reading the past of "+src.ID)
	defer bar.Done()
	holder := monitor.Holder(time.Now())
	color := term.Color(a.out, a.getenv)
	for {
		b, err = m.Backfill(ctx, src, monitor.BackfillOptions{Holder: holder, Most: pastStretch,
			Report: func(f monitor.Finding) {
				if !a.json {
					bar.Print(func() { _ = a.printFinding(f, color) })
				}
			},
			Progress: func(b state.Backfill) { bar.Set(b.Spent, b.Budget) },
		})
		if err != nil || ctx.Err() != nil || b.NextAt.IsZero() {
			return b, err
		}
		rest := b.NextAt.Sub(a.clock.Now())
		if rest > time.Minute && !wait {
			return b, nil
		}
		if err := a.clock.Sleep(ctx, max(rest, 100*time.Millisecond)); err != nil {
			return b, nil // asked to stop: all that was read is recorded
		}
	}
}

func (a *app) sayProgress(line backfillJSON, b state.Backfill) error {
	back := ""
	if !b.Oldest.IsZero() {
		back = ", back to " + statement.DayOf(b.Oldest)
	}
	fmt.Fprintf(a.out, "%s read%s; %s waiting, %d given up\n", plural(line.Read, "page"), back, fmt.Sprint(line.Waiting), line.Failed)
	if line.Note != "" {
		fmt.Fprintf(a.out, "note: %s\n", term.Clean(line.Note))
	}
	switch {
	case line.State == "done":
		_, err := fmt.Fprintf(a.out, "all is read: volteface sources coverage %s shows what is kept, by month\n", b.Source)
		return err
	case line.Spent >= line.Budget:
		_, err := fmt.Fprintf(a.out, "today's %d requests are made: the daemon goes on tomorrow, and so does the same command; --budget allows more\n", line.Budget)
		return err
	case !b.NextAt.IsZero():
		_, err := fmt.Fprintf(a.out, "it goes on from %s: by the daemon, or by the same command\n", statement.Minute(b.NextAt))
		return err
	}
	return nil
}

func (a *app) sourcesCoverageCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "coverage SOURCE",
		Short: "Show what is kept of a source, by month, with its gaps",
		Long: `Show how many statements are kept of a source, by the month in which they were
published, and the months that are empty or hold far fewer than those around
them: there something may be missing. volteface sources backfill reads the past.`,
		Example: `  volteface sources coverage kremlin
  volteface sources coverage kremlin --json`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.coverage(cmd.Context(), args[0]) },
	}
}

// coverageJSON is a month of coverage.
type coverageJSON struct {
	Month      string `json:"month"` // empty for what has no date
	Statements int    `json:"statements"`
	Waiting    int    `json:"waiting"`
	Failed     int    `json:"failed"`
	Gap        string `json:"gap"` // none, few, or nothing
}

func (a *app) coverage(ctx context.Context, id string) error {
	src, err := a.source(id)
	if err != nil {
		return err
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	kept, err := h.Coverage(ctx, src.ID)
	if err != nil {
		return err
	}
	months := monthly(kept)
	if a.json {
		for _, m := range months {
			if err := a.printJSON(m); err != nil {
				return err
			}
		}
		return nil
	}
	if len(months) == 0 {
		return statement.WithHint(fmt.Errorf("nothing is kept of %s", src.ID), "volteface scrape "+src.ID)
	}
	most, gaps := 0, 0
	for _, m := range months {
		most = max(most, m.Statements)
		if m.Gap != "" {
			gaps++
		}
	}
	rows := [][]string{{"MONTH", "STATEMENTS", "", "WAITING", "FAILED", ""}}
	for _, m := range months {
		name, gap := m.Month, map[string]string{"none": "nothing", "few": "far fewer than around it"}[m.Gap]
		if name == "" {
			name = "undated"
		}
		bar := strings.Repeat("█", (m.Statements*30+most-1)/max(1, most))
		rows = append(rows, []string{name, fmt.Sprint(m.Statements), bar, orDash(m.Waiting), orDash(m.Failed), gap})
	}
	if err := term.Table(a.out, rows); err != nil || gaps == 0 {
		return err
	}
	_, err = fmt.Fprintf(a.out, "\n%s where something may be missing: volteface sources backfill %s --since %s reads the past\n", plural(gaps, "month"), src.ID, months[0].Month)
	return err
}

func orDash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// monthly puts the months in that hold nothing, and marks those that hold less
// than a fifth of what the year around them holds by the month, where that is
// five or more.
func monthly(kept []state.Coverage) (months []coverageJSON) {
	var undated *coverageJSON
	for _, c := range kept {
		line := coverageJSON{Month: c.Month, Statements: c.Statements, Waiting: c.Waiting, Failed: c.Failed}
		at, err := time.Parse("2006-01", c.Month)
		if err != nil {
			undated = &line
			continue
		}
		for n := len(months); n > 0 && n < 12*200; n = len(months) {
			last, _ := time.Parse("2006-01", months[n-1].Month) // it was written below
			next := last.AddDate(0, 1, 0)
			if !next.Before(at) {
				break
			}
			months = append(months, coverageJSON{Month: next.Format("2006-01"), Gap: "none"})
		}
		months = append(months, line)
	}
	for i := range months {
		around, n := 0, 0
		for j := max(0, i-6); j <= min(len(months)-1, i+6); j++ {
			if j != i {
				around, n = around+months[j].Statements, n+1
			}
		}
		if m := &months[i]; m.Waiting > 0 { // it is being read
			m.Gap = ""
		} else if m.Gap == "" && m.Statements == 0 {
			m.Gap = "none"
		} else if m.Gap == "" && i > 0 && i < len(months)-1 && n > 0 && around/n >= 5 && m.Statements*5 < around/n {
			m.Gap = "few"
		}
	}
	if undated != nil {
		months = append(months, *undated)
	}
	return months
}
