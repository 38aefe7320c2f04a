package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/statement"
)

const (
	robotsAge     = 24 * time.Hour      // longest a copy is used (RFC 9309, section 2.4)
	robotsStale   = 30 * 24 * time.Hour // longest the last definite answer stands in for one that cannot be had
	robotsAgain   = 10 * time.Minute    // before a robots.txt that failed is asked for again
	robotsSize    = 500 << 10           // bytes read (RFC 9309, section 2.5)
	robotsHops    = 5                   // redirects followed (RFC 9309, section 2.3.1.2)
	longestCrawl  = time.Minute         // a longer Crawl-delay is cut to this
	maxRobotsKept = 4096                // files remembered
)

// robots remembers the robots.txt of each scheme, host and port, and way there.
type robots struct {
	client *Client
	mu     sync.Mutex
	files  map[origin]*robotsFile
}

type origin struct{ scheme, host, way string }

// robotsFile is one robots.txt: what it says now, and the turn to ask for it.
type robotsFile struct {
	rules atomic.Pointer[rules]
	turn  chan struct{} // holds one token while nobody asks
}

// rules are what is known of one robots.txt. They do not change once made.
type rules struct {
	group  *group    // nil while nothing may be read
	why    string    // in words for people
	closed *Error    // why nothing may be read; its URL is empty
	good   time.Time // when the site last gave a definite answer
	asked  time.Time
	until  time.Time // when to ask again
}

// of gives the rules for an address; they are asked for if there are none or
// they are old, once however many ask. It fails only if ctx is done, or if the
// host is left alone for now.
func (r *robots) of(ctx context.Context, u *url.URL, pause time.Duration) (*rules, error) {
	at := origin{scheme: u.Scheme, host: hostName(u)}
	if way := wayOf(ctx); way != nil { // elsewhere in the world a site may say other things
		at.way = way.id
	}
	file := r.file(at)
	now := r.client.options.Clock.Now()
	if known := file.rules.Load(); known.holds(now) {
		return known, nil
	}
	select {
	case <-file.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { file.turn <- struct{}{} }()
	known := file.rules.Load()
	if known.holds(r.client.options.Clock.Now()) {
		return known, nil
	}
	fresh, err := r.ask(ctx, u, pause, known)
	if err != nil {
		return nil, err
	}
	file.rules.Store(fresh)
	return fresh, nil
}

func (r *robots) file(at origin) *robotsFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	file := r.files[at]
	if file == nil {
		if r.files == nil || len(r.files) >= maxRobotsKept { // as good as never: ask again
			r.files = map[origin]*robotsFile{}
		}
		file = &robotsFile{turn: make(chan struct{}, 1)}
		file.turn <- struct{}{}
		r.files[at] = file
	}
	return file
}

// holds reports whether the rules may still be used; a clock that was set back
// ends them too.
func (k *rules) holds(now time.Time) bool {
	return k != nil && now.Before(k.until) && !now.Before(k.asked)
}

// ask reads robots.txt and says what follows from the answer (RFC 9309,
// section 2.3.1).
func (r *robots) ask(ctx context.Context, u *url.URL, pause time.Duration, before *rules) (*rules, error) {
	address := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	got, err := r.read(ctx, address, pause)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var known *Error
	if _, rests := Resting(err); rests || errors.As(err, &known) && known.Kind == KindOurs { // that says nothing of the file
		return nil, err
	}
	now := r.client.options.Clock.Now()
	k := &rules{good: now, asked: now, until: now.Add(robotsAge)}
	switch {
	case err == nil && got.status >= 200 && got.status < 300:
		k.group, k.why = parseRobots(got.body, r.client.token()), plain(address)+" allows it"
		r.keep(ctx, address, got, now)
		return k, nil
	case err == nil && got.status < 500: // 4xx, and redirects without end
		k.group, k.why = &group{}, fmt.Sprintf("%s is not there (%s)", plain(address), statusLine(got.status))
		r.keep(ctx, address, &answer{status: got.status}, now)
		return k, nil
	}
	if before == nil || before.group == nil {
		before = r.kept(ctx, address)
	}
	k.until = now.Add(robotsAgain)
	if before != nil && before.group != nil && now.Sub(before.good) < robotsStale {
		k.group, k.good = before.group, before.good
		k.why = fmt.Sprintf("%s cannot be had now; its last copy, of %s, allows it", plain(address), before.good.Format(time.DateOnly))
		return k, nil
	}
	if err != nil {
		// Nobody has forbidden anything: the host does not answer, and the kind
		// of that error says more.
		failed := classify(address, err, beforeAnswer)
		k.closed = &Error{Kind: failed.Kind, Err: failed.Err, passing: failed.passing}
		return k, nil
	}
	k.closed = &Error{Kind: KindRobots, passing: true, Err: statement.WithHint(
		fmt.Errorf("%s was answered with %s, and until it can be read nothing else may be", plain(address), statusLine(got.status)),
		"this passes by itself when the site is well again")}
	return k, nil
}

