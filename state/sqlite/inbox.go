package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/statement"
	"volteface/state"
)

// The two halves of the inbox: findings, and events of pages and sources. The weights are those of statement.Event.Weight.
const (
	findingKind   = `(payload ->> '$.verdict')`
	findingWeight = `iif(level = 'review' OR payload ->> '$.verdict' = 'softening', 2, 3)`
	eventKind     = `CASE e.state WHEN 'CHANGED' THEN 'edited' WHEN 'MISSING' THEN 'missing' WHEN 'REMOVED' THEN 'removed' ELSE 'fault' END`
	eventWeight   = `CASE e.state WHEN 'CHANGED' THEN e.importance WHEN 'REMOVED' THEN 3 ELSE 1 END`
	// Events that need a person: edits worth an alert, what is missing still, what was removed, faults that last. The first condition is
	// that of the indexes, to the letter.
	eventsToSee = `e.baseline = 0 AND (e.state IN ('MISSING', 'REMOVED', 'FAULT') OR e.state = 'CHANGED' AND e.class = 'substantive' AND e.importance >= 2 AND e.flicker = 0)
		AND (e.state <> 'MISSING' OR EXISTS (SELECT 1 FROM statements m WHERE m.id = e.statement AND m.missing_since > 0 AND m.removed_at = 0))
		AND (e.state <> 'FAULT' OR EXISTS (SELECT 1 FROM sources f WHERE f.source = e.source AND f.fault <> '' AND f.fault_since <= e.at))`
)

// eventStates are the states of the kinds of events.
var eventStates = map[string]statement.State{state.InboxEdited: statement.Changed, state.InboxMissing: statement.Missing,
	state.InboxRemoved: statement.Removed, state.InboxFault: statement.Faulted}

// eventsBy names the index by which the events of a filter are found: SQLite cannot know which is the shorter way.
func eventsBy(f state.InboxFilter) string {
	if len(f.Kinds) == 1 {
		return `events e INDEXED BY events_seen_by_state`
	}
	return `events e INDEXED BY events_seen`
}

// findingsBy is eventsBy for findings.
func findingsBy(f state.InboxFilter) string {
	if f.Archive || f.Done {
		return `reversals`
	}
	return `reversals INDEXED BY reversals_open`
}

// inboxQuery is one half of the inbox: what it reads, and of what.
type inboxQuery struct {
	where strings.Builder
	args  []any
}

func (q *inboxQuery) and(condition string, args ...any) {
	q.where.WriteString(" AND " + condition)
	q.args = append(q.args, args...)
}

// common are the conditions that both halves share.
func (q *inboxQuery) common(f state.InboxFilter, item, source string) {
	if len(f.Sources) > 0 {
		q.and(among(source, len(f.Sources)), arguments(f.Sources)...)
	}
	if f.Unread {
		q.and(`NOT EXISTS (SELECT 1 FROM seen WHERE person = ? AND item = `+item+`)`, f.Person)
	}
	if f.Mine {
		q.and(`EXISTS (SELECT 1 FROM standings WHERE item = `+item+` AND assignee = ?)`, f.Person)
	}
}

func findingsToSee(f state.InboxFilter) *inboxQuery {
	q := &inboxQuery{}
	q.where.WriteString(`replaced = '' AND dropped_at = 0`)
	levels := f.Levels
	if len(levels) == 0 {
		levels = []string{string(statement.LevelAlert), string(statement.LevelReview)}
	}
	q.and(among("level", len(levels)), arguments(levels)...)
	if len(f.Kinds) > 0 {
		q.and(among(findingKind, len(f.Kinds)), arguments(f.Kinds)...)
	}
	if !f.Archive {
		q.and(`quiet = 0`)
	}
	if f.Done {
		q.and(`(decision <> '' OR NOT ` + lapsed + `)`)
	} else {
		q.and(`decision = '' AND NOT ` + lapsed)
	}
	if f.Topic != "" {
		q.and(`topic = ?`, f.Topic)
	}
	if f.Language != "" {
		q.and(`(payload ->> '$.after.language' = ? OR payload ->> '$.after.language' GLOB ?)`, f.Language, globOf(f.Language))
	}
	q.common(f, `'r:' || reversals.id`, `source`)
	return q
}

