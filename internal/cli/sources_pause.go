package cli

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) sourcesPauseCommand() *cobra.Command {
	var until, reason string
	cmd := &cobra.Command{
		Use:   "pause SOURCE...",
		Short: "Leave sources alone, until a moment or until they are resumed",
		Long: `Leave sources alone, until a moment or until they are resumed: a running daemon
visits nothing of them and takes no second looks, at once and without a reload.
What is kept stays, and scrape SOURCE still visits one. What changes on its pages
meanwhile is seen afterwards, if it is still there.`,
		Example: `  volteface sources pause kremlin --until 3d --reason "they rebuild their site"
  volteface sources resume kremlin`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			end, err := wire.ParseEnd(until, a.clock.Now())
			if err != nil {
				return usage(fmt.Errorf("--until %w", err), statement.HintOf(err))
			}
			return a.pauseSources(cmd.Context(), args, func(tx state.Tx, id string) error {
				return tx.PutPause(state.Pause{Source: id, Since: a.clock.Now(), Until: end, By: login(), Reason: strings.TrimSpace(reason)})
			})
		},
	}
	cmd.Flags().StringVar(&until, "until", "", "end of the pause: a `TIME` such as 2026-11-05 or RFC 3339, or how long: 8h, 3d (default: none)")
	cmd.Flags().StringVar(&reason, "reason", "", "`WHY`, in a few words")
	return cmd
}

func (a *app) sourcesResumeCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "resume SOURCE...",
		Short:             "Let paused sources go on",
		Example:           `  volteface sources resume kremlin`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.pauseSources(cmd.Context(), args, func(tx state.Tx, id string) error { return tx.DropPause(id) })
		},
	}
}

// pauseSources changes the pauses of sources, and says how each does then.
func (a *app) pauseSources(ctx context.Context, ids []string, change func(tx state.Tx, id string) error) error {
	for _, id := range ids {
		if _, err := a.source(id); err != nil {
			return err
		}
	}
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Update(ctx, func(tx state.Tx) error {
		var errs []error
		for _, id := range ids {
			errs = append(errs, change(tx, id))
		}
		return errors.Join(errs...)
	}); err != nil {
		return err
	}
	careers, err := a.careersBy(ctx, ids, func(ctx context.Context, byID map[string]*career) error { return a.recall(ctx, h, byID) })
	if err != nil {
		return err
	}
	for _, c := range careers {
		switch {
		case a.json:
			err = a.printJSON(c.toJSON())
		case c.pause.Since.IsZero():
			_, err = fmt.Fprintf(a.out, "%s is not paused\n", c.src.ID)
		default:
			_, err = fmt.Fprintf(a.out, "%s is %s\n", c.src.ID, paused(c.pause))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// paused says until when a source is paused, by whom, and why.
func paused(p state.Pause) string {
	line := "paused until it is resumed"
	if !p.Until.IsZero() {
		line = "paused until " + statement.Minute(p.Until)
	}
	if p.By != "" {
		line += ", by " + term.Clean(p.By)
	}
	if p.Reason != "" {
		line += ": " + term.Clean(p.Reason)
	}
	return line
}

// login is the name of who types, as the machine knows it; empty where it knows none.
func login() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
