package sqlite

import (
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"volteface/internal/statement"
	"volteface/state"
)

// A database of every earlier schema, with something in each of its tables, is
// brought up to date, and what it held is there.
func TestFilledDatabasesAreUpgraded(t *testing.T) {
	latest, err := newest()
	if err != nil {
		t.Fatal(err)
	}
	for version := int64(1); version < latest; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "volteface.db")
			tables := filled(t, path, version)
			s := openAt(t, path)
			ctx := t.Context()
			st, err := s.Statement(ctx, "st1")
			if err != nil || st.Title != "title" || st.Revision != 2 || st.Source != "press" || st.Published.String() != "2022-11-05" {
				t.Errorf("statement %+v, %v", st, err)
			}
			if st, err := s.ByKey(ctx, "press", "key"); err != nil || st.ID != "st1" {
				t.Errorf("by its key: %+v, %v", st, err)
			}
			all, err := s.Revisions(ctx, "st1")
			if err != nil || len(all) != 2 || all[0].Body != "body 1" || all[1].Body != "body 2" || all[1].SeenAt.IsZero() {
				t.Errorf("revisions %+v, %v", all, err)
			}
			if snapshots, err := s.Snapshots(ctx, "st1"); err != nil || len(snapshots) != 1 || snapshots[0].SHA256 != "sha256" || snapshots[0].Header.Get("Content-Type") != "text/html" {
				t.Errorf("snapshots %+v, %v", snapshots, err)
			}
			if edits, err := s.Edits(ctx, "st1"); err != nil || len(edits) != 1 || edits[0].Summary != "summary" {
				t.Errorf("edits %+v, %v", edits, err)
			}
			if events, err := s.Events(ctx, 0, 0); err != nil || len(events) != 1 || events[0].Statement != "st1" {
				t.Errorf("events %+v, %v", events, err)
			}
			if alerts, err := s.Alerts(ctx, state.AlertFilter{}); err != nil || len(alerts) != 1 || alerts[0].Recipient != "recipient" {
				t.Errorf("alerts %+v, %v", alerts, err)
			}
			var verdict, broken string
			if err := s.writer.conn.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
				t.Errorf("integrity: %s, %v", verdict, err)
			}
			if err := s.writer.conn.QueryRowContext(ctx, `SELECT coalesce(group_concat("table"), '') FROM pragma_foreign_key_check`).Scan(&broken); err != nil || broken != "" {
				t.Errorf("rows without what they belong to: %s, %v", broken, err)
			}
			for _, table := range tables {
				if derived[table] {
					continue
				}
				var n int
				if err := s.writer.conn.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil || n == 0 {
					t.Errorf("%s has %d rows, %v", table, n, err)
				}
			}
			// It can be written on.
			if err := s.Update(ctx, func(tx state.Tx) error {
				st.Revision = 3
				return tx.PutStatement(st)
			}); err != nil {
				t.Error(err)
			}
			if st, err = s.Statement(ctx, "st1"); err != nil || st.Revision != 3 {
				t.Errorf("written: %+v, %v", st, err)
			}
		})
	}
}

// derived are tables that a later migration empties or drops: what they hold is
// made of the others again.
var derived = map[string]bool{"passages": true, "postings": true, "terms": true, "unindexed": true}

// filled makes a database of an earlier schema with a row in each of its tables,
// two of revisions, and gives their names.
func filled(t *testing.T, path string, version int64) (tables []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	rows := func(query string) (values []string) {
		r, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for r.Next() {
			var v string
			if err := r.Scan(&v); err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
		return values
	}
	tables = rows(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY name`)
	for _, table := range tables {
		refers := map[string]bool{} // to statements
		for _, c := range rows(`SELECT "from" FROM pragma_foreign_key_list('` + table + `') WHERE "table" = 'statements'`) {
			refers[c] = true
		}
		for n := 1; n == 1 || table == "revisions" && n == 2; n++ {
			var columns, values []string
			for _, c := range rows(`SELECT name || ' ' || type FROM pragma_table_info('` + table + `')`) {
				name, kind, _ := strings.Cut(c, " ")
				columns = append(columns, `"`+name+`"`)
				values = append(values, sample(table, name, kind, n, refers[name]))
			}
			if _, err := db.ExecContext(t.Context(), `INSERT OR REPLACE INTO `+table+` (`+strings.Join(columns, ", ")+`) VALUES (`+strings.Join(values, ", ")+`)`); err != nil {
				t.Fatalf("fill %s: %v", table, err)
			}
		}
	}
	return tables
}

// sample is a value for a column, as SQL.
func sample(table, column, kind string, n int, refers bool) string {
	text := map[string]string{
		"statement": "st1", "source": "press", "published": "2022-11-05", "updated": "2022-11-06", "header": "Content-Type: text/html\n",
		"hops": "", "speakers": "", "reversal": "", "counterpart": "", "payload": "{}", "kinds": "", "body": fmt.Sprintf("body %d", n), "path": string(statement.BySelectors), "person": "id",
	}
	switch {
	case refers, table == "statements" && column == "id":
		return "'st1'"
	case kind == "BLOB":
		return "x'0000000000000000'"
	case table == "statements" && column == "revision", table == "edits" && column == "to_n":
		return "2"
	case column == "n" && kind == "INTEGER", column == "from_n":
		return fmt.Sprint(n)
	case strings.HasSuffix(column, "_at") && kind == "INTEGER", column == "at", column == "said", column == "since":
		return "1667635200000000"
	case kind == "INTEGER" || kind == "REAL":
		return "1"
	}
	v, special := text[column]
	if !special {
		v = column
	}
	return "'" + v + "'"
}
