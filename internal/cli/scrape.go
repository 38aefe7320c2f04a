package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/monitor"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

// scrapeFlags are what scrape can be asked for.
type scrapeFlags struct {
	all        bool
	tags       []string
	recheck    string
	since      string
	limit      int
	dryRun     bool
	deep       bool
	delay      string
	exitCode   bool
	quiet      bool
	noAnalysis bool
	noAlerts   bool
	parallel   int
	sinceTime  time.Time
	delayTime  *time.Duration
}

func (a *app) scrapeCommand() *cobra.Command {
	f := &scrapeFlags{}
	cmd := &cobra.Command{
		Use:   "scrape SOURCE...",
		Short: "Visit sources now: read what is new, look again at what is known",
		Long: `Visit sources now. Each statement is printed as it is found:

  NEW        never seen before
  CHANGED    its title, text or shown dates are different
  UNCHANGED  looked at again, and the same
  MISSING    its page is gone; a suspicion, not yet a removal
  REMOVED    its page is gone for good: 410 twice, or not there on three looks
             over a day while the rest of the site is well
  UNLISTED   its listing does not name it any more, its page is still there
  MOVED      its address leads for good to another one, with the same text
  RESTORED   back, after it was missing, removed or unlisted
  UNREAD     published, but not readable: a scan, a spreadsheet; told once
  ERROR      it could not be read; what is kept stays as it is

The first visit of a source is its baseline: it is recorded in full and told in
one mail. Press Ctrl-C at any time; the same command goes on from there.`,
		Example: `  volteface scrape kremlin                  what is new, and what is due for another look
  volteface scrape kremlin --limit 5        the five newest only
  volteface scrape --tag presidency --json  every source with a tag, for a program
  volteface scrape --all --recheck all      look at every known page again
  volteface scrape kremlin --dry-run        look, and remember nothing`,
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.scrape(cmd.Context(), args, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "all", false, "visit every enabled source")
	flags.StringSliceVar(&f.tags, "tag", nil, "visit every enabled source with this `TAG`")
	flags.StringVar(&f.recheck, "recheck", "due", "which known statements to look at again: `WHICH` is due, all or none")
	flags.StringVar(&f.since, "since", "", "leave out what was published before this `DATE`, or longer ago than 48h or 30d")
	flags.IntVar(&f.limit, "limit", 0, "read `N` statements of each source at most, the newest first")
	flags.BoolVar(&f.dryRun, "dry-run", false, "look and report, but remember nothing and send nothing")
	flags.BoolVar(&f.deep, "deep", false, "walk the listing to its bound, even where all is known")
	flags.StringVar(&f.delay, "delay", "", "pause of `DURATION` between two requests to one host, instead of the source's")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit with 3 when something is new, changed or missing")
	flags.BoolVar(&f.quiet, "quiet", false, "do not print what is unchanged")
	flags.BoolVar(&f.noAlerts, "no-alerts", false, "leave alerts in the outbox instead of sending them")
	flags.BoolVar(&f.noAnalysis, "no-analysis", false, "leave news to be analysed by the daemon or volteface analyse")
	flags.IntVar(&f.parallel, "parallel", 8, "visit `N` sources at a time; one host never gets two requests at once")
	return cmd
}

func (f *scrapeFlags) parse(now time.Time) (err error) {
	if !slices.Contains([]string{"due", "all", "none"}, f.recheck) {
		return usage(fmt.Errorf("--recheck %q", f.recheck), "due, all or none")
	}
	if f.sinceTime, err = parseSince(f.since, now); err != nil {
		return err
	}
	if f.limit < 0 || f.parallel < 1 {
		return usage(errors.New("a number is out of range"), "--limit is 0 or more, --parallel 1 or more")
	}
	if f.delay != "" {
		d, err := time.ParseDuration(f.delay)
		if err != nil || d < 0 {
			return usage(fmt.Errorf("--delay %q is not a duration", f.delay), "write 500ms, 2s or 1m")
		}
		f.delayTime = &d
	}
	return nil
}

// parseSince reads what --since says: a date, a moment, or an age such as 48h or 30d.
func parseSince(text string, now time.Time) (time.Time, error) {
	at, err := wire.ParseMoment(text, now)
	if err != nil {
		return at, usage(fmt.Errorf("--since %w", err), statement.HintOf(err))
	}
	return at, nil
}

// choose gives the sources a command names.
func (a *app) choose(args, tags []string, all bool) ([]statement.Source, error) {
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	if err := a.checkTags(tags); err != nil {
		return nil, err
	}
	var chosen []statement.Source
	for _, id := range args {
		src, err := a.source(id)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(chosen, func(s statement.Source) bool { return s.ID == src.ID }) {
			chosen = append(chosen, src)
		}
	}
	for _, id := range catalogue.IDs() {
		src := catalogue[id]
		wanted := src.IsEnabled() && (all || tagged(src, tags))
		if wanted && !slices.Contains(args, id) {
			chosen = append(chosen, src)
		}
	}
	if len(chosen) > 0 {
		return chosen, nil
	}
	switch {
	case len(tags) > 0:
		names := strings.Join(tags, ",")
		return nil, usage(fmt.Errorf("no enabled source has the tag %s", names), fmt.Sprintf("volteface sources --all --tag %s shows those that are off, volteface sources enable --tag %s switches them on", names, names))
	case all:
		return nil, usage(errors.New("no source is enabled"), "volteface sources enable SOURCE switches one on, or name it")
	}
	return nil, usage(errors.New("name a source to visit"), "volteface scrape "+catalogue.IDs()[0]+", or --tag TAG, or --all")
}

// tally is what a scrape came to, over all sources.
type tally struct {
	mu                                    sync.Mutex
	fresh, changed, same, missing, errors int
	placed                                int // removed, unlisted, moved, restored
	gone                                  int // removed, and told before
	done, total                           map[string]int
	hint                                  string // the first advice on an error
}

// told tells whether a finding says again that a page is removed: that is said
// once.
func told(f monitor.Finding) bool { return f.State == statement.Removed && f.Known }

func (t *tally) add(f monitor.Finding) {
	s := f.State
	if told(f) { // its page is as it was
		t.gone++
		return
	}
	switch s {
	case statement.Removed, statement.Unlisted, statement.Moved, statement.Restored:
		if !f.Known {
			t.placed++
		}
	}
	switch s {
	case statement.New:
		t.fresh++
	case statement.Changed:
		t.changed++
	case statement.Unchanged, statement.Unlisted, statement.Moved, statement.Restored: // as far as the text goes
		t.same++
	case statement.Unread:
		t.placed++
	case statement.Missing, statement.Removed:
		t.missing++
	case statement.Errored:
		t.errors++
		if t.hint == "" {
			t.hint = f.Hint
		}
	}
}

// failure is what a scrape with errors ends with.
func (t *tally) failure(chosen []statement.Source) error {
	hint := t.hint
	if hint == "" {
		hint = fmt.Sprintf("volteface sources show %s tells since when; what is kept stays, and the same command tries again", chosen[0].ID)
	}
	return &exitError{code: exitFailed, err: statement.WithHint(fmt.Errorf("%s could not be read", plural(t.errors, "page")), hint)}
}

func (t *tally) progress(source string, done, total int) (int, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done[source], t.total[source] = done, total
	var d, n int
	for id := range t.total {
		d, n = d+t.done[id], n+t.total[id]
	}
	return d, n
}

func (a *app) scrape(ctx context.Context, args []string, f *scrapeFlags) error {
	if err := f.parse(a.clock.Now()); err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	chosen, err := a.choose(args, f.tags, f.all)
	if err != nil {
		return err
	}
	if err := a.checkNames(); err != nil {
		return err
	}
	h, done, err := a.openFor(ctx, f.dryRun)
	if err != nil {
		return err
	}
	defer done()
	client, err := a.client(h, cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	m, err := a.monitor(h, client, cfg)
	if err != nil {
		return err
	}
	if !f.dryRun {
		if _, err := m.PullBack(ctx); err != nil {
			return err
		}
	}
	if f.dryRun && !a.json {
		for _, src := range chosen {
			fmt.Fprintf(a.err, "note: the daemon visits %s %s, %s\n", src.ID, term.Clean(schedule.Words(src)), src.Location())
		}
	}
	count := &tally{done: map[string]int{}, total: map[string]int{}}
	began := time.Now()
	visitErr := a.visits(ctx, m, chosen, f, count, began)
	a.summary(chosen, count, time.Since(began))
	var readErr error
	if !f.dryRun && !f.noAnalysis && !cfg.Reversals.Off && ctx.Err() == nil {
		readErr = a.readNews(ctx, h, m)
	}
	m.Close()
	var alertErr error
	if !f.dryRun && !f.noAlerts && ctx.Err() == nil {
		alertErr = a.deliver(ctx, h, cfg)
	}
	if err := errors.Join(visitErr, readErr, alertErr); err != nil {
		return err
	}
	switch {
	case count.errors > 0:
		return count.failure(chosen)
	case f.exitCode && count.fresh+count.changed+count.missing+count.placed > 0:
		return &exitError{code: exitChanged}
	}
	return nil
}

// visits runs the visits side by side and waits for all of them.
func (a *app) visits(ctx context.Context, m *monitor.Monitor, chosen []statement.Source, f *scrapeFlags, count *tally, began time.Time) error {
	bar := term.NewProgress(a.err, "reading")
	defer bar.Done()
	color := term.Color(a.out, a.getenv)
	slots := make(chan struct{}, f.parallel)
	var wg sync.WaitGroup
	errs := make([]error, len(chosen))
	for i, src := range chosen {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			options := monitor.Options{
				Recheck: monitor.Recheck(f.recheck), Since: f.sinceTime, Limit: f.limit, DryRun: f.dryRun, Deep: f.deep,
				Delay: f.delayTime, Holder: monitor.Holder(began),
				Progress: func(done, total int) { bar.Set(count.progress(src.ID, done, total)) },
				Report: func(finding monitor.Finding) {
					bar.Print(func() {
						count.add(finding)
						if !told(finding) && (finding.State != statement.Unchanged || !f.quiet) {
							_ = a.printFinding(finding, color) // a closed pipe ends the program by itself
						}
					})
				},
			}
			_, err := m.Visit(ctx, src, options)
			if err != nil {
				errs[i] = fmt.Errorf("%s: %w", src.ID, hintLease(err))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func hintLease(err error) error {
	if errors.Is(err, state.ErrLeased) {
		return statement.WithHint(err, "wait until it is done; a daemon visits by itself")
	}
	return err
}

func (a *app) summary(chosen []statement.Source, count *tally, took time.Duration) {
	if a.json {
		return
	}
	before := ""
	if count.gone > 0 {
		before = fmt.Sprintf(" (and %d removed before)", count.gone)
	}
	fmt.Fprintf(a.err, "%s: %d new, %d changed, %d unchanged, %d missing%s, %s, in %s\n", plural(len(chosen), "source"),
		count.fresh, count.changed, count.same, count.missing, before, plural(count.errors, "error"), took.Round(100*time.Millisecond))
}

// completeSources completes the names of sources on the command line.
func (a *app) completeSources(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	cfg, err := config.Load("", a.getenv)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	a.cfg = cfg
	catalogue, err := a.sources()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return catalogue.IDs(), cobra.ShellCompDirectiveNoFileComp
}
