package monitor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"

	"volteface/internal/judge"
	"volteface/internal/statement"
	"volteface/state"
)

// outside stands for a judge. It fails the test where it is asked while a transaction of the store waits for it.
type outside struct {
	t     *testing.T
	asked atomic.Int64
}

func (o *outside) look() {
	o.asked.Add(1)
	if stack := string(debug.Stack()); strings.Contains(stack, "Store).Update(") {
		o.t.Errorf("a judge is asked inside a transaction:\n%s", stack)
	}
}

func (o *outside) Inferences(_ context.Context, list []judge.Inference) ([]judge.Inferred, error) {
	o.look()
	return make([]judge.Inferred, len(list)), nil
}

func (o *outside) Pairs(_ context.Context, list []judge.Pair) ([]judge.Reading, error) {
	o.look()
	return make([]judge.Reading, len(list)), nil
}

func (o *outside) Bearings(_ context.Context, list []judge.Passage) ([]judge.Bearing, error) {
	o.look()
	return make([]judge.Bearing, len(list)), nil
}

func (o *outside) turns(ctx context.Context, pairs [][2]string) ([]bool, error) {
	o.look()
	return turnsByWords(ctx, pairs)
}

// talks and inOtherWords differ in words of which no rule knows whether they say the same.
const (
	talks = "The ministry considers the report about the talks to be wrong. The meeting was held in a cordial atmosphere. " +
		"Both sides spoke of trade, of the river and of the railway, and agreed to meet again in the spring."
	inOtherWords = "The ministry considers the report about the talks to be mistaken. The meeting was held in a warm atmosphere. " +
		"Both sides spoke of trade, of the river and of the railway, and agreed to meet again in the spring."
)

// An edit is read before T1, which records it, once.
func TestEditsAreReadOutsideOfTransactions(t *testing.T) {
	p, o := newPress(t), &outside{t: t}
	p.Edits = o
	src := p.source(nil)
	p.list("/", "/a", "/b", "/c")
	for _, path := range []string{"/a", "/b", "/c"} {
		p.page(path, "On "+path, talks+" So it was on "+path+".", "")
	}
	p.visit(src, Options{})
	p.page("/a", "On /a", inOtherWords+" So it was on /a.", "")
	p.page("/c", "On /c", inOtherWords+" So it was on /c.", "")
	p.expect("edited, in the order of the pages", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /c", "UNCHANGED /b", "CHANGED /a")
	if o.asked.Load() == 0 {
		t.Error("nobody read the edit")
	}
	for _, st := range p.statements() {
		want := 2
		if strings.HasSuffix(st.URL, "/b") {
			want = 1
		}
		if st.Revision != want {
			t.Errorf("%s has %d revisions", st.URL, st.Revision)
		}
	}
	asked := o.asked.Load()
	p.visit(src, Options{Recheck: RecheckAll})
	if o.asked.Load() != asked {
		t.Error("what has not changed is read")
	}
}

// What has to be read first leaves its transaction, and the others are recorded in one.
func TestUnreadPiecesWait(t *testing.T) {
	p := newPress(t)
	bad := errors.New("bad")
	outcomes := make([]error, 6)
	var batch []piece
	runs := 0
	for n := range outcomes {
		batch = append(batch, piece{
			apply: func(tx state.Tx) error {
				if n == 0 {
					runs++
				}
				if _, err := tx.AddEvent(statement.Event{At: begin, State: statement.New, Source: "press", Reason: fmt.Sprint(n)}); err != nil {
					return err
				}
				if n == 1 || n == 4 {
					return fmt.Errorf("record: %w", &unread{step{language: fmt.Sprint(n)}})
				}
				return nil
			},
			after: func(err error) { outcomes[n] = err },
		})
	}
	p.commits().record(batch)
	for n, err := range outcomes {
		open := (*unread)(nil)
		if waits := n == 1 || n == 4; waits != errors.As(err, &open) || !waits && err != nil || waits && open.language != fmt.Sprint(n) {
			t.Errorf("%d: %v", n, err)
		}
	}
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	if len(events) != 4 || runs != 2 {
		t.Errorf("%d events after %d runs", len(events), runs)
	}
	// A bad piece beside one that waits harms neither it nor the others.
	batch[5].apply = func(state.Tx) error { return bad }
	p.commits().record(batch)
	if !errors.Is(outcomes[5], bad) || outcomes[0] != nil || !errors.As(outcomes[1], new(*unread)) {
		t.Errorf("%v", outcomes)
	}
}

// Findings are held against what was dismissed before T2, and before the transaction of a decision.
func TestMattersAreReadOutsideOfTransactions(t *testing.T) {
	p, o := archive(t, true, map[string]string{"2022-10-17": denied, "2022-11-05": admitted}), &outside{t: t}
	p.Turns = o.turns
	const before, after = "Iran has not supplied any drones to Russia for the war in Ukraine.", "Iran supplied a limited number of drones to Russia before the war in Ukraine."
	record := func(day string, f state.Finding) (fresh []state.Finding) {
		a, err := newAnalyst(p.Monitor)
		p.must(err)
		x, err := a.opened(t.Context(), state.Analysis{Statement: statement.NewID("mfa", day), Revision: 1})
		p.must(err)
		f.After.Statement = x.st.ID
		fresh, err = a.record(t.Context(), x, []state.Finding{f}, func(state.Tx, *state.Analysis) error { return nil })
		p.must(err)
		return fresh
	}
	record("2022-10-17", turned("first", "1", before, after))
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		_, err := tx.PutReversal(elsewhere(turned("beside", "1", "As we said, Iran has not supplied any drones to Russia for the war in Ukraine.", after), "s-1", "s-2"))
		return err
	}))
	others, left, err := p.Decide(t.Context(), "first", dismissal)
	p.must(err)
	if len(others) != 1 || left != 0 || o.asked.Load() != 1 {
		t.Errorf("%d others, %d left, asked %d times", len(others), left, o.asked.Load())
	}
	fresh := record("2022-11-05", turned("again", "1", before, "Once more: Iran supplied a limited number of drones to Russia before the war in Ukraine."))
	if f := p.finding("again"); f.Review.Follows != "first" || !f.Quiet || len(fresh) != 1 || o.asked.Load() != 2 {
		t.Errorf("%+v, asked %d times", f.Review, o.asked.Load())
	}
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(alerts) != 1 { // of the first
		t.Errorf("%d alerts", len(alerts))
	}
}

