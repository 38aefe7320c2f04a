package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/scrapers"
	"volteface/state"
)

// BackfillOptions shape a stretch of a backfill.
type BackfillOptions struct {
	Holder string         // who reads, see the function Holder
	Most   int            // requests in this stretch; 0 for as many as the day's budget leaves
	Delay  *time.Duration // instead of the source's; nil keeps it
	// Yield ends the stretch when it says that something new waits for its turn;
	// nil never does.
	Yield func() bool
	// Report is called for every page, after it has been recorded; Progress after
	// every step.
	Report   func(Finding)
	Progress func(state.Backfill)
}

// Bounds of a backfill.
const (
	pastAttempts  = 3      // before an item is given up
	pastPages     = 10_000 // of a listing or an index
	pastAtOnce    = 50     // items looked at to find one to read
	pastDecisions = 500    // statements of an undated page that are asked for their date
)

// ErrNoBaseline says that a source has to be visited before its past is read:
// else nothing would tell what is new.
var ErrNoBaseline = errors.New("the source has not been visited yet")

// pastCursor is the form of state.Backfill.Place for the walk of a listing.
type pastCursor struct {
	Next    scrapers.Place `json:"next"`
	Last    scrapers.Place `json:"last"`    // read last; what is new pushes its items on, so that each day begins there
	Keys    []string       `json:"keys"`    // of its items
	Undated bool           `json:"undated"` // none of them shows a date
}

// Backfill reads on in a source's past, by what state.Backfill says: as far as
// the day's budget of requests leads. It is news of nothing: what is read is
// recorded and analysed, and nobody is told. Every step is recorded when it is
// done, so that the next stretch, of this process or another, goes on from there;
// NextAt says when. It takes the lease of the source meanwhile. statement.ErrNotFound
// says that there is no backfill of the source.
func (m *Monitor) Backfill(ctx context.Context, src statement.Source, o BackfillOptions) (state.Backfill, error) {
	b, err := m.Store.Backfill(ctx, src.ID)
	if err != nil || !b.EndedAt.IsZero() || !b.StoppedAt.IsZero() {
		return b, err
	}
	src.Feeds = nil // they name what is new
	v := &visit{Monitor: m, Log: m.Log, src: src, options: Options{Recheck: RecheckNone, Since: b.Since, Holder: o.Holder, Delay: o.Delay},
		named: map[string]bool{}, read: map[string]bool{}, onListing: map[string]bool{}, liars: map[string]bool{}, titles: map[string]string{}, listedAs: map[string]int{}, past: &b}
	if b.Memento != "" {
		v.src.Document = statement.DocumentRule{} // what an archive kept stands at its own addresses
	}
	v.options.Report = func(f Finding) {
		if at := f.Published.Time; f.State != statement.Errored {
			b.Read++
			if !at.IsZero() && (b.Oldest.IsZero() || at.Before(b.Oldest)) {
				b.Oldest = at
			}
		}
		if o.Report != nil {
			o.Report(f)
		}
	}
	if err := v.open(ctx); err != nil {
		return b, err
	}
	defer v.transport.Close()
	release, err := v.lease(ctx)
	if err != nil {
		return b, err
	}
	defer release()
	if err := v.recall(ctx); err != nil {
		return b, err
	}
	if v.first && b.Memento == "" {
		return b, statement.WithHint(fmt.Errorf("%s: %w", src.ID, ErrNoBaseline), "volteface scrape "+src.ID+" first; what it reads is where the past begins")
	}
	v.record = statement.Visit{Source: src.ID, StartedAt: m.Clock.Now()}
	for {
		more, err := v.pastStep(ctx, o)
		if err != nil || !more {
			v.judgeStrangers(ctx)
			v.pending.Wait()
			err = errors.Join(err, v.failure())
			return b, errors.Join(err, ctx.Err(), v.savePast())
		}
		if o.Progress != nil {
			o.Progress(b)
		}
	}
}

// savePast records how far the backfill has come, unless a person has stopped or
// changed it meanwhile.
func (v *visit) savePast() error {
	return v.Store.Update(context.Background(), v.putPast)
}

// putPast is savePast inside a transaction.
func (v *visit) putPast(tx state.Tx) error {
	now, err := tx.Backfill(v.src.ID)
	if err != nil { // statement.ErrNotFound: a person has taken it back
		return err
	}
	b := v.past
	b.Since, b.Budget, b.StoppedAt = now.Since, now.Budget, now.StoppedAt
	if !b.StoppedAt.IsZero() {
		b.NextAt = time.Time{}
	}
	return tx.PutBackfill(*b)
}

