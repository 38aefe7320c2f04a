package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/state"
)

// How many due revisions are listed at a time. Between two lists what has come in meanwhile is looked at.
const readAtOnce, judgedAtOnce = 256, 32

// analysisDue notes in T1 that a revision waits to be analysed. What is quiet
// leads to no alert: a baseline, an archive, another reading of the same bytes.
func analysisDue(tx state.Tx, st statement.Statement, r statement.Revision, quiet bool) error {
	return tx.PutAnalysis(state.Analysis{Statement: st.ID, Revision: r.N, Said: r.WhenSaid().Instant(), Quiet: quiet})
}

// AnalyseOptions shape a run of the analysis.
type AnalyseOptions struct {
	Limit int // most revisions; 0 for all that wait
	// Report is told of every finding that is new, after it has been recorded; Held says that it waits for a second opinion.
	Report func(state.Finding)
	// Progress is told how many steps are done: each revision is read, and then judged.
	Progress func(done, total int)
}

// Analysed counts what a run came to.
type Analysed struct {
	Revisions, Unread int // analysed; left alone, in a language that is not read
	Findings          int // new ones
	// Long is how many have so long a text that its end was left out: see longestText, and passage.Cut.
	Long int
}

// Analyse reads the revisions that wait, and holds them against what was said before. First all are read, in the order in
// which they were said: cut into passages, with their stances on watched propositions. Then each is judged: news first, then the latest. Each
// step is recorded in a transaction of its own (T2), which may be repeated: killed at any moment, the next run goes on from there.
func (m *Monitor) Analyse(ctx context.Context, o AnalyseOptions) (count Analysed, err error) {
	a, err := newAnalyst(m)
	if err != nil {
		return count, err
	}
	if err := m.counterparts(ctx); err != nil { // what a killed run has left
		return count, err
	}
	again, err := m.Store.Reanalyse(ctx, a.version)
	if err != nil {
		return count, err
	}
	if again > 0 {
		a.search.Forget()
	}
	counts, err := m.Store.AnalysisCounts(ctx)
	if err != nil {
		return count, err
	}
	due := counts.Due
	if o.Limit > 0 {
		due = min(due, o.Limit)
	}
	steps, all := 0, counts.Unread+due
	step := func() {
		if steps++; o.Progress != nil {
			o.Progress(min(steps, all), all)
		}
	}
	for done := 0; done < due; {
		if err := a.readDue(ctx, &count, o, step); err != nil {
			return count, err
		}
		if err := m.counterparts(ctx); err != nil { // of what there was nothing to judge in
			return count, err
		}
		done = count.Revisions + count.Unread
		next, err := m.Store.JudgementsDue(ctx, min(judgedAtOnce, due-done))
		if err != nil || len(next) == 0 {
			return count, err
		}
		for judged, err := range a.each(ctx, next, a.judged) {
			if err != nil {
				return count, err
			}
			findings, err := a.recordJudged(ctx, judged)
			if err != nil {
				return count, fmt.Errorf("analyse %s: %w", judged.due.Statement, err)
			}
			count.Revisions++
			done++
			step()
			count.told(findings, o.Report)
		}
		if err := m.counterparts(ctx); err != nil {
			return count, err
		}
	}
	return count, nil
}

// told counts findings that are new, and reports them.
func (c *Analysed) told(findings []state.Finding, report func(state.Finding)) {
	c.Findings += len(findings)
	if report != nil {
		for _, f := range findings {
			report(f)
		}
	}
}

