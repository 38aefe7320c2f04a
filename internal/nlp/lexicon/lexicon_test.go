package lexicon

import "testing"

func TestEveryEventIsDescribed(t *testing.T) {
	if len(AllEvents()) < 60 {
		t.Errorf("only %d events", len(AllEvents()))
	}
	for name, e := range load().byName {
		switch e.Kind {
		case "act", "speech", "stance", "state", "change":
		default:
			t.Errorf("event %s, named as an opposite, has kind %q", name, e.Kind)
		}
		if len(e.Verbs)+len(e.Nouns)+len(e.Adjectives) == 0 {
			t.Errorf("event %s has no words", name)
		}
		if e.Opposes(e) {
			t.Errorf("event %s opposes itself", name)
		}
	}
}

func TestEvents(t *testing.T) {
	supply, withhold := EventNamed("supply"), EventNamed("withhold")
	for lemma, upos := range map[string]string{"deliver": "VERB", "hand over": "VERB", "shipment": "NOUN", "Supply": "VERB", "send off": "VERB"} {
		found := false
		for _, e := range Events(lemma, upos) {
			found = found || e == supply
		}
		if !found {
			t.Errorf("%s (%s) is no supply", lemma, upos)
		}
	}
	if !supply.Opposes(withhold) || !withhold.Opposes(supply) {
		t.Error("supply and withhold are not opposed")
	}
	if Events("banana", "NOUN") != nil {
		t.Error("a banana is an event")
	}
}

func TestSignatures(t *testing.T) {
	for _, c := range []struct {
		lemma string
		frame Frame
		want  Signature
	}{{"fail", To, Signature{No, Yes}}, {"manage", To, Signature{Yes, No}}, {"deny", That, Signature{No, Open}}, {"know", That, Signature{Yes, Yes}}, {"rule out", Ing, Signature{No, Open}}} {
		if got, ok := SignatureOf(c.lemma, c.frame); !ok || got != c.want {
			t.Errorf("%s %s: %v, want %v", c.lemma, c.frame, got, c.want)
		}
	}
	if s, _ := SignatureOf("regret", That); !s.Factive() {
		t.Error("regret is not factive")
	}
	if _, ok := SignatureOf("fail", Obj); ok {
		t.Error("a frame that nobody wrote down")
	}
	acts := map[Act]bool{Report: true, Assert: true, Announce: true, Allege: true, Admit: true, Deny: true, Ask: true, Promise: true,
		Refuse: true, Demand: true, Warn: true, Condemn: true, Praise: true, Accuse: true, Believe: true}
	for lemma, s := range load().speech {
		if !acts[s.Act] {
			t.Errorf("%s: no act is called %s", lemma, s.Act)
		}
	}
	if s, ok := SpeechOf("deny"); !ok || s != (Speech{Deny, No}) {
		t.Errorf("deny: %v", s)
	}
	if !Is("No longer", TemporalShift) || !Is("n't", Negator) || Is("not", Hedge) {
		t.Error("small words in wrong classes")
	}
}
