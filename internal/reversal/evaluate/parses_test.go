package evaluate

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"volteface/internal/claim"
)

// Kept trees are read as they were, also after a record was cut short.
func TestParses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trees")
	text := "Q Don't you sell drones?\n\nMR. HOLM: No. We can't, and we won’t sell them to 3 states.\n\nThe price rose by 4.5 percent."
	read := func() *claim.Analysis {
		p, err := OpenParses(path)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		d, err := p.Document(text)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Has(text) {
			t.Error("the trees were not kept")
		}
		return claim.Read(d, claim.Speaker{Issuer: "Ministry"})
	}
	first := read()
	again := read()
	if !reflect.DeepEqual(first, again) || len(first.Claims) == 0 {
		t.Errorf("%+v\nnot\n%+v", again, first)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-7], 0o600); err != nil {
		t.Fatal(err)
	}
	if third := read(); !reflect.DeepEqual(first, third) {
		t.Errorf("after a record that was cut short: %+v", third)
	}
}