// readDue reads all that waits to be read.
func (a *analyst) readDue(ctx context.Context, count *Analysed, o AnalyseOptions, step func()) error {
	for {
		due, err := a.Store.AnalysesDue(ctx, readAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		for x, err := range a.each(ctx, due, a.read) {
			if err != nil {
				return err
			}
			findings, err := a.recordRead(ctx, x)
			if err != nil {
				return fmt.Errorf("analyse %s: %w", x.due.Statement, err)
			}
			if len(x.passages) == 0 {
				count.Unread++
			}
			if x.left > 0 {
				count.Long++
			}
			step()
			count.told(findings, o.Report)
		}
	}
}

// analyst is what a run of the analysis needs.
type analyst struct {
	*Monitor
	limits   reversal.Levels
	search   *reversal.Search
	version  string
	replays  map[string]bool           // the statements that a backtest reads; else nil
	replayed map[string][]state.Stance // by topic
}

// passagesVersion tells how statements are cut into passages, and what is kept of them: another one is read again.
const passagesVersion = "passages 1"

func newAnalyst(m *Monitor) (*analyst, error) {
	j, err := m.reader()
	if err != nil {
		return nil, err
	}
	m.startSearch.Do(func() { m.search = reversal.NewSearch(j, m.Store) })
	return &analyst{Monitor: m, limits: reversal.DefaultLevels.With(m.Levels), search: m.search, version: passagesVersion + ", " + m.search.Judge.Version()}, nil
}

// outcomeRead is the outcome of what was analysed.
const outcomeRead = "analysed"

// reading is a revision, and what was made of it.
type reading struct {
	due      state.Analysis
	st       statement.Statement
	r        statement.Revision
	src      statement.Source
	outcome  string
	passages []statement.Passage
	left     int                               // bytes at the end of the text that are in no passage, as it is too long
	taken    map[string]map[int]reversal.Taken // stances on the propositions of each topic
	turns    []reversal.Turn
	err      error
}

// workedAhead is how many revisions are worked on, for each processor, before the first of them is
// recorded: further ahead, the workers would take the processors from what is recorded one at
// a time, and leave all but one idle at the end.
const workedAhead = 8

// each works on revisions side by side and gives the results in their order.
func (a *analyst) each(ctx context.Context, due []state.Analysis, work func(context.Context, state.Analysis) reading) func(yield func(reading, error) bool) {
	return func(yield func(reading, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		waiting := make(chan struct{}, workedAhead*runtime.GOMAXPROCS(0))
		ready := make([]chan reading, len(due))
		for i := range ready {
			ready[i] = make(chan reading, 1)
		}
		workers.Go(func() {
			for i := range due {
				for _, room := range []chan struct{}{waiting, slots} {
					select {
					case room <- struct{}{}:
					case <-ctx.Done():
						return
					}
				}
				workers.Go(func() {
					defer func() { <-slots }()
					ready[i] <- a.safely(ctx, due[i], work)
				})
			}
		})
		for i := range ready {
			select {
			case x := <-ready[i]:
				<-waiting
				if !yield(x, x.err) || x.err != nil {
					return
				}
			case <-ctx.Done():
				yield(reading{}, ctx.Err())
				return
			}
		}
	}
}

// safely does a step of the analysis. A fault of ours in one text is its outcome, and harms no other.
func (a *analyst) safely(ctx context.Context, due state.Analysis, work func(context.Context, state.Analysis) reading) (x reading) {
	defer func() {
		if fault := recover(); fault != nil {
			x = reading{due: due, outcome: fmt.Sprintf("not analysed: a fault in the engine: %.200v", fault)}
			a.Log.Error("the analysis of a statement broke down", "statement", due.Statement, "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	return work(ctx, due)
}

// read cuts a revision into passages, and reads their stances.
func (a *analyst) read(ctx context.Context, due state.Analysis) (x reading) {
	if x, x.err = a.opened(ctx, due); x.err != nil {
		return x
	}
	text := firstPart(x.r.Body)
	declared := cmp.Or(x.r.Language, x.src.Language)
	code, unread := reversal.SpokenIn(cmp.Or(text, x.r.Title), declared, a.search.Judge.Reads)
	if unread {
		x.outcome = "not analysed: " + cmp.Or(code, "in no language that can be told")
		return x
	}
	before := ""
	if due.Revision > 1 {
		old, err := a.Store.Revision(ctx, due.Statement, due.Revision-1)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			x.err = err
			return x
		}
		before = old.Title + "\n\n" + old.Body
	}
	x.passages, x.left = reversal.Passages(&reversal.Statement{
		ID: x.st.ID, Date: x.due.Said, Issuer: x.src.Issuer.Name, Government: x.src.Issuer.Government, Speaker: strings.Join(x.r.Speakers, "; "),
		Officials: x.src.Officials, Title: x.r.Title, Text: text, Language: cmp.Or(code, declared),
	})
	if x.left += len(x.r.Body) - len(text); x.left > 0 {
		a.Log.Warn("the end of a long text is not analysed", "statement", x.st.ID, "revision", x.r.N, "read", len(x.r.Body)-x.left, "left_out", x.left)
	}
	if before != "" { // an edit says what it says anew
		x.passages = slices.DeleteFunc(x.passages, func(p statement.Passage) bool { return strings.Contains(before, p.Text) })
	}
	for i := range x.passages {
		p := &x.passages[i]
		p.Revision, p.Space = due.Revision, space(x.src)
	}
	x.outcome = outcomeRead
	x.taken, x.err = a.take(ctx, x)
	return x
}

// judged holds a revision against what was said before.
func (a *analyst) judged(ctx context.Context, due state.Analysis) (x reading) {
	if x, x.err = a.opened(ctx, due); x.err != nil {
		return x
	}
	x.outcome = due.Outcome
	if x.passages, x.err = a.Store.PassagesOf(ctx, due.Statement, due.Revision); x.err != nil {
		return x
	}
	x.turns, x.err = a.search.Turns(ctx, x.passages, a.limits.Watch)
	return x
}

// opened is a revision that is to be read.
func (a *analyst) opened(ctx context.Context, due state.Analysis) (x reading, err error) {
	x.due = due
	if x.st, err = a.Store.Statement(ctx, due.Statement); err != nil {
		return x, err
	}
	if x.r, err = a.Store.Revision(ctx, due.Statement, due.Revision); err != nil {
		return x, err
	}
	x.src, err = a.sourceOf(ctx, x.st.Source, due.Statement, due.Revision)
	return x, err
}

// longestText is how much of a text is read, in bytes: three times the longest of
// 9,181 statements of the White House.
const longestText = 512 << 10

// firstPart is as much of a text as is read, to the end of a paragraph.
func firstPart(text string) string {
	if len(text) <= longestText {
		return text
	}
	if i := strings.LastIndex(text[:longestText], "\n\n"); i > 0 {
		return text[:i]
	}
	return strings.ToValidUTF8(text[:longestText], "")
}

// recordRead writes what was read of a revision. It gives the findings that are new: positions on watched propositions that have
// turned.
func (a *analyst) recordRead(ctx context.Context, x reading) (fresh []state.Finding, err error) {
	stances, findings, err := a.onTopics(ctx, x)
	if err != nil {
		return nil, err
	}
	return a.record(ctx, x, findings, func(tx state.Tx, due *state.Analysis) error {
		if err := tx.DropPassages(x.due.Statement, x.due.Revision); err != nil {
			return err
		}
		if err := tx.DropStances(x.due.Statement, x.due.Revision); err != nil {
			return err
		}
		for _, p := range x.passages {
			if _, err := tx.PutPassage(p); err != nil {
				return err
			}
		}
		for _, s := range stances {
			if err := tx.PutStance(s); err != nil {
				return err
			}
		}
		due.Judged = len(x.passages) == 0
		return nil
	})
}

// recordJudged writes what a revision appears to turn round. It gives the findings that are new.
func (a *analyst) recordJudged(ctx context.Context, x reading) (fresh []state.Finding, err error) {
	var findings []state.Finding
	topical, err := a.Store.Reversals(ctx, state.ReversalFilter{Statement: x.due.Statement})
	if err != nil {
		return nil, err
	}
	for _, t := range x.turns {
		f, err := a.finding(ctx, x, t)
		if err != nil {
			return nil, err
		}
		// A turn on a watched proposition has been told with its topic, if it was told as loudly.
		told, err := a.some(ctx, topical, func(k state.Finding) bool {
			return k.Proposition != "" && k.After.Statement == x.due.Statement && k.After.Text == f.After.Text && asLoud(k, f)
		})
		if err != nil {
			return nil, err
		}
		if !told {
			findings = append(findings, f)
		}
	}
	return a.record(ctx, x, findings, func(_ state.Tx, due *state.Analysis) error {
		due.Judged = true
		return nil
	})
}

// record writes one step of an analysis, with its findings, and tells those that are new.
func (a *analyst) record(ctx context.Context, x reading, findings []state.Finding, write func(state.Tx, *state.Analysis) error) (fresh []state.Finding, err error) {
	if findings, err = a.news(ctx, x, findings); err != nil {
		return nil, err
	}
	asked, err := a.questions(ctx, x, findings)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	found, m := findings, a.matters()
	err = m.update(ctx, a.Store, func(tx state.Tx) error {
		fresh, findings = fresh[:0], slices.Clone(found)
		due, err := tx.Analysis(x.due.Statement, x.due.Revision)
		if err != nil || due.Engine != x.due.Engine || due.Judged {
			return err // another process has done it
		}
		due.Engine, due.Outcome, due.At = a.version, x.outcome, now
		if err := write(tx, &due); err != nil {
			return err
		}
		for i := range findings {
			findings[i].FoundAt, findings[i].Quiet = now, findings[i].Quiet || due.Quiet
		}
		if err := m.carry(tx, findings); err != nil {
			return err
		}
		for _, f := range findings {
			added, err := tx.PutReversal(f)
			if err != nil {
				return err
			}
			if !added {
				continue
			}
			switch p, ask := asked[f.ID]; {
			case !f.DroppedAt.IsZero():
				err = tx.SettleReversal(f.ID, f.DroppedAt, f.Quiet)
			case ask && !f.Quiet:
				err = a.hold(tx, x.src, &f, p)
			case !f.Quiet && f.Level != statement.LevelWatch:
				var held bool
				if held, err = a.holdForTranslations(tx, &f); err == nil && !held {
					err = a.tell(tx, x.src, f, f.FoundAt)
				}
			}
			if err != nil {
				return err
			}
			fresh = append(fresh, f)
		}
		return tx.PutAnalysis(due)
	})
	if m.left > 0 {
		a.Log.Warn("there is more that was dismissed and looks alike than is read: the likest was; what has been dismissed may come back", "statement", x.st.ID, "left", m.left)
	}
	return fresh, err
}

// tell records the event of a finding and queues its alerts, but those of some rules.
func (m *Monitor) tell(tx state.Tx, src statement.Source, f state.Finding, at time.Time, but ...string) error {
	ev := statement.Event{At: at, State: statement.Turned, Source: src.ID, Statement: f.After.Statement, Revision: f.After.Revision, Reason: f.Explanation, Reversal: &f.Reversal}
	if f.Verdict == statement.VerdictSoftening {
		ev.State = statement.Softened
	}
	id, err := tx.AddEvent(ev)
	if err != nil {
		return err
	}
	ev.ID = id
	return m.route(tx, ev, src, but...)
}

// some reports whether one of the findings that people have been told of is as wanted.
func (m *Monitor) some(ctx context.Context, findings []state.Finding, wanted func(state.Finding) bool) (bool, error) {
	for _, k := range findings {
		if !wanted(k) {
			continue
		}
		if held, err := m.heldBack(ctx, k.ID); err != nil || !held {
			return err == nil, err
		}
	}
	return false, nil
}

// loudness orders levels; asLoud reports whether what is known is told as loudly as what is found.
var loudness = map[statement.Level]int{statement.LevelWatch: 0, statement.LevelReview: 1, statement.LevelAlert: 2}

func asLoud(known, found state.Finding) bool { return loudness[known.Level] >= loudness[found.Level] }

// news marks what has been said of the same earlier words before: a position that
// was turned round once is not news again. It is listed for review, and not told.
// A finding that was only listed, only kept or was dismissed silences no alert: it may have been wrong.
func (a *analyst) news(ctx context.Context, x reading, findings []state.Finding) ([]state.Finding, error) {
	for i := range findings {
		f := &findings[i]
		known, err := a.Store.Reversals(ctx, state.ReversalFilter{Statement: f.Before.Statement})
		if err != nil {
			return nil, err
		}
		told, err := a.some(ctx, known, func(k state.Finding) bool {
			return k.ID != f.ID && k.Before.Text == f.Before.Text && k.Verdict == statement.VerdictReversal && !k.After.Published.Time.After(x.due.Said) &&
				asLoud(k, *f) && k.Review.Decision != state.Dismissed
		})
		if err != nil {
			return nil, err
		}
		if told {
			if f.Quiet = true; f.Level == statement.LevelAlert {
				f.Level = statement.LevelReview
			}
		}
	}
	return findings, nil
}
