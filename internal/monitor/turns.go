package monitor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/state"
)

// finding words a turn for people, with all the evidence there is.
func (a *analyst) finding(ctx context.Context, x reading, t *reversal.Turn) (state.Finding, error) {
	before, err := a.quoteOf(ctx, t)
	if err != nil {
		return state.Finding{}, err
	}
	e := t.Verdict.Evidence[0]
	after := a.quote(x, t.After.Speaker, e.After, t.After.Offset()+e.AfterSpan[0])
	f := state.Finding{Source: x.src.ID, Government: space(x.src)}
	f.Reversal = statement.Reversal{
		Verdict: statement.Verdict(t.Verdict.Verdict), Kind: t.Verdict.Kind, Score: t.Verdict.Score,
		Before: before, After: after, Explanation: t.Verdict.Explanation, Engine: a.version,
	}
	f.Level = a.level(f.Verdict, f.Score)
	name(&f)
	f.Before.Stance, f.After.Stance = stances(t.Verdict.Kind)
	return f, nil
}

// name gives a finding its identifier: the same two sentences of the same two
// statements have the same one, whichever version of the engine finds them.
func name(f *state.Finding) {
	f.ID = statement.NewID("reversal", strings.Join([]string{f.Before.Statement, f.Before.Text, f.After.Statement, f.After.Text}, "\n"))
}

// quote is a sentence of the revision that is being analysed.
func (a *analyst) quote(x reading, speaker, text string, start int) statement.Quote {
	return statement.Quote{
		Statement: x.st.ID, Revision: x.r.N, Source: x.src.ID, Issuer: x.src.Issuer.Name, Title: x.r.Title, URL: x.st.URL,
		Published: x.r.WhenSaid(), Speaker: speaker, Text: text, Span: span(x.r, text, start), Language: x.r.Language, Snapshot: x.r.Snapshot,
	}
}

// quoteOf is the earlier sentence of a turn.
func (a *analyst) quoteOf(ctx context.Context, t *reversal.Turn) (statement.Quote, error) {
	e := t.Verdict.Evidence[0]
	return a.earlierQuote(ctx, t.Earlier.Statement, t.Earlier.Revision, t.Before.Speaker, e.Before, t.Before.Offset()+e.BeforeSpan[0], t.Earlier)
}

func (a *analyst) earlierQuote(ctx context.Context, id string, revision int, speaker, text string, start int, p statement.Passage) (statement.Quote, error) {
	st, err := a.Store.Statement(ctx, id)
	if err != nil {
		return statement.Quote{}, err
	}
	r, err := a.Store.Revision(ctx, id, revision)
	if err != nil {
		return statement.Quote{}, err
	}
	src, _, err := a.sourceOf(ctx, st.Source, st.ID, revision)
	if err != nil {
		return statement.Quote{}, err
	}
	return statement.Quote{
		Statement: st.ID, Revision: r.N, Source: st.Source, Issuer: src.Issuer.Name, Title: r.Title, URL: st.URL,
		Published: r.WhenSaid(), Speaker: speaker, Text: text, Span: span(r, text, start), Language: r.Language, Snapshot: r.Snapshot,
	}, nil
}

// span is where a quote stands in the body; none if it is of the title, or if
// the text has been read anew since.
func span(r statement.Revision, text string, start int) statement.Span {
	if end := start + len(text); start >= 0 && end <= len(r.Body) && r.Body[start:end] == text {
		return statement.Span{Start: start, End: end}
	}
	return statement.Span{}
}

// stances say in a word what was done before and after, for subjects.
func stances(kind string) (before, after string) {
	switch kind {
	case "denial_to_admission":
		return "denied", "acknowledged"
	case "admission_to_denial":
		return "stated", "denied"
	case "ruled_out_to_done":
		return "ruled out", "announced"
	case "commitment_to_withdrawal":
		return "announced", "taken back"
	case "support_to_opposition":
		return "one position", "the other"
	case "red_line_dropped":
		return "line drawn", "line dropped"
	case "number_revised":
		return "one figure", "another"
	case "blame_shift":
		return "one blamed", "another blamed"
	case "retraction":
		return "stated", "withdrawn"
	case "legality_or_assessment_flip":
		return "one assessment", "the other"
	}
	return "said", "said"
}

