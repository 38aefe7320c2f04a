package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// Web is the desk: pages in a browser.
type Web struct {
	Listen         string   `yaml:"listen,omitempty" json:"listen,omitempty" jsonschema_description:"address of the desk, such as 127.0.0.1:9818; run then serves it, and serve uses it (default none; 127.0.0.1:9818 for serve). Put a server that speaks https before it if it is to be reached from elsewhere"`
	Public         bool     `yaml:"public,omitempty" json:"public,omitempty" jsonschema_description:"true lets everybody read without signing in; deciding still needs it (default false)"`
	TrustedProxies []string `yaml:"trusted_proxies,omitempty" json:"trusted_proxies,omitempty" jsonschema_description:"addresses or networks of the servers before the desk, such as 127.0.0.1 or 10.0.0.0/8; only their X-Forwarded-For and X-Forwarded-Proto count"`
}

// DefaultDesk is where volteface serve listens unless it is told otherwise.
const DefaultDesk = "127.0.0.1:9818"

// Proxies are the trusted ones as networks.
func (w Web) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range w.TrustedProxies {
		if p, err := parseNetwork(s); err == nil { // checked when it was read
			all = append(all, p)
		}
	}
	return all
}

func parseNetwork(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().Prefix(a.Unmap().BitLen())
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

// checkListen tells whether one can listen at an address.
func checkListen(listen string) error {
	_, port, err := net.SplitHostPort(listen)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return fmt.Errorf("%q is not an address to listen on", listen)
	}
	return nil
}

// check gives the first field that cannot be, below "web".
func (w Web) check() (field string, err error) {
	if w.Listen != "" {
		if err := checkListen(w.Listen); err != nil {
			return "listen", hinted("write "+DefaultDesk, "%v", err)
		}
	}
	for i, s := range w.TrustedProxies {
		if _, err := parseNetwork(s); err != nil {
			return fmt.Sprintf("trusted_proxies[%d]", i), hinted("write 127.0.0.1, or 10.0.0.0/8", "%q is not an address or a network", s)
		}
	}
	return "", nil
}

// errPath says that the desk has no room beneath another site.
var errPath = errors.New("the desk needs a host of its own, without a path")

// DeskURL is the address under which people open the desk; "" where none is served.
func (c *Config) DeskURL() string {
	if c.Web.Listen == "" {
		return ""
	}
	return c.PublicURL
}
