package evaluate

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/judge"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestFigures(t *testing.T) {
	list := []scored{{.9, true}, {.8, false}, {.7, true}, {.1, false}}
	if ap := averagePrecision(list); !near(ap, (1+2./3)/2) {
		t.Errorf("average precision %v", ap)
	}
	flat := []scored{{.5, true}, {.5, false}, {.5, true}, {.5, false}}
	if ap := averagePrecision(flat); ap > .5 {
		t.Errorf("average precision of a constant %v", ap)
	}
	if r, at := recallAt(list, .9); r != .5 || at != .9 {
		t.Errorf("recall %v at %v", r, at)
	}
	if r, at := recallAt(list, .6); r != 1 || at != .7 {
		t.Errorf("recall %v at %v", r, at)
	}
	if r, at := recallAt(flat, .9); r != 0 || at != 1 {
		t.Errorf("no recall: %v at %v", r, at)
	}
	// Two of two may be luck; twenty of twenty are hardly.
	many := make([]scored, 40)
	for i := range many {
		many[i] = scored{1 - float64(i)/100, i < 20}
	}
	if r, at := surely(list[:1], .8); r != 0 || at != 1 {
		t.Errorf("surely %v at %v", r, at)
	}
	if r, at := surely(many, .8); r != 1 || !near(at, .81) {
		t.Errorf("surely %v at %v", r, at)
	}
	if r, _ := surely(many, .97); r != 0 {
		t.Errorf("surely %v", r)
	}
	if e := calibrationError([]scored{{.95, true}, {.95, false}, {.05, false}}); !near(e, (2*.95-1+.05)/3) {
		t.Errorf("calibration error %v", e)
	}
	if f := macroF1([]string{"a", "b", "b"}, []string{"a", "a", "b"}, []string{"a", "b"}); !near(f, 2./3) {
		t.Errorf("macro-F1 %v", f)
	}
}

// Figures that were drawn by a known logistic model and a known temperature are found again.
func TestFits(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var x [][]float64
	var y []bool
	for range 20000 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		x = append(x, []float64{1, a, b})
		y = append(y, rng.Float64() < 1/(1+math.Exp(-(.5+2*a-b))))
	}
	for i, want := range []float64{.5, 2, -1} {
		if got := logistic(x, y)[i]; math.Abs(got-want) > .1 {
			t.Errorf("weight %d is %v, not %v", i, got, want)
		}
	}
	golds, ps := make([]int, 5000), make([]float64, 5000)
	for i := range ps {
		z := 2 * rng.NormFloat64()
		if rng.Float64() < 1/(1+math.Exp(-z)) {
			golds[i] = 1
		}
		ps[i] = 1 / (1 + math.Exp(-2*z)) // twice too sure
	}
	if got := temperature(len(ps), func(i int) ([]float64, int) { return []float64{1 - ps[i], ps[i]}, golds[i] }); math.Abs(got-2) > .15 {
		t.Errorf("temperature %v, not 2", got)
	}
}

// The folds are those of train/data.py.
func TestFold(t *testing.T) {
	for event, want := range map[string]int{"white-house-diesel-excise": 4, "dunmorra-tram-fares": 9} {
		if got := Fold(event); got != want {
			t.Errorf("%s is in fold %d, not %d", event, got, want)
		}
	}
}

func TestReadAndMeasure(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"banks/a.jsonl": `{"event":"rifles","statements":[{"t":"We have not delivered rifles."},{"t":"We never did."},{"t":"Rifles were delivered in May."}],"pairs":[[0,1,"N","denial_repeated"],[0,2,"R","denial_to_admission"],[1,2,"R","denial_to_admission"]]}
{"event":"tax","lang":"fr","statements":[{"t":"L'impôt ne montera pas."},{"t":"L'impôt monte en mai."}],"pairs":[[0,1,"R","ruled_out_to_done"]]}`,
		"stance/a.jsonl":      `{"topic":"rifles","proposition":"Rifles were delivered.","lang":"en","passages":[{"t":"We delivered them.","label":"affirms"},{"t":"Не поставляли.","label":"denies","lang":"ru"}]}`,
		"fresh/cases3.jsonl":  `{"event":"ships","before":{"text":"No ship was sold."},"after":{"text":"Two ships were sold in March."},"label":"reversal"}`,
		"fresh/stance3.jsonl": `{"topic":"ships","proposition":"A ship was sold.","lang":"en","passages":[{"t":"We sold one.","label":"affirms"}]}`,
		"fresh/voices.jsonl": `{"text":"We shall not sell the ships.","lang":"en","position":"position","voice":"issuer"}
{"text":"The ambassador was met at the airport by the mayor.","lang":"fr","position":"none","voice":"issuer"}`,
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sets, err := Read(folder, -1)
	if err != nil {
		t.Fatal(err)
	}
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	r, err := Measure(context.Background(), j, sets, func(done, total int) {
		if total != 15 {
			t.Errorf("%d of %d", done, total)
		}
		last = done
	})
	if err != nil || last != 15 {
		t.Fatalf("%d done, %v", last, err)
	}
	if len(r.Pairs) != 3 || r.Pairs[0].Set != "banks, English" || r.Pairs[0].Pairs != 3 || r.Pairs[0].Reversals != 2 || r.Pairs[1].Chance != 1 {
		t.Errorf("%+v", r.Pairs)
	}
	if r.Pairs[2].Set != "fresh cases, third lot, English" || r.Pairs[2].Pairs != 1 {
		t.Errorf("%+v", r.Pairs[2])
	}
	if len(r.Passages) != 2 || r.Passages[0].Set != "fresh passages, en" || r.Passages[1].Passages != 1 {
		t.Errorf("%+v", r.Passages)
	}
	if len(r.Stances) != 3 || r.Stances[2].Set != "stance, other languages" {
		t.Errorf("%+v", r.Stances)
	}
	if none, err := Read(folder, (Fold("rifles")+1)%Folds); err != nil || len(none.Pairs["banks, English"]) != 0 {
		t.Errorf("another fold holds %+v (%v)", none, err)
	}
	if err := os.WriteFile(filepath.Join(folder, "banks", "b.jsonl"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(folder, -1); err == nil {
		t.Error("a broken line was read")
	}
}

// What is to measure a calibration does not make it.
func TestCalibrateLeavesFreshSetsAlone(t *testing.T) {
	sets := &Sets{Pairs: map[string][]Pair{fresh + "cases, English": make([]Pair, 200)}}
	if _, err := Calibrate(context.Background(), &judge.Judge{}, sets, func(int, int) {}); err == nil || !strings.Contains(err.Error(), "fewer than a hundred") {
		t.Errorf("calibrated on fresh pairs: %v", err)
	}
}

func TestPassageRow(t *testing.T) {
	passages := []Passage{{Position: true, Issuer: true}, {Position: true}, {Issuer: true}, {}}
	read := []judge.Bearing{{Position: .9, Issuer: .8}, {Position: .2, Issuer: .1}, {Position: .4, Issuer: .4}, {Position: .1, Issuer: .3}}
	if r := passageRow("x", passages, read); r.Voice != .75 || r.Position != .75 || r.Passages != 4 {
		t.Errorf("%+v", r)
	}
}
