package names

import (
	_ "embed"
	"strings"
	"sync"

	"volteface/internal/nlp/lexicon"
)

//go:embed countries.txt
var countriesText string

// gazetteer maps names in small letters to countries.
type gazetteer struct {
	places  map[string]string // countries and cities that stand for them
	peoples map[string]string // Iranian, Americans
	longest int               // words of the longest name
}

var load = sync.OnceValue(func() *gazetteer {
	g := &gazetteer{places: map[string]string{}, peoples: map[string]string{}, longest: 1}
	add := func(m map[string]string, names, country string) {
		for name := range strings.SplitSeq(names, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				m[name] = country
				g.longest = max(g.longest, strings.Count(name, " ")+1)
			}
		}
	}
	for line := range strings.Lines(countriesText) {
		f := strings.Split(strings.TrimSpace(line), ";")
		if line[0] == '#' || len(f) != 4 {
			continue
		}
		country := strings.TrimSpace(f[0])
		add(g.places, country+","+f[1]+","+f[3], country)
		add(g.peoples, f[2], country)
	}
	return g
})

// Country gives the country that a name stands for: Tehran, Iranian, the Islamic
// Republic of Iran all stand for Iran. It is "" for all other words.
func Country(name string) string {
	name = strings.ToLower(strings.TrimSpace(strings.ReplaceAll(name, "’", "'")))
	g := load()
	for _, n := range []string{name, strings.TrimSuffix(name, "'s"), strings.TrimPrefix(name, "the ")} {
		if c := g.places[n]; c != "" {
			return c
		}
		if c := g.peoples[n]; c != "" {
			return c
		}
	}
	return ""
}

// words is a set of words in small letters.
type words map[string]bool

func (w words) has(word string) bool { return w[word] }

func set(list string) words {
	m := words{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// honorifics stand before a name and name no office. male and female are those that
// tell who is meant by he or she.
var (
	honorifics = set(`mr mrs ms miss dr prof professor sir madam madame lord lady dame h.e. he hon honorable honourable
		excellency his her rev reverend sheikh shaikh imam mullah ayatollah hojatoleslam rabbi pope cardinal bishop archbishop`)
	male   = set("mr sir lord king prince sheikh imam ayatollah chairman spokesman father")
	female = set("mrs ms miss madam madame lady dame queen princess chairwoman spokeswoman")
)

// isRole tells a noun of office or rank.
func isRole(word string) bool { return lexicon.Is(word, lexicon.Office) }

// bodies are the nouns that head the names of institutions.
var bodies = set(`ministry department government administration office agency bureau commission committee council court
	parliament congress senate house assembly duma majlis knesset bundestag cabinet embassy consulate mission delegation
	organization organisation union alliance association federation confederation league party movement front army navy
	force forces guard guards corps command police service bank fund institute institution university college school
	corporation company inc ltd group foundation center centre authority board secretariat treasury pentagon kremlin
	nato un iaea eu who wto imf opec asean osce unesco unicef icc icj opcw cia fbi nsa kgb fsb irgc state times post news
	network agency press directorate chamber tribunal society trust coalition quartet community conference`)

// lands are the nouns that head the names of places.
var lands = set(`republic kingdom state states city island islands sea ocean gulf strait river lake mountain mountains valley
	desert peninsula province region district county oblast territory bank strip heights border square street avenue airport
	port base north south east west coast africa asia europe america middle`)
