package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/opinion"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// droppedStore is a folder with a finding that a second opinion has dropped, and one that waits for its own.
func droppedStore(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)
	err = store.Update(t.Context(), func(tx state.Tx) (err error) {
		for _, id := range []string{"s-1", "s-2"} {
			st := statement.Statement{ID: id, Source: "kremlin", URL: "http://press.example/" + id, Title: id, Revision: 1, FirstSeen: at, Language: "en"}
			err = errors.Join(err, tx.PutStatement(st), tx.PutRevision(statement.Revision{Statement: id, N: 1, Title: id, Body: id, SeenAt: at}))
		}
		for id, dropped := range map[string]time.Time{"gone": at, "waits": {}} {
			f := state.Finding{Source: "kremlin", Government: "RU", FoundAt: at}
			f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelReview, Kind: "ruled_out_to_done", Score: 0.9, Engine: "2", Explanation: "It appears to contradict."}
			f.Before, f.After = statement.Quote{Statement: "s-1", Revision: 1, Text: "We never will."}, statement.Quote{Statement: "s-2", Revision: 1, Text: "We have."}
			c := state.OpinionCase{Finding: id, Opinion: "k-" + id, Level: statement.LevelReview, HeldUntil: at, Held: dropped.IsZero()}
			o := state.Opinion{Key: "k-" + id, Model: "some-model", State: state.OpinionWaiting, CreatedAt: at, NextTry: at, Question: `{"Earlier":{"Text":"We never will."},"Later":{"Text":"We have."}}`}
			if !dropped.IsZero() {
				c.Effect, o.State, o.Verdict, o.Reason, o.SettledAt = statement.EffectDropped, state.OpinionAnswered, statement.VerdictNone, "Another thing is meant.", at
				f.SecondOpinion = &statement.SecondOpinion{Model: o.Model, Verdict: o.Verdict, Reason: o.Reason, Effect: c.Effect}
			}
			_, put := tx.PutReversal(f)
			err = errors.Join(err, put, tx.SettleReversal(id, dropped, false), tx.PutOpinionCase(c), tx.PutOpinion(o),
				tx.AddOpinionAnswer(state.OpinionAnswer{Opinion: o.Key, At: at, State: state.AnswerVoid, Note: "the answer is void: it is empty", Content: "\x1b[31mevil"}))
		}
		return err
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return folder
}

