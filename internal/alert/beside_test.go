package alert

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

func counterparts(kind statement.CounterpartKind) *statement.Counterpart {
	account := func(id, issuer, language, title string) statement.Account {
		return statement.Account{Statement: id, Revision: 1, Source: "mid", Issuer: issuer, Title: title, URL: "https://mid.example/" + id, Published: october(17), Language: language, Snapshot: statement.SHA256([]byte(id))}
	}
	return &statement.Counterpart{
		ID: "m3x8c2", Kind: kind, Score: 0.1, A: account("fa", "Ministry", "fa", "سخنگو حمله به مدرسه\u200cای در کابل را محکوم کرد"), B: account("en", "Ministry", "en", "Spokesperson condemns attack <b>in</b> Kabul"),
		Differences: []statement.Difference{
			{Kind: statement.FigureDiffers, A: statement.Excerpt{Text: "در این حمله دست\u200cکم ۴۳ دانش\u200cآموز جان باختند."}, B: statement.Excerpt{Text: "At least 35 students lost their lives <script>."}, ValuesA: []string{"43"}, ValuesB: []string{"35"}},
			{Kind: statement.OnlyB, B: statement.Excerpt{Text: "He also warned the \u202eneighbours."}},
		},
		Explanation: "The Persian and the English edition of what appears to be one statement appear to differ: figures differ in one passage; one passage appears only in the English edition (43 | 35).",
	}
}

func differing(kind statement.CounterpartKind) (*memory, statement.Event) {
	m := crowd(3)
	ev := statement.Event{ID: 900, At: start, State: statement.Differs, Source: "mid", Statement: "statement900", Revision: 1, Counterpart: counterparts(kind)}
	ev.Reason = ev.Counterpart.Explanation
	m.add(ev, statement.Statement{ID: "statement900", URL: "https://mid.example/900"}, statement.Revision{Title: "Spokesperson condemns attack in Kabul", Body: "A text.", Language: "en", Published: october(17)})
	return m, ev
}

func TestEditionsLetter(t *testing.T) {
	m, ev := differing(statement.Edition)
	message := composed(t, "Ministry of Ustania", m, routed(t, ev, "reader@example.org")[0])
	harmlessMail(t, message)
	golden(t, "editions", message)
	if message.Payload.Type != "statement.edition_differs" || message.Payload.Data.Counterpart == nil || len(message.Payload.Data.Counterpart.Differences) != 2 {
		t.Errorf("payload %+v", message.Payload)
	}
	m, ev = differing(statement.Readout)
	if message = composed(t, "Ministry of Ustania", m, routed(t, ev, "reader@example.org")[0]); !strings.Contains(message.Subject, "Accounts differ") {
		t.Errorf("subject %q", message.Subject)
	}
}

func TestEditionsInADigest(t *testing.T) {
	m, ev := differing(statement.Edition)
	a := routed(t, ev, "reader@example.org")[0]
	a.Digest = "daily 08:00"
	m.alerts, m.shares = append(m.alerts, a), append(m.shares, statement.Share{Source: "mid", State: statement.Differs, Count: 1})
	message := composed(t, "Ministry of Ustania", m, statement.Alert{ID: 99, Kind: statement.AlertDigest, Recipient: "reader@example.org", MessageID: "0123456789abcdef0123456789abcdef", CreatedAt: start})
	harmlessMail(t, message)
	golden(t, "digest-editions", message)
	for _, want := range []string{"1 edition_differs", "43 | 35", "volteface editions show m3x8c2"} {
		if !strings.Contains(message.Text, want) || !strings.Contains(message.HTML, want) {
			t.Errorf("%q is not told:\n%s", want, message.Text)
		}
	}
}

// Differing editions wait for a digest, unless a rule says in words that they do not.
func TestEditionsWaitForADigest(t *testing.T) {
	_, ev := differing(statement.Edition)
	for digest, want := range map[string]string{"": "daily 08:00", "hourly": "hourly", "weekly Mon 08:00": "weekly Mon 08:00", "immediately": ""} {
		r := Rule{Events: []string{"edited", "edition_differs"}, To: []string{"a@example.org"}, Digest: digest}
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		src := statement.Source{ID: "mid"}
		alerts, err := NewRouter([]Rule{r}, nil, time.Minute).Route(Occasion{Event: ev, Source: src})
		if err != nil || len(alerts) != 1 || alerts[0].Digest != want {
			t.Errorf("digest %q: %+v, %v", digest, alerts, err)
		}
		edit := statement.Event{ID: 1, At: start, State: statement.Changed, Source: "mid"}
		if alerts, _ = NewRouter([]Rule{r}, nil, time.Minute).Route(Occasion{Event: edit, Source: src}); len(alerts) != 1 || digest == "" && alerts[0].Digest != "" {
			t.Errorf("an edit by the rule with digest %q: %+v", digest, alerts)
		}
	}
	quiet := Rule{Events: []string{"reversal"}, To: []string{"a@example.org"}}
	if alerts, err := NewRouter([]Rule{quiet}, nil, 0).Route(Occasion{Event: ev, Source: statement.Source{ID: "mid"}}); err != nil || len(alerts) != 0 {
		t.Errorf("a rule that does not name it: %+v, %v", alerts, err)
	}
}
