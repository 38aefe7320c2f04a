package names

import (
	"strings"

	"volteface/internal/nlp"
)

// titled adds the mention of somebody whose office with its "of" stands before the name,
// at word k, and gives where it ends; k if there is none: President of Belarus Alexander
// Lukashenko, Minister of Agriculture Dmitry Patrushev. An office of a country counts
// without a name too: the Prime Minister of Israel. Trees are of little help here, for
// most of the treebanks' writers would put a comma, or the name first.
func (f *finder) titled(i, k int) int {
	s := &f.doc.Sentences[i]
	office, government := f.officeEnd(s, k)
	if office == k {
		return k
	}
	n := len(s.Tokens)
	ofCountry := false
	at := office // where what the office is of ends
	for at+1 < n && touches(s, at) && (lower(s, at) == "of" || lower(s, at) == "for" || lower(s, at) == "at") {
		what := at + 1
		if lower(s, what) == "the" {
			what++
		}
		end, country := f.countryAt(s, what)
		if country != "" {
			government, ofCountry = country, true
			at = end
			break
		}
		if end = f.bodyBefore(s, what); end == what {
			break
		}
		at = end
	}
	if at == office {
		return k
	}
	e := Entity{Kind: Person, Government: government, Role: f.roleText(s, k, office, at, ofCountry)}
	for j := k; j < office; j++ {
		e.gender = cmpGender(plain(s, j), e.gender)
	}
	end := at
	if at < n && touches(s, at) && isName(&s.Tokens[at]) {
		end = nameEnd(s, at)
		e.Name = f.text(s, at, end)
		if hasWord(s, at, end, bodies.has) || Country(e.Name) != "" {
			return k
		}
	}
	head := headOf(s, k, end)
	switch {
	case e.Name != "":
		f.add(Mention{i, k, end, head, f.resolve(&e), Named})
	case ofCountry && s.Tokens[office-1].UPOS == "PROPN":
		who := f.roleHolder(e.Role, e.Government)
		if who < 0 {
			who = f.addEntity(e)
		}
		f.add(Mention{i, k, end, head, who, Role})
	default:
		return k
	}
	return end
}

// officeEnd gives where a title such as "Russian Deputy Prime Minister" ends, with its
// country; k if there is none.
func (f *finder) officeEnd(s *nlp.Sentence, k int) (end int, government string) {
	end = k
	for j := k; j < min(len(s.Tokens), k+6) && (j == k || touches(s, j)); j++ {
		switch w := plain(s, j); {
		case isRole(w) && !honorifics[w]:
			end = j + 1
		case grades[w]:
		case j == k && load().peoples[w] != "":
			government = load().peoples[w]
		default:
			return end, government
		}
	}
	return end, government
}

// countryAt reads the longest name of a country that starts at word k.
func (f *finder) countryAt(s *nlp.Sentence, k int) (end int, country string) {
	for n := min(load().longest, len(s.Tokens)-k); n > 0; n-- {
		if c := Country(f.text(s, k, k+n)); c != "" && load().peoples[strings.ToLower(f.text(s, k, k+n))] == "" {
			return k + n, c
		}
	}
	return k, ""
}

// bodyBefore gives where the name of a department ends that starts at word k, and a
// person's name may begin; k if it is none. Two words with capitals at its end are the
// person, with what belongs to their names.
func (f *finder) bodyBefore(s *nlp.Sentence, k int) int {
	capital := func(j int) bool {
		t := &s.Tokens[j]
		return isName(t) || t.UPOS == "PROPN" || t.XPOS == "NNP" || t.XPOS == "NNPS" || isCapital(t)
	}
	last := k // where the run of words with capitals after the last small word starts
	end := k
	for end < len(s.Tokens) && (end == k || s.Tokens[end].Start-s.Tokens[end-1].End <= 1) {
		switch w := lower(s, end); {
		case capital(end) || w == "-" && end > k && end+1 < len(s.Tokens) && capital(end+1):
			end++
			continue
		case (w == "and" || w == "of" || w == "for" || w == "the" || w == "on" || w == ",") && end > k && end+1 < len(s.Tokens) && (capital(end+1) || lower(s, end+1) == "the"):
			if _, country := f.countryAt(s, end+1); w == "of" && country != "" {
				return end // the caller goes on
			}
			end++
			last = end
			continue
		}
		break
	}
	if end == k || end-last < 3 {
		return k
	}
	name := end - 2
	for name > last+1 && (particles[lower(s, name)] || s.Tokens[name].Form == "-" || s.Tokens[name-1].Form == "-" || len(plain(s, name)) == 1) {
		name--
	}
	return name
}

// particles are small words inside a person's name.
var particles = set("de da di la le van von der den bin bint al el ibn dos du")

// roleText words an office: "prime minister", or "minister of agriculture" where what it
// is of is no country.
func (f *finder) roleText(s *nlp.Sentence, first, office, end int, ofCountry bool) string {
	var words []string
	for k := first; k < office; k++ {
		if w := plain(s, k); load().peoples[w] == "" {
			words = append(words, w)
		}
	}
	if !ofCountry {
		words = append(words, strings.ToLower(f.text(s, office, end)))
	}
	return strings.Join(words, " ")
}
