package textfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"volteface/internal/nlp/language"
	"volteface/internal/statement"
)

// set is a character set that files without a mark may be in. Prior is the log probability (nats) of it against the most used.
type set struct {
	name  string
	prior float64
	// common tells whether a Chinese character is one that the standard of the set counts among those of daily use; nil where
	// the set has none.
	common func(rune) bool
}

// sets are those in which people save files: the ones of Windows first, then those of older systems.
var sets = []set{
	{"windows-1252", 0, nil}, {"windows-1251", 0, nil}, {"shift_jis", -.5, level1(japanese.EUCJP, 0xB0, 0xCF)}, {"gbk", -.5, level1(simplifiedchinese.GBK, 0xB0, 0xD7)},
	{"windows-1250", -.5, nil}, {"windows-1256", -.5, nil}, {"big5", -.5, level1(traditionalchinese.Big5, 0xA4, 0xC6)}, {"euc-kr", -.5, nil},
	{"windows-1254", -1, nil}, {"windows-1253", -1, nil}, {"windows-1255", -1, nil}, {"windows-1257", -1.5, nil}, {"windows-874", -1.5, nil}, {"windows-1258", -2, nil},
	{"koi8-r", -2, nil}, {"euc-jp", -2, level1(japanese.EUCJP, 0xB0, 0xCF)}, {"iso-8859-2", -3, nil}, {"iso-8859-15", -3, nil}, {"koi8-u", -3, nil}, {"ibm866", -3, nil},
	{"iso-8859-5", -4, nil}, {"iso-8859-6", -4, nil}, {"iso-8859-7", -4, nil}, {"iso-8859-8", -4, nil}, {"iso-8859-4", -4, nil}, {"iso-8859-13", -4, nil},
	{"macintosh", -4, nil}, {"x-mac-cyrillic", -4, nil},
}

// apart is by how many nats the likeliest set must be ahead of the next one that gives another text. Letters do not come
// independently of each other: package language divides by three what this sums up.
const apart = 6

// sampled is how many bytes are weighed, whole lines with characters beyond ASCII.
const sampled = 1300

type reading struct {
	set  set
	text string
	nats float64
}

// guessed reads bytes that are neither ASCII nor UTF-8.
func guessed(b []byte) (Text, error) {
	part := sample(b)
	var readings []reading
	for _, s := range sets {
		text, err := encodingOf(s.name).NewDecoder().Bytes(part)
		if err != nil || broken(text) > 0 {
			continue
		}
		readings = append(readings, reading{s, string(text), s.prior + weigh(string(text), s)})
	}
	slices.SortStableFunc(readings, func(a, b reading) int { return cmp.Compare(b.nats, a.nats) })
	for i, best := range readings {
		whole, err := strictly(b, encodingOf(best.set.name), best.set.name)
		if err != nil { // beyond the sample
			continue
		}
		perhaps := []string{best.set.name}
		for _, other := range readings[i+1:] {
			if best.nats-other.nats < apart && other.text != best.text {
				perhaps = append(perhaps, other.set.name)
			}
		}
		if len(perhaps) > 1 {
			return Text{}, unclear(fmt.Errorf("%w: it may be %s", ErrCharset, strings.Join(perhaps[:min(len(perhaps), 3)], " or ")))
		}
		whole.Guessed = true
		return whole, nil
	}
	return Text{}, unclear(fmt.Errorf("%w: it is not UTF-8, and none that is known fits", ErrCharset))
}

func unclear(err error) error {
	return statement.WithHint(err, "save the file in UTF-8, or name its character set with --charset")
}

// sample gives whole lines with characters beyond ASCII, as far as there is room; of a single long line its beginning from there.
func sample(b []byte) []byte {
	var part []byte
	for line := range bytes.Lines(b) {
		if i := bytes.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
			room := sampled - len(part)
			if len(line) > room {
				if len(part) == 0 {
					part = cutAt(line, i, room)
				}
				break
			}
			part = append(part, line...)
		}
	}
	return part
}

// cutAt takes about n bytes of a long line round the place i, from one space to another: no character of any set has a space
// within.
func cutAt(line []byte, i, n int) []byte {
	start := bytes.LastIndexByte(line[:i], ' ') + 1
	if i-start > n/4 {
		start = 0
	}
	line = line[start:]
	if end := bytes.LastIndexByte(line[:min(n, len(line))], ' '); end > i-start {
		return line[:end]
	}
	return line[:min(len(line), 4*n)]
}

// What characters cost that no table of languages weighs, in nats. Letters of a table cost some 1.8 each in the right language,
// 3 in a wrong one, 5 at random.
const (
	costGreek     = 3   // Greek, Hebrew: one of some thirty letters
	costThai      = 3.6 // one of some sixty
	costKana      = 4
	costHangul    = 5
	costCommon    = 6.5 // a Chinese character of daily use
	costRare      = 11
	costMark      = 4  // typographic punctuation
	costSymbol    = 8  // any other sign
	costHalf      = 8  // half-width katakana
	costMixed     = 6  // a letter beside one of another script
	costCase      = 4  // a capital after a small letter
	costFinal     = 5  // a final form within a word
	costNoAccent  = 5  // a Greek word of four letters or more without its accent
	costLoneVowel = 6  // a Thai sign for a vowel or a tone without its consonant
	costOther     = 12 // letters of no script that these sets are for
	costUnspaced  = 3  // each further syllable of a Korean word that has no end: Chinese was meant
	costForeign   = 4  // a word in another script than the text
	costMisread   = 8  // a letter that a language has not, and that stands for one of its own where its set was mistaken
)

