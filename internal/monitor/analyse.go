package monitor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"volteface/internal/claim"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/state"
)

// Reversals are the thresholds of the search for reversals. Zero stands
// for that of DefaultReversals.
type Reversals struct {
	Alert  float64 // score from which a reversal is told
	Review float64 // score from which it is listed
}

// DefaultReversals are the thresholds measured in docs/rules.md: what is told in
// the open search is one statement in a thousand, mostly rightly; what is listed for
// review is ten, mostly wrongly. The turns of watched propositions have a threshold of
// their own.
var DefaultReversals = Reversals{Alert: 0.9, Review: 0.65}

// With replaces the thresholds that other sets.
func (r Reversals) With(other Reversals) Reversals {
	if other.Alert > 0 {
		r.Alert = other.Alert
	}
	if other.Review > 0 {
		r.Review = other.Review
	}
	return r
}

// analysesAhead is how many due revisions are listed at a time.
const analysesAhead = 256

// analysisDue notes in T1 that a revision waits to be analysed. What is quiet
// leads to no alert: a baseline, an archive, another reading of the same bytes.
func analysisDue(tx state.Tx, st statement.Statement, r statement.Revision, quiet bool) error {
	return tx.PutAnalysis(state.Analysis{Statement: st.ID, Revision: r.N, Said: r.WhenSaid().Instant(), Quiet: quiet})
}

// AnalyseOptions shape a run of the analysis.
type AnalyseOptions struct {
	Limit int // most revisions; 0 for all that wait
	// Report is told of every finding that is new, after it has been recorded.
	Report func(state.Finding)
	// Progress is told how many of the revisions that waited are done.
	Progress func(done, total int)
}

// Analysed counts what a run came to.
type Analysed struct {
	Revisions, Unread int // analysed; left alone, in a language that is not read
	Findings          int // new ones
}

// Analyse reads the revisions that wait: who claims what in them, and what it
// appears to turn round of what the same government has said before. Each is
// recorded in a transaction of its own (T2), which may be repeated: killed at
// any moment, the next run goes on from there. Statements are taken in the order
// in which they were made.
func (m *Monitor) Analyse(ctx context.Context, o AnalyseOptions) (count Analysed, err error) {
	a := newAnalyst(m)
	defer a.done()
	if _, err := m.Store.Reanalyse(ctx, a.version); err != nil {
		return count, err
	}
	counts, err := m.Store.AnalysisCounts(ctx)
	if err != nil {
		return count, err
	}
	total := counts.Due
	if o.Limit > 0 {
		total = min(total, o.Limit)
	}
	for done := 0; done < total; {
		due, err := m.Store.AnalysesDue(ctx, min(analysesAhead, total-done))
		if err != nil || len(due) == 0 {
			return count, err
		}
		for read, err := range a.readAll(ctx, due) {
			if err != nil {
				return count, err
			}
			findings, err := a.record(ctx, read)
			if err != nil {
				return count, fmt.Errorf("analyse %s: %w", read.due.Statement, err)
			}
			if done++; o.Progress != nil {
				o.Progress(done, total)
			}
			if read.passages == nil && read.outcome != outcomeRead {
				count.Unread++
			} else {
				count.Revisions++
			}
			count.Findings += len(findings)
			if o.Report != nil {
				for _, f := range findings {
					o.Report(f)
				}
			}
		}
	}
	return count, nil
}

// analyst is what a run of the analysis needs.
type analyst struct {
	*Monitor
	limits       Reversals
	search       *reversal.Search
	version      string
	propositions map[string][]*reversal.Proposition // by topic
	watchedOnly  bool                               // no open search
	replays      map[string]bool                    // the statements that a backtest reads; else nil
	replayed     map[string][]state.Stance          // by topic
}

func newAnalyst(m *Monitor) *analyst {
	engine := reversal.New()
	a := &analyst{Monitor: m, limits: DefaultReversals.With(m.Reversals), version: engine.Version(), propositions: map[string][]*reversal.Proposition{}}
	if a.search = m.search.Swap(nil); a.search == nil {
		a.search = reversal.NewSearch(engine, m.Store)
	}
	a.search.Floor = a.limits.Review
	return a
}

// done leaves what the search has learned of how common words are to the next run.
func (a *analyst) done() { a.Monitor.search.Store(a.search) }

// outcomeRead is the outcome of what was analysed.
const outcomeRead = "analysed"

// reading is a revision and what is claimed in it.
type reading struct {
	due      state.Analysis
	st       statement.Statement
	r        statement.Revision
	src      statement.Source
	placed   bool // whose statements it is compared with is known
	outcome  string
	passages []reversal.Passage
	terms    []reversal.Term
	err      error
}

