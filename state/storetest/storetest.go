// Package storetest judges implementations of state.Store: what it asks of one
// it asks of all.
package storetest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/statement"
	"volteface/state"
)

// Run runs the suite. open gives an empty store, and another one at each call,
// which the suite closes.
func Run(t *testing.T, open func(t *testing.T) state.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *house)
	}{
		{"update keeps all or nothing", updateKeepsAllOrNothing},
		{"update survives a panic", updateSurvivesPanic},
		{"update fails once its transaction is spoilt", updateFailsOnceSpoilt},
		{"update is seen at its end", updateIsSeenAtItsEnd},
		{"writers do not interleave", writersDoNotInterleave},
		{"contexts end the waiting", contextsEndTheWaiting},
		{"closed", closed},
		{"statements come back", statementsComeBack},
		{"touch changes a few fields", touchChangesAFewFields},
		{"prefixes", prefixes},
		{"statements are filtered", statementsAreFiltered},
		{"statements are walked while others write", statementsAreWalked},
		{"revisions", revisions},
		{"snapshots", snapshots},
		{"edits", edits},
		{"flickering", flickering},
		{"nothing is known of strangers", nothingIsKnownOfStrangers},
		{"dates come back as shown", datesComeBack},
		{"texts come back as they are", textsComeBack},
		{"aliases", aliases},
		{"candidates", candidates},
		{"known keys", knownKeys},
		{"listed keys", listedKeys},
		{"events", events},
		{"alerts", alerts},
		{"alerts are filtered", alertsAreFiltered},
		{"alerts are claimed once", alertsAreClaimedOnce},
		{"alerts are put off and expire", alertsArePutOff},
		{"digests", digests},
		{"floods", floods},
		{"mutes", mutes},
		{"outages", outages},
		{"found", found},
		{"source status", sourceStatus},
		{"visits", visits},
		{"plans", plans},
		{"what is due", whatIsDue},
		{"activity", activity},
		{"skips", skips},
		{"statuses of all sources", statuses},
		{"notices", notices},
		{"batches", batches},
		{"hosts", hosts},
		{"hosts are taken over", hostsAreTakenOver},
		{"robots.txt", robotsCopies},
		{"troubles", troubles},
		{"moving places", moving},
		{"signs", signs},
		{"same body", sameBody},
		{"comparisons", comparisons},
		{"sketches", sketches},
		{"counterparts", counterparts},
		{"search", search},
		{"search ranks the last", searchRanksTheLast},
		{"analyses", analyses},
		{"passages", passages},
		{"reversals", reversals},
		{"decisions", decisions},
		{"told turns", toldTurns},
		{"second opinions", opinions},
		{"second opinions stay", opinionsStay},
		{"extras", extras},
		{"people", people},
		{"sessions of people", sessions},
		{"API keys and links", keysAndLinks},
		{"inbox", inbox},
		{"what people did", acts},
		{"stances", stances},
		{"statements come a page at a time", pagesOfStatements},
		{"statements by language", statementsByLanguage},
		{"events that fit", eventsThat},
		{"findings come a page at a time", pagesOfFindings},
		{"newest alerts", newestAlerts},
		{"months", months},
		{"backfills", backfills},
		{"pauses", pauses},
		{"leases", leases},
		{"leases are taken over", leasesAreTakenOver},
		{"one of many gets the lease", oneGetsTheLease},
		{"moments are pulled back", pulledBack},
		{"moments are pulled back by a clock that is behind", pulledBackWhileBehind},
		{"rights of a clock that was ahead end", overlongRights},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &house{T: t, Store: open(t), ctx: t.Context()}
			defer func() {
				if err := h.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			test.run(t, h)
		})
	}
}

// house is a store under test and its judge.
type house struct {
	*testing.T
	state.Store
	ctx context.Context
}

// must ends the test on an error.
func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) update(fn func(state.Tx) error) {
	h.Helper()
	h.must(h.Update(h.ctx, fn))
}

func (h *house) put(statements ...statement.Statement) {
	h.Helper()
	h.update(func(tx state.Tx) error {
		for _, st := range statements {
			if err := tx.PutStatement(st); err != nil {
				return err
			}
		}
		return nil
	})
}

// list collects what Statements yields, and gives the identifiers in order.
func (h *house) list(f state.Filter) (ids []string) {
	h.Helper()
	for st, err := range h.Statements(h.ctx, f) {
		h.must(err)
		ids = append(ids, st.ID)
	}
	return ids
}

func (h *house) same(what string, got, want any) {
	h.Helper()
	if d := cmp.Diff(want, got); d != "" {
		h.Errorf("%s (- wanted, + got):\n%s", what, d)
	}
}

