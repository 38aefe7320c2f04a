package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"volteface/internal/alert"
	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/state"
)

// statementBody is what the page of a statement shows.
type statementBody struct {
	statement.Statement
	Revision   statement.Revision // whose text is shown
	Current    int
	Paragraphs []string
	Bars       []bar
	Width      int
	Revisions  []revisionRow // the newest first
	Diff       *difference
	Captures   []captureRow // the newest first
	Signs      []statement.Sign
	Findings   []state.Finding
	Since      string // address of what changed since the person last looked; empty for nothing
	Item       *state.Act
	ItemID     string // of the inbox, by which one came here
	ItemDone   bool
}

// bar is one revision on the time line.
type bar struct {
	N, X, Y, Height int
	Href, Label     string
	Chosen          bool
}

// revisionRow is a revision in the table.
type revisionRow struct {
	N       int
	At      time.Time
	Summary string
	Class   string
	Kinds   string
	Flicker bool
	Href    string // what it changed
}

// captureRow is a capture in the table.
type captureRow struct {
	statement.Snapshot
	Of []int // revisions made from it
}

// difference is what changed between two revisions.
type difference struct {
	From, To        statement.Revision
	Rows            []diffRow
	Side, Whole     bool
	Changes         int
	Inline, Beside  string // addresses of the other ways to show it
	Fold, Unfold    string
	Summary         string
	Older, Newer    string // the edit before, and after
	DateBefore      string // shown dates that differ
	DateAfter       string
	First, FromBack int
}

// diffRow is a row with its number among the changes, from 1; 0 for what did not change.
type diffRow struct {
	diff.Row
	N    int
	Prev int
	Next int
}

