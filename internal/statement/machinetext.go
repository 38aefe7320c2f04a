package statement

import "strings"

// MachineText is what a language model has written for readers: a translation, or a summary. It is the words of nobody but
// the model, and stands beside an official text, never in its place.
type MachineText struct {
	Model    string `json:"model"`
	Language string `json:"language"` // BCP 47
	Text     string `json:"text"`
}

// Foreign reports whether a text is in another language than its reader's, both as BCP 47. Of what is in no known language,
// nobody knows.
func Foreign(language, reader string) bool {
	base := func(tag string) string {
		first, _, _ := strings.Cut(strings.ToLower(tag), "-")
		return first
	}
	a, b := base(language), base(reader)
	return a != "" && a != "und" && b != "" && a != b
}
