package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
)

// printJSON writes one JSON line.
func (a *app) printJSON(v any) error {
	encoder := json.NewEncoder(a.out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// moment is a time in JSON: RFC 3339 in UTC, "" for none.
func moment(t time.Time) string { return wire.Moment(t) }

// findingJSON is a line of scrape; its fields are documented in docs/json.md.
type findingJSON struct {
	State     statement.State `json:"state"`
	Source    string          `json:"source"`
	ID        string          `json:"id"`
	URL       string          `json:"url"`
	Title     string          `json:"title"`
	Published string          `json:"published"`
	Revision  int             `json:"revision"`
	Reason    string          `json:"reason"`
	Baseline  bool            `json:"baseline"`
	wire.Judgement
}

// judged is a judgement in a few words: "substantive, importance 2".
func judged(j statement.Judgement) string {
	switch {
	case j.Class == "":
		return ""
	case j.Flicker:
		return "flickers"
	case j.Class == statement.ClassNone:
		return "nothing a reader sees"
	case j.Class == statement.ClassSubstantive:
		return fmt.Sprintf("%s, importance %d", j.Class, j.Importance)
	}
	return string(j.Class)
}

func (a *app) printFinding(f monitor.Finding, color bool) error {
	if a.json {
		return a.printJSON(findingJSON{f.State, f.Source, f.Statement, f.URL, f.Title, f.Published.String(), f.Revision, f.Reason, f.Baseline, wire.JudgementOf(f.Judgement)})
	}
	what := term.Title(f.Title)
	if what == "" {
		what = term.Clean(f.URL)
	}
	line := fmt.Sprintf("%s  %s  %s  %s", term.Paint(color, stateStyle[f.State], fmt.Sprintf("%-9s", f.State)),
		term.Paint(color, term.Dim, fmt.Sprintf("%-10s", f.Statement)), day(f.Published), what)
	why := f.Reason
	if j := judged(f.Judgement); j != "" {
		why = j + ": " + why
	}
	if why != "" {
		line += term.Paint(color, term.Dim, "  ("+term.Clean(why)+")")
	}
	_, err := fmt.Fprintln(a.out, line)
	return err
}

var stateStyle = map[statement.State]term.Style{
	statement.New: term.Green, statement.Changed: term.Yellow, statement.Unchanged: term.Dim,
	statement.Missing: term.Red, statement.Removed: term.Red, statement.Errored: term.Red,
	statement.Unlisted: term.Yellow, statement.Moved: term.Yellow, statement.Restored: term.Green,
	statement.Unread: term.Yellow,
}

// day is the day of a date in ten columns.
func day(d statement.Date) string {
	if d.Time.IsZero() {
		return fmt.Sprintf("%-10s", term.Cut(term.Clean(d.Raw), 10))
	}
	return d.Figures()
}

// ago is how long before now t was, as people say it.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days ago", int(d.Hours()/24))
	}
}

// indent writes text with a margin.
func indent(w io.Writer, text, margin string) error {
	for _, line := range strings.Split(text, "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(margin+line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// plural is "1 statement", "2 statements".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// verb is the form of a verb that fits so many: is, are.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
