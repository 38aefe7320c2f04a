package alert

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

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
		"new-without-much": {"", event(statement.New, ""), statement.Statement{ID: "k7d2mq9xvw"}, []statement.Revision{{Snapshot: hash1}}},
	}
}

func composed(t testing.TB, issuer string, m *memory, a statement.Alert) Message {
	t.Helper()
	d := dispatcher(m, clock.StoppedAt(start), nil)
	d.Source = func(id string) (statement.Source, bool) {
		return statement.Source{ID: id, Issuer: statement.Issuer{Name: issuer}}, true
	}
	message, err := d.compose(context.Background(), a)
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
			a := Route([]Rule{{Events: []string{"new", "changed", "missing"}, To: []string{"reader@example.org"}}}, m.events[1], statement.Source{ID: "mid"})[0]
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

func TestBaselineLetter(t *testing.T) {
	m := &memory{watched: 412}
	for i := range 25 {
		id := fmt.Sprintf("statement%02d", i)
		m.add(statement.Event{ID: int64(i), At: start, State: statement.New, Source: "mid"},
			statement.Statement{ID: id, URL: "https://mid.example/" + id}, statement.Revision{Title: fmt.Sprintf("Weekly briefing %d", i), Published: october(i + 1)})
	}
	a := RouteBaseline([]Rule{{Events: []string{"new"}, To: []string{"reader@example.org"}}}, statement.Source{ID: "mid"}, start)[0]
	message := composed(t, "Ministry of Ustania", m, a)
	harmlessMail(t, message)
	golden(t, "baseline", message)

	empty := composed(t, "Ministry of Ustania", &memory{watched: 1}, a)
	if empty.Subject != "[volteface] Now watched · Ministry of Ustania · 1 statement" || !strings.Contains(empty.Text, "1 statement watched") {
		t.Errorf("%q\n%s", empty.Subject, empty.Text)
	}
}

func TestTestMessage(t *testing.T) {
	one, err := TestMessage("reader@example.org", start)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := TestMessage("reader@example.org", start)
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
		"a": true, "span": true, "br": true, "b": true, "pre": true, "code": true,
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
