package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"volteface/internal/judge"
	"volteface/internal/judge/kernel"
	"volteface/internal/opinion"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) checkCommand() *cobra.Command {
	var pairs, stances, stream string
	var second bool
	cmd := &cobra.Command{
		Use:   "check BEFORE AFTER",
		Short: "Tell whether a later statement turns an earlier one round",
		Long: `Tell whether a later statement appears to contradict an earlier one, and why.
BEFORE and AFTER are text files, ids or addresses of kept statements, addresses on
the web, or - for standard input, in any of some twenty languages, also one in each.
Both are cut into passages, each earlier one is read beside each later one, and the
pair that turns most decides.

--second-opinion asks the language model of the configuration, too, about the two
passages that decide (docs/second-opinion.md), whatever the judge makes of them.

--pairs judges many pairs, a JSON object a line; a side is a text, or an object of
which only "text" is required:

  {"id": "1", "before": "…", "after": {"date": "2022-10-17", "issuer": "…", "speaker": "…", "question": "…", "text": "…"}}

--stances tells what each passage does to a proposition: affirms, denies or
qualifies it, or is silent about it:

  {"id": "1", "proposition": "Iran supplied drones to Russia.", "question": "…", "text": "…"}

--stream reads statements in the order of time and holds each against all earlier
ones of its stream, as the daemon does; a line comes out for each alert:

  {"stream": "drones", "n": 1, "date": "…", "issuer": "…", "government": "…", "speaker": "…", "text": "…"}`,
		Example: `  volteface check before.txt after.txt
  volteface check 4f2k9q3m7a 9dk2m4x8qa
  volteface check --pairs pairs.jsonl --json
  volteface check --stances passages.jsonl --json
  volteface check --stream chronology.jsonl`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			given := len(args)
			for _, file := range []string{pairs, stances, stream} {
				if file != "" {
					given += 2
				}
			}
			switch {
			case given > 2:
				return usage(errors.New("give two statements, --pairs, --stances or --stream: one of them"), "volteface check --help")
			case second && len(args) != 2:
				return usage(errors.New("a second opinion is asked about two statements"), "volteface check --second-opinion BEFORE AFTER")
			case pairs != "":
				return a.withLines(pairs, func(r io.Reader) error { return a.checkPairs(cmd.Context(), r) })
			case stances != "":
				return a.withLines(stances, func(r io.Reader) error { return a.checkStances(cmd.Context(), r) })
			case stream != "":
				return a.withLines(stream, func(r io.Reader) error { return a.checkStream(cmd.Context(), r) })
			case len(args) != 2:
				return usage(errors.New("check compares two statements"), "volteface check BEFORE AFTER")
			case args[0] == "-" && args[1] == "-":
				return usage(errors.New("standard input can be one of the two statements"), "give the other as a file")
			}
			return a.checkTwo(cmd.Context(), args[0], args[1], second)
		},
	}
	a.charsetFlag(cmd)
	cmd.Flags().BoolVar(&second, "second-opinion", false, "ask the language model of the configuration, too")
	cmd.Flags().StringVar(&pairs, "pairs", "", "judge the pairs of this `FILE` of JSON Lines (- for standard input)")
	cmd.Flags().StringVar(&stances, "stances", "", "tell the stance of each passage of this `FILE` of JSON Lines on its proposition")
	cmd.Flags().StringVar(&stream, "stream", "", "judge the statements of this `FILE` of JSON Lines, in the order of time")
	return cmd
}

// judge is the judge that reads statements: the configured one, or the embedded. It tells when nobody has measured how far
// its probabilities can be trusted.
func (a *app) judge() (*judge.Judge, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	j, err := a.openJudge(cfg.Judge.Model)
	if err == nil && !j.Calibrated() {
		fmt.Fprintf(a.err, "note: the judge in %s is not calibrated: its probabilities are as it gives them; volteface eval --help tells how\n", term.Clean(j.Folder()))
	}
	return j, err
}

// openJudge is the judge in a folder, or the embedded one if there is none.
func (a *app) openJudge(folder string) (*judge.Judge, error) {
	open, hint := judge.Embedded, ""
	if folder != "" {
		open, hint = func() (*judge.Judge, error) { return judge.Open(folder) }, "docs/judges.md tells what a judge's folder holds"
	}
	j, err := open()
	switch {
	case err == nil:
		return j, nil
	case a.getenv(kernel.Variable) != "":
		if _, unknown := kernel.Default(); unknown != nil {
			return nil, usage(err, "leave "+kernel.Variable+" unset, and the fastest kernel is used")
		}
	}
	return nil, statement.WithHint(err, hint)
}

