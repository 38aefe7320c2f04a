package diff

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// prose makes texts whose words are as unevenly frequent as those of a language
// (Zipf), in sentences of 8 to 32 words and paragraphs of 5 sentences.
type prose struct {
	r *rand.Rand
	z *rand.Zipf
}

func newProse(seed uint64) prose {
	r := rand.New(rand.NewPCG(seed, 5))
	return prose{r, rand.NewZipf(r, 1.07, 4, 5999)}
}

func (p prose) word() string {
	n := int(p.z.Uint64()) + 11
	var b strings.Builder
	for ; n > 0; n /= 13 {
		b.WriteString([]string{"ta", "re", "mi", "so", "lu", "ke", "vo", "na", "pi", "da", "ger", "fon", "bru"}[n%13])
	}
	return b.String()
}

func (p prose) sentence() []string {
	s := make([]string, 8+p.r.IntN(25))
	for i := range s {
		s[i] = p.word()
	}
	s[len(s)-1] += "."
	s[0] = strings.ToUpper(s[0][:1]) + s[0][1:]
	return s
}

func (p prose) sentences(words int) (list [][]string) {
	for n := 0; n < words; {
		s := p.sentence()
		list = append(list, s)
		n += len(s)
	}
	return list
}

func written(list [][]string) Text {
	var b strings.Builder
	for i, s := range list {
		switch {
		case i == 0:
		case i%5 == 0:
			b.WriteString("\n\n")
		default:
			b.WriteString(" ")
		}
		b.WriteString(strings.Join(s, " "))
	}
	return Text{Body: b.String()}
}

// pairs are the three texts of 20,000 words that differs are compared on.
func pairs(words int) map[string][2]Text {
	p, q := newProse(1), newProse(2)
	a := p.sentences(words)
	var edited, half [][]string
	for i, s := range a {
		var t []string
		for _, w := range s {
			switch k := q.r.IntN(100); {
			case k < 3:
				t = append(t, q.word())
			case k == 3:
			case k == 4:
				t = append(t, w, q.word())
			default:
				t = append(t, w)
			}
		}
		edited = append(edited, t)
		if i%2 == 1 {
			s = q.sentence()
		}
		half = append(half, s)
	}
	return map[string][2]Text{
		"edited":    {written(a), written(edited)},
		"half":      {written(a), written(half)},
		"unrelated": {written(a), written(q.sentences(words))},
	}
}

func BenchmarkCompare(b *testing.B) {
	for name, pair := range pairs(20_000) {
		b.Run(name, func(b *testing.B) {
			timed(b, func() { Compare(pair[0], pair[1]) })
		})
	}
}

