package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hidden tells whether an element is marked as not for readers: by attribute,
// by style, or by one of the class names that sites use for it. What a reader can
// open (unfold) is not hidden.
func hidden(n *html.Node) bool {
	if isOpen(n) {
		return false
	}
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "hidden":
			if a.Val != "until-found" {
				return true
			}
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if invisible(a.Val) {
				return true
			}
		case "class":
			if furniture(a.Val) {
				return true
			}
		case "role":
			if a.Val == "navigation" || a.Val == "search" || a.Val == "dialog" || a.Val == "alertdialog" {
				return true
			}
		}
	}
	return n.DataAtom == atom.Form && !holdsText(n)
}

func invisible(style string) bool {
	for _, property := range [...]string{"display", "visibility"} {
		i := strings.Index(style, property)
		if i < 0 {
			continue
		}
		value, _, _ := strings.Cut(style[i+len(property):], ";")
		value = strings.ToLower(strings.Trim(value, " :\t\n"))
		if strings.HasPrefix(value, "none") || strings.HasPrefix(value, "hidden") {
			return true
		}
	}
	return false
}

// furniture tells whether a class attribute names something that stands inside
// many article bodies without being part of them.
func furniture(class string) bool {
	all := class
	for class != "" {
		var c string
		if i := strings.IndexAny(class, " \t\n\r\f"); i >= 0 {
			c, class = class[:i], class[i+1:]
		} else {
			c, class = class, ""
		}
		if len(c) < 5 {
			continue
		}
		switch c[0] {
		case 's':
			if c == "share" || c == "sharing" || c == "sr-only" || c == "screen-reader-text" || c == "sharedaddy" || c == "skip-link" ||
				strings.HasPrefix(c, "share-") || strings.HasPrefix(c, "share_") || strings.HasPrefix(c, "social-share") {
				return true
			}
		case 'b':
			if c == "breadcrumb" || c == "breadcrumbs" {
				return true
			}
		case 'a':
			if strings.HasPrefix(c, "addtoany") {
				return true
			}
		case 'h': // Tailwind's "hidden md:block" is only hidden on telephones
			if c == "hidden" && !strings.Contains(all, ":") {
				return true
			}
		case 'v':
			if strings.HasPrefix(c, "visually-hidden") || strings.HasPrefix(c, "visuallyhidden") {
				return true
			}
		}
	}
	return false
}

// holdsText tells a form that is a whole page, as ASP.NET makes them, from one
// to be filled in.
func holdsText(form *html.Node) bool {
	for n := form; n != nil; n = after(n, form) {
		switch n.DataAtom {
		case atom.H1, atom.Article, atom.Main:
			return true
		}
	}
	return false
}
