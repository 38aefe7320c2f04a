package alert

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

func TestValidate(t *testing.T) {
	to := []string{"a@example.org", "Анна <b@example.org>", "desk-hook"}
	good := Rule{
		Events: []string{"new", "edited", "removed"}, To: to, Digest: "weekly mon 08:00", Timezone: "Europe/Berlin", Quiet: "22:00-07:00",
		QuietExcept: []string{"reversal"}, Importance: 2, Level: "review", Words: []string{"drone*"}, Lifetime: statement.Duration(24 * time.Hour),
	}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rule       Rule
		want, hint string
	}{
		"no event":      {Rule{To: to}, "names no event", "events: [new"},
		"unknown event": {Rule{Events: []string{"chnaged"}, To: to}, `"chnaged" is not an event`, `did you mean "changed"?`},
		"far event":     {Rule{Events: []string{"everything"}, To: to}, `"everything"`, "one of changed, edited"},
		"nobody":        {Rule{Events: good.Events}, "nobody to tell", "to: ["},
		"no address":    {Rule{Events: good.Events, To: []string{"a b@example.org"}}, `is not an e-mail`, "you@example.org"},
		"two in one":    {Rule{Events: good.Events, To: []string{"a@example.org, b@example.org"}}, "is not an e-mail address", "you@example.org"},
		"header":        {Rule{Events: good.Events, To: []string{"a@example.org\r\nBcc: b@example.org"}}, "is not an e-mail address", "you@example.org"},
		"digest":        {Rule{Events: good.Events, To: to, Digest: "daily 25:00"}, "daily 25:00", "weekly Mon 08:00"},
		"weekday":       {Rule{Events: good.Events, To: to, Digest: "weekly Someday 08:00"}, "weekly Someday", "weekly Mon 08:00"},
		"quiet":         {Rule{Events: good.Events, To: to, Quiet: "22-7"}, `"22-7"`, "22:00-07:00"},
		"quiet all day": {Rule{Events: good.Events, To: to, Quiet: "08:00-08:00"}, `"08:00-08:00"`, "22:00-07:00"},
		"zone":          {Rule{Events: good.Events, To: to, Timezone: "Europe/Nowhere"}, "time zone", "Europe/Berlin"},
		"importance":    {Rule{Events: good.Events, To: to, Importance: 4}, "importance", "0 to 3"},
		"level":         {Rule{Events: good.Events, To: to, Level: "revew"}, "level", `"review"`},
		"lifetime":      {Rule{Events: good.Events, To: to, Lifetime: statement.Duration(time.Minute)}, "delivered for sure", "10m"},
		"empty word":    {Rule{Events: good.Events, To: to, Words: []string{"*"}}, "empty", "take it out"},
		"below a year":  {Rule{Events: []string{"reversal"}, To: to, PerYear: -1}, "alerts_per_year: -1", "no limit"},
		"year of edits": {Rule{Events: []string{"edited"}, To: to, PerYear: 5}, "does not tell", "add reversal"},
		"year digest":   {Rule{Events: []string{"reversal"}, To: to, PerYear: 5, Digest: "hourly"}, "in digests", "leave out"},
		"quiet event":   {Rule{Events: good.Events, To: to, QuietExcept: []string{"reversl"}}, `"reversl"`, `"reversal"`},
	} {
		err := c.rule.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%s: error %v, hint %q", name, err, statement.HintOf(err))
		}
	}
}

// occasion is an event of a statement about drones in Persian.
func occasion(state statement.State) Occasion {
	return Occasion{
		Event:  statement.Event{ID: 7, At: start, State: state, Source: "irna", Statement: "abcdefghjk", Importance: 2},
		Source: statement.Source{ID: "irna", Tags: []string{"iran"}, Issuer: statement.Issuer{ID: "irna", Government: "IR"}}, Language: "fa-IR",
		Text: func() (string, string, error) { return "پهپاد", "درباره پهپادها", nil },
	}
}

