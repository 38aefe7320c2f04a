package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// issuerRow is an issuer in the list of them.
type issuerRow struct {
	statement.Issuer
	Sources []string
	On      int // of them
}

func (d *Desk) issuerRows() []issuerRow {
	at := map[string]int{}
	var all []issuerRow
	for _, src := range d.Defined.Sources() {
		i, known := at[src.Issuer.ID]
		if !known {
			i = len(all)
			at[src.Issuer.ID] = i
			all = append(all, issuerRow{Issuer: src.Issuer})
		}
		all[i].Sources = append(all[i].Sources, src.ID)
		if src.IsEnabled() {
			all[i].On++
		}
	}
	slices.SortFunc(all, func(a, b issuerRow) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return all
}

func (d *Desk) issuersList(w http.ResponseWriter, r *http.Request) {
	d.page(w, r, "issuers", "Issuers", d.issuerRows())
}

// issuerBody is what an issuer did through time.
type issuerBody struct {
	issuerRow
	Charts   []bars
	Months   []state.Month // the newest first
	Changes  []changeRow
	Findings []state.Finding
}

// changeRow is something that happened to a statement.
type changeRow struct {
	statement.Event
	Kind  string // in the words of the inbox
	Title string
	Href  string
}

// shownMonths is how far back the picture of an issuer reaches.
const shownMonths = 60

func (d *Desk) issuerPage(w http.ResponseWriter, r *http.Request) {
	rows := d.issuerRows()
	i := slices.IndexFunc(rows, func(x issuerRow) bool { return x.ID == r.PathValue("issuer") })
	if i < 0 {
		d.fail(w, r, statement.ErrNotFound)
		return
	}
	ctx, b := r.Context(), issuerBody{issuerRow: rows[i]}
	now := d.Clock.Now().UTC()
	since := time.Date(now.Year(), now.Month()-shownMonths+1, 1, 0, 0, 0, 0, time.UTC)
	months, err := d.Store.Months(ctx, b.Sources, since)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b.Charts = []bars{
		drawBars("statement", months, func(m state.Month) int { return m.Statements }),
		drawBars("edit", months, func(m state.Month) int { return m.Edits }),
		drawBars("removal", months, func(m state.Month) int { return m.Removals }),
		drawBars("reversal or softening", months, func(m state.Month) int { return m.Reversals + m.Softenings }),
	}
	slices.Reverse(months)
	b.Months = months
	events, err := d.Store.EventsThat(ctx, state.EventFilter{Sources: b.Sources, States: []statement.State{statement.Changed, statement.Removed, statement.Unlisted, statement.Restored}, Importance: 0, NoBaseline: true, Limit: 30})
	if err != nil {
		d.fail(w, r, err)
		return
	}
	for _, ev := range events {
		row := changeRow{Event: ev, Kind: map[statement.State]string{statement.Changed: state.InboxEdited, statement.Removed: state.InboxRemoved}[ev.State], Href: "/statements/" + ev.Statement}
		if st, err := d.Store.Statement(ctx, ev.Statement); err == nil {
			row.Title = st.Title
		}
		b.Changes = append(b.Changes, row)
	}
	if b.Findings, err = d.Store.Reversals(ctx, state.ReversalFilter{Sources: b.Sources, Levels: []statement.Level{statement.LevelAlert, statement.LevelReview}, Decisions: []state.Decision{state.Open, state.Confirmed}, Standing: true, Limit: 20}); err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, "issuer", cmp.Or(b.Name, b.ID), b)
}
