package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

const (
	robotsAge    = 24 * time.Hour      // longest a copy is used (RFC 9309, section 2.4)
	robotsStale  = 30 * 24 * time.Hour // longest the last good copy stands in for one that cannot be had
	robotsAgain  = 10 * time.Minute    // before an unreachable robots.txt is asked for again
	robotsSize   = 500 << 10           // bytes read (RFC 9309, section 2.5)
	robotsHops   = 5                   // redirects followed (RFC 9309, section 2.3.1.2)
	longestCrawl = time.Minute         // a longer Crawl-delay is not waited for
)

// robots remembers the robots.txt of each scheme, host and port.
type robots struct {
	client *Client
	mu     sync.Mutex
	rules  map[string]*rule
}

// rule is what one robots.txt says to us.
type rule struct {
	mu      sync.Mutex // held while it is fetched, so that it is fetched once
	fetched time.Time
	good    time.Time        // when group was last read from a good answer
	group   *robotstxt.Group // nil: all allowed, or all forbidden
	forbid  bool
	why     string
}

func newRobots(c *Client) *robots { return &robots{client: c, rules: map[string]*rule{}} }

// of gives the rule for an address, fetched if there is none or it is old.
func (r *robots) of(ctx context.Context, u *url.URL, pause time.Duration) (*rule, error) {
	key := u.Scheme + "://" + strings.ToLower(u.Host)
	r.mu.Lock()
	one := r.rules[key]
	if one == nil {
		one = &rule{}
		r.rules[key] = one
	}
	r.mu.Unlock()
	one.mu.Lock()
	defer one.mu.Unlock()
	age := robotsAge
	if one.forbid && one.group == nil {
		age = robotsAgain
	}
	now := r.client.options.Clock.Now()
	if !one.fetched.IsZero() && now.Sub(one.fetched) < age && !now.Before(one.fetched) {
		return one, nil
	}
	return one, r.fetch(ctx, one, key, pause)
}

func (r *robots) fetch(ctx context.Context, one *rule, origin string, pause time.Duration) error {
	status, body, err := r.read(ctx, origin+"/robots.txt", pause)
	var known *Error
	if errors.As(err, &known) && (known.Kind == KindCanceled || known.Kind == KindPrivate) {
		return err
	}
	now := r.client.options.Clock.Now()
	one.fetched = now
	switch {
	case err == nil && status >= 200 && status < 300:
		parsed, bad := robotstxt.FromBytes(body)
		if bad != nil { // what cannot be parsed forbids nothing (RFC 9309, section 2.2)
			one.group, one.forbid, one.why = nil, false, "robots.txt cannot be parsed"
			return nil
		}
		one.group, one.forbid, one.good, one.why = parsed.FindGroup(r.client.token()), false, now, "by robots.txt"
	case err == nil && status >= 400 && status < 500:
		one.group, one.forbid, one.why = nil, false, fmt.Sprintf("there is no robots.txt (%d)", status)
	case one.group != nil && now.Sub(one.good) < robotsStale:
		one.why = "by the last robots.txt that could be read"
	default:
		one.group, one.forbid = nil, true
		one.why = fmt.Sprintf("robots.txt was answered with %d", status)
		if err != nil {
			one.why = "robots.txt cannot be had: " + err.Error()
		}
	}
	return nil
}

// read asks for robots.txt through the turn of its host, like any page.
func (r *robots) read(ctx context.Context, address string, pause time.Duration) (int, []byte, error) {
	for range robotsHops + 1 {
		u, err := url.Parse(address)
		if err != nil {
			return 0, nil, err
		}
		if err := r.client.checkURL(u); err != nil {
			return 0, nil, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return 0, nil, err
		}
		got, err := r.client.ask(req, pause, robotsSize, true)
		if err != nil {
			return 0, nil, err
		}
		location := got.header.Get("Location")
		if got.status < 300 || got.status >= 400 || location == "" {
			return got.status, got.body, nil
		}
		next, err := u.Parse(location)
		if err != nil {
			return 0, nil, err
		}
		address = next.String()
	}
	return http.StatusNotFound, nil, nil // too many redirects count as none (RFC 9309, section 2.3.1.2)
}

func (r *rule) allows(u *url.URL) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.group == nil {
		return !r.forbid
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return r.group.Test(path)
}

// pause is how long to wait between requests: ours, or the site's if longer.
func (r *rule) pause(own time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.group == nil {
		return own
	}
	return max(own, min(r.group.CrawlDelay, longestCrawl))
}
