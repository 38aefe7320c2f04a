package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Two processes that visit two sources of one host at the same time ask it one
// thing at a time between them, with the pause of the sources, and both get all
// they came for.
func TestTwoProcessesOneHost(t *testing.T) {
	const pause = 120 * time.Millisecond
	var mu sync.Mutex
	var last time.Time // end of the last answer
	now, most, robots, asked := 0, 0, 0, map[string]int{}
	shortest := time.Hour
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		if !last.IsZero() {
			shortest = min(shortest, time.Since(last))
		}
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		w.Header().Set("Content-Type", "text/html")
		switch path := r.URL.Path; {
		case path == "/robots.txt":
			robots++
			http.NotFound(w, r)
		case strings.Count(path, "/") == 1: // a listing
			for i := range 5 {
				fmt.Fprintf(w, `<li><a href="%s/%d">Statement %d</a></li>`, path, i, i)
			}
		default:
			fmt.Fprintf(w, "<h1>Statement %s</h1><p>The ministry denies it, for the reason given in %s.</p>", path, path)
		}
		mu.Lock()
		asked[r.URL.Path]++
		now--
		last = time.Now()
		mu.Unlock()
	}))
	defer server.Close()
	dir, data := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sources"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"first", "second"} {
		text := fmt.Sprintf("id: %s\nissuer: {id: press, name: Press}\nkind: listing\nurl: %s/%s\ndelay: %s\nlanguage: en\nlisting: {item: li}\nextract: {title: [h1], body: [p]}\n", id, server.URL, id, pause)
		if err := os.WriteFile(filepath.Join(dir, "sources", id+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "volteface.yaml")
	if err := os.WriteFile(config, []byte("http: {allow_private: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for _, id := range []string{"first", "second"} {
		both.Go(func() {
			if out, errs, code := start(t, nil, "scrape", id, "--json", "--config", config, "--data-dir", data); code != 0 || strings.Count(string(out), `"NEW"`) != 5 {
				t.Errorf("%s: exit code %d, %s%s", id, code, out, errs)
			}
		})
	}
	both.Wait()
	if most != 1 {
		t.Errorf("%d requests at once", most)
	}
	if shortest < pause-5*time.Millisecond { // what the machine's clocks may differ by
		t.Errorf("a request came %s after the one before, want %s", shortest, pause)
	}
	if pages := len(asked) - 1; pages != 12 || robots > 2 {
		t.Errorf("%d pages were asked for, and robots.txt %d times", pages, robots)
	}
	t.Logf("%d at once, the shortest pause %s", most, shortest)
}
