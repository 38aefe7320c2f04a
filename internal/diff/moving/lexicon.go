package moving

import "strings"

// counts are what is counted of the page itself and its readers, never of what
// the page is about.
const counts = `views|view|page views|page view|pageviews|total views|unique views|views today|hits|hit|page hits|visits|visitors|visitor|visitors today|visits today|total visits|total visitors|page visits|
	reads|read|times read|times viewed|viewed|seen|readers|reading now|clicks|impressions|downloads|shares|likes|comments|replies|reactions|retweets|
	online|online now|users online|guests online|visitors online|people online|counter|visitor counter|view count|hit counter|hit count|read count|
	aufrufe|seitenaufrufe|zugriffe|besucher|besuche|klicks|gelesen|mal gelesen|kommentare|besucher online|vues|vue|lectures|consultations|visites|visiteurs|commentaires|partages|nombre de vues|
	visitas|vistas|visualizaciones|lecturas|comentarios|visualizzazioni|letture|visite|commenti|visualizações|leituras|acessos|comentários|
	просмотры|просмотров|просмотра|просмотр|количество просмотров|число просмотров|посещений|посетителей|прочтений|комментарии|комментариев|скачиваний|на сайте|
	перегляди|переглядів|перегляд|кількість переглядів|відвідувань|коментарів|wyświetleń|wyświetlenia|odsłon|odwiedzin|komentarzy|görüntülenme|görüntüleme|okunma|ziyaretçi|yorum|
	visningar|visninger|läsningar|weergaven|keer bekeken|zobrazení|zhlédnutí|megtekintés|vizualizări|afișări|преглеждания|прегледа|
	عدد المشاهدات|المشاهدات|مشاهدات|مشاهدة|عدد الزيارات|الزيارات|زيارة|عدد القراءات|القراءات|قراءة|الزوار|تعليقات|
	بازدید|تعداد بازدید|بازدیدها|بازدید امروز|تعداد مشاهده|مشاهده|نظرات|צפיות|כניסות|תגובות|बार देखा गया|व्यूज़|दर्शक|
	浏览|浏览量|浏览次数|瀏覽|瀏覽量|瀏覽次數|阅读|阅读量|阅读次数|閱讀|閱讀量|点击|点击量|点击数|點閱|次浏览|次阅读|人浏览|人阅读|访问量|访问次数|評論|评论|閲覧数|閲覧|アクセス数|アクセス|ビュー|조회수|조회|방문자|댓글|
	lượt xem|lượt đọc|lượt truy cập|dilihat|kali dilihat|dibaca|pembaca|ยอดเข้าชม|ผู้เข้าชม`

// touched lead to the moment at which a page was last touched, and shown to one
// that may be the statement's own.
const (
	touched = `updated|updated on|updated at|last updated|last updated on|last updated at|last update|latest update|page updated|page last updated|this page was last updated|this page was last updated on|last modified|last modified on|modified|refreshed|last refreshed|last checked|
	generated|generated at|generated on|page generated|page generated at|page generated on|this page was generated|this page was generated at|this page was generated on|retrieved|retrieved on|accessed|printed|printed on|
	zuletzt aktualisiert|aktualisiert|letzte aktualisierung|mis à jour|mis à jour le|dernière mise à jour|mise à jour|actualizado|última actualización|aggiornato|ultimo aggiornamento|atualizado|última atualização|
	обновлено|последнее обновление|обновление|оновлено|останнє оновлення|aktualizacja|ostatnia aktualizacja|güncellendi|son güncelleme|uppdaterad|senast uppdaterad|oppdatert|sist oppdatert|opdateret|bijgewerkt|laatst bijgewerkt|
	آخر تحديث|تم التحديث|تحديث|آخرین به` + "\u200c" + `روزرسانی|آخرین بروزرسانی|به` + "\u200c" + `روزرسانی|بروزرسانی|更新|更新于|更新於|最后更新|最後更新|更新时间|更新時間|最終更新|更新日時|업데이트|최종 수정|עודכן|עודכן לאחרונה|अपडेट|अंतिम अपडेट`
	shownAt = `published|published on|posted|posted on|added|uploaded|released|edited|last edited|veröffentlicht|publié|publié le|publicado|pubblicato|опубликовано|опубліковано|yayınlandı|نشر|نُشر|منتشر شد|发布|发布于|发布时间|公開|게시|פורסם`
	now     = `today|today is|today's date|now|it is now|time now|the time is|current time|current date|current date and time|server time|date and time now|heute|heute ist|jetzt|aujourd'hui|maintenant|nous sommes le|hoy|hoy es|ahora|oggi|adesso|hoje|agora|
	сегодня|сейчас|текущее время|сьогодні|зараз|dziś|dzisiaj|teraz|bugün|şu an|idag|nu|vandaag|i dag|اليوم|الآن|امروز|اکنون|今天|今天是|现在|現在|当前时间|今日|本日|오늘|현재|היום|עכשיו|आज`
)

