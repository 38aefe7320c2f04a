package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/alert/feed"
	"volteface/internal/config"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/web"
	"volteface/state"
)

func (a *app) alertsTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test [CHANNEL|ADDRESS...]",
		Short: "Send a test message, at once and not by way of the outbox",
		Long:  "Send a test message, at once and not by way of the outbox: to the channels and\naddresses given, or to everybody whom the rules name.",
		Example: `  volteface alerts test you@example.org
  volteface alerts test newsroom-hook`,
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
			return a.testChannels(cmd.Context(), cfg, slices.Compact(to))
		},
	}
}

func (a *app) testChannels(ctx context.Context, cfg *config.Config, to []string) error {
	channels, closeAll, err := a.channels(cfg)
	if err != nil {
		return err
	}
	defer closeAll()
	templates, err := cfg.Templates()
	if err != nil {
		return err
	}
	composer := alert.Composer{Templates: templates}
	for _, name := range to {
		recipient, err := alert.ParseRecipient(name)
		if err != nil {
			return usage(err, statement.HintOf(err))
		}
		channel, known := channels[recipient.Channel]
		switch {
		case !known && recipient.Channel == statement.EmailChannel:
			return noServer()
		case !known:
			return usage(fmt.Errorf("no channel is called %q", name), nearest(name, slices.Collect(maps.Keys(channels)), "define it under channels in the configuration"))
		}
		message, err := composer.TestMessage(recipient.Address, a.clock.Now())
		if err != nil {
			return err
		}
		if _, err := channel.Send(ctx, message); err != nil {
			where := "channels." + recipient.Channel
			if recipient.Channel == statement.EmailChannel {
				where = "smtp in the configuration: host, port, tls, user"
			}
			return statement.WithHint(fmt.Errorf("message to %s: %w", name, err), "check "+where)
		}
		if a.json {
			err = a.printJSON(map[string]string{"recipient": name, "state": "sent", "message_id": message.MessageID})
		} else {
			_, err = fmt.Fprintf(a.out, "sent to %s\n", term.Clean(name))
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

// nearest is advice to somebody who mistyped a name.
func nearest(name string, among []string, otherwise string) string {
	slices.Sort(among)
	if near := statement.Nearest(name, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

func (a *app) alertsRetryCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "retry [ID...]",
		Short: "Send what waits in the outbox now, or single alerts again",
		Long: `Send what waits in the outbox now, without waiting for its next attempt; or
single alerts, even if they were refused or have expired, or wait for a digest
or for the end of a mute.`,
		Example: `  volteface alerts retry
  volteface alerts retry 17`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := numbers(args)
			if err != nil {
				return err
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			if !sends(cfg) {
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
			return a.retry(cmd.Context(), h, cfg)
		},
	}
}

func (a *app) retry(ctx context.Context, h *house, cfg *config.Config) error {
	report, err := a.send(ctx, h, cfg)
	if errors.Is(err, monitor.ErrElsewhere) {
		return statement.WithHint(err, "it sends these too: they are due now")
	}
	if a.json {
		err = errors.Join(a.printJSON(map[string]int{"sent": report.Sent, "pending": report.Retried + report.PutOff, "failed": report.Refused, "expired": report.Expired}), err)
	} else {
		fmt.Fprintf(a.out, "%d sent, %d waiting, %d refused\n", report.Sent, report.Retried+report.PutOff, report.Refused)
	}
	return err
}

// makeDue makes the named alerts, or all that wait for an attempt, due now, and
// has channels tried that were given up for a while.
func (a *app) makeDue(ctx context.Context, h *house, ids []int64) error {
	now := a.clock.Now()
	outages, err := h.Outages(ctx)
	if err != nil {
		return err
	}
	for _, o := range outages {
		o.NextTry = now
		if err := h.SaveOutage(ctx, o); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return h.Hurry(ctx, now)
	}
	alerts, err := h.Alerts(ctx, state.AlertFilter{IDs: ids})
	if err != nil {
		return err
	}
	if len(alerts) < len(ids) {
		return usage(errNoAlert, "volteface alerts list shows the numbers")
	}
	for _, al := range alerts {
		switch {
		case al.State == statement.Sent:
			return usage(fmt.Errorf("alert %d has been sent", al.ID), "volteface alerts list --state pending shows what waits")
		case al.Parent > 0:
			return usage(fmt.Errorf("alert %d is part of the digest %d", al.ID, al.Parent), fmt.Sprintf("volteface alerts retry %d", al.Parent))
		}
		al.State, al.NextAttempt, al.Digest, al.ExpiresAt = statement.Pending, now, "", time.Time{}
		if err := h.SaveAlert(ctx, al); err != nil {
			return err
		}
	}
	return nil
}

// sends tells whether there is any way to be told, or feeds to write.
func sends(cfg *config.Config) bool {
	return cfg.SMTP.Host != "" || len(cfg.Channels) > 0 || cfg.Feeds.Folder != ""
}

// channels opens every configured channel.
func (a *app) channels(cfg *config.Config) (channels map[string]alert.Channel, closeAll func(), err error) {
	channels, err = cfg.OpenChannels(a.clock)
	return channels, func() {
		for _, channel := range channels {
			_ = channel.Close() // what was sent has been recorded
		}
	}, err
}

// composer words alerts as the configuration says.
func (a *app) composer(h *house, cfg *config.Config) (*alert.Composer, error) {
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return nil, err
	}
	templates, err := cfg.Templates()
	if err != nil {
		return nil, err
	}
	return &alert.Composer{
		Memory: h.Store, Translate: cfg.SecondOpinion.Translate, Summarize: cfg.SecondOpinion.Summarize, Rules: cfg.Alerts, Topics: topics.List(), Templates: templates, PublicURL: cfg.DeskURL(),
		Source: func(id string) (statement.Source, bool) { src, ok := catalogue[id]; return src, ok },
		Newest: func(ctx context.Context, source string, limit int) (newest []statement.Statement, err error) {
			for st, err := range h.Statements(ctx, state.Filter{Sources: []string{source}, Limit: limit}) {
				if err != nil {
					return nil, err
				}
				newest = append(newest, st)
			}
			return newest, nil
		},
	}, nil
}

// notifier sends what is due and writes the feeds, over channels that stay
// open until they are closed.
func (a *app) notifier(h *house, cfg *config.Config) (n *monitor.Notifier, closeChannels func(), err error) {
	composer, err := a.composer(h, cfg)
	if err != nil {
		return nil, nil, err
	}
	if cfg.DeskURL() != "" && cfg.SMTP.Host != "" {
		key, err := web.LinkKey(context.Background(), h.Store)
		if err != nil {
			return nil, nil, err
		}
		composer.Decide = func(finding, to string) string { return web.MailLink(key, finding, to, a.clock.Now()) }
	}
	channels, closeChannels, err := a.channels(cfg)
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	for _, src := range a.catalogue {
		names[src.Issuer.ID] = src.Issuer.Name
	}
	return &monitor.Notifier{
		Store: h.Store, Clock: a.clock, Log: a.log(), Holder: monitor.Holder(time.Now()),
		Dispatcher: &alert.Dispatcher{Composer: composer, Channels: channels, Clock: a.clock, Log: a.log(), Rules: cfg.Alerts, Operator: cfg.Daemon.Operator},
		Feeds:      feed.Folder{Path: cfg.Feeds.Folder, URL: cfg.Feeds.URL},
		IssuerName: func(id string) string {
			if names[id] == "" {
				return id
			}
			return names[id]
		},
	}, closeChannels, nil
}

// send sends what is due. What could not be sent waits, and is an error that
// says so.
func (a *app) send(ctx context.Context, h *house, cfg *config.Config) (report alert.Report, err error) {
	if !sends(cfg) {
		return report, nil
	}
	n, closeChannels, err := a.notifier(h, cfg)
	if err != nil {
		return report, err
	}
	defer closeChannels()
	if term.IsTerminal(os.Stderr) && !a.json {
		bar := term.NewProgress(a.err, "sending")
		defer bar.Done()
		waiting, err := h.Waiting(ctx, a.clock.Now())
		if err != nil {
			return report, err
		}
		n.Dispatcher.Progress = func(sent int) { bar.Set(sent, max(sent, waiting)) }
	}
	report, err = n.Notify(ctx)
	if err == nil && report.Retried+report.PutOff+report.Refused > 0 {
		err = statement.WithHint(
			fmt.Errorf("%s could not be sent: %s", plural(report.Retried+report.PutOff+report.Refused, "alert"), report.LastError),
			"nothing is lost: they wait in the outbox. volteface alerts list shows them, volteface alerts retry sends them")
	}
	return report, err
}

// deliver is send for a command that does something else in the first place: a
// daemon that sends at the same time takes care of it.
func (a *app) deliver(ctx context.Context, h *house, cfg *config.Config) error {
	_, err := a.send(ctx, h, cfg)
	if errors.Is(err, monitor.ErrElsewhere) {
		return nil
	}
	return err
}
