package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/state"
)

// indexCursor is the form of state.Backfill.Place for an index of captures.
type indexCursor struct {
	Queue []string `json:"queue"` // parts to be read
	Seen  []string `json:"seen"`
}

// walkIndex reads the next part of a TimeMap or CDX, and notes the captures of
// pages of the source that are not the same as the one before.
func (v *visit) walkIndex(ctx context.Context) error {
	b := v.past
	c := indexCursor{Queue: []string{b.Memento}}
	if b.Place != "" {
		if err := json.Unmarshal([]byte(b.Place), &c); err != nil {
			return fmt.Errorf("the place where the backfill of %s goes on: %w", b.Source, err)
		}
	}
	if len(c.Queue) == 0 || len(c.Seen) >= pastPages {
		b.Walked = true
		return nil
	}
	address := c.Queue[0]
	capture, err := v.scraper.Fetch(ctx, address, statement.Validators{})
	if err != nil {
		return err
	}
	if capture.Quality != statement.Good && capture.Quality != statement.Empty {
		return fmt.Errorf("%s: %s", address, capture.Reason)
	}
	found, more, err := extract.Captures(capture.Body, capture.FinalURL)
	if err != nil {
		return err
	}
	c.Queue, c.Seen = c.Queue[1:], append(c.Seen, address)
	for _, next := range more {
		if !slices.Contains(c.Seen, next) && !slices.Contains(c.Queue, next) {
			c.Queue = append(c.Queue, next)
		}
	}
	items, foreign, unaddressed := v.wantedCaptures(found)
	switch {
	case unaddressed > 0 && len(items) == 0:
		return statement.WithHint(fmt.Errorf("%s does not say where its captures are", address), "give --replay 'https://archive.example.org/{timestamp}id_/{url}'")
	case len(found) == 0 && len(more) == 0:
		b.Note = "the archive knows no capture"
	case foreign > 0 && foreign == len(found):
		b.Note = fmt.Sprintf("the archive's captures are not of pages of this source: %s", found[0].URL)
	}
	b.Pages, b.Walked = b.Pages+1, len(c.Queue) == 0
	v.putPlace(c)
	return v.Store.Update(ctx, func(tx state.Tx) error {
		for _, item := range items {
			if err := tx.AddBackfillItem(item); err != nil {
				return err
			}
		}
		return v.putPast(tx)
	})
}

// wantedCaptures are those of pages of the source, as far back as is asked for,
// without repeats of the same bytes; and how many were of other pages, or have no
// address.
func (v *visit) wantedCaptures(found []extract.ArchivedCapture) (items []state.BackfillItem, foreign, unaddressed int) {
	b, now := v.past, v.Clock.Now()
	replay := b.Replay
	if replay == "" {
		replay = extract.ReplayOf(b.Memento)
	}
	slices.SortStableFunc(found, func(a, b extract.ArchivedCapture) int {
		return cmp.Or(cmp.Compare(v.src.Key(a.URL), v.src.Key(b.URL)), a.Time.Compare(b.Time))
	})
	last := map[string]string{} // digest, by key
	for _, c := range found {
		key := v.src.Key(c.URL)
		c.At(replay)
		switch {
		case !v.ownPage(c.URL, key):
			foreign++
		case c.Time.Before(b.Since), c.Time.After(now), c.Status != 0 && c.Status != http.StatusOK:
		case c.Type != "" && !strings.Contains(c.Type, "html") && !strings.Contains(c.Type, "revisit") && !strings.Contains(c.Type, "unk"):
		case c.Digest != "" && last[key] == c.Digest:
		case c.Address == "":
			unaddressed++
		default:
			last[key] = c.Digest
			items = append(items, state.BackfillItem{Source: b.Source, Address: c.Address, URL: c.URL, Dated: c.Time, NextTry: now})
		}
	}
	return items, foreign, unaddressed
}

