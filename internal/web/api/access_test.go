package api

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// Each operation lets in whoever has its scope or a wider one, and nobody else; read-only, nobody changes anything.
func TestScopes(t *testing.T) {
	d := open(t)
	_, a := build(d.options)
	readOnly := d.options
	readOnly.ReadOnly = true
	closed := New(readOnly)
	for path, item := range a.huma.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op == nil {
				continue
			}
			needed := op.Metadata["scope"].(Scope)
			address := examples.Replace(path) + queries[op.OperationID]
			for _, scope := range []Scope{"", "nonsense", Read, Decide, Admin} {
				if scope.May(needed) && method != http.MethodGet {
					continue // what it does is tested elsewhere
				}
				r := d.ask(scope, method, address, map[bool]string{true: "", false: "{}"}[method == http.MethodGet])
				switch want := map[bool]int{true: http.StatusForbidden, false: http.StatusUnauthorized}[rank[scope] > 0]; {
				case scope.May(needed):
					if r.StatusCode == http.StatusUnauthorized || r.StatusCode == http.StatusForbidden {
						t.Errorf("%s %s refuses %q: %d", method, path, scope, r.StatusCode)
					}
				case r.StatusCode != want:
					t.Errorf("%s %s answers %q with %d, not %d", method, path, scope, r.StatusCode, want)
				default:
					d.problem(r)
					if want == http.StatusUnauthorized && r.Header.Get("WWW-Authenticate") == "" {
						t.Errorf("%s %s does not say how to sign in", method, path)
					}
				}
			}
			if method != http.MethodGet {
				open := d.handler
				d.handler = closed
				if p := d.problem(d.ask(Admin, method, address, "{}")); p.Status != http.StatusForbidden || !strings.HasSuffix(p.Type, "read-only") {
					t.Errorf("%s %s of a store that is read-only: %+v", method, path, p)
				}
				d.handler = open
			}
		}
	}
	if found, err := d.store.Reversals(t.Context(), state.ReversalFilter{Decisions: []state.Decision{state.Confirmed, state.Dismissed}}); err != nil || len(found) > 0 {
		t.Errorf("somebody decided who may not: %v, %v", found, err)
	}
}

