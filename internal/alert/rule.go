// Package alert decides who is told of what, words the message, and sees it
// through the outbox to a channel: never lost, never sent twice on purpose.
package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// Rule says who is told of which events.
type Rule struct {
	Name    string   `yaml:"name,omitempty" json:"name,omitempty" jsonschema_description:"name of the rule, shown in lists"`
	Events  []string `yaml:"events" json:"events" jsonschema:"enum=new,enum=changed,enum=missing" jsonschema_description:"new, changed, missing"`
	Sources []string `yaml:"sources,omitempty" json:"sources,omitempty" jsonschema_description:"ids of sources; all if neither sources nor tags are given"`
	Tags    []string `yaml:"tags,omitempty" json:"tags,omitempty" jsonschema_description:"sources with one of these tags"`
	To      []string `yaml:"to" json:"to" jsonschema_description:"e-mail addresses"`
}

// events are the words a rule may use, and the states they mean.
var events = map[string]statement.State{"new": statement.New, "changed": statement.Changed, "missing": statement.Missing}

// Validate checks the words and addresses of a rule.
func (r Rule) Validate() error {
	if len(r.Events) == 0 {
		return statement.WithHint(errors.New("the rule names no event"), "write events: [new, changed, missing]")
	}
	for _, word := range r.Events {
		if _, known := events[word]; !known {
			hint := "one of new, changed, missing"
			if near := statement.Nearest(word, []string{"new", "changed", "missing"}); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return statement.WithHint(fmt.Errorf("%q is not an event", word), hint)
		}
	}
	if len(r.To) == 0 {
		return statement.WithHint(errors.New("the rule names nobody to tell"), "write to: [you@example.org]")
	}
	for _, address := range r.To {
		if _, err := mail.ParseAddress(address); err != nil {
			return statement.WithHint(fmt.Errorf("%q is not an e-mail address", address), "write you@example.org, or Name <you@example.org>")
		}
	}
	return nil
}

func (r Rule) matches(state statement.State, src statement.Source) bool {
	if !slices.ContainsFunc(r.Events, func(word string) bool { return events[word] == state }) {
		return false
	}
	if len(r.Sources)+len(r.Tags) == 0 {
		return true
	}
	return slices.Contains(r.Sources, src.ID) || slices.ContainsFunc(r.Tags, func(tag string) bool { return slices.Contains(src.Tags, tag) })
}

// Route gives the alerts of one event: one for each person that a rule names,
// whatever the number of rules that do.
func Route(rules []Rule, ev statement.Event, src statement.Source) []statement.Alert {
	return route(rules, src, ev.State, statement.Alert{Kind: statement.AlertEvent, Event: ev.ID, CreatedAt: ev.At},
		"event", strconv.FormatInt(ev.ID, 10), ev.At.Format(time.RFC3339Nano), ev.Source, ev.Statement)
}

// RouteBaseline gives the alerts that say which statements of a source are
// watched from now on: one for each person who is told of its new statements.
func RouteBaseline(rules []Rule, src statement.Source, at time.Time) []statement.Alert {
	return route(rules, src, statement.New, statement.Alert{Kind: statement.AlertBaseline, CreatedAt: at},
		"baseline", src.ID, at.Format(time.RFC3339Nano))
}

func route(rules []Rule, src statement.Source, state statement.State, base statement.Alert, what ...string) (alerts []statement.Alert) {
	told := map[string]bool{}
	for _, rule := range rules {
		if !rule.matches(state, src) {
			continue
		}
		for _, to := range rule.To {
			address, err := mail.ParseAddress(to)
			if err != nil {
				continue // Validate has refused such an address
			}
			person := strings.ToLower(address.Address)
			if told[person] {
				continue
			}
			told[person] = true
			a := base
			a.Rule, a.Source, a.Channel, a.Recipient, a.State = rule.Name, src.ID, "email", to, statement.Pending
			a.NextAttempt = a.CreatedAt
			a.MessageID = digest(append(what[:len(what):len(what)], person)...)
			a.Key = a.MessageID
			alerts = append(alerts, a)
		}
	}
	return alerts
}

// digest names a message after what it tells, so that it has the same name on
// every attempt and after a crash. The moment, to the microsecond, and the
// recipient keep the names of two installations apart. It is 128 bits of
// SHA-256.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
