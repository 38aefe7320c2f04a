package web

import (
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Pictures are drawn on the server. What they show stands in a table beneath, too; marks differ in shape as well as in colour.

// The measures of a picture of lanes, in units of its view box.
const (
	laneHeight = 46
	laneLeft   = 8
	laneRight  = 992
	axisHeight = 26
	// markApart is how far two marks of a lane must stand apart to stand on one line.
	markApart = 15
	// mostMarks are drawn of one proposition, the newest: more would be a smear.
	mostMarks = 400
)

// lanes is a picture: a lane for each issuer through time.
type lanes struct {
	Lanes  []lane
	Ticks  []tick
	Width  int
	Height int
	Left   int // earlier marks that are not drawn
}

type lane struct {
	Issuer, Name string
	Y            int // of its line
	Top          int
	Marks        []mark
}

// mark is a stance at its moment.
type mark struct {
	X, Y   int
	Stance string // affirms, denies, qualifies
	Href   string
	Label  string // for those who cannot see it, and under the pointer
}

// tick is a day on the axis.
type tick struct {
	X     int
	Label string
}

// drawLanes places marks; stances are in the order in which they were said.
func drawLanes(stances []state.Stance, name func(issuer string) string, markOf func(state.Stance) mark) lanes {
	p := lanes{Width: laneRight + laneLeft}
	if n := len(stances) - mostMarks; n > 0 {
		p.Left, stances = n, stances[n:]
	}
	if len(stances) == 0 {
		return p
	}
	first, last := stances[0].Said, stances[len(stances)-1].Said
	at := map[string]int{}
	for _, s := range stances {
		i, known := at[s.Issuer]
		if !known {
			i = len(p.Lanes)
			at[s.Issuer] = i
			p.Lanes = append(p.Lanes, lane{Issuer: s.Issuer, Name: name(s.Issuer), Top: i * laneHeight, Y: i*laneHeight + 31})
		}
		l := &p.Lanes[i]
		m := markOf(s)
		m.X, m.Y = place(s.Said, first, last), l.Y
		for _, up := range []int{0, -9, 9, -5, 5} { // marks that would cover each other stand beside the line
			if free(l.Marks, m.X, l.Y+up) {
				m.Y = l.Y + up
				break
			}
		}
		l.Marks = append(l.Marks, m)
	}
	p.Height = len(p.Lanes)*laneHeight + axisHeight
	p.Ticks = ticks(first, last)
	return p
}

func free(marks []mark, x, y int) bool {
	for i := len(marks) - 1; i >= 0 && marks[i].X > x-markApart; i-- {
		if marks[i].Y == y {
			return false
		}
	}
	return true
}

// place is where a moment lies between two others.
func place(at, first, last time.Time) int {
	const margin = 24
	span := last.Sub(first)
	if span <= 0 {
		return (laneLeft + laneRight) / 2
	}
	return laneLeft + margin + int(float64(laneRight-laneLeft-2*margin)*float64(at.Sub(first))/float64(span))
}

// ticks are years, months or days between two moments, eight at most.
func ticks(first, last time.Time) (all []tick) {
	first, last = first.UTC(), last.UTC()
	const most = 8
	type step struct {
		years, months, days int
		layout              string
	}
	steps := []step{{0, 0, 1, "2 Jan"}, {0, 0, 7, "2 Jan"}, {0, 1, 0, "Jan 2006"}, {0, 3, 0, "Jan 2006"}, {1, 0, 0, "2006"}, {2, 0, 0, "2006"}, {5, 0, 0, "2006"}, {20, 0, 0, "2006"}}
	for _, s := range steps {
		at := first.Truncate(24 * time.Hour)
		switch {
		case s.years > 0:
			at = time.Date(first.Year()/s.years*s.years, 1, 1, 0, 0, 0, 0, time.UTC)
		case s.months > 0:
			at = time.Date(first.Year(), (first.Month()-1)/time.Month(s.months)*time.Month(s.months)+1, 1, 0, 0, 0, 0, time.UTC)
		}
		all = nil
		for ; !at.After(last) && len(all) <= most; at = at.AddDate(s.years, s.months, s.days) {
			if !at.Before(first) {
				all = append(all, tick{place(at, first, last), at.Format(s.layout)})
			}
		}
		if len(all) <= most {
			break
		}
	}
	if len(all) == 0 {
		all = []tick{{place(first, first, last), statement.DayOf(first)}}
	}
	return all
}

// bars is a picture of counts by month.
type bars struct {
	Name   string
	Most   int
	Total  int
	Bars   []column
	Width  int
	Height int
}

type column struct {
	X, Y, W, H int
	Label      string
}

// The measures of a picture of bars.
const (
	barsWidth  = 600
	barsHeight = 84
)

// drawBars draws a count of each month from the first to the last, none left out.
func drawBars(name string, months []state.Month, count func(state.Month) int) bars {
	p := bars{Name: name, Width: barsWidth, Height: barsHeight}
	if len(months) == 0 {
		return p
	}
	first, last := months[0].Start, months[len(months)-1].Start
	n := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1
	for _, m := range months {
		p.Most = max(p.Most, count(m))
		p.Total += count(m)
	}
	for _, m := range months {
		c := count(m)
		if c == 0 {
			continue
		}
		i := (m.Start.Year()-first.Year())*12 + int(m.Start.Month()) - int(first.Month())
		h := max(2, c*(barsHeight-8)/p.Most)
		x, next := i*barsWidth/n, (i+1)*barsWidth/n
		p.Bars = append(p.Bars, column{X: x, Y: barsHeight - h, W: max(1, next-x-1), H: h, Label: statement.MonthOf(m.Start) + ": " + plural(c, name)})
	}
	return p
}
