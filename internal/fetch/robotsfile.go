package fetch

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Why this is ours: temoto/robotstxt drops the whole file for one bad line
// (and so allows all), takes "User-agent: v" to mean us, finds patterns with a
// wildcard in the middle of a path, measures them by their escaped form, and
// compiles a regular expression for each, of any length.

// maxPattern is the longest path pattern heeded, in bytes: RFC 9309 sets no
// bound, and no longer one can match an address that is visited.
const maxPattern = maxURL

// group is what a robots.txt says to one robot (RFC 9309, section 2.2).
type group struct {
	paths []pathRule
	delay time.Duration // Crawl-delay, which is no part of the RFC; 0 if none is set
}

type pathRule struct {
	pattern string // normalised; "*" stands for any bytes, a final "$" for the end
	allow   bool
}

// parseRobots reads the group of a robots.txt that is meant for a product
// token, or the one for all robots. What is not understood is passed over, line
// by line, as section 2.2 of the RFC wants it.
func parseRobots(body []byte, token string) *group {
	text := strings.TrimPrefix(string(body), "\uFEFF")
	var ours, all group
	var named bool         // there is a group of ours
	var forUs, forAll bool // whom the group being read is for
	var inRules bool       // it has begun its rules: the next user-agent line opens another
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "user-agent", "useragent":
			if inRules {
				forUs, forAll, inRules = false, false, false
			}
			switch agent := productToken(value); {
			case agent == "*":
				forAll = true
			case strings.EqualFold(agent, token):
				forUs, named = true, true
			}
		case "allow", "disallow":
			inRules = true
			if value == "" || len(value) > maxPattern {
				continue
			}
			if value[0] != '/' && value[0] != '*' {
				value = "/" + value
			}
			rule := pathRule{pattern: normalPath(value), allow: strings.EqualFold(strings.TrimSpace(name), "allow")}
			if forUs {
				ours.paths = append(ours.paths, rule)
			}
			if forAll {
				all.paths = append(all.paths, rule)
			}
		case "crawl-delay", "crawldelay":
			inRules = true
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds >= 0) {
				continue
			}
			delay := time.Duration(min(seconds, longestCrawl.Seconds()) * float64(time.Second))
			if forUs {
				ours.delay = delay
			}
			if forAll {
				all.delay = delay
			}
		}
	}
	if named {
		return &ours
	}
	return &all
}

// productToken is the letters, dashes and underscores a user-agent line begins
// with (section 2.2.1), or "*".
func productToken(value string) string {
	if value == "*" || strings.HasPrefix(value, "* ") {
		return "*"
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
	if end < 0 {
		return value
	}
	return value[:end]
}

// String is the rule as a line of the file.
func (r pathRule) String() string {
	if r.allow {
		return "Allow: " + r.pattern
	}
	return "Disallow: " + r.pattern
}

// allows reports whether the address may be read; where no rule matches, it may.
func (g *group) allows(u *url.URL) bool {
	r, decided := g.ruleFor(u)
	return r.allow || !decided
}

// ruleFor is the rule that decides over an address: the longest that matches,
// an allow among equals (section 2.2.2).
func (g *group) ruleFor(u *url.URL) (decides pathRule, decided bool) {
	if len(g.paths) == 0 {
		return decides, false
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = normalPath(path)
	if path == "/robots.txt" {
		return decides, false
	}
	for _, r := range g.paths {
		if n := len(r.pattern); decided && (n < len(decides.pattern) || n == len(decides.pattern) && (decides.allow || !r.allow)) {
			continue
		}
		if matches(r.pattern, path) {
			decides, decided = r, true
		}
	}
	return decides, decided
}

// matches reports whether a pattern matches the beginning of a path, in time
// linear in both: the stretches between the asterisks are looked for from left
// to right.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	stretch, rest, wild := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, stretch) {
		return false
	}
	path = path[len(stretch):]
	for wild {
		stretch, rest, wild = strings.Cut(rest, "*")
		if !wild && anchored {
			return strings.HasSuffix(path, stretch)
		}
		at := strings.Index(path, stretch)
		if at < 0 {
			return false
		}
		path = path[at+len(stretch):]
	}
	return !anchored || path == ""
}

const hexDigits = "0123456789ABCDEF"

// normalPath makes the spellings of one path alike (section 2.2.2): escapes of
// unreserved ASCII are undone, other escapes are in upper case, and bytes
// outside ASCII are escaped.
func normalPath(s string) string {
	same := true
	for i := range len(s) {
		if s[i] == '%' || s[i] >= 0x80 {
			same = false
			break
		}
	}
	if same {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			high, low := strings.IndexByte(hexDigits, upper(s[i+1])), strings.IndexByte(hexDigits, upper(s[i+2]))
			if high >= 0 && low >= 0 {
				if c = byte(high<<4 | low); unreserved(c) {
					b.WriteByte(c)
				} else {
					b.Write([]byte{'%', hexDigits[high], hexDigits[low]})
				}
				i += 2
				continue
			}
		}
		if c >= 0x80 {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// unreserved are the characters that mean the same escaped or not (RFC 3986,
// section 2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
