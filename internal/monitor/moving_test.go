package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// mover is a site with one page whose text a test sets at each look.
type mover struct {
	*press
	src statement.Source
}

func newMover(t *testing.T) mover {
	p := newPress(t, alert.Rule{Events: []string{"edited"}, To: []string{"desk@newsroom.example"}})
	p.list("/", "/a")
	return mover{p, p.source(nil)}
}

// look shows paragraphs an hour later, and gives what the visit found and why.
func (m mover) look(paragraphs ...string) Finding {
	m.t.Helper()
	m.page("/a", "A", strings.Join(paragraphs, "</p><p>"), "")
	m.clock.Set(m.clock.Now().Add(time.Hour))
	found, _ := m.press.look(m.src, Options{Recheck: RecheckAll})
	if len(found) != 1 {
		m.t.Fatalf("%d findings", len(found))
	}
	return found[0]
}

func (m mover) alerts() int {
	m.t.Helper()
	all, err := m.store.Alerts(m.t.Context(), state.AlertFilter{})
	m.must(err)
	return len(all)
}

func (m mover) places() (all []statement.Moving) {
	m.t.Helper()
	all, err := m.store.Moving(m.t.Context(), "press")
	m.must(err)
	return all
}

const fair = "The minister opens the fair in the presence of four hundred guests, and speaks of the full books of the yards."

// A clock and a counter at a hundred looks: one alert, which names the place, and
// every value kept.
func TestClockAndCounterAreToldOnce(t *testing.T) {
	m := newMover(t)
	for i := range 101 {
		at := begin.Add(time.Duration(i) * 7 * time.Minute)
		f := m.look(fmt.Sprintf("Views: %d | Updated %d minutes ago", 1200+17*i, i+2), fair, at.Format("Today: Monday, 2 January 2006, 15:04"))
		want := statement.Unchanged
		switch i {
		case 0:
			want = statement.New
		case learnt:
			want = statement.Changed
		}
		if f.State != want {
			t.Errorf("look %d: %s (%s)", i, f.State, f.Reason)
		}
		if i == learnt && (!strings.Contains(f.Reason, "“Views: … | Updated …”") || !strings.Contains(f.Reason, "sources unquiet press") || f.Class != statement.ClassEditorial) {
			t.Errorf("told as %s: %s", f.Class, f.Reason)
		}
	}
	if n := m.alerts(); n != 1 {
		t.Errorf("%d alerts, want one", n)
	}
	places := m.places()
	if len(places) != 2 || places[0].LearntAt.IsZero() || places[1].LearntAt.IsZero() || places[0].Seen != 100 || places[1].Drop == "" {
		t.Errorf("%+v", places)
	}
	values, err := m.store.MovingValues(t.Context(), m.statements()[0].ID)
	m.must(err)
	if len(values) != 200 || values[199].SHA256 == "" || values[0].Value == values[2].Value {
		t.Errorf("%d values: %+v", len(values), values[:2])
	}
}

// A counter by itself and a clock without seconds may be anything: the first move
// is told, the next are held while it moves on, and told once when it is learnt.
func TestBareValuesAreLearnt(t *testing.T) {
	m := newMover(t)
	for i := range 101 {
		m.look(fair, fmt.Sprint(1200+17*i), begin.Add(time.Duration(i)*time.Minute).Format("15:04"))
	}
	if n := m.alerts(); n > 2 {
		t.Errorf("%d alerts, want two at most", n)
	}
	for _, p := range m.places() {
		if p.LearntAt.IsZero() {
			t.Errorf("not learnt: %+v", p)
		}
	}
}

// What comes to rest before it is learnt has been edited, and is told.
func TestWhatComesToRestIsTold(t *testing.T) {
	m := newMover(t)
	var got []string
	for _, value := range []string{"12", "13", "14", "14", "14", "15", "14"} {
		got = append(got, string(m.look(fair, value).State))
	}
	// 13 is told at once, 14 when it stays, 15 and 14 are new beginnings.
	if want := "NEW CHANGED UNCHANGED CHANGED UNCHANGED CHANGED"; !strings.HasPrefix(strings.Join(got, " "), want) {
		t.Errorf("%q, want %q", got, want)
	}
	if places := m.places(); len(places) != 1 || !places[0].LearntAt.IsZero() {
		t.Errorf("%+v", places)
	}
}

// A death toll that rises at ten looks is told ten times, while the counter
// beside it is quiet and never counted as a change.
func TestADeathTollIsToldEachTime(t *testing.T) {
	for _, toll := range []string{"The death toll of the attack has risen to %d, the ministry says.", "Killed: %d"} {
		m := newMover(t)
		m.look(fair, "Views: 12", fmt.Sprintf(toll, 3))
		for i := 1; i <= 10; i++ {
			f := m.look(fair, fmt.Sprintf("Views: %d", 12+i*5), fmt.Sprintf(toll, 3+i))
			if f.State != statement.Changed || f.Class != statement.ClassSubstantive || !strings.HasPrefix(f.Reason, "1 figure changed") {
				t.Errorf("look %d: %s %s (%s)", i, f.State, f.Class, f.Reason)
			}
		}
		if n := m.alerts(); n != 10 {
			t.Errorf("%d alerts of ten tolls", n)
		}
	}
}

