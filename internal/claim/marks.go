package claim

import (
	"regexp"
	"strings"
)

// Patterns are matched against the words of a sentence in small letters, joined by blanks.
var markPatterns = []struct {
	mark Marks
	re   *regexp.Regexp
}{
	{Corrects, regexp.MustCompile(`\b(correct(ed|ion|s)?|revis(e|ed|es|ing|ion)|replac(e|ed|es|ing)|restate[ds]?|recount(ed)?|counted (twice|more than once|double)|double[- ]count\w*|miscount\w*|erroneous\w*|in error|mistaken(ly)?|by mistake|misprint\w*|faulty|overstated|understated|wrongly|inaccurate\w*|amend(ed|s)?|adjusted|reclassif\w+|rather than|instead of|and not|should have (been|read))\b`)},
	{Rises, regexp.MustCompile(`\b(ris(en|es|ing)|rose|so far|has (now )?(reached|climbed|grown)|further|more than .* since|up from|bring(s|ing)? the|additional|climbed|increased|now stands|to date|already|continu\w+ to)\b`)},
	{Retracts, regexp.MustCompile(`\b(withdraw\w*|withdrew|retract\w*|recant\w*|rescind\w*|no longer (stands?|valid|applies)|take back|took back|taken back|disregard\w*|null and void|was (incorrect|inaccurate|wrong|mistaken|erroneous|untrue|false|not correct|not accurate|in error)|should not have (been )?(said|stated|issued|published|claimed)|misspoke|did not (correspond|reflect)|is (void|cancelled))\b`)},
	{NoComment, regexp.MustCompile(`\b(no comment|not comment|nothing (further )?to (say|add|announce|share)|say nothing|not going to (speak|comment|get into)|decline[sd]? to (comment|say)|not discuss|neither confirm)\b`)},
	{UnderStudy, regexp.MustCompile(`\b(under (review|examination|consideration|study)|being (reviewed|examined|considered|studied)|(is|are|will be) (review|examin|consider|study|look|assess|weigh)ing|every option|all options|no (final )?decision|not (yet )?(been )?decided|undecided|nothing has been decided|look at (it|this|that|all)|remains open|on the table)\b`)},
	{Unknowing, regexp.MustCompile(`\b(do not know|does not know|don't know|did not know|not possible to (determine|say|establish)|cannot (exclude|rule out|determine|say|be (excluded|ruled out|determined))|can not (exclude|rule out)|remains? (unclear|unknown)|is (unclear|unknown|not clear|not known|an open question|uncertain)|not certain|no certainty|cannot be sure)\b`)},
	{Periodic, regexp.MustCompile(`\b(again|annual(ly)?|yearly|every (year|six months|month)|periodic\w*|rotation|rotate[sd]?|renew\w*|prolong\w*|as (is done )?every|turn|regular\w*|for a further|further (six|twelve|three) months|routine\w*)\b`)},
	{Another, regexp.MustCompile(`\b(another|a separate|separate(ly)?|a third|a different|different|other|elsewhere|neighbou?ring|subsidiary|unrelated|not ours)\b`)},
	{Unchanged, regexp.MustCompile(`\b(unchanged|has not changed|hasn 't changed|nothing has changed|remains? (the case|our|the position|in force|valid)|still the case|still stands?|as before|reiterate\w*|reaffirm\w*|no change|same as|stands by|answer stands|finding .* stands)\b`)},
	{Certain, regexp.MustCompile(`\b(no doubt|without (a |any )?doubt|certain(ly)?|categorical\w*|undoubtedly|clearly|definitely|absolutely|convinced|beyond (any |all )?doubt|no question|established|proven|conclusive\w*|sure that)\b`)},
	{NextPeriod, regexp.MustCompile(`\b((next|coming|following|upcoming|first full) (fiscal |financial )?(year|quarter|month|season|term))\b`)},
	{Final, regexp.MustCompile(`\b((one )?(final|last) (time|extension|deadline|date)|for the last time|no later( than)?|not a day (later|longer)|at the latest|final)\b`)},
	{Norm, regexp.MustCompile(`\b(should|ought|must never be|has no business|under no circumstances ought)\b`)},
}

func (x *reader) marks(s Sentence) Marks {
	t := x.tree
	text := strings.Join(t.lower, " ")
	text = strings.ReplaceAll(text, " n't", " not")
	var m Marks
	for _, p := range markPatterns {
		if p.re.MatchString(text) {
			m |= p.mark
		}
	}
	for k := len(t.words) - 1; k >= 0 && k >= len(t.words)-3; k-- {
		if t.lower[k] == "?" {
			m |= Asked
		}
	}
	return m
}
