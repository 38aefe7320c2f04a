package claim

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// Patterns are matched against the words of a sentence in small letters, joined by blanks.
var markPatterns = []struct {
	mark Marks
	re   *regexp.Regexp
}{
	{Corrects, regexp.MustCompile(`\b(correct(ed|ion|s)?|revis(e|ed|es|ing|ion)|replac(e|ed|es|ing)|restate[ds]?|recount(ed)?|counted (twice|more than once|double)|double[- ]count\w*|miscount\w*|erroneous\w*|in error|mistaken(ly)?|by mistake|misprint\w*|faulty|overstated|understated|wrongly|inaccurate\w*|amend(ed|s)?|adjusted|reclassif\w+|rather than|instead of|and not|should have (been|read))\b`)},
	{Rises, regexp.MustCompile(`\b(ris(en|es|ing)|rose|so far|has (now )?(reached|climbed|grown)|further|more than .* since|up from|bring(s|ing)? the|additional|climbed|increased|now stands|to date|already|continu\w+ to)\b`)},
	{Retracts, regexp.MustCompile(`\b(withdraw\w*|withdrew|retract\w*|recant\w*|rescind\w*|revoke[sd]?|revoking|repeal\w*|annul\w*|no longer (stands?|valid|applies)|take back|took back|taken back|disregard\w*|null and void|was (incorrect|inaccurate|wrong|mistaken|erroneous|untrue|false|not correct|not accurate|in error)|should not have (been )?(said|stated|issued|published|claimed)|misspoke|did not (correspond|reflect)|is (void|cancelled))\b`)},
	{NoComment, regexp.MustCompile(`\b(no comment|not comment|nothing (further )?to (say|add|announce|share)|say nothing|not going to (speak|comment|get into)|decline[sd]? to (comment|say)|not discuss|neither confirm|(get|getting) into (any |specific |the |operational |hypothetical)*(detail|details|specifics|hypotheticals|that)|get ahead of|leave (it|that) to)\b`)},
	{UnderStudy, regexp.MustCompile(`\b(under (review|examination|consideration|study)|being (reviewed|examined|considered|studied)|(is|are|will be) (review|examin|consider|study|look|assess|weigh)ing|every option|all options|no (final )?decision|not (yet )?(been )?decided|undecided|nothing has been decided|look at (it|this|that|all)|remains open|on the table)\b`)},
	{Unknowing, regexp.MustCompile(`\b(do not know|does not know|don't know|did not know|not possible to (determine|say|establish)|cannot (exclude|rule out|determine|say|be (excluded|ruled out|determined))|can not (exclude|rule out)|remains? (unclear|unknown)|is (unclear|unknown|not clear|not known|an open question|uncertain)|not certain|no certainty|cannot be sure)\b`)},
	{Periodic, regexp.MustCompile(`\b(again|annual(ly)?|yearly|every (year|six months|month)|periodic\w*|rotation|rotate[sd]?|renew\w*|prolong\w*|as (is done )?every|turn|regular\w*|for a further|further (six|twelve|three) months|routine\w*)\b`)},
	{Another, regexp.MustCompile(`\b(another|a separate|separate(ly)?|a third|a second|a further|a different|(the|an) other|elsewhere|neighbou?ring|neighbou?rs?|subsidiary|unrelated|not ours)\b`)},
	{Unchanged, regexp.MustCompile(`\b(unchanged|as (planned|announced|scheduled|agreed|promised|expected|foreseen|stated)|has not changed|hasn 't changed|nothing has changed|remains? (the case|our|the position|in force|valid)|still the case|still stands?|as before|reiterate\w*|reaffirm\w*|no change|same as|stands by|answer stands|finding .* stands)\b`)},
	{Certain, regexp.MustCompile(`\b(no doubt|without (a |any )?doubt|certain(ly)?|categorical\w*|undoubtedly|clearly|definitely|absolutely|convinced|beyond (any |all )?doubt|no question|established|proven|conclusive\w*|sure that)\b`)},
	{NextPeriod, regexp.MustCompile(`\b((next|coming|following|upcoming|first full) (fiscal |financial )?(year|quarter|month|season|term))\b`)},
	{Bounds, regexp.MustCompile(`\b((not|never|cannot) (exceed|rise above|go beyond|be more than|surpass|top)|no (more|higher|larger|greater) than|at most|at the most|not more than|stay below|remain below|kept below)\b`)},
	{PastPeriod, regexp.MustCompile(`\b((last|previous|preceding|past) (fiscal |financial )?(year|season|month|week|summer|winter|spring|autumn|quarter|term|decade|century)|years ago|months ago|formerly|in the past)\b`)},
	{Final, regexp.MustCompile(`\b((one )?(final|last) (time|extension|deadline|date)|for the last time|no later( than)?|not a day (later|longer)|at the latest|final)\b`)},
	{Norm, regexp.MustCompile(`\b(should|ought|must never be|has no business|under no circumstances ought)\b`)},
}