// read asks for robots.txt through the turn of its host, like any page. Cookies
// are kept from one redirect to the next: some hosts send every first request
// to where it came from, with one, and only then answer.
func (r *robots) read(ctx context.Context, u *url.URL, pause time.Duration) (*answer, error) {
	cookies, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	for hops := 0; ; hops++ {
		if err := r.client.checkURL(u); err != nil {
			return nil, err
		}
		req := (&http.Request{
			Method: http.MethodGet, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		}).WithContext(ctx)
		for _, c := range cookies.Cookies(u) {
			req.AddCookie(c)
		}
		got, err := r.client.ask(req, pause, robotsSize, true, nil)
		if err != nil || !redirects(got.status) || hops == robotsHops {
			return got, err
		}
		next, err := u.Parse(got.header.Get("Location"))
		if err != nil || got.header.Get("Location") == "" {
			return got, nil
		}
		cookies.SetCookies(u, (&http.Response{Header: got.header}).Cookies())
		u = next
	}
}

// keep remembers a definite answer for the time when there is none.
func (r *robots) keep(ctx context.Context, address *url.URL, got *answer, now time.Time) {
	memory := r.client.options.Memory
	if memory == nil {
		return
	}
	origin := robotsOrigin(ctx, address)
	if old, err := memory.Robots(ctx, origin); err == nil && bytes.Equal(old.Body, got.body) && old.Status == got.status && now.Sub(old.At).Abs() < robotsAge {
		return
	}
	if err := memory.PutRobots(ctx, statement.RobotsCopy{Origin: origin, Body: got.body, Status: got.status, At: now}); err != nil {
		r.client.options.Logger.Warn("a robots.txt cannot be kept", "url", plain(address), "error", err)
	}
}

// robotsOrigin is under which name a robots.txt is kept.
func robotsOrigin(ctx context.Context, address *url.URL) string {
	name := address.Scheme + "://" + hostName(address)
	if said := wayOf(ctx).String(); said != "" {
		name += " " + said
	}
	return name
}

// kept makes rules of the copy that an earlier process has left; nil if there
// is none.
func (r *robots) kept(ctx context.Context, address *url.URL) *rules {
	memory := r.client.options.Memory
	if memory == nil {
		return nil
	}
	old, err := memory.Robots(ctx, robotsOrigin(ctx, address))
	if err != nil {
		if !errors.Is(err, statement.ErrNotFound) {
			r.client.options.Logger.Warn("the copy of a robots.txt cannot be read", "url", plain(address), "error", err)
		}
		return nil
	}
	k := &rules{group: &group{}, good: old.At}
	if old.Status >= 200 && old.Status < 300 {
		k.group = parseRobots(old.Body, r.client.token())
	}
	return k
}

// check gives nil if the address may be read, and otherwise the *Error that
// says why not.
func (k *rules) check(u *url.URL) error {
	if k.closed != nil {
		failed := *k.closed
		failed.URL = plain(u)
		return &failed
	}
	if k.group.allows(u) {
		return nil
	}
	return &Error{Kind: KindRobots, URL: plain(u), Err: statement.WithHint(errForbidden,
		"the site does not want this page to be read by programs: leave it out with exclude, or ask the site's owner")}
}

var errForbidden = errors.New("it forbids this address")

// pause is how long to wait between requests: ours, or the site's if longer.
func (k *rules) pause(own time.Duration) time.Duration {
	if k.group == nil {
		return own
	}
	return max(own, k.group.delay)
}
