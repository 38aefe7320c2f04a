package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/reversal"
	"volteface/internal/term"
)

func (a *app) checkCommand() *cobra.Command {
	var pairs, stream string
	cmd := &cobra.Command{
		Use:   "check BEFORE AFTER",
		Short: "Tell whether a later statement turns an earlier one round",
		Long: `Tell whether a later statement appears to contradict an earlier one, and why.
BEFORE and AFTER are text files, ids or addresses of kept statements, addresses on
the web, or - for standard input. Statements in English are read.

--pairs judges many pairs, a JSON object a line; only "text" is required:

  {"id": "1", "before": {"date": "2022-10-17", "issuer": "…", "government": "…", "speaker": "…", "text": "…"}, "after": {…}}

--stream reads statements in the order of time and judges each against all earlier
ones of its stream; a line comes out for each alert:

  {"stream": "drones", "n": 1, "date": "…", "issuer": "…", "government": "…", "speaker": "…", "text": "…"}`,
		Example: `  volteface check before.txt after.txt
  volteface check 4f2k9q3m7a 9dk2m4x8qa
  volteface check --pairs pairs.jsonl --json
  volteface check --stream chronology.jsonl`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case pairs != "" && stream != "", (pairs != "" || stream != "") && len(args) > 0:
				return usage(errors.New("give two statements, --pairs or --stream: one of them"), "volteface check --help")
			case pairs != "":
				return a.withLines(pairs, func(r io.Reader) error { return a.checkPairs(cmd.Context(), r) })
			case stream != "":
				return a.withLines(stream, func(r io.Reader) error { return a.checkStream(cmd.Context(), r) })
			case len(args) != 2:
				return usage(errors.New("check compares two statements"), "volteface check BEFORE AFTER")
			case args[0] == "-" && args[1] == "-":
				return usage(errors.New("standard input can be one of the two statements"), "give the other as a file")
			}
			return a.checkTwo(cmd.Context(), args[0], args[1])
		},
	}
	cmd.Flags().StringVar(&pairs, "pairs", "", "judge the pairs of this `FILE` of JSON Lines (- for standard input)")
	cmd.Flags().StringVar(&stream, "stream", "", "judge the statements of this `FILE` of JSON Lines, in the order of time")
	return cmd
}

// withLines opens a file of lines, or standard input.
func (a *app) withLines(name string, f func(io.Reader) error) error {
	if name == "-" {
		return f(a.in)
	}
	file, err := os.Open(name)
	if err != nil {
		return usage(err, "--pairs and --stream read a file, or - for standard input")
	}
	defer file.Close()
	return f(file)
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
}

func toVerdictJSON(id string, v reversal.Verdict) verdictJSON {
	out := verdictJSON{id, v.Verdict, v.Kind, round(v.Score), v.Rule, v.SameSpeaker, v.Explanation, v.Evidence}
	if out.Evidence == nil {
		out.Evidence = []reversal.Evidence{}
	}
	return out
}

func round(x float64) float64 { return float64(int(x*10000+0.5)) / 10000 }

func (a *app) checkTwo(ctx context.Context, first, second string) error {
	before, err := a.readStatement(ctx, first)
	if err != nil {
		return err
	}
	after, err := a.readStatement(ctx, second)
	if err != nil {
		return err
	}
	v := reversal.New().Compare(before, after)
	if a.json {
		return a.printJSON(toVerdictJSON("", v))
	}
	return a.printVerdict(v)
}

// printVerdict shows a verdict to a person.
func (a *app) printVerdict(v reversal.Verdict) error {
	color := term.Color(a.out, a.getenv)
	if v.Verdict == reversal.None {
		_, err := fmt.Fprintln(a.out, "No contradiction found.")
		return err
	}
	style := term.Red
	if v.Verdict == reversal.Softening {
		style = term.Yellow
	}
	fmt.Fprintf(a.out, "%s  %s  (score %.2f; rule: %s)\n\n", term.Paint(color, style, strings.ToUpper(v.Verdict)), strings.ReplaceAll(v.Kind, "_", " "), v.Score, v.Rule)
	fmt.Fprintf(a.out, "%s\n", term.CleanText(v.Explanation))
	for _, e := range v.Evidence {
		fmt.Fprintf(a.out, "\nbefore  %s\nafter   %s\n", term.Clean(e.Before), term.Clean(e.After))
	}
	return nil
}

