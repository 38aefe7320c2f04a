package diff

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Sixty edits in six languages, made up and labelled before anything had judged them, and not tuned on.
func TestClassifiesEditsInSixLanguages(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "languages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s scores
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		v := Compare(Text{l.Title, l.Before}, Text{l.NewTitle, l.After}).Verdict(t.Context(), Embedded, l.Language)
		s.add(l, v)
		if v.Class != l.Class {
			t.Logf("%s: %s %v, want %s %v", l.ID, v.Class, v.Kinds, l.Class, l.Kinds)
		}
	}
	t.Log(s.String())
	recall, precision, _ := s.classF1(statement.ClassSubstantive)
	if s.all != 60 || s.accuracy() < 0.8 || recall < 0.93 || precision < 0.8 || s.kindsF1() < 0.6 {
		t.Errorf("worse than it was: %s", s.String())
	}
}

// scripted is a reader that counts, and reads as it is told.
type scripted struct {
	calls, sentences int
	there, back      judge.Inferred
	turn             judge.Reading
	err              error
}

func (r *scripted) Inferences(_ context.Context, list []judge.Inference) ([]judge.Inferred, error) {
	r.calls++
	r.sentences += len(list) / 2
	var out []judge.Inferred
	for i := range list {
		out = append(out, []judge.Inferred{r.there, r.back}[i%2])
	}
	return out, r.err
}

func (r *scripted) Pairs(_ context.Context, list []judge.Pair) ([]judge.Reading, error) {
	out := make([]judge.Reading, len(list))
	for i := range out {
		out[i] = r.turn
	}
	return out, r.err
}

func (r *scripted) Bearings(_ context.Context, list []judge.Passage) ([]judge.Bearing, error) {
	return make([]judge.Bearing, len(list)), r.err
}

// What follows both ways is wording; one way, weaker or stronger; what contradicts and turns round, reversed.
func TestReadsBothWays(t *testing.T) {
	yes, no, against := judge.Inferred{Entailment: .9}, judge.Inferred{Neutral: .9}, judge.Inferred{Contradiction: .9}
	for name, c := range map[string]struct {
		reader *scripted
		class  statement.Class
		kind   statement.EditKind
	}{
		"both ways": {&scripted{there: yes, back: yes}, editorial, ""},
		"there":     {&scripted{there: yes, back: no}, substantive, statement.KindStrength},
		"back":      {&scripted{there: no, back: yes}, substantive, statement.KindStrength},
		"against":   {&scripted{there: against, back: against, turn: judge.Reading{Reversal: .9}}, substantive, statement.KindNegation},
		"unread":    {&scripted{err: errors.New("no judge")}, substantive, ""},
	} {
		v := Compare(Text{Body: "Die Regierung begrüßt den Vorschlag."}, Text{Body: "Die Regierung kennt den Vorschlag."}).Verdict(t.Context(), c.reader, "de")
		if v.Class != c.class || c.kind != "" && (len(v.Kinds) != 1 || v.Kinds[0] != c.kind) {
			t.Errorf("%s: %s %v, want %s %s: %v", name, v.Class, v.Kinds, c.class, c.kind, v.Reasons)
		}
	}
}

// A judge is asked only for what the rules leave open, and for so much.
func TestReadsNoMoreThanItMust(t *testing.T) {
	for _, p := range [][2]string{
		{"The goverment met.", "The government met."},
		{"Das Treffen ist am 5. November 2022 in Wien.", "Das Treffen ist am 6. November 2022 in Wien."},
		{"Es gibt keine Pläne zur Schließung.", "Es gibt derzeit keine Pläne zur Schließung."},
	} {
		r := &scripted{}
		Compare(Text{Body: p[0]}, Text{Body: p[1]}).Verdict(t.Context(), r, "")
		if r.calls > 0 {
			t.Errorf("%q → %q was read", p[0], p[1])
		}
	}
	many := func(verb string) string {
		var b strings.Builder
		for i := range 60 {
			b.WriteString("Der Ausschuss " + verb + " Antrag " + strings.Repeat("x", i+1) + ".\n\n")
		}
		return b.String()
	}
	r := &scripted{}
	Compare(Text{Body: many("begrüßt")}, Text{Body: many("verwirft")}).Verdict(t.Context(), r, "de")
	if r.sentences != maxRead {
		t.Errorf("%d sentences were read, not %d", r.sentences, maxRead)
	}
}

// A denial that holds for now only, and what will be done where it was done, in every language but English.
func TestGrammarOfOtherLanguages(t *testing.T) {
	for _, c := range []struct {
		language, before, after string
		kind                    statement.EditKind
	}{
		{"ru", "Решения о выводе войск нет.", "На данный момент решения о выводе войск нет.", statement.KindHedge},
		{"tr", "Bölgede askerimiz yok.", "Şu anda bölgede askerimiz yok.", statement.KindHedge},
		{"fa", "ما نیرویی در منطقه نداریم.", "ما در حال حاضر نیرویی در منطقه نداریم.", statement.KindHedge},
		{"fr", "La France livre les chars.", "La France pourrait livrer les chars.", statement.KindModality},
		{"pl", "Rząd przekaże pomoc.", "Rząd może przekazać pomoc.", statement.KindModality},
		{"zh", "两国签署协议。", "两国可能签署协议。", statement.KindModality},
	} {
		v := Compare(Text{Body: c.before}, Text{Body: c.after}).Verdict(t.Context(), nil, c.language)
		if len(v.Kinds) != 1 || v.Kinds[0] != c.kind || v.Importance < 2 {
			t.Errorf("%q → %q: %s %v %d, want %s", c.before, c.after, v.Class, v.Kinds, v.Importance, c.kind)
		}
	}
}