var droneTopics = []statement.Topic{
	{ID: "drones", Name: "drone supply", Terms: []string{"پهپاد*", "drone*"}},
	{ID: "us-drones", Name: "drones", Terms: []string{"پهپاد*"}, Governments: []string{"US"}},
}

func TestRouteMatches(t *testing.T) {
	to := []string{"a@example.org"}
	all := []string{"new", "edited", "missing", "removed", "unlisted", "moved", "restored", "reversal", "softening", "fault", "recovered"}
	for name, c := range map[string]struct {
		rule  Rule
		state statement.State
		want  int
	}{
		"every source":     {Rule{Events: []string{"new"}}, statement.New, 1},
		"other event":      {Rule{Events: []string{"new"}}, statement.Changed, 0},
		"the old word":     {Rule{Events: []string{"changed"}}, statement.Changed, 1},
		"removed":          {Rule{Events: []string{"removed"}}, statement.Removed, 1},
		"only suspected":   {Rule{Events: []string{"removed"}}, statement.Missing, 0},
		"no event":         {Rule{Events: all}, statement.Unchanged, 0},
		"error":            {Rule{Events: all}, statement.Errored, 0},
		"its source":       {Rule{Events: all, Sources: []string{"x", "irna"}}, statement.Missing, 1},
		"another source":   {Rule{Events: all, Sources: []string{"whitehouse"}}, statement.New, 0},
		"its tag":          {Rule{Events: all, Tags: []string{"iran"}}, statement.New, 1},
		"its issuer":       {Rule{Events: all, Issuers: []string{"irna"}}, statement.New, 1},
		"another issuer":   {Rule{Events: all, Issuers: []string{"us_wh"}}, statement.New, 0},
		"source or tag":    {Rule{Events: all, Sources: []string{"x"}, Tags: []string{"iran"}}, statement.New, 1},
		"its language":     {Rule{Events: all, Languages: []string{"FA"}}, statement.New, 1},
		"another language": {Rule{Events: all, Languages: []string{"f", "en"}}, statement.New, 0},
		"its word":         {Rule{Events: all, Words: []string{"missile", "پهپادها"}}, statement.New, 1},
		"another word":     {Rule{Events: all, Words: []string{"پهپا"}}, statement.New, 0},
		"its topic":        {Rule{Events: all, Topics: []string{"drones"}}, statement.New, 1},
		"not its topic":    {Rule{Events: all, Topics: []string{"us-drones"}}, statement.New, 0},
		"topic and tag":    {Rule{Events: all, Topics: []string{"drones"}, Tags: []string{"russia"}}, statement.New, 0},
		"important":        {Rule{Events: all, Importance: 2}, statement.Changed, 1},
		"too unimportant":  {Rule{Events: all, Importance: 3}, statement.Changed, 0},
		"reversal":         {Rule{Events: all}, statement.Turned, 1},
	} {
		c.rule.To = to
		got, err := NewRouter([]Rule{c.rule}, droneTopics, 0).Route(occasion(c.state))
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %d alerts, want %d (%v)", name, len(got), c.want, err)
		}
	}
	review := occasion(statement.Turned)
	review.Event.Reversal = &statement.Reversal{Level: statement.LevelReview, Topic: "drones"}
	for level, want := range map[string]int{"": 0, "alert": 0, "review": 1} {
		got, err := NewRouter([]Rule{{Events: all, To: to, Level: level}}, nil, 0).Route(review)
		if err != nil || len(got) != want {
			t.Errorf("level %q: %d alerts (%v)", level, len(got), err)
		}
	}
	unread := occasion(statement.New)
	unread.Text = func() (string, string, error) { return "", "", errors.New("gone") }
	if _, err := NewRouter([]Rule{{Events: all, To: to, Words: []string{"x"}}}, nil, 0).Route(unread); err == nil {
		t.Error("a text that cannot be read went unnoticed")
	}
	source := Occasion{Event: statement.Event{State: statement.Faulted, Source: "irna"}, Source: statement.Source{ID: "irna"}}
	if got, err := NewRouter([]Rule{{Events: all, To: to}, {Events: all, To: []string{"b@example.org"}, Words: []string{"x"}}}, nil, 0).Route(source); err != nil || len(got) != 1 {
		t.Errorf("of a fault: %d alerts (%v)", len(got), err)
	}
}

