package extract

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"volteface/internal/statement"
)

// maxItems bounds what one page of a JSON listing may name.
const maxItems = 10_000

// Items reads a JSON listing by the source's api rules. An entry has a locator
// only where the text itself stands in the listing, so that the listing is the
// document's bytes.
func (x *Extractor) Items(body []byte, base string) ([]Entry, error) {
	items, err := x.items(body)
	if err != nil {
		return nil, err
	}
	entries, _ := x.listed(items, base)
	return entries, nil
}

// listed gives the entries of a JSON listing, and the items they stand in.
func (x *Extractor) listed(items gjson.Result, base string) (entries []Entry, at map[string]gjson.Result) {
	var ids, links []string
	var all []gjson.Result
	items.ForEach(func(_, item gjson.Result) bool {
		e := Entry{Published: x.jsonDate(x.rules.item, item), item: len(all)}
		all = append(all, item)
		link := item.Get(x.src.API.Link)
		if value := collapse(link.String()); value != "" {
			e.URL = x.address(base, value)
			if x.src.Authority == statement.FromAPI && x.holdsBody(item) {
				e.Locator = value
			}
		}
		if x.src.API.Title != "" {
			e.Title = fragmentLine(item.Get(x.src.API.Title).String())
		}
		if e.URL != "" || e.Locator != "" {
			entries, ids, links = append(entries, e), append(ids, e.Locator), append(links, e.URL)
		}
		return len(entries) < maxItems
	})
	if !slices.ContainsFunc(entries, func(e Entry) bool { return e.Locator != "" }) {
		return entries, nil
	}
	entries, at = tellApart(x.src, entries, ids, links), make(map[string]gjson.Result, len(entries))
	for _, e := range entries {
		at[e.Locator] = all[e.item]
	}
	return entries, at
}

func (x *Extractor) items(body []byte) (gjson.Result, error) {
	text, err := jsonText(body)
	if err != nil {
		return gjson.Result{}, err
	}
	items := gjson.ParseBytes(text)
	if path := x.src.API.Items; path != "" && path != "@this" {
		items = items.Get(path)
	}
	if !items.IsArray() && !items.IsObject() {
		return items, statement.WithHint(fmt.Errorf("nothing at %q in the answer", x.src.API.Items), "check api.items: it is a GJSON path of an array")
	}
	return items, nil
}

// maxNesting is how deep JSON may nest: the parser recurses.
const maxNesting = 500

func jsonText(body []byte) ([]byte, error) {
	text, _ := Decode(body, "")
	if depth(text) > maxNesting {
		return nil, fmt.Errorf("%w: JSON nested deeper than %d", ErrNotText, maxNesting)
	}
	if !gjson.ValidBytes(text) {
		return nil, statement.WithHint(fmt.Errorf("%w: not JSON", ErrNotText), "open the address in a browser: it may answer with a page")
	}
	return text, nil
}

