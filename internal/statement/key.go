package statement

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// tracking are query parameters that name a campaign, not a document.
var tracking = []string{"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "cmpid", "ref_src"}

// Key is the form of an address under which a statement is remembered: http
// and https are one, hosts are lower case and alias hosts become the source's
// own, and default ports, fragments, tracking parameters (utm_* and the like)
// and a final slash are gone; where the source says what identifies a
// statement, only that counts. An address that cannot be parsed is its own key.
func (s Source) Key(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return address
	}
	host := strings.ToLower(u.Hostname())
	if slices.ContainsFunc(s.HostAlias, func(a string) bool { return strings.EqualFold(a, host) }) {
		if own, err := url.Parse(s.URL); err == nil && own.Hostname() != "" {
			host = strings.ToLower(own.Hostname())
		}
	}
	if p := u.Port(); p != "" && !(u.Scheme == "http" && p == "80") && !(u.Scheme == "https" && p == "443") {
		host += ":" + p
	}
	path := u.EscapedPath()
	if s.FoldCase {
		path = strings.ToLower(path)
	}
	if id := s.identity(host + path); id != "" {
		return host + "/" + id
	}
	if trimmed := strings.TrimRight(path, "/"); trimmed != "" {
		path = trimmed
	} else {
		path = "/"
	}
	query := u.Query()
	for name := range query {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "utm_") || slices.Contains(tracking, lower) {
			query.Del(name)
		}
	}
	key := host + path
	if encoded := query.Encode(); encoded != "" { // sorted by name
		key += "?" + encoded
	}
	return key
}

// identity is what counts of an address without its query by the source's own
// rule: the groups of its pattern; "" if the rule says nothing.
func (s Source) identity(address string) string {
	if s.Identity == "" {
		return ""
	}
	re, err := pattern(s.Identity)
	if err != nil {
		return ""
	}
	m := re.FindStringSubmatch(address)
	if m == nil {
		return ""
	}
	return strings.Join(m[1:], "/")
}

// patterns keeps what has been compiled: a Source is a value and cannot.
var patterns sync.Map // of pattern to *regexp.Regexp

func pattern(text string) (*regexp.Regexp, error) {
	if re, ok := patterns.Load(text); ok {
		return re.(*regexp.Regexp), nil
	}
	re, err := regexp.Compile(text)
	if err == nil {
		patterns.Store(text, re)
	}
	return re, err
}

var group = regexp.MustCompile(`\{(\d)(:upper)?\}`)

// DocumentURL is where the authoritative document of a statement is read: its
// address, unless the source has a rule that fits it.
func (s Source) DocumentURL(address string) string {
	if s.Document.URL == "" {
		return address
	}
	re, err := pattern(s.Document.Match)
	if err != nil {
		return address
	}
	m := re.FindStringSubmatch(address)
	if m == nil {
		return address
	}
	return group.ReplaceAllStringFunc(s.Document.URL, func(place string) string {
		n := int(place[1] - '0')
		switch {
		case n >= len(m):
			return ""
		case strings.HasSuffix(place, ":upper}"):
			return strings.ToUpper(m[n])
		}
		return m[n]
	})
}

var idEncoding = base32.NewEncoding("abcdefghjkmnpqrstvwxyz0123456789").WithPadding(base32.NoPadding)

// NewID names a statement after its source and the key under which it was
// first found, so that the same history always gives the same names: ten
// characters of SHA-256 in base 32, without letters that look like others.
func NewID(source, key string) string {
	sum := sha256.Sum256([]byte(source + "\n" + key))
	return idEncoding.EncodeToString(sum[:])[:10]
}
