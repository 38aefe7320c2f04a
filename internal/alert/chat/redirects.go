package chat

import (
	"crypto/tls"
	"errors"
	"net/http"
	"sync"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/gotify"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// errRedirected is what a service's redirect comes to. None is followed, as with
// webhooks: what is sent holds a login, and net/http would take it along to any
// port of the host, and headers of a service's own to any host.
var errRedirected = errors.New("it leads to another address, which is not asked: write the one that it leads to")

// straight is a transport behind which nobody sees a redirect to follow.
type straight struct{ http.RoundTripper }

// RoundTrip fails where the answer is a redirect (RFC 9110, section 15.4).
func (s straight) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := s.RoundTripper.RoundTrip(r)
	if err != nil {
		return answer, err
	}
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		_ = answer.Body.Close()
		return nil, errRedirected
	}
	return answer, nil
}

// guard makes the default transport of the process a straight one. The library
// takes no transport: most of its services use http.DefaultClient, or a client
// of their own without a transport, which comes to the same. Nothing else in
// the program uses it.
var guard = sync.OnceFunc(func() { http.DefaultTransport = straight{http.DefaultTransport} })

// straighten sees to it that a service with a transport of its own follows no
// redirects; guard does so for all others.
func straighten(service types.Service) error {
	switch s := service.(type) {
	case *ntfy.Service:
		own := &http.Transport{
			Proxy:           http.ProxyFromEnvironment,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: s.Config.DisableTLSVerification}, // as its address asks
		}
		s.SetHTTPClient(&http.Client{Timeout: timeout / 2, Transport: straight{own}})
	case *gotify.Service:
		// It makes its client when it is first used: here with a priority that is
		// none, for which nothing is sent.
		_ = s.Send("-", &types.Params{"priority": "none"})
		return straightenClient(s)
	case interface{ GetHTTPClient() *http.Client }:
		return straightenClient(s)
	}
	return nil
}

func straightenClient(s interface{ GetHTTPClient() *http.Client }) error {
	client := s.GetHTTPClient()
	if client == nil {
		return errors.New("this service cannot be kept from following redirects")
	}
	if client.Transport == nil {
		return nil // the default one
	}
	client.Transport = straight{client.Transport}
	return nil
}
