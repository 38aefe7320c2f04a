package main

import (
	"fmt"
	"math"
)

// Constants lie in memory eight times over, for both widths of registers.
var vectors = []struct {
	name  string
	value uint32
}{
	{"one", bits(1)}, {"half", bits(0.5)}, {"minusHalf", bits(-0.5)},
	{"clamp", bits(5.1 * 5.1)}, {"unfold", bits(2 / (5.1 * 5.1))},
	{"floor", bits(-86)}, {"log2e", bits(math.Log2E)}, {"ln2High", 0x3F317200}, {"ln2Low", 0x35BFBE8E},
}

// normal are the coefficients of (Φ(x) − ½)/x, Φ the normal distribution, by powers of 2x²/5.1² − 1, for |x| ≤ 5.1: a
// minimax fit, weighted so that x·Φ(x) is within 7e-7. At 5.1 it is above ½, so that the limits are met exactly.
var normal = []float64{
	0.1386052817106247, -0.06900326162576675, 0.050782956182956696, -0.04021865874528885, 0.03171602636575699,
	-0.024016467854380608, 0.017465483397245407, -0.012024253606796265, 0.006859937682747841, -0.0032296283170580864,
	0.002404411556199193, -0.0019568288698792458, 0.0006542002665810287,
}

// exponential are the coefficients of eˣ for |x| ≤ ½·ln 2: a minimax fit within 1e-7.
var exponential = []float64{
	1.0000001192092896, 0.9999997019767761, 0.49998894333839417, 0.16667574644088745, 0.041915394365787506, 0.008297652937471867,
}

func bits(f float64) uint32 { return math.Float32bits(float32(f)) }

func constants(s *source) {
	all := vectors
	for i, c := range normal {
		all = append(all, struct {
			name  string
			value uint32
		}{fmt.Sprintf("normal%d", i), bits(c)})
	}
	for i, c := range exponential {
		all = append(all, struct {
			name  string
			value uint32
		}{fmt.Sprintf("exponential%d", i), bits(c)})
	}
	for _, c := range all {
		s.WriteString("\n")
		for i := range 4 {
			fmt.Fprintf(s, "DATA %s<>+%d(SB)/8, $0x%08X%08X\n", c.name, 8*i, c.value, c.value)
		}
		fmt.Fprintf(s, "GLOBL %s<>(SB), RODATA|NOPTR, $32\n", c.name)
	}
}

func floatsAVX512(s *source) { s.floats(avx512) }
func floatsAVX2(s *source)   { s.floats(avx2) }

func (s *source) floats(u unit) {
	s.gelu(u)
	s.bounds(u)
	s.norm(u)
	s.quantisers(u)
	s.softmax(u)
	s.multiply(u)
}

// keep loads constants into registers where there are 32, and names them; where there are 16 it names them in memory.
func (s *source) keep(u unit, first int, names ...string) func(string) string {
	at := map[string]string{}
	for i, n := range names {
		at[n] = n + "<>(SB)"
		if u == avx512 {
			s.op("VBROADCASTSS %s, Z%d", at[n], first+i)
			at[n] = u.v(first + i)
		}
	}
	return func(n string) string { return at[n] }
}

// fold reduces a register to the first element of its low part by an instruction of two operands and a result; high and
// other are spoiled.
func (s *source) fold(u unit, instruction string, i, other int) {
	if u == avx512 {
		s.op("VEXTRACTF64X4 $1, Z%d, Y%d\n%s Y%d, Y%d, Y%d", i, other, instruction, other, i, i)
	}
	s.op("VEXTRACTF128 $1, Y%[2]d, X%[3]d\n%[1]s X%[3]d, X%[2]d, X%[2]d", instruction, i, other)
	s.op("VPERMILPS $0x4E, X%[2]d, X%[3]d\n%[1]s X%[3]d, X%[2]d, X%[2]d", instruction, i, other)
	s.op("VPERMILPS $0xB1, X%[2]d, X%[3]d\n%[1]s X%[3]d, X%[2]d, X%[2]d", instruction, i, other)
}

