package web

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"volteface/internal/statement"
	"volteface/state"
)

// hostile is what a page may have in any field.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e'{{.}}"

// arabic is a sentence that is written from right to left.
const arabic = "نفت إيران تزويد روسيا بالطائرات المسيرة."

// seed puts two statements, the second in three revisions, and a finding between them into the store.
func (f *fixture) seed(text func(string) string) {
	f.Helper()
	quote := func(id string, day int, body string) statement.Quote {
		return statement.Quote{Statement: id, Revision: 1, Source: "iran-mfa", Issuer: text("Iran MFA"), Title: text("On drones"), URL: "https://mfa.example/" + id,
			Published: statement.Date{Time: time.Date(2022, 10, day, 0, 0, 0, 0, time.UTC)}, Speaker: text("the spokesman"), Text: body, Language: "en",
			Span: statement.Span{Start: 0, End: len(body)}, Flagged: statement.Span{Start: 5, End: 9}, Snapshot: statement.SHA256([]byte(id))}
	}
	before, after := quote("s-before", 3, text("Iran has not sent drones to Russia.")), quote("s-after", 9, text("Iran did send drones to Russia."))
	f.update(func(tx state.Tx) error {
		for _, q := range []statement.Quote{before, after} {
			st := statement.Statement{ID: q.Statement, Source: q.Source, URL: q.URL, Title: q.Title, Published: q.Published, Language: "en", Revision: 1, FirstSeen: noon, LastSeen: noon}
			revisions := []string{q.Text + "\n\nThe end.", q.Text + "\n\nThe very end.", q.Text + "\n\n" + arabic}
			if q.Statement == "s-before" {
				revisions = revisions[:1]
			}
			st.Revision = len(revisions)
			errs := []error{tx.PutStatement(st)}
			for i, body := range revisions {
				errs = append(errs, tx.PutRevision(statement.Revision{Statement: st.ID, N: i + 1, Title: st.Title, Body: body, Published: st.Published, Language: "en",
					Speakers: []string{q.Speaker}, Hash: statement.SHA256([]byte(body)), Snapshot: q.Snapshot, ContentType: "text/html", URL: st.URL, SeenAt: noon.Add(time.Duration(i) * time.Hour)}))
				if i > 0 {
					errs = append(errs, tx.PutEdit(statement.Edit{Statement: st.ID, From: i, To: i + 1, At: noon, Summary: text("one word"),
						Judgement: statement.Judgement{Class: statement.ClassSubstantive, Importance: 2, Kinds: []statement.EditKind{statement.KindHedge}}}))
				}
			}
			errs = append(errs, tx.PutSnapshot(statement.Snapshot{Statement: st.ID, SHA256: q.Snapshot, Size: 9, URL: st.URL, FinalURL: text("https://mfa.example/x"), Status: 200,
				Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, FetchedAt: noon}))
			if err := errors.Join(errs...); err != nil {
				return err
			}
		}
		finding := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: noon}
		finding.Reversal = statement.Reversal{ID: "turn1", Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Kind: text("denial"), Score: 0.93, Topic: "drones",
			TopicName: text("Drone supply"), Before: before, After: after, Explanation: text("why"), Engine: text("e1")}
		_, err := tx.PutReversal(finding)
		if err == nil {
			_, err = tx.AddEvent(statement.Event{At: noon, State: statement.Changed, Source: "iran-mfa", Statement: "s-after", Revision: 2, Reason: text("one word"), Class: statement.ClassSubstantive, Importance: 2})
		}
		if err == nil {
			_, err = tx.AddEvent(statement.Event{At: noon, State: statement.Faulted, Source: "iran-mfa", Reason: text("blocked")})
		}
		return errors.Join(err, tx.PutSourceStatus(statement.SourceStatus{Source: "iran-mfa", Fault: text("blocked"), FaultSince: noon}))
	})
	f.bytes[before.Snapshot] = []byte("<p>before</p>")
	f.bytes[after.Snapshot] = []byte("<p>after</p>")
}

func plain(s string) string { return s }

func hash(of string) string { return statement.SHA256([]byte(of)) }

// pages are those of the seeded store.
func pagesOf() []string {
	return []string{"/", "/?show=all&order=weight", "/reversals/turn1", "/statements/s-after", "/statements/s-after?n=1", "/statements/s-after?from=1&to=3",
		"/statements/s-after?from=1&to=3&view=side&whole=1&item=e:1", "/captures/s-after/" + hash("s-after"), "/people", "/me"}
}

