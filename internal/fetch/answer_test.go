package fetch

import (
	"bytes"
	"io"
	"net/http"
	"runtime"
	"testing"
	"testing/iotest"
)

// TestReadBody reads bodies of every size around the limit and the sizes of
// the room, whole and byte by byte.
func TestReadBody(t *testing.T) {
	text := make([]byte, 200<<10)
	for i := range text {
		text[i] = byte(i * 7 >> 3)
	}
	const limit = 150 << 10
	for _, size := range []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, limit - 1, limit, limit + 1, 200 << 10} {
		for _, told := range []int64{-1, int64(size)} {
			for _, gz := range []bool{false, true} {
				for _, cut := range []bool{false, true} {
					body := text[:size]
					resp := &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: told}
					wire := bytes.Clone(body)
					if gz {
						wire = packed(body)
						resp.Header.Set("Content-Encoding", "GZIP")
						if told >= 0 {
							resp.ContentLength = int64(len(wire))
						}
					}
					resp.Body = io.NopCloser(iotest.HalfReader(bytes.NewReader(wire)))
					got, err := readBody(resp, limit, cut)
					switch {
					case size > limit && !cut:
						if kindIn(err) != KindTooLarge {
							t.Errorf("%d bytes: %d read, %v", size, len(got), err)
						}
					case err != nil || !bytes.Equal(got, body[:min(size, limit)]):
						t.Errorf("%d bytes (told %d, packed %v, cut %v): %d read, %v", size, told, gz, cut, len(got), err)
					}
				}
			}
		}
	}
}

// TestBombMemory unpacks 64 MiB of nothing under the default limit of 16. All
// that is allocated on the way, what is freed at once included, is little more
// than twice the limit.
func TestBombMemory(t *testing.T) {
	bomb := packed(make([]byte, 64<<20))
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	})
	v := newClient(t, Options{}).Visit(0)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := get(v, s.URL); kindIn(err) != KindTooLarge {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
		t.Errorf("%d MiB were allocated in all", used>>20)
	}
}