// Problems of each kind say what is wrong, and what to do.
func TestProblems(t *testing.T) {
	d := open(t)
	long := strings.Repeat("x", maxBody+1)
	for _, test := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		kind, says               string
	}{
		{"unknown path", "GET", "/statments", "", nil, 404, "not-found", "did you mean /api/v1/statements"},
		{"hostile path", "GET", "/..%2f..%2fetc%2fpasswd", "", nil, 404, "not-found", "openapi.json"},
		{"unknown statement", "GET", "/statements/nobody", "", nil, 404, "not-found", "nobody"},
		{"ambiguous statement", "GET", "/statements/s-", "", nil, 409, "ambiguous", "more of the identifier"},
		{"unknown revision", "GET", "/statements/s-1/revisions/9", "", nil, 404, "not-found", "its revisions are 1 to 2"},
		{"revision of letters", "GET", "/statements/s-1/revisions/one", "", nil, 422, "invalid-request", "path.n"},
		{"another statement's capture", "GET", "/statements/s-1/captures/" + statement.SHA256([]byte("s-2")) + "/raw", "", nil, 404, "not-found", "captures lists them"},
		{"capture by another name", "GET", "/statements/s-1/captures/..%2f..%2fvolteface.db/raw", "", nil, 422, "invalid-request", "path.sha256"},
		{"wrong method", "DELETE", "/statements/s-1", "", nil, 405, "method-not-allowed", "it takes GET"},
		{"misspelt parameter", "GET", "/statements?sorce=kremlin", "", nil, 422, "invalid-request", `did you mean \"source\"`},
		{"misspelt source", "GET", "/statements?source=kremln", "", nil, 422, "invalid-request", `did you mean \"kremlin\"`},
		{"misspelt source in a path", "GET", "/sources/kremln", "", nil, 404, "not-found", `did you mean \"kremlin\"`},
		{"misspelt issuer", "GET", "/issuers/ir_mfaa/months", "", nil, 404, "not-found", `did you mean \"ir_mfa\"`},
		{"misspelt topic", "GET", "/topics/drone", "", nil, 404, "not-found", `did you mean \"drones\"`},
		{"misspelt state", "GET", "/changes?state=CHANGD", "", nil, 422, "invalid-request", "did you mean CHANGED"},
		{"unknown level", "GET", "/reversals?level=sure", "", nil, 422, "invalid-request", "level"},
		{"limit beyond", "GET", "/statements?limit=100000", "", nil, 422, "invalid-request", "limit"},
		{"no date", "GET", "/statements?since=yesterday", "", nil, 422, "invalid-request", "write 2022-11-05"},
		{"no cursor", "GET", "/statements?cursor=AAAA", "", nil, 422, "invalid-request", "cursor"},
		{"cursor of another list", "GET", "/statements?cursor=" + (cursor{List: "reversals", ID: "x"}).String(), "", nil, 422, "invalid-request", "cursor"},
		{"no words", "GET", "/search?q=", "", nil, 422, "invalid-request", "q"},
		{"words that are none", "GET", "/search?q=%22", "", nil, 422, "invalid-request", "q"},
		{"no reason", "POST", "/reversals/f-1/dismiss", `{}`, nil, 422, "invalid-request", "another period"},
		{"blank reason", "POST", "/reversals/f-1/dismiss", `{"reason": " \n "}`, nil, 422, "invalid-request", "another period"},
		{"unknown field", "POST", "/reversals/f-1/dismiss", `{"reson": "x"}`, nil, 422, "invalid-request", "reson"},
		{"decided meanwhile", "POST", "/reversals/f-1/confirm", `{"expect": "dismissed"}`, nil, 409, "conflict", "read it again"},
		{"not dropped", "POST", "/reversals/f-1/restore", "", nil, 409, "conflict", "not dropped"},
		{"no JSON", "POST", "/reversals/f-1/confirm", `{"reason": `, nil, 400, "invalid-request", "body"},
		{"another kind of body", "POST", "/reversals/f-1/confirm", `reason=x`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported-body", "urlencoded"},
		{"a body without end", "POST", "/reversals/f-1/confirm", `{"reason": "` + long + `"}`, nil, 413, "too-large", ""},
		{"mute of nobody", "PUT", "/mutes/kremln", `{"until": "8h"}`, nil, 404, "not-found", `did you mean \"kremlin\"`},
		{"mute in the past", "PUT", "/mutes/kremlin", `{"until": "2001-01-01"}`, nil, 422, "invalid-request", "in the past"},
		{"not muted", "DELETE", "/mutes/kremlin", "", nil, 404, "not-found", "is not muted"},
		{"no such alert", "GET", "/alerts/99999", "", nil, 404, "not-found", "99999"},
		{"visit of what is not planned", "POST", "/sources/kremlin/visit", "", nil, 409, "conflict", "has not planned"},
	} {
		r := d.ask(Admin, test.method, test.path, test.body, test.header...)
		content, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(content)))
		p := d.problem(r)
		if p.Status != test.status || p.Type != "urn:volteface:problem:"+test.kind || !strings.Contains(string(content), test.says) {
			t.Errorf("%s: %d %s", test.name, r.StatusCode, content)
		}
		if len(content) > 4000 {
			t.Errorf("%s is answered with %d bytes", test.name, len(content))
		}
	}
	d.store.Close()
	if p := d.problem(d.ask(Read, "GET", "/stats", "")); p.Status != 500 || strings.Contains(p.Detail, "closed") {
		t.Errorf("a store that is closed: %+v", p)
	}
}

// What has not changed costs nothing, and what has is told.
func TestETag(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/statements", "/reversals/f-1", "/changes", "/openapi.json"} {
		first := d.ask(Read, "GET", path, "")
		tag := first.Header.Get("ETag")
		if first.StatusCode != 200 || tag == "" {
			t.Fatalf("%s: %d, ETag %q", path, first.StatusCode, tag)
		}
		for _, named := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			again := d.ask(Read, "GET", path, "", "If-None-Match", named)
			content, _ := io.ReadAll(again.Body)
			if again.StatusCode != 304 || len(content) > 0 || again.Header.Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d, %d bytes", path, named, again.StatusCode, len(content))
			}
		}
		if r := d.ask("", "GET", path, "", "If-None-Match", tag); r.StatusCode != 401 {
			t.Errorf("%s without a key: %d", path, r.StatusCode)
		}
		if r := d.ask(Read, "HEAD", path, ""); r.Header.Get("ETag") != tag {
			t.Errorf("HEAD %s: %q", path, r.Header.Get("ETag"))
		}
	}
	tag := d.ask(Read, "GET", "/reversals/f-1", "").Header.Get("ETag")
	if r := d.ask(Decide, "POST", "/reversals/f-1/confirm", `{}`); r.StatusCode != 200 {
		t.Fatalf("confirm: %d", r.StatusCode)
	}
	if r := d.ask(Read, "GET", "/reversals/f-1", "", "If-None-Match", tag); r.StatusCode != 200 || r.Header.Get("ETag") == tag {
		t.Errorf("after a decision: %d, %q", r.StatusCode, r.Header.Get("ETag"))
	}
}

