package main

import "fmt"

// productAVX512 has a tile of up to 12 rows by 1 or 2 blocks: 24 accumulators, two of weights, six of activations.
func productAVX512(s *source) {
	u := avx512
	s.frame("productAVX512", 8*len(places), 8, "func productAVX512(t *tile): 1 or 2 blocks.")
	s.op("MOVQ t+0(FP), DI")
	for i, p := range places {
		s.op("MOVQ tile_%s(DI), AX\nMOVQ AX, %s", p, place(i))
	}
	s.label("more")
	s.op("CMPQ tile_blocks(DI), $2\nJEQ two")
	for vectors := 1; vectors <= 2; vectors++ {
		if vectors == 2 {
			s.label("two")
		}
		s.op("MOVQ %s, R12", place(0))
		for rows := 1; rows < u.rows; rows++ {
			s.op("CMPQ R12, $%d\nJEQ rows%dx%d", rows, rows, vectors)
		}
		s.op("JMP rows%dx%d", u.rows, vectors)
	}
	for vectors := 1; vectors <= 2; vectors++ {
		for rows := 1; rows <= u.rows; rows++ {
			s.tileAVX512(rows, vectors)
		}
	}

	s.label("next")
	s.op("SUBQ $%d, %s\nJEQ done", u.rows, place(0))
	s.op("MOVQ tile_rowBytes(DI), AX\nIMULQ $%d, AX\nADDQ AX, %s", u.rows, place(1))
	for i := 2; i <= 4; i++ {
		s.op("ADDQ $%d, %s", 4*u.rows, place(i))
	}
	s.op("MOVQ tile_dstBytes(DI), AX\nIMULQ $%d, AX\nADDQ AX, %s", u.rows, place(5))
	s.op("MOVQ tile_steps(DI), AX\nSHLQ $8, AX\nADDQ AX, %s", place(6))
	s.op("JMP more")
	s.label("done")
	s.op("VZEROUPPER\nRET")
}

// places are the fields of a tile that go on from twelve rows to the next: how many are left, and pointers.
var places = []string{"count", "rows", "rowScale", "centre", "correction", "dst", "ahead"}

func place(i int) string { return fmt.Sprintf("%s-%d(SP)", places[i], 8*(i+1)) }

func (s *source) tileAVX512(rows, vectors int) {
	acc := func(i, j int) string { return fmt.Sprintf("Z%d", i*vectors+j) }
	s.label("rows%dx%d", rows, vectors)
	s.op("MOVQ %s, AX\nMOVQ tile_rowBytes(DI), R8\nMOVQ tile_weights(DI), SI\nMOVQ tile_steps(DI), R10\nMOVQ %s, R11", place(1), place(6))
	s.rowPointers(rows)
	s.op("CMPQ tile_resume(DI), $0\nJEQ fresh%dx%d\nMOVQ %s, DX\nMOVQ tile_dstBytes(DI), R13\nVMOVQ tile_shift(DI), X31", rows, vectors, place(5))
	for i := range rows {
		for j := range vectors {
			s.op("VMOVDQU32 %[1]d(DX), %[2]s\nVPSLLD X31, %[2]s, %[2]s", 64*j, acc(i, j))
		}
		s.op("ADDQ R13, DX")
	}
	s.op("JMP start%dx%d", rows, vectors)
	s.label("fresh%dx%d", rows, vectors)
	for i := range rows * vectors {
		s.op("VPXORD Z%[1]d, Z%[1]d, Z%[1]d", i)
	}
	s.label("start%dx%d", rows, vectors)
	if vectors == 2 {
		s.op("MOVQ tile_blockBytes(DI), DX\nADDQ SI, DX")
	}
	s.label("loop%dx%d", rows, vectors)
	const unroll = 4
	for k := range unroll {
		s.op("VMOVDQU32 %d(SI), Z24", 64*k)
		if vectors == 2 {
			s.op("VMOVDQU32 %d(DX), Z25", 64*k)
		}
		s.op("PREFETCHT1 %d(R11)", 64*k)
		for i := range rows {
			a := fmt.Sprintf("Z%d", 26+i%6)
			s.op("VPBROADCASTD %s, %s", operand(i, 4*k), a)
			for j := range vectors {
				s.op("VPDPBUSD %s, Z%d, %s", a, 24+j, acc(i, j))
			}
		}
	}
	s.advance(rows, 4*unroll)
	s.op("ADDQ $%d, SI\nADDQ $%d, R11", 64*unroll, 64*unroll)
	if vectors == 2 {
		s.op("ADDQ $%d, DX", 64*unroll)
	}
	s.op("DECQ R10\nJNZ loop%dx%d", rows, vectors)

	s.op("MOVQ %s, DX\nMOVQ tile_dstBytes(DI), R13\nCMPQ tile_partial(DI), $0\nJEQ whole%dx%d", place(5), rows, vectors)
	end := "VZEROUPPER\nRET"
	if rows == avx512.rows {
		end = "JMP next"
	}
	for i := range rows {
		for j := range vectors {
			s.op("VMOVDQU32 %s, %d(DX)", acc(i, j), 64*j)
		}
		s.op("ADDQ R13, DX")
	}
	s.op("%s", end)
	s.label("whole%dx%d", rows, vectors)
	s.op("MOVQ %s, R8\nMOVQ %s, R9\nMOVQ %s, CX\nMOVQ tile_scale(DI), R10\nMOVQ tile_sum(DI), R11\nMOVQ tile_bias(DI), R12", place(2), place(3), place(4))
	for j := range vectors {
		s.op("VMOVUPS %[1]d(R10), Z%[2]d\nVMOVUPS %[1]d(R11), Z%[3]d\nVMOVUPS %[1]d(R12), Z%[4]d", 64*j, 24+j, 26+j, 28+j)
	}
	for i := range rows {
		for j := range vectors {
			s.op("VPADDD.BCST %[2]d(CX), %[1]s, %[1]s\nVCVTDQ2PS %[1]s, %[1]s\nVMULPS.BCST %[2]d(R8), %[1]s, %[1]s", acc(i, j), 4*i)
			s.op("VMOVAPS Z%d, Z%d\nVFMADD231PS.BCST %d(R9), Z%d, Z%d", 28+j, 30+j, 4*i, 26+j, 30+j)
			s.op("VFMADD213PS Z%d, Z%d, %s\nVMOVUPS %s, %d(DX)", 30+j, 24+j, acc(i, j), acc(i, j), 64*j)
		}
		s.op("ADDQ R13, DX")
	}
	s.op("%s", end)
}

