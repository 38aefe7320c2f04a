package config

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bombs are files that are small, and large once they are understood.
func bombs() map[string]string {
	steps := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + steps(12, func(i int) string {
		return fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	})
	return map[string]string{
		"brackets":           strings.Repeat("[", 200_000),
		"brackets, closed":   "tags: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"brackets on lines":  strings.Repeat("[\n", 100_000),
		"braces":             strings.Repeat("{", 200_000),
		"both":               strings.Repeat("[{", 1000),
		"braces with keys":   strings.Repeat("{a: ", 100_000),
		"dashes":             strings.Repeat("- ", 200_000),
		"dashes and keys":    strings.Repeat("- a: ", 1000),
		"question marks":     strings.Repeat("? ", 200_000),
		"anchors":            strings.Repeat("&a ", 200_000) + "x",
		"tags":               strings.Repeat("!a ", 200_000) + "x",
		"keys":               strings.Repeat("a: ", 200_000),
		"steps":              steps(1000, func(i int) string { return strings.Repeat(" ", i) + "a:\n" }),
		"steps of dashes":    steps(1000, func(i int) string { return strings.Repeat(" ", i) + "-\n" }),
		"laughs":             laughs,
		"aliases":            "a: &a x\ntags: [" + strings.Repeat("*a, ", 40_000) + "x]\n",
		"itself":             "a: &a [*a]\n",
		"many lists":         "tags: [" + strings.Repeat("[], ", 200_000) + "]",
		"many keys":          steps(60_000, func(i int) string { return fmt.Sprintf("key%d: x\n", i) }),
		"many words":         "tags:\n" + strings.Repeat("  - a\n", 49_000),
		"many comments":      strings.Repeat("# x\n", 90_000),
		"many documents":     strings.Repeat("---\n", 90_000),
		"a long word":        "id: " + strings.Repeat("x", maxFile-10),
		"a long text":        "id: |\n" + strings.Repeat("  x\n", 80_000),
		"an open quote":      `id: "` + strings.Repeat("\\", maxFile-10),
		"an open quote, too": "id: '" + strings.Repeat("x\n", 100_000),
		"too long":           strings.Repeat("x", maxFile+1),
	}
}

// No file costs more than a moment and some memory, whatever is in it, and what
// is refused says so with a place and advice.
func TestBombs(t *testing.T) {
	for name, text := range bombs() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			var cfg Config
			_, err := decode("x.yaml", []byte(text), func(string) string { return "" }, &cfg)
			_, sourceErr := (&Config{}).ParseSource("x.yaml", []byte(text), func(string) string { return "" })
			_, topicErr := ParseTopic("x.yaml", []byte(text), func(string) string { return "" })
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 600 || took > 20*time.Second {
				t.Errorf("%d MB, %s", used, took)
			}
			var placed *Error
			for _, err := range []error{err, sourceErr, topicErr} {
				if name == "many comments" || name == "many documents" {
					continue // nothing but comments is nothing
				}
				if !errors.As(err, &placed) || placed.Hint == "" || len(err.Error()) > 2000 {
					t.Errorf("%.300v", err)
				}
			}
		})
	}
}

// What people do write is not refused.
func TestWithinBounds(t *testing.T) {
	text := "id: x\nissuer: {id: x, name: X, government: XX}\nurl: https://a.example/\nkind: listing\nlisting: {item: li}\n" +
		"extract: &e {title: [h1], body: [div]}\nexclude:\n" + strings.Repeat("  - '[[[[({'  # [[[[\n", 500)
	text = strings.Replace(text, "&e ", "", 1)
	text = strings.ReplaceAll(text, "'[[[[({'", `'\[\[\[\[\(\{'`)
	if _, err := (&Config{}).ParseSource("x.yaml", []byte(text), func(string) string { return "" }); err != nil {
		t.Error(err)
	}
}
