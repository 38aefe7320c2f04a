package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// file writes a PDF of the objects, numbered from 1, the first the catalogue.
func file(extra string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, extra, start)
	return b.Bytes()
}

const (
	catalogue = "<</Type/Catalog/Pages 2 0 R>>"
	font      = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
)

func onePage(content string) []byte {
	return file("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content), font)
}

func packed(content string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	return fmt.Sprintf("<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream", b.Len(), b.String())
}

const says = "BT /F 12 Tf 72 700 Td (The ministry denies it.) Tj ET"

// What is written to harm a reader, or is no whole document, is told for what it
// is, in bounded time; the reader is well afterwards.
func TestHostileDocuments(t *testing.T) {
	loop := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
	form := "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Length 5>>\nstream\n/X Do\nendstream"
	kids := strings.Repeat("3 0 R ", 100_000)
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
	whole := onePage(says)
	for name, test := range map[string]struct {
		bytes []byte
		want  error  // nil where any of the errors will do, or a text
		text  string // where it is read
	}{
		"a statement":           {bytes: whole, text: "The ministry denies it."},
		"nothing drawn":         {bytes: onePage("0 0 100 100 re f"), want: ErrNoText},
		"cut off":               {bytes: whole[:len(whole)/2], want: ErrDamaged},
		"only a beginning":      {bytes: []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"), want: ErrDamaged},
		"no PDF":                {bytes: []byte("<html>%%EOF"), want: ErrDamaged},
		"locked":                {bytes: locked(says), want: ErrEncrypted},
		"pages within pages":    {bytes: file("", catalogue, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>", "null", "null", font)},
		"a form in itself":      {bytes: file("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", loop, "<</Length 5>>\nstream\n/X Do\nendstream", form)},
		"a length without end":  {bytes: file("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, "<</Length 4 0 R>>\nstream\n"+says+"\nendstream", font)},
		"100,000 pages":         {bytes: file("", catalogue, "<</Type/Pages/Kids["+kids+"]/Count 100000>>", page, "<</Length 57>>\nstream\n"+says+"\nendstream", font)},
		"a page without bounds": {bytes: bytes.Replace(whole, []byte("[0 0 595 842]"), []byte("[0 0 9e9 9e9]"), 1)},
		"half a gigabyte":       {bytes: file("", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, packed(strings.Repeat(" ", 512<<20)+says), font)},
	} {
		t.Run(name, func(t *testing.T) {
			if (strings.Contains(name, "giga") || strings.Contains(name, "000")) && os.Getenv("VOLTEFACE_LONG") == "" {
				t.Skip("takes some seconds; runs with VOLTEFACE_LONG=1")
			}
			began := time.Now()
			doc, err := Text(t.Context(), test.bytes)
			t.Logf("%v, %d of %d pages, %s", err, doc.Read, doc.Pages, time.Since(began).Round(time.Millisecond))
			switch {
			case test.text != "" && (err != nil || doc.Body+doc.Title != test.text):
				t.Errorf("%q, %v", doc.Body+doc.Title, err)
			case test.want != nil && !errors.Is(err, test.want):
				t.Errorf("%v, want %v", err, test.want)
			case err != nil && !errors.Is(err, ErrNoText) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrEncrypted):
				t.Errorf("an error of no kind: %v", err)
			case doc.Read > maxPages:
				t.Errorf("%d pages read", doc.Read)
			}
		})
	}
	if doc, err := Text(t.Context(), whole); err != nil || doc.Body+doc.Title != "The ministry denies it." {
		t.Errorf("afterwards: %+v, %v", doc, err)
	}
}

// locked is a statement that wants a password (ISO 32000-1, section 7.6.3).
func locked(content string) []byte {
	key := strings.Repeat("a7", 32)
	return file("/ID[<00><00>]/Encrypt 6 0 R", catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content), font,
		"<</Filter/Standard/V 1/R 2/O<"+key+">/U<"+key+">/P -44>>")
}

// Whoever no longer wants a document read is not kept waiting, and the reader is
// free for the next.
func TestReadingIsBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Text(ctx, onePage(says)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	kids := strings.Repeat("3 0 R ", 5000)
	long := file("", catalogue, "<</Type/Pages/Kids["+kids+"]/Count 5000>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		packed(strings.Repeat(says+"\n", 400)), font)
	ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := Text(ctx, long); err == nil {
		t.Error("read to the end")
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %s", took)
	}
	if doc, err := Text(t.Context(), onePage(says)); err != nil || doc.Body+doc.Title != "The ministry denies it." {
		t.Errorf("afterwards: %+v, %v", doc, err)
	}
}

// FuzzText finds no bytes that the reader does not survive.
func FuzzText(f *testing.F) {
	f.Add(onePage(says))
	f.Add(locked(says))
	f.Fuzz(func(t *testing.T, body []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, _ = Text(ctx, body)
	})
}