// operands loads what the loop over inputs needs: rows, weights in SI, and in R10 how often four steps are made.
func (s *source) operands(rows int) {
	s.op("MOVQ tile_rows(DI), AX\nMOVQ tile_rowBytes(DI), R8\nMOVQ tile_weights(DI), SI\nMOVQ tile_steps(DI), R10")
	s.rowPointers(rows)
}

// outputs loads what the end needs: in DX the destination, R13 its rows' bytes, R8 and R9 the rows' scales and centres,
// R10, R11 and R12 the outputs' scales, sums and biases.
func (s *source) outputs() {
	for _, p := range [][2]string{{"dst", "DX"}, {"dstBytes", "R13"}, {"rowScale", "R8"}, {"centre", "R9"},
		{"scale", "R10"}, {"sum", "R11"}, {"bias", "R12"}} {
		s.op("MOVQ tile_%s(DI), %s", p[0], p[1])
	}
}

// productAVX2 widens weights to 16 bits and multiplies them with activations stored so. A tile is up to 6 rows by eight
// outputs, whose sums lie as pairs in two registers; the halves of the block come one after the other.
func productAVX2(s *source) {
	s.function("productAVX2", 8, "func productAVX2(t *tile): 1 to 6 rows of 16-bit activations, 1 block.")
	s.dispatch(avx2.rows)
	for rows := 1; rows <= avx2.rows; rows++ {
		s.label("rows%d", rows)
		for half := range 2 {
			s.operands(rows)
			if half == 1 {
				s.op("ADDQ $32, SI")
			}
			for i := range 2 * rows {
				s.op("VPXOR Y%[1]d, Y%[1]d, Y%[1]d", i)
			}
			s.label("loop%d_%d", rows, half)
			const unroll = 4
			for k := range unroll {
				s.op("VPMOVZXBW %d(SI), Y12\nVPMOVZXBW %d(SI), Y13", 64*k, 64*k+16)
				for i := range rows {
					s.op("VPBROADCASTQ %s, Y14", operand(i, 8*k))
					s.op("VPMADDWD Y14, Y12, Y15\nVPMADDWD Y14, Y13, Y14")
					s.op("VPADDD Y15, Y%[1]d, Y%[1]d\nVPADDD Y14, Y%[2]d, Y%[2]d", 2*i, 2*i+1)
				}
			}
			s.advance(rows, 8*unroll)
			s.op("ADDQ $%d, SI\nDECQ R10\nJNZ loop%d_%d", 64*unroll, rows, half)

			s.outputs()
			s.op("MOVQ tile_correction(DI), CX")
			s.op("VMOVUPS %[1]d(R10), Y12\nVMOVUPS %[1]d(R11), Y13", 32*half)
			for i := range rows {
				s.op("VPHADDD Y%[2]d, Y%[1]d, Y%[1]d\nVPERMQ $0xD8, Y%[1]d, Y%[1]d", 2*i, 2*i+1)
				s.op("VPBROADCASTD %[2]d(CX), Y14\nVPADDD Y14, Y%[1]d, Y%[1]d", 2*i, 4*i)
				s.finish(2*i, i, 32*half, "Y12", "Y13")
				s.op("ADDQ R13, DX")
			}
		}
		s.op("VZEROUPPER\nRET")
	}
}

