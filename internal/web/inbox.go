package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// inboxBody is what the inbox shows.
type inboxBody struct {
	Items   []inboxRow
	Counts  []kindCount
	All     int
	Filter  inboxFilter
	Issuers []option
	Topics  []option
	Next    string // address of the next page
	Here    string // of this one
	People  []state.Person
}

// inboxRow is an item, and where it leads.
type inboxRow struct {
	state.InboxItem
	Href     string
	Assignee string // name
	Before   statement.Quote
	After    statement.Quote
}

type kindCount struct {
	Kind string
	N    int
	Href string
	Here bool
}

// option is one of a list to choose from.
type option struct {
	Value, Name string
	Chosen      bool
}

// inboxFilter is what the address of the inbox asks for.
type inboxFilter struct {
	Show     string // "", unread, mine, all
	Kind     string
	Issuer   string
	Topic    string
	Level    string
	Language string
	Order    string // "" the newest first, weight
	Archive  string // "1"
}

func inboxFilterOf(q url.Values) inboxFilter {
	return inboxFilter{q.Get("show"), q.Get("kind"), q.Get("issuer"), q.Get("topic"), q.Get("level"), q.Get("language"), q.Get("order"), q.Get("archive")}
}

// with is the address of the inbox with another kind.
func (f inboxFilter) with(kind string) string {
	f.Kind = kind
	return f.address("")
}

func (f inboxFilter) address(after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": f.Show, "kind": f.Kind, "issuer": f.Issuer, "topic": f.Topic, "level": f.Level,
		"language": f.Language, "order": f.Order, "archive": f.Archive, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// filter is what the store is asked for. Unknown words ask for nothing special.
func (d *Desk) inboxQuery(f inboxFilter, p Person, after string) state.InboxFilter {
	x := state.InboxFilter{Topic: f.Topic, Language: f.Language, Person: p.ID, Unread: f.Show == "unread" && p.SignedIn(), Mine: f.Show == "mine" && p.SignedIn(),
		Done: f.Show == "all", Archive: f.Archive == "1", Heaviest: f.Order == "weight", After: after}
	if slices.Contains(state.InboxKinds, f.Kind) {
		x.Kinds = []string{f.Kind}
	}
	if f.Level != "" {
		x.Levels = []string{f.Level}
	}
	if f.Issuer != "" {
		x.Sources = []string{""} // nothing, unless there are any
		for _, src := range d.Defined.Sources() {
			if src.Issuer.ID == f.Issuer {
				x.Sources = append(x.Sources, src.ID)
			}
		}
	}
	return x
}

func (d *Desk) inbox(w http.ResponseWriter, r *http.Request) {
	ctx, p := r.Context(), PersonOf(r.Context())
	f := inboxFilterOf(r.URL.Query())
	query := d.inboxQuery(f, p, r.URL.Query().Get("after"))
	found, err := d.Store.Inbox(ctx, query)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	counts, err := d.counts(ctx, query)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	people, err := d.Store.People(ctx)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b := inboxBody{Filter: f, Here: r.URL.RequestURI(), Issuers: d.issuers(f.Issuer), Topics: d.topics(f.Topic), People: slices.DeleteFunc(people, func(p state.Person) bool { return !p.EndedAt.IsZero() })}
	for _, kind := range state.InboxKinds {
		b.All += counts[kind]
		b.Counts = append(b.Counts, kindCount{kind, counts[kind], f.with(kind), f.Kind == kind})
	}
	if found.Next != "" {
		b.Next = f.address(found.Next)
	}
	names := map[string]string{}
	for _, x := range people {
		names[x.ID] = x.Name
	}
	for _, x := range found.Items {
		row := inboxRow{InboxItem: x, Href: itemAddress(x), Assignee: names[x.Standing.Assignee]}
		if x.Finding != nil {
			row.Before, row.After = x.Finding.Before, x.Finding.After
		}
		b.Items = append(b.Items, row)
	}
	d.page(w, r, "inbox", "Inbox", b)
}

// tallies remembers counts of the inbox for a moment: many look at the same ones. What is done at the desk makes them void at once.
type tallies struct {
	mu   sync.Mutex
	all  map[string]tally
	void time.Time // what was begun to be counted before is not kept
}

type tally struct {
	at     time.Time
	counts map[string]int
}

const (
	tallyLasts  = 10 * time.Second // of the machine's time
	mostTallies = 1000
)

func (d *Desk) counts(ctx context.Context, f state.InboxFilter) (map[string]int, error) {
	if f.Unread || f.Mine { // one person's own
		return d.Store.InboxCounts(ctx, f)
	}
	f.After, f.Heaviest, f.Kinds, f.Limit, f.Person = "", false, nil, 0, ""
	key := fmt.Sprintf("%#v", f)
	d.tallies.mu.Lock()
	known, ok := d.tallies.all[key]
	d.tallies.mu.Unlock()
	if ok && time.Since(known.at) < tallyLasts {
		return known.counts, nil
	}
	at := time.Now()
	counts, err := d.Store.InboxCounts(ctx, f)
	if err != nil {
		return nil, err
	}
	d.tallies.mu.Lock()
	defer d.tallies.mu.Unlock()
	if d.tallies.all == nil || len(d.tallies.all) >= mostTallies {
		d.tallies.all = map[string]tally{}
	}
	if !at.Before(d.tallies.void) {
		d.tallies.all[key] = tally{at, counts}
	}
	return counts, nil
}

// forget makes what is remembered void.
func (t *tallies) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all, t.void = nil, time.Now()
}

