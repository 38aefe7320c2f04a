package alert

import (
	"time"

	"volteface/internal/statement"
)

// Payload is a message for programs: the body of a webhook. Its fields are
// stable, as those of docs/json.md are.
type Payload struct {
	Type      string `json:"type" jsonschema_description:"statement.new, statement.edited, statement.missing, statement.removed, statement.unlisted, statement.moved, statement.restored, statement.reversal, statement.softening, statement.edition_differs, source.fault, source.recovered, source.unread, source.baseline, digest, notice, test"`
	Timestamp string `json:"timestamp" jsonschema_description:"when it happened, RFC 3339 in UTC"`
	Data      Data   `json:"data"`
}

// Data is what happened.
type Data struct {
	ID         string   `json:"id" jsonschema_description:"of the message: the same on every attempt, and in webhook-id"`
	Subject    string   `json:"subject"`
	Event      int64    `json:"event" jsonschema_description:"number of the event; 0 for a message that is not about one"`
	Source     string   `json:"source"`
	Issuer     string   `json:"issuer" jsonschema_description:"id of the issuer"`
	IssuerName string   `json:"issuer_name"`
	Importance int      `json:"importance" jsonschema_description:"0 to 3"`
	Statement  string   `json:"statement" jsonschema_description:"id of the statement; empty for an event of a source"`
	Revision   int      `json:"revision"`
	Title      string   `json:"title"`
	URL        string   `json:"url" jsonschema_description:"of the official page; http or https, or empty"`
	Page       string   `json:"page" jsonschema_description:"of the page about it, where public_url is set"`
	Published  string   `json:"published" jsonschema_description:"as in docs/json.md"`
	Language   string   `json:"language" jsonschema_description:"BCP 47"`
	Speaker    string   `json:"speaker"`
	Topics     []string `json:"topics" jsonschema_description:"names of the topics it speaks of"`
	Reason     string   `json:"reason" jsonschema_description:"what changed, or what was answered, in words"`
	Excerpt    []string `json:"excerpt" jsonschema_description:"first paragraphs"`
	Class      string   `json:"class" jsonschema_description:"of an edit: editorial or substantive; empty where it was not judged"`
	Kinds      string   `json:"kinds" jsonschema_description:"of a substantive edit, separated by commas: number, date, negation ..."`
	Difference string   `json:"difference" jsonschema_description:"of an edit: what was taken out stands in [-these-], what was put in in {+these+}"`
	Archived   string   `json:"archived" jsonschema_description:"SHA-256 of the archived bytes"`
	Before     string   `json:"archived_before" jsonschema_description:"the same of the revision before an edit"`
	// Summary is a language model's, of an edit or a long new statement, where second_opinion.summarize asks for one.
	Summary  *statement.MachineText `json:"summary,omitempty" jsonschema_description:"what a language model has summed up of a new statement or an edit: its words, and nobody's else"`
	Reversal *statement.Reversal    `json:"reversal,omitempty"`
	// Counterpart is of an event in which two statements differ.
	Counterpart *statement.Counterpart `json:"counterpart,omitempty" jsonschema_description:"of statement.edition_differs: both statements and what differs, as in docs/json.md; rows is empty"`
	Digest      *DigestData            `json:"digest,omitempty"`
}

// DigestData is the many events of one message.
type DigestData struct {
	Label string     `json:"label" jsonschema_description:"hourly, daily 08:00, weekly Mon 08:00, flood, quiet or muted"`
	Count int        `json:"count" jsonschema_description:"events in it, those not listed included"`
	Items []ItemData `json:"items" jsonschema_description:"the most important"`
}

// ItemData is one event of a digest.
type ItemData struct {
	Type       string `json:"type"`
	Source     string `json:"source"`
	Issuer     string `json:"issuer_name"`
	Statement  string `json:"statement"`
	Title      string `json:"title"`
	Published  string `json:"published" jsonschema_description:"the date that the statement itself shows, as in docs/json.md"`
	URL        string `json:"url"`
	Importance int    `json:"importance"`
	Topic      string `json:"topic"`
	Reason     string `json:"reason"`
}

func payload(m Message, s Story) Payload {
	p := Payload{Type: typeOf(s.Kind), Timestamp: s.At.UTC().Format(time.RFC3339), Data: Data{
		ID: m.MessageID, Subject: s.Subject, Event: s.Event, Source: s.Source, Issuer: s.issuerID, IssuerName: s.Issuer, Importance: s.Importance,
		Statement: s.ID, Revision: s.revision, Title: s.Title, URL: s.Link, Page: s.Page, Published: s.shown, Language: s.Language, Speaker: s.Speaker,
		Topics: append([]string{}, s.Topics...), Reason: s.Reason, Excerpt: append([]string{}, s.Excerpt...), Class: s.Class, Kinds: s.Kinds, Difference: s.Difference, Archived: s.Archived, Before: s.Before,
	}}
	if s.At.IsZero() {
		p.Timestamp = m.Date.UTC().Format(time.RFC3339)
	}
	p.Data.Reversal, p.Data.Counterpart, p.Data.Summary = s.turned, s.beside, s.summed
	if d := s.Digest; d != nil {
		p.Data.Digest = &DigestData{Label: d.Label, Count: s.Count, Items: []ItemData{}}
		for _, g := range d.Groups {
			for _, i := range g.Items {
				p.Data.Digest.Items = append(p.Data.Digest.Items, ItemData{typeOf(i.Kind), i.Source, g.Issuer, i.ID, i.Title, i.shown, i.Link, i.Importance, g.Topic, i.Detail})
			}
		}
	}
	return p
}

func typeOf(kind string) string {
	switch kind {
	case "fault", "recovered", "unread", "baseline":
		return "source." + kind
	case "digest", "notice", "test":
		return kind
	}
	return "statement." + kind
}
