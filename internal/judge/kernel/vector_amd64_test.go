package kernel

import "golang.org/x/sys/cpu"

// twins run the code of avxvnni on processors that have AVX-512 instead: the same instructions, encoded otherwise.
func twins() []*Kernel {
	if !cpu.X86.HasAVX512VNNI || !cpu.X86.HasAVX512VL {
		return nil
	}
	k, err := Lookup("avx2")
	if err != nil {
		return nil
	}
	return []*Kernel{{name: "avxvnni as AVX-512", product: tiles(productEVEX, 6), floats: k.floats}}
}
