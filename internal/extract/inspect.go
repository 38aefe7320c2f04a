package extract

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tidwall/gjson"
	"golang.org/x/net/html"

	"volteface/internal/statement"
)

// RuleUse tells what one rule of a source finds in a page: for whoever writes the rules.
type RuleUse struct {
	Field   string // where the rule stands in the definition, such as extract.body[0]
	Rule    string // as written: a selector, a GJSON path or a pattern
	Matches int    // elements, values or paragraphs
	Example string // the beginning of the first that is not empty, on one line
}

// maxExample bounds an example, in characters.
const maxExample = 100

// InspectDocument tells what the rules for a statement's document find in it, in the order in which they are written. It fails as
// Extract does.
func (x *Extractor) InspectDocument(in Input) ([]RuleUse, error) {
	x, _ = x.forPage(in)
	switch {
	case in.Representation == statement.FromAPI:
		root, err := x.located(in)
		if err != nil {
			return nil, err
		}
		return x.inspectJSON(root), nil
	case in.Representation == statement.FromFeed:
		feed, err := x.feedOf(in)
		if err != nil {
			return nil, err
		}
		i := find(feed.entries, in.Locator)
		if i < 0 {
			return nil, fmt.Errorf("%w: %q", ErrNoEntry, in.Locator)
		}
		root, err := parse([]byte(feed.entries[i].HTML))
		if err != nil {
			return nil, fmt.Errorf("parse the content: %w", err)
		}
		e := x.src.Extract
		uses := append(inspectSelectors(root, "extract.body", e.Body, ""), inspectSelectors(root, "extract.drop", e.Drop, "")...)
		return append(uses, x.inspectParagraphs(root)...), nil
	}
	text, _ := Decode(in.Body, in.ContentType)
	if TooHeavy(text) {
		return nil, ErrTooLarge
	}
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	e := x.src.Extract
	uses := inspectSelectors(root, "extract.title", e.Title, "")
	uses = append(uses, inspectSelectors(root, "extract.body", e.Body, "")...)
	uses = append(uses, inspectSelectors(root, "extract.drop", e.Drop, "")...)
	uses = append(uses, inspectDates(root, "extract.published", e.Published)...)
	uses = append(uses, inspectDates(root, "extract.updated", e.Updated)...)
	uses = append(uses, inspectSelectors(root, "extract.speaker", e.Speaker, "")...)
	return append(uses, x.inspectParagraphs(root)...), nil
}

// InspectListing tells what the rules for a listing find in one page of it: of the parts of an item, in how many items. A feed and
// a sitemap need none.
func (x *Extractor) InspectListing(body []byte, contentType string) ([]RuleUse, error) {
	switch x.src.Kind {
	case statement.KindListing:
	case statement.KindAPI:
		return x.inspectItems(body)
	default:
		return nil, nil
	}
	text, _ := Decode(body, contentType)
	if TooHeavy(text) {
		return nil, ErrTooLarge
	}
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	l := x.src.Listing
	uses := inspectSelectors(root, "listing.item", []string{l.Item}, "")
	uses[0].Field = "listing.item"
	item := mustParse(l.Item)
	inItems := func(field, selector, attr string) {
		if selector == "" {
			return
		}
		use, group := RuleUse{Field: field, Rule: selector}, mustParse(selector)
		for n := root; n != nil; n = after(n, root) {
			if n.Type == html.ElementNode && item.Match(n) {
				if found := first(n, group); found != nil {
					use.add(found, attr)
				}
			}
		}
		uses = append(uses, use)
	}
	inItems("listing.link", cmp.Or(l.Link, "a[href]"), "href")
	inItems("listing.title", l.Title, l.TitleAttr)
	if l.DateAfter {
		uses = append(uses, inspectDates(root, "listing.date", l.Date)...)
	} else {
		for i, rule := range l.Date {
			for k, selector := range rule.Selectors {
				inItems(fmt.Sprintf("listing.date[%d].selectors[%d]", i, k), selector, rule.Attr)
			}
		}
	}
	inItems("listing.category", l.Category, "")
	if l.Next != "" {
		next := inspectSelectors(root, "listing.next", []string{l.Next}, "href")
		next[0].Field = "listing.next"
		uses = append(uses, next...)
	}
	return uses, nil
}

// mustParse compiles a selector that New has compiled before.
func mustParse(selector string) cascadia.SelectorGroup {
	group, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil
	}
	return group
}

