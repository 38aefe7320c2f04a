package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// functions are what templates may call.
func (d *Desk) functions() template.FuncMap {
	return template.FuncMap{
		"asset":  d.assets.address,
		"link":   alert.Link,
		"lang":   func(tag string) string { return alert.Language(tag) },
		"dir":    dir,
		"line":   alert.Line,
		"moment": statement.Moment,
		"minute": statement.Minute,
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"ago":    func(t time.Time) string { return ago(d.Clock.Now().Sub(t)) },
		"plural": plural,
		"issuer": d.issuer,
		"words":  func(s string) string { return strings.ReplaceAll(alert.Line(s), "_", " ") },
		"kind":   kindName,
		"short":  func(hash string) string { return hash[:min(len(hash), 12)] },
		"add":    func(a, b int) int { return a + b },
		"map":    mapOf,
		"parts":  partsOf,
		"piece":  alert.Piece,
		"when":   when,
		"letter": letter,
	}
}

// when is a moment that programs read (RFC 3339), for people.
func when(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return statement.Minute(at)
}

// letter is a text by its lines, each fit to be shown.
func letter(text string) (lines []string) {
	for l := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		lines = append(lines, alert.Piece(l))
	}
	return lines
}

// dir is the direction in which a text is written, for the attribute of that name.
func dir(text string) string {
	if alert.RightToLeft(text) {
		return "rtl"
	}
	return "ltr"
}

// issuer is the name of a source's issuer, or the source's own where it is not defined any more.
func (d *Desk) issuer(source string) string {
	if src, ok := d.Defined.Source(source); ok && src.Issuer.Name != "" {
		return alert.Line(src.Issuer.Name)
	}
	return source
}

// kindName is what the kinds of the inbox are called to people.
func kindName(kind string) string {
	if name, ok := map[string]string{"reversal": "Reversal", "softening": "Softening", "edited": "Silent edit", "removed": "Removed", "missing": "Missing", "fault": "Source fault"}[kind]; ok {
		return name
	}
	return kind
}

// ago is how long ago something was, roughly; for a moment that has not come, when it will.
func ago(d time.Duration) string {
	if d < 0 {
		return "in " + strings.TrimSuffix(ago(-d), " ago")
	}
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute") + " ago"
	case d < day:
		return plural(int(d/time.Hour), "hour") + " ago"
	case d < 60*day:
		return plural(int(d/day), "day") + " ago"
	case d < 2*365*day:
		return plural(int(d/(30*day)), "month") + " ago"
	}
	return plural(int(d/(365*day)), "year") + " ago"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// mapOf makes the data of a template from names and values.
func mapOf(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("%d names and values", len(pairs))
	}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// parts of a quotation: what stands before the words that carry the turn, these words, and what follows them.
type parts struct{ Lead, Flagged, Rest string }

// partsOf cuts a quotation; every part is fit to be shown.
func partsOf(q statement.Quote) parts {
	text, from, to := q.Text, q.Flagged.Start, q.Flagged.End
	if from < 0 || to > len(text) || from > to {
		from, to = 0, 0
	}
	return parts{alert.Piece(text[:from]), alert.Piece(text[from:to]), alert.Piece(text[to:])}
}
