package fetch

import "net/http"

// Service is a way to one service that is no press page, such as a language model: by the configured proxy and on the guard of
// Options.AllowPrivate, but without robots.txt, pauses, budgets or redirects. A refusal is an *Error; Close of the client ends its
// connections.
func (c *Client) Service() http.RoundTripper { return service{c} }

type service struct{ client *Client }

// RoundTrip is that of http.RoundTripper.
func (s service) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := s.client.checkURL(req.URL); err != nil {
		return nil, err
	}
	req, transport, err := s.client.through(req)
	if err != nil {
		return nil, err
	}
	return transport.RoundTrip(req)
}

// Inner reports whether a host's name can only mean one of the own network: a private address, a name without a dot, or one under a
// domain set aside for that (RFC 6761, RFC 6762, RFC 8375).
func Inner(host string) bool { return inner(host) }
