package sqlite

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"volteface/internal/statement"
)

// nobody is what the files are looked at as, where the tests run as root, whom
// no rights stop. It counts for the present thread only (setfsuid(2)).
const nobody = 65534

func TestOpenWithoutTheRight(t *testing.T) {
	folder := t.TempDir()
	readable := filepath.Join(folder, "readable.db")
	openAt(t, readable).Close()
	for path, mode := range map[string]os.FileMode{readable: 0o444, folder: 0o555, filepath.Dir(folder): 0o755} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(folder, 0o700) })
	if os.Getuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		lookAs := func(user uintptr) { syscall.RawSyscall(syscall.SYS_SETFSUID, user, 0, 0) } // it gives no error
		lookAs(nobody)
		defer lookAs(0)
	}
	for _, path := range []string{readable, filepath.Join(folder, "new.db"), filepath.Join(folder, "new", "new.db")} {
		s, err := Open(t.Context(), path)
		if err == nil {
			s.Close()
			t.Errorf("%s was opened", path)
		} else if !strings.Contains(statement.HintOf(err), "let the user who runs volteface write there") {
			t.Errorf("%v (%s)", err, statement.HintOf(err))
		}
	}
}
