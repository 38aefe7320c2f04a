package diff

import "strings"

// Quiet hedges are the small words that turn a flat denial or promise into one
// that holds today, or as far as is known: "at this time", "to our knowledge".
// Taken alone they say little, which is why they are put in; to those who follow
// a position they are the news. Each list is of phrases that mean the same, so
// that one for another is no change.
var quietHedges = func() map[string]string {
	phrases := map[string]string{}
	for sense, list := range map[string]string{
		"now": `at this time|at this point|at this point in time|at this moment|at the moment|at this stage|at this juncture|at the present time|at present|at the current time|
			currently|presently|for now|for the moment|for the time being|right now|just now|as of now|as of today|as of this date|as of this morning|as things stand|as it stands|as matters stand|
			as yet|yet|so far|thus far|to date|until now|up to now|up until now|hitherto|to this day|in the current circumstances|under the current circumstances|under current circumstances|
			under present circumstances|under the present circumstances|in the present circumstances|in current circumstances|in the short term|in the near term|in the foreseeable future|
			in the near future|any longer|any more|anymore|still|today|temporarily|provisionally|for the present|in its current form|in its present form|in this form`,
		"known": `to our knowledge|to my knowledge|to its knowledge|to the best of our knowledge|to the best of my knowledge|to the best of its knowledge|to the best of their knowledge|
			as far as we know|as far as i know|as far as is known|as far as it is known|so far as we know|so far as is known|as far as we are aware|as far as i am aware|
			to the ministry's knowledge|to the government's knowledge|on present information|on current information|based on current information|according to available information|
			based on available information|on the available evidence|as far as can be established|in our understanding|to our understanding|from what we know|from what i know`,
		"view": `in our view|in my view|in its view|in our opinion|in my opinion|in our judgment|in our judgement|in our assessment|we believe|we think|i believe|i think|it seems|it appears|it would seem|it would appear|in a sense|in a way|so to speak`,
		"partly": `in principle|in general|generally|generally speaking|as a rule|normally|ordinarily|usually|typically|mostly|largely|mainly|chiefly|primarily|for the most part|by and large|in the main|on the whole|
			essentially|broadly|broadly speaking|in large part|in part|partly|partially|to some extent|to a certain extent|to a degree|in some respects|in most cases|in some cases|where possible|
			where appropriate|if necessary|as appropriate|necessarily|entirely|wholly|altogether|exclusively|solely|always|per se|as such|strictly speaking|technically|in the strict sense|in practice|in theory|
			until further notice|barring new developments|barring unforeseen circumstances|unless circumstances change|all things being equal`,
		"manner": `officially|formally|publicly|directly|knowingly|wittingly|intentionally|deliberately|willingly|consciously|on purpose|unilaterally|specifically|explicitly|expressly|personally|actively|with certainty|
			with full certainty|definitively|conclusively|independently`,
	} {
		for phrase := range strings.SplitSeq(list, "|") {
			phrases[strings.Join(strings.Fields(phrase), " ")] = sense
		}
	}
	return phrases
}()

// longestHedge is how many words a quiet hedge has at most.
const longestHedge = 7

// quietly finds the quiet hedges among the words of a sentence, by their sense, and
// tells which words they are, and whether one is of several words: single ones
// ("still", "directly") have other uses. Of phrases that overlap the longest counts.
func quietly(list []word) (senses []string, of map[int32]bool, phrased bool) {
	of = map[int32]bool{}
	for i := 0; i < len(list); i++ {
		phrase, longest, sense := "", 0, ""
		for n := 0; n < longestHedge && i+n < len(list); n++ {
			w := list[i+n]
			if w.form == aMark {
				break
			}
			phrase = strings.TrimSpace(phrase + " " + w.lower)
			if s, is := quietHedges[phrase]; is {
				longest, sense = n+1, s
			}
		}
		if longest == 0 {
			continue
		}
		senses, phrased = append(senses, sense), phrased || longest > 1
		for _, w := range list[i : i+longest] {
			of[w.tokens.start] = true
		}
		i += longest - 1
	}
	return senses, of, phrased
}

// quieted tells whether a quiet hedge came or went with little else; a single word
// only in a sentence that denies, promises or takes a side. One that came in place of another
// of the same sense is no change.
func quieted(ch *change) bool {
	was, wasOf, _ := quietly(ch.was)
	is, isOf, _ := quietly(ch.sentence)
	a, b := unshared(was, is)
	if len(a)+len(b) == 0 {
		return false
	}
	touched := func(list []word, of map[int32]bool) (hedge bool, others int) {
		for _, w := range list {
			switch {
			case of[w.tokens.start]:
				hedge = true
			case w.form != aMark && !w.light:
				others++
			}
		}
		return hedge, others
	}
	went, rest := touched(ch.gone, wasOf)
	came, more := touched(ch.come, isOf)
	_, _, left := quietly(ch.gone)
	_, _, put := quietly(ch.come)
	return (went || came) && rest+more <= 2 && (left || put || flat(ch.was) || flat(ch.sentence))
}

// flat tells whether a sentence takes a position: it denies, binds or judges.
func flat(list []word) bool {
	for _, w := range list {
		if has(negations, w.lower) || has(stands, w.lower) || has(modals, w.lower) && w.text != "May" || has(strengths, w.lower) && w.lower != "call" && w.lower != "calls" {
			return true
		}
	}
	return false
}

// stands are the words of those who take or rule out a position.
var stands = set(`support supports supported oppose opposes opposed accept accepts recognise recognises recognize recognizes rule rules ruled exclude excludes excluded
	unaware unable unwilling aware lack lacks impossible false untrue baseless unfounded groundless committed commits commit guarantee guarantees pledge pledges
	remain remains stand stands abide abides comply complies adhere adheres respect respects bound binding ready prepared willing confirm confirms insist insists
	maintain maintains favour favours favor favors policy position`)