// longestKorean is how many syllables a Korean word may have before it is held to be none.
const longestKorean = 8

// misread are such letters: what old pages and tables of languages are full of.
var misread = map[string]string{"hu": "õûÕÛ", "ro": "ãþÃÞ", "tr": "ýþðÝÞÐ", "az": "ýþðÝÞÐ"}

// weigh gives the log probability of a reading.
func weigh(text string, s set) float64 {
	sum := language.Plausibility(text)
	before, hangul := rune(' '), 0
	runes := []rune(text)
	for i, r := range runes {
		if script(r) != "Hangul" {
			hangul = 0
		} else if hangul++; hangul > longestKorean {
			sum -= costUnspaced
		}
		if r >= utf8.RuneSelf {
			sum -= cost(r, s)
		}
		if unicode.IsLetter(r) && unicode.IsLetter(before) {
			if a, b := script(before), script(r); a != b && !(eastern[a] && eastern[b]) {
				sum -= costMixed
			}
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				sum -= costCase
			}
		}
		if strings.ContainsRune("ςךםןףץ", r) && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) {
			sum -= costFinal
		}
		if unicode.Is(unicode.Mn, r) && script(r) == "Thai" && (script(before) != "Thai") {
			sum -= costLoneVowel
		}
		before = r
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	letters := map[string]int{}
	for _, word := range words {
		of := script([]rune(word)[0])
		letters[of] += utf8.RuneCountInString(word)
		if of == "Greek" && utf8.RuneCountInString(word) >= 4 && !strings.ContainsAny(word, "άέήίόύώΐΰΆΈΉΊΌΎΏ") && strings.ToUpper(word) != word {
			sum -= costNoAccent
		}
	}
	for _, word := range words {
		if of := script([]rune(word)[0]); of != "Latin" && !eastern[of] && 2*letters[of] < letters["Latin"] {
			sum -= costForeign
		}
	}
	if wrong := misread[language.Identify(text).Code]; wrong != "" {
		for _, r := range runes {
			if strings.ContainsRune(wrong, r) {
				sum -= costMisread
			}
		}
	}
	return sum
}

// eastern are the scripts that are written beside each other without a space.
var eastern = map[string]bool{"Han": true, "Kana": true, "Hangul": true}

func cost(r rune, s set) float64 {
	switch script(r) {
	case "Latin", "Cyrillic", "Arabic":
		if unicode.Is(unicode.M, r) {
			return costMark
		}
		return 0 // package language has weighed it
	case "Greek", "Hebrew":
		return costGreek
	case "Thai":
		return costThai
	case "Kana":
		switch {
		case 0xFF61 <= r && r <= 0xFF9F:
			return costHalf
		case s.name == "gbk" || s.name == "big5": // their kana are for quoting Japanese
			return costRare
		}
		return costKana
	case "Hangul":
		if r < 0xAC00 {
			return costRare
		}
		return costHangul
	case "Han":
		if s.common != nil && s.common(r) {
			return costCommon
		}
		return costRare
	case "other":
		return costOther
	}
	if strings.ContainsRune("\u00A0“”‘’„‚«»‹›–—…€§©®№•°¿¡·½×", r) || 0x3000 <= r && r <= 0x303F || 0xFF01 <= r && r <= 0xFF5E || r == '،' || r == '؛' || r == '؟' {
		return costMark
	}
	return costSymbol
}

// script names the script of a letter, "" for what is none.
func script(r rune) string {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return "Latin"
		}
		return ""
	case 0x4E00 <= r && r <= 0x9FFF, 0x3400 <= r && r <= 0x4DBF, 0xF900 <= r && r <= 0xFAFF:
		return "Han"
	case 0x3041 <= r && r <= 0x30FF, 0xFF66 <= r && r <= 0xFF9F:
		return "Kana"
	case unicode.Is(unicode.Mn, r) && r < 0x400:
		return "Latin"
	}
	for _, known := range scripts {
		if unicode.Is(known.letters, r) && (unicode.IsLetter(r) || unicode.IsMark(r)) {
			return known.name
		}
	}
	if unicode.IsLetter(r) {
		return "other"
	}
	return ""
}

var scripts = []struct {
	name    string
	letters *unicode.RangeTable
}{
	{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Arabic", unicode.Arabic}, {"Greek", unicode.Greek},
	{"Hebrew", unicode.Hebrew}, {"Thai", unicode.Thai}, {"Hangul", unicode.Hangul},
}

// level1 tells which Chinese characters are those of daily use in a national standard (GB 2312, JIS X 0208, Big5), which lists them
// before the others: by the first byte of their code.
func level1(e encoding.Encoding, first, last byte) func(rune) bool {
	return func(r rune) bool {
		code, err := e.NewEncoder().String(string(r))
		return err == nil && len(code) == 2 && first <= code[0] && code[0] <= last && (first == 0xA4 || code[1] >= 0xA1)
	}
}
