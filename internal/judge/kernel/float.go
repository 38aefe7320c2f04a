package kernel

import (
	"fmt"
	"math"
	"unsafe"
)

// GELU replaces each x by x·Φ(x), Φ the normal distribution, within 2e-6, and gives Bounds of the results.
func (k *Kernel) GELU(x []float32) (low, high float32) {
	if len(x)%Block != 0 || len(x) == 0 {
		return gelu(x)
	}
	return k.gelu(x)
}

// Bounds gives the least and the greatest of x's values and zero: what Set asks for.
func (k *Kernel) Bounds(x []float32) (low, high float32) {
	if len(x)%Block != 0 || len(x) == 0 {
		return bounds(x)
	}
	return k.bounds(x)
}

// AddNorm replaces x by the layer normalisation of x + residual, times gain, plus bias, and gives Bounds of the results.
// All have one length.
func (k *Kernel) AddNorm(x, residual, gain, bias []float32, epsilon float32) (low, high float32) {
	if len(residual) != len(x) || len(gain) != len(x) || len(bias) != len(x) {
		panic(fmt.Sprintf("kernel: norm of %d with residual %d, gain %d, bias %d", len(x), len(residual), len(gain), len(bias)))
	}
	if len(x)%Block != 0 || len(x) == 0 {
		return norm(x, residual, gain, bias, epsilon)
	}
	return k.norm(&x[0], &residual[0], &gain[0], &bias[0], len(x), epsilon)
}

// Softmax replaces each row of x, len(x)/len(inverse) values, by exp(x − the row's largest), and gives one over each
// row's sum in inverse: the softmax is their product. −Inf gives what is as good as zero.
func (k *Kernel) Softmax(x, inverse []float32) {
	if len(inverse) == 0 || len(x)%len(inverse) != 0 {
		panic(fmt.Sprintf("kernel: softmax of %d values in %d rows", len(x), len(inverse)))
	}
	if len(x)/len(inverse)%Block != 0 {
		softmax(x, inverse)
		return
	}
	k.softmax(x, inverse)
}

// Transpose writes src, rows × columns, as dst, columns × rows; strides count values.
func (k *Kernel) Transpose(dst []float32, dstStride int, src []float32, srcStride, rows, columns int) {
	if rows == 0 || columns == 0 {
		return
	}
	_, _ = dst[(columns-1)*dstStride+rows-1], src[(rows-1)*srcStride+columns-1]
	k.transpose(dst, dstStride, src, srcStride, rows, columns)
}

// Product is C = scale · A × B in float32: C[i][j] = Scale[i] · Σ A[i][k]·B[k][j], with Rows rows in A and C, Inner columns
// in A, and Columns in B and C. Strides count values.
type Product struct {
	C, A, B                   []float32
	StrideC, StrideA, StrideB int
	Rows, Inner, Columns      int
	Scale                     []float32
}

// Multiply does a product.
func (k *Kernel) Multiply(p Product) {
	if p.Rows == 0 || p.Columns == 0 {
		return
	}
	if p.Inner <= 0 {
		panic("kernel: product over nothing")
	}
	_, _, _, _ = p.C[(p.Rows-1)*p.StrideC+p.Columns-1], p.A[(p.Rows-1)*p.StrideA+p.Inner-1], p.B[(p.Inner-1)*p.StrideB+p.Columns-1], p.Scale[p.Rows-1]
	if p.Columns%Block != 0 {
		multiply(p)
		return
	}
	k.multiply(p)
}

// plainFloats are the routines in Go: what the vector routines are measured by, and all that other machines have.
var plainFloats = floats{
	gelu: gelu, bounds: bounds, norm: normGo, quantiseWide: quantiseWide, softmax: softmax, transpose: transpose, multiply: multiply,
}

func gelu(x []float32) (low, high float32) {
	for i, v := range x {
		v *= 0.5 * float32(1+math.Erf(float64(v)/math.Sqrt2))
		x[i] = v
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func bounds(x []float32) (low, high float32) {
	for _, v := range x {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

func normGo(x, residual, gain, bias *float32, n int, epsilon float32) (low, high float32) {
	return norm(unsafe.Slice(x, n), unsafe.Slice(residual, n), unsafe.Slice(gain, n), unsafe.Slice(bias, n), epsilon)
}

func norm(x, residual, gain, bias []float32, epsilon float32) (low, high float32) {
	var sum float64
	for i := range x {
		x[i] += residual[i]
		sum += float64(x[i])
	}
	mean := float32(sum / float64(len(x)))
	var squares float64
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	inverse := float32(1 / math.Sqrt(squares/float64(len(x))+float64(epsilon)))
	for i, v := range x {
		v = (v-mean)*inverse*gain[i] + bias[i]
		x[i] = v
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// quantiseWide is the only quantiser of plain Go, whose kernel keeps activations wide.
func quantiseWide(dst *int16, x []float32, centre, inverse float32) (sum int32) {
	to := unsafe.Slice(dst, len(x))
	for i, v := range x {
		q := rounded((v-centre)*inverse, math.MaxInt16)
		to[i] = int16(q)
		sum += int32(q)
	}
	return sum
}

func softmax(x, inverse []float32) {
	width := len(x) / len(inverse)
	for i := range inverse {
		row := x[i*width : (i+1)*width]
		largest := float32(math.Inf(-1))
		for _, v := range row {
			largest = max(largest, v)
		}
		var sum float32
		for j, v := range row {
			row[j] = float32(math.Exp(float64(v - largest)))
			sum += row[j]
		}
		inverse[i] = 1 / sum
	}
}

func transpose(dst []float32, dstStride int, src []float32, srcStride, rows, columns int) {
	for i := range rows {
		for j, v := range src[i*srcStride:][:columns] {
			dst[j*dstStride+i] = v
		}
	}
}

func multiply(p Product) {
	for i := range p.Rows {
		c := p.C[i*p.StrideC:][:p.Columns]
		clear(c)
		for k, a := range p.A[i*p.StrideA:][:p.Inner] {
			b := p.B[k*p.StrideB:][:p.Columns]
			for j, v := range b {
				c[j] += a * v
			}
		}
		for j := range c {
			c[j] *= p.Scale[i]
		}
	}
}
