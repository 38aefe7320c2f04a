package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"volteface/internal/statement"
	"volteface/state"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// page is a template within the frame.
type page struct{ *template.Template }

// frame is what every page is rendered with; Body is its own.
type frame struct {
	Title    string
	Person   Person
	Here     string // first part of the path, for the navigation
	Back     string // where one comes back to after signing in
	Done     string // what was just done, in words
	ReadOnly bool
	Programs bool // sources and alerts can be shown
	Version  string
	Body     any
}

// readPages reads every template as a page of its own; those whose names begin with _ are shared by all.
func (d *Desk) readPages() (map[string]page, error) {
	shared, err := template.New("").Funcs(d.functions()).ParseFS(templateFiles, "templates/_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]page{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if strings.HasPrefix(name, "_") {
			continue
		}
		own, err := shared.Clone()
		if err == nil {
			own, err = own.ParseFS(templateFiles, file)
		}
		if err != nil {
			return nil, err
		}
		pages[name] = page{own}
	}
	return pages, nil
}

// page writes a page: the template of the name, in the frame, with the body as its data.
func (d *Desk) page(w http.ResponseWriter, r *http.Request, name, title string, body any) {
	d.pageWith(w, r, http.StatusOK, name, title, body)
}

func (d *Desk) pageWith(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	here, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	f := frame{Title: title, Person: PersonOf(r.Context()), Here: here, Back: r.URL.RequestURI(), Done: done[r.URL.Query().Get("done")],
		ReadOnly: d.ReadOnly, Programs: d.Office != nil, Version: d.Version, Body: body}
	var b bytes.Buffer
	if err := d.pages[name].ExecuteTemplate(&b, "frame", f); err != nil {
		d.Log.Error("a page cannot be made", "page", name, "path", r.URL.Path, "error", err)
		http.Error(w, "The page could not be made; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// done are the words for what was just done. Only these are shown, whatever an address says.
var done = map[string]string{
	"confirmed": "Confirmed. It counts, and stays listed as confirmed.",
	"dismissed": "Dismissed. It does not come back.",
	"reopened":  "Open again.",
	"noted":     "The note is kept.",
	"assigned":  "Assigned.",
	"handled":   "Done. What was marked has left the inbox.",
	"read":      "Marked as read.",
	"saved":     "Saved.",
	"ended":     "Ended.",
	"password":  "The new password is set. All other sessions have ended.",
	"out":       "You are signed out.",
	"soon":      "It is visited in a moment.",
	"paused":    "It is paused: nothing of it is visited meanwhile.",
	"resumed":   "It goes on.",
	"due":       "It is due now.",
	"muted":     "It is muted. What happens meanwhile comes in one digest afterwards.",
	"unmuted":   "It is not muted any more. What was held back is due now.",
}

// back redirects to a page of the desk after something was done.
func back(w http.ResponseWriter, r *http.Request, to, did string) {
	to = local(to)
	to, fragment, _ := strings.Cut(to, "#")
	sign := "?"
	if strings.Contains(to, "?") {
		sign = "&"
	}
	if did != "" {
		to += sign + "done=" + did
	}
	if fragment != "" {
		to += "#" + fragment
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// local is an address of the desk itself, or its first page: where a link may lead on to after signing in.
func local(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsFunc(address, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return "/"
	}
	return address
}

// problem tells what is wrong with a request, in a sentence of our own.
func (d *Desk) problem(w http.ResponseWriter, r *http.Request, status int, what string) {
	w.Header().Set("Cache-Control", "no-store")
	d.pageWith(w, r, status, "problem", http.StatusText(status), what)
}

// fail tells that something does not exist, or could not be done; what is none of the reader's is in the log alone.
func (d *Desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, statement.ErrNotFound):
		d.problem(w, r, http.StatusNotFound, "There is nothing here: the address is mistyped, or what it led to does not exist.")
	case errors.Is(err, state.ErrAmbiguous):
		d.problem(w, r, http.StatusNotFound, "More than one begins with these letters: type more of them.")
	case errors.As(err, &tooLong):
		d.problem(w, r, http.StatusRequestEntityTooLarge, "What was sent is too long.")
	case r.Context().Err() != nil: // the reader has gone
	default:
		d.Log.Error("a request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		d.problem(w, r, http.StatusInternalServerError, "This could not be done; the log says why.")
	}
}

// assets are the files that pages load, each under a name that changes with its content.
type assets struct {
	names map[string]string // by their own names
	files map[string][]byte // by those in the address
}

func readAssets() (assets, error) {
	a := assets{map[string]string{}, map[string][]byte{}}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return a, err
	}
	for _, e := range entries {
		content, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return a, err
		}
		sum := sha256.Sum256(content)
		a.names[e.Name()] = "/static/" + hex.EncodeToString(sum[:6]) + "/" + e.Name()
		a.files[a.names[e.Name()]] = content
	}
	return a, nil
}

func (a assets) address(name string) (string, error) {
	if address, ok := a.names[name]; ok {
		return address, nil
	}
	return "", fmt.Errorf("there is no file %q", name)
}

// ServeHTTP gives a file, which never changes under its address.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(content)
}
