package claim

import (
	"strings"
	"testing"
)

// What each rule of reading makes of a sentence: the sign of a predicate, and whether a
// flag stands on it. All hold only by the rule that the comment names.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		text, predicate string
		sign            int8
		has, lacks      Flags
	}{
		{"I deny that there is a meeting.", "meeting", -1, Denial, 0},                                                                                                                 // there is, under a denial
		{"The Authority will never let the naval quay to a foreign operator.", "let", -1, Universal, 0},                                                                               // a light verb with a thing
		{"It is not the case that the cores have melted down.", "melt_down", -1, 0, 0},                                                                                                // what is not the case
		{"Today I signed a pardon for the general.", "pardon", 1, 0, Mention},                                                                                                         // performed
		{"We oppose unilateral efforts to change the border.", "change", -1, 0, 0},                                                                                                    // efforts are plans
		{"Secretary Austin addressed that when he talked about conversations with our Israelis about not — not turning tactical victories into strategic defeats.", "turn", -1, 0, 0}, // a negation said twice
		{"Trains that carry coal must report it.", "carry", 1, Condition, 0},                                                                                                          // a kind, of which there need not be any
		{"Going to the Fund is not on our agenda.", "go_to", -1, 0, 0},                                                                                                                // on no agenda
		{"We have not provided weaponry to any side.", "provide", -1, Universal, 0},                                                                                                   // any
		{"Our soldiers will not open fire on anyone, except in defence of their lives.", "open_fire", -1, Restricted, Universal},                                                      // an exception
		{"Q But the lease expires in June.\n\nWe will not extend it.", "extend", -1, 0, Question},                                                                                     // a question without a label after it
		{"I'm not — I've spent the money.", "spend", 1, 0, 0},                                                                                                                         // begun anew
		{"We are sparing no effort to rescue the miners.", "rescue", 1, 0, 0},                                                                                                         // no effort spared
		{"The last thing we want is a war.", "war", -1, 0, 0},                                                                                                                         // the last thing
		{"We are not here to rule out a ban.", "rule_out", -1, 0, 0},                                                                                                                  // what one is not here for
		{"Now is not the time to lift the sanctions.", "lift", -1, 0, 0},                                                                                                              // no time
		{"It is not in our interest for them to acquire the technology.", "acquire", -1, 0, 0},                                                                                        // no interest
		{"Without new funding, we will not be able to buy the vaccine.", "buy", -1, Condition, 0},                                                                                     // a condition
		{"They want to repeal the law.", "repeal", 1, Reported, 0},                                                                                                                    // what others want
		{"We will never forget to honor the veterans.", "honor", 1, 0, 0},                                                                                                             // forgetting
		{"Why don't we start with the doctor.", "start", -1, Question, 0},                                                                                                             // a suggestion
		{"Money will no longer be used to construct a wall.", "construct", -1, 0, 0},                                                                                                  // used no longer
		{"Q Is the government sending troops?\n\nWe are not.", "send_troops", -1, 0, 0},                                                                                               // an answer of two words
		{"I don't want to get into negotiating from the podium.", "negotiate", -1, 0, 0},                                                                                              // what one does not get into
		{"We are not there to negotiate.", "negotiate", -1, 0, 0},                                                                                                                     // what one is not there for
		{"Our forces are not going to Europe to fight in Ukraine but to defend our allies.", "defend", 1, 0, 0},                                                                       // not this but that
		{"We do not intend to negotiate but to sign.", "negotiate", -1, 0, 0},                                                                                                         // the first part of it
		{"So nobody making less than 400,000 bucks will pay a penny more in taxes.", "pay", -1, 0, 0},                                                                                 // nobody, with a participle
	} {
		found := false
		for _, x := range Analyse(c.text, Speaker{}).Claims {
			if x.Predicate == c.predicate && x.Sign == c.sign && x.Flags&c.has == c.has && !x.Flags.Has(c.lacks) {
				found = true
			}
		}
		if !found {
			t.Errorf("%q: no claim of %s with sign %d", c.text, c.predicate, c.sign)
			for _, x := range Analyse(c.text, Speaker{}).Claims {
				t.Logf("  %s", &x)
			}
		}
	}
}

