// Package judge reads an earlier and a later passage and tells whether the later one turns the earlier one round, and
// whether a passage affirms or denies a proposition.
//
//	j, err := judge.Embedded()
//	readings, err := j.Pairs(ctx, []judge.Pair{{Before: judge.Passage{Text: "…"}, After: judge.Passage{Text: "…"}}})
//
// It is a multilingual encoder (internal/judge/encoder) with a linear head for each question, fine-tuned by train/ and
// embedded in the program. It needs no network and no runtime.
package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"unsafe"

	"volteface/internal/judge/encoder"
	"volteface/internal/judge/kernel"
	"volteface/internal/judge/pack"
	"volteface/internal/judge/tokenizer"
)

// Pair is an earlier and a later passage of one issuer.
type Pair struct{ Before, After Passage }

// Reading is what the judge makes of a pair. The three probabilities add up to one.
type Reading struct {
	None, Softening, Reversal float64
	// ReversalKind and SofteningKind are the kinds, should it be the one or the other; empty if the judge is not sure of
	// any, or tells none.
	ReversalKind, SofteningKind string
}

// Stance is what a passage does to a proposition, as probabilities that add up to one.
type Stance struct {
	Affirms   float64 `json:"affirms"`
	Denies    float64 `json:"denies"`
	Qualifies float64 `json:"qualifies"`
	Silent    float64 `json:"silent"`
}

// Label is the likeliest of the four, by its name.
func (s Stance) Label() string {
	label, most := "affirms", s.Affirms
	for _, x := range []struct {
		label string
		p     float64
	}{{"denies", s.Denies}, {"qualifies", s.Qualifies}, {"silent", s.Silent}} {
		if x.p > most {
			label, most = x.label, x.p
		}
	}
	return label
}

// Held is a passage beside a proposition it may take a stance on.
type Held struct {
	Passage     Passage
	Proposition string
}

// Judge is a trained judge. It is immutable and safe from many goroutines.
type Judge struct {
	name, folder string
	version      string
	tokenizer    *tokenizer.Tokenizer
	untyped      bool // the encoder takes no token types, whatever the tokenizer says
	encoder      *encoder.Encoder
	kernel       *kernel.Kernel
	pooler       head // a layer with tanh between the first token and the heads; its bias is nil where there is none
	heads        map[string]head
	kinds        []string
	calibrated   bool
	Calibration
}

// head is a linear layer on the first token: classes rows of the encoder's width, then a bias each.
type head struct{ weight, bias []float32 }

// maxTokens is the most tokens of a pair that are read. Passages have 90 or fewer as a rule; what is longer is cut.
const maxTokens = 256

// taught are the languages of the sets that the embedded judge was fine-tuned on (train/README.md). Its base has read some
// eighty more; what it makes of those nobody has measured.
var taught = []string{"ar", "de", "en", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "zh"}

// Reads tells whether the embedded judge was taught a language (ISO 639-1). It is lenient with "", a language that could
// not be told: of a few words, mostly.
func Reads(language string) bool { return language == "" || slices.Contains(taught, language) }

// Reads tells whether the judge was taught a language, as far as that is known: what a judge in a folder was taught its
// owner knows.
func (j *Judge) Reads(language string) bool { return j.folder != "" || Reads(language) }

// Name tells which judge this is, as doctor and the verdicts print it.
func (j *Judge) Name() string { return j.name }

// Version tells one set of weights from another: what one judge has read is read again by the next.
func (j *Judge) Version() string { return j.version }

// Folder is where Open found the judge; "" for the embedded one.
func (j *Judge) Folder() string { return j.folder }

// Calibrated tells whether the judge has a calibration, fitted on labelled sets.
func (j *Judge) Calibrated() bool { return j.calibrated }

// Kernel is the name of the kernel that computes.
func (j *Judge) Kernel() string { return j.kernel.Name() }

// meta is what the header of a judge's file says beyond the encoder's shape.
type meta struct {
	Name  string         `json:"name"`
	Heads map[string]int `json:"heads"`
	Kinds []string       `json:"kinds"` // of reversals, then of softenings, then of none
}

