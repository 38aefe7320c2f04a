package extract

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"volteface/internal/statement"
)

// CheckLanguage tells what is wrong with a language that a person wrote: it is a tag of
// BCP 47 whose parts are registered, in its usual form, such as en, fa or zh-Hant.
func CheckLanguage(tag string) error {
	known, err := language.Parse(tag)
	switch {
	case err != nil || known == language.Und:
		return statement.WithHint(fmt.Errorf("%q is not the code of a language", tag), "write a code of BCP 47: en is English, fa Persian, zh-Hant Chinese in traditional characters")
	case !strings.EqualFold(known.String(), tag):
		return statement.WithHint(fmt.Errorf("%q is not how BCP 47 writes a language", tag), fmt.Sprintf("write %s", known))
	}
	return nil
}
