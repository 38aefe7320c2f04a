package wire

import (
	"context"
	"strconv"
	"strings"

	"volteface/internal/diff"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/fulltext"
)

// Statement is a line of statements list, and the head of statements show.
type Statement struct {
	ID           string `json:"id"`
	Source       string `json:"source"`
	URL          string `json:"url"`
	Title        string `json:"title"`
	Published    string `json:"published"`
	Language     string `json:"language"`
	Speaker      string `json:"speaker"`
	Revision     int    `json:"revision"`
	FirstSeen    string `json:"first_seen"`
	LastSeen     string `json:"last_seen"`
	LastChecked  string `json:"last_checked"`
	NextCheck    string `json:"next_check"`
	MissingSince string `json:"missing_since"`
	RemovedAt    string `json:"removed_at"`
	UnlistedAt   string `json:"unlisted_at"`
	MovedTo      string `json:"moved_to"`
}

// StatementOf is a statement for programs.
func StatementOf(s statement.Statement) Statement {
	return Statement{
		s.ID, s.Source, s.URL, s.Title, s.Published.String(), s.Language, strings.Join(s.Speakers, "; "), s.Revision,
		Moment(s.FirstSeen), Moment(s.LastSeen), Moment(s.LastChecked), Moment(s.NextCheck), Moment(s.MissingSince),
		Moment(s.RemovedAt), Moment(s.UnlistedAt), MovedTo(s),
	}
}

// MovedTo is the address at which a statement is read in truth, where redirects lead away from its own; "" where they do not.
func MovedTo(s statement.Statement) string {
	if s.FinalURL == "" || monitor.SamePlace(s.FinalURL, s.URL) {
		return ""
	}
	return s.FinalURL
}

// Revision is one revision inside statements show.
type Revision struct {
	N         int    `json:"n"`
	Time      string `json:"time"`
	Hash      string `json:"hash"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	Snapshot  string `json:"snapshot"`
	Summary   string `json:"summary"`
	Archive   string `json:"archive"`
}

// RevisionOf is a revision for programs; summary says what changed from the one before.
func RevisionOf(r statement.Revision, summary string) Revision {
	return Revision{r.N, Moment(r.SeenAt), r.Hash, r.Title, r.Published.String(), r.Updated.String(), r.Snapshot, summary, r.Archive}
}

// Snapshot is one kept capture inside statements show.
type Snapshot struct {
	Time   string `json:"time"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Status int    `json:"status"`
	URL    string `json:"url"`
	Way    string `json:"way"`
}

// SnapshotOf is a capture for programs.
func SnapshotOf(s statement.Snapshot) Snapshot {
	return Snapshot{Moment(s.FetchedAt), s.SHA256, s.Size, s.Status, s.FinalURL, s.Way}
}

// Sign is a look that found the page gone.
type Sign struct {
	Time   string `json:"time"`
	Status int    `json:"status"`
	Reason string `json:"reason"`
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
}

// Moving is a value that stood at a place that moves by itself.
type Moving struct {
	Time   string `json:"time"`
	Place  string `json:"place"`
	Value  string `json:"value"`
	SHA256 string `json:"sha256"`
}

// Shown is what statements show prints.
type Shown struct {
	Statement
	Text      string     `json:"text"`
	Extracted string     `json:"extracted"`
	Revisions []Revision `json:"revisions"`
	Snapshots []Snapshot `json:"snapshots"`
	Signs     []Sign     `json:"signs"`
	Moving    []Moving   `json:"moving"`
	Addresses []string   `json:"addresses"`
}

// History is all that is kept of a statement beside its text.
type History struct {
	Revisions []statement.Revision // oldest first
	Edits     []statement.Edit
	Snapshots []statement.Snapshot
	Signs     []statement.Sign
	Moving    []statement.MovingValue
	Aliases   []state.Alias
}