// readAhead is how many revisions are read, for each processor, before the first of them is
// recorded: further ahead, the readers would take the processors from what is recorded one at
// a time, and leave all but one idle at the end.
const readAhead = 8

// readAll reads revisions side by side and gives them in their order.
func (a *analyst) readAll(ctx context.Context, due []state.Analysis) func(yield func(reading, error) bool) {
	return func(yield func(reading, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		slots := make(chan struct{}, runtime.GOMAXPROCS(0)+1)
		ahead := make(chan struct{}, readAhead*runtime.GOMAXPROCS(0))
		ready := make([]chan reading, len(due))
		for i := range ready {
			ready[i] = make(chan reading, 1)
		}
		workers.Go(func() {
			for i := range due {
				for _, room := range []chan struct{}{ahead, slots} {
					select {
					case room <- struct{}{}:
					case <-ctx.Done():
						return
					}
				}
				workers.Go(func() {
					defer func() { <-slots }()
					ready[i] <- a.read(ctx, due[i])
				})
			}
		})
		for i := range ready {
			select {
			case x := <-ready[i]:
				<-ahead
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

// read reads a revision into passages. A fault of ours in one text is its
// outcome, and harms no other.
func (a *analyst) read(ctx context.Context, due state.Analysis) (x reading) {
	x = reading{due: due, outcome: outcomeRead}
	defer func() {
		if fault := recover(); fault != nil {
			x.outcome, x.passages = fmt.Sprintf("not analysed: a fault in the engine: %.200v", fault), nil
			a.Log.Error("the analysis of a statement broke down", "statement", due.Statement, "fault", fault)
		}
	}()
	if x, x.err = a.opened(ctx, due); x.err != nil {
		return x
	}
	src := x.src
	x.outcome = outcomeRead
	if language := cmpOr(x.r.Language, src.Language); !english(language, x.r.Body) {
		x.outcome = "not analysed: " + language
		if language == "" || strings.HasPrefix(strings.ToLower(language), "en") {
			x.outcome = "not analysed: no English prose"
		}
		return x
	}
	text, before := firstPart(x.r.Body), ""
	if text == "" {
		text = x.r.Title
	}
	if due.Revision > 1 {
		old, err := a.Store.Revision(ctx, due.Statement, due.Revision-1)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			x.err = err
			return x
		}
		before = old.Body
	}
	who := claim.Speaker{Issuer: src.Issuer.Name, Government: src.Issuer.Government, Name: strings.Join(x.r.Speakers, "; "), Officials: src.Officials}
	s := &reversal.Statement{ID: x.st.ID, Date: x.r.WhenSaid().Time, Issuer: who.Issuer, Government: who.Government, Speaker: who.Name, Officials: src.Officials, Title: x.r.Title, Text: text}
	s.Claims = claim.Analyse(text, who)
	x.passages, x.terms = reversal.Passages(s), reversal.Terms(s)
	if before != "" { // an edit says what it says anew
		x.passages = slices.DeleteFunc(x.passages, func(p reversal.Passage) bool {
			c := s.Claims.Sentences[p.Sentence]
			return strings.Contains(before, text[c.Start:c.End])
		})
	}
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
	x.src, x.placed, err = a.sourceOf(ctx, x.st.Source, due.Statement, due.Revision)
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

func cmpOr(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// commonest are words that make up a fifth and more of English prose.
var commonest = map[string]bool{}

func init() {
	for _, w := range strings.Fields("the of and to in a that is for on with as was by it be at from this are have has we our not will which an its or") {
		commonest[w] = true
	}
}

// english tells whether a text can be read: by its language tag, and by its
// commonest words, of which prose has many and noise or a table none. A text
// that is tagged need only have some.
func english(tag, body string) bool {
	least := 15 // percent
	if tag != "" {
		if tag = strings.ToLower(tag); tag != "en" && !strings.HasPrefix(tag, "en-") {
			return false
		}
		least = 3
	}
	words, known := 0, 0
	for w := range strings.FieldsSeq(body) {
		if words++; words > 2000 {
			break
		}
		if commonest[strings.ToLower(w)] {
			known++
		}
	}
	return words > 0 && (known*100 >= words*least || tag != "" && words < 30)
}

// judge holds a reading against what is remembered.
func (a *analyst) judge(ctx context.Context, x reading) (findings []state.Finding, stances []state.Stance, err error) {
	if len(x.passages) == 0 {
		return nil, nil, nil
	}
	var turns []reversal.Turn
	if !a.watchedOnly {
		if turns, err = a.search.Turns(ctx, space(x.src), x.st.ID, x.r.N, x.due.Said, x.passages); err != nil {
			return nil, nil, err
		}
	}
	if stances, findings, err = a.onTopics(ctx, x); err != nil {
		return nil, nil, err
	}
	for i := range turns {
		f, err := a.finding(ctx, x, &turns[i])
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(findings, func(t state.Finding) bool { return t.After.Text == f.After.Text }) {
			findings = append(findings, f)
		}
	}
	return findings, stances, nil
}

// judgeSafely is judge; a fault of ours is the outcome of the one statement, and
// harms no other.
func (a *analyst) judgeSafely(ctx context.Context, x *reading) (findings []state.Finding, stances []state.Stance, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			x.outcome = fmt.Sprintf("not judged: a fault in the engine: %.200v", fault)
			findings, stances, err = nil, nil, nil
			a.Log.Error("the judgement of a statement broke down", "statement", x.st.ID, "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	return a.judge(ctx, *x)
}

// record judges a reading and writes T2. It gives the findings that are new.
func (a *analyst) record(ctx context.Context, x reading) (fresh []state.Finding, err error) {
	findings, stances, err := a.judgeSafely(ctx, &x)
	if err != nil {
		return nil, err
	}
	if findings, err = a.news(ctx, x, findings); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	first := false // an edit, or another reading, does not count its words again
	err = a.Store.Update(ctx, func(tx state.Tx) error {
		fresh = fresh[:0]
		due, err := tx.Analysis(x.st.ID, x.r.N)
		if err != nil || due.Engine == a.version {
			return err // another process has done it
		}
		if err := tx.DropPassages(x.st.ID, x.r.N); err != nil {
			return err
		}
		if err := tx.DropStances(x.st.ID, x.r.N); err != nil {
			return err
		}
		for i := range x.passages {
			p := &x.passages[i]
			if len(p.Filed) == 0 {
				continue
			}
			if _, err := tx.PutPassage(statement.Passage{
				Statement: x.st.ID, Revision: x.r.N, Sentence: p.Sentence, Space: space(x.src), Said: x.due.Said, Keys: p.Filed, Body: p.Body(),
			}); err != nil {
				return err
			}
		}
		if first = due.At.IsZero() && x.r.N == 1 && len(x.terms) > 0; first {
			if err := tx.CountTerms(space(x.src), x.terms); err != nil {
				return err
			}
		}
		for _, s := range stances {
			if err := tx.PutStance(s); err != nil {
				return err
			}
		}
		for i := range findings {
			findings[i].FoundAt, findings[i].Quiet = now, findings[i].Quiet || due.Quiet
		}
		if err := a.carry(ctx, tx, findings); err != nil {
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
			fresh = append(fresh, f)
			if f.Quiet {
				continue
			}
			if err := a.tell(tx, x, f); err != nil {
				return err
			}
		}
		due.Engine, due.Outcome, due.At = a.version, x.outcome, now
		return tx.PutAnalysis(due)
	})
	if err == nil && first {
		err = a.search.Learn(ctx, space(x.src), x.terms)
	}
	return fresh, err
}

// tell records the event of a finding and queues its alerts.
func (a *analyst) tell(tx state.Tx, x reading, f state.Finding) error {
	ev := statement.Event{At: f.FoundAt, State: statement.Turned, Source: x.src.ID, Statement: x.st.ID, Revision: x.r.N, Reason: f.Explanation, Reversal: &f.Reversal}
	if f.Verdict == statement.VerdictSoftening {
		ev.State = statement.Softened
	}
	id, err := tx.AddEvent(ev)
	if err != nil {
		return err
	}
	ev.ID = id
	return a.route(tx, ev, x.src)
}

// news marks what has been said of the same earlier words before: a position that
// was turned round once is not news again. It is listed for review, and not told.
func (a *analyst) news(ctx context.Context, x reading, findings []state.Finding) ([]state.Finding, error) {
	for i := range findings {
		f := &findings[i]
		known, err := a.Store.Reversals(ctx, state.ReversalFilter{Statement: f.Before.Statement})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(known, func(k state.Finding) bool {
			return k.ID != f.ID && k.Before.Text == f.Before.Text && k.Verdict == statement.VerdictReversal && !k.After.Published.Time.After(x.due.Said)
		}) {
			f.Level, f.Quiet = statement.LevelReview, true
		}
	}
	return findings, nil
}

// level says how sure a finding must be to be told.
func (a *analyst) level(verdict statement.Verdict, score float64) statement.Level {
	if verdict == statement.VerdictReversal && score >= a.limits.Alert {
		return statement.LevelAlert
	}
	return statement.LevelReview
}
