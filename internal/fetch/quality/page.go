package quality

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"volteface/internal/statement"
)

const (
	// bareText is how much visible text, in characters, a page may have and
	// still be taken for something in the way of the real one: the longest
	// block pages have about 1,000, the shortest statements stand in a page
	// whose menus have more.
	bareText = 2000
	// maxLook bounds what is read of a page, in bytes.
	maxLook = 512 << 10
	// maxPart bounds a title or heading that is kept, in bytes.
	maxPart = 500
)

// page is what a reader of the capture would see first.
type page struct {
	html     bool
	bare     bool     // next to no text, and no mark of an article
	titles   []string // the title, the first heading, and the parts they fall into
	text     string   // visible text, cut at a little over bareText
	source   []byte   // of a bare page
	password bool     // it asks for a password
	scripts  bool
	cutShort bool // it ends in the middle of a tag, comment or script
	refresh  refresh
	base     string // of its links, where it names one
}

// look reads as much of a capture as tells what it is.
func look(c *statement.Capture) *page {
	body := c.Body[:min(len(c.Body), maxLook)]
	kind := strings.ToLower(c.Header.Get("Content-Type"))
	p := &page{html: strings.Contains(kind, "html") || kind == "" && bytes.Contains(bytes.ToLower(body[:min(len(body), 1024)]), []byte("<html"))}
	if bytes.HasPrefix(bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n"), []byte("<?xml")) && !p.html {
		return p // a feed or sitemap
	}
	switch {
	case p.html:
		p.read(body, kind, len(c.Body) > maxLook)
	case strings.HasPrefix(kind, "text/plain"):
		p.text = squeeze(string(body[:min(len(body), 4*bareText)]))
		p.bare = utf8.RuneCountInString(p.text) < bareText
	}
	return p
}

var separators = regexp.MustCompile(`\s+[|\-–—·•»:/]+\s+|\s*(?:\||::|»|!\s)\s*`)

// read walks through the tokens until there is more text than a bare page has.
func (p *page) read(body []byte, kind string, more bool) {
	if _, name, _ := charset.DetermineEncoding(body, kind); name != "utf-8" {
		if e, _ := charset.Lookup(name); e != nil {
			if decoded, err := e.NewDecoder().Bytes(body); err == nil {
				body = decoded
			}
		}
	}
	var text strings.Builder
	var title, heading string
	article, inTitle, inHeading, opaque, noScript, hidden, letters := false, false, false, false, false, 0, 0
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(maxLook)
tokens:
	for letters < bareText {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			p.cutShort = !more && (opaque || bytes.IndexByte(z.Raw(), '<') >= 0) && !bytes.Contains(z.Raw(), []byte("</html"))
			break tokens
		case html.TextToken:
			if hidden > 0 {
				continue
			}
			words := ""
			if noScript { // the tokenizer takes what stands in it for text
				var to refresh
				if words, to = withoutScripts(z.Raw()); p.refresh.to == "" {
					p.refresh = to
				}
			} else {
				words = squeeze(string(z.Text()))
			}
			switch {
			case words == "":
			case inTitle:
				title += words
			default:
				if inHeading && len(heading) < maxPart {
					heading = strings.TrimSpace(heading + " " + words)
				}
				letters += utf8.RuneCountInString(words)
				text.WriteString(words + " ")
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, attributes := z.TagName()
			open := kind == html.StartTagToken
			switch string(name) {
			case "script", "style", "template":
				p.scripts = p.scripts || string(name) == "script"
				opaque = open && string(name) != "template"
				if open {
					hidden++
				} else if kind == html.EndTagToken && hidden > 0 {
					hidden--
				}
			case "title":
				inTitle = open && title == ""
			case "h1":
				inHeading = open && heading == ""
			case "article":
				// a template's own mark; an empty one is found in shells too
			case "noscript":
				noScript = open
			case "input", "meta", "base":
				var equivalent, content string
				for attributes && kind != html.EndTagToken {
					var key, value []byte
					key, value, attributes = z.TagAttr()
					v := strings.ToLower(string(value))
					switch k := string(key); {
					case k == "type" && v == "password":
						p.password = true
					case k == "property" && (v == "article:published_time" || v == "article:modified_time"):
						article = true
					case k == "http-equiv":
						equivalent = strings.TrimSpace(v)
					case k == "content":
						content = string(value)
					case k == "href" && string(name) == "base":
						p.base = string(value)
					}
				}
				if equivalent == "refresh" && p.refresh.to == "" {
					p.refresh = readRefresh(content)
				}
			}
		}
	}
	p.text = strings.TrimSpace(text.String())
	p.bare = letters < bareText && !article
	if !p.bare {
		return
	}
	p.source = body
	for _, whole := range []string{title, heading} {
		if whole = clip(whole); whole != "" {
			p.titles = append(p.titles, whole)
			p.titles = append(p.titles, separators.Split(whole, -1)...)
		}
	}
}

