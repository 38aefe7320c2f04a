package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// What is remembered of a host comes back, whoever holds it; one process at a
// time may ask it, and learns that another waits.
func hosts(t *testing.T, h *house) {
	const name = "mfa.example"
	hold := func(holder string, now, until time.Time) (statement.Host, bool) {
		got, held, err := h.HoldHost(h.ctx, name, holder, "", now, until)
		h.must(err)
		return got, held
	}
	if got, held := hold("a", noon, hours(1)); !held || got.Name != name || got.Failures != 0 {
		t.Fatalf("a new host: %+v, held %v", got, held)
	}
	want := statement.Host{
		Name: name, Ended: hours(1), Pause: 2500 * time.Millisecond, Failures: 3, FailedAt: hours(2), ResumeAt: hours(4), Reason: "429 Too Many Requests",
		Hour: hours(0), Spent: 17, LiedAt: hours(-9),
	}
	h.must(h.PutHost(h.ctx, want, "a", false))
	if wanted, err := h.HostWanted(h.ctx, name); err != nil || wanted {
		t.Errorf("wanted by nobody: %v, %v", wanted, err)
	}
	got, held := hold("b", noon, hours(1))
	want.Holder = "a"
	if held {
		t.Error("two hold one host")
	}
	h.same("what the other one sees", got, want)
	if wanted, err := h.HostWanted(h.ctx, name); err != nil || !wanted {
		t.Errorf("wanted by b: %v, %v", wanted, err)
	}
	if _, held := hold("a", noon, hours(2)); !held {
		t.Error("a right cannot be renewed")
	}
	if wanted, _ := h.HostWanted(h.ctx, name); !wanted {
		t.Error("renewing forgets who waits")
	}
	h.must(h.PutHost(h.ctx, want, "b", true)) // another's right is not b's to end
	if _, held := hold("b", noon, hours(1)); held {
		t.Error("b ended the right of a")
	}
	h.must(h.PutHost(h.ctx, want, "a", true))
	got, held = hold("b", noon, hours(1))
	want.Holder = ""
	if !held {
		t.Error("a right given back cannot be had")
	}
	h.same("handed on", got, want)
	if wanted, _ := h.HostWanted(h.ctx, name); wanted {
		t.Error("still wanted, though the one who waited has it")
	}
	for at, want := range map[time.Time]int{hours(3): 1, hours(4): 0} {
		if resting, err := h.Hosts(h.ctx, at); err != nil || len(resting) != want {
			t.Errorf("at %s: %v, %v", at, resting, err)
		}
	}
	if wanted, err := h.HostWanted(h.ctx, "stranger.example"); err != nil || wanted {
		t.Errorf("a host never held: %v, %v", wanted, err)
	}
}

// A right that has run out, or whose holder is known to be gone, is another's
// to take.
func hostsAreTakenOver(t *testing.T, h *house) {
	for _, test := range []struct {
		name, from string
		now        time.Time
		held       bool
	}{
		{"running", "", hours(1), false}, {"run out", "", hours(2), true}, {"its holder is gone", "a", hours(1), true}, {"another is gone", "c", hours(1), false},
	} {
		_, held, err := h.HoldHost(h.ctx, test.name, "a", "", noon, hours(2))
		h.must(err)
		if !held {
			t.Fatal("a new host is held by somebody")
		}
		if _, held, err = h.HoldHost(h.ctx, test.name, "b", test.from, test.now, hours(3)); err != nil || held != test.held {
			t.Errorf("%s: held %v, %v", test.name, held, err)
		}
	}
}

func robotsCopies(t *testing.T, h *house) {
	if _, err := h.Robots(h.ctx, "https://mfa.example"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("nothing kept: %v", err)
	}
	for _, want := range []statement.RobotsCopy{
		{Origin: "https://mfa.example", Body: []byte("User-agent: *\nDisallow: /\x00"), Status: 200, At: noon},
		{Origin: "https://mfa.example", Status: 404, At: hours(1)},
	} {
		h.must(h.PutRobots(h.ctx, want))
		got, err := h.Robots(h.ctx, want.Origin)
		h.must(err)
		h.same("copy", got, want)
	}
}

func troubles(t *testing.T, h *house) {
	trouble := func(key string, since time.Time) statement.Trouble {
		return statement.Trouble{
			Source: "iran-mfa", Key: key, Statement: "aa", URL: "https://" + key, Kind: statement.TroubleShrunk, Reason: "the text shrank", Since: since, Looks: 2, BodyHash: hash(key),
		}
	}
	late, early, other := trouble("mfa.example/1", hours(2)), trouble("mfa.example/2", hours(1)), trouble("mfa.example/1", hours(0))
	other.Source = "kremlin"
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.PutTrouble(late), tx.PutTrouble(early), tx.PutTrouble(other))
	})
	got, err := h.Troubles(h.ctx, "iran-mfa")
	h.must(err)
	h.same("troubles", got, []statement.Trouble{early, late})
	late.Looks, late.Kind = 3, statement.TroubleUnread
	h.update(func(tx state.Tx) error {
		if err := errors.Join(tx.PutTrouble(late), tx.DropTrouble("iran-mfa", early.Key), tx.DropTrouble("iran-mfa", "never there")); err != nil {
			return err
		}
		got, err := tx.Troubles("iran-mfa")
		h.same("inside a transaction", got, []statement.Trouble{late})
		return err
	})
}

func signs(t *testing.T, h *house) {
	h.put(sample("aa", 1), sample("bb", 1))
	sign := func(id string, at time.Time) statement.Sign {
		return statement.Sign{Statement: id, At: at, Quality: statement.NotFound, Status: 410, Reason: "410 Gone", URL: "https://mfa.example/" + id, SHA256: hash(id)}
	}
	first, second := sign("aa", hours(1)), sign("aa", hours(2))
	h.update(func(tx state.Tx) error {
		if err := errors.Join(tx.AddSign(second), tx.AddSign(first), tx.AddSign(sign("bb", hours(1)))); err != nil {
			return err
		}
		got, err := tx.Signs("aa", hours(2))
		h.same("since a moment, itself included", got, []statement.Sign{second})
		return err
	})
	got, err := h.Signs(h.ctx, "aa")
	h.must(err)
	h.same("signs", got, []statement.Sign{first, second})
}

func sameBody(t *testing.T, h *house) {
	one, two, abroad := sample("aa", 1), sample("bb", 2), sample("cc", 3)
	two.BodyHash, abroad.BodyHash, abroad.Source = one.BodyHash, one.BodyHash, "kremlin"
	h.put(one, two, abroad)
	h.update(func(tx state.Tx) error {
		if got, err := tx.SameBody("iran-mfa", one.BodyHash, "aa"); err != nil || got.ID != "bb" {
			t.Errorf("the twin of aa: %q, %v", got.ID, err)
		}
		if _, err := tx.SameBody("kremlin", one.BodyHash, "cc"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("the twin of cc in its source: %v", err)
		}
		return nil
	})
}