// finish makes the integers in Y acc outputs of row i, displacement bytes into the block, with scales and sums in
// registers, and stores them. Y14 and Y15 are spoiled.
func (s *source) finish(acc, i, displacement int, scale, sum string) {
	s.op("VCVTDQ2PS Y%[1]d, Y%[1]d\nVBROADCASTSS %[2]d(R8), Y14\nVMULPS Y14, Y%[1]d, Y%[1]d", acc, 4*i)
	s.op("VBROADCASTSS %d(R9), Y14\nVMOVUPS %d(R12), Y15\nVFMADD231PS %s, Y14, Y15", 4*i, displacement, sum)
	s.op("VFMADD213PS Y15, %s, Y%d\nVMOVUPS Y%d, %d(DX)", scale, acc, acc, displacement)
}

func (s *source) dispatch(most int) {
	s.op("MOVQ t+0(FP), DI\nMOVQ tile_count(DI), R12")
	for rows := 1; rows < most; rows++ {
		s.op("CMPQ R12, $%d\nJEQ rows%d", rows, rows)
	}
	s.op("JMP rows%d", most)
}

func productVEX(s *source) {
	s.product256("productVEX", "func productVEX(t *tile): 1 to 6 rows, 1 block, AVX-VNNI.", vexDot)
}

// productEVEX is productVEX in the encoding that processors with AVX-512 run, so that they can test it.
func productEVEX(s *source) {
	s.product256("productEVEX", "func productEVEX(t *tile): productVEX for AVX512_VNNI and VL.", func(a, w, acc int) string {
		return fmt.Sprintf("VPDPBUSD Y%d, Y%d, Y%d", a, w, acc)
	})
}

// lowBits is how many bits of a fine row's values are in its low part.
const lowBits = 4

// product256 has a tile of up to 6 rows by a block in two registers.
func (s *source) product256(name, comment string, dot func(a, w, acc int) string) {
	s.function(name, 8, comment)
	s.dispatch(avx2.rows)
	for rows := 1; rows <= avx2.rows; rows++ {
		s.label("rows%d", rows)
		s.op("MOVQ tile_low(DI), R12")
		s.operands(rows)
		for i := range 2 * rows {
			s.op("VPXOR Y%[1]d, Y%[1]d, Y%[1]d", i)
		}
		s.label("loop%d", rows)
		const unroll = 4
		for k := range unroll {
			s.op("VMOVDQU %d(SI), Y12\nVMOVDQU %d(SI), Y13", 64*k, 64*k+32)
			for i := range rows {
				a := 14 + i%2
				s.op("VPBROADCASTD %s, Y%d", operand(i, 4*k), a)
				s.op("%s\n%s", dot(a, 12, 2*i), dot(a, 13, 2*i+1))
			}
		}
		s.advance(rows, 4*unroll)
		s.op("ADDQ $%d, SI\nDECQ R10\nJNZ loop%d\nTESTQ R12, R12\nJEQ whole%d", 64*unroll, rows, rows)
		// The low parts of fine rows follow, with the same weights.
		for i := range 2 * rows {
			s.op("VPSLLD $%[2]d, Y%[1]d, Y%[1]d", i, lowBits)
		}
		s.operands(rows)
		s.op("MOVQ R12, AX\nXORQ R12, R12")
		s.rowPointers(rows)
		s.op("JMP loop%d", rows)
		s.label("whole%d", rows)
		s.outputs()
		s.op("MOVQ tile_correction(DI), CX")
		for i := range rows {
			for j := range 2 {
				s.op("VPBROADCASTD %[2]d(CX), Y14\nVPADDD Y14, Y%[1]d, Y%[1]d", 2*i+j, 4*i)
				s.op("VMOVUPS %[1]d(R10), Y12\nVMOVUPS %[1]d(R11), Y13", 32*j)
				s.finish(2*i+j, i, 32*j, "Y12", "Y13")
			}
			s.op("ADDQ R13, DX")
		}
		s.op("VZEROUPPER\nRET")
	}
}

// vexDot is VPDPBUSD with 256-bit registers, VEX.256.66.0F38.W0 50 /r (Intel SDM volume 2): the assembler knows only the
// EVEX encoding. a is the signed operand, w the unsigned one.
func vexDot(a, w, acc int) string {
	second := 0xE2 &^ (acc >> 3 << 7) &^ (a >> 3 << 5) // the registers' high bits, inverted, and the map 0F38
	third := 0x05 | (^w&15)<<3
	modrm := 0xC0 | acc&7<<3 | a&7
	return fmt.Sprintf("BYTE $0xC4; BYTE $0x%02X; BYTE $0x%02X; BYTE $0x50; BYTE $0x%02X // vpdpbusd ymm%d, ymm%d, ymm%d",
		second, third, modrm, acc, w, a)
}
