package diff

import (
	"strings"
	"unicode/utf8"
)

// join makes one token of what a reader takes in as one: an amount with its
// currency, scale or unit, a date, a time, a few words in quotation marks.
func (l *lexer) join(list []token, text string) []token {
	out := list[:0] // never ahead of what is read
	for i := 0; i < len(list); {
		is := l.traits[list[i].id].is
		if is&joins == 0 {
			out = append(out, list[i])
			i++
			continue
		}
		n, f := 1, list[i].form
		if is&quotation != 0 {
			n, f = l.quote(list[i:], text)
		} else if d := l.date(list[i:], text); d > 0 {
			n, f = d, aDate
		} else if d := l.amount(list[i:], text); d > 0 {
			n, f = d, anAmount
		}
		t := list[i]
		if n > 1 {
			t.end = list[i+n-1].end
			t.id = l.word(text[t.start:t.end])
			t.light = false
		}
		t.form = f
		out = append(out, t)
		i += n
	}
	return out
}

// maxQuoted is the number of tokens in quotation marks that stay together; a
// longer quotation is compared word by word.
const maxQuoted = 4

func (l *lexer) quote(list []token, text string) (int, form) {
	if list[0].start > 0 && !isSpace(rune(text[list[0].start-1])) && text[list[0].start-1] != '(' {
		return 1, aMark // it closes one
	}
	for n := 1; n < len(list) && n <= maxQuoted+1; n++ {
		if l.traits[list[n].id].is&quotation == 0 {
			continue
		}
		if n > 1 && list[n].start == list[n-1].end {
			return n + 1, aQuote
		}
		break
	}
	return 1, aMark
}

// gap is what stands between two neighbours: nothing, one space, or more.
func gap(a, b token, text string) int {
	switch n := b.start - a.end; {
	case n == 0:
		return 0
	case n == 1 && text[a.end] == ' ', n == 2 && strings.HasPrefix(text[a.end:], "\u00a0"):
		return 1
	}
	return 2
}

// amount is the number of tokens of an amount, 0 if none starts here.
func (l *lexer) amount(list []token, text string) int {
	is := func(n int, f facts) bool { return l.traits[list[n].id].is&f != 0 }
	number := func(n int) bool { return n < len(list) && list[n].form == aNumber }
	n := 0
	if !number(0) {
		if is(0, prefix) {
			if len(list) < 2 || gap(list[0], list[1], text) > 0 {
				return 0
			}
			n++
		}
		if !is(n, currency) || !number(n+1) || gap(list[n], list[n+1], text) > 1 {
			return 0
		}
		n++
	}
	start := n
	for n++; n < len(list) && n-start < 5; n++ {
		word, near := l.folded(list[n].id), gap(list[n-1], list[n], text)
		switch {
		case near == 0 && (word == "%" || word == "+" || is(n, currency)):
			continue
		case near == 1 && (word == "%" || is(n, currency)) && !(number(n+1) && gap(list[n], list[n+1], text) == 0):
			continue
		case near == 1 && is(n, unit):
			continue
		}
		break
	}
	if n == 1 {
		return 0
	}
	return n
}

func isCurrencySign(word string) bool {
	switch word {
	case "$", "€", "£", "¥", "₽", "₹", "₴", "₩", "₪", "₺", "￥":
		return true
	}
	return false
}

// units are scales, currencies and measures that belong to the number before.
var units = set(`thousand million billion trillion hundred percent dollars dollar euros euro pounds roubles rubles yen yuan
	mn bn km kilometers kilometres miles kg tons tonnes mw gw kw acres hectares barrels
	тыс млн млрд трлн тысяч миллион миллиона миллионов миллиард миллиарда миллиардов процент процента процентов долларов рублей евро
	гривен тисяч мільйон мільйони мільйонів мільярд мільярда мільярдів відсотка відсотків
	mio mrd millionen million millionen milliarde milliarden prozent
	mille millions milliard milliards pour-cent millones millón milliones mil miles millardos milioni miliardi milhões bilhões bilhão milhão
	milyon milyar dolar`)

