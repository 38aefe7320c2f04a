package statement

import "slices"

// Topic is a standing question: what do these governments hold on these
// propositions? Its terms find statements in any language, its propositions are
// judged in the languages the engine reads.
type Topic struct {
	ID           string        `yaml:"id" json:"id" jsonschema:"required" jsonschema_description:"name to type: lower case letters, digits and dashes"`
	Name         string        `yaml:"name" json:"name" jsonschema:"required" jsonschema_description:"name for people, used in subjects of mails"`
	About        string        `yaml:"about,omitempty" json:"about,omitempty" jsonschema_description:"the question in a sentence"`
	Issuers      []string      `yaml:"issuers,omitempty" json:"issuers,omitempty" jsonschema_description:"ids of the issuers whose statements count (default: all)"`
	Governments  []string      `yaml:"governments,omitempty" json:"governments,omitempty" jsonschema_description:"governments whose issuers count, as in the sources: ISO 3166-1 alpha-2 codes, EU, NATO, UN"`
	Terms        []string      `yaml:"terms,omitempty" json:"terms,omitempty" jsonschema_description:"words and phrases of which a statement must have one, in any language; drone* stands for all words that begin so, upper and lower case are alike"`
	Propositions []Proposition `yaml:"propositions,omitempty" json:"propositions,omitempty" jsonschema_description:"plain English sentences on which each statement's stance is read"`

	// Path is the file the definition was read from.
	Path string `yaml:"-" json:"-"`
	// Replaces is the built-in definition in whose place it stands; empty for none.
	Replaces string `yaml:"-" json:"-"`
}

// Proposition is a plain sentence that a statement may affirm, deny, qualify or
// be silent on.
type Proposition struct {
	ID       string `yaml:"id" json:"id" jsonschema:"required"`
	Text     string `yaml:"text" json:"text" jsonschema:"required" jsonschema_description:"a main clause in the affirmative, with who, what and to whom: Iran supplied drones to Russia."`
	Affirmed string `yaml:"affirmed,omitempty" json:"affirmed,omitempty" jsonschema_description:"what it means to affirm it, in a few words (default: the text)"`
	Denied   string `yaml:"denied,omitempty" json:"denied,omitempty" jsonschema_description:"what it means to deny it, in a few words"`
}

// Watches tells whether a topic is about what an issuer says.
func (t Topic) Watches(issuer Issuer) bool {
	if len(t.Issuers) == 0 && len(t.Governments) == 0 {
		return true
	}
	return slices.Contains(t.Issuers, issuer.ID) || slices.Contains(t.Governments, issuer.Government)
}
