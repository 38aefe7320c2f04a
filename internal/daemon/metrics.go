package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// Metrics are what /metrics shows; docs/operating.md says what each means.
type Metrics struct {
	registry *prometheus.Registry
	visits   *prometheus.CounterVec
	looks    *prometheus.CounterVec
	seconds  prometheus.Histogram
	running  prometheus.Gauge
	waiting  prometheus.Gauge
	requests *prometheus.CounterVec
	latency  prometheus.Histogram
	bytes    prometheus.Counter
	mails    *prometheus.CounterVec
	reloads  *prometheus.CounterVec
	reloadOK prometheus.Gauge
	failures prometheus.Counter
}

func newMetrics() *Metrics {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Name: "volteface_" + name, Help: help}
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: "volteface_" + name, Help: help})
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		visits:   prometheus.NewCounterVec(counter("visits_total", "Visits by outcome: ok, fault, leased, failed, cut."), []string{"outcome"}),
		looks:    prometheus.NewCounterVec(counter("looks_total", "Looks at statements by what they found."), []string{"state"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "volteface_visit_seconds", Help: "Time a visit took.",
			Buckets: []float64{.1, .5, 1, 5, 15, 60, 300, 900, 3600, 14400}}),
		running:  gauge("visits_running", "Visits under way."),
		waiting:  gauge("visits_waiting", "Visits that are due and wait for their host."),
		requests: prometheus.NewCounterVec(counter("requests_total", "Requests by the class of their answer; none for no answer."), []string{"class"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "volteface_request_seconds", Help: "Time a request took, with its body.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}}),
		bytes:    prometheus.NewCounter(counter("received_bytes_total", "Bytes of pages received, unpacked.")),
		mails:    prometheus.NewCounterVec(counter("mails_total", "Attempts to send a mail by outcome: sent, retried, refused. What is put off unsent counts as none."), []string{"outcome"}),
		reloads:  prometheus.NewCounterVec(counter("config_reloads_total", "Times the configuration was read again: ok, failed."), []string{"outcome"}),
		reloadOK: gauge("config_last_reload_successful", "1 if the configuration in force is the newest one."),
		failures: prometheus.NewCounter(counter("failures_total", "Faults of the program or its disk, not of a source.")),
	}
	m.reloadOK.Set(1)
	for _, outcome := range []string{"ok", "fault", "leased", "failed", "cut"} { // so that a rate has a beginning
		m.visits.WithLabelValues(outcome)
	}
	m.registry.MustRegister(m.visits, m.looks, m.seconds, m.running, m.waiting, m.requests, m.latency, m.bytes, m.mails, m.reloads, m.reloadOK, m.failures,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts a request to a page. It is what fetch.Options.Observe wants.
func (m *Metrics) Request(status, bytes int, took time.Duration) {
	class := "none"
	if status > 0 {
		class = strconv.Itoa(status/100) + "xx"
		m.latency.Observe(took.Seconds())
	}
	m.requests.WithLabelValues(class).Inc()
	m.bytes.Add(float64(bytes))
}

func (m *Metrics) visited(outcome string, took time.Duration, v statement.Visit) {
	m.visits.WithLabelValues(outcome).Inc()
	m.seconds.Observe(took.Seconds())
	for state, n := range map[string]int{"new": v.New, "changed": v.Changed, "unchanged": v.Unchanged, "missing": v.Gone, "error": v.Errored} {
		m.looks.WithLabelValues(state).Add(float64(n))
	}
}

func (m *Metrics) delivered(r alert.Report) {
	m.mails.WithLabelValues("sent").Add(float64(r.Sent))
	m.mails.WithLabelValues("retried").Add(float64(r.Retried))
	m.mails.WithLabelValues("refused").Add(float64(r.Refused))
}

// tables reads, when it is asked, what stands in the tables of the state.
type tables struct {
	d                                             *daemon
	outbox, oldest, database, free, up            *prometheus.Desc
	success, fault, due, retired, sources, queued *prometheus.Desc
	opinions, opinionAnswers, opinionTokens       *prometheus.Desc
	opinionMoney, opinionHeld, opinionPeople      *prometheus.Desc
	extras                                        *prometheus.Desc
}

func newTables(d *daemon) *tables {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("volteface_"+name, help, labels, nil)
	}
	return &tables{
		d:        d,
		up:       desc("state_up", "1 if the state could be read."),
		outbox:   desc("outbox_alerts", "Alerts that wait in the outbox."),
		oldest:   desc("outbox_oldest_seconds", "Age of the alert that has waited longest."),
		database: desc("database_bytes", "Size of the database with its log."),
		free:     desc("disk_free_bytes", "Room left on the disk of the data folder."),
		sources:  desc("sources", "Sources that are visited."),
		queued:   desc("sources_busy", "Sources in the queue or being visited."),
		success:  desc("source_last_success_timestamp_seconds", "When a source was last visited without a fault; 0 for never.", "source"),
		fault:    desc("source_failures", "Visits of a source in a row that met a fault.", "source"),
		due:      desc("source_next_visit_timestamp_seconds", "When a source is visited next; 0 for never.", "source"),
		retired:  desc("source_retired", "1 if a source is not visited any more because its host is gone.", "source"),

		opinions:       desc("second_opinions", "Questions for a second opinion: waiting, answered, void, failed.", "state"),
		opinionAnswers: desc("second_opinion_answers_total", "Requests for a second opinion by what came: valid, void, failed.", "state"),
		opinionTokens:  desc("second_opinion_tokens_total", "Tokens of questions (input) and answers (output).", "of"),
		opinionMoney:   desc("second_opinion_money_total", "What all tokens have cost at the configured price."),
		opinionHeld:    desc("second_opinion_findings_held", "Findings that wait for their second opinion."),
		extras:         desc("machine_texts", "Translations and summaries by a language model: waiting, answered, void, failed.", "state"),
		opinionPeople:  desc("second_opinion_decided", "Findings with a second opinion that people have decided on: agreed says the same.", "agreed"),
	}
}

// Describe is half of prometheus.Collector.
func (t *tables) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{t.up, t.outbox, t.oldest, t.database, t.free, t.sources, t.queued, t.success, t.fault, t.due, t.retired,
		t.opinions, t.opinionAnswers, t.opinionTokens, t.opinionMoney, t.opinionHeld, t.opinionPeople, t.extras} {
		to <- d
	}
}

