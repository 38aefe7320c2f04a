package language

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSentences measures how often passages of so many words are told right, and how far probabilities can be trusted, on the sentences
// that lingua-go is tested with (news and web pages, 1,000 a language). LANGUAGE_TESTDATA is the folder cmd/language-testdata
// of a checkout of github.com/pemistahl/lingua-go. docs/language.md has the figures.
func TestSentences(t *testing.T) {
	root := os.Getenv("LANGUAGE_TESTDATA")
	if root == "" {
		t.Skip("LANGUAGE_TESTDATA is not set")
	}
	codes := strings.Fields("en ru uk be bg sr fa ar he ur fr es pt it ro de nl pl cs sk hu tr az id ms hi ja ko zh vi el fi sv da nb et lv lt ka hy th")
	for _, c := range []struct {
		words int
		floor float64
	}{{5, .94}, {10, .96}, {20, .97}} {
		mean, clean := 0.0, 0.0 // over languages; the same but for Malay, whose sentences are Indonesian for the most part
		var bins [10]struct{ right, n, sure float64 }
		var report []string
		for _, code := range codes {
			b, err := os.ReadFile(filepath.Join(root, "sentences", code+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(b)), "\n")
			want := code
			if code == "nb" {
				want = "no"
			}
			right := 0
			wrong := map[string]int{}
			random := rand.New(rand.NewSource(1))
			for i := range lines {
				g := Identify(cut(lines, i, c.words, random))
				bin := &bins[min(int(g.Probability*10), 9)]
				bin.n++
				bin.sure += g.Probability
				if g.Code == want {
					right++
					bin.right++
				} else {
					wrong[g.Code]++
				}
			}
			accuracy := float64(right) / float64(len(lines))
			mean += accuracy / float64(len(codes))
			if code != "ms" {
				clean += accuracy / float64(len(codes)-1)
			}
			if accuracy < .98 {
				report = append(report, fmt.Sprintf("%s %.3f (%s)", code, accuracy, most(wrong)))
			}
		}
		off, all := 0.0, 0.0
		for _, b := range bins {
			off += max(b.sure-b.right, b.right-b.sure)
			all += b.n
		}
		t.Logf("%d words: right %.4f, without Malay %.4f, expected calibration error %.3f\n%s", c.words, mean, clean, off/all, strings.Join(report, "\n"))
		if mean < c.floor {
			t.Errorf("%d words: %.4f are told right, less than %.2f", c.words, mean, c.floor)
		}
	}
}

// TestStatements measures, for the twenty-five languages that most official pages are in, how often single sentences of 20 words and passages as
// long as a short statement (five sentences, 60 words or more) are told right, on the same sentences.
func TestStatements(t *testing.T) {
	root := os.Getenv("LANGUAGE_TESTDATA")
	if root == "" {
		t.Skip("LANGUAGE_TESTDATA is not set")
	}
	codes := strings.Fields("en ru uk fa ar he fr de es zh ja ko tr pt it hi pl nl ro cs hu el sv bg vi")
	for _, c := range []struct {
		name      string
		sentences int
		floor     float64
	}{{"sentences of 20 words", 0, .97}, {"statements", 5, .99}} {
		mean := 0.0
		var report []string
		for _, code := range codes {
			b, err := os.ReadFile(filepath.Join(root, "sentences", code+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(string(b)), "\n")
			random := rand.New(rand.NewSource(2))
			right, all := 0, 0
			wrong := map[string]int{}
			for i := range lines {
				var text string
				switch {
				case c.sentences == 0:
					text = cut(lines, i, 20, random)
				case i%c.sentences != 0:
					continue
				default:
					end := min(i+c.sentences, len(lines))
					for end < len(lines) && len(strings.Fields(strings.Join(lines[i:end], " "))) < 60 && end < i+3*c.sentences {
						end++
					}
					text = strings.Join(lines[i:end], " ")
				}
				all++
				if g := Identify(text); g.Code == code {
					right++
				} else {
					wrong[g.Code]++
				}
			}
			share := float64(right) / float64(all)
			mean += share / float64(len(codes))
			if share < .99 {
				report = append(report, fmt.Sprintf("%s %.3f (%s)", code, share, most(wrong)))
			}
		}
		t.Logf("%s: %.4f are told right; least %s", c.name, mean, strings.Join(report, ", "))
		if mean < c.floor {
			t.Errorf("%s: %.4f are told right, less than %.2f", c.name, mean, c.floor)
		}
	}
}

// cut gives so many words of a sentence, from a random place, or of it and those after it if it is short. Sentences in
// scripts without spaces stay whole.
func cut(lines []string, i, words int, random *rand.Rand) string {
	f := strings.Fields(lines[i])
	for k := i + 1; len(f) < words && k < i+6; k++ {
		f = append(f, strings.Fields(lines[k%len(lines)])...)
	}
	if len(f) > words {
		at := random.Intn(len(f) - words + 1)
		f = f[at : at+words]
	}
	return strings.Join(f, " ")
}

func most(wrong map[string]int) string {
	var codes []string
	for c := range wrong {
		codes = append(codes, c)
	}
	slices.SortFunc(codes, func(a, b string) int { return wrong[b] - wrong[a] })
	var out []string
	for _, c := range codes[:min(3, len(codes))] {
		out = append(out, fmt.Sprintf("%s %d", c, wrong[c]))
	}
	return strings.Join(out, ", ")
}
