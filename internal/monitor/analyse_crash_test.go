package monitor

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// analysing names, in the environment, the folder whose statements a child analyses.
const analysing = "VOLTEFACE_TEST_ANALYSING"

func TestMain(m *testing.M) {
	if dir := os.Getenv(analysing); dir != "" {
		if err := analyseIn(dir, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	for variable, program := range map[string]func(string) error{standingIn: standInOutside, asking: askIn} {
		if with := os.Getenv(variable); with != "" {
			if err := program(with); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// deskRule tells a desk of reversals.
var deskRule = alert.Rule{Name: "turns", Events: []string{"reversal"}, To: []string{"desk@newsroom.example"}}

// openArchive is a folder's store and what reads it.
func openArchive(dir string) (*Monitor, *sqlite.Store, error) {
	store, err := sqlite.Open(context.Background(), dir+"/v.db")
	if err != nil {
		return nil, nil, err
	}
	blobs, err := blob.OpenFolder(dir + "/blobs")
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return &Monitor{Store: store, Blobs: blobs, Clock: clock.StoppedAt(begin), Rules: []alert.Rule{deskRule}, Topics: []statement.Topic{drones}, Log: slog.New(slog.DiscardHandler),
		Sources: func(id string) (statement.Source, bool) { return ministry, id == ministry.ID }}, store, nil
}

// analyseIn analyses what waits and says each statement that is done.
func analyseIn(dir string, say io.Writer) error {
	m, store, err := openArchive(dir)
	if err != nil {
		return err
	}
	_, err = m.Analyse(context.Background(), AnalyseOptions{Progress: func(done, _ int) { fmt.Fprintln(say, done) }})
	m.Close()
	return errors.Join(err, store.Close())
}

// inTheArchive is how many statements an archive has: enough to be killed in some times over on a
// fast machine.
const inTheArchive = 72

// fillArchive keeps statements of a year in a folder: denials, and what turns some round.
func fillArchive(t *testing.T, dir string) {
	m, store, err := openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{denied, "The minister received the ambassador of Croatia.", "Iran will not close the embassy in Lisbon.", "Talks on the dam at Salma were held in Muscat.",
		admitted, "Trade with Uruguay rose by a tenth.", "Iran has closed the embassy in Lisbon.", "The spokesman had no comment on the tanker."}
	if err := store.Update(t.Context(), func(tx state.Tx) error {
		for i := range inTheArchive {
			at := begin.AddDate(0, 0, 5*i)
			id := statement.NewID("mfa", fmt.Sprint(i))
			published := statement.Date{Time: at, HasTime: true}
			st := statement.Statement{ID: id, Source: "mfa", URL: fmt.Sprint("http://press.example/", i), Published: published, Language: "en", Revision: 1, FirstSeen: at}
			r := statement.Revision{Statement: id, N: 1, Body: texts[i%len(texts)], Published: published, Language: "en", SeenAt: at}
			if err := errors.Join(tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, false)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	m.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// inArchive lists what an analysis has left in a folder.
func inArchive(t *testing.T, dir string) (lines []string) {
	m, store, err := openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	defer m.Close()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := store.Reversals(t.Context(), state.ReversalFilter{})
	must(err)
	for _, f := range found {
		lines = append(lines, fmt.Sprint("finding ", f.ID, f.Level, f.Quiet))
	}
	alerts, err := store.Alerts(t.Context(), state.AlertFilter{})
	must(err)
	lines = append(lines, fmt.Sprint(len(alerts), " alerts"))
	stances, err := store.Stances(t.Context(), "drones")
	must(err)
	for _, s := range stances {
		lines = append(lines, fmt.Sprint("stance ", s.Statement, s.Stance))
	}
	all, err := store.Analysed(t.Context(), time.Time{})
	must(err)
	for _, a := range all {
		of, err := store.PassagesOf(t.Context(), a.Statement, a.Revision)
		must(err)
		lines = append(lines, fmt.Sprint("analysed ", a.Statement, a.Outcome, len(of)))
	}
	terms, err := store.PassageTerms(t.Context(), "IR", 0, 0)
	must(err)
	lines = append(lines, fmt.Sprint(len(terms), " passages to be found"))
	return lines
}

// A process killed at any moment of its analysis loses nothing, tells nothing twice, and
// another goes on from there: in the end all is as if nobody had been killed.
func TestKilledWhileAnalysing(t *testing.T) {
	if testing.Short() {
		t.Skip("a dozen processes are started")
	}
	whole, killed := t.TempDir(), t.TempDir()
	for _, dir := range []string{whole, killed} {
		fillArchive(t, dir)
	}
	if err := analyseIn(whole, io.Discard); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for round := 0; ; round++ {
		if round == 60 {
			t.Fatal("the analysis never ends")
		}
		if !analyseAndKill(t, killed) {
			break
		}
		kills++
	}
	if kills < 4 {
		t.Errorf("only %d kills: the test says little", kills)
	}
	want, got := inArchive(t, whole), inArchive(t, killed)
	if !slices.Equal(want, got) {
		t.Errorf("after %d kills\n%s\nnot\n%s", kills, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.ContainsFunc(want, func(l string) bool { return strings.HasPrefix(l, "finding") }) || slices.Contains(want, "0 alerts") {
		t.Errorf("nothing was found: the test says nothing\n%s", strings.Join(want, "\n"))
	}
}

// analyseAndKill starts a child and kills it soon after one of its first statements; it is
// false if the child was done before.
func analyseAndKill(t *testing.T, dir string) bool {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), analysing+"="+dir)
	var complaint strings.Builder
	child.Stderr = &complaint
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	hanging := time.AfterFunc(2*time.Minute, func() { child.Process.Kill() })
	defer hanging.Stop()
	r := bufio.NewReader(said)
	for range rand.IntN(12) {
		if _, err := r.ReadString('\n'); err != nil {
			break
		}
	}
	time.Sleep(time.Duration(rand.IntN(8000)) * time.Microsecond)
	child.Process.Kill()
	_, _ = io.Copy(io.Discard, r)
	err = child.Wait()
	if complaint.Len() > 0 {
		t.Fatal(complaint.String())
	}
	return err != nil
}

// An upgrade of the engine over a full store reads all again, quietly: no alert, no finding
// twice, and what people decided stays.
func TestUpgradeOverAFullStore(t *testing.T) {
	dir := t.TempDir()
	fillArchive(t, dir)
	if err := analyseIn(dir, io.Discard); err != nil {
		t.Fatal(err)
	}
	before := inArchive(t, dir)
	m, store, err := openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	found, err := store.Reversals(t.Context(), state.ReversalFilter{})
	if err != nil || len(found) == 0 {
		t.Fatalf("%d findings, %v", len(found), err)
	}
	if err := store.Update(t.Context(), func(tx state.Tx) error {
		return tx.Review(found[0].ID, state.Review{Decision: state.Dismissed, Reason: "another embassy", At: begin})
	}); err != nil {
		t.Fatal(err)
	}
	n, err := store.Reanalyse(t.Context(), "the next")
	if err != nil || n != inTheArchive {
		t.Fatalf("%d to be read again, %v", n, err)
	}
	m.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for analyseAndKill(t, dir) { // an upgrade may be killed as well
	}
	if after := inArchive(t, dir); !slices.Equal(before, after) {
		t.Errorf("after the upgrade\n%s\nnot\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	_, store, err = openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if f, err := store.Reversal(t.Context(), found[0].ID); err != nil || f.Review.Decision != state.Dismissed {
		t.Errorf("%+v, %v", f.Review, err)
	}
}
