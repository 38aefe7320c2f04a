package web

import (
	"net/http"
	"net/url"
	"strconv"

	"volteface/internal/statement"
	"volteface/internal/web/api"
	"volteface/internal/wire"
	"volteface/state"
	"volteface/state/fulltext"
)

// searchBody is what a search found.
type searchBody struct {
	Query   string
	Issuers []option
	Since   string
	Until   string
	Wrong   string // what is wrong with the words or dates, and what to do
	Asked   bool
	Hits    []hitRow
	Total   int
	More    bool
	Next    string // address of the next page
	Feed    string
}

// hitRow is a statement found.
type hitRow struct {
	statement.Statement
	Snippet []fulltext.Piece
	Href    string
}

const (
	hitsOnPage = 25
	longestAsk = 1000 // characters
)

func (d *Desk) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b := searchBody{Query: q.Get("q"), Issuers: d.issuers(q.Get("issuer")), Since: q.Get("since"), Until: q.Get("until")}
	skip, err := strconv.Atoi(q.Get("skip"))
	if err != nil || skip < 0 {
		skip = 0
	}
	if b.Asked = b.Query != ""; b.Asked {
		if err := d.find(r, &b, q.Get("issuer"), min(skip, state.MostRanked)); err != nil {
			d.fail(w, r, err)
			return
		}
	}
	if found := len(b.Hits); found == hitsOnPage && skip+found < b.Total {
		next := url.Values{"q": {b.Query}, "issuer": {q.Get("issuer")}, "since": {b.Since}, "until": {b.Until}, "skip": {strconv.Itoa(skip + found)}}
		b.Next = "/search?" + next.Encode()
	}
	d.page(w, r, "search", "Search", b)
}

// find fills in what a search finds. What is wrong with what was typed stands in Wrong; an error is ours.
func (d *Desk) find(r *http.Request, b *searchBody, issuer string, skip int) error {
	wrong := func(err error) {
		b.Wrong = err.Error()
		if hint := statement.HintOf(err); hint != "" {
			b.Wrong += ": " + hint
		}
	}
	query, err := fulltext.Parse(short(b.Query, longestAsk))
	if err != nil {
		wrong(err)
		return nil
	}
	f := state.SearchFilter{Limit: skip + hitsOnPage}
	if f.Since, err = wire.ParseMoment(b.Since, d.Clock.Now()); err == nil {
		f.Until, err = wire.ParseMoment(b.Until, d.Clock.Now())
	}
	if err != nil {
		wrong(err)
		return nil
	}
	feed := url.Values{"q": {b.Query}}
	if issuer != "" {
		f.Sources = []string{""} // nothing, unless there are any
		for _, src := range d.Defined.Sources() {
			if src.Issuer.ID == issuer {
				f.Sources = append(f.Sources, src.ID)
			}
		}
		feed["source"] = f.Sources[1:]
	}
	if d.Office != nil {
		b.Feed = "/feeds/search.atom?" + feed.Encode()
	}
	ctx := r.Context()
	if !d.ReadOnly {
		if err := d.Store.Index(ctx, nil); err != nil && ctx.Err() == nil { // what is indexed is found
			d.Log.Warn("what was recorded last is not searched", "error", err)
		}
	}
	results, err := d.Store.Search(ctx, query, f)
	if err != nil {
		return err
	}
	b.Total, b.More = results.Total, results.More
	for _, hit := range results.Hits[min(skip, len(results.Hits)):] {
		rev, err := d.Store.Revision(ctx, hit.Statement.ID, 0)
		if err != nil {
			return err
		}
		b.Hits = append(b.Hits, hitRow{hit.Statement, fulltext.Snippet(rev.Body, query, api.SnippetSize), "/statements/" + hit.Statement.ID})
	}
	return nil
}
