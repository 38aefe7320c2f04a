package pack

import "math"

// Half is the value of an IEEE 754 half precision number.
func Half(h uint16) float32 {
	sign, rest := uint32(h>>15)<<31, uint32(h&0x7FFF)
	switch {
	case rest < 1<<10: // zero and what is below the normal numbers
		return math.Float32frombits(math.Float32bits(float32(rest)/(1<<24)) | sign)
	case rest >= 31<<10: // infinite, or no number
		return math.Float32frombits(sign | 255<<23 | rest<<13&(1<<23-1))
	}
	return math.Float32frombits(sign | (rest<<13 + 112<<23))
}
