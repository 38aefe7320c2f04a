package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/upkeep"
	"volteface/state"
	"volteface/state/blob"
)

func (a *app) fsckCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "fsck",
		Short: "Check that everything kept is there and sound",
		Long: `Check the database, that the records agree among themselves, that dates and
addresses make sense and that each text matches its hash; then every archived
file against its SHA-256. Nothing is changed. With --from, archived files that are
missing or damaged are brought back from a folder of backups.`,
		Example: `  volteface fsck
  volteface fsck --from /mnt/backup/volteface`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.fsck(cmd.Context(), from) },
	}
	cmd.Flags().StringVar(&from, "from", "", "bring archived files back from this `FOLDER` of backups")
	return cmd
}

func (a *app) fsck(ctx context.Context, from string) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	house := upkeep.House{Store: h.Store, Archive: h.blobs}
	bar := term.NewProgress(a.err, "checking")
	report := func(fault string) {
		bar.Print(func() {
			if a.json {
				_ = a.printJSON(map[string]string{"fault": fault}) // a closed pipe ends the program by itself
			} else {
				fmt.Fprintln(a.out, term.Clean(fault))
			}
		})
	}
	check, err := house.Examine(ctx, report, bar.Set)
	bar.Done()
	if err != nil {
		return err
	}
	mended := 0
	if from != "" && len(check.Lost) > 0 {
		archive, err := blob.OpenFolder(filepath.Join(from, "blobs"))
		if err == nil {
			mended, err = house.Mend(ctx, check.Lost, archive)
			err = errors.Join(err, archive.Close())
		}
		if err != nil {
			return fmt.Errorf("bring archived files back: %w", err)
		}
	}
	if a.json {
		if err := a.printJSON(map[string]int{"statements": check.Counts.Statements, "revisions": check.Counts.Revisions, "archived": check.Archived, "loose": check.Loose, "faults": check.Faults, "mended": mended}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "%s, %s, %s: %s", plural(check.Counts.Statements, "statement"), plural(check.Counts.Revisions, "revision"), plural(check.Archived, "archived file"), plural(check.Faults, "fault"))
		if mended > 0 {
			fmt.Fprintf(a.out, ", %d mended", mended)
		}
		if check.Loose > 0 {
			fmt.Fprintf(a.out, "; %s that nothing refers to (volteface gc removes them)", plural(check.Loose, "archived file"))
		}
		fmt.Fprintln(a.out)
	}
	if left := check.Faults - mended; left > 0 {
		return statement.WithHint(fmt.Errorf("%s found", plural(left, "fault")), "keep a copy of the folder as it is; volteface fsck --from BACKUPS mends archived files, volteface restore puts a backup back")
	}
	return nil
}

func (a *app) gcCommand() *cobra.Command {
	var dry, insist bool
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Remove what has grown old, as the configuration says",
		Long: `Remove what has grown old by retention in the configuration: bytes of looks that
found a text unchanged (kept for ever unless retention.captures is set), records
of visits, alerts that were sent; then archived files that nothing refers to. What
a revision was made from is never touched. Where no record refers to most of what
is archived, the database may be the wrong one, and nothing is removed. The daemon
lets go of records of visits and of sent alerts by itself, once a day.`,
		Example: `  volteface gc --dry-run
  volteface gc`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.gc(cmd.Context(), dry, insist) },
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "count what would be removed, and remove nothing")
	cmd.Flags().BoolVar(&insist, "insist", false, "go on though no record refers to most of what is archived")
	return cmd
}

func (a *app) gc(ctx context.Context, dry, insist bool) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	before := func(d statement.Duration) time.Time {
		if d <= 0 {
			return time.Time{}
		}
		return a.clock.Now().Add(-time.Duration(d))
	}
	bar := term.NewProgress(a.err, "collecting")
	r := state.Retention{Captures: before(cfg.Retention.Captures), Visits: before(cfg.Retention.Visits), Alerts: before(cfg.Retention.Alerts)}
	count, err := upkeep.House{Store: h.Store, Archive: h.blobs}.Collect(ctx, r, dry, insist, bar.Set)
	bar.Done()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"captures": count.Captures, "visits": count.Visits, "alerts": count.Alerts, "loose": count.Loose, "freed": count.Freed, "dry_run": dry})
	}
	did := "removed"
	if dry {
		did = "would be removed"
	}
	_, err = fmt.Fprintf(a.out, "%s, %s, %s and %s %s", plural(count.Captures, "capture"), plural(count.Visits, "visit"), plural(count.Alerts, "alert"), plural(count.Loose, "loose archived file"), did)
	if count.Freed > 0 {
		fmt.Fprintf(a.out, ", %s freed", upkeep.Size(count.Freed))
	}
	fmt.Fprintln(a.out)
	return err
}
