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
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver
)

// Visit is the one kind of job: a look at a source.
type Visit struct {
	Source string `json:"source"`
	// ChecksOnly leaves the listing alone.
	ChecksOnly bool `json:"checks_only"`
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
// new job. Whoever inserts one is in this process and does tell.
const pollEvery = 2 * time.Second

// retention is how long finished jobs are kept to be looked at.
const retention = time.Hour

// alone is River's driver for SQLite where nobody but this process inserts: the
// client then wakes its workers itself. River 0.49 would ask the file twenty
// times a second whether somebody else has inserted something.
type alone struct{ *riversqlite.Driver }

// SupportsListener is part of riverdriver.Driver.
func (alone) SupportsListener() bool { return false }

// Queue is River on a SQLite file of its own.
type Queue struct {
	client *river.Client[*sql.Tx]
	db     *sql.DB
}

type worker struct {
	river.WorkerDefaults[Visit]
	work func(context.Context, Visit) error
}

func (w *worker) Work(ctx context.Context, job *river.Job[Visit]) error { return w.work(ctx, job.Args) }

// Open makes a fresh queue at path. What an earlier process left there is
// thrown away: its jobs are still due, so that nothing waits for the hour after
// which River would think its running ones stuck. The caller sees to it that
// no other process uses the file.
func Open(ctx context.Context, path string, o Options) (q *Queue, err error) {
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
			err = errors.Join(fmt.Errorf("make a fresh queue: %w", err), db.Close())
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
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{work: o.Work}); err != nil {
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
	// Not the caller's context: that ends when the program is asked to stop,
	// and Stop decides how.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return &Queue{client: client, db: db}, nil
}

// Add puts visits into the queue.
func (q *Queue) Add(ctx context.Context, visits []Visit) error {
	jobs := make([]river.InsertManyParams, len(visits))
	for i, v := range visits {
		jobs[i].Args = v
	}
	if _, err := q.client.InsertMany(ctx, jobs); err != nil {
		return fmt.Errorf("put a visit into the queue: %w", err)
	}
	return nil
}

// Stop takes no more jobs, lets running ones go on for the grace they have, and
// then tells them to end. It gives up waiting when ctx is done.
func (q *Queue) Stop(ctx context.Context) error {
	return errors.Join(q.client.Stop(ctx), q.db.Close())
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