func (s *source) zero(registers ...int) {
	for _, i := range registers {
		s.op("VXORPS X%[1]d, X%[1]d, X%[1]d", i)
	}
}

func series(name string, n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("%s%d", name, i))
	}
	return names
}

func (s *source) gelu(u unit) {
	s.function("gelu"+u.suffix, 32, "func gelu"+u.suffix+"(x []float32) (low, high float32)")
	s.op("MOVQ x_base+0(FP), AX\nMOVQ x_len+8(FP), CX")
	low, high, first := 14, 15, 0 // registers of the result, and the first of twelve
	k := s.keep(u, 16, append(series("normal", len(normal)-1), "clamp", "unfold", "half", "minusHalf")...)
	if u == avx512 {
		low, high, first = 0, 1, 2
		s.op("VBROADCASTSS normal%d<>(SB), Z14\nVBROADCASTSS one<>(SB), Z15", len(normal)-1)
	}
	s.zero(low, high)
	s.inFours(u, func(n int) {
		x, t, h := func(i int) string { return u.v(first + i) }, func(i int) string { return u.v(first + 4 + i) }, func(i int) string { return u.v(first + 8 + i) }
		// The chain of one value is long: four go side by side.
		each := func(f func(i int)) {
			for i := range n {
				f(i)
			}
		}
		each(func(i int) { s.op("VMOVUPS %d(AX), %s", i*u.width, x(i)) })
		each(func(i int) { s.op("VMULPS %[1]s, %[1]s, %[2]s", x(i), t(i)) })
		each(func(i int) { s.op("VMINPS %[1]s, %[2]s, %[2]s", k("clamp"), t(i)) })
		if u == avx512 {
			each(func(i int) { s.op("VFMSUB213PS Z15, %s, %s\nVMOVAPS Z14, %s", k("unfold"), t(i), h(i)) })
		} else {
			each(func(i int) { s.op("VMULPS %[1]s, %[2]s, %[2]s", k("unfold"), t(i)) })
			each(func(i int) {
				s.op("VSUBPS one<>(SB), %[1]s, %[1]s\nVMOVAPS normal%[2]d<>(SB), %[3]s", t(i), len(normal)-1, h(i))
			})
		}
		for power := len(normal) - 2; power >= 0; power-- {
			each(func(i int) { s.op("VFMADD213PS %s, %s, %s", k(fmt.Sprintf("normal%d", power)), t(i), h(i)) })
		}
		each(func(i int) { s.op("VMULPS %[1]s, %[2]s, %[2]s", x(i), h(i)) })
		each(func(i int) { s.op("VMINPS %[1]s, %[2]s, %[2]s", k("half"), h(i)) })
		each(func(i int) { s.op("VMAXPS %[1]s, %[2]s, %[2]s", k("minusHalf"), h(i)) })
		each(func(i int) { s.op("VADDPS %[1]s, %[2]s, %[2]s", k("half"), h(i)) })
		each(func(i int) { s.op("VMULPS %[1]s, %[2]s, %[2]s\nVMOVUPS %[2]s, %[3]d(AX)", x(i), h(i), i*u.width) })
		each(func(i int) { s.op("VMINPS %[1]s, %[2]s, %[2]s\nVMAXPS %[1]s, %[3]s, %[3]s", h(i), u.v(low), u.v(high)) })
	})
	s.lowHigh(u, low, high, 24)
}

// inFours goes through CX values at AX, four registers at a time and then one by one.
func (s *source) inFours(u unit, body func(n int)) {
	s.op("SUBQ $%d, CX\nJLT few", u.width)
	s.label("fours")
	body(4)
	s.op("ADDQ $%d, AX\nSUBQ $%d, CX\nJGE fours", 4*u.width, u.width)
	s.label("few")
	s.op("ADDQ $%d, CX\nJEQ done", u.width)
	s.label("ones")
	body(1)
	s.op("ADDQ $%d, AX\nSUBQ $%d, CX\nJNZ ones", u.width, u.width/4)
	s.label("done")
}