// HistoryOf reads all that is kept of a statement beside its text.
func HistoryOf(ctx context.Context, store state.Store, id string) (h History, err error) {
	if h.Revisions, err = store.Revisions(ctx, id); err != nil {
		return h, err
	}
	if h.Edits, err = store.Edits(ctx, id); err != nil {
		return h, err
	}
	if h.Snapshots, err = store.Snapshots(ctx, id); err != nil {
		return h, err
	}
	if h.Signs, err = store.Signs(ctx, id); err != nil {
		return h, err
	}
	if h.Moving, err = store.MovingValues(ctx, id); err != nil {
		return h, err
	}
	h.Aliases, err = store.Aliases(ctx, id)
	return h, err
}

// Summaries are what changed with each revision, by its number.
func (h History) Summaries() map[int]string {
	summary := map[int]string{}
	for _, e := range h.Edits {
		summary[e.To] = e.Summary
	}
	return summary
}

// ShownOf is a statement at one of its revisions, with its history.
func ShownOf(st statement.Statement, r statement.Revision, h History) Shown {
	x := Shown{
		Statement: StatementOf(st), Text: r.Body, Extracted: string(r.Path),
		Revisions: []Revision{}, Snapshots: []Snapshot{}, Signs: []Sign{}, Moving: []Moving{}, Addresses: []string{},
	}
	x.Title, x.Published, x.Revision = r.Title, r.Published.String(), r.N
	summary := h.Summaries()
	for _, v := range h.Revisions {
		x.Revisions = append(x.Revisions, RevisionOf(v, summary[v.N]))
	}
	for _, v := range h.Snapshots {
		x.Snapshots = append(x.Snapshots, SnapshotOf(v))
	}
	for _, v := range h.Signs {
		x.Signs = append(x.Signs, Sign{Moment(v.At), v.Status, v.Reason, v.URL, v.SHA256})
	}
	for _, v := range h.Moving {
		x.Moving = append(x.Moving, Moving{Moment(v.At), v.Place, v.Value, v.SHA256})
	}
	for _, v := range h.Aliases {
		if v.Kind != state.AliasCandidate {
			x.Addresses = append(x.Addresses, v.Key)
		}
	}
	return x
}

// Piece is part of a snippet.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// Hit is a line of statements search.
type Hit struct {
	Statement
	Score   float64 `json:"score"`
	Snippet []Piece `json:"snippet"`
}

// HitOf is a statement that a search found.
func HitOf(hit state.Hit, snippet []fulltext.Piece) Hit {
	pieces := []Piece{}
	for _, p := range snippet {
		pieces = append(pieces, Piece(p))
	}
	score, _ := strconv.ParseFloat(strconv.FormatFloat(hit.Score, 'g', 6, 64), 64) // further figures change with the machine
	return Hit{StatementOf(hit.Statement), score, pieces}
}

// Judgement is what an edit is held to be.
type Judgement struct {
	Class      statement.Class      `json:"class"`
	Kinds      []statement.EditKind `json:"kinds"`
	Importance int                  `json:"importance"`
	Flicker    bool                 `json:"flicker"`
}

// JudgementOf is a judgement for programs.
func JudgementOf(j statement.Judgement) Judgement {
	return Judgement{j.Class, append([]statement.EditKind{}, j.Kinds...), j.Importance, j.Flicker}
}

// Diff is what diff prints.
type Diff struct {
	ID   string `json:"id"`
	From int    `json:"from"`
	To   int    `json:"to"`
	Judgement
	Summary string        `json:"summary"`
	Reasons []diff.Reason `json:"reasons"`
	Blocks  []Block       `json:"blocks"`
}

// Block is one paragraph of a Diff; only those that differ are there.
type Block struct {
	N int `json:"n"` // position among all blocks, from 0
	diff.Block
}

// DiffOf is an edit, and what it is held to be; from and to are the revisions of the statement, or "" and 0 of texts that are not kept.
func DiffOf(id string, from, to int, e *diff.Edit, v diff.Verdict) Diff {
	x := Diff{ID: id, From: from, To: to, Judgement: JudgementOf(v.Judgement), Summary: v.Summary, Reasons: append([]diff.Reason{}, v.Reasons...), Blocks: []Block{}}
	for i, b := range e.Blocks {
		if b.Kind != diff.Same {
			x.Blocks = append(x.Blocks, Block{i, b})
		}
	}
	return x
}