// A list in another order is one editorial edit, once; what is edited in it is
// told still.
func TestOrderIsToldOnce(t *testing.T) {
	m := newMover(t)
	names := []string{"Northland", "Southland", "Eastmark", "Westmark", "Low Country", "Isle of Ross"}
	list := func(shift int, last string) []string {
		all := []string{fair, "Signed by:"}
		for i := range names {
			all = append(all, names[(i*5+shift)%len(names)])
		}
		return append(all, last)
	}
	m.look(list(0, "They call for peace.")...)
	for i := 1; i <= 9; i++ {
		f := m.look(list(i, "They call for peace.")...)
		switch {
		case i == 1 && (f.State != statement.Changed || f.Class != statement.ClassEditorial || !strings.Contains(f.Reason, "below “Signed by”")):
			t.Errorf("the first: %s %s (%s)", f.State, f.Class, f.Reason)
		case i > 1 && f.State != statement.Unchanged:
			t.Errorf("look %d: %s (%s)", i, f.State, f.Reason)
		}
	}
	if n := m.alerts(); n != 1 {
		t.Errorf("%d alerts", n)
	}
	if f := m.look(list(3, "They do not call for peace.")...); f.State != statement.Changed || f.Class != statement.ClassSubstantive || strings.Contains(f.Reason, " moved") {
		t.Errorf("a denial beside it: %s %s (%s)", f.State, f.Class, f.Reason)
	}
	names[2] = "Ruritania"
	if f := m.look(list(4, "They do not call for peace.")...); f.State != statement.Changed || strings.Contains(f.Reason, " moved") {
		t.Errorf("another name in it: %s (%s)", f.State, f.Reason)
	}
}

// Letters that are written for each other make no edit.
func TestLettersAreNoEdit(t *testing.T) {
	m := newMover(t)
	m.look("سخنگوی وزارت امور خارجه گفت کمک نمی\u200cکنیم.")
	for _, text := range []string{"سخنگوي وزارت امور خارجه گفت كمك نمي\u200cكنيم.", "سخنگوی وزارت امور خارجه گفت کمک نمیکنیم.", "سخنـگوی وزارت امور خارجه گفت کمک نمی\u200cکنیم."} {
		if f := m.look(text); f.State != statement.Unchanged {
			t.Errorf("%s: %s (%s)", text, f.State, f.Reason)
		}
	}
	if f := m.look("سخنگوی وزارت امور خارجه گفت کمک می\u200cکنیم."); f.State != statement.Changed {
		t.Error("a denial that went is no edit")
	}
}

// A feed that stamps each entry with the moment it is asked for, or with a later
// day, makes no edits of that; one that sets a day back does.
func TestMovingFeedDates(t *testing.T) {
	p := newPress(t, alert.Rule{Events: []string{"edited"}, To: []string{"desk@newsroom.example"}})
	src := p.source(func(s *statement.Source) {
		s.Kind, s.Authority, s.Listing, s.Extract = statement.KindFeed, statement.FromFeed, statement.ListingRules{}, statement.ExtractRules{}
	})
	show := func(at time.Time, text string) []string {
		p.put("/", "application/rss+xml", "<rss version='2.0'><channel><title>Press</title><item><title>A</title><link>"+p.URL+"/a</link><pubDate>"+at.Format(time.RFC1123Z)+
			"</pubDate><description>"+text+"</description></item></channel></rss>")
		p.clock.Set(p.clock.Now().Add(time.Hour))
		return p.visit(src, Options{Recheck: RecheckAll})
	}
	at := begin.AddDate(0, 0, -9)
	p.expect("first", show(at, fair), "NEW /a")
	for i := range 12 {
		at = at.Add(11 * time.Hour)
		p.expect(fmt.Sprint("look ", i), show(at, fair), "UNCHANGED /a")
	}
	if all, err := p.store.Alerts(t.Context(), state.AlertFilter{}); err != nil || len(all) > 0 {
		t.Errorf("%d alerts, %v", len(all), err)
	}
	if places, err := p.store.Moving(t.Context(), "press"); err != nil || len(places) != 1 || places[0].Place != dateShown || places[0].LearntAt.IsZero() {
		t.Errorf("%+v, %v", places, err)
	}
	p.expect("words", show(at, fair+" He denies it."), "CHANGED /a")
}

// The day that a page shows is told when it changes, though no word does; the time
// of day beside it is not.
func TestAPageThatIsDatedBack(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/a")
	show := func(shown string) []string {
		p.put("/a", "text/html", `<h1>A</h1><time>`+shown+`</time><div class="text"><p>`+fair+`</p></div>`)
		p.clock.Set(p.clock.Now().Add(time.Hour))
		return p.visit(src, Options{Recheck: RecheckAll})
	}
	p.expect("first", show("1 November 2022 10:00"), "NEW /a")
	p.expect("another time", show("1 November 2022 10:30"), "UNCHANGED /a")
	p.expect("dated back", show("28 October 2022 10:00"), "CHANGED /a")
}

// What somebody asks to be told of again is told, and not learnt anew.
func TestUnquietPlacesAreTold(t *testing.T) {
	m := newMover(t)
	for i := range 8 {
		m.look(fair, fmt.Sprintf("Views: %d", i))
	}
	place := m.places()[0]
	place.LoudAt, place.LearntAt = m.clock.Now(), time.Time{}
	m.must(m.store.Update(t.Context(), func(tx state.Tx) error { return tx.PutMoving(place) }))
	for i := range 7 {
		if f := m.look(fair, fmt.Sprintf("Views: %d", 20+i)); f.State != statement.Changed {
			t.Errorf("look %d: %s (%s)", i, f.State, f.Reason)
		}
	}
}
