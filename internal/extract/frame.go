package extract

import "golang.org/x/net/html/atom"

// PageNames are what an HTML page calls itself and its site: its title, what it
// tells other programs, and its headings of the first level, each whole and in
// the parts that separators make of it. None for bytes that are no page.
func PageNames(body []byte, contentType string) (names []string) {
	text, _ := Decode(body, contentType)
	if TooHeavy(text) {
		return nil
	}
	root, err := parse(text)
	if err != nil {
		return nil
	}
	s := &sight{root: root}
	for n := root; n != nil; n = after(n, root) {
		s.note(n)
	}
	whole := []string{titleOf(s.pageTitle), collapse(s.meta["og:title"]), collapse(s.meta["og:site_name"])}
	for _, h := range s.headings {
		if h.DataAtom == atom.H1 {
			whole = append(whole, titleOf(h))
		}
	}
	for _, name := range whole {
		if name != "" {
			names = append(append(names, name), nameParts(name)...)
		}
	}
	return names
}
