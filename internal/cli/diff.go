package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/judge"
	"volteface/internal/nlp/textfile"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	from, to int
	unified  bool
	format   string
	pairs    string
}

// formats are what --format takes.
var formats = []string{"text", "unified", "html", "side-by-side"}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff ID | diff BEFORE AFTER",
		Short: "Show which words were changed, and whether that matters",
		Long: `Show which words were changed and what the edit is held to be: nothing a reader
sees, editorial, or substantive, with its kinds, its importance from 0 to 3 and the
reasons. With one argument: the last edit of a statement, or that between any two of
its revisions; ID may be shortened, or be the statement's address. With two: files
(text, or HTML by the ending of the name), addresses, ids, or - for standard input.

--pairs judges many edits, a JSON object a line, and prints one for each, in order:

  {"id": "1", "before": "…", "after": "…"}`,
		Example: `  volteface diff 4f2k9q3m7a
  volteface diff 4f2k9q3m7a --from 1 --to 3 --unified
  volteface diff before.txt after.txt
  volteface diff before.txt after.txt --format side-by-side > edit.html
  volteface diff --pairs edits.jsonl --json`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.unified {
				f.format = "unified"
			}
			if !contains(formats, f.format) {
				return usage(fmt.Errorf("--format %q is not known", f.format), "one of "+strings.Join(formats, ", "))
			}
			switch {
			case f.pairs != "" && len(args) > 0:
				return usage(errors.New("give texts or --pairs: one of them"), "volteface diff --help")
			case f.pairs != "":
				return a.withLines(f.pairs, func(r io.Reader) error { return a.diffPairs(cmd.Context(), r) })
			case len(args) == 2:
				return a.diffTwo(cmd.Context(), args[0], args[1], f)
			case len(args) == 0:
				return usage(errors.New("name a statement, or two texts"), "volteface diff --help")
			}
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			return a.diffStatement(cmd.Context(), h, args[0], f)
		},
	}
	cmd.Flags().IntVar(&f.from, "from", 0, "compare revision `N` (default: the one before --to)")
	cmd.Flags().IntVar(&f.to, "to", 0, "with revision `N` (default: the current one)")
	cmd.Flags().BoolVar(&f.unified, "unified", false, "plain text with [-gone-] and {+come+}, also on a terminal")
	cmd.Flags().StringVar(&f.format, "format", "text", "`FORMAT`: text, unified, html (a fragment for mails) or side-by-side (an HTML table)")
	a.charsetFlag(cmd)
	cmd.Flags().StringVar(&f.pairs, "pairs", "", "judge the edits of this `FILE` of JSON Lines (- for standard input)")
	return cmd
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

func (a *app) diffStatement(ctx context.Context, h *house, name string, f diffFlags) error {
	st, err := a.find(ctx, h, name)
	if err != nil {
		return err
	}
	from, to := f.from, f.to
	if to == 0 {
		to = st.Revision
	}
	if from == 0 {
		from = to - 1
	}
	if from < 1 {
		return statement.WithHint(fmt.Errorf("%s has one revision: it was not edited since it was first seen", st.ID), "volteface statements show "+st.ID)
	}
	before, err := a.revision(ctx, h, st, from)
	if err != nil {
		return err
	}
	after, err := a.revision(ctx, h, st, to)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("--- revision %d, seen %s\n+++ revision %d, seen %s\n", from, moment(before.SeenAt), to, moment(after.SeenAt))
	dates := func(label string, x, y statement.Date) {
		if x.String() != y.String() {
			head += fmt.Sprintf("%s: %s -> %s\n", label, term.Clean(x.String()), term.Clean(y.String()))
		}
	}
	dates("published", before.Published, after.Published)
	dates("updated", before.Updated, after.Updated)
	e := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body})
	return a.printEdit(ctx, e, after.Language, head, wire.Diff{ID: st.ID, From: from, To: to}, f.format)
}

