package evaluate

import (
	"errors"
	"io/fs"
	"sort"

	"volteface/internal/reversal"
)

// Row is one line of the table: a system measured on a set.
type Row struct {
	Set, System string
	Measure
	// Alarms is the share of the pairs of no reversal on which an alarm was raised.
	Alarms float64
	Note   string
}

// Result is all that was measured.
type Result struct {
	Rows []Row
	// Kinds are the kinds of reversals/dev: how many pairs there are, how many were
	// flagged, of how many the kind was right.
	Kinds map[string][3]int
	// Groups are its events.
	Groups map[string]Measure
	// KindRight is the share of found reversals whose kind is right, cross_speaker left out.
	KindRight float64
	Dossiers  []Dossier
	// DossierF1 is that of the alerts of all dossiers; QuietSilent whether those that
	// expect none got none.
	DossierPrecision, DossierRecall, DossierF1 float64
	QuietSilent                                bool
	Missing                                    []string // sets that were not found
}

// publicSets are measured without training on them.
var publicSets = []struct {
	name, title string
	keep        func(string) bool
}{
	{"prosecco", "ProSeCCo", nil},
	{"sick", "SICK test", func(s string) bool { return s == "test" }},
	{"rte3", "RTE-3 test", func(s string) bool { return s == "test" }},
	{"rte2-negated", "RTE-2 negated", nil},
	{"negated-snli", "negated SNLI", nil},
	{"negated-mnli", "negated MNLI", nil},
	{"conj-nli", "ConjNLI dev", func(s string) bool { return s == "conj_dev" || s == "dev" }},
	{"breaking-nli", "Breaking NLI", nil},
}

// Run measures on every set in a folder. tell is called with what is being done.
func Run(folder string, engine *reversal.Engine, tell func(string)) (*Result, error) {
	r := &Result{Kinds: map[string][3]int{}, Groups: map[string]Measure{}, QuietSilent: true}
	tell("reversals/dev and whitehouse/dev, cross-validated")
	reversals, err := Reversals(folder)
	if missing(err) {
		r.Missing = append(r.Missing, "reversals/dev.jsonl")
	} else if err != nil {
		return nil, err
	}
	whitehouse, err := WhiteHouse(folder)
	if missing(err) {
		r.Missing = append(r.Missing, "whitehouse/dev.jsonl")
	} else if err != nil {
		return nil, err
	}
	all := lessons(reversals, whitehouse)
	r.crossValidate(all, engine.Weights.Alarm)
	tell("dossiers")
	if err := r.dossiers(folder, all, engine); missing(err) {
		r.Missing = append(r.Missing, "reversals/dev_dossiers.jsonl")
	} else if err != nil {
		return nil, err
	}
	for _, s := range publicSets {
		tell(s.title)
		pairs, err := Sentences(folder, s.name, s.keep)
		if missing(err) {
			r.Missing = append(r.Missing, "pairs/"+s.name)
			continue
		}
		if err != nil {
			return nil, err
		}
		r.public(s.title, pairs, engine)
	}
	return r, nil
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// crossValidate scores each pair by weights that have seen nothing of its event.
func (r *Result) crossValidate(all []*lesson, alarm float64) {
	var weights [Folds]*reversal.Weights
	for f := range weights {
		weights[f] = learn(all, func(l *lesson) bool { return l.fold != f })
	}
	var dev, white []Scored
	groups := map[string][]Scored{}
	right, found := 0, 0
	for _, l := range all {
		score, key, kind := weights[l.fold].Best(l.Lesson)
		s := Scored{Pair: l.pair, Score: score, Alarm: score >= alarm, Kind: kind, Key: key}
		if l.whitehouse {
			if s.Gold = l.pair.Label != "none"; l.pair.Label != "contested" {
				white = append(white, s)
			}
			continue
		}
		name := l.pair.Label + "/" + l.pair.Kind
		k := r.Kinds[name]
		k[0]++
		if s.Alarm {
			k[1]++
		}
		if s.Alarm && kind == l.pair.Kind {
			k[2]++
		}
		r.Kinds[name] = k
		if l.pair.Label == "softening" {
			continue
		}
		s.Gold = l.pair.Label == "reversal"
		dev = append(dev, s)
		groups[l.pair.Group] = append(groups[l.pair.Group], s)
		if s.Gold && s.Alarm && l.pair.Kind != "cross_speaker" {
			found++
			if kind == l.pair.Kind {
				right++
			}
		}
	}
	r.KindRight = ratio(right, found)
	for name, list := range groups {
		r.Groups[name] = Of(list)
	}
	r.add("reversals/dev", "volteface", dev)
	r.baselines("reversals/dev", dev)
	r.add("whitehouse/dev", "volteface", white)
	r.baselines("whitehouse/dev", white)
}

func (r *Result) add(set, system string, list []Scored) {
	if len(list) == 0 {
		return
	}
	m := Of(list)
	r.Rows = append(r.Rows, Row{Set: set, System: system, Measure: m, Alarms: ratio(m.FalseAlarm, m.Pairs-m.Positive)})
}

// baselines adds what takes no understanding: everything is a reversal; much is shared and
// one side alone is negated.
func (r *Result) baselines(set string, list []Scored) {
	every, overlap := make([]Scored, len(list)), make([]Scored, len(list))
	for i, s := range list {
		every[i], overlap[i] = s, s
		every[i].Score, every[i].Alarm = 1, true
		overlap[i].Score, overlap[i].Alarm = overlapNegated(s.Pair.Before.Text, s.Pair.After.Text)
	}
	r.add(set, "all positive", every)
	r.add(set, "overlap, one side negated", overlap)
}

func (r *Result) public(title string, pairs []Pair, engine *reversal.Engine) {
	prepare(pairs)
	list := make([]Scored, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		v := engine.Compare(p.Before, p.After)
		list[i] = Scored{Pair: p, Score: v.Score, Alarm: v.Verdict != reversal.None, Gold: p.Label == "contradiction", Kind: v.Kind}
	}
	r.add(title, "volteface", list)
	r.baselines(title, list)
}

// Names lists the keys of a map in order.
func Names[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
