package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"volteface/internal/opinion/standin"
)

// binary is the program itself, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "volteface-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "volteface")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// The scripts use the program as a person would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			model := httptest.NewServer(&standin.Server{Key: "sk-T0PSECRET"})
			e.Defer(model.Close)
			e.Setenv("STANDIN", model.URL)
			e.Setenv("MOVED", strings.Replace(model.URL, "127.0.0.1", "localhost", 1))
			return nil
		},
	})
}

// finding is a line of scrape --json.
type finding struct {
	State, Source, ID, URL, Title, Published, Reason string
	Revision                                         int
}

// shown is what statements show --json prints.
type shown struct {
	ID, Title, Published, Text, Language, Speaker string
	Revisions                                     []struct{ Time, Hash, Snapshot string }
	Snapshots                                     []struct{ SHA256 string }
}

// run starts the program and reads its JSON lines; it fails the test unless
// the exit code is one of those given.
func run[T any](t *testing.T, env []string, codes []int, args ...string) []T {
	t.Helper()
	out, stderr, code := start(t, env, args...)
	ok := false
	for _, c := range codes {
		ok = ok || c == code
	}
	if !ok {
		t.Fatalf("volteface %v: exit code %d\n%s", args, code, stderr)
	}
	var all []T
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var one T
		if err := decoder.Decode(&one); err != nil {
			t.Fatalf("volteface %v: %v in %s", args, err, out)
		}
		all = append(all, one)
	}
	return all
}

func start(t *testing.T, env []string, args ...string) (stdout []byte, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("volteface %v is not done after five minutes\n%s", args, errs.String())
	}
	return out.Bytes(), errs.String(), command.ProcessState.ExitCode()
}
