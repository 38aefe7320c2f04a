package diff

import (
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
)

const (
	none        = statement.ClassNone
	editorial   = statement.ClassEditorial
	substantive = statement.ClassSubstantive
)

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		before, after string
		class         statement.Class
		kind          statement.EditKind // one that must be among the kinds
	}{
		// What a correspondent wants to hear of.
		{"Norland will give $4 billion to the fund.", "Norland will give $4 million to the fund.", substantive, statement.KindNumber},
		{"The minister signed the accord on Monday.", "The minister will sign the accord on Monday.", substantive, statement.KindModality},
		{"The talks begin on 5 November 2022 in Vienna.", "The talks begin on 6 November 2022 in Vienna.", substantive, statement.KindDate},
		{"The ministry supplied drones to the army.", "The ministry has not supplied drones to the army.", substantive, statement.KindNegation},
		{"The blockade is lawful under the charter.", "The blockade is unlawful under the charter.", substantive, statement.KindNegation},
		{"About 300 soldiers crossed the border.", "300 soldiers crossed the border.", substantive, statement.KindHedge},
		{"The envoy of Iran met the delegation.", "The envoy of Iraq met the delegation.", substantive, statement.KindName},
		{"She met the envoys. The government guarantees the loans of the bank in full until next year. They dined.", "She met the envoys. They dined.", substantive, statement.KindRemoval},
		{"The plan has 550 pages, he said.", "The plan has 550 [55] pages, he said.", substantive, statement.KindCorrection},
		{"They were met by local and tribal leaders.", "They were met by local, territorial, and tribal leaders.", substantive, statement.KindScope},
		{"The deputies met Foreign Secretary Anna Holm.", "The deputies met Deputy Foreign Secretary Anna Holm.", substantive, statement.KindName},
		{"The witnesses saw it all.\n\nNews agencies report it.", "The witnesses saw it all.\n\nAgencies deny it.", substantive, statement.KindNegation},
		{"About 300 soldiers crossed.", "300 soldiers crossed.", substantive, statement.KindHedge},
		{"The fund has $5 million.", "The fund has €5 million.", substantive, statement.KindNumber},
		{"The range is 300 km.", "The range is 300 miles.", substantive, statement.KindNumber},
		{"The ban covers weapons.", "The ban covers only weapons.", substantive, statement.KindScope},
		{"The envoy of South Korea came.", "The envoy of Korea came.", substantive, statement.KindName},
		{"Twelve members voted in favour.", "Eleven members voted in favour.", substantive, statement.KindNumber},
		{"There is no evidence of a leak.", "There is no conclusive evidence of a leak.", substantive, statement.KindStrength},
		{"The visit is from 3 to 5 June 2024.", "The visit is from June 5 to 3, 2024.", substantive, statement.KindDate},
		{"The visit is from 3 to 5 June 2024.", "The visit is from June 3 to 6, 2024.", substantive, statement.KindDate},
		{"BERLIN – The ministry announced new rules.", "PARIS – The ministry announced new rules.", substantive, statement.KindName},
		// What does not matter.
		{"The visit is from 3 to 5 June 2024.", "The visit is from June 3-5, 2024.", editorial, ""},
		{"Washington, D.C. – The Treasury announced new rules.", "WASHINGTON – The Treasury announced new rules.", editorial, ""},
		{"It supports programmes in health care, and housing.", "It supports programs in healthcare and housing.", editorial, ""},
		{"For further information, contact the press office.\n\nThe summit closed.", "The summit closed.", editorial, ""},
		{"The fund has $5 million.", "The fund has 5 million dollars.", editorial, ""},
		{"He travelled to Kiev.", "He travelled to Kyiv.", editorial, ""},
		{"The goverment adressed the crisis.", "The government addressed the crisis.", editorial, ""},
		{"It is a part the network of centers.", "It is a part of the network of centers.", editorial, ""},
		{"We met five ministers and 3 envoys.", "We met 5 ministers and three envoys.", editorial, ""},
		{"He spoke of healthcare at length.", "He spoke of health care at length.", editorial, ""},
		{"The visit of President Zelensky ended today.", "The visit of President Zelenskyy ended today.", editorial, ""},
		{"They do not agree with it.", "They don't agree with it.", editorial, ""},
		{"It was signed. (Laughter.) He left.", "It was signed. He left.", editorial, ""},
		{"The U.S. and its allies met.", "The United States and its allies met.", editorial, ""},
		{"He met the press underscoringtheir ties.", "He met the press underscoring their ties.", editorial, ""},
		{"A first paragraph about peace in the region.\n\nThe speech ended.", "A first paragraph about peace in the region.\n\nThe speech ended.\n\nRead more about the initiative here", editorial, ""},
		// What no reader sees.
		{"“Peace” – it’s near.", "\"Peace\" — it's near.", none, ""},
		{"The first part. The second part follows here.", "The first part.\n\nThe second part follows here.", none, ""},
		{"A Day of Remembrance\n\nText of the message.", "A Day of Remembrance\n\n1. Home\n\n2. News\n\n3. A Day of Remembrance\n\nText of the message.", none, ""},
		{"The end of it.\n\n###", "The end of it.", none, ""},
		// Other languages: figures, dates, additions and removals.
		{"Выделено 1,5 млрд рублей на помощь регионам.", "Выделено 1,5 млн рублей на помощь регионам.", substantive, statement.KindNumber},
		{"سخنگو گفت که ۲۰۰ پهپاد ارسال شد.", "سخنگو گفت که ۳۰۰ پهپاد ارسال شد.", substantive, statement.KindNumber},
		{"دیدار در ۵ آبان ۱۴۰۱ برگزار شد.", "دیدار در ۶ آبان ۱۴۰۱ برگزار شد.", substantive, statement.KindDate},
		{"وصل ١٥ وزيرا إلى القمة.", "وصل ١٧ وزيرا إلى القمة.", substantive, statement.KindNumber},
		{"Das Treffen beginnt am 5. November 2022 in Wien.", "Das Treffen beginnt am 6. November 2022 in Wien.", substantive, statement.KindDate},
		{"Le ministre a reçu l'ambassadeur.", "Le ministre a reçu l'ambassadeur .", editorial, ""},
	} {
		v := check(t, Text{Body: c.before}, Text{Body: c.after}).Verdict(t.Context(), nil, "")
		if v.Class != c.class || c.kind != "" && !slices.Contains(v.Kinds, c.kind) {
			t.Errorf("%q → %q: %s %v, want %s %s; %v", c.before, c.after, v.Class, v.Kinds, c.class, c.kind, v.Reasons)
		}
		if c.before != c.after && len(v.Reasons) == 0 && v.Class != none {
			t.Errorf("%q → %q: no reason is given", c.before, c.after)
		}
		if v.Class != substantive && (v.Importance > 0 || len(v.Kinds) > 0) {
			t.Errorf("%q → %q: %s has %v and importance %d", c.before, c.after, v.Class, v.Kinds, v.Importance)
		}
		for _, r := range v.Reasons {
			if r.Before[1] > len(c.before) || r.After[1] > len(c.after) || r.Text == "" || r.Rule == "" {
				t.Errorf("%q → %q: a reason without a place or words: %v", c.before, c.after, r)
			}
		}
	}
}