// itemAddress is where an item can be looked at.
func itemAddress(x state.InboxItem) string {
	switch {
	case x.Finding != nil:
		return "/reversals/" + x.Finding.ID
	case x.Statement == "":
		return "/sources/" + url.PathEscape(x.Source)
	case x.Kind == state.InboxEdited && x.Revision > 1:
		return "/statements/" + x.Statement + "?from=" + strconv.Itoa(x.Revision-1) + "&to=" + strconv.Itoa(x.Revision) + "&item=" + url.QueryEscape(x.ID) + "#diff"
	}
	return "/statements/" + x.Statement + "?item=" + url.QueryEscape(x.ID)
}

// issuers are those whose sources are defined, by name.
func (d *Desk) issuers(chosen string) []option {
	var all []option
	seen := map[string]bool{}
	for _, src := range d.Defined.Sources() {
		if id := src.Issuer.ID; !seen[id] && (src.IsEnabled() || id == chosen) {
			seen[id] = true
			all = append(all, option{id, cmp.Or(src.Issuer.Name, id), id == chosen})
		}
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all
}

func (d *Desk) topics(chosen string) []option {
	var all []option
	for _, t := range d.Defined.Topics() {
		all = append(all, option{t.ID, cmp.Or(t.Name, t.ID), t.ID == chosen})
	}
	return all
}

// mostAtOnce bounds a form of many items.
const mostAtOnce = 200

// act does one thing with all items that are marked.
func (d *Desk) act(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		d.fail(w, r, err)
		return
	}
	items, to := r.PostForm["item"], local(r.PostFormValue("back"))
	switch {
	case len(items) == 0:
		d.problem(w, r, http.StatusUnprocessableEntity, "Nothing was marked. Go back and mark what you mean.")
		return
	case len(items) > mostAtOnce:
		d.problem(w, r, http.StatusUnprocessableEntity, "That is more than can be done at once: mark 200 at most.")
		return
	}
	did, err := d.actOn(r, items)
	switch {
	case errors.Is(err, errReason):
		d.problem(w, r, http.StatusUnprocessableEntity, "A finding is dismissed for a reason. Go back and write it in a few words: it teaches the engine.")
	case errors.Is(err, errAct):
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
	case err != nil:
		d.fail(w, r, err)
	default:
		back(w, r, to, did)
	}
}

var (
	errReason = errors.New("a finding is dismissed for a reason")
	errAct    = errors.New("nothing is known of this act")
)

