// Package raised tells what raised and lowered text in a line means: the mark of
// a note, which is no part of what is said, or an exponent, an ordinal, a
// formula, which are. The markup that raises a text is the business of others.
package raised

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/statement"
)

// maxMark bounds the mark of a note, in bytes. Longer text is words.
const maxMark = 24

// Mark tells whether raised text is the mark of a note: figures, a letter, a
// small Roman numeral, asterisks or daggers, several of them with commas or a
// dash between, in brackets or not. What stands right before and right after it
// without a space, as far as it is known, tells a mark from an exponent (10⁶),
// a square unit (km²), a price (€11⁹⁹), an isotope (²³⁵U) and the number of an
// article that was put between two others (Article 15¹): a figure is no mark
// where it could be one of them.
func Mark(before, mark, after string) bool {
	mark = strings.TrimSpace(mark)
	if mark == "" || len(mark) > maxMark {
		return false
	}
	inner := strings.TrimRight(strings.TrimLeft(mark, "[("), "])")
	bracketed := inner != mark
	parts := strings.FieldsFunc(inner, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",˒;،、·–—-", r) })
	if len(parts) == 0 || strings.IndexFunc(inner, isSign) == 0 && !isSymbol(first(inner)) { // -6 is an exponent
		return false
	}
	for _, p := range parts {
		if !isFigure(p) && !isLetter(p) && !isSymbols(p) {
			return false
		}
	}
	switch {
	case bracketed, len(parts) > 1, isSymbols(parts[0]):
		return true
	case isFigure(parts[0]):
		return !Counts(before, parts[0], after)
	}
	base, _ := utf8.DecodeLastRuneInString(before)
	return !unicode.IsLetter(base) || len([]rune(lastWord(before))) > 1 && !roman(lastWord(before))
}

// Counts tells whether a raised figure belongs to what it stands at: its change
// changes what is said.
func Counts(before, figure, after string) bool {
	base, _ := utf8.DecodeLastRuneInString(before)
	next := first(after)
	switch {
	case before == "" || unicode.IsSpace(base):
		return unicode.IsUpper(next) && isotope(after)
	case unicode.IsDigit(base):
		number := lastNumber(before)
		rest := strings.TrimRight(before[:len(before)-len(number)], " \u00a0\u202f")
		whole := !strings.ContainsAny(number, ".,٫")
		switch {
		case whole && value(number) == 10, value(number) == 2 && utf8.RuneCountInString(figure) > 1:
			return true
		case whole && utf8.RuneCountInString(figure) == 2 && (priced(rest) || pricedAfter(after)):
			return true
		}
		return articles[strings.ToLower(lastWord(strings.TrimRight(rest, ".")))] || strings.HasSuffix(rest, "§")
	case unicode.IsLetter(base):
		word := lastWord(before)
		if n := value(figure); (n == 2 || n == 3) && units[strings.ToLower(word)] {
			return true
		}
		return utf8.RuneCountInString(word) == 1 && !statement.Unspaced(base)
	}
	return isScript(base) && !isDigitScript(base) // x₁²; behind ¹ it is another mark
}

// Ordinal tells whether raised letters end a number or a word that is cut short:
// 21st, 1er, 5º, XXIe, nº, Mme, Dr. The language (a primary subtag, "" if it is
// not known) tells whether an "a" behind a number is an ordinal or a mark.
func Ordinal(before, letters, after, language string) bool {
	base, _ := utf8.DecodeLastRuneInString(before)
	low := strings.ToLower(strings.TrimSuffix(letters, "."))
	switch {
	case unicode.IsDigit(base):
		number := lastNumber(before)
		if strings.ContainsAny(number, ",٫") || strings.Contains(strings.TrimSuffix(number, "."), ".") {
			return false
		}
		if low == "a" {
			return len(number) <= 3 && (romance[language] || language == "" && after != "" && !unicode.IsPunct(first(after)))
		}
		return endings[low]
	case unicode.IsLetter(base):
		word := lastWord(before)
		for _, r := range letters {
			if !unicode.IsLetter(r) {
				return false
			}
		}
		n := utf8.RuneCountInString(letters)
		return utf8.RuneCountInString(word) == 1 && (n > 1 && n < 5 || low == "o" || low == "r" || low == "e" || low == "t") || roman(word) && endings[low]
	case base == '.':
		return low == "a" || low == "o" || low == "as" || low == "os" // D.ª, n.º
	}
	return false
}

