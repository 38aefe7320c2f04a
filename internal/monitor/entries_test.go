package monitor

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
	"volteface/state"
)

// item is an entry of a feed as a test writes it.
type item struct{ title, link, guid, date, text string }

// feed serves entries under "/", newest first.
func (p *press) feed(items ...item) {
	var b strings.Builder
	for _, i := range items {
		b.WriteString("<item>")
		for tag, value := range map[string]string{"title": i.title, "link": i.link, "guid": i.guid, "pubDate": i.date, "description": i.text} {
			if value != "" {
				fmt.Fprintf(&b, "<%s>%s</%s>", tag, value, tag)
			}
		}
		b.WriteString("</item>")
	}
	p.put("/", "application/rss+xml", `<rss version="2.0"><channel><title>T</title><link>`+p.URL+`/home</link>`+b.String()+`</channel></rss>`)
}

func fullText(s *statement.Source) {
	s.Kind, s.Authority, s.Extract = statement.KindFeed, statement.FromFeed, statement.ExtractRules{}
}

// titles are those of the statements, with the text of each, sorted.
func (p *press) titles() (all []string) {
	for _, st := range p.statements() {
		r, err := p.store.Revision(p.t.Context(), st.ID, 0)
		p.must(err)
		all = append(all, r.Title+": "+r.Body)
	}
	slices.Sort(all)
	return all
}

// Where the id or the link of a feed's entries repeats, each is a statement with
// its own text, stays the same one, and its edits are its own.
func TestEntriesThatShareNames(t *testing.T) {
	days := []string{"Fri, 11 Nov 2022 09:00:00 GMT", "Thu, 10 Nov 2022 09:00:00 GMT", "Wed, 09 Nov 2022 09:00:00 GMT"}
	for name, test := range map[string]struct {
		make  func(n int) item // a feed of these
		again string           // what an edited title is, where nothing but it tells an entry apart
	}{
		"one id":                      {func(n int) item { return item{link: fmt.Sprint("/", n), guid: "news"} }, "CHANGED"},
		"one link":                    {func(n int) item { return item{link: "/", guid: fmt.Sprint("g", n)} }, "CHANGED"},
		"one link, no id":             {func(n int) item { return item{link: "/news"} }, "NEW"},
		"one link, other fragments":   {func(n int) item { return item{link: fmt.Sprint("/news#n", n)} }, "CHANGED"},
		"one link, another parameter": {func(n int) item { return item{link: fmt.Sprint("/news?utm_id=", n), guid: "x"} }, "CHANGED"},
		"one id and one link":         {func(n int) item { return item{link: "/news", guid: "news"} }, "NEW"},
		"no link":                     {func(n int) item { return item{guid: fmt.Sprint("g", n)} }, "CHANGED"},
		"an id that is another's link": {func(n int) item {
			return item{link: fmt.Sprint("/", n), guid: fmt.Sprint("/", 9-n)}
		}, "CHANGED"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			src := p.source(fullText)
			entry := func(n int, title string) item {
				i := test.make(n)
				i.title, i.date = title, days[n]
				i.text = fmt.Sprintf("The cabinet dealt with matter number %d, and nothing else, at its sitting in the capital of the province; the minister of matter %d spoke.", n, n)
				return i
			}
			p.feed(entry(1, "Grain"), entry(2, "Steel"))
			p.expect("at first", p.states(src), "NEW", "NEW")
			p.expect("again", p.states(src), "UNCHANGED", "UNCHANGED")
			p.feed(entry(0, "Ports"), entry(1, "Grain"), entry(2, "Steel"))
			p.expect("one more", p.states(src), "NEW", "UNCHANGED", "UNCHANGED")
			if got := p.titles(); len(got) != 3 || !strings.Contains(got[0], "number 1,") || !strings.Contains(got[1], "number 0,") || !strings.Contains(got[2], "number 2,") {
				t.Errorf("kept: %q", got)
			}
			p.feed(entry(0, "Ports"))
			p.expect("alone", p.states(src), "UNCHANGED")
			p.feed(entry(0, "Ports and harbours"), entry(1, "Grain"))
			p.expect("edited", p.states(src), test.again, "UNCHANGED")
		})
	}
}

// states are those a visit finds, in the order of the entries.
func (p *press) states(src statement.Source) (states []string) {
	findings, _ := p.look(src, Options{Recheck: RecheckAll})
	for _, f := range findings {
		states = append(states, string(f.State))
	}
	return states
}

// An entry whose link was its own while it was read keeps its identity when the
// link turns out to be that of others too.
func TestLinkThatComesToBeShared(t *testing.T) {
	p := newPress(t)
	src := p.source(fullText)
	one := item{"Grain", "/news", "", "Thu, 10 Nov 2022 09:00:00 GMT", "On grain."}
	two := item{"Steel", "/news", "", "Fri, 11 Nov 2022 09:00:00 GMT", "On steel."}
	p.feed(one)
	p.expect("alone", p.states(src), "NEW")
	p.feed(two, one)
	p.expect("shared", p.states(src), "NEW", "UNCHANGED")
	three := item{"Ports", "/news", "", "Sat, 12 Nov 2022 09:00:00 GMT", "On ports."}
	p.feed(three)
	p.expect("a third alone", p.states(src), "NEW")
	p.expect("kept", p.titles(), "Grain: On grain.", "Ports: On ports.", "Steel: On steel.")
}

// The source says that its entries are told apart by what is left, without
// being called ill; and no longer when the feed is mended.
func TestSharedNamesAreSaid(t *testing.T) {
	p := newPress(t)
	src := p.source(fullText)
	one, two := item{"Grain", "/1", "x", "", "On grain."}, item{"Steel", "/2", "x", "", "On steel."}
	p.feed(one, two)
	p.states(src)
	troubles, err := p.store.Troubles(t.Context(), src.ID)
	p.must(err)
	if len(troubles) != 1 || troubles[0].Kind != statement.TroubleRepeats || !strings.Contains(troubles[0].Reason, "2 of its 2 entries have the id of another one") {
		t.Errorf("%+v", troubles)
	}
	if fault := p.fault(); fault != "" || strings.Contains(p.told(), "FAULT") {
		t.Errorf("a fault: %q, events %s", fault, p.told())
	}
	two.guid = "y"
	p.feed(one, two)
	p.states(src)
	if troubles, err = p.store.Troubles(t.Context(), src.ID); err != nil || len(troubles) != 0 {
		t.Errorf("mended: %+v, %v", troubles, err)
	}
}

// What an earlier version kept of such a feed, one text under every link, is put
// right from the stored bytes, and is no news.
func TestFalseTextsOfSharedIds(t *testing.T) {
	p := newPress(t)
	src := p.source(fullText)
	one, two := item{"Grain", "/1", "x", "", "On grain."}, item{"Steel", "/2", "x", "", "On steel."}
	p.feed(one, two)
	p.states(src)
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		st, err := tx.ByKey(src.ID, src.Key(p.URL+"/2"))
		p.must(err)
		r, err := tx.Revision(st.ID, 0)
		p.must(err)
		doc := statement.Document{Title: "Grain", Body: "On grain.", Path: statement.ByFeed, Fingerprint: "earlier"}
		setText(&r, doc)
		r.Locator = "x"
		setCurrent(&st, r)
		p.must(tx.PutRevision(r))
		return tx.PutStatement(st)
	}))
	p.expect("read anew", p.states(src), "UNCHANGED", "UNCHANGED")
	p.expect("kept", p.titles(), "Grain: On grain.", "Steel: On steel.")
}
