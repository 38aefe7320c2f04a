package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/net/idna"

	"volteface/internal/statement"
)

// maxURL is the longest address visited, in bytes (RFC 9110, section 4.1, asks
// for 8000 to be possible).
const maxURL = 8 << 10

// refused are the ranges no public press page lies in (IANA Special-Purpose
// Address Registries, RFC 6890, and the RFC named beside each).
var refused = parsePrefixes(
	"0.0.0.0/8",       // this network, RFC 791
	"10.0.0.0/8",      // private, RFC 1918
	"100.64.0.0/10",   // carrier-grade NAT, RFC 6598
	"127.0.0.0/8",     // loopback, RFC 1122
	"169.254.0.0/16",  // link-local, RFC 3927; the metadata of clouds
	"172.16.0.0/12",   // private, RFC 1918
	"192.0.0.0/24",    // protocol assignments, RFC 6890
	"192.0.2.0/24",    // documentation, RFC 5737
	"192.88.99.0/24",  // 6to4 relays, RFC 7526
	"192.168.0.0/16",  // private, RFC 1918
	"198.18.0.0/15",   // benchmarking, RFC 2544
	"198.51.100.0/24", // documentation, RFC 5737
	"203.0.113.0/24",  // documentation, RFC 5737
	"224.0.0.0/4",     // multicast, RFC 5771
	"240.0.0.0/4",     // reserved and broadcast, RFC 1112, RFC 919
	"2001::/23",       // protocol assignments with Teredo, RFC 2928, RFC 4380
	"2001:db8::/32",   // documentation, RFC 3849
	"2002::/16",       // 6to4, RFC 3056: leads to any IPv4 address
	"3fff::/20",       // documentation, RFC 9637
)

// globalUnicast is all of IPv6 that is given out for public use (RFC 4291,
// section 2.4, as IANA does it). It leaves out loopback, unspecified and
// IPv4-compatible addresses, NAT64 (RFC 6052, RFC 8215), discard (RFC 6666),
// unique local (RFC 4193), link-local, site-local (RFC 3879), segment routing
// (RFC 9602) and multicast.
var globalUnicast = netip.MustParsePrefix("2000::/3")

func parsePrefixes(list ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(list))
	for i, s := range list {
		prefixes[i] = netip.MustParsePrefix(s)
	}
	return prefixes
}

// public reports whether ip is an address a public site can have. An IPv4
// address mapped into IPv6 is judged as what it is.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsValid() || ip.Is6() && !globalUnicast.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(refused, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// innerNames end the names of hosts inside a network: RFC 6761, RFC 6762, RFC
// 8375, and "internal" as ICANN reserved it in 2024.
var innerNames = []string{".localhost", ".local", ".localdomain", ".internal", ".home.arpa"}

// inner reports whether a host's name can only mean one of the own network.
// Behind a proxy, which does the looking up, this is all that can be checked.
func inner(host string) bool {
	if host == "" {
		return true
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return !public(ip)
	}
	if slices.ContainsFunc(innerNames, func(end string) bool { return strings.HasSuffix(host, end) }) {
		return true
	}
	// A name without a dot; and the spellings of an IPv4 address that only
	// some resolvers read: 2130706433, 0x7f.1, 127.1, 0177.0.0.1. No public
	// top-level domain begins with a digit (RFC 3696, section 2).
	dot := strings.LastIndexByte(host, '.')
	last := host[dot+1:]
	return dot < 0 || last == "" || last[0] >= '0' && last[0] <= '9'
}

// checkURL refuses what is never visited, before any connection is made.
func (c *Client) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return &Error{Kind: KindScheme, URL: plain(u), Err: fmt.Errorf("its scheme is %q", u.Scheme)}
	}
	if len(u.Host)+len(u.Path)+len(u.RawQuery) > maxURL {
		return &Error{Kind: KindOther, URL: plain(u)[:100] + "…", Err: fmt.Errorf("the address is longer than %d bytes", maxURL)}
	}
	if c.options.AllowPrivate {
		return nil
	}
	host := u.Hostname()
	if !isASCII(host) { // net/http maps such names before it dials: full-width digits become digits
		mapped, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return &Error{Kind: KindOther, URL: plain(u), Err: fmt.Errorf("the host name cannot be read: %w", err)}
		}
		host = mapped
	}
	if host = strings.TrimSuffix(strings.ToLower(host), "."); inner(host) {
		return private(plain(u), host)
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func private(address, host string) *Error {
	return &Error{Kind: KindPrivate, URL: address, Err: statement.WithHint(
		fmt.Errorf("%q lies in a private network", host), "if it is a site of your own network, set http.allow_private: true in the configuration")}
}

// dial connects to the proxy of a request as it is told, and to everything else
// on guard, also to a proxy that is asked for a page of its own.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	if proxy := proxyOf(ctx); !c.options.AllowPrivate && (proxy == nil || hostPort(proxy) != address) {
		d.Control = refusePrivate
	}
	return d.DialContext(ctx, network, address)
}

// refusePrivate is asked after the name was resolved and before the connection
// is made, once for each address, so that no answer of a name server can lead
// inside.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errors.New("the address of the host cannot be read")
	}
	if !public(at.Addr()) {
		return private("", at.Addr().String())
	}
	return nil
}
