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

// Backtest runs the present engine, topics and thresholds over what is kept,
// as if each statement had just been made, and remembers nothing: what would
// have been found, whatever was alerted at the time. It gives the number of
// statements and the time they span.
func (m *Monitor) Backtest(ctx context.Context, o BacktestOptions) (statements int, span time.Duration, err error) {
	a := newAnalyst(m)
	all, err := m.Store.Analysed(ctx, o.Since)
	if err != nil {
		return 0, 0, err
	}
	if len(o.Sources) > 0 {
		all = slices.DeleteFunc(all, func(x state.Analysis) bool {
			st, err := m.Store.Statement(ctx, x.Statement)
			return err == nil && !slices.Contains(o.Sources, st.Source)
		})
	}
	told := map[string]bool{} // earlier words that have been turned round
	for read, err := range a.readAll(ctx, all) {
		if err != nil {
			return statements, span, err
		}
		findings, _, err := a.judge(ctx, read)
		if err != nil {
			return statements, span, err
		}
		for _, f := range findings {
			key := f.Before.Statement + "\n" + f.Before.Text
			if told[key] || o.Topic != "" && f.Topic != o.Topic {
				continue
			}
			told[key] = f.Verdict == statement.VerdictReversal
			f.FoundAt = read.due.Said
			o.Report(f)
		}
		if statements++; o.Progress != nil {
			o.Progress(statements, len(all))
		}
	}
	if len(all) > 1 {
		span = all[len(all)-1].Said.Sub(all[0].Said)
	}
	return statements, span, nil
}
