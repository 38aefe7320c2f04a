package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/term"
)

func (a *app) reextractCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reextract SOURCE...",
		Short: "Read the archived pages again after a source's selectors changed",
		Long: `Read the archived pages of a source again with its present selectors. Texts
are replaced by the new reading; that is never news, so nothing is alerted.`,
		Example:           `  volteface reextract kremlin`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			h, err := a.openExisting(ctx)
			if err != nil {
				return err
			}
			defer h.Close()
			m := &monitor.Monitor{Store: h.Store, Blobs: h.blobs, Clock: a.clock, Log: a.log()}
			defer m.Close()
			for _, id := range args {
				src, err := a.source(id)
				if err != nil {
					return err
				}
				status, err := h.SourceStatus(ctx, id)
				if err != nil {
					return err
				}
				bar := term.NewProgress(a.err, "extracting "+id)
				count, err := m.Reextract(ctx, src, func(done int) { bar.Set(done, status.Statements) })
				bar.Done()
				if err != nil {
					return hintLease(err)
				}
				if a.json {
					err = a.printJSON(map[string]any{"source": id, "revisions": count.Revisions, "different": count.Different, "failed": count.Failed})
				} else {
					_, err = fmt.Fprintf(a.out, "%s: %s read again, %d differ, %d failed; nothing is alerted\n", id, plural(count.Revisions, "revision"), count.Different, count.Failed)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}