// What was dropped is listed by itself, shown with what was said of it, and comes back.
func TestWhatWasDroppedComesBack(t *testing.T) {
	folder := droppedStore(t)
	rules := "alerts:\n  - {name: all, events: [reversal], level: review, to: [m]}\nchannels: {m: {maildir: m}}\n"
	do := func(code int, args ...string) string {
		t.Helper()
		got, out, errs := runWith(t, rules, "", append(args, "--data-dir", folder)...)
		if got != code || strings.Contains(out+errs, "\x1b") {
			t.Fatalf("%q: exit %d, %s%s", args, got, out, errs)
		}
		return out + errs
	}
	if out := do(0, "reversals", "list"); strings.Contains(out, "gone") || !strings.Contains(out, "waits") {
		t.Errorf("%s", out)
	}
	if out := do(0, "reversals", "list", "--dropped"); !strings.Contains(out, "gone") || strings.Contains(out, "waits") || !strings.Contains(out, "dropped") {
		t.Errorf("%s", out)
	}
	if out := do(0, "reversals", "show", "gone"); !strings.Contains(out, "judged by some-model · none · dropped · Another thing is meant.") || !strings.Contains(out, "volteface reversals restore gone") {
		t.Errorf("%s", out)
	}
	if out := do(0, "reversals", "show", "gone", "--json"); !strings.Contains(out, `"dropped":"2022-11-05T09:00:00Z","second_opinion":{"model":"some-model","verdict":"none"`) {
		t.Errorf("%s", out)
	}
	for _, want := range []string{"We never will.", "the earlier first, void  the answer is void", "none, judged by some-model: Another thing is meant."} {
		if out := do(0, "opinions", "show", "gone"); !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if out := do(0, "opinions", "show", "waits"); !strings.Contains(out, "the finding waits, until 5 Nov 09:00 UTC") {
		t.Errorf("%s", out)
	}
	if out := do(0, "opinions", "show", "waits", "--json"); !strings.Contains(out, `"held":true`) || !strings.Contains(out, `"messages":[{"role":"system"`) {
		t.Errorf("%s", out)
	}
	if out := do(1, "reversals", "restore", "waits"); !strings.Contains(out, "was not dropped") {
		t.Errorf("%s", out)
	}
	if out := do(0, "reversals", "restore", "gone"); !strings.Contains(out, "gone") {
		t.Errorf("%s", out)
	}
	if out := do(0, "reversals", "list"); !strings.Contains(out, "gone") {
		t.Errorf("%s", out)
	}
	store, err := sqlite.Open(context.Background(), filepath.Join(folder, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if told, err := store.ToldTurns(t.Context(), "", time.Time{}); err != nil || len(told) != 1 || told[0].Reversal != "gone" {
		t.Errorf("told of %v, %v", told, err)
	}
}

// The example of the configuration, and the documentation, name what there is.
func TestSecondOpinionIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/second-opinion.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"base_url", "model", "api_key", "api_key_file", "timeout", "wait", "max_per_day", "max_tokens_per_month", "levels", "allow_private", "options", "price_per_million"} {
		if !strings.Contains(string(text), "`"+field+"`") {
			t.Errorf("docs/second-opinion.md says nothing of %s", field)
		}
	}
	for _, m := range (opinion.Question{}).Messages(false)[:1] {
		if !strings.Contains(string(text), m.Content) {
			t.Errorf("docs/second-opinion.md does not show what is asked")
		}
	}
}

// A translation stands below the quotation that it is of, marked as a machine's, only where the configuration asks for it.
func TestReversalsShowTranslates(t *testing.T) {
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	const said = "Мы никогда не поставляли оружие."
	e := opinion.Extra{Kind: opinion.Translation, Into: "en", Language: "ru", Text: said}
	err = store.Update(t.Context(), func(tx state.Tx) (err error) {
		for _, id := range []string{"s-1", "s-2"} {
			err = errors.Join(err, tx.PutStatement(statement.Statement{ID: id, Source: "kremlin", URL: "http://press.example/" + id, Revision: 1}), tx.PutRevision(statement.Revision{Statement: id, N: 1, Body: id}))
		}
		f := state.Finding{Source: "kremlin", Government: "RU"}
		f.Reversal = statement.Reversal{ID: "f1", Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Explanation: "It appears to contradict."}
		f.Before, f.After = statement.Quote{Statement: "s-1", Revision: 1, Text: said, Language: "ru"}, statement.Quote{Statement: "s-2", Revision: 1, Text: "We have supplied some.", Language: "en"}
		_, put := tx.PutReversal(f)
		return errors.Join(err, put, tx.PutExtra(state.Extra{Key: e.Key(), Kind: "translation", Language: "en", State: state.OpinionAnswered, Model: "some-model", Text: "We never supplied weapons. \x1b[31m"}))
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	for configuration, want := range map[string]bool{"second_opinion: {base_url: https://api.example.org/v1, model: another, translate: en}\n": true, "second_opinion: {base_url: https://api.example.org/v1, model: another}\n": false, "": false} {
		code, out, errs := runWith(t, configuration, "", "reversals", "show", "f1", "--data-dir", folder)
		if code != 0 || !strings.Contains(out, said) || strings.Contains(out, "\x1b[31m") {
			t.Errorf("%d\n%s%s", code, out, errs)
		}
		if marked := strings.Contains(out, "translated by some-model, a machine; not the speaker's words\n           We never supplied weapons."); marked != want {
			t.Errorf("%q: translated %v\n%s", configuration, marked, out)
		}
		_, out, _ = runWith(t, configuration, "", "reversals", "show", "f1", "--json", "--data-dir", folder)
		if told := strings.Contains(out, `"translation":{"model":"some-model","language":"en","text":"We never supplied weapons.`); told != want || strings.Count(out, `"translation":null`) != map[bool]int{true: 1, false: 2}[want] {
			t.Errorf("%q: %s", configuration, out)
		}
	}
}
