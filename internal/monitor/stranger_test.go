package monitor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// headlines serves a listing of titles, each linking to /1, /2 …, and a page
// for each.
func (p *press) headlines(titles ...string) {
	menu := `<nav>` + strings.Repeat(`<a href="/x">Ministry of Foreign Affairs of Testland</a> `, 80) + `</nav>`
	var items strings.Builder
	for i, title := range titles {
		path := fmt.Sprint("/", i+1)
		fmt.Fprintf(&items, `<li><a href="%s">%s</a></li>`, path, title)
		p.put(path, "text/html", `<html><head><title>`+title+` | Testland Foreign Ministry</title></head><body>`+menu+`<h1>`+title+`</h1><div class="text"><p>`+title+`: the minister said so in the capital. `+strings.Repeat(fmt.Sprintf("Point %d of the programme was settled. ", i), 5)+`</p></div></body></html>`)
	}
	p.put("/", "text/html", `<html><head><title>News | Testland Foreign Ministry</title></head><body>`+menu+`<h1>News</h1><div class="text"><ul>`+items.String()+`</ul></div></body></html>`)
}

// What stands in place of a listed page at the first look is a fault, however
// long and well framed; the statement is new when its page comes.
func TestForeignPages(t *testing.T) {
	menu := `<nav>` + strings.Repeat(`<a href="/x">Ministry of Foreign Affairs of Testland</a> `, 80) + `</nav>`
	framed := func(title, heading, text string) string {
		return `<html><head><title>` + title + `</title></head><body>` + menu + `<h1>` + heading + `</h1><div class="text"><p>` + text + `</p></div></body></html>`
	}
	listing := []string{"Sanctions list extended by nine names", "Joint statement on fisheries", "New consul general in Southport", "Budget of the ministry presented"}
	for name, test := range map[string]func(p *press){
		"an error page": func(p *press) {
			p.put("/1", "text/html", framed("Page not found", "Page not found", "We are sorry. Try the search, or go back to where you came from. "+strings.Repeat("The site map may help. ", 9)))
		},
		"an error page in words unknown": func(p *press) {
			p.put("/1", "text/html", framed("Testland Foreign Ministry", "Tyvärr", "Sidan som du letar efter kunde inte visas just nu. Försök igen om en liten stund, eller gå till startsidan."))
		},
		"a consent page": func(p *press) {
			p.put("/1", "text/html", framed("Testland Foreign Ministry", "We value your privacy", strings.Repeat("With our 214 partners we store information on your device. Choose what you accept. ", 30)))
		},
		"the listing": func(p *press) {
			p.on("/1", func(w http.ResponseWriter, r *http.Request) { p.answers["/"](w, r) })
		},
		"the front page": func(p *press) {
			p.put("/1", "text/html", framed("Testland Foreign Ministry", "Welcome to the ministry", "Sanctions list extended by nine names. Joint statement on fisheries. New consul general in Southport. Opening hours of the consular section: nine to noon."))
		},
		"a redirect to an error path": func(p *press) {
			p.on("/1", to(302, "/system/error.html"))
			p.put("/system/error.html", "text/html", framed("Testland", "Testland", strings.Repeat("Please try again in a while. ", 30)))
		},
		"a stub that leads to the front page": func(p *press) {
			p.put("/1", "text/html", `<meta http-equiv="refresh" content="0; url=/">`)
		},
		"a stub that leads to itself by another": func(p *press) {
			p.put("/1", "text/html", `<meta http-equiv="refresh" content="0; url=/stub">`)
			p.put("/stub", "text/html", `<meta http-equiv="refresh" content="0; url=/1">`)
		},
		"a stub that leads nowhere": func(p *press) {
			p.put("/1", "text/html", `<title>Sanctions list extended by nine names</title><meta http-equiv="refresh" content="0; url=http://127.0.0.1:1/"><div class="text"><p>You will be taken to a new address.</p></div>`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			src := p.source(func(s *statement.Source) {
				s.Extract.Published = nil
			})
			p.headlines(listing[1:]...)
			p.visit(src, Options{})
			p.headlines(append(listing[:1:1], listing[1:]...)...)
			// the paths have moved on by one: make the known ones known again
			p.put("/", "text/html", strings.NewReplacer(`href="/1"`, `href="/9"`, `href="/2"`, `href="/1"`, `href="/3"`, `href="/2"`, `href="/4"`, `href="/3"`).Replace(p.body("/")))
			real := p.body("/1")
			for i := 1; i < 4; i++ {
				p.put(fmt.Sprint("/", i), "text/html", p.body(fmt.Sprint("/", i+1)))
			}
			foreign := p.answers["/1"]
			test(p)
			foreign, p.answers["/1"] = p.answers["/1"], foreign
			p.on("/9", foreign)
			p.clock.Set(p.clock.Now().Add(time.Hour))
			for _, line := range p.visit(src, Options{}) {
				if !strings.HasPrefix(line, "ERROR") {
					t.Errorf("at first: %s", line)
				}
			}
			if n := len(p.statements()); n != 3 {
				t.Errorf("%d statements are kept", n)
			}
			p.put("/9", "text/html", real)
			p.clock.Set(p.clock.Now().Add(2 * time.Hour))
			p.expect("when the page comes", p.visit(src, Options{}), "NEW /9")
			if fault := p.fault(); fault != "" {
				t.Errorf("the source says %q", fault)
			}
		})
	}
}

