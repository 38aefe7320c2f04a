package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/fulltext"
)

// reversalBody is what the page of a finding shows.
type reversalBody struct {
	state.Finding
	Headline string
	Sides    [2]side
	History  []state.Act
	Standing state.Standing
	Assignee string // name
	People   []state.Person
	Reasons  []string
	Held     []heldPosition // what has not turned
	Between  []step         // what led from one to the other
	More     int            // steps that are not shown
	Citation string
	Others   []state.Finding // on the same two statements
	AsOf     int             // acts in the history when the page was made
	Link     *mailLink       // set where somebody follows a link in a mail
}

// side is one of the two quotations with what stands round it.
type side struct {
	Heading  string
	Quote    statement.Quote
	Question string // that it answers
	Before   string // what stands before it in its paragraph,
	After    string // and behind it
	Revision int    // the current one of the statement
	Gone     bool   // its page is
}

// heldPosition is a proposition of the topic on which the issuer said the same before and after.
type heldPosition struct {
	Proposition, Stance string
	Last                state.Stance
}

// step is something said between the two.
type step struct {
	Day, Stance, Speaker, Text, Language, Statement string
}

// reasons are what a finding is often wrong for. They teach the engine, so that they say what differs.
var reasons = []string{"another period", "another matter", "somebody else's words", "no position is taken", "both can be true", "the translation", "other"}

