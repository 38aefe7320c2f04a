package sqlite

import (
	"path/filepath"
	"testing"

	"volteface/state"
	"volteface/state/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) state.Store {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "volteface.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
