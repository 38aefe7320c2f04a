package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// sentences are what the documents are made of, by language; # is a number.
var sentences = map[string][]string{
	"en": {
		"The Minister received the ambassador of a neighbouring country on Thursday and reaffirmed the long-standing friendship between both peoples.",
		"No weapons have been supplied to either side of the conflict, and none will be supplied while the talks continue.",
		"The Government has allocated # million for the reconstruction of schools, hospitals and water-treatment plants in the affected provinces.",
		"Both delegations agreed that the cease-fire must be unconditional, verifiable and open-ended.",
		"In reply to a question from a correspondent, the spokesperson said that the allegations were unfounded and politically motivated.",
		"The Council will review the implementation of resolution # at its next regular session.",
		"Exports of dual-use technology remain subject to a licence, which the competent authority may refuse or withdraw at any time.",
		"We condemn in the strongest terms the attack on the humanitarian convoy and call for an independent, transparent investigation.",
		"The parties took note of the report of the inspectors, who had visited # facilities since the beginning of the year.",
		"Interest rates were left unchanged at # per cent; the Committee judged that inflationary pressures had not yet abated.",
		"Citizens are advised against all but essential travel to the border districts until further notice.",
		"The representatives of the opposition did not attend, although an invitation had been extended to them in good time.",
		"It was decided to establish a joint working group on energy security, transport corridors and cross-border infrastructure.",
		"The sanctions apply to # individuals and entities whose names are listed in the annex to this communiqué.",
		"There can be no military solution; the responsibility for the deterioration lies with those who abandoned the agreement.",
		"The President expressed condolences to the families of the victims and thanked the emergency services for their dedication.",
		"Negotiations on the demarcation of the maritime boundary will be resumed in the capital after the elections.",
		"Under the memorandum, the two central banks will exchange information on counterfeit currency and settlement systems.",
		"The Ministry has never recognised the so-called referendum and regards its results as null and void.",
		"A limited number of unmanned aircraft had been delivered months before the hostilities began, the statement acknowledged.",
	},
	"de": {
		"Die Bundesregierung verurteilt den Angriff auf das Schärfste und fordert eine unabhängige Untersuchung der Verantwortlichkeiten.",
		"Der Sprecher des Auswärtigen Amtes erklärte, dass es zu keinem Zeitpunkt Waffenlieferungen gegeben habe.",
		"Für den Wiederaufbau werden in den kommenden Jahren insgesamt # Millionen Euro zur Verfügung gestellt.",
		"Die Außenministerinnen und Außenminister kamen überein, die Zusammenarbeit in der Energieversorgung zu vertiefen.",
		"Das Abkommen bedarf der Zustimmung beider Parlamente und tritt frühestens im nächsten Frühjahr in Kraft.",
		"Reisende werden gebeten, sich in die Krisenvorsorgeliste einzutragen und die Sicherheitshinweise zu beachten.",
		"Gegen # Personen und Einrichtungen wurden Einreiseverbote und Vermögenssperren verhängt.",
		"Eine militärische Lösung kann es nicht geben; die Verhandlungen müssen unverzüglich wieder aufgenommen werden.",
	},
	"fr": {
		"Le ministre a reçu jeudi son homologue et a réaffirmé l’attachement de la France à l’intégrité territoriale de ce pays.",
		"« Aucune livraison d’armes n’a eu lieu », a déclaré la porte-parole au cours du point de presse quotidien.",
		"La France consacrera # millions d’euros à la reconstruction des infrastructures hospitalières et scolaires.",
		"Les deux parties sont convenues de reprendre les négociations dès que le cessez-le-feu sera effectif.",
		"Le Conseil examinera la mise en œuvre de la résolution # lors de sa prochaine session ordinaire.",
		"Il est formellement déconseillé de se rendre dans les zones frontalières, quel qu’en soit le motif.",
		"Nous condamnons avec la plus grande fermeté cette attaque et exprimons notre solidarité aux familles des victimes.",
		"L’accord prévoit l’échange d’informations entre les deux banques centrales ainsi qu’un mécanisme de surveillance.",
	},
	"ru": {
		"Министр принял посла сопредельного государства и подтвердил приверженность дружественным отношениям между двумя народами.",
		"Никаких поставок вооружений ни одной из сторон конфликта не осуществлялось и не планируется.",
		"Правительство выделило # миллионов рублей на восстановление школ, больниц и водоочистных сооружений.",
		"Стороны договорились о создании рабочей группы по вопросам энергетической безопасности и транспортной инфраструктуры.",
		"Отвечая на вопрос корреспондента, официальный представитель назвал эти обвинения безосновательными.",
		"Совет рассмотрит выполнение резолюции # на своём следующем очередном заседании.",
		"Мы решительно осуждаем нападение на гуманитарный конвой и требуем независимого расследования.",
		"Переговоры о делимитации морской границы возобновятся в столице после завершения выборов.",
	},
	"ar": {
		"استقبل وزير الخارجية يوم الخميس سفير الدولة المجاورة وأكد عمق العلاقات التاريخية بين البلدين والشعبين.",
		"لم يتم تزويد أي طرف من أطراف النزاع بالأسلحة، ولن يتم ذلك ما دامت المحادثات مستمرة.",
		"خصصت الحكومة # مليون دينار لإعادة إعمار المدارس والمستشفيات ومحطات المياه في المحافظات المتضررة.",
		"اتفق الوفدان على أن يكون وقف إطلاق النار شاملا وغير مشروط وقابلا للتحقق.",
		"وردا على سؤال أحد الصحفيين قال المتحدث الرسمي إن هذه الادعاءات لا أساس لها من الصحة.",
		"سيستعرض المجلس تنفيذ القرار رقم # في دورته العادية المقبلة.",
		"تدين الوزارة بأشد العبارات الهجوم على القافلة الإنسانية وتدعو إلى تحقيق مستقل وشفاف.",
		"تنطبق العقوبات على # من الأفراد والكيانات المدرجة أسماؤهم في ملحق هذا البيان.",
	},
	"fa": {
		"وزیر امور خارجه روز پنجشنبه سفیر کشور همسایه را به حضور پذیرفت و بر روابط دیرینه دو ملت تأکید کرد.",
		"جمهوری اسلامی هیچ سلاحی در اختیار هیچ یک از طرف\u200cهای درگیر قرار نداده و نخواهد داد.",
		"دولت مبلغ # میلیارد ریال برای بازسازی مدارس و بیمارستان\u200cهای استان\u200cهای آسیب\u200cدیده اختصاص داد.",
		"دو طرف توافق کردند که کارگروه مشترکی در زمینه امنیت انرژی و حمل و نقل تشکیل شود.",
		"سخنگوی وزارت امور خارجه در پاسخ به پرسش خبرنگاران این ادعاها را بی\u200cاساس خواند.",
		"شورا اجرای قطعنامه # را در نشست عادی بعدی خود بررسی خواهد کرد.",
	},
	"zh": {
		"外交部发言人在例行记者会上表示，中方一贯主张通过对话和谈判解决争端，反对单边制裁。",
		"双方一致同意成立联合工作组，就能源安全、交通走廊和跨境基础设施开展合作。",
		"政府已拨款#万元，用于受灾地区学校、医院和供水设施的重建工作。",
		"我们对袭击人道主义车队的行为表示强烈谴责，呼吁进行独立、公正的调查。",
		"中方从未向冲突任何一方提供武器，今后也不会这样做。",
		"理事会将在下届例会上审议第#号决议的执行情况。",
		"两国央行将根据谅解备忘录交换有关假币和结算系统的信息。",
		"外交部提醒中国公民近期暂勿前往边境地区，已在当地的人员应加强安全防范。",
	},
}