func (d *Desk) reversal(w http.ResponseWriter, r *http.Request) {
	f, err := d.Store.Reversal(r.Context(), r.PathValue("id"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if f.ID != r.PathValue("id") { // a beginning of it was given
		http.Redirect(w, r, "/reversals/"+f.ID, http.StatusSeeOther)
		return
	}
	b, err := d.reversalBody(r.Context(), f)
	if err == nil {
		err = d.look(r, state.FindingItem(f.ID), b.Standing)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, "reversal", b.Headline, b)
}

// lookAgain is how long another look at a thing is the same one: reading seldom writes.
const lookAgain = 5 * time.Minute

// look notes that a person who has signed in looked at an item, of which is known how it stands.
func (d *Desk) look(r *http.Request, item string, known state.Standing) error {
	p := PersonOf(r.Context())
	if !p.SignedIn() || d.ReadOnly || known.Read() && d.Clock.Now().Sub(known.ReadAt) < lookAgain {
		return nil
	}
	return d.Store.Update(r.Context(), func(tx state.Tx) error {
		return tx.AddAct(state.Act{Item: item, At: d.Clock.Now(), Kind: state.ActRead, Person: p.ID})
	})
}

func (d *Desk) reversalBody(ctx context.Context, f state.Finding) (b reversalBody, err error) {
	b = reversalBody{Finding: f, Headline: headline(f), Reasons: reasons, Citation: citation(f)}
	if b.Sides[0], err = d.side(ctx, "Before", f.Before); err != nil {
		return b, err
	}
	if b.Sides[1], err = d.side(ctx, "Now", f.After); err != nil {
		return b, err
	}
	if b.History, err = d.Store.History(ctx, state.FindingItem(f.ID)); err != nil {
		return b, err
	}
	b.AsOf = len(b.History)
	if b.Standing, err = d.Store.Standing(ctx, state.FindingItem(f.ID), PersonOf(ctx).ID); err != nil {
		return b, err
	}
	if b.People, err = d.Store.People(ctx); err != nil {
		return b, err
	}
	for _, p := range b.People {
		if p.ID == b.Standing.Assignee {
			b.Assignee = p.Name
		}
	}
	b.People = slices.DeleteFunc(b.People, func(p state.Person) bool { return !p.EndedAt.IsZero() })
	others, err := d.Store.Reversals(ctx, state.ReversalFilter{Statement: f.After.Statement, Limit: 20, Standing: true})
	if err != nil {
		return b, err
	}
	b.Others = slices.DeleteFunc(others, func(x state.Finding) bool { return x.ID == f.ID })
	return b, d.line(ctx, f, &b)
}

// headline says in words what is set side by side.
func headline(f state.Finding) string {
	turn := "appear to contradict"
	if f.Verdict == statement.VerdictSoftening {
		turn = "appear to soften"
	}
	words := fmt.Sprintf("words of %s %s those of %s", f.After.Published.ShortDay(), turn, f.Before.Published.ShortDay())
	if topic := alert.Line(f.TopicName); topic != "" {
		return topic + ": " + words
	}
	return cmp.Or(alert.Line(f.After.Issuer), f.Source) + ": " + words
}

// citation is a finding in a few lines for an article, with what a reader needs to check it. Each line is in one direction of writing.
func citation(f state.Finding) string {
	one := func(q statement.Quote) string {
		names := slices.DeleteFunc([]string{alert.Line(q.Speaker), alert.Line(q.Issuer)}, func(s string) bool { return s == "" })
		lines := []string{"“" + strings.TrimSpace(alert.Piece(q.Text)) + "”", strings.Join(names, ", "), alert.Line(q.Published.Day()), alert.Link(q.URL)}
		if q.Snapshot != "" {
			lines = append(lines, "Archived, SHA-256 "+q.Snapshot)
		}
		return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
	}
	return one(f.Before) + "\n\n" + one(f.After)
}

const mostAround = 320 // bytes shown on either side of a quotation

func (d *Desk) side(ctx context.Context, heading string, q statement.Quote) (s side, err error) {
	s = side{Heading: heading, Quote: q}
	st, err := d.Store.Statement(ctx, q.Statement)
	if errors.Is(err, statement.ErrNotFound) {
		return s, nil // what was found stays, whatever became of the rest
	}
	if err != nil {
		return s, err
	}
	s.Revision, s.Gone = st.Revision, st.Missing()
	rev, err := d.Store.Revision(ctx, q.Statement, q.Revision)
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		return s, err
	}
	s.Before, s.After = around(rev.Body, q)
	passages, err := d.Store.PassagesOf(ctx, q.Statement, q.Revision)
	for _, p := range passages {
		if p.Question != "" && q.Span.End > 0 && p.Span.Start < q.Span.End && q.Span.Start < p.Span.End {
			s.Question = alert.Piece(p.Question)
		}
	}
	return s, err
}

// around is what stands before and behind a quotation in its paragraph; nothing where the text is not where it was.
func around(body string, q statement.Quote) (before, after string) {
	from, to := q.Span.Start, q.Span.End
	if to <= from || to > len(body) || body[from:to] != q.Text {
		return "", ""
	}
	start := strings.LastIndex(body[:from], "\n\n") + 2
	if start == 1 {
		start = 0
	}
	end := strings.Index(body[to:], "\n\n")
	if end < 0 {
		end = len(body) - to
	}
	before, after = body[start:from], body[to:to+end]
	if n := len(before) - mostAround; n > 0 {
		for !utf8.RuneStart(before[n]) {
			n++
		}
		before = "… " + strings.TrimLeftFunc(strings.TrimLeftFunc(before[n:], func(r rune) bool { return !unicode.IsSpace(r) }), unicode.IsSpace)
	}
	if len(after) > mostAround {
		n := mostAround
		for !utf8.RuneStart(after[n]) {
			n--
		}
		after = strings.TrimRightFunc(strings.TrimRightFunc(after[:n], func(r rune) bool { return !unicode.IsSpace(r) }), unicode.IsSpace) + " …"
	}
	return alert.Piece(before), alert.Piece(after)
}

const mostSteps = 12

// line finds what the government said on the matter between the two dates, and, for a watched topic, what it holds still.
func (d *Desk) line(ctx context.Context, f state.Finding, b *reversalBody) error {
	if f.Topic == "" {
		return d.searched(ctx, f, b)
	}
	stances, err := d.Store.Stances(ctx, f.Topic)
	if err != nil {
		return err
	}
	stances = slices.DeleteFunc(stances, func(x state.Stance) bool { return !d.ofGovernment(x.Source, f) })
	texts := map[string]string{}
	for _, t := range d.Defined.Topics() {
		for _, p := range t.Propositions {
			if t.ID == f.Topic {
				texts[p.ID] = p.Text
			}
		}
	}
	first, last := map[string]state.Stance{}, map[string]state.Stance{}
	from, to := f.Before.Published.Instant(), f.After.Published.Instant()
	for _, x := range stances {
		if !x.Said.After(from) {
			first[x.Proposition] = x
		}
		if !x.Said.Before(to) {
			last[x.Proposition] = x
		}
		turned := f.Proposition == "" || texts[x.Proposition] == f.Proposition
		if turned && x.Said.After(from) && x.Said.Before(to) && x.Statement != f.Before.Statement && x.Statement != f.After.Statement {
			b.Between = append(b.Between, step{statement.DayOf(x.Said), x.Stance, x.Speaker, x.Sentence, "", x.Statement})
		}
	}
	if n := len(b.Between) - mostSteps; n > 0 {
		b.Between, b.More = b.Between[n:], n
	}
	for id, was := range first {
		if f.Proposition == "" {
			break // it is not known which of them has turned
		}
		if now, ok := last[id]; ok && now.Stance == was.Stance && texts[id] != "" && texts[id] != f.Proposition {
			b.Held = append(b.Held, heldPosition{texts[id], now.Stance, now})
		}
	}
	slices.SortFunc(b.Held, func(x, y heldPosition) int { return strings.Compare(x.Proposition, y.Proposition) })
	return nil
}

// ofGovernment tells whether a source speaks for whom a finding is about.
func (d *Desk) ofGovernment(source string, f state.Finding) bool {
	src, known := d.Defined.Source(source)
	return source == f.Source || source == f.Before.Source || known && (src.Issuer.Government == f.Government || src.Issuer.ID == f.Government)
}

// searched finds, for a finding of the open search, the statements of those days that share words with both sides.
func (d *Desk) searched(ctx context.Context, f state.Finding, b *reversalBody) error {
	words := shared(f.Before.Text, f.After.Text)
	from, to := f.Before.Published.Instant(), f.After.Published.Instant()
	if len(words) < 2 || from.IsZero() || !to.After(from) {
		return nil
	}
	q, err := fulltext.Parse(strings.Join(words, " "))
	if err != nil {
		return nil //nolint:nilerr // words that make no query lead to nothing
	}
	filter := state.SearchFilter{Since: from, Until: to.Add(24 * time.Hour), Limit: mostSteps}
	for _, src := range d.Defined.Sources() {
		if d.ofGovernment(src.ID, f) {
			filter.Sources = append(filter.Sources, src.ID)
		}
	}
	if len(filter.Sources) == 0 {
		filter.Sources = []string{f.Source}
	}
	found, err := d.Store.Search(ctx, q, filter)
	if err != nil {
		return err
	}
	slices.SortFunc(found.Hits, func(x, y state.Hit) int {
		return x.Statement.Published.Instant().Compare(y.Statement.Published.Instant())
	})
	for _, h := range found.Hits {
		if st := h.Statement; st.ID != f.Before.Statement && st.ID != f.After.Statement {
			b.Between = append(b.Between, step{Day: st.Published.Day(), Text: st.Title, Language: st.Language, Statement: st.ID})
		}
	}
	return nil
}

// shared are the longest words that both texts have, at most three.
func shared(a, b string) []string {
	split := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	}
	have := map[string]bool{}
	for _, w := range split(a) {
		have[w] = true
	}
	var both []string
	for _, w := range split(b) {
		if have[w] && len([]rune(w)) > 4 {
			both = append(both, w)
			have[w] = false
		}
	}
	slices.SortStableFunc(both, func(x, y string) int { return cmp.Compare(len([]rune(y)), len([]rune(x))) })
	return both[:min(len(both), 3)]
}

