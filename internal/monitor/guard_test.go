package monitor

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

const long = "The ministry denies every word of what was said in the paper yesterday about the supply of drones, and it regrets that nobody has asked it first. "

// What may be a fault of the site is held back: the last good revision stays
// current, the source says why, and what is shown often and long enough is
// believed.
func TestGuard(t *testing.T) {
	text := strings.Repeat(long, 4)
	for name, test := range map[string]struct {
		becomes  func(p *press)
		kind     statement.TroubleKind
		believed bool
	}{
		"shrunken":                 {func(p *press) { p.page("/0", "Statement /0", "Read more.", "") }, statement.TroubleShrunk, true},
		"another statement's text": {func(p *press) { p.page("/0", "Statement /0", "B: "+text, "") }, statement.TroubleSameText, true},
		"another script": {func(p *press) {
			p.page("/0", "Statement /0", strings.Repeat("Министерство опровергает каждое слово вчерашней газеты о поставках. ", 9), "")
		}, statement.TroubleLanguage, true},
		"another language": {func(p *press) {
			p.put("/0", "text/html", `<html lang="fr"><h1>Statement /0</h1><time>2 November 2022</time><div class="text"><p>`+strings.Repeat("Il dément tout cela avec force et regrette vivement cette publication sans fondement aucun. ", 8)+`</p></div></html>`)
		}, statement.TroubleLanguage, true},
		"without a title": {func(p *press) { p.put("/0", "text/html", `<div class="text"><p>`+text+`More.</p></div>`) }, statement.TroubleUntitled, false},
		"of another template": {func(p *press) {
			p.put("/0", "text/html", `<html><body><h1>Statement /0</h1><article><p>`+text+`</p><p>And more is said.</p></article></body></html>`)
		}, statement.TroubleDrift, false},
		"empty": {func(p *press) {
			p.put("/0", "text/html", `<html><body><img src="x.png" alt=""><h1>Statement</h1></body></html>`)
		}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			src := p.source(nil)
			p.page("/0", "Statement /0", "A: "+text, "")
			p.page("/1", "Statement /1", "B: "+text, "")
			p.list("/", "/0", "/1")
			p.visit(src, Options{})
			test.becomes(p)
			step := p.steps(src)
			step(time.Hour, "ERROR /0", "UNCHANGED /1")
			step(12*time.Hour, "ERROR /0", "UNCHANGED /1")
			troubles, err := p.store.Troubles(t.Context(), "press")
			p.must(err)
			if len(troubles) != 1 || troubles[0].Looks != 2 || test.kind != "" && troubles[0].Kind != test.kind {
				t.Fatalf("troubles %+v", troubles)
			}
			if fault := p.fault(); !strings.Contains(fault, troubles[0].Reason) {
				t.Errorf("the source says %q", fault)
			}
			for _, st := range p.statements() {
				if st.Revision != 1 || st.Title == "" {
					t.Errorf("%+v", st)
				}
			}
			last := "ERROR /0"
			if test.believed {
				last = "CHANGED /0"
			}
			step(12*time.Hour, last, "UNCHANGED /1")
			if got, doubted := p.told(), strings.Count(p.told(), "FAULT"); test.kind != "" && doubted != 1 || strings.Contains(got, "RECOVERED") != test.believed {
				t.Errorf("events %s", got)
			}
			p.page("/0", "Statement /0", "A: "+text, "")
			p.clock.Set(p.clock.Now().Add(time.Hour))
			p.visit(src, Options{Recheck: RecheckAll})
			if fault := p.fault(); fault != "" {
				t.Errorf("well again, and yet %q", fault)
			}
		})
	}
}

// A shrunken page that is whole again was never news.
func TestGuardForgets(t *testing.T) {
	p, src := desk(t, 2)
	text := strings.Repeat(long, 4)
	p.page("/0", "Statement /0", text, "")
	step := p.steps(src)
	step(time.Hour, "CHANGED /0", "UNCHANGED /1")
	p.page("/0", "Statement /0", "…", "")
	step(time.Hour, "ERROR /0", "UNCHANGED /1")
	p.page("/0", "Statement /0", text, "")
	step(time.Hour, "UNCHANGED /0", "UNCHANGED /1")
	p.page("/0", "Statement /0", "…", "")
	step(48*time.Hour, "ERROR /0", "UNCHANGED /1") // the doubt begins anew
}

// One page at every address, under its own title, is no statement; a text that
// an issuer publishes twice is two.
func TestOneTextForAll(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	notice := strings.Repeat("Dear visitors, our site is being rebuilt at this time. ", 5)
	for _, path := range []string{"/0", "/1", "/2"} {
		p.page(path, "Ministry of Foreign Affairs", notice, "")
	}
	p.page("/3", "Title of /3", strings.Repeat(long, 3), "")
	p.page("/4", "Title of /4", strings.Repeat(long, 3), "")
	p.on("/5", to(302, "/"))
	p.list("/", "/0", "/1", "/2", "/3", "/4", "/5")
	count := map[string]int{}
	for _, line := range p.visit(src, Options{}) {
		state, path, _ := strings.Cut(line, " ")
		count[state]++
		if (path == "/3" || path == "/4") && state != "NEW" || path == "/5" && state != "ERROR" {
			t.Error(line)
		}
	}
	if count["NEW"] != 3 || count["ERROR"] != 3 {
		t.Errorf("%v", count)
	}
	if fault := p.fault(); !strings.Contains(fault, "text of another statement") {
		t.Errorf("the source says %q", fault)
	}
}

