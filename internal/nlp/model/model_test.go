package model

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

func TestChecksums(t *testing.T) {
	sums, err := os.ReadFile("SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"segment.vfm": Segment, "parser.vfm": Parser, "lemma.zst": Lemma}
	for line := range strings.Lines(string(sums)) {
		f := strings.Fields(line)
		if len(f) != 2 {
			t.Fatalf("line %q", line)
		}
		sum := sha256.Sum256(files[f[1]])
		if got := hex.EncodeToString(sum[:]); got != f[0] {
			t.Errorf("%s is %s, not %s", f[1], got, f[0])
		}
		delete(files, f[1])
	}
	for name := range files {
		t.Errorf("%s has no checksum", name)
	}
}
