package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"volteface/internal/statement"
)

// cost is what a password's hash by Argon2id takes.
type cost struct {
	memory uint32 // KiB
	passes uint32
}

// usual is the second recommendation of RFC 9106, section 4, with one lane, for machines of one or two processors.
var usual = cost{64 << 10, 3}

const (
	argonSalt = 16
	argonKey  = 32
	// hashesAtOnce bounds the memory and the processors that signing in takes.
	hashesAtOnce = 2
)

// What a password may be: length is what counts (NIST SP 800-63B, section 3.1.1.2).
const (
	leastPassword = 12
	mostPassword  = 256
)

func checkPassword(password, again string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < leastPassword:
		return statement.WithHint(fmt.Errorf("the password has %d characters", n), fmt.Sprintf("take %d at least: four or five words that nobody would put together will do", leastPassword))
	case len(password) > mostPassword:
		return statement.WithHint(errors.New("the password is too long"), fmt.Sprintf("%d bytes at most", mostPassword))
	case password != again:
		return statement.WithHint(errors.New("the two passwords differ"), "type the same one twice")
	}
	return nil
}

// hash gives the hash of a password in PHC form (github.com/P-H-C/phc-string-format).
func (d *Desk) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt)
	key, err := d.derive(ctx, password, salt, d.cost, 1, argonKey)
	if err != nil {
		return "", err
	}
	return phc(d.cost, salt, key), nil
}

func phc(c cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.memory, c.passes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// derive waits for its turn.
func (d *Desk) derive(ctx context.Context, password string, salt []byte, c cost, lanes uint8, length int) ([]byte, error) {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, lanes, uint32(length)), nil
}

// verify tells whether a password has the hash. An empty hash takes as long, and none has it.
func (d *Desk) verify(ctx context.Context, password, hash string) (bool, error) {
	nobodys := hash == ""
	if nobodys {
		hash = phc(d.cost, make([]byte, argonSalt), make([]byte, argonKey))
	}
	if len(password) > mostPassword {
		password = password[:mostPassword]
	}
	var version int
	var c cost
	var lanes uint8
	var rest string
	if _, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &c.memory, &c.passes, &lanes, &rest); err != nil || version != argon2.Version || len(rest) < 24 {
		return false, errors.New("a stored password hash cannot be read")
	}
	const saltLetters = 22 // 16 bytes in base64
	salt, err := base64.RawStdEncoding.DecodeString(rest[:saltLetters])
	want, werr := base64.RawStdEncoding.DecodeString(rest[saltLetters+1:])
	if err := errors.Join(err, werr); err != nil {
		return false, fmt.Errorf("a stored password hash cannot be read: %w", err)
	}
	got, err := d.derive(ctx, password, salt, c, lanes, len(want))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && !nobodys, err
}
