package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// refused are the ranges no public press page lies in (IANA Special-Purpose
// Address Registries, RFC 6890, and the RFC named beside each).
var refused = func() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8",       // this network, RFC 791
		"10.0.0.0/8",      // private, RFC 1918
		"100.64.0.0/10",   // carrier-grade NAT, RFC 6598
		"127.0.0.0/8",     // loopback, RFC 1122
		"169.254.0.0/16",  // link-local, RFC 3927; cloud metadata
		"172.16.0.0/12",   // private, RFC 1918
		"192.0.0.0/24",    // protocol assignments, RFC 6890
		"192.0.2.0/24",    // documentation, RFC 5737
		"192.88.99.0/24",  // 6to4 relay, RFC 7526
		"192.168.0.0/16",  // private, RFC 1918
		"198.18.0.0/15",   // benchmarking, RFC 2544
		"198.51.100.0/24", // documentation, RFC 5737
		"203.0.113.0/24",  // documentation, RFC 5737
		"224.0.0.0/4",     // multicast, RFC 5771
		"240.0.0.0/4",     // reserved and broadcast, RFC 1112
		"::/127",          // unspecified and loopback, RFC 4291
		"64:ff9b::/96",    // NAT64, RFC 6052: leads to any IPv4 address
		"64:ff9b:1::/48",  // local NAT64, RFC 8215
		"100::/64",        // discard, RFC 6666
		"2001::/23",       // protocol assignments with Teredo, RFC 2928
		"2001:db8::/32",   // documentation, RFC 3849
		"2002::/16",       // 6to4, RFC 3056: leads to any IPv4 address
		"3fff::/20",       // documentation, RFC 9637
		"5f00::/16",       // segment routing, RFC 9602
		"fc00::/7",        // unique local, RFC 4193
		"fe80::/10",       // link-local, RFC 4291
		"fec0::/10",       // site-local, RFC 3879
		"ff00::/8",        // multicast, RFC 4291
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()

var errPrivate = errors.New("addresses of private networks are refused")

// public reports whether ip is an address a public site can have. IPv4
// addresses inside IPv6 ones are judged as what they are.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.Is6() && ip.As16()[0] == 0 && ip.As16()[1] == 0 && ip.Compare(netip.MustParseAddr("::ffff:ffff:ffff")) <= 0 {
		return false // IPv4-compatible and the rest of ::/80 (RFC 4291)
	}
	for _, p := range refused {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsValid()
}

// checkURL refuses what is never visited, before any connection is made.
func (c *Client) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return &Error{Kind: KindScheme, URL: u.String(), Err: fmt.Errorf("scheme %q", u.Scheme)}
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if c.options.AllowPrivate {
		return nil
	}
	literal, err := netip.ParseAddr(host)
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && !public(literal) || odd(host) {
		return &Error{Kind: KindPrivate, URL: u.String(), Err: errPrivate}
	}
	return nil
}

// odd tells the spellings of an IPv4 address that only some resolvers read:
// 2130706433, 0x7f.1, 127.1. No public site is named so.
func odd(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
}

// control refuses private addresses after the name was resolved and before the
// connection is made, so that no answer of a name server can lead inside.
func (c *Client) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	if c.options.AllowPrivate || c.isProxy(address) {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !public(ip) {
		return &Error{Kind: KindPrivate, URL: address, Err: errPrivate}
	}
	return nil
}
