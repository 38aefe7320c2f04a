package diff

import (
	"fmt"
	"strings"
	"testing"
)

func TestFigures(t *testing.T) {
	for text, want := range map[string]string{
		"revenue of 1.7 trillion roubles, 16,242 a month": "1.7e+12 16242|16.242",
		"выручка 1,7 триллиона рублей, 16 242 рубля":      "1.7e+12 16242",
		"500 тысяч тонн и 130 миллиардов":                 "500000 1.3e+11",
		"2,5 мільярда євро":                               "2.5e+09",
		"400 millions d'euros, 1 200 personnes":           "4e+08 1200",
		"250 مليون دولار و 900 شخص":                       "2.5e+08 900",
		"۲ میلیارد دلار، ۴۳ دانش\u200cآموز، ۸۶٬۵۰۰ نفر":   "2e+09 43 86500|86.5",
		"20万美元,13家,1.2亿":                                  "200000 13 1.2e+08",
		"3 Millionen und 1.200 Soldaten":                  "3e+06 1.2|1200",
		"an F-16 of the G7 and 2 more":                    "2",
		"5 millimetres, 3 miles":                          "5 3",
		"":                                                "",
	} {
		var got []string
		for _, f := range Figures(text) {
			var values []string
			for _, v := range f.Values {
				values = append(values, fmt.Sprintf("%g", v))
			}
			got = append(got, strings.Join(values, "|"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, not %q", text, strings.Join(got, " "), want)
		}
	}
	a, b := Figures("16,242 roubles"), Figures("16 242 рубля")
	if !a[0].Same(b[0]) || a[0].Same(Figures("16 243")[0]) {
		t.Error("the same figure in two notations is another")
	}
}

func FuzzFigures(f *testing.F) {
	f.Add("1,7 триллиона 20万 ۸۶٬۵۰۰")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range Figures(text) {
			if x.Text == "" || len(x.Values) == 0 {
				t.Errorf("%q holds an empty figure", text)
			}
		}
	})
}
