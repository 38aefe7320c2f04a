package wordnet

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	n := Load()
	for _, c := range []struct {
		what string
		got  []string
		want string
	}{
		{"synonyms of provide", n.Synonyms("provide", Verb, 0), "supply"},
		{"antonyms of legal", n.Antonyms("legal", Adj), "illegal"},
		{"antonyms of deny", n.Antonyms("deny", Verb), "admit"},
		{"antonyms of swift, through fast", n.Antonyms("swift", Adj), "slow"},
		{"nouns of supply", n.Derivations("supply", Verb, Noun), "supplier"},
		{"verbs of supplier", n.Derivations("supplier", Noun, Verb), "supply"},
		{"synonyms of hand over", n.Synonyms("hand over", Verb, 0), "deliver"},
	} {
		if !slices.Contains(c.got, c.want) {
			t.Errorf("%s: %q lacks %s", c.what, c.got, c.want)
		}
	}
	for _, c := range []struct {
		lemma, above string
		want         bool
	}{{"drone", "aircraft", true}, {"missile", "weapon", true}, {"minister", "person", true}, {"table", "person", false}, {"unheard-of-word", "person", false}} {
		if got := n.IsA(c.lemma, c.above, Noun, 0); got != c.want {
			t.Errorf("%s is a %s: %v", c.lemma, c.above, got)
		}
	}
	if !n.Synonymous("supply", "provide", Verb, 2) || n.Synonymous("supply", "deny", Verb, 0) {
		t.Error("Synonymous is wrong")
	}
}

func TestDamage(t *testing.T) {
	for _, cut := range []int{0, 10, len(packed) / 2} {
		if _, err := Decode(packed[:cut]); err == nil {
			t.Errorf("a file cut to %d bytes is read", cut)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Decode(packed); err != nil {
			b.Fatal(err)
		}
	}
}
