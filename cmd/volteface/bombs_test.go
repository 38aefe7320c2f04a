package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/replaytest"
)

// peak runs the program and gives the most memory it had resident, in bytes.
// (What wait4 tells of a process counts its parent's memory too.)
func peak(t *testing.T, args ...string) (most int64, out string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary, args...)
	var all bytes.Buffer
	command.Stdout, command.Stderr = &all, &all
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = command.Wait() // how it ends is not what this is about
	}()
	for {
		most = max(most, replaytest.Peak(command.Process.Pid))
		select {
		case <-done:
			if most == 0 {
				t.Skip("this system does not tell the memory of a process")
			}
			return most, all.String()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// zeros is a gzip stream that unpacks to so many bytes of white space, after a
// beginning.
func zeros(t *testing.T, beginning string, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	fmt.Fprint(w, beginning)
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for ; size > 0; size -= len(blank) {
		if _, err := w.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// No answer takes more than 64 MB beyond what a visit takes anyway, whatever
// kind of source it is an answer to. VOLTEFACE_LONG tries all kinds of bomb.
func TestBombs(t *testing.T) {
	const (
		most = 64 << 20
		size = 8<<20 - 4096 // just within http.max_body
	)
	fill := func(before, part, after string) []byte {
		return []byte(before + strings.Repeat(part, (size-len(before)-len(after))/len(part)) + after)
	}
	rss, urlset := `<rss version="2.0"><channel><title>x</title>`, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`
	entities := `<!DOCTYPE x [<!ENTITY a0 "lol">`
	for i := range 12 {
		entities += fmt.Sprintf(`<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	entities += "]>"
	bombs := []struct {
		kind, name string
		body       []byte
		packed     bool
	}{
		{"feed", "small items", fill(rss, `<item><link>/1</link></item>`, `</channel></rss>`), false},
		{"feed", "long items", fill(rss, `<item><title>x</title><link>/2</link><description>`+strings.Repeat("text &lt;p&gt; ", 5000)+`</description></item>`, `</channel></rss>`), false},
		{"feed", "one long item", fill(rss+`<item><link>/3</link><description>`, `&lt;b&gt;`, `</description></item></channel></rss>`), false},
		{"feed", "nested", fill(rss, `<a>`, ""), false},
		{"feed", "attributes", fill(rss+"<item ", `a="" `, "></item></channel></rss>"), false},
		{"feed", "one attribute", fill(rss+`<item a="`, `x`, `"></item></channel></rss>`), false},
		{"feed", "entities", []byte(`<?xml version="1.0"?>` + entities + rss + `<item><title>&a12;</title><link>/4</link></item></channel></rss>`), false},
		{"feed", "packed", zeros(t, rss, 1<<30), true},
		{"feed", "atom links", fill(`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>`, `<link href="/5"/>`, `</entry></feed>`), false},
		{"feed", "JSON", fill(`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1"}`, `,{}`, `]}`), false},
		{"sitemap", "small items", fill(urlset, `<url><loc>/1</loc></url>`, `</urlset>`), false},
		{"sitemap", "nested", fill(urlset, `<url>`, ""), false},
		{"sitemap", "one long address", fill(urlset+`<url><loc>http://x/`, `x`, `</loc></url></urlset>`), false},
		{"sitemap", "entities", []byte(`<?xml version="1.0"?>` + entities + urlset + `<url><loc>&a12;</loc></url></urlset>`), false},
		{"sitemap", "packed", zeros(t, urlset, 1<<30), true},
		{"sitemap", "a packed file", zeros(t, urlset, 45<<20), false},
		{"sitemap", "a packed file without end", zeros(t, urlset, 1<<30), false},
		{"listing", "items", fill(`<ul>`, `<li><a href="/1">x</a></li>`, `</ul>`), false},
		{"listing", "links", fill(`<p>`, `<a href=/1>`, ``), false},
		{"listing", "packed", zeros(t, `<li>`, 1<<30), true},
		{"api", "small items", fill(`{"items":[{"link":"/1"}`, `,{"link":"/1"}`, `]}`), false},
		{"api", "nested", fill(`{"items":`, `[`, ``), false},
		{"api", "numbers", fill(`{"items":[0`, `,0`, `]}`), false},
	}
	answer := bombs[0]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		types := map[string]string{"feed": "application/xml", "sitemap": "application/xml", "listing": "text/html", "api": "application/json"}
		w.Header().Set("Content-Type", types[answer.kind])
		if answer.packed {
			w.Header().Set("Content-Encoding", "gzip")
		}
		_, _ = w.Write(answer.body)
	}))
	defer server.Close()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sources"), 0o700); err != nil {
		t.Fatal(err)
	}
	more := map[string]string{"feed": "", "sitemap": "", "listing": "listing: {item: li}\n", "api": "api: {items: items, link: link}\n"}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := write("volteface.yaml", "http: {allow_private: true, timeout: 20s}\n")
	for kind, own := range more {
		write("sources/"+kind+"-bomb.yaml", fmt.Sprintf("id: %s-bomb\nissuer: {id: press, name: Press}\nkind: %s\nurl: %s/\ndelay: 1ms\nlanguage: en\n%s", kind, kind, server.URL, own))
	}
	visit := func(kind string) (int64, string) {
		return peak(t, "scrape", kind+"-bomb", "--limit", "5", "--config", config, "--data-dir", t.TempDir())
	}
	calm := int64(0)
	for kind, body := range map[string]string{
		"feed": rss + `<item><title>x</title><link>/1</link></item></channel></rss>`, "sitemap": urlset + `<url><loc>` + server.URL + `/1</loc></url></urlset>`,
		"listing": `<li><a href="/1">x</a></li>`, "api": `{"items":[{"link":"/1","title":"x"}]}`,
	} {
		answer.kind, answer.body = kind, []byte(body)
		used, _ := visit(kind)
		calm = max(calm, used)
	}
	worst := int64(0)
	for _, bomb := range bombs {
		if os.Getenv("VOLTEFACE_LONG") == "" && bomb.name != "small items" {
			continue
		}
		answer = bomb
		used, out := visit(bomb.kind)
		t.Logf("%s, %s: %d MB more", bomb.kind, bomb.name, (used-calm)>>20)
		if worst = max(worst, used-calm); used-calm > most {
			t.Errorf("%s, %s: %d MB more than an ordinary visit\n%.300s", bomb.kind, bomb.name, (used-calm)>>20, out)
		}
	}
	t.Logf("an ordinary visit takes %d MB, the worst %d MB more", calm>>20, worst>>20)
}
