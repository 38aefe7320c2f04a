package editions

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/nlp/countries"
	"volteface/internal/statement"
)

// Governments finds which countries and unions of states a text names, by their ISO 3166 codes (and EU, UN, NATO): by the names that the
// Unicode CLDR has for them in the text's language, with the endings that the language gives to names and to what is of a country. Words
// of several countries ("Guinea") count for the longest name. A language without names in the CLDR gives none.
func Governments(text, tag string) map[string]bool {
	g := gazetteerOf(primary(tag))
	found := map[string]bool{}
	if g == nil {
		return found
	}
	if g.joined {
		g.runs(fold(text), found)
		return found
	}
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' && r != '\u200d'
	})
	folded := make([]string, len(words))
	for i, w := range words {
		words[i] = strings.Trim(w, ".")
		folded[i] = fold(words[i])
	}
	for i := 0; i < len(words); i++ {
		if n := g.at(words, folded, i, found); n > 1 {
			i += n - 1
		}
	}
	return found
}

// fold is the form in which names are compared: small letters, one for those that Arabic and Persian write for each other, no marks of
// vowels, no tatweel.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x591 && r <= 0x5c7 {
			return -1
		}
		return statement.PlainLetter(r)
	}, strings.ToLower(norm.NFC.String(s)))
}

// gazetteer are the names of one language.
type gazetteer struct {
	language string
	joined   bool                // of a script that does not divide words
	names    map[string]string   // code by a name of one word, folded
	phrases  map[string][]phrase // by the first word, the longest first
	stems    map[string]string   // code by a stem to which endings may be added
	longest  int                 // letters of the longest name, of a joined one
}

type phrase struct {
	words []string
	code  string
}

var (
	gazetteersMu sync.Mutex
	gazetteers   = map[string]*gazetteer{}
)

// gazetteerOf is made on first use, from some 250 names.
func gazetteerOf(lang string) *gazetteer {
	gazetteersMu.Lock()
	defer gazetteersMu.Unlock()
	if g, known := gazetteers[lang]; known || len(gazetteers) > 200 {
		return g
	}
	g := newGazetteer(lang)
	gazetteers[lang] = g
	return g
}

