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

// A word of a longer name finds it.
func TestNearestByWord(t *testing.T) {
	among := []string{"iran-nuclear", "drone-supply-to-russia", "tariffs"}
	for typed, want := range map[string]string{"drones": "drone-supply-to-russia", "nuclear": "iran-nuclear", "tariff": "tariffs", "supply": "drone-supply-to-russia", "to": "", "bananas": ""} {
		if got := Nearest(typed, among); got != want {
			t.Errorf("%q: %q, not %q", typed, got, want)
		}
	}
}
