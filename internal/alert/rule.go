// Package alert decides who is told of what, words the message, and sees it
// through the outbox to a channel: never lost, never sent twice on purpose.
package alert

import (
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
)

// Rule says who is told of which events, how, and when.
type Rule struct {
	Name        string             `yaml:"name,omitempty" json:"name,omitempty" jsonschema_description:"name of the rule, shown in lists"`
	Events      []string           `yaml:"events" json:"events" jsonschema:"enum=new,enum=edited,enum=missing,enum=removed,enum=unlisted,enum=moved,enum=restored,enum=reversal,enum=softening,enum=fault,enum=recovered,enum=unread,enum=edition_differs,enum=changed" jsonschema_description:"what to tell of; missing is a suspected removal, removed a confirmed one, fault and recovered are about sources; unread is a statement published as something that is not read, such as a PDF; edition_differs is a statement whose edition in another language, or whose counterpart of another government, says something else: it waits for a digest, daily 08:00 if the rule has none, unless the rule says digest: immediately; changed is another word for edited"`
	Sources     []string           `yaml:"sources,omitempty" json:"sources,omitempty" jsonschema_description:"ids of sources; all if neither sources, issuers nor tags are given"`
	Issuers     []string           `yaml:"issuers,omitempty" json:"issuers,omitempty" jsonschema_description:"sources of these issuers, by id"`
	Tags        []string           `yaml:"tags,omitempty" json:"tags,omitempty" jsonschema_description:"sources with one of these tags"`
	Topics      []string           `yaml:"topics,omitempty" json:"topics,omitempty" jsonschema_description:"only texts that speak of one of these topics, by id"`
	Words       []string           `yaml:"words,omitempty" json:"words,omitempty" jsonschema_description:"only texts with one of these words or phrases; drone* stands for all words that begin so"`
	Languages   []string           `yaml:"languages,omitempty" json:"languages,omitempty" jsonschema_description:"only texts in one of these languages (BCP 47; fa takes in fa-IR)"`
	Importance  int                `yaml:"importance,omitempty" json:"importance,omitempty" jsonschema:"minimum=0,maximum=3" jsonschema_description:"least importance, 0 to 3"`
	Level       string             `yaml:"level,omitempty" json:"level,omitempty" jsonschema:"enum=alert,enum=review" jsonschema_description:"of reversals and softenings: alert (default) for the sure ones, review for all"`
	To          []string           `yaml:"to" json:"to" jsonschema_description:"e-mail addresses, and names of channels"`
	Digest      string             `yaml:"digest,omitempty" json:"digest,omitempty" jsonschema_description:"immediately (default), hourly, daily 08:00 or weekly Mon 08:00"`
	Timezone    string             `yaml:"timezone,omitempty" json:"timezone,omitempty" jsonschema_description:"IANA time zone of digest and quiet (default UTC)"`
	Quiet       string             `yaml:"quiet,omitempty" json:"quiet,omitempty" jsonschema_description:"hours in which nothing is sent, for example 22:00-07:00; it comes in one digest when they end"`
	QuietExcept []string           `yaml:"quiet_except,omitempty" json:"quiet_except,omitempty" jsonschema_description:"events that are told even in quiet hours"`
	Flood       int                `yaml:"flood,omitempty" json:"flood,omitempty" jsonschema_description:"more than this many in an hour come in one digest (default 20)"`
	PerYear     int                `yaml:"alerts_per_year,omitempty" json:"alerts_per_year,omitempty" jsonschema:"minimum=0" jsonschema_description:"most reversals and softenings of one issuer told at once in 365 days; beyond these, what scores higher than each of them still is, and the rest comes in a digest on Monday at 08:00 (default: no limit)"`
	Lifetime    statement.Duration `yaml:"lifetime,omitempty" json:"lifetime,omitempty" jsonschema_description:"alerts that could not be sent for so long are not sent any more (default: they are tried without end)"`
	WholeText   bool               `yaml:"whole_text,omitempty" json:"whole_text,omitempty" jsonschema_description:"send the whole text instead of its first paragraphs"`
}

const (
	defaultFlood = 20
	leastLife    = 10 * time.Minute
)

// events are the words a rule may use, and the states they mean.
var events = map[string]statement.State{
	"new": statement.New, "edited": statement.Changed, "changed": statement.Changed, "missing": statement.Missing,
	"removed": statement.Removed, "unlisted": statement.Unlisted, "moved": statement.Moved, "restored": statement.Restored,
	"reversal": statement.Turned, "softening": statement.Softened, "fault": statement.Faulted, "recovered": statement.Recovered,
	"unread": statement.Unread, "edition_differs": statement.Differs,
}

