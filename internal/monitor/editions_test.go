package monitor

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

var offices = map[string]statement.Source{
	"mfa-fa":  {ID: "mfa-fa", Issuer: statement.Issuer{ID: "ir_mfa", Name: "Ministry of Foreign Affairs of Iran", Government: "IR"}, Language: "fa"},
	"mfa-en":  {ID: "mfa-en", Issuer: statement.Issuer{ID: "ir_mfa", Name: "Ministry of Foreign Affairs of Iran", Government: "IR"}, Language: "en"},
	"elysee":  {ID: "elysee", Issuer: statement.Issuer{ID: "fr_president", Name: "President of France", Government: "FR"}, Language: "fr"},
	"ankara":  {ID: "ankara", Issuer: statement.Issuer{ID: "tr_president", Name: "Presidency of Türkiye", Government: "TR"}, Language: "en"},
	"bankova": {ID: "bankova", Issuer: statement.Issuer{ID: "ua_president", Name: "President of Ukraine", Government: "UA"}, Language: "uk"},
}

// newsroom watches the offices.
func newsroom(t *testing.T) *press {
	p := newPress(t, alert.Rule{Name: "beside", Events: []string{"edition_differs"}, To: []string{"desk@newsroom.example"}, Digest: "daily 08:00"})
	p.Sources = func(id string) (statement.Source, bool) { src, known := offices[id]; return src, known }
	return p
}

// publish publishes a statement, or the next revision of it.
func (p *press) publish(source, name string, at time.Time, title, body string, quiet bool) {
	p.t.Helper()
	src := offices[source]
	p.must(p.store.Update(p.t.Context(), func(tx state.Tx) error {
		id := statement.NewID(source, name)
		st, err := tx.Statement(id)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return err
		}
		published := statement.Date{Time: at, HasTime: true}
		if st.ID == "" {
			st = statement.Statement{ID: id, Source: source, URL: "https://" + source + ".example/" + name, FirstSeen: at, Published: published}
		}
		st.Title, st.Language, st.Revision = title, src.Language, st.Revision+1
		r := statement.Revision{Statement: id, N: st.Revision, Title: title, Body: body, Published: st.Published, Language: src.Language, SeenAt: at}
		return errors.Join(tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, quiet))
	}))
	_, err := p.Analyse(p.t.Context(), AnalyseOptions{})
	p.must(err)
}

// differed are the reasons of the events that tell of differing counterparts.
func (p *press) differed() (reasons []string) {
	p.t.Helper()
	events, err := p.store.Events(p.t.Context(), 0, 0)
	p.must(err)
	for _, ev := range events {
		if ev.State == statement.Differs {
			reasons = append(reasons, ev.Reason)
			if ev.Counterpart == nil || len(ev.Counterpart.Differences) == 0 || ev.Counterpart.ID == "" {
				p.t.Errorf("event without what it tells of: %+v", ev)
			}
		}
	}
	return reasons
}

func (p *press) pairs() []state.Paired {
	p.t.Helper()
	pairs, err := p.store.Counterparts(p.t.Context(), state.CounterpartFilter{Dismissed: true})
	p.must(err)
	return pairs
}

const (
	kabulFa = "سخنگوی وزارت امور خارجه جمهوری اسلامی ایران حمله تروریستی به مدرسه\u200cای در غرب کابل، پایتخت افغانستان را به شدت محکوم کرد.\n\nدر این حمله دست\u200cکم %s دانش\u200cآموز جان باختند.\n\nوی با خانواده\u200cهای قربانیان ابراز همدردی کرد و برای مجروحان شفای عاجل آرزو نمود."
	kabulEn = "The spokesperson of the Ministry of Foreign Affairs of the Islamic Republic of Iran strongly condemned the terrorist attack on a school in western Kabul, the capital of Afghanistan.\n\nAt least 35 students lost their lives in the attack.\n\nHe expressed sympathy with the families of the victims and wished the injured a speedy recovery."

	kabulTitleFa = "سخنگوی وزارت امور خارجه حمله به مدرسه\u200cای در کابل را محکوم کرد"
	kabulTitleEn = "Spokesperson condemns attack on school in Kabul, Afghanistan"
)

var morning = time.Date(2022, 11, 20, 8, 0, 0, 0, time.UTC)

