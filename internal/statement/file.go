package statement

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// readTime is how long reading a file of the configuration may take: the disk
// of a network may never answer.
const readTime = 10 * time.Second

// ReadFile reads a file that the configuration names, of at most so many bytes.
// It refuses what is no regular file: a pipe whose other end nobody holds, or a
// device without end, would hold up the program for ever.
func ReadFile(path string, most int64) ([]byte, error) {
	type result struct {
		content []byte
		err     error
	}
	read := make(chan result, 1)
	go func() { // it ends when the disk answers; nobody can end it before
		content, err := readRegular(path, most)
		read <- result{content, err}
	}()
	timer := time.NewTimer(readTime)
	defer timer.Stop()
	select {
	case r := <-read:
		return r.content, r.err
	case <-timer.C:
		return nil, WithHint(fmt.Errorf("read %s: %w", path, os.ErrDeadlineExceeded), "its disk does not answer")
	}
}

func readRegular(path string, most int64) ([]byte, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		return nil, WithHint(fmt.Errorf("read %s: it is longer than %d bytes", path, most), "is it the right file?")
	}
	return content, err
}

// OpenFile opens a regular file for reading, and refuses anything else without
// waiting for it.
func OpenFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // else a pipe waits for somebody to write
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = WithHint(fmt.Errorf("%s is not a regular file", path), "write what it gives into a file, and name that")
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// maxSecret is the longest secret in bytes: the longest keys in PEM have a tenth
// of it.
const maxSecret = 64 << 10

// ReadSecret reads a secret from a file of its own; see ReadFile.
func ReadSecret(path string) (Secret, error) {
	content, err := ReadFile(path, maxSecret)
	return Secret(content), err
}
