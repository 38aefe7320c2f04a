package api

import (
	"context"
	"net/http"
	"strings"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *api) topics() {
	const tag = "topics"
	add(a, operation{id: "listTopics", method: http.MethodGet, path: "/topics", tag: tag, scope: Read, summary: "List the standing questions"}, a.listTopics)
	add(a, operation{id: "getTopic", method: http.MethodGet, path: "/topics/{id}", tag: tag, scope: Read, summary: "Show a topic: its propositions and terms"}, a.getTopic)
	add(a, operation{id: "listPositions", method: http.MethodGet, path: "/topics/{id}/positions", tag: tag, scope: Read, summary: "List who affirmed, denied or qualified its propositions, what was said first first"}, a.listPositions)
	add(a, operation{id: "proposeTopic", method: http.MethodPost, path: "/topics/propose", tag: tag, scope: Decide, summary: "Propose a topic for a proposition, and show what it would have caught",
		description: "Nothing is kept of it. It takes seconds: the judge reads what its terms find."}, a.propose)
	add(a, operation{id: "backtestTopic", method: http.MethodPost, path: "/topics/{id}/backtest", tag: tag, scope: Decide, summary: "Say what a topic would have alerted",
		description: "It takes as long as reading what was said since: seconds for a month, more for a year. Nothing is kept of it, and nothing is sent."}, a.backtest)
}

type definedTopic struct {
	statement.Topic
	Defined string `json:"defined" doc:"the file it is defined in"`
}

func topicOf(t statement.Topic) definedTopic { return definedTopic{t, t.Path} }

type ByTopic struct {
	ID string `path:"id" maxLength:"100" doc:"id of the topic"`
}

func (a *api) topic(id string) (statement.Topic, error) {
	all, err := a.Office.Topics()
	if err != nil {
		return statement.Topic{}, err
	}
	var ids []string
	for _, t := range all {
		if t.ID == id {
			return t, nil
		}
		ids = append(ids, t.ID)
	}
	return statement.Topic{}, notFound("topic", id, ids, Root+"/topics lists them")
}

func (a *api) listTopics(context.Context, *nothing) (*body[Page[definedTopic]], error) {
	all, err := a.Office.Topics()
	if err != nil {
		return nil, err
	}
	page := whole([]definedTopic(nil))
	for _, t := range all {
		page.Items = append(page.Items, topicOf(t))
	}
	return &body[Page[definedTopic]]{page}, nil
}

func (a *api) getTopic(_ context.Context, in *ByTopic) (*body[definedTopic], error) {
	t, err := a.topic(in.ID)
	if err != nil {
		return nil, err
	}
	return &body[definedTopic]{topicOf(t)}, nil
}

func (a *api) listPositions(ctx context.Context, in *struct {
	ByTopic
	Paging
	Issuer      string `query:"issuer" maxLength:"100" doc:"id of an issuer"`
	Proposition string `query:"proposition" maxLength:"100" doc:"id of a proposition of the topic"`
	Stance      string `query:"stance" enum:"affirms,denies,qualifies" doc:"only this stance"`
}) (*body[Page[wire.Position]], error) {
	t, err := a.topic(in.ID)
	if err != nil {
		return nil, err
	}
	c, err := in.cursorOf("positions:" + t.ID)
	if err != nil {
		return nil, err
	}
	all, err := a.Store.Stances(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	var found []state.Stance
	for _, s := range all {
		if in.Issuer != "" && s.Issuer != in.Issuer || in.Proposition != "" && s.Proposition != in.Proposition || in.Stance != "" && s.Stance != in.Stance {
			continue
		}
		if c.ID == "" || after(s, c) {
			found = append(found, s)
		}
		if len(found) > in.Limit {
			break
		}
	}
	page := Page[wire.Position]{Items: []wire.Position{}}
	for i, s := range found {
		if i == in.Limit {
			last := found[i-1]
			page.Next = cursor{List: "positions:" + t.ID, At: micros(last.Said), ID: stanceKey(last)}.String()
			break
		}
		said, err := monitor.ShownDate(ctx, a.Store, s)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, wire.PositionOf(s, said))
	}
	return &body[Page[wire.Position]]{page}, nil
}

