package storetest

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/fulltext"
)

// say puts a statement with the text given, published some hours after noon.
func (h *house) say(id, source string, at int, title, body string) {
	h.Helper()
	st := sample(id, at)
	st.Source, st.Title, st.Published = source, title, statement.Date{Time: hours(at), HasTime: true}
	r := sampleRevision(id, 1)
	r.Title, r.Body, r.Speakers = title, body, []string{"Hossein Amir-Abdollahian", "مریم"}
	h.put(st)
	h.update(func(tx state.Tx) error { return tx.PutRevision(r) })
}

// finds checks what a query finds, the best first.
func (h *house) finds(query string, f state.SearchFilter, want ...string) {
	h.Helper()
	q, err := fulltext.Parse(query)
	h.must(err)
	found, err := h.Search(h.ctx, q, f)
	h.must(err)
	var ids []string
	for i, hit := range found.Hits {
		ids = append(ids, hit.Statement.ID)
		if i > 0 && hit.Score > found.Hits[i-1].Score {
			h.Errorf("%s: ranked %f after %f", query, hit.Score, found.Hits[i-1].Score)
		}
	}
	h.same("found by "+query, strings.Join(ids, " "), strings.Join(want, " "))
}

func search(t *testing.T, h *house) {
	all := state.SearchFilter{}
	h.finds("drones", all)
	h.say("aa", "iran-mfa", 1, "On drones", "Iran has not provided weaponry to any side of the war.")
	h.say("bb", "iran-mfa", 2, "On the war", "A limited number of drones was supplied; the number was limited. "+strings.Repeat("Other matters. ", 50))
	h.say("cc", "kremlin", 3, "О беспилотниках", "Президент: ещё раз, Иран поставок не вёл.")
	h.say("dd", "china-mfa", 4, "发言人", "中国外交部发言人表示，伊朗核问题。")
	h.finds("drones", all) // not indexed yet
	steps, last := 0, 0
	h.must(h.Index(h.ctx, func(done, waiting int) { steps, last = steps+1, done }))
	if steps == 0 || last != 4 {
		t.Errorf("%d steps to %d", steps, last)
	}
	h.finds("drones", all, "aa", "bb") // a title counts for more
	h.finds("drones", state.SearchFilter{Sources: []string{"iran-mfa", "kremlin"}, Limit: 1}, "aa")
	h.finds("drones", state.SearchFilter{Sources: []string{"kremlin"}})
	h.finds("drones", state.SearchFilter{Since: hours(2)}, "bb")
	h.finds("drones", state.SearchFilter{Until: hours(2)}, "aa")
	h.finds("DRONES weaponry", all, "aa")
	h.finds("drones NOT weaponry", all, "bb")
	h.finds(`"limited number"`, all, "bb")
	h.finds(`"number limited"`, all)
	h.finds("suppl*", all, "bb")
	h.finds("suppl", all)
	h.finds("title:drones", all, "aa")
	h.finds("text:drones", all, "bb")
	h.finds("speaker:مريم drones", all, "aa", "bb") // written with the other yeh
	h.finds("еще ИРАН", all, "cc")
	h.finds("беспилотник*", all, "cc")
	h.finds("外交部", all, "dd")
	h.finds("伊朗", all, "dd")
	h.finds("核", all, "dd")
	h.finds("交外", all)
	h.finds("near -far", all)

	// Another revision: its words, and not the old ones.
	h.update(func(tx state.Tx) error {
		st, err := tx.Statement("aa")
		if err != nil {
			return err
		}
		st.Revision = 2
		if err := tx.PutStatement(st); err != nil {
			return err
		}
		r := sampleRevision("aa", 2)
		r.Title, r.Body = "On missiles", "Iran denies it."
		return tx.PutRevision(r)
	})
	h.must(h.Index(h.ctx, nil))
	h.finds("weaponry", all)
	h.finds("missiles", all, "aa")
	h.finds("drones", all, "bb")
	h.must(h.Index(h.ctx, func(int, int) { t.Error("there was nothing to index") }))
}

// More fit than are ranked: those remembered last are.
func searchRanksTheLast(t *testing.T, h *house) {
	long, best := "and so on", state.MostRanked+500
	for from := 0; from <= state.MostRanked; from += 1000 {
		h.update(func(tx state.Tx) error {
			for n := from; n < from+1000; n++ {
				id := statement.NewID("many", string(rune(n+1)))
				st, r := sample(id, 1), sampleRevision(id, 1)
				st.Published, st.FirstSeen = statement.Date{}, noon.Add(time.Duration(n)*time.Second)
				r.Title, r.Body = "Title", "president "+long
				if n == 0 || n == best {
					r.Body = "president president"
				}
				if n%1000 == 7 {
					st.Source = "rare"
				}
				if err := tx.PutStatement(st); err != nil {
					return err
				}
				if err := tx.PutRevision(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	h.must(h.Index(h.ctx, nil))
	q, err := fulltext.Parse("president")
	h.must(err)
	found, err := h.Search(h.ctx, q, state.SearchFilter{Limit: 2})
	h.must(err)
	if !found.More || found.Total != state.MostRanked || len(found.Hits) != 2 || found.Hits[0].Statement.ID != statement.NewID("many", string(rune(best+1))) {
		t.Errorf("%+v", found)
	}
	// A filter finds what lies further back.
	found, err = h.Search(h.ctx, q, state.SearchFilter{Sources: []string{"rare"}})
	h.must(err)
	if found.More || found.Total != state.MostRanked/1000+1 || found.Hits[len(found.Hits)-1].Statement.ID != statement.NewID("many", string(rune(8))) {
		t.Errorf("of a source: %+v", found)
	}
	found, err = h.Search(h.ctx, q, state.SearchFilter{Until: noon.Add(500 * time.Second), Limit: 1})
	h.must(err)
	if found.More || found.Total != 500 || found.Hits[0].Statement.ID != statement.NewID("many", string(rune(1))) {
		t.Errorf("of the first: %+v", found)
	}
}
