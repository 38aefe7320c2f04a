package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestQueriesOfEveryPageUseAnIndex: what is asked for each page that is read must not
// grow with the number of statements.
func TestQueriesOfEveryPageUseAnIndex(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct{ query, index string }{
		{sameBodyQuery, "statements_body"},
		{byKeyQuery, "INDEX"},
		{candidatesQuery, "INDEX"},
		{troublesQuery, "PRIMARY KEY"},
		{signsQuery, "signs_of_statement"},
	} {
		plan, err := list(t.Context(), s, func(row scanner) (step string, err error) {
			var id, parent, unused int
			return step, row.Scan(&id, &parent, &unused, &step)
		}, "EXPLAIN QUERY PLAN "+c.query, parameters(c.query)...)
		if err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprint(plan)
		if strings.Contains(all, "SCAN") || !strings.Contains(all, c.index) {
			t.Errorf("%s\nis answered by %s", c.query, all)
		}
	}
}

func parameters(query string) []any {
	args := make([]any, strings.Count(query, "?"))
	for i := range args {
		args[i] = "x"
	}
	return args
}
