package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// errClosed says that the store has been closed.
var errClosed = errors.New("the store is closed")

// writer is the one connection that writes. It keeps its statements prepared.
type writer struct {
	conn     *sql.Conn
	turn     chan struct{} // holds one token: whoever has it writes
	closed   chan struct{}
	prepared map[string]*sql.Stmt
	// synchronous is how long a commit waits for the disk (sqlite.org/pragma.html).
	synchronous string
}

func newWriter(conn *sql.Conn, synchronous string) *writer {
	w := &writer{conn: conn, synchronous: synchronous, turn: make(chan struct{}, 1), closed: make(chan struct{}), prepared: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

func (w *writer) close() (err error) {
	<-w.turn // after whoever is writing; the turn is not given back
	close(w.closed)
	for _, st := range w.prepared {
		err = errors.Join(err, st.Close())
	}
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
// fails or panics. ctx ends the waiting for a turn and for another process;
// once begun the transaction is not interrupted: what is half written would
// only have to be done again.
func (w *writer) transaction(ctx context.Context, fn func(*tx) error) (err error) {
	return w.begin(ctx, false, fn)
}

// lightly is transaction without waiting for the disk: what is committed
// survives the death of the process, and that of the machine as soon as another
// transaction has waited.
func (w *writer) lightly(ctx context.Context, fn func(*tx) error) (err error) {
	return w.begin(ctx, w.synchronous == "FULL", fn)
}

func (w *writer) begin(ctx context.Context, light bool, fn func(*tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-w.turn:
	case <-w.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { w.turn <- struct{}{} }()
	if light { // not kept prepared: this pragma does its work when it is compiled
		if _, err := w.conn.ExecContext(context.Background(), "PRAGMA synchronous = NORMAL"); err != nil {
			return err
		}
		defer func() {
			_, undo := w.conn.ExecContext(context.Background(), "PRAGMA synchronous = "+w.synchronous)
			err = errors.Join(err, undo)
		}()
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		if undo := w.rollback(); undo != nil && err != nil {
			err = fmt.Errorf("%w (and undoing it failed: %v)", err, undo)
		}
	}()
	if err := w.run(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	t := &tx{w: w}
	if err := fn(t); err != nil {
		return err
	}
	if t.failed != nil {
		return t.failed
	}
	if err := w.run(context.Background(), "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

func (w *writer) rollback() error {
	err := w.run(context.Background(), "ROLLBACK")
	if err != nil && strings.Contains(err.Error(), "no transaction is active") {
		return nil // it never began, or SQLite has undone it itself, as after a full disk
	}
	return err
}

func (w *writer) run(ctx context.Context, command string) error {
	st, err := w.statement(command)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}
