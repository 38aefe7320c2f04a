package demo

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
)

func site(t *testing.T) *Site {
	t.Helper()
	s, err := NewSite(clock.StoppedAt(time.Date(2022, 11, 6, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestEveryPageIsDatedAndSourced(t *testing.T) {
	edits, removals := 0, 0
	for _, p := range site(t).Pages {
		for _, day := range []string{p.Day, p.Edited, p.Removed} {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				t.Errorf("%s: %v", p.Title, err)
			}
		}
		if u, err := url.Parse(p.Report); err != nil || u.Host == "" {
			t.Errorf("%s names no report", p.Title)
		}
		if !strings.HasSuffix(p.Host, ".example") {
			t.Errorf("%s stands on %s, which may be somebody's", p.Title, p.Host)
		}
		if p.Edited != "" {
			edits++
		}
		if p.Removed != "" {
			removals++
		}
	}
	if edits != 1 || removals != 1 {
		t.Errorf("%d edits and %d removals are staged", edits, removals)
	}
}

// Only what the collected reports give as verbatim stands in quotation marks.
func TestOnlyKnownQuotesAreQuoted(t *testing.T) {
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	f, err := os.Open(filepath.Join(shared, "eval", "reversals", "drones_sources.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var record struct{ Quote string }
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			t.Fatal(err)
		}
		known[record.Quote] = true
	}
	quotes := 0
	for _, p := range site(t).Pages {
		for _, text := range append(append([]string{p.Title}, p.Text...), p.Edit...) {
			for _, part := range strings.Split(text, "“")[1:] {
				quote, _, closed := strings.Cut(part, "”")
				if !closed || !known[quote] {
					t.Errorf("%q is quoted, but no report gives it", quote)
				}
				quotes++
			}
		}
	}
	if quotes != 4 {
		t.Errorf("%d quotes, want the 4 there are", quotes)
	}
}
