package storetest

import (
	"errors"
	"testing"

	"volteface/internal/statement"
	"volteface/state"
)

func samplePerson(id, login string, role state.Role) state.Person {
	return state.Person{ID: id, Login: login, Name: "The desk, " + id, Role: role, Password: "$argon2id$…", Subject: "", CreatedAt: noon, CreatedBy: "set-up"}
}

func people(t *testing.T, h *house) {
	admin, reader := samplePerson("p1", "Desk@news.example", state.RoleAdmin), samplePerson("p2", "reader", state.RoleReader)
	reader.Password, reader.EndedAt = "", hours(1)
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutPerson(admin), tx.PutPerson(reader)) })
	all, err := h.People(h.ctx)
	h.must(err)
	h.same("all", all, []state.Person{admin, reader})
	got, err := h.PersonByLogin(h.ctx, " desk@NEWS.example")
	h.must(err)
	h.same("by login", got, admin)
	other := samplePerson("p3", "READER", state.RoleReader)
	if err := h.Update(h.ctx, func(tx state.Tx) error { return tx.PutPerson(other) }); !errors.Is(err, state.ErrTaken) {
		t.Errorf("a login that is taken: %v", err)
	}
	admins := func() (n int) {
		h.update(func(tx state.Tx) (err error) { n, err = tx.Admins(); return err })
		return n
	}
	h.same("administrators", admins(), 1)
	admin.Role, admin.Name = state.RoleAnalyst, "Renamed"
	h.update(func(tx state.Tx) error { return tx.PutPerson(admin) })
	h.same("administrators left", admins(), 0)
	got, err = h.Person(h.ctx, "p1")
	h.must(err)
	h.same("changed", got, admin)
	if _, err := h.Person(h.ctx, "p9"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func sessions(t *testing.T, h *house) {
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.PutPerson(samplePerson("p1", "a", state.RoleAdmin)), tx.PutPerson(samplePerson("p2", "b", state.RoleReader)))
	})
	s := func(name, person string, n int) state.Session {
		return state.Session{Hash: hash(name), Person: person, CreatedAt: noon, SeenAt: hours(n), ExpiresAt: hours(n + 10), Agent: "a browser", Address: "192.0.2.1"}
	}
	one, two, three := s("one", "p1", 1), s("two", "p1", 2), s("three", "p2", 3)
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.PutSession(one), tx.PutSession(two), tx.PutSession(three))
	})
	one.SeenAt, one.ExpiresAt = hours(5), hours(20)
	h.update(func(tx state.Tx) error { return tx.PutSession(one) })
	got, err := h.Session(h.ctx, hash("one"))
	h.must(err)
	h.same("used", got, one)
	of, err := h.Sessions(h.ctx, "p1")
	h.must(err)
	h.same("of a person", of, []state.Session{one, two})
	h.update(func(tx state.Tx) error { return tx.DropStale(hours(13)) })
	h.update(func(tx state.Tx) error { return tx.DropSession(hash("one")) })
	all, err := h.Sessions(h.ctx, "")
	h.must(err)
	h.same("those that are left", all, []state.Session{three})
	h.update(func(tx state.Tx) error { return tx.DropSessions("p2") })
	if _, err := h.Session(h.ctx, hash("three")); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("ended: %v", err)
	}
	stranger := s("four", "nobody", 1)
	if err := h.Update(h.ctx, func(tx state.Tx) error { return tx.PutSession(stranger) }); err == nil {
		t.Error("a session of nobody was recorded")
	}
}

func keysAndLinks(t *testing.T, h *house) {
	h.update(func(tx state.Tx) error { return tx.PutPerson(samplePerson("p1", "a", state.RoleAdmin)) })
	key := state.APIKey{ID: "k1", Hash: hash("key"), Person: "p1", Name: "archive", Scope: "read", CreatedAt: noon, ExpiresAt: hours(9)}
	h.update(func(tx state.Tx) error { return tx.PutAPIKey(key) })
	key.UsedAt = hours(1)
	h.update(func(tx state.Tx) error { return tx.PutAPIKey(key) })
	got, err := h.APIKey(h.ctx, hash("key"))
	h.must(err)
	h.same("key", got, key)
	all, err := h.APIKeys(h.ctx, "p1")
	h.must(err)
	h.same("keys", all, []state.APIKey{key})
	h.update(func(tx state.Tx) error { return tx.DropAPIKey("k1") })
	if _, err := h.APIKey(h.ctx, hash("key")); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("ended: %v", err)
	}

	link := state.Token{Hash: hash("link"), Purpose: "password", Subject: "p1", CreatedAt: noon, ExpiresAt: hours(1)}
	other := state.Token{Hash: hash("other"), Purpose: "password", Subject: "p2", CreatedAt: noon, ExpiresAt: hours(1)}
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutToken(link), tx.PutToken(other)) })
	known, err := h.Token(h.ctx, hash("link"))
	h.must(err)
	h.same("link", known, link)
	h.update(func(tx state.Tx) error {
		used, err := tx.UseToken(hash("link"))
		h.same("used link", used, link)
		return err
	})
	if err := h.Update(h.ctx, func(tx state.Tx) error { _, err := tx.UseToken(hash("link")); return err }); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("used twice: %v", err)
	}
	h.update(func(tx state.Tx) error { return tx.DropTokens("password", "p2") })
	if _, err := h.Token(h.ctx, hash("other")); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("made void: %v", err)
	}

	secret := func(value string) (kept []byte) {
		h.update(func(tx state.Tx) (err error) { kept, err = tx.PutSecret("links", []byte(value)); return err })
		return kept
	}
	h.same("first secret", secret("one"), []byte("one"))
	h.same("second secret", secret("two"), []byte("one"))
	read, err := h.Secret(h.ctx, "links")
	h.must(err)
	h.same("secret", read, []byte("one"))
}

