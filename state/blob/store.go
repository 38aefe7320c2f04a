// Package blob keeps raw bytes under the name of their own SHA-256.
package blob

import "context"

// Store keeps bytes by content. Put is idempotent; what it has accepted is
// safe on disk when it returns. Get checks the bytes against their name.
type Store interface {
	// Put keeps b and gives its hexadecimal SHA-256.
	Put(ctx context.Context, b []byte) (sha256 string, err error)
	// Get reads the bytes back. It fails with statement.ErrNotFound if there
	// are none, and with ErrCorrupt if they do not match their name.
	Get(ctx context.Context, sha256 string) ([]byte, error)
	// Has tells whether there are bytes of that name, without checking them.
	Has(ctx context.Context, sha256 string) (bool, error)
}
