package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

var noon = time.Date(2022, 11, 5, 12, 0, 0, 0, time.UTC)

// fixture is a desk with people of every role, and a browser for each.
type fixture struct {
	*testing.T
	desk   *Desk
	store  state.Store
	server *httptest.Server
	clock  *clock.Virtual
	bytes  archive
}

type archive map[string][]byte

func (a archive) Get(_ context.Context, sha string) ([]byte, error) {
	if b, ok := a[sha]; ok {
		return b, nil
	}
	return nil, statement.ErrNotFound
}

// decider records decisions as the monitor does, without looking for others on the matter.
type decider struct{ store state.Store }

func (d decider) Decide(ctx context.Context, id string, r state.Review) ([]state.Finding, int, error) {
	return nil, 0, d.store.Update(ctx, func(tx state.Tx) error {
		kind := state.ActReopened
		if r.Decision != state.Open {
			kind = state.ActKind(r.Decision)
		}
		return errors.Join(tx.Review(id, r), tx.AddAct(state.Act{Item: state.FindingItem(id), At: r.At, Kind: kind, Person: r.Person, By: r.By, Via: r.Via, Reason: r.Reason, Note: r.Note}))
	})
}

type sources []statement.Source

func (s sources) Source(id string) (statement.Source, bool) {
	for _, src := range s {
		if src.ID == id {
			return src, true
		}
	}
	return statement.Source{}, false
}
func (s sources) Sources() []statement.Source { return s }
func (s sources) Topics() []statement.Topic {
	return []statement.Topic{{ID: "drones", Name: "Drone supply", Propositions: []statement.Proposition{{ID: "p", Text: "Iran supplied drones to Russia."}}}}
}

// password is everybody's. Its hash costs so little that tests are quick.
const password = "correct horse battery"