func globOf(language string) string {
	return strings.NewReplacer("[", "", "*", "", "?", "").Replace(language) + "-*"
}

func eventsWaiting(f state.InboxFilter) *inboxQuery {
	q := &inboxQuery{}
	q.where.WriteString(eventsToSee)
	var states []statement.State
	for _, kind := range f.Kinds {
		if x, ok := eventStates[kind]; ok {
			states = append(states, x)
		}
	}
	if len(states) > 0 {
		q.and(among(`e.state`, len(states)), arguments(states)...)
	}
	if !f.Done {
		q.and(`e.done = 0`)
	}
	if f.Topic != "" {
		q.and(`EXISTS (SELECT 1 FROM stances x WHERE x.topic = ? AND x.statement = e.statement)`, f.Topic)
	}
	if f.Language != "" {
		q.and(`EXISTS (SELECT 1 FROM statements l WHERE l.id = e.statement AND (l.language = ? OR l.language GLOB ?))`, f.Language, globOf(f.Language))
	}
	q.common(f, `'e:' || e.id`, `e.source`)
	return q
}

// halves tells which of the two a filter asks for: levels are those of findings.
func halves(f state.InboxFilter) (findings, events bool) {
	of := func(kinds ...string) bool {
		return len(f.Kinds) == 0 || slices.ContainsFunc(f.Kinds, func(k string) bool { return slices.Contains(kinds, k) })
	}
	return of(state.InboxReversal, state.InboxSoftening), len(f.Levels) == 0 && of(state.InboxEdited, state.InboxMissing, state.InboxRemoved, state.InboxFault)
}

// place is where an item stands in the order of the inbox.
type place struct {
	weight int
	at     int64
	id     string
}

func parsePlace(s string) (p place, err error) {
	weight, rest, _ := strings.Cut(s, "~")
	at, id, ok := strings.Cut(rest, "~")
	p.weight, err = strconv.Atoi(weight)
	if err == nil {
		p.at, err = strconv.ParseInt(at, 10, 64)
	}
	if err != nil || !ok {
		return p, fmt.Errorf("%q is not a place in the inbox: %w", s, statement.ErrNotFound)
	}
	p.id = id
	return p, nil
}

func (p place) String() string { return fmt.Sprintf("%d~%d~%s", p.weight, p.at, p.id) }

// beyond leaves out what stands before a place, or at it.
func (q *inboxQuery) beyond(f state.InboxFilter, weight, at, item string) error {
	if f.After == "" {
		return nil
	}
	p, err := parsePlace(f.After)
	if err != nil {
		return err
	}
	if f.Heaviest {
		q.and(`(`+weight+`, `+at+`, `+item+`) < (?, ?, ?)`, p.weight, p.at, p.id)
		return nil
	}
	q.and(at+` <= ? AND (`+at+`, `+item+`) < (?, ?)`, p.at, p.at, p.id)
	return nil
}

func inboxOrder(f state.InboxFilter, weight, at, item string) string {
	order := ` ORDER BY ` + at + ` DESC, ` + item + ` DESC LIMIT ?`
	if f.Heaviest {
		order = strings.Replace(order, `ORDER BY `, `ORDER BY `+weight+` DESC, `, 1)
	}
	return order
}

const inboxPage = 50

