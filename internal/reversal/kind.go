package reversal

import (
	"volteface/internal/claim"
)

// kindOf names what turned.
func (p *pairing) kindOf(a, b *readyClaim) string {
	nominal := a.Flags.Has(claim.Existence) || b.Flags.Has(claim.Existence)
	dated := a.Flags.Has(claim.Past) || b.Flags.Has(claim.Past)
	switch {
	case a.Axes.Tells() && b.Axes.Tells() && a.Sign > 0 && b.Sign > 0: // "baseless", then "correct"
		if a.Axes.Agree(claim.Untrue()) {
			return "denial_to_admission"
		}
		return "admission_to_denial"
	case a.Mode != claim.Plan && p.assessed(a.Sentence, b.Sentence),
		(a.Axes.State() || b.Axes.State()) && a.Mode == claim.Fact && b.Mode != claim.Plan && !a.Flags.Has(claim.Topic) && !b.Flags.Has(claim.Topic):
		return "legality_or_assessment_flip"
	case !nominal && a.Axes.Supports() && b.Axes.Supports() && a.Mode != claim.Plan:
		return "support_to_opposition"
	case a.Sign < 0 && b.Sign > 0:
		switch {
		case a.Mode == claim.Must, a.Mode == claim.May:
			return "red_line_dropped"
		case a.Mode == claim.Plan, a.Axes.Stance() && !dated && !nominal:
			return "ruled_out_to_done"
		}
		return "denial_to_admission"
	case b.Sign < 0 && a.Sign > 0:
		switch {
		case a.Mode == claim.May || a.Mode == claim.Must:
			return "support_to_opposition"
		case a.Mode == claim.Plan, b.Mode == claim.Plan, a.Axes.Stance() || b.Axes.Stance(), !dated:
			return "commitment_to_withdrawal"
		}
		return "admission_to_denial"
	case a.Mode == claim.Must || a.Mode == claim.May:
		return "red_line_dropped"
	}
	return "commitment_to_withdrawal"
}

// assessed tells whether the two sentences judge in opposite ways: safe and contaminated,
// lawful and without authority.
func (p *pairing) assessed(i, j int) bool {
	for k := range p.a.claims {
		a := &p.a.claims[k]
		if a.Sentence != i || a.Sign == 0 || !a.Axes.Judges() {
			continue
		}
		A := a.Axes
		if a.Sign < 0 {
			A = A.Turned()
		}
		for l := range p.b.claims {
			b := &p.b.claims[l]
			if b.Sentence != j || b.Sign == 0 || !b.Axes.Judges() {
				continue
			}
			B := b.Axes
			if b.Sign < 0 {
				B = B.Turned()
			}
			if A.Oppose(B) {
				return true
			}
		}
	}
	return false
}