// open opens a desk; with changes its options.
func open(t *testing.T, with func(*Options)) *fixture {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	f := &fixture{T: t, store: store, clock: clock.StoppedAt(noon), bytes: archive{}}
	o := Options{Store: store, Archive: f.bytes, Decider: decider{store}, Clock: f.clock,
		Defined: sources{{ID: "iran-mfa", Issuer: statement.Issuer{ID: "ir_mfa", Name: "Iran MFA", Government: "IR"}}}}
	if with != nil {
		with(&o)
	}
	if f.desk, err = New(o); err != nil {
		t.Fatal(err)
	}
	f.desk.cost = cost{64, 1}
	hash, err := f.desk.hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	f.update(func(tx state.Tx) error {
		for _, role := range state.Roles {
			if err := tx.PutPerson(state.Person{ID: "p-" + string(role), Login: string(role), Name: "The " + string(role), Role: role, Password: hash, CreatedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	f.server = httptest.NewServer(f.desk)
	t.Cleanup(f.server.Close)
	return f
}

func (f *fixture) update(fn func(state.Tx) error) {
	f.Helper()
	if err := f.store.Update(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

// browser follows no redirects, so that tests see them.
type browser struct {
	*fixture
	client *http.Client
}

func (f *fixture) stranger() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{f, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (f *fixture) as(role state.Role) *browser {
	f.Helper()
	b := f.stranger()
	if code, _, _ := b.post("/sign-in", "login", string(role), "password", password); code != http.StatusSeeOther {
		f.Fatalf("the %s cannot sign in: %d", role, code)
	}
	return b
}

func (b *browser) do(r *http.Request, err error) (code int, body string, head http.Header) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answer.StatusCode, string(content), answer.Header
}

func (b *browser) get(path string) (code int, body string, head http.Header) {
	b.Helper()
	return b.do(http.NewRequest(http.MethodGet, b.server.URL+path, nil))
}

func (b *browser) post(path string, fields ...string) (code int, body string, head http.Header) {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, b.server.URL+path, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.do(r, err)
}

func (b *browser) sees(path string, code int, wanted ...string) string {
	b.Helper()
	got, body, _ := b.get(path)
	if got != code {
		b.Fatalf("%s: %d, wanted %d\n%s", path, got, code, body)
	}
	for _, text := range wanted {
		if !strings.Contains(body, text) {
			b.Errorf("%s does not show %q:\n%s", path, text, body)
		}
	}
	return body
}

func TestTheFirstStart(t *testing.T) {
	f := open(t, nil)
	if link, err := SetUpLink(t.Context(), f.store, noon); err != nil || link != "" {
		t.Errorf("there is an administrator, and yet a link: %q %v", link, err)
	}
	f.update(func(tx state.Tx) error {
		p := state.Person{ID: "p-admin", Login: "admin", Role: state.RoleAdmin, EndedAt: noon}
		return tx.PutPerson(p)
	})
	void, err := SetUpLink(t.Context(), f.store, noon)
	if err != nil {
		t.Fatal(err)
	}
	link, err := SetUpLink(t.Context(), f.store, noon)
	if err != nil || link == void {
		t.Fatalf("%q %v", link, err)
	}
	b := f.stranger()
	b.sees(void, http.StatusGone)
	b.sees(link, http.StatusOK, "Set up the desk")
	_, token, _ := strings.Cut(link, "=")
	for _, bad := range [][]string{{"login", "a b", "password", password, "again", password}, {"login", "desk", "password", "short", "again", "short"},
		{"login", "desk", "password", password, "again", "something else"}, {"login", "reader", "password", password, "again", password}} {
		if code, body, _ := b.post("/set-up", append(bad, "token", token)...); code != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%v: %d", bad[:4], code)
		}
	}
	set := []string{"token", token, "login", "Desk@news.example", "name", "The <b>desk</b>", "password", password, "again", password}
	if code, body, head := b.post("/set-up", set...); code != http.StatusSeeOther || head.Get("Location") != "/" {
		t.Fatalf("set up: %d %s", code, body)
	}
	if body := b.sees("/", http.StatusOK, "The &lt;b&gt;desk&lt;/b&gt;", "Inbox"); strings.Contains(body, "<b>desk") {
		t.Error("a name is not escaped")
	}
	if code, _, _ := f.stranger().post("/set-up", set...); code != http.StatusGone {
		t.Errorf("the link works twice: %d", code)
	}
	late, err := SetUpLink(t.Context(), f.store, noon)
	if err != nil || late != "" {
		t.Errorf("another link: %q %v", late, err)
	}
}

func TestALinkEnds(t *testing.T) {
	f := open(t, nil)
	f.update(func(tx state.Tx) error {
		return tx.PutPerson(state.Person{ID: "p-admin", Login: "admin", Role: state.RoleAdmin, EndedAt: noon})
	})
	link, err := SetUpLink(t.Context(), f.store, noon)
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Set(noon.Add(setUpLasts))
	f.stranger().sees(link, http.StatusGone)
	_, token, _ := strings.Cut(link, "=")
	if code, _, _ := f.stranger().post("/set-up", "token", token, "login", "x", "password", password, "again", password); code != http.StatusGone {
		t.Errorf("a link that has ended works: %d", code)
	}
}

func TestSignIn(t *testing.T) {
	f := open(t, nil)
	b := f.stranger()
	if code, _, head := b.get("/?show=all"); code != http.StatusSeeOther || head.Get("Location") != "/sign-in?next=%2F%3Fshow%3Dall" {
		t.Errorf("a stranger: %d %s", code, head.Get("Location"))
	}
	b.sees("/sign-in?next=%2F%3Fshow%3Dall", http.StatusOK, `name="next" value="/?show=all"`)
	code, body, head := b.post("/sign-in", "login", " Reader ", "password", password, "next", "/?show=all")
	if code != http.StatusSeeOther || head.Get("Location") != "/?show=all" {
		t.Fatalf("%d %s", code, body)
	}
	cookie := head.Get("Set-Cookie")
	for _, attribute := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, attribute) {
			t.Errorf("%s lacks %s", cookie, attribute)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("%s would never come back over http", cookie)
	}
	value := regexp.MustCompile(`volteface=([0-9a-f]{64})`).FindStringSubmatch(cookie)
	if value == nil {
		t.Fatalf("no secret in %s", cookie)
	}
	if _, err := f.store.Session(t.Context(), value[1]); !errors.Is(err, statement.ErrNotFound) {
		t.Error("the store keeps the secret itself")
	}
	s, err := f.store.Session(t.Context(), hashOf(value[1]))
	if err != nil || s.Person != "p-reader" || s.Address != "127.0.0.1" {
		t.Errorf("%+v %v", s, err)
	}
	b.sees("/", http.StatusOK, "The reader")
	f.clock.Set(noon.Add(sessionIdle - time.Hour))
	b.sees("/", http.StatusOK)
	f.clock.Set(noon.Add(2*sessionIdle - 2*time.Hour)) // it was used meanwhile
	b.sees("/", http.StatusOK)
	if code, _, head := b.post("/sign-out"); code != http.StatusSeeOther || !strings.Contains(head.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: %d %s", code, head)
	}
	b.sees("/", http.StatusSeeOther)
	if _, err := f.store.Session(t.Context(), hashOf(value[1])); !errors.Is(err, statement.ErrNotFound) {
		t.Error("a session goes on after signing out")
	}
	old := f.as(state.RoleReader)
	f.clock.Set(noon.Add(10 * sessionMost))
	old.sees("/", http.StatusSeeOther)
}

// A session that somebody else gave to the browser is not the one that signs in.
func TestSessionFixation(t *testing.T) {
	f := open(t, nil)
	b := f.stranger()
	at, _ := url.Parse(f.server.URL)
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: "volteface", Value: strings.Repeat("ab", 32)}})
	if code, _, _ := b.post("/sign-in", "login", "reader", "password", password); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	if got := b.client.Jar.Cookies(at)[0].Value; got == strings.Repeat("ab", 32) {
		t.Error("the session is the one that was there before")
	}
	before := b.client.Jar.Cookies(at)[0].Value
	b.post("/sign-in", "login", "analyst", "password", password)
	if _, err := f.store.Session(t.Context(), hashOf(before)); !errors.Is(err, statement.ErrNotFound) {
		t.Error("the session before goes on")
	}
}

func TestWrongPasswordsWait(t *testing.T) {
	f := open(t, nil)
	b := f.stranger()
	for i := range freePair {
		if code, body, _ := b.post("/sign-in", "login", "reader", "password", "wrong"); code != http.StatusUnauthorized || strings.Contains(body, `value="wrong"`) {
			t.Fatalf("attempt %d: %d", i, code)
		}
	}
	code, _, head := b.post("/sign-in", "login", "READER ", "password", password)
	if code != http.StatusTooManyRequests || head.Get("Retry-After") == "" {
		t.Errorf("after %d wrong ones: %d", freePair, code)
	}
	if code, _, _ := b.post("/sign-in", "login", "nobody", "password", password); code != http.StatusUnauthorized {
		t.Errorf("another name: %d", code)
	}
	f.clock.Set(f.clock.Now().Add(3 * time.Second))
	if code, _, _ := b.post("/sign-in", "login", "reader", "password", password); code != http.StatusSeeOther {
		t.Errorf("after waiting: %d", code)
	}
	now := f.clock.Now()
	for range freeName { // from many addresses
		f.desk.throttle.failed("analyst", hashOf(time.Now().String()), now)
	}
	if f.desk.throttle.wait("analyst", "192.0.2.77", now) == 0 {
		t.Error("guessing from many addresses does not wait")
	}
	if f.desk.throttle.wait("admin", "192.0.2.77", now) != 0 {
		t.Error("others wait too")
	}
}

func TestHashes(t *testing.T) {
	if testing.Short() {
		t.Skip("a real hash takes a tenth of a second")
	}
	f := open(t, nil)
	f.desk.cost = usual
	hash, err := f.desk.hash(t.Context(), password)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Fatalf("%s %v", hash, err)
	}
	for given, want := range map[string]bool{password: true, password + " ": false, "": false} {
		if got, err := f.desk.verify(t.Context(), given, hash); got != want || err != nil {
			t.Errorf("%q: %v %v", given, got, err)
		}
	}
	for _, any := range []string{"", password} {
		if got, err := f.desk.verify(t.Context(), any, ""); got || err != nil {
			t.Errorf("%q lets somebody in who has no password: %v", any, err)
		}
	}
	if _, err := f.desk.verify(t.Context(), "x", "$2b$10$abc"); err == nil {
		t.Error("a foreign hash was read")
	}
}

func TestRoles(t *testing.T) {
	f := open(t, nil)
	for _, c := range []struct {
		who  *browser
		want int
	}{{f.stranger(), http.StatusUnauthorized}, {f.as(state.RoleReader), http.StatusForbidden}, {f.as(state.RoleAnalyst), http.StatusUnprocessableEntity}, {f.as(state.RoleAdmin), http.StatusUnprocessableEntity}} {
		if code, _, _ := c.who.post("/inbox"); code != c.want {
			t.Errorf("deciding: %d, wanted %d", code, c.want)
		}
	}
	b := f.as(state.RoleAdmin)
	f.update(func(tx state.Tx) error {
		return tx.PutPerson(state.Person{ID: "p-admin", Login: "admin", Role: state.RoleAdmin, EndedAt: noon})
	})
	b.sees("/", http.StatusSeeOther)
	if code, _, _ := f.stranger().post("/sign-in", "login", "admin", "password", password); code != http.StatusUnauthorized {
		t.Errorf("somebody whose account has ended signs in: %d", code)
	}
	public := open(t, func(o *Options) { o.Public = true })
	public.stranger().sees("/", http.StatusOK, "Sign in")
	if code, _, _ := public.stranger().post("/inbox", "item", "e:1", "do", "dismiss"); code != http.StatusUnauthorized {
		t.Errorf("a stranger decides on a public desk: %d", code)
	}
	readOnly := open(t, func(o *Options) { o.ReadOnly = true })
	b = readOnly.as(state.RoleAdmin) // its session is in memory
	if all, err := readOnly.store.Sessions(t.Context(), ""); len(all) > 0 || err != nil {
		t.Errorf("a session was stored: %v %v", all, err)
	}
	b.sees("/", http.StatusOK, "This desk is read-only")
	if code, _, _ := b.post("/inbox", "item", "e:1", "do", "dismiss"); code != http.StatusForbidden {
		t.Errorf("something was changed on a desk that is read-only: %d", code)
	}
}

func TestKeys(t *testing.T) {
	f := open(t, nil)
	secret, hash := newSecret()
	key := state.APIKey{ID: "k1", Hash: hash, Person: "p-analyst", Name: "archive", Scope: "admin", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
	f.update(func(tx state.Tx) error { return tx.PutAPIKey(key) })
	ask := func(secret string) (Person, string, error) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "bearer "+secret)
		return f.desk.authenticate(r)
	}
	if p, scope, err := ask(secret); err != nil || scope != "decide" || p.ID != "p-analyst" || p.Role != state.RoleAnalyst {
		t.Errorf("a key may more than its person: %+v %s %v", p, scope, err)
	}
	if kept, err := f.store.APIKey(t.Context(), hash); err != nil || !kept.UsedAt.Equal(noon) {
		t.Errorf("its use is not noted: %+v %v", kept, err)
	}
	for _, bad := range []string{"", "x", hash} {
		if p, _, err := ask(bad); !errors.Is(err, errKey) || p.Role != "" {
			t.Errorf("%q: %+v %v", bad, p, err)
		}
	}
	f.clock.Set(noon.Add(time.Hour))
	if _, _, err := ask(secret); !errors.Is(err, errKey) {
		t.Errorf("after its end: %v", err)
	}
}