// statementLine is a statement as --pairs and --stream give it.
type statementLine struct {
	Date       string `json:"date"`
	Issuer     string `json:"issuer"`
	Government string `json:"government"`
	Speaker    string `json:"speaker"`
	Text       string `json:"text"`
}

func (l statementLine) statement() *reversal.Statement {
	s := &reversal.Statement{Issuer: l.Issuer, Government: l.Government, Speaker: l.Speaker, Text: strings.ToValidUTF8(l.Text, "\uFFFD")}
	if len(l.Date) >= 10 {
		if t, err := time.Parse("2006-01-02", l.Date[:10]); err == nil {
			s.Date = t
		}
	}
	return s
}

type pairLine struct {
	ID     json.RawMessage `json:"id"`
	Before statementLine   `json:"before"`
	After  statementLine   `json:"after"`
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

// checkPairs judges pairs on all processors and prints the verdicts in order, each as soon
// as those before it are out.
func (a *app) checkPairs(ctx context.Context, r io.Reader) error {
	type job struct {
		id            string
		before, after *reversal.Statement
		verdict       chan reversal.Verdict
	}
	engine := reversal.New()
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *job), make(chan *job, 4*workers)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for j := range work {
				j.verdict <- engine.Compare(j.before, j.after)
			}
		})
	}
	printed := make(chan error, 1)
	go func() {
		var err error
		for j := range order {
			v := <-j.verdict
			if err == nil {
				if err = a.printPair(j.id, v); err != nil {
					cancel()
				}
			}
		}
		printed <- err
	}()
	err := scanLines(r, func(n int, line []byte) error {
		var p pairLine
		if err := json.Unmarshal(line, &p); err != nil {
			return usage(fmt.Errorf("line %d is no pair: %w", n, err), "volteface check --help shows what a line looks like")
		}
		if p.Before.Text == "" || p.After.Text == "" {
			return usage(fmt.Errorf("line %d lacks the text of a statement", n), `a pair is {"before": {"text": "…"}, "after": {"text": "…"}}`)
		}
		j := &job{idText(p.ID), p.Before.statement(), p.After.statement(), make(chan reversal.Verdict, 1)}
		select {
		case order <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		work <- j
		return nil
	})
	close(work)
	close(order)
	running.Wait()
	return errors.Join(err, <-printed)
}

func (a *app) printPair(id string, v reversal.Verdict) error {
	if a.json {
		return a.printJSON(toVerdictJSON(id, v))
	}
	_, err := fmt.Fprintf(a.out, "%-10s  %.2f  %-9s  %-28s  %s\n", term.Clean(id), v.Score, v.Verdict, v.Kind, term.Clean(v.Explanation))
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
	engine := reversal.New()
	streams := map[string]*open{}
	return scanLines(r, func(n int, line []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		var l streamLine
		if err := json.Unmarshal(line, &l); err != nil {
			return usage(fmt.Errorf("line %d is no statement: %w", n, err), "volteface check --help shows what a line looks like")
		}
		if l.Text == "" {
			return usage(fmt.Errorf("line %d lacks the text of the statement", n), `a statement is {"stream": "…", "n": 1, "text": "…"}`)
		}
		name := idText(l.Stream)
		s := streams[name]
		if s == nil {
			s = &open{Stream: engine.NewStream()}
			streams[name] = s
		}
		s.numbers = append(s.numbers, l.N)
		alert, ok := s.Add(l.statement())
		if !ok {
			return nil
		}
		out := streamAlertJSON{name, l.N, nil, alert.Verdict.Verdict, alert.Kind, round(alert.Score), alert.Rule, alert.SameSpeaker, alert.Explanation, alert.Evidence}
		for _, i := range alert.Before {
			out.BeforeN = append(out.BeforeN, s.numbers[i])
		}
		if a.json {
			return a.printJSON(out)
		}
		_, err := fmt.Fprintf(a.out, "%s  %d turns %v  %.2f  %s  %s\n%s\n\n", term.Clean(name), out.AfterN, out.BeforeN, out.Score, out.Verdict, out.Kind, term.Clean(out.Explanation))
		return err
	})
}
