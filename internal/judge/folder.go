package judge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"volteface/internal/judge/encoder"
	"volteface/internal/judge/kernel"
	"volteface/internal/judge/safetensors"
	"volteface/internal/judge/tokenizer"
	"volteface/internal/statement"
)

// CalibrationFile is what the calibration of a judge in a folder is called.
const CalibrationFile = "volteface.json"

// Bounds of the files that are read whole. XLM-R's tokenizer.json has 17 MB.
const (
	maxConfig    = 1 << 20
	maxTokenizer = 64 << 20
)

// uncalibrated is for a judge of which nobody has measured how far its probabilities can be trusted.
var uncalibrated = Calibration{Reversal: .9, Softening: .9}

// Open loads a judge from a folder in the layout of the transformers library: config.json, model.safetensors (or its
// shards), tokenizer.json. It may be any sequence classifier of the BERT and (XLM-)RoBERTa families whose id2label in
// config.json names reversal, softening and none, or contradiction, neutral and entailment; or what
// train/export_folder.py writes. Linear layers are quantised while they are read, on all processors: two seconds of one for
// a hundred million weights. Word embeddings stay in the file, which must not change while the program runs.
//
// Of an inference model the earlier passage is the premise and a contradiction a reversal; softenings it does not know.
//
// If the folder has a volteface.json, that is the calibration (volteface eval --judge-model FOLDER --calibrate
// FOLDER/volteface.json); if not, verdicts need a probability of .9 and Calibrated is false. Errors name the file at fault.
func Open(folder string) (*Judge, error) {
	j, err := open(folder)
	if err != nil {
		return nil, fmt.Errorf("load the judge in %s: %w", folder, err)
	}
	return j, nil
}

func open(folder string) (*Judge, error) {
	k, err := kernel.Default()
	if err != nil {
		return nil, err
	}
	config, err := readFile(folder, "config.json", maxConfig)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(config) // before the large files
	if err != nil {
		return nil, err
	}
	calibration, calibrated, err := readCalibration(folder)
	if err != nil {
		return nil, err
	}
	text, err := readFile(folder, "tokenizer.json", maxTokenizer)
	if err != nil {
		return nil, err
	}
	t, err := tokenizer.FromJSON(text)
	if err != nil {
		return nil, err
	}
	weights, err := safetensors.Open(folder)
	if err != nil {
		return nil, err
	}
	j, err := assemble(c, weights, t, k)
	if err != nil {
		weights.Close()
		return nil, err
	}
	weights.Rest()
	j.name, j.folder = filepath.Base(folder), folder
	j.Calibration, j.calibrated = calibration, calibrated
	return j, nil
}

// readFile reads a regular file of a folder.
func readFile(folder, name string, most int64) ([]byte, error) {
	path := filepath.Join(folder, name)
	info, err := os.Stat(path) // before opening, which would wait for the writer of a pipe
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%s is not a file, or larger than %d MB", name, most>>20)
	}
	file, err := statement.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

// readCalibration reads a folder's calibration, if it has one.
func readCalibration(folder string) (c Calibration, ok bool, err error) {
	content, err := readFile(folder, CalibrationFile, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return uncalibrated, false, nil
	} else if err != nil {
		return c, false, err
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, false, fmt.Errorf("%s: %w", CalibrationFile, err)
	}
	for name, p := range map[string]float64{"reversal": c.Reversal, "softening": c.Softening} {
		if p <= 0 || p > 1 {
			return c, false, fmt.Errorf("%s: %s is %g, no threshold between 0 and 1", CalibrationFile, name, p)
		}
	}
	for name, t := range c.Temperature {
		if t < 0 {
			return c, false, fmt.Errorf("%s: the temperature of %s is %g", CalibrationFile, name, t)
		}
	}
	return c, true, nil
}

// assemble makes a judge of a model's parts.
func assemble(c *modelConfig, weights *safetensors.File, t *tokenizer.Tokenizer, k *kernel.Kernel) (*Judge, error) {
	shape := c.encoder()
	if shape.Layers < 1 || shape.Layers > len(weights.Names()) {
		return nil, fmt.Errorf("config.json: %d layers, where the weights have %d tensors", shape.Layers, len(weights.Names()))
	}
	if n := t.Size(); n > shape.Vocabulary {
		return nil, fmt.Errorf("tokenizer.json has pieces up to %d, where config.json says %d are known", n, shape.Vocabulary)
	}
	j := &Judge{kernel: k, tokenizer: t, heads: map[string]head{}, untyped: c.roberta}
	_, types := t.Pair(nil, nil, 0)
	if len(types)+2 > shape.Longest() {
		return nil, fmt.Errorf("config.json: %d positions are too few for a pair", shape.Longest())
	}
	for _, x := range types {
		if !j.untyped && int(x) >= shape.TypeVocab {
			return nil, fmt.Errorf("tokenizer.json gives token type %d, where config.json says there are %d", x, shape.TypeVocab)
		}
	}
	r := weightsReader{file: weights}
	for _, p := range []string{"bert.", "roberta.", ""} {
		if weights.Has(p + "embeddings.word_embeddings.weight") {
			r.prefix = p
			break
		}
	}
	var err error
	if j.encoder, err = r.encoder(shape, k); err != nil {
		return nil, err
	}
	if c.ours {
		err = r.ourHeads(j, c)
	} else {
		err = r.classifier(j, c)
	}
	return j, err
}

// weightsReader reads a model's tensors, whose names begin with a prefix.
type weightsReader struct {
	file   *safetensors.File
	prefix string
}

