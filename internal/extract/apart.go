package extract

import (
	"cmp"

	"volteface/internal/statement"
)

// Feeds are asked to give each entry an id or a link of its own (RFC 4287,
// section 4.2.6; RSS 2.0, "guid"), and some do not: one id stands at all
// entries, or every link leads to the front page. What repeats within a feed
// names nothing. An entry is then told from the others by what is left: its id
// or its link, whichever is its own, or its link, title and date together.

// tellApart gives each entry a locator of its own, and names to those that
// share their link with another one. An entry that stands in the feed twice is
// kept once. ids and links are those of the entries as written, the fragment of
// a link included.
func tellApart(src statement.Source, entries []Entry, ids, links []string) []Entry {
	kept := entries[:0]
	twice := map[string]bool{}
	byID, byLink, byWritten := map[string]int{}, map[string]int{}, map[string]int{}
	n := 0
	for i, e := range entries {
		content := ""
		if e.Title == "" {
			content = e.HTML
		}
		whole := digest(ids[i], links[i], e.Title, e.Published.String(), content)
		if twice[whole] {
			continue
		}
		twice[whole] = true
		ids[n], links[n] = ids[i], links[i]
		kept = append(kept, e)
		n++
		byID[ids[i]]++
		byLink[src.Key(e.URL)]++
		byWritten[links[i]]++
	}
	taken := map[string]int{}
	for i := range kept {
		e, id, link := &kept[i], ids[i], links[i]
		if e.Locator == "" { // it has a document of its own
			continue
		}
		ownID, ownLink := id != "" && byID[id] == 1, byLink[src.Key(e.URL)] == 1 && e.URL != "" && link != ""
		e.SharesID, e.SharesLink = id != "" && !ownID, !ownLink
		switch {
		case ownID:
			e.Locator = id
		case ownLink:
			e.Locator = e.URL
		default:
			e.Locator = cmp.Or(e.URL, id) + "#" + digest(id, link, e.Title, e.Published.String())
		}
		taken[e.Locator]++
		if ownID {
			e.Names = append(e.Names, digest("id", id))
		}
		if !ownLink && link != "" && byWritten[link] == 1 {
			e.Names = append(e.Names, digest("link", link))
		}
		content := ""
		if e.Title == "" {
			content = e.HTML
		}
		e.Names = append(e.Names, digest("entry", e.Title, e.Published.String(), content))
	}
	for i := range kept { // one's id may be another's link
		if e := &kept[i]; e.Locator != "" && taken[e.Locator] > 1 {
			e.Locator += "#" + digest(ids[i], links[i], e.Title, e.Published.String())
		}
	}
	return kept
}

// digest is a short name for some parts: 64 bits of SHA-256.
func digest(parts ...string) string {
	whole := ""
	for _, p := range parts {
		whole += p + "\x00"
	}
	return statement.SHA256([]byte(whole))[:16]
}
