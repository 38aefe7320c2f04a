// Package monitor is the pipeline: a visit walks a source's listing, captures
// the pages it names and those due for another look, keeps what it got, and
// decides what is new, changed, missing or only a fault of the source.
//
// Evidence is kept in two steps. Bytes are written and synced first; then one
// transaction (T1) records snapshot, revision, edit, event and the alerts in
// the outbox. No request is made inside it.
package monitor

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/diff"
	"volteface/internal/fetch"
	"volteface/internal/fetch/browser"
	"volteface/internal/judge"
	"volteface/internal/reversal"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
)

// Monitor composes the stages with the store.
type Monitor struct {
	Store  state.Store
	Blobs  blob.Store
	Client *fetch.Client
	Clock  clock.Clock
	Rules  []alert.Rule
	Topics []statement.Topic // that rules and mutes may name
	Settle time.Duration     // see alert.NewRouter
	Ladder schedule.Ladder   // of re-checks
	Doubt  Doubt             // how long what may be a fault of the site is doubted
	Log    *slog.Logger
	// Sources finds the definition of a source, for the analysis of what was said.
	Sources func(id string) (statement.Source, bool)
	// OpenJudge gives what reads statements, when first needed; nil for the judge that the program carries.
	OpenJudge func() (*judge.Judge, error)
	Levels    reversal.Levels // zero ones are those of reversal.DefaultLevels
	// Edits is what reads edits; nil for what OpenJudge gives.
	Edits diff.Reader
	// Turns tells of decisions' pairs of texts, the earlier first, whether the later one turns the earlier one round; nil for what
	// OpenJudge gives.
	Turns func(ctx context.Context, pairs [][2]string) ([]bool, error)
	// Opinions is who is asked for a second opinion on what is found; nil for nobody.
	Opinions *Opinions

	committer      *committer
	startCommitter sync.Once
	routing        *alert.Router
	startRouter    sync.Once
	judge          *judge.Judge
	judgeErr       error
	startJudge     sync.Once
	search         *reversal.Search // of all runs of the analysis
	startSearch    sync.Once
	oneEdit        sync.Mutex // held by what reads an edit
}

// reader is what reads statements, opened when it is first needed.
func (m *Monitor) reader() (*judge.Judge, error) {
	m.startJudge.Do(func() {
		open := m.OpenJudge
		if open == nil {
			open = judge.Embedded
		}
		m.judge, m.judgeErr = open()
	})
	return m.judge, m.judgeErr
}

// Finding is what a look at one statement, or at a source, came to.
type Finding struct {
	State               statement.State
	Source              string
	Statement           string // id; empty where there is none yet
	URL                 string
	Title               string
	Published           statement.Date
	Revision            int
	Reason              string
	Hint                string // of an error: what may be done, where there is advice
	Baseline            bool   // part of the first visit of the source
	Known               bool   // told of before: a page that is still missing
	statement.Judgement        // of an edit

	also []Finding // further findings of the same look
	lied bool      // the server says of the changed page that it is the same
}

// commits is the monitor's one way to write, started when first used.
func (m *Monitor) commits() *committer {
	m.startCommitter.Do(func() { m.committer = newCommitter(m.Store) })
	return m.committer
}

// Close waits for everything submitted to be recorded, closes the browser that shows pages, if one runs, and ends the connections to
// the second opinion.
func (m *Monitor) Close() {
	m.startCommitter.Do(func() {})
	if m.committer != nil {
		m.committer.close()
	}
	browser.Close()
	if m.Opinions != nil {
		m.Opinions.Client.Close()
	}
}
