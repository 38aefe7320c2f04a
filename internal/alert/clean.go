package alert

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Every string in a mail but our own words comes from the web. The functions
// of this file make it fit to be shown.

const (
	maxLink  = 2_000 // bytes of an address; browsers and mail readers take no more for sure
	maxMarks = 8     // combining marks on one letter; Hebrew and Vietnamese need four
)

// line makes one line of a text: no control characters, no line breaks,
// nothing that turns the direction of writing or cannot be seen (UTS #39,
// section 2; UAX #9), no towers of accents. The joiners that Persian and the
// Indic scripts need stay.
func line(s string) string {
	marks := 0
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.Mn, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return -1
		}
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c', r == '\u200d': // zero width non-joiner and joiner
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)), " ")
}

// Line makes one bounded line of what a server said, fit to be shown.
func Line(s string) string { return cut(line(s), maxWords) }

// title is one bounded line, and never empty.
func title(s string) string {
	if s = cut(line(s), maxTitle); s == "" {
		return "(no title)"
	}
	return s
}

// cut shortens s to n characters, the last of which then is an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count := 0
	last := 0 // where the ellipsis would go
	for i := range s {
		if count == max(n-1, 0) {
			last = i
		}
		if count++; count > n {
			return strings.TrimRight(s[:last], " ") + "…"
		}
	}
	return s
}

// link is an address that a reader may follow, or nothing: http or https,
// without a user name, which would pass for the host, and with the host in the
// letters of the DNS (RFC 5890), so that no look-alike passes for another.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || len(address) > maxLink {
		return ""
	}
	host := u.Hostname()
	if host == "" {
		return ""
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return ""
		}
		if port := u.Port(); port != "" {
			host += ":" + port
		}
		u.Host = host
	}
	return u.String()
}

// language is a BCP 47 tag, or nothing.
func language(tag string) string {
	for _, r := range tag {
		if !(r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return ""
		}
	}
	if len(tag) > 35 { // RFC 5646, section 4.4.1
		return ""
	}
	return tag
}

// Link is an address of the web that a reader may follow, or nothing: http or https, without a user name, the host in the
// letters of the DNS.
func Link(address string) string { return link(address) }

// Language is a BCP 47 tag that may stand in an attribute, or nothing.
func Language(tag string) string { return language(tag) }

// RightToLeft tells whether most letters of a text are of a script written from right to left.
func RightToLeft(text string) bool { return rightToLeft(head(text)) }