// Collect is the other half.
func (t *tables) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	up := 1.0
	if err := t.collect(ctx, func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}); err != nil {
		t.d.Log.Warn("the state cannot be read for its metrics", "error", err)
		up = 0
	}
	to <- prometheus.MustNewConstMetric(t.up, prometheus.GaugeValue, up)
}

func (t *tables) collect(ctx context.Context, gauge func(d *prometheus.Desc, v float64, labels ...string)) error {
	d := t.d
	now := d.Clock.Now()
	s, done := d.current()
	defer done()
	gauge(t.sources, float64(len(s.Sources)))
	d.mu.Lock()
	gauge(t.queued, float64(len(d.busy)))
	d.mu.Unlock()
	gauge(t.free, float64(freeSpace(d.Folder)))
	bytes := int64(0)
	for _, name := range []string{"volteface.db", "volteface.db-wal"} {
		if info, err := os.Stat(filepath.Join(d.Folder, name)); err == nil {
			bytes += info.Size()
		}
	}
	gauge(t.database, float64(bytes))
	if s.Opine {
		if err := t.collectOpinions(ctx, s, gauge); err != nil {
			return err
		}
	}
	waiting, err := d.Store.Alerts(ctx, state.AlertFilter{States: []statement.AlertState{statement.Pending}})
	if err != nil {
		return err
	}
	gauge(t.outbox, float64(len(waiting)))
	age := 0.0
	if len(waiting) > 0 {
		age = now.Sub(waiting[0].CreatedAt).Seconds()
	}
	gauge(t.oldest, age)
	plans, err := d.Store.Plans(ctx)
	if err != nil {
		return err
	}
	statuses, err := d.Store.SourceStatuses(ctx)
	if err != nil {
		return err
	}
	byID := make(map[string]statement.SourceStatus, len(statuses))
	for _, status := range statuses {
		byID[status.Source] = status
	}
	for _, p := range plans {
		if _, known := s.byID[p.Source]; !known {
			continue
		}
		status := byID[p.Source]
		gauge(t.success, seconds(status.LastSuccess), p.Source)
		gauge(t.fault, float64(status.FaultCount), p.Source)
		gauge(t.due, seconds(p.NextVisit), p.Source)
		retired := 0.0
		if !p.RetiredAt.IsZero() {
			retired = 1
		}
		gauge(t.retired, retired, p.Source)
	}
	return nil
}

func (t *tables) collectOpinions(ctx context.Context, s *Settings, gauge func(d *prometheus.Desc, v float64, labels ...string)) error {
	tally, err := t.d.Store.OpinionTally(ctx)
	if err != nil {
		return err
	}
	for _, x := range []state.OpinionState{state.OpinionWaiting, state.OpinionAnswered, state.OpinionVoid, state.OpinionFailed} {
		gauge(t.opinions, float64(tally.Questions[x]), string(x))
		gauge(t.extras, float64(tally.Extras[x]), string(x))
	}
	for _, x := range []state.AnswerState{state.AnswerValid, state.AnswerVoid, state.AnswerFailed} {
		gauge(t.opinionAnswers, float64(tally.Answers[x]), string(x))
	}
	gauge(t.opinionTokens, float64(tally.In), "input")
	gauge(t.opinionTokens, float64(tally.Out), "output")
	if s.PriceIn+s.PriceOut > 0 {
		gauge(t.opinionMoney, (float64(tally.In)*s.PriceIn+float64(tally.Out)*s.PriceOut)/1e6)
	}
	gauge(t.opinionHeld, float64(tally.Held))
	gauge(t.opinionPeople, float64(tally.Agreed), "yes")
	gauge(t.opinionPeople, float64(tally.Decided-tally.Agreed), "no")
	return nil
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}
