package daemon

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"volteface/internal/alert"
)

var (
	metricName = regexp.MustCompile(`volteface_[a-z_]+`)
	fqName     = regexp.MustCompile(`fqName: "([^"]+)"`)
)

// Every metric is explained to operators, and the example alerts ask for
// metrics that there are.
func TestMetricsAreExplained(t *testing.T) {
	m := newMetrics()
	m.registry.MustRegister(newTables(&daemon{metrics: m}))
	known := map[string]bool{}
	descriptions := make(chan *prometheus.Desc, 1000)
	m.registry.Describe(descriptions)
	close(descriptions)
	for d := range descriptions {
		if name := fqName.FindStringSubmatch(d.String())[1]; strings.HasPrefix(name, "volteface_") {
			known[name] = true
		}
	}
	if len(known) < 20 {
		t.Fatalf("only %d metrics", len(known))
	}
	docs, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for _, name := range metricName.FindAllString(string(docs), -1) {
		explained[name] = true
		if !known[name] {
			t.Errorf("docs/operating.md explains %s, which there is not", name)
		}
	}
	for name := range known {
		if !explained[name] {
			t.Errorf("docs/operating.md does not explain %s", name)
		}
	}
	alerts, err := os.ReadFile("../../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	asked := metricName.FindAllString(string(alerts), -1)
	if len(asked) == 0 {
		t.Error("deploy/alerts.yml asks for nothing")
	}
	for _, name := range asked {
		if !known[name] {
			t.Errorf("deploy/alerts.yml asks for %s, which there is not", name)
		}
	}
}

// What was put off without being handed to a channel is no attempt.
func TestMailsCountAttempts(t *testing.T) {
	m := newMetrics()
	m.delivered(alert.Report{Sent: 2, Retried: 1, PutOff: 500})
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "volteface_mails_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			if want := map[string]float64{"sent": 2, "retried": 1}[metric.GetLabel()[0].GetValue()]; metric.GetCounter().GetValue() != want {
				t.Errorf("%s: %v, want %v", metric.GetLabel()[0].GetValue(), metric.GetCounter().GetValue(), want)
			}
		}
		return
	}
	t.Error("there is no such metric")
}