// ownPage tells whether an address is one of a statement of the source.
func (v *visit) ownPage(address, key string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !v.patterns.want(address, "") {
		return false
	}
	if v.src.Kind == statement.KindPage {
		_, _, watched := v.src.Watched(address)
		return watched
	}
	if v.src.Kind == statement.KindListing && key == v.src.Key(v.src.URL) {
		return false
	}
	bare := func(host string) string {
		host, _, _ = strings.Cut(strings.ToLower(host), ":")
		return strings.TrimPrefix(host, "www.")
	}
	return slices.ContainsFunc(v.src.OwnHosts(), func(host string) bool { return bare(host) == bare(u.Host) })
}

// memento is an archived capture, read.
type memento struct {
	item     state.BackfillItem
	key      string
	at       time.Time // when the archive captured it
	look     look
	earliest *statement.Revision // of the statement, as known before
	verdict  diff.Verdict        // of the edit from it to that
}

// readMemento reads an archived capture of a page, and records it as what the
// page said then.
func (v *visit) readMemento(ctx context.Context, item state.BackfillItem) error {
	m := memento{item: item, key: v.src.Key(item.URL), at: item.Dated, look: look{past: &item, key: v.src.Key(item.URL), address: item.URL, quiet: true}}
	raw := extract.RawCapture(item.Address)
	capture, err := v.scraper.Fetch(ctx, raw, statement.Validators{})
	if err == nil && capture.Quality == statement.NotFound && raw != item.Address {
		capture, err = v.scraper.Fetch(ctx, item.Address, statement.Validators{})
	}
	if err != nil {
		return err
	}
	if capture.Quality != statement.Good {
		return v.pastFault(m, capture.Reason)
	}
	if at, err := http.ParseTime(capture.Header.Get("Memento-Datetime")); err == nil {
		m.at = at.UTC()
	}
	doc, err := v.extractor.Extract(extract.Input{URL: item.URL, ContentType: capture.Header.Get("Content-Type"), Body: capture.Body, Representation: statement.FromPage})
	if err == nil && (doc.Title == "" || doc.Body == "") {
		err = errors.New("it has no title, or no text")
	}
	if err != nil {
		return v.pastFault(m, "the archived page cannot be read: "+err.Error())
	}
	m.look.capture, m.look.doc = capture, doc
	if m.look.sha, err = v.archive(ctx, m.look); err != nil {
		return err
	}
	if st, err := v.Store.ByKey(ctx, v.src.ID, m.key); err == nil {
		revisions, err := v.Store.Revisions(ctx, st.ID)
		if err != nil || len(revisions) == 0 {
			return errors.Join(err, fmt.Errorf("statement %s has no revision", st.ID))
		}
		if m.earliest = &revisions[0]; m.at.Before(m.earliest.SeenAt) && !doc.SameText(m.earliest.Title, m.earliest.Body) {
			s := step{diff.Text{Title: doc.Title, Body: doc.Body}, diff.Text{Title: m.earliest.Title, Body: m.earliest.Body}, doc.Language}
			m.verdict = v.readEdit(look{}, s).verdicts[s]
		}
	}
	var f Finding
	err = v.Store.Update(ctx, func(tx state.Tx) (err error) {
		if f, err = v.putMemento(tx, m); err != nil {
			return err
		}
		return tx.DropBackfillItem(item.Source, item.Address)
	})
	if err == nil {
		v.report(f)
	}
	return err
}

func (v *visit) pastFault(m memento, reason string) error {
	var f Finding
	err := v.Store.Update(context.Background(), func(tx state.Tx) (err error) {
		f, err = v.pastTrouble(tx, m.look, reason)
		return err
	})
	if err == nil {
		v.report(f)
	}
	return err
}

