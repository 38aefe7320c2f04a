package alert

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"time"

	"volteface/internal/diff"
	"volteface/internal/statement"
)

// Samples are one story of every kind, of a country that does not exist: for
// checking templates and for looking at them.
func Samples() []Story {
	at := time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)
	base := Story{
		Event: 17, Issuer: "Ministry of Ustania", Source: "ustania", ID: "k7d2mq9xvw", Title: "Spokesperson on deliveries abroad",
		Link: "https://mfa.ustania.example/news/17", Published: "17 October 2022, 14:30 (UTC+03:00)", Speaker: "Spokesperson of the Ministry",
		Topics: []string{"drone supply"}, Importance: 1, Seen: moment(at), Language: "en", Archived: statement.SHA256([]byte("after")),
		At: at, issuerID: "ustania_mfa", revision: 1, shown: "2022-10-17T14:30:00+03:00", SeenBefore: "4 November 2022, 08:00 UTC",
	}
	said := []string{"The Ministry answered questions at the weekly briefing.", "The country has not provided equipment to any side of the conflict, and it will not do so."}
	var all []Story
	for _, state := range order {
		s := base
		s.Kind, s.What = KindOf(state)
		s.Importance = statement.Event{State: state, Importance: 2}.Weight()
		s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, s.Title)
		switch state {
		case statement.New, statement.Missing, statement.Removed:
			s.Excerpt, s.More = said, true
		case statement.Changed:
			s.Reason, s.Class, s.Kinds, s.Before, s.revision = "1 paragraph changed (11 words out, 10 in)", "substantive", "negation", statement.SHA256([]byte("before")), 2
			s.sampleEdit(said)
		case statement.Turned, statement.Softened:
			s.sampleTurn()
		case statement.Differs:
			s.sampleBeside()
		}
		if state == statement.Missing || state == statement.Removed {
			s.Reason = "404 Not Found, three times in 25 hours, while the rest of the site is well"
		}
		if state == statement.Faulted || state == statement.Recovered || state == statement.Unread {
			s.ID, s.Title, s.Speaker, s.Topics, s.Excerpt, s.Count = "", "", "", nil, nil, 412
			s.Link, s.Reason = "https://mfa.ustania.example/news", "the listing names nothing: its template has changed"
			if state == statement.Unread {
				s.Reason = "“Joint communiqué”, 5 November 2022: published, not readable: it is a PDF, at https://mfa.ustania.example/files/18.pdf"
			}
			s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, s.Source)
		}
		all = append(all, s)
	}
	baseline := base
	baseline.Kind, baseline.What, baseline.Subject, baseline.ID, baseline.Count, baseline.More = "baseline", "Now watched", "[volteface] Now watched · Ministry of Ustania · 412 statements", "", 412, true
	baseline.Statements = []Listed{{base.Title, base.Link, base.Published}, {"Weekly briefing", "https://mfa.ustania.example/news/16", "13 October 2022"}}
	many := Story{Kind: "digest", What: "Digest", Count: 14, Importance: 2, Seen: moment(at), At: at, Subject: "[volteface] Digest · 14 events · 1 removed, 2 edited, 11 new",
		Digest: &Summary{Label: "daily 08:00", Counts: "1 removed, 2 edited, 11 new", Left: "11 more, less important or older. By source: ustania 11.", Groups: []Group{
			{"Ministry of Ustania", "drone supply", []Item{
				{"removed", "Removed", base.ID, "ustania", base.Title, base.Link, "", "5 Nov, 07:10", base.Published, 3, "404 Not Found, three times in 25 hours", "en", false, "", ""},
				{"edited", "Edited", "a2b3c4d5e6", "ustania", "Answers to questions of the press", "https://mfa.ustania.example/news/12", "", "5 Nov, 06:40", "4 November 2022", 2, "2 figures changed", "en", false, "", ""}}},
			{"Office of the President", "", []Item{{"edited", "Edited", "f7g8h9j0kk", "ustania-president", "Speech at the summit", "https://president.ustania.example/9", "", "4 Nov, 21:15", "2 November 2022", 1, "1 paragraph added", "en", false, "", ""}}}}}}
	notice := Story{Kind: "notice", What: "Notice", Subject: "[volteface] Fault · ustania", Title: "Fault · ustania", Source: "ustania", Seen: moment(at), At: at,
		Excerpt: []string{"ustania (Ministry of Ustania) could not be visited 5 times in a row.", "Fault: 403 Forbidden"}}
	test := Story{Kind: "test", What: "Test", Subject: "[volteface] Test", Seen: moment(at), At: at}
	return append(all, baseline, many, notice, test)
}

