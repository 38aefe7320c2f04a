package quality

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"volteface/internal/statement"
)

const (
	// longestStay is how long a page that sends its readers on is shown at most;
	// what is shown for longer is a page that renews itself, as news tickers do.
	longestStay = 30 * time.Second
	// stubText and mutedText are how much text, in characters, a page has at most
	// that sends its readers on, and one that only does so to those without scripts
	// or by a script.
	stubText  = 1000
	mutedText = 300
)

// refresh is where a page sends its readers on to, and after how long.
type refresh struct {
	to       string // as written; "" for the page itself
	after    time.Duration
	noScript bool // only readers without scripts
}

// readRefresh reads the content of a meta refresh as browsers do (HTML,
// "shared declarative refresh steps"): seconds, then after a comma, semicolon
// or space the address, with or without "url=" and quotation marks.
func readRefresh(content string) refresh {
	content = strings.TrimSpace(content)
	end := strings.IndexFunc(content, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		return refresh{}
	}
	seconds, err := strconv.ParseFloat("0"+strings.TrimRight(content[:end], "."), 64)
	if err != nil || end == 0 || seconds > 1e6 {
		return refresh{}
	}
	rest := strings.TrimLeft(content[end:], " \t\r\n\f;,")
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, named := strings.CutPrefix(strings.TrimLeft(rest[3:], " \t\r\n\f"), "="); named {
			rest = strings.TrimLeft(after, " \t\r\n\f")
		}
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		quote := rest[:1]
		rest, _, _ = strings.Cut(rest[1:], quote)
	}
	return refresh{to: strings.TrimSpace(rest), after: time.Duration(seconds * float64(time.Second))}
}

// withoutScripts reads what stands in a <noscript>: its text, and where it sends
// its readers on to.
func withoutScripts(markup []byte) (text string, to refresh) {
	var words []string
	z := html.NewTokenizer(bytes.NewReader(markup))
	z.SetMaxBuf(maxLook)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(words, " "), to
		case html.TextToken:
			if w := squeeze(string(z.Text())); w != "" {
				words = append(words, w)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); t.Data == "meta" && to.to == "" {
				named := map[string]string{}
				for _, a := range t.Attr {
					named[a.Key] = a.Val
				}
				if strings.EqualFold(strings.TrimSpace(named["http-equiv"]), "refresh") {
					to = readRefresh(named["content"])
					to.noScript = true
				}
			}
		}
	}
}

// script recognises a script that sends its reader to an address that stands
// in it. One that sets a cookie first is a gate.
var script = regexp.MustCompile(`(?:\b(?:window|self|top|document)\s*\.\s*)?\blocation(?:\s*\.\s*href)?\s*(?:=|\.\s*(?:replace|assign)\s*\()\s*["']([^"'\s]+)["']`)

// sendsOn recognises a stub: a page with little text that sends its readers on
// to another address, by meta refresh or by script.
func (p *page) sendsOn(c *statement.Capture, status string) (Verdict, bool) {
	verdict := Verdict{Quality: statement.Stub, Rule: "stub"}
	most := stubText
	if p.refresh.noScript {
		most = mutedText
	}
	length := utf8.RuneCountInString(p.text)
	if p.refresh.to != "" && p.refresh.after <= longestStay && length <= most {
		if to := onward(c, p.base, p.refresh.to); to != "" {
			verdict.Onward = to
			verdict.Reason = status + ", a page that only sends its readers on to " + quote(to)
			return verdict, true
		}
	}
	if p.scripts && length <= mutedText && !strings.Contains(string(p.source), "cookie") {
		if m := script.FindSubmatch(p.source); m != nil {
			if to := onward(c, p.base, string(m[1])); to != "" {
				verdict.Reason = status + ", a page whose script only sends its readers on to " + quote(to)
				return verdict, true
			}
		}
	}
	return verdict, false
}

// onward resolves where a page sends its readers on to; "" for the page itself,
// and for what is no address of the web.
func onward(c *statement.Capture, base, to string) string {
	here, err := url.Parse(c.FinalURL)
	if err != nil {
		return ""
	}
	from := here
	if base != "" {
		if from, err = here.Parse(strings.TrimSpace(base)); err != nil {
			from = here
		}
	}
	there, err := from.Parse(to)
	if err != nil || there.Scheme != "http" && there.Scheme != "https" || there.Host == "" || there.User != nil {
		return ""
	}
	there.Fragment = ""
	same := *here
	same.Fragment = ""
	if there.String() == same.String() {
		return ""
	}
	return there.String()
}

// Titled tells what a page is that is titled so, whatever else stands on it:
// an error page, a block, a wall. ok is false for any other title.
func Titled(title string) (v Verdict, ok bool) {
	p := page{titles: append([]string{clip(title)}, separators.Split(clip(title), -1)...)}
	for _, r := range rules() {
		if evidence := ""; r.title != nil && p.fits(r.title, &evidence) {
			return Verdict{Quality: r.quality, Rule: r.name, Reason: r.words + " (titled " + quote(evidence) + ")"}, true
		}
	}
	return Verdict{}, false
}
