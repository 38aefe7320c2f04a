package monitor

import (
	"context"
	"errors"

	"volteface/internal/statement"
	"volteface/state"
)

// space is whose statements a source's are compared with.
func space(src statement.Source) string {
	if src.Issuer.Government != "" {
		return src.Issuer.Government
	}
	return src.Issuer.ID
}

// sourceOf is the source of a revision, by its definition. Where there is none, it is in the space that the passages are in
// that are kept of the revision, or, where there are none, in one of its own.
func (m *Monitor) sourceOf(ctx context.Context, source, id string, revision int) (statement.Source, error) {
	if src, defined := m.Sources(source); defined {
		return src, nil
	}
	src := statement.Source{ID: source, Issuer: statement.Issuer{ID: source, Name: source}}
	kept, err := m.Store.PassagesOf(ctx, id, revision)
	if len(kept) > 0 {
		src.Issuer.Government = kept[0].Space
	}
	return src, err
}

// ShownDate is the date of a stance as its page shows it; of a statement that has gone, the moment by which it was ordered.
func ShownDate(ctx context.Context, store interface {
	Revision(ctx context.Context, id string, n int) (statement.Revision, error)
}, s state.Stance) (statement.Date, error) {
	r, err := store.Revision(ctx, s.Statement, s.Revision)
	if errors.Is(err, statement.ErrNotFound) {
		return statement.Date{Time: s.Said.UTC(), HasTime: true}, nil
	}
	return r.WhenSaid(), err
}
