package alert

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"volteface/internal/opinion"
	"volteface/internal/statement"
)

var start = time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	hash1 = "1f0c3b1de7c34a4b0f3f0d3a6a3a2a0d9c1b2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
	hash2 = "2e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d"
)

func october(day int) statement.Date {
	return statement.Date{Time: time.Date(2022, 10, day, 14, 30, 0, 0, time.FixedZone("", 3*3600)), HasTime: true}
}

// letters are the mails of the golden files: the name of the file, the issuer,
// and what there is to tell.
func letters() map[string]struct {
	issuer string
	event  statement.Event
	st     statement.Statement
	texts  []statement.Revision
} {
	type letter = struct {
		issuer string
		event  statement.Event
		st     statement.Statement
		texts  []statement.Revision
	}
	seen := start.Add(-30 * 24 * time.Hour)
	st := func(path string, missing bool) statement.Statement {
		s := statement.Statement{ID: "k7d2mq9xvw", URL: "https://mid.example/" + path, LastSeen: start}
		if missing {
			s.LastSeen, s.MissingSince = start.Add(-2*time.Hour), start
		}
		return s
	}
	event := func(state statement.State, reason string) statement.Event {
		return statement.Event{ID: 1, At: start, State: state, Source: "mid", Reason: reason}
	}
	before := statement.Revision{
		Title: "Spokesperson on deliveries to Ustania", Published: october(17), Snapshot: hash1, SeenAt: seen, Language: "en", Speakers: []string{"Spokesperson of the Ministry"},
		Body: "The Ministry answered questions at the weekly briefing.\n\nThe country has not provided equipment to any side of the conflict, and it will not do so.\n\nThe next briefing is on Thursday.\n\nJournalists are asked to register.",
	}
	after := before
	after.Title, after.Snapshot, after.SeenAt = "Spokesperson on talks with Ustania", hash2, start
	after.Body = strings.Replace(before.Body, "has not provided equipment to any side of the conflict, and it will not do so", "has provided a limited number of devices, months before the conflict", 1)
	long, longer := before, before
	long.Body = strings.Repeat("One more paragraph of a very long text that was there before, with some words in it.\n\n", 400)
	longer.Body, longer.Snapshot = strings.ReplaceAll(long.Body, "before", "after"), hash2
	hostile := statement.Revision{
		Title:    "<script>alert(1)</script> <img src=https://evil.example/x.png>\r\nBcc: everyone@example.org \u202egnp.exe " + strings.Repeat("long ", 200),
		Body:     "<a href=\"javascript:alert(1)\">click</a> {{.Recipient}}\n\n" + strings.Repeat("\u202e]]><!--", 50) + "\n\n" + strings.Repeat("x", 5000),
		Language: "en\"><script>", Speakers: []string{"\"><b>bold</b>", strings.Repeat("Name ", 300)},
		Published: statement.Date{Raw: "<i>today</i>\r\nX: y"}, Snapshot: hash1, SeenAt: seen,
	}
	edited := hostile
	edited.Body, edited.Snapshot = hostile.Body+"\n\n</span></div><script src=https://evil.example></script>", hash2
	foreign := func(title, body, language, speaker string) []statement.Revision {
		return []statement.Revision{{Title: title, Body: body, Language: language, Speakers: []string{speaker}, Published: october(20), Snapshot: hash1, SeenAt: start}}
	}
	evil := st("", false)
	evil.URL = "javascript:alert(document.cookie)"
	gone := st("17", true)
	gone.MissingSince = start.Add(-25 * time.Hour)
	return map[string]letter{
		"new":              {"Ministry of Ustania", event(statement.New, ""), st("17", false), []statement.Revision{before}},
		"changed":          {"Ministry of Ustania", event(statement.Changed, "title changed, 1 paragraph changed (18 words out, 12 in)"), st("17", false), []statement.Revision{before, after}},
		"changed-long":     {"Ministry of Ustania", event(statement.Changed, "400 paragraphs changed (400 words out, 400 in)"), st("17", false), []statement.Revision{long, longer}},
		"changed-dates":    {"Ministry of Ustania", event(statement.Changed, "only the dates shown: updated 2022-11-05, was not shown"), st("17", false), []statement.Revision{before, before}},
		"missing":          {"Ministry of Ustania", event(statement.Missing, "404 Not Found"), st("17", true), []statement.Revision{before}},
		"missing-back":     {"Ministry of Ustania", event(statement.Missing, "404 Not Found"), st("17", false), []statement.Revision{before}},
		"hostile":          {"<b>Evil</b>\r\nSubject: x", event(statement.New, "<script>"), evil, []statement.Revision{hostile}},
		"hostile-changed":  {"Evil", event(statement.Changed, "<script>"), evil, []statement.Revision{hostile, edited}},
		"new-arabic":       {"وزارة الخارجية", event(statement.New, ""), st("ar", false), foreign("بيان حول المحادثات في العاصمة", "عقدت الوزارة اليوم لقاءها الأسبوعي مع الصحفيين (2022).\n\nوسيعقد اللقاء القادم يوم الخميس.", "ar", "المتحدث باسم الوزارة")},
		"new-persian":      {"وزارت امور خارجه", event(statement.New, ""), st("fa", false), foreign("پاسخ سخنگو به پرسش خبرنگاران", "سخنگوی وزارت امور خارجه گفت: به هیچ طرفی تجهیزات نداده\u200cایم و نمی\u200cدهیم.", "fa", "سخنگو")},
		"new-russian":      {"Министерство иностранных дел", event(statement.New, ""), st("ru", false), foreign("О ходе переговоров в столице", "Сегодня в министерстве состоялся еженедельный брифинг.\n\nСледующий пройдёт в четверг.", "ru", "Официальный представитель")},
		"new-chinese":      {"外交部", event(statement.New, ""), st("zh", false), foreign("外交部发言人主持例行记者会", "发言人回答了记者的提问。\n\n下一次记者会将于星期四举行。", "zh-CN", "发言人")},
		"new-hebrew":       {"משרד החוץ", event(statement.New, ""), st("he", false), foreign("הודעת דובר המשרד על השיחות בבירה", "המשרד קיים היום את התדרוך השבועי (2022).\n\nהתדרוך הבא יתקיים ביום חמישי.", "he", "דובר המשרד")},
		"edited-persian":   {"وزارت امور خارجه", event(statement.Changed, "1 paragraph changed (1 word out, 1 in)"), st("fa", false), append(foreign("پاسخ سخنگو", "به هیچ طرفی تجهیزات نداده\u200cایم.", "fa", "سخنگو"), foreign("پاسخ سخنگو", "به هیچ طرفی تجهیزات نمی\u200cدهیم.", "fa", "سخنگو")...)},
		"removed":          {"Ministry of Ustania", event(statement.Removed, "404 Not Found, three times in 25 hours, while the rest of the site is well"), gone, []statement.Revision{before}},
		"unlisted":         {"Ministry of Ustania", event(statement.Unlisted, "the listing does not name it any more"), st("17", false), []statement.Revision{before}},
		"moved":            {"Ministry of Ustania", event(statement.Moved, "now at https://mid.example/archive/17"), st("17", false), []statement.Revision{before}},
		"restored":         {"Ministry of Ustania", event(statement.Restored, "back, after it was missing since 1 November"), st("17", false), []statement.Revision{before}},
		"new-without-much": {"", event(statement.New, ""), statement.Statement{ID: "k7d2mq9xvw"}, []statement.Revision{{Snapshot: hash1}}},
	}
}

