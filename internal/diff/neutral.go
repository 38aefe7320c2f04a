package diff

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// neutrally says why another wording leaves the claim alone, empty if it does
// not: one verb of saying for another, a verb for its noun, a country for what
// belongs to it.
func neutrally(ch *change, gone, come []word) string {
	switch {
	case len(gone) == 0 && len(come) == 0:
		return ""
	case len(ch.gone) == 1 && len(ch.come) == 1 && ch.gone[0].light != ch.come[0].light && misspelt(ch.gone[0].lower, ch.come[0].lower):
		return "a slip for a small word" // bring, being
	case anyForA(ch.gone, ch.come) || anyForA(ch.come, ch.gone):
		return "another article"
	case sameHedges(gone, come):
		return "another word for the same"
	case len(gone) == 1 && len(come) == 1 && has(reporting, gone[0].lower) && has(reporting, come[0].lower):
		return "another verb of saying"
	case len(gone) == 1 && len(come) == 1 && demonym(gone[0].lower) == demonym(come[0].lower):
		return "a place and what belongs to it, or its name in another spelling"
	case len(gone) == 0 && lightVerbs(come) && nounAndVerb(ch.gone, ch.come) || len(come) == 0 && lightVerbs(gone) && nounAndVerb(ch.gone, ch.come):
		return "a verb and its noun"
	}
	return ""
}

// sameHedges tells whether hedges stand for others that mean the same: over, more
// than.
func sameHedges(gone, come []word) bool {
	meant := func(list []word) (one string) {
		for _, w := range list {
			as, is := sameHedge[w.lower]
			switch {
			case w.lower == "than" || w.lower == "to":
				continue
			case !is && !has(hedges, w.lower):
				return ""
			case !is:
				as = w.lower
			}
			if one != "" && one != as {
				return ""
			}
			one = as
		}
		return one
	}
	one := meant(gone)
	return one != "" && one == meant(come)
}

// anyForA tells whether "any" stands for an article.
func anyForA(a, b []word) bool {
	return len(a) == 1 && len(b) == 1 && (a[0].lower == "a" || a[0].lower == "an") && b[0].lower == "any"
}

// reporting are verbs that say no more than that somebody said something.
var reporting = set(`said says say stated states state told tells noted notes added adds remarked remarks mentioned mentions commented explained`)

// lightVerbs tells whether all are verbs that carry a noun: lodge a protest, hold
// talks.
func lightVerbs(list []word) bool {
	return !slices.ContainsFunc(list, func(w word) bool { return !has(carriers, w.lower) })
}

var carriers = set(`lodge lodged make made makes give gave gives given hold held holds pay paid pays issue issued issues take took takes taken conduct conducted
	conducts express expressed expresses provide provided provides deliver delivered delivers carry carried out`)

// nounAndVerb tells whether both sides have the same word in another form.
func nounAndVerb(gone, come []word) bool {
	return slices.ContainsFunc(content(gone), func(a word) bool {
		return slices.ContainsFunc(content(come), func(b word) bool { return stem(a.lower) == stem(b.lower) })
	})
}

// demonym is the country that a word belongs to, or the word.
func demonym(word string) string {
	word = strings.TrimSuffix(word, "'s")
	if country, is := demonyms[word]; is {
		return country
	}
	return word
}

// demonyms tell the country of what is called by another word.
var demonyms = func() map[string]string {
	countries := map[string]string{}
	for _, list := range strings.Split(belonging, "|") {
		words := strings.Fields(list)
		for _, w := range words[1:] {
			countries[w] = words[0]
		}
	}
	return countries
}()

const belonging = `afghanistan afghan|albania albanian|algeria algerian|angola angolan|argentina argentine|armenia armenian|australia australian|austria austrian|azerbaijan azerbaijani|` +
	`bahrain bahraini|bangladesh bangladeshi|belarus belarusian|belgium belgian|brazil brazilian|britain british|bulgaria bulgarian|cambodia cambodian|canada canadian|chile chilean|` +
	`china chinese|colombia colombian|croatia croatian|cuba cuban|cyprus cypriot|czechia czech|denmark danish|egypt egyptian|estonia estonian|ethiopia ethiopian|finland finnish|` +
	`france french|georgia georgian|germany german|greece greek|haiti haitian|hungary hungarian|iceland icelandic|india indian|indonesia indonesian|iran iranian|iraq iraqi|ireland irish|` +
	`israel israeli|italy italian|japan japanese|jordan jordanian|kazakhstan kazakh|kenya kenyan|kuwait kuwaiti|latvia latvian|lebanon lebanese|libya libyan|lithuania lithuanian|` +
	`malaysia malaysian|mexico mexican|moldova moldovan|mongolia mongolian|morocco moroccan|netherlands dutch|nigeria nigerian|norway norwegian|oman omani|pakistan pakistani|` +
	`palestine palestinian|philippines philippine filipino|poland polish|portugal portuguese|qatar qatari|romania romanian|russia russian|serbia serbian|slovakia slovak|slovenia slovenian|` +
	`somalia somali|spain spanish|sudan sudanese|sweden swedish|switzerland swiss|syria syrian|thailand thai|tunisia tunisian|turkey turkish türkiye|ukraine ukrainian|venezuela venezuelan|` +
	`vietnam vietnamese|yemen yemeni|europe european|` +
	`kyiv kiev|odesa odessa|kharkiv kharkov|lviv lvov|dnipro dnieper|chornobyl chernobyl|donbas donbass|chisinau kishinev|beijing peking|mumbai bombay|tehran teheran`

// damaged tells whether two texts are one but for letters in UTF-8 that were
// taken for Windows-1252: "Español", "EspaÃ±ol".
func damaged(a, b string) bool {
	if !strings.ContainsAny(a+b, "ÃÂâÐÑ") {
		return false
	}
	x, y := letters(mended(a)), letters(mended(b))
	return x == y && (mended(a) != a || mended(b) != b)
}

// mended turns letters broken by a wrong encoding back.
func mended(text string) string {
	var out strings.Builder
	for text != "" {
		if whole, n := broken(text); n > 0 {
			out.WriteString(whole)
			text = text[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(text)
		next, _ := utf8.DecodeRuneInString(text[n:])
		if r != 'Â' || n < len(text) && !isSpace(next) { // else what is left of a no-break space
			out.WriteString(text[:n])
		}
		text = text[n:]
	}
	return out.String()
}

// broken reads the letter that a text begins with if it is one of UTF-8 taken
// for Windows-1252, and how many bytes it takes up; 0 if there is none.
func broken(text string) (string, int) {
	var raw [utf8.UTFMax]byte
	n := 0
	for k, want := 0, 1; k < want; k++ {
		r, size := utf8.DecodeRuneInString(text[n:])
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok && r >= 0x80 && r < 0xA0 {
			c, ok = byte(r), true // taken for Latin-1
		}
		if k == 0 {
			switch {
			case c >= 0xC2 && c < 0xE0:
				want = 2
			case c >= 0xE0 && c < 0xF0:
				want = 3
			case c >= 0xF0 && c < 0xF5:
				want = 4
			default:
				return "", 0
			}
		}
		if !ok || c < 0x80 || size == 0 {
			return "", 0
		}
		raw[k] = c
		n += size
		if k+1 == want {
			if !utf8.Valid(raw[:want]) {
				return "", 0
			}
			return string(raw[:want]), n
		}
	}
	return "", 0
}
