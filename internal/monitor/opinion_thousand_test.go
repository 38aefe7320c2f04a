package monitor

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/opinion"
	"volteface/internal/opinion/standin"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// standingIn names, in the environment, the seed of a stand-in server that a child runs; asking, the folder whose questions a child
// asks, and the server's address.
const standingIn, asking = "VOLTEFACE_TEST_STANDIN", "VOLTEFACE_TEST_ASKING"

// standInOutside serves until it is killed, and says where.
func standInOutside(seed string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, &standin.Server{Seed: seed, Share: .2, Key: "sk-T0PSECRET"})
}

// child starts a program of this test binary and gives what it says first.
func child(t *testing.T, variable, value string) (cmd *exec.Cmd, said string) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+value)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil && variable == standingIn {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(line)
}

// manyCandidates records so many findings that wait for their opinion.
func manyCandidates(t *testing.T, m *Monitor, many int) map[int]state.Finding {
	t.Helper()
	a := &analyst{Monitor: m}
	all := map[int]state.Finding{}
	err := m.Store.Update(t.Context(), func(tx state.Tx) error {
		for n := 1; n <= many; n++ {
			level := statement.LevelReview
			if n%2 == 0 {
				level = statement.LevelAlert
			}
			f := state.Finding{Source: "mfa", Government: "IR", FoundAt: begin}
			f.Reversal = statement.Reversal{Verdict: statement.VerdictReversal, Level: level, Score: 0.8, Explanation: "It appears to contradict."}
			var q opinion.Question
			for i, text := range []string{fmt.Sprintf("We will never close port number %d.", n), fmt.Sprintf("Port number %d has been closed.", n)} {
				id, published := statement.NewID("mfa", fmt.Sprint(n, i)), statement.Date{Time: begin.AddDate(0, 0, i), HasTime: true}
				quote := statement.Quote{Statement: id, Revision: 1, Source: "mfa", Published: published, Text: text}
				st := statement.Statement{ID: id, Source: "mfa", URL: fmt.Sprintf("http://press.example/%d/%d", n, i), Published: published, Language: "en", Revision: 1, FirstSeen: begin}
				if err := errors.Join(tx.PutStatement(st), tx.PutRevision(statement.Revision{Statement: id, N: 1, Body: text, Published: published, SeenAt: begin})); err != nil {
					return err
				}
				if i == 0 {
					f.Before, q.Earlier = quote, opinion.Side{Text: text}
				} else {
					f.After, q.Later = quote, opinion.Side{Text: text}
				}
			}
			name(&f)
			if _, err := tx.PutReversal(f); err != nil {
				return err
			}
			if err := a.hold(tx, ministry, &f, pending{q.Key(m.Opinions.Client.Model()), q}); err != nil {
				return err
			}
			all[n] = f
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// opineAll asks until nothing waits, while time passes.
func opineAll(ctx context.Context, m *Monitor, c *clock.Virtual) error {
	for range 2000 {
		if _, err := m.Opine(ctx, OpineOptions{}); err != nil {
			return err
		}
		next, err := m.NextOpinion(ctx)
		if err != nil || next.IsZero() {
			return err
		}
		if next.After(c.Now()) {
			c.Set(next)
		}
	}
	return errors.New("it does not end")
}

// checkOpined counts what was lost, asked twice, or obeyed though it was void. again is how often an answer may have been lost on its
// way into the tables, by a kill.
func checkOpined(t *testing.T, m *Monitor, all map[int]state.Finding, log standin.Log, again int) {
	t.Helper()
	lost, twice, obeyed, decided := 0, 0, 0, 0
	turns, err := m.Store.ToldTurns(t.Context(), "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	for _, x := range turns {
		told[x.Reversal] = append(told[x.Reversal], x.Rule)
	}
	for n, found := range all {
		f, err := m.Store.Reversal(t.Context(), found.ID)
		if err != nil {
			t.Fatal(err)
		}
		verdict, rules := statement.Verdict(standin.Verdict(found.Before.Text, false)), len(told[f.ID])
		if f.SecondOpinion != nil {
			if decided++; f.SecondOpinion.Verdict != verdict && n%17 != 0 || strings.Contains(f.Explanation, "evil") || strings.Contains(f.Explanation, "lied") {
				obeyed++
				t.Logf("%d: %+v", n, f.SecondOpinion)
			}
			verdict = f.SecondOpinion.Verdict
		}
		switch {
		case f.SecondOpinion != nil && verdict == statement.VerdictNone:
			if f.DroppedAt.IsZero() || rules != 0 {
				lost++
			}
		case !f.DroppedAt.IsZero():
			obeyed++
		case f.Level == statement.LevelAlert && rules != 2, f.Level == statement.LevelReview && rules != 1:
			lost++
			t.Logf("%d: told by %v: %+v", n, told[f.ID], f.Reversal)
		case found.Level == statement.LevelReview && (f.Level == statement.LevelAlert) != (f.SecondOpinion != nil && verdict == statement.VerdictReversal):
			obeyed++
		}
		for _, swapped := range []bool{false, true} {
			may := 1
			if n%17 == 0 {
				may = 2 // the answers differ
			}
			twice += max(0, log.Answered[fmt.Sprint(found.Before.Text, "\n", found.After.Text, "\n", swapped)]-may)
		}
	}
	held, err := m.Store.HeldCases(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d candidates, %d requests, %d decided: lost %d, asked twice %d, void answers obeyed %d", len(all), log.Requests, decided, lost, twice, obeyed)
	if lost > 0 || twice > again || obeyed > 0 || len(held) > 0 || decided < len(all)*9/10 {
		t.Errorf("lost %d, asked twice %d, void answers obeyed %d, still held %d, decided %d", lost, twice, obeyed, len(held), decided)
	}
}

// A thousand candidates before a server of which a fifth of the answers are none, or void, or try to be more than answers: in process,
// and as a program of its own. Without VOLTEFACE_LONG they are two hundred.
func TestAThousandCandidates(t *testing.T) {
	n := 200
	if os.Getenv("VOLTEFACE_LONG") != "" {
		n = 1000
	}
	for name, start := range map[string]func() (address string, log func() standin.Log){
		"in process": func() (string, func() standin.Log) {
			s := &standin.Server{Seed: "in", Share: .2}
			return standIn(t, s), s.Log
		},
		"outside": func() (string, func() standin.Log) {
			_, address := child(t, standingIn, "out")
			return address, func() standin.Log { return logOf(t, address) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time is spent waiting for a server that hangs
			address, log := start()
			p := opinedPress(t, address, func(o *Opinions, c *opinion.Config) { o.Wait, c.Timeout = 1000*time.Hour, 3*time.Second })
			all := manyCandidates(t, p.Monitor, n)
			p.must(opineAll(t.Context(), p.Monitor, p.clock))
			checkOpined(t, p.Monitor, all, log(), 0)
		})
	}
}

func logOf(t *testing.T, address string) (l standin.Log) {
	t.Helper()
	answer, err := http.Get(address + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&l); err != nil {
		t.Fatal(err)
	}
	return l
}

// askIn asks what waits in a folder, of the server whose address follows it.
func askIn(where string) error {
	dir, address, _ := strings.Cut(where, " ")
	m, store, err := openAsking(dir, address)
	if err != nil {
		return err
	}
	err = opineAll(context.Background(), m, m.Clock.(*clock.Virtual))
	m.Close()
	return errors.Join(err, store.Close())
}

func openAsking(dir, address string) (*Monitor, *sqlite.Store, error) {
	m, store, err := openArchive(dir)
	if err != nil {
		return nil, nil, err
	}
	client, err := opinion.New(opinion.Config{BaseURL: address + "/v1", Model: "standin", Key: "sk-T0PSECRET", AllowPrivate: true, Proxy: "direct", Timeout: 3 * time.Second})
	m.Rules, m.Opinions = desks, &Opinions{Client: client, Wait: 1000 * time.Hour, Levels: []statement.Level{statement.LevelAlert, statement.LevelReview}}
	return m, store, err
}

// A process killed at any moment while it asks loses nothing and tells nothing twice; all it may ask again is what it was being answered.
func TestKilledWhileAsking(t *testing.T) {
	if testing.Short() {
		t.Skip("some processes are started")
	}
	dir := t.TempDir()
	_, address := child(t, standingIn, "kill")
	m, store, err := openAsking(dir, address)
	if err != nil {
		t.Fatal(err)
	}
	all := manyCandidates(t, m, 150)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	const kills = 6
	for i := range kills {
		killed := exec.Command(os.Args[0])
		killed.Env = append(os.Environ(), asking+"="+dir+" "+address)
		before := logOf(t, address).Requests
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		for n := 0; logOf(t, address).Requests < before+20+i && n < 3000; n++ {
			time.Sleep(10 * time.Millisecond)
		}
		_ = killed.Process.Kill()
		_ = killed.Wait()
	}
	if err := askIn(dir + " " + address); err != nil {
		t.Fatal(err)
	}
	if m, store, err = openAsking(dir, address); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	checkOpined(t, m, all, logOf(t, address), kills*askedSide)
}
