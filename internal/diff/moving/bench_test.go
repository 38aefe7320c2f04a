package moving

import (
	"fmt"
	"strings"
	"testing"
)

// A page of 600 paragraphs with a counter, and one that is another text throughout.
func BenchmarkSettle(b *testing.B) {
	text := func(tag string) string {
		var s strings.Builder
		for i := range 600 {
			fmt.Fprintf(&s, "Paragraph %d of the statement %s says that the ministry denies the supply of drones.\n\n", i, tag)
		}
		return s.String()
	}
	for name, pair := range map[string][2]string{"counter": {text("a") + "Views: 12", text("a") + "Views: 13"}, "another": {text("a"), text("b")}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Settle(Text{Body: pair[0]}, Text{Body: pair[1]}, func(Change) bool { return true })
			}
		})
	}
}
