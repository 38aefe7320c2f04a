// Package upkeep keeps house: backups and their return, checks that everything
// kept is there and sound, the removal of what has grown old, and a word in
// time when the disk fills up.
package upkeep

import (
	"context"

	"volteface/state"
	"volteface/state/blob"
)

// House is what is kept: the records, and the archive of bytes.
type House struct {
	Store   state.Store
	Archive *blob.Folder
}

// Progress is told how much of the work is done; total is 0 where nobody knows.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// archived lists the bytes that the records refer to.
func archived(ctx context.Context, s state.Store) (all []state.Archived, err error) {
	for a, err := range s.Archived(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}
