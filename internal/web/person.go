package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"volteface/internal/statement"
	"volteface/state"
)

// Role is what a person may do: reader, analyst or admin.
type Role = state.Role

// Person is who makes a request.
type Person struct {
	ID   string // empty for somebody who has not signed in
	Name string
	Role Role // empty for nothing
	key  bool // it is a program with a key of theirs
}

// SignedIn reports whether it is known who this is.
func (p Person) SignedIn() bool { return p.ID != "" }

// Can reports whether the person may do what a role may; templates ask it.
func (p Person) Can(role string) bool { return p.Role.May(Role(role)) }

type personKey struct{}

// PersonOf is who makes the request of a context.
func PersonOf(ctx context.Context) Person {
	p, _ := ctx.Value(personKey{}).(Person)
	return p
}

// errKey says that a key in the Authorization header is unknown, or has ended.
var errKey = errors.New("this API key is unknown, or has ended")

// authenticate tells who makes a request: by the key in its Authorization header (RFC 6750), else by the session of its cookie. A
// stranger is a reader of a public desk, and nobody elsewhere. The scope is that of a key: read, decide or admin.
func (d *Desk) authenticate(r *http.Request) (p Person, scope string, err error) {
	if kind, key, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(kind, "Bearer") {
		return d.byKey(r.Context(), strings.TrimSpace(key))
	}
	p, err = d.bySession(r)
	if p.ID == "" && d.Public {
		p.Role = state.RoleReader
	}
	return p, scopeOf(p.Role), err
}

// The scopes of API keys, by what their holder may do at most.
var scopes = map[string]Role{"read": state.RoleReader, "decide": state.RoleAnalyst, "admin": state.RoleAdmin}

func scopeOf(role Role) string {
	for scope, r := range scopes {
		if r == role {
			return scope
		}
	}
	return ""
}

// byKey tells whose key it is; what they may do is the lesser of their role and its scope.
func (d *Desk) byKey(ctx context.Context, secret string) (p Person, scope string, err error) {
	key, err := d.Store.APIKey(ctx, hashOf(secret))
	now := d.Clock.Now()
	switch {
	case errors.Is(err, statement.ErrNotFound), err == nil && !key.ExpiresAt.IsZero() && !now.Before(key.ExpiresAt):
		return p, "", errKey
	case err != nil:
		return p, "", err
	}
	of, err := d.Store.Person(ctx, key.Person)
	if err != nil || !of.EndedAt.IsZero() {
		return p, "", errors.Join(errKey, err)
	}
	p = Person{ID: of.ID, Name: of.Name, Role: scopes[key.Scope], key: true}
	if p.Role.May(of.Role) {
		p.Role = of.Role
	}
	if !d.ReadOnly && now.Sub(key.UsedAt) > noteUse {
		key.UsedAt = now
		err = d.Store.Update(ctx, func(tx state.Tx) error { return tx.PutAPIKey(key) })
	}
	return p, scopeOf(p.Role), err
}

// bySession tells who has signed in with the browser; the zero person for nobody.
func (d *Desk) bySession(r *http.Request) (Person, error) {
	secret := d.cookie(r)
	if secret == "" {
		return Person{}, nil
	}
	ctx, now := r.Context(), d.Clock.Now()
	s, err := d.sessions.find(ctx, hashOf(secret))
	if errors.Is(err, statement.ErrNotFound) || err == nil && !now.Before(s.ExpiresAt) {
		return Person{}, nil
	}
	if err != nil {
		return Person{}, err
	}
	of, err := d.Store.Person(ctx, s.Person)
	if errors.Is(err, statement.ErrNotFound) || err == nil && !of.EndedAt.IsZero() {
		return Person{}, nil
	}
	if err == nil && now.Sub(s.SeenAt) > noteUse {
		s.SeenAt, s.ExpiresAt, s.Address = now, lastsUntil(s.CreatedAt, now), d.address(r)
		err = d.sessions.put(ctx, s)
	}
	return Person{ID: of.ID, Name: of.Name, Role: of.Role}, err
}

// requires lets those through who may do what a role may. Strangers are asked to sign in.
func (d *Desk) requires(role Role, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, _, err := d.authenticate(r)
		switch {
		case errors.Is(err, errKey):
			w.Header().Set("WWW-Authenticate", `Bearer realm="volteface"`)
			d.problem(w, r, http.StatusUnauthorized, "This API key is unknown, or has ended.")
			return
		case err != nil:
			d.fail(w, r, err)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), personKey{}, p))
		switch writes := r.Method != http.MethodGet && r.Method != http.MethodHead; {
		case writes && d.ReadOnly:
			d.problem(w, r, http.StatusForbidden, "This desk is read-only: nothing can be changed here.")
		case writes && p.key:
			d.problem(w, r, http.StatusForbidden, "Keys are for programs that use /api/v1; the forms of the pages are for people.")
		case p.Role.May(role):
			h.ServeHTTP(w, r)
		case !p.SignedIn() && !writes:
			http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		case !p.SignedIn():
			d.problem(w, r, http.StatusUnauthorized, "Sign in first: the session has ended, or there was none.")
		default:
			d.problem(w, r, http.StatusForbidden, "Your role does not allow this. An administrator can change it, on the page People.")
		}
	})
}
