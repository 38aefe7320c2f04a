package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/state"
)

const (
	// opinionPatience is how long the second opinion may not answer before the operator is told. What takes a person is told
	// at once.
	opinionPatience = time.Hour
	// boundAgain is how long the operator is not told again that the bound of the second opinion is reached: it may be every
	// day.
	boundAgain = 30 * 24 * time.Hour
)

// tellOfOpinions tells the operator once that the second opinion does not answer, once that it does again, and that its bound
// is reached.
func (d *daemon) tellOfOpinions(ctx context.Context, s *Settings, out monitor.OpinionOutage, stopped error) error {
	return d.Store.Update(ctx, func(tx state.Tx) error {
		p, err := tx.Plan(opinionTold)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return err
		}
		before := p
		p.Source = opinionTold
		for _, n := range judgeOpinions(&p, out, stopped, d.Clock.Now()) {
			if err := d.tell(tx, s, "", n); err != nil {
				return err
			}
		}
		if before.FaultTold.Equal(p.FaultTold) && before.SilentTold.Equal(p.SilentTold) {
			return nil
		}
		return tx.PutPlan(p)
	})
}

// judgeOpinions says what the operator is to be told of the second opinion, and notes in the plan that it was.
func judgeOpinions(p *state.Plan, out monitor.OpinionOutage, stopped error, now time.Time) (notices []statement.Notice) {
	tell := func(subject, format string, args ...any) {
		notices = append(notices, statement.Notice{At: now, Subject: subject, Text: fmt.Sprintf(format, args...)})
	}
	const lost = "Nothing is lost and no alert is missing: what waits for an opinion is told without one in its time, " +
		"and its question is kept."
	switch away := !out.Since.IsZero(); {
	case away && p.FaultTold.IsZero() && (out.Person || now.Sub(out.Since) >= opinionPatience):
		p.FaultTold = out.Since
		why := out.Err.Error()
		if hint := statement.HintOf(out.Err); hint != "" {
			why += "\nAdvice: " + hint
		}
		tell("The second opinion does not answer", "The language model that is configured as second_opinion has not answered since %s:\n%s\n\n"+
			"%s It is asked again, at most an hour apart.\n\nTry it: volteface doctor\nWhat it has said so far: volteface opinions stats",
			day(out.Since), why, lost)
	case !away && out.Answered && !p.FaultTold.IsZero():
		tell("The second opinion answers again", "The language model that is configured as second_opinion answers again. It had not since %s.\n\n"+
			"What waited is being asked; an opinion that comes late may still raise a finding.", day(p.FaultTold))
		p.FaultTold = time.Time{}
	}
	if errors.Is(stopped, monitor.ErrSpent) && now.Sub(p.SilentTold) >= boundAgain {
		p.SilentTold = now
		tell("The bound of second opinions is reached", "second_opinion.max_per_day or max_tokens_per_month is reached: "+
			"nothing more is asked before the next day or month (UTC).\n\n%s You are not told of this again for %d days.\n\n"+
			"What was spent: volteface opinions stats", lost, int(boundAgain/(24*time.Hour)))
	}
	return notices
}
