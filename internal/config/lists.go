package config

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"

	"volteface/internal/statement"
)

// Listed is a page or feed in a list of another program.
type Listed struct {
	Name   string
	URL    string
	Feed   bool // and else a page
	Tags   []string
	Select []string // CSS selectors of what is watched
	Drop   []string // of what is not
	Off    bool     // it is paused there
	// Notes say what is not carried over; Refused why nothing is, empty if it is.
	Notes   []string
	Refused string
}

// maxListed bounds a list.
const maxListed = 10_000

// ReadList reads a list of pages or feeds as other programs keep it: OPML (1.0,
// 2.0), the urls.yaml of urlwatch, the url-watches.json of changedetection.io, or
// addresses one a line with tags behind them, as it exports them. format says
// which it was.
func ReadList(content []byte) (format string, listed []Listed, err error) {
	if len(content) > maxFile*8 {
		return "", nil, fmt.Errorf("%d bytes are more than the %d that are read", len(content), maxFile*8)
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	switch {
	case len(content) == 0:
		return "", nil, errors.New("it is empty")
	case content[0] == '<':
		format = "OPML"
		listed, err = readOPML(content)
	case content[0] == '{':
		format = "changedetection.io"
		listed, err = readWatches(content)
	case addressLines.Match(content):
		format = "list of addresses"
		listed = readAddresses(content)
	default:
		format = "urlwatch"
		listed, err = readURLWatch(content)
	}
	if err == nil && len(listed) == 0 {
		err = errors.New("it names no page and no feed")
	}
	if err != nil {
		return format, nil, statement.WithHint(fmt.Errorf("read the list: %w", err), "OPML, urls.yaml of urlwatch, url-watches.json of changedetection.io, or addresses, one a line")
	}
	return format, listed[:min(len(listed), maxListed)], nil
}

// outline is an element of OPML (opml.org/spec2.opml).
type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr,omitempty"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string    `xml:"htmlUrl,attr,omitempty"`
	URL      string    `xml:"url,attr,omitempty"`
	Category string    `xml:"category,attr,omitempty"`
	Language string    `xml:"language,attr,omitempty"`
	Outlines []outline `xml:"outline"`
}

type opml struct {
	XMLName  xml.Name  `xml:"opml"`
	Version  string    `xml:"version,attr"`
	Title    string    `xml:"head>title"`
	Outlines []outline `xml:"body>outline"`
}

// maxNested is how deep folders of a list are followed.
const maxNested = 20

func readOPML(content []byte) (listed []Listed, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // the file has been decoded
	if err := nested(content); err != nil {
		return nil, err
	}
	var file opml
	if err := decoder.Decode(&file); err != nil {
		return nil, err
	}
	var walk func(all []outline, folder string, depth int)
	walk = func(all []outline, folder string, depth int) {
		for _, o := range all {
			name := strings.TrimSpace(o.Title)
			if name == "" {
				name = strings.TrimSpace(o.Text)
			}
			l := Listed{Name: name, URL: strings.TrimSpace(o.XMLURL), Feed: true}
			if l.URL == "" && (o.Type == "link" || o.Type == "page") {
				l.URL, l.Feed = strings.TrimSpace(o.URL), false
			}
			for category := range strings.SplitSeq(o.Category, ",") {
				l.Tags = append(l.Tags, strings.Split(category, "/")...)
			}
			if l.Tags = append(l.Tags, folder); l.URL != "" {
				listed = append(listed, l)
			}
			if depth < maxNested && len(listed) <= maxListed {
				walk(o.Outlines, name, depth+1)
			}
		}
	}
	walk(file.Outlines, "", 0)
	return listed, nil
}

// nested refuses elements inside each other without end, which the decoder would
// follow.
func nested(content []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for depth := 0; ; {
		token, err := decoder.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			if depth++; depth > 10*maxNested {
				return fmt.Errorf("its folders lie more than %d deep in each other", maxNested)
			}
		case xml.EndElement:
			depth--
		}
	}
}

