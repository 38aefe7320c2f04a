package monitor

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/fetch/browser"
	"volteface/internal/statement"
)

// pdfOf sets lines in a PDF of one page; no lines make a page with a grey box, as
// a scan is.
func pdfOf(lines ...string) string {
	content := "0.5 g 72 72 300 300 re f"
	for i, l := range lines {
		content += fmt.Sprintf("\nBT /F 12 Tf 72 %d Td (%s) Tj ET", 720-16*i, l)
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, start)
	return b.String()
}

// A statement published as a PDF is read like a page: it is new, its bytes are
// the capture, and when it is silently replaced that is an edit of its words.
func TestPDFIsAStatement(t *testing.T) {
	p, src := desk(t, 2)
	first := pdfOf("The ministry has never supplied weapons to any side of", "the conflict. It will not do so while the talks continue.")
	p.put("/9", "application/pdf", first)
	p.list("/", "/9", "/0", "/1")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("at first", p.visit(src, Options{}), "NEW /9")
	st, err := p.store.ByKey(t.Context(), src.ID, src.Key(p.URL+"/9"))
	p.must(err)
	r, err := p.store.Revision(t.Context(), st.ID, 0)
	p.must(err)
	if want := "The ministry has never supplied weapons to any side of the conflict. It will not do so while the talks continue."; r.Body != want || r.Title != "Title of /9" {
		t.Errorf("%q, %q", r.Title, r.Body)
	}
	kept, err := p.Blobs.Get(t.Context(), r.Snapshot)
	if err != nil || string(kept) != first {
		t.Errorf("the bytes kept are not those of the PDF: %d of %d, %v", len(kept), len(first), err)
	}
	second := strings.Replace(first, "never supplied weapons", "supplied some weapons ", 1)
	p.put("/9", "application/pdf", second)
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	findings, _ := p.look(src, Options{Recheck: RecheckAll})
	at := slices.IndexFunc(findings, func(f Finding) bool { return f.State == "CHANGED" })
	if at < 0 || findings[at].Statement != st.ID || findings[at].Class != "substantive" {
		t.Fatalf("replaced: %+v", findings)
	}
	if r, err = p.store.Revision(t.Context(), st.ID, 0); err != nil || !strings.Contains(r.Body, "has supplied some weapons") || r.N != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Of a scan it is told that it holds no text, and its bytes are kept.
func TestScanHoldsNoText(t *testing.T) {
	p, src := desk(t, 2)
	p.put("/9", "application/pdf", pdfOf())
	p.list("/", "/9", "/0", "/1")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	findings, _ := p.look(src, Options{})
	if len(findings) != 1 || findings[0].State != "UNREAD" || !strings.Contains(findings[0].Reason, "it is a PDF, and it holds no text") {
		t.Errorf("%+v", findings)
	}
	name := ""
	for a, err := range p.store.Archived(t.Context()) {
		p.must(err)
		if body, err := p.Blobs.Get(t.Context(), a.SHA256); err == nil && strings.HasPrefix(string(body), "%PDF") {
			name = a.SHA256
		}
	}
	if name == "" {
		t.Error("the bytes are not kept, or no record refers to them")
	}
}

// A site that scripts write is read where its source says render: browser. What
// was answered is kept beside what was shown; to switch the browser on is no news.
func TestSiteOfScripts(t *testing.T) {
	if _, err := browser.Find(); err != nil {
		t.Skipf("skipped: %v", err)
	}
	p := newPress(t)
	const shell = `<!doctype html><html><head><script src="/app.js" defer></script></head><body><div class="text">%s</div><div id="root"></div></body></html>`
	p.put("/app.js", "text/javascript", `fetch('/api' + location.pathname).then(r => r.json()).then(said => {
		const root = document.getElementById('root')
		if (said.links) { root.innerHTML = '<ul>' + said.links.map(l => '<li><a href="' + l + '">Title of ' + l + '</a></li>').join('') + '</ul>'; return }
		document.querySelector('div.text').innerHTML = '<p>' + said.text + '</p>'
		root.innerHTML = '<h1>' + said.title + '</h1><time>2 November 2022</time>' })`)
	p.put("/", "text/html", fmt.Sprintf(shell, ""))
	p.put("/1", "text/html", fmt.Sprintf(shell, "")) // an ETag that never changes
	p.put("/api/", "application/json", `{"links": ["/1"]}`)
	say := func(text string) {
		p.put("/api/1", "application/json", `{"title": "On the talks", "text": "`+text+`"}`)
	}
	say("The ministry has never supplied weapons to any side of the conflict.")
	src := p.source(func(s *statement.Source) { s.Render = statement.ByBrowser })
	p.expect("at first", p.visit(src, Options{}), "NEW /1")
	st, err := p.store.ByKey(t.Context(), src.ID, src.Key(p.URL+"/1"))
	p.must(err)
	kept, err := p.store.Snapshots(t.Context(), st.ID)
	p.must(err)
	var of []string
	for _, s := range kept {
		if _, err := p.Blobs.Get(t.Context(), s.SHA256); err != nil {
			t.Errorf("%s is not in the archive: %v", s.URL, err)
		}
		of = append(of, fmt.Sprintf("%s %v", strings.TrimPrefix(s.URL, p.URL), s.Header.Get(statement.RenderedHeader) != ""))
	}
	slices.Sort(of)
	if strings.Join(of, ", ") != "/1 false, /1 true, /api/1 false" {
		t.Errorf("kept: %s", of)
	}
	say("The ministry has supplied weapons to one side of the conflict.")
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	p.expect("edited", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /1")

	src.Render = ""
	p.put("/", "text/html", `<ul><li><a href="/1">Title of /1</a></li></ul>`)
	p.put("/1", "text/html", fmt.Sprintf(shell, "<h1>On the talks</h1><time>2 November 2022</time><p>Turn on JavaScript to read the statement of the ministry.</p>"))
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	p.expect("without the browser", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /1")
}

// Documents that a page links to are statements of their own: new with the page,
// edited when silently replaced, missed when taken away. Those of pages that were
// known before are no news; those of other sites and of the page's frame are left.
func TestAnnexes(t *testing.T) {
	p, src := desk(t, 2)
	list := pdfOf("The measures apply to 12 persons and 3 entities,", "whose names were published on Thursday in the capital.")
	p.put("/files/list.pdf", "application/pdf", list)
	p.put("/files/frame.pdf", "application/pdf", list)
	page := func(more string) {
		p.put("/9", "text/html", `<h1>Statement /9</h1><time>2 November 2022</time><div class="text"><p>Measures were taken against persons and entities.</p>`+
			`<p><a href="files/list.pdf#page=2">The list</a> and <a href="https://elsewhere.example/x.pdf">another</a>`+more+`</p></div><footer><a href="/files/frame.pdf">Rules</a></footer>`)
	}
	page("")
	p.list("/", "/9", "/0", "/1")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	findings, _ := p.look(src, Options{})
	if len(findings) != 2 || findings[1].State != "NEW" || findings[1].Title != "The list" || findings[1].Reason != "annex of “Statement /9”" || findings[1].Baseline {
		t.Fatalf("%+v", findings)
	}
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	if got := p.visit(src, Options{Recheck: RecheckAll}); len(got) != 4 || slices.ContainsFunc(got, func(f string) bool { return !strings.HasPrefix(f, "UNCHANGED") }) {
		t.Errorf("nothing new: %q", got)
	}

	p.put("/files/list.pdf", "application/pdf", strings.Replace(list, "12 persons", "11 persons", 1))
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	findings, _ = p.look(src, Options{Recheck: RecheckAll})
	at := slices.IndexFunc(findings, func(f Finding) bool { return f.State == "CHANGED" })
	if at < 0 || !strings.HasSuffix(findings[at].URL, "/files/list.pdf") || findings[at].Class != "substantive" || findings[at].Reason != "1 figure changed" {
		t.Errorf("silently replaced: %+v", findings)
	}

	p.on("/files/list.pdf", http.NotFound)
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	if got := p.visit(src, Options{Recheck: RecheckAll}); !slices.Contains(got, "MISSING /files/list.pdf") {
		t.Errorf("taken away: %q", got)
	}
	if strings.Contains(p.requests(), "frame.pdf") {
		t.Error("a document was read that the text does not link to")
	}
	// A dead link, or a document that is not for everybody, is no fault of the source.
	p.on("/files/closed.pdf", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	page(` and <a href="/files/dead.pdf">a dead one</a> and <a href="/files/closed.pdf">a closed one</a>`)
	for range 3 {
		p.clock.Set(p.clock.Now().Add(25 * time.Hour))
		got := p.visit(src, Options{Recheck: RecheckAll})
		if slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "ERROR") }) || p.fault() != "" {
			t.Errorf("dead and closed documents: %q, %q", got, p.fault())
		}
	}
	off := false
	src.Annexes = &off
	p.put("/files/new.pdf", "application/pdf", list)
	page(` and <a href="/files/new.pdf">a third</a>`)
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	if got := p.visit(src, Options{Recheck: RecheckAll}); slices.Contains(got, "NEW /files/new.pdf") {
		t.Errorf("annexes: false, and %q", got)
	}
}

// The annexes of a page that was known before anybody looked for them are read
// without an alert.
func TestAnnexesOfKnownPages(t *testing.T) {
	p, src := desk(t, 2)
	off := false
	src.Annexes = &off
	p.put("/files/list.pdf", "application/pdf", pdfOf("The measures apply to 12 persons and 3 entities."))
	p.put("/9", "text/html", `<h1>Statement /9</h1><time>2 November 2022</time><div class="text"><p>Measures were taken. <a href="/files/list.pdf">The list</a></p></div>`)
	p.list("/", "/9", "/0", "/1")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("at first", p.visit(src, Options{}), "NEW /9")
	src.Annexes = nil
	p.put("/9", "text/html", `<h1>Statement /9</h1><time>2 November 2022</time><div class="text"><p>Measures were taken. <a href="/files/list.pdf">The list</a></p></div> `)
	p.clock.Set(p.clock.Now().Add(24 * time.Hour))
	findings, _ := p.look(src, Options{Recheck: RecheckAll})
	at := slices.IndexFunc(findings, func(f Finding) bool { return f.State == "NEW" })
	if at < 0 || !findings[at].Baseline || !strings.HasSuffix(findings[at].URL, "/files/list.pdf") {
		t.Errorf("%+v", findings)
	}
}
