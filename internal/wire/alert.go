package wire

import "volteface/internal/statement"

// Alert is a line of alerts list.
type Alert struct {
	ID          int64  `json:"id"`
	State       string `json:"state"`
	Kind        string `json:"kind"`
	Rule        string `json:"rule"`
	Source      string `json:"source"`
	Event       int64  `json:"event"`
	Importance  int    `json:"importance"`
	Channel     string `json:"channel"`
	Recipient   string `json:"recipient"`
	MessageID   string `json:"message_id"`
	Digest      string `json:"digest"`
	Parent      int64  `json:"parent"`
	Attempts    int    `json:"attempts"`
	Created     string `json:"created"`
	NextAttempt string `json:"next_attempt"`
	Expires     string `json:"expires"`
	Sent        string `json:"sent"`
	Error       string `json:"error"`
}

// AlertOf is an alert for programs.
func AlertOf(a statement.Alert) Alert {
	return Alert{
		a.ID, string(a.State), string(a.Kind), a.Rule, a.Source, a.Event, a.Importance, a.Channel, a.Recipient, a.MessageID,
		a.Digest, a.Parent, a.Attempts, Moment(a.CreatedAt), Moment(a.NextAttempt), Moment(a.ExpiresAt), Moment(a.SentAt), a.LastError,
	}
}

// ShownAlert is the line of alerts show.
type ShownAlert struct {
	Alert
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Members int    `json:"members"`
}

// Mute is a line of alerts mute.
type Mute struct {
	Subject string `json:"subject"`
	Since   string `json:"since"`
	Until   string `json:"until"`
}

// MuteOf is a mute for programs.
func MuteOf(m statement.Mute) Mute { return Mute{m.Subject, Moment(m.Since), Moment(m.Until)} }
