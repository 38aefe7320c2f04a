package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dateLabels are what pages write before the day on which they were published.
// A day that is something else ("valid until", "updated") has another label, and
// stays unread with it.
const dateLabels = "published,published on,published at,date published,date of publication,publication date,publish date,posted,posted on,date posted,release date,released,released on,issued,issued on,date of issue,date," +
	"تاريخ النشر,نشر في,نشر بتاريخ,تاريخ الإصدار,التاريخ,تاريخ,تم النشر في,تاریخ انتشار,انتشار,زمان انتشار,تاریخ خبر,منتشر شده در,تاریخ درج,منتشر شده,تاريخ الخبر,د خپرېدو نېټه,نېټه,تاریخ اشاعت,اشاعت," +
	"תאריך פרסום,פורסם,פורסם בתאריך,פורסם ב,תאריך,प्रकाशित,प्रकाशन तिथि,प्रविष्टि तिथि,पोस्ट किया गया,जारी करने की तिथि,तिथि,প্রকাশ,প্রকাশিত,প্রকাশের তারিখ,তারিখ," +
	"วันที่นำเข้าข้อมูล,วันที่เผยแพร่,เผยแพร่เมื่อ,เผยแพร่,ประกาศเมื่อ,วันที่ประกาศ,公開日,掲載日,発表日,公表日,更新公開日,発行日,作成日,投稿日,公開,掲載,日付," +
	"发布时间,发布日期,发表时间,发文日期,发稿时间,成文日期,时间,日期,发布于,發布時間,發布日期,發佈日期,發佈時間,發表時間,張貼日期,公布日期,公佈日期,公布時間,公佈時間,公布时间,公开日期,公開日期,時間,刊登日期,발행일,작성일,등록일,게시일,게시일자,등록일자,작성일자,배포일,배포일시,보도일시,게시일시,등록일시,담당일,보도일,보도일자,날짜,일시,입력,등록," +
	"дата публикации,дата размещения,дата,опубликовано,опубликован,опубликована,размещено,дата публікації,дата оприлюднення,опубліковано,оприлюднено,розміщено,апублікавана,дата публикуване,публикувано,публикувано на,публикувана,датум објаве,објављено,објавено,објавено на,жарияланды,жарияланған күні,жарияланган күнү,нийтэлсэн,огноо,нашр шуд," +
	"veröffentlicht,veröffentlicht am,veröffentlichungsdatum,erschienen,erschienen am,datum,erstellt am,vom,pressemitteilung vom,meldung vom,artikel vom,publié,publié le,date de publication,mis en ligne le,mise en ligne le,paru le,date de mise en ligne," +
	"publicado,publicado el,publicada el,publicado em,publicada em,publicado a,data de publicação,data da publicação,fecha de publicación,fecha,publicación,publicação,data,publicat,publicat el,publicat pe,publicată pe,publicat la,data publicării,publicado o," +
	"pubblicato,pubblicato il,pubblicata il,data di pubblicazione,data pubblicazione,gepubliceerd,gepubliceerd op,publicatiedatum,geplaatst op,publicerad,publicerat,publiceringsdatum,publisert,publisert dato,offentliggjort,udgivet,udgivet den,publiceret,publiceret den,julkaistu,julkaisupäivä,julkaistu klo,birt,birt þann,útgefið," +
	"opublikowano,opublikowane,data publikacji,data opublikowania,data wydania,zveřejněno,datum zveřejnění,publikováno,zverejnené,dátum zverejnenia,publikované,objavljeno,datum objave,objavljeno dne,megjelent,közzétéve,közzététel dátuma,megjelenés,dátum," +
	"δημοσιεύθηκε,δημοσιεύτηκε,δημοσίευση,ημερομηνία,ημερομηνία δημοσίευσης,ημ/νία,yayınlanma tarihi,yayınlanma,yayın tarihi,yayımlanma tarihi,yayımlandı,yayınlandı,tarih,eklenme tarihi,dərc edilib,tarix,yayımlanıb,e'lon qilingan,chop etilgan sana,sana,publikuar,publikuar më," +
	"paskelbta,paskelbimo data,publikuota,publicēts,publicēšanas datums,publicēta,datums,avaldatud,kuupäev,postitatud,გამოქვეყნდა,გამოქვეყნებულია,თარიღი,հրապարակվել է,հրապարակված,ամսաթիվ," +
	"ngày đăng,đăng ngày,ngày xuất bản,cập nhật ngày đăng,dipublikasikan,diterbitkan,dipublikasikan pada,tanggal,tanggal terbit,diposting,diterbitkan pada,tarikh,tarikh terbit,tarikh siaran,disiarkan pada,inilathala,petsa,imechapishwa,tarehe,iliyochapishwa,வெளியிடப்பட்டது,வெளியீட்டு தேதி,தேதி"

