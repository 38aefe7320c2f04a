package feed

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/alert/feed"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/fulltext"
)

// events makes a feed of events that fit, and of which wanted, if set, says that they are wanted. What cannot be worded is left out. Until
// something more happens it is remembered.
func (s *server) events(r *http.Request, title string, f state.EventFilter, wanted func(context.Context, statement.Event) (bool, error)) (feed.Document, error) {
	ctx := r.Context()
	newest, err := s.Store.EventsThat(ctx, state.EventFilter{Limit: 1})
	if err != nil {
		return feed.Document{}, err
	}
	var last int64
	if len(newest) > 0 {
		last = newest[0].ID
	}
	key := strings.TrimSuffix(strings.TrimSuffix(r.URL.Path, ".atom"), ".json")
	if doc, known := s.recall(key, last); known {
		return doc, nil
	}
	composer, err := s.Office.Composer()
	if err != nil {
		return feed.Document{}, err
	}
	doc := feed.Document{Title: cut(title), HomeURL: s.base(r) + "/"}
	for seen := 0; len(doc.Items) < entries && seen < looked; {
		f.Limit = batch
		found, err := s.Store.EventsThat(ctx, f)
		if err != nil {
			return feed.Document{}, err
		}
		for _, ev := range found {
			if seen++; len(doc.Items) == entries {
				break
			}
			if wanted != nil {
				if yes, err := wanted(ctx, ev); ctx.Err() != nil || err == nil && !yes {
					continue
				}
			}
			e, err := composer.ComposeEntry(ctx, ev)
			if ctx.Err() != nil {
				return feed.Document{}, ctx.Err()
			}
			if err == nil {
				doc.Items = append(doc.Items, feed.ItemOf(e))
			}
		}
		if len(found) < batch {
			break
		}
		f.Before = found[len(found)-1].ID
	}
	s.remember(key, made{doc, last})
	return doc, nil
}

func (s *server) recall(key string, event int64) (feed.Document, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, known := s.remembered[key]
	return m.doc, known && m.event == event
}

func (s *server) remember(key string, m made) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.remembered) >= kept { // whichever: they are soon made again
		for old := range s.remembered {
			delete(s.remembered, old)
			break
		}
	}
	s.remembered[key] = m
}

// saved is the feed of a search that somebody saved.
func (s *server) saved(r *http.Request, name string) (feed.Document, error) {
	if s.Saved == nil {
		return feed.Document{}, none("saved search", name, nil)
	}
	saved, err := s.Saved(r.Context(), name)
	if err != nil {
		return feed.Document{}, err
	}
	return s.search(r, saved)
}

// snippetSize is the length of a snippet in characters.
const snippetSize = 500

// search is the feed of what a search finds, what was published last first.
func (s *server) search(r *http.Request, saved Search) (feed.Document, error) {
	ctx := r.Context()
	if len(saved.Query) > 1000 {
		return feed.Document{}, fmt.Errorf("%w: q is too long", errBad)
	}
	q, err := fulltext.Parse(saved.Query)
	if err != nil {
		return feed.Document{}, statement.WithHint(fmt.Errorf("%w: %w", errBad, err), statement.HintOf(err))
	}
	if !s.ReadOnly {
		if err := s.Store.Index(ctx, nil); err != nil && ctx.Err() == nil { // what is indexed is found
			s.Log.Warn("what was recorded last is not searched", "error", err)
		}
	}
	found, err := s.Store.Search(ctx, q, state.SearchFilter{Sources: saved.Sources, Limit: state.MostRanked})
	if err != nil {
		return feed.Document{}, err
	}
	slices.SortStableFunc(found.Hits, func(a, b state.Hit) int {
		x, y := state.PlaceOf(a.Statement), state.PlaceOf(b.Statement)
		return y.At.Compare(x.At)
	})
	doc := feed.Document{Title: cut("volteface · " + saved.Name), HomeURL: s.base(r) + "/"}
	for _, hit := range found.Hits[:min(len(found.Hits), entries)] {
		rev, err := s.Store.Revision(ctx, hit.Statement.ID, 0)
		if err != nil {
			return feed.Document{}, err
		}
		doc.Items = append(doc.Items, s.hit(r, hit.Statement, rev, q))
	}
	return doc, nil
}

// hit is the entry of a statement that a search found.
func (s *server) hit(r *http.Request, st statement.Statement, rev statement.Revision, q fulltext.Query) feed.Item {
	var b strings.Builder
	b.WriteString("<p>")
	for _, piece := range fulltext.Snippet(rev.Body, q, snippetSize) {
		text := html.EscapeString(alert.Piece(piece.Text))
		if piece.Hit {
			text = "<b>" + text + "</b>"
		}
		b.WriteString(text)
	}
	b.WriteString("</p>")
	sum := statement.SHA256([]byte("statement\x00" + st.ID))
	published := st.FirstSeen
	it := feed.Item{
		ID: feed.URN(sum[:32]), URL: s.base(r) + "/statements/" + st.ID, Title: cut(st.Title), HTML: b.String(), Language: st.Language,
		Published: published.UTC().Format(time.RFC3339), Modified: rev.SeenAt.UTC().Format(time.RFC3339),
	}
	if it.Title == "" {
		it.Title = st.URL
	}
	if len(st.Speakers) > 0 {
		it.Authors = []feed.Author{{Name: cut(strings.Join(st.Speakers, "; "))}}
	}
	return it
}

// cut makes one bounded line of a text, fit to be shown.
func cut(text string) string { return alert.Line(text) }
