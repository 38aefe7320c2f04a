// Package evaluate measures a judge on labelled sets, and fits its calibration.
package evaluate

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"volteface/internal/judge"
)

// Pair is a labelled pair of statements, or of passages.
type Pair struct {
	Event, Kind   string
	Label         string // reversal, softening or none
	Language      string
	Before, After judge.Side
}

// Stance is a passage with its stance on a proposition.
type Stance struct {
	Event, Label, Language string
	Passage                judge.Side
	Proposition            string
}

// Passage is a passage and what it is by itself.
type Passage struct {
	Text             string
	Position, Issuer bool // as in judge.Bearing
}

// Sets are the labelled sets of a folder.
type Sets struct {
	Pairs    map[string][]Pair // by the name of the set
	Stances  map[string][]Stance
	Passages map[string][]Passage // by the name of the set and the language
}

// fresh begins the names of sets that neither training nor calibration may see.
const fresh = "fresh "

// Folds is how many folds the events fall into.
const Folds = 12

// Fold is the fold of an event, the one that train/data.py puts it into.
func Fold(event string) int {
	sum := sha256.Sum256([]byte("d" + event))
	return int(binary.BigEndian.Uint32(sum[:4]) % Folds)
}

// Read reads every set that lies in a folder: banks/, stance/, whole/, calibration/ and fresh/ of the training's own data, and banks/, stance/,
// reversals/, whitehouse/, pairs/ of the evaluation folder. What is not there is left out. fold keeps the events of one fold of twelve
// wherever a set may have been trained on; a negative one keeps all.
func Read(folder string, fold int) (*Sets, error) {
	s := &Sets{Pairs: map[string][]Pair{}, Stances: map[string][]Stance{}, Passages: map[string][]Passage{}}
	keep := func(event string) bool { return fold < 0 || Fold(event) == fold }
	all := func(string) bool { return true }
	err := errors.Join(
		s.banks(folder, keep), s.stances("stance", filepath.Join(folder, "stance", "*.jsonl"), keep),
		s.cases("cases", filepath.Join(folder, "reversals", "dev.jsonl"), keep),
		s.cases("whole cases", filepath.Join(folder, "whole", "cases*.jsonl"), keep),
		s.cases("calibration cases", filepath.Join(folder, "calibration", "cases*.jsonl"), all),
		s.cases(fresh+"cases, second lot", filepath.Join(folder, "fresh", "cases2.jsonl"), all),
		s.stances(fresh+"stance, second lot", filepath.Join(folder, "fresh", "stance2.jsonl"), all),
		s.cases(fresh+"cases, third lot", filepath.Join(folder, "fresh", "cases3.jsonl"), all),
		s.stances(fresh+"stance, third lot", filepath.Join(folder, "fresh", "stance3.jsonl"), all),
		s.passages(fresh+"passages", filepath.Join(folder, "fresh", "voices.jsonl")),
		s.real("real pairs", filepath.Join(folder, "reversals", "real.jsonl"), keep),
		s.real("White House", filepath.Join(folder, "whitehouse", "dev.jsonl"), keep),
		s.political(folder))
	return s, err
}

// lines decodes each line of the files of a pattern, plain or compressed by gzip. Where there is none, there are no lines.
func lines[T any](pattern string, f func(T)) error {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := linesOf(file, f); err != nil {
			return err
		}
	}
	return nil
}

func linesOf[T any](path string, f func(T)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20)
	for n := 1; scanner.Scan(); n++ {
		var v T
		if err := json.Unmarshal(scanner.Bytes(), &v); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		f(v)
	}
	return scanner.Err()
}

var labels = map[string]string{"R": "reversal", "S": "softening", "N": "none", "reversal": "reversal", "softening": "softening", "partial": "softening", "none": "none"}

func english(language string) bool { return language == "" || language == "en" }

// group names a set by whether it is in English.
func group(what, language string) string {
	if english(language) {
		return what + ", English"
	}
	return what + ", other languages"
}

