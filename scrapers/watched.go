package scrapers

import (
	"context"
	"slices"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// watched names the pages that the definition itself names; nothing is asked for
// to find them.
type watched struct{ *session }

func (w watched) Discover(_ context.Context, _ int, _ statement.Validators, page func(Page) (bool, error)) error {
	// Listings name the newest first, and the oldest is read first.
	items := make([]extract.Entry, 0, len(w.src.Pages))
	for _, p := range slices.Backward(w.src.Pages) {
		items = append(items, extract.Entry{URL: p.URL, Title: p.Name})
	}
	_, err := page(Page{Number: 1, Capture: &statement.Capture{Quality: statement.Good}, Items: items})
	return err
}