func inspectSelectors(root *html.Node, field string, selectors []string, attr string) []RuleUse {
	uses := make([]RuleUse, 0, len(selectors))
	for i, selector := range selectors {
		use, group := RuleUse{Field: fmt.Sprintf("%s[%d]", field, i), Rule: selector}, mustParse(selector)
		for n := root; n != nil; n = after(n, root) {
			if n.Type == html.ElementNode && group.Match(n) {
				use.add(n, attr)
			}
		}
		uses = append(uses, use)
	}
	return uses
}

func inspectDates(root *html.Node, field string, rules []statement.DateRule) []RuleUse {
	var uses []RuleUse
	for i, rule := range rules {
		uses = append(uses, inspectSelectors(root, fmt.Sprintf("%s[%d].selectors", field, i), rule.Selectors, rule.Attr)...)
	}
	return uses
}

// add counts an element and takes its text, or an attribute of it, for an example.
func (u *RuleUse) add(n *html.Node, attr string) {
	u.Matches++
	if u.Example != "" {
		return
	}
	if attr != "" {
		if u.Example = example(attribute(n, attr)); u.Example != "" {
			return
		}
	}
	w := newLine()
	w.limit = 8 * maxExample
	for c := n; c != nil && !w.full; c = after(c, n) {
		if c.Type == html.TextNode {
			w.text(c.Data)
			w.owe(spaceGap)
		}
	}
	u.Example = example(string(w.buf))
}

func example(s string) string {
	s = collapse(s)
	if runes := []rune(s); len(runes) > maxExample {
		return strings.TrimSpace(string(runes[:maxExample-1])) + "…"
	}
	return s
}

// inspectParagraphs tells how many paragraphs of the body each pattern of drop_text cuts out.
func (x *Extractor) inspectParagraphs(root *html.Node) []RuleUse {
	if len(x.rules.dropText) == 0 {
		return nil
	}
	body := x.scan(root).writer.release()
	uses := make([]RuleUse, len(x.rules.dropText))
	for i, re := range x.rules.dropText {
		uses[i] = RuleUse{Field: fmt.Sprintf("extract.drop_text[%d]", i), Rule: x.src.Extract.DropText[i]}
		for p := range strings.SplitSeq(body, "\n\n") {
			if !re.MatchString(p) {
				continue
			}
			if uses[i].Matches++; uses[i].Matches == 1 {
				uses[i].Example = example(p)
			}
		}
	}
	return uses
}

// inspectItems is InspectListing for a JSON listing.
func (x *Extractor) inspectItems(body []byte) ([]RuleUse, error) {
	items, err := x.items(body)
	if err != nil {
		return nil, err
	}
	api := x.src.API
	uses := []RuleUse{{Field: "api.items", Rule: api.Items}, {Field: "api.link", Rule: api.Link}, {Field: "api.title", Rule: api.Title}, {Field: "api.date", Rule: api.Date}}
	items.ForEach(func(_, item gjson.Result) bool {
		uses[0].value(item)
		for i := range uses[1:] {
			if u := &uses[i+1]; u.Rule != "" {
				u.value(item.Get(u.Rule))
			}
		}
		return uses[0].Matches < maxItems
	})
	kept := uses[:1]
	for _, u := range uses[1:] {
		if u.Rule != "" {
			kept = append(kept, u)
		}
	}
	return kept, nil
}

func (x *Extractor) inspectJSON(root gjson.Result) []RuleUse {
	var uses []RuleUse
	look := func(field string, paths []string) {
		for i, path := range paths {
			use := RuleUse{Field: fmt.Sprintf("%s[%d]", field, i), Rule: path}
			for _, r := range root.Get(path).Array() {
				use.value(r)
			}
			uses = append(uses, use)
		}
	}
	e := x.src.Extract
	look("extract.title", e.Title)
	look("extract.body", e.Body)
	for i, rule := range e.Published {
		look(fmt.Sprintf("extract.published[%d].selectors", i), rule.Selectors)
	}
	for i, rule := range e.Updated {
		look(fmt.Sprintf("extract.updated[%d].selectors", i), rule.Selectors)
	}
	look("extract.speaker", e.Speaker)
	return uses
}

// value counts a value that is there.
func (u *RuleUse) value(r gjson.Result) {
	if !r.Exists() || r.Type == gjson.Null {
		return
	}
	if u.Matches++; u.Example == "" {
		text := r.String()
		if markup.MatchString(text) && !r.IsObject() {
			text = fragmentLine(text[:min(len(text), 2*maxTitle)])
		}
		u.Example = example(strings.ToValidUTF8(text, ""))
	}
}
