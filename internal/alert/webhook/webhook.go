// Package webhook posts alerts as signed JSON, as Standard Webhooks says
// (github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/statement"
)

const (
	timeout   = 20 * time.Second // the specification asks for 15 to 30
	maxAnswer = 300              // bytes kept of what an endpoint says
	// leastKey is the shortest key, in bytes, that the specification allows.
	leastKey = 24
)

// Channel posts to one address.
type Channel struct {
	address string
	keys    []*standardwebhooks.Webhook
	clock   clock.Clock
	client  *http.Client
	hide    func(string) string
}

var _ alert.Channel = (*Channel)(nil)

// Validate checks address and secrets, one or several separated by spaces.
func Validate(address string, secret statement.Secret) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return statement.WithHint(errors.New("this is not the address of a webhook"), "write https://host/path") // without it: it may hold a secret
	}
	secrets := strings.Fields(secret.Reveal())
	if len(secrets) == 0 {
		return statement.WithHint(errors.New("a webhook needs a secret to sign with"), "write secret: ${NAME}, or secret_file; openssl rand -base64 32 makes one")
	}
	for _, s := range secrets {
		if _, err := key(s); err != nil {
			return err
		}
	}
	return nil
}

func key(secret string) (*standardwebhooks.Webhook, error) {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil || len(strings.TrimPrefix(secret, "whsec_")) < leastKey*4/3 {
		return nil, statement.WithHint(errors.New("the secret of the webhook is not one"), "whsec_ and at least 24 random bytes in base64: openssl rand -base64 32 makes them")
	}
	return webhook, nil
}

// New prepares a channel. With several secrets, the old and the new one while
// they are exchanged, each signs.
func New(address string, secret statement.Secret, c clock.Clock) (*Channel, error) {
	if err := Validate(address, secret); err != nil {
		return nil, err
	}
	ch := &Channel{address: address, clock: c}
	for _, s := range strings.Fields(secret.Reveal()) {
		k, err := key(s)
		if err != nil {
			return nil, err
		}
		ch.keys = append(ch.keys, k)
	}
	ch.hide = hider(address)
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: timeout, IdleConnTimeout: 90 * time.Second}
	transport.MaxIdleConnsPerHost, transport.MaxResponseHeaderBytes = 2, 64<<10
	ch.client = &http.Client{
		Timeout: timeout, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the specification wants none followed
	}
	return ch, nil
}

// Send posts a message. Any answer of success (2xx) takes it; 410 says that
// the endpoint is gone for good; every other is tried again.
func (c *Channel) Send(ctx context.Context, m alert.Message) (retry bool, err error) {
	body, err := json.Marshal(m.Payload)
	if err != nil {
		return false, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return true, &alert.Unavailable{Err: errors.New("the address of the webhook cannot be used"), Person: true}
	}
	now := c.clock.Now() // of the attempt, by which receivers know a replay
	var signatures []string
	for _, k := range c.keys {
		signature, err := k.Sign(m.MessageID, now, body)
		if err != nil {
			return false, err
		}
		signatures = append(signatures, signature)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "volteface")
	request.Header.Set(standardwebhooks.HeaderWebhookID, m.MessageID)
	request.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	request.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	answer, err := c.client.Do(request)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err // without the address
		}
		return true, &alert.Unavailable{Err: fmt.Errorf("the webhook cannot be reached: %s", c.hide(err.Error()))}
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // what it says besides its status only helps a person
	if answer.StatusCode >= 200 && answer.StatusCode <= 299 {
		return false, nil
	}
	why := fmt.Errorf("the webhook answered %d %s: %s", answer.StatusCode, http.StatusText(answer.StatusCode), alert.Line(c.hide(string(said))))
	switch code := answer.StatusCode; {
	case code == http.StatusGone:
		return false, why
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound, code >= 300 && code <= 399:
		return true, &alert.Unavailable{Err: why, Person: true}
	case code == http.StatusTooManyRequests, code >= 500:
		return true, &alert.Unavailable{Err: why}
	}
	return true, why // this message displeases it; others may not
}

// Close ends idle connections.
func (c *Channel) Close() error {
	c.client.CloseIdleConnections()
	return nil
}

// hider takes what may be secret of an address, all but its host, out of a text.
func hider(address string) func(string) string {
	var parts []string
	if u, err := url.Parse(address); err == nil {
		password, _ := u.User.Password()
		for _, part := range []string{address, u.RequestURI(), u.User.String(), password, u.User.Username() + ":" + password, u.RawQuery, u.Path} {
			if len(part) > 1 {
				parts = append(parts, part)
			}
		}
	}
	return alert.Hide(parts...)
}