func composer(m *memory, issuer string) *Composer {
	return &Composer{
		Memory: m, Newest: m.newest, Topics: []statement.Topic{{ID: "deliveries", Name: "deliveries", Terms: []string{"equipment", "تجهیزات"}}},
		Source: func(id string) (statement.Source, bool) {
			return statement.Source{ID: id, URL: "https://mid.example/news", Issuer: statement.Issuer{ID: "ustania_mfa", Name: issuer}}, true
		},
	}
}

func composed(t testing.TB, issuer string, m *memory, a statement.Alert) Message {
	t.Helper()
	message, err := composer(m, issuer).Compose(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestLetters(t *testing.T) {
	for name, l := range letters() {
		t.Run(name, func(t *testing.T) {
			m := &memory{}
			m.add(l.event, l.st, l.texts...)
			a := routed(t, m.events[1], "reader@example.org")[0]
			message := composed(t, l.issuer, m, a)
			harmlessMail(t, message)
			golden(t, name, message)
			if message.Thread != l.st.ID || message.List != "mid" || !message.Date.Equal(start) || message.MessageID != a.MessageID {
				t.Errorf("%+v", message)
			}
			if !strings.Contains(message.Text, "volteface statements show k7d2mq9xvw") || !strings.Contains(message.HTML, "volteface statements show k7d2mq9xvw") {
				t.Error("no command to type")
			}
		})
	}
}

// routed gives the alerts of an event for people who want everything.
func routed(t testing.TB, ev statement.Event, to ...string) []statement.Alert {
	t.Helper()
	var all []string
	for word := range events {
		all = append(all, word)
	}
	alerts, err := NewRouter([]Rule{{Events: all, To: to}}, nil, 0).Route(Occasion{Event: ev, Source: statement.Source{ID: ev.Source}})
	if err != nil {
		t.Fatal(err)
	}
	return alerts
}

func TestBaselineLetter(t *testing.T) {
	m := &memory{watched: 412}
	for i := range 25 {
		id := fmt.Sprintf("statement%02d", i)
		m.add(statement.Event{ID: int64(i), At: start, State: statement.New, Source: "mid"},
			statement.Statement{ID: id, URL: "https://mid.example/" + id}, statement.Revision{Title: fmt.Sprintf("Weekly briefing %d", i), Published: october(i + 1)})
	}
	a := NewRouter([]Rule{{Events: []string{"new"}, To: []string{"reader@example.org"}}}, nil, 0).RouteBaseline(statement.Source{ID: "mid"}, start)[0]
	message := composed(t, "Ministry of Ustania", m, a)
	harmlessMail(t, message)
	golden(t, "baseline", message)

	empty := composed(t, "Ministry of Ustania", &memory{watched: 1}, a)
	if empty.Subject != "[volteface] Now watched · Ministry of Ustania · 1 statement" || !strings.Contains(empty.Text, "1 statement watched") {
		t.Errorf("%q\n%s", empty.Subject, empty.Text)
	}
}

func TestTestMessage(t *testing.T) {
	c := composer(&memory{}, "")
	one, err := c.TestMessage("reader@example.org", start)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := c.TestMessage("reader@example.org", start)
	if one.MessageID == two.MessageID {
		t.Error("two test mails of one name: the second would not be shown")
	}
	harmlessMail(t, one)
	golden(t, "test", one)
}

// golden compares a message with testdata/NAME.txt and testdata/NAME.html.
func golden(t *testing.T, name string, m Message) {
	t.Helper()
	for file, got := range map[string]string{name + ".txt": "Subject: " + m.Subject + "\n\n" + m.Text, name + ".html": m.HTML} {
		path := filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not as in the golden file (go test ./internal/alert -update writes it anew):\n%s", file, got)
		}
	}
}

// harmlessMail fails if a string from the web became more than text.
func harmlessMail(t *testing.T, m Message) {
	t.Helper()
	if strings.ContainsAny(m.Subject, "\r\n\u202e") || len([]rune(m.Subject)) > 800 {
		t.Errorf("subject %q", m.Subject)
	}
	if len(m.HTML) > 100_000 || len(m.Text) > 60_000 { // Gmail hides what follows 102 KB
		t.Errorf("%d bytes of HTML, %d of text", len(m.HTML), len(m.Text))
	}
	if strings.ContainsRune(m.Text+m.HTML, '\u202e') {
		t.Error("a character that turns the direction of writing got through")
	}
	doc, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{
		"html": true, "head": true, "meta": true, "title": true, "style": true, "body": true, "div": true, "p": true, "h1": true,
		"a": true, "span": true, "br": true, "b": true, "pre": true, "code": true, "bdi": true, "blockquote": true, "h2": true,
	}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("comment %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !allowed[n.Data] {
			t.Errorf("element <%s>", n.Data)
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || at.Key == "src" || at.Key == "href" && !strings.HasPrefix(at.Val, "https://mid.example/") {
				t.Errorf("<%s %s=%q>", n.Data, at.Key, at.Val)
			}
		}
	}
}

