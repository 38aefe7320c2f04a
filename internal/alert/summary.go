package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"volteface/internal/statement"
)

// Summary is a digest as the templates tell it.
type Summary struct {
	Label  string // hourly, daily 08:00, flood, quiet, muted
	Why    string // why it is one, where nobody asked for a digest
	Counts string // 2 removed, 3 edited, 9 new
	Groups []Group
	Left   string // what is not listed, in words; empty if all is

	sources string // how many events each source accounts for
}

// Group is the events of one issuer on one topic, or on none.
type Group struct {
	Issuer string
	Topic  string // empty for none
	Items  []Item
}

// Item is one event of a digest.
type Item struct {
	Kind, What string
	ID         string // of the statement
	Source     string
	Title      string
	Link       string
	Page       string
	When       string
	Published  string // the date that the statement itself shows
	Importance int
	Detail     string // what changed, why it is missing, or the turn of a reversal
	Language   string
	Right      bool

	shown       string // the date published, for programs
	counterpart string // id of the pair that differs
}

// Command is what shows the event at a terminal; empty where nothing does.
func (i Item) Command() string {
	switch {
	case i.counterpart != "":
		return "volteface editions show " + i.counterpart
	case i.ID == "":
		return ""
	case i.Kind == "edited":
		return "volteface diff " + i.ID
	}
	return "volteface statements show " + i.ID
}

// digest tells of many events, the most important first.
func (c *Composer) digest(ctx context.Context, a statement.Alert, s *Story) error {
	members, err := c.Memory.Members(ctx, a.ID, maxItems)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		return errors.New("the digest is empty")
	}
	shares, err := c.Memory.Shares(ctx, a.ID)
	if err != nil {
		return err
	}
	s.Kind, s.What, s.Seen, s.At = "digest", "Digest", moment(a.CreatedAt), a.CreatedAt
	s.Importance = min(members[0].Importance, 2) // a digest is never urgent
	d := &Summary{Label: members[0].Digest, Why: why(members[0].Digest)}
	s.Digest = d
	for _, share := range shares {
		s.Count += share.Count
	}
	d.Counts, d.sources = counts(shares), bySource(shares)
	for _, member := range members {
		item, issuer, topic, err := c.item(ctx, member, s.Public)
		if errors.Is(err, statement.ErrNotFound) {
			item, issuer = Item{What: "Event", Title: fmt.Sprintf("event %d cannot be read any more", member.Event), Source: member.Source}, member.Source
		} else if err != nil {
			return err
		}
		at := slices.IndexFunc(d.Groups, func(g Group) bool { return g.Issuer == issuer && g.Topic == topic })
		if at < 0 {
			at = len(d.Groups)
			d.Groups = append(d.Groups, Group{Issuer: issuer, Topic: topic})
		}
		d.Groups[at].Items = append(d.Groups[at].Items, item)
	}
	if left := s.Count - len(members); left > 0 {
		d.Left = fmt.Sprintf("%s more, less important or older. By source: %s.", grouped(left), d.sources)
	}
	s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", map[bool]string{true: "Flood", false: "Digest"}[d.Label == statement.DigestFlood], counted(s.Count, "event"), d.Counts)
	return nil
}

// shorter lists two thirds of the events of a digest of so many.
func (d Summary) shorter(count int) *Summary {
	listed := 0
	for _, g := range d.Groups {
		listed += len(g.Items)
	}
	left := max(1, listed*2/3)
	d.Left = fmt.Sprintf("%s of %s are listed here: the message was too long. By source: %s.", grouped(left), grouped(count), d.sources)
	groups := d.Groups
	d.Groups = nil
	for _, g := range groups {
		g.Items = g.Items[:min(left, len(g.Items))]
		if left -= len(g.Items); len(g.Items) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	return &d
}

func why(label string) string {
	switch label {
	case statement.DigestFlood:
		return "More came in an hour than the rule lets through one by one, so that you get them in one mail. A template of the site may have changed; \"volteface sources list\" shows faults, \"volteface alerts mute\" holds a source back."
	case statement.DigestQuiet:
		return "These came in your quiet hours."
	case statement.DigestMuted:
		return "These came while their source or topic was muted."
	}
	return ""
}

// item is an event as a digest lists it.
func (c *Composer) item(ctx context.Context, a statement.Alert, public string) (item Item, issuer, topic string, err error) {
	ev, err := c.Memory.Event(ctx, a.Event)
	if err != nil {
		return item, "", "", err
	}
	src, issuer := c.source(ev.Source)
	item.Kind, item.What = KindOf(ev.State)
	item.Source, item.When, item.Importance, item.Detail = src.ID, statement.ShortMoment(ev.At), ev.Weight(), cut(line(ev.Reason), 200)
	if ev.Statement == "" {
		item.Title, item.Link = src.ID, link(src.URL)
		return item, issuer, "", nil
	}
	st, err := c.Memory.Statement(ctx, ev.Statement)
	if err != nil {
		return item, "", "", err
	}
	r, err := c.Memory.Revision(ctx, ev.Statement, ev.Revision)
	if err != nil {
		return item, "", "", err
	}
	item.ID, item.Title, item.Link, item.Page = st.ID, title(r.Title), link(st.URL), page(public, "statements", st.ID)
	item.Published, item.shown = published(r.Published), r.Published.String()
	item.Language, item.Right = language(r.Language), rightToLeft(r.Title)
	spoken := Story{}
	spoken.topics(c, src.Issuer, r)
	topic = strings.Join(spoken.Topics, ", ")
	if p := ev.Counterpart; p != nil {
		item.counterpart = line(p.ID)
		item.Detail = cut(line(p.Explanation), maxWords)
		if p.Kind == statement.Readout {
			item.What = "Accounts differ"
		}
	}
	if t := ev.Reversal; t != nil {
		told := Story{Public: public, Title: item.Title}
		if err := c.reversal(ctx, ev, &told); err == nil {
			item.Detail, item.Page = told.Reversal.turn(item.Title, t.Verdict == statement.VerdictSoftening), told.Page
		}
		topic = cmp.Or(cut(line(t.TopicName), 80), topic)
	}
	return item, issuer, topic, nil
}

// order in which kinds are counted: what matters most first.
var order = []statement.State{
	statement.Turned, statement.Softened, statement.Removed, statement.Missing, statement.Changed, statement.Differs, statement.New,
	statement.Unlisted, statement.Moved, statement.Restored, statement.Unread, statement.Faulted, statement.Recovered,
}

// counts is "1 reversal, 2 removed, 3 edited".
func counts(shares []statement.Share) string {
	sum := map[statement.State]int{}
	for _, sh := range shares {
		sum[sh.State] += sh.Count
	}
	var parts []string
	for _, state := range order {
		if n := sum[state]; n > 0 {
			kind, _ := KindOf(state)
			if n > 1 && (state == statement.Turned || state == statement.Softened || state == statement.Faulted) {
				kind += "s"
			}
			parts = append(parts, grouped(n)+" "+kind)
		}
	}
	return strings.Join(parts, ", ")
}

// bySource is "kremlin 4,900, mid 100", the largest first, a dozen at most.
func bySource(shares []statement.Share) string {
	sum := map[string]int{}
	for _, sh := range shares {
		sum[sh.Source] += sh.Count
	}
	names := make([]string, 0, len(sum))
	for name := range sum {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(sum[b]-sum[a], strings.Compare(a, b)) })
	const most = 12
	var parts []string
	for i, name := range names {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		parts = append(parts, name+" "+grouped(sum[name]))
	}
	return strings.Join(parts, ", ")
}