// walk reads a list to its end, two items at a time, and does something between the pages.
func walk[T any](d *desk, path string, between func(page int)) (all []T) {
	d.Helper()
	next := ""
	for page := 0; ; page++ {
		p := get[Page[T]](d, path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"limit=2&cursor="+next)
		all = append(all, p.Items...)
		if next = p.Next; next == "" || page > 100 {
			return all
		}
		between(page)
	}
}

// Lists are complete, in order and without repetition, while more comes on top of them.
func TestPagesWhileMoreComes(t *testing.T) {
	d := open(t)
	come := func(page int) {
		d.say(fmt.Sprintf("new-%d", page), noon.AddDate(0, 0, 1+page))
		d.find(fmt.Sprintf("a-new-%d", page), "s-3", "s-1", 1)
		d.update(func(tx state.Tx) error {
			if _, err := tx.AddEvent(statement.Event{At: noon, State: statement.Removed, Source: "iran-mfa", Statement: "s-1"}); err != nil {
				return err
			}
			if err := tx.PutStance(state.Stance{Topic: "drones", Proposition: "supplied", Statement: "s-4", Revision: 1, Said: noon.AddDate(0, 0, -1), Stance: "denies", Span: statement.Span{Start: page, End: page + 1}}); err != nil {
				return err
			}
			return tx.Enqueue(statement.Alert{Key: fmt.Sprintf("new-%d", page), Kind: statement.AlertEvent, Source: "iran-mfa", Channel: "email", State: statement.Sent, CreatedAt: noon})
		})
	}
	check := func(list string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", list, got, want)
		}
	}
	var ids []string
	for _, s := range walk[wire.Statement](d, "/statements", come) {
		ids = append(ids, s.ID)
	}
	check("statements", ids, "s-0", "s-1", "s-2", "s-3", "s-4")
	ids = nil
	before := len(walk[change](d, "/changes", func(int) {}))
	for _, c := range walk[change](d, "/changes?source=iran-mfa&state=changed", come) {
		ids = append(ids, fmt.Sprint(c.Event))
	}
	check("changes", ids, "5", "4", "3", "2", "1")
	if before != 6+2 { // two pages of statements came before
		t.Errorf("%d changes", before)
	}
	ids = nil
	for _, f := range walk[wire.Reversal](d, "/reversals?until=2022-11-06&statement=s-4", come) {
		ids = append(ids, f.ID)
	}
	check("reversals", ids, "f-2", "f-3")
	ids = nil
	for _, p := range walk[wire.Position](d, "/topics/drones/positions?issuer=ir_mfa", come) {
		ids = append(ids, fmt.Sprint(p.Span[0]))
	}
	check("positions", ids, "0", "1", "2", "3", "4")
	pair := func(id string, day int) {
		d.update(func(tx state.Tx) error {
			return tx.PutCounterpart(state.Paired{Counterpart: statement.Counterpart{ID: id, Kind: statement.Edition, A: statement.Account{Statement: "s-1", Source: "iran-mfa"}, B: statement.Account{Statement: "s-2", Source: "iran-mfa"}}, Said: noon.AddDate(0, 0, day), FoundAt: noon})
		})
	}
	for i, id := range []string{"e-1", "e-2", "e-3", "e-4", "e-5"} {
		pair(id, -i/3)
	}
	ids = nil
	for _, e := range walk[wire.Editions](d, "/editions?all=true", func(page int) { pair(fmt.Sprintf("a-new-%d", page), 9) }) {
		ids = append(ids, e.ID)
	}
	check("editions", ids, "e-1", "e-2", "e-3", "e-4", "e-5")
	var numbers []int64
	for _, a := range walk[wire.Alert](d, "/deliveries", come) {
		numbers = append(numbers, a.ID)
	}
	if !slices.IsSortedFunc(numbers, func(a, b int64) int { return int(b - a) }) || len(slices.Compact(numbers)) != len(numbers) || numbers[len(numbers)-1] != 1 {
		t.Errorf("deliveries: %v", numbers)
	}
}

