package monitor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

func TestNegated(t *testing.T) {
	for text, want := range map[string]string{
		"The port is open.":                          "The port is not open",
		"The two sides will sign the treaty.":        "The two sides will not sign the treaty",
		"The treaty has been signed.":                "The treaty has not been signed",
		"The ministry has drones.":                   "It is not true that the ministry has drones",
		"Iran supplied drones to Russia.":            "It is not true that Iran supplied drones to Russia",
		"The ships that are in the port will leave.": "It is not true that the ships that are in the port will leave",
		"Nobody was informed of the attack.":         "It is not true that Nobody was informed of the attack",
		"Иран поставил России беспилотники.":         "Неверно, что Иран поставил России беспилотники",
		"ایران به روسیه پهپاد داده است.":             "درست نیست که ایران به روسیه پهپاد داده است",
		"Deutschland liefert der Ukraine Panzer.":    "Es stimmt nicht: Deutschland liefert der Ukraine Panzer",
	} {
		if got := Negated(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A topic is proposed with terms in each language that is kept, and with what they would have caught; what any statement
// speaks of is no term.
func TestPropose(t *testing.T) {
	p := newPress(t)
	p.Sources = func(id string) (statement.Source, bool) { return ministry, true }
	day := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	add := func(language, text string) {
		day = day.AddDate(0, 0, 1)
		p.sayIn(language, day, text)
	}
	towns := strings.Fields("Muscat Baku Yerevan Doha Ankara Kabul Dushanbe Tashkent Minsk Belgrade")
	for i := range 60 {
		add("en", fmt.Sprintf("The minister of Iran received the ambassador in %s on day %d. They discussed trade between Iran and Russia and the work of the commission.", towns[i%10], i))
		add("ru", fmt.Sprintf("Министр Ирана принял посла в день %d. Обсуждались торговля между Ираном и Россией и работа комиссии.", i))
	}
	for range 3 {
		add("en", "Iran has not supplied drones to Russia, the spokesman said. Claims that an Iranian drone was delivered are false.")
		add("ru", "Иран не поставлял России беспилотники, заявил представитель. Ни один беспилотник не был передан.")
	}
	got, err := p.Propose(t.Context(), "Iran supplied drones to Russia.", []string{"Shahed*"})
	p.must(err)
	terms := got.Topic.Terms
	for _, w := range []string{"Shahed*", "drones", "drone"} {
		if !slices.Contains(terms, w) {
			t.Errorf("%q is no term: %q", w, terms)
		}
	}
	for _, w := range []string{"Iran", "iran", "Russia", "russia", "minister", "commission", "комиссии", "торговля"} {
		if slices.Contains(terms, w) {
			t.Errorf("%q is a term: %q", w, terms)
		}
	}
	if got.Statements != 126 || got.Caught < 3 || got.Caught > 6 || len(got.Newest) != got.Caught {
		t.Errorf("%d of %d caught, %d shown, by %q", got.Caught, got.Statements, len(got.Newest), terms)
	}
	for _, c := range got.Newest {
		if c.Stance == "" || c.Sentence == "" || c.Issuer != "Ministry" {
			t.Errorf("%+v", c)
		}
	}
	if q := got.Topic.Propositions[0]; q.Affirmed != "Iran supplied drones to Russia" || q.Denied == "" {
		t.Errorf("%+v", q)
	}
	t.Log(terms)
	// With nothing kept, the proposition's own words are all there is.
	empty := newPress(t, alert.Rule{})
	got, err = empty.Propose(t.Context(), "Iran supplied drones to Russia.", nil)
	empty.must(err)
	if !slices.Contains(got.Topic.Terms, "drones") || got.Statements != 0 {
		t.Errorf("%+v", got)
	}
}

func (p *press) sayIn(language string, at time.Time, text string) {
	p.t.Helper()
	id := statement.NewID("mfa", at.String())
	p.must(p.store.Update(p.t.Context(), func(tx state.Tx) error {
		published := statement.Date{Time: at, Raw: at.Format(time.DateOnly)}
		st := statement.Statement{ID: id, Source: "mfa", URL: "http://press.example/" + id, Title: published.Raw, Published: published, Language: language, Revision: 1, FirstSeen: at}
		return errors.Join(tx.PutStatement(st), tx.PutRevision(statement.Revision{Statement: id, N: 1, Title: st.Title, Body: text, Published: published, Language: language, SeenAt: at}))
	}))
}
