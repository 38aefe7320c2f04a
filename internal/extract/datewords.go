package extract

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// sense is what a word of a date means.
type sense struct {
	kind  wordKind
	value int      // of a month, a day of the week, a number of years, minutes east of UTC
	cal   calendar // of a month or an era
	from  int      // first and last year of a Japanese era
	to    int
}

type wordKind uint8

const (
	filler   wordKind = iota // says nothing: the, of, год
	aMonth                   // value 1 to 12 (13)
	aWeekday                 // value 0 is Sunday
	anEra                    // names a calendar or a count of years
	aPart                    // the number before it is a year, a month, …
	nextPart                 // the number behind it is
	morning
	afternoon
	aZone
)

// Parts of a date and time, values of aPart and nextPart.
const (
	yearPart = iota + 1
	monthPart
	dayPart
	hourPart
	minutePart
	secondPart
)

// dateWords are the words of dates by their folded form.
type dateWords struct {
	words   map[string]sense
	longest int // in bytes
}

// dotless are the marks that date words are compared without: vowel signs of
// Arabic and Hebrew, tatweel, the dot that İ leaves in lower case, marks of
// direction.
func dotless(r rune) bool {
	return r >= 0x591 && r <= 0x5c7 && r != 0x5be || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 'ـ' || r == 0x307 || r == 0x200d || r == 0xad || unicode.Is(unicode.Bidi_Control, r)
}

