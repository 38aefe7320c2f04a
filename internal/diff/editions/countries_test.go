package editions

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestGovernments(t *testing.T) {
	for _, test := range []struct{ language, text, want string }{
		{"en", "The Iranian minister met the Secretary of State of the United States; give us a call", "IR US"},
		{"en", "the U.S. and Nigeria, not Niger's neighbours", "NE NG US"},
		{"en", "Guinea-Bissau, Papua New Guinea and South Africa", "GW PG ZA"},
		{"en", "German Chancellor, the British side and the European Commission", "DE EU GB"},
		{"ru", "с Президентом Украины и иранской стороной в России, США", "IR RU UA US"},
		{"ru", "встреча с Федеральным канцлером Германии", "DE"},
		{"uk", "з Президентом Туреччини та США", "TR US"},
		{"uk", "Держсекретарем США", "US"},
		{"fr", "son homologue iranien et l'Arménie", "AM IR"},
		{"de", "mit dem russischen Präsidenten in der Türkei, ganz deutlich", "RU TR"},
		{"ar", "وزير الخارجية في الجمهورية الإسلامية الإيرانية ومصر وبإيران", "EG IR"},
		{"ar", "نظيره القطري في روسيا", "QA RU"},
		{"fa", "وزیر امور خارجه فرانسه و روسیه در عمان", "FR OM RU"},
		{"zh", "王毅同日本外相通电话,美国和伊朗", "IR JP US"},
		{"es", "su par de Brasil", "BR"},
		{"he", "עם נשיא ארצות הברית", "US"},
		{"en", "We may turn to it in march", ""},
		{"xx-nonsense", "Iran", ""},
		{"en", "\xff\xfe \xf0 Iran", "IR"},
	} {
		got := strings.Join(slices.Sorted(maps.Keys(Governments(test.text, test.language))), " ")
		if got != test.want {
			t.Errorf("%s %q names %q, not %q", test.language, test.text, got, test.want)
		}
	}
	if !Named("Vladimir Putin spoke", []string{"Vladimir Putin, President"}) || Named("A puting green", []string{"Vladimir Putin"}) {
		t.Error("people are not told by their names")
	}
}

func FuzzGovernments(f *testing.F) {
	f.Add("Guinea-Bissau وبإيران 日本", "ar")
	f.Fuzz(func(t *testing.T, text, language string) { Governments(text, language) })
}
