package extract

import (
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"strings"

	"volteface/internal/statement"
)

// Days as official pages write them in their own calendars, digits and names.
// "" is a string that must stay as it is: no other day may be made of it.
func TestNativeDates(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ lang, raw, want string }{
		// Persian: Solar Hijri, Gregorian names, digits, Dari and Pashto.
		{"fa", "۲۰۲۶/۱۱/۲۰ - ۱۴:۳۰", "2026-11-20T14:30:00+08:00"},
		{"fa", "۲۹ آبان ۱۴۰۵", "2026-11-20"},
		{"fa", "جمعه ۲۹ آبان ۱۴۰۵ - ۱۴:۳۰", "2026-11-20T14:30:00+08:00"},
		{"fa", "سه\u200cشنبه، ۱۲ آبان ۱۴۰۵ ساعت ۱۴:۳۰", "2026-11-03T14:30:00+08:00"},
		{"fa", "یکشنبه 1 آذر 1405", "2026-11-22"},
		{"fa", "۱۴۰۵/۰۸/۲۹", "2026-11-20"},
		{"fa", "1405-08-29", "2026-11-20"},
		{"fa", "۱۴۰۵/۸/۲۹ ۱۴:۳۰:۱۵", "2026-11-20T14:30:15+08:00"},
		{"fa", "۲۹/۰۸/۱۴۰۵", "2026-11-20"},
		{"fa", "۱۴:۳۰ - ۱۴۰۵/۰۸/۲۹", "2026-11-20T14:30:00+08:00"},
		{"fa", "۲۰ نوامبر ۲۰۲۶", "2026-11-20"},
		{"fa", "۲۹ آبان ۱۴۰۵ برابر با ۲۰ نوامبر ۲۰۲۶", "2026-11-20"},
		{"fa", "۲۹ آبان ۱۴۰۵ هجری شمسی", "2026-11-20"},
		{"fa", "۳۰ اسفند ۱۴۰۳", "2025-03-20"}, // a leap year
		{"fa", "۳۰ اسفند ۱۴۰۴", ""},           // none
		{"fa", "۱ فروردین ۱۴۰۵", "2026-03-21"},
		{"fa", "۲۲ بهمن ۱۳۵۷", "1979-02-11"},
		{"fa", "۲۹ آبان ۲۰۲۶", ""},
		{"fa", "۲۰ نوامبر ۱۴۰۵", ""},
		{"fa", "۲۹ آبان ۱۴۰۵ برابر با ۲۱ نوامبر ۲۰۲۶", ""},
		{"prs", "۲۹ عقرب ۱۴۰۵", "2026-11-20"},
		{"ps", "۲۹ لړم ۱۴۰۵", "2026-11-20"},
		{"en", "Aban 29, 1405", "2026-11-20"},
		{"en", "1405/08/29", ""},
		// Arabic: three sets of names, both calendars.
		{"ar", "٢٠ نوفمبر ٢٠٢٦", "2026-11-20"},
		{"ar", "الجمعة، 20 نوفمبر 2026", "2026-11-20"},
		{"ar", "الجمعة ٢٠ نوفمبر ٢٠٢٦ - ٢:٣٠ م", "2026-11-20T14:30:00+08:00"},
		{"ar", "20 تشرين الثاني 2026", "2026-11-20"},
		{"ar", "20 تشرين الثاني/نوفمبر 2026", "2026-11-20"},
		{"ar", "20 كانون الأول/ ديسمبر 2026", "2026-12-20"},
		{"ar", "20 نونبر 2026", "2026-11-20"},
		{"ar", "5 جويلية 2026", "2026-07-05"},
		{"ar", "20 أغسطس 2026م", "2026-08-20"},
		{"ar", "٢٠/١١/٢٠٢٦", "2026-11-20"},
		{"ar", "1 محرم 1448", "2026-06-16"},
		{"ar", "1 رمضان 1447 هـ", "2026-02-18"},
		{"ar", "١ شوال ١٤٤٥", "2024-04-10"},
		{"ar", "10 جمادى الآخرة 1448هـ الموافق 20 نوفمبر 2026م", "2026-11-20"},
		{"ar", "1448/06/10 هـ - 2026/11/20 م", "2026-11-20"},
		{"ar", "11 جمادى الآخرة 1448هـ الموافق 20 نوفمبر 2026م", "2026-11-20"}, // the moon was seen a day later
		{"ar", "10 رجب 1448هـ الموافق 20 نوفمبر 2026م", ""},
		{"ar", "10/06/1448", "2026-11-20"},
		{"ar", "السبت 10 جمادى الآخرة 1448", "2026-11-21"}, // by the day of the week
		{"ar", "تشرين 2026", ""},
		{"ur", "20 نومبر 2026", "2026-11-20"},
		{"ckb", "٢٠ی تشرینی دووەمی ٢٠٢٦", "2026-11-20"},
		{"en", "Ramadan 1, 1447 AH", "2026-02-18"},
		// Hebrew
		{"he", "20 בנובמבר 2026", "2026-11-20"},
		{"he", "יום שישי, 20 בנובמבר 2026, 14:30", "2026-11-20T14:30:00+08:00"},
		{"he", "20.11.2026", "2026-11-20"},
		{"he", "א׳ בתשרי תשפ״ז", "2026-09-12"},
		{"he", "ט״ו בניסן ה׳תשפ״ו", "2026-04-02"},
		{"he", "ה׳ באייר תש״ח", "1948-05-14"},
		{"he", "י״ד באדר ב׳ תשפ״ד", "2024-03-24"},
		{"he", "כ״ה בכסלו תשפ״ז | 5 בדצמבר 2026", "2026-12-05"},
		{"he", "ל׳ באייר תשפ״ו", ""}, // Iyar has 29 days
		// India
		{"hi", "20 नवंबर 2026", "2026-11-20"},
		{"hi", "२० नवम्बर २०२६, शुक्रवार", "2026-11-20"},
		{"hi", "शुक्रवार, 20 अक्तूबर 2026 को 14:30 बजे", "2026-10-20T14:30:00+08:00"},
		{"hi", "20/11/2026", "2026-11-20"},
		{"bn", "২০ নভেম্বর ২০২৬", "2026-11-20"},
		{"ne", "२०८३/०८/०४", ""}, // Bikram Sambat
		{"ne", "2083-08-04", ""},
		{"am", "11/03/2019", ""}, // Ethiopian
		// Thailand
		{"th", "20 พฤศจิกายน 2569", "2026-11-20"},
		{"th", "๒๐ พฤศจิกายน ๒๕๖๙", "2026-11-20"},
		{"th", "วันศุกร์ที่ 20 พฤศจิกายน พ.ศ. 2569 เวลา 14.30 น.", "2026-11-20T14:30:00+08:00"},
		{"th", "20 พ.ย. 2569", "2026-11-20"},
		{"th", "20 พ.ย. 69", "2026-11-20"},
		{"th", "20/11/2569", "2026-11-20"},
		{"th", "20 พฤศจิกายน 2026", "2026-11-20"},
		{"th", "29 กุมภาพันธ์ 2567", "2024-02-29"},
		{"th", "29 กุมภาพันธ์ 2569", ""},
		{"en", "20/11/2569", ""},
		// Japan
		{"ja", "令和8年11月20日", "2026-11-20"},
		{"ja", "令和８年１１月２０日（金）午後3時30分", "2026-11-20T15:30:00+08:00"},
		{"ja", "令和元年5月1日", "2019-05-01"},
		{"ja", "平成31年4月30日", "2019-04-30"},
		{"ja", "平成四十年1月1日", ""},
		{"ja", "昭和64年1月7日", "1989-01-07"},
		{"ja", "㋿8年11月20日", "2026-11-20"},
		{"ja", "R8.11.20", "2026-11-20"},
		{"ja", "2026年(令和8年)11月20日", "2026-11-20"},
		{"ja", "2026年(令和7年)11月20日", ""},
		{"ja", "令和8年(2026年)11月20日", "2026-11-20"},
		{"ja", "2026年11月20日 金曜日", "2026-11-20"},
		{"ja", "令和8年13月20日", ""},
		// China, Taiwan
		{"zh", "2026年11月20日 14:30", "2026-11-20T14:30:00+08:00"},
		{"zh", "2026年11月20日星期五", "2026-11-20"},
		{"zh", "二〇二六年十一月二十日", "2026-11-20"},
		{"zh-TW", "民國115年11月20日", "2026-11-20"},
		{"zh-TW", "中華民國一百一十五年十一月二十日", "2026-11-20"},
		{"zh-TW", "115/11/20", "2026-11-20"},
		{"zh-TW", "115-11-20 14:30", "2026-11-20T14:30:00+08:00"},
		{"zh-TW", "民國 115 年 11 月 20 日 下午 2 時 30 分", "2026-11-20T14:30:00+08:00"},
		{"en", "115/11/20", ""},
		// Korea
		{"ko", "2026. 11. 20.", "2026-11-20"},
		{"ko", "2026.11.20(금)", "2026-11-20"},
		{"ko", "2026년 11월 20일 (금) 오후 3:30", "2026-11-20T15:30:00+08:00"},
		{"ko", "2026년 11월 20일 금요일 오후 3시 30분", "2026-11-20T15:30:00+08:00"},
		{"ko", "주체115(2026)년 11월 20일", "2026-11-20"},
		// Others
		{"vi", "ngày 20 tháng 11 năm 2026", "2026-11-20"},
		{"vi", "Thứ Sáu, 20/11/2026 14:30", "2026-11-20T14:30:00+08:00"},
		{"ka", "20 ნოემბერი, 2026", "2026-11-20"},
		{"hy", "20 նոյեմբերի 2026", "2026-11-20"},
		{"sr", "20. новембар 2026.", "2026-11-20"},
		{"az", "20 noyabr 2026", "2026-11-20"},
		{"be", "20 лістапада 2026", "2026-11-20"},
		{"hr", "20. studenoga 2026.", "2026-11-20"},
		{"cs", "20. listopadu 2026", "2026-11-20"},
		{"cs", "20. 11. 2026", "2026-11-20"},
		{"pl", "20 listopada 2026 r.", "2026-11-20"},
		{"sk", "20. novembra 2026", "2026-11-20"},
		{"lt", "2026 m. lapkričio 20 d.", "2026-11-20"},
		{"lv", "2026. gada 20. novembrī", "2026-11-20"},
		{"et", "20. november 2026", "2026-11-20"},
		{"uk", "20 листопада 2026 р.", "2026-11-20"},
		{"bg", "20 ноември 2026 г.", "2026-11-20"},
		{"ro", "20 noiembrie 2026, ora 14:30", "2026-11-20T14:30:00+08:00"},
		{"ca", "20 de novembre de 2026", "2026-11-20"},
		{"sv", "20 november 2026 kl. 14.30", "2026-11-20T14:30:00+08:00"},
		{"nl", "vrijdag 20 november 2026", "2026-11-20"},
		{"sl", "20. november 2026", "2026-11-20"},
		{"kk", "20 қараша 2026 жыл", "2026-11-20"},
		{"it", "venerdì 20 novembre 2026", "2026-11-20"},
		{"ms", "20 Disember 2026", "2026-12-20"},
		{"ru", "20 ноя 2026, 14:30 МСК", "2026-11-20T14:30:00+03:00"},
		{"mn", "2026 оны 11 дүгээр сарын 20", "2026-11-20"},
		{"fi", "20.11.2026 klo 14.30", "2026-11-20T14:30:00+08:00"},
		{"es", "20 de noviembre de 2026", "2026-11-20"},
		{"pt", "1º de novembro de 2026", "2026-11-01"},
		{"fr", "1er novembre 2026 à 17h30", "2026-11-01T17:30:00+08:00"},
		{"hu", "2026. november 20.", "2026-11-20"},
		{"el", "20 Νοεμβρίου 2026", "2026-11-20"},
		{"tr", "20 Kasım 2026 Cuma", "2026-11-20"},
		{"id", "20 November 2026", "2026-11-20"},
		// The order of figures is the source's.
		{"en-US", "11/05/2026", "2026-11-05"},
		{"en-GB", "05/11/2026", "2026-11-05"},
		{"en-US", "25/11/2026", "2026-11-25"},
		{"en-US", "11/05/26", "2026-11-05"},
		{"en-CA", "11/05/2026", ""},
		{"en", "11/05/2026", ""},
		{"en", "05/05/2026", "2026-05-05"},
		{"es-US", "11/05/2026", "2026-11-05"},
		{"es", "11/05/2026", "2026-05-11"},
		{"de", "5.11.26", "2026-11-05"},
		{"zh", "11/05/2026", ""},
		// A day of the week decides where the order does not, and speaks against it.
		{"en", "Thursday 05/11/2026", "2026-11-05"},
		{"en", "05/11/2026, Thursday", "2026-11-05"},
		{"en", "Monday 05/11/2026", "2026-05-11"},
		{"en", "Friday 05/11/2026", ""},
		{"es", "jueves, 11/05/2026", ""},
		{"es", "lunes, 11/05/2026", "2026-05-11"},
		// The moon is seen a day later in Pakistan than in Mecca.
		{"ur", "26 رمضان 1447", ""},
		{"ur", "پیر 26 رمضان 1447", "2026-03-16"},
		// Years of two figures
		{"fa", "۲۴ اسفند ۰۴", "2026-03-15"},
		{"fa", "۲۴ اسفند ۹۹", "2021-03-14"},
		{"th", "15 มี.ค. 26", ""},
		// Labels and places before the day
		{"de", "Berlin, den 5. November 2026", "2026-11-05"},
		{"ru", "Москва, 5 ноября 2026 года", "2026-11-05"},
		{"en", "Press release | 5 November 2026", "2026-11-05"},
		{"en", "Published on: 5 November 2026", "2026-11-05"},
		{"en", "Valid until 5 November 2026", ""},
		{"en", "Updated: 5 November 2026", ""},
		{"de", "gültig ab 05.11.2026", ""},
		{"en", "before noon today, 5 November 2026", ""},
		{"en", "Updated | 5 November 2026", ""},
		{"fr", "Communiqué - 5 novembre 2026", "2026-11-05"},
		{"de", "Pressemitteilung vom 05.11.2026", "2026-11-05"},
		{"zh-CN", "2026-11-05 来源：新华社", "2026-11-05"},
		{"zh-CN", "2026-11-05 更新：新华社", ""},
		{"fa", "۱۴ آبان\u200cماه ۱۴۰۵", "2026-11-05"},
		{"fa", "۱۴ آبانماه ۱۴۰۵", "2026-11-05"},
		// Zones
		{"en", "Fri, 20 Nov 2026 15:45:05 GMT+7", "2026-11-20T15:45:05+07:00"},
		{"en", "Fri, 20 Nov 2026 15:45:05 UTC+05:30", "2026-11-20T15:45:05+05:30"},
		{"en", "Fri, 20 Nov 2026 20:21:00 America/Los_Angeles", "2026-11-20T20:21:00-08:00"},
		{"en", "2026-07-20 20:21 Europe/Kyiv", "2026-07-20T20:21:00+03:00"},
		{"en", "Fri, 20 Nov 2026 13:03:47 AEDT", "2026-11-20T13:03:47+11:00"},
		{"en", "Fri, 20 Nov 2026 13:03:47 CST", "2026-11-20T13:03:47+08:00"}, // of China, as the source is
		{"en", "Fri, 20 Nov 2026 13:03:47 IST", ""},                          // three zones are called so
		{"en", "Fri Nov 20 2026 13:03:47 GMT+0100 (Central European Standard Time)", "2026-11-20T13:03:47+01:00"},
		{"en", "Fri Nov 20 13:03:47 PST 2026", "2026-11-20T13:03:47-08:00"},
		{"en", "Friday, 20-Nov-26 08:45:05 GMT", "2026-11-20T08:45:05Z"},
		{"en", "Fri, Nov 20 2026 08:28:28 PM", "2026-11-20T20:28:28+08:00"},
		{"en", "20 November 2026, 5 pm", "2026-11-20T17:00:00+08:00"},
		{"en", "20 November 2026 – 22 November 2026", ""},
		{"en", "5–6 November 2026", ""},
		{"en", "20 November 2026¹", "2026-11-20"},
	} {
		x := &Extractor{src: statement.Source{Language: test.lang}, lang: primarySubtag(test.lang), zone: shanghai}
		d := x.anyDate(test.raw, "")
		got := d.String()
		if d.Time.IsZero() {
			got = ""
		}
		if got != test.want || d.Raw != test.raw {
			t.Errorf("%s %q: %q, want %q", test.lang, test.raw, got, test.want)
		}
	}
}

