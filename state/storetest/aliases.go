package storetest

import (
	"errors"
	"testing"

	"volteface/internal/statement"
	"volteface/state"
)

func (h *house) alias(aliases ...state.Alias) {
	h.Helper()
	h.update(func(tx state.Tx) error {
		for _, a := range aliases {
			if err := tx.PutAlias(a); err != nil {
				return err
			}
		}
		return nil
	})
}

// leads checks where a key leads, "" for nowhere, outside and inside a
// transaction.
func (h *house) leads(source, key, want string) {
	h.Helper()
	check := func(st statement.Statement, err error) {
		h.Helper()
		if want == "" && !errors.Is(err, statement.ErrNotFound) || want != "" && (err != nil || st.ID != want) {
			h.Errorf("%q leads to %q, %v; wanted %q", key, st.ID, err, want)
		}
	}
	check(h.ByKey(h.ctx, source, key))
	h.update(func(tx state.Tx) error {
		check(tx.ByKey(source, key))
		return nil
	})
}

// claim checks which statements claim a key.
func (h *house) claim(key string, want ...string) {
	h.Helper()
	h.update(func(tx state.Tx) error {
		claiming, err := tx.Candidates("iran-mfa", key)
		var ids []string
		for _, st := range claiming {
			ids = append(ids, st.ID)
		}
		h.same("who claims "+key, ids, want)
		return err
	})
}

func aliases(t *testing.T, h *house) {
	h.put(sample("aa", 1), sample("bb", 2))
	listed, redirect := alias("mfa.example/1", "aa", state.AliasListed), alias("mfa.example/one", "aa", state.AliasRedirect)
	redirect.Since = hours(1)
	h.alias(redirect, listed)
	h.leads("iran-mfa", "mfa.example/1", "aa")
	h.leads("iran-mfa", "mfa.example/one", "aa")
	h.leads("another", "mfa.example/1", "")
	for _, near := range []string{"", "mfa.example/", "mfa.example/%", "mfa.example/_", "MFA.example/1", "mfa.example/1 ", "mfa.example/1\x00"} {
		h.leads("iran-mfa", near, "")
	}

	stolen, later := alias("mfa.example/1", "bb", state.AliasRedirect), listed
	later.Kind, later.Since = state.AliasRedirect, hours(5)
	h.alias(stolen, later)
	h.leads("iran-mfa", "mfa.example/1", "aa")
	got, err := h.Aliases(h.ctx, "aa")
	h.must(err)
	h.same("aliases", got, []state.Alias{listed, redirect})
	got, err = h.Aliases(h.ctx, "bb")
	h.must(err)
	h.same("aliases of the other", len(got), 0)

	elsewhere := alias("mfa.example/1", "bb", state.AliasListed)
	elsewhere.Source = "another"
	h.alias(elsewhere)
	h.leads("another", "mfa.example/1", "bb")
	h.leads("iran-mfa", "mfa.example/1", "aa")
}

func candidates(t *testing.T, h *house) {
	h.put(sample("aa", 1), sample("bb", 2), sample("cc", 3))
	one, two := alias("mfa.example/front", "aa", state.AliasCandidate), alias("mfa.example/front", "bb", state.AliasCandidate)
	two.Since = hours(1)
	h.alias(two, one, one)
	h.leads("iran-mfa", "mfa.example/front", "")
	h.claim("mfa.example/front", "aa", "bb")
	h.claim("mfa.example/other")
	known, err := h.Known(h.ctx, "iran-mfa", []string{"mfa.example/front"})
	h.must(err)
	h.same("known by a claim", known, map[string]bool{})

	firm := alias("mfa.example/front", "aa", state.AliasCanonical)
	firm.Since = hours(2)
	h.alias(firm)
	h.leads("iran-mfa", "mfa.example/front", "aa")
	h.claim("mfa.example/front", "bb") // its claim may be looked into still
	got, err := h.Aliases(h.ctx, "aa")
	h.must(err)
	h.same("aliases once firm", got, []state.Alias{firm})
	got, err = h.Aliases(h.ctx, "bb")
	h.must(err)
	h.same("aliases of the other", got, []state.Alias{two})

	h.alias(one, alias("mfa.example/front", "cc", state.AliasCandidate))
	h.claim("mfa.example/front", "cc", "bb") // by time; what is firm is no claim again
	h.leads("iran-mfa", "mfa.example/front", "aa")
}

func knownKeys(t *testing.T, h *house) {
	imported := sample("ii", 1)
	imported.Path = statement.ByImport
	h.put(sample("aa", 1), imported)
	h.alias(alias("k5", "ii", state.AliasListed))
	h.alias(alias("k1", "aa", state.AliasListed), alias("k2", "aa", state.AliasRedirect), alias("k3", "aa", state.AliasCandidate))
	known, err := h.Known(h.ctx, "iran-mfa", []string{"k1", "k2", "k3", "k4", "k5", "", "k%", "k1"})
	h.must(err)
	h.same("known", known, map[string]bool{"k1": true, "k2": true})
	known, err = h.Known(h.ctx, "another", []string{"k1"})
	h.must(err)
	h.same("known to another source", known, map[string]bool{})
	known, err = h.Known(h.ctx, "iran-mfa", nil)
	h.must(err)
	h.same("none asked", known, map[string]bool{})
}

func listedKeys(t *testing.T, h *house) {
	a, b, c := sample("aa", 1), sample("bb", 1), sample("cc", 1)
	h.put(a, b, c)
	other := alias("k2", "bb", state.AliasListed)
	other.Source = "another"
	h.alias(alias("k1", "aa", state.AliasListed), other, alias("k3", "cc", state.AliasCandidate))
	h.update(func(tx state.Tx) error { return tx.MarkListed("iran-mfa", []string{"k1", "k2", "k3", "k4"}, hours(9)) })
	a.ListedAt = hours(9)
	for _, want := range []statement.Statement{a, b, c} {
		got, err := h.Statement(h.ctx, want.ID)
		h.must(err)
		h.same("listed", got, want)
	}
}
