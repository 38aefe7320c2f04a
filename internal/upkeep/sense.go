package upkeep

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"volteface/internal/statement"
	"volteface/state"
)

// The database holds many things twice. What is in no hash is held against its
// other place, and against what it can be at all.

// The earliest and the latest moment at which anything can have been seen: there
// was no page before, and clocks are not that wrong.
var earliest, latest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// sameSight is how far two records of one look may lie apart.
const sameSight = 24 * time.Hour

// sense reports what makes no sense in the dates and addresses of a statement
// and all that belongs to it.
func (h House) sense(ctx context.Context, st statement.Statement, tell func(fault string)) error {
	revisions, err := h.Store.Revisions(ctx, st.ID)
	if err != nil {
		return err
	}
	snapshots, err := h.Store.Snapshots(ctx, st.ID)
	if err != nil {
		return err
	}
	aliases, err := h.Store.Aliases(ctx, st.ID)
	if err != nil {
		return err
	}
	fault := func(format string, args ...any) {
		tell(fmt.Sprintf("statement %s: ", st.ID) + fmt.Sprintf(format, args...))
	}
	address := func(what, is string) {
		if is != "" && !plausible(is) {
			fault("the address of %s, %q, is none", what, is)
		}
	}
	moment := func(what string, at time.Time) {
		if !at.IsZero() && (at.Before(earliest) || at.After(latest)) {
			fault("%s was at %s", what, at.Format(time.RFC3339))
		}
	}
	address("its page", st.URL)
	address("its page, after redirects,", st.FinalURL)
	for what, at := range map[string]time.Time{"its first sight": st.FirstSeen, "its last sight": st.LastSeen, "the last look at it": st.LastChecked} {
		moment(what, at)
	}
	seen := witnesses(st, revisions, snapshots, aliases)
	if st.URL != "" && !seen.of(st.URL, 1) {
		fault("its address %q stands nowhere else", st.URL)
	}
	for _, r := range revisions {
		address(fmt.Sprintf("revision %d", r.N), r.URL)
		moment(fmt.Sprintf("revision %d", r.N), r.SeenAt)
		if r.URL != "" && !seen.of(r.URL, 1) {
			fault("the address of revision %d, %q, stands nowhere else", r.N, r.URL)
		}
		if r.N == 1 && r.Archive == "" && !st.FirstSeen.IsZero() && !r.SeenAt.IsZero() && r.SeenAt.Sub(st.FirstSeen).Abs() > sameSight {
			fault("it was first seen at %s, and its revision 1 at %s", st.FirstSeen.Format(time.RFC3339), r.SeenAt.Format(time.RFC3339))
		}
		if r.N == st.Revision {
			current(st, r, fault)
		}
	}
	for _, s := range snapshots {
		address("a capture", s.URL)
		address("a capture, after redirects,", s.FinalURL)
		moment("a capture", s.FetchedAt)
		for _, hop := range s.Hops {
			address("a redirect", hop.URL)
		}
	}
	return nil
}

// current holds a statement against its current revision, of which it has a copy.
func current(st statement.Statement, r statement.Revision, fault func(format string, args ...any)) {
	switch {
	case st.Title != r.Title:
		fault("its title is not that of its revision %d", r.N)
	case st.Published.String() != r.Published.String() || st.Published.Raw != r.Published.Raw:
		fault("it was published on %q, by its revision %d on %q", st.Published.String(), r.N, r.Published.String())
	case st.Language != r.Language:
		fault("its language is %q, that of its revision %d is %q", st.Language, r.N, r.Language)
	case st.BodyHash != "" && st.BodyHash != statement.SHA256([]byte(r.Body)):
		fault("the hash of its text is not that of its revision %d", r.N)
	}
}

// places count where an address of a statement stands.
type places struct {
	times map[string]int
	keys  map[string]bool // of aliases, in the form in which addresses are compared
}

func witnesses(st statement.Statement, revisions []statement.Revision, snapshots []statement.Snapshot, aliases []state.Alias) places {
	p := places{times: map[string]int{}, keys: map[string]bool{}}
	p.times[st.URL]++
	p.times[st.FinalURL]++
	for _, r := range revisions {
		p.times[r.URL]++
	}
	for _, s := range snapshots {
		p.times[s.URL]++
		if s.FinalURL != s.URL {
			p.times[s.FinalURL]++
		}
		for _, hop := range s.Hops {
			p.times[hop.URL]++
		}
	}
	for _, a := range aliases {
		p.keys[strings.ToLower(a.Key)] = true
	}
	return p
}

// of reports whether an address that stands so often in one place stands in
// another, too, or is a key that leads to the statement.
func (p places) of(address string, own int) bool {
	return p.times[address] > own || p.keys[strings.ToLower(statement.Source{}.Key(address))] || p.keys[strings.ToLower(statement.Source{FoldCase: true}.Key(address))]
}

// plausible reports whether a text can be the address of a page.
func plausible(address string) bool {
	if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return false
	}
	return !strings.ContainsFunc(u.Hostname(), func(r rune) bool {
		return r <= unicode.MaxASCII && !strings.ContainsRune("-._:~%", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
