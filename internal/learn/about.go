package learn

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
	"volteface/internal/nlp/language"
	"volteface/internal/statement"
)

// Site is what a page says of the site it is of.
type Site struct {
	Name       string // what it calls itself
	ID         string // short name, of the host
	Language   string // BCP 47; "" if nothing tells
	Government string // ISO 3166, by the end of the host's name; "" if it tells nothing
	Timezone   string // IANA; "" if nothing tells
	Declared   bool   // the language is the page's own tag, rather than told by its letters
}

// capitals are the time zones of governments, by the ends of host names: where a
// country has several, that of its capital (IANA time zone database, zone1970.tab).
var capitals = map[string]string{
	"ae": "Asia/Dubai", "af": "Asia/Kabul", "am": "Asia/Yerevan", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna", "au": "Australia/Sydney",
	"az": "Asia/Baku", "ba": "Europe/Sarajevo", "bd": "Asia/Dhaka", "be": "Europe/Brussels", "bg": "Europe/Sofia", "bh": "Asia/Bahrain", "bo": "America/La_Paz",
	"br": "America/Sao_Paulo", "by": "Europe/Minsk", "ca": "America/Toronto", "ch": "Europe/Zurich", "cl": "America/Santiago", "cn": "Asia/Shanghai",
	"co": "America/Bogota", "cr": "America/Costa_Rica", "cu": "America/Havana", "cy": "Asia/Nicosia", "cz": "Europe/Prague", "de": "Europe/Berlin",
	"dk": "Europe/Copenhagen", "do": "America/Santo_Domingo", "dz": "Africa/Algiers", "ec": "America/Guayaquil", "ee": "Europe/Tallinn", "eg": "Africa/Cairo",
	"es": "Europe/Madrid", "et": "Africa/Addis_Ababa", "fi": "Europe/Helsinki", "fr": "Europe/Paris", "ge": "Asia/Tbilisi", "gh": "Africa/Accra",
	"gr": "Europe/Athens", "gt": "America/Guatemala", "hk": "Asia/Hong_Kong", "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "id": "Asia/Jakarta",
	"ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "is": "Atlantic/Reykjavik", "it": "Europe/Rome",
	"jm": "America/Jamaica", "jo": "Asia/Amman", "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kg": "Asia/Bishkek", "kh": "Asia/Phnom_Penh", "kp": "Asia/Pyongyang",
	"kr": "Asia/Seoul", "kw": "Asia/Kuwait", "kz": "Asia/Almaty", "lb": "Asia/Beirut", "lk": "Asia/Colombo", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg",
	"lv": "Europe/Riga", "ly": "Africa/Tripoli", "ma": "Africa/Casablanca", "md": "Europe/Chisinau", "me": "Europe/Podgorica", "mk": "Europe/Skopje",
	"mm": "Asia/Yangon", "mn": "Asia/Ulaanbaatar", "mt": "Europe/Malta", "mx": "America/Mexico_City", "my": "Asia/Kuala_Lumpur", "ng": "Africa/Lagos",
	"nl": "Europe/Amsterdam", "no": "Europe/Oslo", "np": "Asia/Kathmandu", "nz": "Pacific/Auckland", "om": "Asia/Muscat", "pe": "America/Lima", "ph": "Asia/Manila",
	"pk": "Asia/Karachi", "pl": "Europe/Warsaw", "ps": "Asia/Hebron", "pt": "Europe/Lisbon", "py": "America/Asuncion", "qa": "Asia/Qatar", "ro": "Europe/Bucharest",
	"rs": "Europe/Belgrade", "ru": "Europe/Moscow", "rw": "Africa/Kigali", "sa": "Asia/Riyadh", "sd": "Africa/Khartoum", "se": "Europe/Stockholm",
	"sg": "Asia/Singapore", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava", "sn": "Africa/Dakar", "sy": "Asia/Damascus", "th": "Asia/Bangkok",
	"tj": "Asia/Dushanbe", "tm": "Asia/Ashgabat", "tn": "Africa/Tunis", "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam",
	"ua": "Europe/Kyiv", "ug": "Africa/Kampala", "uk": "Europe/London", "uy": "America/Montevideo", "uz": "Asia/Tashkent", "va": "Europe/Rome",
	"ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh", "ye": "Asia/Aden", "za": "Africa/Johannesburg", "zm": "Africa/Lusaka", "zw": "Africa/Harare",
	"gov": "America/New_York", "mil": "America/New_York", "eu": "Europe/Brussels",
}

// generic are parts of host names that say nothing of the institution.
var generic = []string{"www", "en", "english", "eng", "ar", "fr", "ru", "de", "es", "press", "news", "newsroom", "media", "site", "web", "m", "portal", "gov", "gob", "gouv", "govt",
	"go", "gv", "guv", "com", "org", "net", "int", "mil", "edu", "ac", "co", "gc", "gub", "government", "admin", "example"}

