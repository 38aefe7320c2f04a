package wire

import (
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/state"
)

// Side is one side of a finding.
type Side struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	Date     string `json:"date"`
	Speaker  string `json:"speaker"`
	Issuer   string `json:"issuer"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Span     Span   `json:"span"`
	Flagged  Span   `json:"flagged"`
	Revision int    `json:"revision"`
	Snapshot string `json:"snapshot"`
	// Translation is a language model's, of reversals show, where second_opinion.translate asks for one; null where there is none.
	Translation *statement.MachineText `json:"translation"`
}

// Reversal is a line of reversals list.
type Reversal struct {
	ID          string            `json:"id"`
	Level       statement.Level   `json:"level"`
	Verdict     statement.Verdict `json:"verdict"`
	Kind        string            `json:"kind"`
	Score       float64           `json:"score"`
	Topic       string            `json:"topic"`
	Before      Side              `json:"before"`
	After       Side              `json:"after"`
	Explanation string            `json:"explanation"`
	Government  string            `json:"government"`
	Engine      string            `json:"engine"`
	Found       string            `json:"found"`
	Told        bool              `json:"told"`
	Decision    string            `json:"decision"`
	Reason      string            `json:"reason"`
	Follows     string            `json:"follows"`
	ReplacedBy  string            `json:"replaced_by"`
	Lapsed      bool              `json:"lapsed"`
	Dropped     string            `json:"dropped"`
	// what a language model said of it; null where none was asked
	SecondOpinion *statement.SecondOpinion `json:"second_opinion"`
}

func sideOf(q statement.Quote) Side {
	return Side{q.Statement, q.URL, q.Published.String(), q.Speaker, q.Issuer, q.Title, q.Text, Span{q.Span.Start, q.Span.End}, Span{q.Flagged.Start, q.Flagged.End}, q.Revision, q.Snapshot, q.Translation}
}

// ReversalOf is a finding for programs.
func ReversalOf(f state.Finding) Reversal {
	return Reversal{f.ID, f.Level, f.Verdict, f.Kind, f.Score, f.Topic, sideOf(f.Before), sideOf(f.After), f.Explanation, f.Government,
		f.Engine, Moment(f.FoundAt), !f.Quiet, string(f.Review.Decision), f.Review.Reason, f.Review.Follows, f.Replaced, f.Lapsed, Moment(f.DroppedAt), f.SecondOpinion}
}

// Tally is a line of reversals stats. Share, Threshold and Told are null where there is none.
type Tally struct {
	By        string   `json:"by"`
	Name      string   `json:"name"`
	Alerts    int      `json:"alerts"`
	Reviews   int      `json:"reviews"`
	Decided   int      `json:"decided"`
	Confirmed int      `json:"confirmed"`
	Share     *float64 `json:"share"`
	Threshold *float64 `json:"threshold"`
	Told      *int     `json:"told"`
	Note      string   `json:"note"`
}

// TallyOf is a tally for programs.
func TallyOf(t monitor.Tally) Tally {
	x := Tally{By: t.By, Name: t.Name, Alerts: t.Alerts, Reviews: t.Reviews, Decided: t.Decided, Confirmed: t.Confirmed, Note: ThresholdNote(t)}
	if t.Decided > 0 {
		share := float64(t.Confirmed) / float64(t.Decided)
		x.Share = &share
	}
	if x.Note == "" {
		x.Threshold, x.Told = &t.Threshold, &t.Told
	}
	return x
}

// ThresholdNote says why a tally has no threshold; "" if it has one.
func ThresholdNote(t monitor.Tally) string {
	switch {
	case !t.Enough():
		return "too few decisions"
	case !t.Reached:
		return "no score gives it"
	}
	return ""
}

// Position is a line of positions.
type Position struct {
	Topic       string  `json:"topic"`
	Proposition string  `json:"proposition"`
	Issuer      string  `json:"issuer"`
	Date        string  `json:"date"`
	Stance      string  `json:"stance"`
	Score       float64 `json:"score"`
	Speaker     string  `json:"speaker"`
	Sentence    string  `json:"sentence"`
	Span        Span    `json:"span"`
	ID          string  `json:"id"`
	Revision    int     `json:"revision"`
}

// PositionOf is a stance for programs; said is its date as the page shows it.
func PositionOf(s state.Stance, said statement.Date) Position {
	return Position{s.Topic, s.Proposition, s.Issuer, said.String(), s.Stance, s.Sure, s.Speaker, s.Sentence, Span{s.Span.Start, s.Span.End}, s.Statement, s.Revision}
}

// Editions is a line of editions.
type Editions struct {
	statement.Counterpart
	Found    string `json:"found"`
	Told     bool   `json:"told"`
	Decision string `json:"decision"`
	Reason   string `json:"reason"`
}

// EditionsOf is a pair of counterparts for programs.
func EditionsOf(p state.Paired) Editions {
	if p.Differences == nil {
		p.Differences = []statement.Difference{}
	}
	if p.Rows == nil {
		p.Rows = []statement.Beside{}
	}
	return Editions{p.Counterpart, Moment(p.FoundAt), !p.Quiet && p.Differs != "", string(p.Review.Decision), p.Review.Reason}
}

// Backtest is the last line of backtest.
type Backtest struct {
	Statements   int     `json:"statements"`
	Weeks        float64 `json:"weeks"`
	Alerts       int     `json:"alerts"`
	Reviews      int     `json:"reviews"`
	AlertsAWeek  float64 `json:"alerts_a_week"`
	ReviewsAWeek float64 `json:"reviews_a_week"`
}

// BacktestOf sums a backtest up; counts are of what would have been found, by level.
func BacktestOf(over monitor.Backtested, counts map[statement.Level]int) Backtest {
	weeks := max(over.Span.Hours()/(24*7), 1)
	alerts, reviews := counts[statement.LevelAlert], counts[statement.LevelReview]
	return Backtest{over.Statements, weeks, alerts, reviews, float64(alerts) / weeks, float64(reviews) / weeks}
}

// Caught is a statement that a proposed topic would have caught.
type Caught struct {
	ID       string  `json:"id"`
	URL      string  `json:"url"`
	Date     string  `json:"date"`
	Issuer   string  `json:"issuer"`
	Title    string  `json:"title"`
	Stance   string  `json:"stance"`
	Score    float64 `json:"score"`
	Sentence string  `json:"sentence"`
}

// CaughtOf is what a proposed topic would have caught, for programs.
func CaughtOf(c monitor.Caught) Caught {
	return Caught{c.Statement.ID, c.Statement.URL, c.Statement.Published.String(), c.Issuer, c.Statement.Title, c.Stance, c.Sure, c.Sentence}
}
