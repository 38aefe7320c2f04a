package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// peopleBody is what the page of people shows.
type peopleBody struct {
	People  []personRow
	Roles   []string
	Keys    []state.APIKey
	Names   map[string]string
	Link    string // that was just made
	LinkFor string
	Wrong   string
	Login   string
	Name    string
}

type personRow struct {
	state.Person
	Sessions int
	Seen     time.Time
	You      bool
}

func (d *Desk) people(w http.ResponseWriter, r *http.Request) {
	d.peopleWith(w, r, http.StatusOK, peopleBody{})
}

func (d *Desk) peopleWith(w http.ResponseWriter, r *http.Request, status int, b peopleBody) {
	ctx := r.Context()
	people, err := d.Store.People(ctx)
	sessions, serr := d.Store.Sessions(ctx, "")
	keys, kerr := d.Store.APIKeys(ctx, "")
	if err := errors.Join(err, serr, kerr); err != nil {
		d.fail(w, r, err)
		return
	}
	b.Keys, b.Names = keys, map[string]string{}
	for _, p := range people {
		row := personRow{Person: p, You: p.ID == PersonOf(ctx).ID}
		for _, s := range sessions {
			if s.Person == p.ID && d.Clock.Now().Before(s.ExpiresAt) {
				row.Sessions++
				if s.SeenAt.After(row.Seen) {
					row.Seen = s.SeenAt
				}
			}
		}
		b.People, b.Names[p.ID] = append(b.People, row), p.Name
	}
	for _, role := range state.Roles {
		b.Roles = append(b.Roles, string(role))
	}
	w.Header().Set("Cache-Control", "no-store")
	d.pageWith(w, r, status, "people", "People", b)
}

// passwordLink makes a link with which somebody chooses a password; those made before are void.
func passwordLink(tx state.Tx, person string, now time.Time) (string, error) {
	secret, hash := newSecret()
	return "/password?token=" + secret, errors.Join(tx.DropTokens(forPassword, person),
		tx.PutToken(state.Token{Hash: hash, Purpose: forPassword, Subject: person, CreatedAt: now, ExpiresAt: now.Add(passwordLasts)}))
}

// PasswordLink gives the path and query of a link with which a person chooses a password, once, within a week.
func PasswordLink(ctx context.Context, store state.Store, person string, now time.Time) (link string, err error) {
	err = store.Update(ctx, func(tx state.Tx) (err error) { link, err = passwordLink(tx, person, now); return err })
	return link, err
}

// Invite records a person, whose ID it gives, and a link with which they choose a password.
func Invite(ctx context.Context, store state.Store, p state.Person, now time.Time) (invited state.Person, link string, err error) {
	p.Login, p.Name = strings.TrimSpace(p.Login), alert.Line(p.Name)
	if err := checkLogin(p.Login); err != nil {
		return p, "", err
	}
	p.ID, p.CreatedAt = newID(), now
	err = store.Update(ctx, func(tx state.Tx) (err error) {
		if err := tx.PutPerson(p); err != nil {
			return err
		}
		link, err = passwordLink(tx, p.ID, now)
		return err
	})
	return p, link, err
}

// absolute is an address of the desk as others can open it.
func (d *Desk) absolute(r *http.Request, path string) string {
	if d.origin != nil {
		return d.origin.Scheme + "://" + d.origin.Host + path
	}
	scheme := "http://"
	if d.secure(r) {
		scheme = "https://"
	}
	return scheme + r.Host + path
}

