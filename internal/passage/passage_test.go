package passage

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/judge"
)

// said is what a test wants of a passage.
type said struct {
	Voice                   Voice
	Speaker, Question, Text string
}

func TestCut(t *testing.T) {
	for name, c := range map[string]struct {
		speech Speech
		want   []said
	}{
		"nothing": {Speech{Text: " \n\n "}, nil},
		"three sentences at most": {Speech{Language: "en", Text: "One is. Two is. Three is. Four is."},
			[]said{{Own, "", "", "One is. Two is. Three is."}, {Own, "", "", "Four is."}}},
		"paragraphs are apart": {Speech{Language: "en", Text: "We deny it.\n\nWe thank our hosts."},
			[]said{{Own, "", "", "We deny it."}, {Own, "", "", "We thank our hosts."}}},
		"a question goes with its answer": {Speech{Language: "en", Text: "Q Is that still so?\n\nMS. DOE: It is. Nothing has changed.", Officials: []string{"Jane Doe, spokeswoman"}},
			[]said{{Other, "Q", "", "Is that still so?"}, {Official, "MS. DOE", "Is that still so?", "It is. Nothing has changed."}}},
		"question and answer in a paragraph": {Speech{Language: "en", Text: "Q: Will you pardon him? A: No."},
			[]said{{Other, "Q", "", "Will you pardon him?"}, {Official, "A", "Will you pardon him?", "No."}}},
		"an answer without a label": {Speech{Language: "en", Text: "Q: Will you pardon him?\n\nNo, we will not."},
			[]said{{Other, "Q", "", "Will you pardon him?"}, {Own, "", "Will you pardon him?", "No, we will not."}}},
		"a colon alone makes no label": {Speech{Language: "en", Text: "Our position is clear: we deny it.\n\nNote: the embargo stays."},
			[]said{{Own, "", "", "Our position is clear: we deny it."}, {Own, "", "", "Note: the embargo stays."}}},
		"directions, times and addresses are no speech": {Speech{Language: "en", Text: "2:14 P.M. EDT\n(Applause.)\nhttps://example.org/a\n***\nWe deny it."},
			[]said{{Own, "", "", "We deny it."}}},
		"another's long quotation ends a passage": {Speech{Language: "en", Government: "IR", Issuer: "Ministry of Foreign Affairs", Text: "“We saw the fragments. We expect an answer,” the Finnish minister said. We reject that."},
			[]said{{Other, "the Finnish minister", "", "“We saw the fragments. We expect an answer,” the Finnish minister said."}, {Own, "", "", "We reject that."}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []said
			for _, p := range passagesOf(c.speech) {
				got = append(got, said{p.Voice, p.Speaker, p.Question, p.Text})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func passagesOf(s Speech) []Passage {
	passages, _ := Cut(s)
	return passages
}

// Adverbs beside the speaker are no part of his name, in whichever language, and whichever way round.
func TestAdverbsAreNoSpeaker(t *testing.T) {
	for _, c := range []struct{ language, text, speaker string }{
		{"en", "The minister once again categorically stated that no talks were held.", "The minister"},
		{"en", "The government spokeswoman repeatedly insisted that no troops had been sent.", "The government spokeswoman"},
		{"en", "Yesterday the ambassador also publicly stated that the border stays closed.", "the ambassador"},
		{"en", "The newly appointed minister flatly told the chamber that it was untrue.", "The newly appointed minister"},
		{"en", "The president's closest ally said that it was untrue.", "The president's closest ally"},
		{"en", "“It is untrue,” the ministry tersely said.", "the ministry"},
		{"en", "Minister Kelly bluntly said that it was untrue.", "Minister Kelly"},
		{"en", "The president Tuesday said that it was untrue.", "The president"},
		{"de", "Gestern sagte der Minister erneut, es gebe keine Gespräche.", "der Minister"},
		{"de", "Die Sprecherin ausdrücklich sagte, es gebe keine Gespräche.", "Die Sprecherin"},
		{"es", "El portavoz nuevamente afirmó que no hubo envíos.", "El portavoz"},
		{"es", "La ministra categóricamente declaró que no hubo envíos.", "La ministra"},
		{"fr", "Le ministre fermement déclare que rien n'a été livré.", "Le ministre"},
		{"fr", "Le gouvernement encore une fois affirme que rien n'a été livré.", "Le gouvernement"},
		{"it", "Il ministro nuovamente ha detto che non è vero.", "Il ministro"},
		{"pt", "O ministro categoricamente disse que não é verdade.", "O ministro"},
		{"nl", "De minister opnieuw nadrukkelijk zei dat het niet waar is.", "De minister"},
		{"pl", "Minister ponownie stanowczo powiedział, że to nieprawda.", "Minister"},
		{"ru", "Министр ещё раз категорически заявил, что переговоров не было.", "Министр"},
		{"ru", "Официальный представитель снова решительно подчеркнул, что это неправда.", "Официальный представитель"},
		{"uk", "Міністр вкотре рішуче заявив, що це неправда.", "Міністр"},
		{"fa", "وزیر دوباره قاطعانه گفت که این درست نیست.", "وزیر"},
		{"ar", "قال الوزير مجددا إن ذلك غير صحيح.", "الوزير"},
		{"tr", "Bakan yeniden kesinlikle söyledi.", "Bakan"},
		{"id", "Menteri sekali lagi mengatakan bahwa itu tidak benar.", "Menteri"},
		{"he", "הדובר שוב אמר כי זה לא נכון.", "הדובר"},
		{"zh", "发言人多次强调，这不是事实。", "发言人"},
		{"ko", "국무장관은 거듭 말했다.", "국무장관은"},
		{"ja", "外相は改めて強調した。", "外相"},
		{"hi", "मंत्री ने फिर कहा कि यह सच नहीं है।", "मंत्री ने"},
	} {
		got := passagesOf(Speech{Text: c.text, Language: c.language, Issuer: "Ministry of Foreign Affairs", Government: "US"})
		if len(got) != 1 || got[0].Speaker != c.speaker {
			t.Errorf("%s: %+v, want %q", c.text, got, c.speaker)
		}
	}
}

// What a subject does besides is no part of a speaker's name.
func TestPredicatesAreNoSpeaker(t *testing.T) {
	for _, c := range []struct{ language, text, speaker string }{
		{"en", "President Joe Biden has been clear and said that the border stays closed.", "President Joe Biden"},
		{"en", "The two ministers condemned these provocative launches and stated that talks would go on.", "The two ministers"},
		{"en", "The minister was asked and insisted that nothing had been sent.", "The minister"},
		{"en", "The attorney general said that the border stays closed.", "The attorney general"},
		{"en", "The foreign minister designate said that the border stays closed.", "The foreign minister designate"},
		{"de", "Der Minister hatte gezögert und sagte, es gebe keine Gespräche.", "Der Minister"},
		{"es", "El ministro ha sido claro y afirmó que no hubo envíos.", "El ministro"},
	} {
		got := passagesOf(Speech{Text: c.text, Language: c.language, Issuer: "Ministry of Foreign Affairs", Government: "US"})
		if len(got) != 1 || got[0].Speaker != c.speaker {
			t.Errorf("%s: %+v, want %q", c.text, got, c.speaker)
		}
	}
}

// What a text has no passages left for is counted, and nothing is joined across it.
func TestCutTellsWhatIsLeftOut(t *testing.T) {
	line := "It is so.\n"
	whole := strings.Repeat(line, maxPassages)
	if p, left := Cut(Speech{Text: whole, Language: "en"}); len(p) != maxPassages || left != 0 {
		t.Errorf("%d passages, %d bytes left of a text that has just enough", len(p), left)
	}
	const rest = "“We deny it,” the minister said. That is so. We will see."
	p, left := Cut(Speech{Text: whole + rest, Language: "en"})
	if last := p[len(p)-1]; len(p) != maxPassages || left != len(rest) || last.Text != strings.TrimSpace(line) {
		t.Errorf("%d passages, %d bytes left, the last %q", len(p), left, last.Text)
	}
}

// A passage without its page is left to the encoder; with it the same words are sure.
func TestSure(t *testing.T) {
	const text = "We have sent no troops."
	for _, c := range []struct {
		speech Speech
		want   bool
	}{
		{Speech{Text: text, Language: "en"}, false}, {Speech{Text: text, Language: "en", Issuer: "Ministry of Defence", Government: "DE"}, true},
		{Speech{Text: "Russia rejected the offer.", Language: "en", Issuer: "Ministry of Defence", Government: "DE"}, false},
		{Speech{Text: "“We have sent no troops at all.”", Language: "en", Issuer: "Ministry of Defence", Government: "DE"}, false},
	} {
		if got := passagesOf(c.speech); len(got) != 1 || got[0].Sure != c.want {
			t.Errorf("%+v: %+v", c.speech, got)
		}
	}
}

func TestWeigh(t *testing.T) {
	for _, c := range []struct {
		p    Passage
		ours float64
		want Voice
	}{
		{Passage{Voice: Other, Sure: true}, .99, Other}, {Passage{Voice: Own, Sure: true}, .01, Own},
		{Passage{Voice: Other, Speaker: "Mr. Doe"}, .9, Official}, {Passage{Voice: Other}, .9, Own}, {Passage{Voice: Official, Speaker: "the minister"}, .1, Other},
		{Passage{Voice: Own}, .9, Own},
	} {
		if got := c.p.Weigh(judge.Bearing{Issuer: c.ours}); got != c.want {
			t.Errorf("%+v, of which the encoder says %g: %s, want %s", c.p, c.ours, got, c.want)
		}
	}
}

// check tells what is wrong with the passages of a text.
func check(t *testing.T, text string, passages []Passage) {
	t.Helper()
	at := 0
	for i, p := range passages {
		if p.N != i || p.Span[0] < at || p.Span[1] > len(text) || p.Span[0] >= p.Span[1] || text[p.Span[0]:p.Span[1]] != p.Text {
			t.Fatalf("%.200q: passage %d is %+v, after %d", text, i, p, at)
		}
		at = p.Span[1]
		if utf8.ValidString(text) && (!utf8.ValidString(p.Text) || !utf8.ValidString(p.Question) || !utf8.ValidString(p.Speaker)) {
			t.Fatalf("%.200q: passage %d is cut in a character: %q %q %q", text, i, p.Text, p.Question, p.Speaker)
		}
		if p.Voice != Own && p.Voice != Official && p.Voice != Other {
			t.Fatalf("voice %q", p.Voice)
		}
	}
}

// What repeats without end is read in linear time: milliseconds, on a machine that has nothing else to do.
func TestCutOfEndlessText(t *testing.T) {
	const size = 1 << 15
	for _, unit := range []string{
		"а", "word ", "A. ", "Q: ", "Q: a?\n", "Mr. ", "\n", "文", "\xff", "\u0301", "MS. DOE: no\n", "Bo Li: a\n", "“", "\" a", "he said, ", "Minister ", "says according to ", "，", "表示", "الوزير ", "a:\n", "(", "France Russia ",
	} {
		text := strings.Repeat(unit, size/len(unit))
		for _, code := range []string{"en", "zh", "ar"} {
			start := time.Now()
			check(t, text, passagesOf(Speech{Text: text, Language: code, Issuer: "Ministry", Government: "IR", Officials: []string{"Jane Doe, spokeswoman"}}))
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%q repeated, read as %s: %v for %d bytes", unit, code, took, len(text))
			}
		}
	}
}

func FuzzCut(f *testing.F) {
	for _, s := range []string{
		"Q: Will you? A: No. We won't.", "Mr. A. B. C. said: no.\n\nQ and then", "А. Б. В.\nОтвет: нет", "\xff\xfe. A", "问：吗？\n答：不。", "“We will,” said the minister. “Not now",
		"П.Орлов: да\nВопрос: нет?\n", "قال وزير الخارجية الألماني إن", "«А» — „Б“", "it's \"x", "Bakan, dedi", "\u200c\u200c:",
	} {
		f.Add(s, "en")
		f.Add(s, "zh")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		check(t, text, passagesOf(Speech{Title: text, Text: text, Language: code, Issuer: code, Government: code, Officials: []string{text, code}, Speakers: []string{text}}))
	})
}
