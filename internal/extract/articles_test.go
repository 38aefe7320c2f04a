package extract

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
)

// articleWord is a token of the article-extraction-benchmark.
var articleWord = regexp.MustCompile(`[\pL\pM\pN_]+`)

func articleShingles(text string) map[string]int {
	words := articleWord.FindAllString(text, -1)
	count := map[string]int{}
	for i := range max(1, len(words)-3) {
		if s := strings.Join(words[i:min(i+4, len(words))], " "); s != "" {
			count[s]++
		}
	}
	return count
}

// articleScore is precision and recall of the shingles of four words.
func articleScore(want, got string) (precision, recall float64) {
	a, b := articleShingles(want), articleShingles(got)
	var both, na, nb float64
	for s, n := range a {
		na += float64(n)
		both += float64(min(n, b[s]))
	}
	for _, n := range b {
		nb += float64(n)
	}
	switch {
	case na == 0 && nb == 0:
		return 1, 1
	case both == 0:
		return 0, 0
	}
	return both / nb, both / na
}

// TestArticleBenchmark measures the text found without any rule on the 181 pages
// of github.com/scrapinghub/article-extraction-benchmark, as that does: F1 of the
// mean precision and recall of four-word shingles. ARTICLE_BENCHMARK is a work
// tree of it. Every second page is there to develop with, the others to measure.
func TestArticleBenchmark(t *testing.T) {
	dir := os.Getenv("ARTICLE_BENCHMARK")
	if dir == "" {
		t.Skip("ARTICLE_BENCHMARK is not set")
	}
	var truth map[string]struct{ ArticleBody, URL string }
	b, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range truth {
		names = append(names, name)
	}
	slices.Sort(names)
	x := extractor(t, statement.Source{Language: "en"})
	var sums [2]struct{ p, r, n float64 }
	for i, name := range names {
		page := readBody(t, filepath.Join(dir, "html", name+".html.gz"))
		d, err := x.Extract(Input{URL: truth[name].URL, ContentType: "text/html; charset=utf-8", Body: page, Representation: statement.FromPage})
		if err != nil {
			t.Logf("%s: %v", name, err)
		}
		p, r := articleScore(truth[name].ArticleBody, d.Body)
		s := &sums[i%2]
		s.p, s.r, s.n = s.p+p, s.r+r, s.n+1
		if i%2 == 0 && (p < .95 || r < .95) {
			t.Logf("%.8s p %.3f r %.3f %s", name, p, r, truth[name].URL)
		}
		if out := os.Getenv("ARTICLE_DUMP"); out != "" && i%2 == 0 {
			dumpArticle(t, filepath.Join(out, name[:8]), truth[name].ArticleBody, d.Body)
		}
	}
	f1 := func(p, r float64) float64 { return 2 * p * r / (p + r) }
	develop, measure := sums[0], sums[1]
	all := f1((develop.p+measure.p)/(develop.n+measure.n), (develop.r+measure.r)/(develop.n+measure.n))
	t.Logf("F1 %.4f on all pages, %.4f (p %.3f r %.3f) on those developed with, %.4f (p %.3f r %.3f) on the others", all,
		f1(develop.p/develop.n, develop.r/develop.n), develop.p/develop.n, develop.r/develop.n,
		f1(measure.p/measure.n, measure.r/measure.n), measure.p/measure.n, measure.r/measure.n)
	if all < .955 {
		t.Errorf("F1 %.4f, less than .955", all)
	}
}

func dumpArticle(t *testing.T, path, want, got string) {
	t.Helper()
	for suffix, text := range map[string]string{".want": want, ".got": got} {
		f, err := os.Create(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(f)
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintln(w, line)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
