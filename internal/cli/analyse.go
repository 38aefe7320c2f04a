package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
)

func (a *app) analyseCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "analyse",
		Short: "Read what waits to be analysed, and find what it turns round",
		Long: `Read the statements that wait to be analysed: cut them into passages, read their
stances on watched propositions, and hold each against what the same government
said before, news first, then the latest. The daemon does this by itself, and scrape
does it for news; after an import or the first visit of a source this command reads
the rest.

What is found in an archive or a first visit is listed, not alerted.
Stop it at any time: the same command goes on from there.`,
		Example: `  volteface import statements-2022.jsonl.gz && volteface analyse
  volteface reversals list`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.analyse(cmd.Context(), limit) },
	}
	cmd.Flags().IntVar(&limit, "limit", 0, "read `N` statements at most")
	return cmd
}

// analysedJSON is the last line of analyse.
type analysedJSON struct {
	Analysed int `json:"analysed"`
	Unread   int `json:"unread"`
	Found    int `json:"found"`
	Waiting  int `json:"waiting"`
	Long     int `json:"long"` // read but for their ends
}

func (a *app) analyse(ctx context.Context, limit int) error {
	h, m, done, err := a.analyst(ctx)
	if err != nil {
		return err
	}
	defer done()
	began := time.Now()
	count, err := a.readWaiting(ctx, m, limit, statement.LevelReview)
	if err != nil {
		return err
	}
	left, err := h.AnalysisCounts(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(analysedJSON{count.Revisions, count.Unread, count.Findings, left.Due, count.Long})
	}
	if count.Long > 0 {
		fmt.Fprintf(a.err, "note: %s %s too long to be read to the end: nothing is said of what stands there\n", plural(count.Long, "text"), verb(count.Long, "was", "were"))
	}
	fmt.Fprintf(a.out, "%s read in %s, %d in languages that are not read, %d new findings, %d waiting\n",
		plural(count.Revisions, "statement"), time.Since(began).Round(100*time.Millisecond), count.Unread, count.Findings, left.Due)
	return nil
}

// analyst opens the data folder for commands that read what was said.
func (a *app) analyst(ctx context.Context) (*house, *monitor.Monitor, func(), error) {
	cfg, err := a.config()
	if err != nil {
		return nil, nil, nil, err
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := a.monitor(h, nil, cfg)
	if err != nil {
		h.Close()
		return nil, nil, nil, err
	}
	return h, m, func() { m.Close(); h.Close() }, nil
}

// mostAtOnce is how many statements a visit by hand reads at once, some seconds'
// work; the archive of a first visit is left to the daemon or to analyse.
const mostAtOnce = 50

// readNews analyses what a visit has brought, if there is any news in it.
func (a *app) readNews(ctx context.Context, h *house, m *monitor.Monitor) error {
	waiting, err := h.AnalysisCounts(ctx)
	switch {
	case err != nil || waiting.News == 0:
		return err
	case waiting.Due > mostAtOnce:
		if !a.json {
			fmt.Fprintf(a.err, "%s wait to be held against what was said before: volteface analyse\n", plural(waiting.Due, "statement"))
		}
		return nil
	}
	_, err = a.readWaiting(ctx, m, 0, statement.LevelAlert)
	return err
}

// least tells whether a level is the one asked for, or a surer one.
func least(level, asked statement.Level) bool {
	return level == asked || asked == statement.LevelReview && level == statement.LevelAlert
}

// readWaiting analyses what waits, and prints what is found of a level.
func (a *app) readWaiting(ctx context.Context, m *monitor.Monitor, limit int, level statement.Level) (monitor.Analysed, error) {
	bar := term.NewProgress(a.err, "reading what was said")
	defer bar.Done()
	color := term.Color(a.out, a.getenv)
	report := func(f state.Finding) {
		if !a.json && !f.Held && f.DroppedAt.IsZero() && least(f.Level, level) { // programs ask reversals list
			bar.Print(func() { _ = a.printReversal(f, color) })
		}
	}
	count, err := m.Analyse(ctx, monitor.AnalyseOptions{Limit: limit, Progress: bar.Set, Report: report})
	if err != nil {
		return count, err
	}
	bar.Done()
	return count, a.opine(ctx, m, report)
}

// opine asks for the second opinions that are due, where any is configured. That the model cannot be asked is told, and no failure: what
// waits for it is told in its time.
func (a *app) opine(ctx context.Context, m *monitor.Monitor, report func(state.Finding)) error {
	count, err := m.Opine(ctx, monitor.OpineOptions{Report: report})
	if errors.Is(err, monitor.ErrElsewhere) { // the daemon does it
		return nil
	}
	if count.Outage != nil && !a.json {
		fmt.Fprintf(a.err, "note: %s\n", term.Clean(count.Outage.Error()))
		if hint := statement.HintOf(count.Outage); hint != "" {
			fmt.Fprintf(a.err, "hint: %s\n", term.Clean(hint))
		}
	}
	return err
}