// lowHigh ends a function with the least of one register and the greatest of another as its results.
func (s *source) lowHigh(u unit, low, high, at int) {
	s.fold(u, "VMINPS", low, 2)
	s.fold(u, "VMAXPS", high, 2)
	s.op("VMOVSS X%d, low+%d(FP)\nVMOVSS X%d, high+%d(FP)\nVZEROUPPER\nRET", low, at, high, at+4)
}

func (s *source) bounds(u unit) {
	s.function("bounds"+u.suffix, 32, "func bounds"+u.suffix+"(x []float32) (low, high float32)")
	s.op("MOVQ x_base+0(FP), AX\nMOVQ x_len+8(FP), CX")
	s.zero(4, 5, 6, 7, 8, 9, 10, 11)
	s.inFours(u, func(n int) {
		for i := range n {
			s.op("VMOVUPS %[1]d(AX), %[2]s\nVMINPS %[2]s, %[3]s, %[3]s\nVMAXPS %[2]s, %[4]s, %[4]s", i*u.width, u.v(i), u.v(4+i), u.v(8+i))
		}
	})
	s.gather(u, "VMINPS", 4)
	s.gather(u, "VMAXPS", 8)
	s.lowHigh(u, 4, 8, 24)
}

// gather joins four registers in the first of them.
func (s *source) gather(u unit, instruction string, first int) {
	s.op("%[1]s %[3]s, %[2]s, %[2]s", instruction, u.v(first), u.v(first+1))
	s.op("%[1]s %[3]s, %[2]s, %[2]s", instruction, u.v(first+2), u.v(first+3))
	s.op("%[1]s %[3]s, %[2]s, %[2]s", instruction, u.v(first), u.v(first+2))
}

func (s *source) norm(u unit) {
	s.function("norm"+u.suffix, 56, "func norm"+u.suffix+"(x, residual, gain, bias *float32, n int, epsilon float32) (low, high float32)")
	s.op("MOVQ x+0(FP), AX\nMOVQ residual+8(FP), BX\nMOVQ gain+16(FP), SI\nMOVQ bias+24(FP), DI")
	// pass goes through the values, DX bytes in, by fours and then one by one.
	pass := func(name string, body func(i int)) {
		s.op("MOVQ n+32(FP), CX\nXORQ DX, DX\nSUBQ $%d, CX\nJLT %sFew", u.width, name)
		s.label("%sFours", name)
		for i := range 4 {
			body(i)
		}
		s.op("ADDQ $%d, DX\nSUBQ $%d, CX\nJGE %sFours", 4*u.width, u.width, name)
		s.label("%sFew", name)
		s.op("ADDQ $%d, CX\nJEQ %sDone", u.width, name)
		s.label("%sOnes", name)
		body(0)
		s.op("ADDQ $%d, DX\nSUBQ $%d, CX\nJNZ %sOnes", u.width, u.width/4, name)
		s.label("%sDone", name)
	}
	s.zero(4, 5, 6, 7)
	pass("sum", func(i int) {
		s.op("VMOVUPS %[3]d(AX)(DX*1), %[1]s\nVADDPS %[3]d(BX)(DX*1), %[1]s, %[1]s\nVMOVUPS %[1]s, %[3]d(AX)(DX*1)\nVADDPS %[1]s, %[2]s, %[2]s", u.v(i), u.v(4+i), i*u.width)
	})
	s.gather(u, "VADDPS", 4)
	s.fold(u, "VADDPS", 4, 0)
	s.op("VCVTSI2SSQ n+32(FP), X13, X13\nVDIVSS X13, X4, X4\nVBROADCASTSS X4, %s", u.v(12))
	s.zero(4, 5, 6, 7)
	pass("variance", func(i int) {
		s.op("VMOVUPS %[4]d(AX)(DX*1), %[1]s\nVSUBPS %[2]s, %[1]s, %[1]s\nVFMADD231PS %[1]s, %[1]s, %[3]s", u.v(i), u.v(12), u.v(4+i), i*u.width)
	})
	s.gather(u, "VADDPS", 4)
	s.fold(u, "VADDPS", 4, 0)
	s.op("VDIVSS X13, X4, X4\nVADDSS epsilon+40(FP), X4, X4\nVSQRTSS X4, X4, X4\nVMOVSS one<>(SB), X0\nVDIVSS X4, X0, X4\nVBROADCASTSS X4, %s", u.v(13))
	s.zero(14, 15)
	pass("scale", func(i int) {
		s.op("VMOVUPS %[4]d(AX)(DX*1), %[1]s\nVSUBPS %[2]s, %[1]s, %[1]s\nVMULPS %[3]s, %[1]s, %[1]s", u.v(i), u.v(12), u.v(13), i*u.width)
		s.op("VMOVUPS %[3]d(SI)(DX*1), %[2]s\nVFMADD213PS %[3]d(DI)(DX*1), %[2]s, %[1]s\nVMOVUPS %[1]s, %[3]d(AX)(DX*1)", u.v(i), u.v(4+i), i*u.width)
		s.op("VMINPS %[1]s, %[2]s, %[2]s\nVMAXPS %[1]s, %[3]s, %[3]s", u.v(i), u.v(14), u.v(15))
	})
	s.lowHigh(u, 14, 15, 48)
}

