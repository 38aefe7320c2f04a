package extract

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

const russian = "<p>Заявление официального представителя МИД России о поставках беспилотников.</p>"

func encoded(t testing.TB, s, name string) string {
	t.Helper()
	enc, _ := charset.Lookup(name)
	b, _, err := transform.String(enc.NewEncoder(), s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	meta := `<meta charset="windows-1251">`
	httpEquiv := `<meta http-equiv=Content-Type content="text/html; charset=koi8-r">`
	for name, test := range map[string]struct{ body, contentType, want, charset string }{
		"mark":                              {"\xef\xbb\xbf" + russian, "text/html; charset=windows-1251", russian, "utf-8"},
		"UTF-16, little end first":          {encoded(t, "\ufeff"+russian, "utf-16le"), "", russian, "utf-16le"},
		"UTF-16, big end first":             {encoded(t, "\ufeff"+russian, "utf-16be"), "text/html", russian, "utf-16be"},
		"UTF-16 by header":                  {encoded(t, russian, "utf-16le"), "text/html; charset=utf-16le", russian, "utf-16le"},
		"UTF-8 against a wrong header":      {russian, "text/html; charset=windows-1251", russian, "utf-8"},
		"UTF-8 against a wrong meta":        {meta + russian, "", meta + russian, "utf-8"},
		"header":                            {encoded(t, russian, "windows-1251"), "text/html; charset=windows-1251", russian, "windows-1251"},
		"header with a quoted old name":     {encoded(t, russian, "windows-1251"), `text/html; charset="CP1251"`, russian, "windows-1251"},
		"meta":                              {encoded(t, meta+russian, "windows-1251"), "text/html", meta + russian, "windows-1251"},
		"meta http-equiv":                   {encoded(t, httpEquiv+russian, "koi8-r"), "", httpEquiv + russian, "koi8-r"},
		"XML declaration":                   {encoded(t, `<?xml version="1.0" encoding="windows-1251"?>`+russian, "windows-1251"), "", `<?xml version="1.0" encoding="windows-1251"?>` + russian, "windows-1251"},
		"a header that cannot be, and meta": {encoded(t, meta+russian, "windows-1251"), "text/html; charset=utf-8", meta + russian, "windows-1251"},
		"nothing declared":                  {encoded(t, strings.Repeat(russian, 5), "windows-1251"), "", strings.Repeat(russian, 5), "windows-1251"},
		"Latin":                             {"caf\xe9 au lait, d\xe9j\xe0 vu", "text/html; charset=iso-8859-1", "café au lait, déjà vu", "windows-1252"},
		"a few broken bytes":                {strings.Repeat(russian, 3) + "\xd0", "text/html; charset=utf-8", strings.Repeat(russian, 3) + "\uFFFD", "utf-8"},
		"ASCII":                             {"<p>plain</p>", "text/html; charset=windows-1251", "<p>plain</p>", "utf-8"},
		"Chinese":                           {encoded(t, "<meta charset=gb2312>外交部发言人", "gbk"), "", "<meta charset=gb2312>外交部发言人", "gbk"},
		"Japanese with escapes":             {encoded(t, "総理の指示", "iso-2022-jp"), "text/html; charset=iso-2022-jp", "総理の指示", "iso-2022-jp"},
		"a meta that says UTF-16":           {"<meta charset=utf-16>é", "", "<meta charset=utf-16>é", "utf-8"},
		"an unknown name":                   {"<meta charset=klingon>caf\xe9", "text/html; charset=vulcan", "<meta charset=klingon>café", "windows-1252"},
		"nothing":                           {"", "", "", "utf-8"},
	} {
		got, name2 := Decode([]byte(test.body), test.contentType)
		if string(got) != test.want || name2 != test.charset {
			t.Errorf("%s: %q in %s, want %q in %s", name, got, name2, test.want, test.charset)
		}
	}
	body := []byte(russian)
	if got, _ := Decode(body, "text/html; charset=utf-8"); &got[0] != &body[0] {
		t.Error("UTF-8 was copied")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(russian), "text/html; charset=windows-1251")
	f.Add([]byte("\xff\xfea\x00"), "")
	f.Add([]byte("<meta charset=iso-2022-jp>\x1b$B"), "text/html")
	f.Add([]byte("<?xml version='1.0' encoding='hz-gb-2312'?>~{"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		kept := bytes.Clone(body)
		text, name := Decode(body, contentType)
		if !bytes.Equal(kept, body) {
			t.Fatal("the body was changed")
		}
		if !bytes.Equal(text, bytes.ToValidUTF8(text, nil)) || name == "" {
			t.Fatalf("%q in %q", text, name)
		}
	})
}

// A page in UTF-8 that is called UTF-16 is read as what it is.
func TestCalledUTF16(t *testing.T) {
	for _, page := range []string{"<p>The ministry denies it.</p>", "<p>The ministry “denies” it.</p>"} {
		if got, name := Decode([]byte(page), "text/html; charset=utf-16"); string(got) != page {
			t.Errorf("%q, as %s", got, name)
		}
	}
}
