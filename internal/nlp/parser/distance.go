package parser

// Distances is the number of buckets of Distance.
const Distances = 16

// Distance is the bucket of an arc from head to dep in a sentence of n words: its
// direction and length, or that it comes from the root, which is n.
func Distance(head, dep, n int) int {
	if head == n {
		return 0
	}
	d := head - dep
	side := 0
	if d < 0 {
		d, side = -d, 7
	}
	switch {
	case d <= 4:
		return side + d
	case d <= 7:
		return side + 5
	case d <= 15:
		return side + 6
	}
	return side + 7
}
