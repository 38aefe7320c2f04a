package cli

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What a person types wrong is told in words of our own, with an example; nothing of the libraries shows through.
func TestArgumentsInWords(t *testing.T) {
	for _, c := range []struct{ line, want, hint string }{
		{"backup", "volteface backup needs FOLDER", "volteface backup /mnt/backup/volteface"},
		{"restore a b", `volteface restore takes FOLDER; "b" is too much`, "volteface restore"},
		{"sources show", "volteface sources show needs SOURCE", "volteface sources show kremlin"},
		{"sources test a b", `"b" is too much`, "volteface sources test kremlin"},
		{"import", "volteface import needs FILE", "volteface import"},
		{"run now", `volteface run takes no argument, but "now" was given`, "volteface run"},
		{"check a b c", `"c" is too much`, "volteface check"},
		{"alerts unmute", "volteface alerts unmute needs SOURCE", "volteface alerts unmute kremlin"},
		{"scrape kremlin --limit five", `--limit "five" is not a whole number`, "--limit 5"},
		{"scrape kremlin --limit 99999999999999999999", "not within the range", "--limit 5"},
		{"scrape kremlin --deep=perhaps", `--deep "perhaps" is not true or false`, "--deep=true"},
		{"scrape kremlin --limt 5", "there is no flag --limt", "did you mean --limit?"},
		{"positions drones", `there is no topic "drones"`, `did you mean "drone-supply-to-russia"?`},
		{"statements export -o out.pdf", "out.pdf: nothing is written as .pdf", ".jsonl, .csv or .md"},
		{"statements export -o out.docx.gz", "nothing is written as .docx", ".jsonl, .csv or .md"},
	} {
		code, out, errs := runWith(t, "", "", append([]string{"--data-dir", t.TempDir()}, strings.Fields(c.line)...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, "error: ") || !strings.Contains(errs, c.want) || !strings.Contains(errs, "hint: ") || !strings.Contains(errs, c.hint) {
			t.Errorf("%s: exit %d, %s%s", c.line, code, out, errs)
		}
		if regexp.MustCompile(`strconv|arg\(s\)|pflag|invalid argument`).MatchString(errs) {
			t.Errorf("%s: %s", c.line, errs)
		}
	}
}

func TestAFlagWithoutItsValue(t *testing.T) {
	var out, errs bytes.Buffer
	code := Main(t.Context(), []string{"scrape", "kremlin", "--limit"}, strings.NewReader(""), &out, &errs, func(string) string { return "" })
	if code != exitUsage || !strings.Contains(errs.String(), "error: --limit needs N") || !strings.Contains(errs.String(), "hint: read N statements") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}

// The end of a mute is told with its zone.
func TestMutesTellTheZone(t *testing.T) {
	code, out, errs := runWith(t, "", "", "alerts", "mute", "kremlin", "--until", "8h", "--data-dir", t.TempDir())
	zone, _ := time.Now().Add(8 * time.Hour).Local().Zone()
	if code != 0 || !regexp.MustCompile(`is muted until \d+ \w+ \d{4}, \d\d:\d\d `+regexp.QuoteMeta(zone)+`;`).MatchString(out) {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}

// Where no daemon runs, no visit is promised.
func TestNoVisitIsPromisedWithoutADaemon(t *testing.T) {
	folder := t.TempDir()
	code, out, errs := runWith(t, "", "", "sources", "list", "kremlin", "--data-dir", folder)
	if code != 0 || !strings.Contains(out, "no daemon") || regexp.MustCompile(` in \d+ (min|h)`).MatchString(out) || !strings.Contains(errs, "volteface run") {
		t.Errorf("without: exit %d, %s%s", code, out, errs)
	}
	release, err := alone(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	code, out, errs = runWith(t, "", "", "sources", "list", "kremlin", "--data-dir", folder)
	if code != 0 || strings.Contains(out, "no daemon") || !regexp.MustCompile(` in (\d+ (min|h)|a moment)`).MatchString(out) || errs != "" {
		t.Errorf("with: exit %d, %s%s", code, out, errs)
	}
}

// Nobody serves the pages that public_url would lead to, so no alert leads there.
func TestNoLinksToPagesNobodyServes(t *testing.T) {
	const configuration = "public_url: https://pages.example.org\n"
	for _, sample := range []string{"new", "edited", "digest", "reversal"} {
		code, out, errs := runWith(t, configuration, "", "alerts", "preview", "--sample", sample, "--json", "--data-dir", t.TempDir())
		if code != 0 || strings.Contains(out, "pages.example.org") || !strings.Contains(out, "volteface ") {
			t.Errorf("%s: exit %d, %s%s", sample, code, out, errs)
		}
	}
	code, _, errs := runWith(t, configuration, "", "sources", "validate", "--data-dir", t.TempDir())
	if code != 0 || !strings.Contains(errs, "public_url makes no links") {
		t.Errorf("validate: exit %d, %s", code, errs)
	}
}

// An interrupted command promises to go on only where it does.
func TestInterruptedPromisesWhatIsTrue(t *testing.T) {
	before, after := filepath.Join(t.TempDir(), "a.txt"), filepath.Join(t.TempDir(), "b.txt")
	for _, name := range []string{before, after} {
		if err := os.WriteFile(name, []byte("The bridge is open.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for line, resumes := range map[string]bool{"check " + before + " " + after: false, "scrape kremlin --sources-dir " + t.TempDir(): true} {
		var out, errs bytes.Buffer
		Main(ctx, append(strings.Fields(line), "--data-dir", t.TempDir()), strings.NewReader(""), &out, &errs, func(string) string { return "" })
		if !strings.Contains(errs.String(), "error: interrupted") || strings.Contains(errs.String(), "goes on from there") != resumes {
			t.Errorf("%s: %s", line, errs.String())
		}
	}
}

// Messages are plain English: what is no X elsewhere "is not an X" here.
func TestMessagesArePlainEnglish(t *testing.T) {
	stilted := regexp.MustCompile(`(?:^|[^e]) (?:is|are) no (?:[a-z]+)|takes us in|of no one kind|is heard again`)
	fine := regexp.MustCompile(`there (?:is|are) no |no (?:longer|more) |that is no evidence`)
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root) {
			if d != nil && d.IsDir() {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "storetest") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err == nil && !strings.Contains(text, "\n") && stilted.MatchString(text) && !fine.MatchString(text) {
				t.Errorf("%s: %q", fset.Position(lit.Pos()), text)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// README shows what the demonstration prints.
func TestReadmeShowsTheDemo(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, sample, found := strings.Cut(string(readme), "$ volteface demo\n")
	sample, _, ends := strings.Cut(sample, "```")
	if !found || !ends {
		t.Fatal("README shows no demonstration")
	}
	code, out, errs := runWith(t, "", "", "demo", "--data-dir", filepath.Join(t.TempDir(), "demo"))
	if code != 0 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	for part := range strings.SplitSeq(sample, "…\n") {
		if part = strings.Trim(part, "\n"); !strings.Contains(out, part) {
			t.Errorf("README shows\n%s\nbut the demonstration prints\n%s", part, out)
		}
	}
}

// The recipe for a source of one's own works as it is written, also the older one in which the shell makes an empty file first.
func TestASourceOfOnesOwn(t *testing.T) {
	home := t.TempDir()
	getenv := func(name string) string { return map[string]string{"HOME": home}[name] }
	run := func(args ...string) (int, string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		code := Main(t.Context(), args, strings.NewReader(""), &out, &errs, getenv)
		return code, out.String(), errs.String()
	}
	folder := filepath.Join(home, ".config", "volteface", "sources")
	code, out, errs := run("sources", "new", "my-source", "--from", "kremlin")
	path := filepath.Join(folder, "my-source.yaml")
	if code != 0 || !strings.Contains(out, path) || !strings.Contains(out, "volteface sources test my-source") {
		t.Fatalf("new: exit %d, %s%s", code, out, errs)
	}
	content, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(content, []byte("\nid: my-source\n")) || !bytes.Contains(content, []byte("# ")) {
		t.Errorf("%s, %v", content, err)
	}
	if code, out, errs = run("sources", "validate"); code != 0 || errs != "" {
		t.Errorf("validate: exit %d, %s%s", code, out, errs)
	}
	if code, out, _ = run("sources", "list", "my-source"); code != 0 || !strings.Contains(out, "my-source") {
		t.Errorf("list: exit %d, %s", code, out)
	}
	for line, want := range map[string]string{
		"sources new my-source --from kremlin": "there is a source my-source already",
		"sources new nato --from kremlin":      "there is a source nato already",
		"sources new Other --from kremlin":     "cannot be the id",
		"sources new ../x --from kremlin":      "cannot be the id",
		"sources new other --from kremln":      "there is no source",
		"sources new other":                    "name the source to begin with",
	} {
		if code, _, errs := run(strings.Fields(line)...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", line, code, errs)
		}
	}
	// volteface sources show kremlin > sources/another.yaml
	other := filepath.Join(folder, "another.yaml")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs = run("sources", "show", "kremlin")
	if code != 0 || !strings.Contains(out, "id: kremlin") {
		t.Fatalf("show into an empty file: exit %d, %s", code, errs)
	}
	if err := os.WriteFile(other, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"sources validate", "sources list kremlin", "sources show kremlin"} {
		if code, out, errs = run(strings.Fields(line)...); code != 0 || !strings.Contains(errs, "another.yaml replaces the built-in source kremlin") {
			t.Errorf("%s: exit %d, %s%s", line, code, out, errs)
		}
	}
}

// A file that is checked before it is among the sources is held against them, too.
func TestValidateTellsATakenID(t *testing.T) {
	code, copied, errs := runWith(t, "", "", "sources", "show", "kremlin", "--data-dir", t.TempDir())
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(copied), 0o600); code != 0 || err != nil {
		t.Fatal(code, errs, err)
	}
	if code, _, errs = runWith(t, "", "", "sources", "validate", file, "--data-dir", t.TempDir()); code != 0 || !strings.Contains(errs, "mine.yaml has the id kremlin") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// Rules with names that nobody has stop what would use them, and validate says so.
func TestUnknownNamesInRules(t *testing.T) {
	const configuration = "channels: {m: {maildir: m}}\nalerts:\n  - {events: [new], to: [m], sources: [kremln]}\n"
	for _, line := range []string{"sources validate", "run", "scrape kremlin --dry-run"} {
		code, _, errs := runWith(t, configuration, "", append(strings.Fields(line), "--data-dir", t.TempDir())...)
		if code == 0 || !strings.Contains(errs, `:3:40: no source is called "kremln"`) || !strings.Contains(errs, `hint: did you mean "kremlin"?`) {
			t.Errorf("%s: exit %d, %s", line, code, errs)
		}
	}
}

// sources test shows what a scrape would do: the items, those that patterns leave out, each selector with its count and an
// example, and warnings.
func TestSourcesTestShowsWhatScrapeDoes(t *testing.T) {
	pages := map[string]string{
		"/news": `<html><body><ul>
<li><a href="/video/1">A film</a><time datetime="2022-11-06">6 November</time></li>
<li><a href="/news/2">On the grain</a></li>
<li><a href="/news/1">On the drones</a><time datetime="2022-11-05">5 November</time></li>
<li>No link</li></ul></body></html>`,
		"/news/2": `<html lang="en"><head><title>On the grain</title></head><body><main><h1>On the grain</h1>
<p>The ministry has not supplied grain to either side, and it will not do so in the future, the spokesman said.</p>
<p>It has never said that it would, he added, and nobody has asked for it in the last few years.</p></main></body></html>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, known := pages[r.URL.Path]
		if !known {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	defer server.Close()
	folder := t.TempDir()
	definition := `id: press
issuer: {id: p, name: Press}
kind: listing
url: ` + server.URL + `/news
delay: 0s
exclude: ['/video/']
listing: {item: li, link: a, date: [{selectors: [time], attr: datetime}], category: .kind}
extract: {title: [h1], body: [.text], published: [{selectors: [.date]}]}
`
	if err := os.WriteFile(filepath.Join(folder, "press.yaml"), []byte(definition), 0o600); err != nil {
		t.Fatal(err)
	}
	const open = "http: {allow_private: true, proxy: direct}\n"
	code, out, errs := runWith(t, open, "", "sources", "test", "press", "--sources-dir", folder, "--data-dir", t.TempDir())
	if code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	for _, want := range []string{
		"listing     3 statements on the first page, 1 of them left out",
		"left out: its address matches exclude[0]: /video/", "On the drones",
		"newest      " + server.URL + "/news/2",
		"RULE", "MATCHES", "SELECTOR", "EXAMPLE",
		"warning: no selector of extract.body matches", "warning: no date is found, neither in the listing nor on the page",
		"warning: listing.category matches nothing", "warning: 1 of 2 statements to be read has no date", "warning: 1 item of the listing has no link",
		"warning: neither listing.next nor listing.next_url",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	for _, row := range []string{`listing\.item +4 +li +A film`, `listing\.link +3 +a +/video/1`, `listing\.date\[0\]\.selectors\[0\] +2 +time +2022-11-06`, `extract\.title\[0\] +1 +h1 +On the grain`, `extract\.body\[0\] +0 +\.text`, `extract\.published\[0\]\.selectors\[0\] +0 +\.date`} {
		if !regexp.MustCompile(`(?m)^` + row).MatchString(out) {
			t.Errorf("no row %s in\n%s", row, out)
		}
	}
	// A scrape reads the very same.
	_, found, _ := runWith(t, open, "", "scrape", "press", "--limit", "1", "--json", "--sources-dir", folder, "--data-dir", t.TempDir())
	if !strings.Contains(found, server.URL+`/news/2"`) || strings.Contains(found, "/video/") {
		t.Errorf("scrape: %s", found)
	}
	_, out, _ = runWith(t, open, "", "sources", "test", "press", "--json", "--sources-dir", folder, "--data-dir", t.TempDir())
	if !strings.Contains(out, `"items":3,"wanted":2,"listed":[{"url":`) || !strings.Contains(out, `"rules":[{"rule":"listing.item","selector":"li","matches":4,"example":"A film 6 November"}`) {
		t.Errorf("%s", out)
	}
	// Where all is left out, that is said with the reason.
	if err := os.WriteFile(filepath.Join(folder, "press.yaml"), []byte(definition+"include: ['/never/']\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs = runWith(t, open, "", "sources", "test", "press", "--sources-dir", folder, "--data-dir", t.TempDir())
	if code != exitFailed || !strings.Contains(errs, "and all are left out") || !strings.Contains(out, "no pattern of include") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}

// Texts in the character sets of Windows are compared, checked and imported as what they say; what is no text is refused by name.
func TestTextFilesInOtherCharsets(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	utf16 := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	before := file("before.txt", "\xcf\xee\xf1\xf2\xe0\xe2\xea\xe8 \xef\xf0\xe5\xea\xf0\xe0\xf9\xe5\xed\xfb.\r\n") // Поставки прекращены. in windows-1251
	after := file("after.txt", utf16("Поставки продолжены.\r\n"))
	code, out, errs := runWith(t, "", "", "diff", before, after, "--unified")
	if code != 0 || !strings.Contains(out, "[-прекращены-]{+продолжены+}") || !strings.Contains(errs, "is read as windows-1251") {
		t.Errorf("diff: exit %d, %s%s", code, out, errs)
	}
	code, out, errs = runWith(t, "", "", "check", file("one.txt", utf16("The bridge is open.\r\n")), file("two.txt", "\xef\xbb\xbfThe bridge is open.\n"))
	if code != 0 || !strings.Contains(out, "No contradiction found") {
		t.Errorf("check: exit %d, %s%s", code, out, errs)
	}
	for name, content := range map[string]string{"a PDF": "%PDF-1.7\n\xe2\xe3", "a ZIP archive": "PK\x03\x04rest\x00"} {
		for _, args := range [][]string{{"diff", file("x", content), before}, {"check", file("x", content), before}, {"import", file("x", content)}} {
			code, out, errs := runWith(t, "", "", append(args, "--data-dir", t.TempDir())...)
			if code == 0 || out != "" || !strings.Contains(errs, "not a text file: it holds "+name) {
				t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
			}
		}
	}
	data := t.TempDir()
	archive := file("archive.jsonl", "{\"source\":\"kremlin\",\"url\":\"http://en.kremlin.ru/events/president/news/1\",\"title\":\"\xce \xe7\xe5\xf0\xed\xe5\",\"text\":\"\xcf\xee\xf1\xf2\xe0\xe2\xea\xe8 \xef\xf0\xe5\xea\xf0\xe0\xf9\xe5\xed\xfb.\"}\r\n")
	code, out, errs = runWith(t, "", "", "import", archive, "--data-dir", data)
	if code != 0 || !strings.Contains(out, "1 new") {
		t.Fatalf("import: exit %d, %s%s", code, out, errs)
	}
	if _, out, _ = runWith(t, "", "", "statements", "list", "--data-dir", data); !strings.Contains(out, "О зерне") {
		t.Errorf("imported: %s", out)
	}
	code, _, errs = runWith(t, "", "", "check", "--pairs", file("late.jsonl", strings.Repeat(" ", 1<<20)+"\n{\"before\": \"caf\xe9\", \"after\": \"x\"}\n"))
	if code == 0 || !strings.Contains(errs, "line 2 is not in UTF-8") {
		t.Errorf("a line in another set: exit %d, %s", code, errs)
	}
	code, _, errs = runWith(t, "", "", "diff", before, after, "--charset", "windows-1215")
	if code == 0 || !strings.Contains(errs, `did you mean "windows-1251"`) {
		t.Errorf("--charset: exit %d, %s", code, errs)
	}
}