// depth is how deep brackets nest outside strings.
func depth(text []byte) int {
	now, most, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

func (x *Extractor) address(base, value string) string {
	if pattern := x.src.API.LinkURL; pattern != "" {
		escaped := value
		if !strings.ContainsAny(value, "/?&") {
			escaped = url.PathEscape(value)
		}
		return resolve(base, strings.ReplaceAll(pattern, "{value}", escaped))
	}
	return resolve(base, value)
}

func (x *Extractor) holdsBody(item gjson.Result) bool {
	for _, p := range x.rules.bodyPath {
		if r := item.Get(p); r.Exists() && r.Type != gjson.Null {
			return true
		}
	}
	return false
}

// object extracts a JSON document: the whole answer, or with a locator the
// item of a listing whose link it is.
func (x *Extractor) object(in Input) (statement.Document, error) {
	root, err := x.located(in)
	if err != nil {
		return statement.Document{}, err
	}
	doc := statement.Document{Path: statement.ByAPI, Language: x.language(root.Get("language").String(), root.Get("locale").String())}
	for _, p := range x.rules.titlePath {
		if doc.Title = fragmentLine(root.Get(p).String()); doc.Title != "" {
			break
		}
	}
	var content strings.Builder
	for _, p := range x.rules.bodyPath {
		addHTML(&content, root.Get(p))
	}
	if content.Len() == 0 {
		return statement.Document{}, ErrNoSelector
	}
	if doc.Body, err = x.fragment(content.String()); err != nil {
		return statement.Document{}, err
	}
	doc.Published, doc.Updated = x.jsonDate(x.rules.published, root), x.jsonDate(x.rules.updated, root)
	if x.src.Extract.Note != "" {
		doc.Note = newestNote(root.Get(x.src.Extract.Note))
	}
	var named []string
	for _, p := range x.rules.speakerPath {
		for _, r := range root.Get(p).Array() { // a single value is an array of one
			if name := speakerName(r.String()); name != "" && len(named) < maxSpeakers && !slices.Contains(named, name) {
				named = append(named, name)
			}
		}
	}
	return x.finish(doc, named)
}

// newestNote is what an issuer says of its newest change: a text, or the last in
// time of a list of times and texts.
func newestNote(notes gjson.Result) string {
	if !notes.IsArray() {
		return fragmentLine(notes.String())
	}
	newest, text := "", ""
	notes.ForEach(func(_, note gjson.Result) bool {
		pair := note.Array()
		if len(pair) == 2 && pair[0].String() >= newest { // RFC 3339, mostly in one zone
			newest, text = pair[0].String(), pair[1].String()
		}
		return true
	})
	return fragmentLine(text)
}

func (x *Extractor) located(in Input) (gjson.Result, error) {
	if in.Locator == "" {
		text, err := jsonText(in.Body)
		if err != nil {
			return gjson.Result{}, err
		}
		return gjson.ParseBytes(text), nil
	}
	items, err := x.items(in.Body)
	if err != nil {
		return gjson.Result{}, err
	}
	var found gjson.Result
	items.ForEach(func(_, item gjson.Result) bool {
		if collapse(item.Get(x.src.API.Link).String()) == in.Locator {
			found = item
			return false
		}
		return true
	})
	if !found.Exists() {
		_, at := x.listed(items, in.URL)
		found = at[in.Locator]
	}
	if !found.Exists() {
		return found, fmt.Errorf("%w: %q", ErrNoEntry, in.Locator)
	}
	return found, nil
}

// addHTML adds a string, or all strings of an array, as blocks. Plain text
// keeps its lines.
func addHTML(b *strings.Builder, r gjson.Result) {
	switch {
	case r.IsArray():
		r.ForEach(func(_, item gjson.Result) bool {
			addHTML(b, item)
			return b.Len() <= maxText
		})
	case r.Type == gjson.String || r.Type == gjson.Number:
		s := r.String()
		if strings.TrimSpace(s) == "" {
			return
		}
		if markup.MatchString(s) {
			b.WriteString("<div>" + s + "</div>")
		} else {
			b.WriteString("<pre>\n" + strings.ReplaceAll(s, "<", "&lt;") + "</pre>")
		}
	}
}

// jsonDate reads the first date that a rule's paths find. A number is Unix
// time, in seconds, or milliseconds where seconds would lie beyond the year
// 5138.
func (x *Extractor) jsonDate(rules []dateRule, from gjson.Result) statement.Date {
	var kept statement.Date
	for _, rule := range rules {
		var raw []string
		for _, p := range rule.paths {
			r := from.Get(p)
			if r.Type == gjson.Number && len(rule.paths) == 1 && r.Num > 1e8 {
				return unixDate(r.Num, r.Raw, x.zone)
			}
			if s := collapse(r.String()); s != "" {
				raw = append(raw, s)
			}
		}
		d := x.readDate(rule, strings.Join(raw, " "))
		if !d.Time.IsZero() {
			return d
		}
		if kept.IsZero() {
			kept = d
		}
	}
	return kept
}

func unixDate(n float64, raw string, zone *time.Location) statement.Date {
	if n > 1e14 {
		return statement.Date{Raw: raw}
	}
	t := time.Unix(int64(n), 0)
	if n > 1e11 {
		t = time.UnixMilli(int64(n))
	}
	return statement.Date{Time: t.In(zone), HasTime: true, Raw: raw}
}

// fromLD reads a string of the first JSON-LD block that has it: at the top, in
// a list, or in a graph.
func fromLD(blocks []string, key string) string {
	for _, b := range blocks {
		text := []byte(b)
		if len(text) > 1<<20 || depth(text) > maxNesting || !bytes.Contains(text, []byte(strconv.Quote(key))) {
			continue
		}
		root := gjson.ParseBytes(text)
		for _, path := range []string{key, "#." + key, "@graph.#." + key, "mainEntity." + key} {
			r := root.Get(path)
			if r.IsArray() {
				for _, one := range r.Array() {
					if one.Type == gjson.String {
						r = one
						break
					}
				}
			}
			if r.Type == gjson.String {
				return fragmentLine(r.String())
			}
		}
	}
	return ""
}
