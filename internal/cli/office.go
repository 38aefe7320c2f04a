package cli

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/alert"
	"volteface/internal/config"
	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/wire"
)

// office does for the pages and the API of the desk what the commands do, by the same functions. It is by the configuration that was read
// last.
type office struct {
	h    *house
	read atomic.Pointer[read]
}

// read is a configuration as it was read.
type read struct {
	a      *app
	topics config.Topics
	reader func() (diff.Reader, error)
}

// take goes over to what an app has read.
func (o *office) take(a *app) error {
	if _, err := a.sources(); err != nil { // read now: requests come at the same time
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return err
	}
	o.read.Store(&read{a, topics, sync.OnceValues(a.editReader)})
	return nil
}

func (o *office) app() *app { return o.read.Load().a }

// Sources says how the named sources do, or all.
func (o *office) Sources(ctx context.Context, ids []string) ([]wire.Source, error) {
	a := o.app()
	careers, err := a.careersBy(ctx, ids, func(ctx context.Context, byID map[string]*career) error { return a.recall(ctx, o.h, byID) })
	if err != nil {
		return nil, err
	}
	all := make([]wire.Source, 0, len(careers))
	for _, c := range careers {
		all = append(all, c.toJSON())
	}
	return all, nil
}

// Catalogue is every source that is defined, by its id.
func (o *office) Catalogue() (map[string]statement.Source, error) { return o.app().sources() }

// Topics is every topic, in the order of their names.
func (o *office) Topics() ([]statement.Topic, error) { return o.read.Load().topics.List(), nil }

// EditReader reads edits.
func (o *office) EditReader() (diff.Reader, error) { return o.read.Load().reader() }

// Attended reports whether a daemon runs on the data folder.
func (o *office) Attended() bool { return o.app().daemonRuns() }

// Alert words an alert as it would be sent now.
func (o *office) Alert(ctx context.Context, id int64) (wire.ShownAlert, error) {
	_, x, err := o.app().worded(ctx, o.h, id, o.Composer)
	return x, err
}

// Composer words events and alerts.
func (o *office) Composer() (*alert.Composer, error) {
	a := o.app()
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	return a.composer(o.h, cfg)
}

// Mute holds back what would be told of a source or topic.
func (o *office) Mute(ctx context.Context, subject string, until time.Time) (int, error) {
	return o.app().beginMute(ctx, o.h, subject, until)
}

// Unmute ends a mute.
func (o *office) Unmute(ctx context.Context, subject string) (int, error) {
	return o.app().endMute(ctx, o.h, subject)
}

// Retry makes alerts due now.
func (o *office) Retry(ctx context.Context, ids []int64) error { return o.app().makeDue(ctx, o.h, ids) }

// Rules say who is told of what.
func (o *office) Rules() []alert.Rule {
	cfg, err := o.app().config()
	if err != nil { // it was read before
		return nil
	}
	return cfg.Alerts
}