// Editions whose figures differ are told of once, by a digest, and again only when an edit changes what differs.
func TestEditionsThatDiffer(t *testing.T) {
	p := newsroom(t)
	p.publish("mfa-fa", "kabul", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۳"), false)
	p.publish("mfa-en", "brazil", morning, "New ambassador of Iran to Brazil appointed", "By a decree of the Minister of Foreign Affairs, the new ambassador of Iran to Brazil was appointed.\n\nHe speaks Portuguese fluently.", false)
	p.publish("mfa-en", "kabul", morning.Add(3*time.Hour), kabulTitleEn, kabulEn, false)
	pairs, told := p.pairs(), p.differed()
	if len(pairs) != 1 || len(told) != 1 {
		t.Fatalf("pairs %+v, told %q", pairs, told)
	}
	d := pairs[0].Differences
	if len(d) != 1 || d[0].Kind != statement.FigureDiffers || strings.Join(d[0].ValuesA, "") != "43" || strings.Join(d[0].ValuesB, "") != "35" || !strings.Contains(d[0].B.Text, "At least 35") {
		t.Errorf("differences %+v", d)
	}
	if r := told[0]; !strings.Contains(r, "Persian") || !strings.Contains(r, "appear to differ") || !strings.Contains(r, "43 | 35") {
		t.Errorf("told %q", r)
	}
	if len(pairs[0].Rows) != 3 {
		t.Errorf("%d rows", len(pairs[0].Rows))
	}
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(alerts) != 1 || alerts[0].Digest != "daily 08:00" || alerts[0].NextAttempt.Before(p.clock.Now().Add(time.Minute)) {
		t.Errorf("alerts %+v", alerts)
	}
	// The same again, and an edit that changes nothing of it.
	_, err = p.store.Reanalyse(t.Context(), "another engine")
	p.must(err)
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	p.publish("mfa-en", "kabul", morning.Add(4*time.Hour), kabulTitleEn, strings.Replace(kabulEn, "speedy", "swift", 1), false)
	if told = p.differed(); len(told) != 1 || len(p.pairs()) != 1 {
		t.Fatalf("told %q", told)
	}
	p.publish("mfa-fa", "kabul", morning.Add(5*time.Hour), kabulTitleFa, fmt.Sprintf(kabulFa, "۴۶"), false)
	if told = p.differed(); len(told) != 2 || !strings.Contains(told[1], "46 | 35") {
		t.Errorf("told after an edit: %q", told)
	}
	p.publish("mfa-fa", "kabul", morning.Add(6*time.Hour), kabulTitleFa, fmt.Sprintf(kabulFa, "۳۵"), false)
	if pairs = p.pairs(); len(p.differed()) != 2 || len(pairs) != 1 || len(pairs[0].Differences) != 0 {
		t.Errorf("corrected: %+v, told %q", pairs, p.differed())
	}
}

// Imported archives are paired and not told of; what was dismissed stays so.
func TestEditionsQuietAndDismissed(t *testing.T) {
	p := newsroom(t)
	p.publish("mfa-fa", "kabul", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۳"), true)
	p.publish("mfa-en", "kabul", morning, kabulTitleEn, kabulEn, true)
	pairs := p.pairs()
	if len(pairs) != 1 || !pairs[0].Quiet || len(p.differed()) != 0 {
		t.Fatalf("pairs %+v, told %q", pairs, p.differed())
	}
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		return tx.ReviewCounterpart(pairs[0].ID, state.Review{Decision: state.Dismissed, Reason: "known", At: morning})
	}))
	p.publish("mfa-en", "kabul", morning.Add(time.Hour), kabulTitleEn, strings.Replace(kabulEn, "35", "39", 1), false)
	if pairs = p.pairs(); len(p.differed()) != 0 || len(pairs) != 1 || pairs[0].Review.Decision != state.Dismissed || !strings.Contains(pairs[0].Explanation, "39") {
		t.Errorf("pairs %+v, told %q", pairs, p.differed())
	}
}

// Statements that are days apart, of other issuers or in one language are no editions.
func TestNoEditions(t *testing.T) {
	p := newsroom(t)
	p.publish("mfa-fa", "kabul", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۳"), false)
	p.publish("mfa-en", "late", morning.AddDate(0, 0, 4), kabulTitleEn, kabulEn, false)
	p.publish("ankara", "kabul", morning, kabulTitleEn, kabulEn, false)
	p.publish("mfa-fa", "again", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۵"), false)
	if pairs := p.pairs(); len(pairs) != 0 {
		t.Errorf("pairs %+v", pairs)
	}
}

// What two governments publish of one call is set side by side; a call with somebody else is not.
func TestReadoutsThatDiffer(t *testing.T) {
	p := newsroom(t)
	p.publish("ankara", "call", morning, "President Erdoğan speaks by phone with President Zelenskyy of Ukraine",
		"President Recep Tayyip Erdoğan held a phone call with President Volodymyr Zelenskyy of Ukraine.\n\nDuring the call, the extension of the Black Sea grain corridor for 60 days and the exchange of prisoners were discussed.\n\nPresident Erdoğan stated that Türkiye was ready to host peace talks.", false)
	p.publish("elysee", "call", morning, "Entretien téléphonique avec le Président de l'Ukraine", "Le Président de la République s'est entretenu par téléphone avec le Président de l'Ukraine des livraisons d'armes.", false)
	p.publish("bankova", "call", morning.Add(20*time.Hour), "Президент України провів телефонну розмову з Президентом Туреччини",
		"Президент України Володимир Зеленський провів телефонну розмову з Президентом Туреччини Реджепом Таїпом Ердоганом.\n\nСторони обговорили продовження зернового коридору на 120 днів та обмін полоненими.\n\nГлава Української держави подякував за підтримку територіальної цілісності України.", false)
	pairs := p.pairs()
	if len(pairs) != 1 || pairs[0].Kind != statement.Readout || pairs[0].A.Source != "ankara" || pairs[0].B.Source != "bankova" {
		t.Fatalf("pairs %+v", pairs)
	}
	kinds := map[statement.DifferenceKind]string{}
	for _, d := range pairs[0].Differences {
		kinds[d.Kind] = d.A.Text + d.B.Text
	}
	if !strings.Contains(kinds[statement.FigureDiffers], "120") || !strings.Contains(kinds[statement.OnlyA], "peace talks") || !strings.Contains(kinds[statement.OnlyB], "цілісності") {
		t.Errorf("differences %+v", pairs[0].Differences)
	}
	if told := p.differed(); len(told) != 1 || !strings.Contains(told[0], "Presidency of Türkiye") || !strings.Contains(told[0], "appears to be one encounter") {
		t.Errorf("told %q", told)
	}
}

// Killed between the analysis and the look for counterparts, the next run makes up for it.
func TestCounterpartsAfterAKill(t *testing.T) {
	p := newsroom(t)
	p.publish("mfa-fa", "kabul", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۳"), false)
	p.publish("mfa-en", "kabul", morning, kabulTitleEn, kabulEn, false)
	id := p.pairs()[0].ID
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		a, err := tx.Analysis(statement.NewID("mfa-en", "kabul"), 1)
		return errors.Join(err, tx.DropCounterpart(id), tx.PutAnalysis(a)) // as T2 leaves it
	}))
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if pairs := p.pairs(); len(pairs) != 1 || pairs[0].ID != id {
		t.Errorf("pairs %+v", pairs)
	}
}

