package cli

import (
	"context"
	"sync"
	"time"

	"volteface/internal/alert"
	"volteface/internal/config"
	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/wire"
)

// office does for the pages and the API of the desk what the commands do, by the same functions. Its configuration, sources and topics are
// those that were read when it was made.
type office struct {
	a      *app
	h      *house
	topics config.Topics
	reader func() (diff.Reader, error)
}

// office is that of the present configuration.
func (a *app) office(h *house) (*office, error) {
	if _, err := a.sources(); err != nil { // read now: requests come at the same time
		return nil, err
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return nil, err
	}
	return &office{a, h, topics, sync.OnceValues(a.editReader)}, nil
}

// Sources says how the named sources do, or all.
func (o *office) Sources(ctx context.Context, ids []string) ([]wire.Source, error) {
	careers, err := o.a.careersBy(ctx, ids, func(ctx context.Context, byID map[string]*career) error { return o.a.recall(ctx, o.h, byID) })
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
func (o *office) Catalogue() (map[string]statement.Source, error) { return o.a.sources() }

// Topics is every topic, in the order of their names.
func (o *office) Topics() ([]statement.Topic, error) { return o.topics.List(), nil }

// EditReader reads edits.
func (o *office) EditReader() (diff.Reader, error) { return o.reader() }

// Attended reports whether a daemon runs on the data folder.
func (o *office) Attended() bool { return o.a.daemonRuns() }

// Alert words an alert as it would be sent now.
func (o *office) Alert(ctx context.Context, id int64) (wire.ShownAlert, error) {
	_, x, err := o.a.worded(ctx, o.h, id, o.Composer)
	return x, err
}

// Composer words events and alerts.
func (o *office) Composer() (*alert.Composer, error) {
	cfg, err := o.a.config()
	if err != nil {
		return nil, err
	}
	return o.a.composer(o.h, cfg)
}

// Mute holds back what would be told of a source or topic.
func (o *office) Mute(ctx context.Context, subject string, until time.Time) (int, error) {
	return o.a.beginMute(ctx, o.h, subject, until)
}

// Unmute ends a mute.
func (o *office) Unmute(ctx context.Context, subject string) (int, error) {
	return o.a.endMute(ctx, o.h, subject)
}

// Retry makes alerts due now.
func (o *office) Retry(ctx context.Context, ids []int64) error { return o.a.makeDue(ctx, o.h, ids) }
