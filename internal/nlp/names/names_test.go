package names

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/nlp"
)

func TestFind(t *testing.T) {
	text := "Foreign Minister Hossein Amir-Abdollahian of Iran said on Saturday that Tehran had not sent drones to Russia. " +
		"He added that the ministry would answer. “We deny this,” Amir-Abdollahian told reporters.\n\n" +
		"Iran’s Foreign Ministry spokesman Nasser Kanaani repeated the denial. The spokesman called the report baseless. " +
		"U.S. Secretary of State Antony Blinken met Mr. Lavrov in Geneva.\n\n" +
		"Vice President Kamala Harris called the People’s Republic of China. The Vice President was clear. The President agreed."
	n := Find(nlp.Analyse(text))
	by := map[string]*Entity{}
	for i := range n.Entities {
		by[n.Entities[i].Name] = &n.Entities[i]
	}
	for _, want := range []Entity{
		{Kind: Person, Name: "Hossein Amir-Abdollahian", Role: "foreign minister", Government: "Iran"},
		{Kind: Person, Name: "Nasser Kanaani", Role: "foreign ministry spokesman", Government: "Iran"},
		{Kind: Person, Name: "Antony Blinken", Role: "secretary of state", Government: "United States"},
		{Kind: Person, Name: "Lavrov"},
		{Kind: Person, Name: "Kamala Harris", Role: "vice president"},
		{Kind: Place, Name: "People’s Republic of China", Government: "China"},
		{Kind: Place, Name: "Russia", Government: "Russia"},
	} {
		got := by[want.Name]
		if got == nil {
			t.Errorf("%s is not found", want.Name)
			continue
		}
		if got.Kind != want.Kind || got.Role != want.Role || got.Government != want.Government {
			t.Errorf("%s is %+v", want.Name, *got)
		}
	}
	forms := map[string]map[Form]int{}
	for _, m := range n.Mentions {
		e := n.Entities[m.Entity].Name
		if forms[e] == nil {
			forms[e] = map[Form]int{}
		}
		forms[e][m.Form]++
	}
	if f := forms["Hossein Amir-Abdollahian"]; f[Named] != 2 || f[Pronoun] != 1 {
		t.Errorf("the minister is mentioned %v", f)
	}
	if f := forms["Kamala Harris"]; f[Role] != 1 {
		t.Errorf("the vice president is mentioned %v", f)
	}
	if f := forms["Nasser Kanaani"]; f[Role] != 1 {
		t.Errorf("the spokesman is mentioned %v", f)
	}
}

// said lists the mentions of a text: what is written, and the entity it means, by name or
// by office and government.
func said(text string, issuer Issuer) map[string][]string {
	d := nlp.Analyse(text)
	n := FindOf(d, issuer)
	out := map[string][]string{}
	for _, m := range n.Mentions {
		s, e := &d.Sentences[m.Sentence], n.Entities[m.Entity]
		who := e.Name
		if who == "" {
			who = e.Role + " of " + e.Government
		}
		written := d.Quote(s.Tokens[m.First].Start, s.Tokens[m.End-1].End)
		out[written] = append(out[written], who)
	}
	return out
}