func (d *Desk) actOn(r *http.Request, items []string) (did string, err error) {
	p := PersonOf(r.Context())
	a := state.Act{At: d.Clock.Now(), Person: p.ID, By: p.Name, Via: "desk", Reason: reasonOf(r)}
	switch r.PostFormValue("do") {
	case "read":
		a.Kind, did = state.ActRead, "read"
	case "assign":
		a.Kind, a.Assignee, did = state.ActAssigned, r.PostFormValue("assignee"), "assigned"
		if a.Assignee != "" {
			if _, err := d.Store.Person(r.Context(), a.Assignee); err != nil {
				return "", err
			}
		}
	case "dismiss":
		a.Kind, did = state.ActDone, "handled"
	default:
		return "", errAct
	}
	var rest []state.Act
	for _, item := range items {
		id, finding := strings.CutPrefix(item, "r:")
		if a.Item = item; finding && a.Kind == state.ActDone {
			if a.Reason == "" {
				return "", errReason
			}
			if err := d.decide(r, id, state.Review{Decision: state.Dismissed, Reason: a.Reason}); err != nil {
				return "", err
			}
			continue
		}
		if err := d.exists(r, item); err != nil {
			return "", err
		}
		rest = append(rest, a)
	}
	return did, d.Store.Update(r.Context(), func(tx state.Tx) error {
		for _, a := range rest {
			if err := tx.AddAct(a); err != nil {
				return err
			}
		}
		return nil
	})
}

// exists fails with statement.ErrNotFound for what is no item.
func (d *Desk) exists(r *http.Request, item string) error {
	if id, ok := strings.CutPrefix(item, "r:"); ok {
		f, err := d.Store.Reversal(r.Context(), id)
		if err == nil && f.ID != id {
			err = statement.ErrNotFound
		}
		return err
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(item, "e:"), 10, 64)
	if err != nil || state.EventItem(id) != item {
		return statement.ErrNotFound
	}
	_, err = d.Store.Event(r.Context(), id)
	return err
}

// reasonOf is the reason of a form: one of those offered, or as it was written.
func reasonOf(r *http.Request) string {
	reason := alert.Line(r.PostFormValue("reason"))
	if other := alert.Line(r.PostFormValue("other")); other != "" {
		reason = strings.Trim(strings.TrimSuffix(reason, "other")+": "+other, ": ")
	}
	return reason
}

// decide lets a person's decision take effect.
func (d *Desk) decide(r *http.Request, finding string, review state.Review) error {
	if d.Decider == nil {
		return errors.New("nothing can be decided here")
	}
	f, err := d.Store.Reversal(r.Context(), finding)
	if err != nil {
		return err
	}
	if f.ID != finding {
		return statement.ErrNotFound
	}
	review.At = d.Clock.Now()
	if review.Via == "" {
		p := PersonOf(r.Context())
		review.Person, review.By, review.Via = p.ID, p.Name, "desk"
	}
	_, _, err = d.Decider.Decide(r.Context(), finding, review)
	return err
}

// Address is that of the inbox so filtered, of any kind.
func (f inboxFilter) Address() string { return f.with("") }

// Set tells whether anything but the kind is asked for.
func (f inboxFilter) Set() bool { f.Kind = ""; return f != inboxFilter{} }

// Shows are the parts of the inbox that can be chosen.
func (f inboxFilter) Shows(signedIn bool) []option {
	all := []option{{"", "what is open", f.Show == ""}, {"all", "what is done too", f.Show == "all"}}
	if signedIn {
		all = slices.Insert(all, 1, option{"unread", "what I have not read", f.Show == "unread"}, option{"mine", "what is assigned to me", f.Show == "mine"})
	}
	return all
}

// Levels are those of findings.
func (f inboxFilter) Levels() []option {
	return []option{{"", "all", f.Level == ""}, {"alert", "alerts", f.Level == "alert"}, {"review", "for review", f.Level == "review"}, {"watch", "less sure", f.Level == "watch"}}
}

// Orders are what may come first.
func (f inboxFilter) Orders() []option {
	return []option{{"", "newest first", f.Order == ""}, {"weight", "weightiest first", f.Order == "weight"}}
}
