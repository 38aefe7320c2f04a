package countries

import (
	"slices"
	"testing"
)

func TestAll(t *testing.T) {
	all := map[string]Country{}
	for _, c := range All() {
		all[c.Code] = c
	}
	if len(all) < 200 || len(all) != len(All()) {
		t.Errorf("%d countries, %d codes", len(All()), len(all))
	}
	for code, home := range map[string]string{"IR": "fa", "FR": "fr", "SN": "", "UA": "uk", "CN": "zh", "EU": "", "UN": "", "GB": ""} {
		if c, known := all[code]; !known || c.Home != home {
			t.Errorf("%s: %+v, %v", code, c, known)
		}
	}
	for _, code := range []string{"UK", "BU", "ZZ", "XX"} {
		if _, known := all[code]; known {
			t.Errorf("%s is a country", code)
		}
	}
	if !slices.IsSortedFunc(All(), func(a, b Country) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	}) {
		t.Error("out of order")
	}
}

func TestNamer(t *testing.T) {
	for _, c := range []struct{ tag, code, want string }{
		{"en", "IR", "Iran"}, {"ru", "IR", "Иран"}, {"fa", "RU", "روسیه"}, {"de-AT", "EU", "Europäische Union"}, {"zh", "JP", "日本"}, {"fr", "UN", "Nations Unies"},
	} {
		i := slices.IndexFunc(All(), func(x Country) bool { return x.Code == c.code })
		if got := Namer(c.tag)(All()[i]); got != c.want {
			t.Errorf("%s in %s: %q", c.code, c.tag, got)
		}
	}
	for _, tag := range []string{"", "xx-nonsense", "zxx"} {
		if Namer(tag) != nil {
			t.Errorf("%q names countries", tag)
		}
	}
}
