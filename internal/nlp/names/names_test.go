package names

import (
	"testing"

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
	Find(nlp.Analyse("")) // loads the models
	f.Fuzz(func(t *testing.T, text string) {
		d := nlp.Analyse(text)
		n := Find(d)
		for _, m := range n.Mentions {
			if m.First >= m.End || m.End > len(d.Sentences[m.Sentence].Tokens) || m.Entity >= len(n.Entities) {
				t.Fatalf("mention %+v", m)
			}
		}
	})
}
