package browser

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// app is a page without a word in it, and the script that writes it: a small
// React.
const app = `<!doctype html><html lang="en"><head><title>Press</title><script src="/app.js" defer></script></head>
<body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>`

const script = `const h = (type, props, ...kids) => { const e = document.createElement(type); Object.assign(e, props); e.append(...kids); return e }
async function main() {
  const said = await (await fetch('/api' + location.pathname, {headers: {'X-Requested-With': 'app'}})).json()
  await new Promise(r => setTimeout(r, 50))
  document.title = said.title
  document.getElementById('root').replaceChildren(h('h1', {}, said.title), ...said.paragraphs.map(p => h('p', {className: 'text'}, p)))
}
main()`

func needsChromium(t *testing.T) {
	t.Helper()
	if _, err := Find(); err != nil {
		t.Skipf("skipped: %v", err)
	}
	t.Cleanup(Close)
}

// site is a web of all hosts, behind a proxy, as the guard would let none of its
// own addresses be visited.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // METHOD URL
}

func newSite(t *testing.T, pages map[string]string) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.String())
		s.mu.Unlock()
		body, there := pages[r.URL.Path]
		switch {
		case !there:
			http.NotFound(w, r)
			return
		case strings.HasPrefix(body, "http"):
			http.Redirect(w, r, body, http.StatusFound)
			return
		case strings.HasSuffix(r.URL.Path, ".js"):
			w.Header().Set("Content-Type", "text/javascript")
		case strings.HasPrefix(r.URL.Path, "/api"):
			w.Header().Set("Content-Type", "application/json")
		case r.URL.Path == "/robots.txt":
			w.Header().Set("Content-Type", "text/plain")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("ETag", `"shell"`)
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, "\n")
}

// look renders one page of http://press.example as a visit does.
func (s *site) look(t *testing.T, ctx context.Context, path string) (*statement.Capture, error) {
	t.Helper()
	client, err := fetch.NewClient(fetch.Options{Proxy: s.URL, Timeout: 20 * time.Second, UserAgent: "volteface/test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	visit := client.Visit(0)
	t.Cleanup(visit.Close)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://press.example"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header[fetch.Rendered] = []string{"1"}
	resp, err := Transport{visit}.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	return visit.Capture(resp.Header), nil
}

// What the scripts of a page write is read; what was answered goes with it as
// evidence; robots.txt is asked of the page, and honoured.
func TestPageOfScripts(t *testing.T) {
	needsChromium(t)
	s := newSite(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /secret\n", "/app.js": script, "/statements/1": app, "/secret/1": app, "/old": "http://press.example/statements/1",
		"/api/statements/1": `{"title": "On the talks", "paragraphs": ["The ministry denies it.", "Nothing <b>was</b> sent."]}`,
	})
	got, err := s.look(t, t.Context(), "/old")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>On the talks</h1>", `<p class="text">The ministry denies it.</p>`, "Nothing &lt;b&gt;was&lt;/b&gt; sent."} {
		if !strings.Contains(string(got.Body), want) {
			t.Errorf("no %s in %s", want, got.Body)
		}
	}
	if got.Quality != statement.Good || got.FinalURL != "http://press.example/statements/1" || len(got.Hops) != 1 || got.Header.Get("ETag") != "" || !strings.Contains(got.Header.Get(statement.RenderedHeader), "; from sha256:") {
		t.Errorf("%s, %s, %v, %v", got.Quality, got.FinalURL, got.Hops, got.Header)
	}
	if len(got.Evidence) != 2 || string(got.Evidence[0].Body) != app || !strings.HasPrefix(string(got.Evidence[1].Body), `{"title"`) || got.Evidence[1].URL != "http://press.example/api/statements/1" {
		t.Errorf("evidence: %+v", got.Evidence)
	}
	var refused *fetch.Error
	if _, err := s.look(t, t.Context(), "/secret/1"); !errors.As(err, &refused) || refused.Kind != fetch.KindRobots {
		t.Errorf("what robots.txt forbids: %v", err)
	}
	if gone, err := s.look(t, t.Context(), "/gone"); err != nil || gone.Quality != statement.NotFound {
		t.Errorf("a page that is not there: %+v, %v", gone, err)
	}
	if asked := s.requests(); strings.Contains(asked, "/secret/1") {
		t.Errorf("asked: %s", asked)
	}
}

