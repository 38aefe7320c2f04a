package judge

import (
	"crypto/sha256"
	_ "embed" // the weights
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// The weights. Word embeddings and tokenizer are those of the base model and never change; everything that is trained is
// in the other file. train/export.py writes both, with their hashes.
var (
	//go:embed model/embeddings.bin
	wordsFile string
	//go:embed model/judge.bin
	trainedFile string
	//go:embed model/calibration.json
	calibrationFile []byte
	//go:embed model/SHA256SUMS
	sums string
)

// Embedded is the judge that the program carries. It is loaded at the first call, which takes some ten milliseconds, and
// is the same for all callers. The error is that of VOLTEFACE_KERNEL naming a kernel this machine lacks.
var Embedded = sync.OnceValues(func() (*Judge, error) {
	var c Calibration
	if err := json.Unmarshal(calibrationFile, &c); err != nil {
		return nil, fmt.Errorf("load the judge: calibration: %w", err)
	}
	j, err := load(wordsFile, trainedFile, c)
	if err != nil {
		return nil, fmt.Errorf("load the judge: %w", err)
	}
	return j, nil
})

// Verify checks the embedded files by their SHA-256, as doctor does: weights that a disk or a download has damaged give
// verdicts that look like any other.
func Verify() error {
	for name, file := range map[string]string{"embeddings.bin": wordsFile, "judge.bin": trainedFile, "vectors.bin": vectorsFile} {
		sum := sha256.New()
		for rest := file; len(rest) > 0; {
			n := min(len(rest), 1<<20)
			sum.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if line := hex.EncodeToString(sum.Sum(nil)) + "  " + name; !strings.Contains(sums, line) {
			return fmt.Errorf("%s is not the file that was shipped", name)
		}
	}
	return nil
}