// Whatever a page says, answers are JSON that nothing takes for a page, and captured bytes are for saving.
func TestHostileValues(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/statements/s-1", "/reversals", "/changes", "/topics", "/issuers", "/alerts/1", "/search?q=drones", "/statements/s-1/captures/" + statement.SHA256([]byte("s-1")) + "/raw"} {
		r := d.ask(Read, "GET", path, "", "Accept", "text/html,*/*", "Origin", "https://evil.example")
		content, _ := io.ReadAll(r.Body)
		kind := r.Header.Get("Content-Type")
		raw := strings.HasSuffix(path, "/raw")
		if r.StatusCode != 200 || kind != map[bool]string{true: "application/octet-stream", false: "application/json"}[raw] {
			t.Errorf("%s: %d as %q", path, r.StatusCode, kind)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Cache-Control": "private", "Vary": "Authorization"} {
			if !strings.Contains(r.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, r.Header.Get(name))
			}
		}
		if r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may be read by other sites", path)
		}
		if raw && (string(content) != hostile || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment")) {
			t.Errorf("%s: %q as %q", path, content, r.Header.Get("Content-Disposition"))
		}
	}
	if got := get[wire.Shown](d, "/statements/s-1"); !strings.HasSuffix(got.Text, strings.ToValidUTF8(hostile, "")) || got.Title != hostile {
		t.Errorf("the text is not what it was: %q", got.Text)
	}
}

// A panic inside is an answer, and not the end.
func TestPanic(t *testing.T) {
	d := open(t)
	d.options.Office = nil
	d.handler = New(d.options)
	if p := d.problem(d.ask(Read, "GET", "/sources", "")); p.Status != 500 {
		t.Errorf("%+v", p)
	}
	r := httptest.NewRequest("GET", "http://desk.example"+Root+"/statements", nil)
	d.options.Authorize = func(*http.Request) (Caller, error) { return Caller{}, problemOf(429, "busy", "too often", "") }
	w := httptest.NewRecorder()
	New(d.options).ServeHTTP(w, r)
	if w.Code != 429 {
		t.Errorf("what Authorize says is answered with %d", w.Code)
	}
}

// What can be done by a page or a command can be done here.
func TestDoing(t *testing.T) {
	d := open(t)
	do := func(method, path, content string, status int, says ...string) {
		t.Helper()
		r := d.ask(Admin, method, path, content)
		answer, _ := io.ReadAll(r.Body)
		if r.StatusCode != status {
			t.Errorf("%s %s: %d %s", method, path, r.StatusCode, answer)
		}
		for _, s := range says {
			if !strings.Contains(string(answer), s) {
				t.Errorf("%s %s does not say %s: %s", method, path, s, answer)
			}
		}
	}
	do("POST", "/reversals/f-2/dismiss", `{"reason": "another period", "expect": "open"}`, 200, `"decision":"dismissed"`, `"reason":"another period"`, `"others":`)
	do("GET", "/reversals?decision=dismissed&statement=s-4", "", 200, `"f-2"`)
	do("POST", "/reversals/f-2/note", `{"note": "asked the embassy"}`, 201, `"note":"asked the embassy"`, `"by":"Nina"`, `"via":"API"`)
	do("POST", "/reversals/f-2/note", `{"note": "  "}`, 422, "empty")
	do("GET", "/reversals/f-2/history", "", 200, `"kind":"dismissed"`, `"reason":"another period"`, `"kind":"noted"`, `"by":"Nina"`)
	do("POST", "/reversals/f-2/reopen", `{}`, 200, `"decision":""`)
	do("POST", "/reversals/f-2/confirm", `{}`, 200, `"decision":"confirmed"`)
	do("POST", "/sources/iran-mfa/visit", "", 202, `"id":"iran-mfa"`)
	if due, err := d.store.Due(t.Context(), noon.Add(time.Hour-time.Second)); err != nil || len(due.Visits) != 1 {
		t.Errorf("a visit now is not due: %+v, %v", due, err)
	}
	do("POST", "/sources/iran-mfa/pause", `{"until": "3d", "reason": "they rebuild"}`, 200, `"paused_by":"Nina"`, `"pause_reason":"they rebuild"`, `2022-11-08`)
	do("POST", "/sources/iran-mfa/visit", "", 409, "paused")
	do("GET", "/sources/iran-mfa", "", 200, `"paused_since":"2022`)
	do("POST", "/sources/iran-mfa/resume", "", 200)
	if pauses, err := d.store.Pauses(t.Context(), noon); err != nil || len(pauses) > 0 {
		t.Errorf("it goes on: %+v, %v", pauses, err)
	}
	d.office.attended = false
	do("POST", "/sources/iran-mfa/visit", "", 409, "no daemon", "volteface scrape iran-mfa")
	do("PUT", "/mutes/drones", `{"until": "8h"}`, 200, `"held":1`, "2022-11-05T20:00:00Z")
	do("GET", "/mutes", "", 200, `"drones"`)
	do("DELETE", "/mutes/drones", "", 200, `"due":1`)
	do("POST", "/alerts/retry", `{"ids": [2]}`, 202, `"waiting":0`)
	if !slices.Equal(d.office.retried, []int64{2}) {
		t.Errorf("tried again: %v", d.office.retried)
	}
}