var headings = map[string][]string{
	"en": {"Bilateral relations", "Humanitarian situation", "Economic measures", "Next steps", "Statement of the spokesperson", "Security of navigation"},
	"de": {"Beziehungen zu den Nachbarstaaten", "Humanitäre Lage", "Wirtschaftliche Maßnahmen"}, "fr": {"Relations bilatérales", "Situation humanitaire", "Mesures économiques"},
	"ru": {"Двусторонние отношения", "Гуманитарная обстановка", "Экономические меры"}, "ar": {"العلاقات الثنائية", "الوضع الإنساني", "التدابير الاقتصادية"},
	"fa": {"روابط دوجانبه", "وضعیت انسانی", "اقدامات اقتصادی"}, "zh": {"双边关系", "人道主义局势", "经济措施"},
}

var titles = map[string]string{
	"en": "Joint communiqué on the outcome of the consultations", "de": "Gemeinsame Erklärung zu den Ergebnissen der Konsultationen", "fr": "Communiqué conjoint sur les résultats des consultations",
	"ru": "Совместное заявление по итогам консультаций", "ar": "البيان المشترك بشأن نتائج المشاورات", "fa": "بیانیه مشترک درباره نتایج رایزنی\u200cها", "zh": "关于磋商结果的联合公报",
}

// writer makes the text of one document, always the same for the same number.
type writer struct {
	*rand.Rand
	lang string
	soft bool // with soft hyphens
}

func (w *writer) sentence() string {
	bank := sentences[w.lang]
	s := strings.ReplaceAll(bank[w.IntN(len(bank))], "#", fmt.Sprint(2+w.IntN(970)))
	if w.soft {
		s = hyphenated(s)
	}
	return s
}

func (w *writer) paragraph(n int) string {
	all := make([]string, n)
	for i := range all {
		for {
			if all[i] = w.sentence(); i == 0 || all[i] != all[i-1] {
				break
			}
		}
	}
	if w.lang == "zh" {
		return strings.Join(all, "")
	}
	return strings.Join(all, " ")
}

// hyphenated puts soft hyphens where a vowel, consonants and a vowel meet.
func hyphenated(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		r := []rune(word)
		var b strings.Builder
		for j, c := range r {
			if j >= 3 && j < len(r)-3 && vowel(r[j-2]) && !vowel(r[j-1]) && !vowel(c) && vowel(r[j+1]) {
				b.WriteRune('\u00ad')
			}
			b.WriteRune(c)
		}
		words[i] = b.String()
	}
	return strings.Join(words, " ")
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouyäöüéèаеиоуыэюяё", r) }