// noon is a moment with microseconds, which a store keeps.
var noon = time.Date(2022, 11, 5, 12, 0, 0, 123456000, time.UTC)

func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

func hash(of string) string { return statement.SHA256([]byte(of)) }

// sample is a statement with every field filled, and different for each n.
func sample(id string, n int) statement.Statement {
	at := hours(n)
	return statement.Statement{
		ID: id, Source: "iran-mfa", URL: "https://en.mfa.example/news/" + id, Title: "On drones, " + id,
		Published: statement.Date{Time: time.Date(2022, 11, 5, 10, 30, 0, 0, time.FixedZone("", 12600)).Add(time.Duration(n) * time.Hour), HasTime: true, Raw: "14 Aban 1401, 10:30"},
		Language:  "en", Speakers: []string{"Hossein Amir-Abdollahian", "A Spokesman"},
		Revision: 1, TextHash: hash(id), Fingerprint: "v1-" + id, Path: statement.BySelectors,
		FirstSeen: at, LastSeen: at.Add(time.Minute), LastChecked: at.Add(2 * time.Minute), ListedAt: at.Add(3 * time.Minute),
		MissingSince: at.Add(4 * time.Minute), NextCheck: at.Add(5 * time.Minute),
		Validators:  statement.Validators{ETag: `W/"` + id + `"`, LastModified: "Sat, 05 Nov 2022 07:00:00 GMT"},
		CaptureHash: hash("page of " + id),
		RemovedAt:   at.Add(6 * time.Minute), AbsentSince: at.Add(7 * time.Minute), UnlistedAt: at.Add(8 * time.Minute),
		ReadAt: at.Add(9 * time.Minute), FinalURL: "https://archive.example/" + id, BodyHash: hash("body of " + id),
	}
}

func sampleRevision(id string, n int) statement.Revision {
	text := fmt.Sprintf("%s in its wording %d", id, n)
	return statement.Revision{
		Statement: id, N: n, Title: "On drones, " + id, Body: text + ".\n\nA second paragraph\nof two lines.",
		Published: statement.Date{Time: time.Date(2022, 11, 5, 10, 30, 0, 0, time.FixedZone("", 12600)), HasTime: true, Raw: "10:30"},
		Updated:   statement.Date{Raw: "a while ago"}, Language: "fa", Speakers: []string{"The Ministry"},
		Hash: hash(text), Fingerprint: "v1", Path: statement.ByMainContent, Snapshot: hash("page of " + text),
		Locator: "entry-7", ContentType: "text/html; charset=windows-1256", URL: "https://en.mfa.example/" + id, SeenAt: hours(n),
	}
}

func sampleSnapshot(id, bytes string) statement.Snapshot {
	return statement.Snapshot{
		Statement: id, SHA256: hash(bytes), Size: int64(len(bytes)), URL: "http://mfa.example/" + id, FinalURL: "https://en.mfa.example/" + id,
		Hops: []statement.Hop{{URL: "http://mfa.example/" + id, Status: 301}}, Status: 200,
		Header:  http.Header{"Content-Type": {"text/html"}, "Set-Cookie": {"a=1", "b=2"}},
		Locator: "", FetchedAt: noon, Way: "through socks5://proxy.example:1080, with the cookie session",
	}
}

func sampleEvent(id string, n int) statement.Event {
	return statement.Event{At: hours(n), State: statement.Changed, Source: "iran-mfa", Statement: id, Revision: n, Reason: "one word", Baseline: n%2 == 0, Importance: n % 4,
		Class: judged.Class, Kinds: judged.Kinds, Flicker: true}
}

func sampleAlert(key string, n int) statement.Alert {
	return statement.Alert{
		Key: key, Rule: "everything", Kind: statement.AlertEvent, Event: int64(n), Source: "iran-mfa", Importance: n % 4, Channel: "email",
		Recipient: "desk@news.example", MessageID: "<" + key + "@volteface.example>", State: statement.Pending, Attempts: n, CreatedAt: noon,
		NextAttempt: hours(n), ExpiresAt: hours(100), SentAt: hours(n + 1), LastError: "connection refused",
	}
}

func sampleFound(key string) state.Found {
	return state.Found{
		Source: "iran-mfa", Key: key, URL: "https://" + key, Title: "On " + key,
		Published: statement.Date{Time: time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC), Raw: "5 Nov"},
		Locator:   "entry-1", FoundAt: noon, Attempts: 2, NextTry: hours(1), LastError: "503",
	}
}

func alias(key, id string, kind state.AliasKind) state.Alias {
	return state.Alias{Source: "iran-mfa", Key: key, Statement: id, Kind: kind, Since: noon}
}
