package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/daemon"
	"volteface/internal/fetch"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

const (
	// shownDays is how far back the table looks, today included.
	shownDays = 14
	// shownVisits is how many of the visits to come are listed.
	shownVisits = 5
)

// sourceChoice is which sources a list is of.
type sourceChoice struct {
	tags []string
	all  bool
}

func (s *sourceChoice) flags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&s.tags, "tag", nil, "only sources with this `TAG`; volteface sources tags lists them")
	cmd.Flags().BoolVar(&s.all, "all", false, "also those that are off and were never visited")
}

func (a *app) sourcesListCommand() *cobra.Command {
	next := false
	var which sourceChoice
	cmd := &cobra.Command{
		Use:   "list [SOURCE...]",
		Short: "List sources and how they do",
		Long: `List every source that is on, or those named, and how they do. What is built in,
off and was never visited is counted below the table, and shown with --all; with
--json, every source is listed, and enabled says which are on.

The column of 14 days shows what was new on each, today last: a higher bar is
more, as far as this source goes; _ nothing new, . no visit, x no visit that
went well. Times are in the time zone of the source with --next, else as ages.`,
		Example: `  volteface sources
  volteface sources list --all --tag mfa  foreign ministries, those that are off too
  volteface sources list --next kremlin   its next five visits
  volteface sources list --json`,
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.listSources(cmd.Context(), args, which, next)
		},
	}
	which.flags(cmd)
	cmd.Flags().BoolVar(&next, "next", false, "show the next five visits of each")
	return cmd
}

// listSources prints how the named sources do, or those chosen.
func (a *app) listSources(ctx context.Context, names []string, which sourceChoice, next bool) error {
	if len(names) > 0 && len(which.tags) > 0 {
		return usage(errors.New("sources are named, and a tag as well"), "give one of the two")
	}
	left := 0
	all, err := a.careers(ctx, names)
	if err != nil {
		return err
	}
	if err := a.checkTags(which.tags); err != nil {
		return err
	}
	if len(names) == 0 {
		all = slices.DeleteFunc(all, func(c *career) bool {
			if len(which.tags) > 0 && !tagged(c.src, which.tags) {
				return true
			}
			off := !which.all && !a.json && c.idle()
			if off {
				left++
			}
			return off
		})
	}
	for _, c := range all {
		a.noteReplaced(c.src.ID)
	}
	print := a.printCareers
	if next && !a.json {
		print = a.printUpcoming
	}
	if err := print(all); err != nil || left == 0 {
		return err
	}
	tag := ""
	if len(which.tags) > 0 {
		tag = " --tag " + term.Clean(strings.Join(which.tags, ","))
	}
	_, err = fmt.Fprintf(a.out, "\n%s %s off: volteface sources --all%s shows %s, volteface sources enable switches on\n",
		plural(left, "source"), verb(left, "is", "are"), tag, verb(left, "it", "them"))
	return err
}

// idle tells whether a source is off, and nothing was ever read of it.
func (c *career) idle() bool {
	return !c.src.IsEnabled() && c.status.LastVisit.IsZero() && c.status.Statements == 0
}

// career is a source and all that is known of how it does.
type career struct {
	src     statement.Source
	status  statement.SourceStatus
	plan    state.Plan
	days    map[int]state.Activity // by how many days ago
	skipped int                    // visits that were due in these days and not made
	reason  string                 // of the latest of these
	next    []time.Time

	pause state.Pause // zero if nobody paused it

	ahead    time.Time // a moment of a visit that has not come yet: the clock was ahead; zero for none
	attended bool      // a daemon runs that makes its visits

	troubles []statement.Trouble
	quiet    []statement.Moving // places of its pages that move by themselves and are told to nobody
	rests    time.Time          // until when its host is left alone; zero if it is not
}

// careers reads how the named sources do, or all; nothing is known where
// nothing is kept.
func (a *app) careers(ctx context.Context, names []string) ([]*career, error) {
	return a.careersBy(ctx, names, a.remember)
}