// Inbox lists what needs a person. Which rows are on the page is found first: what is shown of them is read of no others.
func (s *Store) Inbox(ctx context.Context, f state.InboxFilter) (page state.InboxPage, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = inboxPage
	}
	findings, events := halves(f)
	var items []state.InboxItem
	if findings {
		q := findingsToSee(f)
		if err := q.beyond(f, findingWeight, `found_at`, `'r:' || id`); err != nil {
			return page, err
		}
		found, err := list(ctx, s, scanFindingItem, `SELECT `+reversalColumns+`, `+findingWeight+`, `+standingColumns(`'r:' || reversals.id`)+`,
			(SELECT title FROM statements WHERE statements.id = reversals.after)
			FROM reversals WHERE id IN (SELECT id FROM `+findingsBy(f)+` WHERE `+q.where.String()+inboxOrder(f, findingWeight, `found_at`, `'r:' || id`)+`)`,
			slices.Concat([]any{f.Person}, q.args, []any{limit + 1})...)
		if err != nil {
			return page, err
		}
		items = append(items, found...)
	}
	if events {
		q := eventsWaiting(f)
		if err := q.beyond(f, eventWeight, `e.at`, `'e:' || e.id`); err != nil {
			return page, err
		}
		found, err := list(ctx, s, scanEventItem, `SELECT e.id, `+eventKind+`, e.at, `+eventWeight+`, e.source, e.statement, e.revision, e.reason, `+
			standingColumns(`'e:' || e.id`)+`, coalesce(s.title, ''), coalesce(s.language, '')
			FROM events e LEFT JOIN statements s ON s.id = e.statement
			WHERE e.id IN (SELECT e.id FROM `+eventsBy(f)+` WHERE `+q.where.String()+inboxOrder(f, eventWeight, `e.at`, `'e:' || e.id`)+`)`,
			slices.Concat([]any{f.Person}, q.args, []any{limit + 1})...)
		if err != nil {
			return page, err
		}
		items = append(items, found...)
	}
	slices.SortFunc(items, func(x, y state.InboxItem) int {
		byTime := cmp.Or(cmp.Compare(micros(y.At), micros(x.At)), cmp.Compare(y.ID, x.ID))
		if f.Heaviest {
			return cmp.Or(cmp.Compare(y.Weight, x.Weight), byTime)
		}
		return byTime
	})
	if len(items) > limit {
		items = items[:limit]
		last := items[limit-1]
		page.Next = place{last.Weight, micros(last.At), last.ID}.String()
	}
	page.Items = items
	return page, nil
}

// standingColumns are what people have done with an item.
func standingColumns(item string) string {
	return `coalesce((SELECT at FROM seen WHERE person = ? AND item = ` + item + `), 0), coalesce((SELECT assignee FROM standings WHERE item = ` + item + `), ''),
		coalesce((SELECT done FROM standings WHERE item = ` + item + `), 0)`
}

// more is a scanner of a row of which the last columns are read apart.
type more struct {
	row  scanner
	into []any
}

func (m more) Scan(into ...any) error { return m.row.Scan(append(into, m.into...)...) }

func scanFindingItem(row scanner) (x state.InboxItem, err error) {
	var read int64
	f, err := scanReversal(more{row, []any{&x.Weight, &read, &x.Assignee, &x.Done, &x.Title}})
	x.ID, x.Kind, x.At, x.Source, x.Statement = state.FindingItem(f.ID), string(f.Verdict), f.FoundAt, f.Source, f.After.Statement
	x.Language, x.Reason, x.Finding, x.Revision = f.After.Language, f.Explanation, &f, f.After.Revision
	x.ReadAt, x.Done = instant(read), f.Review.Decision != state.Open
	return x, err
}

func scanEventItem(row scanner) (x state.InboxItem, err error) {
	var at, read int64
	err = row.Scan(&x.Event, &x.Kind, &at, &x.Weight, &x.Source, &x.Statement, &x.Revision, &x.Reason, &read, &x.Assignee, &x.Done, &x.Title, &x.Language)
	x.ID, x.At, x.ReadAt = state.EventItem(x.Event), instant(at), instant(read)
	return x, err
}

// mostCounted is how far the items of a kind are counted.
const mostCounted = 1000

