package reversal

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"volteface/internal/claim"
	"volteface/internal/statement"
)

// memory is a store of a few passages.
type memory struct {
	passages []statement.Passage
	counts   map[uint32]int
	all      int
	asked    [][]string
}

func (m *memory) Passages(_ context.Context, q statement.PassageQuery) (found []statement.Passage, err error) {
	m.asked = append(m.asked, q.Keys)
	for _, p := range m.passages {
		if p.Said.Before(q.At) && slices.ContainsFunc(q.Keys, func(k string) bool { return slices.Contains(p.Keys, k) }) {
			found = append(found, p)
		}
	}
	return found, nil
}

func (m *memory) Terms(context.Context, string) (map[uint32]int, int, error) {
	return m.counts, m.all, nil
}

// say remembers a statement and gives its passages.
func (m *memory) say(day, title, text string) (*Statement, []Passage) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	s := &Statement{ID: day, Date: at, Government: "Iran", Title: title, Text: text}
	passages := Passages(s)
	for i := range passages {
		p := &passages[i]
		m.passages = append(m.passages, statement.Passage{ID: int64(len(m.passages) + 1), Statement: day, Revision: 1, Sentence: p.Sentence, Said: at, Keys: p.Filed, Body: p.Body()})
	}
	return s, passages
}

const (
	never = "We have not supplied any drones to Russia."
	some  = "We supplied a limited number of drones to Russia."
)

func TestTurnsOfAStream(t *testing.T) {
	for _, c := range []struct {
		name, first, then string
		found             int
	}{
		{"opposed", never, some, 1},
		{"repeated", never, never, 0},
		{"another buyer", "We have not supplied any drones to Belarus.", "We supplied a limited number of drones to Ethiopia.", 0},
		{"a figure of the day", "The ministry counted 30,000 cases of cholera in Basra.", "The ministry counted 41,000 cases of cholera in Basra.", 0},
		{"a figure set anew", "The admission of up to 15,000 refugees remains justified.", "I am revising the annual cap on refugee admissions to 62,500 for this year.", 1},
		{"a figure that rose", "The admission of up to 15,000 refugees remains justified.", "The annual cap on refugee admissions had been 62,500 in other years.", 0},
		{"said by a guest", "PRIME MINISTER OLSEN: " + never, some, 0},
	} {
		m := &memory{counts: map[uint32]int{}, all: 500}
		m.say("2022-10-17", "Weekly press conference", c.first)
		s, passages := m.say("2022-11-05", "Weekly press conference", c.then)
		search := NewSearch(New(), m)
		search.Floor = 0.3
		turns, err := search.Turns(t.Context(), "IR", s.ID, 1, s.Date, passages)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range turns {
			t.Logf("%s: %s, %f", c.name, x.Verdict.Rule, x.Verdict.Score)
		}
		if len(turns) != c.found {
			t.Errorf("%s: %d turns, not %d", c.name, len(turns), c.found)
		}
	}
}

// Who has taken the later side before turns less round: the score falls with each time.
func TestHabit(t *testing.T) {
	last := 1.0
	for _, times := range []int{0, 1, 4} {
		m := &memory{counts: map[uint32]int{}, all: 500}
		for i := range times {
			m.say(time.Date(2022, 9, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), "Weekly press conference", "We supplied drones to Russia.")
		}
		m.say("2022-10-17", "Weekly press conference", never)
		s, passages := m.say("2022-11-05", "Weekly press conference", some)
		search := NewSearch(New(), m)
		search.Floor = 0.001
		turns, err := search.Turns(t.Context(), "IR", s.ID, 1, s.Date, passages)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(turns, func(x Turn) bool { return x.Earlier.Statement == "2022-10-17" })
		if i < 0 || turns[i].Verdict.Score >= last {
			t.Fatalf("said %d times before: %d turns, %v, not below %f", times, len(turns), i, last)
		}
		last = turns[i].Verdict.Score
	}
}

// What is as common as can be is not asked for.
func TestCommonThingsAreNotAskedFor(t *testing.T) {
	m := &memory{counts: map[uint32]int{}, all: 500}
	s, passages := m.say("2022-11-05", "", some)
	for _, t := range Terms(s) {
		m.counts[t] = m.all
	}
	if _, err := NewSearch(New(), m).Turns(t.Context(), "IR", s.ID, 1, s.Date, passages); err != nil || len(m.asked) > 0 {
		t.Errorf("asked for %v, %v", m.asked, err)
	}
}

func TestWhoSpeaks(t *testing.T) {
	c := &commons{counts: map[Term]int{}, all: 2000}
	for label, n := range map[string]int{"THE PRESIDENT": 700, "PRESIDENT ROSSI": 60, "PRESIDENT DUBOIS": 6, "MS. LIND": 40, "MR. HOLM": 2, "MODERATOR": 90} {
		c.counts[labelTerm(label)] = n
	}
	for label, want := range map[string]bool{"": true, "THE PRESIDENT": true, "PRESIDENT ROSSI": true, "PRESIDENT DUBOIS": false, "MS. LIND": true, "MR. HOLM": false, "MODERATOR": false, "MAYOR ARDEN": false} {
		if got := c.speaks(labelTerm(label)); got != want {
			t.Errorf("%q: %t", label, got)
		}
	}
}

// Whom a source names speaks for it from the first word on.
func TestOfficialsSpeak(t *testing.T) {
	s := &Statement{Text: "MR. HOLM: " + some, Officials: []string{"Anders Holm, press secretary"}}
	for _, p := range Passages(s) {
		if p.excerpt.label() != 0 {
			t.Errorf("%q does not speak for the issuer", p.excerpt.last().Speaker)
		}
	}
}

func TestRepeats(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"The emergency declared on Tuesday with respect to Mali must continue in effect.", "The emergency declared on Friday with respect to Belarus must continue in effect.", true},
		{"We will not send the tanks that were asked for.", "We will send the tanks that were asked for.", false},
		{"We will send tanks.", "We will send tanks.", false}, // too short to tell
		{"No parent — no parent should wait for a place.", "And no parent should ever wait for a place.", true},
		{"The pause of repayments ends in January for everybody.", "Repayments of student loans are paused once more, until the end of next August.", false},
	} {
		if got := repeats(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %t", c.a, c.b, got)
		}
	}
}

// A passage comes back as it was, and damage is told.
func TestRememberedPassages(t *testing.T) {
	m := &memory{}
	_, passages := m.say("2022-11-05", "On drones", "Talks were held. "+some)
	for i, stored := range m.passages {
		p, err := Remembered(stored)
		if err != nil || !slices.Equal(p.Filed, passages[i].Filed) || !slices.Equal(p.Asked, passages[i].Asked) || !slices.Equal(p.excerpt.around, passages[i].excerpt.around) {
			t.Errorf("%+v, %v", p, err)
		}
		for n := range stored.Body {
			cut := stored
			cut.Body = stored.Body[:n]
			if _, err := Remembered(cut); err == nil {
				t.Fatalf("%d of %d bytes were taken for a passage", n, len(stored.Body))
			}
		}
	}
	other := append([]byte{2 * (claim.Version + 1)}, m.passages[0].Body[1:]...) // a varint
	if _, err := Recall(other, "", time.Time{}); !errors.Is(err, claim.ErrVersion) {
		t.Errorf("a passage of other rules: %v", err)
	}
}