// onTopics reads the stances of a revision on the propositions of its topics,
// and finds those that turn the last one of the same government round.
func (a *analyst) onTopics(ctx context.Context, x reading) (read []state.Stance, turned []state.Finding, err error) {
	for _, topic := range a.router().Spoken(x.src.Issuer, x.r.Title+"\n\n"+x.r.Body) {
		best := map[string]stanceRead{}
		for i, p := range a.propositionsOf(topic) {
			id := topic.Propositions[i].ID
			for k := range x.passages {
				s, sure := a.search.Engine.Stance(p, &x.passages[k])
				if s == reversal.Silent || sure <= best[id].sure {
					continue
				}
				ours, err := a.search.Speaks(ctx, space(x.src), &x.passages[k])
				if err != nil {
					return nil, nil, err
				}
				if ours {
					best[id] = stanceRead{s, sure, &x.passages[k]}
				}
			}
		}
		if len(best) == 0 {
			continue
		}
		earlier, err := a.stancesOn(ctx, topic.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range topic.Propositions {
			b, spoken := best[p.ID]
			if !spoken {
				continue
			}
			now := a.stance(x, topic, p, b)
			read = append(read, now)
			last, known, err := a.lastStance(ctx, earlier, x, now)
			if err != nil {
				return nil, nil, err
			}
			if !known || !opposed(last.Stance, now.Stance) {
				continue
			}
			still, err := a.still(ctx, earlier, x, topic, p, best)
			if err != nil {
				return nil, nil, err
			}
			f, err := a.flip(ctx, x, topic, p, last, now, b, still)
			if err != nil {
				return nil, nil, err
			}
			same := func(t state.Finding) bool { return t.After.Text == f.After.Text }
			if i := slices.IndexFunc(turned, same); i < 0 {
				turned = append(turned, f)
			} else if f.Score > turned[i].Score { // one sentence is one finding
				turned[i] = f
			}
		}
	}
	return read, turned, nil
}

// stancesOn are the stances read so far on a topic's propositions, the oldest first. A
// backtest reads those of what it looks at anew.
func (a *analyst) stancesOn(ctx context.Context, topic string) ([]state.Stance, error) {
	if a.replays == nil {
		return a.Store.Stances(ctx, topic)
	}
	list, known := a.replayed[topic]
	if !known {
		kept, err := a.Store.Stances(ctx, topic)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(kept, func(s state.Stance) bool { return a.replays[s.Statement] })
		a.replayed[topic] = list
	}
	return list, nil
}

// replay remembers what a backtest has read.
func (a *analyst) replay(stances []state.Stance) {
	for _, s := range stances {
		list := append(a.replayed[s.Topic], s)
		slices.SortStableFunc(list, func(x, y state.Stance) int { return x.Said.Compare(y.Said) })
		a.replayed[s.Topic] = list
	}
}

// stanceRead is a stance, how sure it is, and where it was read.
type stanceRead struct {
	stance  reversal.Stance
	sure    float64
	passage *reversal.Passage
}

func (a *analyst) propositionsOf(t statement.Topic) []*reversal.Proposition {
	all, known := a.propositions[t.ID]
	if !known {
		for _, p := range t.Propositions {
			all = append(all, reversal.NewProposition(p.Text))
		}
		a.propositions[t.ID] = all
	}
	return all
}

func (a *analyst) stance(x reading, t statement.Topic, p statement.Proposition, b stanceRead) state.Stance {
	e := b.passage.Excerpt()
	s := e.Claims.Sentences[len(e.Claims.Sentences)-1]
	text := e.Text[s.Start:s.End]
	return state.Stance{
		Topic: t.ID, Proposition: p.ID, Statement: x.st.ID, Revision: x.r.N, Source: x.src.ID, Issuer: x.src.Issuer.ID, Said: x.due.Said,
		Stance: string(b.stance), Sure: b.sure, Speaker: e.Speaker, Sentence: text, Span: span(x.r, text, e.Offset()+s.Start),
	}
}

// lastStance is the last flat stance of the same government on the same
// proposition, before this statement.
func (a *analyst) lastStance(ctx context.Context, earlier []state.Stance, x reading, now state.Stance) (last state.Stance, known bool, err error) {
	for _, s := range slices.Backward(earlier) {
		if s.Proposition != now.Proposition || !s.Said.Before(x.due.Said) || s.Stance == string(reversal.Qualifies) || s.Statement == x.st.ID && s.Revision >= x.r.N {
			continue
		}
		if s.Source == x.src.ID {
			return s, true, nil
		}
		other, placed, err := a.sourceOf(ctx, s.Source, s.Statement, s.Revision)
		if err != nil || placed && x.placed && space(other) == space(x.src) {
			return s, err == nil, err
		}
	}
	return state.Stance{}, false, nil
}

func opposed(a, b string) bool {
	return a == string(reversal.Affirms) && b == string(reversal.Denies) || a == string(reversal.Denies) && b == string(reversal.Affirms)
}

// still names what the same government goes on denying of the topic.
func (a *analyst) still(ctx context.Context, earlier []state.Stance, x reading, t statement.Topic, but statement.Proposition, now map[string]stanceRead) (denied []string, err error) {
	for _, p := range t.Propositions {
		if p.ID == but.ID {
			continue
		}
		last, known, err := a.lastStance(ctx, earlier, x, state.Stance{Proposition: p.ID})
		if err != nil {
			return nil, err
		}
		b, spoken := now[p.ID]
		if spoken && b.stance == reversal.Denies || !spoken && known && last.Stance == string(reversal.Denies) {
			denied = append(denied, p.Affirmed)
		}
	}
	return denied, nil
}

// flip words the turn of a stance.
func (a *analyst) flip(ctx context.Context, x reading, t statement.Topic, p statement.Proposition, last, now state.Stance, b stanceRead, still []string) (state.Finding, error) {
	before, err := a.earlierQuote(ctx, last.Statement, last.Revision, last.Speaker, last.Sentence, last.Span.Start, statement.Passage{Said: last.Said})
	if err != nil {
		return state.Finding{}, err
	}
	f := state.Finding{Source: x.src.ID, Government: space(x.src)}
	kind, what := "denial_to_admission", "denied that "+p.Affirmed
	then := "appears to affirm it"
	if now.Stance == string(reversal.Denies) {
		kind, what, then = "admission_to_denial", "affirmed that "+p.Affirmed, "appears to deny it"
	}
	f.Reversal = statement.Reversal{
		Verdict: statement.VerdictReversal, Kind: kind, Score: min(last.Sure, now.Sure), Topic: t.ID, TopicName: t.Name, Proposition: p.Text,
		Before: before, After: a.quote(x, now.Speaker, now.Sentence, now.Span.Start), Engine: a.version,
	}
	f.Explanation = fmt.Sprintf("On %s %s appears to have %s; what %s said on %s %s.",
		before.Published.Day(), speakerOf(before), what, speakerOf(f.After), f.After.Published.Day(), then)
	if len(still) > 0 {
		f.Explanation += " Still denied, as far as is known: that " + strings.Join(still, "; that ") + "."
	}
	f.Level = statement.LevelReview
	if f.Score >= topicAlert {
		f.Level = statement.LevelAlert
	}
	f.Before.Stance, f.After.Stance = stances(kind)
	name(&f)
	return f, nil
}

// topicAlert is the score from which the turn of a watched proposition is told:
// lower than that of the open search, since somebody asked for it.
const topicAlert = 0.6

func speakerOf(q statement.Quote) string { return cmpOr(q.Speaker, q.Issuer, "the statement") }
