package maildir

import (
	"errors"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/alert"
)

func TestSend(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "Mail")
	c, err := New(folder, "volteface <alerts@example.org>", "desk@example.org")
	if err != nil {
		t.Fatal(err)
	}
	m, err := (&alert.Composer{}).Sample("edited", "archive")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time as after a crash
		if retry, err := c.Send(t.Context(), m); err != nil || retry {
			t.Fatal(retry, err)
		}
	}
	names, _ := filepath.Glob(filepath.Join(folder, "new", "*"))
	rest, _ := filepath.Glob(filepath.Join(folder, "tmp", "*"))
	if len(names) != 1 || len(rest) != 0 {
		t.Fatalf("%q in new, %q in tmp", names, rest)
	}
	f, err := os.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := mail.ReadMessage(f)
	if err != nil || got.Header.Get("To") != "<desk@example.org>" || !strings.HasPrefix(got.Header.Get("Subject"), "=?UTF-8?") && !strings.HasPrefix(got.Header.Get("Subject"), "[volteface]") {
		t.Errorf("%v, %v", got.Header, err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others may read it")
	}
	// Read and moved by a mail program, it is not delivered anew.
	if err := os.Rename(names[0], filepath.Join(folder, "cur", filepath.Base(names[0])+":2,S")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(filepath.Join(folder, "new", "*")); len(names) != 0 {
		t.Errorf("%q came again", names)
	}
	if err := os.RemoveAll(filepath.Join(folder, "tmp")); err != nil {
		t.Fatal(err)
	}
	other, err := (&alert.Composer{}).Sample("new", "archive")
	if err != nil {
		t.Fatal(err)
	}
	retry, err := c.Send(t.Context(), other)
	var unavailable *alert.Unavailable
	if !retry || !errors.As(err, &unavailable) {
		t.Errorf("a folder that is gone: %v, %v", retry, err)
	}
}
