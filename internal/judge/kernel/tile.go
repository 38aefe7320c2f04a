package kernel

import "unsafe"

// tile is one call of a vector routine: some rows by one or two blocks of outputs. Its fields are read by assembly.
type tile struct {
	dst        *float32
	dstBytes   int // from row to row, as rowBytes
	rows       unsafe.Pointer
	low        unsafe.Pointer // of fine rows in two parts, else nil
	rowBytes   int
	weights    *byte
	blockBytes int      // from block to block
	steps      int      // of sixteen inputs
	count      int      // rows
	blocks     int      // one or two, for routines that can do two
	rowScale   *float32 // one a row, as centre and correction
	centre     *float32
	correction *int32
	scale      *float32 // one an output, as sum
	sum        *float32
	bias       *float32

	// For productAVX512 only, which takes the inputs part by part: whether dst has sums of what came before, to be shifted
	// by so many bits; and whether dst is to get sums, as there is more.
	resume, shift, partial int
	ahead                  *byte // weights to fetch meanwhile
}

// tiles makes a product of a routine that does at most so many rows at once, one block of outputs.
func tiles(routine func(*tile), most int) func(dst []float32, stride int, r *Rows, m *Matrix) {
	return func(dst []float32, stride int, r *Rows, m *Matrix) {
		t := r.tile(stride)
		rows, low := t.rows, t.low
		for block := 0; block < Pad(m.Out); block += Block {
			t.outputs(m, block)
			for i := 0; i < r.count; i += most {
				t.count = min(most, r.count-i)
				t.dst = &dst[i*stride+block]
				t.rows = unsafe.Add(rows, i*t.rowBytes)
				if low != nil {
					t.low = unsafe.Add(low, i*t.rowBytes)
				}
				t.rowScale, t.centre, t.correction = &r.scale[i], &r.centre[i], &r.correction[i]
				routine(&t)
			}
		}
	}
}

// pairs makes a product of a routine that takes all rows, two blocks of outputs, and the inputs part by part.
func pairs(routine func(*tile)) func(dst []float32, stride int, r *Rows, m *Matrix) {
	// partSteps is how many steps stay in the first cache: 512 inputs, whose weights are 16 KB beside 6 KB of rows.
	const partSteps = 32
	return func(dst []float32, stride int, r *Rows, m *Matrix) {
		t := r.tile(stride)
		// The rows' parts go through the same weights: the high ones, and of fine rows the low ones.
		halves, steps := []unsafe.Pointer{t.rows, t.low}, t.steps
		if t.low == nil {
			halves = halves[:1]
		}
		t.rowScale, t.centre, t.correction, t.count = &r.scale[0], &r.centre[0], &r.correction[0], r.count
		for block := 0; block < Pad(m.Out); block += 2 * Block {
			t.blocks = min(2, (Pad(m.Out)-block)/Block)
			t.outputs(m, block)
			t.dst = &dst[block]
			weights := m.weights[block/Block*t.blockBytes:]
			// While these blocks are multiplied the next ones come nearer.
			next := weights[min(t.blocks*t.blockBytes, len(weights)-t.blockBytes):]
			t.resume = 0
			for half, first := range halves {
				t.shift = half * lowBits
				for from := 0; from < steps; from += partSteps {
					t.steps, t.partial = min(partSteps, steps-from), 0
					if from+t.steps < steps || half+1 < len(halves) {
						t.partial = 1
					}
					t.rows = unsafe.Add(first, from*16)
					t.weights, t.ahead = unsafe.StringData(weights[from*256:]), unsafe.StringData(next[from*256:])
					routine(&t)
					t.resume, t.shift = 1, 0
				}
			}
		}
	}
}

// lowBits is how many bits of a fine integer are in its low part.
const lowBits = 4

// tile is a tile with what is the same for all of a product.
func (r *Rows) tile(stride int) tile {
	t := tile{dstBytes: 4 * stride, blockBytes: r.stride * Block, steps: r.stride / 16}
	if r.wide != nil {
		t.rows, t.rowBytes = unsafe.Pointer(unsafe.SliceData(r.wide)), 2*r.stride
	} else {
		t.rows, t.rowBytes = unsafe.Pointer(unsafe.SliceData(r.values)), r.stride
		if r.fine {
			t.low = unsafe.Pointer(unsafe.SliceData(r.low))
		}
	}
	return t
}

// outputs sets what belongs to the outputs from block on.
func (t *tile) outputs(m *Matrix, block int) {
	t.weights = unsafe.StringData(m.weights[block/Block*t.blockBytes:])
	t.scale, t.sum, t.bias = &m.scale[block], &m.sum[block], &m.bias[block]
}