// date is the number of tokens of a date or a time of day, 0 if none starts here.
func (l *lexer) date(list []token, text string) int {
	is := func(n int, f facts) bool { return l.traits[list[n].id].is&f != 0 }
	month := func(n int) bool { return l.traits[list[n].id].month > 0 }
	word := func(n int) string { return l.folded(list[n].id) }
	within := func(n, furthest int) bool { return n < len(list) && gap(list[n-1], list[n], text) <= furthest }
	withYear := func(n int) int { // [, ] YYYY
		if within(n, 0) && within(n+1, 1) && word(n) == "," && is(n+1, year) {
			return n + 2
		}
		if within(n, 1) && is(n, year) {
			return n + 1
		}
		return n
	}
	switch list[0].form {
	case aWord:
		if !month(0) {
			return 0
		}
		n := 1
		if within(1, 0) && word(1) == "." && len(word(0)) <= 5 { // Nov. 5
			n = 2
		}
		if within(n, 1) && is(n, day) {
			return withYear(n + 1)
		}
		if y := withYear(n); y > n {
			return y
		}
		return 0
	case aNumber:
	default:
		return 0
	}
	if is(0, day) && within(1, 1) && month(1) { // 5 November 2022
		return withYear(2)
	}
	if is(0, day) && within(1, 0) && word(1) == "." && within(2, 1) && month(2) { // 5. November 2022
		return withYear(3)
	}
	n := 1 // 2022-11-05, 8/29/23, 5:30
	for is(0, digits) && within(n, 0) && is(n, sign) && within(n+1, 0) && is(n+1, digits) && len(word(n+1)) <= 4 && len(word(0)) <= 4 {
		n += 2
		if n == 5 || word(n-2) == ":" {
			return n
		}
	}
	for n = 1; within(n, 0) && is(n, eastern); n += 2 { // 2022年11月5日
		if n == 5 || !within(n+1, 0) || !is(n+1, digits) {
			return n + 1
		}
	}
	return 0
}

// isYear tells whether a number may be a year, from 1500 to 2199; others of four
// digits are numbers of resolutions, rooms or people.
func isYear(word string) bool {
	return len(word) == 4 && allDigits(word) && (word[0] == '1' && word[1] >= '5' || word[0] == '2' && word[1] <= '1')
}

func isDay(word string) bool {
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		word = strings.TrimSuffix(word, ending)
	}
	return (len(word) == 1 || len(word) == 2 && word[0] <= '3') && allDigits(word)
}

func allDigits(word string) bool {
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return len(word) > 0
}

// IsMonth reports whether a word names a month, as monthOf knows them.
func IsMonth(word string) bool { return monthOf(word) > 0 }

// monthOf is the month a word names, 0 if none: the names of the CLDR in the
// languages in which official pages are most often read.
func monthOf(word string) int {
	if len(word) < 3 || len(word) > 24 {
		return 0
	}
	if r, _ := utf8.DecodeRuneInString(word); r >= 'a' && r <= 'z' && len(word) == 3 { // may, mar
		return 0
	}
	if r := word[0]; r < utf8.RuneSelf && asciiClass[r] != letter {
		return 0
	}
	if word == "may" || word == "march" || word == "august" {
		return 0
	}
	return months[strings.ToLower(word)]
}

var months = func() map[string]int {
	all := map[string]int{}
	for _, language := range []string{
		"january february march april may june july august september october november december",
		"jan feb mar apr may jun jul aug sep oct nov dec",
		"_ _ _ _ _ _ _ _ sept _ _ _",
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
		"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
		"januar februar märz april mai juni juli august september oktober november dezember",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
		"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
		"فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
	} {
		for i, name := range strings.Fields(language) {
			if name != "_" {
				all[name], all[fold(name)] = i+1, i+1 // words are looked up folded
			}
		}
	}
	return all
}()