// floats reads a tensor of the encoder. Old files call the gain and bias of a normalisation gamma and beta.
func (r *weightsReader) floats(name string, shape ...int) ([]float32, error) {
	return r.file.Floats(r.prefix+name, shape...)
}

func (r *weightsReader) norm(name string, n int) (norm encoder.Norm, err error) {
	gain, bias := name+".weight", name+".bias"
	if !r.file.Has(r.prefix+gain) && r.file.Has(r.prefix+name+".gamma") { // as old files have it
		gain, bias = name+".gamma", name+".beta"
	}
	if norm.Gain, err = r.floats(gain, n); err == nil {
		norm.Bias, err = r.floats(bias, n)
	}
	return norm, err
}

// matrix reads and quantises a linear layer.
func (r *weightsReader) matrix(name string, out, in int) (*kernel.Matrix, error) {
	bias, err := r.floats(name+".bias", out)
	if err != nil {
		return nil, err
	}
	values, err := r.floats(name+".weight", out, in)
	if err != nil {
		return nil, err
	}
	packed, scale, sum, err := kernel.Pack(values, out, in)
	if err != nil {
		return nil, err
	}
	return kernel.NewMatrix(out, in, packed, scale, sum, bias)
}

// encoder reads all layers, as many at once as there are processors.
func (r *weightsReader) encoder(c encoder.Config, k *kernel.Kernel) (*encoder.Encoder, error) {
	words, err := r.file.Tensor(r.prefix+"embeddings.word_embeddings.weight", c.Vocabulary, c.Hidden)
	if err != nil {
		return nil, err
	}
	w := encoder.Weights{Words: words, Layers: make([]encoder.Layer, c.Layers)}
	if w.Positions, err = r.floats("embeddings.position_embeddings.weight", c.MaxPositions, c.Hidden); err != nil {
		return nil, err
	}
	if w.Types, err = r.floats("embeddings.token_type_embeddings.weight", c.TypeVocab, c.Hidden); err != nil {
		return nil, err
	}
	if w.EmbeddingNorm, err = r.norm("embeddings.LayerNorm", c.Hidden); err != nil {
		return nil, err
	}
	failed := make([]error, c.Layers)
	var running sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range w.Layers {
		room <- struct{}{}
		running.Go(func() {
			failed[i] = r.layer(&w.Layers[i], fmt.Sprintf("encoder.layer.%d.", i), c)
			<-room
		})
	}
	running.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	return encoder.New(c, w, k)
}

func (r *weightsReader) layer(l *encoder.Layer, name string, c encoder.Config) (err error) {
	for _, m := range []struct {
		to      **kernel.Matrix
		name    string
		out, in int
	}{
		{&l.Query, "attention.self.query", c.Hidden, c.Hidden}, {&l.Key, "attention.self.key", c.Hidden, c.Hidden},
		{&l.Value, "attention.self.value", c.Hidden, c.Hidden}, {&l.Attention, "attention.output.dense", c.Hidden, c.Hidden},
		{&l.Inner, "intermediate.dense", c.Intermediate, c.Hidden}, {&l.Outer, "output.dense", c.Hidden, c.Intermediate},
	} {
		if *m.to, err = r.matrix(name+m.name, m.out, m.in); err != nil {
			return err
		}
	}
	if l.AttentionNorm, err = r.norm(name+"attention.output.LayerNorm", c.Hidden); err != nil {
		return err
	}
	l.OutputNorm, err = r.norm(name+"output.LayerNorm", c.Hidden)
	return err
}

// linear reads a layer that stays in float32; its names have no prefix. classes may be −1.
func (r *weightsReader) linear(name string, classes, width int) (h head, err error) {
	t, err := r.file.Tensor(name+".weight", classes, width)
	if err != nil {
		return h, err
	}
	if h.weight, err = r.file.Floats(name+".weight", t.Shape...); err == nil {
		h.bias, err = r.file.Floats(name+".bias", t.Shape[0])
	}
	return h, err
}

// classifier reads what stands on a sequence classifier's encoder: a layer with tanh on the first token, and the classes.
func (r *weightsReader) classifier(j *Judge, c *modelConfig) error {
	pooler, classes := r.prefix+"pooler.dense", "classifier"
	if c.roberta {
		pooler, classes = "classifier.dense", "classifier.out_proj"
	}
	var err error
	if j.pooler, err = r.linear(pooler, c.Hidden, c.Hidden); err != nil {
		return err
	}
	all, err := r.linear(classes, -1, c.Hidden)
	if err != nil {
		return err
	}
	name, rows, err := c.head(len(all.bias))
	if err != nil {
		return err
	}
	h := head{make([]float32, 0, len(rows)*c.Hidden), nil}
	for _, row := range rows {
		if row < 0 { // a class that is never the case
			h.weight, h.bias = append(h.weight, make([]float32, c.Hidden)...), append(h.bias, float32(math.Inf(-1)))
			continue
		}
		h.weight, h.bias = append(h.weight, all.weight[row*c.Hidden:(row+1)*c.Hidden]...), append(h.bias, all.bias[row])
	}
	j.heads[name] = h
	return nil
}

// ourHeads reads the heads of a judge that train/ made.
func (r *weightsReader) ourHeads(j *Judge, c *modelConfig) error {
	for name, classes := range c.OurHeads {
		h, err := r.linear("heads."+name, classes, c.Hidden)
		if err != nil {
			return err
		}
		j.heads[name] = h
	}
	j.kinds = c.OurKinds
	for name, classes := range map[string]int{"rev": 3, "stance": 4} {
		if len(j.heads[name].bias) != classes {
			return fmt.Errorf("config.json: volteface_heads has no head %q of %d classes", name, classes)
		}
	}
	return nil
}