// withLines opens a file of lines, or standard input.
func (a *app) withLines(name string, f func(io.Reader) error) error {
	in := a.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return usage(err, "--pairs, --stances and --stream read a file, or - for standard input")
		}
		defer file.Close()
		in = file
	}
	lines, err := a.decodeLines(name, in)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return f(lines)
}

// verdictJSON is what check prints of a pair.
type verdictJSON struct {
	ID          string              `json:"id"`
	Verdict     string              `json:"verdict"`
	Kind        string              `json:"kind"`
	Score       float64             `json:"score"`
	Rule        string              `json:"rule"`
	SameSpeaker bool                `json:"same_speaker"`
	Explanation string              `json:"explanation"`
	Evidence    []reversal.Evidence `json:"evidence"`
	PReversal   float64             `json:"p_reversal"`
	PSoftening  float64             `json:"p_softening"`
	PNone       float64             `json:"p_none"`
	Languages   []string            `json:"languages"` // of the two sides, "" where it cannot be told
	Unknown     bool                `json:"unknown_language"`
	LeftOut     [2]int              `json:"left_out"` // bytes at the end of the two sides that were not read
}

func toVerdictJSON(id string, v reversal.Judged) verdictJSON {
	out := verdictJSON{id, v.Verdict.Verdict, v.Kind, round(v.Score), v.Rule, v.SameSpeaker, v.Explanation, v.Evidence,
		round(v.Turn), round(v.Softening), round(v.None), v.Languages[:], v.UnknownLanguage, v.Left}
	if out.Evidence == nil {
		out.Evidence = []reversal.Evidence{}
	}
	return out
}

func round(x float64) float64 { return float64(int(x*10000+0.5)) / 10000 }

func (a *app) checkTwo(ctx context.Context, first, second string, ask bool) error {
	if ask { // before anything is read
		if _, err := a.secondOpinion(); err != nil {
			return err
		}
	}
	before, err := a.readStatement(ctx, first)
	if err != nil {
		return err
	}
	after, err := a.readStatement(ctx, second)
	if err != nil {
		return err
	}
	j, err := a.judge()
	if err != nil {
		return err
	}
	v, err := reversal.ByJudge(ctx, j, before, after)
	if err != nil {
		return err
	}
	a.noteLong(long(v.Left[:]...), 2)
	if !ask {
		if a.json {
			return a.printJSON(toVerdictJSON("", v))
		}
		return a.printVerdict(v)
	}
	q, err := a.pairQuestion(ctx, j, before, after)
	if err != nil {
		return err
	}
	o, err := a.askNow(ctx, q)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			verdictJSON
			SecondOpinion opinedJSON `json:"second_opinion"`
		}{toVerdictJSON("", v), o})
	}
	return errors.Join(a.printVerdict(v), a.printOpined(o))
}

// pairQuestion is what a model is asked about two statements: the two passages of which the judge holds a turn for likeliest.
func (a *app) pairQuestion(ctx context.Context, j *judge.Judge, before, after *reversal.Statement) (opinion.Question, error) {
	read, err := j.Compare(ctx, judge.Side{Text: before.Text, Question: before.Question}, judge.Side{Text: after.Text, Question: after.Question})
	if err != nil {
		return opinion.Question{}, err
	}
	side := func(s *reversal.Statement, p judge.Passage) opinion.Side {
		x := opinion.Side{Speaker: s.Speaker, Issuer: s.Issuer, Question: p.Question, Text: p.Text}
		if x.Text == "" {
			x.Text = s.Text
		}
		if !s.Date.IsZero() {
			x.Date = s.Date.Format(time.DateOnly)
		}
		x.Before, x.After = opinion.Around(s.Text, p.Span[0], p.Span[1])
		return x
	}
	return opinion.Question{Earlier: side(before, read.Before), Later: side(after, read.After)}, nil
}

