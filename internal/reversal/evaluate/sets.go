// Package evaluate measures the reversal engine on labelled sets, and teaches its ranker.
package evaluate

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"volteface/internal/reversal"
)

// Pair is one labelled pair of statements.
type Pair struct {
	ID, Group     string // Group is the event, topic or speaker that pairs are held together by
	Label         string // reversal, softening, partial, contested, none; contradiction, entailment, neutral
	Kind          string
	Before, After *reversal.Statement
	// KeyBefore and KeyAfter are the spans of the deciding sentences, zero where unknown.
	KeyBefore, KeyAfter [2]int
}

// lines decodes each line of a file, plain or compressed by gzip, into a value.
func lines[T any](path string, f func(T)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(file)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		r = z
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 16<<20)
	for n := 1; s.Scan(); n++ {
		if len(strings.TrimSpace(s.Text())) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		f(v)
	}
	return s.Err()
}

// texts keeps one statement for each text, so that it is analysed once.
type texts map[string]*reversal.Statement

func (t texts) get(s reversal.Statement) *reversal.Statement {
	key := s.Issuer + "\x00" + s.Speaker + "\x00" + s.Date.String() + "\x00" + s.Text
	if x := t[key]; x != nil {
		return x
	}
	t[key] = &s
	return &s
}

type side struct {
	Date       string `json:"date"`
	Issuer     string `json:"issuer"`
	Government string `json:"government"`
	Speaker    string `json:"speaker"`
	Text       string `json:"text"`
	Quote      string `json:"quote"`
	Question   string `json:"question"`
}

func (s side) statement() reversal.Statement {
	return reversal.Statement{Date: Day(s.Date), Issuer: s.Issuer, Government: s.Government, Speaker: s.Speaker, Text: s.Text}
}

// Day reads a date as the sets write it: a day, or a moment in RFC 3339. It is zero for
// anything else.
func Day(s string) time.Time {
	if len(s) >= 10 {
		if t, err := time.Parse("2006-01-02", s[:10]); err == nil {
			return t
		}
	}
	return time.Time{}
}

// Reversals reads reversals/dev.jsonl of a folder of evaluation sets.
func Reversals(folder string) ([]Pair, error) {
	type line struct {
		ID, Event, Label, Kind string
		Before, After          side
		KeyBefore              string `json:"key_before"`
		KeyAfter               string `json:"key_after"`
	}
	var out []Pair
	known := texts{}
	err := lines(filepath.Join(folder, "reversals", "dev.jsonl"), func(l line) {
		p := Pair{ID: l.ID, Group: l.Event, Label: l.Label, Kind: l.Kind, Before: known.get(l.Before.statement()), After: known.get(l.After.statement())}
		p.KeyBefore, p.KeyAfter = spanOf(l.Before.Text, l.KeyBefore), spanOf(l.After.Text, l.KeyAfter)
		out = append(out, p)
	})
	return out, err
}

func spanOf(text, part string) [2]int {
	if i := strings.Index(text, part); i >= 0 && part != "" {
		return [2]int{i, i + len(part)}
	}
	return [2]int{}
}

// WhiteHouse reads whitehouse/dev.jsonl: quotes, each after its question if there is one.
func WhiteHouse(folder string) ([]Pair, error) {
	type line struct {
		ID, Topic, Label, Kind string
		Before, After          side
	}
	var out []Pair
	known := texts{}
	err := lines(filepath.Join(folder, "whitehouse", "dev.jsonl"), func(l line) {
		p := Pair{ID: l.ID, Group: l.Topic, Label: l.Label, Kind: l.Kind}
		make := func(s side) (*reversal.Statement, [2]int) {
			s.Issuer, s.Government = "The White House", "United States"
			s.Text = s.Quote
			if s.Question != "" {
				s.Text = s.Question + "\n\n" + s.Quote
			}
			return known.get(s.statement()), [2]int{len(s.Text) - len(s.Quote), len(s.Text)}
		}
		p.Before, p.KeyBefore = make(l.Before)
		p.After, p.KeyAfter = make(l.After)
		out = append(out, p)
	})
	return out, err
}

// Sentences reads a public set of sentence pairs. keep chooses by split; nil keeps all.
func Sentences(folder, name string, keep func(split string) bool) ([]Pair, error) {
	type line struct {
		ID, Split, Speaker, Gold string
		Before, After            side
	}
	var out []Pair
	known := texts{}
	err := lines(filepath.Join(folder, "pairs", name+".jsonl.gz"), func(l line) {
		if keep != nil && !keep(l.Split) {
			return
		}
		out = append(out, Pair{ID: l.ID, Group: l.Speaker, Label: l.Gold, Before: known.get(l.Before.statement()), After: known.get(l.After.statement())})
	})
	return out, err
}
