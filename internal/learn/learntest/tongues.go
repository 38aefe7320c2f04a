package learntest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// tongue is what a press office writes in a language: {m} stands for a matter,
// {p} for a place, {n} for a number.
type tongue struct {
	matters, places, titles, sentences []string
	months                             string // from January, as dates write them
	more                               string // what a link to the whole text says
	next                               string // what a link to older ones says
	menu                               []string
}

// tongues by BCP 47 tag. The sentences are nobody's.
var tongues = map[string]tongue{
	"en": {
		[]string{"maritime security", "the grain corridor", "export controls", "the ceasefire", "visa policy", "the climate fund", "nuclear safety", "air links", "prisoners of war", "fisheries"},
		[]string{"Geneva", "Ankara", "Nairobi", "Vienna", "Samarkand", "Lima", "Jakarta", "Tbilisi"},
		[]string{"Statement on {m} after talks in {p}", "Minister to travel to {p} for consultations on {m}", "Remarks on {m}, delivered in {p}", "{p}: joint communiqué on {m}", "Answers to questions about {m}"},
		[]string{
			"The delegations met in {p} and spoke for {n} hours about {m}, which both sides called the most urgent matter of the year.",
			"We have made it clear that nothing about {m} will be decided without those who live in {p}, and we stand by that.",
			"The ministry does not comment on reports about {m}; it notes, however, that {n} states have signed the declaration of {p}.",
			"Asked about {m}, the spokesperson said that the government had received no request from {p}, and expected none this month.",
			"An additional {n} million will be made available, so that work on {m} can go on in {p} throughout the winter.",
			"In {p}, experts of both countries will meet again in {n} days, in order to prepare a further agreement on {m}.",
			"The position on {m} remains unchanged, and it was explained in detail to the partners who gathered in {p}.",
			"Both ministers agreed that {m} calls for patience, for {n} more observers, and for an open line between the capitals and {p}.",
		},
		"January February March April May June July August September October November December", "Read more", "Older",
		[]string{"Home", "About us", "The Minister", "Consular services", "Contact", "Careers"},
	},
	"de": {
		[]string{"die Sicherheit der Seewege", "den Waffenstillstand", "die Getreideausfuhren", "den Klimafonds", "die Visapolitik", "die Kernenergie", "den Gefangenenaustausch", "die Fischerei"},
		[]string{"Genf", "Wien", "Nairobi", "Ankara", "Tiflis", "Jakarta", "Lima", "Kiew"},
		[]string{"Erklärung über {m} nach Gesprächen in {p}", "Ministerin reist zu Beratungen über {m} nach {p}", "Rede über {m} vor dem Parlament in {p}", "{p}: Gemeinsame Mitteilung über {m}"},
		[]string{
			"Die Delegationen sprachen in {p} {n} Stunden lang über {m}, was beide Seiten als dringlichste Frage des Jahres bezeichneten.",
			"Wir haben deutlich gemacht, dass über {m} nichts ohne die Menschen in {p} entschieden wird, und dabei bleibt es.",
			"Auf die Frage nach Berichten über {m} sagte die Sprecherin, dass {n} Staaten die Erklärung von {p} unterzeichnet haben.",
			"Weitere {n} Millionen Euro werden bereitgestellt, damit die Beratungen über {m} in {p} auch im Winter weitergehen können.",
			"In {p} treffen sich die Fachleute beider Länder in {n} Tagen erneut, um ein Abkommen über {m} vorzubereiten.",
			"Die Haltung zu den Verhandlungen über {m} ist unverändert, sie wurde den Partnern in {p} ausführlich erläutert.",
		},
		"Januar Februar März April Mai Juni Juli August September Oktober November Dezember", "Weiterlesen", "Weiter",
		[]string{"Startseite", "Das Ministerium", "Service", "Kontakt", "Presse", "Impressum"},
	},
	"fr": {
		[]string{"la sécurité maritime", "le cessez-le-feu", "les exportations de céréales", "le fonds climatique", "la politique des visas", "la sûreté nucléaire", "les prisonniers de guerre", "la pêche"},
		[]string{"Genève", "Vienne", "Nairobi", "Ankara", "Tbilissi", "Jakarta", "Lima", "Dakar"},
		[]string{"Déclaration sur {m} à l’issue des entretiens de {p}", "Le ministre se rendra à {p} pour des consultations sur {m}", "Discours sur {m} prononcé à {p}", "{p} : communiqué conjoint sur {m}"},
		[]string{
			"Les délégations se sont réunies à {p} et ont parlé pendant {n} heures de la question la plus urgente de l’année, {m}.",
			"Nous l’avons dit clairement : rien ne sera décidé concernant {m} sans ceux qui vivent à {p}, et nous nous y tenons.",
			"Le ministère ne commente pas les informations sur {m} ; il relève toutefois que {n} États ont signé la déclaration de {p}.",
			"Une aide supplémentaire de {n} millions d’euros sera versée, afin que les travaux sur {m} se poursuivent à {p} cet hiver.",
			"À {p}, les experts des deux pays se retrouveront dans {n} jours, pour préparer un nouvel accord sur {m}.",
			"La position de la France sur {m} reste inchangée, et elle a été exposée en détail aux partenaires réunis à {p}.",
		},
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "Lire la suite", "Suivant",
		[]string{"Accueil", "Le ministère", "Services", "Contact", "Presse", "Mentions légales"},
	},
	"es": {
		[]string{"la seguridad marítima", "el alto el fuego", "las exportaciones de cereales", "el fondo climático", "la política de visados", "la seguridad nuclear", "la pesca"},
		[]string{"Ginebra", "Viena", "Nairobi", "Ankara", "Lima", "Yakarta", "La Haya"},
		[]string{"Declaración sobre {m} tras las conversaciones en {p}", "El ministro viaja a {p} para tratar {m}", "Comunicado conjunto de {p} sobre {m}", "Intervención sobre {m} en {p}"},
		[]string{
			"Las delegaciones se reunieron en {p} y hablaron durante {n} horas sobre {m}, el asunto más urgente del año.",
			"Hemos dejado claro que nada se decidirá sobre {m} sin quienes viven en {p}, y mantenemos esa posición.",
			"El ministerio no comenta las informaciones sobre {m}; señala, sin embargo, que {n} Estados han firmado la declaración de {p}.",
			"Se destinarán otros {n} millones de euros, para que los trabajos sobre {m} continúen en {p} durante el invierno.",
			"En {p}, los expertos de ambos países volverán a reunirse dentro de {n} días, con el fin de preparar un acuerdo sobre {m}.",
		},
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", "Leer más", "Siguiente",
		[]string{"Inicio", "El ministerio", "Servicios", "Contacto", "Prensa"},
	},
	"ru": {
		[]string{"безопасности судоходства", "прекращении огня", "вывозе зерна", "ядерной безопасности", "визовой политике", "обмене пленными", "климатическом фонде", "рыболовстве"},
		[]string{"Женеве", "Вене", "Анкаре", "Найроби", "Самарканде", "Тбилиси", "Лиме", "Астане"},
		[]string{"Заявление о {m} по итогам переговоров в {p}", "О консультациях в {p} и о {m}", "Ответы на вопросы о {m}, {p}", "Совместное сообщение о {m} в {p}"},
		[]string{
			"Делегации встретились в {p} и {n} часа говорили о {m}, что обе стороны назвали самым неотложным делом этого года.",
			"Мы ясно сказали, что решения о {m} не будут приняты без тех, кто живёт в {p}, и остаёмся при этой позиции.",
			"Министерство не комментирует сообщения о {m}; отмечаем, однако, что декларацию в {p} подписали {n} государства.",
			"Будет выделено ещё {n} миллиона, чтобы работа над соглашением о {m} продолжалась в {p} всю зиму.",
			"Через {n} дня эксперты обеих стран вновь соберутся в {p}, чтобы подготовить новое соглашение о {m}.",
			"Позиция по вопросу о {m} не изменилась, она была подробно изложена партнёрам, которые собрались в {p}.",
		},
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря", "Подробнее", "Далее",
		[]string{"Главная", "О министерстве", "Министр", "Консульские услуги", "Контакты"},
	},
	"uk": {
		[]string{"безпеку судноплавства", "припинення вогню", "вивезення зерна", "ядерну безпеку", "візову політику", "обмін полоненими"},
		[]string{"Женеві", "Відні", "Анкарі", "Найробі", "Тбілісі", "Лімі"},
		[]string{"Заява про {m} за підсумками переговорів у {p}", "Міністр провів консультації про {m} у {p}", "Спільне комюніке про {m}, ухвалене у {p}"},
		[]string{
			"Делегації зустрілися у {p} і {n} години говорили про {m}, що обидві сторони назвали найважливішою справою року.",
			"Ми чітко сказали, що рішення про {m} не ухвалять без тих, хто живе у {p}, і цієї позиції ми дотримуємося.",
			"Міністерство не коментує повідомлень про {m}; зазначаємо, проте, що декларацію у {p} підписали {n} держави.",
			"Буде виділено ще {n} мільйони, щоб робота над угодою про {m} тривала у {p} протягом усієї зими.",
			"За {n} дні експерти обох країн знову зберуться у {p}, щоб підготувати нову угоду про {m}.",
		},
		"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня", "Докладніше", "Наступна",
		[]string{"Головна", "Про міністерство", "Міністр", "Контакти"},
	},
	"ar": {
		[]string{"أمن الملاحة", "وقف إطلاق النار", "صادرات الحبوب", "صندوق المناخ", "سياسة التأشيرات", "السلامة النووية", "تبادل الأسرى"},
		[]string{"جنيف", "فيينا", "أنقرة", "نيروبي", "سمرقند", "الرياض", "القاهرة"},
		[]string{"بيان بشأن {m} عقب المحادثات في {p}", "الوزير يتوجه إلى {p} للتشاور حول {m}", "كلمة حول {m} أمام المؤتمر في {p}", "بيان مشترك صادر من {p} حول {m}"},
		[]string{
			"اجتمعت الوفود في {p} وتحدثت على مدى {n} ساعات عن {m}، وهو ما وصفه الجانبان بأنه أكثر المسائل إلحاحا هذا العام.",
			"لقد أوضحنا أنه لن يتقرر شيء بشأن {m} دون مشاركة أهل {p}، ونحن متمسكون بهذا الموقف.",
			"لا تعلق الوزارة على التقارير المتعلقة بموضوع {m}، لكنها تشير إلى أن {n} دول وقعت إعلان {p}.",
			"سيتم توفير {n} ملايين إضافية حتى يستمر العمل على {m} في {p} طوال فصل الشتاء.",
			"وسيجتمع الخبراء من البلدين مجددا في {p} خلال {n} أيام للتحضير لاتفاق جديد حول {m}.",
		},
		"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", "اقرأ المزيد", "التالي",
		[]string{"الرئيسية", "عن الوزارة", "الوزير", "الخدمات القنصلية", "اتصل بنا"},
	},
	"fa": {
		[]string{"امنیت کشتیرانی", "آتش\u200cبس", "صادرات غلات", "صندوق اقلیم", "سیاست روادید", "ایمنی هسته\u200cای", "تبادل اسیران"},
		[]string{"ژنو", "وین", "آنکارا", "نایروبی", "سمرقند", "تهران", "بغداد"},
		[]string{"بیانیه درباره {m} پس از گفتگوها در {p}", "سفر وزیر به {p} برای رایزنی درباره {m}", "سخنان درباره {m} در نشست {p}", "بیانیه مشترک {p} درباره {m}"},
		[]string{
			"هیئت\u200cها در {p} دیدار کردند و {n} ساعت درباره {m} گفتگو کردند، که هر دو طرف آن را فوری\u200cترین موضوع سال خواندند.",
			"ما به روشنی گفته\u200cایم که درباره {m} بدون مردم {p} تصمیمی گرفته نخواهد شد و بر این موضع استواریم.",
			"وزارتخانه درباره گزارش\u200cهای مربوط به {m} اظهار نظر نمی\u200cکند، اما یادآور می\u200cشود که {n} کشور بیانیه {p} را امضا کرده\u200cاند.",
			"مبلغ {n} میلیون دیگر در اختیار قرار خواهد گرفت تا کار درباره {m} در {p} در سراسر زمستان ادامه یابد.",
			"کارشناسان دو کشور ظرف {n} روز بار دیگر در {p} گرد هم می\u200cآیند تا توافق تازه\u200cای درباره {m} آماده کنند.",
		},
		"ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر", "ادامه مطلب", "بعدی",
		[]string{"صفحه نخست", "درباره ما", "وزیر", "خدمات کنسولی", "تماس با ما"},
	},
	"zh": {
		[]string{"海上安全", "停火", "粮食出口", "气候基金", "签证政策", "核安全", "渔业合作", "战俘交换"},
		[]string{"日内瓦", "维也纳", "安卡拉", "内罗毕", "撒马尔罕", "雅加达", "利马"},
		[]string{"外交部发言人就{m}问题在{p}会谈后发表谈话", "部长将赴{p}就{m}举行磋商", "在{p}会议上关于{m}的讲话", "关于{m}的{p}联合公报", "发言人就{p}{m}答记者问"},
		[]string{
			"双方代表团在{p}举行了{n}小时的会谈，就{m}深入交换了意见，一致认为这是今年最紧迫的议题。",
			"我们已经明确表示，未经{p}人民的参与，不会就{m}作出任何决定，这一立场不会改变。",
			"外交部对有关{m}的报道不予置评，但注意到已有{n}个国家签署了{p}宣言。",
			"将追加{n}百万元资金，确保有关{m}的工作在{p}整个冬季继续进行。",
			"两国专家将在{n}天后再次在{p}会晤，为达成关于{m}的新协议作准备。",
			"中方在{m}问题上的立场没有变化，已向在{p}的各方伙伴作了详细说明。",
		},
		"1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月", "详细", "下一页",
		[]string{"首页", "部长", "政策", "领事服务", "联系我们"},
	},
	"ja": {
		[]string{"海上の安全", "停戦", "穀物の輸出", "気候基金", "査証政策", "原子力の安全", "漁業"},
		[]string{"ジュネーブ", "ウィーン", "アンカラ", "ナイロビ", "ジャカルタ", "リマ"},
		[]string{"{p}での協議後の{m}に関する談話", "大臣の{p}訪問（{m}に関する協議）", "{m}に関する{p}共同声明", "{p}会議における{m}についての演説"},
		[]string{
			"両代表団は{p}において会談し、本年最も急を要する課題である{m}について{n}時間にわたり意見を交換しました。",
			"我々は、{p}に住む人々の参加なしに{m}について何も決定しないことを明確にしており、この立場に変わりはありません。",
			"報道されている{m}については論評を差し控えますが、{n}か国が{p}宣言に署名したことを承知しています。",
			"{p}における{m}に関する作業が冬の間も続けられるよう、さらに{n}百万円が拠出されます。",
			"両国の専門家は{n}日後に再び{p}に集まり、{m}に関する新たな合意の準備を行います。",
		},
		"1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月", "続きを読む", "次へ",
		[]string{"ホーム", "大臣", "外交政策", "領事サービス", "お問い合わせ"},
	},
	"tr": {
		[]string{"deniz güvenliği", "ateşkes", "tahıl ihracatı", "iklim fonu", "vize politikası", "nükleer güvenlik", "balıkçılık"},
		[]string{"Cenevre", "Viyana", "Nairobi", "Semerkant", "Tiflis", "Cakarta"},
		[]string{"{p} görüşmelerinin ardından {m} hakkında açıklama", "{m} konusunda {p} ziyareti hakkında", "{p} ortak bildirisi: {m}", "{m} hakkındaki bir soruya cevap, {p}"},
		[]string{
			"Heyetler {p} kentinde bir araya geldi ve yılın en acil meselesi olarak nitelendirilen {m} hakkında {n} saat görüştü.",
			"{p} halkının katılımı olmadan {m} hakkında hiçbir karar alınmayacağını açıkça ifade ettik, bu tutumumuzu koruyoruz.",
			"Bakanlık, {m} hakkındaki haberlere yorum yapmamaktadır; ancak {n} devletin {p} bildirisini imzaladığını kaydetmektedir.",
			"Kış boyunca {p} kentinde {m} üzerindeki çalışmaların sürmesi için {n} milyon ek kaynak sağlanacaktır.",
			"İki ülkenin uzmanları, {m} konusunda yeni bir anlaşma hazırlamak üzere {n} gün içinde yeniden {p} kentinde buluşacaktır.",
		},
		"Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık", "Devamı", "Sonraki",
		[]string{"Ana Sayfa", "Bakanlık", "Bakan", "Konsolosluk", "İletişim"},
	},
	"he": {
		[]string{"ביטחון השיט", "הפסקת האש", "יצוא התבואה", "קרן האקלים", "מדיניות האשרות", "הבטיחות הגרעינית"},
		[]string{"ז'נבה", "וינה", "אנקרה", "ניירובי", "טביליסי", "לימה"},
		[]string{"הודעה בנושא {m} לאחר השיחות ב{p}", "השר ייצא ל{p} להתייעצויות בנושא {m}", "הודעה משותפת מ{p} בעניין {m}"},
		[]string{
			"המשלחות נפגשו ב{p} ושוחחו במשך {n} שעות על {m}, שאותו הגדירו שני הצדדים כעניין הדחוף ביותר השנה.",
			"הבהרנו כי לא יוחלט דבר בעניין {m} בלי תושבי {p}, ואנו עומדים על עמדה זו.",
			"המשרד אינו מגיב לדיווחים על {m}, אולם הוא מציין כי {n} מדינות חתמו על הצהרת {p}.",
			"סכום נוסף של {n} מיליון יועמד לרשות העבודה על {m} ב{p} לאורך כל החורף.",
			"המומחים של שתי המדינות ייפגשו שוב ב{p} בעוד {n} ימים, כדי להכין הסכם חדש בנושא {m}.",
		},
		"בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר", "להמשך קריאה", "הבא",
		[]string{"דף הבית", "אודות", "השר", "צור קשר"},
	},
}

// fill makes a phrase of a pattern.
func (t tongue) fill(r *rand.Rand, pattern string) string {
	return strings.NewReplacer(
		"{m}", t.matters[r.IntN(len(t.matters))], "{p}", t.places[r.IntN(len(t.places))], "{n}", fmt.Sprint(2+r.IntN(60)),
	).Replace(pattern)
}

// paragraph makes some sentences of the language.
func (t tongue) paragraph(r *rand.Rand, joint string) string {
	var said []string
	for range 2 + r.IntN(3) {
		said = append(said, t.fill(r, t.sentences[r.IntN(len(t.sentences))]))
	}
	return strings.Join(said, joint)
}

// month is the name of a month from 1.
func (t tongue) month(m int) string { return strings.Fields(t.months)[m-1] }
