package monitor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"volteface/internal/judge"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/state"
)

// finding words a turn for people, with all the evidence there is.
func (a *analyst) finding(ctx context.Context, x reading, t reversal.Turn) (state.Finding, error) {
	before, err := a.earlierQuote(ctx, t.Before)
	if err != nil {
		return state.Finding{}, err
	}
	after := a.quote(x, t.After)
	before.Flagged, after.Flagged = t.BeforeMark, t.AfterMark
	f := state.Finding{Source: x.src.ID, Government: space(x.src)}
	f.Reversal = statement.Reversal{
		Verdict: statement.Verdict(t.Verdict), Kind: t.Kind, Score: t.Score, Before: before, After: after, Engine: a.version,
		Explanation: reversal.Explain(t, side(before), side(after)),
	}
	f.Level = a.limits.Of(string(f.Verdict), f.Score)
	if topic, watched := a.watched(x, t); watched {
		f.Topic, f.TopicName = topic.ID, topic.Name
		if f.Verdict == statement.VerdictReversal && f.Score >= spokenAlert {
			f.Level = statement.LevelAlert
		}
	}
	name(&f)
	f.Before.Stance, f.After.Stance = stances(t.Kind)
	return f, nil
}

// watched is the first topic that the later passage of a turn speaks of.
func (a *analyst) watched(x reading, t reversal.Turn) (statement.Topic, bool) {
	if spoken := a.router().Spoken(x.src.Issuer, t.After.Text); len(spoken) > 0 {
		return spoken[0], true
	}
	return statement.Topic{}, false
}

// side is a quote as what is said of it needs it.
func side(q statement.Quote) *reversal.Statement {
	return &reversal.Statement{Date: q.Published.Time, Issuer: q.Issuer, Speaker: q.Speaker}
}

// name gives a finding its identifier: the same two sentences of the same two
// statements have the same one, whichever version of the engine finds them.
func name(f *state.Finding) {
	f.ID = statement.NewID("reversal", strings.Join([]string{f.Before.Statement, f.Before.Text, f.After.Statement, f.After.Text}, "\n"))
}

// quote is a passage of the revision that is being analysed.
func (a *analyst) quote(x reading, p statement.Passage) statement.Quote {
	return statement.Quote{
		Statement: x.st.ID, Revision: x.r.N, Source: x.src.ID, Issuer: x.src.Issuer.Name, Title: x.r.Title, URL: x.st.URL,
		Published: x.r.WhenSaid(), Speaker: p.Speaker, Text: p.Text, Span: span(x.r, p.Text, p.Span.Start), Language: x.r.Language, Snapshot: x.r.Snapshot,
	}
}

// earlierQuote is a passage of an earlier statement.
func (a *analyst) earlierQuote(ctx context.Context, p statement.Passage) (statement.Quote, error) {
	x, err := a.opened(ctx, state.Analysis{Statement: p.Statement, Revision: p.Revision})
	return a.quote(x, p), err
}

// span is where a quote stands in the body; none if it is of the title, or if
// the text has been read anew since.
func span(r statement.Revision, text string, start int) statement.Span {
	if end := start + len(text); start >= 0 && end <= len(r.Body) && r.Body[start:end] == text {
		return statement.Span{Start: start, End: end}
	}
	return statement.Span{}
}

// stances say in a word what was done before and after, for subjects; they are empty where that is not known.
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
	return "", ""
}

// take reads what a revision does to the propositions of the topics that it speaks of.
func (a *analyst) take(ctx context.Context, x reading) (map[string]map[int]reversal.Taken, error) {
	all := map[string]map[int]reversal.Taken{}
	for _, topic := range a.router().Spoken(x.src.Issuer, x.r.Title+"\n\n"+x.r.Body) {
		var propositions []string
		for _, p := range topic.Propositions {
			propositions = append(propositions, p.Text)
		}
		taken, err := a.search.Stances(ctx, propositions, func(text string) bool { return a.router().Has(topic.ID, text) }, x.passages)
		if err != nil {
			return nil, err
		}
		all[topic.ID] = taken
	}
	return all, nil
}

