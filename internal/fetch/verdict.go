package fetch

import (
	"net/http"
	"strconv"
	"strings"

	"volteface/internal/statement"
)

// judge says what an answer turned out to be, from its status and headers.
// conditional tells whether the request asked for changes only.
func judge(c *statement.Capture, conditional bool) {
	status := statusLine(c.Status)
	c.Reason = status
	switch {
	case strings.EqualFold(c.Header.Get("Cf-Mitigated"), "challenge"):
		c.Quality, c.Reason = statement.Blocked, status+", with a challenge that only a browser can pass"
	case c.Status == http.StatusNotModified && conditional:
		c.Quality = statement.NotModified
	case c.Status == http.StatusNotModified:
		c.Quality, c.Reason = statement.Failed, status+", though nothing was asked about changes"
	case c.Status == http.StatusNotFound, c.Status == http.StatusGone:
		c.Quality = statement.NotFound
	case c.Status == http.StatusUnauthorized, c.Status == http.StatusForbidden, c.Status == http.StatusTooManyRequests,
		c.Status == http.StatusUnavailableForLegalReasons:
		c.Quality = statement.Blocked
	case c.Status < 200 || c.Status > 299:
		c.Quality = statement.Failed
	case len(c.Body) == 0:
		c.Quality, c.Reason = statement.Empty, status+", with nothing in it"
	default:
		c.Quality, c.Reason = statement.Good, ""
	}
}

// isConditional reports whether a request asks for changes only (RFC 9110,
// section 13.1).
func isConditional(h http.Header) bool {
	return len(h["If-None-Match"]) > 0 || len(h["If-Modified-Since"]) > 0
}

// redirects reports whether a status sends the reader elsewhere, as net/http
// follows it.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// statusLine is a status as people know it: "404 Not Found".
func statusLine(status int) string {
	if text := http.StatusText(status); text != "" {
		return strconv.Itoa(status) + " " + text
	}
	return strconv.Itoa(status)
}