// printVerdict shows a verdict to a person.
func (a *app) printVerdict(v reversal.Judged) error {
	color := term.Color(a.out, a.getenv)
	if v.UnknownLanguage {
		line := fmt.Sprintf("The judge was not taught %s: take what it says with care.", unreadLanguages(v))
		if v.Verdict.Verdict == reversal.Unread {
			line = fmt.Sprintf("Not judged: the judge was not taught %s, so it could not tell whether the two contradict each other.", unreadLanguages(v))
		}
		fmt.Fprintln(a.out, term.Paint(color, term.Yellow, line))
	}
	switch v.Verdict.Verdict {
	case reversal.Unread:
		return nil
	case reversal.None:
		_, err := fmt.Fprintf(a.out, "No contradiction found (probability of a reversal %.2f).\n", v.Turn)
		return err
	}
	style := term.Red
	if v.Verdict.Verdict == reversal.Softening {
		style = term.Yellow
	}
	kind := ""
	if v.Kind != "" {
		kind = "  " + strings.ReplaceAll(v.Kind, "_", " ")
	}
	fmt.Fprintf(a.out, "%s%s  (probability of a reversal %.2f, of a softening %.2f)\n\n", term.Paint(color, style, strings.ToUpper(v.Verdict.Verdict)), kind, v.Turn, v.Softening)
	fmt.Fprintf(a.out, "%s\n", term.CleanText(v.Explanation))
	for _, e := range v.Evidence {
		fmt.Fprintf(a.out, "\nbefore  %s\nafter   %s\n", term.Clean(e.Before), term.Clean(e.After))
	}
	return nil
}

// unreadLanguages names the languages of a pair that the judge was not taught.
func unreadLanguages(v reversal.Judged) string {
	var names []string
	for i, code := range v.Languages {
		if name := languageName(code); v.Unread[i] && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// languageName is the English name of a language (ISO 639).
func languageName(code string) string {
	tag, err := language.Parse(code)
	if name := display.English.Languages().Name(tag); code != "" && err == nil && name != "" {
		return name
	}
	return "the language of the text, which could not be told"
}

// statementLine is a statement as --pairs and --stream give it.
type statementLine struct {
	Date       string `json:"date"`
	Issuer     string `json:"issuer"`
	Government string `json:"government"`
	Speaker    string `json:"speaker"`
	Question   string `json:"question"`
	Language   string `json:"language"`
	Text       string `json:"text"`
}

// sideLine is a side of a pair: a statement, or its text alone.
type sideLine struct{ statementLine }

// UnmarshalJSON reads an object or a text.
func (l *sideLine) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &l.Text) == nil {
		return nil
	}
	return json.Unmarshal(b, &l.statementLine)
}

func (l statementLine) statement() *reversal.Statement {
	s := &reversal.Statement{Issuer: l.Issuer, Government: l.Government, Speaker: l.Speaker, Language: l.Language, Question: strings.ToValidUTF8(l.Question, "\uFFFD"), Text: strings.ToValidUTF8(l.Text, "\uFFFD")}
	if len(l.Date) >= 10 {
		if t, err := time.Parse("2006-01-02", l.Date[:10]); err == nil {
			s.Date = t
		}
	}
	return s
}

type pairLine struct {
	ID     json.RawMessage `json:"id"`
	Before sideLine        `json:"before"`
	After  sideLine        `json:"after"`
}

// maxLine is the length in bytes of the longest line that is read.
const maxLine = 16 << 20

