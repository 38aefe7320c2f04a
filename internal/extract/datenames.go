package extract

import (
	_ "embed"
	"strings"
)

// datenames are the names of months and days of some eighty languages in all
// their regions, as the Unicode CLDR has them; generate tells how the file is
// made, LICENSE-CLDR is its licence.
//
//go:embed datenames.txt
var datenames string

// namedAs are languages whose names stand under another code.
var namedAs = map[string]string{"no": "nb", "prs": "fa", "tl": "fil", "iw": "he", "mo": "ro", "cnr": "sr", "sh": "sr"}

// published is the section of a language in datenames, "" for none.
func published(language string) string {
	if other, ok := namedAs[language]; ok {
		language = other
	}
	_, section, found := strings.Cut(datenames, "\n"+language+"\n")
	if !found || language == "" {
		return ""
	}
	for end := 0; end < len(section); {
		if section[end] != ' ' {
			return section[:end]
		}
		line := strings.IndexByte(section[end:], '\n')
		if line < 0 {
			break
		}
		end += line + 1
	}
	return section
}

// publishedLists are the words of a language's section.
func publishedLists(language string) (lists []wordList) {
	for line := range strings.Lines(published(language)) {
		kind, words, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch kind {
		case "g":
			lists = append(lists, monthList(gregorian, words))
		case "d":
			lists = append(lists, dayList(words))
		case "a":
			lists = append(lists, plainList(morning, 0, words))
		case "p":
			lists = append(lists, plainList(afternoon, 0, words))
		case "w":
			lists = append(lists, plainList(filler, 0, words))
		case "j":
			lists = append(lists, monthList(jalali, words))
		case "l":
			lists = append(lists, monthList(lunar, words))
		}
	}
	return lists
}
