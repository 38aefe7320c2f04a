package claim

import (
	"slices"
	"strings"
	"testing"
)

// find gives the first claim whose predicate is one of the words.
func find(a *Analysis, words ...string) *Claim {
	for _, w := range words {
		for i := range a.Claims {
			if a.Claims[i].Predicate == w {
				return &a.Claims[i]
			}
		}
	}
	return nil
}

// The sign of a claim is composed down the tree.
func TestSigns(t *testing.T) {
	for _, c := range []struct {
		text, predicate string
		sign            int8
	}{
		{"The ministry has not shipped grain to the island.", "ship", -1},
		{"The ministry shipped grain to the island.", "ship", 1},
		{"We deny having sold tanks to the rebels.", "sell", -1},
		{"We do not deny having sold tanks to the rebels.", "sell", 1},
		{"The depots did not fail to pay the farmers.", "pay", 1},
		{"The agency failed to pay the farmers.", "pay", -1},
		{"No soldier crossed the border.", "cross", -1},
		{"It is not true that the bridge was closed.", "close", -1},
		{"It is true that the bridge was closed.", "close", 1},
		{"It cannot be said that the minister avoids the press.", "avoid", -1},
		{"The cabinet never approved the contract.", "approve", -1},
		{"The plant will no longer operate.", "operate", -1},
		{"The claim that the bank sold the bonds is false.", "sell", -1},
		{"We are not proceeding with the abolition of the fee.", "abolition", -1},
		{"It was not a soldier of ours who shot the farmer.", "shoot", -1},
		{"Neither a merger nor a sale is being negotiated.", "negotiate", -1},
	} {
		got := find(Analyse(c.text, Speaker{}), c.predicate)
		if got == nil {
			t.Errorf("%q: no claim of %s", c.text, c.predicate)
			continue
		}
		if got.Sign != c.sign {
			t.Errorf("%q: sign of %s is %+d, not %+d", c.text, c.predicate, got.Sign, c.sign)
		}
	}
}

// "Never as … as" and "never better" deny nothing.
func TestSuperlativesAreNoDenials(t *testing.T) {
	for _, text := range []string{"The port has never been as busy as this year.", "Our relations have never been better."} {
		for _, c := range Analyse(text, Speaker{}).Claims {
			if c.Sign < 0 {
				t.Errorf("%q: denies %s", text, c.Predicate)
			}
		}
	}
}

// What others say is theirs, what is asked is asked, what is supposed is supposed.
func TestStanding(t *testing.T) {
	for _, c := range []struct {
		text, predicate string
		flag            Flags
	}{
		{"A newspaper claims that the army bombed the village.", "bomb", Reported},
		{"If the army bombed the village, it will be punished.", "bomb", Condition},
		{"Had the army bombed the village, we would know.", "bomb", Condition},
		{"Did the army bomb the village?", "bomb", Question},
		{"My predecessor promised that the road would be built.", "build", Reported},
		{"A reporter asked whether the army had bombed the village.", "bomb", Question},
	} {
		got := find(Analyse(c.text, Speaker{}), c.predicate)
		if got == nil {
			t.Errorf("%q: no claim of %s", c.text, c.predicate)
		} else if !got.Flags.Has(c.flag) {
			t.Errorf("%q: %s is not marked %v", c.text, c.predicate, c.flag.Names())
		}
	}
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		text, predicate string
		mode            Mode
	}{
		{"The council will lift the embargo.", "lift", Plan},
		{"The council plans to lift the embargo.", "lift", Plan},
		{"The council should lift the embargo.", "lift", Should},
		{"The council must lift the embargo.", "lift", Must},
		{"The council lifted the embargo.", "lift", Fact},
	} {
		if got := find(Analyse(c.text, Speaker{}), c.predicate); got == nil || got.Mode != c.mode {
			t.Errorf("%q: %v, not %v", c.text, got, c.mode)
		}
	}
}

// Who speaks: turns of a transcript, and answers that make the question's claim their own.
func TestTurns(t *testing.T) {
	a := Analyse("Q Will the United States send tanks to the island?\n\nTHE PRESIDENT: No.", Speaker{})
	if a.Sentences[0].Voice != Journalist {
		t.Error("the question is not the journalist's")
	}
	denied := false
	for _, c := range a.Claims {
		denied = denied || c.Predicate == "send" && c.Sign < 0 && c.Flags.Has(Answer) && a.Sentences[c.Sentence].Voice == Own
	}
	if !denied {
		t.Errorf("the answer denies nothing: %v", a.Claims)
	}
}

