// Package queue carries "visit this source now" from the schedule to the
// workers. It remembers nothing that matters: what is due stands in the tables
// of the state, so that a queue may be thrown away at any moment.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite" // the driver
	sqlite3 "modernc.org/sqlite/lib"

	"volteface/internal/statement"
)

// Visit is the one kind of job: a look at a source.
type Visit struct {
	Source string    `json:"source"`
	Due    time.Time `json:"due"` // the moment of the schedule; zero for ChecksOnly
	// ChecksOnly leaves the listing alone.
	ChecksOnly bool `json:"checks_only"`
	// Backfill reads on in the source's past, and makes no visit.
	Backfill bool `json:"backfill"`
}

// Kind names the job in the queue's table.
func (Visit) Kind() string { return "visit" }

// InsertOpts lets a job be tried once: whether and when there is another
// attempt, the schedule decides. It is not River that keeps a source from being
// queued twice: it completes its jobs a moment after their end, and would
// swallow what is due again at once. The one who inserts knows what it has in
// hand, and the lease of the source keeps out everybody else.
func (Visit) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// Options shape a queue.
type Options struct {
	Workers int           // visits at a time
	Timeout time.Duration // longest a visit may take; a polite first one takes hours
	Grace   time.Duration // how long running visits may go on once the queue is told to stop
	Work    func(ctx context.Context, v Visit) error
	Log     *slog.Logger
}

// pollEvery is how often the table is looked at though nobody has told of a
// new job. Whoever inserts one is in this process and does tell: every look
// costs a query that River has SQLite compile anew.
const pollEvery = 20 * time.Second

// retention is how long finished jobs are kept to be looked at.
const retention = time.Hour

// alone is River's driver for SQLite where nobody but this process inserts: the
// client then wakes its workers itself. River 0.49 would ask the file twenty
// times a second whether somebody else has inserted something.
type alone struct{ *riversqlite.Driver }

// SupportsListener is part of riverdriver.Driver.
func (alone) SupportsListener() bool { return false }

// resting is how long a queue works on without a job before it stops its
// client, whose tickers and queries would cost more than all else that an idle
// program does.
const resting = 30 * time.Second

// Queue is River on a SQLite file of its own. It works while there is something
// to do.
type Queue struct {
	client *river.Client[*sql.Tx]
	db     *sql.DB

	mu      sync.Mutex // of all below; held while the client starts or stops
	working bool
	jobs    int // put in and not yet done
	idle    *time.Timer
	stopped bool
}

type worker struct {
	river.WorkerDefaults[Visit]
	work func(context.Context, Visit) error
	done func(jobs int)
}

func (w *worker) Work(ctx context.Context, job *river.Job[Visit]) error {
	defer w.done(1)
	return w.work(ctx, job.Args)
}

// Open makes a fresh queue at path. What an earlier process left there is
// thrown away: its jobs are still due, so that nothing waits for the hour after
// which River would think its running ones stuck. The caller sees to it that
// no other process uses the file.
func Open(ctx context.Context, path string, o Options) (_ *Queue, err error) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("make a fresh queue: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a fresh queue: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	// Never synced: a queue that is lost is made again.
	query := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(OFF)", "cache_size(-1000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer func() {
		if err != nil {
			err = errors.Join(explain(fmt.Errorf("make a fresh queue: %w", err)), db.Close())
		}
	}()
	driver := alone{riversqlite.New(db)}
	quiet := slog.New(atLeast{o.Log.Handler(), slog.LevelWarn})
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	q := &Queue{}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{work: o.Work, done: q.done}); err != nil {
		return nil, err
	}
	client, err := river.NewClient(driver, &river.Config{
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}},
		Workers:    workers,
		JobTimeout: o.Timeout, RescueStuckJobsAfter: o.Timeout + time.Hour,
		FetchCooldown: 5 * time.Millisecond, FetchPollInterval: pollEvery, PollOnly: true,
		SoftStopTimeout:             o.Grace,
		CompletedJobRetentionPeriod: retention, CancelledJobRetentionPeriod: retention, DiscardedJobRetentionPeriod: retention,
		Logger: quiet,
	})
	if err != nil {
		return nil, err
	}
	q.client, q.db = client, db
	q.idle = time.AfterFunc(resting, q.rest)
	return q, nil
}

// explain gives advice where the disk is full.
func explain(err error) error {
	var known *sqlite.Error
	if errors.As(err, &known) && known.Code()&0xff == sqlite3.SQLITE_FULL {
		return statement.WithHint(err, "the disk is full: make room, then start again; nothing recorded is lost")
	}
	return err
}

// Add puts visits into the queue.
func (q *Queue) Add(ctx context.Context, visits []Visit) error {
	if err := q.wake(ctx, len(visits)); err != nil {
		return fmt.Errorf("put a visit into the queue: %w", err)
	}
	jobs := make([]river.InsertManyParams, len(visits))
	for i, v := range visits {
		jobs[i].Args = v
		if v.ChecksOnly || v.Backfill { // what is new goes first
			jobs[i].InsertOpts = &river.InsertOpts{Priority: 2}
		}
	}
	if _, err := q.client.InsertMany(ctx, jobs); err != nil {
		q.done(len(visits))
		return fmt.Errorf("put a visit into the queue: %w", err)
	}
	return nil
}

// wake has the client work, for so many more jobs.
func (q *Queue) wake(ctx context.Context, jobs int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return errors.New("it has been stopped")
	}
	if !q.working {
		// Not the caller's context: that ends when the program is asked to
		// stop, and Stop decides how.
		if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		q.working = true
	}
	q.jobs += jobs
	return nil
}

// done notes that jobs are over.
func (q *Queue) done(jobs int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.jobs -= jobs; q.jobs == 0 {
		q.idle.Reset(resting)
	}
}

// rest stops the client if nothing has come meanwhile.
func (q *Queue) rest() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.jobs > 0 || !q.working || q.stopped {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), resting)
	defer cancel()
	q.working = q.client.Stop(ctx) != nil
}

// Stop takes no more jobs, lets running ones go on for the grace they have, and
// then tells them to end. It gives up waiting when ctx is done.
func (q *Queue) Stop(ctx context.Context) (err error) {
	q.idle.Stop()
	q.mu.Lock()
	working := q.working
	q.working, q.stopped = false, true
	q.mu.Unlock()
	if working {
		err = q.client.Stop(ctx)
	}
	return errors.Join(err, q.db.Close())
}

// atLeast is a handler that leaves out what is less than a level.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}
func (h atLeast) WithAttrs(a []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(a), h.level}
}
func (h atLeast) WithGroup(n string) slog.Handler { return atLeast{h.Handler.WithGroup(n), h.level} }
