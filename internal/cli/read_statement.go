package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"volteface/internal/extract"
	"volteface/internal/reversal"
	"volteface/internal/statement"
)

// maxText is the length in bytes of a text that is read from a file or standard input.
const maxText = 4 << 20

// readStatement finds what a person names: "-" for standard input, a file, the address or
// the id of a kept statement, or an address on the web.
func (a *app) readStatement(ctx context.Context, name string) (*reversal.Statement, error) {
	switch {
	case name == "-":
		text, err := a.readText(name, a.in)
		return &reversal.Statement{ID: name, Text: text}, err
	case isFile(name):
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		text, err := a.readText(name, f)
		if err != nil {
			return nil, err
		}
		return &reversal.Statement{ID: name, Text: text}, nil
	}
	address := strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
	kept, err := a.keptStatement(ctx, name)
	switch {
	case err == nil:
		return kept, nil
	case address:
		return a.fetchStatement(ctx, name)
	case !strings.Contains(name, "/") && !strings.Contains(name, "."):
		return nil, err
	}
	return nil, usage(fmt.Errorf("there is no file %s", name), "name a text file, a statement's id or address, or - for standard input")
}

// readText reads a text file of any character set.
func (a *app) readText(name string, r io.Reader) (string, error) {
	text, err := a.decodeFile(name, r, maxText)
	if err == nil && strings.TrimSpace(text) == "" {
		err = fmt.Errorf("%s: there is no text in it", name)
	}
	return text, err
}

// keptStatement reads the current revision of a statement in the store.
func (a *app) keptStatement(ctx context.Context, name string) (*reversal.Statement, error) {
	h, err := a.openExisting(ctx)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	st, err := a.find(ctx, h, name)
	if err != nil {
		return nil, err
	}
	r, err := a.revision(ctx, h, st, st.Revision)
	if err != nil {
		return nil, err
	}
	x := &reversal.Statement{ID: st.ID, Date: st.Published.Time, Speaker: strings.Join(st.Speakers, "; "), Language: r.Language, Text: r.Title + "\n\n" + r.Body}
	if src, err := a.source(st.Source); err == nil {
		x.Issuer, x.Government, x.Officials = src.Issuer.Name, src.Issuer.Government, src.Officials
	}
	return x, nil
}

// fetchStatement reads a page that is not kept, by its main content.
func (a *app) fetchStatement(ctx context.Context, address string) (*reversal.Statement, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	client, err := a.client(nil, cfg)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, usage(err, "write a whole address, with https://")
	}
	visit := client.Visit(0)
	defer visit.Close()
	res, err := (&http.Client{Transport: visit}).Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return nil, err
	}
	x, err := extract.New(statement.Source{ID: "address", Kind: statement.KindListing, URL: address})
	if err != nil {
		return nil, err
	}
	doc, err := x.Extract(extract.Input{URL: address, ContentType: res.Header.Get("Content-Type"), Body: body, Via: statement.ByMainContent})
	if err != nil {
		return nil, err
	}
	return &reversal.Statement{ID: address, Date: doc.Published.Time, Speaker: strings.Join(doc.Speakers, "; "), Language: doc.Language, Text: doc.Title + "\n\n" + doc.Body}, nil
}
