package evaluate

import (
	"path/filepath"
	"slices"

	"volteface/internal/reversal"
)

// Dossier is a chronology and what came of it.
type Dossier struct {
	ID                   string
	Expected             int // reversals
	Found, Missed, False int
	Alerts               []int // numbers of the statements at which alerts were raised
	FalseAt              []int
}

type dossierLine struct {
	ID         string `json:"id"`
	Statements []struct {
		N                        int
		Date, Issuer, Government string
		Speaker, Text            string
	} `json:"statements"`
	Expected []struct {
		AfterN  int    `json:"after_n"`
		BeforeN []int  `json:"before_n"`
		Label   string `json:"label"`
	} `json:"expected"`
	Tolerated []struct {
		AfterN  int   `json:"after_n"`
		BeforeN []int `json:"before_n"`
	} `json:"tolerated"`
}

// dossiers runs each chronology as a stream, by weights that have seen no event any of
// whose statements stands in it.
func (r *Result) dossiers(folder string, all []*lesson, engine *reversal.Engine) error {
	var list []dossierLine
	if err := lines(filepath.Join(folder, "reversals", "dev_dossiers.jsonl"), func(d dossierLine) { list = append(list, d) }); err != nil {
		return err
	}
	found, missed, wrong := 0, 0, 0
	for _, d := range list {
		texts := map[string]bool{}
		for _, s := range d.Statements {
			texts[s.Text] = true
		}
		groups := map[string]bool{}
		for _, l := range all {
			if texts[l.pair.Before.Text] || texts[l.pair.After.Text] {
				groups[l.pair.Group] = true
			}
		}
		w := learn(all, func(l *lesson) bool { return !groups[l.pair.Group] })
		w.Alarm, w.Soften = engine.Weights.Alarm, engine.Weights.Soften
		x := d.run((&reversal.Engine{Weights: w}).NewStream())
		found, missed, wrong = found+x.Found, missed+x.Missed, wrong+x.False
		if x.Expected == 0 && x.False > 0 {
			r.QuietSilent = false
		}
		r.Dossiers = append(r.Dossiers, x)
	}
	r.DossierPrecision, r.DossierRecall = ratio(found, found+wrong), ratio(found, found+missed)
	if p, q := r.DossierPrecision, r.DossierRecall; p+q > 0 {
		r.DossierF1 = 2 * p * q / (p + q)
	}
	return nil
}

func (d *dossierLine) run(stream *reversal.Stream) Dossier {
	x := Dossier{ID: d.ID}
	alerts := map[int][]int{} // statement: the earlier ones it turns
	for _, s := range d.Statements {
		st := side{Date: s.Date, Issuer: s.Issuer, Government: s.Government, Speaker: s.Speaker, Text: s.Text}.statement()
		a, ok := stream.Add(&st)
		if !ok || a.Verdict.Verdict != reversal.Reversal {
			continue
		}
		x.Alerts = append(x.Alerts, s.N)
		for _, i := range a.Before {
			alerts[s.N] = append(alerts[s.N], d.Statements[i].N)
		}
	}
	for _, e := range d.Expected {
		if e.Label != "reversal" {
			continue
		}
		x.Expected++
		if meets(alerts[e.AfterN], e.BeforeN) {
			x.Found++
		} else {
			x.Missed++
		}
	}
	for _, n := range x.Alerts {
		if !d.accounted(n, alerts[n]) {
			x.False++
			x.FalseAt = append(x.FalseAt, n)
		}
	}
	return x
}

// accounted tells whether an alert is expected or tolerated.
func (d *dossierLine) accounted(n int, before []int) bool {
	for _, e := range d.Expected {
		if e.AfterN == n && meets(before, e.BeforeN) {
			return true
		}
	}
	for _, t := range d.Tolerated {
		if t.AfterN == n && meets(before, t.BeforeN) {
			return true
		}
	}
	return false
}

func meets(a, b []int) bool {
	return slices.ContainsFunc(a, func(x int) bool { return slices.Contains(b, x) })
}