// putMemento records inside a transaction what a page said when an archive
// captured it. A page that is not known begins with it; of one that is, it is an
// earlier revision if its text is another than that of the earliest, and else
// tells since when that text stood there. What lies between two revisions is kept
// as a capture: their numbers have been told.
func (v *visit) putMemento(tx state.Tx, m memento) (Finding, error) {
	f := Finding{State: statement.Unchanged, Source: v.src.ID, URL: m.item.URL, Title: m.look.doc.Title, Published: m.look.doc.Published, Baseline: true}
	r := statement.Revision{
		N: 1, Snapshot: m.look.sha, ContentType: m.look.capture.Header.Get("Content-Type"), URL: m.item.URL, SeenAt: m.at, Archive: m.item.Address,
	}
	setText(&r, m.look.doc)
	st, err := tx.ByKey(v.src.ID, m.key)
	if errors.Is(err, statement.ErrNotFound) {
		st, err = v.beginWith(tx, m, r)
		f.State, f.Statement, f.Revision, f.Reason = statement.New, st.ID, 1, "as an archive captured it on "+statement.DayOf(m.at)
		return f, err
	}
	if err != nil {
		return f, err
	}
	f.Statement = st.ID
	if err := v.putMementoCapture(tx, st.ID, m); err != nil {
		return f, err
	}
	earliest, err := tx.OldestRevision(st.ID)
	if err != nil {
		return f, err
	}
	f.Revision = earliest.N
	switch {
	case !m.at.Before(earliest.SeenAt):
		f.Reason = "captured on " + statement.DayOf(m.at) + ", between revisions that are known; kept as a capture"
		return f, nil
	case m.look.doc.SameText(earliest.Title, earliest.Body) && earliest.Archive == "":
		f.Reason = "the same text stood there on " + statement.DayOf(m.at)
		return f, nil
	case m.look.doc.SameText(earliest.Title, earliest.Body):
		f.Reason = "the same text stood there on " + statement.DayOf(m.at)
		earliest.SeenAt, earliest.Snapshot, earliest.Archive, earliest.ContentType = m.at, m.look.sha, m.item.Address, r.ContentType
		return f, tx.PutRevision(earliest)
	case m.earliest == nil || m.earliest.N != earliest.N || m.earliest.Hash != earliest.Hash:
		return f, fmt.Errorf("statement %s changed while its archive was read", st.ID)
	}
	r.Statement, r.N = st.ID, min(earliest.N, 0)-1
	if err := tx.PutRevision(r); err != nil {
		return f, err
	}
	if err := tx.PutEdit(statement.Edit{Statement: st.ID, From: r.N, To: earliest.N, At: earliest.SeenAt, Judgement: m.verdict.Judgement, Summary: m.verdict.Summary}); err != nil {
		return f, err
	}
	f.State, f.Revision, f.Reason = statement.Changed, r.N, "an earlier text, as an archive captured it on "+statement.DayOf(m.at)
	f.Judgement = m.verdict.Judgement
	return f, analysisDue(tx, st, r, true)
}

// beginWith records a statement of which nothing but a capture of an archive is
// known. Its own page is read as a baseline when a listing names it.
func (v *visit) beginWith(tx state.Tx, m memento, r statement.Revision) (statement.Statement, error) {
	now := v.Clock.Now()
	st := statement.Statement{ID: statement.NewID(v.src.ID, m.key), Source: v.src.ID, URL: m.item.URL, Revision: 1, FirstSeen: now, CaptureHash: m.look.sha}
	r.Statement = st.ID
	setCurrent(&st, r)
	st.Path, st.BodyHash = statement.ByArchive, statement.SHA256([]byte(r.Body))
	if err := tx.PutStatement(st); err != nil {
		return st, err
	}
	if err := tx.PutAlias(state.Alias{Source: v.src.ID, Key: m.key, Statement: st.ID, Kind: state.AliasListed, Since: now}); err != nil {
		return st, err
	}
	if err := v.putMementoCapture(tx, st.ID, m); err != nil {
		return st, err
	}
	if err := tx.PutRevision(r); err != nil {
		return st, err
	}
	return st, analysisDue(tx, st, r, true)
}

// putMementoCapture records the bytes as the archive gave them, from where, and
// of when.
func (v *visit) putMementoCapture(tx state.Tx, id string, m memento) error {
	c := m.look.capture
	return tx.PutSnapshot(statement.Snapshot{
		Statement: id, SHA256: m.look.sha, Size: int64(len(c.Body)), URL: m.item.Address, FinalURL: c.FinalURL, Hops: c.Hops, Status: c.Status, Header: c.Header,
		FetchedAt: c.FetchedAt, Way: join(c.Way, "captured by an archive on "+m.at.Format(time.RFC3339)),
	})
}
