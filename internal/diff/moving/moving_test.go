package moving

import (
	"strings"
	"testing"
)

// settle gives what is left to differ when every place is quiet that says what
// moves at it (sure), or every place whatever (any).
func settle(before, after string, any bool) (left bool, places []string) {
	changes, settled := Settle(Text{Body: before}, Text{Body: after}, func(c Change) bool { return any || c.Sure })
	for _, c := range changes {
		places = append(places, string(c.Kind)+": "+c.Place)
	}
	return settled.Body != before, places
}

const body = "The minister opens the fair in the presence of four hundred guests.\n\n"

// What a page says of itself and its readers moves, and is no edit.
func TestClocksAgesAndCounters(t *testing.T) {
	for _, test := range [][2]string{
		{"Views: 1204 | Updated 2 minutes ago | Today: Saturday, 28 November 2026, 17:00", "Views: 1,221 | Updated 1 hour ago | Today: Sunday, 29 November 2026, 17:05"},
		{"1,204 views", "1.2K views"}, {"Views (12)", "Views (13)"}, {"Hits 99", "Hits 100"}, {"12 просмотров", "13 просмотров"}, {"Просмотры: 12", "Просмотры: 1 300"},
		{"Aufrufe: 12", "Aufrufe: 14"}, {"12 Aufrufe", "13 Aufrufe"}, {"Lu 3 fois | 12 vues", "Lu 3 fois | 14 vues"}, {"بازدید: ۱۲۳", "بازدید: ۱۲۴"}, {"عدد المشاهدات: ١٢", "عدد المشاهدات: ١٣"},
		{"浏览次数：123", "浏览次数：125"}, {"阅读 1234", "阅读 1240"}, {"조회수 12", "조회수 13"}, {"閲覧数: 5", "閲覧数: 6"},
		{"This page has been viewed 1,204 times.", "This page has been viewed 1,205 times."}, {"You are visitor number 12.", "You are visitor number 13."},
		{"By the press office – Views: 12", "By the press office – Views: 13"}, {"By the press office Views: 12 Comments: 3", "By the press office Views: 13 Comments: 3"},
		{"Page generated in 0.123 seconds", "Page generated in 0.09 seconds"}, {"Request ID: 8f3a-11", "Request ID: 77aa-02"},
		{"3 minutes ago", "just now"}, {"Posted 3 hours ago", "Posted 2 days ago"}, {"vor 3 Minuten", "vor 1 Stunde"}, {"il y a 3 minutes", "il y a une heure"}, {"3 минуты назад", "только что"},
		{"قبل ٣ دقائق", "قبل ٥ دقائق"}, {"۳ دقیقه پیش", "۴ دقیقه پیش"}, {"3分钟前", "4分钟前"}, {"5시간 전", "6시간 전"}, {"3 dakika önce", "4 dakika önce"}, {"Hace 3 horas", "Hace 4 horas"},
		{"Last updated: 28 November 2026, 17:05", "Last updated: 28 November 2026, 17:10"}, {"Updated 28.11.2026 17:05", "Updated 28.11.2026 17:15"}, {"17:05:32", "17:06:01"},
		{"Обновлено: 28 ноября 2026 г. 17:05", "Обновлено: 28 ноября 2026 г. 17:09"}, {"Today is Saturday, November 28, 2026", "Today is Sunday, November 29, 2026"}, {"Heute ist Samstag, 28. November 2026", "Heute ist Sonntag, 29. November 2026"},
		{"更新时间：2026年11月28日 17:05", "更新时间：2026年11月28日 17:06"}, {"Generated at 2026-11-28T17:05:32Z", "Generated at 2026-11-28T17:06:32Z"}, {"Saturday, 28 November 2026, 17:05:32 UTC", "Saturday, 28 November 2026, 17:06:32 UTC"},
		{"Views\n\n1204", "Views\n\n1230"}, {"1204\n\nviews", "1230\n\nviews"},
	} {
		before, after := test[0]+"\n\n"+body, test[1]+"\n\n"+body
		if left, places := settle(before, after, false); left || len(places) == 0 {
			t.Errorf("%q to %q is held to be an edit (%q)", test[0], test[1], places)
		}
		before, after = body+test[0], body+test[1]
		if left, _ := settle(before, after, false); left {
			t.Errorf("at the end, %q to %q is held to be an edit", test[0], test[1])
		}
	}
}

