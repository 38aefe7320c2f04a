//go:build !amd64 && !arm64

package kernel

func vectorKernels() []*Kernel { return nil }
