package fetch

import (
	"net/http"
	"strings"

	"volteface/internal/fetch/quality"
)

// isConditional reports whether a request asks for changes only (RFC 9110,
// section 13.1).
func isConditional(h http.Header) bool {
	return len(h["If-None-Match"]) > 0 || len(h["If-Modified-Since"]) > 0
}

// unconditional makes a request ask for the page whatever is known of it.
func unconditional(h http.Header) {
	delete(h, "If-None-Match")
	delete(h, "If-Modified-Since")
}

// agrees reports whether a 304 speaks of the version that was asked about: it
// has to carry the tag of that version, if it carries one (RFC 9110, section
// 15.4.5).
func agrees(asked, answered http.Header) bool {
	tag, told := asked.Get("If-None-Match"), answered.Get("ETag")
	return tag == "" || told == "" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(told, "W/")
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
func statusLine(status int) string { return quality.StatusLine(status) }