// diffTwo compares two texts that need not be kept.
func (a *app) diffTwo(ctx context.Context, first, second string, f diffFlags) error {
	if first == "-" && second == "-" {
		return usage(errors.New("standard input can be one of the two texts"), "give the other as a file")
	}
	before, err := a.diffText(ctx, first)
	if err != nil {
		return err
	}
	after, err := a.diffText(ctx, second)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("--- %s\n+++ %s\n", term.Clean(first), term.Clean(second))
	return a.printEdit(ctx, diff.Compare(before, after), "", head, wire.Diff{}, f.format)
}

// maxCompared is the length in bytes of a file that is compared.
const maxCompared = 64 << 20

// diffText reads a file as it is, HTML by its main content, and anything else as
// readStatement does.
func (a *app) diffText(ctx context.Context, name string) (diff.Text, error) {
	if !isFile(name) {
		st, err := a.readStatement(ctx, name)
		if err != nil {
			return diff.Text{}, err
		}
		return diff.Text{Body: st.Text}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return diff.Text{}, err
	}
	defer file.Close()
	if lower := strings.ToLower(name); strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm") {
		kind, err := a.htmlType()
		if err != nil {
			return diff.Text{}, err
		}
		body, err := readBounded(name, file, maxCompared)
		if err != nil {
			return diff.Text{}, err
		}
		x, err := extract.New(statement.Source{ID: "file", Kind: statement.KindListing, URL: "file:///" + name})
		if err != nil {
			return diff.Text{}, err
		}
		doc, err := x.Extract(extract.Input{URL: "file:///" + name, ContentType: kind, Body: body, Via: statement.ByMainContent})
		if err != nil {
			return diff.Text{}, fmt.Errorf("%s: %w", name, err)
		}
		return diff.Text{Title: doc.Title, Body: doc.Body}, nil
	}
	text, err := a.decodeFile(name, file, maxCompared)
	return diff.Text{Body: text}, err
}

// htmlType is the media type of an HTML file, with the character set that a person named.
func (a *app) htmlType() (string, error) {
	if a.charset == "" {
		return "text/html", nil
	}
	_, name, err := textfile.Lookup(a.charset)
	return mime.FormatMediaType("text/html", map[string]string{"charset": name}), err
}

// maxWhy is how many reasons a person is shown.
const maxWhy = 6

// editReader is what reads edits: the judge that is configured, or the embedded one.
func (a *app) editReader() (diff.Reader, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if cfg.Judge.Model == "" {
		return diff.Embedded, nil
	}
	j, err := a.openJudge(cfg.Judge.Model)
	return diff.By(func() (*judge.Judge, error) { return j, nil }), err
}

// printEdit shows an edit and its verdict.
func (a *app) printEdit(ctx context.Context, e *diff.Edit, language, head string, shown wire.Diff, format string) error {
	if format == "html" || format == "side-by-side" {
		if format == "html" {
			return e.HTML(a.out)
		}
		return e.SideBySide(a.out)
	}
	reader, err := a.editReader()
	if err != nil {
		return err
	}
	v := e.Verdict(ctx, reader, language)
	if a.json {
		return a.printJSON(wire.DiffOf(shown.ID, shown.From, shown.To, e, v))
	}
	color := term.Color(a.out, a.getenv) && format != "unified"
	var body bytes.Buffer
	err = e.Unified(&body)
	if color {
		body.Reset()
		err = e.Terminal(&body)
	}
	line := judged(v.Judgement)
	if len(v.Kinds) > 0 {
		line += " (" + kindWords(v.Kinds) + ")"
	}
	fmt.Fprintf(a.out, "%s%s\n%s\n", head, term.Paint(color, term.Bold, v.Summary), line)
	for _, r := range v.Reasons[:min(len(v.Reasons), maxWhy)] {
		fmt.Fprintln(a.out, term.Paint(color, term.Dim, "  "+term.Clean(r.Text)))
	}
	if n := len(v.Reasons) - maxWhy; n > 0 {
		fmt.Fprintln(a.out, term.Paint(color, term.Dim, fmt.Sprintf("  and %d more; --json has them", n)))
	}
	_, werr := fmt.Fprintf(a.out, "\n%s", body.String())
	return errors.Join(err, werr)
}

// kindWords are kinds of edit for people.
func kindWords(kinds []statement.EditKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = strings.ReplaceAll(string(k), "_", " ")
	}
	return strings.Join(words, ", ")
}
