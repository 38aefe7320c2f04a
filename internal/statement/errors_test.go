package statement

import "testing"

func TestNearest(t *testing.T) {
	among := []string{"http", "host", "alerts", "port"}
	for typed, want := range map[string]string{"hots": "host", "alrets": "alerts", "prot": "port", "htp": "http", "zzzz": "", "": ""} {
		if got := Nearest(typed, among); got != want {
			t.Errorf("%q: %q, not %q", typed, got, want)
		}
	}
}
