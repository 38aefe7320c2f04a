package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"volteface/internal/statement"
	"volteface/state"
)

// Problem is an error as clients get it: problem details (RFC 9457), and a hint.
type Problem struct {
	Type   string              `json:"type" format:"uri" doc:"what kind of problem it is, for programs: urn:volteface:problem:KIND"`
	Title  string              `json:"title" doc:"the kind in words, always the same"`
	Status int                 `json:"status" doc:"HTTP status"`
	Detail string              `json:"detail" doc:"what is wrong this time"`
	Hint   string              `json:"hint,omitempty" doc:"what may be done"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"the places of the request that are wrong"`

	header http.Header
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are headers that go with it.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType is that of problem details.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// kinds are the problems there are, and what they are called.
var kinds = map[string]string{
	"invalid-request":       "The request is not valid",
	"not-signed-in":         "Nobody is signed in",
	"not-allowed":           "Not allowed",
	"read-only":             "Nothing can be changed here",
	"not-found":             "Not found",
	"ambiguous":             "The identifier fits several",
	"method-not-allowed":    "This cannot be done here",
	"timeout":               "The request came too slowly",
	"conflict":              "It stands otherwise by now",
	"precondition-failed":   "It has changed since it was read",
	"busy":                  "Somebody else is at it",
	"too-large":             "The request is too large",
	"unsupported-body":      "The body is of a kind that is not read",
	"internal":              "Something failed here",
	"temporarily-not-there": "Not now",
}

// problemOf makes a problem of a kind.
func problemOf(status int, kind, detail, hint string) *Problem {
	return &Problem{Type: "urn:volteface:problem:" + kind, Title: kinds[kind], Status: status, Detail: detail, Hint: hint}
}

// Refuse is an answer that something asked for does not exist, with the nearest word.
func notFound(what, name string, among []string, where string) *Problem {
	hint := where
	if near := statement.Nearest(strings.ToLower(name), among); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, where)
	}
	return problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("there is no %s %q", what, name), strings.TrimSpace(hint))
}

func invalid(location, message string, value any, hint string) *Problem {
	p := problemOf(http.StatusUnprocessableEntity, "invalid-request", message, hint)
	p.Errors = []*huma.ErrorDetail{{Message: message, Location: location, Value: value}}
	return p
}

// byStatus are the kinds of what huma itself refuses.
var byStatus = map[int]string{
	http.StatusBadRequest: "invalid-request", http.StatusUnprocessableEntity: "invalid-request", http.StatusUnauthorized: "not-signed-in", http.StatusForbidden: "not-allowed",
	http.StatusNotFound: "not-found", http.StatusMethodNotAllowed: "method-not-allowed", http.StatusRequestTimeout: "timeout",
	http.StatusConflict: "conflict", http.StatusPreconditionFailed: "precondition-failed", http.StatusRequestEntityTooLarge: "too-large", http.StatusUnsupportedMediaType: "unsupported-body",
	http.StatusInternalServerError: "internal",
}

// refusal is what huma refuses as a problem of ours; parameters that are not known come with the nearest that is.
func refusal(ctx huma.Context, status int, message string, errs []error) huma.StatusError {
	kind := byStatus[status]
	if kind == "" {
		kind = "invalid-request"
	}
	p := problemOf(status, kind, message, "")
	for _, err := range errs {
		var detailed huma.ErrorDetailer
		switch {
		case errors.As(err, &detailed):
			d := *detailed.ErrorDetail()
			if text, long := d.Value.(string); long && len(text) > longestEcho {
				d.Value = short(text, longestEcho)
			}
			p.Errors = append(p.Errors, &d)
		case err != nil:
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
		}
	}
	if len(p.Errors) > 0 {
		p.Detail = message + ": " + strings.TrimSpace(p.Errors[0].Location+" "+p.Errors[0].Message)
	}
	if ctx == nil || ctx.Operation() == nil {
		return p
	}
	var known []string
	for _, param := range ctx.Operation().Parameters {
		if param.In == "query" {
			known = append(known, param.Name)
		}
	}
	for _, d := range p.Errors {
		if name, query := strings.CutPrefix(d.Location, "query."); query && strings.HasPrefix(d.Message, "unknown") {
			p.Hint = "the parameters are " + strings.Join(known, ", ")
			if near := statement.Nearest(name, known); near != "" {
				p.Hint = fmt.Sprintf("did you mean %q? %s", near, p.Hint)
			}
		}
	}
	return p
}

// longestEcho is how much of a value that is refused is given back, in characters.
const longestEcho = 200

// problem makes a problem of whatever went wrong. What is ours to know is logged, and not told.
func (a *api) problem(ctx context.Context, err error) error {
	var p *Problem
	var usage interface{ Usage() bool }
	hint := statement.HintOf(err)
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, statement.ErrNotFound):
		return problemOf(http.StatusNotFound, "not-found", err.Error(), hint)
	case errors.Is(err, state.ErrAmbiguous):
		return problemOf(http.StatusConflict, "ambiguous", err.Error(), "give more of the identifier")
	case errors.Is(err, state.ErrLeased), errors.Is(err, context.DeadlineExceeded):
		p = problemOf(http.StatusServiceUnavailable, "busy", "somebody else is at it, or the store is busy", "ask again in a moment")
		p.header = http.Header{"Retry-After": {"5"}}
		return p
	case errors.As(err, &usage) && usage.Usage():
		return problemOf(http.StatusUnprocessableEntity, "invalid-request", err.Error(), hint)
	case ctx.Err() != nil: // nobody reads the answer any more
		return problemOf(http.StatusServiceUnavailable, "temporarily-not-there", "the request was given up", "")
	}
	a.log().Error("the API could not answer", "error", err)
	return problemOf(http.StatusInternalServerError, "internal", "something failed here; the program's log says what", "tell whoever runs this volteface")
}

// write answers with a problem outside of an operation.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // who has gone reads nothing
}

// nowhere answers what no operation does: a path that is not there, or a method that its path does not know.
func (a *api) nowhere(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, Root)
	var methods, words []string
	for pattern, item := range a.huma.OpenAPI().Paths {
		words = append(words, strings.Split(strings.Trim(pattern, "/"), "/")[0])
		if !fits(pattern, path) {
			continue
		}
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op != nil {
				methods = append(methods, method)
			}
		}
	}
	if len(methods) > 0 {
		allow := strings.Join(sorted(methods), ", ")
		p := problemOf(http.StatusMethodNotAllowed, "method-not-allowed", fmt.Sprintf("%s is not for %s", short(r.URL.Path, longestEcho), short(r.Method, 20)), "it takes "+allow)
		p.header = http.Header{"Allow": {allow}}
		p.write(w)
		return
	}
	first := strings.Split(strings.Trim(path, "/"), "/")[0]
	notFound("resource", short(r.URL.Path, longestEcho), nil, hintFor(first, words)).write(w)
}

func hintFor(first string, words []string) string {
	if near := statement.Nearest(first, words); near != "" && near != first {
		return fmt.Sprintf("did you mean %s/%s? %s/openapi.json says what there is", Root, near, Root)
	}
	return Root + "/openapi.json says what there is"
}

// fits reports whether a path is one of a pattern with {names} in it.
func fits(pattern, path string) bool {
	p, q := strings.Split(strings.Trim(pattern, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if p[i] != q[i] && !strings.HasPrefix(p[i], "{") {
			return false
		}
	}
	return true
}
