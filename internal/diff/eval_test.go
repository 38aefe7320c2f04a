package diff

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
)

// labelled is an edit of the development set.
type labelled struct {
	ID, Before, After string
	Class             statement.Class
	Kinds             []statement.EditKind
	Importance        int
	Why               string
	URL               string `json:"url_path"`
	Language          string
	Title             string
	NewTitle          string `json:"new_title"`
}

func loadLabelled(t testing.TB) (list []labelled) {
	t.Helper()
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	f, err := os.Open(filepath.Join(shared, "eval", "edits", "dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	return list
}

// scores are the figures by which the classifier is judged.
type scores struct {
	right, all             int
	confusion              map[statement.Class]map[statement.Class]int
	kindTP, kindFP, kindFN map[statement.EditKind]int
	high, highFound        int
	distance               int
}

func (s *scores) add(want labelled, got Verdict) {
	if s.confusion == nil {
		s.confusion = map[statement.Class]map[statement.Class]int{}
		s.kindTP, s.kindFP, s.kindFN = map[statement.EditKind]int{}, map[statement.EditKind]int{}, map[statement.EditKind]int{}
	}
	s.all++
	if want.Class == got.Class {
		s.right++
	}
	if s.confusion[want.Class] == nil {
		s.confusion[want.Class] = map[statement.Class]int{}
	}
	s.confusion[want.Class][got.Class]++
	for _, k := range want.Kinds {
		if slices.Contains(got.Kinds, k) {
			s.kindTP[k]++
		} else {
			s.kindFN[k]++
		}
	}
	for _, k := range got.Kinds {
		if !slices.Contains(want.Kinds, k) {
			s.kindFP[k]++
		}
	}
	if want.Importance >= 2 {
		s.high++
		if got.Importance >= 2 {
			s.highFound++
		}
	}
	s.distance += max(want.Importance-got.Importance, got.Importance-want.Importance)
}

func (s *scores) classF1(c statement.Class) (recall, precision, f1 float64) {
	tp, fn, fp := float64(s.confusion[c][c]), 0.0, 0.0
	for want, row := range s.confusion {
		for got, n := range row {
			if want == c && got != c {
				fn += float64(n)
			}
			if want != c && got == c {
				fp += float64(n)
			}
		}
	}
	return tp / (tp + fn), tp / (tp + fp), 2 * tp / (2*tp + fn + fp)
}

func (s *scores) accuracy() float64 { return float64(s.right) / float64(s.all) }

func (s *scores) macroF1() float64 {
	sum := 0.0
	for _, c := range []statement.Class{statement.ClassNone, statement.ClassEditorial, statement.ClassSubstantive} {
		_, _, f := s.classF1(c)
		sum += f / 3
	}
	return sum
}

func (s *scores) kindsF1() float64 {
	tp, wrong := 0, 0
	for _, k := range statement.EditKinds {
		tp += s.kindTP[k]
		wrong += s.kindFP[k] + s.kindFN[k]
	}
	return 2 * float64(tp) / float64(2*tp+wrong)
}

func (s *scores) String() string {
	var b strings.Builder
	recall, precision, _ := s.classF1(statement.ClassSubstantive)
	fmt.Fprintf(&b, "class: accuracy %.3f, macro-F1 %.3f; substantive: recall %.3f, precision %.3f; kinds: micro-F1 %.3f; importance: recall of 2 and more %.3f (of %d), mean absolute error %.3f\n",
		s.accuracy(), s.macroF1(), recall, precision, s.kindsF1(), float64(s.highFound)/float64(s.high), s.high, float64(s.distance)/float64(s.all))
	for _, k := range statement.EditKinds {
		fmt.Fprintf(&b, "  %-18s %2d found, %2d missed, %2d wrongly\n", k, s.kindTP[k], s.kindFN[k], s.kindFP[k])
	}
	return b.String()
}

func TestClassifiesTheDevelopmentSet(t *testing.T) {
	var s scores
	for _, l := range loadLabelled(t) {
		v := Compare(Text{Body: l.Before}, Text{Body: l.After}).Verdict(t.Context(), Embedded, "")
		s.add(l, v)
		if testing.Verbose() && l.Importance != v.Importance {
			t.Logf("IMPORTANCE %s want %d got %d %v | %s", l.ID, l.Importance, v.Importance, v.Kinds, l.Why)
		}
		if testing.Verbose() && (v.Class != l.Class || !sameKinds(v.Kinds, l.Kinds)) {
			mark := "kinds"
			if v.Class != l.Class {
				mark = "CLASS"
			}
			t.Logf("%s %s want %s %v, got %s %v | %s", mark, l.ID, l.Class, l.Kinds, v.Class, v.Kinds, l.Why)
			for _, r := range v.Reasons {
				t.Logf("      %s %s %s: %s", r.Rule, r.Class, r.Kind, r.Text)
			}
		}
	}
	t.Log(s.String())
	t.Log(s.confusion)
	recall, precision, _ := s.classF1(statement.ClassSubstantive)
	for _, f := range []struct {
		what      string
		got, want float64
	}{
		{"accuracy", s.accuracy(), 0.93}, {"macro-F1", s.macroF1(), 0.90}, {"recall", recall, 0.98}, {"precision", precision, 0.92},
		{"micro-F1 of kinds", s.kindsF1(), 0.78}, {"recall of what is important", float64(s.highFound) / float64(s.high), 0.80},
		{"nearness of importance", -float64(s.distance) / float64(s.all), -0.30},
	} {
		if f.got < f.want {
			t.Errorf("%s is %.3f, it was %.3f", f.what, f.got, f.want)
		}
	}
}

func sameKinds(a, b []statement.EditKind) bool {
	x, y := unshared(a, b)
	return len(x)+len(y) == 0
}
