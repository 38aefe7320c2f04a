package sqlite

import (
	"strconv"
	"strings"
	"testing"
)

// Migrations are numbered one after the other: two of one number cannot be
// applied, and one that comes late under a low number never would be.
func TestMigrationsAreNumberedInARow(t *testing.T) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			t.Errorf("migration %d of all is %s", i+1, e.Name())
		}
	}
}