func (d *Desk) statement(w http.ResponseWriter, r *http.Request) {
	ctx, query := r.Context(), r.URL.Query()
	st, err := d.Store.Statement(ctx, r.PathValue("id"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if st.ID != r.PathValue("id") {
		http.Redirect(w, r, "/statements/"+st.ID, http.StatusSeeOther)
		return
	}
	b := statementBody{Statement: st, Current: st.Revision}
	revisions, err := d.Store.Revisions(ctx, st.ID)
	if err == nil && len(revisions) == 0 {
		err = statement.ErrNotFound
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b.Revision = revisions[len(revisions)-1]
	if n, err := strconv.Atoi(query.Get("n")); err == nil {
		b.Revision = revisions[0]
		for _, x := range revisions {
			if x.N == n {
				b.Revision = x
			}
		}
	}
	b.Paragraphs = paragraphs(b.Revision.Body)
	if err = d.compared(r, st, revisions, &b); err == nil {
		err = d.evidence(ctx, st, revisions, &b)
	}
	if err == nil {
		err = d.lookedAt(r, st, revisions, &b)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	title := alert.Line(b.Revision.Title)
	if title == "" {
		title = "Statement " + st.ID
	}
	d.page(w, r, "statement", title, &b)
}

// paragraphs of a text, fit to be shown.
func paragraphs(body string) (all []string) {
	for p := range strings.SplitSeq(body, "\n\n") {
		lines := strings.Split(p, "\n")
		for i := range lines {
			lines[i] = alert.Piece(lines[i])
		}
		all = append(all, strings.Join(lines, "\n"))
	}
	return all
}

// lookedAt leads to what changed since the person last looked, and notes that they look.
func (d *Desk) lookedAt(r *http.Request, st statement.Statement, revisions []statement.Revision, b *statementBody) error {
	p := PersonOf(r.Context())
	if p.SignedIn() {
		standing, err := d.Store.Standing(r.Context(), state.StatementItem(st.ID), p.ID)
		if err != nil {
			return err
		}
		seen := 0
		for _, x := range revisions {
			if standing.Read() && !x.SeenAt.After(standing.ReadAt) {
				seen = x.N
			}
		}
		if seen > 0 && seen < st.Revision {
			b.Since = fmt.Sprintf("/statements/%s?from=%d&to=%d#diff", st.ID, seen, st.Revision)
		}
		if err := d.look(r, state.StatementItem(st.ID), standing); err != nil {
			return err
		}
	}
	item := r.URL.Query().Get("item")
	if item == "" || d.exists(r, item) != nil {
		return nil
	}
	standing, err := d.Store.Standing(r.Context(), item, p.ID)
	if err != nil {
		return err
	}
	b.ItemID, b.ItemDone = item, standing.Done
	return d.look(r, item, standing)
}

// compared sets two revisions side by side, if the address names any, and draws the time line.
func (d *Desk) compared(r *http.Request, st statement.Statement, revisions []statement.Revision, b *statementBody) error {
	edits, err := d.Store.Edits(r.Context(), st.ID)
	if err != nil {
		return err
	}
	byTo := map[int]statement.Edit{}
	for _, e := range edits {
		byTo[e.To] = e
	}
	for _, x := range slices.Backward(revisions) {
		row := revisionRow{N: x.N, At: x.SeenAt, Summary: "first seen"}
		if e, ok := byTo[x.N]; ok {
			row.Summary, row.Class, row.Flicker = alert.Line(e.Summary), string(e.Class), e.Flicker
			for i, kind := range e.Kinds {
				if i > 0 {
					row.Kinds += ", "
				}
				row.Kinds += strings.ReplaceAll(string(kind), "_", " ")
			}
			row.Href = fmt.Sprintf("/statements/%s?from=%d&to=%d#diff", st.ID, e.From, e.To)
		}
		b.Revisions = append(b.Revisions, row)
	}
	q := r.URL.Query()
	from, ferr := strconv.Atoi(q.Get("from"))
	to, terr := strconv.Atoi(q.Get("to"))
	if ferr == nil && terr == nil {
		before, after := revision(revisions, from), revision(revisions, to)
		if before == nil || after == nil {
			return statement.ErrNotFound
		}
		b.Diff = d.difference(r.URL, st.ID, before, after, byTo)
	}
	b.Bars, b.Width = d.bars(st.ID, revisions, b.Diff)
	return nil
}

func revision(all []statement.Revision, n int) *statement.Revision {
	for i := range all {
		if all[i].N == n {
			return &all[i]
		}
	}
	return nil
}

func (d *Desk) difference(at *url.URL, id string, before, after *statement.Revision, edits map[int]statement.Edit) *difference {
	q := at.Query()
	x := &difference{From: *before, To: *after, Side: q.Get("view") == "side", Whole: q.Get("whole") == "1"}
	with := func(name, value string) string {
		other := url.Values{"from": {strconv.Itoa(before.N)}, "to": {strconv.Itoa(after.N)}}
		for _, kept := range []string{"view", "whole", "item"} {
			if v := q.Get(kept); v != "" {
				other.Set(kept, v)
			}
		}
		other.Set(name, value)
		return "/statements/" + id + "?" + other.Encode() + "#diff"
	}
	x.Inline, x.Beside, x.Fold, x.Unfold = with("view", "inline"), with("view", "side"), with("whole", "0"), with("whole", "1")
	e := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body})
	for _, row := range e.Rows(x.Whole) {
		shown := diffRow{Row: row}
		if row.Changed() {
			x.Changes++
			shown.N, shown.Prev, shown.Next = x.Changes, x.Changes-1, x.Changes+1
		}
		x.Rows = append(x.Rows, shown)
	}
	for i := range x.Rows {
		if x.Rows[i].Next > x.Changes {
			x.Rows[i].Next = 0
		}
	}
	x.Summary = alert.Line(e.Summary())
	if edit, ok := edits[after.N]; ok && edit.From == before.N {
		x.Summary = alert.Line(edit.Summary)
	}
	if before.Published.String() != after.Published.String() {
		x.DateBefore, x.DateAfter = alert.Line(before.Published.Written()), alert.Line(after.Published.Written())
	}
	step := func(n int) string {
		if e, ok := edits[n]; ok {
			return fmt.Sprintf("/statements/%s?from=%d&to=%d#diff", id, e.From, e.To)
		}
		return ""
	}
	x.Older, x.Newer = step(after.N-1), step(after.N+1)
	return x
}

// The time line: bars as tall as the change, by its square root, so that a word can be seen beside a page.
const (
	mostBars   = 60
	barStep    = 14
	barTallest = 64
	barLeast   = 5
	barBase    = 74
)

func (d *Desk) bars(id string, revisions []statement.Revision, shown *difference) (all []bar, width int) {
	if len(revisions) > mostBars {
		revisions = revisions[len(revisions)-mostBars:]
	}
	sizes := make([]int, len(revisions))
	most := 1
	for i := 1; i < len(revisions); i++ {
		sizes[i] = d.sizes.of(&revisions[i-1], &revisions[i])
		most = max(most, sizes[i])
	}
	for i, x := range revisions {
		height := barLeast
		label := "Revision " + strconv.Itoa(x.N) + ", " + statement.Moment(x.SeenAt)
		href := fmt.Sprintf("/statements/%s?n=%d", id, x.N)
		if i > 0 {
			height += int(math.Sqrt(float64(sizes[i])/float64(most)) * (barTallest - barLeast))
			label += ": " + plural(sizes[i], "letter") + " changed"
			href = fmt.Sprintf("/statements/%s?from=%d&to=%d#diff", id, revisions[i-1].N, x.N)
		}
		all = append(all, bar{N: x.N, X: i * barStep, Y: barBase - height, Height: height, Href: href, Label: label, Chosen: shown != nil && shown.To.N == x.N})
	}
	return all, max(len(all)*barStep, barStep)
}

// sizes remembers how large the steps between revisions are: they never change.
type sizes struct {
	mu  sync.Mutex
	all map[[2]string]int
}

const mostSizes = 10_000

func (s *sizes) of(before, after *statement.Revision) int {
	key := [2]string{before.Hash, after.Hash}
	s.mu.Lock()
	n, known := s.all[key]
	s.mu.Unlock()
	if known {
		return n
	}
	gone, come := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body}).Size()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= mostSizes {
		s.all = map[[2]string]int{}
	}
	s.all[key] = gone + come
	return gone + come
}

// evidence is what is archived of a statement, and what is found in it.
func (d *Desk) evidence(ctx context.Context, st statement.Statement, revisions []statement.Revision, b *statementBody) error {
	snapshots, err := d.Store.Snapshots(ctx, st.ID)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(snapshots) {
		row := captureRow{Snapshot: s}
		for _, x := range revisions {
			if x.Snapshot == s.SHA256 {
				row.Of = append(row.Of, x.N)
			}
		}
		b.Captures = append(b.Captures, row)
	}
	signs, err := d.Store.Signs(ctx, st.ID)
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		return err
	}
	b.Signs = signs
	b.Findings, err = d.Store.Reversals(ctx, state.ReversalFilter{Statement: st.ID, Standing: true, Limit: 50})
	return err
}
