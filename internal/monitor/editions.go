package monitor

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"volteface/internal/diff/editions"
	"volteface/internal/extract"
	"volteface/internal/judge"
	"volteface/internal/nlp/language"
	"volteface/internal/statement"
	"volteface/state"
)

// Bounds of the search for counterparts.
const (
	editionDays   = 2   // between two editions of a statement
	declaredDays  = 30  // between two of which a page links the other
	readoutDays   = 1   // between two readouts of a meeting
	sketchesRead  = 400 // statements of those days that are looked at from afar
	comparedAhead = 64
)

// counterparts looks for the counterparts of what has been analysed: another edition of a statement in another language, another
// government's readout of the same encounter. Of each batch the sketches are recorded first, so that its members find each other; then each
// pair is recorded in a transaction of its own, and what has none in one. Killed at any moment, the next run looks again.
func (m *Monitor) counterparts(ctx context.Context) error {
	for {
		due, err := m.Store.ComparisonsDue(ctx, comparedAhead)
		if err != nil || len(due) == 0 {
			return err
		}
		looks := make([]comparison, len(due))
		for i, d := range due {
			if looks[i], err = m.sketchSafely(ctx, d); err != nil {
				return fmt.Errorf("look for counterparts of %s: %w", d.Statement, err)
			}
		}
		if err := m.Store.Update(ctx, func(tx state.Tx) error {
			for _, l := range looks {
				if l.sketch.Statement == "" {
					continue
				}
				if err := tx.PutSketch(l.sketch); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		var alone []comparison
		for _, l := range looks {
			pairs, err := m.compareSafely(ctx, l)
			if err == nil && len(pairs) == 0 {
				alone = append(alone, l)
				continue
			}
			if err == nil {
				err = m.recordPairs(ctx, l, pairs)
			}
			if err != nil {
				return fmt.Errorf("look for counterparts of %s: %w", l.due.Statement, err)
			}
		}
		if err := m.Store.Update(ctx, func(tx state.Tx) error {
			for _, l := range alone {
				if err := tx.Compared(l.due.Statement, l.due.Revision); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
}

// comparison is a look for the counterparts of one revision. Its sketch is empty where it can have none.
type comparison struct {
	due    state.Analysis
	x      beside
	sketch state.Sketch
}

// beside is a statement that is read beside another.
type beside struct {
	st      statement.Statement
	r       statement.Revision
	src     statement.Source
	said    time.Time
	reading *editions.Reading
}

// recordPairs records what a look has found.
func (m *Monitor) recordPairs(ctx context.Context, l comparison, pairs []state.Paired) error {
	return m.Store.Update(ctx, func(tx state.Tx) error {
		if waits, err := tx.Uncompared(l.due.Statement, l.due.Revision); err != nil || !waits {
			return err // another process has done it
		}
		for _, p := range pairs {
			if err := m.pair(tx, l.due, l.x.src, p); err != nil {
				return err
			}
		}
		return tx.Compared(l.due.Statement, l.due.Revision)
	})
}

// safely does something about one statement: a fault of ours in its text harms no other.
func (m *Monitor) safely(id string, do func()) {
	defer func() {
		if fault := recover(); fault != nil {
			m.Log.Error("the search for counterparts broke down", "statement", id, "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	do()
}

func (m *Monitor) sketchSafely(ctx context.Context, due state.Analysis) (l comparison, err error) {
	m.safely(due.Statement, func() { l, err = m.sketch(ctx, due) })
	l.due = due
	return l, err
}

func (m *Monitor) compareSafely(ctx context.Context, l comparison) (pairs []state.Paired, err error) {
	if l.sketch.Statement == "" {
		return nil, nil
	}
	m.safely(l.due.Statement, func() { pairs, err = m.compare(ctx, l) })
	return pairs, err
}

// sketch is what a statement is found by.
func (m *Monitor) sketch(ctx context.Context, due state.Analysis) (l comparison, err error) {
	x, ok, err := m.beside(ctx, due.Statement)
	if err != nil || !ok || x.r.N != due.Revision { // what has been edited since waits for itself
		return l, err
	}
	j, err := m.reader()
	if err != nil || !j.Reads(x.language()) || x.language() == "" {
		return l, err
	}
	l.x = x
	l.x.reading = editions.Glance(j, x.text())
	l.sketch = state.Sketch{
		Statement: x.st.ID, Revision: x.r.N, Source: x.src.ID, Issuer: x.src.Issuer.ID, Space: space(x.src), Said: x.said, Language: x.language(),
		Encounter: int(l.x.reading.Encounter()), Title: packed(l.x.reading.Title), Whole: packed(l.x.reading.Whole),
	}
	return l, nil
}

// compare holds a statement against the likeliest counterparts.
func (m *Monitor) compare(ctx context.Context, l comparison) (pairs []state.Paired, err error) {
	likely, err := m.likely(ctx, l.x, l.sketch)
	if err != nil {
		return nil, err
	}
	linked, err := m.linked(ctx, l.x, l.sketch)
	if err != nil {
		return nil, err
	}
	for _, id := range linked {
		if !slices.Contains(likely[statement.Edition], id) {
			likely[statement.Edition] = append(likely[statement.Edition], id)
		}
	}
	if len(likely) == 0 {
		return nil, nil
	}
	j, err := m.reader()
	if err != nil {
		return nil, err
	}
	x := l.x
	x.reading = editions.Read(j, x.text())
	for _, kind := range []statement.CounterpartKind{statement.Edition, statement.Readout} {
		for _, id := range likely[kind] {
			y, ok, err := m.beside(ctx, id)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			y.reading = editions.Read(j, y.text())
			p, ok, err := m.held(ctx, j, kind, x, y, kind == statement.Edition && slices.Contains(linked, id))
			if err != nil {
				return nil, err
			}
			if ok {
				p.FoundAt = m.Clock.Now()
				pairs = append(pairs, p)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b state.Paired) int { return cmp.Compare(b.Score, a.Score) })
	return pairs, nil
}

// beside reads the current revision of a statement; ok is false where its source is not known any more.
func (m *Monitor) beside(ctx context.Context, id string) (b beside, ok bool, err error) {
	if b.st, err = m.Store.Statement(ctx, id); err != nil {
		return b, false, err
	}
	if b.src, ok = m.Sources(b.st.Source); !ok {
		return b, false, nil
	}
	if b.r, err = m.Store.Revision(ctx, id, 0); err != nil {
		return b, false, err
	}
	if b.said = b.r.Published.Instant(); b.said.IsZero() {
		b.said = b.st.FirstSeen
	}
	return b, true, nil
}

// language is the primary subtag of a statement's language.
func (b *beside) language() string {
	tag := cmp.Or(b.r.Language, b.src.Language)
	if tag == "" {
		tag = language.Identify(b.r.Title + "\n" + b.r.Body).Code
	}
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(tag)
}

func (b *beside) text() editions.Text {
	return editions.Text{Title: b.r.Title, Body: b.r.Body, Language: b.language(), Said: b.said}
}

// likely are the statements that may be counterparts: the likeliest from afar, and those that are counterparts already.
func (m *Monitor) likely(ctx context.Context, x beside, own state.Sketch) (map[statement.CounterpartKind][]string, error) {
	found := map[statement.CounterpartKind][]string{}
	known, err := m.Store.Counterparts(ctx, state.CounterpartFilter{Statement: x.st.ID, Dismissed: true})
	if err != nil {
		return nil, err
	}
	for _, p := range known {
		found[p.Kind] = append(found[p.Kind], other(p, x.st.ID).Statement)
	}
	asked := map[statement.CounterpartKind]state.SketchQuery{
		statement.Edition: {Days: editionDays, Issuer: x.src.Issuer.ID, NotLanguage: own.Language},
	}
	if own.Encounter != 0 && x.src.Issuer.Government != "" {
		asked[statement.Readout] = state.SketchQuery{Days: readoutDays, NotSpace: own.Space, Encounter: own.Encounter}
	}
	for kind, q := range asked {
		q.Around, q.Limit = own.Said, sketchesRead
		sketches, err := m.Store.Sketches(ctx, q)
		if err != nil {
			return nil, err
		}
		type candidate struct {
			id   string
			like float64
		}
		var near []candidate
		for _, k := range sketches {
			if k.Statement == x.st.ID || slices.Contains(found[kind], k.Statement) {
				continue
			}
			title, whole := unpacked(k.Title), unpacked(k.Whole)
			near = append(near, candidate{k.Statement, editions.Afar(&x.reading.Title, &x.reading.Whole, &title, &whole)})
		}
		slices.SortFunc(near, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.id, b.id)) })
		for _, c := range near[:min(len(near), editions.ReadAtMost)] {
			found[kind] = append(found[kind], c.id)
		}
	}
	return found, nil
}

// linked are the statements of an issuer that a page links as its editions in
// other languages.
func (m *Monitor) linked(ctx context.Context, x beside, own state.Sketch) (ids []string, err error) {
	if x.r.Snapshot == "" || x.r.Locator != "" || m.Blobs == nil {
		return nil, nil
	}
	sketches, err := m.Store.Sketches(ctx, state.SketchQuery{Around: own.Said, Days: declaredDays, Issuer: x.src.Issuer.ID, NotLanguage: own.Language, Limit: sketchesRead})
	if err != nil || len(sketches) == 0 {
		return nil, err
	}
	body, err := m.Blobs.Get(ctx, x.r.Snapshot)
	if err != nil { // a page that is damaged or gone is told of by fsck
		m.Log.Warn("no editions can be read from a page", "statement", x.st.ID, "err", err)
		return nil, nil
	}
	alternates := extract.Alternates(body, x.r.ContentType, x.r.URL)
	var sources []string
	for _, k := range sketches {
		if !slices.Contains(sources, k.Source) {
			sources = append(sources, k.Source)
		}
	}
	for _, id := range sources {
		src, known := m.Sources(id)
		if !known {
			continue
		}
		for _, a := range alternates {
			st, err := m.Store.ByKey(ctx, id, src.Key(a.URL))
			switch {
			case errors.Is(err, statement.ErrNotFound):
			case err != nil:
				return nil, err
			case st.ID != x.st.ID && !slices.Contains(ids, st.ID):
				ids = append(ids, st.ID)
			}
		}
	}
	return ids, nil
}

// held holds two statements against each other; ok tells whether they are
// counterparts. Those that a page links as its editions are, whatever they say.
func (m *Monitor) held(ctx context.Context, j *judge.Judge, kind statement.CounterpartKind, x, y beside, linked bool) (p state.Paired, ok bool, err error) {
	a, b := x, y
	if y.said.Before(x.said) || y.said.Equal(x.said) && y.st.ID < x.st.ID {
		a, b = y, x
	}
	order := editions.InOrder
	governments := []string{a.src.Issuer.Government, b.src.Issuer.Government}
	score, least := editions.Likeness(a.reading, b.reading, governments...), editions.SameStatement
	if linked {
		score = 1 // no likeness is a rival
	}
	switch kind {
	case statement.Edition:
		ok = a.src.Issuer.ID == b.src.Issuer.ID && a.language() != b.language()
	case statement.Readout:
		order, least = editions.AnyWise, editions.SameEncounter
		ok = governments[0] != governments[1] && editions.OneEncounter(a.reading, b.reading, governments[0], governments[1], a.src.Officials, b.src.Officials)
	}
	if !ok || score < least {
		return p, false, nil
	}
	rows := editions.Align(a.reading, b.reading, order)
	p.Kind, p.Score, p.Said = kind, score, b.said
	p.ID = statement.NewID("counterpart", strings.Join([]string{string(kind), a.st.ID, b.st.ID}, "\n"))
	if p.Differences, err = editions.Differences(ctx, j, a.reading, b.reading, rows, order); err != nil {
		return p, false, err
	}
	p.Rows, p.A, p.B = editions.Beside(a.reading, b.reading, rows), a.account(), b.account()
	p.Differs, p.Explanation = digestOf(p.Differences), explained(&p.Counterpart)
	return p, true, nil
}

func (b *beside) account() statement.Account {
	return statement.Account{
		Statement: b.st.ID, Revision: b.r.N, Source: b.src.ID, Issuer: b.src.Issuer.Name, Government: b.src.Issuer.Government, Title: b.r.Title, URL: b.st.URL,
		Published: b.r.Published, Language: b.language(), Snapshot: b.r.Snapshot,
	}
}

// pair records a pair in the transaction of a look, unless either side has a likelier counterpart, and tells of it if it differs otherwise
// than was told before.
func (m *Monitor) pair(tx state.Tx, due state.Analysis, src statement.Source, p state.Paired) error {
	var before state.Paired
	for _, side := range []statement.Account{p.A, p.B} {
		known, err := tx.Pairs(side.Statement)
		if err != nil {
			return err
		}
		for _, k := range known {
			switch {
			case k.ID == p.ID:
				before = k
			case k.Kind != p.Kind || k.Review.Decision == state.Dismissed || !rivals(k, p, side.Statement):
			case k.Score >= p.Score:
				return nil
			default:
				if err := tx.DropCounterpart(k.ID); err != nil {
					return err
				}
			}
		}
	}
	edited := before.ID != "" && (p.A.Revision > before.A.Revision || p.B.Revision > before.B.Revision)
	news := p.Differs != "" && !due.Quiet && before.Review.Decision != state.Dismissed && (before.ID == "" || edited && p.Differs != before.Differs)
	p.Quiet = due.Quiet || before.ID != "" && !news && before.Quiet
	if err := tx.PutCounterpart(p); err != nil || !news {
		return err
	}
	told := p.Counterpart
	told.Rows = nil
	ev := statement.Event{At: m.Clock.Now(), State: statement.Differs, Source: src.ID, Statement: due.Statement, Revision: due.Revision, Reason: p.Explanation, Counterpart: &told}
	var err error
	if ev.ID, err = tx.AddEvent(ev); err != nil {
		return err
	}
	return m.route(tx, ev, src)
}

// rivals tells whether two pairs of a statement cannot both be: one edition in each language, one readout of each office.
func rivals(k, p state.Paired, id string) bool {
	x, y := other(k, id), other(p, id)
	if p.Kind == statement.Edition {
		return x.Language == y.Language
	}
	return x.Issuer == y.Issuer
}

func other(p state.Paired, id string) statement.Account {
	if p.A.Statement == id {
		return p.B
	}
	return p.A
}

// digestOf names what differs; it is empty if nothing does.
func digestOf(differences []statement.Difference) string {
	if len(differences) == 0 {
		return ""
	}
	h := sha256.New()
	for _, d := range differences {
		fmt.Fprintf(h, "%s\n%q\n%q\n%q\n%q\n", d.Kind, d.A.Text, d.B.Text, d.ValuesA, d.ValuesB)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// explained says what differs in a sentence or two, and no more than is known.
func explained(c *statement.Counterpart) string {
	nameA, nameB := "the "+languageName(c.A.Language)+" edition", "the "+languageName(c.B.Language)+" edition"
	what := fmt.Sprintf("The %s and the %s edition of what appears to be one statement", languageName(c.A.Language), languageName(c.B.Language))
	if c.Kind == statement.Readout {
		nameA, nameB, what = c.A.Issuer, c.B.Issuer, fmt.Sprintf("The accounts that %s and %s give of what appears to be one encounter", c.A.Issuer, c.B.Issuer)
	}
	counts := map[statement.DifferenceKind]int{}
	var values []string
	for _, d := range c.Differences {
		counts[d.Kind]++
		if (d.Kind == statement.FigureDiffers || d.Kind == statement.DateDiffers) && len(values) < 3 {
			values = append(values, orNone(d.ValuesA)+" | "+orNone(d.ValuesB))
		}
	}
	var parts []string
	count := func(kind statement.DifferenceKind, one, many string) {
		switch n := counts[kind]; {
		case n == 1:
			parts = append(parts, one)
		case n > 1:
			parts = append(parts, fmt.Sprintf(many, n))
		}
	}
	count(statement.PositionDiffers, "one passage appears to contradict its counterpart", "%d passages appear to contradict their counterparts")
	count(statement.FigureDiffers, "figures differ in one passage", "figures differ in %d passages")
	count(statement.DateDiffers, "dates differ in one passage", "dates differ in %d passages")
	count(statement.OnlyA, "one passage appears only in "+nameA, "%d passages appear only in "+nameA)
	count(statement.OnlyB, "one passage appears only in "+nameB, "%d passages appear only in "+nameB)
	if len(parts) == 0 {
		return what + " were set side by side; no difference was found."
	}
	said := what + " appear to differ: " + strings.Join(parts, "; ")
	if len(values) > 0 {
		said += " (" + strings.Join(values, "; ") + ")"
	}
	return said + "."
}

func orNone(values []string) string { return cmp.Or(strings.Join(values, ", "), "none") }

// languageName is what a language is called in English.
func languageName(code string) string {
	tag, err := xlanguage.Parse(code)
	if err != nil {
		return code
	}
	return cmp.Or(display.English.Languages().Name(tag), code)
}

func packed(v judge.Vector) []byte {
	out := make([]byte, len(v))
	for i, x := range v {
		out[i] = byte(x)
	}
	return out
}

func unpacked(b []byte) (v judge.Vector) {
	if len(b) != len(v) { // of another version
		return v
	}
	for i, x := range b {
		v[i] = int8(x)
	}
	return v
}
