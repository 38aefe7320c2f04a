package diff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/nlp/language"
	"volteface/internal/statement"
)

// tongue is what the rules know of a language besides English: how it says that something will, may, must or should be, is
// planned or weighed, and how it takes a flat statement back a little. These are closed classes of words, which grammars list. A
// judge reads over both: a promise and its fulfilment, a denial and a denial "so far", follow from each other as it reads.
type tongue struct {
	modals, hedges map[string]string // what they mean, by phrase; "-x" ends a word
	spaced         bool              // words have spaces between them
}

// tongueOf is the tongue of a text, nil if nothing is known of it.
func tongueOf(code, text string) *tongue {
	code, _, _ = strings.Cut(strings.ToLower(code), "-")
	if code == "" {
		code = language.Identify(text).Code
	}
	return tongues[code]
}

// marked tells whether a sentence says otherwise whether a thing is done, intended or possible, or
// how far it holds: nil if not.
func (e *Edit) marked(ch *change, t *tongue, substantive func(statement.EditKind, string, string) finding) (found []finding) {
	if t == nil || len(ch.gone)+len(ch.come) > 2*maxMarked {
		return nil
	}
	s := e.sentencesOf(ch)
	was, is := strings.ToLower(letterSpaced(s.before)), strings.ToLower(letterSpaced(s.after))
	differ := func(phrases map[string]string) bool {
		a, b := unshared(t.senses(phrases, was), t.senses(phrases, is))
		return len(a)+len(b) > 0
	}
	if differ(t.hedges) {
		found = append(found, substantive(statement.KindHedge, "tongue", "how long, how far or how surely it holds"))
	}
	if differ(t.modals) {
		found = append(found, substantive(statement.KindModality, "tongue", "done, doing or intended"))
	}
	return found
}

// maxMarked is how many words of a side may differ where a word of grammar is taken for what changed.
const maxMarked = 12

