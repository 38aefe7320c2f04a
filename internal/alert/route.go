package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// Occasion is an event with what rules look at besides.
type Occasion struct {
	Event    statement.Event
	Source   statement.Source
	Language string // of the statement
	// Text reads title and body of the revision the event is about. It is asked
	// only if a rule or a mute is about words or topics; nil for an event
	// without a statement.
	Text func() (title, body string, err error)
	// Told says what a rule has told at once of the reversals and softenings of the issuer in
	// the year before the event: how many, and the highest score among them. Only
	// rules with a limit ask.
	Told func(rule string) (n int, highest float64, err error)
	// Mutes are those in force.
	Mutes []statement.Mute

	router *Router
	read   bool
	folded string
	spoken []string // ids of topics
}

// Router gives events to those who want to know of them.
type Router struct {
	rules  []compiledRule
	topics []compiledTopic
	settle time.Duration
}

type compiledRule struct {
	Rule
	states map[statement.State]bool
	loud   map[statement.State]bool // told even in quiet hours
	words  words
	digest cadence
	quiet  quietHours
	zone   *time.Location
}

type compiledTopic struct {
	statement.Topic
	words words
}

// NewRouter prepares rules that Validate has passed. An alert that goes by
// itself waits for settle before it is due, so that the first of a flood is
// not gone when the rest comes.
func NewRouter(rules []Rule, topics []statement.Topic, settle time.Duration) *Router {
	r := &Router{settle: settle, topics: compileTopics(topics)}
	for i, rule := range rules {
		c := compiledRule{Rule: rule, states: map[statement.State]bool{}, loud: map[statement.State]bool{}, words: compileWords(rule.Words), zone: time.UTC}
		c.Name = ruleName(rules, i)
		for _, word := range rule.Events {
			c.states[events[word]] = true
		}
		for _, word := range rule.QuietExcept {
			c.loud[events[word]] = true
		}
		if zone, err := time.LoadLocation(rule.Timezone); err == nil {
			c.zone = zone
		}
		c.digest, _ = parseDigest(rule.Digest) // Validate has passed both
		c.quiet, _ = parseQuiet(rule.Quiet)
		r.rules = append(r.rules, c)
	}
	return r
}

// ruleName is what a rule is called in the outbox; its place stands in where
// it has no name of its own.
func ruleName(rules []Rule, i int) string {
	if rules[i].Name == "" {
		return "rule " + strconv.Itoa(i+1)
	}
	return rules[i].Name
}

func compileTopics(topics []statement.Topic) (compiled []compiledTopic) {
	for _, t := range topics {
		compiled = append(compiled, compiledTopic{t, compileWords(t.Terms)})
	}
	return compiled
}

// spokenOf are the topics that a folded text of an issuer speaks of.
func spokenOf(topics []compiledTopic, issuer statement.Issuer, text string) (spoken []statement.Topic) {
	for _, t := range topics {
		if t.Watches(issuer) && t.words.in(text) {
			spoken = append(spoken, t.Topic)
		}
	}
	return spoken
}

// Spoken are the topics that a text of an issuer speaks of.
func (r *Router) Spoken(issuer statement.Issuer, text string) []statement.Topic {
	return spokenOf(r.topics, issuer, fold(text))
}

// Has tells whether a text has one of the terms of a topic.
func (r *Router) Has(topic, text string) bool {
	for _, t := range r.topics {
		if t.ID == topic {
			return t.words.in(fold(text))
		}
	}
	return false
}

// text is the occasion's text, folded.
func (o *Occasion) text() (string, error) {
	if o.read || o.Text == nil {
		return o.folded, nil
	}
	title, body, err := o.Text()
	if err != nil {
		return "", err
	}
	if p := o.Event.Counterpart; p != nil {
		for _, d := range p.Differences {
			body += "\n\n" + d.A.Text + "\n\n" + d.B.Text
		}
	}
	if r := o.Event.Reversal; r != nil {
		body += "\n\n" + r.Before.Text + "\n\n" + r.After.Text
	}
	o.folded, o.read = fold(title+"\n\n"+body), true
	return o.folded, nil
}

// topics are the ids of the topics it speaks of.
func (o *Occasion) topics() ([]string, error) {
	if o.spoken != nil {
		return o.spoken, nil
	}
	text, err := o.text()
	if err != nil {
		return nil, err
	}
	o.spoken = []string{}
	for _, t := range spokenOf(o.router.topics, o.Source.Issuer, text) {
		o.spoken = append(o.spoken, t.ID)
	}
	if r := o.Event.Reversal; r != nil && r.Topic != "" {
		o.spoken = append(o.spoken, r.Topic)
	}
	return o.spoken, nil
}

// muted is the end of the longest mute that holds the occasion back, if any does.
func (o *Occasion) muted() (until time.Time, err error) {
	for _, m := range o.Mutes {
		if !m.Until.After(until) {
			continue
		}
		held := m.Subject == o.Source.ID
		if !held && slices.ContainsFunc(o.router.topics, func(t compiledTopic) bool { return t.ID == m.Subject }) {
			topics, err := o.topics()
			if err != nil {
				return until, err
			}
			held = slices.Contains(topics, m.Subject)
		}
		if held {
			until = m.Until
		}
	}
	return until, nil
}

