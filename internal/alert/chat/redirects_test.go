package chat

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// No service follows a redirect, wherever it leads: what is sent holds a login.
func TestNoRedirects(t *testing.T) {
	asked := make(chan string, 100)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path + " with " + r.Header.Get("Authorization") + r.Header.Get("X-Gotify-Key")
	}))
	defer other.Close()
	code := http.StatusTemporaryRedirect
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached = true
		http.Redirect(w, r, other.URL+r.URL.Path, code)
	}))
	defer server.Close()
	m, err := (&alert.Composer{}).Sample("reversal", "phone")
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	for _, address := range []string{
		"ntfy://user:T0PSECRET@" + host + "/topic?scheme=http",
		"gotify://" + host + "/AzyoeNS.D4iJLVa?disabletls=yes",
		"gotify://" + host + "/AzyoeNS.D4iJLVa?disabletls=yes&useheader=yes",
		"mattermost://" + host + "/T0PSECRETtoken?disabletls=yes",
		"generic://" + host + "/hook?disabletls=yes&@Authorization=T0PSECRET",
		"generic+" + server.URL + "/hook?@Authorization=T0PSECRET",
		"signal://user:T0PSECRET@" + host + "/+15550001/+15550002?disabletls=yes",
		"bark://:T0PSECRET@" + host + "/?scheme=http",
		"matrix://user:T0PSECRET@" + host + "/?disableTLS=yes&rooms=!room:example.org",
	} {
		scheme, _, _ := strings.Cut(address, "://")
		for code = range map[int]bool{301: true, 302: true, 303: true, 307: true, 308: true} {
			reached = false
			c, err := New(statement.Secret(address))
			if err != nil && scheme != "matrix" { // it logs in at once
				t.Fatalf("%s: %v", scheme, err)
			}
			for range 2 {
				if err != nil {
					break
				}
				if retry, err := c.Send(t.Context(), m); err == nil || !retry || strings.Contains(err.Error(), "T0PSECRET") {
					t.Errorf("%s after %d: retry %v, %v", scheme, code, retry, err)
				}
			}
			if !reached {
				t.Errorf("%s has not asked the server", scheme)
			}
			select {
			case what := <-asked:
				t.Errorf("%s followed %d to %s", scheme, code, what)
			default:
			}
		}
	}
}

// Every service of the library has been read for how it asks: those with a
// transport of their own are known to straighten. A new one is to be read, too.
func TestServicesAreKnown(t *testing.T) {
	known := strings.Fields("bark discord generic googlechat gotify hangouts ifttt join lark logger matrix mattermost notifiarr ntfy opsgenie pagerduty pushbullet pushover rocketchat signal slack smtp teams telegram wecom zulip")
	services := (&router.ServiceRouter{}).ListServices()
	slices.Sort(services)
	if !slices.Equal(services, known) {
		t.Errorf("the library has %q, read were %q", services, known)
	}
}