// body is what a path answers.
func (p *press) body(path string) string {
	p.t.Helper()
	answer, err := p.Server.Client().Get(p.URL + path)
	p.must(err)
	defer answer.Body.Close()
	var b strings.Builder
	buffer := make([]byte, 1<<16)
	for {
		n, err := answer.Body.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			return b.String()
		}
	}
}

// A stub's meta refresh is followed: the statement is that of the page behind it.
func TestStubIsFollowed(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/0", "/1")
	p.page("/0", "Statement 0", "The ministry denies it.", "")
	p.put("/1", "text/html", `<title>Redirecting…</title><meta http-equiv="refresh" content="0; url=/archive/1">`)
	p.page("/archive/1", "Statement 1", "The ministry confirms it.", "")
	p.expect("at first", p.visit(src, Options{}), "NEW /1", "NEW /0")
	p.put("/0", "text/html", `<h1>Statement 0</h1><meta http-equiv=refresh content="5;url=/archive/0"><div class="text"><p>You will be taken there in five seconds. Renew your bookmarks.</p></div>`)
	p.page("/archive/0", "Statement 0", "The ministry denies it.", "")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("moved", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /1", "UNCHANGED /0")
	p.expect("again", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /1", "UNCHANGED /0")
	p.page("/archive/0", "Statement 0", "The ministry confirms it, and regrets what it said.", "")
	p.expect("edited there", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /1", "CHANGED /0")
}

// A site that lists its statements by other titles than they have loses none.
func TestTitlesThatAreListedOtherwise(t *testing.T) {
	p := newPress(t)
	src := p.source(func(s *statement.Source) { s.Extract.Published = nil })
	p.headlines("Sanctions list extended by nine names", "Joint statement on fisheries", "New consul general in Southport", "Budget of the ministry presented")
	for i, text := range []string{"Der Rat hat neun Namen hinzugefügt.", "Beide Seiten einigten sich auf Quoten.", "Sie tritt ihr Amt am Ersten an.", "Die Ausgaben steigen um vier Prozent."} {
		p.put(fmt.Sprint("/", i+1), "text/html", fmt.Sprintf(`<h1>Mitteilung %d</h1><div class="text"><p>%s</p></div>`, i, text))
	}
	if got := p.visit(src, Options{}); len(got) != 4 || strings.Contains(fmt.Sprint(got), "ERROR") {
		t.Errorf("%q", got)
	}
}

// A page in doubt that stays as it is was the statement, only otherwise titled.
func TestStrangerIsBelieved(t *testing.T) {
	p := newPress(t)
	src := p.source(func(s *statement.Source) { s.Extract.Published = nil })
	p.headlines("Sanctions list extended by nine names", "Joint statement on fisheries", "New consul general in Southport")
	p.put("/1", "text/html", `<h1>Mitteilung</h1><div class="text"><p>Der Rat hat neun weitere Personen aufgenommen und den Text verlängert.</p></div>`)
	step := func(d time.Duration, want ...string) {
		t.Helper()
		p.clock.Set(p.clock.Now().Add(d))
		p.expect(d.String(), p.visit(src, Options{}), want...)
	}
	step(0, "NEW /3", "NEW /2", "ERROR /1")
	step(13*time.Hour, "ERROR /1")
	step(13*time.Hour, "NEW /1")
}
