// Package maildir puts alerts into a mail folder on this machine, which mail
// programs read without a server: for networks without a way out, and for tests.
package maildir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/platform"
	"volteface/internal/statement"
)

// Channel writes into one maildir (cr.yp.to/proto/maildir.html).
type Channel struct {
	folder string
	to     string
	writer *email.Writer

	mu sync.Mutex
}

var _ alert.Channel = (*Channel)(nil)

// New prepares a channel that writes mails to an address into a folder, which
// is made if it does not exist.
func New(folder, from, to string) (*Channel, error) {
	writer, err := email.NewWriter(email.Server{From: from})
	if err != nil {
		return nil, err
	}
	for _, part := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(folder, part), 0o700); err != nil {
			return nil, statement.WithHint(fmt.Errorf("make the mail folder: %w", err), "give another folder, or let the user who runs volteface write there")
		}
	}
	return &Channel{folder: folder, to: to, writer: writer}, nil
}

// Send puts a message into the folder: written and synced under tmp, then
// moved, so that no reader ever sees half of it. Its name comes from the
// Message-ID: the same message is there once, even if sent twice.
func (c *Channel) Send(_ context.Context, m alert.Message) (retry bool, err error) {
	if !strings.Contains(m.To, "@") {
		m.To = c.to
	}
	content, err := c.writer.Write(m)
	if err != nil {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	name := fmt.Sprintf("%d.%s.volteface", m.Date.Unix(), m.MessageID)
	if known, err := c.has(name); known || err != nil {
		return err != nil, c.unavailable(err)
	}
	tmp := filepath.Join(c.folder, "tmp", name)
	if err := write(tmp, content); err != nil {
		return true, c.unavailable(errors.Join(err, os.Remove(tmp)))
	}
	if err := os.Rename(tmp, filepath.Join(c.folder, "new", name)); err != nil {
		return true, c.unavailable(err)
	}
	return false, c.unavailable(platform.SyncFolder(filepath.Join(c.folder, "new")))
}

// has tells whether the message has been delivered before, and perhaps read.
func (c *Channel) has(name string) (bool, error) {
	if _, err := os.Lstat(filepath.Join(c.folder, "new", name)); !errors.Is(err, fs.ErrNotExist) {
		return err == nil, err
	}
	read, err := filepath.Glob(filepath.Join(c.folder, "cur", name+"*"))
	return len(read) > 0, err
}

func (c *Channel) unavailable(err error) error {
	if err == nil {
		return nil
	}
	return &alert.Unavailable{Err: fmt.Errorf("the mail folder %s: %w", c.folder, err), Person: errors.Is(err, fs.ErrPermission)}
}

// Close does nothing: no file is kept open.
func (c *Channel) Close() error { return nil }

func write(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
