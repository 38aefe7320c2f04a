package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

func vectorKernels() []*Kernel {
	if !cpu.ARM64.HasASIMDDP {
		return nil
	}
	f := plainFloats
	f.quantise, f.quantiseFine = quantiseGo, quantiseFineGo
	return []*Kernel{{name: "neon", product: tiles(productNEON, 4), floats: f}}
}

func quantiseGo(dst *int8, x []float32, centre, inverse float32) (sum int32) {
	to := unsafe.Slice(dst, len(x))
	for i, v := range x {
		q := rounded((v-centre)*inverse, 127)
		to[i] = int8(q)
		sum += int32(q)
	}
	return sum
}

func quantiseFineGo(dst, low *int8, x []float32, centre, inverse float32) (sum int32) {
	high, rest := unsafe.Slice(dst, len(x)), unsafe.Slice(low, len(x))
	for i, v := range x {
		q := rounded((v-centre)*inverse, 2047)
		high[i], rest[i] = int8(q>>lowBits), int8(q&(1<<lowBits-1))
		sum += int32(q)
	}
	return sum
}

//go:noescape
func productNEON(t *tile)
