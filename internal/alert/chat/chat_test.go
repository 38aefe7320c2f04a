package chat

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

func TestSend(t *testing.T) {
	var title, body string
	code := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		body, title = string(content), r.URL.Query().Get("title")+r.Header.Get("Title")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"id":"x","code":`+fmt.Sprint(code)+`01,"error":"said by the service","link":""}`)
	}))
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(statement.Secret("ntfy://user:T0PSECRET@" + u.Host + "/topic-T0PSECRET?scheme=http"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := (&alert.Composer{}).Sample("reversal", "phone")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(body, "We gave a limited number of devices") || !strings.Contains(title, "Reversal") {
		t.Errorf("title %q, body %q", title, body)
	}
	for code = range map[int]bool{http.StatusForbidden: true, http.StatusBadGateway: false} {
		retry, err := c.Send(t.Context(), m)
		var unavailable *alert.Unavailable
		if !retry || !errors.As(err, &unavailable) || strings.Contains(err.Error(), "T0PSECRET") || unavailable.Person != (code == http.StatusForbidden) {
			t.Errorf("%d: retry %v, %v", code, retry, err)
		}
	}
	server.Close()
	if _, err := c.Send(t.Context(), m); err == nil || strings.Contains(err.Error(), "T0PSECRET") {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestNew(t *testing.T) {
	for _, bad := range []string{"", "T0PSECRET", "nothing://T0PSECRET", "logger://", "smtp://u:T0PSECRET@h/?from=a@b&to=c@d", "telegram://T0PSECRET", "slack://T0PSECRET@\x01"} {
		if _, err := New(statement.Secret(bad)); err == nil || strings.Contains(err.Error(), "T0PSECRET") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