// careersBy is careers with another way to fill in what the state knows.
func (a *app) careersBy(ctx context.Context, names []string, remember func(context.Context, map[string]*career) error) ([]*career, error) {
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		names = catalogue.IDs()
	}
	byID := map[string]*career{}
	var all []*career
	for _, id := range names {
		src, err := a.source(id)
		if err != nil {
			return nil, err
		}
		if byID[id] == nil {
			byID[id] = &career{src: src, days: map[int]state.Activity{}}
			all = append(all, byID[id])
		}
	}
	if err := remember(ctx, byID); err != nil {
		return nil, err
	}
	now, attended := a.clock.Now(), a.daemonRuns()
	for _, c := range all {
		if c.ahead, err = c.visitedAhead(cfg, now); err != nil {
			return nil, err
		}
		c.attended = attended
		if !c.src.IsEnabled() || !c.plan.RetiredAt.IsZero() || !c.pause.Since.IsZero() && c.pause.Until.IsZero() {
			continue
		}
		if c.next, err = upcoming(c, cfg, now); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// visitedAhead is what was recorded of the source while the clock was ahead; the
// zero time if nothing was. The next scrape or start of the daemon brings back
// what waits for it.
func (c *career) visitedAhead(cfg *config.Config, now time.Time) (time.Time, error) {
	for _, at := range []time.Time{c.status.LastVisit, c.plan.RetiredAt} {
		if at.After(now.Add(statement.ClockSlack)) {
			return at, nil
		}
	}
	plan, err := schedule.NewPlan(c.src, time.Duration(cfg.Daemon.Jitter))
	if err != nil || !plan.TooLate(c.plan.NextVisit, now) {
		return time.Time{}, err
	}
	return c.plan.NextVisit, nil
}

// upcoming gives the next visits of a source: the one that is planned, which
// may be due, and those its schedule names after it.
func upcoming(c *career, cfg *config.Config, now time.Time) ([]time.Time, error) {
	plan, err := schedule.NewPlan(c.src, time.Duration(cfg.Daemon.Jitter))
	if err != nil {
		return nil, err
	}
	if c.plan.NextVisit.IsZero() {
		return plan.Upcoming(now, shownVisits), nil
	}
	after := now
	if c.plan.NextVisit.After(now) {
		after = c.plan.NextVisit
	}
	return append([]time.Time{c.plan.NextVisit}, plan.Upcoming(after, shownVisits-1)...), nil
}

// remember fills in what the state knows.
func (a *app) remember(ctx context.Context, byID map[string]*career) error {
	folder, err := a.folder()
	if err != nil {
		return err
	}
	if there, err := kept(ctx, folder); err != nil || !there {
		return err
	}
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	return a.recall(ctx, h, byID)
}

// recall fills in what a store knows.
func (a *app) recall(ctx context.Context, h *house, byID map[string]*career) error {
	statuses, err := h.SourceStatuses(ctx)
	if err != nil {
		return err
	}
	for _, s := range statuses {
		if c := byID[s.Source]; c != nil {
			c.status = s
		}
	}
	plans, err := h.Plans(ctx)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if c := byID[p.Source]; c != nil {
			c.plan = p
		}
	}
	resting, err := h.Hosts(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	for id, c := range byID {
		if c.troubles, err = h.Troubles(ctx, id); err != nil {
			return err
		}
		places, err := h.Moving(ctx, id)
		if err != nil {
			return err
		}
		c.quiet = slices.DeleteFunc(places, func(m statement.Moving) bool { return !m.Quiet() })
		for _, host := range resting {
			if host.Name == fetch.HostName(c.src.URL) {
				c.rests = host.ResumeAt
			}
		}
	}
	pauses, err := h.Pauses(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	for _, p := range pauses {
		if c := byID[p.Source]; c != nil {
			c.pause = p
		}
	}
	today := a.clock.Now().UTC().Truncate(24 * time.Hour)
	since := today.AddDate(0, 0, 1-shownDays)
	days, err := h.Activity(ctx, since)
	if err != nil {
		return err
	}
	for _, d := range days {
		if c := byID[d.Source]; c != nil && !d.Day.After(today) {
			c.days[int(today.Sub(d.Day)/(24*time.Hour))] = d
		}
	}
	skips, err := h.Skips(ctx, since)
	if err != nil {
		return err
	}
	for _, s := range skips {
		if c := byID[s.Source]; c != nil {
			c.skipped, c.reason = c.skipped+s.Count, s.Reason
		}
	}
	return nil
}

func (a *app) printCareers(all []*career) error {
	now := a.clock.Now()
	rows := [][]string{{"SOURCE", "STATEMENTS", "LAST SUCCESS", "LAST NEW", "14 DAYS", "NEXT VISIT", "VISITED", "STATE"}}
	for _, c := range all {
		if a.json {
			if err := a.printJSON(c.toJSON()); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{
			c.src.ID, fmt.Sprint(c.status.Statements), ago(now, c.status.LastSuccess), ago(now, c.status.LastNew),
			c.sparkline(), c.nextVisit(now), term.Cut(term.Clean(schedule.Words(c.src)), 40), term.Cut(c.health(), 90),
		})
	}
	if a.json {
		return nil
	}
	if err := term.Table(a.out, rows); err != nil {
		return err
	}
	a.noteUnattended(all)
	return a.printQuiet(all)
}

// daemonRuns tells whether a daemon visits the sources of this data folder.
func (a *app) daemonRuns() bool {
	folder, err := a.folder()
	return err == nil && daemon.Runs(filepath.Join(folder, daemonLock))
}

// noteUnattended tells that no visit will be made by itself.
func (a *app) noteUnattended(all []*career) {
	if len(all) > 0 && !all[0].attended {
		fmt.Fprintln(a.err, "note: no daemon runs on this data folder, so nothing is visited by itself; volteface run starts one")
	}
}

func (a *app) printUpcoming(all []*career) error {
	rows := [][]string{{"SOURCE", "NEXT", "", "", "", "", "SCHEDULE"}}
	for _, c := range all {
		row := []string{c.src.ID}
		zone := c.src.Location()
		for _, at := range c.next {
			row = append(row, statement.VisitAt(at, zone))
		}
		for len(row) <= shownVisits {
			row = append(row, "-")
		}
		rows = append(rows, append(row, term.Clean(schedule.Words(c.src))+", "+zone.String()))
	}
	if err := term.Table(a.out, rows); err != nil {
		return err
	}
	a.noteUnattended(all)
	return nil
}

// comment is how the source does, as lines that may stand above its definition.
func (c *career) comment(now time.Time) string {
	var b strings.Builder
	line := func(what, is string) { fmt.Fprintf(&b, "# %-13s %s\n", what, is) }
	line("state", c.health())
	if c.src.Switch != "" {
		line("switched", map[bool]string{true: "on", false: "off"}[c.src.IsEnabled()]+" by "+term.Clean(c.src.Switch))
	}
	if v := c.src.Verified; v != "" {
		line("verified", string(v)+": "+v.Means())
	}
	line("statements", fmt.Sprintf("%d, the last new one %s", c.status.Statements, ago(now, c.status.LastNew)))
	line("last success", ago(now, c.status.LastSuccess))
	line("14 days", c.sparkline())
	if c.skipped > 0 {
		line("not made", fmt.Sprintf("%s in 14 days; the last: %s", plural(c.skipped, "visit"), term.Clean(c.reason)))
	}
	for _, t := range c.troubles {
		if t.Kind.Remark() {
			line("note", term.Clean(t.URL+": "+t.Reason))
		}
	}
	for i, m := range c.quiet {
		what := ""
		if i == 0 {
			what = "quiet"
		}
		line(what, describe(m))
		if m.Drop != "" {
			line("", "extract.drop_text: ["+quoted(m.Drop)+"] cuts it out")
		}
	}
	if blind := c.src.Kind.Blind(); blind != "" {
		line("not seen", blind)
	}
	line("visited", term.Clean(schedule.Words(c.src))+", "+c.src.Location().String())
	for i, at := range c.next {
		what := ""
		if i == 0 {
			what = "next visits"
			if !c.attended {
				what = "if run starts"
			}
		}
		line(what, statement.VisitAtLong(at, c.src.Location()))
	}
	return b.String()
}

func (c *career) nextVisit(now time.Time) string {
	switch {
	case len(c.next) == 0:
		return "never"
	case !c.next[0].After(now) && c.plan.NextVisit.IsZero():
		return "never"
	case !c.attended:
		return "no daemon"
	case !c.pause.Since.IsZero():
		return "paused"
	case !c.next[0].After(now):
		return "due"
	}
	switch d := c.next[0].Sub(now); {
	case d < time.Minute:
		return "in a moment"
	case d < time.Hour:
		return fmt.Sprintf("in %d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("in %d h", int(d.Hours()))
	default:
		return fmt.Sprintf("in %d days", int(d.Hours()/24))
	}
}

// sparkline shows how much was new on each of the days, the oldest first.
func (c *career) sparkline() string {
	bars := []rune("▁▂▃▄▅▆▇█")
	most := 0
	for _, d := range c.days {
		most = max(most, d.New)
	}
	line := make([]rune, 0, shownDays)
	for i := shownDays - 1; i >= 0; i-- {
		d := c.days[i]
		switch {
		case d.Visits == 0:
			line = append(line, '.')
		case d.Failed >= d.Visits:
			line = append(line, 'x')
		case d.New == 0:
			line = append(line, '_')
		default:
			line = append(line, bars[(d.New*(len(bars)-1)+most/2)/most])
		}
	}
	return string(line)
}

func (c *career) health() string {
	s := c.status
	switch {
	case !c.ahead.IsZero():
		return "the clock was ahead, or is behind now: moments as late as " + statement.Minute(c.ahead) + " are recorded; the daemon or a scrape puts that right"
	case !c.pause.Since.IsZero():
		return paused(c.pause)
	case !c.plan.RetiredAt.IsZero():
		return "retired " + statement.DayOf(c.plan.RetiredAt) + ": nobody answers there; volteface scrape " + c.src.ID + " tries it"
	case s.Fault != "" && s.FaultCount == 0: // its listing is read, some of its pages are not
		return "well, but since " + statement.Minute(s.FaultSince) + ": " + term.Clean(s.Fault)
	case s.Fault != "":
		return "fault since " + statement.Minute(s.FaultSince) + ": " + term.Clean(s.Fault)
	case !c.src.IsEnabled() && c.src.Verified == statement.Unverified:
		return "disabled, unverified"
	case !c.src.IsEnabled():
		return "disabled"
	case s.LastVisit.IsZero():
		return "not visited yet"
	case !c.plan.SilentTold.IsZero():
		return "suspicious: silent for much longer than usual"
	}
	line := "well"
	if s.Missing > 0 {
		line += fmt.Sprintf(", %d missing", s.Missing)
	}
	if n := len(c.quiet); n > 0 {
		line += fmt.Sprintf(", %s quiet", plural(n, "place"))
	}
	if s.Flickering > 0 {
		line += fmt.Sprintf(", %d flickering", s.Flickering)
	}
	return line + c.remarks()
}

// remarks is what is to be known of a source that is well.
func (c *career) remarks() (line string) {
	count := map[statement.TroubleKind]int{}
	for _, t := range c.troubles {
		count[t.Kind]++
	}
	if n := count[statement.TroubleUnreadable]; n > 0 {
		line += fmt.Sprintf(", %d published, not readable", n)
	}
	if count[statement.TroubleRepeats] > 0 {
		line += ", its entries share ids or links"
	}
	return line
}

func (c *career) toJSON() wire.Source {
	src, s := c.src, c.status
	line := wire.Source{
		ID: src.ID, Issuer: src.Issuer.Name, Government: src.Issuer.Government, Kind: string(src.Kind), URL: src.URL,
		Language: src.Language, Enabled: src.IsEnabled(), Verified: string(src.Verified), Access: src.Access, Tags: append([]string{}, src.Tags...), Statements: s.Statements, Missing: s.Missing, Flickering: s.Flickering,
		LastVisit: moment(s.LastVisit), LastSuccess: moment(s.LastSuccess), LastNew: moment(s.LastNew),
		Fault: s.Fault, FaultSince: moment(s.FaultSince), Faults: s.FaultCount, RetiredAt: moment(c.plan.RetiredAt),
		NextVisits: []string{}, Visited: schedule.Words(src), Days: []wire.Day{}, RestsUntil: moment(c.rests), Ahead: moment(c.ahead), Troubles: []wire.Trouble{}, Quiet: []wire.Quiet{}, Skipped: c.skipped, SkipReason: c.reason, PausedSince: moment(c.pause.Since), PausedUntil: moment(c.pause.Until), PausedBy: c.pause.By, PauseReason: c.pause.Reason,
		Attended: c.attended, Defined: src.Path, Replaces: src.Replaces,
	}
	if !c.plan.SilentTold.IsZero() {
		line.SilentSince = moment(s.LastNew)
	}
	for _, t := range c.troubles {
		line.Troubles = append(line.Troubles, wire.TroubleOf(t))
	}
	for _, m := range c.quiet {
		line.Quiet = append(line.Quiet, wire.QuietOf(m))
	}
	for _, at := range c.next {
		line.NextVisits = append(line.NextVisits, moment(at))
	}
	for i := range shownDays {
		if d, visited := c.days[i]; visited {
			line.Days = append(line.Days, wire.Day{Day: d.Day.Format(time.DateOnly), Visits: d.Visits, Failed: d.Failed, New: d.New, Changed: d.Changed, Missing: d.Missing})
		}
	}
	slices.Reverse(line.Days)
	return line
}