// What no sentence is read to claim.
func TestReadsNoMore(t *testing.T) {
	for _, c := range []struct {
		text, predicate string
		is              func(c *Claim) bool
	}{
		{"I'm not going to close the camp.", "go_to", func(*Claim) bool { return true }},                                            // nobody goes anywhere
		{"We don't have any update for you on the release of the hostages.", "release", func(c *Claim) bool { return c.Sign != 0 }}, // no news says nothing of it
		{"American families bought Russian oil.", "buy", func(c *Claim) bool { return c.By == Issuer }},                             // peoples do not act for their state
		{"We will stop to remember the victims.", "remember", func(c *Claim) bool { return c.Sign < 0 }},                            // a purpose, not an end
		{"We support their attempt to build a wall.", "build", func(c *Claim) bool { return !c.Flags.Has(Reported) }},               // others' attempts
	} {
		claims := Analyse(c.text, Speaker{Issuer: "The White House", Government: "US"}).Claims
		for i := range claims {
			if x := &claims[i]; x.Predicate == c.predicate && c.is(x) {
				t.Errorf("%q: %s", c.text, x)
			}
		}
	}
}

// A name with a number stays one word, and a pronoun takes up what is spoken of.
func TestWordsOfClaims(t *testing.T) {
	for _, c := range []struct{ text, predicate, word string }{
		{"We will deliver F-16s to Ukraine.", "deliver", "f-16"},
		{"The dam has been repaired. It is not cracked.", "crack", "dam"},
	} {
		found := false
		for _, x := range Analyse(c.text, Speaker{}).Claims {
			for _, a := range x.Args {
				found = found || x.Predicate == c.predicate && a.Word == c.word
			}
		}
		if !found {
			t.Errorf("%q: %s does not speak of %s", c.text, c.predicate, c.word)
		}
	}
}

// Who speaks a sentence that stands in quotation marks.
func TestQuotations(t *testing.T) {
	const sold = "We have sold the frigates."
	for _, c := range []struct {
		text  string
		voice Voice
	}{
		{"Sen. Ann Lee: “The port is closed. We have sold the frigates.” [Tweet, 2/7/23]", Foreign},
		{"Ann Lee, Mayor of Norville: “We have sold the frigates.”", Foreign},
		{"Minister Ann Lee: “We have sold the frigates.”", Own},
		{"The minister added: “The port is closed. We have sold the frigates.”", Own},
		{"“The port is closed. We have sold the frigates.”", Own},
		{"THE PRESIDENT: My father would say, “The port is closed. We have sold the frigates.” And he was right.", Foreign},
		{"THE PRESIDENT: In May I said, “The port is closed. We have sold the frigates.” And I stand by it.", Own},
		{"THE PRESIDENT: He wrote a “letter.” We have sold the frigates.", Own},
	} {
		a := Analyse(c.text, Speaker{})
		found := false
		for _, s := range a.Sentences {
			if !strings.Contains(c.text[s.Start:s.End], "frigates") {
				continue
			}
			if found = true; s.Voice != c.voice {
				t.Errorf("%s: voice %d, not %d", c.text, s.Voice, c.voice)
			}
		}
		if !found {
			t.Errorf("%s: no sentence of %q", c.text, sold)
		}
	}
}

// Which figures a text calls wrong or out of reach.
func TestDeniedFigures(t *testing.T) {
	for text, denied := range map[string]bool{
		"His initial goal of 62,500 seems unlikely.":         true,
		"The goal of 62,500 does not seem unlikely.":         false,
		"It was 40 people, not 400.":                         true,
		"We will not achieve 62,500 admissions this year.":   false,
		"The president is revising the cap to 62,500 today.": false,
	} {
		found := false
		for _, s := range Analyse(text, Speaker{}).Sentences {
			for _, q := range s.Quantities {
				found = found || q.Denied
			}
		}
		if found != denied {
			t.Errorf("%s: denied %v", text, found)
		}
	}
}
