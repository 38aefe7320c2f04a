// Package wire is how what is kept looks to programs: the records that commands print with --json and that the API answers with. Their
// fields are those of docs/json.md and stay as they are within a major version: new ones may join, none is renamed or removed.
package wire

import "time"

// Moment is a time as programs read it: RFC 3339 in UTC, "" for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Span is a stretch of a text in bytes, the end excluded.
type Span = [2]int