// load makes a judge of its two files and its calibration.
func load(words, trained string, c Calibration) (*Judge, error) {
	k, err := kernel.Default()
	if err != nil {
		return nil, err
	}
	w, err := pack.Read(words)
	if err != nil {
		return nil, fmt.Errorf("embeddings: %w", err)
	}
	f, err := pack.Read(trained)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	var m meta
	if err := json.Unmarshal(f.Meta, &m); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	sum := sha256.Sum256([]byte(trained))
	j := &Judge{name: m.Name, version: hex.EncodeToString(sum[:6]), kernel: k, heads: map[string]head{}, kinds: m.Kinds, calibrated: true, Calibration: c}
	if j.encoder, err = encoder.Load(w, f, k); err != nil {
		return nil, err
	}
	if j.tokenizer, err = tokenizer.FromTensors(func(name string) []byte {
		t, err := w.Tensor(name, pack.U8, -1)
		if err != nil {
			return nil
		}
		return unsafe.Slice(unsafe.StringData(t.Data), len(t.Data)) // only read
	}); err != nil {
		return nil, err
	}
	for name, classes := range m.Heads {
		var h head
		if h.weight, err = f.Floats("head."+name+".weight", classes, j.encoder.Config().Hidden); err != nil {
			return nil, err
		}
		if h.bias, err = f.Floats("head."+name+".bias", classes); err != nil {
			return nil, err
		}
		j.heads[name] = h
	}
	for name, classes := range map[string]int{"rev": 3, "stance": 4, "position": 2, "voice": 2} {
		if len(j.heads[name].bias) != classes {
			return nil, fmt.Errorf("judge: no head %q of %d classes", name, classes)
		}
	}
	return j, nil
}

// Pairs reads pairs, in any order of time but earlier first in each. Texts may be of any length and any bytes; what is
// beyond 256 pieces of a pair is cut, the longer side first. The error is ctx's.
func (j *Judge) Pairs(ctx context.Context, pairs []Pair) ([]Reading, error) {
	sides := make([][2]string, len(pairs))
	for i, p := range pairs {
		sides[i] = [2]string{p.Before.input(), p.After.input()}
	}
	out := make([]Reading, len(pairs))
	err := j.read(ctx, sides, false, func(i int, first []float32) {
		if j.heads["rev"].bias == nil { // of an inference model
			p := j.heads["nli"].probabilities(first, j.Temperature["nli"])
			out[i] = Reading{None: p[0] + p[1], Reversal: p[2]}
			return
		}
		p := j.heads["rev"].probabilities(first, j.Temperature["rev"])
		out[i] = Reading{None: p[0], Softening: p[1], Reversal: p[2]}
		if kinds := j.heads["kind"]; kinds.bias != nil {
			scores := kinds.scores(first)
			out[i].ReversalKind, out[i].SofteningKind = j.kind(scores, 0, reversalKinds), j.kind(scores, reversalKinds, reversalKinds+softeningKinds)
		}
	})
	return out, err
}

// kind is the likeliest of some kinds, or "" where it is not likelier than all others together: a wrong kind is worse than none.
func (j *Judge) kind(scores []float64, from, to int) string {
	if to > len(scores) || to > len(j.kinds) {
		return ""
	}
	best := from
	for i := from; i < to; i++ {
		if scores[i] > scores[best] {
			best = i
		}
	}
	all := 0.0
	for _, x := range scores[from:to] {
		all += math.Exp(x - scores[best])
	}
	if all > 2 {
		return ""
	}
	return j.kinds[best]
}

// How many of the kinds are of reversals and of softenings (train/data.py).
const reversalKinds, softeningKinds = 11, 5

// TellsStances tells whether Stances has an answer.
func (j *Judge) TellsStances() bool {
	return j.heads["stance"].bias != nil || j.heads["nli"].bias != nil
}

// ErrNoStances is the error of a judge in a folder that tells reversals and nothing else.
var ErrNoStances = errors.New("this judge tells reversals, but no stances")

// Stances reads what each passage does to its proposition, in any of the judge's languages, also across languages. A judge
// that has no head for stances takes those of inference: what entails the proposition affirms it, what contradicts it denies it, all
// else is silent, and nothing qualifies. The error is ctx's, or ErrNoStances.
func (j *Judge) Stances(ctx context.Context, held []Held) ([]Stance, error) {
	if !j.TellsStances() {
		return nil, ErrNoStances
	}
	inference := j.heads["stance"].bias == nil
	sides := make([][2]string, len(held))
	for i, h := range held {
		sides[i] = [2]string{h.Passage.input(), h.Proposition}
	}
	out := make([]Stance, len(held))
	err := j.read(ctx, sides, false, func(i int, first []float32) {
		if inference {
			p := j.heads["nli"].probabilities(first, j.Temperature["stance"])
			out[i] = Stance{Affirms: p[0], Denies: p[2], Silent: p[1]}
			return
		}
		p := j.heads["stance"].probabilities(first, j.Temperature["stance"])
		out[i] = Stance{p[0], p[1], p[2], p[3]}
	})
	return out, err
}