// pastStep reads one item or one part of the listing, and tells whether the
// stretch goes on.
func (v *visit) pastStep(ctx context.Context, o BackfillOptions) (more bool, err error) {
	b, now := v.past, v.Clock.Now()
	today := now.UTC().Truncate(24 * time.Hour)
	if !b.Day.Equal(today) {
		b.Day, b.Spent = today, 0
		v.beginAgain()
	}
	asked := v.transport.Requests()
	switch {
	case ctx.Err() != nil, !b.StoppedAt.IsZero():
		return false, nil
	case b.Spent >= b.Budget:
		b.NextAt = today.Add(24 * time.Hour)
		return false, nil
	case o.Most > 0 && asked >= o.Most, o.Yield != nil && o.Yield():
		b.NextAt = now
		return false, nil
	}
	item, waits, err := v.pastItem(ctx, now)
	switch {
	case err != nil:
		return false, err
	case item != nil:
		err = v.readPast(ctx, *item)
	case !b.Walked:
		err = v.walkPast(ctx)
	case waits.IsZero():
		b.EndedAt, b.NextAt = now, time.Time{}
		return false, nil
	default:
		b.NextAt = waits
		return false, nil
	}
	b.Spent += v.transport.Requests() - asked
	if until, rests := fetch.Resting(err); rests {
		b.Note, b.NextAt = firstLine(err), until
		return false, nil
	}
	if err != nil && ctx.Err() == nil {
		b.Failures++
		b.Note, b.NextAt = firstLine(err), now.Add(schedule.Retry(b.Failures))
		return false, nil
	}
	if err == nil {
		b.Failures = 0
	}
	return true, v.savePast()
}

// beginAgain goes back by one part of the listing: what was published since has
// pushed its items on.
func (v *visit) beginAgain() {
	var c pastCursor
	if v.past.Memento != "" || v.past.Walked || json.Unmarshal([]byte(v.past.Place), &c) != nil || len(c.Last.Queue) == 0 {
		return
	}
	c.Next, c.Keys = c.Last, nil
	v.putPlace(c)
}

func (v *visit) putPlace(place any) {
	text, err := json.Marshal(place)
	if err != nil { // it is strings and numbers
		panic(err)
	}
	v.past.Place = string(text)
}

// pastItem is the next item to be read, or when one will be due.
func (v *visit) pastItem(ctx context.Context, now time.Time) (*state.BackfillItem, time.Time, error) {
	items, err := v.Store.BackfillItems(ctx, v.src.ID, now, pastAtOnce)
	if err != nil {
		return nil, time.Time{}, err
	}
	for i := range items {
		if !v.read[items[i].Address] {
			return &items[i], time.Time{}, nil
		}
	}
	if len(items) > 0 { // they wait for each other to be judged
		v.judgeStrangers(ctx)
		v.pending.Wait()
	}
	waits, err := v.Store.BackfillWaits(ctx, v.src.ID)
	if err == nil && !waits.IsZero() && !waits.After(now) {
		waits = now.Add(schedule.Retry(1))
	}
	return nil, waits, err
}

// readPast reads an item as a visit reads what a listing names.
func (v *visit) readPast(ctx context.Context, item state.BackfillItem) error {
	v.read[item.Address] = true
	if !item.Dated.IsZero() {
		return v.readMemento(ctx, item)
	}
	key := v.src.Key(item.URL)
	known, err := v.Store.Known(ctx, v.src.ID, []string{key})
	if err != nil {
		return err
	}
	if known[key] { // a visit has read it meanwhile
		return v.Store.Update(ctx, func(tx state.Tx) error { return tx.DropBackfillItem(item.Source, item.Address) })
	}
	if v.titles[key] = item.Title; item.Title != "" {
		v.listedAs[statement.Letters(item.Title)]++
	}
	found := state.Found{Source: v.src.ID, Key: key, URL: item.URL, Title: item.Title, Published: item.Published, FoundAt: v.Clock.Now()}
	err = v.readPage(ctx, look{found: &found, past: &item, key: key, address: item.URL, quiet: true})
	v.pending.Wait()
	return errors.Join(err, v.failure())
}

// settlePast takes an item off the list once it is recorded what came of it.
func (v *visit) settlePast(decide func(state.Tx, look) (Finding, error)) func(state.Tx, look) (Finding, error) {
	return func(tx state.Tx, l look) (Finding, error) {
		f, err := decide(tx, l)
		if err != nil || f.State == statement.Errored {
			return f, err
		}
		f.Baseline = true
		return f, tx.DropBackfillItem(l.past.Source, l.past.Address)
	}
}

