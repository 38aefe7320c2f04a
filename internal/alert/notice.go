package alert

import (
	"context"
	"html"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// RouteNotice gives the alerts that carry a notice to those who run the
// program, one for each address.
func RouteNotice(to []string, n statement.Notice, source string) (alerts []statement.Alert) {
	told := map[string]bool{}
	for _, recipient := range to {
		address, err := mail.ParseAddress(recipient)
		if err != nil || told[strings.ToLower(address.Address)] {
			continue
		}
		person := strings.ToLower(address.Address)
		told[person] = true
		id := digest("notice", strconv.FormatInt(n.ID, 10), n.At.Format(time.RFC3339Nano), person)
		alerts = append(alerts, statement.Alert{
			Key: id, MessageID: id, Rule: "operator", Kind: statement.AlertNotice, Event: n.ID, Source: source, Channel: "email",
			Recipient: recipient, State: statement.Pending, CreatedAt: n.At, NextAttempt: n.At,
		})
	}
	return alerts
}

// notice words a notice: its text as it is, which may quote strings of the web.
func (d *Dispatcher) notice(ctx context.Context, a statement.Alert) (Message, error) {
	n, err := d.Memory.Notice(ctx, a.Event)
	if err != nil {
		return Message{}, err
	}
	lines := strings.Split(n.Text, "\n")
	for i := range lines {
		lines[i] = line(lines[i])
	}
	text := strings.Join(lines, "\n")
	return Message{
		To: a.Recipient, Subject: "[volteface] " + cut(line(n.Subject), maxSubject), Text: text + "\n",
		HTML:      "<!DOCTYPE html><html><body><pre>" + html.EscapeString(text) + "</pre></body></html>",
		MessageID: a.MessageID, List: "operator", Date: a.CreatedAt,
	}, nil
}