// Bearing is what a passage is by itself.
type Bearing struct {
	// Position is the probability that it takes a stand: asserts or denies, commits, rules out, supports, opposes, decides. The rest
	// are thanks, schedules, biographies, scenes.
	Position float64
	// Issuer is the probability that it speaks for the institution, and does not report what somebody else says.
	Issuer float64
}

// TellsBearings tells whether Bearings has an answer.
func (j *Judge) TellsBearings() bool {
	return j.heads["position"].bias != nil && j.heads["voice"].bias != nil
}

// ErrNoBearings is the error of a judge in a folder that reads pairs and nothing else.
var ErrNoBearings = errors.New("this judge does not tell what a passage is by itself")

// Bearings reads passages by themselves. The error is ctx's, or ErrNoBearings.
func (j *Judge) Bearings(ctx context.Context, passages []Passage) ([]Bearing, error) {
	if !j.TellsBearings() {
		return nil, ErrNoBearings
	}
	sides := make([][2]string, len(passages))
	for i, p := range passages {
		sides[i][0] = p.input()
	}
	out := make([]Bearing, len(passages))
	err := j.read(ctx, sides, true, func(i int, first []float32) {
		out[i] = Bearing{
			Position: j.heads["position"].probabilities(first, j.Temperature["position"])[1],
			Issuer:   j.heads["voice"].probabilities(first, j.Temperature["voice"])[0],
		}
	})
	return out, err
}

// chunk is how many pairs are encoded between two looks at the context, and kept in memory as tokens.
const chunk = 64

// read encodes pairs of texts, or the first of each alone, those of like length together, and hands the first token of each
// to f.
func (j *Judge) read(ctx context.Context, sides [][2]string, single bool, f func(i int, first []float32)) error {
	pieces := map[string][]int32{}
	encode := func(s string) []int32 {
		ids, ok := pieces[s]
		if !ok {
			ids = j.tokenizer.Encode(clip(s))
			pieces[s] = ids
		}
		return ids
	}
	limit := min(maxTokens, j.encoder.Config().Longest())
	for at := 0; at < len(sides); at += chunk {
		part := sides[at:min(at+chunk, len(sides))]
		clear(pieces)
		sequences, order := make([]encoder.Sequence, len(part)), make([]int, len(part))
		for i, s := range part {
			var ids, types []int32
			if single {
				ids, types = j.tokenizer.Single(encode(s[0]), limit)
			} else {
				ids, types = j.tokenizer.Pair(encode(s[0]), encode(s[1]), limit)
			}
			if j.untyped {
				types = nil
			}
			sequences[i], order[i] = encoder.Sequence{IDs: ids, Types: types}, i
		}
		sort.Slice(order, func(a, b int) bool { return len(sequences[order[a]].IDs) < len(sequences[order[b]].IDs) })
		sorted := make([]encoder.Sequence, len(part))
		for i, k := range order {
			sorted[i] = sequences[k]
		}
		first, err := j.encoder.FirstTokens(ctx, sorted)
		if err != nil {
			return err
		}
		for i, k := range order {
			if !finite(first[i]) {
				return fmt.Errorf("the judge %s computes values beyond all bounds: its weights are damaged, or do not belong together", j.name)
			}
			f(at+k, j.pooled(first[i]))
		}
	}
	return nil
}

// pooled is what the heads read of a first token.
func (j *Judge) pooled(first []float32) []float32 {
	if j.pooler.bias == nil {
		return first
	}
	out := make([]float32, len(first))
	for i, x := range j.pooler.scores(first) {
		out[i] = float32(math.Tanh(x))
	}
	return out
}

// finite tells whether all values are finite numbers.
func finite(values []float32) bool {
	for _, v := range values {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// clip bounds what is tokenized of a side: no passage has as many bytes as 256 pieces can.
func clip(s string) string {
	const most = 16 << 10
	if len(s) > most {
		return s[:most]
	}
	return s
}

// scores are a head's logits.
func (h head) scores(first []float32) []float64 {
	out := make([]float64, len(h.bias))
	for c := range out {
		sum := float64(h.bias[c])
		for i, w := range h.weight[c*len(first) : (c+1)*len(first)] {
			sum += float64(w) * float64(first[i])
		}
		out[c] = sum
	}
	return out
}

// probabilities is the softmax of a head's logits over a temperature (Guo et al. 2017); 0 stands for 1.
func (h head) probabilities(first []float32, temperature float64) []float64 {
	if temperature == 0 {
		temperature = 1
	}
	p := h.scores(first)
	most := math.Inf(-1)
	for _, x := range p {
		most = max(most, x)
	}
	total := 0.0
	for i, x := range p {
		p[i] = math.Exp((x - most) / temperature)
		total += p[i]
	}
	for i := range p {
		p[i] /= total
	}
	return p
}