// moments are words that stand in dates and times beside months and figures.
var moments = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun may march august jan feb mar apr jun jul aug sep sept oct nov dec
		montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
		lunedì martedì mercoledì giovedì venerdì sabato domenica segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
		понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа п'ятниця субота неділя poniedziałek wtorek środa czwartek piątek sobota niedziela
		pazartesi salı çarşamba perşembe cuma cumartesi pazar الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت شنبه یکشنبه دوشنبه سه` + "\u200c" + `شنبه چهارشنبه پنجشنبه پنج` + "\u200c" + `شنبه جمعه
		يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين الأول الثاني فروردین فروردين
		星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 월요일 화요일 수요일 목요일 금요일 토요일 일요일
		am pm a.m p.m utc gmt z et est edt ct cst cdt pt pst pdt cet cest eet eest bst ist msk мск irst jst kst hrs hours uhr h o'clock at on the of de del le el à às um, um klockan kl в о г года р року ساعة الساعة ساعت و م ص ه`) {
		set[w] = true
	}
	return set
}()

// times stand behind a count.
var times = map[string]bool{"times": true, "x": true, "mal": true, "fois": true, "veces": true, "vezes": true, "volte": true, "razy": true, "раз": true, "раза": true, "次": true, "回": true, "مرة": true, "بار": true}

// sentences in which a page counts its readers or itself; NUM is the number.
// sentenceCues are of them: one is in each.
var (
	sentences = []string{
		`(?:this|the) (?:page|article|document|item|post|news|story|text|statement|release) (?:has been |was |is )?(?:viewed|visited|read|opened|seen|accessed|shared|downloaded)(?: by)? NUM (?:times|people|visitors|readers|users)(?: today| so far)?`,
		`you are (?:the |our )?(?:visitor|reader|guest)(?: no\.?| number| nr\.?)?\s*#?NUM(?:st|nd|rd|th)?`,
		`you are (?:the |our )?NUM(?:st|nd|rd|th) (?:visitor|reader|guest)`,
		`diese seite wurde NUM ?mal (?:aufgerufen|besucht|gelesen)`, `cette page a été (?:vue|consultée|lue) NUM fois`,
		`esta página ha sido (?:vista|visitada|leída) NUM veces`, `(?:эта )?страница просмотрена NUM раза?`,
		`(?:this )?(?:page |site )?(?:was )?(?:generated|rendered|loaded|created|served|executed)(?: in| within)?:?\s*NUM\s*(?:ms|s|secs?|seconds|milliseconds)`,
		`(?:request|session|trace|page|visit|cache|correlation|ray|transaction)[ -]?id\s*[:#]?\s*([0-9a-z][0-9a-z+/_=.-]{3,80})`,
	}
	sentenceCues = []string{"page", "article", "document", "item", "post", "news", "story", "text", "statement", "release", "you are", "diese seite", "página", "страница", "generated", "rendered", "loaded", "created", "served", "executed", "id"}
)