// stanceKey tells stances of one moment apart, in an order that stays.
func stanceKey(s state.Stance) string {
	return strings.Join([]string{s.Statement, pad(s.Revision), pad(s.Span.Start), s.Proposition}, "/")
}

func pad(n int) string {
	const digits = "0000000000"
	s := digits + itoa(n)
	return s[len(s)-len(digits):]
}

// after tells whether a stance comes after the last of a page.
func after(s state.Stance, c cursor) bool {
	at := micros(s.Said)
	return at > c.At || at == c.At && stanceKey(s) > c.ID
}

// proposal is what topics new gives.
type proposal struct {
	Topic      statement.Topic `json:"topic"`
	Statements int             `json:"statements" doc:"kept"`
	Read       int             `json:"read" doc:"of them, for terms"`
	Caught     int             `json:"caught"`
	Newest     []wire.Caught   `json:"newest"`
}

func (a *api) propose(ctx context.Context, in *struct {
	Body struct {
		Proposition string   `json:"proposition" minLength:"3" maxLength:"500" example:"Iran supplied drones to Russia." doc:"one plain sentence in the affirmative, in any language the judge was taught"`
		Terms       []string `json:"terms,omitempty" maxItems:"50" doc:"terms of your own; drone* stands for all words that begin so"`
	}
}) (*body[proposal], error) {
	done, err := a.toil()
	if err != nil {
		return nil, err
	}
	defer done()
	p, err := a.Monitor.Propose(ctx, strings.Join(strings.Fields(in.Body.Proposition), " "), in.Body.Terms)
	if err != nil {
		return nil, err
	}
	x := proposal{Topic: p.Topic, Statements: p.Statements, Read: p.Read, Caught: p.Caught, Newest: []wire.Caught{}}
	for _, c := range p.Newest {
		x.Newest = append(x.Newest, wire.CaughtOf(c))
	}
	return &body[proposal]{x}, nil
}

// backtested is what a topic would have found.
type backtested struct {
	wire.Backtest
	Findings []wire.Reversal `json:"findings" doc:"of level alert and review, what was said last last; 200 at most"`
}

// mostBacktested is how many findings of a backtest are given.
const mostBacktested = 200

func (a *api) backtest(ctx context.Context, in *struct {
	ByTopic
	Body struct {
		Since string `json:"since,omitempty" maxLength:"40" example:"365d" doc:"only what was said since a date, or within 48h or 30d; all if it is left out"`
	}
}) (*body[backtested], error) {
	t, err := a.topic(in.ID)
	if err != nil {
		return nil, err
	}
	since, err := wire.ParseMoment(in.Body.Since, a.Clock.Now())
	if err != nil {
		return nil, invalid("body.since", err.Error(), in.Body.Since, statement.HintOf(err))
	}
	done, err := a.toil()
	if err != nil {
		return nil, err
	}
	defer done()
	x := backtested{Findings: []wire.Reversal{}}
	counts := map[statement.Level]int{}
	over, err := a.Monitor.Backtest(ctx, monitor.BacktestOptions{Since: since, Topic: t.ID, Report: func(f state.Finding) {
		counts[f.Level]++
		if (f.Level == statement.LevelAlert || f.Level == statement.LevelReview) && len(x.Findings) < mostBacktested {
			x.Findings = append(x.Findings, wire.ReversalOf(f))
		}
	}})
	if err != nil {
		return nil, err
	}
	x.Backtest = wire.BacktestOf(over, counts)
	return &body[backtested]{x}, nil
}

// toil takes the turn at what keeps a processor busy: one request at a time, so that visits go on beside it.
func (a *api) toil() (done func(), err error) {
	select {
	case a.turn <- struct{}{}:
		return func() { <-a.turn }, nil
	default:
	}
	p := problemOf(http.StatusServiceUnavailable, "busy", "somebody else has the judge read just now", "ask again in a moment")
	p.header = http.Header{"Retry-After": {"10"}}
	return nil, p
}
