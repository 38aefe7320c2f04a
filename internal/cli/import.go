package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// mostRejections is how many rejected lines of a file are told one by one.
const mostRejections = 20

func (a *app) importCommand() *cobra.Command {
	var options monitor.ImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take in an archive of statements: JSON Lines, also gzipped",
		Long: `Take in an archive of statements, one JSON object a line:

  {"source": "kremlin", "url": "http://…", "title": "…", "published": "2021-03-17T12:00:00+03:00", "text": "…"}

and, where they are known, "updated", "language" and "speaker". Paragraphs of the
text are divided by a blank line. The lines are kept as the evidence of what was
said; nothing is alerted, and the pages are not looked at unless --recheck asks
for it. A statement whose address is known already stays as it is. Files in another
character set than UTF-8 are kept in UTF-8.

Stop it at any time: the same command goes on from there.`,
		Example: `  volteface import statements-2022.jsonl.gz
  volteface import archive.jsonl --source ir-mfa     whatever source the lines name
  zcat old.gz | volteface import -                   from standard input
  volteface import archive.jsonl --dry-run           count, and remember nothing`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.importFiles(cmd.Context(), args, options) },
	}
	a.charsetFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&options.Into, "source", "", "put every line to this `SOURCE`, whatever it says itself")
	flags.BoolVar(&options.Recheck, "recheck", false, "look at the pages behind the statements from now on, too")
	flags.BoolVar(&options.DryRun, "dry-run", false, "read and count, but remember nothing")
	return cmd
}

// importJSON is what import prints for a file.
type importJSON struct {
	File     string `json:"file"`
	Lines    int    `json:"lines"`
	New      int    `json:"new"`
	Known    int    `json:"known"`
	Rejected int    `json:"rejected"`
	Bytes    int64  `json:"bytes"`
}

func (a *app) importFiles(ctx context.Context, files []string, o monitor.ImportOptions) error {
	if o.Into != "" {
		if _, err := a.source(o.Into); err != nil {
			return err
		}
	}
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	o.Source = func(id string) (statement.Source, bool) { src, ok := catalogue[id]; return src, ok }
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	m := &monitor.Monitor{Store: h.Store, Blobs: h.blobs, Clock: a.clock, Log: a.log()}
	defer m.Close()
	rejected := 0
	for _, file := range files {
		count, err := a.importFile(ctx, m, file, o)
		if err != nil {
			return fmt.Errorf("import %s: %w", file, err)
		}
		rejected += count.Rejected
	}
	if rejected > 0 {
		return statement.WithHint(fmt.Errorf("%s could not be taken in", plural(rejected, "line")), "mend them, or define their source, and import the file again: what is known is passed over")
	}
	return nil
}

func (a *app) importFile(ctx context.Context, m *monitor.Monitor, name string, o monitor.ImportOptions) (count monitor.Imported, err error) {
	in, size, err := a.openArchive(name)
	if err != nil {
		return count, err
	}
	defer in.Close()
	packed := &counter{from: in}
	archive, err := unpacked(packed)
	if err != nil {
		return count, err
	}
	if archive, err = a.decodeLines(name, archive); err != nil {
		return count, err
	}
	bar := term.NewProgress(a.err, "importing "+name)
	o.Progress = func(monitor.Imported) { bar.Set(int(packed.read.Load()>>10), int(size>>10)) }
	told := 0
	o.Reject = func(line int, reason error) {
		if told++; told <= mostRejections {
			bar.Print(func() { fmt.Fprintf(a.err, "%s, line %d: %s\n", term.Clean(name), line, term.Clean(reason.Error())) })
		}
	}
	began := time.Now()
	count, err = m.Import(ctx, archive, o)
	bar.Done()
	if told > mostRejections {
		fmt.Fprintf(a.err, "%s: and %d more\n", term.Clean(name), told-mostRejections)
	}
	if err != nil {
		return count, err
	}
	if a.json {
		return count, a.printJSON(importJSON{name, count.Lines, count.New, count.Known, count.Rejected, count.Bytes})
	}
	_, err = fmt.Fprintf(a.out, "%s: %s, %d new, %d known before, %d rejected, in %s\n", term.Clean(name), plural(count.Lines, "line"),
		count.New, count.Known, count.Rejected, time.Since(began).Round(100*time.Millisecond))
	return count, err
}

// openArchive opens a file, or standard input for "-", and tells its size, 0
// where that is not known.
func (a *app) openArchive(name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(a.in), 0, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, statement.WithHint(err, "give the file of an archive, or - for standard input")
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = statement.WithHint(errors.New("this is a folder"), "name the files in it")
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// unpacked undoes gzip (RFC 1952), recognised by its first bytes.
func unpacked(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if head, _ := buffered.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// counter counts what has been read through it.
type counter struct {
	from io.Reader
	read atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read.Add(int64(n))
	return n, err
}
