package diff

import (
	"slices"
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
	if stamped(folded) && len(content(list)) <= 4 {
		return "when the page was published or touched"
	}
	return ""
}

// furnitureStill tells why nobody misses a paragraph that was furniture before
// and is after; empty if it says something.
func (e *Edit) furnitureStill(ch *change) string {
	b := ch.block
	if b.Title || b.Before[1]-b.Before[0] > 100 || b.After[1]-b.After[0] > 100 {
		return ""
	}
	was, is := e.before.Body[b.Before[0]:b.Before[1]], e.after.Body[b.After[0]:b.After[1]]
	if furniture(was, e.words(e.before.Body, b.Before[0], b.Before[1])) == "" {
		return ""
	}
	return furniture(is, e.words(e.after.Body, b.After[0], b.After[1]))
}

// stamp tells whether only the moment differs at which a page says it was
// published or last touched.
func (e *Edit) stamp(ch *change) bool {
	moment := func(list []word) bool {
		return !slices.ContainsFunc(list, func(w word) bool { return w.form == aWord && !w.light && monthOf(w.text) == 0 && !has(times, w.lower) })
	}
	if !moment(ch.gone) || !moment(ch.come) {
		return false
	}
	text := e.after.Body
	if ch.block.Title {
		text = e.after.Title
	}
	const longest = 100 // bytes of such a line
	b := Span{max(ch.block.After[0], ch.after[0]-longest), min(ch.block.After[1], ch.after[1]+longest)}
	from := b[0] + strings.LastIndexByte(text[b[0]:ch.after[0]], '\n') + 1
	to := b[1]
	if n := strings.IndexByte(text[ch.after[1]:b[1]], '\n'); n >= 0 {
		to = ch.after[1] + n
	}
	if to-from > 8*longest {
		return false
	}
	line := strings.ToLower(strings.TrimSpace(fold(text[from:to])))
	return len(line) <= longest && stamped(line)
}

// stamped tells whether a line begins like one that says when a page was
// published or last touched.
func stamped(line string) bool {
	for _, start := range stamps {
		if rest, ok := strings.CutPrefix(line, start); ok && (strings.Trim(rest, " :") == "" || strings.ContainsAny(rest[:1], " :.-") && strings.ContainsFunc(rest, unicode.IsDigit)) {
			return true
		}
	}
	return false
}

var stamps = strings.Split("last updated|date issued|issued|issued on|date of issue|last update|last modified|last reviewed|last edited|page last|page updated|this page was last|updated on|modified|date modified|date published|date updated|published|published on|"+
	"publication date|posted|posted on|release date|first published|stand|zuletzt aktualisiert|aktualisiert am|veröffentlicht am|datum|mis à jour le|dernière mise à jour|mise à jour|publié le|modifié le|"+
	"última actualización|actualizado|publicado|fecha de publicación|ultimo aggiornamento|pubblicato il|última atualização|publicado em|обновлено|опубликовано|дата публикации|оновлено|опубліковано|"+
	"data publikacji|ostatnia aktualizacja|aktualizacja|senast uppdaterad|publicerad|sidst opdateret|oppdatert|sist oppdatert|laatst bijgewerkt|güncelleme tarihi|son güncelleme", "|")

// furnitureLines and furnitureStarts are what players, scripts, share bars and
// letterheads leave in a text.
var (
	furnitureLines = strings.Split("for immediate release|the white house|office of the press secretary|press release|share|share this|share this page|print|print this page|"+
		"tweet|facebook|twitter|whatsapp|email|e-mail|copy link|back to top|top|skip to content|skip to main content|menu|search|home|news|watch|listen|play|play video|"+
		"pause|mute|loading|loading...|advertisement|read more|see more|show more|load more|next|previous|transcript|download|download pdf|subscribe|sign up|"+
		"related|related content|related articles|tags|topics|more in this section|all rights reserved|cookies|accept|the end|end|-30-|# # #|"+
		// Other buttons and labels, in the languages of the sources.
		"share via email|top of page|top of the page|back to the top|see also|publication status|latest news|other news|all news|related news|related links|related documents|more on this topic|on this page|in this section|page contents|contents|table of contents|share on facebook|share article|share this article|share this story|email this page|copy url|link copied|save|close|open|open menu|close menu|go to top|return to top|"+
		"view all|view more|expand all|collapse all|read aloud|listen to this page|subscribe to updates|get email updates|sign up for updates|newsletter|rss|contact us|contacts|sitemap|feedback|"+
		"give feedback|report a problem|report a problem with this page|was this page helpful|was this page useful|was this helpful|thank you for your feedback|is this page useful|"+
		"is there anything wrong with this page|video|audio|photo|photos|gallery|image|slideshow|loading video|loading video player|loading player|skip navigation|skip to navigation|main navigation|"+
		"you are here|breadcrumb|toggle navigation|page navigation|accept all|accept cookies|reject all|cookie settings|external link|opens in new window|opens in a new tab|pdf|"+
		"teilen|seite teilen|beitrag teilen|drucken|seite drucken|nach oben|zum seitenanfang|zum inhalt|mehr lesen|weiterlesen|startseite|suche|menü|zurück|weitere informationen|mehr zum thema|auf dieser seite|inhalt|"+
		"partager|partager cette page|imprimer|haut de page|retour en haut|accueil|lire la suite|en savoir plus|recherche|rechercher|aller au contenu|télécharger|"+
		"compartir|imprimir|inicio|leer más|volver arriba|buscar|descargar|condividi|stampa|torna su|leggi tutto|cerca|partilhar|compartilhar|ler mais|"+
		"поделиться|печать|версия для печати|наверх|главная|читать далее|поиск|подробнее|поділитися|друк|головна|читати далі|пошук|drukuj|udostępnij|czytaj więcej|"+
		"del|dela|skriv ut|delen|afdrukken|paylaş|yazdır|ana sayfa|分享|打印|返回顶部|首页|印刷|シェア|トップへ戻る", "|")
	furnitureStarts = []string{"your browser does not", "javascript is", "please enable javascript", "this video", "video player", "audio player", "enable javascript",
		"share on ", "follow us", "loading video", "loading player", "loading content", "skip to ", "jump to ", "was this page ", "was this article ", "an official website of", "here's how you know", "official websites use", "secure .gov websites", "the .gov means", "the site is secure", "a lock (", "did you find this ", "published in section", "help us improve", "sign up for our", "subscribe to our", "click to ", "this site uses cookies", "we use cookies", "last updated", "page last", "copyright", "©"}
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
	for _, start := range []string{"learn more", "read more", "read the", "find out more", "see more", "click here", "for more information", "for further information", "for more details", "for further details", "for additional information", "more information",
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
	if strings.ContainsAny(folded, "|;\n") || len(list) == 0 || len(list) > 16 || len(folded) > 0 && strings.ContainsAny(folded[len(folded)-1:], ".!?") {
		return false // an answer: No.
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
	for _, part := range []string{"executive order ", "proclamation ", "memorandum/", "presidential determination", "public law ", "as prepared for delivery", "as delivered", "check against delivery", "embargoed", "unofficial translation", "original version", "translation from", "courtesy translation", "eo-", "updated:", "corrected", "correction:", "draft"} {
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
