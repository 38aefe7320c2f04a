package editions

import (
	"slices"
	"strings"
	"unicode"
)

// Encounter is how officials of two governments met, as bits: what a readout tells of.
type Encounter uint8

// The encounters. Words such as "spoke" may mean either.
const (
	Call Encounter = 1 << iota
	Meeting
)

// headSentences is how many sentences after the title say who met whom: readouts begin with it.
const headSentences = 3

// Head is the beginning of a text, which in a readout says who met whom.
func (r *Reading) Head() string {
	var b strings.Builder
	for i := range min(len(r.Sentences), 1+headSentences) {
		b.WriteString(r.Sentences[i].Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// Encounter is what a text tells of: by its title or, where that says nothing, by what follows it. 0 is none.
func (r *Reading) Encounter() Encounter {
	for i := range min(len(r.Sentences), 1+headSentences) {
		if e := encounterIn(r.Sentences[i].Text, r.Language); e != 0 {
			return e
		}
	}
	return 0
}

// announces tells whether sentences do no more than say who met whom.
func (r *Reading) announces(of [2]int) bool {
	return of[0] < of[1] && of[1] <= 2 && encounterIn(r.Sentences[of[0]].Text, r.Language) != 0
}

// encounterIn looks for the words by which offices announce calls and meetings. What names a call makes it one, whatever else stands there
// ("meeting by telephone").
func encounterIn(text, language string) (e Encounter) {
	words, known := encounters[language]
	if !known {
		return 0
	}
	folded := fold(text)
	if slices.Contains([]string{"zh", "ja", "ko"}, language) {
		for kind, list := range words {
			if slices.ContainsFunc(list, func(w string) bool { return strings.Contains(folded, w) }) {
				e |= Encounter(kind)
			}
		}
	} else {
		for _, w := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
			for kind, list := range words {
				if slices.ContainsFunc(list, func(stem string) bool { return begins(w, stem, language) }) {
					e |= Encounter(kind)
				}
			}
		}
	}
	switch {
	case e&Call != 0:
		return Call
	case e&Meeting != 0:
		return Meeting
	case e&both != 0:
		return Call | Meeting
	}
	return 0
}

// both are words that mean a call or a meeting.
const both Encounter = 1 << 7

func begins(word, stem, language string) bool {
	if exact, is := strings.CutSuffix(stem, "!"); is {
		return word == exact
	}
	if strings.HasPrefix(word, stem) {
		return true
	}
	if language == "ar" || language == "fa" || language == "he" {
		return strings.HasPrefix(bare(word), stem)
	}
	return false
}

// encounters are the words of readouts by language: stems, or with "!" whole words, folded.
var encounters = func() map[string]map[uint8][]string {
	all := map[string]map[uint8][]string{}
	for _, line := range strings.Split(`en|call! calls! called! phone telephon|meet! meets! met! meeting summit visit receiv welcom host|spoke! speaks! speak! talk! talks! conversation discuss
fr|telephon téléphon appel!|rencontr reçu! recoit reçoit visite sommet réunion accueil|entretien! entretenu entretenue! échang parlé!
de|telefon|traf! trifft treffen! empf besuch gipfel|gespräch gesprochen spricht sprach!
es|telef llamada llamó|reun reún recib encuentro visit cumbre|habl convers diálog
it|telefon|incontr visit vertice ricev|colloqui convers
pt|telef ligaç|reun reún encontr visit receb cúpula|convers diálog
pl|telefon|spotka spotyk wizyt szczyt przyj|rozm
ru|телефон|встреч встрет визит принял! посетил саммит|разговор переговор беседа беседу обсуд
uk|телефон|зустріч зустріл зустрів візит прийняв! саміт|розмов переговор обговор
ar|هاتف هاتفی|التقی یلتقی لقاء استقبل یستقبل اجتمع اجتماع زیاره قمه|اتصال بحث یبحث مباحثات محادث
fa|تلفن تماس|دیدار ملاقات سفر میزبان|گفت مذاکر رایزنی
he|טלפונ|פגיש נפגש נפגשו ביקור אירח|שוחח שיחה שיחת
tr|telefon|ziyaret kabul! buluş zirve bir!araya|görüş
zh|通电话 电话|会见 会谈 会晤 访问 到访|通话 交谈
ja|電話|会談 会見 訪問 訪日|
ko|통화 전화|회담 회견 방문 접견|`, "\n") {
		parts := strings.Split(line, "|")
		lists := map[uint8][]string{}
		for i, kind := range []uint8{uint8(Call), uint8(Meeting), uint8(both)} {
			for w := range strings.FieldsSeq(parts[i+1]) {
				lists[kind] = append(lists[kind], fold(w))
			}
		}
		all[parts[0]] = lists
	}
	return all
}()

// SameEncounter is the likeness from which two readouts of compatible encounters, each of which names the other's government at its
// beginning, are of one; measured on the development half of testdata.
const SameEncounter = 0.04

// OneEncounter tells whether two texts of two governments may be readouts of one call, visit or meeting: each names the other's government,
// or one of those who speak for it, at its beginning, and tells of what may be the same encounter.
func OneEncounter(a, b *Reading, governmentA, governmentB string, officialsA, officialsB []string) bool {
	return a.Encounter()&b.Encounter() != 0 && a.counterpart(governmentB, officialsB) && b.counterpart(governmentA, officialsA)
}

func (r *Reading) counterpart(government string, officials []string) bool {
	head := r.Head()
	return Governments(head, r.Language)[government] || Named(head, officials)
}
