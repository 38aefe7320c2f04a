package monitor

import (
	"context"
	"fmt"
	"time"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/state"
)

// Reextraction counts what extracting the stored snapshots again came to.
type Reextraction struct {
	Revisions int // read again
	Different int // whose text the present rules read otherwise
	Failed    int // that cannot be read again; they stay as they are
}

// Reextract reads every stored snapshot of a source again with the present
// rules. That replaces texts, and is never an event: nothing has changed on
// the page. progress, if set, is called after each statement.
func (m *Monitor) Reextract(ctx context.Context, src statement.Source, progress func(done int)) (count Reextraction, err error) {
	x, err := extract.New(src)
	if err != nil {
		return count, err
	}
	v := &visit{Monitor: m, src: src, extractor: x, options: Options{Holder: Holder(time.Now())}}
	release, err := v.lease(ctx)
	if err != nil {
		return count, err
	}
	defer release()
	var all []statement.Statement
	for st, err := range m.Store.Statements(ctx, state.Filter{Sources: []string{src.ID}}) {
		if err != nil {
			return count, err
		}
		all = append(all, st)
	}
	for i, st := range all {
		if err := v.reextract(ctx, st, &count); err != nil {
			return count, fmt.Errorf("extract %s again: %w", st.ID, err)
		}
		if progress != nil {
			progress(i + 1)
		}
	}
	return count, nil
}

func (v *visit) reextract(ctx context.Context, st statement.Statement, count *Reextraction) error {
	revisions, err := v.Store.Revisions(ctx, st.ID)
	if err != nil {
		return err
	}
	for i := range revisions {
		r := &revisions[i]
		count.Revisions++
		doc, err := v.readAgain(ctx, *r)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			count.Failed++
			v.Log.Warn("a stored snapshot cannot be extracted again", "statement", st.ID, "revision", r.N, "error", err)
			continue
		}
		if doc.TextHash() != r.Hash {
			count.Different++
		}
		setText(r, *doc)
	}
	return v.Store.Update(ctx, func(tx state.Tx) error {
		for _, r := range revisions {
			if err := tx.PutRevision(r); err != nil {
				return err
			}
			if r.N == st.Revision {
				was := st.Path
				if setCurrent(&st, r); was == statement.ByArchive {
					st.Path = was
				}
			}
		}
		return tx.PutStatement(st)
	})
}
