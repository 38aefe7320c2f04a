package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edition is one press page of a site without any rule of its own.
type edition struct {
	code, declared  string // language of the source; what the page's template says
	zone, date, day string // how the day is written there, and which it is
	title, lead     string
	first, second   string
}

var editionsOfSite = []edition{
	{"en", "en", "Europe/London", "Published 15 March 2026", "2026-03-15", "Minister comments on the talks in the capital", "The minister spoke to journalists after the talks.",
		"The ministry has received no official answer to the proposal that it made last month, and it does not expect one before the end of the week.", "Both delegations will meet again on Tuesday to speak about the exchange of prisoners and the ceasefire."},
	{"ru", "en", "Europe/Moscow", "15 марта 2026 года", "2026-03-15", "Комментарий министра о переговорах в столице", "Министр ответил на вопросы журналистов после переговоров.",
		"Министерство не получило официального ответа на предложение, сделанное в прошлом месяце, и не ожидает его до конца недели.", "Обе делегации встретятся снова во вторник, чтобы обсудить обмен пленными и прекращение огня."},
	{"uk", "", "Europe/Kyiv", "15 березня 2026 року", "2026-03-15", "Коментар міністра щодо переговорів у столиці", "Міністр відповів на запитання журналістів після переговорів.",
		"Міністерство не отримало офіційної відповіді на пропозицію, зроблену минулого місяця, і не очікує її до кінця тижня.", "Обидві делегації зустрінуться знову у вівторок, щоб обговорити обмін полоненими та припинення вогню."},
	{"fa", "en", "Asia/Tehran", "یکشنبه ۲۴ اسفند ۱۴۰۴", "2026-03-15", "اظهارات وزیر درباره مذاکرات در پایتخت", "وزیر پس از مذاکرات به پرسش\u200cهای خبرنگاران پاسخ داد.",
		"وزارت امور خارجه هنوز هیچ پاسخ رسمی به پیشنهادی که ماه گذشته ارائه کرد دریافت نکرده است و تا پایان هفته نیز انتظار آن را ندارد.", "دو هیئت روز سه\u200cشنبه دوباره دیدار می\u200cکنند تا درباره تبادل زندانیان و آتش\u200cبس گفت\u200cوگو کنند."},
	{"ar", "en", "Asia/Riyadh", "الأحد 26 رمضان 1447هـ الموافق 15 مارس 2026م", "2026-03-15", "تصريح الوزير حول المباحثات في العاصمة", "أجاب الوزير عن أسئلة الصحفيين بعد انتهاء المباحثات.",
		"لم تتلق الوزارة أي رد رسمي على المقترح الذي قدمته الشهر الماضي، ولا تتوقع أن يصلها قبل نهاية الأسبوع.", "سيجتمع الوفدان مرة أخرى يوم الثلاثاء لبحث تبادل الأسرى ووقف إطلاق النار."},
	{"he", "", "Asia/Jerusalem", "15 במרץ 2026", "2026-03-15", "דברי השר על השיחות בעיר הבירה", "השר השיב לשאלות העיתונאים לאחר השיחות.",
		"המשרד לא קיבל כל תשובה רשמית להצעה שהגיש בחודש שעבר, ואינו מצפה לקבל אותה לפני סוף השבוע.", "שתי המשלחות ייפגשו שוב ביום שלישי כדי לדון בחילופי השבויים ובהפסקת האש."},
	{"fr", "en", "Europe/Paris", "Paris, le 15 mars 2026", "2026-03-15", "Propos du ministre sur les entretiens dans la capitale", "Le ministre a répondu aux questions des journalistes après les entretiens.",
		"Le ministère n'a reçu aucune réponse officielle à la proposition qu'il a faite le mois dernier et n'en attend pas avant la fin de la semaine.", "Les deux délégations se retrouveront mardi pour parler de l'échange de prisonniers et du cessez-le-feu."},
	{"de", "de-DE", "Europe/Berlin", "Erschienen am 15.03.2026", "2026-03-15", "Äußerungen des Ministers zu den Gesprächen in der Hauptstadt", "Der Minister beantwortete nach den Gesprächen Fragen der Presse.",
		"Das Ministerium hat keine offizielle Antwort auf den Vorschlag erhalten, den es im vergangenen Monat gemacht hat, und erwartet vor Ende der Woche auch keine.", "Beide Delegationen treffen sich am Dienstag wieder, um über den Austausch von Gefangenen und die Waffenruhe zu sprechen."},
	{"es", "", "Europe/Madrid", "15 de marzo de 2026", "2026-03-15", "Declaraciones del ministro sobre las conversaciones", "El ministro respondió a las preguntas de los periodistas.",
		"El ministerio no ha recibido ninguna respuesta oficial a la propuesta que hizo el mes pasado y no la espera antes del fin de semana.", "Las dos delegaciones volverán a reunirse el martes para hablar del intercambio de prisioneros y del alto el fuego."},
	{"zh-CN", "zh", "Asia/Shanghai", "发布时间：2026-03-15", "2026-03-15", "外交部长就首都会谈发表谈话并回答记者提问", "外交部长在会谈结束后回答了记者的提问。",
		"外交部尚未收到对上个月提出的建议的正式答复，预计本周结束之前也不会收到。双方同意继续保持接触，并就有关问题交换意见。", "两国代表团将于星期二再次会面，就交换战俘和停火问题进行讨论。"},
	{"ja", "ja", "Asia/Tokyo", "令和8年3月15日", "2026-03-15", "首都での会談に関する外務大臣の発言について", "外務大臣は会談の後、記者団の質問に答えました。",
		"外務省は先月行った提案に対する正式な回答をまだ受け取っておらず、今週末までに届くとは考えていません。", "両国の代表団は火曜日に再び会い、捕虜の交換と停戦について話し合う予定です。"},
	{"ko", "en", "Asia/Seoul", "등록일 : 2026.03.15", "2026-03-15", "수도에서 열린 회담에 관한 장관의 발언", "장관은 회담이 끝난 뒤 기자들의 질문에 답하였습니다.",
		"외교부는 지난달에 내놓은 제안에 대한 공식적인 답변을 아직 받지 못하였으며 이번 주말까지는 기대하지 않는다고 밝혔습니다. 양측은 계속해서 연락을 주고받기로 하였고 관련 문제에 대한 의견을 나누기로 하였습니다.", "두 나라 대표단은 화요일에 다시 만나 포로 교환과 휴전에 관하여 논의할 예정입니다."},
	{"tr", "en", "Europe/Istanbul", "15 Mart 2026 Pazar", "2026-03-15", "Bakanın başkentteki görüşmelere ilişkin açıklaması", "Bakan, görüşmelerin ardından gazetecilerin sorularını yanıtladı.",
		"Bakanlık geçen ay yaptığı öneriye henüz resmî bir yanıt almadı ve hafta sonundan önce bir yanıt beklemiyor.", "İki heyet esir değişimini ve ateşkesi görüşmek üzere salı günü yeniden bir araya gelecek."},
	{"pt", "pt-BR", "America/Sao_Paulo", "Publicado em 15/03/2026", "2026-03-15", "Declarações do ministro sobre as conversas na capital", "O ministro respondeu às perguntas dos jornalistas depois das conversas.",
		"O ministério não recebeu nenhuma resposta oficial à proposta que fez no mês passado e não a espera antes do fim da semana.", "As duas delegações voltarão a reunir-se na terça-feira para falar da troca de prisioneiros e do cessar-fogo."},
	{"it", "", "Europe/Rome", "Roma, 15 marzo 2026", "2026-03-15", "Dichiarazioni del ministro sui colloqui nella capitale", "Il ministro ha risposto alle domande dei giornalisti dopo i colloqui.",
		"Il ministero non ha ricevuto alcuna risposta ufficiale alla proposta presentata il mese scorso e non ne attende una prima della fine della settimana.", "Le due delegazioni si incontreranno di nuovo martedì per parlare dello scambio di prigionieri e del cessate il fuoco."},
	{"hi", "en", "Asia/Kolkata", "रविवार, 15 मार्च 2026", "2026-03-15", "राजधानी में हुई वार्ता पर मंत्री की टिप्पणी", "मंत्री ने वार्ता के बाद पत्रकारों के प्रश्नों के उत्तर दिए।",
		"मंत्रालय को पिछले महीने दिए गए प्रस्ताव का कोई आधिकारिक उत्तर अब तक नहीं मिला है और सप्ताह के अंत से पहले इसकी आशा भी नहीं है।", "दोनों प्रतिनिधिमंडल मंगलवार को फिर मिलेंगे और कैदियों की अदला-बदली तथा युद्धविराम पर चर्चा करेंगे।"},
}

