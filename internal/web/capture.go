package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"volteface/internal/statement"
)

// archivedPolicy is for archived bytes: nothing is loaded, nothing runs, nothing leads away. The frame has an origin of its own.
const archivedPolicy = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// captureBody is what the page of a capture shows.
type captureBody struct {
	statement.Snapshot
	Title string
	Type  string
	Shown bool // it can be looked at here
}

// snapshot finds a capture of a statement: only those of its own can be seen through it.
func (d *Desk) snapshot(r *http.Request) (st statement.Statement, s statement.Snapshot, err error) {
	if st, err = d.Store.Statement(r.Context(), r.PathValue("id")); err != nil {
		return st, s, err
	}
	all, err := d.Store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return st, s, err
	}
	for _, x := range all {
		if x.SHA256 == r.PathValue("sha") {
			return st, x, nil
		}
	}
	signs, err := d.Store.Signs(r.Context(), st.ID)
	if err != nil {
		return st, s, err
	}
	for _, x := range signs {
		if x.SHA256 != "" && x.SHA256 == r.PathValue("sha") {
			return st, statement.Snapshot{Statement: st.ID, SHA256: x.SHA256, URL: x.URL, FinalURL: x.URL, Status: x.Status, FetchedAt: x.At,
				Header: http.Header{"Content-Type": {"text/html"}}}, nil
		}
	}
	return st, s, statement.ErrNotFound
}

// mediaType of a capture, and whether it is shown as a page or as text.
func mediaType(s statement.Snapshot) (kind string, page, text bool) {
	kind, _, err := mime.ParseMediaType(s.Header.Get("Content-Type"))
	if err != nil || kind == "" {
		kind = "text/html"
	}
	page = kind == "text/html" || kind == "application/xhtml+xml"
	text = strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "xml")
	return kind, page, text && !page
}

func (d *Desk) capture(w http.ResponseWriter, r *http.Request) {
	st, s, err := d.snapshot(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	kind, page, text := mediaType(s)
	d.page(w, r, "capture", "Capture of "+statement.Moment(s.FetchedAt), captureBody{s, st.Title, kind, page || text})
}

// archivedBytes reads what was captured; it answers itself where that cannot be.
func (d *Desk) archivedBytes(w http.ResponseWriter, r *http.Request) (s statement.Snapshot, content []byte, ok bool) {
	_, s, err := d.snapshot(r)
	if err == nil && d.Archive == nil {
		err = statement.ErrNotFound
	}
	if err == nil {
		content, err = d.Archive.Get(r.Context(), s.SHA256)
	}
	if err != nil {
		d.fail(w, r, err)
		return s, nil, false
	}
	head := w.Header()
	head.Set("Content-Security-Policy", archivedPolicy)
	head.Set("X-Frame-Options", "SAMEORIGIN")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cache-Control", "private, max-age=86400") // the bytes of a hash never change
	return s, content, true
}

// archived shows a captured page without scripts, styles, pictures, forms or addresses.
func (d *Desk) archived(w http.ResponseWriter, r *http.Request) {
	s, content, ok := d.archivedBytes(w, r)
	if !ok {
		return
	}
	kind, page, text := mediaType(s)
	switch {
	case page:
		if still, err := stillPage(content, s.Header.Get("Content-Type")); err == nil {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(still)
			return
		}
		fallthrough
	case text:
		decoded, err := charset.NewReader(bytes.NewReader(content), s.Header.Get("Content-Type"))
		if err != nil {
			decoded = bytes.NewReader(content)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.Copy(w, decoded)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "This is of the kind "+kind+", which cannot be shown here. The bytes can be downloaded.")
	}
}

// bytesOf gives what was captured as it came, as a file that no browser opens by itself.
func (d *Desk) bytesOf(w http.ResponseWriter, r *http.Request) {
	s, content, ok := d.archivedBytes(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+s.SHA256+`.bin"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content)
}

// What a still page is made without, and the attributes that are left.
var (
	dropped = []atom.Atom{atom.Script, atom.Noscript, atom.Style, atom.Link, atom.Meta, atom.Base, atom.Iframe, atom.Frame, atom.Frameset, atom.Object,
		atom.Embed, atom.Applet, atom.Template, atom.Audio, atom.Video, atom.Source, atom.Track, atom.Svg, atom.Math, atom.Canvas, atom.Param, atom.Dialog}
	harmless = []string{"lang", "dir", "title", "alt", "colspan", "rowspan", "scope", "headers", "datetime", "start", "reversed", "id", "for", "type", "value",
		"placeholder", "open", "cite"}
)

// stillPage is a page of which nothing moves, loads or leads anywhere. Where a link led stands in its title.
func stillPage(content []byte, contentType string) ([]byte, error) {
	decoded, err := charset.NewReader(bytes.NewReader(content), contentType)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(decoded)
	if err != nil {
		return nil, err
	}
	still(root)
	var b bytes.Buffer
	if err := html.Render(&b, root); err != nil {
		return nil, err
	}
	if b.Len() == 0 {
		return nil, errors.New("the page is empty")
	}
	return b.Bytes(), nil
}

func still(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		foreign := c.Type == html.ElementNode && (c.Namespace != "" || slices.Contains(dropped, c.DataAtom) || strings.Contains(c.Data, "-"))
		if foreign || c.Type == html.CommentNode {
			n.RemoveChild(c)
		} else {
			if c.Type == html.ElementNode {
				c.Attr = attributes(c)
			}
			still(c)
		}
		c = next
	}
}

func attributes(n *html.Node) (kept []html.Attribute) {
	for _, a := range n.Attr {
		switch {
		case a.Namespace != "":
		case slices.Contains(harmless, a.Key):
			kept = append(kept, a)
		case a.Key == "href" && n.DataAtom == atom.A:
			kept = append(kept, html.Attribute{Key: "title", Val: a.Val})
		case a.Key == "src" && n.DataAtom == atom.Img && strings.HasPrefix(a.Val, "data:image/"):
			kept = append(kept, a)
		}
	}
	return kept
}
