// Package countries is the table of the world's countries, and of the unions of states that act as one, with what each language
// calls them. Codes, names, and which language is at home where are those of the Unicode CLDR, as golang.org/x/text carries it
// (language.CLDRVersion, display.CLDRVersion).
package countries

import (
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is a country, or a union of states.
type Country struct {
	// Code is that of ISO 3166-1 (alpha-2), or EU or UN.
	Code string
	// Home is the language (ISO 639-1) that most people in the country speak, if the country is where it is at home by the CLDR's likely
	// subtags: "fr" of FR, but "" of SN.
	Home   string
	region language.Region
}

// All are the countries in the order of their codes, with some that are no more, and without codes that stand for another.
var All = sync.OnceValue(func() (all []Country) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() && code != "EU" && code != "UN" || r.String() != code || r.Canonicalize() != r {
				continue
			}
			c := Country{Code: code, region: r}
			base, _ := language.Make("und-" + code).Base()
			if home, _ := language.Make(base.String()).Region(); home == r && base.String() != "und" {
				c.Home = base.String()
			}
			all = append(all, c)
		}
	}
	return all
})

// Namer gives what a language, by its tag (BCP 47), calls a country, with what the CLDR puts in brackets: "" for what it has no name for.
// It is nil for a language in which the CLDR names no countries.
func Namer(tag string) func(Country) string {
	t, err := language.Parse(tag)
	if err != nil || tag == "" {
		return nil
	}
	names := display.Regions(t)
	if names == nil {
		return nil
	}
	return func(c Country) string { return names.Name(c.region) }
}
