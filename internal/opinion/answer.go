package opinion

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// ErrVoid says that an answer counts for nothing. What wraps it says why.
var ErrVoid = errors.New("the answer is void")

// Schema is the form of an answer, as response_format asks for it (JSON Schema, in the part of it that strict modes take). Quotations
// come before the verdict: models write in this order, and what they have written makes them think.
const Schema = `{"type":"object","properties":{"earlier_quote":{"type":"string"},"later_quote":{"type":"string"},"same_matter":{"type":"boolean"},` +
	`"same_scope":{"type":"boolean"},"own_words":{"type":"boolean"},"reason":{"type":"string"},"verdict":{"enum":["reversal","softening","none"]},` +
	`"kind":{"enum":["denial_to_admission","admission_to_denial","ruled_out_to_done","commitment_to_withdrawal","support_to_opposition","red_line_dropped",` +
	`"number_revised","blame_shift","retraction","legality_or_assessment_flip","hedge_added","hedge_dropped","scope_narrowed","stops_denying","under_review","none"]}},` +
	`"required":["earlier_quote","later_quote","same_matter","same_scope","own_words","reason","verdict","kind"],"additionalProperties":false}`

// answerFields are the fields of an answer, all of which it must have once.
var answerFields = []string{"earlier_quote", "later_quote", "same_matter", "same_scope", "own_words", "reason", "verdict", "kind"}

// The bounds of an answer.
const (
	longestReason = 400 // characters
	leastQuoted   = 4   // letters and digits of a quotation; 2 in scripts that put no spaces between words
)

// Read reads an answer to a question. An error is ErrVoid, and says why: the answer is no JSON object of exactly the fields of Schema;
// its quotations do not stand in the passages word for word; it contradicts itself; its reason is no plain sentence, or quotes what
// nobody said.
func Read(content string, q Question) (a Answer, err error) {
	void := func(format string, args ...any) (Answer, error) {
		return Answer{}, fmt.Errorf("%w: %s", ErrVoid, fmt.Sprintf(format, args...))
	}
	fields, err := object(unfenced(content), answerFields)
	if err != nil {
		return void("%v", err)
	}
	var verdict, kind string
	for name, into := range map[string]any{
		"earlier_quote": &a.EarlierQuote, "later_quote": &a.LaterQuote, "same_matter": &a.SameMatter, "same_scope": &a.SameScope,
		"own_words": &a.OwnWords, "reason": &a.Reason, "verdict": &verdict, "kind": &kind,
	} {
		if string(fields[name]) == "null" || json.Unmarshal(fields[name], into) != nil {
			return void("its field %s is of another type", name)
		}
	}
	switch a.Verdict = statement.Verdict(verdict); {
	case !slices.Contains([]statement.Verdict{statement.VerdictReversal, statement.VerdictSoftening, statement.VerdictNone}, a.Verdict):
		return void("its verdict is none of the three")
	case kind != noKind && !slices.Contains(reversalKinds, kind) && !slices.Contains(softeningKinds, kind):
		return void("its kind is none of the list")
	case !verbatim(a.EarlierQuote, q.Earlier.text()):
		return void("what it quotes of the earlier passage does not stand there")
	case !verbatim(a.LaterQuote, q.Later.text()):
		return void("what it quotes of the later passage does not stand there")
	case a.Verdict != statement.VerdictNone && !(a.SameMatter && a.OwnWords), a.Verdict == statement.VerdictReversal && !a.SameScope:
		return void("it calls a %s what by its other fields cannot be one", verdict)
	}
	if why := unfit(a.Reason, q); why != "" {
		return void("its reason %s", why)
	}
	a.Kind, a.Reason = kindOf(a.Verdict, kind), plain(a.Reason)
	return a, nil
}

// object reads a JSON object that has each of the fields once, no others, and nothing after it.
func object(text string, names []string) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(strings.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("it is no JSON object")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errors.New("it is not one whole JSON object")
		}
		key, _ := name.(string)
		if _, twice := fields[key]; twice || !slices.Contains(names, key) {
			return nil, fmt.Errorf("it has a field that was not asked for, or has it twice: %.40q", key)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errors.New("it is not one whole JSON object")
		}
		fields[key] = bytes.TrimSpace(value)
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("it is not one whole JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	for _, name := range names {
		if _, has := fields[name]; !has {
			return nil, fmt.Errorf("it lacks the field %s", name)
		}
	}
	return fields, nil
}

// unfenced takes an answer out of the fence of Markdown that servers without response_format let models put round it.
func unfenced(content string) string {
	s := strings.TrimSpace(content)
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		if rest, ok = strings.CutSuffix(rest, "```"); ok {
			return strings.TrimSpace(strings.TrimPrefix(rest, "json"))
		}
	}
	return s
}

// quotationMarks are written in many ways, as dashes and apostrophes are; models write others than they read.
var quotationMarks = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‟", `"`, "’", "'", "‘", "'", "‚", "'", "–", "-", "—", "-", "‑", "-", "…", "...")

// worded is a text as quotations are compared: one spelling of each letter (statement.PlainLetter, NFC), of quotation marks and of
// dashes, single spaces, nothing invisible. Case stays.
func worded(s string) string {
	s = quotationMarks.Replace(norm.NFC.String(plain(s)))
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return statement.PlainLetter(r)
	}, s)), " ")
}

// verbatim reports whether a quotation stands in a text from word to word, and is long enough to be one.
func verbatim(quote, text string) bool {
	quote, text = strings.Trim(worded(quote), ` "'.,;:!?()-`), worded(text)
	letters, unspaced := 0, false
	for _, r := range quote {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
		unspaced = unspaced || statement.Unspaced(r)
	}
	if least := leastQuoted; letters < 2 || letters < least && !unspaced && quote != strings.Trim(text, ` "'.,;:!?()-`) {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], quote)
		if i < 0 {
			return false
		}
		i += from
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); parted(before, first(quote)) {
			if after, _ := utf8.DecodeRuneInString(text[i+len(quote):]); parted(last(quote), after) {
				return true
			}
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
}

func first(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func last(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

// parted reports whether a word may end between two letters.
func parted(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	return !word(a) || !word(b) || statement.Unspaced(a) || statement.Unspaced(b)
}

// addresses are what a sentence for people has no need of, and a fraud has.
var addresses = regexp.MustCompile(`(?i)://|\bwww\.|@|[<>{}\x60]|\b[a-z0-9-]+\.(?:com|net|org|info|ru|ir|cn|io|xyz|top)\b`)

// quoted are stretches between quotation marks.
var quoted = regexp.MustCompile(`"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|「([^「」]*)」|『([^『』]*)』`)

// unfit says why a reason is not fit to be shown, "" if it is. Words that it puts in quotation marks must stand in the passages:
// nobody is to read a quotation that was never said.
func unfit(reason string, q Question) string {
	clean := plain(reason)
	switch {
	case clean == "":
		return "is empty"
	case utf8.RuneCountInString(clean) > longestReason:
		return fmt.Sprintf("is longer than %d characters", longestReason)
	case addresses.MatchString(clean):
		return "holds an address or markup"
	}
	for _, m := range quoted.FindAllStringSubmatch(clean, -1) {
		words := strings.Trim(worded(strings.Join(m[1:], "")), " .,;:!?")
		if words != "" && !strings.Contains(worded(q.Earlier.text()), words) && !strings.Contains(worded(q.Later.text()), words) {
			return "quotes what does not stand in the passages"
		}
	}
	return ""
}
