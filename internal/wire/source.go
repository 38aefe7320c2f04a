package wire

import "volteface/internal/statement"

// Source is a line of sources list.
type Source struct {
	ID          string   `json:"id"`
	Issuer      string   `json:"issuer"`
	Government  string   `json:"government"`
	Kind        string   `json:"kind"`
	URL         string   `json:"url"`
	Language    string   `json:"language"`
	Enabled     bool     `json:"enabled"`
	Verified    string   `json:"verified"`
	Access      string   `json:"access"`
	Tags        []string `json:"tags"`
	Statements  int      `json:"statements"`
	Missing     int      `json:"missing"`
	Flickering  int      `json:"flickering"`
	LastVisit   string   `json:"last_visit"`
	LastSuccess string   `json:"last_success"`
	LastNew     string   `json:"last_new"`
	Fault       string   `json:"fault"`
	FaultSince  string   `json:"fault_since"`
	Faults      int      `json:"faults"`
	SilentSince string   `json:"silent_since"`
	RetiredAt   string   `json:"retired_at"`
	NextVisits  []string `json:"next_visits"`
	Visited     string   `json:"visited"`
	Days        []Day    `json:"days"`
	Skipped     int      `json:"skipped"`
	SkipReason  string   `json:"skip_reason"`
	RestsUntil  string   `json:"rests_until"`
	Ahead       string   `json:"ahead"`
	PausedSince string   `json:"paused_since"`
	PausedUntil string   `json:"paused_until"`
	PausedBy    string   `json:"paused_by"`
	PauseReason string   `json:"pause_reason"`
	Attended    bool     `json:"daemon_runs"`
	Defined     string   `json:"defined"`
	Replaces    string   `json:"replaces"`

	Troubles []Trouble `json:"troubles"`
	Quiet    []Quiet   `json:"quiet"`
}

// Quiet is a place of a source's pages that moves by itself and is quiet.
type Quiet struct {
	Place    string `json:"place"`
	Kind     string `json:"kind"`
	Since    string `json:"since"`
	Seen     int    `json:"seen"`
	Learnt   string `json:"learnt"`
	Example  string `json:"example"`
	DropText string `json:"drop_text"`
}

// QuietOf is a quiet place for programs.
func QuietOf(m statement.Moving) Quiet {
	return Quiet{m.Place, m.Kind, Moment(m.Since), m.Seen, Moment(m.LearntAt), m.Example, m.Drop}
}

// Trouble is a page of a source that cannot be read or believed.
type Trouble struct {
	URL    string                `json:"url"`
	ID     string                `json:"id"`
	Kind   statement.TroubleKind `json:"kind"`
	Reason string                `json:"reason"`
	Since  string                `json:"since"`
	Looks  int                   `json:"looks"`
}

// TroubleOf is a page in trouble for programs.
func TroubleOf(t statement.Trouble) Trouble {
	return Trouble{t.URL, t.Statement, t.Kind, t.Reason, Moment(t.Since), t.Looks}
}

// Day is what the visits of one day came to.
type Day struct {
	Day     string `json:"day"`
	Visits  int    `json:"visits"`
	Failed  int    `json:"failed"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
	Missing int    `json:"missing"`
}
