package main

// productNEON has a tile of up to 4 rows by a block: sixteen accumulators, four registers of weights, and one of sixteen
// inputs of each row. SDOT takes both as signed, so the weights' offset is taken off. The assembler knows neither SDOT nor
// the vectors' SCVTF and FMUL: they are encoded here (Arm ARM, C7.2).
func productNEON(s *source) {
	const most = 4
	sdot := func(acc, w, a, index int) {
		s.op("WORD $0x%08X // sdot v%d.4s, v%d.16b, v%d.4b[%d]",
			0x4F80E000|index>>1<<11|index&1<<21|a<<16|w<<5|acc, acc, w, a, index)
	}
	s.function("productNEON", 8, "func productNEON(t *tile): 1 to 4 rows, 1 block.")
	s.op("MOVD t+0(FP), R0\nMOVD tile_count(R0), R12\nMOVD tile_rows(R0), R1\nMOVD tile_rowBytes(R0), R8\nMOVD tile_weights(R0), R5\nMOVD tile_steps(R0), R6\nMOVD tile_low(R0), R9")
	s.op("ADD R8, R1, R2\nADD R8, R2, R3\nADD R8, R3, R4\nVMOVI $0x80, V24.B16")
	for rows := 1; rows < most; rows++ {
		s.op("CMP $%d, R12\nBEQ rows%d", rows, rows)
	}
	s.op("B rows%d", most)
	for rows := 1; rows <= most; rows++ {
		s.label("rows%d", rows)
		for i := range 4 * rows {
			s.op("VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16", i)
		}
		s.label("loop%d", rows)
		for i := range rows {
			s.op("VLD1.P 16(R%d), [V%d.B16]", 1+i, 20+i)
		}
		for k := range 4 {
			s.op("VLD1.P 64(R5), [V16.B16, V17.B16, V18.B16, V19.B16]")
			for j := range 4 {
				s.op("VEOR V24.B16, V%[1]d.B16, V%[1]d.B16", 16+j)
			}
			for i := range rows {
				for j := range 4 {
					sdot(4*i+j, 16+j, 20+i, k)
				}
			}
		}
		s.op("SUBS $1, R6\nBNE loop%d\nCBZ R9, whole%d", rows, rows)
		for i := range 4 * rows {
			s.op("VSHL $%[2]d, V%[1]d.S4, V%[1]d.S4", i, lowBits)
		}
		s.op("MOVD R9, R1\nMOVD $0, R9\nMOVD tile_weights(R0), R5\nMOVD tile_steps(R0), R6\nADD R8, R1, R2\nADD R8, R2, R3\nADD R8, R3, R4\nB loop%d", rows)
		s.label("whole%d", rows)
		s.op("MOVD tile_dst(R0), R7\nMOVD tile_dstBytes(R0), R8\nMOVD tile_rowScale(R0), R1\nMOVD tile_centre(R0), R2")
		for _, p := range []struct {
			name  string
			first int
		}{{"scale", 16}, {"sum", 20}} {
			s.op("MOVD tile_%s(R0), R3\nVLD1 (R3), [V%d.S4, V%d.S4, V%d.S4, V%d.S4]", p.name, p.first, p.first+1, p.first+2, p.first+3)
		}
		s.op("MOVD tile_bias(R0), R3\nVLD1 (R3), [V26.S4, V27.S4, V28.S4, V29.S4]")
		for i := range rows {
			s.op("VLD1R.P 4(R1), [V25.S4]\nVLD1R.P 4(R2), [V30.S4]\nMOVD R7, R3")
			for j := range 4 {
				acc := 4*i + j
				s.op("WORD $0x%08X // scvtf v%d.4s, v%d.4s", 0x4E21D800|acc<<5|acc, acc, acc)
				s.op("WORD $0x%08X // fmul v%d.4s, v%d.4s, v25.4s", 0x6E20DC00|25<<16|acc<<5|acc, acc, acc)
				s.op("VMOV V%d.B16, V31.B16\nVFMLA V30.S4, V%d.S4, V31.S4\nVFMLA V%d.S4, V%d.S4, V31.S4", 26+j, 20+j, 16+j, acc)
				s.op("VST1.P [V31.S4], 16(R3)")
			}
			s.op("ADD R8, R7, R7")
		}
		s.op("RET")
	}
}
