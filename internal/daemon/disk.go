package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/internal/upkeep"
)

// lookAround indexes what was recorded lately, so that a search finds it at
// once, and tells the operator once that the disk is filling up, and once that
// there is room again. told is when the operator was told; zero if there is
// nothing to tell.
func (d *daemon) lookAround(ctx context.Context, now time.Time) (notices []statement.Notice, told time.Time, err error) {
	plans, err := d.Store.Plans(ctx)
	if err != nil {
		return nil, told, err
	}
	for _, p := range plans {
		if p.Source == hourly {
			told = p.SilentTold
		}
	}
	err = d.Store.Index(ctx, nil)
	disk, failed := upkeep.ReadDisk(ctx, d.Folder, d.Store, now)
	if failed != nil {
		return nil, told, errors.Join(err, failed)
	}
	switch trouble := disk.Trouble(); {
	case trouble != "" && told.IsZero():
		told = now
		notices = append(notices, statement.Notice{At: now, Subject: "The disk is filling up", Text: fmt.Sprintf(
			"On the disk of %s, %s.\n\nWhen it is full nothing that is recorded is lost, and nothing more can be recorded. Make room, move the folder to a larger disk, or let go of what has grown old: \"volteface gc --dry-run\" tells what retention in the configuration would remove.",
			d.Folder, trouble)})
	case trouble == "" && !told.IsZero():
		told = time.Time{}
		notices = append(notices, statement.Notice{At: now, Subject: "The disk has room again", Text: fmt.Sprintf(
			"On the disk of %s, %s of %s are free.", d.Folder, upkeep.Size(disk.Free), upkeep.Size(disk.Total))})
	}
	return notices, told, err
}