// prober is a page that tries every way out that a page has.
const prober = `<!doctype html><html><head><title>Probe</title>
<link rel="prefetch" href="INNER/prefetch"><link rel="preconnect" href="INNER"><link rel="dns-prefetch" href="//inner.example">
<link rel="stylesheet" href="INNER/style.css"><script src="INNER/script.js"></script><meta http-equiv="refresh" content="3;url=INNER/refresh"></head>
<body><h1>Probe</h1><p id="said">The ministry says nothing here that any of this would change.</p>
<img src="INNER/img"><iframe src="INNER/frame"></iframe><object data="INNER/object"></object><video src="INNER/video"></video><audio src="http://169.254.169.254/audio"></audio>
<form id="f" method="post" action="INNER/form"><input name="a"></form>
<script>
const inner = 'INNER', meta = 'http://169.254.169.254/latest/meta-data/'
const quietly = f => { try { const r = f(); if (r && r.catch) r.catch(() => {}) } catch (e) {} }
for (const to of [inner + '/fetch', meta, '/hop', 'http://[::1]/', 'http://2130706433/', 'http://localhost/', 'http://0x7f.1/']) {
  quietly(() => fetch(to, {mode: 'no-cors'})); quietly(() => { const x = new XMLHttpRequest(); x.open('GET', to); x.send() })
  quietly(() => navigator.sendBeacon(to, 'x')); quietly(() => new EventSource(to)); quietly(() => { new Image().src = to })
  quietly(() => fetch(to, {method: 'POST', mode: 'no-cors', keepalive: true, body: 'x'}))
  quietly(() => new Worker(URL.createObjectURL(new Blob(["fetch('" + to + "', {mode: 'no-cors'}).catch(() => 0); try { importScripts('" + to + "') } catch (e) {}"]))))
}
quietly(() => new WebSocket(inner.replace('http', 'ws') + '/ws')); quietly(() => new WebSocket('ws://169.254.169.254/'))
quietly(() => new WebTransport('https://STUN/'))
quietly(() => { const f = document.createElement('iframe'); document.body.append(f); const W = f.contentWindow
  const c = new W.RTCPeerConnection({iceServers: [{urls: 'stun:STUN'}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)) })
quietly(() => navigator.serviceWorker.register('/worker.js'))
quietly(() => window.open(inner + '/popup')); quietly(() => alert('stay')); quietly(() => confirm('stay'))
quietly(() => { const c = new RTCPeerConnection({iceServers: [{urls: 'stun:STUN'}]}); c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o)) })
setTimeout(() => quietly(() => document.getElementById('f').submit()), 300)
setTimeout(() => quietly(() => { location = inner + '/location' }), 500)
</script></body></html>`

// A page may try what it likes: nothing reaches an address inside, neither from
// the browser nor through the program, and the page is read all the same.
func TestNoWayInside(t *testing.T) {
	needsChromium(t)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	var mu sync.Mutex
	var reached []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		reached = append(reached, what)
	}
	go func() {
		for {
			c, err := inner.Accept()
			if err != nil {
				return
			}
			b := make([]byte, 200)
			_ = c.SetReadDeadline(time.Now().Add(time.Second))
			n, _ := c.Read(b)
			note("tcp: " + string(b[:n]))
			c.Close()
		}
	}()
	go func() {
		b := make([]byte, 200)
		for {
			if _, _, err := udp.ReadFrom(b); err != nil {
				return
			}
			note("udp")
		}
	}()
	page := strings.NewReplacer("INNER", "http://"+inner.Addr().String(), "STUN", udp.LocalAddr().String()).Replace(prober)
	s := newSite(t, map[string]string{"/": page, "/hop": "http://169.254.169.254/hop", "/robots.txt": "", "/worker.js": "fetch('" + "http://" + inner.Addr().String() + "/service')"})
	got, err := s.look(t, t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got.Body), "The ministry says nothing here") || got.FinalURL != "http://press.example/" {
		t.Errorf("%s: %.2000s", got.FinalURL, got.Body)
	}
	Close()
	mu.Lock()
	defer mu.Unlock()
	for _, what := range reached {
		t.Errorf("reached inside: %s", what)
	}
	for line := range strings.Lines(s.requests()) {
		if !strings.Contains(line, "http://press.example/") {
			t.Errorf("asked through the program: %s", line)
		}
	}
	if !strings.Contains(s.requests(), "/hop") {
		t.Errorf("the page's own requests were not made: %s", s.requests())
	}
}

// A page that never ends is taken as it stands or given up, and keeps nobody
// waiting who no longer wants it.
func TestPagesThatNeverRest(t *testing.T) {
	needsChromium(t)
	s := newSite(t, map[string]string{
		"/robots.txt": "", "/": "<h1>Calm</h1><p>A statement of some words.</p>", "/busy": `<h1>Busy</h1><p>A statement that is longer than a word or two.</p><script>while (true) {}</script>`,
	})
	if _, err := s.look(t, t.Context(), "/"); err != nil { // opens the browser
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	began := time.Now()
	if got, err := s.look(t, ctx, "/busy"); err == nil {
		t.Errorf("%+v", got)
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("took %s", took)
	}
}