// A quantiser stores sixteen values at a time: as int8, as int16, or as int8 in two parts.
func (s *source) quantise(u unit, name, destinations string, size int, store func()) {
	s.function(name+u.suffix, 36+size, fmt.Sprintf("func %s%s(%s, x []float32, centre, inverse float32) (sum int32)", name, u.suffix, destinations))
	s.op("MOVQ dst+0(FP), DI\nMOVQ x_base+%d(FP), AX\nMOVQ x_len+%d(FP), CX", size, size+8)
	if size == 16 {
		s.op("MOVQ low+8(FP), SI")
	}
	s.op("VBROADCASTSS centre+%d(FP), %s\nVBROADCASTSS inverse+%d(FP), %s", size+24, u.v(1), size+28, u.v(2))
	s.zero(3)
	s.label("loop")
	for i := range 64 / u.width {
		r := 4 + i
		s.op("VMOVUPS %[1]d(AX), %[2]s\nVSUBPS %[3]s, %[2]s, %[2]s\nVMULPS %[4]s, %[2]s, %[2]s\nVCVTPS2DQ %[2]s, %[2]s\nVPADDD %[2]s, %[5]s, %[5]s",
			u.width*i, u.v(r), u.v(1), u.v(2), u.v(3))
	}
	store()
	s.op("ADDQ $64, AX\nSUBQ $16, CX\nJNZ loop")
	s.fold(u, "VPADDD", 3, 0)
	s.op("VMOVD X3, AX\nMOVL AX, sum+%d(FP)\nVZEROUPPER\nRET", size+32)
}

func (s *source) quantisers(u unit) {
	// bytes stores the integers of the registers from first on at a pointer and spoils them.
	bytes := func(first int, pointer string) {
		if u == avx512 {
			s.op("VPMOVSDB Z%[1]d, X%[1]d\nVMOVDQU X%[1]d, (%[2]s)", first, pointer)
		} else {
			s.op("VPACKSSDW Y%[2]d, Y%[1]d, Y%[1]d\nVPERMQ $0xD8, Y%[1]d, Y%[1]d\nVEXTRACTI128 $1, Y%[1]d, X%[2]d\nVPACKSSWB X%[2]d, X%[1]d, X%[1]d\nVMOVDQU X%[1]d, (%[3]s)", first, first+1, pointer)
		}
		s.op("ADDQ $16, %s", pointer)
	}
	s.quantise(u, "quantise", "dst *int8", 8, func() { bytes(4, "DI") })
	s.quantise(u, "quantiseFine", "dst, low *int8", 16, func() {
		if u == avx512 {
			s.op("VPSRAD $%d, Z4, Z6\nVPSLLD $%d, Z6, Z8\nVPSUBD Z8, Z4, Z4", lowBits, lowBits)
		} else {
			for i := range 2 {
				s.op("VPSRAD $%[3]d, Y%[1]d, Y%[2]d\nVPSLLD $%[3]d, Y%[2]d, Y8\nVPSUBD Y8, Y%[1]d, Y%[1]d", 4+i, 6+i, lowBits)
			}
		}
		bytes(6, "DI")
		bytes(4, "SI")
	})
	if u == avx2 {
		s.quantise(u, "quantiseWide", "dst *int16", 8, func() {
			s.op("VPACKSSDW Y5, Y4, Y4\nVPERMQ $0xD8, Y4, Y4\nVMOVDQU Y4, (DI)\nADDQ $32, DI")
		})
	}
}

