package main

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/config"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// replayed are the sources that read captured pages, and the test that says how right.
var replayed = map[string]string{
	"kremlin": "TestKremlin", "whitehouse-2022": "TestWhiteHouse", "whitehouse": "TestCatalogueListings",
	"uk-fcdo": "TestIssuersListings", "eu-commission": "TestIssuersListings", "ir-mfa": "TestIssuersListings", "us-state": "TestIssuersListings",
	"nato": "TestIssuersListings", "de-auswaertiges-amt": "TestIssuersListings", "fr-elysee": "TestCatalogueListings", "jp-kantei": "TestCatalogueListings",
	"cn-mfa": "TestCatalogueListings", "lv-president": "TestCatalogueListings", "tr-presidency": "TestCatalogueListings", "kremlin-transcripts": "TestCatalogueListings",
	"us-fed": "TestIssuersDocuments", "eu-parliament": "TestIssuersDocuments", "uk-pmo": "TestCatalogueDocuments", "uk-travel-advice": "TestCatalogueDocuments",
	"de-bundespraesident": "TestCatalogueDocuments", "at-bundeskanzleramt": "TestCatalogueDocuments", "jm-jis": "TestCatalogueDocuments",
}

func shippedSources(t *testing.T) config.Catalogue {
	t.Helper()
	catalogue, err := (&config.Config{}).Sources(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// A source says "replay" or "format" only where a test holds it.
func TestVerifiedSourcesAreTested(t *testing.T) {
	catalogue := shippedSources(t)
	for id, src := range catalogue {
		_, pages := replayed[id]
		_, format := formats[id]
		if pages != (src.Verified == statement.VerifiedByReplay) || format != (src.Verified == statement.VerifiedByFormat) {
			t.Errorf("%s is %s; captured pages: %t, pages in its format: %t", id, src.Verified, pages, format)
		}
	}
	for _, known := range []map[string]bool{keys(replayed), keys(formats)} { // and nothing else is
		for id := range known {
			if _, there := catalogue[id]; !there {
				t.Errorf("%s is tested and not built in", id)
			}
		}
	}
}

func keys[V any](m map[string]V) map[string]bool {
	all := map[string]bool{}
	for k := range maps.Keys(m) {
		all[k] = true
	}
	return all
}

// read visits sources, all at once, and gives what each named and what is kept of it, by source and address.
func (w world) read(sources ...string) (named map[string][]finding, kept map[string]exported) {
	w.t.Helper()
	args := append([]string{"scrape", "--json", "--no-analysis", "--delay", "0s", "--clock", october.Format(time.RFC3339), "--data-dir", w.dir}, sources...)
	named, kept = map[string][]finding{}, map[string]exported{}
	for _, f := range run[finding](w.t, w.env, []int{0, 1}, args...) {
		named[f.Source] = append(named[f.Source], f)
	}
	for _, st := range run[exported](w.t, w.env, []int{0}, "statements", "export", "--data-dir", w.dir) {
		kept[st.Source+" "+st.URL] = st
	}
	return named, kept
}

// exported is a line of statements export.
type exported struct{ Source, URL, Title, Published, Language, Text string }

// Listings and feeds that were captured name the statements they hold, and no others.
func TestCatalogueListings(t *testing.T) {
	c, w := readCaptures(t), newWorld(t, "issuers")
	prefixes := map[string]string{
		"fr-elysee": "https://www.elysee.fr/", "jp-kantei": "https://japan.kantei.go.jp/", "cn-mfa": "https://www.mfa.gov.cn/", "lv-president": "https://www.president.lv/",
		"tr-presidency": "https://www.tccb.gov.tr/", "kremlin-transcripts": "http://en.kremlin.ru/", "whitehouse": "https://www.whitehouse.gov/",
	}
	named, kept := w.read(slices.Sorted(maps.Keys(prefixes))...)
	for source, prefix := range prefixes {
		at := slices.IndexFunc(c.listings, func(l struct {
			URL   string
			Items []label
		}) bool {
			return strings.HasPrefix(l.URL, prefix)
		})
		want := map[string]label{}
		for _, item := range c.listings[at].Items {
			if item.Title == "" { // its link was cut open when the page was shortened
				continue
			}
			if !item.Skipped && !strings.HasPrefix(item.Title, "Compte rendu du Conseil des ministres") {
				want[item.URL] = item
			}
		}
		for _, f := range named[source] {
			l, listed := want[f.URL]
			if f.ID == "" && f.Title == "" && (strings.Contains(f.Reason, "/feed/page/2: 404") || f.URL == prefix+"news/") {
				continue // what was not captured: the second page of a feed, the listing beside one
			}
			delete(want, f.URL)
			if !listed || squeeze(f.Title) != squeeze(l.Title) || l.Published != "" && f.Published != "" && !samePublished(f.Published, l.Published) || (f.Published == "") != (l.Published == "" || source == "cn-mfa") {
				t.Errorf("%s: %q of %s (%s), want %q of %s", f.URL, f.Title, f.Published, f.Reason, l.Title, l.Published)
			}
			if text := squeeze(kept[source+" "+f.URL].Text); source == "kremlin-transcripts" && (!strings.HasPrefix(text, squeeze(l.First)) || !strings.HasSuffix(text, squeeze(l.Last))) {
				t.Errorf("%s: %.150s", f.URL, text)
			}
		}
		for url := range want {
			t.Errorf("%s: %s is not named", source, url)
		}
	}
}

// Documents that were captured without a listing: its place is taken by one that names them.
func TestCatalogueDocuments(t *testing.T) {
	c, catalogue := readCaptures(t), shippedSources(t)
	prefixes := map[string]string{
		"uk-pmo": "https://www.gov.uk/api/content/government/", "uk-travel-advice": "https://www.gov.uk/api/content/foreign-travel-advice/",
		"de-bundespraesident": "https://www.bundespraesident.de/", "at-bundeskanzleramt": "https://www.bundeskanzleramt.gv.at/", "jm-jis": "https://jis.gov.jm/",
	}
	var answers []answer
	want := map[string]label{}
	for source, prefix := range prefixes {
		var items strings.Builder
		kind, frame := "text/xml", `<rss version="2.0"><channel><title>x</title>%s</channel></rss>`
		for _, l := range c.under(prefix) {
			if source == "uk-pmo" && !strings.Contains(l.URL, "christmas-2016") && !strings.Contains(l.URL, "anti-corruption") {
				continue // another department's
			}
			api := strings.Contains(l.URL, "/api/content/")
			answers = append(answers, served(l.URL, map[bool]string{true: "application/json", false: "text/html"}[api], c.body(t, l.URL)))
			l.URL = strings.Replace(l.URL, "/api/content", "", 1)
			want[source+" "+l.URL] = l
			if catalogue[source].Kind == statement.KindListing {
				kind, frame = "text/html", "<ul>%s</ul>"
				fmt.Fprintf(&items, `<li><a href="%s">%s</a></li>`, l.URL, l.Title)
				continue
			}
			fmt.Fprintf(&items, "<item><title>Stub</title><link>%s</link></item>", l.URL)
		}
		answers = append(answers, served(catalogue[source].URL, kind, fmt.Sprintf(frame, items.String())))
	}
	if len(want) != 8 {
		t.Fatalf("%d documents", len(want))
	}
	_, kept := newWorld(t, writePack(t, answers...)).read(slices.Sorted(maps.Keys(prefixes))...)
	for key, l := range want {
		st := kept[key]
		text := squeeze(st.Text)
		from, to := strings.Index(text, squeeze(l.First)), strings.LastIndex(text, squeeze(l.Last))
		switch {
		case strings.HasPrefix(key, "uk-travel-advice"): // the label has the summary; the document has all its parts
			if strings.HasSuffix(key, "albania") && !strings.Contains(st.Text, "Public security is generally good") {
				t.Errorf("%s has no parts: %.200s", key, st.Text)
			}
		case strings.HasPrefix(key, "de-bundespraesident"): // the number of the section stands above
			from -= len("I.")
			fallthrough
		default:
			if from != 0 || to+len(squeeze(l.Last)) != len(text) {
				t.Errorf("%s: %.150q … %q", key, st.Text, st.Text[max(0, len(st.Text)-150):])
			}
		}
		if squeeze(st.Title) != squeeze(l.Title) || l.Published != "" && !samePublished(st.Published, l.Published) || from < 0 || to < 0 {
			t.Errorf("%s: %q of %s, want %q of %s: %.200s", key, st.Title, st.Published, l.Title, l.Published, st.Text)
		}
	}
}

// format is how a source lists its documents, and the form of their addresses; # stands for a number.
type format struct{ of, link string }

// formats are written after RSS 2.0, RSS 1.0 with Dublin Core, Atom (RFC 4287), the sitemaps protocol, and the content API of
// GOV.UK (content-api.publishing.service.gov.uk); "full" ones have the text inside. The addresses are such as the sites have.
var formats = map[string]format{
	"ru-kremlin":             {"atom full", "http://kremlin.ru/events/president/news/8091#"},
	"ru-government":          {"rss", "http://government.ru/news/5976#/"},
	"ru-central-bank":        {"rss", "http://www.cbr.ru/press/pr/?file=2407202#_133000key.htm"},
	"uk-mod":                 {"govuk", "https://www.gov.uk/government/news/a-statement-on-defence-#"},
	"uk-treasury":            {"govuk", "https://www.gov.uk/government/speeches/a-speech-of-the-chancellor-#"},
	"eu-ecb":                 {"rss", "https://www.ecb.europa.eu/press/pr/date/2026/html/ecb.mp26091#~314e508016.en.html"},
	"de-bundesregierung":     {"rss", "https://www.bundesregierung.de/breg-de/aktuelles/pressemitteilungen/eine-mitteilung-239956#"},
	"de-auswaertiges-amt-de": {"rss", "https://www.auswaertiges-amt.de/de/newsroom/eine-mitteilung-280434#"},
	"de-bmvg":                {"rss", "https://www.bmvg.de/de/aktuelles/eine-mitteilung-607184#"},
	"de-bundesbank":          {"rss", "https://www.bundesbank.de/de/presse/pressenotizen/eine-mitteilung-66475#"},
	"fr-diplomatie":          {"rss", "https://www.diplomatie.gouv.fr/fr/dossiers-pays/ukraine/evenements/article/une-declaration-#"},
	"es-government":          {"rss", "https://www.lamoncloa.gob.es/consejodeministros/referencias/Paginas/2026/2026100#-referencia-rueda-de-prensa-ministros.aspx"},
	"no-government":          {"rss", "https://www.regjeringen.no/no/aktuelt/en-uttalelse/id316969#/"},
	"ch-government":          {"rss", "https://www.news.admin.ch/de/newnsb/d6evGIoTYTmY4VMGk0-v#"},
	"fi-president":           {"rss full", "https://www.presidentti.fi/en/a-statement-by-the-president-#/"},
	"ca-global-affairs":      {"atom", "https://www.canada.ca/en/global-affairs/news/2026/10/a-statement-#.html"},
	"ca-defence":             {"atom", "https://www.canada.ca/en/department-national-defence/news/2026/10/a-statement-#.html"},
	"ca-pm":                  {"rss", "https://www.pm.gc.ca/en/news/statements/2026/10/02/a-statement-#"},
	"ca-central-bank":        {"rdf", "https://www.bankofcanada.ca/2026/10/fad-press-release-2026-10-0#/"},
	"uk-central-bank":        {"rss", "https://www.bankofengland.co.uk/news/2026/october/a-statement-#"},
	"jp-central-bank":        {"rss", "https://www.boj.or.jp/en/about/press/koen_2026/ko26100#a.htm"},
	"kr-mfa":                 {"rss", "http://www.mofa.go.kr:443/www/brd/m_4080/view.do?seq=37734#&page=1"},
	"in-pib":                 {"rss", "https://www.pib.gov.in/PressReleasePage.aspx?PRID=231942#"},
	"in-central-bank":        {"rss", "https://www.rbi.org.in/Scripts/BS_PressReleaseDisplay.aspx?prid=6173#"},
	"au-pm":                  {"rss", "https://www.pm.gov.au/media/a-statement-#"},
	"au-central-bank":        {"rdf", "https://www.rba.gov.au/media-releases/2026/mr-26-2#.html"},
	"nz-government":          {"rss", "https://www.beehive.govt.nz/release/a-statement-#"},
	"za-government":          {"rss", "https://www.sanews.gov.za/south-africa/a-statement-#"},
	"african-union":          {"rss", "https://au.int/en/pressreleases/2026090#/a-communique"},
	"ke-president":           {"rss", "https://www.president.go.ke/a-statement-#/"},
	"asean":                  {"rss", "https://asean.org/a-statement-#/"},
	"br-central-bank":        {"atom full", "https://www.bcb.gov.br/detalhenoticia/2122#/noticia"},
	"un-sg":                  {"rss full", "https://www.un.org/sg/en/content/sg/statement/2026-10-02/a-statement-#"},
	"who":                    {"rss", "https://www.who.int/news/item/02-10-2026-a-statement-#"},
	"wto":                    {"rss", "https://www.wto.org/english/news_e/news26_e/rese_31jul26_#_e.htm"},
	"ir-president":           {"sitemap", "https://president.ir/fa/16644#"},
}

// said is what a made-up document says, by language: its title and three paragraphs.
var said = map[string][4]string{
	"en": {"Statement on the harbour", "The government has decided that the northern harbour stays open to all ships during the winter months.", "No vessel was turned away in September, and none will be while the agreement with the neighbouring states is in force.", "The minister will report to parliament on the costs of the decision before the end of the year."},
	"de": {"Erklärung zum Hafen", "Die Regierung hat beschlossen, dass der nördliche Hafen in den Wintermonaten für alle Schiffe geöffnet bleibt.", "Im September wurde kein Schiff abgewiesen, und keines wird es, solange die Vereinbarung mit den Nachbarstaaten gilt.", "Die Ministerin wird dem Parlament noch in diesem Jahr über die Kosten der Entscheidung berichten."},
	"fr": {"Déclaration sur le port", "Le gouvernement a décidé que le port du Nord restera ouvert à tous les navires pendant les mois d’hiver.", "Aucun navire n’a été refusé en septembre, et aucun ne le sera tant que l’accord avec les États voisins est en vigueur.", "La ministre rendra compte au Parlement du coût de cette décision avant la fin de l’année."},
	"es": {"Declaración sobre el puerto", "El Gobierno ha decidido que el puerto del norte permanezca abierto a todos los buques durante los meses de invierno.", "Ningún buque fue rechazado en septiembre, y ninguno lo será mientras el acuerdo con los Estados vecinos esté en vigor.", "La ministra informará al Parlamento sobre el coste de la decisión antes de que termine el año."},
	"pt": {"Declaração sobre o porto", "O governo decidiu que o porto do norte permanece aberto a todos os navios durante os meses de inverno.", "Nenhum navio foi recusado em setembro, e nenhum o será enquanto o acordo com os Estados vizinhos estiver em vigor.", "A ministra informará o parlamento sobre o custo da decisão antes do fim do ano."},
	"no": {"Uttalelse om havnen", "Regjeringen har besluttet at den nordlige havnen holdes åpen for alle skip gjennom vintermånedene.", "Ingen skip ble avvist i september, og ingen vil bli det så lenge avtalen med nabolandene gjelder.", "Statsråden vil redegjøre for Stortinget om kostnadene ved beslutningen før året er omme."},
	"ru": {"Заявление о порте", "Правительство решило, что северный порт останется открытым для всех судов в зимние месяцы.", "В сентябре ни одному судну не было отказано, и не будет отказано, пока действует соглашение с соседними государствами.", "Министр доложит парламенту о стоимости этого решения до конца года."},
	"ko": {"항구에 관한 성명", "정부는 겨울철 동안 북쪽 항구를 모든 선박에 개방하기로 결정하였습니다.", "지난 9월에 거부된 선박은 한 척도 없으며, 인접국과의 협정이 유효한 동안에는 앞으로도 없을 것입니다.", "장관은 연말 이전에 이 결정에 드는 비용을 국회에 보고할 예정입니다."},
	"fa": {"بیانیه درباره بندر", "دولت تصمیم گرفت که بندر شمالی در ماه\u200cهای زمستان به روی همه کشتی\u200cها باز بماند.", "در ماه سپتامبر هیچ کشتی بازگردانده نشد و تا زمانی که توافق با کشورهای همسایه برقرار است نیز چنین نخواهد شد.", "وزیر تا پایان سال درباره هزینه\u200cهای این تصمیم به مجلس گزارش خواهد داد."},
}

// paragraphs are those of the first or second document: no two documents of a site say the same.
func paragraphs(words [4]string, n string) []string {
	if n == "2" {
		return []string{words[2], words[3], words[1]}
	}
	return words[1:]
}

// written gives the answers of a source with two documents, and a third thing on its site that is no statement.
func (f format) written(t *testing.T, src statement.Source) (answers []answer, links []string) {
	t.Helper()
	words := said[src.Language]
	if words[0] == "" {
		t.Fatalf("%s: no document is written in %s", src.ID, src.Language)
	}
	of, full := strings.CutSuffix(f.of, " full")
	var items strings.Builder
	for _, n := range []string{"1", "2", ""} {
		link, title := strings.ReplaceAll(f.link, "#", n), words[0]+" "+n
		if n == "" {
			u, err := url.Parse(f.link)
			if err != nil {
				t.Fatal(err)
			}
			if link, title = u.Scheme+"://"+u.Host+"/gallery/2026.php", "Gallery"; len(src.Include) == 0 {
				continue
			}
		} else {
			links = append(links, link)
		}
		text := "<p>" + strings.Join(paragraphs(words, n), "</p>\n<p>") + "</p>"
		stamp := "2026-10-0" + max(n, "1") + "T10:00:00Z"
		summary, content := html.EscapeString("<p>"+words[1]+"</p>"), ""
		if full {
			content = html.EscapeString(text)
		}
		esc := html.EscapeString
		switch of {
		case "rss":
			fmt.Fprintf(&items, "<item><title>%s</title><link>%s</link><guid>%s</guid><pubDate>0%s Oct 2026 10:00:00 +0000</pubDate><description>%s</description><content:encoded>%s</content:encoded></item>\n", esc(title), esc(link), esc(link), max(n, "1"), summary, content)
		case "rdf":
			fmt.Fprintf(&items, `<item rdf:about="%s"><title>%s</title><link>%s</link><description>%s</description><dc:date>%s</dc:date></item>`, esc(link), esc(title), esc(link), summary, stamp)
		case "atom", "govuk":
			fmt.Fprintf(&items, `<entry><id>%s</id><title>%s</title><link rel="alternate" type="text/html" href="%s"/><published>%s</published><updated>%s</updated><summary type="html">%s</summary>`, esc(link), esc(title), esc(link), stamp, stamp, summary)
			if full {
				fmt.Fprintf(&items, `<content type="html">%s</content>`, content)
			}
			items.WriteString("</entry>\n")
		case "sitemap":
			fmt.Fprintf(&items, "<url><loc>%s</loc><lastmod>%s</lastmod></url>\n", esc(link), stamp)
		}
		if full || n == "" {
			continue
		}
		read := strings.Replace(strings.TrimSuffix(link, "&page=1"), "http://www.mofa.go.kr:443/", "https://www.mofa.go.kr/", 1)
		if of == "govuk" {
			document, err := json.Marshal(map[string]any{"title": title, "locale": "en", "first_published_at": stamp, "public_updated_at": stamp, "details": map[string]any{"body": text, "change_history": []any{}}})
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, served(strings.Replace(link, "www.gov.uk/", "www.gov.uk/api/content/", 1), "application/json", string(document)))
			continue
		}
		answers = append(answers, served(read, "text/html; charset=utf-8", fmt.Sprintf(`<!DOCTYPE html>
<html lang="%s"><head><title>%s</title></head><body><header><nav><ul><li><a href="/">1</a></li><li><a href="/2">2</a></li></ul></nav></header>
<main><article><h1 class="header-c1">%s</h1>
%s</article></main><footer><p>© 2026</p></footer></body></html>`, src.Language, title, title, text)))
	}
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	frames := map[string][3]string{
		"rss":     {"application/rss+xml", `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title><link>http://x.example/</link><description>x</description>`, `</channel></rss>`},
		"rdf":     {"application/rdf+xml", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://x.example/"><title>x</title><link>http://x.example/</link><description>x</description></channel>`, `</rdf:RDF>`},
		"atom":    {"application/atom+xml", `<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>x</title><updated>2026-10-02T10:00:00Z</updated>`, `</feed>`},
		"sitemap": {"application/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`, `</urlset>`},
	}
	frames["govuk"] = frames["atom"]
	return append(answers, served(src.URL, frames[of][0]+"; charset=utf-8", head+frames[of][1]+items.String()+frames[of][2])), links
}

// Sources whose pages are not at hand read pages that are written in the format they are known to have: every document with its
// title, date and whole text, and nothing else.
func TestFormats(t *testing.T) {
	catalogue := shippedSources(t)
	var answers []answer
	want := map[string]bool{}
	for id, f := range formats {
		more, links := f.written(t, catalogue[id])
		answers = append(answers, more...)
		for _, link := range links {
			want[id+" "+link] = true
		}
	}
	p := replaytest.Start(t, []string{writePack(t, answers...)}, october)
	named, kept := world{t, p.Env(), t.TempDir()}.read(slices.Sorted(maps.Keys(formats))...)
	for source, all := range named {
		for _, f := range all {
			if f.State != "NEW" {
				t.Errorf("%s: %+v", source, f)
			}
		}
	}
	for key, st := range kept {
		if !want[key] {
			t.Errorf("%s is read", key)
			continue
		}
		delete(want, key)
		src := catalogue[st.Source]
		words := said[src.Language]
		text := strings.TrimSpace(strings.TrimPrefix(st.Text, st.Title))
		n := st.Title[max(0, len(st.Title)-1):] // which of the two
		if !strings.HasPrefix(st.Title, words[0]+" ") || squeeze(text) != squeeze(strings.Join(paragraphs(words, n), "")) || !strings.HasPrefix(st.Language, src.Language) ||
			!strings.HasPrefix(st.Published, "2026-10-0"+n) && src.Kind != statement.KindSitemap {
			t.Errorf("%s: %q of %s in %s: %s", key, st.Title, st.Published, st.Language, st.Text)
		}
	}
	for key := range want {
		t.Errorf("%s is not read", key)
	}
}