func (d *Desk) addPerson(w http.ResponseWriter, r *http.Request) {
	b := peopleBody{Login: strings.TrimSpace(r.PostFormValue("login")), Name: alert.Line(r.PostFormValue("name"))}
	role := state.Role(r.PostFormValue("role"))
	err := checkLogin(b.Login)
	if err == nil && !slices.Contains(state.Roles, role) {
		err = errors.New("this role is unknown")
	}
	if err != nil {
		b.Wrong = sentence(err)
		d.peopleWith(w, r, http.StatusUnprocessableEntity, b)
		return
	}
	if b.Name == "" {
		b.Name = b.Login
	}
	p, link, err := Invite(r.Context(), d.Store, state.Person{Login: b.Login, Name: b.Name, Role: role, CreatedBy: PersonOf(r.Context()).Name}, d.Clock.Now())
	switch {
	case errors.Is(err, state.ErrTaken):
		b.Wrong = sentence(err)
		d.peopleWith(w, r, http.StatusUnprocessableEntity, b)
	case err != nil:
		d.fail(w, r, err)
	default:
		d.Log.Info("somebody was asked in to the desk", "person", p.ID, "role", string(role), "by", PersonOf(r.Context()).ID)
		d.peopleWith(w, r, http.StatusOK, peopleBody{Link: d.absolute(r, link), LinkFor: p.Name})
	}
}

// errLast says that nobody could administer the desk any more.
var errLast = errors.New("nobody would be left who can ask others in")