// turned is a reversal with the given words before and after.
func turned(before, after, language string) *statement.Reversal {
	quote := func(id, stance, text string, on statement.Date) statement.Quote {
		return statement.Quote{
			Statement: id, Revision: 1, Source: "mid", Issuer: "Ministry of Ustania", Title: "Briefing", URL: "https://mid.example/" + id, Published: on,
			Speaker: "Spokesperson of the Ministry", Stance: stance, Text: text, Flagged: statement.Span{Start: 0, End: len(text) / 2}, Language: language, Snapshot: hash1,
		}
	}
	return &statement.Reversal{
		ID: "r4k2m9", Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Kind: "denial", Score: 0.87, Topic: "deliveries", TopicName: "drone supply",
		Proposition: "Ustania supplied equipment", Before: quote("k7d2mq9xvw", "denied", before, october(17)), After: quote("p3w8z1c6tn", "acknowledged", after, october(30)),
		Explanation: "The first denies any delivery, the second acknowledges one.",
	}
}

func TestReversalLetter(t *testing.T) {
	for name, r := range map[string]*statement.Reversal{
		"reversal":         turned("We have not provided equipment to any side. We will not.", "We gave a limited number of devices, months before the conflict.", "en"),
		"reversal-persian": turned("به هیچ طرفی تجهیزات نداده\u200cایم.", "تعداد محدودی دستگاه پیش از جنگ داده\u200cایم.", "fa"),
		"reversal-hostile": turned("</blockquote><script>alert(1)</script>\u202e"+strings.Repeat("long ", 2000), "\"><img src=https://evil.example/x>\r\n\r\nBcc: x", "en\"><script>"),
	} {
		t.Run(name, func(t *testing.T) {
			m := &memory{}
			m.add(statement.Event{ID: 1, At: start, State: statement.Turned, Source: "mid", Reversal: r},
				statement.Statement{ID: "p3w8z1c6tn", URL: "https://mid.example/p3w8z1c6tn", LastSeen: start},
				statement.Revision{Title: "Briefing", Body: r.After.Text, Language: "en", Snapshot: hash2, SeenAt: start})
			message := composed(t, "Ministry of Ustania", m, routed(t, m.events[1], "reader@example.org")[0])
			harmlessMail(t, message)
			golden(t, name, message)
			if !message.Urgent || message.Payload.Type != "statement.reversal" || message.Payload.Data.Reversal.After.Text != r.After.Text {
				t.Errorf("%+v", message.Payload)
			}
			if want := "[volteface] Reversal · Ministry of Ustania · drone supply: denied 17 Oct, acknowledged 30 Oct"; message.Subject != want {
				t.Errorf("subject %q", message.Subject)
			}
		})
	}
}