// softmax does four rows side by side, then one by one: the chain of one is long.
func (s *source) softmax(u unit) {
	s.function("softmax"+u.suffix, 48, "func softmax"+u.suffix+"(x, inverse []float32)")
	s.op("MOVQ x_base+0(FP), SI\nMOVQ x_len+8(FP), AX\nMOVQ inverse_base+24(FP), DI\nMOVQ inverse_len+32(FP), R8")
	s.op("XORQ DX, DX\nDIVQ R8\nMOVQ AX, CX\nSHLQ $2, CX\nVMOVSS one<>(SB), X15")
	k := s.keep(u, 22, append([]string{"floor", "log2e", "ln2High", "ln2Low"}, series("exponential", len(exponential))...)...)
	s.op("SUBQ $4, R8\nJLT few")
	s.label("fours")
	s.softmaxRows(u, 4, k)
	s.op("SUBQ $4, R8\nJGE fours")
	s.label("few")
	s.op("ADDQ $4, R8\nJEQ done")
	s.label("ones")
	s.softmaxRows(u, 1, k)
	s.op("DECQ R8\nJNZ ones")
	s.label("done")
	s.op("VZEROUPPER\nRET")
}

// softmaxRows does n rows of CX bytes at SI, and writes to DI. Registers from 0 on hold the values, from 4 the greatest,
// from 8 the sums, 12 and 13 the multiples of ln 2 and the powers of two where there are only 16; else from 16 on.
func (s *source) softmaxRows(u unit, n int, k func(string) string) {
	each := func(f func(i int, row string)) {
		for i := range n {
			f(i, fmt.Sprintf("(%s)(DX*1)", []string{"SI", "R9", "R10", "R11"}[i]))
		}
	}
	if n > 1 {
		s.op("LEAQ (SI)(CX*1), R9\nLEAQ (SI)(CX*2), R10\nLEAQ (R9)(CX*2), R11")
	}
	loop := func(name string, body func()) {
		s.op("XORQ DX, DX")
		s.label("%s%d", name, n)
		body()
		s.op("ADDQ $%d, DX\nCMPQ DX, CX\nJLT %s%d", u.width, name, n)
	}
	x, most, sum := func(i int) string { return u.v(i) }, func(i int) string { return u.v(4 + i) }, func(i int) string { return u.v(8 + i) }
	s.op("XORQ DX, DX")
	each(func(i int, row string) { s.op("VMOVUPS %s, %s", row, most(i)) })
	loop("largest", func() {
		each(func(i int, row string) { s.op("VMAXPS %[1]s, %[2]s, %[2]s", row, most(i)) })
	})
	each(func(i int, row string) {
		s.fold(u, "VMAXPS", 4+i, 0)
		s.op("VBROADCASTSS X%d, %s", 4+i, most(i))
		s.zero(8 + i)
	})
	round, top := "VROUNDPS", len(exponential)-1
	if u == avx512 {
		round = "VRNDSCALEPS"
	}
	loop("exponentials", func() {
		each(func(i int, row string) {
			s.op("VMOVUPS %[1]s, %[2]s\nVSUBPS %[3]s, %[2]s, %[2]s\nVMAXPS %[4]s, %[2]s, %[2]s", row, x(i), most(i), k("floor"))
		})
		power, e := func(i int) string { return u.v(12 + i%2) }, func(i int) string { return u.v(14) }
		if u == avx512 {
			power, e = func(i int) string { return u.v(16 + i) }, func(i int) string { return u.v([...]int{12, 13, 14, 20}[i]) }
		}
		steps := []func(i int, row string){
			func(i int, row string) {
				s.op("VMULPS %[1]s, %[2]s, %[3]s\n%[4]s $0, %[3]s, %[3]s", k("log2e"), x(i), power(i), round)
			},
			func(i int, row string) { s.op("VFNMADD231PS %s, %s, %s", k("ln2High"), power(i), x(i)) },
			func(i int, row string) { s.op("VFNMADD231PS %s, %s, %s", k("ln2Low"), power(i), x(i)) },
			func(i int, row string) { s.op("VMOVUPS %s, %s", k(fmt.Sprintf("exponential%d", top)), e(i)) },
		}
		for p := top - 1; p >= 0; p-- {
			steps = append(steps, func(i int, row string) {
				s.op("VFMADD213PS %s, %s, %s", k(fmt.Sprintf("exponential%d", p)), x(i), e(i))
			})
		}
		steps = append(steps, func(i int, row string) {
			s.op("VCVTPS2DQ %[1]s, %[1]s\nVPSLLD $23, %[1]s, %[1]s\nVPADDD %[1]s, %[2]s, %[2]s", power(i), e(i))
			s.op("VMOVUPS %[1]s, %[2]s\nVADDPS %[1]s, %[3]s, %[3]s", e(i), row, sum(i))
		})
		if u == avx512 {
			for _, step := range steps {
				each(step)
			}
		} else { // too few registers for four side by side
			each(func(i int, row string) {
				for _, step := range steps {
					step(i, row)
				}
			})
		}
	})
	each(func(i int, row string) {
		s.fold(u, "VADDPS", 8+i, 0)
		s.op("VDIVSS X%d, X15, X0\nVMOVSS X0, %d(DI)", 8+i, 4*i)
	})
	s.op("ADDQ $%d, DI\nLEAQ (SI)(CX*%d), SI", 4*n, n)
}

