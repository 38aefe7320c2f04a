package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// writer is the one connection that writes. It keeps its statements prepared.
type writer struct {
	conn     *sql.Conn
	turn     chan struct{} // holds one token: whoever has it writes
	prepared map[string]*sql.Stmt
}

func newWriter(conn *sql.Conn) *writer {
	w := &writer{conn: conn, turn: make(chan struct{}, 1), prepared: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

func (w *writer) close() (err error) {
	<-w.turn // after whoever is writing
	for _, st := range w.prepared {
		err = errors.Join(err, st.Close())
	}
	// The turn is not given back: nobody writes any more.
	return errors.Join(err, w.conn.Close())
}

func (w *writer) statement(query string) (*sql.Stmt, error) {
	if st, ok := w.prepared[query]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.prepared[query] = st
	}
	return st, err
}

// transaction runs fn between BEGIN IMMEDIATE and COMMIT, and rolls back if it
// fails or panics. Once begun it is not interrupted by ctx: what is half
// written would only have to be done again.
func (w *writer) transaction(ctx context.Context, fn func(*tx) error) (err error) {
	select {
	case <-w.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { w.turn <- struct{}{} }()
	if err := w.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		if undo := w.run("ROLLBACK"); undo != nil && err != nil {
			err = fmt.Errorf("%w (and undoing it failed: %v)", err, undo) // SQLite has undone it itself, after a full disk
		}
	}()
	if err := fn(&tx{w: w}); err != nil {
		return err
	}
	if err := w.run("COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

func (w *writer) run(command string) error {
	st, err := w.statement(command)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(context.Background())
	return err
}
