package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"volteface/internal/platform"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/upkeep"
	"volteface/state/sqlite"
)

// backupJSON is what backup and restore print.
type backupJSON struct {
	Backup     string `json:"backup"`
	Made       string `json:"made"`
	Version    string `json:"version"`
	Statements int    `json:"statements"`
	Revisions  int    `json:"revisions"`
	Archived   int    `json:"archived"`
	Aside      string `json:"aside"`
	Removed    int    `json:"removed"`
}

func (a *app) backupCommand() *cobra.Command {
	var keep int
	cmd := &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy everything that is kept into a folder, and check the copy",
		Long: `Copy the database and the archive into a folder of backups, while the daemon
goes on. The copy is checked: the database by its own rules, every archived file
against its SHA-256. The folder may hold many backups; archived files are in it
once, so that the next backup only copies what is new.

The configuration and your own sources are not part of it.`,
		Example: `  volteface backup /mnt/backup/volteface
  volteface backup /mnt/backup/volteface --keep 14   and remove all but the newest 14`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if keep < 0 {
				return usage(fmt.Errorf("--keep %d", keep), "0 keeps all")
			}
			return a.backup(cmd.Context(), args[0], keep)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "afterwards remove all but the newest `N` backups of the folder; 0 keeps all")
	return cmd
}

func (a *app) backup(ctx context.Context, to string, keep int) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	database, ok := h.Store.(*sqlite.Store)
	if !ok {
		return statement.WithHint(errors.New("the records are not in SQLite"), "use the backup of your database, and copy the archive after it")
	}
	bar := term.NewProgress(a.err, "backing up")
	house := upkeep.House{Store: h.Store, Archive: h.blobs}
	path, m, err := house.Backup(ctx, database, h.folder, to, version(), a.clock.Now(), bar.Set)
	bar.Done()
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	removed, err := upkeep.Prune(ctx, to, keep)
	if err != nil {
		return fmt.Errorf("remove old backups: %w", err)
	}
	return a.printBackup("backed up to", backupJSON{path, moment(m.Made), m.Version, m.Counts.Statements, m.Counts.Revisions, m.Archived, "", removed})
}

func (a *app) printBackup(did string, b backupJSON) error {
	if a.json {
		return a.printJSON(b)
	}
	fmt.Fprintf(a.out, "%s %s: %s, %s, %s, all checked\n", did, b.Backup, plural(b.Statements, "statement"), plural(b.Revisions, "revision"), plural(b.Archived, "archived file"))
	if b.Aside != "" {
		fmt.Fprintf(a.out, "the database that was there is now %s\n", b.Aside)
	}
	if b.Removed > 0 {
		fmt.Fprintf(a.out, "%s removed\n", plural(b.Removed, "older backup"))
	}
	return nil
}

func (a *app) restoreCommand() *cobra.Command {
	var replace bool
	cmd := &cobra.Command{
		Use:   "restore FOLDER",
		Short: "Put a backup back, after checking it",
		Long: `Put the newest backup of a folder, or the one named, into the data folder. All of
it is checked before anything is moved. The daemon must not run there. With
--replace a database that is there already is put aside, not deleted.`,
		Example: `  volteface restore /mnt/backup/volteface
  volteface restore /mnt/backup/volteface/20261105T040000Z --data-dir /tmp/look`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.restore(cmd.Context(), args[0], replace) },
	}
	cmd.Flags().BoolVar(&replace, "replace", false, "put the database that is there aside")
	return cmd
}

func (a *app) restore(ctx context.Context, from string, replace bool) error {
	backup, m, err := upkeep.FindBackup(from)
	if err != nil {
		return err
	}
	folder, err := a.folder()
	if err != nil {
		return err
	}
	unlock, err := alone(folder)
	if err != nil {
		return err
	}
	defer unlock()
	bar := term.NewProgress(a.err, "restoring")
	aside, err := upkeep.Restore(ctx, backup, m, folder, replace, a.clock.Now(), bar.Set)
	bar.Done()
	if err != nil {
		return fmt.Errorf("restore %s: %w", backup, err)
	}
	return a.printBackup("restored "+backup+" to "+folder+", from", backupJSON{backup, moment(m.Made), m.Version, m.Counts.Statements, m.Counts.Revisions, m.Archived, aside, 0})
}

// alone makes sure that no daemon runs on the folder, and keeps one from
// starting.
func alone(folder string) (release func(), err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(folder, daemonLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := platform.Lock(f); err != nil {
		return nil, errors.Join(statement.WithHint(fmt.Errorf("a daemon runs on %s", folder), "stop it first, or give another folder with --data-dir"), f.Close())
	}
	return func() { _ = f.Close() }, nil
}