func TestRouteOnePerPerson(t *testing.T) {
	rules := []Rule{
		{Name: "week", Events: []string{"new"}, To: []string{"dora@example.org", "carl@example.org"}, Digest: "weekly Mon 08:00"},
		{Name: "day", Events: []string{"new"}, To: []string{"Carl <carl@example.org>", "dora@example.org"}, Digest: "daily 08:00"},
		{Name: "desk", Events: []string{"new"}, To: []string{"Anna <anna@example.org>", "ben@example.org", "DORA@example.org", "hook"}},
		{Name: "all", Events: []string{"new", "changed"}, To: []string{"ANNA@example.org", "ben@example.org", "hook"}},
	}
	o := occasion(statement.New)
	router := NewRouter(rules, nil, 0)
	alerts, err := router.Route(o)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range alerts {
		got[a.Recipient] = a.Rule + "|" + a.Digest + "|" + a.Channel
	}
	want := map[string]string{
		"DORA@example.org": "desk||email", "Carl <carl@example.org>": "day|daily 08:00|email", "Anna <anna@example.org>": "desk||email",
		"ben@example.org": "desk||email", "hook": "desk||hook",
	}
	for to, w := range want {
		if got[to] != w {
			t.Errorf("%s: %q, want %q", to, got[to], w)
		}
	}
	if len(alerts) != len(want) {
		t.Errorf("%d alerts: %v", len(alerts), got)
	}
	again, _ := router.Route(o)
	names := map[string]bool{}
	for i, a := range alerts {
		if again[i].Key != a.Key || again[i].MessageID != a.MessageID {
			t.Error("the same event gives another name the second time")
		}
		if names[a.Key] {
			t.Error("two alerts under one name")
		}
		names[a.Key] = true
	}
	o.Event.At = start.Add(time.Microsecond) // the same number in another installation
	other, _ := router.Route(o)
	for _, a := range append(other, router.RouteBaseline(o.Source, start)...) {
		if names[a.Key] || names[a.MessageID] {
			t.Error("two things told under one name")
		}
	}
}

func TestRouteWhen(t *testing.T) {
	to := []string{"a@example.org"}
	night := time.Date(2022, 11, 5, 22, 30, 0, 0, time.UTC) // 23:30 in Berlin
	berlin := Rule{Events: []string{"new", "reversal"}, To: to, Quiet: "22:00-07:00", Timezone: "Europe/Berlin", QuietExcept: []string{"reversal"}}
	mutes := []statement.Mute{{Subject: "drones", Until: night.Add(48 * time.Hour)}, {Subject: "irna", Until: night.Add(20 * time.Hour)}, {Subject: "other", Until: night.Add(99 * time.Hour)}}
	life := Rule{Events: []string{"new"}, To: to, Lifetime: statement.Duration(time.Hour), Digest: "hourly"}
	for name, c := range map[string]struct {
		rule   Rule
		state  statement.State
		mutes  []statement.Mute
		digest string
		due    time.Time
	}{
		"at once":          {Rule{Events: []string{"new"}, To: to}, statement.New, nil, "", night.Add(20 * time.Second)},
		"immediately":      {Rule{Events: []string{"new"}, To: to, Digest: "immediately"}, statement.New, nil, "", night.Add(20 * time.Second)},
		"in quiet hours":   {berlin, statement.New, nil, statement.DigestQuiet, time.Date(2022, 11, 6, 6, 0, 0, 0, time.UTC)},
		"but a reversal":   {berlin, statement.Turned, nil, "", night.Add(20 * time.Second)},
		"hourly":           {life, statement.New, nil, "hourly", time.Date(2022, 11, 5, 23, 0, 0, 0, time.UTC)},
		"muted":            {Rule{Events: []string{"new"}, To: to}, statement.New, mutes, statement.DigestMuted, night.Add(48 * time.Hour)},
		"muted by source":  {Rule{Events: []string{"new"}, To: to}, statement.New, mutes[1:], statement.DigestMuted, night.Add(20 * time.Hour)},
		"muted for others": {Rule{Events: []string{"new"}, To: to}, statement.New, mutes[2:], "", night.Add(20 * time.Second)},
	} {
		o := occasion(c.state)
		o.Event.At, o.Mutes = night, c.mutes
		got, err := NewRouter([]Rule{c.rule}, droneTopics, 20*time.Second).Route(o)
		if err != nil || len(got) != 1 || got[0].Digest != c.digest || !got[0].NextAttempt.Equal(c.due) {
			t.Errorf("%s: %+v (%v), want %q at %s", name, got, err, c.digest, c.due)
		}
		if c.rule.Lifetime > 0 && !got[0].ExpiresAt.Equal(got[0].NextAttempt.Add(time.Hour)) {
			t.Errorf("%s: expires %s", name, got[0].ExpiresAt)
		}
	}
}

