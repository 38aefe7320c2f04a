package net

import "math"

// Whole is the right side of a matrix product in whole numbers: the weights of each
// column are multiples of a scale, and so are the rows they are multiplied with.
// Sums are exact, so that every processor gets the same. It is about twice as fast as
// Packed and keeps eleven bits.
type Whole struct {
	Rows, Cols int
	panels     []int16 // 16 columns after the other: for each two rows, two numbers a column
	scales     []float32
	most       float32
}

// Rows are rows made of whole numbers, for products with matrices of one height.
type Rows struct {
	n, width int
	cells    []int16
	scales   []float32
}

// most is the largest number whose square, width times over, fits into 31 bits.
func most(width int) float32 {
	return float32(min(32767, math.Floor(math.Sqrt(math.MaxInt32/float64(width)))))
}

// ToWhole lays out a row-major matrix. rows and cols are multiples of 16.
func ToWhole(w []float32, rows, cols int) *Whole {
	if rows%16 != 0 || cols%16 != 0 {
		panic("net: a side is not a multiple of 16")
	}
	p := &Whole{Rows: rows, Cols: cols, panels: make([]int16, rows*cols), scales: make([]float32, cols), most: most(rows)}
	for i := range rows {
		for j, x := range w[i*cols : (i+1)*cols] {
			p.scales[j] = max(p.scales[j], x, -x)
		}
	}
	by := make([]float32, cols)
	for j, largest := range p.scales {
		if p.scales[j] = largest / p.most; largest == 0 {
			p.scales[j] = 1
		}
		by[j] = 1 / p.scales[j]
	}
	for i := range rows {
		for j, x := range w[i*cols : (i+1)*cols] {
			q := min(p.most, max(-p.most, x*by[j]))
			p.panels[j/16*16*rows+i/2*32+j%16*2+i%2] = int16(math.RoundToEven(float64(q)))
		}
	}
	return p
}

// Set takes n rows of width numbers, which is a multiple of 16.
func (r *Rows) Set(n, width int, x []float32) {
	r.n, r.width = n, width
	if cap(r.cells) < n*width {
		r.cells = make([]int16, n*width+n*width/4)
	}
	if cap(r.scales) < n {
		r.scales = make([]float32, n+n/4)
	}
	r.cells, r.scales = r.cells[:n*width], r.scales[:n]
	largest := most(width)
	for i := range n {
		r.scales[i] = quantise(x[i*width:(i+1)*width], largest, r.cells[i*width:(i+1)*width])
	}
}

// Mul sets each row of c to bias (or zero, if bias is nil) and adds the product.
func (p *Whole) Mul(r *Rows, bias, c []float32) {
	if r.width != p.Rows {
		panic("net: rows of another width")
	}
	if bias == nil {
		clear(c[:r.n*p.Cols])
	} else {
		for i := range r.n {
			copy(c[i*p.Cols:(i+1)*p.Cols], bias)
		}
	}
	for j := 0; j < p.Cols; j += 16 {
		tiles(r, p.panels[j*p.Rows:(j+16)*p.Rows], p.scales[j:j+16], c[j:], p.Cols)
	}
}

// tilesGo is tiles without assembly.
func tilesGo(r *Rows, b []int16, cols, c []float32, ldc int) {
	for i := range r.n {
		a := r.cells[i*r.width : (i+1)*r.width]
		for j := range 16 {
			var sum int32
			for k := 0; k < r.width; k += 2 {
				sum += int32(a[k])*int32(b[k*16+2*j]) + int32(a[k+1])*int32(b[k*16+2*j+1])
			}
			c[i*ldc+j] += float32(sum) * r.scales[i] * cols[j]
		}
	}
}

// quantiseGo is quantise without assembly.
func quantiseGo(x []float32, most float32, to []int16) float32 {
	var largest float32
	for _, v := range x {
		largest = max(largest, v, -v)
	}
	scale := largest / most
	if scale == 0 {
		scale = 1
	}
	by := 1 / scale
	for i, v := range x {
		to[i] = int16(math.RoundToEven(float64(v * by)))
	}
	return scale
}
