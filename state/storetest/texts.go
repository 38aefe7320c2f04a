package storetest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func revisions(t *testing.T, h *house) {
	first, second, third := sampleRevision("aa", 1), sampleRevision("aa", 2), sampleRevision("aa", 3)
	other := sampleRevision("bb", 1)
	bare := statement.Revision{Statement: "cc", N: 1}
	h.put(sample("aa", 1), sample("bb", 1), sample("cc", 1))
	h.update(func(tx state.Tx) error {
		for _, r := range []statement.Revision{second, first, third, other, bare} {
			if err := tx.PutRevision(r); err != nil {
				return err
			}
		}
		return nil
	})
	check := func(want ...statement.Revision) {
		t.Helper()
		got, err := h.Revisions(h.ctx, "aa")
		h.must(err)
		h.same("revisions", got, want)
		for n, want := range append([]statement.Revision{want[len(want)-1]}, want...) { // 0 is the current one
			got, err := h.Revision(h.ctx, "aa", n)
			h.must(err)
			h.same("revision", got, want)
			h.update(func(tx state.Tx) error {
				got, err := tx.Revision("aa", n)
				h.same("revision in a transaction", got, want)
				return err
			})
		}
	}
	check(first, second, third)
	got, err := h.Revision(h.ctx, "cc", 0)
	h.must(err)
	h.same("bare", got, bare)

	second.Body, second.Fingerprint, second.Updated = "extracted again", "v2", statement.Date{}
	h.update(func(tx state.Tx) error { return tx.PutRevision(second) })
	check(first, second, third)
}

