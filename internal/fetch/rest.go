package fetch

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

const (
	// shortestRest begins the rests of a host that refuses or does not answer;
	// slower sources, which know why, begin with restPauses of their pause. Each
	// failure in a row doubles it.
	shortestRest = time.Second
	restPauses   = 10
	// longestOwnRest caps what we come to by doubling: within it, a source whose
	// host is well again is well again.
	longestOwnRest = time.Hour
	// LongestRest caps what a host asks for itself, and so every rest.
	LongestRest = 24 * time.Hour
	// believeAgain is how long a host that was caught at saying of a changed
	// page that it is the same is not asked about changes.
	believeAgain = 30 * 24 * time.Hour
)

// rest is how long a host is left alone after the n-th failure in a row: what
// it asked for itself, or a delay that doubles, with a tenth of it at random.
func rest(n int, pause, asked time.Duration) time.Duration {
	wait := max(shortestRest, restPauses*pause)
	for range min(n-1, 30) {
		if wait *= 2; wait >= longestOwnRest {
			break
		}
	}
	wait = min(wait, longestOwnRest)
	wait -= time.Duration(rand.Float64() * 0.1 * float64(wait))
	if asked > 0 {
		if n < 3 {
			return min(asked, LongestRest)
		}
		return min(max(asked, wait), LongestRest) // its own wish has not helped
	}
	return wait
}

// Why a host is left alone at which nobody has answered, in words for people.
const (
	late = "it does not answer in time"
	away = "it cannot be reached"
)

// NobodyThere reports whether an error means that nobody has answered at a host:
// now, or when it was last asked, and it is left alone since.
func NobodyThere(err error) bool {
	var known *Error
	if !errors.As(err, &known) {
		return false
	}
	switch known.Kind {
	case KindDNS, KindRefused, KindTimeout:
		return true
	}
	return known.nobody
}

// weigh tells what an answer means for the host's rest.
func weigh(got *answer, err error) outcome {
	if err != nil {
		var known *Error
		if !errors.As(err, &known) {
			return outcome{none: true}
		}
		switch known.Kind {
		case KindTimeout:
			return outcome{ill: late}
		case KindRefused:
			return outcome{ill: away}
		}
		return outcome{none: true}
	}
	switch got.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		520, 521, 522, 523, 524: // Cloudflare's words for an origin that fails
		after, _ := retryAfter(got.header, got.at)
		return outcome{ill: statusLine(got.status), after: after}
	}
	return outcome{}
}

// retryAfter reads Retry-After (RFC 9110, section 10.2.3): seconds, or a date,
// which is held against the answer's own Date, as its clock may be wrong.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(LongestRest/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if theirs, err := http.ParseTime(h.Get("Date")); err == nil {
		now = theirs
	}
	return min(max(0, at.Sub(now)), LongestRest), true
}

func resting(u *url.URL, h statement.Host) *Error {
	return &Error{Kind: KindResting, URL: plain(u), Until: h.ResumeAt, nobody: h.Reason == late || h.Reason == away, Err: statement.WithHint(
		fmt.Errorf("%s; it is asked again at %s", h.Reason, statement.Minute(h.ResumeAt)),
		"this passes by itself; asking a host that wants rest makes it worse")}
}

func overBudget(u *url.URL, most int, until time.Time) *Error {
	return &Error{Kind: KindBudget, URL: plain(u), Until: until, Err: statement.WithHint(
		fmt.Errorf("%d have been made; it goes on at %s", most, statement.ShortMoment(until)),
		"http.host_requests_an_hour in the configuration is how many one host gets in an hour")}
}