// endings are those of ordinal numbers, as they are raised, and the h of hours.
var endings = set(`st nd rd th er re ère ere e ème eme ième ieme nde de te ste o os a as ª º ° й я е го ый ая ое h hrs d`)

var romance = set(`es pt it ca gl fr ro`)

// units are those of length in the scripts of official pages: squared or cubed
// where a 2 or a 3 is raised behind them.
var units = set(`m km cm mm dm nm µm μm in ft yd mi mile miles inch inches foot feet yard yards metre metres meter meters kilometre
	kilometres kilometer kilometers м км см мм дм كم م سم متر کیلومتر كيلومتر ق किमी मी กม ม 米 公里 厘米 千米 sec`)

// articles stand before the number of a part of a law, which may have a raised
// figure where a part was put in between.
var articles = set(`article articles art section sections sec paragraph rule статья статьи статье статьей статью ст пункт пункта пункте п часть части
	стаття статті статтею артикул член čl člen článek článok § straipsnis straipsnio str pants panta artikkel artikel artículo articolo artigo մաս հոդված მუხლი მუხლის madde`)

func set(list string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		words[w] = true
	}
	return words
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isFigure tells a number of at most three digits that does not begin with 0.
func isFigure(s string) bool {
	n := 0
	for _, r := range s {
		if value, is := statement.Digit(r); !is || n == 0 && value == 0 {
			return false
		}
		n++
	}
	return n > 0 && n <= 3
}

// isLetter tells a single letter or a small Roman numeral.
func isLetter(s string) bool {
	if r, n := utf8.DecodeRuneInString(s); n == len(s) {
		return unicode.IsLetter(r)
	}
	return len(s) <= 5 && strings.Trim(s, "ivx") == ""
}

func isSymbols(s string) bool { return strings.TrimFunc(s, isSymbol) == "" }

func isSymbol(r rune) bool { return strings.ContainsRune("*∗＊†‡§¶#※⁎⁑", r) }

func isSign(r rune) bool { return strings.ContainsRune("+-−–", r) }

func roman(word string) bool { return word != "" && strings.Trim(word, "IVXLCDM") == "" }

// lastWord is the word that a text ends with.
func lastWord(s string) string {
	i := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '§' })
	if i < 0 {
		return s
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return s[i+n:]
}

// lastNumber is the number that a text ends with, with its groups and decimals.
func lastNumber(s string) string {
	at := len(s)
	for at > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:at])
		if !unicode.IsDigit(r) && !(strings.ContainsRune(".,٫٬'’", r) && at < len(s)) {
			break
		}
		at -= n
	}
	return strings.TrimLeft(s[at:], ".,٫٬'’")
}

// value reads the digits of a number of any script; groups and decimals are
// left out, and what is too long to count is -1.
func value(s string) int {
	n := 0
	for _, r := range s {
		if value, is := statement.Digit(r); is {
			n = n*10 + value
		}
		if n > 1<<30 {
			return -1
		}
	}
	return n
}

func priced(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.Is(unicode.Sc, r) || currencies[lastWord(before)]
}

func pricedAfter(after string) bool {
	after = strings.TrimLeft(after, " \u00a0\u202f")
	word := after
	if i := strings.IndexFunc(after, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		word = after[:i]
	}
	return unicode.Is(unicode.Sc, first(after)) || currencies[word]
}

var currencies = set(`USD EUR GBP CHF JPY CNY RUB UAH PLN CZK SEK NOK DKK HUF RON BGN TRY CAD AUD NZD INR BRL MXN SAR AED ILS
	euro euros Euro dollars roubles rubles франков рублей руб грн zł Kč kr lei`)

// isotope tells whether a text begins with the symbol of a chemical element: a
// capital, a small letter or none, and then no letter.
func isotope(s string) bool {
	letters := 0
	for i, r := range s {
		switch {
		case !unicode.IsLetter(r):
			return letters > 0
		case i == 0 && r > 'Z', i > 0 && (r < 'a' || r > 'z'), letters == 2:
			return false
		}
		letters++
	}
	return letters > 0
}

// Joined tells whether two stretches of text would read as one word or number if
// nothing stood between them.
func Joined(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b := first(after)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return word(a) && word(b) && !statement.Unspaced(a) && !statement.Unspaced(b)
}
