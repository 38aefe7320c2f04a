package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A site that answers only who has a key, a cookie and a login is read with what
// its definition says; each capture records how it was asked for, and neither a
// value nor a login is printed by any command.
func TestAWalledSite(t *testing.T) {
	const key, password = "k3y-value", "pa55-word"
	p := newPress(t)
	p.put("/1", page("One", "The ministry denies it."))
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, given, _ := r.BasicAuth()
		cookie, err := r.Cookie("session")
		if r.URL.Path != "/robots.txt" && (user != "desk" || given != password || r.Header.Get("X-Key") != key || err != nil || cookie.Value != key) {
			http.Error(w, "not for you", http.StatusForbidden)
			return
		}
		p.ServeHTTP(w, r)
	}))
	defer front.Close()
	config, dir := p.configure(t, ""), t.TempDir()
	definition := fmt.Sprintf(`id: press
issuer: {id: press, name: Press}
kind: listing
url: http://desk:%s@%s/
headers: {X-Key: "${PRESS_KEY}"}
cookies: {session: "${PRESS_KEY}"}
delay: 1ms
language: en
listing: {item: li}
extract: {title: [h1], body: [div.text]}
`, password, strings.TrimPrefix(front.URL, "http://"))
	if err := os.WriteFile(filepath.Join(filepath.Dir(config), "sources", "press.yaml"), []byte(definition), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PRESS_KEY", key)
	volteface := func(args ...string) string {
		t.Helper()
		out, errs, code := start(t, nil, append(args, "--config", config, "--data-dir", dir)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d, %s", args, code, errs)
		}
		said := string(out) + errs
		for _, secret := range []string{key, password, "desk:"} {
			if strings.Contains(said, secret) {
				t.Errorf("%v prints %q:\n%s", args, secret, said)
			}
		}
		return said
	}
	const way = "with the header X-Key, with the cookie session, signed in with a password"
	if said := volteface("sources", "test", "press"); !strings.Contains(said, way) {
		t.Errorf("the trial does not say how it asks:\n%s", said)
	}
	if said := volteface("scrape", "press", "--verbose"); !strings.Contains(said, "1 new") {
		t.Errorf("nothing was read:\n%s", said)
	}
	id := strings.Fields(volteface("statements", "list"))[0]
	if said := volteface("statements", "show", id); !strings.Contains(said, way) {
		t.Errorf("the capture does not record how it was asked for:\n%s", said)
	}
	if said := volteface("statements", "show", id, "--json"); !strings.Contains(said, `"way":"`+way) {
		t.Errorf("nor in JSON:\n%s", said)
	}
	for _, args := range [][]string{{"sources", "show", "press"}, {"sources", "show", "press", "--json"}, {"sources", "list", "--json"}, {"config", "show"}, {"sources", "validate"}, {"fsck"}} {
		volteface(args...)
	}
	if said := volteface("sources", "show", "press"); strings.Count(said, "********") != 3 {
		t.Errorf("what is hidden is not shown as hidden:\n%s", said)
	}
}
