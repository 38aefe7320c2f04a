package monitor

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/statement"
	"volteface/scrapers"
	"volteface/state"
)

// Recheck says which known statements a visit looks at again.
type Recheck string

// The choices of re-check.
const (
	RecheckDue  Recheck = "due"  // those whose time has come
	RecheckAll  Recheck = "all"  // every one of the source
	RecheckNone Recheck = "none" // only what is new
)

// Options shape a visit.
type Options struct {
	Recheck Recheck
	Since   time.Time      // leave out what was published before; zero for no limit
	Limit   int            // most pages read, new ones first; 0 for no limit
	DryRun  bool           // look, report, and remember nothing
	Delay   *time.Duration // instead of the source's; nil keeps it
	Deep    bool           // walk the listing to its bound
	Holder  string         // who visits, see the function Holder
	// ChecksOnly leaves the listing alone and reads what is due.
	ChecksOnly bool
	// Due is the moment of the schedule that the visit is made for, if any.
	Due time.Time
	// Yield ends the re-checks of the visit when it says that something new
	// waits for its turn; nil never does. What is left stays due.
	Yield func() bool
	// Budget ends the re-checks of the visit after so many requests; 0 for no
	// bound. Listings and new statements are read in any case: they come first.
	Budget int
	// Report is called for every finding, after it has been recorded; never by
	// two goroutines of one visit at once.
	Report func(Finding)
	// Progress is told how much of the visit is done; total grows as the
	// listing is walked.
	Progress func(done, total int)
}

// A visit that meets this many failures of the same host in a row ends; what
// it has not read stays due.
const maxFailures = 4

// Bounds of one visit; what is not read stays due, or noted as found. The
// longest listing known names some 3,000 pages.
const (
	maxRead      = 5000
	longestVisit = 12 * time.Hour
)

// leaseTime is how long a visit may go without renewing its lease.
const leaseTime = 2 * time.Minute

// visit is one run of a source's scraper.
type visit struct {
	*Monitor
	Log       *slog.Logger // names the visit
	src       statement.Source
	options   Options
	extractor *extract.Extractor
	scraper   scrapers.Scraper
	transport *fetch.Visit
	patterns  patterns
	status    statement.SourceStatus
	record    statement.Visit
	first     bool // no visit of the source had gone well before
	backlog   bool // so many old statements turned up that they are no news
	baseline  int  // statements recorded without an alert of their own
	cut       bool // the walk of the listing ended early, by a limit or a date

	newest statement.Date // of the statements recorded for the first time

	pending       sync.WaitGroup       // work submitted and not yet recorded
	submitted     atomic.Int64         // looks
	turn          int64                // the look that was told last
	ended         map[int64]func()     // looks that are recorded and wait for others to be told first
	reading       chan struct{}        // closed when the edit that was put off last has been read; the committer's
	mu            sync.Mutex           // guards what the committer's callbacks change
	storeErr      error                // first failure to record
	found         []state.Found        // unknown items of the listing, newest first
	listed        []string             // known items of the listing
	listing       statement.Validators // for the next visit, if all goes well
	listingReadAt time.Time            // when it came in whole in this visit
	known         bool                 // the listing has named something known
	named         map[string]bool      // keys a listing named in this visit
	read          map[string]bool      // keys read in this visit
	done, total   int
	failures      int // of the host, in a row

	learning  map[string]bool              // statements from whose pages it is being learnt what moves
	troubles  map[string]statement.Trouble // of the source's pages, by key, as at the start
	onListing map[string]bool              // keys the listing itself named, rather than a feed beside it
	order     []time.Time                  // dates of the listing's items, in its order
	gone      []look                       // known pages that are not there, to be judged together
	well      int                          // known pages that are there

	// What a first look is measured by, see stranger.go.
	titles      map[string]string  // as listed, by key
	listedAs    map[string]int     // how many items have a title, by its letters
	listingPage *statement.Capture // the listing's first page, if it is an HTML page and was read
	frames      []framePage        // of the site
	framesRead  bool
	agreed      int    // pages that were titled as listed
	strangers   []look // pages to be judged together
	unmeasured  bool   // titles are listed otherwise than they stand on the pages

	entryKeys   map[string]bool // keys of the entries of a listing that holds the texts
	reachesBack time.Time       // date of the oldest of them

	past *state.Backfill // whose archive is read, rather than what is new; nil for a visit

	annexes map[string]annexed // documents that pages of this visit link to and nobody has read, by key

	liars map[string]bool // addresses of pages that changed though their server denies it
}

