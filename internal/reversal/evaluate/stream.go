package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"volteface/internal/claim"
	"volteface/internal/reversal"
	"volteface/internal/statement"
)

// Document is one statement of an archive.
type Document struct {
	Source    string `json:"source"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Text      string `json:"text"`
	Path      string `json:"path"`

	said    time.Time
	reading *reading
}

// reading is what was understood of a document.
type reading struct {
	sentences []claim.Sentence
	passages  []reversal.Passage
	terms     []reversal.Term
}

// WhiteHouseStream reads the statements of the White House, in order of time.
func WhiteHouseStream(folder string) ([]*Document, error) {
	files, err := filepath.Glob(filepath.Join(folder, "whitehouse", "statements-*.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	var all []*Document
	for _, file := range files {
		if err := lines(file, func(d Document) {
			d.said, _ = time.Parse(time.RFC3339, d.Published)
			all = append(all, &d)
		}); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b *Document) int { return a.said.Compare(b.said) })
	return all, nil
}

// Known is a labelled reversal both of whose sides are in the stream.
type Known struct {
	ID     string
	Before Place
	After  Place
}

// Place is a quote in a document.
type Place struct {
	Path, Quote string
}

// KnownReversals are the pairs labelled reversal of whitehouse/dev.jsonl both of whose
// documents are there.
func KnownReversals(folder string, docs []*Document) ([]Known, error) {
	there := map[string]bool{}
	for _, d := range docs {
		there[d.Path] = true
	}
	type line struct {
		ID, Label     string
		Before, After Place
	}
	var out []Known
	err := lines(filepath.Join(folder, "whitehouse", "dev.jsonl"), func(l line) {
		if l.Label == "reversal" && there[l.Before.Path] && there[l.After.Path] {
			out = append(out, Known{l.ID, l.Before, l.After})
		}
	})
	return out, err
}

// near tells whether a sentence of a document lies in a quote or next to it.
func (d *Document) near(p Place, start, end int) bool {
	if d.Path != p.Path {
		return false
	}
	from := strings.Index(d.Text, p.Quote)
	if from < 0 {
		return false
	}
	to := from + len(p.Quote)
	all := d.reading.sentences
	first, last := len(all), -1
	for i, s := range all {
		if s.Start < to && from < s.End {
			first, last = min(first, i), max(last, i)
		}
	}
	for i, s := range all {
		if s.Start <= start && start < s.End {
			return i >= first-1 && i <= last+1
		}
	}
	return false
}

// Flag is a reversal that the search found in the stream.
type Flag struct {
	Score   float64 `json:"score"`
	Verdict string  `json:"verdict"`
	Kind    string  `json:"kind"`
	Rule    string  `json:"rule"`
	Pair    float64 `json:"pair"`
	Known   string  `json:"known,omitempty"`
	Anchor  float64 `json:"anchor"`
	Shared  float64 `json:"shared"`
	Context float64 `json:"context"`
	Before  Flagged `json:"before"`
	After   Flagged `json:"after"`

	Explanation string `json:"explanation"`
}

// Flagged is one side of a flag.
type Flagged struct {
	Path    string `json:"path"`
	Date    string `json:"date"`
	Title   string `json:"title"`
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
	Start   int    `json:"start"`
}

// StreamOptions shape a run over a stream.
type StreamOptions struct {
	Trees    *Parses
	Tune     func(*reversal.Search) // nil for the search as it is
	Only     func(*Document) bool   // nil for all
	Floor    float64
	Report   func(Flag)
	Progress func(done, total int)
}

const space = "US"

// read reads a document into passages.
func (d *Document) read(trees *Parses) error {
	tree, err := trees.Document(d.Text)
	if err != nil {
		return err
	}
	who := claim.Speaker{Issuer: "The White House", Government: "US"}
	s := &reversal.Statement{ID: d.Path, Date: d.said, Issuer: who.Issuer, Government: who.Government, Title: d.Title, Text: d.Text, Claims: claim.Read(tree, who)}
	d.reading = &reading{s.Claims.Sentences, reversal.Passages(s), reversal.Terms(s)}
	return nil
}

// Stream runs the search over documents, each against those before it, and reports what
// it flags.
func Stream(ctx context.Context, docs []*Document, known []Known, o StreamOptions) (statements int, err error) {
	if o.Only != nil {
		docs = slices.DeleteFunc(slices.Clone(docs), func(d *Document) bool { return !o.Only(d) })
	}
	shelf := newShelf()
	search := reversal.NewSearch(reversal.New(), shelf)
	search.Floor = o.Floor
	if o.Tune != nil {
		o.Tune(search)
	}
	byPath := map[string]*Document{}
	ready := make([]chan error, len(docs))
	slots := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	for i := range ready {
		ready[i] = make(chan error, 1)
	}
	go func() {
		for i := range docs {
			slots <- struct{}{}
			go func() { ready[i] <- docs[i].read(o.Trees) }()
		}
	}()
	for i, d := range docs {
		err := <-ready[i]
		<-slots
		if err != nil {
			return i, fmt.Errorf("%s: %w", d.Path, err)
		}
		byPath[d.Path] = d
		turns, err := search.Turns(ctx, space, d.Path, 1, d.said, d.reading.passages)
		if err != nil {
			return i, err
		}
		for k := range turns {
			o.Report(flag(&turns[k], d, byPath, known))
		}
		if err := search.Learn(ctx, space, d.reading.terms); err != nil {
			return i, err
		}
		shelf.put(d)
		if o.Progress != nil {
			o.Progress(i+1, len(docs))
		}
	}
	return len(docs), nil
}

func flag(t *reversal.Turn, d *Document, byPath map[string]*Document, known []Known) Flag {
	e := t.Verdict.Evidence[0]
	b := byPath[t.Earlier.Statement]
	f := Flag{Score: t.Verdict.Score, Verdict: t.Verdict.Verdict, Kind: t.Verdict.Kind, Rule: t.Verdict.Rule, Explanation: t.Verdict.Explanation,
		Pair: t.Pair, Anchor: t.Bond.Anchor, Shared: t.Bond.Shared, Context: t.Bond.Context,
		Before: Flagged{b.Path, b.Published, b.Title, t.Before.Speaker, e.Before, t.Before.Offset() + e.BeforeSpan[0]},
		After:  Flagged{d.Path, d.Published, d.Title, t.After.Speaker, e.After, t.After.Offset() + e.AfterSpan[0]}}
	for _, k := range known {
		if b.near(k.Before, f.Before.Start, 0) && d.near(k.After, f.After.Start, 0) {
			f.Known = k.ID
		}
	}
	return f
}

// shelf remembers passages as a store does, in memory.
type shelf struct {
	passages []statement.Passage
	postings map[string][]int32
}

func newShelf() *shelf { return &shelf{postings: map[string][]int32{}} }

func (s *shelf) put(d *Document) {
	for i := range d.reading.passages {
		p := &d.reading.passages[i]
		if len(p.Filed) == 0 {
			continue
		}
		n := int32(len(s.passages))
		s.passages = append(s.passages, statement.Passage{ID: int64(n) + 1, Statement: d.Path, Revision: 1, Sentence: p.Sentence, Space: space, Said: d.said, Body: p.Body()})
		for _, k := range p.Filed {
			s.postings[k] = append(s.postings[k], n)
		}
	}
	d.reading.passages, d.reading.terms = nil, nil
}

func (s *shelf) Passages(_ context.Context, q statement.PassageQuery) ([]statement.Passage, error) {
	shared := map[int32]float64{}
	for i, k := range q.Keys {
		list := s.postings[k]
		for len(list) > 0 && !s.passages[list[len(list)-1]].Said.Before(q.At) {
			list = list[:len(list)-1]
		}
		for _, n := range list[max(0, len(list)-q.PerKey):] {
			shared[n] += q.Weights[i]
		}
	}
	ids := make([]int32, 0, len(shared))
	for n := range shared {
		ids = append(ids, n)
	}
	slices.SortFunc(ids, func(a, b int32) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), int(b-a)) })
	var out []statement.Passage
	for _, n := range ids[:min(len(ids), q.Limit)] {
		out = append(out, s.passages[n])
	}
	return out, nil
}

func (s *shelf) Terms(context.Context, string) (counts map[uint32]int, all int, err error) {
	return map[uint32]int{}, 0, nil
}
