package opinion

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"volteface/internal/opinion/standin"
	"volteface/internal/statement"
)

const theKey = "sk-T0PSECRET-0123456789"

func client(t *testing.T, address string, change ...func(*Config)) *Client {
	t.Helper()
	c := Config{BaseURL: address + "/v1", Model: "some-model", Key: theKey, AllowPrivate: true, Timeout: 20 * time.Second, Proxy: "direct"}
	for _, f := range change {
		f(&c)
	}
	made, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made
}

func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

var ports = Question{Earlier: Side{Text: "We will never close port 3."}, Later: Side{Text: "Port 3 has been closed."}}

func TestAsk(t *testing.T) {
	c := client(t, serve(t, &standin.Server{Key: theKey}), func(c *Config) { c.Options = map[string]any{"temperature": 0} })
	r, err := c.Ask(t.Context(), ports, false)
	if err != nil || r.In != 400 || r.Out != 80 || r.Model != "some-model" {
		t.Fatalf("%+v, %v", r, err)
	}
	if a, err := Read(r.Content, ports); err != nil || a.Verdict != statement.VerdictReversal || a.Kind != "ruled_out_to_done" {
		t.Errorf("%+v, %v", a, err)
	}
}

// Whatever a server does, it gives an answer, a void one, or a reason not to ask now; it takes no memory, and it never sees the key twice.
func TestServersThatMisbehave(t *testing.T) {
	void := map[standin.Fault]bool{standin.Malformed: true, standin.Page: true, standin.Invented: true, standin.Injected: true, standin.Endless: true}
	for _, fault := range standin.Faults {
		for range 9 { // each of the injected answers
			c := client(t, serve(t, &standin.Server{Share: 1, Only: []standin.Fault{fault}}), func(c *Config) {
				if fault == standin.Hang {
					c.Timeout = 300 * time.Millisecond
				}
			})
			r, err := c.Ask(t.Context(), ports, false)
			if err == nil {
				_, err = Read(r.Content, ports)
			}
			var away *Unavailable
			if void[fault] != errors.Is(err, ErrVoid) || void[fault] == errors.As(err, &away) {
				t.Errorf("%s: %v", fault, err)
			}
			if fault == standin.Busy && away.After != time.Second {
				t.Errorf("busy for %s", away.After)
			}
			if strings.Contains(fmt.Sprint(err), "T0PSECRET") {
				t.Errorf("%s shows the key: %v", fault, err)
			}
			if fault == standin.Hang {
				break
			}
		}
	}
	// Injections come one after the other.
	s := &standin.Server{Share: 1, Only: []standin.Fault{standin.Injected}}
	c := client(t, serve(t, s))
	for n := range 16 {
		r, err := c.Ask(t.Context(), ports, n%2 == 0)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := Read(r.Content, ports); !errors.Is(err, ErrVoid) {
			t.Errorf("%s is read as %+v", r.Content, a)
		}
	}
}

// No redirect is followed: the key would go along.
func TestRedirectsAreRefused(t *testing.T) {
	asked := false
	other := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := client(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other+"/v1/chat/completions", status)
		})))
		_, err := c.Ask(t.Context(), ports, false)
		var away *Unavailable
		if !errors.As(err, &away) || !away.Person || asked || !strings.Contains(err.Error(), "redirects are not followed") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// An address of the own network is asked only where that is configured, also where a name leads to it.