func TestSummaryOfVerdict(t *testing.T) {
	before := "The fund has 12 members.\n\nIt spent 300 million euros.\n\nThe guarantee stays in force for all members of the fund until the end."
	after := "The fund has 13 members.\n\nIt spent 400 million euros."
	if got := Compare(Text{Body: before}, Text{Body: after}).Verdict(t.Context(), nil, "en").Summary; got != "2 figures changed, 1 paragraph removed" {
		t.Errorf("%q", got)
	}
}

// Whatever two texts are, a verdict is given, and the same one again.
func FuzzVerdict(f *testing.F) {
	f.Add("Iran denies it [1].\n\n1. Home", "Q Iran “confirms” it. (Laughter.) $1,5 млрд")
	f.Add("5. November 2022 10-year-old US$ 4bn", "2022年11月5日 — a\u200bb [sic]")
	f.Fuzz(func(t *testing.T, a, b string) {
		x := Compare(Text{Title: a, Body: b}, Text{Title: b, Body: a}).Verdict(t.Context(), nil, "en")
		y := Compare(Text{Title: a, Body: b}, Text{Title: b, Body: a}).Verdict(t.Context(), nil, "en")
		if x.Class != y.Class || x.Summary != y.Summary || len(x.Reasons) != len(y.Reasons) {
			t.Fatalf("%v, then %v", x, y)
		}
		if strings.ContainsAny(x.Summary, "\n\x1b") {
			t.Fatalf("%q", x.Summary)
		}
	})
}

