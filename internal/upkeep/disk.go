package upkeep

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"volteface/internal/platform"
	"volteface/state"
)

// The disk is called nearly full when less than this is left of it, or when
// what is left lasts for less than this at the pace of the last weeks.
const (
	leastFree     = 1 << 30
	leastShare    = 0.02
	leastDays     = 14
	paceOver      = 28 * 24 * time.Hour
	leastPaceFree = 50 << 30 // with more than that, pace is no concern
)

// Disk is how the disk of a folder stands.
type Disk struct {
	Total, Free int64 // bytes; Free is what we may use
	Files       int64 // files that may still be made; -1 where that has no bound
	Daily       int64 // bytes archived on a day, over the last four weeks, before compression
}

// ReadDisk asks the file system, and the store for the pace.
func ReadDisk(ctx context.Context, folder string, s state.Housekeeper, now time.Time) (d Disk, err error) {
	space, err := platform.Disk(folder)
	if err != nil {
		return d, fmt.Errorf("ask about the disk of %s: %w", folder, err)
	}
	d = Disk{Total: space.Total, Free: space.Free, Files: space.Files}
	if s != nil {
		grown, err := s.Grown(ctx, now.Add(-paceOver))
		if err != nil {
			return d, err
		}
		d.Daily = grown / int64(paceOver/(24*time.Hour))
	}
	return d, nil
}

// Days is how long what is left lasts at the present pace; -1 for longer than
// anybody cares.
func (d Disk) Days() int {
	if d.Daily <= 0 || d.Free/d.Daily > 10_000 {
		return -1
	}
	return int(d.Free / d.Daily)
}

// Trouble says in words for people why the disk will soon be full; "" if it
// will not.
func (d Disk) Trouble() string {
	switch days := d.Days(); {
	case d.Free < leastFree || float64(d.Free) < leastShare*float64(d.Total) && d.Free < 20*leastFree:
		return fmt.Sprintf("%s of %s are free", Size(d.Free), Size(d.Total))
	case d.Files >= 0 && d.Files < 10_000:
		return fmt.Sprintf("only %d more files can be made", d.Files)
	case days >= 0 && days < leastDays && d.Free < leastPaceFree:
		return fmt.Sprintf("%s are free, which last for %d days at the present pace", Size(d.Free), days)
	}
	return ""
}

// Used is how many bytes the files of a folder take; what cannot be read counts
// as nothing.
func Used(folder string) (used int64) {
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			used += info.Size()
		}
		return nil
	})
	return used
}

// Size is a number of bytes for people.
func Size(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	div, exp := int64(unit), 0
	for n/div >= unit {
		div *= unit
		exp++
	}
	return fmt.Sprintf("%.1f %cB", float64(n)/float64(div), "kMGTPE"[exp])
}
