// Package daemon runs volteface for months with nobody watching: it sees what
// is due in the tables of the state, hands it to workers, has alerts delivered,
// tells its operator when a source needs help, and shows how it does.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/monitor"
	"volteface/internal/platform"
	"volteface/internal/queue"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/state"
)

// Settings are what the configuration says, and what may change while the
// daemon runs.
type Settings struct {
	Sources []statement.Source // those to be visited
	Monitor *monitor.Monitor
	// Deliver sends what is due in the outbox and writes the feeds; nil where
	// there is neither.
	Deliver func(ctx context.Context) (alert.Report, error)
	Analyse bool // what was said is held against what was said before
	Opine   bool // a second opinion is asked for
	// PriceIn and PriceOut are what a million tokens of questions and of answers cost, for the metrics.
	PriceIn, PriceOut float64
	Feeds             bool // feeds are written, of events that nobody is told of too
	// Close is called once, when no visit uses these settings any more.
	Close func()

	Jitter   time.Duration // see schedule.NewPlan
	Budget   int           // requests to one host in a day (UTC) after which re-checks wait for the next; 0 for no bound
	Operator []string      // who is told how the program does
	Faults   int           // visits in a row that fail before the operator is told
	Retire   time.Duration // how long a host must have been gone before it is given up
	// Records are how long records of visits and sent alerts are kept; once a day
	// what is older goes. Captures are left to a person's gc.
	Records struct{ Visits, Alerts time.Duration }

	plans map[string]*schedule.Plan
	byID  map[string]statement.Source
	users sync.WaitGroup
}

// Options are what stays the same while the daemon runs.
type Options struct {
	Store   state.Store
	Folder  string // of the data
	Clock   clock.Clock
	Log     *slog.Logger
	Listen  string        // host and port of the health pages; empty for none
	Workers int           // visits at a time
	Timeout time.Duration // longest a visit may take
	Version string
	// Load reads the configuration, at the start and at every Reload.
	Load   func(ctx context.Context, m *Metrics) (*Settings, error)
	Reload <-chan struct{}
	// Listening is told where the health pages are; nil for nobody.
	Listening func(address string)
}

const (
	// grace is how long running visits may go on when the daemon is told to
	// stop; what is not done then is cut short, and due again at the next start.
	grace = 4 * time.Second
	// stopTime is the longest that stopping may take in all.
	stopTime = 9 * time.Second
	// longestWait bounds how long the daemon trusts what it knows of the
	// tables, to which a person at a terminal may have added.
	longestWait = 20 * time.Second
	// again is how long a source rests after a visit that could not be made.
	again = time.Minute
	// settled is how long a source rests before what a re-check left due is
	// tried again.
	settled = 5 * time.Minute
)

// daemon is one run.
type daemon struct {
	Options
	queue   *queue.Queue
	metrics *Metrics
	started time.Time
	holder  string
	wake    chan struct{}
	tick    atomic.Int64 // nanoseconds since epoch at which the schedule was last looked at
	ready   atomic.Bool
	asked   atomic.Bool // to read the configuration again
	fed     atomic.Bool // something has happened that the feeds do not tell yet

	mu        sync.Mutex
	settings  *Settings
	busy      map[string]bool      // sources in the queue or being visited
	hosts     map[string]string    // their hosts, and who asks
	freed     map[string]bool      // sources whose visit ended since the tables were last asked
	wanted    map[string]bool      // hosts with a visit that waits until another to them ends
	late      map[string]string    // sources whose visit has had to wait, and for what
	queued    int                  // visits by the schedule that wait for a worker
	active    int                  // workers at work
	rest      map[string]time.Time // sources that are not visited before
	restCheck map[string]time.Time // sources that are not looked at again before
	spent     map[string]int       // requests to each host on the day below
	day       time.Time
	mailing   bool
	restMail  time.Time
	reading   bool
	restRead  time.Time
	asking    bool // for second opinions
	restAsk   time.Time
}