// What only looks can tell is asked about, and is no more than a value by itself.
func TestValuesByThemselves(t *testing.T) {
	for _, test := range [][2]string{
		{"1204", "1230"}, {"17:05", "17:06"}, {"28 November 2026", "29 November 2026"}, {"Tehran +12 °C", "Tehran +13 °C"}, {"EUR/USD 1.0812", "EUR/USD 1.0813"}, {"7f3a99c1d2", "0011ffaa22"}, {"Published: 28 November 2026 17:05", "Published: 28 November 2026 17:06"},
	} {
		if left, _ := settle(body+test[0], body+test[1], false); !left {
			t.Errorf("%q to %q is quiet at once", test[0], test[1])
		}
		if left, places := settle(body+test[0], body+test[1], true); left || len(places) != 1 {
			t.Errorf("%q to %q cannot be learnt: %q", test[0], test[1], places)
		}
	}
}

// A figure with a noun, a name, a denial, the day of an event, a label that is
// not one of the page's own: news, whatever has been learnt.
func TestNewsNeverMoves(t *testing.T) {
	for _, test := range [][2]string{
		{"The death toll has risen to 12.", "The death toll has risen to 13."}, {"Killed: 12", "Killed: 13"}, {"Killed\n\n12", "Killed\n\n13"}, {"12\n\nkilled", "13\n\nkilled"}, {"Dead | 12", "Dead | 13"},
		{"Погибли: 12", "Погибли: 13"}, {"12 dead", "13 dead"}, {"The site recorded 1,204 visits by inspectors.", "The site recorded 1,205 visits by inspectors."}, {"Minister visits 3 factories", "Minister visits 4 factories"},
		{"The talks are on 5 November 2026.", "The talks are on 6 November 2026."}, {"Date of the summit: 5 November 2026", "Date of the summit: 6 November 2026"}, {"Time: 10:00", "Time: 11:00"}, {"Talks begin 10:00", "Talks begin 11:00"},
		{"He arrived 3 days ago and denied it.", "He arrived 4 days ago and denied it."}, {"It was agreed", "It was not agreed"}, {"Votes for: 12 | Votes against: 13", "Votes for: 13 | Votes against: 12"}, {"Drones delivered: 200", "Drones delivered: 300"},
		{"10\n\n20\n\n30", "10\n\n20\n\n31"}, {"Budget: 5.2 %", "Budget: 5.3 %"}, {"Resolution 1204", "Resolution 1205"}, {"Mr Smith", "Mr Jones"}, {"Casualties 3 views differ", "Casualties 4 views differ"},
	} {
		if left, places := settle(body+test[0], body+test[1], true); !left || len(places) > 0 {
			t.Errorf("%q to %q is taken for something that moves: %q", test[0], test[1], places)
		}
	}
}

// What has been edited stays, when what moves beside it is put back.
func TestNewsBesideACounter(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{"Views: 12\n\nThe toll is 3.", "Views: 13\n\nThe toll is 4.", "Views: 12\n\nThe toll is 4."},
		{"The toll is 3. This page has been viewed 12 times.", "The toll is 4. This page has been viewed 13 times.", "The toll is 4. This page has been viewed 12 times."},
		{"Killed: 3 | Views: 12", "Killed: 4 | Views: 13", "Killed: 4 | Views: 12"},
		{"Views: 12\nBy A", "Views: 13\nBy B", "Views: 12\nBy B"},
	} {
		_, settled := Settle(Text{Body: test.before}, Text{Body: test.after}, func(c Change) bool { return true })
		if settled.Body != test.want {
			t.Errorf("%q to %q: %q", test.before, test.after, settled.Body)
		}
	}
}