func (e edition) page() string {
	return fmt.Sprintf(`<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s | MFA</title></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/a">About</a></li></ul></nav></header>
<main><h1>%[2]s</h1><p class="date">%[3]s</p><div class="lead">%[4]s</div><div class="share">Facebook Twitter Telegram</div>
<div class="text"><figure><img src="/p.jpg"><figcaption>Photo of the day, by the press service of the ministry.</figcaption></figure><p>%[5]s</p><p>%[6]s</p></div>
<div class="related"><h3>More</h3><ul><li><a href="/x/2">Another statement of the ministry</a></li><li><a href="/x/3">One more statement of the ministry</a></li></ul></div></main>
<footer><p>© 2026 Ministry</p></footer></body></html>`, e.declared, e.title, e.date, e.lead, e.first, e.second)
}

// The language of a page, its text and its day are found in sixteen languages
// without any rule, also where the template of the site names another language or
// none.
func TestSixteenLanguages(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for _, e := range editionsOfSite {
			switch r.URL.Path {
			case "/" + e.code + "/":
				fmt.Fprintf(w, `<ul><li class=item><a href="/%s/15">%s</a></li></ul>`, e.code, e.title)
				return
			case "/" + e.code + "/15":
				fmt.Fprint(w, e.page())
				return
			}
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(site.Close)
	folder, data := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "sources"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("volteface.yaml", "http: {allow_private: true, timeout: 20s}\n")
	args := []string{"scrape"}
	for _, e := range editionsOfSite {
		id := "site-" + strings.ToLower(e.code)
		write("sources/"+id+".yaml", fmt.Sprintf("id: %s\nissuer: {id: %[1]s, name: Ministry}\nkind: listing\nurl: %s/%s/\ndelay: 1ms\nlanguage: %[3]s\ntimezone: %[4]s\nlisting: {item: li.item}\n", id, site.URL, e.code, e.zone))
		args = append(args, id)
	}
	where := []string{"--config", filepath.Join(folder, "volteface.yaml"), "--data-dir", data}
	found := map[string]finding{}
	for _, f := range run[finding](t, nil, []int{0}, append(append(args, "--json"), where...)...) {
		if f.State == "NEW" {
			found[f.Source] = f
		}
	}
	for _, e := range editionsOfSite {
		f, ok := found["site-"+strings.ToLower(e.code)]
		if !ok {
			t.Errorf("%s: nothing found", e.code)
			continue
		}
		st := run[shown](t, nil, []int{0}, append([]string{"statements", "show", f.ID, "--json"}, where...)...)[0]
		want := strings.Join([]string{e.lead, e.first, e.second}, "\n\n")
		primary, _, _ := strings.Cut(st.Language, "-")
		if own, _, _ := strings.Cut(e.code, "-"); primary != own || st.Title != e.title || st.Published != e.day || st.Text != want {
			t.Errorf("%s: language %q, title %q, published %q, text\n%s\nwant\n%s", e.code, st.Language, st.Title, st.Published, st.Text, want)
		}
	}
}
