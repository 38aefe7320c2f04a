package sqlite

import (
	"context"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// fewVisits is how many visits may lie in the future, beyond half of all, for
// the clock to have been ahead for certain, rather than to be behind now.
const fewVisits = 10

// mended are rows that a wrong clock has written, by table: which they are, and
// what they become. ?1 is now, ?2 the latest moment that counts as now, ?3 to
// ?5 the latest ones that anything waits for: a look, another try, a digest.
//
// Moments that are due come back to now; what is asked for once too often does
// no harm. An alert and a mute were meant to last as long as they do, and begin
// now.
var mended = []struct{ what, change, rows string }{
	{"plans", `retired_at = 0, next_visit = ?1`, `retired_at > ?2`},
	{"statements", `next_check = ?1`, `row IN (SELECT row FROM statements INDEXED BY statements_next_check
		WHERE next_check > 0 AND next_check > ?2 AND (next_check > ?3 OR last_checked > ?2))`},
	// Too old for another look by that clock; entries of feeds never have one.
	{"statements", `next_check = ?1`, `next_check = 0 AND last_checked > ?2 AND EXISTS
		(SELECT 1 FROM revisions r WHERE r.statement = statements.id AND r.n = statements.revision AND r.locator = '')`},
	{"found", `next_try = min(next_try, ?1), found_at = min(found_at, ?1)`, `next_try > ?4 OR found_at > ?2`},
	{"sources", `next_deep = 0`, `next_deep > 0 AND last_visit > ?2`},
	{"hosts", `failed_at = 0, resume_at = 0, ended = min(ended, ?1), lied_at = min(lied_at, ?1)`,
		`failed_at > ?2 OR resume_at > ?4 OR ended > ?2 OR lied_at > ?2`},
	{"outages", `since = min(since, ?1), next_try = min(next_try, ?1)`, `since > ?2 OR next_try > ?4`},
	{"backfills", `next_at = ?1`, `next_at > ?3`},
	{"backfill_items", `next_try = ?1`, `next_try > ?3`},
	{"opinions", `next_try = ?1`, `state = 'waiting' AND next_try > ?5`},
	{"extras", `next_try = ?1`, `state = 'waiting' AND next_try > ?5`},
	{"opinion_cases", `held_until = ?1`, `held = 1 AND held_until > ?5`},
	{"mutes", `until = until - (since - ?1), since = ?1`, `since > ?2`},
	{"alerts", `next_attempt = iif(next_attempt > 0, max(?1, next_attempt - (created_at - ?1)), 0), expires_at = iif(expires_at > 0, expires_at - (created_at - ?1), 0),
		sent_at = min(sent_at, ?1), created_at = ?1`, `created_at > ?2`},
	{"alerts", `next_attempt = max(?1, ifnull((SELECT max(until) FROM mutes), 0))`,
		`state = 'pending' AND parent = 0 AND digest = 'muted' AND next_attempt > max(?2, ifnull((SELECT max(until) FROM mutes), 0))`},
	{"alerts", `next_attempt = ?1`, `state = 'pending' AND parent = 0 AND digest <> 'muted' AND next_attempt > iif(digest = '', ?4, ?5)`},
}

// remembered are rows of the past that have not come yet. They are put right
// only where the clock was ahead for certain.
var remembered = []struct{ what, change, rows string }{
	{"statements", `last_seen = min(last_seen, ?1), last_checked = min(last_checked, ?1), listed_at = min(listed_at, ?1), missing_since = min(missing_since, ?1),
		removed_at = min(removed_at, ?1), absent_since = min(absent_since, ?1), unlisted_at = min(unlisted_at, ?1)`,
		`max(last_seen, last_checked, listed_at, missing_since, removed_at, absent_since, unlisted_at) > ?2`},
	{"sources", `last_visit = min(last_visit, ?1), last_success = min(last_success, ?1), last_new = min(last_new, ?1),
		baseline_at = min(baseline_at, ?1), fault_since = min(fault_since, ?1)`, `max(last_visit, last_success, last_new, baseline_at, fault_since) > ?2`},
	{"troubles", `since = ?1`, `since > ?2`},
	{"robots", `at = ?1`, `at > ?2`},
	{"alerts", `sent_at = ?1`, `sent_at > ?2`},
}

// PullBack brings moments back that were written while the clock was ahead.
func (s *Store) PullBack(ctx context.Context, now time.Time, l state.Longest) (n int, err error) {
	at := micros(now)
	slack := statement.ClockSlack.Microseconds()
	args := []any{at, at + slack, at + slack + l.Check.Microseconds(), at + slack + l.Retry.Microseconds(), at + slack + l.Digest.Microseconds()}
	var future, all int
	if err := s.read.QueryRowContext(ctx, `SELECT ifnull(sum(started_at > ?), 0), count(*) FROM visits`, args[1]).Scan(&future, &all); err != nil {
		return 0, explain("read", s.path, err)
	}
	certain := future < fewVisits || 2*future <= all
	err = s.write(ctx, func(t *tx) error {
		n = 0
		wrong := mended
		if certain {
			wrong = append(wrong[:len(wrong):len(wrong)], remembered...)
		}
		for _, w := range wrong {
			put, err := t.exec(`UPDATE `+w.what+` SET `+w.change+` WHERE `+w.rows, args[:highest(w.change+w.rows)]...)
			if err != nil {
				return err
			}
			changed, err := put.RowsAffected()
			if err != nil {
				return err
			}
			n += int(changed)
		}
		put, err := t.exec(`DELETE FROM skips WHERE last_at > ?`, args[1]) // visits that nobody can have missed yet
		if err != nil {
			return err
		}
		changed, err := put.RowsAffected()
		n += int(changed)
		return err
	})
	return n, err
}

// highest is how many numbered parameters a piece of SQL takes: no other digit
// follows a question mark in it.
func highest(query string) (n int) {
	for i := range len(query) - 1 {
		if query[i] == '?' {
			n = max(n, int(query[i+1]-'0'))
		}
	}
	return n
}