// timed also reports the processor's time, garbage collection included: what
// else the machine does falsifies that least.
func timed(b *testing.B, do func()) {
	cpu := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	runtime.GC()
	start := cpu()
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64((cpu()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// worst are pairs that are bad for one method or another.
func worst(size int) map[string][2]Text {
	r := rand.New(rand.NewPCG(3, 3))
	of := func(word func() string) string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(word())
		}
		return b.String()
	}
	pick := func(list ...string) func() string { return func() string { return list[r.IntN(len(list))] } }
	p, q := newProse(8), newProse(9)
	shuffled := func() string {
		n := size / 8
		var b strings.Builder
		for _, k := range r.Perm(n) {
			fmt.Fprintf(&b, "%07x ", k)
		}
		return b.String()
	}
	mosaic := func() string { // the same sentences in another order
		list := newProse(7).sentences(size / 8)
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return written(list).Body
	}
	repeats := func(twice bool) string { // paragraphs that stand twice, nearly, or once
		same := newProse(6).sentences(size / 16)
		var b strings.Builder
		for i, s := range same {
			b.WriteString(strings.Join(s, " ") + "\n\n")
			if twice && i%2 == 0 {
				s[len(s)/2] = "nearly"
				b.WriteString(strings.Join(s, " ") + "\n\n")
			}
		}
		return b.String()
	}
	tenth := func(word string) string { // every tenth word is this one
		same := newProse(5)
		return of(func() string { return strings.Repeat(same.word()+" ", 9) + word })
	}
	pieces := func(k int) string { // hundreds of short words replaced at a time
		i := 0
		return of(func() string {
			if i++; i%190 < 12 {
				return fmt.Sprintf("same%04d ", i%190)
			}
			const letters = "abcdefghijklmnopqrstuvwxyz"
			return letters[13*k+r.IntN(13):][:1] + letters[13*k+r.IntN(13):][:1] + letters[13*k+r.IntN(13):][:1] + " "
		})
	}
	return map[string][2]Text{
		"prose":           {{Body: written(p.sentences(size / 7)).Body}, {Body: written(q.sentences(size / 7)).Body}},
		"one paragraph":   {{Body: of(func() string { return p.word() + " " })}, {Body: of(func() string { return q.word() + " " })}},
		"two letters":     {{Body: of(pick("a ", "b "))}, {Body: of(pick("a ", "b "))}},
		"permutation":     {{Body: shuffled()}, {Body: shuffled()}},
		"one letter":      {{Body: of(pick("a "))}, {Body: of(pick("a "))}},
		"tiny paragraphs": {{Body: of(pick("a\n\n", "b\n\n", "cc\n\n"))}, {Body: of(pick("a\n\n", "b\n\n", "cc\n\n"))}},
		"own paragraphs":  {{Body: strings.ReplaceAll(shuffled(), " ", "\n\n")}, {Body: strings.ReplaceAll(shuffled(), " ", "\n\n")}},
		"sentences":       {{Body: of(pick("Aa. ", "Bb. ", "Cc! "))}, {Body: of(pick("Aa. ", "Bb. ", "Cc! "))}},
		"shuffled":        {{Body: mosaic()}, {Body: mosaic()}},
		"chinese":         {{Body: of(pick("外", "交", "部", "发", "言", "人", "。"))}, {Body: of(pick("外", "交", "部", "发", "言", "人", "。"))}},
		"marks":           {{Body: of(pick("\u200b", "\u0301", "\""))}, {Body: of(pick("\u200b", "\u0301", "\""))}},
		"figures":         {{Body: of(pick("1 ", "2.5 ", "$3 ", "million ", "% ", "4,000 "))}, {Body: of(pick("1 ", "2.5 ", "€3 ", "billion ", "% ", "5,000 "))}},
		"dates":           {{Body: of(pick("5 May ", "2022 ", "May 6, ", "Monday ", "2022-11-05 "))}, {Body: of(pick("6 May ", "2023 ", "May 6, ", "Friday ", "2022-11-06 "))}},
		"names":           {{Body: of(pick("Iran, ", "Mr. ", "Kim ", "and ", "EU: ", "| "))}, {Body: of(pick("Iran, ", "Mr. ", "Lee ", "not ", "UN: ", "; "))}},
		"quotes":          {{Body: of(pick("\"", "“", "he ", "[sic] ", "(Laughter.) "))}, {Body: of(pick("\"", "”", "she ", "[not] ", "(Applause.) "))}},
		"near repeats":    {{Body: repeats(true)}, {Body: repeats(false)}},
		"every tenth":     {{Body: tenth("signed ")}, {Body: tenth("refused ")}},
		"small pieces":    {{Body: pieces(0)}, {Body: pieces(1)}},
		"one side":        {{}, {Body: of(func() string { return p.word() + " " })}},
		"capitals":        {{Body: tenth("signed ")}, {Body: strings.ToUpper(tenth("signed "))}},
		"bytes":           {{Body: of(pick("\xff", "\x00", " "))}, {Body: of(pick("\xff", "\x00", " "))}},
	}
}

func BenchmarkWorst(b *testing.B) {
	for name, pair := range worst(5 << 20) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			timed(b, func() { Compare(pair[0], pair[1]) })
		})
	}
}

// What is judged of such texts is bounded as well.
func BenchmarkWorstVerdict(b *testing.B) {
	for name, pair := range worst(5 << 20) {
		b.Run(name, func(b *testing.B) {
			e := Compare(pair[0], pair[1])
			timed(b, func() { e.Verdict(b.Context(), nil, "en") })
		})
	}
}

func TestWorstCasesLoseNothing(t *testing.T) {
	size := 200_000 // enough to go beyond every bound but that of paragraphs
	if os.Getenv("VOLTEFACE_LONG") != "" {
		size = 5 << 20
	}
	for name, pair := range worst(size) {
		t.Run(name, func(t *testing.T) { check(t, pair[0], pair[1]) })
	}
}

// Few words are shown as deleted: no more than git shows.
func TestDeletesNoMoreThanGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	for _, name := range []string{"edited", "half"} {
		pair := pairs(5_000)[name]
		dir := t.TempDir()
		for file, text := range map[string]Text{"a": pair[0], "b": pair[1]} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text.Body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(git, "diff", "--no-index", "--no-color", "--word-diff=plain", "a", "b")
		cmd.Dir = dir
		out, _ := cmd.Output() // it exits with 1 when something differs
		theirs := 0
		for _, gone := range regexp.MustCompile(`(?s)\[-(.*?)-\]`).FindAllStringSubmatch(string(out), -1) {
			theirs += len(strings.Fields(gone[1]))
		}
		ours := 0
		for _, block := range Compare(pair[0], pair[1]).Blocks {
			for _, s := range block.Segments {
				if s.Op == Delete {
					ours += len(strings.Fields(s.Text))
				}
			}
		}
		t.Logf("%s: %d words deleted, git %d", name, ours, theirs)
		if theirs == 0 || ours > theirs*101/100 {
			t.Errorf("%s: %d words deleted, git %d", name, ours, theirs)
		}
	}
}