func TestOrder(t *testing.T) {
	list := func(lines ...string) string { return strings.Join(lines, "\n\n") }
	before := list("They call for peace.", "Signed by:", "Northland", "Southland", "Eastmark", "See also", "One", "Two", "Three")
	for _, after := range []string{
		list("They call for peace.", "Signed by:", "Eastmark", "Southland", "Northland", "See also", "Three", "One", "Two"),
		list("They call for peace.", "Signed by:", "Eastmark", "Northland", "Southland", "See also", "One", "Two", "Three"),
		list("They call for peace.", "Signed by:", "Southland", "Northland", "Eastmark", "See also", "One", "Two", "Westmark"),
	} {
		left, places := settle(before, after, true)
		if strings.Join(places, ", ") != "order: the order of a list" || left != strings.Contains(after, "Westmark") {
			t.Errorf("left %v: %q", left, places)
		}
	}
	if left, places := settle("Signed by: Northland, Southland, Eastmark and others", "Signed by: Southland, Eastmark and others, Northland", true); left || len(places) != 1 {
		t.Errorf("items of a line: %q", places)
	}
	if left, _ := settle("Signed by: Northland, Southland, Eastmark", "Signed by: Southland, Northland, Westmark", true); !left {
		t.Error("another name is taken for another order")
	}
}

// Letters written for each other are no edit, in whole lines and beside one.
func TestLetters(t *testing.T) {
	for _, test := range [][2]string{
		{"سخنگوی وزارت گفت کمک می\u200cکنیم", "سخنگوي وزارت گفت كمك مي\u200cكنيم"}, {"می\u200cشود", "میشود"}, {"می\u200cشود", "می شود"}, {"محمد", "محـــمد"}, {"السلام", "ﺍﻟﺴﻼﻡ"}, {"الأمم", "الامم"}, {"مُحَمَّد", "محمد"}, {"١٢٣", "۱۲۳"}, {"ещё", "еще"},
	} {
		if left, places := settle(body+test[0], body+test[1], false); left || len(places) > 0 {
			t.Errorf("%q and %q differ: %q", test[0], test[1], places)
		}
		if !Same(test[0], test[1]) {
			t.Errorf("%q and %q are not the same", test[0], test[1])
		}
	}
	for _, test := range [][2]string{{"نیست", "است"}, {"کم", "کمک"}, {"мой", "мои"}, {"Muller", "Müller"}} {
		if Same(test[0], test[1]) {
			t.Errorf("%q and %q are taken for the same", test[0], test[1])
		}
	}
}

func TestDropText(t *testing.T) {
	changes, _ := Settle(Text{Body: body + "Views: 12 | Updated 3 minutes ago"}, Text{Body: body + "Views: 13 | Updated 4 minutes ago"}, func(Change) bool { return true })
	if len(changes) != 1 || changes[0].Drop != `^Views: .+ \| Updated .+$` {
		t.Errorf("%+v", changes)
	}
	changes, _ = Settle(Text{Body: "It is denied. Views: 12"}, Text{Body: "It is denied. Views: 13"}, func(Change) bool { return true })
	if len(changes) != 1 || changes[0].Drop != "" {
		t.Errorf("it would cut words out: %+v", changes)
	}
}

func FuzzSettle(f *testing.F) {
	f.Add("Views: 12\n\nA\n\nB", "Views: 13\n\nB\n\nA")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 1<<14 {
			return
		}
		_, settled := Settle(Text{Body: before}, Text{Body: after}, func(Change) bool { return false })
		if len(strings.Split(settled.Body, "\n\n")) != len(strings.Split(after, "\n\n")) {
			t.Errorf("%q became %q", after, settled.Body)
		}
		Settle(Text{Body: before}, Text{Body: after}, func(Change) bool { return true })
	})
}
