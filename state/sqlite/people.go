package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const personColumns = `id, login, name, role, password, subject, created_at, created_by, ended_at`

func scanPerson(row scanner) (p state.Person, err error) {
	var created, ended int64
	err = row.Scan(&p.ID, &p.Login, &p.Name, &p.Role, &p.Password, &p.Subject, &created, &p.CreatedBy, &ended)
	p.CreatedAt, p.EndedAt = instant(created), instant(ended)
	return p, err
}

// People lists all, by name.
func (s *Store) People(ctx context.Context) ([]state.Person, error) {
	return list(ctx, s, scanPerson, `SELECT `+personColumns+` FROM people ORDER BY name, id`)
}

// Person reads one.
func (s *Store) Person(ctx context.Context, id string) (state.Person, error) {
	p, err := one(ctx, s, scanPerson, `SELECT `+personColumns+` FROM people WHERE id = ?`, id)
	return p, absent(err, "person %q", id)
}

// PersonByLogin reads one by the name that they sign in with.
func (s *Store) PersonByLogin(ctx context.Context, login string) (state.Person, error) {
	p, err := one(ctx, s, scanPerson, `SELECT `+personColumns+` FROM people WHERE login_key = ?`, loginKey(login))
	return p, absent(err, "a person with this login")
}

func loginKey(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func (t *tx) PutPerson(p state.Person) error {
	var other string
	err := absent(t.row(`SELECT id FROM people WHERE login_key = ?`, loginKey(p.Login)).Scan(&other), "login")
	switch {
	case err == nil && other != p.ID:
		return state.ErrTaken
	case err != nil && !errors.Is(err, statement.ErrNotFound):
		return err
	}
	_, err = t.exec(`INSERT INTO people (`+personColumns+`, login_key) VALUES (?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET login = excluded.login, login_key = excluded.login_key, name = excluded.name, role = excluded.role,
			password = excluded.password, subject = excluded.subject, ended_at = excluded.ended_at`,
		p.ID, p.Login, p.Name, string(p.Role), p.Password, p.Subject, micros(p.CreatedAt), p.CreatedBy, micros(p.EndedAt), loginKey(p.Login))
	return err
}

func (t *tx) Admins() (n int, err error) {
	err = t.row(`SELECT count(*) FROM people WHERE role = ? AND ended_at = 0 AND (password <> '' OR subject <> '')`, string(state.RoleAdmin)).Scan(&n)
	return n, err
}

const sessionColumns = `hash, person, created_at, seen_at, expires_at, agent, address`

func scanSession(row scanner) (x state.Session, err error) {
	var created, seen, expires int64
	err = row.Scan(&x.Hash, &x.Person, &created, &seen, &expires, &x.Agent, &x.Address)
	x.CreatedAt, x.SeenAt, x.ExpiresAt = instant(created), instant(seen), instant(expires)
	return x, err
}

// Session reads one by its hash.
func (s *Store) Session(ctx context.Context, hash string) (state.Session, error) {
	x, err := one(ctx, s, scanSession, `SELECT `+sessionColumns+` FROM sessions WHERE hash = ?`, hash)
	return x, absent(err, "session")
}

// Sessions lists those of a person, or all.
func (s *Store) Sessions(ctx context.Context, person string) ([]state.Session, error) {
	return list(ctx, s, scanSession, `SELECT `+sessionColumns+` FROM sessions WHERE ?1 = '' OR person = ?1 ORDER BY seen_at DESC, hash`, person)
}

func (t *tx) PutSession(x state.Session) error {
	_, err := t.exec(`INSERT INTO sessions (`+sessionColumns+`) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT (hash) DO UPDATE SET seen_at = excluded.seen_at, expires_at = excluded.expires_at, agent = excluded.agent, address = excluded.address`,
		x.Hash, x.Person, micros(x.CreatedAt), micros(x.SeenAt), micros(x.ExpiresAt), x.Agent, x.Address)
	return err
}

func (t *tx) DropSession(hash string) error {
	_, err := t.exec(`DELETE FROM sessions WHERE hash = ?`, hash)
	return err
}

func (t *tx) DropSessions(person string) error {
	_, err := t.exec(`DELETE FROM sessions WHERE person = ?`, person)
	return err
}

const keyColumns = `id, hash, person, name, scope, created_at, used_at, expires_at`

func scanKey(row scanner) (k state.APIKey, err error) {
	var created, used, expires int64
	err = row.Scan(&k.ID, &k.Hash, &k.Person, &k.Name, &k.Scope, &created, &used, &expires)
	k.CreatedAt, k.UsedAt, k.ExpiresAt = instant(created), instant(used), instant(expires)
	return k, err
}

// APIKey reads one by its hash.
func (s *Store) APIKey(ctx context.Context, hash string) (state.APIKey, error) {
	k, err := one(ctx, s, scanKey, `SELECT `+keyColumns+` FROM api_keys WHERE hash = ?`, hash)
	return k, absent(err, "API key")
}

// APIKeys lists those of a person, or all.
func (s *Store) APIKeys(ctx context.Context, person string) ([]state.APIKey, error) {
	return list(ctx, s, scanKey, `SELECT `+keyColumns+` FROM api_keys WHERE ?1 = '' OR person = ?1 ORDER BY created_at DESC, id`, person)
}

func (t *tx) PutAPIKey(k state.APIKey) error {
	_, err := t.exec(`INSERT INTO api_keys (`+keyColumns+`) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at`,
		k.ID, k.Hash, k.Person, k.Name, k.Scope, micros(k.CreatedAt), micros(k.UsedAt), micros(k.ExpiresAt))
	return err
}

func (t *tx) DropAPIKey(id string) error {
	changed, err := t.exec(`DELETE FROM api_keys WHERE id = ?`, id)
	return something(changed, err, "API key %q", id)
}

const tokenColumns = `hash, purpose, subject, created_at, expires_at`

func scanToken(row scanner) (x state.Token, err error) {
	var created, expires int64
	err = row.Scan(&x.Hash, &x.Purpose, &x.Subject, &created, &expires)
	x.CreatedAt, x.ExpiresAt = instant(created), instant(expires)
	return x, err
}

// Token reads what a one-time link stands for.
func (s *Store) Token(ctx context.Context, hash string) (state.Token, error) {
	x, err := one(ctx, s, scanToken, `SELECT `+tokenColumns+` FROM tokens WHERE hash = ?`, hash)
	return x, absent(err, "link")
}

func (t *tx) PutToken(x state.Token) error {
	_, err := t.exec(`INSERT INTO tokens (`+tokenColumns+`) VALUES (?,?,?,?,?)`, x.Hash, x.Purpose, x.Subject, micros(x.CreatedAt), micros(x.ExpiresAt))
	return err
}

func (t *tx) UseToken(hash string) (state.Token, error) {
	x, err := scanToken(t.row(`DELETE FROM tokens WHERE hash = ? RETURNING `+tokenColumns, hash))
	return x, absent(err, "link")
}

func (t *tx) DropTokens(purpose, subject string) error {
	_, err := t.exec(`DELETE FROM tokens WHERE purpose = ? AND subject = ?`, purpose, subject)
	return err
}

// Secret reads a key that the desk made for itself.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	value, err := one(ctx, s, scanBytes, `SELECT value FROM secrets WHERE name = ?`, name)
	return value, absent(err, "secret %q", name)
}

func scanBytes(row scanner) (b []byte, err error) { return b, row.Scan(&b) }

func (t *tx) PutSecret(name string, value []byte) ([]byte, error) {
	if _, err := t.exec(`INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
		return nil, err
	}
	kept, err := scanBytes(t.row(`SELECT value FROM secrets WHERE name = ?`, name))
	if err != nil {
		return nil, fmt.Errorf("secret %q: %w", name, err)
	}
	return kept, nil
}

func (t *tx) DropStale(before time.Time) error {
	for _, query := range []string{`DELETE FROM sessions WHERE expires_at < ?`, `DELETE FROM tokens WHERE expires_at < ?`} {
		if _, err := t.exec(query, micros(before)); err != nil {
			return err
		}
	}
	return nil
}
