package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/opinion"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) reversalsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reversals",
		Short: "List, confirm and dismiss what appears to contradict what",
		Long: `A finding sets two passages side by side, of which the later one appears to
contradict or to soften what the same government said before. Whether it does
is for people to say: confirm or dismiss it. What they decide is kept, whatever
engine reads the statements next.`,
		Example: `  volteface reversals list --level alert
  volteface reversals show 4f2k
  volteface reversals dismiss 4f2k --reason "another period"`,
		RunE: needsVerb,
	}
	cmd.AddCommand(a.reversalsListCommand(), a.reversalsShowCommand(),
		a.reviewCommand("confirm", state.Confirmed, "Say that a finding is right", `Say that a finding is right: the later passage does contradict, or soften, the
earlier one. It counts in reversals stats, and goes into reversals export.`),
		a.reviewCommand("dismiss", state.Dismissed, "Say that a finding is wrong; it does not come back", `Say that a finding is wrong. It does not come back, nor do others on the same
matter: in other sentences of the same two statements, or where both sides are
said again elsewhere. What turns something else, another figure or another
thing, is found as before. The findings that went with it are listed; reopen
takes the decision back, and theirs with it.`),
		a.reviewCommand("reopen", state.Open, "Take back what was decided", `Take back what was decided on a finding, and what followed from it: others on
the same matter that were dismissed with it are open again.`), a.reversalsRestoreCommand(), a.reversalsStatsCommand(), a.reversalsExportCommand())
	return cmd
}

func (a *app) printReversal(f state.Finding, color bool) error {
	if a.json {
		return a.printJSON(wire.ReversalOf(f))
	}
	word := strings.ToUpper(string(f.Verdict))
	style := term.Red
	if f.Verdict == statement.VerdictSoftening {
		style = term.Yellow
	}
	note := standing(f)
	_, err := fmt.Fprintf(a.out, "%s  %s  %s  %.2f %s  %s\n", term.Paint(color, style, fmt.Sprintf("%-9s", word)), term.Paint(color, term.Dim, f.ID),
		day(f.After.Published), f.Score, term.Paint(color, term.Dim, fmt.Sprintf("%-9s", note)), term.Clean(f.Explanation))
	return err
}

// standing says in a word or two where a finding stands.
func standing(f state.Finding) string {
	switch decided := f.Review.Decision != state.Open; {
	case !f.DroppedAt.IsZero():
		return "dropped"
	case f.Lapsed && decided:
		return string(f.Review.Decision) + ", decided before"
	case f.Lapsed:
		return string(f.Level) + ", found before"
	case decided:
		return string(f.Review.Decision)
	}
	return string(f.Level)
}