func TestRouteBaseline(t *testing.T) {
	rules := []Rule{
		{Name: "new", Events: []string{"new"}, To: []string{"a@example.org", "A@example.org"}, Words: []string{"x"}, Importance: 3},
		{Name: "edits", Events: []string{"edited"}, To: []string{"b@example.org"}},
		{Name: "elsewhere", Events: []string{"new"}, Sources: []string{"other"}, To: []string{"c@example.org"}},
	}
	alerts := NewRouter(rules, nil, 0).RouteBaseline(statement.Source{ID: "irna"}, start)
	if len(alerts) != 1 || alerts[0].Kind != statement.AlertBaseline || alerts[0].Recipient != "a@example.org" {
		t.Errorf("%+v", alerts)
	}
}

func TestCadence(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ digest, after, want string }{
		{"hourly", "2022-11-05T09:00:00Z", "2022-11-05T10:00:00Z"},
		{"daily 08:00", "2022-11-05T06:59:00Z", "2022-11-05T07:00:00Z"},
		{"daily 08:00", "2022-11-05T07:00:00Z", "2022-11-06T07:00:00Z"},
		{"weekly Mon 08:00", "2022-11-05T09:00:00Z", "2022-11-07T07:00:00Z"},
		{"weekly Monday 08:00", "2022-11-07T07:00:00Z", "2022-11-14T07:00:00Z"},
		{"daily 02:30", "2023-03-25T12:00:00Z", "2023-03-26T01:30:00Z"}, // the hour that summer time skips
		{"daily 02:30", "2022-10-29T12:00:00Z", "2022-10-30T01:30:00Z"}, // the hour that comes twice
		{"daily 02:30", "2022-10-30T01:30:00Z", "2022-10-31T01:30:00Z"}, // is one digest
	} {
		cadence, err := parseDigest(c.digest)
		if err != nil {
			t.Fatal(err)
		}
		after, _ := time.Parse(time.RFC3339, c.after)
		if got := cadence.next(after, berlin).Format(time.RFC3339); got != c.want {
			t.Errorf("%s after %s: %s, want %s", c.digest, c.after, got, c.want)
		}
	}
}

