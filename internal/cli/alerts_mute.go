package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) alertsMuteCommand() *cobra.Command {
	var until string
	cmd := &cobra.Command{
		Use:   "mute [SOURCE|TOPIC]",
		Short: "Hold back what would be told of a source or a topic, until a moment",
		Long: `Hold back what would be told of a source or a topic, until a moment. Nothing is
dropped: what happens meanwhile, and what waits already, comes in one digest
when the mute ends. Without a name, list what is muted.`,
		Example: `  volteface alerts mute kremlin --until 8h
  volteface alerts mute drone-supply-to-russia --until "2026-11-05 08:00"
  volteface alerts mute`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			if len(args) == 0 {
				return a.listMutes(cmd.Context(), h)
			}
			end, err := a.end(until)
			if err != nil {
				return err
			}
			return a.mute(cmd.Context(), h, args[0], end)
		},
		ValidArgsFunction: a.completeSources,
	}
	cmd.Flags().StringVar(&until, "until", "", "end of the mute: a `TIME` such as 2026-11-05, \"2026-11-05 08:00\" (local) or RFC 3339, or how long: 90m, 8h, 3d")
	return cmd
}

func (a *app) alertsUnmuteCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "unmute SOURCE|TOPIC",
		Short:   "End a mute; what it held back is due now, in one digest",
		Example: `  volteface alerts unmute kremlin`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			return a.unmute(cmd.Context(), h, args[0])
		},
	}
}

// end reads the moment at which a mute ends.
func (a *app) end(text string) (time.Time, error) {
	const hint = `--until 8h, --until 3d, or --until "2026-11-05 08:00"`
	if text == "" {
		return time.Time{}, usage(errors.New("until when?"), hint)
	}
	now := a.clock.Now()
	end := time.Time{}
	if d, err := time.ParseDuration(text); err == nil {
		end = now.Add(d)
	} else if days := 0; len(text) > 1 && text[len(text)-1] == 'd' {
		if _, err := fmt.Sscanf(text, "%dd", &days); err == nil {
			end = now.AddDate(0, 0, days)
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			end = t.UTC()
		}
	}
	switch {
	case end.IsZero():
		return end, usage(fmt.Errorf("--until %q is not a moment", text), hint)
	case !end.After(now):
		return end, usage(fmt.Errorf("--until %q is in the past", text), hint)
	}
	return end, nil
}

func (a *app) listMutes(ctx context.Context, h *house) error {
	mutes, err := h.Mutes(ctx, a.clock.Now())
	if err != nil {
		return err
	}
	rows := [][]string{{"MUTED", "SINCE", "UNTIL"}}
	for _, m := range mutes {
		if a.json {
			if err := a.printJSON(wire.MuteOf(m)); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{m.Subject, moment(m.Since), moment(m.Until)})
	}
	switch {
	case a.json:
		return nil
	case len(mutes) == 0:
		fmt.Fprintln(a.err, "nothing is muted")
		return nil
	}
	return term.Table(a.out, rows)
}

func (a *app) mute(ctx context.Context, h *house, subject string, until time.Time) error {
	held, err := a.beginMute(ctx, h, subject, until)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"subject": subject, "until": moment(until), "held": held})
	}
	fmt.Fprintf(a.out, "%s is muted until %s; %s held back\n", subject, until.Local().Format("2 January 2006, 15:04 MST"), plural(held, "waiting alert"))
	return nil
}

// beginMute mutes a source or a topic, and says how many waiting alerts are held back.
func (a *app) beginMute(ctx context.Context, h *house, subject string, until time.Time) (int, error) {
	_, catalogue, topics, err := a.defined()
	if err != nil {
		return 0, err
	}
	_, isSource := catalogue[subject]
	topic, isTopic := topics[subject]
	if !isSource && !isTopic {
		return 0, usage(fmt.Errorf("there is no source or topic %q", subject), nearest(subject, append(catalogue.IDs(), topics.IDs()...), "volteface sources list --all shows the sources"))
	}
	if err := h.PutMute(ctx, statement.Mute{Subject: subject, Since: a.clock.Now(), Until: until}); err != nil {
		return 0, err
	}
	held, err := a.muted(ctx, h, state.AlertFilter{States: []statement.AlertState{statement.Pending}}, subject, topic)
	if err == nil {
		err = h.HoldMuted(ctx, held, until)
	}
	return len(held), err
}

func (a *app) unmute(ctx context.Context, h *house, subject string) error {
	due, err := a.endMute(ctx, h, subject)
	if errors.Is(err, statement.ErrNotFound) {
		return usage(fmt.Errorf("%q is not muted", subject), "volteface alerts mute lists what is")
	}
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"subject": subject, "due": due})
	}
	fmt.Fprintf(a.out, "%s is not muted any more; %s due now\n", subject, plural(due, "alert"))
	return nil
}

// endMute ends a mute, and says how many alerts are due now; statement.ErrNotFound if there is none.
func (a *app) endMute(ctx context.Context, h *house, subject string) (int, error) {
	if err := h.DropMute(ctx, subject); err != nil {
		return 0, err
	}
	cfg, err := a.config()
	if err != nil {
		return 0, err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return 0, err
	}
	held, err := a.muted(ctx, h, state.AlertFilter{States: []statement.AlertState{statement.Pending}, Digests: []string{statement.DigestMuted}}, subject, topics[subject])
	if err == nil {
		err = h.HoldMuted(ctx, held, a.clock.Now())
	}
	return len(held), err
}

// muted finds the pending alerts about single events of a source, or of texts
// that speak of a topic.
func (a *app) muted(ctx context.Context, h *house, filter state.AlertFilter, subject string, topic statement.Topic) (ids []int64, err error) {
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	speaks := map[int64]bool{} // by event
	filter.Limit = 1000
	for {
		alerts, err := h.Alerts(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, al := range alerts {
			if al.Kind != statement.AlertEvent || al.Parent > 0 {
				continue
			}
			about, known := speaks[al.Event]
			if !known {
				if about = al.Source == subject; !about && topic.ID != "" {
					if about, err = a.speaksOf(ctx, h, al.Event, catalogue[al.Source], topic); err != nil {
						return nil, err
					}
				}
				speaks[al.Event] = about
			}
			if about {
				ids = append(ids, al.ID)
			}
		}
		if len(alerts) < filter.Limit {
			return slices.Clip(ids), nil
		}
		filter.After = alerts[len(alerts)-1].ID
	}
}

func (a *app) speaksOf(ctx context.Context, h *house, event int64, src statement.Source, topic statement.Topic) (bool, error) {
	ev, err := h.Event(ctx, event)
	if err != nil || ev.Statement == "" {
		return false, err
	}
	r, err := h.Revision(ctx, ev.Statement, ev.Revision)
	if err != nil {
		return false, err
	}
	return alert.SpeaksOf(topic, src.Issuer, r.Title+"\n\n"+r.Body), nil
}
