package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/state"
)

// topicRow is a topic in the list of positions.
type topicRow struct {
	statement.Topic
	Positions int
	Issuers   int
	Last      time.Time
	Findings  int
}

// positionsList lists the topics, and how much is known on each.
func (d *Desk) positionsList(w http.ResponseWriter, r *http.Request) {
	var rows []topicRow
	for _, t := range d.Defined.Topics() {
		stances, err := d.Store.Stances(r.Context(), t.ID)
		if err != nil {
			d.fail(w, r, err)
			return
		}
		row := topicRow{Topic: t, Positions: len(stances)}
		issuers := map[string]bool{}
		for _, s := range stances {
			issuers[s.Issuer] = true
			row.Last = s.Said
		}
		row.Issuers = len(issuers)
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b topicRow) int { return cmp.Compare(b.Positions, a.Positions) })
	d.page(w, r, "positions", "Positions", rows)
}

// positionsBody is what is known on a topic.
type positionsBody struct {
	Topic        statement.Topic
	Propositions []propositionBody
	Issuers      []option
	Findings     []state.Finding
	Total        int
}

// propositionBody is who took which position on a proposition when.
type propositionBody struct {
	statement.Proposition
	Picture lanes
	Rows    []positionRow
	Older   int // positions that are not in the table
}

type positionRow struct {
	state.Stance
	Date string
	Name string // of the issuer
	Href string
}

// mostPositions is how many positions on a proposition the table has, the newest.
const mostPositions = 200

func (d *Desk) positions(w http.ResponseWriter, r *http.Request) {
	t, known := d.topic(r.PathValue("topic"))
	if !known {
		d.fail(w, r, statement.ErrNotFound)
		return
	}
	all, err := d.Store.Stances(r.Context(), t.ID)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	chosen := r.URL.Query().Get("issuer")
	b := positionsBody{Topic: t}
	spoken := map[string]bool{}
	for _, s := range all {
		if !spoken[s.Issuer] {
			spoken[s.Issuer] = true
			b.Issuers = append(b.Issuers, option{s.Issuer, d.issuerName(s.Issuer), s.Issuer == chosen})
		}
	}
	if chosen != "" {
		all = slices.DeleteFunc(all, func(s state.Stance) bool { return s.Issuer != chosen })
	}
	b.Total = len(all)
	for _, p := range t.Propositions {
		of := slices.DeleteFunc(slices.Clone(all), func(s state.Stance) bool { return s.Proposition != p.ID })
		body := propositionBody{Proposition: p, Picture: drawLanes(of, d.issuerName, func(s state.Stance) mark {
			return mark{Stance: s.Stance, Href: stanceHref(s), Label: statement.DayOf(s.Said) + ", " + d.issuerName(s.Issuer) + " " + s.Stance + ": " + short(s.Sentence, 140)}
		})}
		slices.Reverse(of)
		if body.Older = len(of) - mostPositions; body.Older > 0 {
			of = of[:mostPositions]
		}
		for _, s := range of {
			said, err := monitor.ShownDate(r.Context(), d.Store, s)
			if err != nil {
				d.fail(w, r, err)
				return
			}
			body.Rows = append(body.Rows, positionRow{s, said.ShortDay(), d.issuerName(s.Issuer), stanceHref(s)})
		}
		b.Propositions = append(b.Propositions, body)
	}
	if b.Findings, err = d.Store.Reversals(r.Context(), state.ReversalFilter{Topics: []string{t.ID}, Levels: []statement.Level{statement.LevelAlert, statement.LevelReview}, Decisions: []state.Decision{state.Open, state.Confirmed}, Standing: true, Limit: 20}); err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, "position", cmp.Or(t.Name, t.ID), b)
}

// topic finds one by its id.
func (d *Desk) topic(id string) (statement.Topic, bool) {
	all := d.Defined.Topics()
	i := slices.IndexFunc(all, func(t statement.Topic) bool { return t.ID == id })
	if i < 0 {
		return statement.Topic{}, false
	}
	return all[i], true
}

// issuerName is the name of an issuer by its id.
func (d *Desk) issuerName(id string) string {
	for _, src := range d.Defined.Sources() {
		if src.Issuer.ID == id {
			return cmp.Or(src.Issuer.Name, id)
		}
	}
	return id
}

// stanceHref leads to the sentence in its statement.
func stanceHref(s state.Stance) string {
	return "/statements/" + url.PathEscape(s.Statement) + "?n=" + strconv.Itoa(s.Revision) + "#:~:text=" + textFragment(s.Sentence)
}

// textFragment names words of a page, for browsers to scroll to and mark (URL Fragment Text Directives): the first ones.
func textFragment(sentence string) string {
	words := strings.Fields(sentence)
	return strings.ReplaceAll(url.PathEscape(strings.Join(words[:min(len(words), 8)], " ")), "-", "%2D")
}

// short is the beginning of a text that may be long.
func short(text string, n int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > n {
		return strings.TrimSpace(string(r[:n])) + "…"
	}
	return string(r)
}