// decideReversal takes what a person decides on one finding.
func (d *Desk) decideReversal(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	review, did, ok := d.reviewOf(w, r, id)
	if !ok {
		return
	}
	if err := d.decide(r, id, review); err != nil {
		d.fail(w, r, err)
		return
	}
	back(w, r, "/reversals/"+id, did)
}

// reviewOf reads a decision from its form; it answers itself where there is none to be taken.
func (d *Desk) reviewOf(w http.ResponseWriter, r *http.Request, id string) (review state.Review, did string, ok bool) {
	if err := r.ParseForm(); err != nil {
		d.fail(w, r, err)
		return review, "", false
	}
	review.Reason, review.Note = reasonOf(r), alert.Line(r.PostFormValue("note"))
	switch r.PostFormValue("decision") {
	case "confirmed":
		review.Decision, did = state.Confirmed, "confirmed"
	case "dismissed":
		if review.Reason == "" || review.Reason == "other" {
			d.problem(w, r, http.StatusUnprocessableEntity, "A finding is dismissed for a reason. Go back and choose one, or write it in a few words: it teaches the engine.")
			return review, "", false
		}
		review.Decision, did = state.Dismissed, "dismissed"
	case "reopened":
		review.Decision, did = state.Open, "reopened"
	default:
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
		return review, "", false
	}
	history, err := d.Store.History(r.Context(), state.FindingItem(id))
	if err != nil {
		d.fail(w, r, err)
		return review, "", false
	}
	if asOf, err := strconv.Atoi(r.PostFormValue("as_of")); err == nil && asOf != len(history) {
		d.problem(w, r, http.StatusConflict, "Somebody else has dealt with this since you opened the page. Open it again to see what was done; nothing has been changed.")
		return review, "", false
	}
	return review, did, true
}

// noteItem keeps a note, or assigns an item.
func (d *Desk) noteItem(w http.ResponseWriter, r *http.Request) {
	id, p := r.PathValue("id"), PersonOf(r.Context())
	a := state.Act{Item: state.FindingItem(id), At: d.Clock.Now(), Person: p.ID, By: p.Name, Via: "desk", Kind: state.ActNoted, Note: alert.Line(r.PostFormValue("note"))}
	did := "noted"
	if r.PostFormValue("do") == "assign" {
		a.Kind, a.Assignee, a.Note, did = state.ActAssigned, r.PostFormValue("assignee"), "", "assigned"
		if a.Assignee != "" {
			to, err := d.Store.Person(r.Context(), a.Assignee)
			if err != nil {
				d.fail(w, r, err)
				return
			}
			a.Note = to.Name
		}
	} else if a.Note == "" {
		d.problem(w, r, http.StatusUnprocessableEntity, "The note is empty. Go back and write it.")
		return
	}
	if err := d.exists(r, a.Item); err != nil {
		d.fail(w, r, err)
		return
	}
	if err := d.Store.Update(r.Context(), func(tx state.Tx) error { return tx.AddAct(a) }); err != nil {
		d.fail(w, r, err)
		return
	}
	back(w, r, "/reversals/"+id+"#history", did)
}
