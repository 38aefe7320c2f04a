package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"

	"volteface/internal/statement"
)

// floor is what every reading of the documents has to reach on the whole, by
// word trigrams against the text that they were made from.
const floor, leastOfAny = 0.97, 0.85

// Thirty documents in many layouts (see the command typeset) are read as they
// were written. All of them take a while; a few are read always.
func TestTypesetDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/typeset/*.pdf")
	if err != nil || len(files) != 30 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	if os.Getenv("VOLTEFACE_LONG") == "" {
		few := files[:0:0]
		for _, f := range files {
			for _, part := range []string{"03-", "07-", "12-", "21-", "24-"} {
				if strings.Contains(f, part) {
					few = append(few, f)
				}
			}
		}
		files = few
	}
	_, lookErr := exec.LookPath("pdftotext")
	all, peers := 0.0, 0.0
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(f, ".pdf") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Text(t.Context(), body)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		got := doc.Title + "\n\n" + doc.Body
		score, peer := f1(got, string(want)), 0.0
		all += score
		if lookErr == nil {
			out, err := exec.CommandContext(t.Context(), "pdftotext", "-enc", "UTF-8", f, "-").Output()
			if err == nil {
				peer = f1(string(out), string(want))
				peers += peer
			}
		}
		t.Logf("%-45s %.4f  pdftotext %.4f  %s", filepath.Base(f), score, peer, doc.Title)
		if score < leastOfAny {
			t.Errorf("%s: F1 %.3f, %q", f, score, strings.Join(missing(got, string(want)), "; "))
		}
		if dir := os.Getenv("VOLTEFACE_PDF_OUT"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)+".txt"), []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := float64(len(files))
	t.Logf("mean F1 of %d documents: %.4f, of pdftotext %.4f", len(files), all/n, peers/n)
	if all/n < floor {
		t.Errorf("mean F1 %.4f, want %.2f", all/n, floor)
	}
}

// trigrams counts three words in a row: what white space divides, without the
// signs that are no words, and without the zero-width non-joiners of Persian,
// which leave no trace in a PDF; a letter of a script without spaces is a word.
func trigrams(text string) map[string]int {
	var words []string
	for f := range strings.FieldsSeq(strings.ReplaceAll(text, "\u200c", "")) {
		from := 0
		for i, r := range f {
			if statement.Unspaced(r) {
				if i > from {
					words = append(words, f[from:i])
				}
				from = i + len(string(r))
				words = append(words, string(r))
			}
		}
		if from < len(f) {
			words = append(words, f[from:])
		}
	}
	kept := words[:0]
	for _, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			kept = append(kept, w)
		}
	}
	count := map[string]int{}
	for i := 0; i+2 < len(kept); i++ {
		count[strings.Join(kept[i:i+3], " ")]++
	}
	return count
}

func f1(got, want string) float64 {
	a, b := trigrams(got), trigrams(want)
	both, na, nb := 0, 0, 0
	for g, n := range a {
		both += min(n, b[g])
		na += n
	}
	for _, n := range b {
		nb += n
	}
	if na+nb == 0 {
		return 0
	}
	return 2 * float64(both) / float64(na+nb)
}

func missing(got, want string) []string {
	a, b := trigrams(got), trigrams(want)
	var lost []string
	for g, n := range b {
		if a[g] < n {
			lost = append(lost, g)
		}
	}
	sort.Strings(lost)
	return lost[:min(len(lost), 12)]
}
