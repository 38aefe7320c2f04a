package judge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/judge/encoder"
	"volteface/internal/nlp/language"
)

func embedded(t testing.TB) *Judge {
	t.Helper()
	j, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestShippedFilesAreWhole(t *testing.T) {
	if err := Verify(); err != nil {
		t.Error(err)
	}
	wasSums := sums
	defer func() { sums = wasSums }()
	sums = strings.Replace(sums, "a", "b", 1)
	if err := Verify(); err == nil {
		t.Error("another hash was accepted")
	}
}

func TestDamagedFilesAreErrors(t *testing.T) {
	for name, c := range map[string][2]string{
		"no words":   {"", trainedFile},
		"no judge":   {wordsFile, ""},
		"half":       {wordsFile, trainedFile[:len(trainedFile)/2]},
		"one as two": {trainedFile, trainedFile},
	} {
		if _, err := load(c[0], c[1], Calibration{}); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

// A denial and an admission in the public wordings of the case the program was made for: the turn is likelier than what
// repeats the denial, in three languages more. Of the fifteen orders the judge of today gets fourteen right; a better one must
// not get fewer.
func TestDrones(t *testing.T) {
	j := embedded(t)
	denial := Passage{Text: "The Islamic Republic of Iran has not provided weaponry to any side of the war in Ukraine."}
	read := func(after string) float64 {
		r, err := j.Pairs(context.Background(), []Pair{{denial, Passage{Text: after}}})
		if err != nil {
			t.Fatal(err)
		}
		return r[0].Reversal
	}
	again := []string{
		"Claims that Iran supplied drones to Russia for the war in Ukraine are baseless.",
		"We have repeatedly said that Iran has not given any weapons to be used in the Ukraine war.",
		"The spokesman rejected reports that drones had been delivered to Russia.",
	}
	wrong := 0
	for _, turn := range []string{
		"We gave a limited number of drones to Russia months before the war in Ukraine.",
		"A small number of drones was delivered to Russia before the Ukraine war, the Foreign Minister said.",
		"Мы передали России ограниченное число беспилотников за несколько месяцев до войны на Украине.",
		"ما تعداد محدودی پهپاد ماه\u200cها پیش از جنگ اوکراین به روسیه دادیم.",
		"Ми передали Росії обмежену кількість дронів за кілька місяців до війни в Україні.",
	} {
		for _, same := range again {
			if a, b := read(turn), read(same); a <= b {
				wrong++
				t.Logf("%.3f %q\nis not above\n%.3f %q", a, turn, b, same)
			}
		}
	}
	if wrong > 2 { // the Persian admission after a denial in English is not seen by this judge
		t.Errorf("%d of 15 orders are wrong", wrong)
	}
}

// What one pair is worth does not hang on what else is read beside it, by how many goroutines, or in which order.
func TestReadingsStandAlone(t *testing.T) {
	j := embedded(t)
	var pairs []Pair
	for i := range 90 {
		words := strings.Repeat("The ministry has not delivered rifles. ", 1+i%5)
		pairs = append(pairs, Pair{Passage{Text: words}, Passage{Text: fmt.Sprintf("%d rifles were delivered in May.", i), Question: strings.Repeat("Really? ", i%3)}})
	}
	together, err := j.Pairs(context.Background(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	for i := range pairs {
		running.Go(func() {
			alone, err := j.Pairs(context.Background(), pairs[i:i+1])
			if err != nil || alone[0] != together[i] {
				t.Errorf("pair %d: alone %+v, among others %+v (%v)", i, alone, together[i], err)
			}
		})
	}
	running.Wait()
	for i, r := range together {
		if sum := r.None + r.Softening + r.Reversal; math.Abs(sum-1) > 1e-9 {
			t.Errorf("pair %d: probabilities add up to %v", i, sum)
		}
	}
}

func TestAnyBytes(t *testing.T) {
	j := embedded(t)
	rng := rand.New(rand.NewPCG(1, 2))
	count := 60
	if testing.Short() {
		count = 10
	}
	for range count {
		side := func() Side {
			b := make([]byte, rng.IntN(200))
			for i := range b {
				b[i] = byte(rng.Uint32())
			}
			return Side{Text: string(b), Question: string(b[:len(b)/2])}
		}
		a, b := side(), side()
		v, err := j.Compare(context.Background(), a, b)
		if err != nil {
			t.Fatalf("%q, %q: %v", a, b, err)
		}
		if math.IsNaN(v.Reversal) || v.Reversal < 0 || v.Reversal > 1 {
			t.Fatalf("%q, %q: %+v", a, b, v)
		}
	}
}

// Whatever bytes a text has, it is cut into passages that lie in it and have a language, and pieces that the vocabulary has.
// VOLTEFACE_LONG tries a million.
func TestAnyBytesAreRead(t *testing.T) {
	j := embedded(t)
	rng := rand.New(rand.NewPCG(5, 6))
	count := 5000
	if os.Getenv("VOLTEFACE_LONG") != "" {
		count = 1_000_000
	}
	// Letters of many scripts, marks, controls and what is no UTF-8, so that some look like words.
	alphabet := []string{"a", "e", "Z", ".", " ", "\n", "Q: ", "A: ", "я", "ع", "ن", "\u200c", "中", "한", "ไ", "ा", "́", "😀", "\x00", "\xff", "\xed\xa0\x80", "\u202e", "𝔘", "ﷺ", "ß", "ǆ"}
	for range count {
		b := make([]byte, rng.IntN(120))
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		text := string(b)
		if rng.IntN(2) == 0 {
			text = ""
			for range rng.IntN(60) {
				text += alphabet[rng.IntN(len(alphabet))]
			}
		}
		for _, p := range Passages(text) {
			if text[p.Span[0]:p.Span[1]] != p.Text {
				t.Fatalf("%q: passage %+v", text, p)
			}
		}
		for _, id := range j.tokenizer.Encode(text) {
			if id < 0 || int(id) >= j.encoder.Config().Vocabulary {
				t.Fatalf("%q: piece %d", text, id)
			}
		}
		if g := language.Identify(text); !(g.Probability >= 0 && g.Probability <= 1) {
			t.Fatalf("%q: %+v", text, g)
		}
	}
}

func TestBearings(t *testing.T) {
	j := embedded(t)
	passages := []Passage{
		{Text: "We rule out any deployment of our soldiers beyond the border, and no such request has been made."},
		{Text: "The minister thanked the choir of the cathedral school and wished all those present a happy new year."},
	}
	read, err := j.Bearings(context.Background(), passages)
	if err != nil {
		t.Fatal(err)
	}
	if read[0].Position < .5 || read[1].Position > .5 || read[0].Position-read[1].Position < .5 {
		t.Errorf("%+v", read)
	}
	alone, err := j.Bearings(context.Background(), passages[:1])
	if err != nil || alone[0] != read[0] {
		t.Errorf("alone %+v, among others %+v (%v)", alone, read[0], err)
	}
	// A passage is read by itself, as training does, and not as a pair with nothing.
	ids, types := j.tokenizer.Single(j.tokenizer.Encode(passages[0].Text), maxTokens)
	first, err := j.encoder.FirstTokens(context.Background(), []encoder.Sequence{{IDs: ids, Types: types}})
	if err != nil {
		t.Fatal(err)
	}
	if want := j.heads["position"].probabilities(first[0], 0)[1]; math.Abs(want-read[0].Position) > 1e-6 {
		t.Errorf("position %v, by hand %v", read[0].Position, want)
	}
	voices, err := j.Bearings(context.Background(), []Passage{
		{Text: "The ministry has decided to close the consulate, and will inform the neighbouring governments today."},
		{Text: "“The consulate was never closed”, claimed a commander of the rebels in an interview with a foreign newspaper."},
	})
	if err != nil || voices[0].Issuer < .5 || voices[1].Issuer > .5 {
		t.Errorf("voices %+v (%v)", voices, err)
	}
	other := *j
	other.heads = map[string]head{"rev": j.heads["rev"]}
	if _, err := other.Bearings(context.Background(), passages); err != ErrNoBearings || other.TellsBearings() {
		t.Errorf("a judge without these heads: %v", err)
	}
}

func TestLongSidesAreBounded(t *testing.T) {
	j := embedded(t)
	var a, b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&a, "In chapter %d the ministry reports on roads, bridges and harbours of province %d. ", i, i%37)
		fmt.Fprintf(&b, "Section %d speaks of schools, hospitals and courts in district %d of the country. ", i, i%41)
	}
	a.WriteString("\n\nWe have not delivered rifles to the militia of Karvel, and we shall not.\n")
	b.WriteString("\n\nTwo hundred rifles were delivered to the militia of Karvel in May.\n")
	start := time.Now()
	v, err := j.Compare(context.Background(), Side{Text: a.String()}, Side{Text: b.String()})
	if err != nil {
		t.Fatal(err)
	}
	if v.Pairs > maxPairs || v.Possible < 10*maxPairs {
		t.Errorf("%d of %d pairs were read", v.Pairs, v.Possible)
	}
	found := false
	for _, p := range j.likeliest(Passages(a.String()), Passages(b.String()), maxPairs) {
		found = found || strings.Contains(p.Before.Text, "rifles") && strings.Contains(p.After.Text, "rifles")
	}
	if !found {
		t.Error("the passages that share most are not read")
	}
	t.Logf("%d pairs of passages in %v", v.Pairs, time.Since(start))

	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := j.Compare(cancelled, Side{Text: a.String()}, Side{Text: b.String()}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled comparison gave %v", err)
	}
}

func TestNothingToRead(t *testing.T) {
	j := embedded(t)
	v, err := j.Compare(context.Background(), Side{Text: " \n"}, Side{Text: "We deny it."})
	if err != nil || v.None != 1 || v.Reversal != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	s, err := j.Stance(context.Background(), Side{}, "Rifles were delivered.")
	if err != nil || s.Silent != 1 || s.Label() != "silent" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestCalibrated(t *testing.T) {
	a := Aggregation{Slope: 1, PerPair: -1}
	one, many := a.Calibrated(Reading{Reversal: .6, None: .3, Softening: .1}, .2, 1), a.Calibrated(Reading{Reversal: .6, None: .3, Softening: .1}, .2, 40)
	if math.Abs(one.Reversal-.6) > 1e-9 || many.Reversal >= .1 {
		t.Errorf("one pair %+v, forty %+v", one, many)
	}
	if sum := many.Reversal + many.Softening + many.None; math.Abs(sum-1) > 1e-9 || math.Abs(many.None/many.Softening-3) > 1e-9 {
		t.Errorf("%+v", many)
	}
}

func BenchmarkPair(b *testing.B) {
	j := embedded(b)
	ids, types := j.tokenizer.Pair(j.tokenizer.Encode(strings.Repeat("The ministry has delivered rifles to the militia in May. ", 10)),
		j.tokenizer.Encode(strings.Repeat("We have not delivered rifles to the militia, and shall not. ", 10)), 100)
	if len(ids) != 100 {
		b.Fatal(len(ids), "tokens")
	}
	for b.Loop() {
		if _, err := j.encoder.FirstTokens(context.Background(), []encoder.Sequence{{IDs: ids, Types: types}}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestKindsAreToldWhenSure(t *testing.T) {
	j := &Judge{kinds: []string{"a", "b", "c"}}
	if got := j.kind([]float64{0, 3, 9}, 0, 2); got != "b" {
		t.Errorf("sure of b, told %q", got)
	}
	if got := j.kind([]float64{1, 1, 1.2}, 0, 3); got != "" {
		t.Errorf("sure of none, told %q", got)
	}
	if got := j.kind([]float64{1}, 0, 2); got != "" {
		t.Errorf("without kinds, told %q", got)
	}
}

func TestThresholds(t *testing.T) {
	c := Calibration{Reversal: .6, Softening: .5}
	for _, x := range []struct {
		read                Reading
		reversal, softening bool
	}{
		{Reading{Reversal: .6, None: .4}, true, false},
		{Reading{Reversal: .3, Softening: .2, None: .5}, false, true},
		{Reading{Reversal: .3, Softening: .1, None: .6}, false, false},
	} {
		if r, s := c.IsReversal(x.read), c.IsSoftening(x.read); r != x.reversal || s != x.softening {
			t.Errorf("%+v: reversal %v, softening %v", x.read, r, s)
		}
	}
}

// A vector tells what a text speaks of, whatever its words do besides.
func TestVector(t *testing.T) {
	j := embedded(t)
	v := func(text string) *Vector { v := j.Vector(text); return &v }
	drones := v("We have never supplied any drones to Russia.")
	near, far := drones.Like(v("Drones for Russia were supplied last year.")), drones.Like(v("The harvest of olives was poor in the south."))
	if near < far+.2 || drones.Like(drones) < .999 {
		t.Errorf("like %.2f, unlike %.2f, itself %.3f", near, far, drones.Like(drones))
	}
	if zero := v(" \n"); zero.Like(drones) != 0 || *zero != (Vector{}) {
		t.Errorf("of no words %v", zero)
	}
}
