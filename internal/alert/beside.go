package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"volteface/internal/statement"
)

// Beside is two counterparts as the templates tell them.
type Beside struct {
	ID          string
	Kind        string // edition, readout
	Explanation string
	A, B        Account
	Differences []Unlike
	More        int // differences that are not listed
}

// Account is one of the two.
type Account struct {
	ID        string // of the statement
	Issuer    string
	Language  string
	Title     string
	Link      string
	Published string
	Right     bool
	Archived  string
}

// Unlike is one difference.
type Unlike struct {
	What   string // in words
	A, B   string // the passages; empty where a side says nothing of it
	Values string // figures or dates: 43 | 35
	RightA bool
	RightB bool
}

// Bounds of what a message quotes of two counterparts.
const (
	maxUnlike = 12  // differences
	maxPart   = 600 // characters of a passage
)

// unlikeWords are the differences in words, which never say who is right.
var unlikeWords = map[statement.DifferenceKind]string{
	statement.PositionDiffers: "Appear to contradict each other", statement.FigureDiffers: "Figures differ", statement.DateDiffers: "Dates differ",
	statement.OnlyA: "Only in the first", statement.OnlyB: "Only in the second",
}

// counterparts tells of two statements of one thing that differ.
func (c *Composer) counterparts(ev statement.Event, s *Story) error {
	p := ev.Counterpart
	if p == nil {
		return errNoPayload
	}
	b := &Beside{ID: line(p.ID), Kind: string(p.Kind), Explanation: cut(line(p.Explanation), maxWords*2), A: account(p.A), B: account(p.B)}
	for _, d := range p.Differences {
		if len(b.Differences) == maxUnlike {
			b.More++
			continue
		}
		u := Unlike{What: unlikeWords[d.Kind], A: cut(line(d.A.Text), maxPart), B: cut(line(d.B.Text), maxPart), RightA: rightToLeft(d.A.Text), RightB: rightToLeft(d.B.Text)}
		if len(d.ValuesA)+len(d.ValuesB) > 0 {
			u.Values = cut(line(values(d.ValuesA)+" | "+values(d.ValuesB)), maxWords)
		}
		b.Differences = append(b.Differences, u)
	}
	if p.Kind == statement.Readout {
		s.What = "Accounts differ"
	}
	s.Beside = b
	told := *p
	told.A.URL, told.B.URL = link(p.A.URL), link(p.B.URL)
	if told.Differences == nil {
		told.Differences = []statement.Difference{}
	}
	if told.Rows == nil {
		told.Rows = []statement.Beside{}
	}
	s.beside = &told
	s.Subject = fmt.Sprintf("[volteface] %s · %s · %s", s.What, s.Issuer, cut(s.Title, maxSubject))
	return nil
}

func values(list []string) string {
	return cmp.Or(strings.Join(slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" }), ", "), "none")
}

func account(a statement.Account) Account {
	return Account{
		ID: line(a.Statement), Issuer: cut(line(a.Issuer), maxTitle), Language: language(a.Language), Title: title(a.Title), Link: link(a.URL),
		Published: published(a.Published), Right: rightToLeft(a.Title), Archived: cut(line(a.Snapshot), 64),
	}
}
