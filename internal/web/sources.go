package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// sourceRow is how a source does, for people.
type sourceRow struct {
	wire.Source
	Ill    bool // at fault, silent or retired
	Line   spark
	Advice string // what to do, if anything
	Next   string // its next visit, by its own clock
	Feed   string
}

// spark is a picture of what was new on each of some days, the oldest first.
type spark struct {
	Bars []column
	Text string // for those who cannot see it
}

// sourcesBody is the list of sources.
type sourcesBody struct {
	Rows     []sourceRow
	Show     string // "", fault, off
	Tags     []option
	On, Off  int
	Faults   int
	Attended bool
}

func (d *Desk) sourcesList(w http.ResponseWriter, r *http.Request) {
	all, err := d.Office.Sources(r.Context(), nil)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	q := r.URL.Query()
	b := sourcesBody{Show: q.Get("show"), Attended: d.Office.Attended()}
	tags := map[string]bool{}
	for _, s := range all {
		for _, t := range s.Tags {
			tags[t] = true
		}
		row := d.sourceRow(s)
		switch {
		case s.Enabled:
			b.On++
		default:
			b.Off++
		}
		if row.Ill {
			b.Faults++
		}
		if tag := q.Get("tag"); tag != "" && !slices.Contains(s.Tags, tag) || b.Show == "fault" && !row.Ill || b.Show == "" && !s.Enabled && s.Statements == 0 || b.Show == "off" && s.Enabled {
			continue
		}
		b.Rows = append(b.Rows, row)
	}
	for t := range tags {
		b.Tags = append(b.Tags, option{t, t, t == q.Get("tag")})
	}
	slices.SortFunc(b.Tags, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	slices.SortStableFunc(b.Rows, func(a, b sourceRow) int { // what is ill first
		switch {
		case a.Ill == b.Ill:
			return 0
		case a.Ill:
			return -1
		}
		return 1
	})
	d.page(w, r, "sources", "Sources", b)
}

func (d *Desk) sourceRow(s wire.Source) sourceRow {
	row := sourceRow{Source: s, Ill: s.Fault != "" && s.Faults > 0 || s.RetiredAt != "" || s.SilentSince != "", Line: drawSpark(s.Days, d.Clock.Now()), Advice: advice(s), Feed: "/feeds/source/" + url.PathEscape(s.ID) + ".atom"}
	if len(s.NextVisits) > 0 {
		if at, err := time.Parse(time.RFC3339, s.NextVisits[0]); err == nil {
			row.Next = d.visitAt(s.ID, at)
		}
	}
	return row
}

// visitAt is a visit by the clock of its source.
func (d *Desk) visitAt(source string, at time.Time) string {
	src, _ := d.Defined.Source(source)
	zone := src.Location()
	return statement.VisitAt(at, zone) + " " + at.In(zone).Format("MST")
}

// sparkDays is how many days a spark shows.
const sparkDays = 14

func drawSpark(days []wire.Day, now time.Time) spark {
	byDay := map[string]wire.Day{}
	most, fresh, failed := 0, 0, 0
	for _, day := range days {
		byDay[day.Day] = day
		most = max(most, day.New)
		fresh += day.New
		failed += day.Failed
	}
	p := spark{Text: plural(fresh, "new statement") + " in 14 days"}
	if failed > 0 {
		p.Text += ", " + plural(failed, "failed visit")
	}
	const width, height = 6, 20
	for i := range sparkDays {
		at := now.UTC().AddDate(0, 0, i-sparkDays+1).Format(time.DateOnly)
		day, visited := byDay[at]
		b := column{X: i * (width + 2), W: width, H: 1, Label: "none"}
		switch {
		case !visited || day.Visits == 0:
		case day.Failed >= day.Visits:
			b.H, b.Label = 5, "failed"
		case day.New == 0:
			b.H, b.Label = 2, "well"
		default:
			b.H, b.Label = max(4, day.New*height/most), "new"
		}
		b.Y = height - b.H
		p.Bars = append(p.Bars, b)
	}
	return p
}

// advice says what may be done about a source, in a sentence; "" where nothing need be.
func advice(s wire.Source) string {
	fault := strings.ToLower(s.Fault)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(fault, w) })
	}
	switch {
	case s.RetiredAt != "":
		return "Nobody answers there any more. If the site has moved, its definition needs the new address; a visit now tries the old one."
	case s.PausedSince != "" || fault == "" && s.SilentSince == "":
		return ""
	case fault == "":
		return "It is silent for much longer than usual: look whether the site still publishes there, or has moved to another address."
	case has("robots.txt"):
		return "The site asks programs to stay out. Ask its operators, or take a feed or an API that they offer."
	case has("block", "challenge", "captcha", "403", "429", "451"):
		return "The site turns programs away. It is left alone for a while by itself; if that lasts, ask its operators, or take a feed."
	case has("certificate", "tls", "x509"):
		return "The site's certificate is not valid. That is for its operators to mend; visits go on trying."
	case has("no such host", "unknown host", "lookup"):
		return "The name of its host is unknown. If the site has moved, its definition needs the new address."
	case has("timeout", "time-out", "refused", "reset", "unreachable", "502", "503", "504", "500"):
		return "The site is out of order. Visits go on trying, ever more rarely; nothing that was published is lost."
	case has("selector", "drift", "cannot be read", "structure", "names nothing", "no item"):
		return "The site was probably rebuilt: volteface sources test " + s.ID + " shows what its selectors find now."
	}
	return "Visits go on trying. docs/trouble.md tells what each kind of trouble does."
}