func (a *app) reversalsListCommand() *cobra.Command {
	var sources, topics, levels []string
	var since string
	var limit int
	var all, dropped bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List findings, the newest first",
		Long: `List findings, the newest first. Those of level alert are mailed at once, those
of level review go into digests, and --level watch lists what is less sure still.
Two kinds are left out unless --all asks for them: what was dismissed, and what
an older engine found, today's does not, and nobody decided on. What somebody
decided on stays, as "decided before". What a second opinion has dropped is listed
by --dropped alone; restore brings it back.`,
		Example: `  volteface reversals list --topic drone-supply-to-russia
  volteface reversals list --level review --since 30d --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			after, err := parseSince(since, a.clock.Now())
			if err != nil {
				return err
			}
			f := state.ReversalFilter{Sources: sources, Topics: topics, Since: after, Limit: limit}
			for _, l := range levels {
				if !slices.Contains([]statement.Level{statement.LevelAlert, statement.LevelReview, statement.LevelWatch}, statement.Level(l)) {
					return usage(fmt.Errorf("--level %q", l), "alert, review or watch")
				}
				f.Levels = append(f.Levels, statement.Level(l))
			}
			f.Dropped, f.OnlyDropped = all, dropped
			if f.Standing = !all; !all {
				f.Decisions = []state.Decision{state.Open, state.Confirmed}
			}
			return a.listReversals(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&sources, "source", nil, "only of this `SOURCE`")
	flags.StringSliceVar(&topics, "topic", nil, "only of this `TOPIC`")
	flags.StringSliceVar(&levels, "level", []string{"alert", "review"}, "only of this `LEVEL`: alert, review or watch")
	flags.StringVar(&since, "since", "", "only what was said since this `DATE`, or within 48h or 30d")
	flags.IntVar(&limit, "limit", 0, "`N` findings at most")
	flags.BoolVar(&all, "all", false, "dismissed and dropped ones too, and those the engine does not find any more")
	flags.BoolVar(&dropped, "dropped", false, "only those that a second opinion has dropped")
	return cmd
}

func (a *app) listReversals(ctx context.Context, f state.ReversalFilter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	found, err := h.Reversals(ctx, f)
	if err != nil {
		return err
	}
	color := term.Color(a.out, a.getenv)
	for _, x := range found {
		if err := a.printReversal(x, color); err != nil {
			return err
		}
	}
	return nil
}

// finding finds one by its identifier.
func (a *app) finding(ctx context.Context, h *house, id string) (state.Finding, error) {
	f, err := h.Reversal(ctx, id)
	switch {
	case errors.Is(err, statement.ErrNotFound):
		err = statement.WithHint(fmt.Errorf("there is no finding %q", id), "volteface reversals list --all shows what there is")
	case errors.Is(err, state.ErrAmbiguous):
		err = statement.WithHint(err, "type more of the identifier")
	}
	return f, err
}

func (a *app) reversalsShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Show both sides of a finding, with their evidence",
		Example: "  volteface reversals show 4f2k",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			f, err := a.finding(cmd.Context(), h, args[0])
			if err != nil {
				return err
			}
			if err := a.translated(cmd.Context(), h, &f); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(wire.ReversalOf(f))
			}
			return a.showReversal(f)
		},
	}
}

// translated adds what a language model has made of quotations in foreign languages, where the configuration asks for translations.
func (a *app) translated(ctx context.Context, h *house, f *state.Finding) error {
	cfg, err := a.config()
	if err != nil || cfg.SecondOpinion.Translate == "" {
		return err
	}
	for _, q := range []*statement.Quote{&f.Before, &f.After} {
		e := opinion.Extra{Kind: opinion.Translation, Into: cfg.SecondOpinion.Translate, Language: q.Language, Text: q.Text}
		m, err := h.MachineText(ctx, e.Key())
		if err == nil && e.Fit() {
			q.Translation = &m
		} else if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (a *app) showReversal(f state.Finding) error {
	color := term.Color(a.out, a.getenv)
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(a.out, "%s %s\n", term.Paint(color, term.Dim, fmt.Sprintf("%-10s", label)), term.Clean(value))
		}
	}
	fmt.Fprintf(a.out, "%s\n\n", term.Paint(color, term.Bold, term.Clean(f.Explanation)))
	for _, side := range []struct {
		label string
		q     statement.Quote
	}{{"before", f.Before}, {"after", f.After}} {
		q := side.q
		line(side.label, strings.Join(slices.DeleteFunc([]string{q.Published.String(), q.Speaker, q.Issuer}, func(s string) bool { return s == "" }), " · "))
		if err := indent(a.out, term.CleanText("“"+q.Text+"”"), "           "); err != nil {
			return err
		}
		if m := q.Translation; m != nil {
			line("translated", "by "+m.Model+", a machine; not the speaker's words")
			if err := indent(a.out, term.CleanText(m.Text), "           "); err != nil {
				return err
			}
		}
		if from, to := q.Flagged.Start, q.Flagged.End; 0 <= from && from < to && to <= len(q.Text) {
			line("turns on", "“"+strings.TrimSpace(q.Text[from:to])+"”")
		}
		line("page", q.URL)
		line("statement", fmt.Sprintf("%s, revision %d", q.Statement, q.Revision))
		line("archived", q.Snapshot)
		fmt.Fprintln(a.out)
	}
	line("id", f.ID)
	line("verdict", fmt.Sprintf("%s, %s, score %.2f, level %s", f.Verdict, strings.ReplaceAll(f.Kind, "_", " "), f.Score, f.Level))
	line("topic", strings.TrimSpace(f.TopicName+"  "+f.Proposition))
	line("engine", f.Engine)
	if o := f.SecondOpinion; o != nil {
		line("opinion", strings.Join(slices.DeleteFunc([]string{"judged by " + o.Model, string(o.Verdict), string(o.Effect), o.Reason}, func(s string) bool { return s == "" }), " · "))
		line("", "volteface opinions show "+f.ID+" has what was asked and answered")
	}
	if !f.DroppedAt.IsZero() {
		line("dropped", statement.ShortMoment(f.DroppedAt)+"; volteface reversals restore "+f.ID+" brings it back")
	}
	decision := string(f.Review.Decision)
	if f.Review.Follows != "" {
		decision += ", as " + f.Review.Follows
	}
	line("decision", strings.TrimSpace(decision+"  "+f.Review.Reason))
	switch {
	case f.Replaced != "":
		line("today", "volteface reversals show "+f.Replaced+" has the same words as they are found today")
	case f.Lapsed:
		line("today", "the engine does not find it any more")
	}
	return nil
}

func (a *app) reviewCommand(verb string, decision state.Decision, short, long string) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     verb + " ID...",
		Short:   short,
		Long:    long,
		Example: fmt.Sprintf("  volteface reversals %s 4f2k --reason \"…\"", verb),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if decision == state.Dismissed && strings.TrimSpace(reason) == "" {
				return usage(errors.New("a finding is dismissed for a reason"), `add --reason "another period", or whatever it is: it teaches the engine`)
			}
			return a.review(cmd.Context(), args, state.Review{Decision: decision, Reason: reason, At: a.clock.Now(), Signature: a.signature()})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`WHY`, in a few words")
	return cmd
}

// signature is that of whoever types a command.
func (a *app) signature() state.Signature {
	return state.Signature{By: cmp.Or(a.getenv("USER"), a.getenv("LOGNAME")), Via: "command line"}
}

func (a *app) review(ctx context.Context, ids []string, r state.Review) error {
	h, m, done, err := a.analyst(ctx)
	if err != nil {
		return err
	}
	defer done()
	color := term.Color(a.out, a.getenv)
	for _, id := range ids {
		f, err := a.finding(ctx, h, id)
		if err != nil {
			return err
		}
		others, left, err := m.Decide(ctx, f.ID, r)
		if err != nil {
			return err
		}
		f.Review = r
		for _, x := range append([]state.Finding{f}, others...) {
			if err := a.printReversal(x, color); err != nil {
				return err
			}
		}
		if n := len(others); n > 0 && !a.json {
			fmt.Fprintf(a.err, "%s on the same matter went with it; volteface reversals reopen takes back a single one\n", plural(n, "finding"))
		}
		if left > 0 && !a.json {
			fmt.Fprintf(a.err, "%s that may be on the same matter stay open: there were too many to be read for one decision\n", plural(left, "finding"))
		}
	}
	return nil
}
