package language_test

import (
	"fmt"

	"volteface/internal/nlp/language"
)

// A sentence is enough; of what has no letters, nothing is known.
func ExampleIdentify() {
	for _, text := range []string{"The ministry has denied the reports.", "Уряд підтвердив, що об'єкт не зазнав пошкоджень.", "سخنگوی وزارت امور خارجه گفت", "2022-11-05"} {
		fmt.Println(language.Identify(text).Code)
	}
	// Output:
	// en
	// uk
	// fa
	// und
}
