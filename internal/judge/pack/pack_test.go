package pack

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"volteface/internal/judge/kernel"
)

// file writes a file of a header and what follows it, which begins at byte 1024.
func file(t testing.TB, header any, body []byte) string {
	t.Helper()
	h, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	if len(h) > 1024-16 {
		t.Fatalf("a header of %d bytes", len(h))
	}
	b := append([]byte(magic), binary.LittleEndian.AppendUint64(nil, uint64(len(h)))...)
	b = append(b, h...)
	return string(append(b, make([]byte, 1024-len(b))...)) + string(body)
}

type tensor map[string]any

func tensors(all map[string]tensor) map[string]any {
	return map[string]any{"meta": map[string]any{"what": "a test"}, "tensors": all}
}

// sample is a file with a tensor of each type.
func sample(t testing.TB) string {
	body := make([]byte, 1024)
	for i, v := range []float32{1, -2.5, float32(math.Inf(1))} {
		binary.LittleEndian.PutUint32(body[4*i:], math.Float32bits(v))
	}
	binary.LittleEndian.PutUint32(body[64:], 0xFFFFFFFE)
	copy(body[128:], "bytes")
	for i := range 16 * 16 {
		body[256+i] = 128
	}
	body[256] = 128 + 3 // the first weight
	for _, at := range []int{512, 576} {
		binary.LittleEndian.PutUint32(body[at:], math.Float32bits(2))
	}
	return file(t, tensors(map[string]tensor{
		"f":       {"type": "f32", "shape": []int{3}, "offset": 1024, "size": 12},
		"u":       {"type": "u32", "shape": []int{}, "offset": 1088, "size": 4},
		"b":       {"type": "u8", "shape": []int{5}, "offset": 1152, "size": 5},
		"m":       {"type": "q8", "shape": []int{1, 2}, "offset": 1280, "size": 256},
		"m.scale": {"type": "f32", "shape": []int{1}, "offset": 1536, "size": 4},
		"m.sum":   {"type": "f32", "shape": []int{1}, "offset": 1600, "size": 4},
		"q":       {"type": "q4", "shape": []int{2, 64}, "offset": 1664, "size": 72},
	}), body)
}

func TestRead(t *testing.T) {
	f, err := Read(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	if string(f.Meta) != `{"what":"a test"}` {
		t.Errorf("meta is %s", f.Meta)
	}
	floats, err := f.Floats("f", 3)
	if err != nil || len(floats) != 3 || floats[1] != -2.5 {
		t.Errorf("floats are %v, %v", floats, err)
	}
	if uints, err := f.Uints("u"); err != nil || len(uints) != 1 || uints[0] != 0xFFFFFFFE {
		t.Errorf("uints are %v, %v", uints, err)
	}
	if b, err := f.Tensor("b", U8, -1); err != nil || b.Data != "bytes" {
		t.Errorf("bytes are %q, %v", b.Data, err)
	}
	if q, err := f.Tensor("q", Q4, -1, 64); err != nil || len(q.Data) != 72 || q.Shape[0] != 2 {
		t.Errorf("blocks are %v, %v", q, err)
	}
	m, err := f.Matrix("m", 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	k, err := kernel.Lookup("generic")
	if err != nil {
		t.Fatal(err)
	}
	var rows kernel.Rows
	k.Resize(&rows, 1, 2, false)
	k.Set(&rows, 0, append([]float32{127, -127}, make([]float32, 14)...), -127, 127)
	out := make([]float32, 16)
	k.Linear(out, 16, &rows, m)
	if out[0] != 127*3*2 {
		t.Errorf("127 × weight 3 × scale 2 is %v", out[0])
	}
	for what, err := range map[string]error{
		"another shape": second(f.Floats("f", 4)),
		"another rank":  second(f.Floats("f", 3, 1)),
		"another type":  second(f.Uints("f", 3)),
		"none":          second(f.Floats("g", 3)),
		"no matrix":     second(f.Matrix("q", 2, 64)),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestHostile(t *testing.T) {
	whole := sample(t)
	one := func(t2 tensor) string {
		return file(t, tensors(map[string]tensor{"x": t2}), make([]byte, 1024))
	}
	for what, data := range map[string]string{
		"empty":               "",
		"another magic":       "VFJUDGE2" + whole[8:],
		"no length":           whole[:12],
		"cut in the header":   whole[:100],
		"cut in a tensor":     whole[:1200],
		"a giant header":      magic + "\xff\xff\xff\xff\xff\xff\xff\x7f" + whole[16:],
		"no JSON":             magic + "\x08\x00\x00\x00\x00\x00\x00\x00" + "12345678",
		"crooked":             one(tensor{"type": "u8", "shape": []int{1}, "offset": 1025, "size": 1}),
		"beyond the end":      one(tensor{"type": "u8", "shape": []int{1025}, "offset": 1024, "size": 1025}),
		"far beyond":          one(tensor{"type": "u8", "shape": []int{1}, "offset": uint64(1) << 63, "size": 1}),
		"a negative offset":   one(tensor{"type": "u8", "shape": []int{1}, "offset": -64, "size": 1}),
		"size not of shape":   one(tensor{"type": "f32", "shape": []int{3}, "offset": 1024, "size": 13}),
		"overflow":            one(tensor{"type": "u8", "shape": []int{1 << 16, 1 << 16, 1 << 16, 1 << 16}, "offset": 1024, "size": 0}),
		"a negative side":     one(tensor{"type": "u8", "shape": []int{-1, -1}, "offset": 1024, "size": 1}),
		"an unknown type":     one(tensor{"type": "f64", "shape": []int{1}, "offset": 1024, "size": 8}),
		"a matrix of nothing": one(tensor{"type": "q8", "shape": []int{0, 4}, "offset": 1024, "size": 0}),
		"a matrix of one":     one(tensor{"type": "q8", "shape": []int{16}, "offset": 1024, "size": 256}),
		"a giant matrix":      one(tensor{"type": "q8", "shape": []int{1 << 17, 4}, "offset": 1024, "size": 1 << 21}),
		"crooked blocks":      one(tensor{"type": "q4", "shape": []int{2, 16}, "offset": 1024, "size": 18}),
	} {
		if _, err := Read(data); err == nil || !strings.HasPrefix(err.Error(), "read weights: ") {
			t.Errorf("%s: the error is %v", what, err)
		}
	}
	if _, err := Read(whole); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

// TestPython reads what train/export.py wrote.
func TestPython(t *testing.T) {
	data, err := os.ReadFile("../encoder/testdata/odd.bin")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := f.Matrix("layer.1.inner", 72, 64); err != nil || m.Out != 72 || m.In != 64 {
		t.Errorf("a matrix is %v, %v", m, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sample(f)))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadBytes(data)
		if err != nil {
			return
		}
		for name, tensor := range file.tensors {
			if len(tensor.Data) > len(data) {
				t.Fatalf("%s: %d bytes of %d", name, len(tensor.Data), len(data))
			}
			// These may fail, but must not panic.
			_, _ = file.Floats(name, tensor.Shape...)
			_, _ = file.Uints(name, tensor.Shape...)
			_, _ = file.Matrix(name, -1, -1)
		}
	})
}
