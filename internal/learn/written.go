package learn

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"volteface/internal/statement"
)

// Written is a definition as a file, with comments that say where each part comes
// from and what to look at. remarks stand at the top.
func Written(src statement.Source, remarks []string) ([]byte, error) {
	var b strings.Builder
	for _, r := range remarks {
		for _, l := range wrapped(r, 96) {
			fmt.Fprintf(&b, "# %s\n", l)
		}
	}
	put := func(comment string, part any) error {
		text, err := yaml.MarshalWithOptions(part, yaml.IndentSequence(true))
		if err != nil {
			return err
		}
		s := strings.TrimSpace(string(text))
		if s == "{}" || s == "" {
			return nil
		}
		if comment != "" {
			fmt.Fprintf(&b, "# %s\n", comment)
		}
		b.WriteString(s + "\n")
		return nil
	}
	head := statement.Source{ID: src.ID, Issuer: src.Issuer, Kind: src.Kind, URL: src.URL}
	if src.Kind == statement.KindPage {
		head.URL, head.Pages = "", src.Pages
	}
	type part struct {
		comment string
		value   any
	}
	for _, p := range []part{
		{"", struct {
			ID     string           `yaml:"id"`
			Issuer statement.Issuer `yaml:"issuer"`
			Kind   statement.Kind   `yaml:"kind"`
			URL    string           `yaml:"url,omitempty"`
		}{head.ID, head.Issuer, head.Kind, head.URL}},
		{"Each page is a statement from its first sight; every later wording is told.", struct {
			Pages []statement.WatchedPage `yaml:"pages,omitempty"`
		}{head.Pages}},
		{"", struct {
			Tags     []string `yaml:"tags,omitempty"`
			Language string   `yaml:"language,omitempty"`
			Timezone string   `yaml:"timezone,omitempty"`
			Speakers []string `yaml:"speakers,omitempty"`
		}{src.Tags, src.Language, src.Timezone, src.Speakers}},
		{"", struct {
			Include   []string                 `yaml:"include,omitempty"`
			Authority statement.Representation `yaml:"authority,omitempty"`
			Document  statement.DocumentRule   `yaml:"document,omitempty"`
		}{src.Include, authorityOf(src), src.Document}},
		{"Where a page of the listing keeps its items; all but next is looked up inside an item.", struct {
			Listing statement.ListingRules `yaml:"listing,omitempty"`
		}{src.Listing}},
		{"Where the answer keeps its items (paths are GJSON).", struct {
			API statement.APIRules `yaml:"api,omitempty"`
		}{src.API}},
		{"Where the page of a statement keeps its parts; what is left out is left to what the page says of itself.", struct {
			Extract statement.ExtractRules `yaml:"extract,omitempty"`
		}{src.Extract}},
	} {
		if err := put(p.comment, p.value); err != nil {
			return nil, err
		}
	}
	return []byte(b.String()), nil
}

// authorityOf is the authority of a source, left out where it is the page.
func authorityOf(src statement.Source) statement.Representation {
	if src.Authority == statement.FromPage {
		return ""
	}
	return src.Authority
}

// wrapped breaks a text into lines of at most so many characters.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for w := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(w)) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}
