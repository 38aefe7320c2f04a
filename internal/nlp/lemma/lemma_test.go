package lemma

import "testing"

func TestLearn(t *testing.T) {
	var examples []Example
	for form, lemma := range map[string]string{"walked": "walk", "talked": "talk", "asked": "ask", "provoked": "provoke", "moved": "move", "loved": "love", "went": "go", "carried": "carry", "married": "marry"} {
		examples = append(examples, Example{Form: form, UPOS: "VERB", XPOS: "VBD", Lemma: lemma})
	}
	for _, name := range []string{"Tehran", "Moscow", "Kyiv"} {
		examples = append(examples, Example{Form: name, UPOS: "PROPN", XPOS: "NNP", Lemma: name})
	}
	table := Learn(examples)
	file, err := table.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if table, err = Decode(file); err != nil {
		t.Fatal(err)
	}
	for _, e := range append(examples,
		Example{Form: "balked", UPOS: "VERB", XPOS: "VBD", Lemma: "balk"},
		Example{Form: "Walked", UPOS: "VERB", XPOS: "VBD", Lemma: "walk", First: true},
		Example{Form: "Talked", UPOS: "VERB", XPOS: "VBD", Lemma: "talk"},
		Example{Form: "fled", UPOS: "VERB", XPOS: "VBD", Lemma: "flee"},
		Example{Form: "withdrawn", UPOS: "VERB", XPOS: "VBN", Lemma: "withdraw"},
		Example{Form: "vetoes", UPOS: "NOUN", XPOS: "NNS", Lemma: "veto"},
		Example{Form: "Baghdad", UPOS: "PROPN", XPOS: "NNP", Lemma: "Baghdad"},
		Example{Form: "44,000", UPOS: "NUM", XPOS: "CD", Lemma: "44000"},
		Example{Form: "unseen", UPOS: "ADJ", XPOS: "JJ", Lemma: "unseen"},
		Example{Form: "\xff", UPOS: "X", XPOS: "FW", Lemma: "\xff"},
	) {
		if got := table.Lemma(e.Form, e.UPOS, e.XPOS, e.First); got != e.Lemma {
			t.Errorf("%s (%s): %s, want %s", e.Form, e.XPOS, got, e.Lemma)
		}
	}
}

func TestDamage(t *testing.T) {
	for _, file := range [][]byte{nil, []byte("no lemmas")} {
		if _, err := Decode(file); err == nil {
			t.Errorf("%q is read", file)
		}
	}
}