func TestQuietHours(t *testing.T) {
	for _, c := range []struct{ quiet, at, want string }{
		{"", "03:00", "03:00"}, {"22:00-07:00", "21:59", "21:59"}, {"22:00-07:00", "22:00", "07:00+1"}, {"22:00-07:00", "06:59", "07:00"},
		{"22:00-07:00", "07:00", "07:00"}, {"12:00-13:00", "12:30", "13:00"}, {"12:00-13:00", "13:00", "13:00"},
	} {
		q, err := parseQuiet(c.quiet)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse("15:04", c.at)
		clock, next := strings.CutSuffix(c.want, "+1")
		want, _ := time.Parse("15:04", clock)
		if next {
			want = want.AddDate(0, 0, 1)
		}
		if got := q.until(at, time.UTC); !got.Equal(want) {
			t.Errorf("%s at %s: %s", c.quiet, c.at, got)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		term, text string
		want       bool
	}{
		{"drone", "The DRONE, again.", true}, {"drone", "drones", false}, {"drone*", "drones", true}, {"drone", "a quadrone", false},
		{"limited number", "a limited\n number of", true}, {"дрон*", "О поставках ДРОНОВ", true}, {"дрон", "дронов", false},
		{"无人机", "关于无人机的问题", true}, {"پهپاد*", "درباره پهپاد\u200cها", true}, {"نمی\u200cدهیم", "نميدهيم", true}, {"كتاب", "کتاب", true},
		{"מל״ט", "על מל״ט", true}, {"oil", "turmoil oil", true}, {"ﬁle", "FILE", true}, {"straße", "STRASSE", true}, {"U.S.", "the U.S. said", true},
	} {
		if got := compileWords([]string{c.term}).in(fold(c.text)); got != c.want {
			t.Errorf("%q in %q: %v", c.term, c.text, got)
		}
	}
	if len(compileWords([]string{" ", "*"})) != 0 {
		t.Error("an empty term is in every text")
	}
}

func TestParseRecipient(t *testing.T) {
	for to, want := range map[string]Recipient{
		"hook":                    {"hook", "hook", "hook"},
		"Anna <Anna@example.org>": {"email", "Anna <Anna@example.org>", "anna@example.org"},
		"ИВАН@пример.рф":          {"email", "ИВАН@пример.рф", "иван@пример.рф"},
	} {
		if got, err := ParseRecipient(to); err != nil || got != want {
			t.Errorf("%q: %+v, %v", to, got, err)
		}
	}
	for _, bad := range []string{"", "email", "a b", "<x>", "a@b, c@d", "x\r\ny"} {
		if got, err := ParseRecipient(bad); err == nil {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("drone*", "The Drones\u202e\xff")
	f.Fuzz(func(t *testing.T, word, text string) {
		w := compileWords([]string{word})
		if !slices.Contains([]int{0, 1}, len(w)) {
			t.Error(len(w))
		}
		w.in(fold(text)) // ends, and does not panic
		if len(w) == 1 && !w[0].prefix && !w.in(" "+w[0].text+" ") {
			t.Errorf("%q is not in itself", word)
		}
	})
}

// What is more than a rule tells at once in a year waits for Monday, unless it scores higher than all that was told.
func TestAlertsAYear(t *testing.T) {
	rule := Rule{Name: "turns", Events: []string{"reversal"}, To: []string{"a@x.example"}, PerYear: 2, Timezone: "Europe/Brussels"}
	monday := time.Date(2022, 11, 7, 7, 0, 0, 0, time.UTC) // 8:00 in Brussels
	for _, c := range []struct {
		told    int
		highest float64
		score   float64
		beyond  bool
	}{{0, 0, 0.9, false}, {1, 0.95, 0.9, false}, {2, 0.95, 0.9, true}, {2, 0.9, 0.9, true}, {2, 0.8, 0.9, false}, {9, 0.95, 0.96, false}} {
		r := NewRouter([]Rule{rule}, nil, 20*time.Second)
		ev := statement.Event{ID: 1, State: statement.Turned, At: time.Date(2022, 11, 5, 12, 0, 0, 0, time.UTC), Reversal: &statement.Reversal{Level: statement.LevelAlert, Score: c.score}}
		alerts, err := r.Route(Occasion{Event: ev, Told: func(name string) (int, float64, error) {
			if name != "turns" {
				t.Errorf("asked of %q", name)
			}
			return c.told, c.highest, nil
		}})
		if err != nil || len(alerts) != 1 {
			t.Fatal(alerts, err)
		}
		if a := alerts[0]; a.Beyond != c.beyond || (a.Digest != "") != c.beyond || c.beyond && !a.NextAttempt.Equal(monday) {
			t.Errorf("%+v: %+v", c, a)
		}
	}
}
