package monitor

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// What is published as anything but a page is told once as not readable, is no
// fault of the source, and holds nothing up; when a page comes in its place, that
// is read.
func TestPublishedNotReadable(t *testing.T) {
	var office bytes.Buffer
	z := zip.NewWriter(&office)
	if _, err := z.Create("word/document.xml"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ kind, bytes string }{
		"PDF":                         {"application/pdf", "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"},
		"PDF said to be a page":       {"text/html", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n"},
		"Word":                        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", office.String()},
		"older Word":                  {"application/octet-stream", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
		"RTF":                         {"text/plain", `{\rtf1\ansi The ministry denies it.}`},
		"a picture":                   {"image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"},
		"a table":                     {"text/csv", "country,sum\nNorthland,7\n"},
		"a calendar entry":            {"text/calendar", "BEGIN:VCALENDAR\nSUMMARY:Visit\nEND:VCALENDAR\n"},
		"JSON where a page should be": {"application/json", `{"statement":"The ministry denies it."}`},
	} {
		t.Run(name, func(t *testing.T) {
			p, src := desk(t, 2)
			p.put("/9", test.kind, test.bytes)
			p.list("/", "/9", "/0", "/1")
			p.clock.Set(p.clock.Now().Add(time.Hour))
			p.expect("at first", p.visit(src, Options{}), "UNREAD /9")
			for range 5 {
				p.clock.Set(p.clock.Now().Add(6 * time.Hour))
				p.expect("later", p.visit(src, Options{}))
			}
			if fault := p.fault(); fault != "" || p.told() != "NEW /1, NEW /0, UNREAD" && p.told() != "NEW /0, NEW /1, UNREAD" {
				t.Errorf("fault %q, events %s", fault, p.told())
			}
			events, err := p.store.Events(t.Context(), 0, 0)
			p.must(err)
			if told := events[len(events)-1]; told.Statement != "" || !strings.Contains(told.Reason, "published, not readable: it is ") || !strings.HasSuffix(told.Reason, "/9") {
				t.Errorf("told: %+v", told)
			}
			troubles, err := p.store.Troubles(t.Context(), src.ID)
			p.must(err)
			if len(troubles) != 1 || troubles[0].Kind != statement.TroubleUnreadable || len(p.statements()) != 2 {
				t.Errorf("troubles %+v, %d statements", troubles, len(p.statements()))
			}
			p.page("/9", "Statement /9", "The ministry denies it.", "")
			p.clock.Set(p.clock.Now().Add(25 * time.Hour))
			p.expect("a page in its place", p.visit(src, Options{}), "NEW /9")
			p.put("/0", test.kind, test.bytes)
			p.clock.Set(p.clock.Now().Add(time.Hour))
			p.expect("a known page becomes one", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /1", "UNREAD /0", "UNCHANGED /9")
		})
	}
}
