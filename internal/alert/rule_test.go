package alert

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

func TestValidate(t *testing.T) {
	good := Rule{Events: []string{"new", "changed", "missing"}, To: []string{"a@example.org", "Анна <b@example.org>"}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rule       Rule
		want, hint string
	}{
		"no event":      {Rule{To: good.To}, "names no event", "events: [new"},
		"unknown event": {Rule{Events: []string{"chnaged"}, To: good.To}, `"chnaged" is not an event`, `did you mean "changed"?`},
		"far event":     {Rule{Events: []string{"reversal"}, To: good.To}, `"reversal"`, "one of new, changed, missing"},
		"nobody":        {Rule{Events: good.Events}, "nobody to tell", "to: ["},
		"no address":    {Rule{Events: good.Events, To: []string{"example.org"}}, `"example.org" is not`, "you@example.org"},
		"two in one":    {Rule{Events: good.Events, To: []string{"a@example.org, b@example.org"}}, "is not an e-mail address", "you@example.org"},
		"header":        {Rule{Events: good.Events, To: []string{"a@example.org\r\nBcc: b@example.org"}}, "is not an e-mail address", "you@example.org"},
	} {
		err := c.rule.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%s: error %v, hint %q", name, err, statement.HintOf(err))
		}
	}
}

func TestRouteMatches(t *testing.T) {
	src := statement.Source{ID: "kremlin", Tags: []string{"russia"}}
	to := []string{"a@example.org"}
	for name, c := range map[string]struct {
		rule  Rule
		state statement.State
		want  int
	}{
		"every source":   {Rule{Events: []string{"new"}, To: to}, statement.New, 1},
		"other event":    {Rule{Events: []string{"new"}, To: to}, statement.Changed, 0},
		"no event":       {Rule{Events: []string{"new", "changed", "missing"}, To: to}, statement.Unchanged, 0},
		"fault":          {Rule{Events: []string{"new", "changed", "missing"}, To: to}, statement.Errored, 0},
		"its source":     {Rule{Events: []string{"missing"}, Sources: []string{"x", "kremlin"}, To: to}, statement.Missing, 1},
		"another source": {Rule{Events: []string{"new"}, Sources: []string{"whitehouse"}, To: to}, statement.New, 0},
		"its tag":        {Rule{Events: []string{"new"}, Tags: []string{"russia"}, To: to}, statement.New, 1},
		"another tag":    {Rule{Events: []string{"new"}, Tags: []string{"iran"}, To: to}, statement.New, 0},
		"source or tag":  {Rule{Events: []string{"new"}, Sources: []string{"x"}, Tags: []string{"russia"}, To: to}, statement.New, 1},
	} {
		if got := Route([]Rule{c.rule}, statement.Event{ID: 1, State: c.state}, src); len(got) != c.want {
			t.Errorf("%s: %d alerts, want %d", name, len(got), c.want)
		}
	}
}

func TestRouteOnePerPerson(t *testing.T) {
	at := time.Date(2022, 11, 5, 9, 0, 0, 123000, time.UTC)
	rules := []Rule{
		{Name: "desk", Events: []string{"new"}, To: []string{"Anna <anna@example.org>", "ben@example.org"}},
		{Name: "all", Events: []string{"new", "changed"}, To: []string{"ANNA@example.org", "ben@example.org", "carl@example.org"}},
	}
	src := statement.Source{ID: "irna"}
	ev := statement.Event{ID: 7, At: at, State: statement.New, Source: "irna", Statement: "abcdefghjk"}
	alerts := Route(rules, ev, src)
	if len(alerts) != 3 {
		t.Fatalf("%d alerts, want 3: %+v", len(alerts), alerts)
	}
	if a := alerts[0]; a.Rule != "desk" || a.Recipient != "Anna <anna@example.org>" || a.Event != 7 || a.Channel != "email" ||
		a.State != statement.Pending || a.Source != "irna" || !a.NextAttempt.Equal(at) || !a.CreatedAt.Equal(at) {
		t.Errorf("%+v", a)
	}
	again := Route(rules, ev, src)
	names := map[string]bool{}
	for i, a := range alerts {
		if again[i].Key != a.Key || again[i].MessageID != a.MessageID {
			t.Error("the same event gives another name the second time")
		}
		names[a.Key], names[a.MessageID] = true, true
	}
	other := ev
	other.At = at.Add(time.Microsecond) // the same number in another installation
	for _, a := range append(Route(rules, other, src), RouteBaseline(rules, src, at)...) {
		if names[a.Key] || names[a.MessageID] {
			t.Error("two things told under one name")
		}
	}
}

func TestRouteBaseline(t *testing.T) {
	rules := []Rule{
		{Name: "new", Events: []string{"new"}, To: []string{"a@example.org"}},
		{Name: "edits", Events: []string{"changed"}, To: []string{"b@example.org"}},
	}
	at := time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)
	alerts := RouteBaseline(rules, statement.Source{ID: "irna"}, at)
	if len(alerts) != 1 || alerts[0].Kind != statement.AlertBaseline || alerts[0].Recipient != "a@example.org" {
		t.Errorf("%+v", alerts)
	}
}