// In English the order of figures is that of the government.
func TestOrderOfGovernment(t *testing.T) {
	for government, want := range map[string]string{"US": "2026-11-05", "GB": "2026-05-11", "IR": "11/05/2026", "": "11/05/2026"} {
		x := &Extractor{src: statement.Source{Language: "en", Issuer: statement.Issuer{Government: government}}, lang: "en", zone: time.UTC}
		if d := x.anyDate("11/05/2026", ""); d.String() != want {
			t.Errorf("%s: %s, want %s", government, d, want)
		}
	}
}

// The conversions agree with published tables over years: the first days of the
// Iranian year (University of Tehran), of Umm al-Qura (KACST) and of the Hebrew
// year.
func TestCalendarTables(t *testing.T) {
	for _, test := range []struct {
		day  day
		want string
	}{
		{day{calendar: jalali, year: 1399, month: 1, day: 1}, "2020-03-20"}, {day{calendar: jalali, year: 1400, month: 1, day: 1}, "2021-03-21"},
		{day{calendar: jalali, year: 1403, month: 1, day: 1}, "2024-03-20"}, {day{calendar: jalali, year: 1404, month: 1, day: 1}, "2025-03-21"},
		{day{calendar: jalali, year: 1408, month: 1, day: 1}, "2029-03-20"}, {day{calendar: jalali, year: 1375, month: 1, day: 1}, "1996-03-20"},
		{day{calendar: lunar, year: 1443, month: 1, day: 1}, "2021-08-09"}, {day{calendar: lunar, year: 1444, month: 1, day: 1}, "2022-07-30"},
		{day{calendar: lunar, year: 1445, month: 1, day: 1}, "2023-07-19"}, {day{calendar: lunar, year: 1446, month: 1, day: 1}, "2024-07-07"},
		{day{calendar: lunar, year: 1447, month: 1, day: 1}, "2025-06-26"}, {day{calendar: lunar, year: 1446, month: 9, day: 1}, "2025-03-01"},
		{day{calendar: hebrew, year: 5784, month: 7, day: 1}, "2023-09-16"}, {day{calendar: hebrew, year: 5785, month: 7, day: 1}, "2024-10-03"},
		{day{calendar: hebrew, year: 5786, month: 7, day: 1}, "2025-09-23"}, {day{calendar: hebrew, year: 5786, month: 12, day: 14}, "2026-03-03"},
		{day{calendar: hebrew, year: 5784, month: 1, day: 15}, "2024-04-23"}, {day{calendar: hebrew, year: 5785, month: 6, day: 29}, "2025-09-22"},
	} {
		y, m, d, ok := test.day.gregorian()
		if got := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly); !ok || got != test.want {
			t.Errorf("%v: %s %v, want %s", test.day, got, ok, test.want)
		}
	}
}

