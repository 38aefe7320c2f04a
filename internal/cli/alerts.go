package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) alertsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "List, show and preview what was and will be sent; try, mute, send again",
		Example: `  volteface alerts list --state pending
  volteface alerts show 17
  volteface alerts test you@example.org
  volteface alerts mute kremlin --until 8h
  volteface alerts preview --sample reversal --html reversal.html
  volteface alerts retry`,
		RunE: needsVerb,
	}
	cmd.AddCommand(a.alertsListCommand(), a.alertsShowCommand(), a.alertsTestCommand(), a.alertsRetryCommand(),
		a.alertsMuteCommand(), a.alertsUnmuteCommand(), a.alertsPreviewCommand(), a.alertsTemplatesCommand())
	return cmd
}

// alertStates are those that --state takes.
var alertStates = []string{string(statement.Pending), string(statement.Sending), string(statement.Sent), string(statement.Refused), string(statement.Expired)}

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
			for _, s := range states {
				if !slices.Contains(alertStates, s) {
					return usage(fmt.Errorf("--state %q", s), strings.Join(alertStates, ", "))
				}
				filter.States = append(filter.States, statement.AlertState(s))
			}
			return a.listAlerts(cmd.Context(), filter)
		},
	}
	cmd.Flags().StringSliceVar(&states, "state", nil, "only in this `STATE`: "+strings.Join(alertStates, ", "))
	cmd.Flags().IntVar(&limit, "limit", 0, "`N` alerts at most")
	return cmd
}

func (a *app) listAlerts(ctx context.Context, filter state.AlertFilter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	most, shown := filter.Limit, 0
	rows := [][]string{{"ID", "STATE", "TO", "SOURCE", "WHAT", "TRIES", "CREATED", "NEXT", "LAST ERROR"}}
	const page = 1000 // an outbox may hold very many
	for {
		filter.Limit = page
		if most > 0 {
			filter.Limit = min(page, most-shown)
		}
		alerts, err := h.Alerts(ctx, filter)
		if err != nil {
			return err
		}
		for _, al := range alerts {
			if a.json {
				if err := a.printJSON(wire.AlertOf(al)); err != nil {
					return err
				}
				continue
			}
			rows = append(rows, []string{
				strconv.FormatInt(al.ID, 10), string(al.State), term.Clean(al.Recipient), al.Source, whatOf(al),
				strconv.Itoa(al.Attempts), ago(a.clock.Now(), al.CreatedAt), a.next(al), term.Cut(term.Clean(al.LastError), 80),
			})
		}
		if shown += len(alerts); len(alerts) < filter.Limit || shown == most {
			break
		}
		filter.After = alerts[len(alerts)-1].ID
	}
	if !a.json {
		if err := a.showOutages(ctx, h); err != nil {
			return err
		}
		if shown == 0 {
			fmt.Fprintln(a.err, "no alerts")
			return nil
		}
		return term.Table(a.out, rows)
	}
	return nil
}

// whatOf says in a word or two what an alert is.
func whatOf(al statement.Alert) string {
	switch {
	case al.Kind == statement.AlertDigest:
		return "digest (" + al.Rule + ")"
	case al.Parent > 0:
		return fmt.Sprintf("%s, in %d", al.Kind, al.Parent)
	case al.Digest != "":
		return fmt.Sprintf("%s, for %s", al.Kind, al.Digest)
	}
	return string(al.Kind)
}

// next is when an alert is tried next, if it is.
func (a *app) next(al statement.Alert) string {
	if al.State != statement.Pending || al.Parent > 0 {
		return ""
	}
	if !al.NextAttempt.After(a.clock.Now()) {
		return "now"
	}
	return statement.ShortMoment(al.NextAttempt)
}