// Route gives the alerts of an event: one for each person that a rule names,
// whatever the number of rules that do. Of several, the one that tells the
// person soonest counts.
func (r *Router) Route(o Occasion) (alerts []statement.Alert, err error) {
	o.router = r
	ev := o.Event
	base := statement.Alert{
		Kind: statement.AlertEvent, Event: ev.ID, Source: o.Source.ID, Importance: ev.Weight(), State: statement.Pending, CreatedAt: ev.At,
	}
	var until time.Time
	told := map[string]int{}
	for i := range r.rules {
		rule := &r.rules[i]
		matches, err := rule.matches(&o)
		if err != nil {
			return nil, err
		}
		if !matches {
			continue
		}
		if len(alerts) == 0 && len(o.Mutes) > 0 {
			if until, err = o.muted(); err != nil {
				return nil, err
			}
		}
		a := base
		a.Rule = rule.Name
		a.Digest, a.NextAttempt = rule.when(ev, r.settle)
		if a.Beyond, err = rule.beyond(&o); err != nil {
			return nil, err
		}
		if a.Beyond {
			a.Digest, a.NextAttempt = yearDigest, yearCadence.next(ev.At, rule.zone)
		}
		if until.After(a.NextAttempt) {
			a.Digest, a.NextAttempt = statement.DigestMuted, until
		}
		if rule.Lifetime > 0 {
			a.ExpiresAt = a.NextAttempt.Add(time.Duration(rule.Lifetime))
		}
		for _, to := range rule.To {
			recipient, err := ParseRecipient(to)
			if err != nil {
				continue // Validate has refused it
			}
			a.Channel, a.Recipient = recipient.Channel, recipient.Address
			a.MessageID = digest("event", strconv.FormatInt(ev.ID, 10), ev.At.Format(time.RFC3339Nano), ev.Source, ev.Statement, recipient.Person)
			a.Key = a.MessageID
			if at, twice := told[a.Key]; !twice {
				told[a.Key] = len(alerts)
				alerts = append(alerts, a)
			} else if sooner(a, alerts[at]) {
				alerts[at] = a
			}
		}
	}
	return alerts, nil
}

// when says which digest an event waits for, if any, and when it is due.
func (r *compiledRule) when(ev statement.Event, settle time.Duration) (digest string, due time.Time) {
	if r.digest.every != "" {
		return strings.Join(strings.Fields(r.Digest), " "), r.digest.next(ev.At, r.zone)
	}
	if ev.State == statement.Differs && strings.TrimSpace(r.Digest) == "" { // at once only where the rule says so
		daily, _ := parseDigest(dailyDigest)
		return dailyDigest, daily.next(ev.At, r.zone)
	}
	if until := r.quiet.until(ev.At, r.zone); until.After(ev.At) && !r.loud[ev.State] {
		return statement.DigestQuiet, until
	}
	return "", ev.At.Add(settle)
}

// beyond tells whether a rule has told so many turns of the issuer at once in a year that this one waits: it has told its
// limit, and one of them scored as high.
func (r *compiledRule) beyond(o *Occasion) (bool, error) {
	if r.PerYear == 0 || o.Event.Reversal == nil || o.Told == nil {
		return false, nil
	}
	n, highest, err := o.Told(r.Name)
	return n >= r.PerYear && o.Event.Reversal.Score <= highest, err
}

// yearDigest is the digest in which comes what is beyond a rule's limit for a year.
const yearDigest = "weekly Mon 08:00"

var yearCadence = cadence{every: "weekly", weekday: time.Monday, hour: 8}

// dailyDigest is the digest that events wait for which are never told at once unless a rule says "digest: immediately".
const dailyDigest = "daily 08:00"

// sooner tells which of two alerts of one event for one person is sent: the one
// that goes by itself, or else the earlier.
func sooner(a, b statement.Alert) bool {
	if (a.Digest == "") != (b.Digest == "") {
		return a.Digest == ""
	}
	return a.NextAttempt.Before(b.NextAttempt)
}

// RouteBaseline gives the alerts that say which statements of a source are
// watched from now on: one for each person who is told of its new statements.
func (r *Router) RouteBaseline(src statement.Source, at time.Time) (alerts []statement.Alert) {
	told := map[string]bool{}
	for i := range r.rules {
		rule := &r.rules[i]
		o := Occasion{Event: statement.Event{State: statement.New}, Source: src, Language: src.Language, router: r}
		bare := *rule
		bare.Topics, bare.words, bare.Importance = nil, nil, 0 // which of the statements fit is not looked at one by one
		if matches, err := bare.matches(&o); err != nil || !matches {
			continue
		}
		for _, to := range rule.To {
			recipient, err := ParseRecipient(to)
			if err != nil || told[recipient.Person] {
				continue
			}
			told[recipient.Person] = true
			id := digest("baseline", src.ID, at.Format(time.RFC3339Nano), recipient.Person)
			alerts = append(alerts, statement.Alert{
				Key: id, MessageID: id, Rule: rule.Name, Kind: statement.AlertBaseline, Source: src.ID, Channel: recipient.Channel,
				Recipient: recipient.Address, State: statement.Pending, CreatedAt: at, NextAttempt: rule.quiet.until(at, rule.zone),
			})
		}
	}
	return alerts
}

// RouteNotice gives the alerts that carry a notice to those who run the
// program, one for each.
func RouteNotice(to []string, n statement.Notice, source string) (alerts []statement.Alert) {
	told := map[string]bool{}
	for _, name := range to {
		recipient, err := ParseRecipient(name)
		if err != nil || told[recipient.Person] {
			continue
		}
		told[recipient.Person] = true
		id := digest("notice", strconv.FormatInt(n.ID, 10), n.At.Format(time.RFC3339Nano), recipient.Person)
		alerts = append(alerts, statement.Alert{
			Key: id, MessageID: id, Rule: "operator", Kind: statement.AlertNotice, Event: n.ID, Source: source, Channel: recipient.Channel,
			Recipient: recipient.Address, State: statement.Pending, CreatedAt: n.At, NextAttempt: n.At,
		})
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
