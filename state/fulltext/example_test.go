package fulltext_test

import (
	"fmt"

	"volteface/state/fulltext"
)

// Words are found however they are typed, and pieces of the text show where.
func ExampleSnippet() {
	query, err := fulltext.Parse("еще")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, piece := range fulltext.Snippet("Мы ещё не поставляли оружие.", query, 200) {
		fmt.Printf("%q %v\n", piece.Text, piece.Hit)
	}
	// Output:
	// "Мы " false
	// "ещё" true
	// " не поставляли оружие." false
}