// Where it is not known what was done, the subject says no more than that the one appears to contradict the other.
func TestSubjectOfATurn(t *testing.T) {
	day := func(month time.Month, day, year int) statement.Date {
		return statement.Date{Time: time.Date(year, month, day, 12, 0, 0, 0, time.UTC)}
	}
	first, later := day(time.October, 24, 2022), day(time.November, 5, 2022)
	for _, c := range []struct {
		verdict        statement.Verdict
		topic          string
		before, after  string // stances
		from, to       statement.Date
		sameStatement  bool
		subject, title string
	}{
		{statement.VerdictReversal, "", "", "", first, later, false, "Reversal · Iran MFA · 5 Nov statement appears to contradict 24 Oct", "Briefing"},
		{statement.VerdictReversal, "", "said", "said", first, later, false, "Reversal · Iran MFA · 5 Nov statement appears to contradict 24 Oct", "Briefing"}, // as older versions stored it
		{statement.VerdictReversal, "drones", "", "", first, later, false, "Reversal · Iran MFA · drones: 5 Nov statement appears to contradict 24 Oct", "Briefing"},
		{statement.VerdictSoftening, "", "", "", first, later, false, "Softening · Iran MFA · 5 Nov statement appears to soften 24 Oct", "Briefing"},
		{statement.VerdictReversal, "", "", "", day(time.December, 30, 2021), later, false, "Reversal · Iran MFA · 5 Nov 2022 statement appears to contradict 30 Dec 2021", "Briefing"},
		{statement.VerdictReversal, "", "", "", later, later, false, "Reversal · Iran MFA · 5 Nov statement appears to contradict another of that day", "Briefing"},
		{statement.VerdictReversal, "", "", "", statement.Date{}, later, false, "Reversal · Iran MFA · 5 Nov 2022 statement appears to contradict an earlier one", "Briefing"},
		{statement.VerdictReversal, "", "", "", statement.Date{}, statement.Date{}, false, "Reversal · Iran MFA · a statement appears to contradict an earlier one", "Briefing"},
		{statement.VerdictReversal, "", "", "", later, later, true, "Reversal · Iran MFA · the text of the 5 Nov statement appears to contradict what stood there before", "Briefing"},
		{statement.VerdictReversal, "", "denied", "acknowledged", first, later, false, "Reversal · Iran MFA · Briefing: denied 24 Oct, acknowledged 5 Nov", "Briefing"},
	} {
		r := turned("We sent none.", "We sent some.", "en")
		r.Verdict, r.TopicName, r.Kind = c.verdict, c.topic, ""
		r.Before.Stance, r.After.Stance, r.Before.Published, r.After.Published = c.before, c.after, c.from, c.to
		if c.sameStatement {
			r.Before.Statement = r.After.Statement
		}
		state := statement.Turned
		if c.verdict == statement.VerdictSoftening {
			state = statement.Softened
		}
		m := &memory{}
		m.add(statement.Event{ID: 1, At: start, State: state, Source: "mid", Reversal: r},
			statement.Statement{ID: "p3w8z1c6tn", URL: "https://mid.example/p3w8z1c6tn", LastSeen: start},
			statement.Revision{Title: c.title, Body: r.After.Text, Language: "en", Snapshot: hash2, SeenAt: start})
		message := composed(t, "Iran MFA", m, routed(t, m.events[1], "reader@example.org")[0])
		if message.Subject != "[volteface] "+c.subject {
			t.Errorf("%q, want %q", message.Subject, c.subject)
		}
		if strings.Contains(message.Text, ": said") || strings.Contains(message.HTML, "· said") {
			t.Errorf("the letter says that something was said:\n%s", message.Text)
		}
		if c.before == "" && c.topic == "drones" {
			golden(t, "reversal-unknown", message)
		}
	}
}

