package config

import (
	"errors"
	"fmt"
	"time"

	"volteface/internal/alert"
	"volteface/internal/schedule"
	"volteface/internal/statement"
)

// Daemon is how "volteface run" works.
type Daemon struct {
	Listen       string             `yaml:"listen,omitempty" json:"listen,omitempty" jsonschema_description:"address of the health pages, /healthz, /readyz and /metrics; none for no such pages (default 127.0.0.1:9817)"`
	Workers      int                `yaml:"workers,omitempty" json:"workers,omitempty" jsonschema_description:"visits at a time, each to another host (default 8)"`
	VisitTimeout statement.Duration `yaml:"visit_timeout,omitempty" json:"visit_timeout,omitempty" jsonschema_description:"longest a visit may take; the first, polite one of a long listing takes hours (default 6h)"`
	Jitter       statement.Duration `yaml:"jitter,omitempty" json:"jitter,omitempty" jsonschema_description:"most by which a visit starts late, so that sources do not start together (default 10m)"`
	Recheck      schedule.Ladder    `yaml:"recheck,omitempty" json:"recheck,omitempty" jsonschema_description:"how often known statements are looked at again, by their age (default every 15m until 3h, 1h until 24h, 6h until 168h, 24h until 720h, 720h until 8760h)"`
	HostRequests int                `yaml:"host_requests_a_day,omitempty" json:"host_requests_a_day,omitempty" jsonschema_description:"requests to one host in a day (UTC); four fifths of them may be re-checks, which then wait for the next day (default 5000)"`
	Operator     []string           `yaml:"operator,omitempty" json:"operator,omitempty" jsonschema_description:"e-mail addresses, and names of channels, of whoever runs this: told of faults, recoveries and silence, and weekly that all is well"`
	Faults       int                `yaml:"faults,omitempty" json:"faults,omitempty" jsonschema_description:"visits of a source in a row that fail before the operator is told (default 5)"`
	RetireAfter  statement.Duration `yaml:"retire_after,omitempty" json:"retire_after,omitempty" jsonschema_description:"how long nobody may have answered at a host before its sources are not visited any more (default 720h)"`
}

const (
	defaultListen       = "127.0.0.1:9817"
	defaultWorkers      = 8
	defaultVisitTimeout = 6 * time.Hour
	defaultHostRequests = 5000
	defaultFaults       = 5
	defaultRetireAfter  = 30 * 24 * time.Hour
)

// Address is where the health pages are; "" for nowhere.
func (d Daemon) Address() string {
	if d.Listen == "none" {
		return ""
	}
	return d.Listen
}

func (d *Daemon) setDefaults() {
	if d.Listen == "" {
		d.Listen = defaultListen
	}
	if d.Workers == 0 {
		d.Workers = defaultWorkers
	}
	if d.VisitTimeout == 0 {
		d.VisitTimeout = statement.Duration(defaultVisitTimeout)
	}
	if d.HostRequests == 0 {
		d.HostRequests = defaultHostRequests
	}
	if d.Faults == 0 {
		d.Faults = defaultFaults
	}
	if d.RetireAfter == 0 {
		d.RetireAfter = statement.Duration(defaultRetireAfter)
	}
}

// check gives the first field that cannot be, below "daemon".
func (d Daemon) check() (field string, err error) {
	if d.Listen != "" && d.Listen != "none" {
		if err := checkListen(d.Listen); err != nil {
			return "listen", hinted("write 127.0.0.1:9817, or none", "%v", err)
		}
	}
	if d.Workers < 0 || d.Workers > 1000 {
		return "workers", hinted("8 is usual", "%d visits at a time", d.Workers)
	}
	if d.VisitTimeout != 0 && time.Duration(d.VisitTimeout) < time.Minute {
		return "visit_timeout", hinted("leave it out for 6h", "a visit cannot be made politely in %s", time.Duration(d.VisitTimeout))
	}
	if d.HostRequests < 0 || d.Faults < 0 {
		return "", statement.WithHint(errors.New("a number cannot be negative"), "leave it out for the default")
	}
	if err := d.Recheck.Validate(); err != nil {
		return "recheck", err
	}
	for i, address := range d.Operator {
		if _, err := alert.ParseRecipient(address); err != nil {
			return fmt.Sprintf("operator[%d]", i), err
		}
	}
	return "", nil
}