func TestPrivateAddresses(t *testing.T) {
	asked := false
	address := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	for _, base := range []string{address, strings.Replace(address, "http:", "https:", 1), "https://10.0.0.1/v1", "https://localhost/v1", "https://llm/v1", "https://[::1]/v1", "https://2130706433/v1"} {
		if err := (Config{BaseURL: base, Model: "m"}).Validate(); err == nil {
			t.Errorf("%s is taken", base)
		}
	}
	c := client(t, "https://example.org")
	c.config.AllowPrivate = false
	guarded, err := New(Config{BaseURL: "https://public.example/v1", Model: "m", Proxy: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	guarded.endpoint = strings.Replace(address, "127.0.0.1", "127.0.0.1.nip.test", 1) // resolved to nothing here, and refused if it were
	if _, err := guarded.Ask(t.Context(), ports, false); err == nil || asked {
		t.Errorf("%v", err)
	}
	guarded.endpoint = address
	_, err = guarded.Ask(t.Context(), ports, false)
	var away *Unavailable
	if !errors.As(err, &away) || !away.Person || !strings.Contains(statement.HintOf(err), "second_opinion.allow_private") || asked {
		t.Errorf("%v, hint %q", err, statement.HintOf(err))
	}
}

// What cannot be right is said before anything is asked; no secret is shown.
func TestValidate(t *testing.T) {
	for name, c := range map[string]Config{
		"no address":         {Model: "m"},
		"another scheme":     {BaseURL: "ftp://api.example.org/v1", Model: "m"},
		"a password in it":   {BaseURL: "https://u:T0PSECRET@api.example.org/v1", Model: "m"},
		"a query":            {BaseURL: "https://api.example.org/v1?key=T0PSECRET", Model: "m"},
		"no encryption":      {BaseURL: "http://api.example.org/v1", Model: "m"},
		"a key in the clear": {BaseURL: "http://api.example.org/v1", Model: "m", Key: "T0PSECRET", AllowPrivate: true},
		"no model":           {BaseURL: "https://api.example.org/v1", Model: " "},
		"two lines of key":   {BaseURL: "https://api.example.org/v1", Model: "m", Key: "T0PSECRET\nX: y"},
		"its own messages":   {BaseURL: "https://api.example.org/v1", Model: "m", Options: map[string]any{"messages": 1}},
		"a stream":           {BaseURL: "https://api.example.org/v1", Model: "m", Options: map[string]any{"stream": true}},
	} {
		err := c.Validate()
		if err == nil || statement.HintOf(err) == "" || strings.Contains(err.Error()+statement.HintOf(err), "T0PSECRET") {
			t.Errorf("%s: %v, hint %q", name, err, statement.HintOf(err))
		}
	}
	for _, c := range []Config{
		{BaseURL: "https://api.example.org/v1", Model: "m", Key: "k"}, {BaseURL: "http://127.0.0.1:8080/v1", Model: "m", AllowPrivate: true, Key: "k"},
		{BaseURL: "http://llm:11434/v1/", Model: "m", AllowPrivate: true},
	} {
		if err := c.Validate(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A server that shouts the key back is not quoted with it.
func TestTheKeyIsNotShown(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 500} {
		c := client(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"error":{"message":"your header was `+r.Header.Get("Authorization")+`\u001b[31m"}}`)
		})))
		_, err := c.Ask(t.Context(), ports, false)
		if err == nil || strings.Contains(err.Error(), "T0PSECRET") || strings.Contains(err.Error(), "\x1b") || !strings.Contains(err.Error(), fmt.Sprint(status)) {
			t.Errorf("%d: %v", status, err)
		}
		var refused *Refused
		var away *Unavailable
		if errors.As(err, &refused) != (status == 400) || errors.As(err, &away) && away.Person != (status < 500) {
			t.Errorf("%d: %#v", status, err)
		}
	}
	if c := client(t, "http://127.0.0.1:1"); strings.Contains(c.KeyName(), "T0P") || c.KeyName() == "" || c.KeyName() != client(t, "http://127.0.0.1:2").KeyName() {
		t.Errorf("a key is called %q", c.KeyName())
	}
}

// What a server counts is believed within bounds; where it does not count, an estimate stands for it.
func TestTokens(t *testing.T) {
	for usage, want := range map[string]func(r Reply) bool{
		`{"prompt_tokens":12,"completion_tokens":3}`:          func(r Reply) bool { return r.In == 12 && r.Out == 3 },
		`{"prompt_tokens":-12,"completion_tokens":3}`:         func(r Reply) bool { return r.In > 200 && r.Out > 10 },
		`{"prompt_tokens":99999999999,"completion_tokens":3}`: func(r Reply) bool { return r.In == maxCount },
		`null`: func(r Reply) bool { return r.In > 200 && r.Out > 10 },
	} {
		c := client(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"choices":[{"message":{"content":"x"}}],"usage":%s}`, usage)
		})))
		if r, err := c.Ask(t.Context(), ports, false); err != nil || !want(r) {
			t.Errorf("%s: %+v, %v", usage, r, err)
		}
	}
}