// sourceBody is one source.
type sourceBody struct {
	sourceRow
	Visits   []string // by its own clock
	Attended bool
	Newest   []statement.Statement
}

func (d *Desk) sourcePage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("source")
	if _, defined := d.Defined.Source(id); !defined {
		d.fail(w, r, statement.ErrNotFound)
		return
	}
	all, err := d.Office.Sources(r.Context(), []string{id})
	if err != nil || len(all) == 0 {
		d.fail(w, r, cmp.Or(err, statement.ErrNotFound))
		return
	}
	b := sourceBody{sourceRow: d.sourceRow(all[0]), Attended: d.Office.Attended()}
	for _, text := range all[0].NextVisits {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			b.Visits = append(b.Visits, d.visitAt(id, at))
		}
	}
	for st, err := range d.Store.Statements(r.Context(), state.Filter{Sources: []string{id}, Limit: 10}) {
		if err != nil {
			d.fail(w, r, err)
			return
		}
		b.Newest = append(b.Newest, st)
	}
	d.page(w, r, "source", id, b)
}

// sourceAct visits a source now, pauses it, or lets it go on.
func (d *Desk) sourceAct(w http.ResponseWriter, r *http.Request) {
	src, defined := d.Defined.Source(r.PathValue("source"))
	if !defined {
		d.fail(w, r, statement.ErrNotFound)
		return
	}
	ctx, p, now := r.Context(), PersonOf(r.Context()), d.Clock.Now()
	here := "/sources/" + url.PathEscape(src.ID)
	do := r.PostFormValue("do")
	if do != "visit" && !p.Can(string(state.RoleAdmin)) {
		d.problem(w, r, http.StatusForbidden, "Only administrators pause sources.")
		return
	}
	var err error
	switch do {
	case "visit":
		if err = monitor.VisitSoon(ctx, d.Store, src, now, d.Office.Attended()); errors.Is(err, monitor.ErrNotVisited) {
			d.problem(w, r, http.StatusConflict, sentenceOf(err))
			return
		}
	case "pause":
		until, bad := wire.ParseEnd(strings.TrimSpace(r.PostFormValue("until")), now)
		if bad != nil {
			d.problem(w, r, http.StatusUnprocessableEntity, sentenceOf(bad))
			return
		}
		err = d.Store.Update(ctx, func(tx state.Tx) error {
			return tx.PutPause(state.Pause{Source: src.ID, Since: now, Until: until, By: p.Name, Reason: short(r.PostFormValue("reason"), 500)})
		})
	case "resume":
		err = d.Store.Update(ctx, func(tx state.Tx) error { return tx.DropPause(src.ID) })
	default:
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
		return
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	back(w, r, here, map[string]string{"visit": "soon", "pause": "paused", "resume": "resumed"}[do])
}

// sentenceOf is an error with its advice, as a sentence.
func sentenceOf(err error) string {
	text := err.Error()
	text = strings.ToUpper(text[:1]) + text[1:] + "."
	if hint := statement.HintOf(err); hint != "" {
		text += " " + strings.ToUpper(hint[:1]) + hint[1:] + "."
	}
	return text
}
