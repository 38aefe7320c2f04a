// Package quality judges a response: is it the page that was asked for, or a
// block, a challenge, a wall, an error page, a page that is gone? Every verdict
// names its rule and the evidence it saw. Only a good capture makes a revision.
//
// A press page may well talk about captchas and outages. So words decide only
// on a page with next to no text of its own and no mark of an article; what a
// header says, decides by itself.
package quality

import (
	"net/http"
	"strconv"

	"volteface/internal/statement"
)

// Verdict is what a response turned out to be, and why.
type Verdict struct {
	Quality statement.Quality
	Rule    string // name of the rule that decided, such as "cloudflare-challenge"; "" for a good page
	Reason  string // in words for people, with the evidence; "" for a good page
	Onward  string // of a stub that does so by meta refresh: the address it sends its readers on to
}

// Judge looks at a capture. conditional tells whether only changes were asked
// for (RFC 9110, section 13.1).
func Judge(c *statement.Capture, conditional bool) Verdict {
	status := StatusLine(c.Status)
	if v, ok := byHeader(c.Header, status); ok {
		return v
	}
	switch {
	case c.Status == http.StatusNotModified && conditional:
		return Verdict{Quality: statement.NotModified, Rule: "not-modified", Reason: status}
	case c.Status == http.StatusNotModified:
		return Verdict{Quality: statement.Failed, Rule: "not-asked", Reason: status + ", though nothing was asked about changes"}
	case len(c.Body) == 0 && c.Status >= 200 && c.Status <= 299:
		return Verdict{Quality: statement.Empty, Rule: "empty", Reason: status + ", with nothing in it"}
	}
	p := look(c)
	v, found := p.judge(c, status)
	switch {
	case c.Status == http.StatusNotFound, c.Status == http.StatusGone:
		// What stands on a page that is not there matters only where it says
		// that the site itself is unwell: then it is no sign of a removal.
		if found && (v.Quality == statement.Blocked || v.Quality == statement.Failed) {
			return v
		}
		return Verdict{Quality: statement.NotFound, Rule: "status", Reason: status}
	case refuses(c.Status):
		if found && v.Quality == statement.Blocked {
			return v
		}
		return Verdict{Quality: statement.Blocked, Rule: "status", Reason: status + by(c.Header)}
	case c.Status < 200 || c.Status > 299:
		if found && v.Quality == statement.Blocked {
			return v
		}
		return Verdict{Quality: statement.Failed, Rule: "status", Reason: status + by(c.Header)}
	case found:
		return v
	}
	if v, ok := detour(c, p); ok {
		return v
	}
	return Verdict{Quality: statement.Good}
}

// refuses reports whether a status says that we, rather than the page, are the
// matter.
func refuses(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons,
		http.StatusProxyAuthRequired:
		return true
	}
	return false
}

// StatusLine is a status as people know it: "404 Not Found".
func StatusLine(status int) string {
	if text := http.StatusText(status); text != "" {
		return strconv.Itoa(status) + " " + text
	}
	return strconv.Itoa(status)
}