func BenchmarkVerdict(b *testing.B) {
	p := newProse(4)
	list := p.sentences(900)
	before := written(list)
	list[len(list)/2] = append(slices.Clone(list[len(list)/2]), "seventeen", "$4", "million")
	after := written(list)
	timed(b, func() { Compare(before, after).Verdict(b.Context(), nil, "en") })
}

// Where more changed than is judged, nothing is made light of, unless nothing is seen.
func TestMuchChanged(t *testing.T) {
	var words strings.Builder
	for i := 0; words.Len() <= 2*maxPlace; i++ {
		words.WriteString("talk of peace ")
	}
	lower := words.String()
	for name, c := range map[string]struct {
		before, after string
		class         statement.Class
		kind          statement.EditKind
	}{
		"a denial behind capitals": {"He said " + lower + "and he signed.", "He said " + strings.ToUpper(lower) + "AND HE REFUSED.", substantive, ""},
		"marks that came":          {"He said no.", "He said no.\n\n" + strings.Repeat("#", 2*maxPlace), substantive, statement.KindAddition},
		"marks that went":          {"He said no.\n\n" + strings.Repeat("#", 2*maxPlace), "He said no.", substantive, statement.KindRemoval},
		"what is not seen":         {"He said no.", "He said no." + strings.Repeat("\u200b", maxPlace), none, ""},
		"less":                     {"He said no.", "He said no.\n\n" + strings.Repeat("#", maxPlace), none, ""},
	} {
		e := Compare(Text{Body: c.before}, Text{Body: c.after})
		v := e.Verdict(t.Context(), nil, "en")
		if v.Class != c.class || c.kind != "" && !slices.Contains(v.Kinds, c.kind) {
			t.Errorf("%s: %s %v, not %s %s", name, v.Class, v.Kinds, c.class, c.kind)
		}
	}
}

// However much changed, a bounded part of it is judged.
func TestJudgesSoMuch(t *testing.T) {
	for name, pair := range worst(2 << 20) {
		e := Compare(pair[0], pair[1])
		list := e.changes()
		text, words := 0, 0
		for _, ch := range list {
			text += len(ch.goneText) + len(ch.comeText)
			words += len(ch.gone) + len(ch.come) + len(ch.sentence) + len(ch.was)
		}
		if text > maxText+2*maxPlace || len(list) > maxJudged {
			t.Errorf("%s: %d bytes at %d places", name, text, len(list))
		}
		if most := 2*(maxText+2*maxPlace) + 2*maxJudged*1200; words > most {
			t.Errorf("%s: %d words", name, words)
		}
	}
}

// Lines in another order say nothing else, however short they are.
func TestAnotherOrderIsEditorial(t *testing.T) {
	names := []string{"Northland", "Southland", "Eastmark", "Westmark", "Isle of Ross", "Low Country", "High Country"}
	body := func(step int) string {
		lines := []string{"The undersigned call for the corridor to be kept open.", "Signed by:"}
		for i := range names {
			lines = append(lines, names[(i*step+step)%len(names)])
		}
		return strings.Join(lines, "\n\n")
	}
	for step := 2; step < 7; step++ {
		v := Compare(Text{Body: body(1)}, Text{Body: body(step)}).Verdict(t.Context(), nil, "en")
		if v.Class != statement.ClassEditorial || v.Summary != "the same lines in another order" && !strings.HasSuffix(v.Summary, "moved") {
			t.Errorf("step %d: %s (%s)", step, v.Class, v.Summary)
		}
	}
}
