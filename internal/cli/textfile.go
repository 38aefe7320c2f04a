package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/nlp/textfile"
	"volteface/internal/term"
)

// charsetFlag lets a person name the character set of the files of a command.
func (a *app) charsetFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.charset, "charset", "", "character set of the files, such as windows-1251 (`NAME`; default: told by what they hold)")
}

// decodeFile reads a whole text file of at most so many bytes, in whatever character set it is, with the line ends of Unix.
func (a *app) decodeFile(name string, r io.Reader, most int64) (string, error) {
	if name == "-" {
		name = "standard input"
	}
	b, err := readBounded(name, r, most)
	if err != nil {
		return "", err
	}
	text, err := textfile.Decode(b, a.charset)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	a.noteCharset(name, text)
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text.Bytes)), nil
}

// readBounded reads a whole file of at most so many bytes.
func readBounded(name string, r io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("%s: more than %d MB of text", name, most>>20)
	}
	return b, nil
}

// decodeLines reads a file of lines, such as JSON Lines, in whatever character set it is.
func (a *app) decodeLines(name string, r io.Reader) (io.Reader, error) {
	lines, what, err := textfile.NewReader(r, a.charset, name == "-")
	if err != nil {
		return nil, err
	}
	if what.Charset != "utf-8" { // its broken lines are told one by one
		a.noteCharset(name, what)
	}
	return lines, nil
}

// noteCharset tells what a person may want to put right.
func (a *app) noteCharset(name string, text textfile.Text) {
	switch {
	case text.Broken > 0:
		fmt.Fprintf(a.err, "note: %s in %s %s no UTF-8; a question mark in a diamond stands there\n", plural(text.Broken, "place"), term.Clean(name), verb(text.Broken, "is", "are"))
	case text.Guessed:
		fmt.Fprintf(a.err, "note: %s is read as %s; --charset names another\n", term.Clean(name), text.Charset)
	}
}