// inboxStore has one item of each kind, of 1 to 6 hours; and what is no item.
func inboxStore(h *house) {
	event := func(id string, n int, s statement.State, change func(*statement.Event)) statement.Event {
		e := statement.Event{At: hours(n), State: s, Source: "iran-mfa", Statement: id, Revision: 1, Reason: "one word"}
		if change != nil {
			change(&e)
		}
		return e
	}
	edit := func(importance int) func(*statement.Event) {
		return func(e *statement.Event) {
			e.Class, e.Importance, e.Kinds = statement.ClassSubstantive, importance, []statement.EditKind{statement.KindNumber}
		}
	}
	finding := func(id string, n int, verdict statement.Verdict, level statement.Level) state.Finding {
		f := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: hours(n)}
		f.ID, f.Verdict, f.Level, f.Score, f.Topic, f.Engine = id, verdict, level, 0.9, "drones", "e1"
		f.Before, f.After = statement.Quote{Statement: "s-1"}, statement.Quote{Statement: "s-2", Revision: 1, Language: "fa-IR"}
		return f
	}
	well, missing, removed := sample("s-1", 1), sample("s-2", 1), sample("s-3", 1)
	well.MissingSince, well.RemovedAt = statement.Statement{}.MissingSince, statement.Statement{}.RemovedAt
	missing.RemovedAt = well.RemovedAt
	h.put(well, missing, removed)
	h.update(func(tx state.Tx) error {
		quiet := finding("quiet", 9, statement.VerdictReversal, statement.LevelAlert)
		quiet.Quiet = true
		for _, f := range []state.Finding{finding("turn", 1, statement.VerdictReversal, statement.LevelAlert),
			finding("soft", 2, statement.VerdictSoftening, statement.LevelReview), finding("watch", 8, statement.VerdictReversal, statement.LevelWatch), quiet} {
			if _, err := tx.PutReversal(f); err != nil {
				return err
			}
		}
		for _, e := range []statement.Event{
			event("s-1", 3, statement.Changed, edit(2)), event("s-2", 4, statement.Missing, nil), event("s-3", 5, statement.Removed, nil),
			event("", 6, statement.Faulted, nil), event("s-1", 7, statement.Changed, edit(1)), event("s-1", 7, statement.New, nil),
			event("s-1", 7, statement.Missing, nil), event("s-1", 7, statement.Removed, func(e *statement.Event) { e.Baseline = true }),
			event("", 7, statement.Faulted, func(e *statement.Event) { e.Source = "well" }),
		} {
			if _, err := tx.AddEvent(e); err != nil {
				return err
			}
		}
		return tx.PutSourceStatus(statement.SourceStatus{Source: "iran-mfa", Fault: "blocked", FaultSince: hours(5)})
	})
}

func (h *house) inbox(f state.InboxFilter) (kinds []string) {
	h.Helper()
	page, err := h.Inbox(h.ctx, f)
	h.must(err)
	for _, x := range page.Items {
		kinds = append(kinds, x.Kind)
	}
	return kinds
}