// Of a thousand dismissed findings that look like one, the likest are read, and the rest is counted.
func TestMattersAreReadWithinABound(t *testing.T) {
	m := reader(t)
	read := 0
	m.turns = func(ctx context.Context, pairs [][2]string) ([]bool, error) {
		read += len(pairs)
		return turnsByWords(ctx, pairs)
	}
	const before, after = "Iran has not supplied any drones to Russia for the war in Ukraine.", "Iran supplied a limited number of drones to Russia before the war in Ukraine."
	f := turned("f", "1", before, after)
	var dismissed []state.Finding
	for i := range 200 {
		d := elsewhere(turned(fmt.Sprintf("d-%d", i), "1", before, fmt.Sprintf("%s He said so on the %d. evening of it, to those who had asked, and left.", after, i)), "s-1", fmt.Sprintf("s-%d", i))
		dismissed = append(dismissed, d)
	}
	likest := elsewhere(turned("likest", "1", before, "Once more: "+after), "s-1", "s-3")
	dismissed = append(dismissed, likest)
	for i := range dismissed {
		m.same(&dismissed[i], &f)
	}
	if err := m.weigh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if read != mostTurns || m.left != len(dismissed)-mostTurns {
		t.Errorf("%d pairs read, %d left", read, m.left)
	}
	if !m.same(&likest, &f) || len(m.open) != 0 {
		t.Error("the likest was not read")
	}
}

// Whatever reads statements reads them by the judge that is configured.
func TestTheConfiguredJudgeReads(t *testing.T) {
	p := archive(t, true, map[string]string{"2022-10-17": denied})
	opened, mine := 0, errors.New("the configured judge")
	p.OpenJudge = func() (*judge.Judge, error) { opened++; return nil, mine }
	const before, after = "Iran has not supplied any drones to Russia for the war in Ukraine.", "Iran supplied a limited number of drones to Russia before the war in Ukraine."
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		_, err := tx.PutReversal(turned("first", "1", before, after))
		_, again := tx.PutReversal(elsewhere(turned("again", "1", "As we said, "+before, after), "s-1", "s-2"))
		return errors.Join(err, again)
	}))
	_, _, decided := p.Decide(t.Context(), "first", dismissal)
	_, proposed := p.Propose(t.Context(), "Iran supplied drones to Russia.", nil)
	_, sketched := p.sketch(t.Context(), state.Analysis{Statement: statement.NewID("mfa", "2022-10-17"), Revision: 1})
	_, analysed := p.Analyse(t.Context(), AnalyseOptions{})
	for what, err := range map[string]error{"decide": decided, "topics new": proposed, "editions": sketched, "analyse": analysed} {
		if !errors.Is(err, mine) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// An edit must be recorded whatever becomes of the judge: the one that the program carries reads it, and the log says so.
	var log bytes.Buffer
	p.Log = slog.New(slog.NewTextHandler(&log, nil))
	src := p.source(nil)
	p.list("/", "/a")
	p.page("/a", "On talks", talks, "")
	p.visit(src, Options{})
	p.page("/a", "On talks", inOtherWords, "")
	p.expect("edited", p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /a")
	if opened != 1 || !strings.Contains(log.String(), mine.Error()) {
		t.Errorf("opened %d times; log %s", opened, log.String())
	}
}

// The end of a text that is too long to be read is counted, and logged once.
func TestTheEndOfALongTextIsCounted(t *testing.T) {
	var log bytes.Buffer
	p := archive(t, false, map[string]string{"2022-10-17": denied, "2022-10-18": strings.Repeat("It is so.\n", 1<<14) + "We deny it."})
	p.Log = slog.New(slog.NewTextHandler(&log, nil))
	count, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if n := strings.Count(log.String(), "not analysed"); count.Long != 1 || n != 1 || !strings.Contains(log.String(), "left_out=11") {
		t.Errorf("%+v; logged %d times: %s", count, n, log.String())
	}
}