// scanLines calls f with each line that is not blank, and its number.
func scanLines(r io.Reader, f func(n int, line []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for s.Scan() {
		n++
		if len(strings.TrimSpace(s.Text())) == 0 {
			continue
		}
		if !utf8.Valid(s.Bytes()) {
			return statement.WithHint(fmt.Errorf("line %d is not in UTF-8", n), "save the file in UTF-8, or name its character set with --charset")
		}
		if err := f(n, s.Bytes()); err != nil {
			return err
		}
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("line %d is longer than %d MB", n+1, maxLine>>20)
	}
	return s.Err()
}

// idText is an id as it was written, without quotation marks.
func idText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// checkPairs judges pairs on all processors and prints the verdicts in order.
func (a *app) checkPairs(ctx context.Context, r io.Reader) error {
	j, err := a.judge()
	if err != nil {
		return err
	}
	cut, read := 0, 0
	err = eachLine(ctx, a, r, "judging", func(n int, line []byte) (pairLine, error) {
		var p pairLine
		if err := json.Unmarshal(line, &p); err != nil {
			return p, usage(fmt.Errorf("line %d is not a pair: %w", n, err), "volteface check --help shows what a line looks like")
		}
		if p.Before.Text == "" || p.After.Text == "" {
			return p, usage(fmt.Errorf("line %d lacks the text of a statement", n), `a pair is {"before": {"text": "…"}, "after": {"text": "…"}}`)
		}
		return p, nil
	}, func(ctx context.Context, p pairLine) (reversal.Judged, error) {
		return reversal.ByJudge(ctx, j, p.Before.statement(), p.After.statement())
	}, func(p pairLine, v reversal.Judged) error {
		cut, read = cut+long(v.Left[:]...), read+2
		if a.json {
			return a.printJSON(toVerdictJSON(idText(p.ID), v))
		}
		_, err := fmt.Fprintf(a.out, "%-10s  %.2f  %-9s  %-28s  %s\n", term.Clean(idText(p.ID)), v.Score, v.Verdict.Verdict, v.Kind, term.Clean(v.Explanation))
		return err
	})
	a.noteLong(cut, read)
	return err
}

// stanceLine is a passage and a proposition, as --stances gives them.
type stanceLine struct {
	ID          json.RawMessage `json:"id"`
	Proposition string          `json:"proposition"`
	Question    string          `json:"question"`
	Language    string          `json:"language"`
	Text        string          `json:"text"`
}

// stanceJSON is what --stances prints of a line.
type stanceJSON struct {
	ID       string `json:"id"`
	Label    string `json:"label"`
	Language string `json:"language"`
	Unknown  bool   `json:"unknown_language"`
	LeftOut  int    `json:"left_out"` // bytes at the end of the text that were not read
	judge.Stance
}

// stanceRead is the stance of a passage, and whether its language can be read.
type stanceRead struct {
	judge.Stance
	language string
	unread   bool
	left     int
}

// label is the likeliest stance, which says nothing in a language that is not read.
func (s stanceRead) label() string {
	if s.unread {
		return reversal.Unread
	}
	return s.Label()
}

// checkStances tells what each passage does to its proposition.
func (a *app) checkStances(ctx context.Context, r io.Reader) error {
	j, err := a.judge()
	if err != nil {
		return err
	}
	if !j.TellsStances() {
		return statement.WithHint(judge.ErrNoStances, "leave judge.model out of the configuration, or name a model of natural language inference there")
	}
	cut, all := 0, 0
	err = eachLine(ctx, a, r, "reading", func(n int, line []byte) (stanceLine, error) {
		var l stanceLine
		if err := json.Unmarshal(line, &l); err != nil {
			return l, usage(fmt.Errorf("line %d is not a passage: %w", n, err), "volteface check --help shows what a line looks like")
		}
		if l.Proposition == "" || l.Text == "" {
			return l, usage(fmt.Errorf("line %d lacks the proposition or the text", n), `a line is {"proposition": "…", "text": "…"}`)
		}
		return l, nil
	}, func(ctx context.Context, l stanceLine) (stanceRead, error) {
		side := judge.Side{Text: l.Text, Question: l.Question}
		s, err := j.Stance(ctx, side, l.Proposition)
		read := stanceRead{Stance: s, left: side.Left()}
		read.language, read.unread = reversal.SpokenIn(l.Text, l.Language, j.Reads)
		return read, err
	}, func(l stanceLine, s stanceRead) error {
		cut, all = cut+long(s.left), all+1
		if a.json {
			rounded := judge.Stance{Affirms: round(s.Affirms), Denies: round(s.Denies), Qualifies: round(s.Qualifies), Silent: round(s.Silent)}
			return a.printJSON(stanceJSON{idText(l.ID), s.label(), s.language, s.unread, s.left, rounded})
		}
		_, err := fmt.Fprintf(a.out, "%-10s  %-9s  affirms %.2f  denies %.2f  qualifies %.2f  silent %.2f  %s\n", term.Clean(idText(l.ID)), s.label(),
			s.Affirms, s.Denies, s.Qualifies, s.Silent, term.Clean(l.Text))
		return err
	})
	a.noteLong(cut, all)
	return err
}

// eachLine reads a file of JSON Lines, works on its lines on all processors, and prints the results in the order of the
// lines, each as soon as those before it are out. Work goes on while lines are read; the first error ends it.
func eachLine[L, R any](ctx context.Context, a *app, r io.Reader, doing string, read func(n int, line []byte) (L, error), work func(context.Context, L) (R, error), print func(L, R) error) error {
	type job struct {
		line   L
		result R
		err    error
		done   chan struct{}
	}
	workers := runtime.GOMAXPROCS(0)
	waiting, order := make(chan *job), make(chan *job, 4*workers)
	var lines atomic.Int64
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for j := range waiting {
				j.result, j.err = work(ctx, j.line)
				close(j.done)
			}
		})
	}
	printed := make(chan error, 1)
	go func() {
		var err error
		bar, n := term.NewProgress(a.err, doing), 0
		defer bar.Done()
		for j := range order {
			<-j.done
			if err != nil {
				continue
			}
			if err = j.err; err == nil {
				bar.Print(func() { err = print(j.line, j.result) })
			}
			if n++; err != nil {
				cancel()
			}
			bar.Set(n, int(lines.Load()))
		}
		printed <- err
	}()
	err := scanLines(r, func(n int, line []byte) error {
		l, err := read(n, line)
		if err != nil {
			return err
		}
		lines.Add(1)
		j := &job{line: l, done: make(chan struct{})}
		select {
		case order <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		waiting <- j
		return nil
	})
	close(waiting)
	close(order)
	running.Wait()
	if failed := <-printed; failed != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return failed
	}
	return err
}