// Visit runs one visit to a source and gives its record. A failure of the
// source (its listing cannot be read, its host does not answer) is a fault in
// the record and a finding, not an error; an error means that the visit could
// not be made or recorded.
func (m *Monitor) Visit(ctx context.Context, src statement.Source, options Options) (statement.Visit, error) {
	v := &visit{Monitor: m, Log: m.Log, src: src, options: options, named: map[string]bool{}, read: map[string]bool{}, onListing: map[string]bool{}, liars: map[string]bool{},
		titles: map[string]string{}, listedAs: map[string]int{}}
	if err := v.open(ctx); err != nil {
		return v.record, err
	}
	defer v.transport.Close()
	if !options.DryRun {
		release, err := v.lease(ctx)
		if err != nil {
			return v.record, err
		}
		defer release()
	}
	if err := v.begin(ctx); err != nil {
		return v.record, err
	}
	var fault error
	if !v.options.ChecksOnly {
		fault = v.discover(ctx)
	}
	if !unreachable(fault) {
		// A listing whose template has changed, or a feed beside it that is gone, is no
		// reason to lose sight of the pages that are known.
		stop := v.readFound(ctx)
		if stop == nil {
			stop = v.readDue(ctx)
		}
		if stop == nil {
			stop = v.readAnnexes(ctx)
		}
		fault = errors.Join(fault, stop)
	}
	if ours(fault) {
		v.fail(fault)
	}
	v.judgeGone(ctx, fault)
	v.pending.Wait()
	for address := range v.liars {
		if err := v.Client.Lied(ctx, address); err != nil && ctx.Err() == nil {
			v.Log.Warn("a host that denies its changes cannot be noted", "url", address, "error", err)
		}
	}
	return v.record, errors.Join(ctx.Err(), v.failure(), v.end(fault, ctx.Err() != nil))
}

func (v *visit) open(ctx context.Context) (err error) {
	if v.extractor, err = extract.New(v.src); err != nil {
		return err
	}
	if v.patterns, err = compile(v.src); err != nil {
		return err
	}
	delay := time.Duration(v.src.Delay)
	if v.options.Delay != nil {
		delay = *v.options.Delay
	}
	if v.transport, err = v.Client.VisitSource(v.src, delay); err != nil {
		return err
	}
	v.scraper = scrapers.Open(ctx, v.src, v.extractor, v.transport)
	return nil
}

// begin reads what is remembered of the source and notes the start.
func (v *visit) begin(ctx context.Context) (err error) {
	if err := v.recall(ctx); err != nil {
		return err
	}
	v.options.ChecksOnly = v.options.ChecksOnly && !v.first
	v.record = statement.Visit{Source: v.src.ID, Due: v.options.Due, StartedAt: v.Clock.Now()}
	if v.options.DryRun {
		return nil
	}
	if err = v.Store.Update(ctx, func(tx state.Tx) error {
		v.record.ID, err = tx.PutVisit(v.record)
		return err
	}); err == nil {
		v.Log = v.Log.With("visit", v.record.ID)
	}
	return err
}

// recall reads what is remembered of the source.
func (v *visit) recall(ctx context.Context) (err error) {
	if v.status, err = v.Store.SourceStatus(ctx, v.src.ID); err != nil {
		return err
	}
	troubles, err := v.Store.Troubles(ctx, v.src.ID)
	if err != nil {
		return err
	}
	v.troubles = make(map[string]statement.Trouble, len(troubles))
	for _, t := range troubles {
		v.troubles[t.Key] = t
	}
	places, err := v.Store.Moving(ctx, v.src.ID)
	if err != nil {
		return err
	}
	v.learning = map[string]bool{}
	for _, m := range places {
		v.learning[m.Statement] = v.learning[m.Statement] || !m.Sure && m.Looks > 0 && m.LearntAt.IsZero()
	}
	v.first = v.status.BaselineAt.IsZero()
	if now := v.Clock.Now(); ahead(v.status.BaselineAt, now) { // else all that comes until then would be of the first visit
		v.status.BaselineAt = now
	}
	return nil
}

