package monitor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// A statement whose address follows its headline is one statement: an edit is
// told at once as an edit, a move as a move, and neither as something new.
func TestAddressThatFollowsTheHeadline(t *testing.T) {
	text := "The minister met the delegation of Northland in the capital on Friday, and both sides agreed on a work programme for the year that is set out below in detail."
	for name, test := range map[string]struct {
		old    func(p *press) // what becomes of the old address
		title  string
		text   string
		expect string
	}{
		"both show the page":    {func(p *press) { p.page("/1-rejects", "Minister welcomes talks", text, "") }, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"the old one redirects": {func(p *press) { p.on("/1-rejects", to(301, "/1-welcomes")) }, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"the old one sends on": {func(p *press) {
			p.put("/1-rejects", "text/html", `<meta http-equiv="refresh" content="0;url=/1-welcomes">`)
		}, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"the old one is gone":    {func(p *press) { p.on("/1-rejects", nil) }, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"the old one leads home": {func(p *press) { p.on("/1-rejects", to(302, "/home")) }, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"the old one names the new": {func(p *press) {
			p.page("/1-rejects", "Minister rejects talks", text, `<link rel="canonical" href="`+p.URL+`/1-welcomes">`)
		}, "Minister welcomes talks", text, "CHANGED /1-welcomes"},
		"its text is edited too":   {func(p *press) { p.on("/1-rejects", nil) }, "Minister welcomes talks", strings.Replace(text, "on Friday", "on Thursday", 1), "CHANGED /1-welcomes"},
		"only the address is new":  {func(p *press) { p.on("/1-rejects", to(301, "/1-welcomes")) }, "Minister rejects talks", text, "MOVED /1-welcomes"},
		"gone, and as it was":      {func(p *press) { p.on("/1-rejects", nil) }, "Minister rejects talks", text, "MOVED /1-welcomes"},
		"both have their own text": {func(*press) {}, "Minister welcomes talks", strings.Replace(text, "on Friday", "on Thursday", 1), "NEW /1-welcomes"},
		"another text":             {func(p *press) { p.on("/1-rejects", nil) }, "Minister welcomes talks", "The ministry opens an office in the south of the country in spring, which will issue visas and passports, and take in applications on working days.", "NEW /1-welcomes"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			src := p.source(nil)
			p.page("/home", "Home", "Welcome.", "")
			p.page("/2", "Statement 2", "The ministry opens an office in the south.", "")
			p.page("/1-rejects", "Minister rejects talks", text, "")
			p.list("/", "/1-rejects", "/2")
			p.visit(src, Options{})
			p.page("/1-welcomes", test.title, test.text, "")
			p.list("/", "/1-welcomes", "/2")
			test.old(p)
			p.clock.Set(p.clock.Now().Add(time.Hour))
			got := p.visit(src, Options{})
			p.expect("at once", got, test.expect)
			if alone := !strings.HasPrefix(test.expect, "NEW"); alone {
				if n := len(p.statements()); n != 2 {
					t.Errorf("%d statements", n)
				}
				p.clock.Set(p.clock.Now().Add(time.Hour))
				p.expect("later", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /2", "UNCHANGED /1-welcomes")
				if told := p.told(); strings.Contains(told, "MISSING") || strings.Contains(told, "FAULT") {
					t.Errorf("told: %s", told)
				}
			}
		})
	}
}

// An old address that cannot be read leaves the matter open, not for ever.
func TestAddressThatCannotBeAsked(t *testing.T) {
	text := "The minister met the delegation of Northland in the capital on Friday, and both sides agreed on a work programme for the year that is set out below in detail."
	p := newPress(t)
	src := p.source(nil)
	p.page("/1-rejects", "Minister rejects talks", text, "")
	p.page("/2", "Statement 2", "The ministry opens an office in the south.", "")
	p.list("/", "/1-rejects", "/2")
	p.visit(src, Options{})
	p.page("/1-welcomes", "Minister welcomes talks", text, "")
	p.list("/", "/1-welcomes", "/2")
	p.on("/1-rejects", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("unclear", p.visit(src, Options{}), "ERROR /1-welcomes")
	p.on("/1-rejects", to(301, "/1-welcomes"))
	p.clock.Set(p.clock.Now().Add(2 * time.Hour))
	p.expect("clear", p.visit(src, Options{}), "CHANGED /1-welcomes")
}

// A re-check that finds the new headline behind a redirect tells the edit, and
// the address that the listing names later is no other statement.
func TestRedirectIsSeenFirst(t *testing.T) {
	text := "The minister met the delegation of Northland in the capital on Friday, and both sides agreed on a work programme for the year that is set out below in detail."
	p := newPress(t)
	src := p.source(nil)
	p.page("/1-rejects", "Minister rejects talks", text, "")
	p.list("/", "/1-rejects")
	p.visit(src, Options{})
	p.page("/1-welcomes", "Minister welcomes talks", text+" It adds a line.", "")
	p.on("/1-rejects", to(301, "/1-welcomes"))
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("redirected", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /1-rejects")
	p.list("/", "/1-welcomes")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	p.expect("listed", p.visit(src, Options{}))
	if n := len(p.statements()); n != 1 {
		t.Errorf("%d statements", n)
	}
}

// In a full-text feed the id says that an entry is the same, or its place does.
func TestEntryUnderAnotherLink(t *testing.T) {
	text := "The cabinet dealt with grain exports at its sitting and asked the ministries concerned for a report within three weeks, the spokesman said on Thursday."
	old := item{"Cabinet rejects exports", "/rejects", "", "Thu, 10 Nov 2022 12:00:00 GMT", text}
	rest := item{"Steel", "/steel", "s", "Thu, 10 Nov 2022 09:00:00 GMT", "On steel."}
	for name, test := range map[string]struct {
		id     string
		after  []item
		expect []string
	}{
		"the same id":         {"g1", []item{{"Cabinet welcomes exports", "/welcomes", "g1", old.date, text}, rest}, []string{"CHANGED", "UNCHANGED"}},
		"no id, in its place": {"", []item{{"Cabinet welcomes exports", "/welcomes", "", old.date, text}, rest}, []string{"CHANGED", "UNCHANGED"}},
		"beside it":           {"", []item{{"Cabinet welcomes exports", "/welcomes", "", old.date, text}, old, rest}, []string{"NEW", "UNCHANGED", "UNCHANGED"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			src := p.source(fullText)
			first := old
			first.guid = test.id
			p.feed(first, rest)
			p.states(src)
			p.feed(test.after...)
			p.clock.Set(p.clock.Now().Add(time.Hour))
			p.expect(name, p.states(src), test.expect...)
		})
	}
}

func TestResemblance(t *testing.T) {
	text := strings.Repeat("One two three four five six seven eight nine ten. ", 1) + "Eleven twelve thirteen fourteen."
	for _, test := range []struct {
		a, b string
		near bool
	}{
		{text, text, true}, {"", "", false}, {"Short.", "Short.", true}, {"Short one.", "Short two.", false},
		{text, strings.Replace(text, "fourteen", "fifteen", 1), true}, {text, strings.ToUpper(text), true},
		{text, "Something else entirely is said here in just as many words as there, and none of them again.", false},
		{"外交部发言人就有关问题答记者问时表示中方坚决反对", "外交部发言人就有关问题答记者问时表示中方坚决支持", true},
	} {
		if got := near(test.a, test.b); got != test.near {
			t.Errorf("%s", fmt.Sprintf("%q and %q: %v", test.a, test.b, got))
		}
	}
	if sameDay(statement.Date{}, statement.Date{}) {
		t.Error("no day is the same day")
	}
}