// The one reader is asked wherever a date stands: pages, listings, feeds,
// declared data.
func TestNativeDatesEverywhere(t *testing.T) {
	src := statement.Source{Language: "fa", Timezone: "Asia/Tehran", Listing: statement.ListingRules{Date: []statement.DateRule{{Selectors: []string{".d"}}}}, Extract: statement.ExtractRules{Body: []string{".b"}}}
	x := extractor(t, src)
	const shown, want = "۲۹ آبان ۱۴۰۵", "2026-11-20"
	list, err := goquery.NewDocumentFromReader(strings.NewReader(`<li><a href=a>x</a><span class=d>` + shown + `</span></li>`))
	if err != nil {
		t.Fatal(err)
	}
	if d := x.Date(list.Find("li"), src.Listing.Date); d.String() != want {
		t.Errorf("a listing: %s", d)
	}
	entries, _, err := x.Feed([]byte(`<rss version="2.0"><channel><title>x</title><item><title>a</title><link>http://a.example/1</link><pubDate>`+shown+`</pubDate></item></channel></rss>`), "http://a.example/")
	if err != nil || len(entries) != 1 || entries[0].Published.String() != want {
		t.Errorf("a feed: %v %v", entries, err)
	}
	for _, html := range []string{
		`<script type="application/ld+json">{"datePublished":"1405-08-29"}</script>`,
		`<meta property="article:published_time" content="` + shown + `">`,
		`<time datetime="1405/08/29">` + shown + `</time>`,
		`<h1>A title that is long enough</h1><p>` + shown + `</p>`,
	} {
		doc, err := x.Extract(Input{URL: "http://a.example/1", Body: []byte(`<!doctype html><meta charset=utf-8><title>A title that is long enough</title>` + html + `<div class=b>متن بیانیه</div>`)})
		if err != nil || doc.Published.String() != want {
			t.Errorf("%s: %s %v", html, doc.Published, err)
		}
	}
}

// A feed's library is not believed about a zone that it does not know.
func TestFeedZones(t *testing.T) {
	x := extractor(t, statement.Source{Language: "en", Timezone: "Asia/Shanghai"})
	for raw, want := range map[string]string{
		"Fri, 20 Nov 2026 15:45:05 GMT+7":               "2026-11-20T15:45:05+07:00",
		"Fri, 20 Nov 2026 20:21:00 America/Los_Angeles": "2026-11-20T20:21:00-08:00",
		"Fri, 20 Nov 2026 20:21:00 XYZT":                "Fri, 20 Nov 2026 20:21:00 XYZT",
		"20 Nov 2026 20:21:00":                          "2026-11-20T20:21:00+08:00",
		"Tue,":                                          "Tue,",
	} {
		entries, _, err := x.Feed([]byte(`<rss version="2.0"><channel><title>x</title><item><title>a</title><link>http://a.example/1</link><pubDate>`+raw+`</pubDate></item></channel></rss>`), "http://a.example/")
		if err != nil || len(entries) != 1 || entries[0].Published.String() != want {
			t.Errorf("%s: %v %v", raw, entries, err)
		}
	}
}
