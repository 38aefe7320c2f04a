package monitor

import (
	"context"

	"volteface/internal/statement"
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