func TestSourceLetters(t *testing.T) {
	for name, state := range map[string]statement.State{"fault": statement.Faulted, "recovered": statement.Recovered} {
		m := &memory{watched: 412, events: map[int64]statement.Event{1: {ID: 1, At: start, State: state, Source: "mid", Reason: "the listing names nothing: its template has changed"}}}
		message := composed(t, "Ministry of Ustania", m, routed(t, m.events[1], "reader@example.org")[0])
		harmlessMail(t, message)
		golden(t, name, message)
	}
}

// crowd is a memory with one digest of n events of every state, in several
// languages and of several sources.
func crowd(n int) *memory {
	m := &memory{}
	titles := []string{"Spokesperson on deliveries", "О ходе переговоров", "بیان سخنگو درباره تجهیزات", "外交部发言人主持例行记者会", "הודעת דובר המשרד"}
	for i := range n {
		ev := statement.Event{ID: int64(i + 1), At: start.Add(time.Duration(i) * time.Minute), State: order[i%9], Source: []string{"mid", "president"}[i%2], Reason: "some reason", Importance: i % 4}
		if ev.State == statement.Turned || ev.State == statement.Softened {
			ev.Reversal = turned("We have not.", "We have.", "en")
		}
		if ev.State == statement.Differs {
			ev.Counterpart = counterparts(statement.Edition)
		}
		m.add(ev, statement.Statement{ID: fmt.Sprintf("statement%d", i), URL: fmt.Sprintf("https://mid.example/%d", i)}, statement.Revision{Title: titles[i%len(titles)], Body: "A text about equipment.", Language: "en", Published: october(1 + i%28)})
		a := routed(&testing.T{}, m.events[ev.ID], "reader@example.org")[0]
		a.Digest = "daily 08:00"
		m.alerts = append(m.alerts, a)
		m.shares = append(m.shares, statement.Share{Source: ev.Source, State: ev.State, Count: 1})
	}
	return m
}

func TestDigestLetter(t *testing.T) {
	m := crowd(12)
	parent := statement.Alert{ID: 99, Kind: statement.AlertDigest, Recipient: "reader@example.org", MessageID: "0123456789abcdef0123456789abcdef", CreatedAt: start}
	message := composed(t, "Ministry of Ustania", m, parent)
	harmlessMail(t, message)
	golden(t, "digest", message)

	m = crowd(maxItems)
	m.shares = []statement.Share{{Source: "mid", State: statement.Changed, Count: 4900}, {Source: "president", State: statement.New, Count: 100}}
	m.alerts[0].Digest = statement.DigestFlood
	for id, r := range m.revisions {
		r[0].Title = strings.Repeat("A very long title ", 20)
		m.revisions[id] = r
	}
	message = composed(t, "Ministry of Ustania", m, parent)
	harmlessMail(t, message)
	if want := "[volteface] Flood · 5,000 events · 4,900 edited, 100 new"; message.Subject != want || message.Payload.Data.Digest.Count != 5000 {
		t.Errorf("subject %q, %d", message.Subject, message.Payload.Data.Digest.Count)
	}
	if !strings.Contains(message.Text, "mid 4,900, president 100") {
		t.Errorf("the rest is not told of:\n%s", message.Text[max(0, len(message.Text)-600):])
	}
}

