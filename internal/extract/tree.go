package extract

import (
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

func matches(n *html.Node, groups []cascadia.SelectorGroup) bool {
	for _, g := range groups {
		if g.Match(n) {
			return true
		}
	}
	return false
}

// after is the next node in document order inside root, nil at the end.
func after(n, root *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	return beyond(n, root)
}

// beyond is the next node in document order that is not inside n.
func beyond(n, root *html.Node) *html.Node {
	for n != root {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

// first is the first element below root that a selector matches, or root.
func first(root *html.Node, s cascadia.SelectorGroup) *html.Node {
	for n := after(root, root); n != nil; n = after(n, root) {
		if n.Type == html.ElementNode && s.Match(n) {
			return n
		}
	}
	if root.Type == html.ElementNode && s.Match(root) {
		return root
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}
