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
// that are kept of the revision; placed is whether there are any.
func (a *analyst) sourceOf(ctx context.Context, source, id string, revision int) (src statement.Source, placed bool, err error) {
	if src, placed = a.Sources(source); placed {
		return src, true, nil
	}
	src = statement.Source{ID: source, Issuer: statement.Issuer{ID: source, Name: source}}
	kept, err := a.Store.PassagesOf(ctx, id, revision)
	if err != nil || len(kept) == 0 { // nothing of it can be held against anything
		return src, err == nil, err
	}
	src.Issuer.Government = kept[0].Space
	return src, true, nil
}
