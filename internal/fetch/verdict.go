package fetch

import (
	"net/http"
	"strconv"
	"strings"

	"volteface/internal/statement"
)

// judge says what an answer turned out to be, from its status and headers.
func judge(c *statement.Capture) {
	status := strconv.Itoa(c.Status)
	if text := http.StatusText(c.Status); text != "" {
		status += " " + text
	}
	verdict := func(q statement.Quality, reason string) { c.Quality, c.Reason = q, reason }
	switch {
	case strings.EqualFold(c.Header.Get("Cf-Mitigated"), "challenge"):
		verdict(statement.Blocked, status+", with a challenge for browsers")
	case c.Status == http.StatusNotModified:
		verdict(statement.NotModified, status)
	case c.Status == http.StatusNotFound || c.Status == http.StatusGone:
		verdict(statement.NotFound, status)
	case c.Status == http.StatusUnauthorized || c.Status == http.StatusForbidden || c.Status == http.StatusTooManyRequests || c.Status == http.StatusUnavailableForLegalReasons:
		verdict(statement.Blocked, status)
	case c.Status < 200 || c.Status > 299:
		verdict(statement.Failed, status)
	case len(c.Body) == 0:
		verdict(statement.Empty, status+", with nothing in it")
	default:
		verdict(statement.Good, "")
	}
}
