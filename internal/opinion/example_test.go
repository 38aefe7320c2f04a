package opinion_test

import (
	"fmt"

	"volteface/internal/opinion"
)

// An answer counts only if the words it quotes stand in the passages.
func ExampleRead() {
	q := opinion.Sample
	answer := `{"earlier_quote":"not supplied any drones","later_quote":"supplied a limited number of drones","same_matter":true,"same_scope":true,
		"own_words":true,"reason":"A denial became an admission.","verdict":"reversal","kind":"denial_to_admission"}`
	read, err := opinion.Read(answer, q)
	fmt.Println(read.Verdict, read.Kind, err)
	q.Later.Text = "We have supplied nothing."
	_, err = opinion.Read(answer, q)
	fmt.Println(err)
	// Output:
	// reversal denial_to_admission <nil>
	// the answer is void: what it quotes of the later passage does not stand there
}
