package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/internal/wire"
)

// Page is part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"cursor of the next page; empty on the last"`
}

// Paging is what every list takes.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"400" doc:"next of the page before; empty for the first"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"most items on a page"`
}

// Span is a stretch of time.
type Span struct {
	Since string `query:"since" maxLength:"40" example:"30d" doc:"at or after: a date, RFC 3339, or an age such as 48h or 30d"`
	Until string `query:"until" maxLength:"40" example:"2022-11-05" doc:"before: a date, RFC 3339, or an age"`
}

func (s Span) times(now time.Time) (since, until time.Time, err error) {
	if since, err = wire.ParseMoment(s.Since, now); err != nil {
		return since, until, invalid("query.since", "since: "+err.Error(), s.Since, statement.HintOf(err))
	}
	if until, err = wire.ParseMoment(s.Until, now); err != nil {
		return since, until, invalid("query.until", "until: "+err.Error(), s.Until, statement.HintOf(err))
	}
	return since, until, nil
}

// cursor is where a page ended: what is needed to go on from there. To clients it is opaque.
type cursor struct {
	List  string  `json:"l"` // of which list it is
	At    int64   `json:"t,omitempty"`
	Score float64 `json:"s,omitempty"`
	ID    string  `json:"i,omitempty"`
	N     int64   `json:"n,omitempty"`
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil { // strings and numbers always can be
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// cursorOf reads the cursor of a list; the zero one is that of the first page.
func (p Paging) cursorOf(list string) (c cursor, err error) {
	if p.Cursor == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.List != list {
		return c, invalid("query.cursor", "the cursor is of another list, or mistyped", short(p.Cursor, longestEcho), "take it from next of the page before, as it stands there")
	}
	return c, nil
}

// pageOf makes a page of one item more than its limit, if there are as many.
func pageOf[E, T any](found []E, limit int, item func(E) T, place func(E) cursor) Page[T] {
	p := Page[T]{Items: make([]T, 0, min(len(found), limit))}
	for i, x := range found {
		if i == limit {
			p.Next = place(found[i-1]).String()
			break
		}
		p.Items = append(p.Items, item(x))
	}
	return p
}

// whole is a list that is one page.
func whole[T any](items []T) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{Items: items}
}

// short is the beginning of a text that may be long.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return fmt.Sprintf("%s…", string(r[:n]))
	}
	return s
}
