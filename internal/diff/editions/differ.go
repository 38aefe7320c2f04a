package editions

import (
	"context"
	"slices"
	"strconv"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Bounds and thresholds of what is told, measured on the development half of testdata (docs/evaluation.md).
const (
	leastWords = 4  // of a sentence that only one side has: shorter ones are signatures, places, labels
	maxRead    = 24 // rows that the judge reads, twice each
	// contradicts is the probability, the mean of both directions, from which two sentences appear to contradict each other.
	contradicts = 0.5
	// spelt is the number below which texts write words instead of digits.
	spelt = 32
)

// Differences lists what differs in two texts that Align has set side by side: contradictions first, then figures, dates, and what only
// one says, each in the order of the texts. The error is ctx's.
func Differences(ctx context.Context, j *judge.Judge, a, b *Reading, rows []Row, order Order) ([]statement.Difference, error) {
	var figures, dates, only []statement.Difference
	var read []Row
	for _, r := range rows {
		d := statement.Difference{A: a.excerpt(r.A), B: b.excerpt(r.B)}
		switch {
		case !r.Both():
			if a.words(r.A)+b.words(r.B) >= leastWords && r.A[0]+r.B[0] > 0 && !(order == AnyWise && (a.announces(r.A) || b.announces(r.B))) {
				d.Kind = statement.OnlyA
				if r.A[0] == r.A[1] {
					d.Kind = statement.OnlyB
				}
				only = append(only, d)
			}
			continue
		case order == AnyWise && r.A[0]+r.B[0] == 0:
			continue // titles say who speaks
		}
		differs := false
		if d.ValuesA, d.ValuesB = unlikeDays(a, b, r); len(d.ValuesA) > 0 {
			d.Kind, differs = statement.DateDiffers, true
			dates = append(dates, d)
		}
		if d.ValuesA, d.ValuesB = unlikeFigures(a, b, r, order); len(d.ValuesA)+len(d.ValuesB) > 0 {
			d.Kind, differs = statement.FigureDiffers, true
			figures = append(figures, d)
		}
		if !differs && len(read) < maxRead && min(a.words(r.A), b.words(r.B)) >= leastWords {
			read = append(read, r)
		}
	}
	found, err := contradictions(ctx, j, a, b, read)
	return slices.Concat(found, figures, dates, only), err
}

// contradictions asks of each row whether the one side denies what the other says, either way round. A judge that tells no stances finds none.
func contradictions(ctx context.Context, j *judge.Judge, a, b *Reading, rows []Row) (found []statement.Difference, err error) {
	if !j.TellsStances() {
		return nil, ctx.Err()
	}
	var held []judge.Held
	for _, r := range rows {
		x, y := a.excerpt(r.A).Text, b.excerpt(r.B).Text
		held = append(held, judge.Held{Passage: judge.Passage{Text: x}, Proposition: y}, judge.Held{Passage: judge.Passage{Text: y}, Proposition: x})
	}
	stances, err := j.Stances(ctx, held)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if sure := (stances[2*i].Denies + stances[2*i+1].Denies) / 2; sure >= contradicts {
			found = append(found, statement.Difference{Kind: statement.PositionDiffers, A: a.excerpt(r.A), B: b.excerpt(r.B), Score: sure})
		}
	}
	return found, nil
}

// excerpt are neighbouring sentences, verbatim.
func (r *Reading) excerpt(of [2]int) statement.Excerpt {
	if of[0] == of[1] {
		return statement.Excerpt{}
	}
	first, last := &r.Sentences[of[0]], &r.Sentences[of[1]-1]
	e := statement.Excerpt{Text: first.Text, Span: first.Span}
	for _, s := range r.Sentences[of[0]+1 : of[1]] {
		e.Text += " " + s.Text
	}
	e.Span.End = last.Span.End
	return e
}

func (r *Reading) words(of [2]int) (n int) {
	for _, s := range r.Sentences[of[0]:of[1]] {
		n += s.Length
	}
	return n
}

func (r *Reading) figures(of [2]int) (all []diff.Figure) {
	for _, s := range r.Sentences[of[0]:of[1]] {
		all = append(all, s.figures...)
	}
	return all
}

func (r *Reading) days(of [2]int) (all []extract.Mention) {
	for _, s := range r.Sentences[of[0]:of[1]] {
		all = append(all, s.days...)
	}
	return all
}

func (r *Reading) all() [2]int { return [2]int{0, len(r.Sentences)} }

// unlikeFigures are the figures of a row that the other text has nowhere. Of two sides with such figures both are given; where only one
// side has any, the other may have written it in words, or said "several": in a translation a figure counts that nobody writes in words.
func unlikeFigures(a, b *Reading, r Row, order Order) (onlyA, onlyB []string) {
	x, y := a.figures(r.A), b.figures(r.B)
	left := func(mine, others []diff.Figure, otherDays []extract.Mention) (kept []diff.Figure) {
		for _, f := range mine {
			if !slices.ContainsFunc(others, f.Same) && !slices.ContainsFunc(otherDays, func(d extract.Mention) bool { return partOf(f, d) }) {
				kept = append(kept, f)
			}
		}
		return kept
	}
	p, q := left(x, b.figures(b.all()), b.days(b.all())), left(y, a.figures(a.all()), a.days(a.all()))
	if len(p) == 0 || len(q) == 0 {
		if order == AnyWise {
			return nil, nil
		}
		if len(p) > 0 {
			p = slices.DeleteFunc(p, inWords)
		}
		if len(q) > 0 {
			q = slices.DeleteFunc(q, inWords)
		}
	}
	written := func(list []diff.Figure) (texts []string) {
		for _, f := range list {
			texts = append(texts, f.Text)
		}
		return texts
	}
	return written(p), written(q)
}

// inWords tells whether a figure may be written in words elsewhere: small ones, and round ones.
func inWords(f diff.Figure) bool {
	n := f.Plain
	if n < spelt && n == float64(int64(n)) {
		return true
	}
	for n >= 10 && n == float64(int64(n)) && int64(n)%10 == 0 {
		n /= 10
	}
	return n < 10 && n == float64(int64(n))
}

// partOf tells whether a figure is the day or the year of a date.
func partOf(f diff.Figure, d extract.Mention) bool {
	for _, day := range d.Days {
		if f.Plain == float64(day.Day()) || f.Plain == float64(day.Year()) {
			return true
		}
	}
	return false
}

// unlikeDays are the dates of a row that the other text has nowhere, if both sides have such.
func unlikeDays(a, b *Reading, r Row) (onlyA, onlyB []string) {
	left := func(mine, others []extract.Mention) (kept []string) {
		for _, d := range mine {
			if !slices.ContainsFunc(others, func(e extract.Mention) bool { return sameDay(d, e) }) {
				kept = append(kept, strconv.Itoa(d.Days[0].Day())+" "+d.Days[0].Month().String())
			}
		}
		return kept
	}
	onlyA, onlyB = left(a.days(r.A), b.days(b.all())), left(b.days(r.B), a.days(a.all()))
	if len(onlyA) == 0 || len(onlyB) == 0 {
		return nil, nil
	}
	return onlyA, onlyB
}

// sameDay tells whether two dates may name one day: a range has all its ends.
func sameDay(d, e extract.Mention) bool {
	for _, x := range d.Days {
		for _, y := range e.Days {
			if x.Month() == y.Month() && x.Day() == y.Day() && (!d.Year || !e.Year || x.Year() == y.Year()) {
				return true
			}
		}
	}
	return false
}