// Sample is a message of a kind, as Samples tells it.
func (c *Composer) Sample(kind, to string) (Message, error) {
	var known []string
	for _, s := range Samples() {
		if s.Kind == kind {
			s.Public = link(c.PublicURL)
			if s.ID != "" {
				s.Page = page(s.Public, "statements", s.ID)
			}
			return c.finish(Message{To: to, MessageID: digest("sample", kind, to), Date: s.At, List: s.Source}, s)
		}
		known = append(known, s.Kind)
	}
	return Message{}, statement.WithHint(fmt.Errorf("there is no message of kind %q", kind), suggest(kind, known))
}

func (s *Story) sampleEdit(before []string) {
	e := diff.Compare(diff.Text{Title: s.Title, Body: before[0] + "\n\n" + before[1]},
		diff.Text{Title: s.Title, Body: before[0] + "\n\nThe country has provided a limited number of devices, months before the conflict."})
	var plain, marked bytes.Buffer
	if e.Unified(&plain) == nil && e.HTML(&marked) == nil { // a buffer takes everything
		s.Difference, s.Marked = plain.String(), template.HTML(marked.String())
	}
}

func (s *Story) sampleBeside() {
	account := func(id, language, title string) statement.Account {
		return statement.Account{Statement: id, Revision: 1, Source: s.Source, Issuer: s.Issuer, Title: title, URL: "https://mfa.ustania.example/news/" + id,
			Published: statement.Date{Time: time.Date(2022, 10, 17, 14, 30, 0, 0, time.FixedZone("", 3*3600)), HasTime: true}, Language: language, Snapshot: statement.SHA256([]byte(id))}
	}
	p := statement.Counterpart{
		ID: "m3x8c2", Kind: statement.Edition, Score: 0.12, A: account("k7d2mq9xvw", "fr", "Conférence pour la paix"), B: account("p3w8z1c6tn", "en", s.Title),
		Differences: []statement.Difference{
			{Kind: statement.FigureDiffers, A: statement.Excerpt{Text: "L'objectif est de mobiliser 400 millions d'euros."}, B: statement.Excerpt{Text: "The aim is to raise 500 million euros."}, ValuesA: []string{"400 millions"}, ValuesB: []string{"500 million"}},
			{Kind: statement.OnlyA, A: statement.Excerpt{Text: "L'évacuation de nos ressortissants commencera mardi."}},
		},
		Explanation: "The French and the English edition of what appears to be one statement appear to differ: figures differ in one passage; one passage appears only in the French edition (400 millions | 500 million).",
	}
	s.Reason = p.Explanation
	_ = (&Composer{}).counterparts(statement.Event{Counterpart: &p}, s) // there is a payload
}

func (s *Story) sampleTurn() {
	day := func(month time.Month, day int) statement.Date {
		return statement.Date{Time: time.Date(2022, month, day, 14, 30, 0, 0, time.FixedZone("", 3*3600)), HasTime: true}
	}
	quote := func(id, stance, text, flagged string, on statement.Date) statement.Quote {
		from := bytes.Index([]byte(text), []byte(flagged))
		return statement.Quote{
			Statement: id, Revision: 1, Source: s.Source, Issuer: s.Issuer, Title: s.Title, URL: "https://mfa.ustania.example/news/" + id, Published: on,
			Speaker: "Spokesperson of the Ministry", Stance: stance, Text: text, Flagged: statement.Span{Start: from, End: from + len(flagged)},
			Language: "en", Snapshot: statement.SHA256([]byte(id)),
		}
	}
	r := statement.Reversal{
		ID: "r4k2m9", Verdict: statement.Verdict(s.Kind), Level: statement.LevelAlert, Kind: "denial", Score: 0.87, Topic: "drones", TopicName: "drone supply",
		Proposition: "Ustania supplied devices to a side of the conflict",
		Before:      quote("k7d2mq9xvw", "denied", "The country has not provided equipment to any side of the conflict, and it will not do so.", "has not provided equipment to any side", day(time.October, 17)),
		After:       quote("p3w8z1c6tn", "acknowledged", "We gave a limited number of devices, months before the conflict.", "gave a limited number of devices", day(time.November, 5)),
		Explanation: "On 17 October the spokesperson denied that any equipment had been provided; on 5 November the same office says that a limited number of devices was given.",
	}
	_ = (&Composer{}).reversal(context.Background(), statement.Event{Reversal: &r}, s) // there is a payload
}