// otherDays are beginnings of words that say that a day is not that of
// publication.
var otherDays = strings.Fields("updat modif valid expir until deadline effective from since stand gültig aktualis geändert bis seit ab mis maj valable jusqu partir depuis actualiz válid vigen hasta desde " +
	"aggiorn valid fino dal atualiz até güncel geçerli kadar обновл измен действ до по с оновл змін чинн від ažur platn důležit wažn ważn aktualiz do od ενημ έως uppdat gäller oppdat gjeld opdat gæld päivit voimas " +
	"تحديث حتى محدث صالح بروزرسانی به\u200cروزرسانی بروز اعتبار تا עדכון עודכן בתוקף עד अद्यतन अपडेट तक อัปเดต ปรับปรุง ถึง 更新 修正 截止 截至 有效 期限 締切 まで 수정 변경 마감 까지 cập diperbarui berlaku dikemaskini hingga sampai")

// nameless are shorter forms of a string in which no date could be read: without
// the place from which it is dated ("Berlin, den 15. März 2026"), without the
// category behind or before a bar or dash ("Press release | 15 March 2026"), and
// without the name of a source at its end (2026-03-15 来源：新华社).
func nameless(s string) (all []string) {
	if at := strings.LastIndexAny(s, ":："); at > 0 && !strings.ContainsFunc(s[at:], unicode.IsDigit) {
		if label := strings.LastIndexAny(s[:at], "  　"); label > 0 && !strings.ContainsFunc(s[label:at], unicode.IsDigit) && !ofOtherDay(s[label:at]) {
			s = strings.TrimSpace(s[:label])
			all = append(all, s)
		}
	}
	bar := strings.NewReplacer("•", "|", "·", "|", "»", "|", " - ", "|", " – ", "|", " — ", "|").Replace(s)
	if parts := strings.Split(bar, "|"); len(parts) > 1 && len(parts) < 6 {
		var kept []string
		for _, part := range parts {
			if strings.ContainsFunc(part, unicode.IsDigit) || len(strings.Fields(part)) > 4 || ofOtherDay(part) {
				kept = append(kept, part)
			}
		}
		if short := strings.TrimSpace(strings.Join(kept, "|")); len(kept) < len(parts) && short != "" {
			all = append(all, short)
			s = short
		}
	}
	if end := strings.IndexAny(s, ",،"); end > 0 && isPlace(s[:end]) {
		_, size := utf8.DecodeRuneInString(s[end:])
		all = append(all, strings.TrimSpace(s[end+size:]))
	}
	return all
}

func ofOtherDay(s string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, o := range otherDays {
			if w == o || len([]rune(o)) > 3 && strings.HasPrefix(w, o) || unspacedWord(o) && strings.Contains(w, o) {
				return true
			}
		}
	}
	return false
}

func unspacedWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unspaced(r)
}

// isPlace tells whether a text may be the name of a place: up to three words,
// with capital letters where the script has them, and no word of a date.
func isPlace(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 3 || len(s) > 60 || ofOtherDay(s) {
		return false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(first) || unicode.IsLower(first) && len(w) > 3 || strings.ContainsFunc(w, unicode.IsDigit) {
			return false
		}
		if !unicode.IsUpper(first) && !unicode.IsLower(first) && len(words) > 2 {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	return !unicode.IsLower(first)
}
