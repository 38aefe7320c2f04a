package sqlite

import (
	"context"
	"fmt"
	"strings"

	"volteface/state/fulltext"
)

// indexBytes is about how much text is indexed in one transaction: enough to be
// worth it, and little enough for others to wait for.
const indexBytes = 512 << 10

// words is what is indexed of a statement.
type words struct {
	row, n                     int64
	title, text, speaker, hash string
}

func scanWords(row scanner) (w words, err error) {
	var speakers string
	err = row.Scan(&w.row, &w.n, &w.title, &w.text, &speakers, &w.hash)
	w.speaker = strings.Join(unpackNames(speakers), "\n")
	return w, err
}

const unindexedQuery = `SELECT u.row, ifnull(r.n, 0), ifnull(r.title, ''), ifnull(r.body, ''), ifnull(r.speakers, ''), ifnull(r.hash, '')
	FROM unindexed u LEFT JOIN statements s ON s.row = u.row LEFT JOIN revisions r ON r.statement = s.id AND r.n = s.revision
	ORDER BY u.row LIMIT 512`

// Index brings the index up to date.
func (s *Store) Index(ctx context.Context, progress func(done, waiting int)) error {
	number := func(row scanner) (n int, err error) { return n, row.Scan(&n) }
	waiting, err := one(ctx, s, number, `SELECT count(*) FROM unindexed`)
	if err != nil || waiting == 0 {
		return err
	}
	for done := 0; ; {
		batch, err := list(ctx, s, scanWords, unindexedQuery)
		if err != nil || len(batch) == 0 {
			return err
		}
		for len(batch) > 0 {
			size, n := 0, 0
			for n < len(batch) && size < indexBytes {
				w := &batch[n]
				size += len(w.text)
				w.title, w.text, w.speaker = fulltext.Index(w.title), fulltext.Index(w.text), fulltext.Index(w.speaker)
				n++
			}
			if err := s.index(ctx, batch[:n]); err != nil {
				return err
			}
			done, batch = done+n, batch[n:]
			if progress != nil {
				progress(done, max(waiting, done))
			}
		}
	}
}

// index records the words of some statements; of one that has meanwhile got
// another text nothing, so that it stays to be indexed.
func (s *Store) index(ctx context.Context, batch []words) error {
	return s.write(ctx, func(t *tx) error {
		for _, w := range batch {
			var current int
			if err := t.row(`SELECT count(*) FROM statements s JOIN revisions r ON r.statement = s.id AND r.n = s.revision
				WHERE s.row = ? AND r.n = ? AND r.hash = ?`, w.row, w.n, w.hash).Scan(&current); err != nil {
				return err
			}
			if current == 0 && w.n > 0 {
				continue
			}
			if _, err := t.exec(`DELETE FROM search WHERE rowid = ?`, w.row); err != nil {
				return err
			}
			if w.n > 0 {
				if _, err := t.exec(`INSERT INTO search (rowid, title, text, speaker) VALUES (?,?,?,?)`, w.row, w.title, w.text, w.speaker); err != nil {
					return err
				}
			}
			if _, err := t.exec(`DELETE FROM unindexed WHERE row = ?`, w.row); err != nil {
				return err
			}
		}
		return nil
	})
}

// match writes a query as FTS5 reads it (sqlite.org/fts5.html, section 3).
// Words are folded and hold no quotation mark; a query of them cannot fail.
func match(q fulltext.Query) string {
	switch q.Op {
	case fulltext.And, fulltext.Or, fulltext.Not:
		joint := map[fulltext.Op]string{fulltext.And: " AND ", fulltext.Or: " OR ", fulltext.Not: " NOT "}[q.Op]
		parts := make([]string, len(q.Parts))
		for i, p := range q.Parts {
			parts[i] = match(p)
		}
		return "(" + strings.Join(parts, joint) + ")"
	}
	term := `"` + strings.Join(q.Words, " ") + `"`
	if q.Prefix {
		term += " *"
	}
	if q.Field != "" {
		term = fmt.Sprintf("{%s} : %s", q.Field, term)
	}
	return term
}