// InboxCounts counts what fits a filter, by kind, up to mostCounted of each.
func (s *Store) InboxCounts(ctx context.Context, f state.InboxFilter) (map[string]int, error) {
	counts := map[string]int{}
	type share struct {
		kind string
		n    int
	}
	f.Kinds = nil
	findings, events := halves(f)
	if findings {
		q := findingsToSee(f)
		shares, err := list(ctx, s, func(row scanner) (x share, err error) { return x, row.Scan(&x.kind, &x.n) },
			`SELECT kind, count(*) FROM (SELECT `+findingKind+` AS kind FROM `+findingsBy(f)+` WHERE `+q.where.String()+` LIMIT ?) GROUP BY kind`, append(q.args, 2*mostCounted)...)
		if err != nil {
			return nil, err
		}
		for _, x := range shares {
			counts[x.kind] = min(x.n, mostCounted)
		}
	}
	for kind := range eventStates {
		if f.Kinds = []string{kind}; !events {
			break
		}
		q := eventsWaiting(f)
		n, err := one(ctx, s, func(row scanner) (n int, err error) { return n, row.Scan(&n) },
			`SELECT count(*) FROM (SELECT 1 FROM `+eventsBy(f)+` WHERE `+q.where.String()+` LIMIT ?)`, append(q.args, mostCounted)...)
		if err != nil {
			return nil, err
		}
		counts[kind] = n
	}
	return counts, nil
}

// Standing is what people have done with an item.
func (s *Store) Standing(ctx context.Context, item, person string) (state.Standing, error) {
	x, err := one(ctx, s, func(row scanner) (x state.Standing, err error) {
		var read int64
		err = row.Scan(&read, &x.Assignee, &x.Done)
		x.ReadAt = instant(read)
		return x, err
	}, `SELECT coalesce((SELECT at FROM seen WHERE person = ?1 AND item = ?2), 0), coalesce((SELECT assignee FROM standings WHERE item = ?2), ''),
		coalesce((SELECT done FROM standings WHERE item = ?2), 0) OR EXISTS (SELECT 1 FROM reversals WHERE id = substr(?2, 3) AND ?2 GLOB 'r:*' AND decision <> '')`, person, item)
	return x, err
}

const actColumns = `id, item, at, kind, person, by, via, reason, note, assignee, follows`

func scanAct(row scanner) (a state.Act, err error) {
	var at int64
	err = row.Scan(&a.ID, &a.Item, &at, &a.Kind, &a.Person, &a.By, &a.Via, &a.Reason, &a.Note, &a.Assignee, &a.Follows)
	a.At = instant(at)
	return a, err
}

// History lists what people did with an item, and with the findings in whose place it stands.
func (s *Store) History(ctx context.Context, item string) ([]state.Act, error) {
	acts, err := list(ctx, s, scanAct, `SELECT `+actColumns+` FROM acts WHERE item = ?1
		OR item IN (SELECT 'r:' || id FROM reversals WHERE replaced <> '' AND replaced = substr(?1, 3) AND ?1 GLOB 'r:*') ORDER BY id`, item)
	return slices.CompactFunc(acts, func(a, b state.Act) bool { // decided on together
		return a.Item != b.Item && a.At.Equal(b.At) && a.Kind == b.Kind && a.By == b.By
	}), err
}

func (t *tx) AddAct(a state.Act) error {
	var err error
	switch a.Kind {
	case state.ActRead:
		_, err = t.exec(`INSERT INTO seen (person, item, at) VALUES (?,?,?) ON CONFLICT (person, item) DO UPDATE SET at = excluded.at`, a.Person, a.Item, micros(a.At))
		return err
	case state.ActAssigned:
		_, err = t.exec(`INSERT INTO standings (item, assignee, done) VALUES (?,?,0) ON CONFLICT (item) DO UPDATE SET assignee = excluded.assignee`, a.Item, a.Assignee)
	case state.ActDone, state.ActReopened:
		_, err = t.exec(`INSERT INTO standings (item, assignee, done) VALUES (?,'',?) ON CONFLICT (item) DO UPDATE SET done = excluded.done`, a.Item, a.Kind == state.ActDone)
		if id, ok := strings.CutPrefix(a.Item, "e:"); ok && err == nil {
			_, err = t.exec(`UPDATE events SET done = ? WHERE id = ?`, a.Kind == state.ActDone, id)
		}
	case state.ActConfirmed, state.ActDismissed, state.ActNoted:
	default:
		return errors.Join(t.failed, fmt.Errorf("nothing is known of the act %q", a.Kind))
	}
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO acts (item, at, kind, person, by, via, reason, note, assignee, follows) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		a.Item, micros(a.At), string(a.Kind), a.Person, a.By, a.Via, a.Reason, a.Note, a.Assignee, a.Follows)
	return err
}