// onTopics are the stances of a revision on the propositions of its topics,
// and those that turn the last one of the same government round.
func (a *analyst) onTopics(ctx context.Context, x reading) (read []state.Stance, turned []state.Finding, err error) {
	for _, topic := range a.Topics {
		taken := x.taken[topic.ID]
		if len(taken) == 0 {
			continue
		}
		earlier, err := a.stancesOn(ctx, topic.ID)
		if err != nil {
			return nil, nil, err
		}
		for i, p := range topic.Propositions {
			t, spoken := taken[i]
			if !spoken {
				continue
			}
			now := a.stance(x, topic, p, t)
			read = append(read, now)
			last, known, err := a.lastStance(ctx, earlier, x, now)
			if err != nil {
				return nil, nil, err
			}
			if !known || !opposed(last.Stance, now.Stance) || now.Sure < topicSure {
				continue
			}
			still, err := a.still(ctx, earlier, x, topic, i, taken)
			if err != nil {
				return nil, nil, err
			}
			f, err := a.flip(ctx, x, topic, p, last, now, t, still)
			if err != nil {
				return nil, nil, err
			}
			same := func(t state.Finding) bool { return t.After.Text == f.After.Text }
			if i := slices.IndexFunc(turned, same); i < 0 {
				turned = append(turned, f)
			} else if f.Score > turned[i].Score { // one passage is one finding
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

func (a *analyst) stance(x reading, t statement.Topic, p statement.Proposition, taken reversal.Taken) state.Stance {
	said := taken.Passage
	return state.Stance{
		Topic: t.ID, Proposition: p.ID, Statement: x.st.ID, Revision: x.r.N, Source: x.src.ID, Issuer: x.src.Issuer.ID, Said: x.due.Said,
		Stance: string(taken.Stance), Sure: taken.Sure, Speaker: said.Speaker, Sentence: said.Text, Span: span(x.r, said.Text, said.Span.Start),
	}
}

// lastStance is the last flat and sure stance of the same government on the same
// proposition, before this statement.
func (a *analyst) lastStance(ctx context.Context, earlier []state.Stance, x reading, now state.Stance) (last state.Stance, known bool, err error) {
	for _, s := range slices.Backward(earlier) {
		if s.Proposition != now.Proposition || !s.Said.Before(x.due.Said) || s.Stance == string(reversal.Qualifies) || s.Sure < topicSure || s.Statement == x.st.ID && s.Revision >= x.r.N {
			continue
		}
		if s.Source == x.src.ID {
			return s, true, nil
		}
		other, err := a.sourceOf(ctx, s.Source, s.Statement, s.Revision)
		if err != nil || space(other) == space(x.src) {
			return s, err == nil, err
		}
	}
	return state.Stance{}, false, nil
}

func opposed(a, b string) bool {
	return a == string(reversal.Affirms) && b == string(reversal.Denies) || a == string(reversal.Denies) && b == string(reversal.Affirms)
}

// still names what the same government goes on denying of the topic, but for one of its propositions.
func (a *analyst) still(ctx context.Context, earlier []state.Stance, x reading, t statement.Topic, but int, now map[int]reversal.Taken) (denied []string, err error) {
	for i, p := range t.Propositions {
		if i == but {
			continue
		}
		last, known, err := a.lastStance(ctx, earlier, x, state.Stance{Proposition: p.ID})
		if err != nil {
			return nil, err
		}
		taken, spoken := now[i]
		if spoken && taken.Stance == reversal.Denies && taken.Sure >= topicSure || !spoken && known && last.Stance == string(reversal.Denies) {
			denied = append(denied, p.Affirmed)
		}
	}
	return denied, nil
}

// flip words the turn of a stance.
func (a *analyst) flip(ctx context.Context, x reading, t statement.Topic, p statement.Proposition, last, now state.Stance, taken reversal.Taken, still []string) (state.Finding, error) {
	before, err := a.earlierQuote(ctx, statement.Passage{Statement: last.Statement, Revision: last.Revision, Speaker: last.Speaker, Text: last.Sentence, Span: last.Span})
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
		Before: before, After: a.quote(x, taken.Passage), Engine: a.version,
	}
	f.Explanation = fmt.Sprintf("On %s %s appears to have %s; what %s said on %s %s.",
		before.Published.Day(), speakerOf(before), what, speakerOf(f.After), f.After.Published.Day(), then)
	if len(still) > 0 {
		f.Explanation += " Still denied, as far as is known: that " + strings.Join(still, "; that ") + "."
	}
	// Both sides held against each other are a second witness.
	read, err := a.search.Judge.Pairs(ctx, []judge.Pair{{
		Before: judge.Passage{Text: before.Text}, After: judge.Passage{Text: taken.Passage.Text, Question: taken.Passage.Question},
	}})
	if err != nil {
		return state.Finding{}, err
	}
	pair := read[0].Reversal
	switch f.Level = statement.LevelReview; {
	case pair < topicDoubt:
		f.Level = statement.LevelWatch
	case f.Score >= topicAlert || pair >= spokenAlert:
		f.Level = statement.LevelAlert
	}
	f.Score = max(f.Score, pair)
	f.Before.Stance, f.After.Stance = stances(kind)
	name(&f)
	return f, nil
}

const (
	// topicSure is the probability from which a stance counts for a position, on both sides of a turn. Of the 33 turns of 31
	// propositions that a threshold of .6 gave in half a year of the White House, .79 at most, none was right.
	topicSure = 0.8
	// topicAlert is the score, the lesser of the two stances', from which the turn of a watched proposition is told:
	// lower than that of the open search, since somebody asked for it.
	topicAlert = 0.9
	// topicDoubt is the probability of a reversal below which the two passages, held against each other, speak against their stances:
	// what they say of the proposition has turned on paper alone, and is only kept.
	topicDoubt = 0.2
	// spokenAlert is the score from which the open search tells of a turn that speaks of a watched topic.
	spokenAlert = 0.85
)

func speakerOf(q statement.Quote) string { return cmp.Or(q.Speaker, q.Issuer, "the statement") }
