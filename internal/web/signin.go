package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// signInForm is what the page shows, and what was typed before.
type signInForm struct {
	Login, Next, Wrong string
	Public             bool
}

func (d *Desk) signInPage(w http.ResponseWriter, r *http.Request) {
	next := local(r.URL.Query().Get("next"))
	if p, _, err := d.authenticate(r); err == nil && p.SignedIn() {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	d.page(w, r, "sign-in", "Sign in", signInForm{Next: next, Public: d.Public})
}

func (d *Desk) signIn(w http.ResponseWriter, r *http.Request) {
	form := signInForm{Login: strings.TrimSpace(r.PostFormValue("login")), Next: local(r.PostFormValue("next")), Public: d.Public}
	ctx, now, address := r.Context(), d.Clock.Now(), d.address(r)
	name := strings.ToLower(form.Login)
	if wait := d.throttle.wait(name, address, now); wait > 0 {
		seconds := int(wait/time.Second) + 1
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		form.Wrong = fmt.Sprintf("Too many attempts. Try again in %s.", plural(seconds, "second"))
		d.pageWith(w, r, http.StatusTooManyRequests, "sign-in", "Sign in", form)
		return
	}
	d.throttle.failed(name, address, now)
	person, err := d.Store.PersonByLogin(ctx, name)
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		d.fail(w, r, err)
		return
	}
	hash := person.Password
	if !person.EndedAt.IsZero() {
		hash = ""
	}
	right, err := d.verify(ctx, r.PostFormValue("password"), hash)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if !right {
		d.Log.Warn("a sign-in failed", "address", address)
		form.Wrong = "This name and password do not belong together. An administrator can send you a link to choose a new one."
		d.pageWith(w, r, http.StatusUnauthorized, "sign-in", "Sign in", form)
		return
	}
	d.throttle.succeeded(name, address)
	if err := d.begin(w, r, person.ID); err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, form.Next, http.StatusSeeOther)
}

func (d *Desk) signOut(w http.ResponseWriter, r *http.Request) {
	if secret := d.cookie(r); secret != "" {
		if err := d.sessions.drop(r.Context(), hashOf(secret)); err != nil {
			d.fail(w, r, err)
			return
		}
	}
	d.setCookie(w, r, "", 0)
	back(w, r, "/sign-in", "out")
}

// The purposes of one-time links, and how long they work.
const (
	forSetUp      = "setup"
	forPassword   = "password"
	setUpLasts    = 24 * time.Hour
	passwordLasts = 7 * 24 * time.Hour
)

// SetUpLink gives the path and query of a link that makes the first administrator, once, within a day; "" where there is one
// already. A link given before is void.
func SetUpLink(ctx context.Context, store state.Store, now time.Time) (link string, err error) {
	secret, hash := newSecret()
	err = store.Update(ctx, func(tx state.Tx) error {
		n, err := tx.Admins()
		if err != nil || n > 0 {
			secret = ""
			return err
		}
		return errors.Join(tx.DropTokens(forSetUp, ""), tx.PutToken(state.Token{Hash: hash, Purpose: forSetUp, CreatedAt: now, ExpiresAt: now.Add(setUpLasts)}))
	})
	if err != nil || secret == "" {
		return "", err
	}
	return "/set-up?token=" + secret, nil
}

// passwordForm is for the first administrator, and for whoever chooses a new password.
type passwordForm struct {
	Action, Token      string
	First              bool // asks for login and name too
	Login, Name, Wrong string
	Least              int
}

// token reads what a link of a purpose stands for, while it works.
func (d *Desk) token(ctx context.Context, secret, purpose string) (state.Token, error) {
	t, err := d.Store.Token(ctx, hashOf(secret))
	if err == nil && (t.Purpose != purpose || !d.Clock.Now().Before(t.ExpiresAt)) {
		err = statement.ErrNotFound
	}
	return t, err
}

const linkGone = "This link has been used, or has ended. Start the desk again for a new one, or ask an administrator."

func (d *Desk) setUpPage(w http.ResponseWriter, r *http.Request) {
	form := passwordForm{Action: "/set-up", Token: r.URL.Query().Get("token"), First: true, Least: leastPassword}
	d.tokenPage(w, r, forSetUp, "Set up the desk", form)
}

func (d *Desk) tokenPage(w http.ResponseWriter, r *http.Request, purpose, title string, form passwordForm) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	t, err := d.token(r.Context(), form.Token, purpose)
	if errors.Is(err, statement.ErrNotFound) {
		d.problem(w, r, http.StatusGone, linkGone)
		return
	}
	if err == nil && t.Subject != "" {
		var p state.Person
		p, err = d.Store.Person(r.Context(), t.Subject)
		form.Login, form.Name = p.Login, p.Name
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, "password", title, form)
}

