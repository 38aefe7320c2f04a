package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Paragraphs that came or went as a whole are not always statements: they may
// be furniture of the page, headings, or lines that lead elsewhere.

// furniture tells why nobody misses a paragraph, empty if it says something.
func furniture(text string, list []word) string {
	folded := strings.ToLower(strings.TrimSpace(fold(text)))
	switch {
	case folded == "":
		return "nothing is seen"
	case !strings.ContainsFunc(folded, unicode.IsLetter) && !(strings.ContainsFunc(folded, unicode.IsDigit) && len(list) > 2):
		return "a mark without words" // ###, -, 1.
	}
	for _, whole := range furnitureLines {
		if folded == whole || strings.TrimRight(folded, ".:!") == whole {
			return "page furniture"
		}
	}
	for _, start := range furnitureStarts {
		if strings.HasPrefix(folded, start) && len(list) <= 16 {
			return "page furniture"
		}
	}
	return ""
}

// furnitureLines and furnitureStarts are what players, scripts, share bars and
// letterheads leave in a text.
var (
	furnitureLines = strings.Split("for immediate release|the white house|office of the press secretary|press release|share|share this|share this page|print|print this page|"+
		"tweet|facebook|twitter|whatsapp|email|e-mail|copy link|back to top|top|skip to content|skip to main content|menu|search|home|news|watch|listen|play|play video|"+
		"pause|mute|loading|loading...|advertisement|read more|see more|show more|load more|next|previous|transcript|download|download pdf|subscribe|sign up|"+
		"related|related content|related articles|tags|topics|more in this section|all rights reserved|cookies|accept|the end|end|-30-|# # #", "|")
	furnitureStarts = []string{"your browser does not", "javascript is", "please enable javascript", "this video", "video player", "audio player", "enable javascript",
		"share on ", "follow us", "this site uses cookies", "we use cookies", "last updated", "page last", "copyright", "©"}
)

// trail tells whether paragraphs in a row are a breadcrumb trail or a list of
// tags: short numbered lines without a verb or an end, of which one is a
// section of a site or the page's own title, or all are tags right below it.
func trail(texts []string, title string, top bool) bool {
	if len(texts) < 2 {
		return false
	}
	title = strings.ToLower(fold(strings.TrimSpace(title)))
	section, numbered := false, 0
	for i, text := range texts {
		line := strings.ToLower(strings.TrimSpace(fold(text)))
		if utf8.RuneCountInString(line) > 200 || strings.ContainsAny(line, ";|") {
			return false
		}
		if rest := withoutNumber(line); rest != line {
			numbered++
			line = rest
		}
		switch {
		case line == "home", has(sections, line):
			section = true
		case title != "" && i > 0 && (line == title || len(line) > 12 && strings.HasPrefix(title, strings.TrimRight(line, ".… "))):
			section = true
		case len(strings.Fields(line)) > 6 || strings.HasSuffix(line, "."):
			return false
		}
	}
	return section || top && numbered == len(texts) && len(texts) <= 6
}

// withoutNumber takes "3. " off the beginning of a line.
func withoutNumber(line string) string {
	n := 0
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	if n == 0 || n > 2 || n+1 >= len(line) || line[n] != '.' && line[n] != ')' {
		return line
	}
	return strings.TrimLeft(line[n+1:], " ")
}

var sections = func() map[string]struct{} {
	m := map[string]struct{}{}
	for _, s := range strings.Split("home|news|articles|briefings & statements|briefings and statements|statements|press releases|press|media|newsroom|presidential actions|"+
		"fact sheets|remarks|speeches|blog|events|documents|publications|about|topics|latest|archive|press room|briefing room|statements and releases|speeches and remarks", "|") {
		m[s] = struct{}{}
	}
	return m
}()

// pointer tells whether a line only leads elsewhere.
func pointer(text string, list []word) bool {
	folded := strings.ToLower(strings.TrimSpace(fold(text)))
	if len(list) > 45 {
		return false
	}
	for _, start := range []string{"learn more", "read more", "read the", "find out more", "see more", "click here", "for more information", "for additional information", "more information",
		"additional information", "information on", "information about", "to learn more", "to read", "view the", "view more", "watch the", "watch here", "listen to", "download", "see the full", "full text",
		"the full text", "the full transcript", "visit ", "contact:", "press contact", "media contact", "more details", "further information", "follow along", "register here", "a link to"} {
		if strings.HasPrefix(folded, start) {
			return true
		}
	}
	return false
}

// heading tells whether a line is one: short, without an end, a verb or a
// figure, and mostly in capitals as English headings are.
func heading(text string, list []word) bool {
	folded := strings.TrimSpace(fold(text))
	if strings.ContainsAny(folded, "|;\n") || len(list) == 0 || len(list) > 16 {
		return false
	}
	capitals, heavy := 0, 0
	for _, w := range list {
		if w.form == aMark || w.light {
			if w.text == "," {
				return false
			}
			continue
		}
		if w.form != aWord && w.form != aQuote {
			return false
		}
		heavy++
		if w.upper {
			capitals++
		}
	}
	return heavy > 0 && capitals == heavy && heavy <= 10
}

// status tells whether a line says what kind of text this is: an order's
// number, "as prepared for delivery".
func status(text string) bool {
	folded := strings.ToLower(strings.TrimSpace(fold(text)))
	if len(folded) > 80 {
		return false
	}
	for _, part := range []string{"executive order ", "proclamation ", "memorandum/", "presidential determination", "public law ", "as prepared for delivery", "as delivered", "embargoed", "eo-", "updated:", "corrected", "correction:", "draft"} {
		if strings.HasPrefix(folded, part) {
			return true
		}
	}
	return false
}

// praise tells whether a paragraph is an entry of a compilation of what others
// said: a name, a colon, a quotation, perhaps where it was said.
func praise(text string) bool {
	folded := fold(text)
	colon := strings.Index(folded, `: "`)
	return colon > 3 && colon < 200 && strings.Count(folded, `"`) >= 2 && !strings.ContainsAny(folded[:colon], ".!?\"") || colon > 3 && colon < 200 && strings.HasSuffix(strings.TrimSpace(folded), "]")
}