// showOutages says on standard error which channels cannot be used.
func (a *app) showOutages(ctx context.Context, h *house) error {
	outages, err := h.Outages(ctx)
	if err != nil {
		return err
	}
	for _, o := range outages {
		fmt.Fprintf(a.err, "%s cannot be used since %s, tried again %s: %s\n", term.Clean(o.Channel), statement.ShortMoment(o.Since),
			statement.ShortMoment(o.NextTry), term.Clean(o.Error))
	}
	return nil
}

func (a *app) alertsShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show one alert: how it stands, and the message as it would be worded now",
		Example: `  volteface alerts show 17
  volteface alerts show 17 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := numbers(args)
			if err != nil {
				return err
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			return a.showAlert(cmd.Context(), h, ids[0], func() (*alert.Composer, error) { return a.composer(h, cfg) })
		},
	}
}

// worded is an alert, and the message as it would be worded now; statement.ErrNotFound if there is none of the number.
func (a *app) worded(ctx context.Context, h *house, id int64, composer func() (*alert.Composer, error)) (statement.Alert, wire.ShownAlert, error) {
	found, err := h.Alerts(ctx, state.AlertFilter{IDs: []int64{id}})
	if err != nil {
		return statement.Alert{}, wire.ShownAlert{}, err
	}
	if len(found) == 0 {
		return statement.Alert{}, wire.ShownAlert{}, fmt.Errorf("alert %d: %w", id, statement.ErrNotFound)
	}
	al := found[0]
	c, err := composer()
	if err != nil {
		return al, wire.ShownAlert{}, err
	}
	message, err := c.Compose(ctx, al)
	if err != nil {
		message.Text = fmt.Sprintf("It cannot be worded: %v\n", err)
	}
	x := wire.ShownAlert{Alert: wire.AlertOf(al), Subject: message.Subject, Text: message.Text}
	if al.Kind == statement.AlertDigest {
		shares, err := h.Shares(ctx, al.ID)
		if err != nil {
			return al, x, err
		}
		for _, s := range shares {
			x.Members += s.Count
		}
	}
	return al, x, nil
}

func (a *app) showAlert(ctx context.Context, h *house, id int64, composer func() (*alert.Composer, error)) error {
	al, x, err := a.worded(ctx, h, id, composer)
	if errors.Is(err, statement.ErrNotFound) {
		return usage(fmt.Errorf("there is no alert %d", id), "volteface alerts list shows the numbers")
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(x)
	}
	rows := [][]string{
		{"Alert", strconv.FormatInt(al.ID, 10)}, {"State", string(al.State)}, {"To", term.Clean(al.Recipient)}, {"Channel", al.Channel},
		{"What", whatOf(al)}, {"Rule", term.Clean(al.Rule)}, {"Source", al.Source}, {"Importance", strconv.Itoa(al.Importance)},
		{"Created", moment(al.CreatedAt)}, {"Attempts", strconv.Itoa(al.Attempts)}, {"Next attempt", moment(al.NextAttempt)},
		{"Expires", moment(al.ExpiresAt)}, {"Sent", moment(al.SentAt)}, {"Last error", term.Clean(al.LastError)}, {"Message-ID", al.MessageID},
	}
	if x.Members > 0 {
		rows = append(rows, []string{"Events", strconv.Itoa(x.Members)})
	}
	rows = slices.DeleteFunc(rows, func(row []string) bool { return row[1] == "" })
	if err := term.Table(a.out, rows); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nSubject: %s\n\n", term.Clean(x.Subject))
	for line := range strings.SplitSeq(strings.TrimRight(x.Text, "\n"), "\n") {
		fmt.Fprintln(a.out, term.Clean(line))
	}
	return nil
}

// numbers reads the numbers of alerts.
func numbers(args []string) (ids []int64, err error) {
	for _, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id < 1 {
			return nil, usage(fmt.Errorf("%q is not the number of an alert", arg), "volteface alerts list shows the numbers")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// errNoAlert says that a number leads nowhere.
var errNoAlert = errors.New("there is no alert with one of these numbers")
