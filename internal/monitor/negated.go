package monitor

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/nlp/language"
)

// auxiliary matches an English clause with its first auxiliary, after which "not" comes. "Has" and "had" are auxiliaries before
// a participle only, which "been" is for sure.
var auxiliary = regexp.MustCompile(`(?i)^(.*?\b(?:is|are|was|were|will|would|can|could|should|must|may|might|shall|(?:has|have|had)( been)))\b(.*)$`)

// subordinate matches the beginnings of clauses whose auxiliary is not the main one's, and words that turn "not" round.
var subordinate = regexp.MustCompile(`(?i)\b(?:that|who|whom|whose|which|where|when|while|if|because|although|unless|until|after|before|as|all|every|any|each|only|not|never|no|nobody|nothing|and|or|but)\b|n't\b|n’t\b`)

// denials say of a main clause, in languages whose word order or mood a "that" would change after a colon, that it is not so.
var denials = map[string]string{
	"ar": "ليس صحيحا أن %s", "de": "Es stimmt nicht: %s", "es": "No es cierto: %s", "fa": "درست نیست که %s", "fr": "Il est faux d’affirmer : %s",
	"he": "לא נכון: %s", "hi": "यह सच नहीं है कि %s", "id": "Tidak benar bahwa %s", "it": "Non è vero: %s", "ja": "次のことは事実ではない：%s",
	"ko": "다음은 사실이 아니다: %s", "nl": "Het is niet waar: %s", "pl": "Nieprawda, że %s", "pt": "Não é verdade: %s", "ru": "Неверно, что %s",
	"tr": "Şu doğru değil: %s", "uk": "Неправда, що %s", "zh": "以下说法不属实：%s",
}

// Negated is the denial of a proposition, without a full stop: in English with "not" after the auxiliary of a plain main clause;
// else, and in other languages, as a sentence that says it is not so, which is right whatever the verb. Of a language that is not among
// these it is "not: " and the proposition.
func Negated(proposition string) string {
	text := strings.TrimRight(strings.TrimSpace(proposition), ".。")
	code := language.Identify(text).Code
	if code == "en" {
		if m := auxiliary.FindStringSubmatch(text); m != nil && !subordinate.MatchString(text) {
			return strings.TrimSuffix(m[1], m[2]) + " not" + m[2] + m[3]
		}
		return "It is not true that " + inside(text)
	}
	if with, known := denials[code]; known {
		return strings.Replace(with, "%s", text, 1)
	}
	return "not: " + text
}

// inside is a sentence as a clause: an article or pronoun at its beginning loses its capital, a name keeps it.
func inside(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	switch strings.ToLower(first) {
	case "the", "a", "an", "this", "these", "those", "our", "its", "their", "his", "her", "we", "they", "he", "she", "it", "there", "no", "all", "some":
		r, size := utf8.DecodeRuneInString(first)
		return strings.TrimSpace(string(unicode.ToLower(r)) + first[size:] + " " + rest)
	}
	return text
}
