package alert

import (
	"context"
	"fmt"
	"slices"

	"volteface/internal/statement"
)

// memory is an outbox and what its alerts tell of, as a store would keep them.
type memory struct {
	events     map[int64]statement.Event
	statements map[string]statement.Statement
	revisions  map[string][]statement.Revision
	notices    map[int64]statement.Notice
	alerts     []statement.Alert
	shares     []statement.Share
	watched    int
	written    map[string]statement.MachineText
}

func (m *memory) MachineText(_ context.Context, key string) (statement.MachineText, error) {
	text, ok := m.written[key]
	if !ok {
		return text, fmt.Errorf("machine text: %w", statement.ErrNotFound)
	}
	return text, nil
}

func (m *memory) Event(_ context.Context, id int64) (statement.Event, error) {
	ev, ok := m.events[id]
	if !ok {
		return ev, fmt.Errorf("event %d: %w", id, statement.ErrNotFound)
	}
	return ev, nil
}

func (m *memory) Statement(_ context.Context, id string) (statement.Statement, error) {
	st, ok := m.statements[id]
	if !ok {
		return st, fmt.Errorf("statement %s: %w", id, statement.ErrNotFound)
	}
	return st, nil
}

func (m *memory) Revision(_ context.Context, id string, n int) (statement.Revision, error) {
	all := m.revisions[id]
	if n < 1 || n > len(all) {
		return statement.Revision{}, fmt.Errorf("revision %d of %s: %w", n, id, statement.ErrNotFound)
	}
	return all[n-1], nil
}

func (m *memory) SourceStatus(_ context.Context, source string) (statement.SourceStatus, error) {
	return statement.SourceStatus{Source: source, Statements: m.watched}, nil
}

func (m *memory) Notice(_ context.Context, id int64) (statement.Notice, error) {
	n, ok := m.notices[id]
	if !ok {
		return n, fmt.Errorf("notice %d: %w", id, statement.ErrNotFound)
	}
	return n, nil
}

func (m *memory) Members(_ context.Context, _ int64, limit int) ([]statement.Alert, error) {
	return m.alerts[:min(limit, len(m.alerts))], nil
}

func (m *memory) Shares(context.Context, int64) ([]statement.Share, error) { return m.shares, nil }

func (m *memory) newest(_ context.Context, source string, limit int) (newest []statement.Statement, _ error) {
	for _, st := range m.statements {
		if st.Source == source {
			newest = append(newest, st)
		}
	}
	slices.SortFunc(newest, func(a, b statement.Statement) int { return b.Published.Time.Compare(a.Published.Time) })
	return newest[:min(limit, len(newest))], nil
}

// add remembers a statement with its revisions, and an event that tells of the
// last one.
func (m *memory) add(ev statement.Event, st statement.Statement, revisions ...statement.Revision) {
	if m.events == nil {
		m.events, m.statements, m.revisions = map[int64]statement.Event{}, map[string]statement.Statement{}, map[string][]statement.Revision{}
	}
	last := revisions[len(revisions)-1]
	st.Title, st.Published, st.Source = last.Title, last.Published, ev.Source
	ev.Statement, ev.Revision = st.ID, len(revisions)
	m.events[ev.ID], m.statements[st.ID], m.revisions[st.ID] = ev, st, revisions
}