// end records how the visit went and, after the first complete one, says once
// what is watched from now on.
//
// A visit cut short says nothing about the source: because the program ends, or
// because the host has had enough requests for this hour.
func (v *visit) end(fault error, cut bool) error {
	now := v.Clock.Now()
	v.record.EndedAt, v.record.Requests = now, v.transport.Requests()
	var known *fetch.Error
	switch {
	case cut:
		fault, v.record.Fault = nil, "cut short: the program was asked to stop"
	case ours(fault):
		cut, v.record.Fault = true, "cut short: "+firstLine(fault)
		fault = nil
	case errors.As(fault, &known) && known.Kind == fetch.KindBudget:
		cut, fault, v.record.Fault = true, nil, "cut short: "+firstLine(known)
	}
	if fault != nil {
		v.record.Fault, v.record.Unreachable = firstLine(fault), fetch.NobodyThere(fault)
		v.report(Finding{State: statement.Errored, Source: v.src.ID, URL: v.src.URL, Reason: v.record.Fault, Hint: statement.HintOf(fault), Baseline: v.first})
	}
	if v.options.DryRun {
		return nil
	}
	ctx := context.Background() // the end is recorded even when the visit was cut short
	return v.Store.Update(ctx, func(tx state.Tx) error {
		if !cut {
			if err := v.close(tx, fault, now); err != nil {
				return err
			}
		}
		if fault == nil && !cut {
			if err := v.reached(tx); err != nil {
				return err
			}
		}
		_, err := tx.PutVisit(v.record)
		return err
	})
}

// close writes what a visit that was not cut short says of its source.
func (v *visit) close(tx state.Tx, fault error, now time.Time) error {
	s := &v.status
	listing := s.Listing
	s.LastVisit, s.Listing = now, statement.Validators{}
	if v.record.New > v.baseline || v.first && v.record.New > 0 { // a backlog is nothing new
		s.LastNew = now
	}
	if fault != nil {
		s.FaultCount++
	} else {
		s.FaultCount, s.LastSuccess = 0, now
		if v.options.ChecksOnly { // the listing was not looked at
			s.Listing = listing
		} else {
			s.Definition = v.src.Fingerprint()
			if v.failure() == nil && (v.src.OwnDocuments() || v.record.Errored == 0) {
				s.Listing = v.listing
				if !v.listingReadAt.IsZero() {
					s.ListingReadAt = v.listingReadAt
				}
			}
		}
		if v.first {
			s.BaselineAt, s.BaselineNewest, s.BaselineCut = now, v.newest, v.cut
		} else if !v.options.ChecksOnly && !v.cut && s.NextDeep.After(now) { // walked to its bound: all that was left is noted
			s.BaselineCut = false
		}
		if v.baseline > 0 && !s.BaselineTold {
			s.BaselineTold = true
			for _, a := range v.router().RouteBaseline(v.src, now) {
				if err := tx.Enqueue(a); err != nil {
					return err
				}
			}
		}
	}
	if err := v.health(tx, fault, now); err != nil {
		return err
	}
	return tx.PutSourceStatus(*s)
}

// reached takes a source that was given up back into the schedule: somebody
// has got there.
func (v *visit) reached(tx state.Tx) error {
	p, err := tx.Plan(v.src.ID)
	if errors.Is(err, statement.ErrNotFound) || err == nil && p.RetiredAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	p.RetiredAt, p.NextVisit = time.Time{}, v.Clock.Now()
	return tx.PutPlan(p)
}

func firstLine(err error) string {
	text := err.Error()
	for i, r := range text {
		if r == '\n' {
			return text[:i]
		}
	}
	return text
}
