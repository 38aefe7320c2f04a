package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestWritten expects the assembly beside to be what this generator writes.
func TestWritten(t *testing.T) {
	for name, want := range files() {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is old: run go generate ./internal/judge/kernel", name)
		}
	}
}

// TestVEX compares encodings with those of an assembler that knows them (llvm-mc -mattr=+avxvnni).
func TestVEX(t *testing.T) {
	for _, c := range []struct {
		a, w, acc int
		want      string
	}{
		{14, 12, 0, "BYTE $0xC4; BYTE $0xC2; BYTE $0x1D; BYTE $0x50; BYTE $0xC6 // vpdpbusd ymm0, ymm12, ymm14"},
		{15, 13, 11, "BYTE $0xC4; BYTE $0x42; BYTE $0x15; BYTE $0x50; BYTE $0xDF // vpdpbusd ymm11, ymm13, ymm15"},
		{1, 2, 3, "BYTE $0xC4; BYTE $0xE2; BYTE $0x6D; BYTE $0x50; BYTE $0xD9 // vpdpbusd ymm3, ymm2, ymm1"},
	} {
		if got := vexDot(c.a, c.w, c.acc); got != c.want {
			t.Errorf("vexDot(%d, %d, %d) = %s, not %s", c.a, c.w, c.acc, got, c.want)
		}
	}
}