func (s *Sets) banks(folder string, keep func(string) bool) error {
	type bank struct {
		Event      string
		Lang       string
		Statements []struct{ T, S string }
		Pairs      [][4]any
	}
	return lines(filepath.Join(folder, "banks", "*.jsonl"), func(b bank) {
		if !keep(b.Event) {
			return
		}
		for _, p := range b.Pairs {
			x, _ := p[0].(float64)
			y, _ := p[1].(float64)
			label, _ := p[2].(string)
			kind, _ := p[3].(string)
			if int(x) >= len(b.Statements) || int(y) >= len(b.Statements) || labels[label] == "" {
				continue
			}
			name := group("banks", b.Lang)
			s.Pairs[name] = append(s.Pairs[name], Pair{Event: b.Event, Kind: kind, Label: labels[label], Language: b.Lang,
				Before: judge.Side{Text: b.Statements[int(x)].T}, After: judge.Side{Text: b.Statements[int(y)].T}})
		}
	})
}

type side struct{ Text, Quote, Question string }

func (s side) side() judge.Side {
	text := s.Text
	if text == "" {
		text = s.Quote
	}
	return judge.Side{Text: text, Question: s.Question}
}

func (s *Sets) cases(name, pattern string, keep func(string) bool) error {
	type line struct {
		Event, Label, Kind, Lang string
		Before, After            side
	}
	return lines(pattern, func(l line) {
		if keep(l.Event) && labels[l.Label] != "" {
			n := group(name, l.Lang)
			s.Pairs[n] = append(s.Pairs[n], Pair{Event: l.Event, Kind: l.Kind, Label: labels[l.Label], Language: l.Lang, Before: l.Before.side(), After: l.After.side()})
		}
	})
}

func (s *Sets) real(name, path string, keep func(string) bool) error {
	type line struct {
		Topic, Label, Kind string
		Before, After      side
	}
	return lines(path, func(l line) {
		if keep(l.Topic) && labels[l.Label] != "" {
			s.Pairs[name] = append(s.Pairs[name], Pair{Event: l.Topic, Kind: l.Kind, Label: labels[l.Label], Before: l.Before.side(), After: l.After.side()})
		}
	})
}

// political reads ProSeCCo (Beyer et al.): propositions, and the words spoken. Nobody trains on it.
func (s *Sets) political(folder string) error {
	type line struct {
		Speaker, Gold string
		Before, After side
		Said          []string
	}
	gold := map[string]string{"contradiction": "reversal", "entailment": "none", "neutral": "none"}
	return lines(filepath.Join(folder, "pairs", "prosecco.jsonl.gz"), func(l line) {
		if gold[l.Gold] == "" {
			return
		}
		s.Pairs["political pairs"] = append(s.Pairs["political pairs"], Pair{Event: l.Speaker, Label: gold[l.Gold], Before: l.Before.side(), After: l.After.side()})
		if len(l.Said) == 2 {
			s.Pairs["political pairs, as spoken"] = append(s.Pairs["political pairs, as spoken"], Pair{Event: l.Speaker, Label: gold[l.Gold], Before: judge.Side{Text: l.Said[0]}, After: judge.Side{Text: l.Said[1]}})
		}
	})
}

func (s *Sets) passages(name, path string) error {
	type line struct{ Text, Lang, Position, Voice string }
	return lines(path, func(l line) {
		n := name + ", " + l.Lang
		s.Passages[n] = append(s.Passages[n], Passage{Text: l.Text, Position: l.Position == "position", Issuer: l.Voice == "issuer"})
	})
}

func (s *Sets) stances(what, pattern string, keep func(string) bool) error {
	type passage struct{ T, Label, Lang string }
	type set struct {
		Topic, Proposition, Lang string
		Passages                 []passage
	}
	return lines(pattern, func(l set) {
		if !keep(l.Topic) {
			return
		}
		for _, p := range l.Passages {
			language := p.Lang
			if language == "" {
				language = l.Lang
			}
			name := group(what, language)
			if slices.Contains(stanceLabels, p.Label) {
				s.Stances[name] = append(s.Stances[name], Stance{Event: l.Topic, Label: p.Label, Language: language, Passage: judge.Side{Text: p.T}, Proposition: l.Proposition})
			}
		}
	})
}

var stanceLabels = []string{"affirms", "denies", "qualifies", "silent"}
