package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) positionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "positions [TOPIC]",
		Short: "Draw the line of each issuer on a topic through time",
		Long: `Draw the line of each issuer on the propositions of a topic through time: what
affirms (+), denies (-) or qualifies (~) it. Without a topic, list the topics.`,
		Example: `  volteface positions
  volteface positions drone-supply-to-russia`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			topics, err := cfg.Topics(a.getenv)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listTopics(topics.List())
			}
			topic, known := topics[args[0]]
			if !known {
				hint := "volteface positions lists the topics"
				if near := statement.Nearest(strings.ToLower(args[0]), topics.IDs()); near != "" {
					hint = fmt.Sprintf("did you mean %q? %s", near, hint)
				}
				return usage(fmt.Errorf("there is no topic %q", args[0]), hint)
			}
			return a.positions(cmd.Context(), topic)
		},
	}
}

func (a *app) listTopics(topics []statement.Topic) error {
	for _, t := range topics {
		if a.json {
			if err := a.printJSON(t); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(a.out, "%-28s  %s\n", t.ID, term.Clean(cmpString(t.About, t.Name))); err != nil {
			return err
		}
	}
	return nil
}

func cmpString(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var stanceMarks = map[string]struct {
	mark  string
	style term.Style
}{
	string(reversal.Affirms): {"+", term.Green}, string(reversal.Denies): {"-", term.Red}, string(reversal.Qualifies): {"~", term.Yellow},
}

func (a *app) positions(ctx context.Context, t statement.Topic) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	all, err := h.Stances(ctx, t.ID)
	if err != nil {
		return err
	}
	if a.json {
		for _, s := range all {
			said, err := monitor.ShownDate(ctx, h, s)
			if err != nil {
				return err
			}
			if err := a.printJSON(wire.PositionOf(s, said)); err != nil {
				return err
			}
		}
		return nil
	}
	color := term.Color(a.out, a.getenv)
	fmt.Fprintf(a.out, "%s\n", term.Paint(color, term.Bold, term.Clean(t.Name)))
	if len(all) == 0 {
		counts, err := h.AnalysisCounts(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "Nothing that was read speaks on its propositions; %d statements wait (volteface analyse).\n", counts.Due)
		return nil
	}
	for _, p := range t.Propositions {
		lines := map[string][]state.Stance{}
		for _, s := range all {
			if s.Proposition == p.ID {
				lines[s.Issuer] = append(lines[s.Issuer], s)
			}
		}
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(a.out, "\n%s\n", term.Clean(p.Text))
		for _, issuer := range slices.Sorted(maps.Keys(lines)) {
			line := ""
			for _, s := range lines[issuer] {
				m := stanceMarks[s.Stance]
				line += term.Paint(color, m.style, m.mark)
			}
			fmt.Fprintf(a.out, "  %-20s %s\n", term.Clean(issuer), line)
			last := ""
			for _, s := range lines[issuer] {
				if s.Stance == last {
					continue // only where the line turns
				}
				last = s.Stance
				m := stanceMarks[s.Stance]
				said, err := monitor.ShownDate(ctx, h, s)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "    %s %s %-9s %s: “%s”\n", term.Clean(said.Figures()), term.Paint(color, m.style, m.mark), s.Stance, term.Clean(s.Speaker), term.Clean(term.Cut(s.Sentence, 160)))
			}
		}
	}
	return nil
}
