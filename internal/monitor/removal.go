package monitor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Doubt says how long what a page shows is doubted: that it is gone, or that
// its text is suddenly another. Sites break, and are mended.
type Doubt struct {
	Checks int           // looks that must show it (3)
	Over   time.Duration // time that must lie between the first and the last of them (24 h)
	Shrink float64       // share of a text that may vanish in one edit without doubt (0.5)
}

const (
	defaultChecks = 3
	defaultOver   = 24 * time.Hour
	defaultShrink = 0.5
	// definiteChecks is how many answers of "410 Gone" are a removal, and
	// definiteAgain how soon the second is asked for.
	definiteChecks = 2
	definiteAgain  = time.Hour
	// massLeast is how many known pages must be gone at once, and more than half
	// of those looked at, to be the fault of a site that is broken or rebuilt.
	// If it is none, massOver is how long it takes to be believed.
	massLeast = 4
	massOver  = 7 * 24 * time.Hour
	// A removed page is looked at once in removedAgain for a month, and then as
	// rarely as an old one: it may come back.
	removedAgain = 24 * time.Hour
)

func (d Doubt) checks() int {
	if d.Checks <= 0 {
		return defaultChecks
	}
	return d.Checks
}

func (d Doubt) over() time.Duration {
	if d.Over <= 0 {
		return defaultOver
	}
	return d.Over
}

func (d Doubt) shrink() float64 {
	if d.Shrink <= 0 {
		return defaultShrink
	}
	return d.Shrink
}

// interval is the time between two looks that are to settle a doubt.
func (d Doubt) interval() time.Duration { return d.over() / time.Duration(max(1, d.checks()-1)) }

// settled reports whether a doubt that began at a moment has been looked at
// often and long enough.
func (d Doubt) settled(looks int, since, now time.Time) bool {
	return looks >= d.checks() && now.Sub(since) >= d.over()
}

// removal reports whether the signs, oldest first, show a page to be removed:
// its server says twice in a row that it is gone for good, or it was not there
// on enough looks over a long enough time.
func (d Doubt) removal(signs []statement.Sign) bool {
	if len(signs) == 0 {
		return false
	}
	definite := 0
	for i := len(signs) - 1; i >= 0 && signs[i].Definite(); i-- {
		definite++
	}
	last := signs[len(signs)-1]
	return definite >= definiteChecks || d.settled(len(signs), signs[0].At, last.At)
}

// judgeGone decides on the known pages of the visit that were not there. That
// means something only while the rest of the host is well: otherwise it is a
// fault of the source.
func (v *visit) judgeGone(ctx context.Context, fault error) {
	if len(v.gone) == 0 || ctx.Err() != nil {
		return
	}
	ill := ""
	switch {
	case fault != nil:
		ill = "the visit failed"
	case !v.hostWell(ctx):
		ill = "no other page of the host answers well"
	case len(v.gone) >= massLeast && len(v.gone) > v.well:
		ill = fmt.Sprintf("%d of the %d known pages looked at are gone at once", len(v.gone), len(v.gone)+v.well)
	}
	for _, l := range v.gone {
		var err error
		if l.sha, err = v.evidence(ctx, l); err != nil {
			v.fail(err)
			continue
		}
		if ill == "" {
			v.submit(l, v.missing)
			continue
		}
		l.mass = true
		reason := l.reason + "; that does not show that it was removed: " + ill
		v.submit(l, func(tx state.Tx, l look) (Finding, error) {
			t := v.troubles[l.key]
			if fault == nil && t.Kind == statement.TroubleHostIll && t.Looks+1 >= v.Doubt.checks() && v.Clock.Now().Sub(t.Since) >= massOver {
				return v.missing(tx, l) // it lasts: the site means it
			}
			if err := v.sign(tx, l); err != nil {
				return Finding{}, err
			}
			return v.troubled(tx, l, statement.TroubleHostIll, reason, "")
		})
	}
	v.gone = nil
}

// evidence keeps the answer that says that a page is gone.
func (v *visit) evidence(ctx context.Context, l look) (string, error) {
	if len(l.capture.Body) == 0 {
		return "", nil
	}
	return v.archive(ctx, l)
}

// hostWell tells whether anything of the source is well in this visit; where
// nothing else was asked for, its listing is.
func (v *visit) hostWell(ctx context.Context) bool {
	if v.well > 0 || len(v.named) > 0 {
		return true
	}
	capture, err := v.scraper.Fetch(ctx, v.src.URL, statement.Validators{})
	return err == nil && capture.Quality == statement.Good
}

