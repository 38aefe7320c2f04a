package diff_test

import (
	"fmt"

	"volteface/internal/diff"
)

// What an edit changed, as people read it, and in a few words.
func ExampleCompare() {
	before := diff.Text{Title: "Briefing", Body: "The ministry answered questions.\n\nWe have not provided weaponry to any side."}
	after := diff.Text{Title: "Briefing", Body: "The ministry answered questions.\n\nWe have provided weaponry to one side."}
	edit := diff.Compare(before, after)
	fmt.Println(edit.Summary())
	for _, block := range edit.Blocks {
		for _, s := range block.Segments {
			if s.Op != diff.Equal {
				fmt.Printf("%s %q\n", s.Op, s.Text)
			}
		}
	}
	// Output:
	// 1 paragraph changed (2 words out, 1 in)
	// delete "not "
	// delete "any"
	// insert "one"
}
