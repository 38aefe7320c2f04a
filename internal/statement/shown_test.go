package statement

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A day that a page shows is that day everywhere, whatever its zone and whether or
// not it has been through the store.
func TestTheDayShownStays(t *testing.T) {
	for _, zone := range []*time.Location{time.FixedZone("", 8*3600), time.FixedZone("", -8*3600), time.UTC, time.FixedZone("", 14*3600)} {
		for _, d := range []Date{
			{Time: time.Date(2026, 11, 20, 0, 0, 0, 0, zone)},
			{Time: time.Date(2026, 11, 20, 0, 30, 0, 0, zone), HasTime: true},
			{Time: time.Date(2026, 11, 20, 23, 30, 0, 0, zone), HasTime: true},
		} {
			for _, d := range []Date{d, ParseDate(d.String(), "raw")} {
				if d.Day() != "20 November 2026" || d.ShortDay() != "20 Nov 2026" || d.Figures() != "2026-11-20" || !strings.HasPrefix(d.Written(), "20 November 2026") {
					t.Errorf("%s: %s, %s, %s, %s", d, d.Day(), d.ShortDay(), d.Figures(), d.Written())
				}
				if at := d.Instant(); !d.HasTime && (DayOf(at) != "20 November 2026" || !at.Equal(ParseDate(d.String(), "").Instant())) {
					t.Errorf("%s is ordered by %s", d, at)
				}
			}
		}
	}
	if d := (Date{Raw: "soon"}); d.Day() != "soon" || d.Written() != "soon" || !d.Instant().IsZero() || Moment(time.Time{}) != "" {
		t.Errorf("unread: %s, %s", d.Day(), d.Written())
	}
}

// What a revision says was said on the day its page shows; an edit when it was seen.
func TestWhenSaid(t *testing.T) {
	seen := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	shown := Date{Time: time.Date(2026, 11, 20, 0, 0, 0, 0, time.FixedZone("", 8*3600))}
	for r, want := range map[*Revision]string{
		{N: 1, Published: shown, SeenAt: seen}:             "20 November 2026",
		{N: 2, Published: shown, SeenAt: seen}:             "21 November 2026",
		{N: 1, Published: Date{Raw: "soon"}, SeenAt: seen}: "21 November 2026",
	} {
		if got := r.WhenSaid(); got.Day() != want || DayOf(got.Instant()) != want {
			t.Errorf("%+v: %s", r, got.Day())
		}
	}
}

// No other package decides how a moment is written for people.
func TestMomentsAreWrittenInOnePlace(t *testing.T) {
	human := regexp.MustCompile(`Format\("[^"]*(Jan|15:04)[^"]*"\)`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "shown.go" {
			return err
		}
		switch filepath.ToSlash(path) {
		case "../cli/alerts_mute.go": // a moment that a person gave, by that person's clock
			return nil
		}
		text, err := os.ReadFile(path)
		if found := human.Find(text); found != nil {
			t.Errorf("%s: %s", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