// multiply has tiles of a unit's rows by two vectors, or by one where that is a block.
func (s *source) multiply(u unit) {
	s.function("multiply"+u.suffix, 8, fmt.Sprintf("func multiply%s(t *floatTile): 1 to %d rows, columns a multiple of 16.", u.suffix, u.rows))
	s.op("MOVQ t+0(FP), DI\nMOVQ floatTile_a(DI), AX\nMOVQ floatTile_aBytes(DI), R8\nMOVQ floatTile_b(DI), SI\nMOVQ floatTile_bBytes(DI), R11")
	s.op("MOVQ floatTile_c(DI), DX\nMOVQ floatTile_columns(DI), R12\nMOVQ floatTile_count(DI), R10")
	for rows := 1; rows < u.rows; rows++ {
		s.op("CMPQ R10, $%d\nJEQ rows%d", rows, rows)
	}
	s.op("JMP rows%d", u.rows)
	for rows := 1; rows <= u.rows; rows++ {
		s.label("rows%d", rows)
		if u == avx512 {
			s.op("CMPQ R12, $32\nJLT single%d", rows)
		}
		s.multiplyTile(u, rows, 2)
		s.op("ADDQ $%d, DX\nADDQ $%d, SI\nSUBQ $%d, R12\nJNZ rows%d\nVZEROUPPER\nRET", 2*u.width, 2*u.width, u.width/2, rows)
		if u == avx512 {
			s.label("single%d", rows)
			s.multiplyTile(u, rows, 1)
			s.op("VZEROUPPER\nRET")
		}
	}
}

