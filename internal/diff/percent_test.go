package diff

import (
	"bytes"
	"strings"
	"testing"
)

// The figure alone is marked where the percent sign behind it stays.
func TestPercentStaysOutsideTheMarks(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"The view: 5 % of € 200.", "The view: 6 % of € 200.", "[-5-]{+6+} % of"},
		{"The view: 5% of it.", "The view: 6% of it.", "[-5-]{+6+}% of"},
		{"It grew by 5\u00a0%.", "It grew by 7.5\u00a0%.", "[-5-]{+7.5+}\u00a0%."},
		{"It grew by 5 %", "It grew by 6 %", "[-5-]{+6+} %"},
		{"It grew by 5 % then.", "It grew by 6 points then.", "[-5 %-]"},
	} {
		var out bytes.Buffer
		if err := Compare(Text{Body: c.before}, Text{Body: c.after}).Unified(&out); err != nil || !strings.Contains(out.String(), c.want) {
			t.Errorf("%q: %v, %q", c.want, err, out.String())
		}
	}
}
