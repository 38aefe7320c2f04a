// Package net is the arithmetic of the language engine: matrix products over
// packed weights, simple recurrent units, and the file format of the weights.
//
// On amd64 the products run on AVX-512 or AVX2, whichever the processor has;
// elsewhere in plain Go. Sums are taken in another order on each, so that the
// last bits of a score may differ between processors.
package net

// Panel is the number of columns of a packed panel. Widths of all matrices are
// multiples of it, so that the kernels need no ragged edge.
const Panel = 32

// RoundUp gives the next multiple of Panel.
func RoundUp(n int) int { return (n + Panel - 1) / Panel * Panel }

// Packed is the right side of a matrix product, laid out for the kernels: panels
// of 32 columns, each panel row after row.
type Packed struct {
	Rows, Cols int
	panels     []float32
}

// Pack lays out a row-major matrix. cols is a multiple of Panel.
func Pack(w []float32, rows, cols int) *Packed {
	p := &Packed{}
	p.Load(w, rows, cols)
	return p
}

// Load packs another matrix into p, reusing its memory.
func (p *Packed) Load(w []float32, rows, cols int) {
	p.reset(rows, cols)
	for j := 0; j < cols; j += Panel {
		out := p.panels[j*rows:]
		for i := range rows {
			copy(out[i*Panel:i*Panel+Panel], w[i*cols+j:i*cols+j+Panel])
		}
	}
}

// LoadTransposed packs the transposed matrix: w is rows by cols, p becomes cols by
// rows. rows is a multiple of Panel.
func (p *Packed) LoadTransposed(w []float32, rows, cols int) {
	p.reset(cols, rows)
	for i := range rows {
		out := p.panels[i/Panel*Panel*cols+i%Panel:]
		row := w[i*cols : i*cols+cols]
		for j, x := range row {
			out[j*Panel] = x
		}
	}
}

func (p *Packed) reset(rows, cols int) {
	if cols%Panel != 0 {
		panic("net: width is not a multiple of the panel")
	}
	p.Rows, p.Cols = rows, cols
	if n := rows * cols; cap(p.panels) < n {
		p.panels = make([]float32, n)
	} else {
		p.panels = p.panels[:n]
	}
}

// MulAdd adds a·w to c: a has rows rows of w.Rows numbers, c has rows rows of
// w.Cols numbers.
func (p *Packed) MulAdd(rows int, a, c []float32) {
	for j := 0; j < p.Cols; j += Panel {
		panel(rows, p.Rows, a, p.Rows, p.panels[j*p.Rows:(j+Panel)*p.Rows], c[j:], p.Cols)
	}
}

// Mul sets each row of c to bias (or zero, if bias is nil) and adds a·w.
func (p *Packed) Mul(rows int, a, bias, c []float32) {
	if bias == nil {
		clear(c[:rows*p.Cols])
	} else {
		for i := range rows {
			copy(c[i*p.Cols:(i+1)*p.Cols], bias)
		}
	}
	p.MulAdd(rows, a, c)
}

// panelGo is panel without assembly.
func panelGo(rows, k int, a []float32, lda int, b []float32, c []float32, ldc int) {
	for i := range rows {
		x := a[i*lda : i*lda+k]
		y := (*[Panel]float32)(c[i*ldc:])
		for l, v := range x {
			w := (*[Panel]float32)(b[l*Panel:])
			for j := range y {
				y[j] += v * w[j]
			}
		}
	}
}