func snapshots(t *testing.T, h *house) {
	one, two := sampleSnapshot("aa", "one"), sampleSnapshot("aa", "two")
	entry, bare := sampleSnapshot("aa", "one"), statement.Snapshot{Statement: "aa", SHA256: hash("bare"), Header: http.Header{}, FetchedAt: hours(9)}
	two.FetchedAt, entry.FetchedAt, entry.Locator = hours(2), hours(3), "entry-2"
	two.Header = http.Header{"X-Latin-1": {"caf\xe9"}, "X-Empty": {""}, "X-Colon": {"a: b"}, "X-Utf-8": {"Медведев"}}
	again := one
	again.FetchedAt, again.Status, again.URL = hours(20), 203, "elsewhere"
	h.put(sample("aa", 1), sample("bb", 1))
	h.update(func(tx state.Tx) error {
		for _, s := range []statement.Snapshot{two, one, entry, again, bare, sampleSnapshot("bb", "one")} {
			if err := tx.PutSnapshot(s); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := h.Snapshots(h.ctx, "aa")
	h.must(err)
	h.same("snapshots", got, []statement.Snapshot{one, two, entry, bare})
}

func edits(t *testing.T, h *house) {
	one, two := statement.Edit{Statement: "aa", From: 1, To: 2, At: noon, Summary: "a word"}, statement.Edit{Statement: "aa", From: 2, To: 3, At: hours(1), Summary: "a title", Back: 1, Judgement: judged}
	h.put(sample("aa", 1), sample("bb", 1))
	put := func(edits ...statement.Edit) {
		h.update(func(tx state.Tx) error {
			for _, e := range edits {
				if err := tx.PutEdit(e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	put(two, one, statement.Edit{Statement: "bb", From: 1, To: 2, At: noon})
	got, err := h.Edits(h.ctx, "aa")
	h.must(err)
	h.same("edits", got, []statement.Edit{one, two})
	one.Summary = "said better"
	put(one)
	got, err = h.Edits(h.ctx, "aa")
	h.must(err)
	h.same("edits, one of them again", got, []statement.Edit{one, two})
}

// judged is a judgement with everything in it.
var judged = statement.Judgement{Class: statement.ClassSubstantive, Kinds: []statement.EditKind{statement.KindNumber, statement.KindScope}, Importance: 2, Flicker: true}

// flickering counts the statements whose current text is one of a few that
// come and go.
func flickering(t *testing.T, h *house) {
	st, other := sample("aa", 1), sample("bb", 1)
	h.put(st, other)
	count := func(want int) {
		t.Helper()
		status, err := h.SourceStatus(h.ctx, st.Source)
		h.must(err)
		if status.Flickering != want {
			t.Errorf("%d statements flicker, want %d", status.Flickering, want)
		}
	}
	count(0)
	st.Revision = 2
	h.put(st)
	h.update(func(tx state.Tx) error {
		return tx.PutEdit(statement.Edit{Statement: st.ID, From: 1, To: 2, At: noon, Judgement: judged})
	})
	count(1)
	st.Revision = 3 // and then it was edited for good
	h.put(st)
	count(0)
}

func datesComeBack(t *testing.T, h *house) {
	moscow := time.FixedZone("", 3*3600)
	kathmandu := time.FixedZone("", 5*3600+45*60)
	newfoundland := time.FixedZone("", -(3*3600 + 30*60))
	for name, want := range map[string]statement.Date{
		"nothing":            {},
		"raw only":           {Raw: "the 14th of Aban"},
		"a day":              {Time: time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC), Raw: "5 November 2022"},
		"a day without raw":  {Time: time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC)},
		"with a zone":        {Time: time.Date(2019, 12, 31, 23, 59, 59, 0, moscow), HasTime: true, Raw: "December 31, 2019 23:59"},
		"midnight is a time": {Time: time.Date(2022, 11, 5, 0, 0, 0, 0, kathmandu), HasTime: true, Raw: "00:00"},
		"west of Greenwich":  {Time: time.Date(2022, 11, 5, 1, 2, 3, 0, newfoundland), HasTime: true},
		"UTC":                {Time: time.Date(2022, 11, 5, 1, 2, 3, 0, time.UTC), HasTime: true},
		"the epoch":          {Time: time.Unix(0, 0).UTC(), HasTime: true},
		"before the epoch":   {Time: time.Date(1945, 6, 26, 12, 0, 0, 0, time.UTC), HasTime: true},
		"raw like a time":    {Raw: "not 2022-11-05T10:00:00Z"},
	} {
		st, r, f := sample("aa", 1), sampleRevision("aa", 1), sampleFound("k")
		st.Published, r.Published, r.Updated, f.Published = want, want, want, want
		h.put(st)
		h.update(func(tx state.Tx) error {
			if err := tx.PutRevision(r); err != nil {
				return err
			}
			return tx.PutFound(f)
		})
		gotStatement, err := h.Statement(h.ctx, "aa")
		h.must(err)
		gotRevision, err := h.Revision(h.ctx, "aa", 1)
		h.must(err)
		gotFound, err := h.Found(h.ctx, "iran-mfa", hours(9))
		h.must(err)
		for where, got := range map[string]statement.Date{
			"statement": gotStatement.Published, "revision": gotRevision.Published, "updated": gotRevision.Updated, "found": gotFound[0].Published,
		} {
			if got.String() != want.String() || got.Raw != want.Raw || got.HasTime != want.HasTime || !got.Time.Equal(want.Time) {
				t.Errorf("%s, %s: %q %q %v came back as %q %q %v", name, where, want, want.Raw, want.HasTime, got, got.Raw, got.HasTime)
			}
		}
	}
}

func textsComeBack(t *testing.T, h *house) {
	for name, text := range map[string]string{
		"NUL":               "before\x00after\x00",
		"NUL alone":         "\x00",
		"controls":          "\x01\x07\x1b[31m\x7f\t\v\f",
		"line ends":         "a\nb\r\nc\rd\u2028e\n",
		"spaces":            "  \u00a0 ",
		"outside the BMP":   "🕊️ 𐍈 👩‍👩‍👧",
		"not normalised":    "e\u0301 é \u1100\u1161 가",
		"right to left":     "پهپاد \u202e drones \u202c",
		"noncharacters":     "\ufffe \uffff \ufffd \U0010ffff",
		"for SQL":           `'; DROP TABLE statements; -- %_\ "?" $1 :a @b`,
		"for JSON":          `{"a": ["\u0000", null]}`,
		"looks like number": "007",
		"names":             "a\\nb\\\\\\c\\",
		"5 MB":              strings.Repeat("пять ", 5<<20/9) + "the end",
	} {
		st, r := sample("aa", 1), sampleRevision("aa", 1)
		st.Title, st.URL, st.Speakers = text, text, []string{text, "", text}
		r.Title, r.Body, r.Speakers, r.Locator, r.ContentType = text, text, []string{text}, text, text
		st.Published.Raw, r.Updated = text, statement.Date{Raw: text}
		event, put := sampleEvent("aa", 1), alias(text, "aa", state.AliasListed)
		event.Reason = text
		if len(text) > 1<<20 {
			put.Key = "a key so long is no key"
		}
		h.put(st)
		var id int64
		h.update(func(tx state.Tx) (err error) {
			if err := tx.PutRevision(r); err != nil {
				return err
			}
			if err := tx.PutAlias(put); err != nil {
				return err
			}
			id, err = tx.AddEvent(event)
			return err
		})
		event.ID = id
		gotStatement, err := h.ByKey(h.ctx, "iran-mfa", put.Key)
		h.must(err)
		gotRevision, err := h.Revision(h.ctx, "aa", 0)
		h.must(err)
		gotEvent, err := h.Event(h.ctx, id)
		h.must(err)
		if gotStatement.Title != text || gotRevision.Body != text || gotEvent.Reason != text { // before a huge difference is printed
			t.Errorf("%s: a text came back as another: %d, %d, %d bytes of %d", name, len(gotStatement.Title), len(gotRevision.Body), len(gotEvent.Reason), len(text))
			continue
		}
		h.same(name+", statement", gotStatement, st)
		h.same(name+", revision", gotRevision, r)
		h.same(name+", event", gotEvent, event)
	}
}
