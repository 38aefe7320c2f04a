package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/statement"
)

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	older  = "whsec_plJ3nmyCDGBKInavdOK15jsl1x2y3z4w"
)

func sample(t *testing.T) alert.Message {
	t.Helper()
	m, err := (&alert.Composer{}).Sample("reversal", "hook")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSend(t *testing.T) {
	var bodies []string
	var headers []http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies, headers = append(bodies, string(body)), append(headers, r.Header)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	c, err := New(server.URL+"/hook?token=T0PSECRET", statement.Secret(secret+" "+older), clock.Real)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	m := sample(t)
	for range 2 {
		if retry, err := c.Send(t.Context(), m); err != nil || retry {
			t.Fatal(retry, err)
		}
	}
	for _, s := range []string{secret, older} { // each receiver knows one
		verifier, err := standardwebhooks.NewWebhook(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify([]byte(bodies[0]), headers[0]); err != nil {
			t.Error(err)
		}
		if err := verifier.Verify([]byte(bodies[0]+" "), headers[0]); err == nil {
			t.Error("another body passes")
		}
		replayed := headers[0].Clone()
		replayed.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(time.Now().Add(-time.Hour).Unix()))
		if err := verifier.Verify([]byte(bodies[0]), replayed); err == nil {
			t.Error("a replay passes")
		}
	}
	if bodies[0] != bodies[1] || headers[0].Get("webhook-id") != m.MessageID || headers[1].Get("webhook-id") != m.MessageID {
		t.Error("two attempts are not told to be the same message")
	}
	var got alert.Payload
	if err := json.Unmarshal([]byte(bodies[0]), &got); err != nil || got.Type != "statement.reversal" || got.Data.Reversal.After.Stance != "acknowledged" || headers[0].Get("Content-Type") != "application/json" {
		t.Errorf("%v\n%s", err, bodies[0])
	}
}

// What an answer means: for the message, and for those behind it.
func TestSendAnswers(t *testing.T) {
	const again, down, person = true, true, true
	for code, want := range map[int][3]bool{
		200: {}, 204: {}, 400: {again, !down, !person}, 401: {again, down, person}, 404: {again, down, person}, 410: {!again, !down, !person},
		301: {again, down, person}, 429: {again, down, !person}, 500: {again, down, !person}, 503: {again, down, !person},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
			w.WriteHeader(code)
			fmt.Fprintf(w, "no \x1b[31m %s %s", r.URL.RequestURI(), strings.Repeat("long", 10_000))
		}))
		c, err := New(server.URL+"/T0PSECRET", secret, clock.Real)
		if err != nil {
			t.Fatal(err)
		}
		retry, err := c.Send(t.Context(), sample(t))
		var unavailable *alert.Unavailable
		isDown := errors.As(err, &unavailable)
		if (err == nil) != (code < 300) || retry != want[0] || isDown != want[1] || isDown && unavailable.Person != want[2] {
			t.Errorf("%d: retry %v, %v", code, retry, err)
		}
		if err != nil && (strings.Contains(err.Error(), "T0PSECRET") || strings.ContainsRune(err.Error(), '\x1b') || len(err.Error()) > 1000) {
			t.Errorf("%d: %q", code, err)
		}
		_ = c.Close()
		server.Close()
	}
	c, err := New("http://127.0.0.1:1/T0PSECRET", secret, clock.Real)
	if err != nil {
		t.Fatal(err)
	}
	retry, err := c.Send(t.Context(), sample(t))
	var unavailable *alert.Unavailable
	if !retry || !errors.As(err, &unavailable) || strings.Contains(err.Error(), "T0PSECRET") {
		t.Errorf("nobody listens: %v, %v", retry, err)
	}
}
