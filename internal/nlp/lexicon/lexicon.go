// Package lexicon is a curated dictionary of the words of diplomacy and politics:
// which verbs and nouns name one kind of event, what a verb says of the clause below
// it, what acts of speech commit a speaker to, and the small words of negation,
// doubt and condition.
//
// The text files beside this one are the dictionary; they are read when first asked
// for. Any number of goroutines may use it.
package lexicon

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

var (
	//go:embed events.txt
	eventsText string
	//go:embed signatures.txt
	signaturesText string
	//go:embed speech.txt
	speechText string
	//go:embed words.txt
	wordsText string
)

// Event is a kind of act, stance or state: to supply, to deny, to be safe.
type Event struct {
	Name string
	// Kind is act, speech, stance, state or change.
	Kind string
	// Verbs, Nouns and Adjectives are the lemmas that name the event; a verb with its
	// particle is two words, "hand over".
	Verbs, Nouns, Adjectives []string
	opposites                []*Event
}

// Opposes tells whether one event undoes or contradicts the other: supply and
// withhold.
func (e *Event) Opposes(o *Event) bool {
	return slices.Contains(e.opposites, o) || slices.Contains(o.opposites, e)
}

// Opposites lists the events that the dictionary sets against this one.
func (e *Event) Opposites() []*Event { return e.opposites }

// Holds tells what becomes of a statement: it holds, it does not, or that is open.
type Holds int8

// The three cases.
const (
	No   Holds = -1
	Open Holds = 0
	Yes  Holds = 1
)

// Frame is how a clause or thing hangs below a word.
type Frame string

// The frames: to do, that it does, doing, and a noun as object.
const (
	To   Frame = "to"
	That Frame = "that"
	Ing  Frame = "ing"
	Obj  Frame = "obj"
)

// Signature tells what a word says of the clause below it, when the word itself is
// affirmed and when it is denied: fail to is {No, Yes}, know that {Yes, Yes}.
type Signature struct{ Affirmed, Denied Holds }

// Factive tells that the clause holds either way.
func (s Signature) Factive() bool { return s.Affirmed == Yes && s.Denied == Yes }

// Act is what someone does by saying something.
type Act string

// The acts of speech and thought.
const (
	Report   Act = "report" // say, tell, write
	Assert   Act = "assert" // stress, insist
	Announce Act = "announce"
	Allege   Act = "allege"
	Admit    Act = "admit"
	Deny     Act = "deny"
	Ask      Act = "ask"
	Promise  Act = "promise"
	Refuse   Act = "refuse"
	Demand   Act = "demand"
	Warn     Act = "warn"
	Condemn  Act = "condemn"
	Praise   Act = "praise"
	Accuse   Act = "accuse"
	Believe  Act = "believe"
)

// Speech is an act with what its speaker holds of what is said: a denial says that
// it is not so, a question neither.
type Speech struct {
	Act    Act
	Stance Holds
}

// Class is one of the small classes of words.
type Class string

// The classes.
const (
	Negator       Class = "negator"      // not, never, without
	NearNegator   Class = "near_negator" // hardly, few
	Privative     Class = "privative"    // former, alleged, fake
	Hedge         Class = "hedge"        // reportedly, perhaps, seem
	Certainty     Class = "certainty"    // categorically, clearly
	Condition     Class = "condition"    // if, unless
	Will          Class = "modal_will"
	Would         Class = "modal_would"
	May           Class = "modal_may"
	Must          Class = "modal_must"
	Restrictor    Class = "restrictor"      // only, merely
	Approximator  Class = "approximator"    // about, some, at least
	All           Class = "quantifier_all"  // all, every, any
	Some          Class = "quantifier_some" // some, several, limited
	TemporalShift Class = "temporal_shift"  // no longer, still, already
	Office        Class = "office"          // president, minister, spokesman
)

type word struct {
	lemma string
	pos   byte
}

type signatureKey struct {
	lemma string
	frame Frame
}

type dictionary struct {
	events     []*Event
	byName     map[string]*Event
	byWord     map[word][]*Event
	signatures map[signatureKey]Signature
	speech     map[string]Speech
	classes    map[string][]Class
}

var load = sync.OnceValue(func() *dictionary {
	d, err := read(eventsText, signaturesText, speechText, wordsText)
	if err != nil {
		panic("lexicon: " + err.Error())
	}
	return d
})

// Events lists the events that a lemma may name. upos is VERB (or AUX), NOUN or ADJ.
// A verb's particle follows after a space, "hand over"; if the dictionary does not
// know the two together, the verb alone counts.
func Events(lemma, upos string) []*Event {
	d := load()
	var pos byte
	switch upos {
	case "VERB", "AUX":
		pos = 'v'
	case "NOUN", "PROPN":
		pos = 'n'
	case "ADJ":
		pos = 'a'
	default:
		return nil
	}
	lemma = strings.ToLower(lemma)
	if e := d.byWord[word{lemma, pos}]; e != nil {
		return e
	}
	if verb, _, ok := strings.Cut(lemma, " "); ok && pos == 'v' {
		return d.byWord[word{verb, pos}]
	}
	return nil
}