// A server that denies a change is found out when the page itself is asked for
// once in a while, and is not asked about changes any more.
func TestServerThatLies(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	text, conditional := "The ministry denies it.", 0
	p.list("/", "/0")
	p.on("/0", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"for ever"`)
		w.Header().Set("Content-Type", "text/html")
		if r.Header.Get("If-None-Match") != "" {
			conditional++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, `<h1>A</h1><div class="text"><p>`+text+`</p></div>`)
	})
	p.visit(src, Options{})
	text = "The ministry confirms it."
	changed, hours := 0, 0
	for changed == 0 && hours < 24 {
		hours++
		p.clock.Set(p.clock.Now().Add(time.Hour))
		for _, line := range p.visit(src, Options{Recheck: RecheckDue}) {
			if line == "CHANGED /0" {
				changed++
			}
		}
	}
	if changed != 1 || hours != 6 || conditional != 5 {
		t.Fatalf("%d changes after %d hours, %d conditional requests", changed, hours, conditional)
	}
	conditional, text = 0, "The ministry says nothing."
	p.steps(src)(time.Hour, "CHANGED /0")
	if conditional != 0 {
		t.Error("it is still asked about changes")
	}
}

// A server that answers "not modified" for ever hides an edit for a quarter of
// the age of the page and a week at most, however often it is asked, and a
// listing's new items for a day.
func TestNotModifiedForEver(t *testing.T) {
	p := newPress(t)
	src := p.source(func(s *statement.Source) { s.DeepEvery = statement.Duration(365 * 24 * time.Hour) })
	stuck := map[string]string{"/": `<li><a href="/0">Title of /0</a></li>`, "/0": `<h1>A</h1><div class="text"><p>The ministry denies it.</p></div>`}
	for path := range stuck {
		p.on(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"0"`)
			w.Header().Set("Content-Type", "text/html")
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = io.WriteString(w, stuck[path])
		})
	}
	p.page("/1", "B", "The ministry confirms it.", "")
	p.visit(src, Options{})
	for range 12 * 24 * 4 { // for twelve days, every quarter of an hour
		p.clock.Set(p.clock.Now().Add(15 * time.Minute))
		p.visit(src, Options{Recheck: RecheckDue})
		if p.clock.Now().Sub(begin) == 8*24*time.Hour {
			stuck["/0"] = `<h1>A</h1><div class="text"><p>The ministry confirms it.</p></div>`
			stuck["/"] += `<li><a href="/1">Title of /1</a></li>`
		}
	}
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	for _, e := range events {
		switch late := e.At.Sub(begin) - 8*24*time.Hour; {
		case e.State == statement.Changed && late > 3*24*time.Hour, e.State == statement.New && !e.Baseline && late > 24*time.Hour:
			t.Errorf("%s comes %s late", e.State, late)
		}
	}
	if got := p.told(); !strings.Contains(got, "CHANGED /0") || !strings.Contains(got, "NEW /1") {
		t.Errorf("told: %s", got)
	}
}

// Who asks for all pages by hand is not put off by a server that always says
// that nothing has changed.
func TestRecheckAllAsksAnew(t *testing.T) {
	p, src := desk(t, 1)
	p.put("/0", "text/html", `<h1>Statement /0</h1><time>2 November 2022</time><div class="text"><p>The ministry denies it.</p></div>`)
	p.visit(src, Options{Recheck: RecheckAll})
	p.requests()
	p.on("/0", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, `<h1>Statement /0</h1><time>2 November 2022</time><div class="text"><p>The ministry confirms it.</p></div>`)
	})
	p.clock.Set(p.clock.Now().Add(2 * time.Hour))
	p.expect("by hand", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /0")
}

// A fault of the source is an event once it stays, and so is its end.
func TestFaultIsTold(t *testing.T) {
	p, src := desk(t, 1)
	p.on("/", status(500))
	for range 3 {
		p.clock.Set(p.clock.Now().Add(2 * time.Hour))
		p.visit(src, Options{})
	}
	if got := p.told(); got != "NEW /0, FAULT" {
		t.Errorf("events %s", got)
	}
	p.pages(1)
	p.clock.Set(p.clock.Now().Add(2 * time.Hour))
	p.visit(src, Options{})
	if got := p.told(); got != "NEW /0, FAULT, RECOVERED" {
		t.Errorf("events %s", got)
	}
	p.on("/", status(500))
	p.clock.Set(p.clock.Now().Add(2 * time.Hour))
	p.visit(src, Options{})
	p.pages(1)
	p.clock.Set(p.clock.Now().Add(2 * time.Hour))
	p.visit(src, Options{})
	if got := p.told(); got != "NEW /0, FAULT, RECOVERED" {
		t.Errorf("a passing fault is told: %s", got)
	}
}

func TestTitlesAlike(t *testing.T) {
	for _, test := range []struct {
		listed, own string
		alike       bool
	}{
		{"Remarks by the President", "Remarks by the President", true},
		{"Remarks by the President on the…", "Remarks by the President on the economy of the Union", true},
		{"REMARKS BY THE PRESIDENT", "Remarks by  the President - The White House", true},
		{"Ответ официального представителя", "Ответ официального представителя МИД", true},
		{"Statement on drones", "Ministry of Foreign Affairs", false},
		{"", "Ministry", false},
	} {
		if got := alike(test.listed, test.own); got != test.alike {
			t.Errorf("%q and %q: %v", test.listed, test.own, got)
		}
	}
}