// AboutSite guesses what a page says of its site.
func AboutSite(p Page) Site {
	s := Site{}
	if u, err := url.Parse(p.URL); err == nil {
		s.ofHost(u.Hostname())
	}
	t, err := parse(p)
	if err != nil {
		return s
	}
	title := ""
	for n := range t.root.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			if tag := attr(n, "lang"); extract.CheckLanguage(tag) == nil {
				s.Language, s.Declared = tag, true
			}
		case atom.Meta:
			if attr(n, "property") == "og:site_name" {
				s.Name = strings.Join(strings.Fields(attr(n, "content")), " ")
			}
		case atom.Title:
			if title == "" {
				title = line(n)
			}
		}
	}
	var text strings.Builder
	for _, b := range blocksOf(t.root) {
		if !aside(b.node) && text.Len() < 6000 {
			text.WriteString(b.text + "\n")
		}
	}
	if guess := language.Identify(text.String()); text.Len() > 200 && guess.Code != language.Unknown && guess.Probability > 0.9 &&
		extract.PrimarySubtag(s.Language) != guess.Code {
		s.Language, s.Declared = guess.Code, false
	}
	if s.Name == "" {
		s.Name = siteName(title)
	}
	if len(s.Name) > 120 || s.Name == "" {
		if u, err := url.Parse(p.URL); err == nil {
			s.Name = u.Hostname()
		}
	}
	return s
}

var separators = regexp.MustCompile(`\s+[|–—•·»:]\s+|\s+-\s+`)

// siteName is the part of a page's title that names the site: the last.
func siteName(title string) string {
	parts := separators.Split(title, -1)
	return strings.TrimSpace(parts[len(parts)-1])
}

func (s *Site) ofHost(host string) {
	labels := strings.Split(strings.ToLower(host), ".")
	end := labels[len(labels)-1]
	if zone, known := capitals[end]; known {
		s.Timezone = zone
		switch end {
		case "uk":
			s.Government = "GB"
		case "gov", "mil":
			s.Government = "US"
		default:
			s.Government = strings.ToUpper(end)
		}
	}
	if len(labels) > 1 {
		labels = labels[:len(labels)-1]
	}
	labels = slices.DeleteFunc(labels, func(l string) bool { return slices.Contains(generic, l) || l == "" })
	slices.Reverse(labels)
	name := notID.ReplaceAllString(strings.Join(labels, "-"), "")
	name = strings.Trim(name, "-")
	if name == "" {
		name = "press"
	}
	if s.Government != "" {
		name = strings.ToLower(s.Government) + "-" + name
	}
	s.ID = strings.Trim(name[:min(len(name), 40)], "-")
}

var notID = regexp.MustCompile(`[^a-z0-9-]`)

// savedFrom is the comment that browsers put into a page that they save.
var savedFrom = regexp.MustCompile(`<!--\s*saved from url=\(\d+\)(\S+)`)

// Address finds in a saved page where it came from: its canonical link, what it
// says of itself, the browser's own comment; "" if nothing tells.
func Address(body []byte) string {
	if m := savedFrom.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
		if from := string(m[1]); strings.HasPrefix(from, "http://") || strings.HasPrefix(from, "https://") {
			return from
		}
	}
	t, err := parse(Page{Body: body})
	if err != nil {
		return ""
	}
	og := ""
	for n := range t.root.Descendants() {
		switch {
		case n.DataAtom == atom.Link && hasWord(attr(n, "rel"), "canonical"):
			if u, err := url.Parse(attr(n, "href")); err == nil && u.Host != "" {
				return u.String()
			}
		case n.DataAtom == atom.Meta && attr(n, "property") == "og:url":
			og = attr(n, "content")
		}
	}
	if u, err := url.Parse(og); err == nil && u.Host != "" {
		return og
	}
	return ""
}

// Matching is the address of the item that a saved page is of, by its title; "" if
// it is of none.
func (l *Listing) Matching(p Page) string {
	t, err := parse(p)
	if err != nil {
		return ""
	}
	texts := map[string]bool{}
	for n := range t.root.Descendants() {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.Title, atom.Div, atom.Span, atom.P:
			if s := line(n); len(s) < maxHead {
				texts[statement.Letters(s)] = true
			}
		}
	}
	found, hits := "", 0
	for _, item := range l.Items {
		if key := statement.Letters(item.Title); len(key) > 8 && texts[key] {
			found = item.URL
			hits++
		}
	}
	if hits == 1 {
		return found
	}
	for n := range t.root.Descendants() { // several are named: the page's own title decides
		if n.DataAtom != atom.H1 && n.DataAtom != atom.Title {
			continue
		}
		for _, item := range l.Items {
			if key := statement.Letters(item.Title); len(key) > 8 && strings.HasPrefix(statement.Letters(line(n)), key) {
				return item.URL
			}
		}
	}
	return ""
}
