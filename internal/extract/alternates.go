package extract

import (
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Alternate is the same page in another language, as the page links it.
type Alternate struct {
	Language string // primary subtag (BCP 47)
	URL      string // absolute
}

// maxAlternates bounds the editions that a page names.
const maxAlternates = 60

// Alternates are the editions in other languages that a page links: by hreflang
// (HTML, section 4.6.6.1; RFC 8288), or by a link that is called as a language
// calls itself ("Русский", "العربية"), as switches of languages are. An address
// that is given for several languages is a front page, and left out.
func Alternates(body []byte, contentType, address string) []Alternate {
	text, _ := Decode(body, contentType)
	base, err := url.Parse(address)
	if err != nil || TooHeavy(text) {
		return nil
	}
	root, err := parse(text)
	if err != nil {
		return nil
	}
	var all []Alternate
	languages := map[string]string{} // by address
	for n := root; n != nil && len(languages) < maxAlternates; n = after(n, root) {
		if n.Type != html.ElementNode || n.DataAtom != atom.Link && n.DataAtom != atom.A {
			if n.DataAtom == atom.Base {
				if b, err := base.Parse(attribute(n, "href")); err == nil {
					base = b
				}
			}
			continue
		}
		lang := alternateLanguage(n)
		href, err := base.Parse(strings.TrimSpace(attribute(n, "href")))
		if lang == "" || err != nil || href.Scheme != "http" && href.Scheme != "https" {
			continue
		}
		href.Fragment = ""
		at := href.String()
		if other, known := languages[at]; known {
			if other != lang {
				languages[at] = ""
			}
			continue
		}
		languages[at] = lang
		all = append(all, Alternate{lang, at})
	}
	kept := all[:0]
	for _, a := range all {
		if languages[a.URL] == a.Language && a.URL != address {
			kept = append(kept, a)
		}
	}
	return kept
}

// alternateLanguage is the language of the page that an element links, "" if it
// does not say.
func alternateLanguage(n *html.Node) string {
	if tag := attribute(n, "hreflang"); tag != "" {
		if n.DataAtom == atom.Link && !hasToken(attribute(n, "rel"), "alternate") {
			return ""
		}
		return primarySubtag(tag) // "" for x-default
	}
	if n.DataAtom == atom.Link {
		return ""
	}
	name := strings.ToLower(lineOf(n, 40))
	if name == "" {
		name = strings.ToLower(collapse(attribute(n, "title")))
	}
	return autonyms()[name]
}

// autonyms are the languages of officialdom by what they call themselves.
var autonyms = sync.OnceValue(func() map[string]string {
	names := map[string]string{"中文": "zh", "简体中文": "zh", "繁體中文": "zh", "正體中文": "zh", "українською": "uk", "по-русски": "ru", "in english": "en", "english version": "en", "فارسی": "fa", "عربي": "ar"}
	for code := range strings.FieldsSeq("en fr de es it pt ru uk be pl cs sk hu ro bg sr hr sl mk sq el tr az ar fa ps ur he hi bn th vi id ms zh ja ko nl sv da no fi is et lv lt ka hy kk uz ky tg mn sw") {
		if name := display.Self.Name(language.Make(code)); name != "" {
			names[strings.ToLower(name)] = code
		}
	}
	return names
})
