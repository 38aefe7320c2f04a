package extract

import (
	"strings"
	"testing"
	"time"
)

func TestMentions(t *testing.T) {
	near := time.Date(2022, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct{ language, text, days, rest string }{
		{"en", "It takes effect on November 5, 2022 and cost 35 dollars.", "2022-11-05", "35"},
		{"en", "From September 10 to 16 they met.", "2022-09-10 2022-09-16", ""},
		{"en", "The 3-5 June 2024 summit, 12 people.", "2024-06-03 2024-06-05", "12"},
		{"en", "You may 5 times march 3 miles; in March of that year.", "", "5"},
		{"fr", "La ministre se rendra à Tallinn les 12 et 13 avril.", "2023-04-12 2023-04-13", ""},
		{"fr", "le 1er janvier 2023, 1 200 euros", "2023-01-01", "1 200"},
		{"ru", "до 15 сентября выплатить, 6 декабря и 14 декабря", "2022-09-15 2022-12-06 2022-12-14", ""},
		{"fa", "نشست در ۲۳ آبان برگزار شد و ۴۳ نفر", "2022-11-14", "43"},
		{"fa", "در ۱۴ آبان ۱۴۰۱", "2022-11-05", ""},
		{"ar", "اعتبارا من 24 أبريل 2023 لمدة 72 ساعة", "2023-04-24", "72"},
		{"zh", "8月5日,两艘船;2022年12月5日起13家", "2022-08-05 2022-12-05", "13"},
		{"ko", "5월 3일 회담", "2023-05-03", ""},
		{"de", "am 5. November 2022 und 200 Mann", "2022-11-05", "200"},
		{"es", "el 3 de octubre de 2022", "2022-10-03", ""},
		{"en", "February 30 is no day; May 1 is.", "2023-05-01", ""},
		{"", "\xff\xfe 5 \xf0\x28 мая", "", ""},
	} {
		found, rest := Mentions(test.text, test.language, near)
		var days []string
		for _, m := range found {
			for _, d := range m.Days {
				days = append(days, d.Format(time.DateOnly))
			}
		}
		if got := strings.Join(days, " "); got != test.days && test.language != "" {
			t.Errorf("%s %q: %q, not %q", test.language, test.text, got, test.days)
		}
		if !strings.Contains(rest, test.rest) {
			t.Errorf("%s %q leaves %q, without %q", test.language, test.text, rest, test.rest)
		}
	}
}

func FuzzMentions(f *testing.F) {
	f.Add("From September 10 to 16, ۲۳ آبان 8月5日", "fa")
	f.Fuzz(func(t *testing.T, text, language string) {
		found, _ := Mentions(text, language, time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC))
		for _, m := range found {
			if len(m.Days) == 0 {
				t.Error("a date of no day")
			}
		}
	})
}