func inbox(_ *testing.T, h *house) {
	inboxStore(h)
	all := []string{"fault", "removed", "missing", "edited", "softening", "reversal"}
	h.same("all", h.inbox(state.InboxFilter{}), all)
	h.same("the weightiest", h.inbox(state.InboxFilter{Heaviest: true}), []string{"removed", "reversal", "edited", "softening", "fault", "missing"})
	for _, heaviest := range []bool{false, true} { // page by page it is the same
		var paged []string
		f := state.InboxFilter{Limit: 1, Heaviest: heaviest}
		for n := 0; n == 0 || f.After != ""; n++ {
			page, err := h.Inbox(h.ctx, f)
			h.must(err)
			for _, x := range page.Items {
				paged = append(paged, x.Kind)
			}
			f.After = page.Next
		}
		h.same("page by page", paged, h.inbox(state.InboxFilter{Heaviest: heaviest}))
	}
	h.same("of an archive too", h.inbox(state.InboxFilter{Archive: true, Kinds: []string{"reversal"}}), []string{"reversal", "reversal"})
	h.same("of a level", h.inbox(state.InboxFilter{Levels: []string{"review"}}), []string{"softening"})
	h.same("of a language", h.inbox(state.InboxFilter{Language: "fa"}), []string{"softening", "reversal"})
	h.same("of its statement's language", h.inbox(state.InboxFilter{Language: "en"}), []string{"removed", "missing", "edited"})
	h.same("of a topic", h.inbox(state.InboxFilter{Topic: "drones"}), []string{"softening", "reversal"})
	h.same("of kinds", h.inbox(state.InboxFilter{Kinds: []string{"edited", "softening"}}), []string{"edited", "softening"})
	h.same("of sources", h.inbox(state.InboxFilter{Sources: []string{"a", "b"}}), []string(nil))
	counts, err := h.InboxCounts(h.ctx, state.InboxFilter{Kinds: []string{"edited"}})
	h.must(err)
	h.same("counts", counts, map[string]int{"reversal": 1, "softening": 1, "edited": 1, "removed": 1, "missing": 1, "fault": 1})
	if _, err := h.Inbox(h.ctx, state.InboxFilter{After: "nowhere"}); !errors.Is(err, statement.ErrNotFound) {
		h.Errorf("a place that does not exist: %v", err)
	}
}

func acts(_ *testing.T, h *house) {
	inboxStore(h)
	page, err := h.Inbox(h.ctx, state.InboxFilter{Kinds: []string{"edited"}})
	h.must(err)
	item := page.Items[0].ID
	act := func(kind state.ActKind, item string, change func(*state.Act)) state.Act {
		a := state.Act{Item: item, At: hours(10), Kind: kind, Person: "p1", By: "The desk", Via: "desk"}
		if change != nil {
			change(&a)
		}
		h.update(func(tx state.Tx) error { return tx.AddAct(a) })
		return a
	}
	act(state.ActRead, item, nil)
	act(state.ActRead, item, nil)
	h.same("unread", h.inbox(state.InboxFilter{Unread: true, Person: "p1"}), []string{"fault", "removed", "missing", "softening", "reversal"})
	h.same("unread by another", len(h.inbox(state.InboxFilter{Unread: true, Person: "p2"})), 6)
	assigned := act(state.ActAssigned, item, func(a *state.Act) { a.Assignee = "p2" })
	h.same("theirs", h.inbox(state.InboxFilter{Mine: true, Person: "p2"}), []string{"edited"})
	noted := act(state.ActNoted, item, func(a *state.Act) { a.Note = "asked the press office" })
	done := act(state.ActDone, item, func(a *state.Act) { a.Reason = "a typing error" })
	h.same("what is left", h.inbox(state.InboxFilter{}), []string{"fault", "removed", "missing", "softening", "reversal"})
	h.same("with what is done", len(h.inbox(state.InboxFilter{Done: true})), 6)
	standing, err := h.Standing(h.ctx, item, "p1")
	h.must(err)
	h.same("standing", standing, state.Standing{ReadAt: hours(10), Assignee: "p2", Done: true})
	act(state.ActReopened, item, nil)
	h.same("open again", len(h.inbox(state.InboxFilter{})), 6)
	history, err := h.History(h.ctx, item)
	h.must(err)
	for i := range history {
		history[i].ID = 0
	}
	h.same("history", history[:3], []state.Act{assigned, noted, done})

	confirmed := act(state.ActConfirmed, state.FindingItem("turn"), nil)
	act(state.ActConfirmed, state.FindingItem("soft"), nil)
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.Review("turn", state.Review{Decision: state.Confirmed, At: hours(10)}), tx.ReplaceReversal("turn", "soft"))
	})
	standing, err = h.Standing(h.ctx, state.FindingItem("turn"), "p1")
	h.must(err)
	h.same("decided on", standing.Done, true)
	history, err = h.History(h.ctx, state.FindingItem("soft"))
	h.must(err)
	history[0].ID = 0
	h.same("decided on together", history, []state.Act{confirmed})
	if err := h.Update(h.ctx, func(tx state.Tx) error { return tx.AddAct(state.Act{Item: item, Kind: "burnt"}) }); err == nil {
		h.Error("an act that is unknown was recorded")
	}
}
