package reversal

// feature is a place in the vector that the ranker weighs.
type feature int

// The features. All lie between 0 and 1 unless said otherwise.
const (
	fSign          feature = iota // the rule: opposite signs on one event
	fNumber                       // another number
	fBlame                        // another culprit
	fRetract                      // a statement is taken back
	fDoubt                        // certainty is given up
	fLemma                        // signs: the same word, or one derived from it
	fAxis                         // signs: words of one axis
	fBroad                        // signs: the words stand on many axes, and say little
	fNear                         // signs: words used alike
	fAntonym                      // signs: two opposite words, neither negated
	fScalar                       // signs: a movement up against one down
	fCover                        // how much of the denied claim the other speaks of
	fCoverBack                    // how much of the other claim the denied one speaks of
	fCoverLow                     // the lesser of both
	fHeads                        // the same as fCover, of the heads of phrases alone
	fShared                       // how much is shared, in rare words; 1 is three and more
	fNameMiss                     // names of the denied claim that the other lacks
	fNameMissBack                 // names of the other that the denied claim lacks
	fNameHit                      // names that both have
	fActor                        // different parties act
	fBothIssuer                   // the issuer acts on both sides
	fDate                         // different years or periods
	fNorm                         // one is a norm
	fOpen                         // one is conditional, hedged, or a mere possibility
	fMention                      // one is only mentioned or presupposed
	fAnother                      // a sentence speaks of another, separate, third one
	fRoutine                      // renewed or unchanged as always
	fStrong                       // denied in so many words, or without exception
	fProgress                     // not yet done, then done; done, then to be done no more
	fPlanBroken                   // a plan or rule against what then is or is planned
	fBare                         // hardly any arguments to align
	fCorrects                     // numbers: the sentence speaks of a correction
	fRejectsNumber                // numbers: the old number itself is rejected
	fRises                        // numbers: counts that grow
	fUnit                         // numbers: the same unit
	fFar                          // numbers: how far apart, 1 is a factor of four
	fRough                        // numbers: one is rough
	fDayNamed                     // retractions: the day of the earlier statement is named
	fTopic                        // a report or idea is rejected as such
	fAgree                        // one of the claims is said again with the same sign
	fPolicy                       // numbers: a limit or target that is set
	fFalls                        // numbers: a count that can only grow has fallen
	fApart                        // numbers: days between the statements, 1 is two months and more
	fPlace                        // a country that the other side does not speak of
	fHeadsBack                    // fHeads of the other claim
	fModifier                     // a kind or name of the thing that the other side does not speak of
	fHeadMiss                     // what the denied claim is chiefly about and the other lacks
	fMoved                        // the rule: a plan's date is moved
	fFinal                        // dates: it was to be the last
	fTheme                        // what the claims are said of does not match
	fThere                        // the rule: what there was not to be is spoken of as being there
	fMutual                       // each side names what the other does not speak of
	fSibling                      // a broad name in common, but each side has its own words about it
	features
)

var featureNames = [features]string{"rule: opposite signs", "rule: another number", "rule: another culprit", "rule: retraction", "rule: certainty given up",
	"same word", "same axis of meaning", "words of many meanings", "words used alike", "opposite words", "up against down",
	"earlier covered", "later covered", "least covered", "heads covered", "rare words shared", "names missing", "names missing (other side)", "names shared",
	"different parties", "issuer acts in both", "different dates", "a norm", "conditional or hedged", "only mentioned", "another case", "routine or unchanged",
	"flat denial", "progress of events", "plan against act", "little to align", "a correction", "the old number rejected", "a growing count", "same unit",
	"numbers far apart", "a rough number", "the earlier statement's day named", "a report rejected", "said again elsewhere", "a limit or target", "a count that fell", "days apart", "another country", "heads covered (other side)", "another kind of thing", "chief words missing", "rule: a moved date", "it was to be the last", "said of another thing", "rule: it is there after all", "each names something else", "another thing of a kind"}

// vector is what the ranker sees of a candidate.
type vector [features]float64

// candidate is two sentences that may stand against each other.
type candidate struct {
	rule   feature // fSign … fDoubt
	a, b   int     // sentences
	ca, cb int     // claims, -1 for none
	qa, qb int     // quantities, -1 for none
	kind   string
	x      vector
	score  float64
}