func TestWhoWeAre(t *testing.T) {
	iran := Issuer{"Ministry of Foreign Affairs", "Iran"}
	house := Issuer{"White House", "United States"}
	for _, c := range []struct {
		text   string
		issuer Issuer
		want   map[string]string // what is written: who it means, each time
	}{
		{"We deny it. Our view stands. The Ministry told us so. The ministry said no more. Let us pray.", iran,
			map[string]string{"We": "Ministry of Foreign Affairs", "Our": "Ministry of Foreign Affairs", "us": "Ministry of Foreign Affairs",
				"Ministry": "Ministry of Foreign Affairs", "The ministry": "Ministry of Foreign Affairs"}},
		{"“We sent arms,” said Russian Defence Minister Sergei Shoigu. “Our arms are good.” We sent none.", iran,
			map[string]string{"We": "government of Russia, Ministry of Foreign Affairs", "Our": "government of Russia"}},
		{"“We deny it,” Foreign Minister Amir-Abdollahian told reporters. “I said so.”", iran,
			map[string]string{"We": "Ministry of Foreign Affairs", "I": "Amir-Abdollahian"}},
		{"“We are glad,” said Jane Doe, the president of a union of farmers.", house, map[string]string{"We": ""}},
		{"MS. PSAKI: We think so. I do.\n\nQ Do we agree?\n\nMS. PSAKI: We do.", house,
			map[string]string{"We": "White House, White House", "we": "", "I": "PSAKI"}},
		{"Prime Minister of Israel Benjamin Netanyahu: We have two years. It is our duty.", Issuer{"Presidential Executive Office", "Russia"},
			map[string]string{"We": "government of Israel", "our": "government of Israel"}},
		{"The spokesman of Iran, Nasser Kanaani, said: “We did not.” We heard it.", Issuer{}, map[string]string{"We": "government of Iran"}},
	} {
		got := said(c.text, c.issuer)
		for written, want := range c.want {
			if who := strings.Join(got[written], ", "); who != want {
				t.Errorf("%s\n%s is %q, want %q", c.text, written, who, want)
			}
		}
	}
}

// TestOfficesBeforeNames: trees are of little help with these.
func TestOfficesBeforeNames(t *testing.T) {
	text := "President of Belarus Alexander Lukashenko met Minister of Agriculture Dmitry Patrushev. Head of the Agency for Strategic Initiatives Svetlana Chupsheva spoke. " +
		"President of the European Commission Ursula von der Leyen came. The Prime Minister of Israel left. Vice President Kamala Harris stayed, and so did President Biden. The Vice President agreed. The President did."
	n := FindOf(nlp.Analyse(text), Issuer{"White House", "United States"})
	got := map[string]string{}
	for _, e := range n.Entities {
		if e.Kind == Person {
			got[e.Name] = strings.TrimRight(e.Role+", "+e.Government, ", ")
		}
	}
	want := map[string]string{"Alexander Lukashenko": "president, Belarus", "Dmitry Patrushev": "minister of agriculture",
		"Svetlana Chupsheva": "head of the agency for strategic initiatives", "Ursula von der Leyen": "president, European Union",
		"": "prime minister, Israel", "Kamala Harris": "vice president", "Biden": "president"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	mentions := said(text, Issuer{"White House", "United States"})
	if m := mentions["Vice President"]; len(m) != 1 || m[0] != "Kamala Harris" {
		t.Errorf("the Vice President is %v", m)
	}
}

func TestCountry(t *testing.T) {
	for name, want := range map[string]string{"Tehran": "Iran", "the Islamic Republic of Iran": "Iran", "Iranian": "Iran", "U.S.": "United States",
		"Kremlin": "Russia", "Türkiye": "Turkey", "America's": "United States", "Blinken": ""} {
		if got := Country(name); got != want {
			t.Errorf("Country(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("President of the of the - . Mr. Ms. Secretary of")
	f.Add("MR. PRICE: He said. Q Who?")
	f.Add("President of the European Union of : “we \"our\n\n“us” said the minister of Iran’s")
	f.Add("Secretary of State - von der . J. Minister of the and, for Mr I: my")
	Find(nlp.Analyse("")) // loads the models
	f.Fuzz(func(t *testing.T, text string) {
		d := nlp.Analyse(text)
		n := FindOf(d, Issuer{"Ministry of Foreign Affairs", "Iran"})
		at := Mention{}
		for _, m := range n.Mentions {
			if m.Sentence < at.Sentence || m.Sentence == at.Sentence && m.First < at.First {
				t.Fatalf("mention %+v after %+v", m, at)
			}
			at = m
			if m.First >= m.End || m.End > len(d.Sentences[m.Sentence].Tokens) || m.Entity >= len(n.Entities) {
				t.Fatalf("mention %+v", m)
			}
		}
	})
}
