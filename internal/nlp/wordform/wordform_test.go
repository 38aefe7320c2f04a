package wordform

import "testing"

func TestNormal(t *testing.T) {
	for form, want := range map[string]string{"Iran’s": "iran's", "N’T": "n't", "“": "\"", "–": "-", "plain": "plain", "Türkiye": "türkiye", "co\u00adop": "coop"} {
		if got := Normal(form); got != want {
			t.Errorf("Normal(%q) = %q, want %q", form, got, want)
		}
	}
}

func TestShape(t *testing.T) {
	if Shape("Tehran") != Shape("Moscow") || Shape("Tehran") == Shape("tehran") || Shape("12,200") != Shape("35,999") || Shape("USA") == Shape("Usa") {
		t.Error("shapes are mixed up")
	}
}

func TestBucketsStayInTheirTables(t *testing.T) {
	for _, form := range []string{"", "a", "Amir-Abdollahian", "\xff\xfe", "日本語", string(make([]byte, 500))} {
		normal := Normal(form)
		for _, g := range Grams(nil, normal) {
			if g >= GramBuckets {
				t.Errorf("%q: piece %d", form, g)
			}
		}
		if len(Grams(nil, normal)) > maxGrams || Suffix(normal, 3) >= SuffixBuckets || Shape(form) >= ShapeBuckets {
			t.Errorf("%q: out of bounds", form)
		}
	}
}
