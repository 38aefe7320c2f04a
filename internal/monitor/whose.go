package monitor

import (
	"context"
	"errors"

	"volteface/internal/claim"
	"volteface/internal/reversal"
	"volteface/internal/statement"
)

// space is whose statements a source's are compared with.
func space(src statement.Source) string {
	if src.Issuer.Government != "" {
		return src.Issuer.Government
	}
	return src.Issuer.ID
}

// sourceOf is the source of a revision, by its definition. Where there is none, it is made
// of what the passages say that are kept of the revision. placed is whether its space is
// known: that of an issuer without a government has the name of an id, which no passage
// keeps.
func (a *analyst) sourceOf(ctx context.Context, source, id string, revision int) (src statement.Source, placed bool, err error) {
	if src, placed = a.Sources(source); placed {
		return src, true, nil
	}
	src = statement.Source{ID: source, Issuer: statement.Issuer{ID: source, Name: source}}
	kept, err := a.Store.PassagesOf(ctx, "", id, revision)
	if err != nil || len(kept) == 0 { // nothing of it can be held against anything
		return src, true, err
	}
	said, err := reversal.Recall(kept[0].Body, id, kept[0].Said)
	if errors.Is(err, claim.ErrVersion) { // it waits to be read again, as all of them do
		return src, true, nil
	}
	if err != nil {
		return src, false, err
	}
	src.Issuer.Name, src.Issuer.Government = said.Issuer, said.Government
	// What was read while there was no definition is filed under the source's name.
	return src, said.Government != "" || said.Issuer == source, nil
}