// foldDate is the form in which dates are read: small letters, the digits 0 to 9
// whatever the script, one letter for the several that Arabic and Persian type,
// one space for any white space. What is raised is the mark of a note.
func foldDate(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r) {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(norm.NFKC.String(s)) {
		value, isDigit := statement.Digit(r)
		switch {
		case dotless(r):
			continue
		case unicode.IsSpace(r), r == 0x200c: // a non-joiner divides what some write apart
			space = b.Len() > 0
			continue
		case isDigit:
			r = '0' + rune(value)
		}
		switch r {
		case 'أ', 'إ', 'آ', 'ٱ':
			r = 'ا'
		case 'ى', 'ي', 'ئ', 'ې', 'ێ':
			r = 'ی'
		case 'ك':
			r = 'ک'
		case 'ة', 'ۀ', 'ە', 'ہ', 'ھ':
			r = 'ه'
		case 'ؤ':
			r = 'و'
		case '،', '、', '٫':
			r = ','
		case '−', '‐', '‑', '–', '—', '־':
			r = '-'
		case '⁄', '∕':
			r = '/'
		case '॰': // of an abbreviation in Devanagari
			r = '.'
		case 'ё':
			r = 'е'
		case '\'', '’', '‘', 'ʼ', 'ʿ', 'ʻ', '׳', '״', '"', '“', '”', '″', '′', 'ء':
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func newDateWords(lists []wordList) *dateWords {
	d := &dateWords{words: map[string]sense{}}
	for _, l := range lists {
		value := l.first
		for group := range strings.SplitSeq(l.words, ";") {
			for w := range strings.SplitSeq(group, ",") {
				s := l.sense
				s.value += value
				d.add(w, s)
			}
			if l.counted {
				value++
			}
		}
	}
	return d
}

// add enters a word; of the same words the first stays.
func (d *dateWords) add(word string, s sense) {
	word = foldDate(strings.TrimSpace(word))
	if word == "" {
		return
	}
	for _, w := range []string{word, strings.ReplaceAll(word, " ", "")} {
		if _, taken := d.words[w]; !taken {
			d.words[w] = s
			d.longest = max(d.longest, len(w))
		}
	}
}

// match finds the longest word that a text begins with. Where words are divided
// by spaces, it must end there.
func (d *dateWords) match(s string) (sense, string, bool) {
	for end := min(len(s), d.longest); end > 0; end-- {
		if end < len(s) && !utf8.RuneStart(s[end]) {
			continue
		}
		found, ok := d.words[s[:end]]
		if !ok {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(s[:end])
		next, _ := utf8.DecodeRuneInString(s[end:])
		if unicode.IsMark(next) || (unicode.IsLetter(last) || unicode.IsMark(last)) && unicode.IsLetter(next) && !unspaced(last) {
			continue
		}
		return found, s[end:], true
	}
	return sense{}, s, false
}

// unspaced tells the letters of scripts in which words of a date stand without a
// space between.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// wordList is a list of words of one kind. Groups with counted values are divided
// by ";", words of the same sense by ",".
type wordList struct {
	sense
	counted bool
	first   int
	words   string
}

func monthList(cal calendar, words string) wordList {
	return wordList{sense: sense{kind: aMonth, cal: cal}, counted: true, first: 1, words: words}
}

func dayList(words string) wordList { // from Sunday
	return wordList{sense: sense{kind: aWeekday}, counted: true, words: words}
}

func plainList(kind wordKind, value int, words string) wordList {
	return wordList{sense: sense{kind: kind, value: value}, words: words}
}

func eraList(cal calendar, years, from, to int, words string) wordList {
	return wordList{sense: sense{kind: anEra, cal: cal, value: years, from: from, to: to}, words: words}
}

// everywhere are the words that no language's own contradict: those of scripts
// that few languages share, and English, which pages of all languages use.
var everywhere = sync.OnceValue(func() *dateWords {
	d := newDateWords([]wordList{
		// Arabic: as in Egypt and the Gulf, as in the Levant, as in the Maghreb.
		monthList(gregorian, "يناير,كانون الثاني,جانفي;فبراير,شباط,فيفري;مارس,آذار;أبريل,إبريل,نيسان,أفريل;مايو,أيار,ماي;يونيو,يونيه,حزيران,جوان;"+
			"يوليو,يوليه,تموز,يوليوز,جويلية;أغسطس,آب,غشت,أوت;سبتمبر,أيلول,شتنبر;أكتوبر,تشرين الأول;نوفمبر,تشرين الثاني,نونبر;ديسمبر,كانون الأول,دجنبر"),
		dayList("الأحد,أحد;الاثنين,الإثنين,اثنين;الثلاثاء,ثلاثاء;الأربعاء,أربعاء;الخميس,خميس;الجمعة,جمعة;السبت,سبت"),
		monthList(lunar, "محرم,محرم الحرام,المحرم;صفر,صفر المظفر;ربيع الأول,ربیع\u200cالاول;ربيع الآخر,ربيع الثاني;جمادى الأولى,جمادی الاول,جمادی الاولی,جمادي الأولى;"+
			"جمادى الآخرة,جمادى الثانية,جمادی الثانی,جمادی الاخر,جمادی الآخر,جمادى الآخر;رجب,رجب المرجب;شعبان,شعبان المعظم;رمضان,رمضان المبارك;شوال,شوال المكرم;"+
			"ذو القعدة,ذي القعدة,ذوالقعدة,ذیقعده,ذیقعدة الحرام,ذی القعده,ذوالقعده;ذو الحجة,ذي الحجة,ذوالحجة,ذیحجه,ذی الحجه,ذوالحجه"),
		plainList(morning, 0, "ص,صباحا,صباحاً,قبل الظهر,ق.ظ,ق.ظ.,قبل از ظهر,صبح,بامداد"),
		plainList(afternoon, 0, "مساء,مساءً,بعد الظهر,ب.ظ,ب.ظ.,بعد از ظهر,عصر"),
		plainList(filler, 0, "من,في,الموافق,الموافق لـ,الموافق ل,المصادف,يوم,عام,سنة,شهر,الساعة,بتاريخ,توقيت,بتوقيت,ساعت,روز,مورخ,تاریخ,سال,ماه,برابر با,مصادف با,مطابق با,مطابق,برابر,بوقت,کے,کو"),
		// Persian: the months of Iran, of Afghanistan in Dari and Pashto; Gregorian names in both countries; Urdu.
		monthList(jalali, "فروردین,حمل,وری;اردیبهشت,ثور,غویی;خرداد,جوزا,غبرګولی;تیر,سرطان,چنګاښ;مرداد,امرداد,اسد,زمری;شهریور,سنبله,وږی;مهر,میزان,تله;آبان,عقرب,لړم;"+
			"آذر,قوس,لیندۍ;دی,جدی,مرغومی;بهمن,دلو,سلواغه;اسفند,حوت,کب"),
		monthList(jalali, "فروردینماه;اردیبهشتماه;خردادماه;تیرماه;مردادماه;شهریورماه;مهرماه;آبانماه;آذرماه;دیماه;بهمنماه;اسفندماه"),
		monthList(gregorian, "ژانویه,جنوری;فوریه,فبروری,فروری;مارس,مارچ;آوریل,اپریل;مه,می,مئی,مئ;ژوئن,جون;ژوئیه,جولای,جولائی;اوت,اگست,آگوست,آگست;سپتامبر,سپتمبر,ستمبر;"+
			"اکتبر,اکتوبر;نوامبر,نومبر;دسامبر,دسمبر"),
		dayList("یکشنبه,یک\u200cشنبه,اتوار;دوشنبه,پیر;سه\u200cشنبه,منگل;چهارشنبه,بدھ;پنجشنبه,پنج\u200cشنبه,جمعرات;جمعه,آدینه;شنبه,ہفتہ"),
		// Sorani Kurdish
		monthList(gregorian, "کانوونی دووەم;شوبات;ئازار;نیسان;ئایار;حوزەیران;تەممووز;ئاب;ئەیلوول;تشرینی یەکەم;تشرینی دووەم;کانوونی یەکەم"),
		// Hebrew, also with the prefix "in".
		monthList(gregorian, "ינואר,בינואר;פברואר,בפברואר;מרץ,במרץ,מרס,במרס;אפריל,באפריל;מאי,במאי;יוני,ביוני;יולי,ביולי;אוגוסט,באוגוסט;ספטמבר,בספטמבר;אוקטובר,באוקטובר;נובמבר,בנובמבר;דצמבר,בדצמבר"),
		monthList(hebrew, "ניסן,בניסן;אייר,באייר;סיון,סיוון,בסיון,בסיוון;תמוז,בתמוז;אב,באב,מנחם אב;אלול,באלול;תשרי,בתשרי;חשון,חשוון,בחשון,בחשוון,מרחשוון,במרחשוון;כסלו,בכסלו;"+
			"טבת,בטבת;שבט,בשבט;אדר,באדר,אדר א,באדר א;אדר ב,באדר ב"),
		dayList("יום ראשון,ראשון,יום א;יום שני,שני,יום ב;יום שלישי,שלישי,יום ג;יום רביעי,רביעי,יום ד;יום חמישי,חמישי,יום ה;יום שישי,שישי,יום ו;יום שבת,שבת,מוצאי שבת"),
		plainList(filler, 0, "בשעה,שעה,יום,בתאריך"),
		// Hindi, Nepali (names that are Gregorian), Bengali, Tamil
		monthList(gregorian, "जनवरी,जन;फ़रवरी,फरवरी,फेब्रुअरी,फेब्रुवारी;मार्च;अप्रैल,अप्रिल,एप्रिल;मई,मे;जून,जुन;जुलाई,जुलै;अगस्त,अगस्ट,ऑगस्ट;सितंबर,सितम्बर,सेप्टेम्बर,सप्टेंबर;अक्टूबर,अक्तूबर,अक्टोबर,ऑक्टोबर;नवंबर,नवम्बर,नोभेम्बर,नोव्हेंबर;दिसंबर,दिसम्बर,डिसेम्बर,डिसेंबर"),
		dayList("रविवार,इतवार,आइतबार;सोमवार,सोमबार;मंगलवार,मंगलबार;बुधवार,बुधबार;गुरुवार,गुरूवार,बृहस्पतिवार,वीरवार,बिहिबार;शुक्रवार,शुक्रबार;शनिवार,शनिबार"),
		plainList(filler, 0, "को,बजे,दिनांक,दिन,ई.,ईस्वी,सन्,तारीख,तारीख़"),
		plainList(morning, 0, "पूर्वाह्न,सुबह"), plainList(afternoon, 0, "अपराह्न,शाम"),
		monthList(gregorian, "জানুয়ারি,জানুয়ারী;ফেব্রুয়ারি,ফেব্রুয়ারী;মার্চ;এপ্রিল;মে;জুন;জুলাই;আগস্ট;সেপ্টেম্বর;অক্টোবর;নভেম্বর;ডিসেম্বর"),
		dayList("রবিবার;সোমবার;মঙ্গলবার;বুধবার;বৃহস্পতিবার;শুক্রবার;শনিবার"),
		monthList(gregorian, "ஜனவரி;பிப்ரவரி;மார்ச்;ஏப்ரல்;மே;ஜூன்;ஜூலை;ஆகஸ்ட்;செப்டம்பர்;அக்டோபர்;நவம்பர்;டிசம்பர்"),
		// Thai, Lao, Khmer
		monthList(gregorian, "มกราคม,ม.ค.,ม.ค;กุมภาพันธ์,ก.พ.,ก.พ;มีนาคม,มี.ค.,มี.ค;เมษายน,เม.ย.,เม.ย;พฤษภาคม,พ.ค.,พ.ค;มิถุนายน,มิ.ย.,มิ.ย;กรกฎาคม,ก.ค.,ก.ค;สิงหาคม,ส.ค.,ส.ค;"+
			"กันยายน,ก.ย.,ก.ย;ตุลาคม,ต.ค.,ต.ค;พฤศจิกายน,พ.ย.,พ.ย;ธันวาคม,ธ.ค.,ธ.ค"),
		dayList("อาทิตย์,อา.;จันทร์,จ.;อังคาร,อ.;พุธ,พ.;พฤหัสบดี,พฤหัส,พฤ.;ศุกร์,ศ.;เสาร์,ส."),
		plainList(filler, 0, "วันที่,วัน,ที่,เดือน,เวลา,น.,นาฬิกา,เมื่อ"),
		monthList(gregorian, "ມັງກອນ;ກຸມພາ;ມີນາ;ເມສາ;ພຶດສະພາ;ມິຖຸນາ;ກໍລະກົດ;ສິງຫາ;ກັນຍາ;ຕຸລາ;ພະຈິກ;ທັນວາ"),
		plainList(filler, 0, "ວັນທີ,ທີ,ເດືອນ,ປີ"),
		monthList(gregorian, "មករា;កុម្ភៈ;មីនា;មេសា;ឧសភា;មិថុនា;កក្កដា;សីហា;កញ្ញា;តុលា;វិច្ឆិកា;ធ្នូ"),
		plainList(filler, 0, "ថ្ងៃទី,ថ្ងៃ,ខែ,ឆ្នាំ,នៅម៉ោង,ម៉ោង"),
		// Chinese, Japanese, Korean
		plainList(aPart, yearPart, "年,년"), plainList(aPart, monthPart, "月,월"), plainList(aPart, dayPart, "日,일,号,號"),
		plainList(aPart, hourPart, "时,時,시,點,点"), plainList(aPart, minutePart, "分,분"), plainList(aPart, secondPart, "秒,초"),
		dayList("日曜日,星期日,星期天,周日,週日,禮拜日,일요일,(日),(日・祝),(일);月曜日,星期一,周一,週一,월요일,(月),(月・祝),(一),(월);火曜日,星期二,周二,週二,화요일,(火),(火・祝),(二),(화);水曜日,星期三,周三,週三,수요일,(水),(水・祝),(三),(수);" +
			"木曜日,星期四,周四,週四,목요일,(木),(木・祝),(四),(목);金曜日,星期五,周五,週五,금요일,(金),(金・祝),(五),(금);土曜日,星期六,周六,週六,토요일,(土),(土・祝),(六),(토)"),
		plainList(morning, 0, "上午,午前,오전,凌晨,早上"), plainList(afternoon, 0, "下午,午後,오후,晚上"),
		plainList(filler, 0, "発表,曜"),
		// Georgian, Armenian
		monthList(gregorian, "იანვარი,იანვარს,იანვრის;თებერვალი,თებერვალს,თებერვლის;მარტი,მარტს,მარტის;აპრილი,აპრილს,აპრილის;მაისი,მაისს,მაისის;ივნისი,ივნისს,ივნისის;ივლისი,ივლისს,ივლისის;"+
			"აგვისტო,აგვისტოს;სექტემბერი,სექტემბერს,სექტემბრის;ოქტომბერი,ოქტომბერს,ოქტომბრის;ნოემბერი,ნოემბერს,ნოემბრის;დეკემბერი,დეკემბერს,დეკემბრის"),
		monthList(gregorian, "հունվար,հունվարի;փետրվար,փետրվարի;մարտ,մարտի;ապրիլ,ապրիլի;մայիս,մայիսի;հունիս,հունիսի;հուլիս,հուլիսի;օգոստոս,օգոստոսի;սեպտեմբեր,սեպտեմբերի;"+
			"հոկտեմբեր,հոկտեմբերի;նոյեմբեր,նոյեմբերի;դեկտեմբեր,դեկտեմբերի"),
		plainList(filler, 0, "წელი,წლის,თ.,թ.,թվական"),
		// Counts of years
		eraList(gregorian, -543, 0, 0, "พ.ศ.,พ.ศ,พุทธศักราช,พศ,ພ.ສ.,ព.ស."), eraList(gregorian, 0, 0, 0, "ค.ศ.,ค.ศ,คริสต์ศักราช,ຄ.ສ.,គ.ស."),
		eraList(lunar, 0, 0, 0, "ฮ.ศ.,ه.ق,ه. ق,ه.ق.,ه ق,هجری قمری,قمری,للهجرة,هجرية,ق"),
		eraList(jalali, 0, 0, 0, "ه.ش,ه. ش,ه.ش.,ه ش,هجری شمسی,هجري شمسي,هجری خورشیدی,شمسی,خورشیدی,ش,لمریز,ap,a.p."),
		eraList(unsaid, 0, 0, 0, "ه,ه.,هجری,هجري,ھ"), // lunar but in Iran and Afghanistan
		eraList(gregorian, 0, 0, 0, "میلادی,ميلادي,ميلادية,للميلاد,عیسوی,公元,西元,西暦,서기"),
		eraList(gregorian, 0, -1, 0, "م"), // of the Gregorian count, and "p.m." behind a time
		eraList(gregorian, 1911, 0, 0, "民國,民国,中華民國,中华民国,주체"),
		eraList(gregorian, 2018, 2019, lastYear, "令和"), eraList(gregorian, 1988, 1989, 2019, "平成"), eraList(gregorian, 1925, 1926, 1989, "昭和"),
		eraList(gregorian, 1911, 1912, 1926, "大正"), eraList(gregorian, 1867, 1868, 1912, "明治"),
		plainList(filler, 0, dateLabels),
		// English, and the names of other calendars' months in it
		plainList(morning, 0, "am,a.m.,a.m,a. m."), plainList(afternoon, 0, "pm,p.m.,p.m,p. m."),
		plainList(filler, 0, "at,on,of,the,t,hrs,hours,h,corresponding to"),
		monthList(lunar, "muharram;safar;rabi al-awwal,rabi al-awal,rabi i,rabi1;rabi al-thani,rabi al-akhir,rabi ii,rabi2;jumada al-awwal,jumada al-ula,jumada i,jumada al-awla,jumada1;"+
			"jumada al-thani,jumada al-akhirah,jumada al-akhira,jumada ii,jumada2;rajab;shaban;ramadan;shawwal;dhu al-qadah,dhul qadah,dhul-qadah,dhu al-qidah,dhul-qidah;dhu al-hijjah,dhul hijjah,dhul-hijjah"),
		monthList(jalali, "farvardin;ordibehesht;khordad;tir;mordad;shahrivar;mehr;aban;azar;dey;bahman;esfand"),
		eraList(lunar, 0, 0, 0, "ah,a.h.,hijri"), eraList(gregorian, 0, 0, 0, "ad,a.d.,ce"), eraList(gregorian, 1911, 0, 0, "juche"),
	})
	for m := time.January; m <= time.December; m++ {
		d.add(m.String(), sense{kind: aMonth, value: int(m), cal: gregorian})
		d.add(m.String()[:3], sense{kind: aMonth, value: int(m), cal: gregorian})
	}
	d.add("sept", sense{kind: aMonth, value: 9, cal: gregorian})
	for w := time.Sunday; w <= time.Saturday; w++ {
		name := w.String()
		for n := 3; n <= 5; n++ {
			d.add(name[:n], sense{kind: aWeekday, value: int(w)})
		}
		d.add(name, sense{kind: aWeekday, value: int(w)})
	}
	return d
})

// ofLanguage are words of languages, beside those of the Unicode CLDR (datenames.go). They count only in their own language: "mart"
// and "mar" are not March everywhere.
var ofLanguage = map[string][]wordList{
	"vi": {
		plainList(nextPart, monthPart, "tháng,thg,th"), plainList(nextPart, yearPart, "năm"), plainList(filler, 0, "ngày,lúc,thứ hai,thứ ba,thứ tư,thứ năm,thứ sáu,thứ bảy,chủ nhật,giờ"),
		plainList(morning, 0, "sa,sáng"), plainList(afternoon, 0, "ch,chiều"),
	},
	"ms": {monthList(gregorian, "januari,jan;februari,feb;mac;april,apr;mei;jun;julai,jul;ogos,ogo;september,sep;oktober,okt;november,nov;disember,dis"), dayList("ahad;isnin;selasa;rabu;khamis;jumaat;sabtu")},
	"az": {
		monthList(gregorian, "yanvar;fevral;mart;aprel;may;iyun;iyul;avqust;sentyabr;oktyabr;noyabr;dekabr"),
		dayList("bazar;bazar ertəsi;çərşənbə axşamı;çərşənbə;cümə axşamı;cümə;şənbə"), plainList(filler, 0, "il,ildə,cı,ci,cu,cü,saat"),
	},
	"be": {
		monthList(gregorian, "студзень,студзеня;люты,лютага;сакавік,сакавіка;красавік,красавіка;май,мая,траўня;чэрвень,чэрвеня;ліпень,ліпеня;жнівень,жніўня;верасень,верасня;кастрычнік,кастрычніка;лістапад,лістапада;снежань,снежня"),
		dayList("нядзеля;панядзелак;аўторак;серада;чацвер;пятніца;субота"), plainList(filler, 0, "г,года,год"),
	},
	"sr": {
		monthList(gregorian, "јануар,јануара,јан,januar,januara;фебруар,фебруара,феб,februar,februara;март,марта,мар,mart,marta;април,априла,апр,april,aprila;мај,маја,maj,maja;јун,јуна,jun,juna;"+
			"јул,јула,jul,jula;август,августа,авг,avgust,avgusta;септембар,септембра,сеп,septembar,septembra;октобар,октобра,окт,oktobar,oktobra;новембар,новембра,нов,novembar,novembra;децембар,децембра,дец,decembar,decembra"),
		dayList("недеља,nedelja;понедељак,ponedeljak;уторак,utorak;среда,sreda;четвртак,četvrtak;петак,petak;субота,subota"), plainList(filler, 0, "године,год,godine,god,у,u,ч,часова,h"),
	},
	"bs": {monthList(gregorian, "januar,januara;februar,februara;mart,marta;april,aprila;maj,maja;juni,juna,jun;juli,jula,jul;august,augusta,avgust;septembar,septembra;oktobar,oktobra;novembar,novembra;decembar,decembra"), plainList(filler, 0, "godine,god,u")},
	"mk": {monthList(gregorian, "јануари;февруари;март;април;мај;јуни;јули;август;септември;октомври;ноември;декември"), dayList("недела;понеделник;вторник;среда;четврток;петок;сабота"), plainList(filler, 0, "година,год,во,ч")},
	"sq": {monthList(gregorian, "janar;shkurt;mars;prill;maj;qershor;korrik;gusht;shtator;tetor;nëntor;dhjetor"), dayList("e diel;e hënë;e martë;e mërkurë;e enjte;e premte;e shtunë")},
	"is": {monthList(gregorian, "janúar;febrúar;mars;apríl;maí;júní;júlí;ágúst;september;október;nóvember;desember"), plainList(filler, 0, "kl")},
	"ps": {plainList(filler, 0, "د,کال,کال د,په,مه,مې,نېټه"), eraList(jalali, 0, 0, 0, "ل,ل.,لمريز,ل ل"), monthList(jalali, "وری;غویی;غبرګولی,غبرگولی;چنگاښ,چنګاښ;زمری;وږی;تله;لړم;لیندۍ,لیندی;مرغومی,مرغومې;سلواغه;کب"), dayList("یکشنبه,یونۍ;دوشنبه,دونۍ;سه شنبه,درېنۍ;چهارشنبه,څلرنۍ;پینځنۍ,پنجشنبه;جمعه;شنبه,اونۍ")},
	"mn": {plainList(aPart, yearPart, "оны,он"), plainList(aPart, monthPart, "дугаар сарын,дүгээр сарын,сарын,р сарын,-р сарын,-р сар,-дугаар сарын,-дүгээр сарын"), plainList(filler, 0, "өдөр,ний,ны")},
	"ky": {monthList(gregorian, "январь,январы;февраль,февралы;март,марты;апрель,апрели;май,майы;июнь,июну;июль,июлу;август,августу;сентябрь,сентябры;октябрь,октябры;ноябрь,ноябры;декабрь,декабры"), plainList(filler, 0, "жыл,жылдын,ж")},
	"tg": {monthList(gregorian, "январ,январи;феврал,феврали;март,марти;апрел,апрели;май,майи;июн,июни;июл,июли;август,августи;сентябр,сентябри;октябр,октябри;ноябр,ноябри;декабр,декабри"), plainList(filler, 0, "соли,сол")},
	"sl": {plainList(filler, 0, "ob,dne,uri,leta")}, "kk": {monthList(gregorian, "қаңтар;ақпан;наурыз;сәуір;мамыр;маусым;шілде;тамыз;қыркүйек;қазан;қараша;желтоқсан"), plainList(filler, 0, "жыл,жылы,жылғы,ж,сағат")},
	"uz": {monthList(gregorian, "yanvar,январь;fevral,февраль;mart,март;aprel,апрель;may,май;iyun,июнь;iyul,июль;avgust,август;sentabr,сентябрь;oktabr,октябрь;noyabr,ноябрь;dekabr,декабрь"), plainList(filler, 0, "yil,йил")},
	"hr": {monthList(gregorian, "siječanj,siječnja;veljača,veljače;ožujak,ožujka;travanj,travnja;svibanj,svibnja;lipanj,lipnja;srpanj,srpnja;kolovoz,kolovoza;rujan,rujna;listopad,listopada;studeni,studenoga,studenog;prosinac,prosinca"), plainList(filler, 0, "u,sati,godine")},
	"bg": {plainList(filler, 0, "г,година,ч,в")},
	"ru": {plainList(filler, 0, "г,года,год,в,ч,по московскому времени,час,часов"), plainList(aZone, 180, "мск"), monthList(gregorian, "янв;фев;мар;апр;мая;июн;июл;авг;сен,сент;окт;ноя,нояб;дек")},
	"uk": {plainList(filler, 0, "р,року,рік,о,об,год"), plainList(filler, 0, "за київським часом")},
	"ur": {plainList(filler, 0, "ء,بروز,بجے")},
	"de": {plainList(filler, 0, "den,der,um,uhr,am"), plainList(aZone, 60, "mez"), plainList(aZone, 120, "mesz")},
	"fr": {plainList(filler, 0, "le,à,a,du,de,et")}, "es": {plainList(filler, 0, "de,del,el,a,las,hs,horas")}, "pt": {plainList(filler, 0, "de,do,o,às,as")},
	"it": {plainList(filler, 0, "il,di,del,ore,alle,l")}, "ca": {plainList(filler, 0, "de,del,d,a,les")}, "ro": {plainList(filler, 0, "ora,la")},
	"tr": {plainList(filler, 0, "saat")}, "hu": {plainList(filler, 0, "óra,kor")}, "pl": {monthList(gregorian, "styczeń,stycznia;luty,lutego;marzec,marca;kwiecień,kwietnia;maj,maja;czerwiec,czerwca;lipiec,lipca;sierpień,sierpnia;wrzesień,września;październik,października;listopad,listopada;grudzień,grudnia"), plainList(filler, 0, "r,roku,godz,godzina,o")},
	"cs": {monthList(gregorian, "leden,ledna;únor,února;březen,března;duben,dubna;květen,května;červen,června;červenec,července;srpen,srpna;září;říjen,října;listopad,listopadu;prosinec,prosince"), plainList(filler, 0, "v,hod,hodin")}, "sk": {monthList(gregorian, "január,januára;február,februára;marec,marca;apríl,apríla;máj,mája;jún,júna;júl,júla;august,augusta;september,septembra;október,októbra;november,novembra;december,decembra"), plainList(filler, 0, "o,hod")}, "fi": {plainList(filler, 0, "klo,kello,ta")}, "sv": {plainList(filler, 0, "kl,den,klockan")},
	"da": {plainList(filler, 0, "kl,den,d")}, "nb": {plainList(filler, 0, "kl,den")}, "no": {plainList(filler, 0, "kl,den")}, "nl": {plainList(filler, 0, "om,uur,de")},
	"lt": {monthList(gregorian, "sausis,sausio;vasaris,vasario;kovas,kovo;balandis,balandžio;gegužė,gegužės;birželis,birželio;liepa,liepos;rugpjūtis,rugpjūčio;rugsėjis,rugsėjo;spalis,spalio;lapkritis,lapkričio;gruodis,gruodžio"), plainList(filler, 0, "m,d,val"), plainList(aPart, dayPart, "d."), plainList(aPart, yearPart, "m.,metų")}, "lv": {monthList(gregorian, "janvāris,janvārī;februāris,februārī;marts,martā;aprīlis,aprīlī;maijs,maijā;jūnijs,jūnijā;jūlijs,jūlijā;augusts,augustā;septembris,septembrī;oktobris,oktobrī;novembris,novembrī;decembris,decembrī"), plainList(filler, 0, "gada,plkst,gads")}, "et": {plainList(filler, 0, "a,kell")},
	"el": {plainList(filler, 0, "στις,του,ώρα"), plainList(morning, 0, "π.μ.,πμ"), plainList(afternoon, 0, "μ.μ.,μμ")}, "id": {plainList(filler, 0, "pukul,tanggal")},
}

// common are small words that pages of many languages put between the parts.
var common = plainList(filler, 0, "de,del,le,el,il,à,um,uhr,den,der,г,года,в,saat,a")

var (
	dateWordsMu sync.Mutex
	dateWordsBy = map[string]*dateWords{}
)

// dateWordsOf are the words of a language, made on first use.
func dateWordsOf(tag string) *dateWords {
	language := primarySubtag(tag)
	dateWordsMu.Lock()
	defer dateWordsMu.Unlock()
	if d := dateWordsBy[language]; d != nil {
		return d
	}
	d := newDateWords(append(slices.Clone(ofLanguage[language]), publishedLists(language)...))
	dateWordsBy[language] = d
	return d
}

// betweenWords are the small words of any language.
var betweenWords = sync.OnceValue(func() *dateWords { return newDateWords([]wordList{common}) })
