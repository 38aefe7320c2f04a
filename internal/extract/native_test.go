package extract

import (
	"cmp"
	"os"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// nativeForm is one way in which a page writes a day.
type nativeForm struct{ lang, want, raw string }

func nativeForms(t *testing.T) (forms []nativeForm) {
	t.Helper()
	file := cmp.Or(os.Getenv("DATE_FORMS"), "testdata/dates.txt") // another list to measure with
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, "|", 3)
		if len(f) != 3 {
			t.Fatalf("%q", line)
		}
		forms = append(forms, nativeForm{f[0], f[1], f[2]})
	}
	return forms
}

// read is what is read of a form: "-" for nothing.
func (f nativeForm) read() string {
	x := &Extractor{src: statement.Source{Language: f.lang}, lang: primarySubtag(f.lang), zone: time.UTC}
	d := x.anyDate(f.raw, "")
	switch {
	case d.Time.IsZero():
		return "-"
	case d.HasTime:
		return d.Time.Format("2006-01-02T15:04")
	}
	return d.Time.Format(time.DateOnly)
}

// TestNativeForms measures how many of the forms in which pages of some sixty
// languages and seven calendars write a day are read, and that none is misread.
func TestNativeForms(t *testing.T) {
	right, unread, wrong, all, kept, traps := 0, 0, 0, 0, 0, 0
	for _, f := range nativeForms(t) {
		got := f.read()
		if f.want == "-" {
			if traps++; got == "-" {
				kept++
			}
		} else {
			all++
		}
		switch {
		case got == f.want && got != "-":
			right++
		case got == f.want:
		case got == "-":
			unread++
			t.Logf("unread: %s %q", f.lang, f.raw)
		default:
			wrong++
			t.Errorf("%s %q: %s, want %s", f.lang, f.raw, got, f.want)
		}
	}
	t.Logf("%d of %d read right, %d unread, %d wrong; %d of %d that nobody can tell left alone", right, all, unread, wrong, kept, traps)
	if share := float64(right) / float64(all); share < .98 {
		t.Errorf("%.3f of the forms are read, less than .98", share)
	}
}
