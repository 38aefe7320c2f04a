package replaytest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Seed is one recorded answer, for fuzz targets to begin with.
type Seed struct {
	URL, ContentType string
	Status           int
	Body             []byte
}

// Seeds are at most n recorded answers of a pack, spread over all of it; none
// where the recordings are not at hand. Large bodies, which fuzzing gains
// nothing from, are left out.
func Seeds(pack string, n int) (seeds []Seed) {
	const largest = 64 << 10
	folder := filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", pack)
	index, err := os.Open(filepath.Join(folder, "index.jsonl"))
	if err != nil {
		return nil
	}
	defer index.Close()
	type line struct {
		URL, Body string
		Status    int
		Headers   map[string]*string
	}
	var all []line
	for decoder := json.NewDecoder(bufio.NewReader(index)); decoder.More(); {
		var l line
		if decoder.Decode(&l) != nil {
			return nil
		}
		if l.Body != "" {
			all = append(all, l)
		}
	}
	for i := 0; i < len(all) && len(seeds) < n; i += max(1, len(all)/n) {
		body, err := Unpacked(filepath.Join(folder, all[i].Body))
		if err != nil || len(body) > largest {
			continue
		}
		s := Seed{URL: all[i].URL, Status: all[i].Status, Body: body}
		if kind := all[i].Headers["Content-Type"]; kind != nil {
			s.ContentType = *kind
		}
		seeds = append(seeds, s)
	}
	return seeds
}

// Unpacked reads a file, one whose name ends in .gz as what it was before it was compressed.
func Unpacked(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		return io.ReadAll(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