// Validate checks the words, moments and addresses of a rule.
func (r Rule) Validate() error {
	if len(r.Events) == 0 {
		return statement.WithHint(errors.New("the rule names no event"), "write events: [new, edited, removed]")
	}
	for _, word := range append(slices.Clone(r.Events), r.QuietExcept...) {
		if _, known := events[word]; !known {
			all := slices.Sorted(maps.Keys(events))
			return statement.WithHint(fmt.Errorf("%q is not an event", word), suggest(word, all))
		}
	}
	if len(r.To) == 0 {
		return statement.WithHint(errors.New("the rule names nobody to tell"), "write to: [you@example.org]")
	}
	for _, to := range r.To {
		if _, err := ParseRecipient(to); err != nil {
			return err
		}
	}
	if r.Level != "" && r.Level != string(statement.LevelAlert) && r.Level != string(statement.LevelReview) {
		return statement.WithHint(fmt.Errorf("level: %q", r.Level), suggest(r.Level, []string{"alert", "review"}))
	}
	if r.Importance < 0 || r.Importance > 3 {
		return statement.WithHint(fmt.Errorf("importance: %d", r.Importance), "0 to 3")
	}
	if r.Flood < 0 {
		return statement.WithHint(fmt.Errorf("flood: %d", r.Flood), "leave it out for 20")
	}
	switch {
	case r.PerYear < 0:
		return statement.WithHint(fmt.Errorf("alerts_per_year: %d", r.PerYear), "leave it out for no limit")
	case r.PerYear > 0 && !slices.ContainsFunc(r.Events, func(word string) bool { return events[word] == statement.Turned || events[word] == statement.Softened }):
		return statement.WithHint(errors.New("alerts_per_year counts reversals and softenings, of which the rule does not tell"), "add reversal to its events, or leave alerts_per_year out")
	case r.PerYear > 0 && r.Digest != "" && r.Digest != "immediately":
		return statement.WithHint(errors.New("alerts_per_year is for what is told at once, and the rule tells all in digests"), "leave out either alerts_per_year or digest")
	}
	if r.Lifetime != 0 && time.Duration(r.Lifetime) < leastLife {
		return statement.WithHint(fmt.Errorf("an alert cannot be delivered for sure in %s", time.Duration(r.Lifetime)), "leave lifetime out, or give it 10m at least")
	}
	for _, list := range [][]string{r.Words, r.Topics, r.Languages, r.Sources, r.Issuers, r.Tags} {
		if slices.ContainsFunc(list, func(s string) bool { return strings.Trim(s, "* \t") == "" }) {
			return statement.WithHint(errors.New("an entry of the rule is empty"), "take it out")
		}
	}
	if _, err := time.LoadLocation(r.Timezone); err != nil {
		return statement.WithHint(fmt.Errorf("%q is not a time zone", r.Timezone), "write an IANA name such as Europe/Berlin")
	}
	if _, err := parseDigest(r.Digest); err != nil {
		return err
	}
	_, err := parseQuiet(r.Quiet)
	return err
}

func suggest(word string, among []string) string {
	if near := statement.Nearest(word, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "one of " + strings.Join(among, ", ")
}

// Recipient is whom a rule names.
type Recipient struct {
	Channel string // statement.EmailChannel, or the name of another
	Address string // as written; for another channel its name
	Person  string // the same for the same person, however written
}

// ParseRecipient reads an e-mail address or the name of a channel.
func ParseRecipient(to string) (Recipient, error) {
	if !strings.ContainsAny(to, "@<> \t\r\n,") && to != "" && to != statement.EmailChannel {
		return Recipient{Channel: to, Address: to, Person: to}, nil
	}
	address, err := mail.ParseAddress(to)
	if err != nil || !strings.Contains(address.Address, "@") {
		return Recipient{}, statement.WithHint(fmt.Errorf("%q is not an e-mail address", to), "write you@example.org, or Name <you@example.org>, or the name of a channel")
	}
	return Recipient{Channel: statement.EmailChannel, Address: to, Person: strings.ToLower(address.Address)}, nil
}

// matches tells whether a rule is about the occasion.
func (r *compiledRule) matches(o *Occasion) (bool, error) {
	src := o.Source
	switch {
	case !r.states[o.Event.State]:
		return false, nil
	case len(r.Sources)+len(r.Issuers)+len(r.Tags) > 0 && !slices.Contains(r.Sources, src.ID) && !slices.Contains(r.Issuers, src.Issuer.ID) &&
		!slices.ContainsFunc(r.Tags, func(tag string) bool { return slices.Contains(src.Tags, tag) }):
		return false, nil
	case o.Event.Weight() < r.Importance:
		return false, nil
	case o.Event.Reversal != nil && o.Event.Reversal.Level == statement.LevelReview && r.Level != string(statement.LevelReview):
		return false, nil
	case len(r.Languages) > 0 && !slices.ContainsFunc(r.Languages, func(l string) bool { return speaks(o.Language, l) }):
		return false, nil
	}
	if len(r.Topics) > 0 {
		topics, err := o.topics()
		if err != nil || !slices.ContainsFunc(r.Topics, func(id string) bool { return slices.Contains(topics, id) }) {
			return false, err
		}
	}
	if len(r.words) > 0 {
		text, err := o.text()
		if err != nil {
			return false, err
		}
		return r.words.in(text), nil
	}
	return true, nil
}

// speaks tells whether a language tag falls under a range (basic filtering of
// RFC 4647, section 3.3.1).
func speaks(tag, under string) bool {
	tag, under = strings.ToLower(tag), strings.ToLower(under)
	return tag == under || strings.HasPrefix(tag, under+"-")
}
