package extract

import (
	"fmt"
	"strings"

	"volteface/internal/statement"
)

// watched compiles the rules of each page of a source of kind page.
func (x *Extractor) watched() error {
	for i, page := range x.src.Pages {
		src := x.src
		src.Pages, src.Listing = nil, statement.ListingRules{}
		if len(page.Select) > 0 {
			src.Extract.Body = page.Select
		}
		src.Extract.Drop = append(append([]string(nil), src.Extract.Drop...), page.Drop...)
		c := &compiler{src: src}
		c.selectors(fmt.Sprintf("pages[%d].select", i), page.Select)
		c.selectors(fmt.Sprintf("pages[%d].drop", i), page.Drop)
		if c.err != nil {
			return c.err
		}
		rules, err := compile(src)
		if err != nil {
			return err
		}
		x.pages = append(x.pages, &Extractor{src: src, zone: x.zone, lang: x.lang, rules: rules, fingerprints: x.fingerprints})
	}
	return nil
}

// forPage is the extractor for the page that an input is of; the extractor
// itself where that has no rules of its own.
func (x *Extractor) forPage(in Input) (of *Extractor, name string) {
	for _, address := range []string{in.Asked, in.URL} {
		if page, i, ok := x.src.Watched(address); ok && address != "" && i < len(x.pages) {
			return x.pages[i], page.Name
		}
	}
	return x, ""
}

// called gives a document the name that people gave its page. The title that the
// page has begins the text, so that an edit of it is seen.
func called(doc *statement.Document, name string) {
	if name == "" || strings.EqualFold(doc.Title, name) {
		return
	}
	if doc.Title != "" {
		doc.Body = strings.TrimSpace(doc.Title + "\n\n" + doc.Body)
	}
	doc.Title = name
}
