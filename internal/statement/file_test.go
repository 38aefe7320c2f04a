package statement

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is no regular file, or has no end, is refused at once.
func TestReadFile(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, err := range []error{
		os.WriteFile(at("secret"), []byte("hunter2\n"), 0o600), os.Symlink(at("secret"), at("link")), syscall.Mkfifo(at("pipe"), 0o600),
		os.Symlink("/dev/zero", at("zero")), os.Mkdir(at("folder"), 0o700), os.WriteFile(at("long"), make([]byte, maxSecret+1), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"secret": "", "link": "", "pipe": "not a regular file", "zero": "not a regular file", "folder": "not a regular file", "long": "longer than", "missing": "no such file",
	} {
		began := time.Now()
		secret, err := ReadSecret(at(name))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		switch {
		case want == "" && (err != nil || secret.Reveal() != "hunter2\n"):
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", name, err)
		}
	}
}
