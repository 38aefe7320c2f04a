package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// decidedStore is a folder with a confirmed finding of today, a dismissed one of another engine, one that follows it, one that was
// replaced, and one that nobody decided on and no engine finds any more.
func decidedStore(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)
	const body = "QUESTION: Will the port be closed?\n\nMR. REED: We will never close the port.\n\nThe weather was fine."
	const said = "We will never close the port."
	put := func(tx state.Tx, id, engine string, r state.Review) error {
		quote := func(id, text string) statement.Quote {
			return statement.Quote{Statement: id, Revision: 1, Source: "kremlin", Issuer: "Ministry", Text: text, Published: statement.Date{Time: at, HasTime: true}, Language: "en-GB"}
		}
		f := state.Finding{Source: "kremlin", Government: "RU", FoundAt: at, Review: r}
		f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Kind: "ruled_out_to_done", Score: 0.9, Engine: engine, Explanation: "It appears to contradict."}
		f.Before, f.After = quote("s-1", said), quote("s-2", "The port has been closed.")
		f.Before.Span = statement.Span{Start: strings.Index(body, said), End: strings.Index(body, said) + len(said)}
		_, err := tx.PutReversal(f)
		return err
	}
	err = store.Update(t.Context(), func(tx state.Tx) (err error) {
		for _, id := range []string{"s-1", "s-2"} {
			st := statement.Statement{ID: id, Source: "kremlin", URL: "http://press.example/" + id, Title: id, Revision: 1, FirstSeen: at, Language: "en"}
			err = errors.Join(err, tx.PutStatement(st), tx.PutRevision(statement.Revision{Statement: id, N: 1, Title: id, Body: body, SeenAt: at}),
				tx.PutAnalysis(state.Analysis{Statement: id, Revision: 1, Said: at, Engine: "2", Outcome: "analysed", At: at}))
		}
		confirmed, dismissed := state.Review{Decision: state.Confirmed, At: at}, state.Review{Decision: state.Dismissed, Reason: "another port", At: at}
		follows := dismissed
		follows.Follows = "before"
		return errors.Join(err, put(tx, "today", "2", confirmed), put(tx, "before", "1", dismissed), put(tx, "follows", "2", follows),
			put(tx, "older", "1", confirmed), tx.ReplaceReversal("older", "today"), put(tx, "found", "1", state.Review{}))
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestDecisionsAreListedAndOpen(t *testing.T) {
	folder := decidedStore(t)
	do := func(args ...string) string {
		t.Helper()
		code, out, errs := runWith(t, "", "", append(args, "--data-dir", folder)...)
		if code != 0 {
			t.Fatalf("%q: exit %d, %s", args, code, errs)
		}
		return out
	}
	if out := do("reversals", "list"); !strings.Contains(out, "today") || strings.Count(out, "\n") != 1 {
		t.Errorf("%s", out)
	}
	out := do("reversals", "list", "--all")
	if strings.Contains(out, "older") || !strings.Contains(out, "dismissed, decided before") || !strings.Contains(out, "alert, found before") || strings.Count(out, "\n") != 4 {
		t.Errorf("%s", out)
	}
	if out := do("reversals", "show", "older"); !strings.Contains(out, "volteface reversals show today") || !strings.Contains(out, "confirmed") {
		t.Errorf("%s", out)
	}
	if out := do("reversals", "show", "follows"); !strings.Contains(out, "dismissed, as before  another port") {
		t.Errorf("%s", out)
	}
	if out := do("reversals", "show", "older", "--json"); !strings.Contains(out, `"replaced_by":"today"`) {
		t.Errorf("%s", out)
	}
}

func TestExportOfDecisions(t *testing.T) {
	folder := decidedStore(t)
	file := filepath.Join(t.TempDir(), "decided.jsonl")
	code, _, errs := runWith(t, "", "", "reversals", "export", "-o", file, "--data-dir", folder)
	written, err := os.ReadFile(file)
	if code != 0 || err != nil || !strings.Contains(errs, "2 pairs") || strings.Count(string(written), "\n") != 2 {
		t.Fatalf("exit %d, %s, %v, %s", code, errs, err, written)
	}
	for _, want := range []string{`"label":"reversal","kind":"ruled_out_to_done"`, `"label":"none","kind":"","note":"another port"`, `"lang":"en"`, `"question":"Will the port be closed?"`, `"engine":"2","score":0.9`} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %s in %s", want, written)
		}
	}
	if code, _, errs := runWith(t, "", "", "reversals", "export", "-o", file, "--data-dir", folder); code == 0 || !strings.Contains(errs, "--force") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, out, _ := runWith(t, "", "", "reversals", "export", "--since", "2022-12-01", "--data-dir", folder); code != 0 || out != "" {
		t.Errorf("exit %d, %s", code, out)
	}
}

func TestStatsOfDecisions(t *testing.T) {
	folder := decidedStore(t)
	code, out, errs := runWith(t, "", "", "reversals", "stats", "--data-dir", folder)
	if code != 0 || !strings.Contains(out, "1 of 1, 100 %") || !strings.Contains(out, "too few decisions") || !strings.Contains(out, "Ministry") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	code, out, errs = runWith(t, "", "", "reversals", "stats", "--json", "--data-dir", folder)
	if code != 0 || !strings.Contains(out, `{"by":"all","name":"","alerts":2,"reviews":0,"decided":1,"confirmed":1,"share":1,"threshold":null,"told":null,"note":"too few decisions"}`) {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}

// A topic is printed, with what it would have caught as comments; written where asked for, once; what is no proposition is told.
func TestTopicsNew(t *testing.T) {
	folder, file := decidedStore(t), filepath.Join(t.TempDir(), "port.yaml")
	code, out, errs := runWith(t, "", "", "topics", "new", "The port will be closed.", "--terms", "harbour*", "--data-dir", folder)
	if code != 0 || !strings.Contains(out, "id: the-port-will-be-closed") || !strings.Contains(out, "harbour*") || !strings.Contains(out, "denied: The port will not be closed") || !strings.Contains(out, "# It would have caught 2 of the 2 statements kept.") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	code, _, errs = runWith(t, "", "", "topics", "new", "The port will be closed.", "--id", "port", "-o", file, "--data-dir", folder)
	if written, err := os.ReadFile(file); code != 0 || err != nil || !strings.HasPrefix(string(written), "id: port\n") {
		t.Errorf("exit %d, %s, %v, %s", code, errs, err, written)
	}
	for line, hint := range map[string]string{"Will it be closed?": "plain sentence", "Closed": "who does what"} {
		if code, _, errs := runWith(t, "", "", "topics", "new", line, "--data-dir", folder); code != exitUsage || !strings.Contains(errs, hint) {
			t.Errorf("%s: exit %d, %s", line, code, errs)
		}
	}
	if code, _, errs := runWith(t, "", "", "topics", "new", "A b.", "--id", "taiwan", "--data-dir", folder); code != exitUsage || !strings.Contains(errs, "there is a topic taiwan already") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := runWith(t, "", "", "topics", "nwe"); code != exitUsage || !strings.Contains(errs, "new") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