func TestParties(t *testing.T) {
	who := Speaker{Issuer: "Ministry of Defence", Government: "Poland"}
	for text, want := range map[string]Party{
		"We fired at the ship.":                      Issuer,
		"The Ministry fired at the ship.":            Issuer,
		"Warsaw fired at the ship.":                  Issuer,
		"The Swedish army fired at the ship.":        Others,
		"Another country fired at the ship.":         Others,
		"The previous government fired at the ship.": Others,
	} {
		if got := find(Analyse(text, who), "fire"); got == nil || got.By != want {
			t.Errorf("%q: %v, not %v", text, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]Quantity{
		"Two hundred and twenty-two thousand people fled.": {Value: 222000, Unit: "people"},
		"The fund received $1.2 billion.":                  {Value: 1.2e9, Unit: "dollar"},
		"Turnout was 61.4 per cent.":                       {Value: 61.4, Unit: "percent"},
		"About 250 soldiers died.":                         {Value: 250, Unit: "soldier", Rough: true},
	} {
		s := Analyse(text, Speaker{}).Sentences[0]
		if len(s.Quantities) != 1 {
			t.Errorf("%q: %v", text, s.Quantities)
			continue
		}
		q := s.Quantities[0]
		if q.Value != want.Value || q.Unit != want.Unit || q.Rough != want.Rough {
			t.Errorf("%q: %+v", text, q)
		}
	}
	s := Analyse("Lot 7714 was recalled on 6 April 2021.", Speaker{}).Sentences[0]
	if len(s.Quantities) != 0 || len(s.Dates) != 1 || s.Dates[0] != (Date{2021, 4, 6}) {
		t.Errorf("a name or a date was counted: %+v %+v", s.Quantities, s.Dates)
	}
}

// Claims that may stand against each other share a key.
func TestKeysMeet(t *testing.T) {
	for _, p := range [][2]string{
		{"We have not provided weaponry to Moscow.", "A few drones were delivered to Russia."},
		{"The embargo will not be lifted.", "The council ended the embargo."},
	} {
		meet := false
		filed, _ := Analyse(p[0], Speaker{}).Keys(0)
		_, asked := Analyse(p[1], Speaker{}).Keys(0)
		for _, k := range asked {
			meet = meet || slices.Contains(filed, k)
		}
		if !meet {
			t.Errorf("%q and %q share no key", p[0], p[1])
		}
	}
}

// Any text is taken, and spans lie within it.
func FuzzAnalyse(f *testing.F) {
	f.Add("We have not provided weaponry to any side.")
	f.Add("Q Why?\n\nMS. PSAKI: No. \xff“He said ‘never’”: 1,000,000 %")
	f.Add(strings.Repeat("not ", 300))
	f.Fuzz(func(t *testing.T, text string) {
		a := Analyse(text, Speaker{Issuer: text, Government: "France"})
		for _, s := range a.Sentences {
			if s.Start < 0 || s.End > len(text) || s.Start > s.End {
				t.Fatalf("span %d:%d of %d", s.Start, s.End, len(text))
			}
		}
		for _, c := range a.Claims {
			if c.Start < 0 || c.End > len(text) || c.Start > c.End || c.Sentence >= len(a.Sentences) {
				t.Fatalf("claim %+v of %d bytes", c, len(text))
			}
			_ = c.String()
			if filed, asked := a.Keys(c.Sentence); len(filed) > maxKeys || len(asked) > maxKeys {
				t.Fatal("too many keys")
			}
		}
	})
}

// What an official of the source's list is quoted with is the issuer's own.
func TestOfficials(t *testing.T) {
	text := "Kanaani said that no drones were delivered to Russia."
	for _, c := range []struct {
		who      Speaker
		reported bool
	}{
		{Speaker{Issuer: "Ministry of Foreign Affairs of Iran", Government: "IR"}, true},
		{Speaker{Issuer: "Ministry of Foreign Affairs of Iran", Government: "IR", Officials: []string{"Nasser Kanaani, spokesman"}}, false},
	} {
		found := false
		for _, x := range Analyse(text, c.who).Claims {
			if x.Predicate == "deliver" {
				found = true
				if x.Sign != -1 || x.Flags.Has(Reported) != c.reported {
					t.Errorf("%v: %s", c.who.Officials, &x)
				}
			}
		}
		if !found {
			t.Error("no claim of a delivery")
		}
	}
}

func TestCountryOfCode(t *testing.T) {
	if Country("GB") == 0 || Country("GB") != Country("United Kingdom") || Country("DE") != Country("Germany") || Country("XX") != 0 {
		t.Error("a government's code stands for its country")
	}
}