// senses are the meanings of the phrases in a text, one for each time it is there.
func (t *tongue) senses(phrases map[string]string, text string) (list []string) {
	if !t.spaced {
		for phrase, sense := range phrases {
			for range strings.Count(text, phrase) {
				list = append(list, sense)
			}
		}
		return list
	}
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '\'' && r != '\u200c'
	})
	for i, w := range words {
		phrase := ""
		for n := 0; n < longestHedge && i+n < len(words); n++ {
			phrase = strings.TrimSpace(phrase + " " + words[i+n])
			if sense, is := phrases[phrase]; is {
				list = append(list, sense)
			}
		}
		if n := utf8.RuneCountInString(w); n >= 6 {
			for affix, sense := range phrases {
				if rest, is := strings.CutPrefix(affix, "-"); is && strings.HasSuffix(w, rest) {
					list = append(list, sense)
					break
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// tongues are those that the judge was taught, English apart, by ISO 639-1. A group of phrases ends with "|"; those of a group
// mean the same. Of modals the groups are will, may, must, should, plan, weigh; of hedges now, known, view, partly.
var tongues = func() map[string]*tongue {
	all := map[string]*tongue{}
	for code, t := range map[string][2]string{
		"ar": {"سوف|قد,ربما,يمكن,يحتمل,من الممكن,من المحتمل|يجب,يتعين,لا بد|ينبغي|تعتزم,يعتزم,تخطط,يخطط,تنوي,ينوي|تدرس,يدرس,تبحث,يبحث",
			"حاليا,حالياً,في الوقت الراهن,في الوقت الحالي,حتى الآن,في هذه المرحلة,الآن|بحسب علمنا,حسب علمنا,وفق المعلومات المتاحة,على حد علمنا|في رأينا,يبدو,على ما يبدو|إلى حد ما,جزئيا,من حيث المبدأ,بشكل عام"},
		"de": {"wird,werden|kann,können,könnte,könnten,darf,dürfen,möglicherweise,vielleicht|muss,müssen|soll,sollen,sollte,sollten|plant,planen,beabsichtigt,beabsichtigen,will,wollen|prüft,prüfen,erwägt,erwägen",
			"derzeit,zurzeit,zur zeit,gegenwärtig,momentan,im moment,aktuell,bislang,bisher,vorerst,einstweilen,nach derzeitigem stand,zum jetzigen zeitpunkt|nach unserer kenntnis,soweit wir wissen,soweit bekannt,unseres wissens,nach unseren informationen|unserer ansicht nach,unseres erachtens,offenbar,anscheinend,vermutlich,wahrscheinlich,wohl|teilweise,grundsätzlich,im wesentlichen,weitgehend,im prinzip"},
		"es": {"-aremos,-eremos,-iremos|puede,pueden,podría,podrían,podrá,podrán,quizá,quizás,tal vez,posiblemente|debe,deben,tiene que,tienen que,deberá,deberán|debería,deberían|planea,planean,prevé,prevén,tiene previsto,tienen previsto|estudia,estudian,baraja,considera,valora,evalúa",
			"por ahora,por el momento,de momento,actualmente,en este momento,hasta ahora,hasta la fecha,a día de hoy,en la actualidad|que sepamos,según nuestra información,hasta donde sabemos|a nuestro juicio,al parecer,aparentemente,probablemente,presuntamente|en parte,parcialmente,en principio,en general"},
		"fa": {"خواهد,خواهند,خواهیم,خواهم|ممکن است,شاید,احتمالا,میتواند,میتوانند,می تواند,می توانند,احتمال دارد|باید|بهتر است|قصد دارد,قصد دارند,در نظر دارد,برنامه دارد|بررسی میکند,بررسی می کند,در دست بررسی",
			"در حال حاضر,فعلا,تاکنون,تا کنون,در این مرحله,هماکنون,اکنون,تا این لحظه|تا جایی که میدانیم,تا جایی که می دانیم,بر اساس اطلاعات موجود,تا آنجا که میدانیم|به نظر ما,به نظر میرسد,به نظر می رسد,ظاهرا|تا حدی,اصولا,به طور کلی"},
		"fr": {"va,vont|peut,peuvent,pourrait,pourraient,pourra,pourront,peut-être,peut être,éventuellement,possiblement|doit,doivent,devra,devront|devrait,devraient|prévoit,prévoient,envisage,envisagent,compte,comptent|examine,examinent,étudie,étudient",
			"à ce stade,pour l'instant,pour le moment,actuellement,en ce moment,à l'heure actuelle,jusqu'à présent,à ce jour,aujourd'hui|à notre connaissance,selon nos informations,autant que nous sachions|à notre avis,selon nous,apparemment,semble t il,probablement,sans doute,aurait,auraient,serait,seraient,n'aurait,n'auraient,ne serait|en partie,partiellement,en principe,en général,dans une certaine mesure"},
		"he": {"עתיד,עתידה,עתידים|עשוי,עשויה,עשויים,ייתכן,אולי,יכול,יכולה,יכולים|חייב,חייבת,חייבים|צריך,צריכה,צריכים|מתכננת,מתכנן,מתכוון,מתכוונת|שוקל,שוקלת,בוחן,בוחנת", "כרגע,כעת,לעת עתה,בשלב זה,עד כה,נכון לעכשיו,בינתיים|למיטב ידיעתנו,ככל הידוע לנו,ככל הידוע|לדעתנו,כנראה,לכאורה|חלקית,באופן עקרוני,במידה מסוימת"},
		"hi": {"-एगा,-एगी,-एंगे,करेगा,करेगी,करेंगे,होगा,होगी,होंगे|सकता,सकती,सकते,शायद,संभवतः|पड़ेगा|चाहिए|योजना|विचार", "फिलहाल,फ़िलहाल,अभी,वर्तमान में,अब तक,इस समय|जहां तक हमें पता है,हमारी जानकारी में,हमारी जानकारी के अनुसार|हमारे विचार में,ऐसा लगता है|आंशिक रूप से,सिद्धांत रूप में"},
		"id": {"akan,bakal|dapat,bisa,mungkin|harus,wajib|sebaiknya,seharusnya|berencana,bermaksud|mempertimbangkan,mengkaji", "saat ini,untuk saat ini,sejauh ini,sampai saat ini,hingga kini,sementara ini,untuk sementara|sepengetahuan kami,setahu kami|menurut kami,tampaknya,diduga|sebagian,pada prinsipnya,pada umumnya"},
		"it": {"-eremo,-iremo|può,possono,potrebbe,potrebbero,potrà,potranno,forse,eventualmente|deve,devono,dovrà,dovranno|dovrebbe,dovrebbero|prevede,prevedono,intende,intendono|valuta,valutano,esamina,esaminano,sta valutando",
			"al momento,per ora,per il momento,attualmente,finora,ad oggi,in questa fase,allo stato|per quanto ci risulta,a quanto ci risulta,per quanto ne sappiamo,a nostra conoscenza|a nostro avviso,a quanto pare,probabilmente,sembra,apparentemente|in parte,parzialmente,in linea di principio,in generale"},
		"ja": {"でしょう|可能性,かもしれ,得る|なければならない,必要がある|べき|予定,計画,方針|検討", "現時点,現在,今のところ,当面,これまで|承知している限り,把握している限り,知る限り|と思われ,とみられ,と考え|一部,原則,基本的"},
		"ko": {"것이다,예정|가능성,수도 있|해야|바람직|계획|검토", "현재,현재로서는,지금까지,당분간,현 단계|아는 한,파악한 바로는|보인다,추정|일부,원칙적으로"},
		"nl": {"zal,zullen|kan,kunnen,zou,zouden,mogelijk,misschien|moet,moeten|zou moeten,behoort|wil,willen,is van plan|overweegt,overwegen,onderzoekt", "op dit moment,momenteel,vooralsnog,voorlopig,tot nu toe,thans,vooreerst|voor zover wij weten,voor zover bekend,naar ons weten|naar onze mening,kennelijk,waarschijnlijk,vermoedelijk|deels,gedeeltelijk,in beginsel,in principe"},
		"pl": {"będzie,będą,będziemy|może,mogą,mógłby,mogłaby,mogłoby,mogliby,być może|musi,muszą|powinien,powinna,powinno,powinny|planuje,planują,zamierza,zamierzają|rozważa,rozważają,rozważy,rozważą", "obecnie,na razie,dotychczas,dotąd,w tej chwili,na tym etapie,jak dotąd,na chwilę obecną|o ile nam wiadomo,według naszej wiedzy,z tego co wiemy|naszym zdaniem,prawdopodobnie,najwyraźniej,rzekomo|częściowo,co do zasady,zasadniczo,w pewnym stopniu"},
		"pt": {"vai,vão|pode,podem,poderia,poderiam,poderá,poderão,talvez,possivelmente|deve,devem,deverá,deverão,tem de,têm de|deveria,deveriam|planeia,planeja,prevê,pretende,pretendem|estuda,estudam,avalia,avaliam,considera", "por enquanto,por agora,de momento,no momento,atualmente,até agora,até ao momento,até o momento,neste momento,nesta fase|que saibamos,tanto quanto sabemos,segundo as nossas informações|na nossa opinião,aparentemente,provavelmente,alegadamente|em parte,parcialmente,em princípio,em geral"},
		"ru": {"будет,будут,будем|может,могут,возможно,вероятно,мог бы,могла бы,могли бы|должен,должна,должно,должны,обязан,обязана,обязаны|следует,следовало бы|планирует,планируют,намерен,намерена,намерены,собирается,собираются|рассматривает,рассматривают,изучает,изучают,рассмотрит",
			"в настоящее время,на данный момент,сейчас,пока,пока что,на сегодняшний день,на данном этапе,до сих пор,в данный момент,в настоящий момент,на текущий момент|насколько нам известно,насколько известно,по имеющимся данным,по нашим данным,по нашей информации|на наш взгляд,по нашему мнению,похоже,видимо,по видимому,якобы,предположительно|частично,отчасти,в принципе,в целом,в основном"},
		"tr": {"-ecek,-acak,-ecekler,-acaklar,-eceğiz,-acağız|-ebilir,-abilir,belki,muhtemelen|-meli,-malı,zorunda,gerekiyor|gerekir|planlıyor,planlıyoruz,planlamaktadır,niyetinde,hedefliyor|değerlendiriyor,inceliyor", "şu anda,şu aşamada,şimdilik,halihazırda,bugüne kadar,şu ana kadar,bu aşamada,henüz|bildiğimiz kadarıyla,bilgimiz dahilinde|bize göre,görünüşe göre,iddiaya göre|kısmen,prensip olarak,ilke olarak,genel olarak"},
		"uk": {"буде,будуть,будемо|може,можуть,можливо,ймовірно,міг би,могла б,могли б|мусить,мусять,повинен,повинна,повинні,зобов'язаний,зобов'язана,зобов'язані|слід,варто|планує,планують,має намір,мають намір,збирається,збираються|розглядає,розглядають,вивчає,вивчають,розгляне",
			"наразі,на цей час,зараз,поки,поки що,на даний момент,на сьогодні,на цьому етапі,досі,нині,на цей момент|наскільки нам відомо,наскільки відомо,за наявними даними,за нашими даними,за нашою інформацією|на нашу думку,схоже,очевидно,нібито,імовірно|частково,у принципі,в принципі,загалом,переважно"},
		"zh": {"将,會,会|可能,或许|必须|应该,应当,应|计划,拟,打算|考虑,研究", "目前,现阶段,暂时,迄今,到目前为止,暂|据我所知,据我们了解,据中方了解,据了解|我们认为,似乎|部分,原则上,基本上"},
	} {
		all[code] = &tongue{sensed(t[0]), sensed(t[1]), code != "zh" && code != "ja" && code != "ko"}
	}
	return all
}()

// sensed gives each phrase the number of its group, folded as texts are compared.
func sensed(list string) map[string]string {
	out := map[string]string{}
	for i, group := range strings.Split(list, "|") {
		for phrase := range strings.SplitSeq(group, ",") {
			affix := strings.HasPrefix(phrase, "-")
			phrase = strings.ToLower(fold(phrase))
			if !affix {
				phrase = strings.ToLower(letterSpaced(phrase))
			}
			out[phrase] = string(rune('a' + i))
		}
	}
	return out
}