// A look that finds nothing costs T2 less than 100 ms for a statement of 1,000 words, where there is nothing to compare it with and
// among 60 statements of the issuer in the other language.
func TestALookThatFindsNothingIsCheap(t *testing.T) {
	p := newsroom(t)
	long := strings.Repeat("The minister opened an exhibition of hand-woven carpets in Rome and spoke of culture.\n\n", 72)
	look := func(name string) time.Duration {
		p.publish("mfa-en", name, morning, "Exhibition of carpets "+name, long, false)
		quickest := time.Hour
		for range 5 {
			began := time.Now()
			l, err := p.sketchSafely(t.Context(), state.Analysis{Statement: statement.NewID("mfa-en", name), Revision: 1})
			p.must(err)
			pairs, err := p.compareSafely(t.Context(), l)
			p.must(err)
			if quickest = min(quickest, time.Since(began)); len(pairs) != 0 {
				t.Fatalf("pairs %+v", pairs)
			}
		}
		return quickest
	}
	alone := look("alone")
	for i := range 60 {
		p.publish("mfa-fa", fmt.Sprint(i), morning, kabulTitleFa, fmt.Sprintf(kabulFa, fmt.Sprint(i)), true)
	}
	among := look("among")
	t.Logf("alone %s, among sixty %s", alone, among)
	if alone > 100*time.Millisecond || among > 100*time.Millisecond {
		t.Errorf("a look takes %s alone and %s among sixty", alone, among)
	}
}

// Two pages of which one links the other as its edition are editions, whatever
// their texts look like.
func TestLinkedEditions(t *testing.T) {
	p := newsroom(t)
	const far = "The Ministry publishes the list of offices that are open during the holidays.\n\nVisitors are asked to bring their papers."
	p.publish("mfa-fa", "kabul", morning, kabulTitleFa, fmt.Sprintf(kabulFa, "۴۳"), false)
	p.publish("mfa-en", "offices", morning.Add(5*24*time.Hour), "Offices during the holidays", far, false)
	if pairs := p.pairs(); len(pairs) != 0 {
		t.Fatalf("before: %+v", pairs)
	}
	page := `<!doctype html><link rel=alternate hreflang=fa href="https://mfa-fa.example/kabul"><a href="https://mfa-fa.example/none">فارسی</a>`
	sha, err := p.Blobs.Put(t.Context(), []byte(page))
	p.must(err)
	src := offices["mfa-en"]
	id := statement.NewID("mfa-en", "linked")
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		at := morning.Add(4 * 24 * time.Hour)
		st := statement.Statement{ID: id, Source: src.ID, URL: "https://mfa-en.example/linked", FirstSeen: at, Published: statement.Date{Time: at, HasTime: true}, Title: "Statement", Language: "en", Revision: 1}
		r := statement.Revision{Statement: id, N: 1, Title: "Statement", Body: far, Published: st.Published, Language: "en", SeenAt: at, Snapshot: sha, ContentType: "text/html", URL: st.URL}
		fa := statement.NewID("mfa-fa", "kabul")
		return errors.Join(tx.PutAlias(state.Alias{Source: "mfa-fa", Key: offices["mfa-fa"].Key("https://mfa-fa.example/kabul"), Statement: fa, Kind: state.AliasListed, Since: at}),
			tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, false))
	}))
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	pairs := p.pairs()
	if len(pairs) != 1 || pairs[0].A.Source != "mfa-fa" || pairs[0].B.Statement != id || pairs[0].Kind != statement.Edition {
		t.Errorf("%+v", pairs)
	}
}