// leads lists, by their first byte, the beginnings that a match of a pattern can have,
// with the patterns they are of: most sentences have hardly any, so that most patterns
// need not be tried.
var leads = sync.OnceValue(func() (table [256][]lead) {
	for n, p := range markPatterns {
		tree, err := syntax.Parse(p.re.String(), syntax.Perl)
		if err != nil {
			panic(err) // it was compiled
		}
		list, _ := beginnings(tree)
		for _, text := range list {
			table[text[0]] = append(table[text[0]], lead{text, n})
		}
	}
	return table
})

// lead is a beginning of what a pattern matches.
type lead struct {
	text    string
	pattern int
}

// beginnings are strings one of which every match of re begins with, and whether they are
// the whole of what it matches. It gives the empty string for what may begin anyhow.
func beginnings(re *syntax.Regexp) (list []string, whole bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}, true
	case syntax.OpEmptyMatch, syntax.OpWordBoundary:
		return []string{""}, true
	case syntax.OpCapture:
		return beginnings(re.Sub[0])
	case syntax.OpQuest:
		list, whole = beginnings(re.Sub[0])
		return append(list, ""), whole
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if len(list) == 16 {
					return []string{""}, false
				}
				list = append(list, string(r))
			}
		}
		return list, true
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			more, all := beginnings(sub)
			list, whole = append(list, more...), whole && all
		}
		return list, whole
	case syntax.OpConcat:
		list, whole = []string{""}, true
		for _, sub := range re.Sub {
			more, all := beginnings(sub)
			if len(list)*len(more) > 64 {
				return list, false
			}
			var longer []string
			for _, a := range list {
				for _, b := range more {
					longer = append(longer, a+b)
				}
			}
			if list, whole = longer, all; !whole {
				break
			}
		}
		return list, whole
	}
	return []string{""}, false
}

func (x *reader) marks(s Sentence) Marks {
	t := x.tree
	text := strings.Join(t.lower, " ")
	m := marksOf(strings.ReplaceAll(text, " n't", " not"))
	for k := len(t.words) - 1; k >= 0 && k >= len(t.words)-3; k-- {
		if t.lower[k] == "?" {
			m |= Asked
		}
	}
	return m
}

// marksOf matches the patterns, each of which begins at the beginning of a word.
func marksOf(text string) Marks {
	var m, tried Marks
	table := leads()
	for i := range len(text) {
		if i > 0 && wordByte(text[i-1]) {
			continue
		}
		for _, l := range table[text[i]] {
			if tried>>l.pattern&1 == 0 && strings.HasPrefix(text[i:], l.text) {
				tried |= 1 << l.pattern
				if p := markPatterns[l.pattern]; p.re.MatchString(text) {
					m |= p.mark
				}
			}
		}
	}
	return m
}

func wordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}
