//go:build !amd64

package kernel

func twins() []*Kernel { return nil }