// ageCues are parts of words of which one is in each age.
var ageCues = []string{"ago", "now", "left", "to go", "remaining", "vor ", "gerade", "il y a", "l’instant", "l'instant", "hace", "há ", " fa", "назад", "тому", "только", "щойно", "temu", "önce", "sedan", "siden",
	"geleden", "منذ", "قبل", "پیش", "لحظاتی", "לפני", "पहले", "前", "刚", "剛", "たった", "전", "방금", "trước", "lalu", "ที่แล้ว"}

// ages in the languages of the sources; N stands for a number.
var ages = []string{
	`(?:about |over |almost |nearly |less than |more than )?(?:N|an?|one|a few|several|a couple of)\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|[smhdwy])(?:,? (?:and )?N\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|[smhd]))* ago`,
	`just now|moments ago|a moment ago`,
	`N\s?(?:seconds?|minutes?|hours?|days?)(?:,? (?:and )?N\s?(?:seconds?|minutes?|hours?))* (?:left|to go|remaining)`,
	`vor (?:etwa |über |ca\. )?(?:N|einer|einem|wenigen) (?:sekunden?|minuten?|min\.?|stunden?|std\.?|tage?n?|wochen?|monat(?:en)?|jahr(?:en)?)|gerade eben`,
	`il y a (?:environ )?(?:N|une?|quelques) ?(?:secondes?|minutes?|min|heures?|h|jours?|j|semaines?|mois|ans?)|à l[’']instant`,
	`hace (?:N|una?|unos|unas) (?:segundos?|minutos?|min|horas?|h|d[ií]as?|semanas?|mes(?:es)?|años?)`,
	`há (?:N|uma?) (?:segundos?|minutos?|min|horas?|h|dias?|semanas?|m[eê]s(?:es)?|anos?)(?: atrás)?`,
	`(?:N|un[ao']?) ?(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]) fa`,
	`(?:N )?(?:секунд[уы]?|сек\.?|минут[уы]?|мин\.?|час(?:а|ов)?|ч\.?|день|дня|дней|недел[юиь]|месяц(?:а|ев)?|года?|лет|хвилин[уи]?|хв\.?|годин[уи]?|днів|дні|тиждень|тижн(?:і|ів)) (?:назад|тому)|только что|щойно`,
	`(?:N )?(?:sekund[yę]?|minut[yę]?|godzin[yę]?|dni|dzień|tygodni[ea]?|miesi[ąę]c[ye]?|lata?|roku?) temu`,
	`N (?:saniye|dakika|saat|gün|hafta|ay|yıl) önce|az önce`,
	`(?:för |for )?N (?:sekund(?:er)?|minut(?:t?er)?|timmar?|timer?|dagar|dager|dage|dag) (?:sedan|siden)`,
	`N (?:seconden?|minuten?|minuut|uur|uren|dag(?:en)?|week|weken|maand(?:en)?) geleden`,
	`(?:منذ|قبل) (?:N )?(?:ثانية|ثوان|ثواني|دقيقة|دقائق|دقيقتين|ساعة|ساعات|ساعتين|يوم|يوما|أيام|يومين|أسبوع|أسابيع|شهر|أشهر)`,
	`(?:N|یک) (?:ثانیه|دقیقه|ساعت|روز|هفته|ماه|سال) (?:پیش|قبل)|لحظاتی پیش`,
	`לפני (?:N )?(?:שניות|דקות|דקה|שעות|שעה|שעתיים|ימים|יום|יומיים|שבוע|שבועות|חודש|חודשים)`,
	`N (?:सेकंड|मिनट|घंटे|घंटा|दिन|सप्ताह|महीने) पहले`,
	`N\s?(?:秒钟?|秒鐘|分钟|分鐘|分|小时|小時|時間|天|日|周|週間?|个月|個月|か月|年)(?:之|以)?前|刚刚|剛剛|たった今`,
	`N\s?(?:초|분|시간|일|주|개월|년)\s?전|방금(?: 전)?`,
	`N (?:giây|phút|giờ|ngày|tuần|tháng|năm) trước|N (?:detik|menit|jam|hari|minggu|bulan|tahun) (?:yang )?lalu|N\s?(?:วินาที|นาที|ชั่วโมง|วัน|สัปดาห์|เดือน)ที่แล้ว`,
}
