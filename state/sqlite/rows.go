package sqlite

import (
	"encoding/json"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// micros and instant turn a time into a column and back; 0 is no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// order is where a date sorts: its instant, or the fallback's. A day without a
// time sorts at its midnight in UTC, as it will when it has been read back.
func order(d statement.Date, fallback time.Time) int64 {
	switch {
	case d.Time.IsZero():
		return micros(fallback)
	case d.HasTime:
		return micros(d.Time)
	}
	year, month, day := d.Time.Date()
	return micros(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// shown is a date as a column: empty where only the raw string is known.
func shown(d statement.Date) string {
	if d.Time.IsZero() {
		return ""
	}
	return d.String()
}

// scanner is a row of either a reading or a writing query.
type scanner interface{ Scan(...any) error }

const statementColumns = `s.id, s.source, s.url, s.title, s.published, s.published_raw, s.language, s.speakers, s.revision, s.text_hash,
	s.fingerprint, s.path, s.first_seen, s.last_seen, s.last_checked, s.listed_at, s.missing_since, s.next_check, s.etag, s.last_modified, s.capture_hash,
	s.removed_at, s.absent_since, s.unlisted_at, s.read_at, s.final_url, s.body_hash`

func scanStatement(row scanner) (st statement.Statement, err error) {
	var published, raw, speakers string
	var first, last, checked, listed, missing, next, removed, absent, unlisted, read int64
	err = row.Scan(&st.ID, &st.Source, &st.URL, &st.Title, &published, &raw, &st.Language, &speakers, &st.Revision, &st.TextHash,
		&st.Fingerprint, &st.Path, &first, &last, &checked, &listed, &missing, &next, &st.Validators.ETag, &st.Validators.LastModified, &st.CaptureHash,
		&removed, &absent, &unlisted, &read, &st.FinalURL, &st.BodyHash)
	st.RemovedAt, st.AbsentSince, st.UnlistedAt = instant(removed), instant(absent), instant(unlisted)
	st.ReadAt = instant(read)
	st.Published, st.Speakers = statement.ParseDate(published, raw), unpackNames(speakers)
	st.FirstSeen, st.LastSeen, st.LastChecked = instant(first), instant(last), instant(checked)
	st.ListedAt, st.MissingSince, st.NextCheck = instant(listed), instant(missing), instant(next)
	return st, err
}

const revisionColumns = `statement, n, title, body, published, published_raw, updated, updated_raw, language, speakers,
	hash, fingerprint, path, snapshot, locator, content_type, url, seen_at, archive`

func scanRevision(row scanner) (r statement.Revision, err error) {
	var published, publishedRaw, updated, updatedRaw, speakers string
	var seen int64
	err = row.Scan(&r.Statement, &r.N, &r.Title, &r.Body, &published, &publishedRaw, &updated, &updatedRaw, &r.Language, &speakers,
		&r.Hash, &r.Fingerprint, &r.Path, &r.Snapshot, &r.Locator, &r.ContentType, &r.URL, &seen, &r.Archive)
	r.Published, r.Updated = statement.ParseDate(published, publishedRaw), statement.ParseDate(updated, updatedRaw)
	r.Speakers, r.SeenAt = unpackNames(speakers), instant(seen)
	return r, err
}

const snapshotColumns = `statement, sha256, locator, size, url, final_url, hops, status, header, fetched_at, way`

func scanSnapshot(row scanner) (s statement.Snapshot, err error) {
	var hops, header string
	var fetched int64
	if err = row.Scan(&s.Statement, &s.SHA256, &s.Locator, &s.Size, &s.URL, &s.FinalURL, &hops, &s.Status, &header, &fetched, &s.Way); err != nil {
		return s, err
	}
	s.FetchedAt, s.Header = instant(fetched), unpackHeader(header)
	s.Hops, err = unpackHops(hops)
	return s, err
}

const eventColumns = `id, at, state, source, statement, revision, reason, baseline, importance, reversal, counterpart, class, kinds, flicker`

func scanEvent(row scanner) (e statement.Event, err error) {
	var at int64
	var reversal, counterpart, kinds string
	if err = row.Scan(&e.ID, &at, &e.State, &e.Source, &e.Statement, &e.Revision, &e.Reason, &e.Baseline, &e.Importance, &reversal, &counterpart, &e.Class, &kinds, &e.Flicker); err != nil {
		return e, err
	}
	e.At, e.Kinds = instant(at), unpackKinds(kinds)
	if e.Reversal, err = unpackReversal(reversal); err == nil && counterpart != "" {
		err = json.Unmarshal([]byte(counterpart), &e.Counterpart)
	}
	return e, err
}

const foundColumns = `source, key, url, title, published, published_raw, locator, found_at, attempts, next_try, last_error`

func scanFound(row scanner) (f state.Found, err error) {
	var published, raw string
	var found, next int64
	err = row.Scan(&f.Source, &f.Key, &f.URL, &f.Title, &published, &raw, &f.Locator, &found, &f.Attempts, &next, &f.LastError)
	f.Published, f.FoundAt, f.NextTry = statement.ParseDate(published, raw), instant(found), instant(next)
	return f, err
}

const statusColumns = `source, last_visit, last_success, last_new, next_deep, baseline_at, fault, fault_since, fault_count,
	listing_etag, listing_modified, definition, fault_told, baseline_newest, baseline_newest_raw, baseline_cut, baseline_told, listing_read_at`

const statusQuery = `SELECT ` + statusColumns + ` FROM sources WHERE source = ?`

func scanStatus(row scanner) (s statement.SourceStatus, err error) {
	var visit, success, fresh, deep, baseline, since, read int64
	var newest, raw string
	err = row.Scan(&s.Source, &visit, &success, &fresh, &deep, &baseline, &s.Fault, &since, &s.FaultCount, &s.Listing.ETag, &s.Listing.LastModified, &s.Definition, &s.FaultTold,
		&newest, &raw, &s.BaselineCut, &s.BaselineTold, &read)
	s.ListingReadAt = instant(read)
	s.BaselineNewest = statement.ParseDate(newest, raw)
	s.LastVisit, s.LastSuccess, s.LastNew = instant(visit), instant(success), instant(fresh)
	s.NextDeep, s.BaselineAt, s.FaultSince = instant(deep), instant(baseline), instant(since)
	return s, err
}

const aliasColumns = `source, key, statement, kind, since`

func scanAlias(row scanner) (a state.Alias, err error) {
	var since int64
	err = row.Scan(&a.Source, &a.Key, &a.Statement, &a.Kind, &since)
	a.Since = instant(since)
	return a, err
}

const editColumns = `statement, from_n, to_n, at, summary, class, kinds, importance, flicker, back`

func scanEdit(row scanner) (e statement.Edit, err error) {
	var at int64
	var kinds string
	err = row.Scan(&e.Statement, &e.From, &e.To, &at, &e.Summary, &e.Class, &kinds, &e.Importance, &e.Flicker, &e.Back)
	e.At, e.Kinds = instant(at), unpackKinds(kinds)
	return e, err
}