func TestNoticeLetter(t *testing.T) {
	m := &memory{notices: map[int64]statement.Notice{3: {ID: 3, At: start, Subject: "Fault · kremlin\r\nBcc: x", Text: "It said:\n<script>alert(1)</script>\n\n- one\n  two\u202e\n" + strings.Repeat("long ", 20_000)}}}
	a := RouteNotice([]string{"op@example.org", "OP@example.org", "phone"}, m.notices[3], "kremlin")
	if len(a) != 2 || a[1].Channel != "phone" || a[0].Channel != statement.EmailChannel {
		t.Fatalf("%+v", a)
	}
	message := composed(t, "", m, a[0])
	harmlessMail(t, message)
	if !strings.Contains(message.Text, "[cut here]") || strings.ContainsAny(message.Subject, "\r\n") {
		t.Errorf("%q\n%.200s", message.Subject, message.Text)
	}
}

// With a public address a message links to pages; without, it names commands.
func TestPublicLinks(t *testing.T) {
	l := letters()["changed"]
	m := &memory{}
	m.add(l.event, l.st, l.texts...)
	c := composer(m, "Ministry")
	c.PublicURL = "https://watch.example/v"
	message, err := c.ComposeEvent(t.Context(), m.events[1], "reader@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{message.Text, message.HTML, message.Brief} {
		if !strings.Contains(part, "https://watch.example/v/statements/k7d2mq9xvw") || strings.Contains(part, "volteface diff") {
			t.Errorf("links: %s", part)
		}
	}
}