// EventNamed gives an event by its name, or nil.
func EventNamed(name string) *Event { return load().byName[name] }

// AllEvents lists the events in the order of the dictionary.
func AllEvents() []*Event { return load().events }

// SignatureOf gives the signature of a lemma ("rule out" with its particle) in a
// frame. It is false where the dictionary is silent: then nothing follows.
func SignatureOf(lemma string, frame Frame) (Signature, bool) {
	s, ok := load().signatures[signatureKey{strings.ToLower(lemma), frame}]
	return s, ok
}

// SpeechOf tells what act of speech or thought a verb or noun names.
func SpeechOf(lemma string) (Speech, bool) {
	s, ok := load().speech[strings.ToLower(lemma)]
	return s, ok
}

// Is tells whether a word, or words with spaces between them, belong to a class.
func Is(words string, c Class) bool {
	return slices.Contains(load().classes[strings.ToLower(words)], c)
}

func read(events, signatures, speech, words string) (*dictionary, error) {
	d := &dictionary{byName: map[string]*Event{}, byWord: map[word][]*Event{}, signatures: map[signatureKey]Signature{},
		speech: map[string]Speech{}, classes: map[string][]Class{}}
	for _, part := range []struct {
		text string
		line func(string) error
	}{{events, d.eventLine()}, {signatures, d.signatureLine}, {speech, d.speechLine}, {words, d.classLine}} {
		for line := range strings.Lines(part.text) {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			if err := part.line(line); err != nil {
				return nil, fmt.Errorf("line %q: %w", line, err)
			}
		}
	}
	return d, nil
}

// eventLine reads the lines of events; names of opposites may come before the
// events themselves.
func (d *dictionary) eventLine() func(string) error {
	var e *Event
	named := func(name string) *Event {
		if d.byName[name] == nil {
			d.byName[name] = &Event{Name: name}
		}
		return d.byName[name]
	}
	return func(line string) error {
		mark, rest, _ := strings.Cut(line, " ")
		if len(mark) == 1 {
			if e == nil {
				return fmt.Errorf("words without an event")
			}
			for _, lemma := range split(rest, ";") {
				k := word{lemma, mark[0]}
				if slices.Contains(d.byWord[k], e) {
					continue
				}
				d.byWord[k] = append(d.byWord[k], e)
				switch mark {
				case "v":
					e.Verbs = append(e.Verbs, lemma)
				case "n":
					e.Nouns = append(e.Nouns, lemma)
				case "a":
					e.Adjectives = append(e.Adjectives, lemma)
				default:
					return fmt.Errorf("no part of speech is called %s", mark)
				}
			}
			return nil
		}
		kind, opposites, _ := strings.Cut(rest, " - ")
		e = named(mark)
		if e.Kind != "" {
			return fmt.Errorf("the event %s comes twice", mark)
		}
		e.Kind = kind
		d.events = append(d.events, e)
		for _, o := range split(opposites, ",") {
			e.opposites = append(e.opposites, named(o))
		}
		return nil
	}
}

func (d *dictionary) signatureLine(line string) error {
	f := strings.Fields(line)
	if len(f) < 4 {
		return fmt.Errorf("too few columns")
	}
	n := len(f)
	affirmed, err := holds(f[n-2])
	if err != nil {
		return err
	}
	denied, err := holds(f[n-1])
	if err != nil {
		return err
	}
	frame := Frame(f[n-3])
	if frame != To && frame != That && frame != Ing && frame != Obj {
		return fmt.Errorf("no frame is called %s", frame)
	}
	d.signatures[signatureKey{strings.Join(f[:n-3], " "), frame}] = Signature{affirmed, denied}
	return nil
}

func (d *dictionary) speechLine(line string) error {
	f := strings.Fields(line)
	if len(f) < 3 {
		return fmt.Errorf("too few columns")
	}
	n := len(f)
	stance, err := holds(f[n-1])
	if err != nil {
		return err
	}
	d.speech[strings.Join(f[:n-2], " ")] = Speech{Act(f[n-2]), stance}
	return nil
}

func (d *dictionary) classLine(line string) error {
	class, words, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("no colon")
	}
	for _, w := range split(words, ";") {
		d.classes[w] = append(d.classes[w], Class(class))
	}
	return nil
}

func holds(sign string) (Holds, error) {
	switch sign {
	case "+":
		return Yes, nil
	case "-":
		return No, nil
	case "?":
		return Open, nil
	}
	return Open, fmt.Errorf("%s is not a sign", sign)
}

// split cuts at a separator and trims; empty pieces are left out.
func split(s, separator string) []string {
	var out []string
	for piece := range strings.SplitSeq(s, separator) {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}
