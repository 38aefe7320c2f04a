package reversal

import (
	"testing"

	"volteface/internal/statement"
)

func TestSofteningsAreNeverTold(t *testing.T) {
	l := Levels{Alert: .9, Review: .7, Watch: .5}
	for _, c := range []struct {
		verdict string
		score   float64
		want    statement.Level
	}{
		{Reversal, .9, statement.LevelAlert}, {Reversal, .89, statement.LevelReview}, {Reversal, .7, statement.LevelReview}, {Reversal, .69, statement.LevelWatch},
		{Softening, .99, statement.LevelReview}, {Softening, .9, statement.LevelReview}, {Softening, .89, statement.LevelWatch}, {Softening, .5, statement.LevelWatch},
	} {
		if got := l.Of(c.verdict, c.score); got != c.want {
			t.Errorf("%s %.2f: %s, want %s", c.verdict, c.score, got, c.want)
		}
	}
}