// changePerson changes a role, ends or restores somebody, or makes a new link.
func (d *Desk) changePerson(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	p, err := d.Store.Person(ctx, r.PathValue("id"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	var link string
	did := "saved"
	change := func(tx state.Tx) error { return nil }
	switch r.PostFormValue("do") {
	case "role":
		if p.Role = state.Role(r.PostFormValue("role")); !slices.Contains(state.Roles, p.Role) {
			d.problem(w, r, http.StatusUnprocessableEntity, "This role is unknown.")
			return
		}
	case "end":
		p.EndedAt = d.Clock.Now()
		change = func(tx state.Tx) error {
			return errors.Join(tx.DropSessions(p.ID), tx.DropTokens(forPassword, p.ID))
		}
	case "restore":
		p.EndedAt = time.Time{}
	case "link":
		change = func(tx state.Tx) (err error) { link, err = passwordLink(tx, p.ID, d.Clock.Now()); return err }
	case "sessions":
		did, change = "ended", func(tx state.Tx) error { return tx.DropSessions(p.ID) }
	default:
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
		return
	}
	err = d.Store.Update(ctx, func(tx state.Tx) error {
		if err := errors.Join(tx.PutPerson(p), change(tx)); err != nil {
			return err
		}
		if n, err := tx.Admins(); err != nil || n > 0 {
			return err
		}
		return errLast
	})
	switch {
	case errors.Is(err, errLast):
		d.problem(w, r, http.StatusConflict, "Nobody would be left who can ask others in. Make somebody else an administrator first.")
	case err != nil:
		d.fail(w, r, err)
	case link != "":
		d.peopleWith(w, r, http.StatusOK, peopleBody{Link: d.absolute(r, link), LinkFor: p.Name})
	default:
		back(w, r, "/people", did)
	}
}

// meBody is what a person sees of themselves.
type meBody struct {
	state.Person
	Sessions []state.Session
	Here     string // hash of this one
	Keys     []state.APIKey
	Scopes   []string
	Key      string // that was just made
	Wrong    string
	Least    int
}

func (d *Desk) me(w http.ResponseWriter, r *http.Request) {
	d.meWith(w, r, http.StatusOK, meBody{})
}

func (d *Desk) meWith(w http.ResponseWriter, r *http.Request, status int, b meBody) {
	ctx, p := r.Context(), PersonOf(r.Context())
	if !p.SignedIn() {
		http.Redirect(w, r, "/sign-in?next=/me", http.StatusSeeOther)
		return
	}
	var err, serr, kerr error
	b.Person, err = d.Store.Person(ctx, p.ID)
	b.Sessions, serr = d.Store.Sessions(ctx, p.ID)
	b.Keys, kerr = d.Store.APIKeys(ctx, p.ID)
	if err := errors.Join(err, serr, kerr); err != nil {
		d.fail(w, r, err)
		return
	}
	b.Here, b.Least = hashOf(d.cookie(r)), leastPassword
	for _, scope := range []string{"read", "decide", "admin"} {
		if p.Role.May(scopes[scope]) {
			b.Scopes = append(b.Scopes, scope)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	d.pageWith(w, r, status, "me", "You", b)
}

// changeMe ends one's own sessions and keys, makes keys, and changes the password. What is another's cannot be named here.
func (d *Desk) changeMe(w http.ResponseWriter, r *http.Request) {
	ctx, p := r.Context(), PersonOf(r.Context())
	if !p.SignedIn() {
		d.problem(w, r, http.StatusUnauthorized, "Sign in first.")
		return
	}
	var err error
	did := "ended"
	switch r.PostFormValue("do") {
	case "end-session":
		var s state.Session
		if s, err = d.Store.Session(ctx, r.PostFormValue("session")); err == nil && s.Person != p.ID {
			err = statement.ErrNotFound
		}
		if err == nil {
			err = d.Store.Update(ctx, func(tx state.Tx) error { return tx.DropSession(s.Hash) })
		}
	case "end-key":
		var keys []state.APIKey
		if keys, err = d.Store.APIKeys(ctx, p.ID); err == nil && !slices.ContainsFunc(keys, func(k state.APIKey) bool { return k.ID == r.PostFormValue("key") }) {
			err = statement.ErrNotFound
		}
		if err == nil {
			err = d.Store.Update(ctx, func(tx state.Tx) error { return tx.DropAPIKey(r.PostFormValue("key")) })
		}
	case "key":
		d.newKey(w, r)
		return
	case "password":
		did = "password"
		var done bool
		if done, err = d.changePassword(ctx, w, r); err == nil && !done {
			return
		}
	default:
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
		return
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	back(w, r, "/me", did)
}

func (d *Desk) newKey(w http.ResponseWriter, r *http.Request) {
	p, scope := PersonOf(r.Context()), r.PostFormValue("scope")
	if role, known := scopes[scope]; !known || !p.Role.May(role) {
		d.problem(w, r, http.StatusForbidden, "A key cannot do more than you can.")
		return
	}
	secret, hash := newSecret()
	now := d.Clock.Now()
	key := state.APIKey{ID: newID(), Hash: hash, Person: p.ID, Name: alert.Line(r.PostFormValue("name")), Scope: scope, CreatedAt: now, ExpiresAt: now.AddDate(1, 0, 0)}
	if key.Name == "" {
		key.Name = "key of " + statement.DayOf(now)
	}
	if err := d.Store.Update(r.Context(), func(tx state.Tx) error { return tx.PutAPIKey(key) }); err != nil {
		d.fail(w, r, err)
		return
	}
	d.meWith(w, r, http.StatusOK, meBody{Key: secret})
}

// changePassword asks for the old one; the session it is done in goes on as a new one.
func (d *Desk) changePassword(ctx context.Context, w http.ResponseWriter, r *http.Request) (done bool, err error) {
	p, err := d.Store.Person(ctx, PersonOf(ctx).ID)
	if err != nil {
		return false, err
	}
	name, address, now := strings.ToLower(p.Login), d.address(r), d.Clock.Now()
	if d.throttle.wait(name, address, now) > 0 {
		d.meWith(w, r, http.StatusTooManyRequests, meBody{Wrong: "Too many attempts. Wait a little."})
		return false, nil
	}
	d.throttle.failed(name, address, now)
	right, err := d.verify(ctx, r.PostFormValue("old"), p.Password)
	if err != nil {
		return false, err
	}
	if !right {
		d.meWith(w, r, http.StatusUnprocessableEntity, meBody{Wrong: "The present password is another one."})
		return false, nil
	}
	d.throttle.succeeded(name, address)
	if err := checkPassword(r.PostFormValue("password"), r.PostFormValue("again")); err != nil {
		d.meWith(w, r, http.StatusUnprocessableEntity, meBody{Wrong: sentence(err)})
		return false, nil
	}
	if p.Password, err = d.hash(ctx, r.PostFormValue("password")); err != nil {
		return false, err
	}
	if err := d.Store.Update(ctx, func(tx state.Tx) error { return errors.Join(tx.PutPerson(p), tx.DropSessions(p.ID)) }); err != nil {
		return false, err
	}
	return true, d.begin(w, r, p.ID)
}