func (v *visit) sign(tx state.Tx, l look) error {
	return tx.AddSign(statement.Sign{
		Statement: l.known.ID, At: v.Clock.Now(), Quality: l.capture.Quality, Status: l.capture.Status,
		Reason: l.reason, URL: l.capture.FinalURL, SHA256: l.sha,
	})
}

// missing records that a known page is gone: first a suspicion, then, when the
// signs are definite, a removal. Each is told once.
func (v *visit) missing(tx state.Tx, l look) (Finding, error) {
	st, err := tx.Statement(l.known.ID)
	if err != nil {
		return Finding{}, err
	}
	now := v.Clock.Now()
	st.LastChecked = now
	if st.Imported() { // nobody saw its page while it was there
		st.NextCheck = v.nextCheck(st.URL, st.FirstSeen)
		f := v.finding(statement.Missing, st, l.reason+"; it was imported, and its page has never been read")
		f.Known = true
		return f, tx.PutStatement(st)
	}
	if err := v.settleTrouble(tx, l.key); err != nil {
		return Finding{}, err
	}
	if st.Removed() {
		st.NextCheck = now.Add(removedAgain)
		if now.Sub(st.RemovedAt) > 30*24*time.Hour {
			st.NextCheck = v.nextCheck(st.URL, st.RemovedAt)
		}
		f := v.finding(statement.Removed, st, fmt.Sprintf("%s, as since %s", l.reason, moment(st.MissingSince)))
		f.Known = true
		return f, tx.PutStatement(st)
	}
	if err := v.sign(tx, l); err != nil {
		return Finding{}, err
	}
	suspected := st.Missing()
	if !suspected {
		st.MissingSince = now
		if t := v.troubles[l.key]; l.mass && !t.Since.IsZero() {
			st.MissingSince = t.Since
		}
	}
	since := st.MissingSince
	if ahead(since, now) {
		since = now
	}
	signs, err := tx.Signs(st.ID, since)
	if err != nil {
		return Finding{}, err
	}
	signs = come(signs, now)
	if v.Doubt.removal(signs) {
		st.RemovedAt, st.NextCheck = now, now.Add(removedAgain)
		if err := tx.PutStatement(st); err != nil {
			return Finding{}, err
		}
		f := v.finding(statement.Removed, st, told(signs)+", while the rest of the site answers well")
		return f, v.event(tx, f)
	}
	st.NextCheck = now.Add(v.Doubt.interval())
	if signs[len(signs)-1].Definite() {
		st.NextCheck = now.Add(min(definiteAgain, v.Doubt.interval()))
	}
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.Missing, st, l.reason)
	if suspected {
		f.Reason, f.Known = fmt.Sprintf("%s, as since %s", l.reason, moment(st.MissingSince)), true
		return f, nil
	}
	return f, v.event(tx, f)
}

// told sums up the signs of a removal.
func told(signs []statement.Sign) string {
	first, last := signs[0], signs[len(signs)-1]
	if first.Reason == last.Reason && len(signs) > 1 {
		return fmt.Sprintf("%s, on %d looks from %s to %s", last.Reason, len(signs), moment(first.At), moment(last.At))
	}
	var each []string
	for _, s := range signs[max(0, len(signs)-5):] {
		each = append(each, s.Reason+" at "+moment(s.At))
	}
	return strings.Join(each, ", ")
}

// restored notes that a page is back, and gives the finding that says so; nil
// if it was not gone.
func (v *visit) restored(tx state.Tx, st *statement.Statement) (*Finding, error) {
	if !st.Missing() {
		return nil, nil
	}
	reason := "back, after it was missing since " + moment(st.MissingSince)
	if st.Removed() {
		reason += " and held to be removed since " + moment(st.RemovedAt)
	}
	st.MissingSince, st.RemovedAt = time.Time{}, time.Time{}
	f := v.finding(statement.Restored, *st, reason)
	return &f, v.event(tx, f)
}

// settleTrouble forgets what was wrong with a page.
func (v *visit) settleTrouble(tx state.Tx, key string) error {
	if _, troubled := v.troubles[key]; !troubled {
		return nil
	}
	return tx.DropTrouble(v.src.ID, key)
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