func newGazetteer(lang string) *gazetteer {
	namer := countries.Namer(lang)
	if namer == nil {
		return nil
	}
	g := &gazetteer{language: lang, names: map[string]string{}, phrases: map[string][]phrase{}, stems: map[string]string{}}
	g.joined = slices.Contains([]string{"zh", "ja", "th", "lo", "km", "my"}, lang)
	for _, c := range countries.All() {
		name, _, _ := strings.Cut(namer(c), "(")
		g.add(strings.TrimSpace(name), c.Code)
	}
	for _, line := range strings.Split(alsoCalled, "\n") {
		code, names, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for name := range strings.SplitSeq(names, ", ") {
			g.add(name, code)
		}
	}
	for _, list := range g.phrases {
		slices.SortFunc(list, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return g
}

// alsoCalled are names that the CLDR has not: short ones, former ones, organisations. Each is unmistakable in all languages that write it.
const alsoCalled = `US: U.S, USA, US, America, American, США, Америка, أمريكا, الأمريكي, الأمريكية, الأميركي, آمریکا, 美方, 米国, АҚШ
	GB: UK, U.K, Britain, British, Grande-Bretagne, britannique, Großbritannien, britisch, Великобритании, британский, بریتانیا, بريطانيا, انگلیس, 英方
	RU: Russian Federation, РФ, 俄方
	CN: PRC, Chinese, КНР, 中方, 中国
	KR: South Korea, Republic of Korea, ROK, 韩方
	KP: North Korea, DPRK
	JP: Japanese, 日方
	TR: Türkiye, Turkiye, Turkey, Turkish, турецкий, турецький
	FR: French, français, française, französisch, французский, французький
	DE: German, немецкий
	NL: Dutch, Holland
	PL: Polish
	ES: Spanish
	SE: Swedish
	DK: Danish
	GR: Greek
	CH: Swiss
	IE: Irish
	SA: Saudi, Saudi Arabia, السعودية, سعودی
	AE: UAE, Emirati
	IL: Israeli
	EU: European Union, European Commission, Union européenne, Commission européenne, Europäische Union, Europäische Kommission, Unión Europea, Евросоюз, ЕС, Європейський Союз, ЄС, الاتحاد الأوروبي, اتحادیه اروپا, 欧盟, 欧州連合, האיחוד האירופי
	NATO: NATO, OTAN, НАТО, الناتو, ناتو, 北约, 北大西洋条約機構, נאט"ו
	UN: United Nations, ООН, 联合国`

func (g *gazetteer) add(name, code string) {
	name = fold(name)
	if utf8.RuneCountInString(name) < 2 {
		return
	}
	if g.joined {
		if !ascii(name) {
			g.names[name] = code
			g.longest = max(g.longest, utf8.RuneCountInString(name))
		}
		return
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' })
	if len(words) > 1 {
		words[0] = bare(words[0])
		g.phrases[words[0]] = append(g.phrases[words[0]], phrase{words, code})
		return
	}
	if len(words) == 0 {
		return
	}
	word := bare(words[0])
	if _, taken := g.names[word]; !taken {
		g.names[word] = code
	}
	for _, stem := range g.stemsOf(word) {
		if _, taken := g.stems[stem]; !taken && utf8.RuneCountInString(stem) >= g.least(stem) {
			g.stems[stem] = code
		}
	}
}

// least is how many letters a stem has at least. Arabic writes no short vowels.
func (g *gazetteer) least(stem string) int {
	if r, _ := utf8.DecodeRuneInString(stem); unicode.Is(unicode.Arabic, r) || unicode.Is(unicode.Hebrew, r) {
		return 3
	}
	return 4
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// bare is an Arabic or Hebrew word without the article and the particles that are written before it.
func bare(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	var particles []string
	switch {
	case unicode.Is(unicode.Arabic, r):
		particles = []string{"وال", "بال", "فال", "کال", "لل", "ال"}
	default:
		return word
	}
	for _, p := range particles {
		if rest, is := strings.CutPrefix(word, p); is && utf8.RuneCountInString(rest) >= 3 {
			return rest
		}
	}
	return word
}

// stemsOf are the beginnings of a name to which a language adds its endings.
func (g *gazetteer) stemsOf(word string) (stems []string) {
	last, _ := utf8.DecodeLastRuneInString(word)
	switch {
	case unicode.Is(unicode.Cyrillic, last):
		return []string{strings.TrimRight(word, "аяоеийьы"), word}
	case unicode.Is(unicode.Arabic, last):
		return []string{strings.TrimRight(word, "اه")}
	case unicode.Is(unicode.Hebrew, last):
		return []string{word}
	}
	if g.language == "de" {
		for _, ending := range []string{"land", "ien", "ei", "en"} {
			if stem, is := strings.CutSuffix(word, ending); is {
				return []string{stem}
			}
		}
		return []string{word}
	}
	return []string{strings.TrimRight(word, "aeioyé")}
}

// endings are how many letters may follow a stem.
func (g *gazetteer) endings(last rune) int {
	switch {
	case unicode.Is(unicode.Cyrillic, last), g.language == "de":
		return 7
	case unicode.Is(unicode.Arabic, last), unicode.Is(unicode.Hebrew, last):
		return 3
	}
	return 5
}

// at finds the name that begins with a word, and says how many words it has.
func (g *gazetteer) at(words, folded []string, i int, found map[string]bool) int {
	for _, word := range g.forms(folded[i]) {
		for _, p := range g.phrases[word] {
			if n := len(p.words); i+n <= len(folded) && g.follows(p.words[1:], folded[i+1:i+n]) {
				found[p.code] = true
				return n
			}
		}
	}
	for _, word := range g.forms(folded[i]) {
		code, is := g.names[word]
		if is && (capital(words[i]) || utf8.RuneCountInString(word) > 4) && (word != "us" || words[i] == "US" || words[i] == "U.S") {
			found[code] = true
			return 1
		}
	}
	for _, word := range g.forms(folded[i]) {
		last, _ := utf8.DecodeLastRuneInString(word)
		for end, most := len(word), g.endings(last); end > 0 && most >= 0; most-- {
			stem := word[:end]
			if code, is := g.stems[stem]; is && (utf8.RuneCountInString(stem) >= 5 || capital(words[i]) && g.least(stem) == 4 || g.adjective(word[end:])) {
				found[code] = true
				return 1
			}
			_, size := utf8.DecodeLastRuneInString(stem)
			end -= size
		}
	}
	return 0
}

// adjective tells whether an ending is one by which a language makes what is of a country of its name.
func (g *gazetteer) adjective(ending string) bool {
	for _, begin := range adjectives[g.language] {
		if strings.HasPrefix(ending, begin) {
			return true
		}
	}
	return false
}

var adjectives = map[string][]string{
	"de": {"isch"}, "fr": {"ien", "ais", "ois", "éen", "ain"}, "es": {"an", "és", "es", "í"}, "it": {"ian", "es"}, "pt": {"an", "ês", "es"},
	"ru": {"ск", "нск", "йск", "анск", "иск"}, "uk": {"ськ", "нськ", "йськ", "анськ", "іськ"}, "ar": {"ی", "یه"}, "fa": {"ی"}, "pl": {"sk", "ńsk"},
}

// follows tells whether the other words of a name follow, each with an ending at most.
func (g *gazetteer) follows(name, words []string) bool {
	for k, w := range name {
		if words[k] == w || bare(words[k]) == bare(w) {
			continue
		}
		stem := strings.TrimRight(w, "аяоеийыьіїaeioyé")
		if utf8.RuneCountInString(stem) < 4 || !strings.HasPrefix(words[k], stem) || utf8.RuneCountInString(words[k]) > utf8.RuneCountInString(stem)+4 {
			return false
		}
	}
	return true
}

// forms are a word, and the word without what Arabic and Hebrew write before it.
func (g *gazetteer) forms(word string) []string {
	all := []string{word}
	r, size := utf8.DecodeRuneInString(word)
	switch {
	case unicode.Is(unicode.Arabic, r):
		if b := bare(word); b != word {
			all = append(all, b)
		}
		if strings.ContainsRune("وبلفک", r) && utf8.RuneCountInString(word) > 3 {
			all = append(all, word[size:], bare(word[size:]))
		}
	case unicode.Is(unicode.Hebrew, r):
		if strings.ContainsRune("בלמהושכ", r) && utf8.RuneCountInString(word) > 4 {
			all = append(all, word[size:])
		}
	case strings.ContainsAny(word, "'’"):
		all = append(all, word[:strings.IndexAny(word, "'’")])
	}
	return all
}

// runs finds names in a script that does not divide words: at each place the longest.
func (g *gazetteer) runs(text string, found map[string]bool) {
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		end := i
		best, size := "", 0
		for n := 0; n < g.longest && end < len(text); n++ {
			_, w := utf8.DecodeRuneInString(text[end:])
			end += w
			if code, is := g.names[text[i:end]]; is {
				best, size = code, end-i
			}
		}
		if size > 0 {
			found[best] = true
		}
	}
}

// capital tells whether a word begins with a capital, or is of a script that has none.
func capital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r) || !unicode.IsLower(r)
}

// Named tells whether a text names one of the people: by the last of their names, as a word of its own.
func Named(text string, people []string) bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '-' }) {
		words[fold(w)] = true
	}
	for _, p := range people {
		name, _, _ := strings.Cut(p, ",")
		parts := strings.Fields(name)
		if len(parts) > 1 && utf8.RuneCountInString(parts[len(parts)-1]) >= 4 && words[fold(parts[len(parts)-1])] {
			return true
		}
	}
	return false
}
