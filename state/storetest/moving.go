package storetest

import (
	"errors"
	"testing"

	"volteface/internal/statement"
	"volteface/state"
)

// Places whose value moves come back as they were put, those of their source
// alone; every value is kept, and the last is found.
func moving(t *testing.T, h *house) {
	one := statement.Moving{
		Source: "iran-mfa", Place: "Views: …", Kind: "count", Sure: true, Seen: 7, Looks: 5, Visit: 9, Statement: "aa", Example: "Views: 12", Drop: `^Views: .+$`,
		Since: hours(1), LearntAt: hours(5), LoudAt: hours(6),
	}
	two, other := one, one
	two.Place, two.Since, two.LearntAt, two.LoudAt = "…", noon, noon, noon
	other.Source = "kremlin"
	h.put(sample("aa", 1), sample("bb", 1))
	value := func(id, place, text string, hour int) statement.MovingValue {
		return statement.MovingValue{Source: "iran-mfa", Place: place, Statement: id, At: hours(hour), Value: text, SHA256: hash(text)}
	}
	first, second := value("aa", "Views: …", "Views: 12", 1), value("aa", "Views: …", "Views: 13", 2)
	h.update(func(tx state.Tx) error {
		if _, err := tx.LastMovingValue("aa", "Views: …"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("nothing has been seen: %v", err)
		}
		return errors.Join(tx.PutMoving(one), tx.PutMoving(two), tx.PutMoving(other),
			tx.AddMovingValue(first), tx.AddMovingValue(second), tx.AddMovingValue(value("aa", "…", "5", 3)), tx.AddMovingValue(value("bb", "Views: …", "Views: 99", 4)))
	})
	got, err := h.Moving(h.ctx, "iran-mfa")
	h.must(err)
	h.same("places", got, []statement.Moving{two, one})
	values, err := h.MovingValues(h.ctx, "aa")
	h.must(err)
	h.same("values", values, []statement.MovingValue{first, second, value("aa", "…", "5", 3)})
	h.update(func(tx state.Tx) error {
		last, err := tx.LastMovingValue("aa", "Views: …")
		h.must(err)
		h.same("the last value", last, second)
		one.Looks = 6
		if err := errors.Join(tx.PutMoving(one), tx.DropMoving("iran-mfa", two.Place), tx.DropMoving("iran-mfa", "never there")); err != nil {
			return err
		}
		got, err := tx.Moving("iran-mfa")
		h.same("inside a transaction", got, []statement.Moving{one})
		return err
	})
}