func (s *source) multiplyTile(u unit, rows, vectors int) {
	acc := func(i, j int) string { return u.v(i*vectors + j) }
	b := u.rows * 2
	s.op("MOVQ floatTile_a(DI), AX\nMOVQ SI, R13\nMOVQ floatTile_inner(DI), R10")
	s.rowPointers(rows)
	for i := range rows {
		for j := range vectors {
			s.op("VXORPS %[1]s, %[1]s, %[1]s", "X"+acc(i, j)[1:])
		}
	}
	s.label("inner%dx%d", rows, vectors)
	for j := range vectors {
		s.op("VMOVUPS %d(R13), %s", u.width*j, u.v(b+j))
	}
	for i := range rows {
		a := u.v(b + 2 + i%(u.registers-b-2))
		s.op("VBROADCASTSS %s, %s", operand(i, 0), a)
		for j := range vectors {
			s.op("VFMADD231PS %s, %s, %s", a, u.v(b+j), acc(i, j))
		}
	}
	s.advance(rows, 4)
	s.op("ADDQ R11, R13\nDECQ R10\nJNZ inner%dx%d", rows, vectors)
	s.op("MOVQ floatTile_scale(DI), R10\nMOVQ floatTile_cBytes(DI), R9\nMOVQ DX, R13")
	for i := range rows {
		s.op("VBROADCASTSS %d(R10), %s", 4*i, u.v(b))
		for j := range vectors {
			s.op("VMULPS %[1]s, %[2]s, %[2]s\nVMOVUPS %[2]s, %[3]d(R13)", u.v(b), acc(i, j), u.width*j)
		}
		s.op("ADDQ R9, R13")
	}
}

// transpose turns squares of eight.
func transpose(s *source) {
	s.function("transposeAVX2", 48, `func transposeAVX2(dst *float32, dstStride int, src *float32, srcStride, rows, columns int)
Strides are in bytes; rows and columns are multiples of eight.`)
	s.op("MOVQ dst+0(FP), DI\nMOVQ dstStride+8(FP), R8\nMOVQ src+16(FP), SI\nMOVQ srcStride+24(FP), R9\nMOVQ rows+32(FP), R10")
	s.op("LEAQ (R8)(R8*2), R11\nLEAQ (R9)(R9*2), R12")
	s.label("rows")
	s.op("MOVQ columns+40(FP), CX\nMOVQ SI, AX\nMOVQ DI, DX")
	s.label("columns")
	s.op("LEAQ (AX)(R9*4), BX\nLEAQ (DX)(R8*4), R13")
	address := func(i int, low, high, one, three string) string {
		p := low
		if i >= 4 {
			p = high
		}
		return "(" + p + ")" + [...]string{"", "(" + one + "*1)", "(" + one + "*2)", "(" + three + "*1)"}[i%4]
	}
	for i := range 8 {
		s.op("VMOVUPS %s, Y%d", address(i, "AX", "BX", "R9", "R12"), i)
	}
	for i := 0; i < 8; i += 2 { // pairs: Y8… low, high
		s.op("VUNPCKLPS Y%d, Y%d, Y%d\nVUNPCKHPS Y%d, Y%d, Y%d", i+1, i, 8+i, i+1, i, 9+i)
	}
	for i := 0; i < 8; i += 4 { // fours
		for j := range 2 {
			s.op("VSHUFPS $0x44, Y%d, Y%d, Y%d\nVSHUFPS $0xEE, Y%d, Y%d, Y%d", 10+i+j, 8+i+j, i+2*j, 10+i+j, 8+i+j, i+2*j+1)
		}
	}
	for i := range 4 {
		s.op("VPERM2F128 $0x20, Y%d, Y%d, Y8\nVMOVUPS Y8, %s", i+4, i, address(i, "DX", "R13", "R8", "R11"))
		s.op("VPERM2F128 $0x31, Y%d, Y%d, Y8\nVMOVUPS Y8, %s", i+4, i, address(i+4, "DX", "R13", "R8", "R11"))
	}
	s.op("ADDQ $32, AX\nLEAQ (DX)(R8*8), DX\nSUBQ $8, CX\nJNZ columns")
	s.op("LEAQ (SI)(R9*8), SI\nADDQ $32, DI\nSUBQ $8, R10\nJNZ rows\nVZEROUPPER\nRET")
}
