package monitor

import (
	"context"
	"slices"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// BacktestOptions shape a backtest.
type BacktestOptions struct {
	Since    time.Time // said since; zero for all
	Sources  []string  // none for all
	Topic    string    // only what turns this topic's propositions; "" for everything
	Report   func(state.Finding)
	Progress func(done, total int)
}

// Backtested says what a backtest went over.
type Backtested struct {
	Statements int
	Span       time.Duration // from the first to the last of them
}

// Backtest runs the present search, topics and thresholds over the passages that
// are kept, as if each statement had just been made, and remembers nothing: what
// would have been found, whatever was alerted at the time. How rare words are is
// taken from all that is kept, not from what was said until then.
func (m *Monitor) Backtest(ctx context.Context, o BacktestOptions) (over Backtested, err error) {
	a, err := newAnalyst(m)
	if err != nil {
		return over, err
	}
	all, err := m.Store.Analysed(ctx, o.Since)
	if err != nil {
		return over, err
	}
	if len(o.Sources) > 0 {
		all = slices.DeleteFunc(all, func(x state.Analysis) bool {
			st, err := m.Store.Statement(ctx, x.Statement)
			return err == nil && !slices.Contains(o.Sources, st.Source)
		})
	}
	a.replays, a.replayed = map[string]bool{}, map[string][]state.Stance{}
	for _, due := range all {
		a.replays[due.Statement] = true
	}
	told := map[string]bool{} // earlier words that have been turned round
	for _, due := range all {
		read, err := a.remembered(ctx, due, o.Topic)
		if err != nil {
			return over, err
		}
		stances, findings, err := a.onTopics(ctx, read)
		if err != nil {
			return over, err
		}
		for _, t := range read.turns {
			f, err := a.finding(ctx, read, t)
			if err != nil {
				return over, err
			}
			if !slices.ContainsFunc(findings, func(k state.Finding) bool { return k.After.Text == f.After.Text && asLoud(k, f) }) {
				findings = append(findings, f)
			}
		}
		a.replay(stances)
		for _, f := range findings {
			key := f.Before.Statement + "\n" + f.Before.Text
			if o.Topic != "" && f.Topic != o.Topic {
				continue
			}
			// Only what would have been told as loudly makes it old news.
			alert := f.Level == statement.LevelAlert
			if alert && told[key] {
				f.Level = statement.LevelReview
			}
			told[key] = told[key] || alert && f.Verdict == statement.VerdictReversal
			f.FoundAt = read.due.Said
			o.Report(f)
		}
		if over.Statements++; o.Progress != nil {
			o.Progress(over.Statements, len(all))
		}
	}
	if len(all) > 1 {
		over.Span = all[len(all)-1].Said.Sub(all[0].Said)
	}
	return over, nil
}

// remembered is a reading by the passages that were kept of it. Held against all that was said before are those that speak of a topic;
// all of them, where none is asked for.
func (a *analyst) remembered(ctx context.Context, due state.Analysis, topic string) (x reading, err error) {
	if x, err = a.opened(ctx, due); err != nil {
		return x, err
	}
	x.outcome = due.Outcome
	if x.passages, err = a.Store.PassagesOf(ctx, due.Statement, due.Revision); err != nil {
		return x, err
	}
	if x.taken, err = a.take(ctx, x); err != nil {
		return x, err
	}
	held := x.passages
	if topic != "" {
		held = slices.DeleteFunc(slices.Clone(held), func(p statement.Passage) bool { return !a.router().Has(topic, p.Text) })
	}
	x.turns, err = a.search.Turns(ctx, held, a.limits.Watch)
	return x, err
}