// judge tries the rules on a bare page.
func (p *page) judge(c *statement.Capture, status string) (Verdict, bool) {
	if !p.bare {
		return Verdict{}, false
	}
	onward, sends := p.sendsOn(c, status)
	title := ""
	if len(p.titles) > 0 {
		title = p.titles[0]
	}
	for _, r := range rules() {
		evidence := ""
		switch {
		case sends && r.name == "javascript-gate": // "Redirecting…", "please wait" and the like
			continue
		case r.title != nil && p.fits(r.title, &evidence):
			evidence = "titled " + quote(evidence)
		case r.text != nil && find(r.text, title+"\n"+p.text, &evidence):
			evidence = "it reads " + quote(evidence)
		case r.markup != nil && find(r.markup, string(p.source), &evidence):
			evidence = "its source has " + quote(evidence)
		default:
			continue
		}
		return Verdict{Quality: r.quality, Rule: r.name, Reason: status + ", " + r.words + " (" + evidence + ")"}, true
	}
	if sends {
		return onward, true
	}
	switch {
	case p.password && len(p.text) < bareText/2:
		return Verdict{Quality: statement.Wall, Rule: "login-wall", Reason: status + ", a page that wants a login (it has a field for a password)"}, true
	case p.html && p.text == "" && p.scripts:
		return Verdict{Quality: statement.Blocked, Rule: "javascript-gate", Reason: status + ", a page of scripts alone, without a word of text"}, true
	case p.html && p.text == "" && title == "":
		return Verdict{Quality: statement.Empty, Rule: "empty", Reason: status + ", a page without a word of text"}, true
	case p.cutShort:
		return Verdict{Quality: statement.Truncated, Rule: "cut-short", Reason: status + ", a page that ends in the middle of a tag or script"}, true
	}
	return Verdict{}, false
}

// fits reports whether a rule matches all of a title, heading or part of them.
func (p *page) fits(r *regexp.Regexp, evidence *string) bool {
	for _, t := range p.titles {
		if r.MatchString(t) {
			*evidence = t
			return true
		}
	}
	return false
}

func find(r *regexp.Regexp, in string, evidence *string) bool {
	at := r.FindStringIndex(in)
	if at == nil {
		return false
	}
	*evidence = in[at[0]:at[1]]
	return true
}

var walls = regexp.MustCompile(`(?i)(?:^|[/._-])(?:log-?in|sign-?in|sso|oauth2?|consent|captcha|blocked|access-?denied)(?:[/._-]|$)`)

// lost are the names that sites give to what they show in a page's stead: a
// whole part of the path, or a parameter of ASP.NET's custom errors.
var lost = regexp.MustCompile(`(?i)^/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:400|404|410|500|502|503)(?:\.\w{2,5})?/?$` + // elsewhere it may be the number of a statement
	`|/(?:(?:http|status|errors?|err|page)[-_]?(?:400|404|410|500|502|503)(?:[-_]?(?:page|error|not-?found))?` +
	`|(?:400|404|410|500|502|503)[-_]?(?:page|error|not-?found)` +
	`|(?:custom|server|site|app(?:lication)?|general|generic|system|http)?[-_]?err(?:or)?s?[-_]?(?:pages?|docs?|view|default)?` +
	`|(?:error[-_]?|(?:page|file|content|resource)[-_]?)?not[-_]?found|(?:page[-_]?)?unavailable|service[-_]?unavailable|(?:site[-_]?)?maintenance|sorry|oops` +
	`|nicht[-_]?gefunden|fehler(?:seite)?|erreur|introuvable|no[-_]?encontrad[ao]|non[-_]?trovata|hata|bulunamadi|oshibka)(?:\.\w{2,5})?/?$` +
	`|/(?:errors?|error[-_]?pages?)/|[?&]aspxerrorpath=`)

// detour recognises by its address a page that a redirect led to.
func detour(c *statement.Capture, p *page) (Verdict, bool) {
	if c.FinalURL == c.URL || len(c.Hops) == 0 {
		return Verdict{}, false
	}
	asked, err := url.Parse(c.URL)
	if err != nil {
		return Verdict{}, false
	}
	came, err := url.Parse(c.FinalURL)
	if err != nil {
		return Verdict{}, false
	}
	switch {
	case errorPath(came) && !errorPath(asked):
		return Verdict{Quality: statement.SoftNotFound, Rule: "soft-404", Reason: "redirects to " + clip(c.FinalURL) + ", an error page by its address"}, true
	case p.bare && walls.MatchString(came.Host+came.Path) && !walls.MatchString(asked.Host+asked.Path):
		return Verdict{Quality: statement.Wall, Rule: "login-wall", Reason: "redirects to " + clip(c.FinalURL) + ", a page that wants a login or consent"}, true
	}
	return Verdict{}, false
}

func errorPath(u *url.URL) bool { return lost.MatchString(u.Path) || lost.MatchString("?"+u.RawQuery) }

// squeeze makes one space of any white space and drops what cannot be seen.
func squeeze(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// plain reports whether squeeze would leave a text as it is: most words of most
// pages are ASCII with single spaces.
func plain(s string) bool {
	space := true // none may lead
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && !space:
			space = true
		case c > ' ' && c < 0x7f:
			space = false
		default:
			return false
		}
	}
	return !space || s == ""
}

func clip(s string) string {
	if len(s) > maxPart {
		s = strings.ToValidUTF8(s[:maxPart], "")
	}
	return strings.TrimSpace(s)
}

// quote gives evidence in a few words, fit for a terminal.
func quote(s string) string {
	s = squeeze(s)
	if utf8.RuneCountInString(s) > 80 {
		s = string([]rune(s)[:80]) + "…"
	}
	return `"` + s + `"`
}