// streamAlertJSON is what check --stream prints of an alert.
type streamAlertJSON struct {
	Stream      string              `json:"stream"`
	AfterN      int                 `json:"after_n"`
	BeforeN     []int               `json:"before_n"`
	Verdict     string              `json:"verdict"`
	Kind        string              `json:"kind"`
	Score       float64             `json:"score"`
	Rule        string              `json:"rule"`
	SameSpeaker bool                `json:"same_speaker"`
	Explanation string              `json:"explanation"`
	Evidence    []reversal.Evidence `json:"evidence"`
}

type streamLine struct {
	Stream json.RawMessage `json:"stream"`
	N      int             `json:"n"`
	statementLine
}

func (a *app) checkStream(ctx context.Context, r io.Reader) error {
	type open struct {
		*reversal.Stream
		numbers []int
	}
	j, err := a.judge()
	if err != nil {
		return err
	}
	streams := map[string]*open{}
	unread, read, cut := map[string]int{}, 0, 0
	err = scanLines(r, func(n int, line []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		var l streamLine
		if err := json.Unmarshal(line, &l); err != nil {
			return usage(fmt.Errorf("line %d is not a statement: %w", n, err), "volteface check --help shows what a line looks like")
		}
		if l.Text == "" {
			return usage(fmt.Errorf("line %d lacks the text of the statement", n), `a statement is {"stream": "…", "n": 1, "text": "…"}`)
		}
		if code, not := reversal.SpokenIn(l.Text, l.Language, j.Reads); not {
			unread[code]++
		}
		read++
		name := idText(l.Stream)
		s := streams[name]
		if s == nil {
			s = &open{Stream: reversal.NewStream(j, reversal.DefaultLevels)}
			streams[name] = s
		}
		s.numbers = append(s.numbers, l.N)
		alert, ok, err := s.Add(ctx, l.statement())
		cut += long(s.Left())
		if err != nil || !ok {
			return err
		}
		out := streamAlertJSON{name, l.N, nil, alert.Verdict.Verdict, alert.Kind, round(alert.Score), alert.Rule, alert.SameSpeaker, alert.Explanation, alert.Evidence}
		for _, i := range alert.Before {
			out.BeforeN = append(out.BeforeN, s.numbers[i])
		}
		if a.json {
			return a.printJSON(out)
		}
		_, err = fmt.Fprintf(a.out, "%s  %d turns %v  %.2f  %s  %s\n%s\n\n", term.Clean(name), out.AfterN, out.BeforeN, out.Score, out.Verdict, out.Kind, term.Clean(out.Explanation))
		return err
	})
	if err == nil && len(unread) > 0 {
		a.noteUnread(unread, read)
	}
	a.noteLong(cut, read)
	return err
}

// long counts texts whose ends were left out, by how many bytes were.
func long(left ...int) (n int) {
	for _, bytes := range left {
		if bytes > 0 {
			n++
		}
	}
	return n
}

// noteLong tells of statements that were read but for their ends.
func (a *app) noteLong(cut, of int) {
	if cut > 0 {
		fmt.Fprintf(a.err, "note: %d of %s %s too long to be read to the end: nothing is said of what stands there\n", cut, plural(of, "statement"), verb(cut, "was", "were"))
	}
}

// noteUnread tells of statements in languages that the judge was not taught: that nothing is said of them means little.
func (a *app) noteUnread(unread map[string]int, of int) {
	sum := 0
	var each []string
	for _, code := range slices.Sorted(maps.Keys(unread)) {
		sum += unread[code]
		name := languageName(code)
		if code == "" {
			name = "unknown"
		}
		each = append(each, fmt.Sprintf("%s %d", name, unread[code]))
	}
	fmt.Fprintf(a.err, "note: %d of %s %s in languages that the judge was not taught: take what is said of them with care (%s)\n", sum, plural(of, "statement"), verb(sum, "is", "are"), strings.Join(each, ", "))
}