func TestWholeText(t *testing.T) {
	l := letters()["new"]
	m := &memory{}
	m.add(l.event, l.st, l.texts...)
	c := composer(m, "Ministry")
	c.Rules = []Rule{{WholeText: true}}
	a := routed(t, m.events[1], "reader@example.org")[0]
	for _, whole := range []bool{true, false} {
		c.Rules[0].WholeText = whole
		m.revisions[l.st.ID][0].Body = strings.Repeat("A paragraph.\n\n", 30) + "The end."
		message, err := c.Compose(t.Context(), a)
		if err != nil || strings.Contains(message.Text, "The end.") != whole {
			t.Errorf("whole %v: %v\n%s", whole, err, message.Text)
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	l := letters()["changed"]
	m := &memory{}
	m.add(l.event, l.st, l.texts...)
	c := composer(m, "Ministry")
	a := routed(b, m.events[1], "reader@example.org")[0]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Compose(b.Context(), a); err != nil {
			b.Fatal(err)
		}
	}
}

// The link that decides goes to one person, by mail: into no other channel, digest or preview, and nowhere where no desk is open.
func TestTheLinkThatDecides(t *testing.T) {
	m := &memory{}
	m.add(statement.Event{ID: 1, At: start, State: statement.Turned, Source: "mid", Reversal: turned("We have not.", "We have.", "en")},
		statement.Statement{ID: "p3w8z1c6tn", URL: "https://mid.example/p3w8z1c6tn", LastSeen: start},
		statement.Revision{Title: "Briefing", Body: "We have.", Language: "en", Snapshot: hash2, SeenAt: start})
	c := composer(m, "Ministry of Ustania")
	c.Decide = func(finding, to string) string { return "/decide?token=" + finding + "-for-" + to }
	a := routed(t, m.events[1], "reader@example.org")[0]
	for _, x := range []struct {
		public, channel string
		want            bool
	}{{"https://desk.example.org/", statement.EmailChannel, true}, {"https://desk.example.org", "newsroom", false}, {"", statement.EmailChannel, false}} {
		c.PublicURL, a.Channel = x.public, x.channel
		message, err := c.Compose(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		const link = "https://desk.example.org/decide?token="
		if got := strings.Contains(message.Text, link) && strings.Contains(message.HTML, link); got != x.want {
			t.Errorf("%+v: %v\n%s", x, got, message.Text)
		}
		if payload, err := json.Marshal(message.Payload); err != nil || strings.Contains(string(payload)+message.Link+message.Brief, "/decide") {
			t.Errorf("%+v: the link is in what programs are sent, or in a short message: %s %v", x, payload, err)
		}
	}
	c.PublicURL = "https://desk.example.org"
	preview, err := c.ComposeEvent(t.Context(), m.events[1], "reader@example.org")
	if err != nil || strings.Contains(preview.Text, "/decide") {
		t.Errorf("a preview has the link: %v", err)
	}
}

// A quotation in a language that the reader does not read stands as published, with the machine's translation beside it, marked as one in
// every form of the message; one's own language is not translated, and what a model has written is as harmless as all else.
func TestTranslationBesideAQuotation(t *testing.T) {
	r := turned("به هیچ طرفی تجهیزات نداده\u200cایم.", "We gave a limited number of devices.", "fa")
	r.After.Language = "en"
	translation := opinion.Extra{Kind: opinion.Translation, Into: "en", Language: "fa", Text: r.Before.Text}
	for name, text := range map[string]string{
		"reversal-translated":         "We have given no equipment to any side.",
		"reversal-translated-hostile": "</span><script>alert(1)</script>\u202e " + strings.Repeat("long ", 2000),
	} {
		m := &memory{written: map[string]statement.MachineText{translation.Key(): {Model: "some-model<b>", Language: "en", Text: text}}}
		m.add(statement.Event{ID: 1, At: start, State: statement.Turned, Source: "mid", Reversal: r},
			statement.Statement{ID: "p3w8z1c6tn", URL: "https://mid.example/p3w8z1c6tn", LastSeen: start},
			statement.Revision{Title: "Briefing", Body: r.After.Text, Language: "en", Snapshot: hash2, SeenAt: start})
		c := composer(m, "Ministry of Ustania")
		a := routed(t, m.events[1], "reader@example.org")[0]
		plain, err := c.Compose(t.Context(), a)
		if err != nil || strings.Contains(plain.Text+plain.HTML+plain.Brief, "ranslation") || plain.Payload.Data.Reversal.Before.Translation != nil {
			t.Errorf("translated unasked: %v\n%s", err, plain.Text)
		}
		c.Translate = "en"
		message, err := c.Compose(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		harmlessMail(t, message)
		golden(t, name, message)
		for form, got := range map[string]string{"text": message.Text, "html": message.HTML, "brief": message.Brief} {
			if n := strings.Count(strings.ToLower(got), "machine translation"); n != 1 || !strings.Contains(got, "some-model") || !strings.Contains(got, "به هیچ") {
				t.Errorf("%s of %s: marked %d times\n%s", form, name, n, got)
			}
		}
		told := message.Payload.Data.Reversal
		if told.Before.Translation == nil || told.Before.Text != r.Before.Text || told.After.Translation != nil || r.Before.Translation != nil {
			t.Errorf("for programs: %+v", told.Before)
		}
	}
}

// A summary stands in the mail of an edit and of a long statement where it is asked for, marked as a machine's; the difference and the
// text stay.
func TestSummaryInAMail(t *testing.T) {
	for name, kind := range map[string]opinion.ExtraKind{"new": opinion.Summary, "changed": opinion.Changes} {
		l := letters()[name]
		l.event.Statement, l.event.Revision = l.st.ID, len(l.texts)
		m := &memory{written: map[string]statement.MachineText{
			opinion.SummaryKey(kind, "en", l.st.ID, len(l.texts)): {Model: "some-model", Language: "en", Text: "The spokesperson speaks of deliveries."}}}
		m.add(l.event, l.st, l.texts...)
		c := composer(m, l.issuer)
		for _, on := range []bool{false, true} {
			c.Summarize = on
			message, err := c.Compose(t.Context(), routed(t, m.events[1], "reader@example.org")[0])
			if err != nil {
				t.Fatal(err)
			}
			harmlessMail(t, message)
			for form, got := range map[string]string{"text": message.Text, "html": message.HTML, "brief": message.Brief} {
				if marked := strings.Contains(strings.ToLower(got), "summary by a machine") && strings.Contains(got, "some-model"); marked != on {
					t.Errorf("%s of %s, asked for %v: marked %v\n%s", form, name, on, marked, got)
				}
			}
			if told := message.Payload.Data.Summary; (told != nil) != on || name == "changed" && message.Payload.Data.Difference == "" {
				t.Errorf("for programs: %+v", told)
			}
		}
	}
}