// Run runs until ctx is done, then stops within ten seconds: visits under way
// are given a moment to end and are cut short otherwise. It fails if it cannot
// start; afterwards it goes on whatever happens.
func Run(ctx context.Context, o Options) (err error) {
	unlock, err := lock(filepath.Join(o.Folder, "daemon.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	d := &daemon{
		Options: o, metrics: newMetrics(), started: o.Clock.Now(), holder: monitor.Holder(time.Now()), wake: make(chan struct{}, 1),
		busy: map[string]bool{}, freed: map[string]bool{}, wanted: map[string]bool{}, late: map[string]string{}, hosts: map[string]string{},
		rest: map[string]time.Time{}, restCheck: map[string]time.Time{}, spent: map[string]int{},
	}
	settings, err := d.load(ctx)
	if err != nil {
		return err
	}
	d.settings = settings
	defer func() { d.settings.retire() }()
	if d.queue, err = queue.Open(ctx, filepath.Join(o.Folder, "queue.db"), queue.Options{
		Workers: o.Workers, Timeout: o.Timeout, Grace: grace, Work: d.work, Log: o.Log,
	}); err != nil {
		return err
	}
	stopPages, err := d.serve()
	if err != nil {
		return errors.Join(err, d.queue.Stop(ctx))
	}
	defer stopPages()
	stopWatchdog := d.watchdog()
	defer stopWatchdog()
	o.Log.Info("started", "version", o.Version, "sources", len(settings.Sources), "workers", o.Workers, "folder", o.Folder)
	d.ready.Store(true)
	d.run(ctx)
	return d.stop()
}

// stop ends the work in hand.
func (d *daemon) stop() error {
	d.ready.Store(false)
	notify("STOPPING=1")
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	err := d.queue.Stop(ctx)
	d.Log.Info("stopped", "after", time.Since(began).Round(time.Millisecond).String())
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("visits did not end within %s: %w", stopTime, err)
	}
	return err
}

// load reads the configuration and brings the plans into line with it.
func (d *daemon) load(ctx context.Context) (*Settings, error) {
	s, err := d.Load(ctx, d.metrics)
	if err != nil {
		return nil, err
	}
	s.plans, s.byID = map[string]*schedule.Plan{}, map[string]statement.Source{}
	for _, src := range s.Sources {
		if s.plans[src.ID], err = schedule.NewPlan(src, s.Jitter); err != nil {
			s.Close()
			return nil, err
		}
		s.byID[src.ID] = src
	}
	if err := errors.Join(d.plan(ctx, s), d.setRight(ctx, s), s.letGo(ctx)); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// reload takes over a new configuration, or keeps the one there is if the new
// one is bad.
func (d *daemon) reload(ctx context.Context) {
	notify(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", platform.Monotonic())) // sd_notify(3)
	defer notify("READY=1")
	s, err := d.load(ctx)
	if err != nil {
		d.metrics.reloads.WithLabelValues("failed").Inc()
		d.metrics.reloadOK.Set(0)
		d.Log.Error("the configuration is bad, the one before stays in force", "error", err, "hint", statement.HintOf(err))
		return
	}
	d.metrics.reloads.WithLabelValues("ok").Inc()
	d.metrics.reloadOK.Set(1)
	d.mu.Lock()
	old := d.settings
	d.settings = s
	d.mu.Unlock()
	go old.retire()
	d.Log.Info("the configuration has been read again", "sources", len(s.Sources))
}

// retire closes settings when their last visit is over.
func (s *Settings) retire() {
	s.users.Wait()
	s.Close()
}

// current gives the settings in force; done tells that they are not used any more.
func (d *daemon) current() (s *Settings, done func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settings.users.Add(1)
	return d.settings, d.settings.users.Done
}

// pullBack is that of the monitor, if there is one.
func (s *Settings) pullBack(ctx context.Context) (int, error) {
	if s.Monitor == nil {
		return 0, nil
	}
	return s.Monitor.PullBack(ctx)
}

// letGo tells of what was held for a second opinion, where none is configured any more.
func (s *Settings) letGo(ctx context.Context) error {
	if s.Opine || s.Monitor == nil {
		return nil
	}
	_, err := s.Monitor.Opine(ctx, monitor.OpineOptions{})
	return err
}

// nudge makes the daemon look at the tables now.
func (d *daemon) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// hostOf is the host that a visit to the source asks.
func hostOf(src statement.Source) string {
	u, err := url.Parse(src.URL)
	if err != nil {
		return src.URL
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}