// OPML writes sources as an outline of feeds and pages (OPML 2.0).
func OPML(title string, sources []statement.Source) ([]byte, error) {
	file := opml{Version: "2.0", Title: title}
	for _, s := range sources {
		o := outline{Text: s.Issuer.Name + " (" + s.ID + ")", Title: s.Issuer.Name, Type: "link", URL: s.URL, Category: strings.Join(s.Tags, ","), Language: s.Language}
		if s.Kind == statement.KindFeed || s.Kind == statement.KindYouTube {
			o.Type, o.XMLURL, o.URL = "rss", s.URL, ""
		} else if len(s.Feeds) > 0 {
			o.Type, o.XMLURL, o.HTMLURL, o.URL = "rss", s.Feeds[0], s.URL, ""
		}
		file.Outlines = append(file.Outlines, o)
	}
	text, err := xml.MarshalIndent(file, "", "  ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

// readWatches reads what changedetection.io keeps.
func readWatches(content []byte) (listed []Listed, err error) {
	type watch struct {
		URL      string   `json:"url"`
		Title    string   `json:"title"`
		Tag      string   `json:"tag"`
		Paused   bool     `json:"paused"`
		Include  []string `json:"include_filters"`
		Subtract []string `json:"subtractive_selectors"`
		Backend  string   `json:"fetch_backend"`
		Method   string   `json:"method"`
	}
	var file struct {
		Watching map[string]watch `json:"watching"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(file.Watching)) {
		w := file.Watching[id]
		l := Listed{Name: strings.TrimSpace(w.Title), URL: strings.TrimSpace(w.URL), Off: w.Paused, Tags: strings.Split(w.Tag, ",")}
		l.Select = l.selectors(w.Include, "filter")
		l.Drop = l.selectors(w.Subtract, "filter of what is left out")
		if strings.Contains(w.Backend, "webdriver") || strings.Contains(w.Backend, "browser") {
			l.Notes = append(l.Notes, "it is read by a browser there: if its text needs JavaScript, it may be missing here")
		}
		if w.Method != "" && !strings.EqualFold(w.Method, "GET") {
			l.Refused = "it is asked for with " + w.Method + ", and pages are only read here"
		}
		listed = append(listed, l)
	}
	return listed, nil
}

// selectors are those that are CSS; the others are noted.
func (l *Listed) selectors(all []string, what string) (css []string) {
	for _, s := range all {
		s = strings.TrimSpace(strings.TrimPrefix(s, "css:"))
		switch {
		case s == "":
		case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "xpath"), strings.HasPrefix(s, "json"), strings.HasPrefix(s, "jq"):
			l.Notes = append(l.Notes, fmt.Sprintf("the %s %q is not CSS and is not carried over", what, s))
		default:
			css = append(css, s)
		}
	}
	return css
}

var addressLines = regexp.MustCompile(`^(?:#[^\n]*\n|\s*\n)*https?://\S+[^\n:]*(?:\n|$)`)

func readAddresses(content []byte) (listed []Listed) {
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		address, tags, _ := strings.Cut(line, " ")
		listed = append(listed, Listed{URL: address, Tags: strings.Split(tags, ",")})
	}
	return listed
}

// documents stand apart by this line in YAML.
var documents = regexp.MustCompile(`(?m)^---\s*$`)

// readURLWatch reads the jobs of urlwatch, a YAML document each.
func readURLWatch(content []byte) (listed []Listed, err error) {
	if indentedByTab(content) > 0 {
		return nil, errors.New("a line begins with a tab")
	}
	for _, document := range documents.Split(string(content), maxListed) {
		if strings.TrimSpace(document) == "" {
			continue
		}
		if _, err := tooMuch(lexer.Tokenize(document)); err != nil || len(document) > maxFile {
			return nil, errors.Join(errors.New("one of its jobs is too large"), err)
		}
		var job map[string]any
		if err := yaml.Unmarshal([]byte(document), &job); err != nil {
			return nil, errors.New("it is not YAML, or not a list of jobs")
		}
		if len(job) > 0 {
			listed = append(listed, urlwatchJob(job))
		}
	}
	return listed, nil
}

func urlwatchJob(job map[string]any) Listed {
	text := func(name string) string { s, _ := job[name].(string); return strings.TrimSpace(s) }
	l := Listed{Name: text("name"), URL: text("url")}
	for tag := range strings.SplitSeq(text("tags"), ",") {
		l.Tags = append(l.Tags, tag)
	}
	if enabled, said := job["enabled"].(bool); said {
		l.Off = !enabled
	}
	switch {
	case l.URL == "" && text("navigate") != "":
		l.URL = text("navigate")
		l.Notes = append(l.Notes, "it is read by a browser there: if its text needs JavaScript, it may be missing here")
	case l.URL == "" && text("command") != "":
		l.Refused = "it runs a command, and pages are only read here"
	case job["data"] != nil:
		l.Refused = "it sends a form, and pages are only read here"
	}
	for _, name := range []string{"headers", "cookies", "http_proxy", "https_proxy", "ssl_no_verify", "diff_filter", "diff_tool"} {
		if job[name] != nil {
			l.Notes = append(l.Notes, name+" is not carried over")
		}
	}
	var filters []any
	switch f := job["filter"].(type) {
	case string: // as older versions wrote it: css:.main,html2text
		for part := range strings.SplitSeq(f, ",") {
			filters = append(filters, part)
		}
	case []any:
		filters = f
	}
	for _, f := range filters {
		switch f := f.(type) {
		case string:
			name, value, _ := strings.Cut(f, ":")
			l.filter(name, value, nil)
		case map[string]any:
			for name, value := range f {
				inner, _ := value.(map[string]any)
				s, _ := value.(string)
				l.filter(name, s, inner)
			}
		}
	}
	return l
}

func (l *Listed) filter(name, value string, inner map[string]any) {
	if s, ok := inner["selector"].(string); ok {
		value = s
	}
	switch name = strings.TrimSpace(name); {
	case name == "css" && value != "":
		l.Select = append(l.Select, l.selectors([]string{value}, "filter")...)
		if exclude, ok := inner["exclude"].(string); ok {
			l.Drop = append(l.Drop, l.selectors([]string{exclude}, "filter of what is left out")...)
		}
	case name == "element-by-id" && value != "":
		l.Select = append(l.Select, "#"+value)
	case name == "element-by-class" && value != "":
		l.Select = append(l.Select, "."+value)
	case name == "element-by-tag" && value != "":
		l.Select = append(l.Select, value)
	case name == "html2text", name == "strip", name == "":
	default:
		l.Notes = append(l.Notes, fmt.Sprintf("the filter %q is not carried over", name))
	}
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a name of lower case letters, digits and dashes.
func slug(text string) string {
	s := strings.Trim(notInID.ReplaceAllString(strings.ToLower(text), "-"), "-")
	return strings.Trim(s[:min(len(s), 40)], "-")
}

// Definition writes the definition of a source of one's own for what another
// program watched. Its id is made of its name or host, and is none of those taken.
func (l Listed) Definition(from string, taken func(id string) bool) (id string, content []byte) {
	host := ""
	if u, err := url.Parse(l.URL); err == nil {
		host = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	}
	base := slug(l.Name)
	if base == "" {
		base = slug(host)
	}
	if base == "" {
		base = "source"
	}
	id = base
	for n := 2; taken(id); n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	name := l.Name
	if name == "" {
		name = host
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Taken over from %s; say who the issuer is, and which government it belongs to.", from)
	for _, note := range l.Notes {
		line("# %s", strings.Join(strings.Fields(note), " "))
	}
	line("id: %s", id)
	line("issuer: {id: %s, name: %s}", quoteYAML(strings.ReplaceAll(slug(host), "-", "_")), quoteYAML(name))
	if l.Feed {
		line("kind: feed\nurl: %s", quoteYAML(l.URL))
	} else {
		line("kind: page\npages:\n  - url: %s", quoteYAML(l.URL))
		if l.Name != "" {
			line("    name: %s", quoteYAML(l.Name))
		}
		for _, part := range []struct {
			key string
			all []string
		}{{"select", l.Select}, {"drop", l.Drop}} {
			if len(part.all) > 0 {
				line("    %s: [%s]", part.key, quoteAll(part.all))
			}
		}
	}
	var tags []string
	for _, tag := range l.Tags {
		if tag = slug(tag); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if len(tags) > 0 {
		line("tags: [%s]", strings.Join(tags, ", "))
	}
	if l.Off {
		line("enabled: false")
	}
	return id, []byte(b.String())
}

// quoteYAML writes a text as a double-quoted scalar, which JSON's are too.
func quoteYAML(text string) string {
	quoted, err := json.Marshal(strings.ToValidUTF8(text, "�"))
	if err != nil { // a string is never refused
		panic(err)
	}
	return string(quoted)
}

func quoteAll(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = quoteYAML(s)
	}
	return strings.Join(quoted, ", ")
}
