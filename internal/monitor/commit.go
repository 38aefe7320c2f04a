package monitor

import (
	"context"
	"errors"

	"volteface/state"
)

// maxBatch is the most pieces of work recorded in one transaction.
const maxBatch = 128

// committer records finished work, whatever is waiting in one transaction:
// while one is being synced to disk the next fills up (group commit), so that
// many sources cost few syncs and a single one waits for nobody.
type committer struct {
	store state.Store
	queue chan piece
	done  chan struct{}
}

// piece is the T1 of one look at one statement. apply may run more than once,
// after is called once, with the outcome. Where that is an *unread, nothing has been
// recorded of the piece, and the others of its transaction are none the worse for it.
type piece struct {
	apply func(state.Tx) error
	after func(error)
	dry   bool // look, then forget
}

// errDryRun rolls a transaction back that was only meant to be looked at.
var errDryRun = errors.New("dry run")

// errUnread rolls a transaction back some of whose pieces have to be read first.
var errUnread = errors.New("some edits have not been read yet")

func newCommitter(store state.Store) *committer {
	c := &committer{store: store, queue: make(chan piece, maxBatch), done: make(chan struct{})}
	go c.run()
	return c
}

// submit hands work over; it waits while too much is queued.
func (c *committer) submit(p piece) { c.queue <- p }

func (c *committer) close() {
	close(c.queue)
	<-c.done
}

func (c *committer) run() {
	defer close(c.done)
	for first := range c.queue {
		batch := append(make([]piece, 0, maxBatch), first)
		for len(batch) < maxBatch && len(c.queue) > 0 {
			p, open := <-c.queue
			if !open {
				break
			}
			batch = append(batch, p)
		}
		c.record(batch)
	}
}

// record commits a batch. If it fails as a whole, each piece gets a
// transaction of its own, so that one bad piece harms no other.
func (c *committer) record(batch []piece) {
	var open map[int]error // by place in the batch
	err := c.store.Update(context.Background(), func(tx state.Tx) error {
		dry := false
		open = map[int]error{}
		for i, p := range batch {
			switch err := p.apply(tx); {
			case errors.As(err, new(*unread)):
				open[i] = err
			case err != nil && len(open) == 0:
				return err
			case err != nil: // perhaps by what an open piece has written
				return errUnread
			}
			dry = dry || p.dry
		}
		if len(open) > 0 {
			return errUnread
		}
		if dry { // a dry run is a process of its own: its batches hold nothing else
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if errors.Is(err, errUnread) {
		var rest []piece
		for i, p := range batch {
			if fault, is := open[i]; is {
				p.after(fault)
			} else {
				rest = append(rest, p)
			}
		}
		if len(rest) > 0 {
			c.record(rest)
		}
		return
	}
	if err != nil && len(batch) > 1 {
		for _, p := range batch {
			c.record([]piece{p})
		}
		return
	}
	for _, p := range batch {
		p.after(err)
	}
}
