package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
)

func (a *app) alertsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "List what was and will be mailed, try the mail server, send again",
		Example: `  volteface alerts list --state pending
  volteface alerts test you@example.org
  volteface alerts retry`,
		RunE: needsVerb,
	}
	cmd.AddCommand(a.alertsListCommand(), a.alertsTestCommand(), a.alertsRetryCommand())
	return cmd
}

// alertJSON is a line of alerts list.
type alertJSON struct {
	ID          int64  `json:"id"`
	State       string `json:"state"`
	Kind        string `json:"kind"`
	Rule        string `json:"rule"`
	Source      string `json:"source"`
	Event       int64  `json:"event"`
	Channel     string `json:"channel"`
	Recipient   string `json:"recipient"`
	MessageID   string `json:"message_id"`
	Attempts    int    `json:"attempts"`
	Created     string `json:"created"`
	NextAttempt string `json:"next_attempt"`
	Sent        string `json:"sent"`
	Error       string `json:"error"`
}

func (a *app) alertsListCommand() *cobra.Command {
	var states []string
	var limit int
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List alerts, the oldest first",
		Example: `  volteface alerts list --state pending --json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter := state.AlertFilter{Limit: limit}
			known := []string{string(statement.Pending), string(statement.Sent), string(statement.Refused)}
			for _, s := range states {
				if !slices.Contains(known, s) {
					return usage(fmt.Errorf("--state %q", s), "pending, sent or failed")
				}
				filter.States = append(filter.States, statement.AlertState(s))
			}
			return a.listAlerts(cmd.Context(), filter)
		},
	}
	cmd.Flags().StringSliceVar(&states, "state", nil, "only in this `STATE`: pending, sent or failed")
	cmd.Flags().IntVar(&limit, "limit", 0, "`N` alerts at most")
	return cmd
}

func (a *app) listAlerts(ctx context.Context, filter state.AlertFilter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	alerts, err := h.Alerts(ctx, filter)
	if err != nil {
		return err
	}
	rows := [][]string{{"ID", "STATE", "TO", "SOURCE", "WHAT", "TRIES", "CREATED", "LAST ERROR"}}
	for _, al := range alerts {
		if a.json {
			if err := a.printJSON(alertJSON{
				al.ID, string(al.State), string(al.Kind), al.Rule, al.Source, al.Event, al.Channel, al.Recipient, al.MessageID,
				al.Attempts, moment(al.CreatedAt), moment(al.NextAttempt), moment(al.SentAt), al.LastError,
			}); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{
			strconv.FormatInt(al.ID, 10), string(al.State), term.Clean(al.Recipient), al.Source, string(al.Kind),
			strconv.Itoa(al.Attempts), ago(a.clock.Now(), al.CreatedAt), term.Cut(term.Clean(al.LastError), 80),
		})
	}
	if a.json {
		return nil
	}
	if len(alerts) == 0 {
		fmt.Fprintln(a.err, "no alerts")
		return nil
	}
	return term.Table(a.out, rows)
}

func (a *app) alertsTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "test [ADDRESS...]",
		Short:   "Send a test mail, at once and not by way of the outbox",
		Long:    "Send a test mail, at once and not by way of the outbox: to the addresses\ngiven, or to everybody whom the rules name.",
		Example: `  volteface alerts test you@example.org`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			to := args
			for _, rule := range cfg.Alerts {
				if len(args) == 0 {
					to = append(to, rule.To...)
				}
			}
			if len(to) == 0 {
				return usage(errors.New("nobody to write to"), "volteface alerts test you@example.org, or give the configuration a rule under alerts")
			}
			slices.Sort(to)
			return a.testMail(cmd.Context(), cfg, slices.Compact(to))
		},
	}
}

func (a *app) testMail(ctx context.Context, cfg *config.Config, to []string) error {
	if cfg.SMTP.Host == "" {
		return noServer()
	}
	channel, err := email.New(cfg.SMTP)
	if err != nil {
		return err
	}
	defer channel.Close()
	for _, address := range to {
		message, err := alert.TestMessage(address, a.clock.Now())
		if err != nil {
			return err
		}
		if _, err := channel.Send(ctx, message); err != nil {
			return statement.WithHint(fmt.Errorf("mail to %s: %w", address, err), "check smtp in the configuration: host, port, tls, user")
		}
		if a.json {
			err = a.printJSON(map[string]string{"recipient": address, "state": "sent", "message_id": message.MessageID})
		} else {
			_, err = fmt.Fprintf(a.out, "sent to %s\n", address)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func noServer() error {
	return statement.WithHint(errors.New("no mail server is configured"), "set smtp in the configuration: host, port, tls, from")
}

func (a *app) alertsRetryCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "retry [ID...]",
		Short: "Send what waits in the outbox now, or single alerts again",
		Long:  "Send what waits in the outbox now, without waiting for its next attempt;\nor single alerts, even if they were refused.",
		Example: `  volteface alerts retry
  volteface alerts retry 17`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var ids []int64
			for _, arg := range args {
				id, err := strconv.ParseInt(arg, 10, 64)
				if err != nil || id < 1 {
					return usage(fmt.Errorf("%q is not the number of an alert", arg), "volteface alerts list shows the numbers")
				}
				ids = append(ids, id)
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			if cfg.SMTP.Host == "" {
				return noServer()
			}
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			if err := a.makeDue(cmd.Context(), h, ids); err != nil {
				return err
			}
			report, err := a.deliver(cmd.Context(), h, cfg)
			if a.json {
				err = errors.Join(a.printJSON(map[string]int{"sent": report.Sent, "pending": report.Retried, "failed": report.Refused}), err)
			} else {
				fmt.Fprintf(a.out, "%d sent, %d waiting, %d refused\n", report.Sent, report.Retried, report.Refused)
			}
			return err
		},
	}
}

// makeDue makes the named alerts, or all that wait, due now.
func (a *app) makeDue(ctx context.Context, h *house, ids []int64) error {
	filter := state.AlertFilter{IDs: ids}
	if len(ids) == 0 {
		filter.States = []statement.AlertState{statement.Pending}
	}
	alerts, err := h.Alerts(ctx, filter)
	if err != nil {
		return err
	}
	if len(alerts) < len(ids) {
		return usage(errors.New("there is no alert with one of these numbers"), "volteface alerts list shows the numbers")
	}
	for _, al := range alerts {
		if al.State == statement.Sent {
			return usage(fmt.Errorf("alert %d has been sent", al.ID), "volteface alerts list --state pending shows what waits")
		}
		al.State, al.NextAttempt = statement.Pending, a.clock.Now()
		if err := h.SaveAlert(ctx, al); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends what is due. What could not be sent waits, and is an error
// that says so.
func (a *app) deliver(ctx context.Context, h *house, cfg *config.Config) (alert.Report, error) {
	if cfg.SMTP.Host == "" {
		return alert.Report{}, nil
	}
	channel, err := email.New(cfg.SMTP)
	if err != nil {
		return alert.Report{}, err
	}
	defer channel.Close()
	catalogue, err := a.sources()
	if err != nil {
		return alert.Report{}, err
	}
	dispatcher := alert.Dispatcher{
		Memory: h.Store, Channel: channel, Clock: a.clock,
		Source: func(id string) (statement.Source, bool) { src, ok := catalogue[id]; return src, ok },
		Due: func(ctx context.Context, now time.Time, limit int) ([]statement.Alert, error) {
			return h.Alerts(ctx, state.AlertFilter{States: []statement.AlertState{statement.Pending}, DueBefore: now, Limit: limit})
		},
		Newest: func(ctx context.Context, source string, limit int) (newest []statement.Statement, err error) {
			for st, err := range h.Statements(ctx, state.Filter{Sources: []string{source}, Limit: limit}) {
				if err != nil {
					return nil, err
				}
				newest = append(newest, st)
			}
			return newest, nil
		},
	}
	report, err := dispatcher.Deliver(ctx)
	if err == nil && report.Retried+report.Refused > 0 {
		err = statement.WithHint(
			fmt.Errorf("%s could not be mailed: %s", plural(report.Retried+report.Refused, "alert"), report.LastError),
			"nothing is lost: they wait in the outbox. volteface alerts list shows them, volteface alerts retry sends them")
	}
	return report, err
}