func (d *Desk) setUp(w http.ResponseWriter, r *http.Request) {
	form := passwordForm{Action: "/set-up", Token: r.PostFormValue("token"), First: true, Least: leastPassword,
		Login: strings.TrimSpace(r.PostFormValue("login")), Name: alert.Line(r.PostFormValue("name"))}
	wrong := func(err error) {
		form.Wrong = sentence(err)
		d.pageWith(w, r, http.StatusUnprocessableEntity, "password", "Set up the desk", form)
	}
	if err := errors.Join(checkLogin(form.Login), checkPassword(r.PostFormValue("password"), r.PostFormValue("again"))); err != nil {
		wrong(err)
		return
	}
	if d.refuseReadOnly(w, r) {
		return
	}
	hash, err := d.hash(r.Context(), r.PostFormValue("password"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if form.Name == "" {
		form.Name = form.Login
	}
	person := state.Person{ID: newID(), Login: form.Login, Name: form.Name, Role: state.RoleAdmin, Password: hash, CreatedAt: d.Clock.Now()}
	err = d.Store.Update(r.Context(), func(tx state.Tx) error {
		n, err := tx.Admins()
		if err != nil {
			return err
		}
		t, err := tx.UseToken(hashOf(form.Token))
		if err != nil {
			return err
		}
		if n > 0 || t.Purpose != forSetUp || !d.Clock.Now().Before(t.ExpiresAt) {
			return statement.ErrNotFound
		}
		return tx.PutPerson(person)
	})
	switch {
	case errors.Is(err, statement.ErrNotFound):
		d.problem(w, r, http.StatusGone, linkGone)
	case errors.Is(err, state.ErrTaken):
		wrong(err)
	case err != nil:
		d.fail(w, r, err)
	default:
		if err := d.begin(w, r, person.ID); err != nil {
			d.fail(w, r, err)
			return
		}
		d.Log.Info("the desk has its first administrator", "person", person.ID)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// refuseReadOnly answers where nothing may be changed.
func (d *Desk) refuseReadOnly(w http.ResponseWriter, r *http.Request) bool {
	if d.ReadOnly {
		d.problem(w, r, http.StatusForbidden, "This desk is read-only: nothing can be changed here.")
	}
	return d.ReadOnly
}

const mostLogin = 100

func checkLogin(login string) error {
	if login == "" || len(login) > mostLogin || alert.Line(login) != login || strings.Contains(login, " ") {
		return statement.WithHint(errors.New("this name cannot be signed in with"), "take an e-mail address, or a short name without spaces")
	}
	return nil
}

// sentence is an error, or several, for a page.
func sentence(err error) string {
	var all []string
	for _, e := range flat(err) {
		s := e.Error()
		if hint := statement.HintOf(e); hint != "" {
			s += ": " + hint
		}
		all = append(all, strings.ToUpper(s[:1])+s[1:]+".")
	}
	return strings.Join(all, " ")
}

func flat(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range many.Unwrap() {
			all = append(all, flat(e)...)
		}
		return all
	}
	return []error{err}
}

func (d *Desk) passwordPage(w http.ResponseWriter, r *http.Request) {
	form := passwordForm{Action: "/password", Token: r.URL.Query().Get("token"), Least: leastPassword}
	d.tokenPage(w, r, forPassword, "Choose a password", form)
}

// setPassword sets the password of whom a link names, ends their sessions and signs them in.
func (d *Desk) setPassword(w http.ResponseWriter, r *http.Request) {
	form := passwordForm{Action: "/password", Token: r.PostFormValue("token"), Least: leastPassword}
	if err := checkPassword(r.PostFormValue("password"), r.PostFormValue("again")); err != nil {
		form.Wrong = sentence(err)
		d.pageWith(w, r, http.StatusUnprocessableEntity, "password", "Choose a password", form)
		return
	}
	if d.refuseReadOnly(w, r) {
		return
	}
	hash, err := d.hash(r.Context(), r.PostFormValue("password"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	var person state.Person
	t, err := d.token(r.Context(), form.Token, forPassword)
	if err == nil {
		person, err = d.Store.Person(r.Context(), t.Subject)
	}
	if err == nil && !person.EndedAt.IsZero() {
		err = statement.ErrNotFound
	}
	if err == nil {
		person.Password = hash
		err = d.Store.Update(r.Context(), func(tx state.Tx) error {
			if _, err := tx.UseToken(hashOf(form.Token)); err != nil {
				return err
			}
			return errors.Join(tx.PutPerson(person), tx.DropSessions(person.ID), tx.DropTokens(forPassword, person.ID))
		})
	}
	switch {
	case errors.Is(err, statement.ErrNotFound):
		d.problem(w, r, http.StatusGone, linkGone)
	case err != nil:
		d.fail(w, r, err)
	default:
		if err := d.begin(w, r, person.ID); err != nil {
			d.fail(w, r, err)
			return
		}
		back(w, r, "/", "password")
	}
}