// Whatever a page of the web holds, it is text on ours.
func TestHostileTextsAreText(t *testing.T) {
	f := open(t, nil)
	f.seed(func(s string) string { return s + hostile })
	b := f.as(state.RoleAdmin)
	if code, body, _ := b.post("/people", "login", "x@y.example", "name", hostile, "role", "reader"); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	if code, body, _ := b.post("/reversals/turn1/note", "do", "note", "note", hostile); code != http.StatusSeeOther {
		t.Fatalf("%d %s", code, body)
	}
	for _, path := range append(pagesOf(), "/?kind="+hostileQuery, "/?done="+hostileQuery, "/?language="+hostileQuery, "/sign-in?next="+hostileQuery) {
		_, body, _ := b.get(path)
		check(t, path, body)
	}
}

var hostileQuery = strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", " ", "%20", "{", "%7B", "}", "%7D", "'", "%27", "\u202e", "").Replace(hostile)

// check looks at a page as a browser would: no script but ours, no handlers, no addresses elsewhere but http(s) links, no styles.
func check(t *testing.T, path, body string) {
	t.Helper()
	if strings.Contains(body, "\u202e") {
		t.Errorf("%s: what turns the direction of writing got through", path)
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && n.FirstChild != nil || n.Data == "style" || n.Data == "img" {
			t.Errorf("%s has a <%s>", path, n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", strings.HasPrefix(a.Val, "javascript:"):
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			case a.Key == "src", a.Key == "href" && n.Data == "link", a.Key == "action":
				if !strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//") {
					t.Errorf("%s: <%s %s=%q> leads elsewhere", path, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestTheReversalPage(t *testing.T) {
	f := open(t, nil)
	f.seed(plain)
	reader, analyst := f.as(state.RoleReader), f.as(state.RoleAnalyst)
	body := reader.sees("/reversals/turn1", http.StatusOK, "Drone supply: words of 9 Oct 2022 appear to contradict those of 3 Oct 2022", "<mark>has </mark>", "<mark>did </mark>", "the spokesman",
		"Archived copy", "score 0.93", "SHA-256 "+hash("s-after"), "Nobody has dealt with it yet")
	if strings.Contains(body, `value="confirmed"`) {
		t.Error("a reader is shown what they may not do")
	}
	reader.sees("/reversals/turn", http.StatusSeeOther) // a beginning is enough
	reader.sees("/reversals/nothing", http.StatusNotFound)
	analyst.sees("/reversals/turn1", http.StatusOK, `value="confirmed"`, `name="as_of" value="0"`)
	analyst.sees("/?show=unread", http.StatusOK)
	if _, unread, _ := analyst.get("/?show=unread"); strings.Contains(unread, "/reversals/turn1") {
		t.Error("what was looked at is unread")
	}
	if code, _, _ := analyst.post("/reversals/turn1/decision", "decision", "dismissed", "as_of", "0"); code != http.StatusUnprocessableEntity {
		t.Errorf("dismissed without a reason: %d", code)
	}
	if code, _, _ := analyst.post("/reversals/turn1/decision", "decision", "dismissed", "reason", "other", "as_of", "0"); code != http.StatusUnprocessableEntity {
		t.Errorf("dismissed for another reason, which is not said: %d", code)
	}
	if code, _, _ := reader.post("/reversals/turn1/decision", "decision", "confirmed"); code != http.StatusForbidden {
		t.Errorf("a reader decides: %d", code)
	}
	code, _, head := analyst.post("/reversals/turn1/decision", "decision", "dismissed", "reason", "another period", "other", "2019, not 2022", "note", "see <their> page", "as_of", "0")
	if code != http.StatusSeeOther || head.Get("Location") != "/reversals/turn1?done=dismissed" {
		t.Fatalf("%d %s", code, head.Get("Location"))
	}
	analyst.sees(head.Get("Location"), http.StatusOK, "Dismissed. It does not come back.", "The analyst", "another period: 2019, not 2022", "see &lt;their&gt; page", "Take this back")
	if code, _, _ := analyst.post("/reversals/turn1/decision", "decision", "confirmed", "as_of", "0"); code != http.StatusConflict {
		t.Errorf("a decision made on an old page: %d", code)
	}
	if _, body, _ := analyst.get("/"); strings.Contains(body, "/reversals/turn1") {
		t.Error("what is decided stays in the inbox")
	}
	if code, _, _ := analyst.post("/reversals/turn1/decision", "decision", "reopened", "as_of", "1"); code != http.StatusSeeOther {
		t.Errorf("taken back: %d", code)
	}
	analyst.post("/reversals/turn1/note", "do", "assign", "assignee", "p-reader")
	analyst.sees("/reversals/turn1", http.StatusOK, "assigned it to", "for <bdi>The reader</bdi>")
	reader.sees("/?show=mine", http.StatusOK, "/reversals/turn1")
	if code, _, _ := analyst.post("/reversals/turn1/note", "do", "assign", "assignee", "nobody"); code != http.StatusNotFound {
		t.Errorf("assigned to nobody known: %d", code)
	}
	decided, err := f.store.Reversal(t.Context(), "turn1")
	if err != nil || decided.Review.Decision != state.Open {
		t.Errorf("%+v %v", decided.Review, err)
	}
}

func TestTheInbox(t *testing.T) {
	f := open(t, nil)
	f.seed(plain)
	b := f.as(state.RoleAnalyst)
	b.sees("/", http.StatusOK, "All <b>3</b>", "/reversals/turn1", "/statements/s-after?from=1&amp;to=2&amp;item=e%3A1#diff", "/sources/iran-mfa", "unread")
	b.sees("/?kind=edited&issuer=ir_mfa", http.StatusOK, "/statements/s-after")
	b.sees("/?issuer=none", http.StatusOK, "Nothing needs you here")
	b.sees("/?after=nonsense", http.StatusNotFound)
	for _, c := range []struct {
		fields []string
		want   int
	}{
		{[]string{"do", "dismiss"}, 422}, {[]string{"item", "e:1"}, 422}, {[]string{"item", "e:99", "do", "read"}, 404}, {[]string{"item", "e:01", "do", "read"}, 404},
		{[]string{"item", "x", "do", "dismiss"}, 404}, {[]string{"item", "r:turn1", "do", "dismiss"}, 422}, {[]string{"item", "r:tur", "do", "dismiss", "reason", "x"}, 404},
		{[]string{"item", "e:1", "item", "e:2", "item", "r:turn1", "do", "read", "back", "//evil.example"}, 303},
	} {
		if code, _, head := b.post("/inbox", c.fields...); code != c.want || code == 303 && head.Get("Location") != "/?done=read" {
			t.Errorf("%v: %d %s", c.fields, code, head.Get("Location"))
		}
	}
	b.sees("/?show=unread", http.StatusOK, "Nothing needs you here")
	if code, _, _ := b.post("/inbox", "item", "e:1", "item", "r:turn1", "do", "dismiss", "reason", "another matter", "back", "/?order=weight"); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	body := b.sees("/", http.StatusOK, "All <b>1</b>")
	if strings.Contains(body, "s-after") {
		t.Error("what was done stays")
	}
	b.sees("/?show=all", http.StatusOK, "All <b>3</b>", "dismissed", "done")
	history, err := f.store.History(t.Context(), "r:turn1")
	if err != nil || len(history) != 1 || history[0].By != "The analyst" || history[0].Via != "desk" || history[0].Reason != "another matter" {
		t.Errorf("%+v %v", history, err)
	}
}

func TestTheStatementPage(t *testing.T) {
	f := open(t, nil)
	f.seed(plain)
	b := f.as(state.RoleReader)
	body := b.sees("/statements/s-after", http.StatusOK, "3 revisions", `dir="ltr"`, "The text as published", "Captures", "/reversals/turn1")
	if n := strings.Count(body, `class="bar"`); n != 3 {
		t.Errorf("%d bars", n)
	}
	heights := regexp.MustCompile(`class="bar" [^>]*height="(\d+)"`).FindAllStringSubmatch(body, -1)
	if len(heights) != 3 || heights[2][1] != "64" || heights[1][1] >= heights[2][1] {
		t.Errorf("heights %v", heights)
	}
	b.sees("/statements/s-after?n=2", http.StatusOK, "The very end.", "revision 2 of 3")
	b.sees("/statements/s-after?from=1&to=2", http.StatusOK, "<ins>very </ins>", `id="c1"`, "Edit after")
	side := b.sees("/statements/s-after?from=1&to=3&view=side", http.StatusOK, "<del>", "<ins>", `dir="auto"`, "The whole text")
	if left := side[strings.Index(side, `id="c1"`):]; strings.Index(left, "<del>") > strings.Index(left, "</td>") {
		t.Error("what went does not stand on the left")
	}
	b.sees("/statements/s-after?from=1&to=9", http.StatusNotFound)
	b.sees("/statements/nothing", http.StatusNotFound)
	b.sees("/statements/s-", http.StatusNotFound, "More than one begins")

	f.clock.Set(noon.Add(90 * time.Minute)) // between the second and the third revision
	analyst := f.as(state.RoleAnalyst)
	analyst.sees("/statements/s-after", http.StatusOK)
	f.clock.Set(noon.Add(3 * time.Hour))
	analyst.sees("/statements/s-after", http.StatusOK, "/statements/s-after?from=2&amp;to=3#diff", "What changed since I last looked")
	if _, body, _ := analyst.get("/statements/s-after"); strings.Contains(body, "since I last looked") {
		t.Error("nothing has changed since")
	}
}

// Archived pages are shown as they were, but nothing in them lives; one statement's captures are not seen through another.
func TestArchivedPagesAreStill(t *testing.T) {
	f := open(t, nil)
	f.seed(plain)
	page := `<!doctype html><html><head><base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example"><link rel=preconnect href="https://evil.example">
		<style>p{background:url(https://evil.example/x)}</style><script>alert(1)</script></head><body onload=alert(1)><h1 style="color:red">What was <b>said</b></h1>
		<a href="https://evil.example/" ping="https://evil.example/p">a link</a><img src="https://evil.example/x.png" srcset="//evil.example/y 2x" alt="a map"><img src="data:image/png;base64,AAAA">
		<iframe src="https://evil.example"></iframe><svg><script>alert(1)</script></svg><form action="https://evil.example"><button formaction="https://evil.example">send</button></form>
		<video src="https://evil.example/v" poster="https://evil.example/p"></video><object data="https://evil.example"></object><x-widget onclick=a>custom</x-widget><noscript><img src=x></noscript></body></html>`
	sha := hash("s-after")
	f.bytes[sha] = []byte(page)
	b := f.as(state.RoleReader)
	b.sees("/captures/s-after/"+sha, http.StatusOK, `sandbox src="/archived/s-after/`+sha+`"`, sha)
	code, body, head := b.get("/archived/s-after/" + sha)
	if code != http.StatusOK || !strings.Contains(body, "<b>said</b>") || !strings.Contains(body, `alt="a map"`) || !strings.Contains(body, `title="https://evil.example/"`) {
		t.Errorf("%d %s", code, body)
	}
	for _, csp := range []string{"default-src 'none'", "sandbox", "form-action 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(head.Get("Content-Security-Policy"), csp) {
			t.Errorf("%s lacks %s", head.Get("Content-Security-Policy"), csp)
		}
	}
	if strings.Contains(head.Get("Content-Security-Policy"), "allow-") || strings.Contains(head.Get("Content-Security-Policy"), "unsafe") {
		t.Error(head.Get("Content-Security-Policy"))
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, bad := range []string{"script", "style", "link", "meta", "base", "iframe", "object", "svg", "video", "noscript", "x-widget"} {
			if n.Type == html.ElementNode && n.Data == bad {
				t.Errorf("a <%s> is left", bad)
			}
		}
		for _, a := range n.Attr {
			if a.Key != "title" && (strings.Contains(a.Val, "evil") || strings.HasPrefix(a.Key, "on")) {
				t.Errorf("<%s %s=%q> is left", n.Data, a.Key, a.Val)
			}
		}
	}
	code, raw, head := b.get("/archived/s-after/" + sha + "/bytes")
	if code != http.StatusOK || raw != page || head.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") {
		t.Errorf("bytes: %d %v", code, head)
	}
	for _, path := range []string{"/archived/s-before/" + sha, "/captures/s-before/" + sha, "/archived/s-after/" + hash("else"), "/archived/s-before/" + sha + "/bytes", "/archived/s-after/..%2f..%2fx"} {
		if code, _, _ := b.get(path); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
	for _, path := range []string{"/archived/s-after/" + sha, "/archived/s-after/" + sha + "/bytes", "/captures/s-after/" + sha, "/reversals/turn1", "/statements/s-after", "/people", "/me"} {
		if code, _, _ := f.stranger().get(path); code != http.StatusSeeOther {
			t.Errorf("a stranger sees %s: %d", path, code)
		}
	}
}

func TestRightToLeft(t *testing.T) {
	f := open(t, nil)
	f.seed(func(s string) string {
		if len(s) > 20 {
			return arabic
		}
		return s
	})
	b := f.as(state.RoleReader)
	if body := b.sees("/reversals/turn1", http.StatusOK); strings.Count(body, `<blockquote dir="rtl"`) != 2 {
		t.Error("a quotation in Arabic is not written from right to left")
	}
	b.sees("/statements/s-before", http.StatusOK, `<div class="text" dir="rtl"`)
}

func TestPeople(t *testing.T) {
	f := open(t, nil)
	admin, reader := f.as(state.RoleAdmin), f.as(state.RoleReader)
	reader.sees("/people", http.StatusForbidden)
	if code, _, _ := reader.post("/people/p-reader", "do", "role", "role", "admin"); code != http.StatusForbidden {
		t.Errorf("a reader makes themselves an administrator: %d", code)
	}
	code, body, _ := admin.post("/people", "login", "new@news.example", "name", "A New One", "role", "analyst")
	link := regexp.MustCompile(`http://127[^<]*(/password\?token=[0-9a-f]{64})`).FindStringSubmatch(body)
	if code != http.StatusOK || link == nil {
		t.Fatalf("%d %s", code, body)
	}
	if code, _, _ := admin.post("/people", "login", "NEW@news.example", "role", "analyst"); code != http.StatusUnprocessableEntity {
		t.Errorf("a login that is taken: %d", code)
	}
	b := f.stranger()
	b.sees(link[1], http.StatusOK, "A New One")
	_, token, _ := strings.Cut(link[1], "=")
	if code, _, _ := b.post("/password", "token", token, "password", password, "again", password); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	b.sees("/", http.StatusOK, "A New One")
	f.stranger().sees(link[1], http.StatusGone)
	for _, do := range [][]string{{"do", "role", "role", "reader"}, {"do", "end"}} { // the last administrator
		if code, _, _ := admin.post("/people/p-admin", do...); code != http.StatusConflict {
			t.Errorf("%v: %d", do, code)
		}
	}
	admin.post("/people/p-reader", "do", "end")
	reader.sees("/", http.StatusSeeOther)
	if code, _, _ := f.stranger().post("/sign-in", "login", "reader", "password", password); code != http.StatusUnauthorized {
		t.Errorf("access has ended, and yet: %d", code)
	}
	admin.post("/people/p-reader", "do", "restore")
	f.as(state.RoleReader).sees("/", http.StatusOK)
	if code, _, _ := admin.post("/people/nobody", "do", "end"); code != http.StatusNotFound {
		t.Errorf("nobody: %d", code)
	}
}

// What is another's cannot be named: not a session, not a key.
func TestOnesOwn(t *testing.T) {
	f := open(t, nil)
	reader, analyst := f.as(state.RoleReader), f.as(state.RoleAnalyst)
	theirs, err := f.store.Sessions(t.Context(), "p-analyst")
	if err != nil || len(theirs) != 1 {
		t.Fatal(theirs, err)
	}
	if code, _, _ := reader.post("/me", "do", "end-session", "session", theirs[0].Hash); code != http.StatusNotFound {
		t.Errorf("another's session: %d", code)
	}
	if code, _, _ := reader.post("/me", "do", "key", "scope", "decide"); code != http.StatusForbidden {
		t.Errorf("a key that may more: %d", code)
	}
	code, body, _ := analyst.post("/me", "do", "key", "scope", "decide", "name", "archive")
	secret := regexp.MustCompile(`<pre id="key"[^>]*>([0-9a-f]{64})`).FindStringSubmatch(body)
	if code != http.StatusOK || secret == nil {
		t.Fatalf("%d %s", code, body)
	}
	keys, err := f.store.APIKeys(t.Context(), "p-analyst")
	if err != nil || len(keys) != 1 || keys[0].Hash != hashOf(secret[1]) {
		t.Fatal(keys, err)
	}
	if code, _, _ := reader.post("/me", "do", "end-key", "key", keys[0].ID); code != http.StatusNotFound {
		t.Errorf("another's key: %d", code)
	}
	r, err := http.NewRequest(http.MethodPost, f.server.URL+"/me", strings.NewReader("do=key&scope=read"))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+secret[1])
	}
	if code, _, _ := f.stranger().do(r, err); code != http.StatusForbidden {
		t.Errorf("a key makes keys: %d", code)
	}
	if code, _, _ := analyst.post("/me", "do", "end-key", "key", keys[0].ID); code != http.StatusSeeOther {
		t.Errorf("one's own: %d", code)
	}
	other := f.as(state.RoleAnalyst)
	if code, _, _ := analyst.post("/me", "do", "password", "old", "wrong", "password", "a new password", "again", "a new password"); code != http.StatusUnprocessableEntity {
		t.Errorf("without the old password: %d", code)
	}
	if code, _, _ := analyst.post("/me", "do", "password", "old", password, "password", "a new password", "again", "a new password"); code != http.StatusSeeOther {
		t.Errorf("a new password: %d", code)
	}
	analyst.sees("/", http.StatusOK)
	other.sees("/", http.StatusSeeOther) // ended with the old password
}

func TestLinksInMails(t *testing.T) {
	f := open(t, nil)
	f.seed(plain)
	key, err := LinkKey(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := LinkKey(t.Context(), f.store); err != nil || string(again) != string(key) {
		t.Fatal("the key is another one each time")
	}
	link := MailLink(key, "turn1", "desk@news.example", noon)
	_, token, _ := strings.Cut(link, "=")
	b := f.stranger()
	body := b.sees(link, http.StatusOK, "words of 9 Oct 2022", "Confirm", "desk@news.example")
	if strings.Contains(body, "/people") || strings.Contains(body, "Assign") {
		t.Error("a link shows more than its finding")
	}
	if x, err := f.store.Reversal(t.Context(), "turn1"); err != nil || x.Review.Decision != state.Open {
		t.Error("a link acts when it is only looked at")
	}
	packed, signature, _ := strings.Cut(token, ".")
	other := MailLink(key, "turn2", "desk@news.example", noon)
	forged := MailLink([]byte(strings.Repeat("k", linkKeyBytes)), "turn1", "desk@news.example", noon)
	_, otherToken, _ := strings.Cut(other, "=")
	otherPacked, _, _ := strings.Cut(otherToken, ".")
	for _, bad := range []string{"/decide", "/decide?token=", "/decide?token=" + packed, "/decide?token=" + packed + ".", "/decide?token=" + otherPacked + "." + signature, forged, other} {
		b.sees(bad, http.StatusGone)
		_, token, _ := strings.Cut(bad, "token=")
		if code, _, _ := b.post("/decide", "token", token, "decision", "confirmed"); code != http.StatusGone {
			t.Errorf("%s acts: %d", bad, code)
		}
	}
	b.sees("/", http.StatusSeeOther) // it signs nobody in
	if code, _, _ := b.post("/reversals/turn1/decision", "decision", "confirmed", "token", token); code != http.StatusUnauthorized {
		t.Errorf("a link decides elsewhere: %d", code)
	}
	f.clock.Set(noon.Add(mailLinkLasts))
	b.sees(link, http.StatusGone)
	f.clock.Set(noon.Add(mailLinkLasts - time.Second))
	code, _, head := b.post("/decide", "token", token, "decision", "confirmed", "as_of", "0", "note", "the ministry says so itself")
	if code != http.StatusSeeOther {
		t.Fatal(code)
	}
	b.sees(head.Get("Location"), http.StatusOK, "This is confirmed", "link in a mail")
	history, err := f.store.History(t.Context(), "r:turn1")
	if err != nil || len(history) != 1 || history[0].By != "desk@news.example" || history[0].Note != "the ministry says so itself" || history[0].Person != "" {
		t.Errorf("%+v %v", history, err)
	}
	for _, decision := range []string{"dismissed", "reopened", "confirmed"} {
		if code, _, _ := b.post("/decide", "token", token, "decision", decision, "reason", "x"); code != http.StatusConflict {
			t.Errorf("%s after it was decided: %d", decision, code)
		}
	}
}
