package monitor

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"volteface/internal/diff"
	"volteface/internal/judge"
	"volteface/internal/statement"
	"volteface/state"
)

const (
	// lookBack is how many revisions are looked through for an earlier text.
	lookBack = 24
	// minReturns is how often a text comes back to an earlier one before it is
	// held to flicker: once may be a retraction, which is news.
	minReturns = 2
	// maxStates is how many texts it may flip between.
	maxStates = 5
)

// judge tells what the step from the current revision to a new text is: what
// changed, whether it matters, and whether it was so before.
//
// What moves by itself is left aside: s has it put back. The error is an *unread where what changed has to be read first.
func (v *visit) judge(tx state.Tx, old statement.Revision, l look, s settled) (statement.Edit, error) {
	doc := l.doc
	edit := statement.Edit{Statement: old.Statement, From: old.N, To: old.N + 1, At: v.Clock.Now()}
	switch {
	case !s.judged.SameText(old.Title, old.Body):
		change := step{diff.Text{Title: old.Title, Body: old.Body}, diff.Text{Title: s.judged.Title, Body: s.judged.Body}, doc.Language}
		verdict, read := l.verdicts[change]
		if !read {
			return edit, &unread{change}
		}
		edit.Judgement, edit.Summary = verdict.Judgement, verdict.Summary
	case len(s.order) > 0:
		edit.Class = statement.ClassEditorial
		edit.Summary = strings.TrimSpace("nothing but " + s.order[0].Place + " " + s.order[0].At)
		return edit, nil
	default:
		edit.Class = statement.ClassEditorial
		edit.Summary = "only the dates shown: " + dates(old, doc)
		return edit, nil
	}
	earlier, err := v.earlier(tx, old)
	if err != nil {
		return edit, err
	}
	back, flicker := returns(earlier, doc)
	if back != nil {
		edit.Back, edit.Flicker = back.N, flicker
		edit.Summary = join(edit.Summary, "back to the wording of "+statement.DayOf(back.SeenAt))
	}
	return edit, nil
}

// step is what an edit makes of a text.
type step struct {
	before, after diff.Text
	language      string
}

// unread is the error of a piece of T1 that needs what a judge makes of an edit, which takes it up to a second: no transaction waits
// for that. It is read outside, and the piece is recorded then.
type unread struct{ step }

func (*unread) Error() string { return "the edit has not been read yet" }

// readEdit gives a look what a judge makes of an edit. One edit is read at a time.
func (m *Monitor) readEdit(l look, s step) look {
	reader := m.Edits
	if reader == nil {
		reader = diff.By(func() (*judge.Judge, error) {
			j, err := m.reader()
			if err != nil {
				m.Log.Error("an edit is read by the judge that the program carries: the one configured cannot be opened", "error", err)
				return judge.Embedded()
			}
			return j, nil
		})
	}
	m.oneEdit.Lock()
	defer m.oneEdit.Unlock()
	verdicts := maps.Clone(l.verdicts)
	if verdicts == nil {
		verdicts = map[step]diff.Verdict{}
	}
	// An edit is judged though the visit is told to end: its record is what counts.
	verdicts[s] = diff.Compare(s.before, s.after).Verdict(context.Background(), reader, s.language)
	l.verdicts = verdicts
	return l
}

// earlier reads the last revisions, newest first, the current one included.
func (v *visit) earlier(tx state.Tx, current statement.Revision) ([]statement.Revision, error) {
	list := []statement.Revision{current}
	for n := current.N - 1; n >= max(1, current.N-lookBack); n-- {
		r, err := tx.Revision(current.Statement, n)
		if err != nil {
			return nil, fmt.Errorf("look for an earlier text: %w", err)
		}
		list = append(list, r)
	}
	return list, nil
}

// returns finds the newest earlier revision, the current one apart, that says
// what a new text says, and tells whether the text flickers: it has come back
// to earlier ones several times and is seen in few states.
func returns(newestFirst []statement.Revision, doc statement.Document) (back *statement.Revision, flicker bool) {
	type text struct{ title, body string }
	seen := map[text]bool{}
	count := 0
	for i := len(newestFirst) - 1; i >= 0; i-- {
		r := &newestFirst[i]
		t := text{r.Title, r.Body}
		if seen[t] && (newestFirst[i+1].Title != r.Title || newestFirst[i+1].Body != r.Body) {
			count++
		}
		seen[t] = true
		if i > 0 && doc.SameText(r.Title, r.Body) {
			back = r
		}
	}
	if back == nil {
		return nil, false
	}
	return back, count+1 >= minReturns && len(seen) <= maxStates
}