// pastTrouble records inside T1 that an item could not be read. It is tried
// again on another day, and given up in the end: an archive has dead links.
func (v *visit) pastTrouble(tx state.Tx, l look, reason string) (Finding, error) {
	item := *l.past
	item.Attempts++
	item.LastError, item.NextTry = reason, v.Clock.Now().Add(24*time.Hour)
	if item.Attempts >= pastAttempts || l.absent {
		item.NextTry = time.Time{}
	}
	f := Finding{State: statement.Errored, Source: v.src.ID, URL: l.address, Title: item.Title, Published: item.Published, Reason: reason, Hint: l.hint, Baseline: true}
	return f, tx.PutBackfillItem(item)
}

// walkPast reads the next part of the listing, or of the index of an archive,
// and notes what it names.
func (v *visit) walkPast(ctx context.Context) error {
	b := v.past
	if b.Memento != "" {
		return v.walkIndex(ctx)
	}
	var c pastCursor
	if b.Place != "" {
		if err := json.Unmarshal([]byte(b.Place), &c); err != nil {
			return fmt.Errorf("the place where the backfill of %s goes on: %w", b.Source, err)
		}
	}
	if v.src.Kind == statement.KindPage {
		b.Walked, b.Note = true, "a page has no listing of its past: --memento reads what an archive kept of it"
		return nil
	}
	done, err := v.reachedPast(ctx, c)
	if err != nil {
		return err
	}
	if done || b.Pages >= pastPages {
		b.Walked = true
		return nil
	}
	err = scrapers.OpenAt(ctx, v.src, v.extractor, v.transport, c.Next).Discover(ctx, 1, statement.Validators{}, func(p scrapers.Page) (bool, error) {
		return false, v.notePast(ctx, p, c)
	})
	var status *scrapers.StatusError
	if errors.As(err, &status) && status.Capture.Quality == statement.NotFound && c.Next.Number > 1 {
		b.Walked, b.Note = true, fmt.Sprintf("the listing ends with its page %d", c.Next.Number-1)
		return nil
	}
	return err
}

// notePast notes the items of one part of the listing.
func (v *visit) notePast(ctx context.Context, p scrapers.Page, c pastCursor) error {
	b, now := v.past, v.Clock.Now()
	next := pastCursor{Next: p.Next, Last: p.Here, Undated: true}
	var items []state.BackfillItem
	old := len(p.Items) > 0
	for _, e := range p.Items {
		if e.URL == "" || !v.patterns.want(e.URL, e.Title) {
			continue
		}
		next.Keys = append(next.Keys, v.src.Key(e.URL))
		next.Undated = next.Undated && e.Published.Time.IsZero()
		if before(e.Published, b.Since) {
			continue
		}
		old = false
		items = append(items, state.BackfillItem{Source: b.Source, Address: e.URL, URL: e.URL, Title: e.Title, Published: e.Published, NextTry: now})
	}
	known, err := v.Store.Known(ctx, b.Source, next.Keys)
	if err != nil {
		return err
	}
	b.Pages++
	switch {
	case old, len(p.Next.Queue) == 0:
		b.Walked = true
	case len(next.Keys) == 0 && v.src.Kind != statement.KindSitemap:
		b.Walked, b.Note = true, fmt.Sprintf("page %d of the listing names nothing", p.Number)
	case len(next.Keys) > 0 && slices.Equal(next.Keys, c.Keys):
		b.Walked, b.Note = true, fmt.Sprintf("page %d of the listing repeats the one before it", p.Number)
	}
	v.putPlace(next)
	if !v.src.OwnDocuments() {
		p.Items = slices.DeleteFunc(p.Items, func(e extract.Entry) bool { return known[v.src.Key(e.URL)] })
		v.read = map[string]bool{}
		_, err := v.readEntries(ctx, p)
		v.pending.Wait()
		return errors.Join(err, v.failure(), v.savePast())
	}
	return v.Store.Update(ctx, func(tx state.Tx) error {
		for _, item := range items {
			if known[v.src.Key(item.URL)] {
				continue
			}
			if err := tx.AddBackfillItem(item); err != nil {
				return err
			}
		}
		return v.putPast(tx)
	})
}

// reachedPast tells of a listing without dates whether all that its last part
// named turned out to be older than what is asked for.
func (v *visit) reachedPast(ctx context.Context, c pastCursor) (bool, error) {
	if !c.Undated || v.past.Since.IsZero() || len(c.Keys) == 0 || len(c.Keys) > pastDecisions {
		return false, nil
	}
	dated := false
	for _, key := range c.Keys {
		st, err := v.Store.ByKey(ctx, v.src.ID, key)
		if errors.Is(err, statement.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if st.Published.Time.IsZero() || !st.Published.Time.Before(v.past.Since) {
			return false, nil
		}
		dated = true
	}
	return dated, nil
}
