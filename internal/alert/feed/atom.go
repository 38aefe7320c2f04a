package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"

	"volteface/internal/statement"
)

// The parts of an Atom document that are used here (RFC 4287, section 4).
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  Author      `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Authors    []Author       `xml:"author,omitempty"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

// Atom is the feed as Atom. Its identifier is made of name and self, its own address, if known: both must stay as they are.
func (doc Document) Atom(name, self string) ([]byte, error) {
	sum := statement.SHA256([]byte("feed\x00" + name + "\x00" + self))
	feed := atomFeed{ID: URN(sum[:32]), Title: doc.Title, Author: Author{"volteface"}, Updated: "1970-01-01T00:00:00Z"}
	if self != "" {
		feed.Links = []atomLink{{"self", self}}
	}
	if doc.HomeURL != "" {
		feed.Links = append(feed.Links, atomLink{"alternate", doc.HomeURL})
	}
	for i, it := range doc.Items {
		updated := cmp.Or(it.Modified, it.Published)
		if i == 0 || updated > feed.Updated { // both in UTC, to the second
			feed.Updated = updated
		}
		e := atomEntry{ID: it.ID, Title: it.Title, Updated: updated, Published: it.Published, Content: atomContent{"html", it.Language, it.HTML}}
		e.Authors = append(e.Authors, it.Authors...)
		if it.URL != "" {
			e.Links = []atomLink{{"alternate", it.URL}}
		}
		for _, tag := range it.Tags {
			e.Categories = append(e.Categories, atomCategory{tag})
		}
		feed.Entries = append(feed.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", " ")
	if err := encoder.Encode(feed); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
