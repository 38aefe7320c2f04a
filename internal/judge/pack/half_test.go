package pack

import (
	"math"
	"testing"
)

func TestHalf(t *testing.T) {
	for h, want := range map[uint16]float64{
		0: 0, 1: math.Ldexp(1, -24), 0x3FF: math.Ldexp(1023, -24), 0x400: math.Ldexp(1, -14), 0x3C00: 1, 0xC000: -2, 0x7BFF: 65504,
		0x7C00: math.Inf(1), 0xFC00: math.Inf(-1), 0x3555: 0.333251953125, 0x8001: -math.Ldexp(1, -24),
	} {
		if got := float64(Half(h)); got != want {
			t.Errorf("%04x is %g, not %g", h, got, want)
		}
	}
	if x := Half(0x7E00); x == x {
		t.Errorf("7e00 is %g", x)
	}
	if x := Half(0x8000); x != 0 || !math.Signbit(float64(x)) {
		t.Errorf("8000 is %g", x)
	}
}
