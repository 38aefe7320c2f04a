package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Scope is what a key may do; each takes in those before it.
type Scope string

// The scopes.
const (
	Read   Scope = "read"   // read all that is kept
	Decide Scope = "decide" // decide on findings too, mute, send again, visit now
	Admin  Scope = "admin"  // pause sources too, and change what is watched
)

// rank orders scopes; an unknown one may nothing.
var rank = map[Scope]int{Read: 1, Decide: 2, Admin: 3}

// May reports whether a scope takes another one in.
func (s Scope) May(other Scope) bool { return rank[s] > 0 && rank[s] >= rank[other] }

// Caller is who asks.
type Caller struct {
	ID    string // of the person; empty for nobody in particular
	Name  string // as the history of decisions shows it
	Scope Scope
}

type callerKey struct{}

// CallerOf is who asks, in the context of a request.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// authorized lets those through who may.
func (a *api) authorized(needed Scope) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		caller := CallerOf(ctx.Context())
		switch {
		case needed != Read && (a.ReadOnly || a.Monitor == nil):
			a.refuse(ctx, problemOf(http.StatusForbidden, "read-only", "this store is served read-only", "ask the volteface that writes it"))
		case !caller.Scope.May(needed):
			a.refuse(ctx, problemOf(http.StatusForbidden, "not-allowed", fmt.Sprintf("this needs the scope %q; yours is %q", needed, caller.Scope), "an administrator gives out keys with other scopes"))
		default:
			next(ctx)
		}
	}
}

func (a *api) refuse(ctx huma.Context, p *Problem) {
	_, w := humago.Unwrap(ctx)
	p.write(w)
}

// guard lets nobody in unknown, marks answers with an ETag, and survives whatever breaks inside.
func (a *api) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		header.Set("Cache-Control", "private, no-cache")
		header.Set("Vary", "Authorization, Cookie")
		answer := &answer{ResponseWriter: w, holds: r.Method == http.MethodGet || r.Method == http.MethodHead}
		defer func() {
			if broken := recover(); broken != nil {
				a.log().Error("the API broke down", "path", r.URL.Path, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
				answer.buffer.Reset()
				if answer.status == 0 || answer.holds {
					answer.status = 0
					problemOf(http.StatusInternalServerError, "internal", "something failed here; the program's log says what", "tell whoever runs this volteface").write(answer)
				}
			}
			answer.finish(r)
		}()
		caller, err := a.Authorize(r)
		if err != nil {
			var p *Problem
			if !errors.As(err, &p) {
				p = problemOf(http.StatusUnauthorized, "not-signed-in", "this needs an API key that is valid", "send it as Authorization: Bearer KEY; an administrator gives keys out")
				p.header = http.Header{"Www-Authenticate": {`Bearer realm="volteface"`}}
			}
			p.write(answer)
			return
		}
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)))
	})
}

// answer holds an answer back until it is whole, so that it can be marked with what it is.
type answer struct {
	http.ResponseWriter
	holds  bool // else it goes as it comes
	status int
	buffer bytes.Buffer
}

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		if !w.holds {
			w.ResponseWriter.WriteHeader(status)
		}
	}
}

func (w *answer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.holds {
		return w.buffer.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *answer) finish(r *http.Request) {
	if !w.holds || w.status == 0 {
		return
	}
	if w.status == http.StatusOK {
		tag := ETag(w.buffer.Bytes())
		w.Header().Set("ETag", tag)
		if Matches(r.Header.Get("If-None-Match"), tag) {
			w.Header().Del("Content-Type")
			w.Header().Del("Content-Length")
			w.ResponseWriter.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Length", fmt.Sprint(w.buffer.Len()))
	w.ResponseWriter.WriteHeader(w.status)
	_, _ = w.ResponseWriter.Write(w.buffer.Bytes()) // who has gone reads nothing
}

// ETag is the entity tag of an answer (RFC 9110, section 8.8.3): a strong one, of its bytes.
func ETag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// Matches tells whether If-None-Match names a tag, by the weak comparison (RFC 9110, section 13.1.2).
func Matches(header, tag string) bool {
	for _, one := range strings.Split(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

func (a *api) log() *slog.Logger {
	if a.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return a.Log
}

func sorted(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
