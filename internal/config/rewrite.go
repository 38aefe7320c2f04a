package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"

	"volteface/internal/statement"
)

// Rewrite gives the file of a source the rules for listing and articles that a
// definition has, and leaves all else as it was written: other keys, their order,
// comments. A key that has other rules loses the comments inside its value.
func Rewrite(content []byte, to statement.Source) ([]byte, error) {
	var from statement.Source
	if err := yaml.Unmarshal(content, &from); err != nil {
		return nil, err
	}
	text := string(content)
	for _, part := range []struct {
		key       string
		old, next any
	}{{"listing", from.Listing, to.Listing}, {"extract", from.Extract, to.Extract}} {
		if reflect.DeepEqual(part.old, part.next) {
			continue
		}
		changed, err := rewriteBlock(text, part.key, part.old, part.next)
		if err != nil {
			return nil, err
		}
		text = changed
	}
	return []byte(text), nil
}

// rewriteBlock replaces the values of a block that differ.
func rewriteBlock(text, key string, old, next any) (string, error) {
	start, end := blockOf(text, key, "")
	if start < 0 || !strings.HasPrefix(text[start:], key+":\n") { // not there, or in one line
		block, err := yaml.MarshalWithOptions(map[string]any{key: next}, yaml.IndentSequence(true))
		if err != nil {
			return "", err
		}
		if start < 0 {
			return strings.TrimRight(text, "\n") + "\n\n" + string(block), nil
		}
		return text[:start] + string(block) + text[end:], nil
	}
	block := text[start:end]
	before, after := reflect.ValueOf(old), reflect.ValueOf(next)
	for i := range after.NumField() {
		if reflect.DeepEqual(before.Field(i).Interface(), after.Field(i).Interface()) {
			continue
		}
		name, _, _ := strings.Cut(after.Type().Field(i).Tag.Get("yaml"), ",")
		lines := ""
		if !after.Field(i).IsZero() {
			written, err := yaml.MarshalWithOptions(map[string]any{name: after.Field(i).Interface()}, yaml.IndentSequence(true))
			if err != nil {
				return "", err
			}
			for line := range strings.SplitSeq(strings.TrimRight(string(written), "\n"), "\n") {
				lines += "  " + line + "\n"
			}
		}
		if at, to := blockOf(block, name, "  "); at >= 0 {
			block = block[:at] + lines + block[to:]
		} else {
			block = strings.TrimRight(block, "\n") + "\n" + lines + block[len(strings.TrimRight(block, "\n"))+1:]
		}
	}
	if strings.TrimSpace(block) == key+":" {
		return "", fmt.Errorf("nothing is left of %s", key)
	}
	return text[:start] + block + text[end:], nil
}

// blockOf is where a key and its value stand, at an indentation: up to the next key
// of the same, comments before which are its own.
func blockOf(text, key, indent string) (start, end int) {
	at, start, end := 0, -1, len(text)
	comment := -1 // where comments before the next key begin
	for line := range strings.SplitAfterSeq(text, "\n") {
		bare := strings.TrimRight(line, "\n")
		inside := strings.HasPrefix(bare, indent) && len(bare) > len(indent)
		here := inside && bare[len(indent)] != ' ' && bare[len(indent)] != '#' && bare[len(indent)] != '-'
		switch {
		case start < 0 && here && strings.HasPrefix(bare[len(indent):], key+":"):
			start = at
		case start >= 0 && (here || bare != "" && !strings.HasPrefix(bare, indent)):
			if comment >= 0 {
				return start, comment
			}
			return start, at
		case start >= 0 && (strings.TrimSpace(bare) == "" || strings.HasPrefix(bare, indent+"#")):
			if comment < 0 {
				comment = at
			}
		case start >= 0:
			comment = -1
		}
		at += len(line)
	}
	if start >= 0 && comment >= 0 {
		end = comment
	}
	return start, end
}
