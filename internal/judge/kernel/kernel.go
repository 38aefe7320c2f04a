// Package kernel multiplies 8-bit weights with 8-bit activations, and does the float work between such products: the
// arithmetic of a transformer's forward pass, in the processor's own vector instructions where there are some.
//
// A Kernel is one set of routines. All kernels give the same integers to the bit; their floats differ by rounding only.
// Nothing here allocates but Rows that grow; everything is safe from many goroutines on different Rows and slices.
package kernel

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// Variable is the environment variable that forces a kernel by its name.
const Variable = "VOLTEFACE_KERNEL"

// Block is how many outputs of a Matrix lie together, and the multiple to which rows of floats and of activations are
// padded.
const Block = 16

// Pad gives the least multiple of Block that is not below n.
func Pad(n int) int { return (n + Block - 1) / Block * Block }

// Kernel is one way to do the arithmetic. Its methods are safe from many goroutines.
type Kernel struct {
	name string
	// wide: activations are stored as int16, for processors that do not multiply bytes without saturation.
	wide    bool
	product func(dst []float32, stride int, r *Rows, m *Matrix)
	floats
}

// floats are the routines of one kind of vector unit. Their slices have lengths that are multiples of Block.
type floats struct {
	gelu         func(x []float32) (low, high float32)
	bounds       func(x []float32) (low, high float32)
	norm         func(x, residual, gain, bias *float32, n int, epsilon float32) (low, high float32)
	quantise     func(dst *int8, x []float32, centre, inverse float32) (sum int32)
	quantiseFine func(dst, low *int8, x []float32, centre, inverse float32) (sum int32)
	quantiseWide func(dst *int16, x []float32, centre, inverse float32) (sum int32)
	softmax      func(x, inverse []float32)
	transpose    func(dst []float32, dstStride int, src []float32, srcStride, rows, columns int)
	multiply     func(p Product)
}

// Name is what Lookup and the environment variable call this kernel.
func (k *Kernel) Name() string { return k.name }

// Default is the kernel that VOLTEFACE_KERNEL names, or else the fastest this machine has. The error names those it has.
func Default() (*Kernel, error) { return chosen() }

var chosen = sync.OnceValues(func() (*Kernel, error) {
	name := os.Getenv(Variable)
	if name == "" {
		return kernels()[0], nil
	}
	k, err := Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Variable, err)
	}
	return k, nil
})

// Lookup gives the kernel of a name: generic, avx2, avxvnni, avx512vnni or neon. The error names those this machine has.
func Lookup(name string) (*Kernel, error) {
	for _, k := range kernels() {
		if k.name == name {
			return k, nil
		}
	}
	return nil, fmt.Errorf("this machine has no kernel %q, but %s", name, strings.Join(Available(), ", "))
}

// Available names the kernels this machine has, the fastest first; "generic" is always the last.
func Available() []string {
	var names []string
	for _, k := range kernels() {
		names = append(names, k.name)
	}
	return names
}

var kernels = sync.OnceValue(func() []*Kernel {
	return append(vectorKernels(), &Kernel{name: "generic", wide: true, product: productGo, floats: plainFloats})
})
