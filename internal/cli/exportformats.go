package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"volteface/internal/statement"
	"volteface/internal/term"
)

// lineJSON is a line of an export as JSON Lines; import reads it back.
type lineJSON struct {
	ID        string `json:"id"`
	Source    string `json:"source"`
	Issuer    string `json:"issuer"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	Language  string `json:"language"`
	Speaker   string `json:"speaker"`
	Revision  int    `json:"revision"`
	FirstSeen string `json:"first_seen"`
	Missing   string `json:"missing_since"`
	Fetched   string `json:"fetched"`
	SHA256    string `json:"sha256"`
	Text      string `json:"text"`
}

func (e exported) line() lineJSON {
	return lineJSON{
		e.st.ID, e.st.Source, e.issuer.Name, e.st.URL, e.r.Title, e.r.Published.String(), e.r.Updated.String(), e.r.Language,
		strings.Join(e.r.Speakers, "; "), e.r.N, moment(e.st.FirstSeen), moment(e.st.MissingSince), e.fetched, e.r.Snapshot, e.r.Body,
	}
}

type jsonExport struct{ to *json.Encoder }

func newJSONExport(w io.Writer) exporter {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return jsonExport{encoder}
}

func (j jsonExport) write(e exported) error { return j.to.Encode(e.line()) }
func (j jsonExport) flush() error           { return nil }

// csvExport writes RFC 4180, with a byte order mark so that spreadsheets take
// it for UTF-8.
type csvExport struct {
	out   io.Writer
	to    *csv.Writer
	began bool
}

func newCSVExport(w io.Writer) exporter { return &csvExport{out: w, to: csv.NewWriter(w)} }

func (c *csvExport) begin() error {
	if c.began {
		return nil
	}
	c.began = true
	if _, err := io.WriteString(c.out, "\ufeff"); err != nil {
		return err
	}
	return c.to.Write([]string{"id", "source", "issuer", "published", "title", "speaker", "language", "url", "updated", "revision", "first_seen", "missing_since", "fetched", "sha256", "text"})
}

func (c *csvExport) write(e exported) error {
	if err := c.begin(); err != nil {
		return err
	}
	l := e.line()
	row := []string{l.ID, l.Source, l.Issuer, l.Published, l.Title, l.Speaker, l.Language, l.URL, l.Updated, strconv.Itoa(l.Revision), l.FirstSeen, l.Missing, l.Fetched, l.SHA256, l.Text}
	for i := range row {
		row[i] = harmless(row[i])
	}
	return c.to.Write(row)
}

func (c *csvExport) flush() error {
	if err := c.begin(); err != nil {
		return err
	}
	c.to.Flush()
	return c.to.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula (OWASP, CSV
// Injection): an apostrophe stands before what would begin one. Line breaks and
// spaces before it do not help: some programs drop them.
func harmless(cell string) string {
	cell = strings.ReplaceAll(cell, "\x00", "")
	begin := strings.TrimLeft(cell, " \t\r\n\v\f\u00a0\ufeff")
	if begin == "" {
		return cell
	}
	first := []rune(begin)[0]
	if strings.ContainsRune("=+-@|%＝＋－＠", first) || begin != cell && strings.ContainsAny(cell[:1], "\t\r") {
		return "'" + cell
	}
	return cell
}

// markdownExport writes CommonMark, each statement under a heading.
type markdownExport struct{ out io.Writer }

func newMarkdownExport(w io.Writer) exporter { return markdownExport{w} }

func (m markdownExport) flush() error { return nil }

func (m markdownExport) write(e exported) error {
	title := e.r.Title
	if title == "" {
		title = "Untitled"
	}
	issuer := e.issuer.Name
	if issuer == "" {
		issuer = e.st.Source
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", inMarkdown(title))
	fmt.Fprintf(&b, "%s, %s", inMarkdown(issuer), inMarkdown(written(e.r.Published)))
	if len(e.r.Speakers) > 0 {
		fmt.Fprintf(&b, ". Speakers: %s", inMarkdown(strings.Join(e.r.Speakers, ", ")))
	}
	b.WriteString("\n\n")
	for _, p := range strings.Split(e.r.Body, "\n\n") {
		lines := strings.Split(p, "\n")
		for i := range lines {
			lines[i] = "> " + inMarkdown(lines[i])
		}
		b.WriteString(strings.Join(lines, "\\\n") + "\n>\n")
	}
	captured := "Captured " + e.fetched
	if e.r.Path == statement.ByImport {
		captured = "Taken from an archive imported " + e.fetched
	}
	fmt.Fprintf(&b, "\n*Citation:* %s. “%s”. %s. <%s>. %s, SHA-256 `%s` (volteface %s, revision %d).", inMarkdown(issuer), inMarkdown(title),
		inMarkdown(written(e.r.Published)), address(e.st.URL), captured, e.r.Snapshot, e.st.ID, e.r.N)
	if e.st.Missing() {
		fmt.Fprintf(&b, " Its page is missing since %s.", moment(e.st.MissingSince))
	}
	b.WriteString("\n\n")
	_, err := io.WriteString(m.out, b.String())
	return err
}

// written is a date in words.
func written(d statement.Date) string {
	switch {
	case d.IsZero():
		return "undated"
	}
	return d.Written()
}

// inMarkdown is text from the web as one line of CommonMark that says nothing
// else: all its punctuation that could mean something is escaped (section 2.4).
func inMarkdown(s string) string {
	s = term.Clean(s)
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>#|~&!$", r):
			b.WriteByte('\\')
		case i == 0 && strings.ContainsRune("-+=:", r):
			b.WriteByte('\\')
		case (r == '.' || r == ')') && i > 0 && i < 10 && strings.Trim(s[:i], "0123456789") == "":
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// address is a URL fit for the inside of <>.
func address(url string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\\", "%5C").Replace(term.Clean(url))
}
