package sqlite

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"volteface/internal/statement"
)

// packNames makes a list of names one column, a name a line; a backslash keeps
// a line break inside a name, or a backslash, from being taken for the end.
func packNames(names []string) string {
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1 && names[0] != "" && !strings.ContainsAny(names[0], "\n\\"):
		return names[0]
	}
	var b strings.Builder
	for _, name := range names {
		_, _ = escape.WriteString(&b, name) // a strings.Builder does not fail
		b.WriteByte('\n')
	}
	return b.String()
}

var escape = strings.NewReplacer("\\", "\\\\", "\n", "\\n")

func unpackNames(text string) []string {
	if text == "" {
		return nil
	}
	names := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, name := range names {
		if strings.Contains(name, "\\") {
			names[i] = unescape(name)
		}
	}
	return names
}

func unescape(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "\\")
		b.WriteString(before)
		if !found || after == "" {
			return b.String()
		}
		if after[0] == 'n' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(after[0])
		}
		text = after[1:]
	}
}

// packHeader writes the fields as they go over the wire, sorted by name, and
// with the bytes as they came: servers send other encodings than UTF-8, and
// the header is evidence. A line break inside a value becomes a space, as
// http.Header.Write has it.
func packHeader(header http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			b.WriteString(name)
			b.WriteString(": ")
			if strings.ContainsAny(value, "\r\n") {
				value = strings.NewReplacer("\r", " ", "\n", " ").Replace(value)
			}
			b.WriteString(value)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func unpackHeader(text string) http.Header {
	header := http.Header{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, found := strings.Cut(line, ": "); found {
			header[name] = append(header[name], value)
		}
	}
	return header
}

func packHops(hops []statement.Hop) (string, error) {
	if len(hops) == 0 {
		return "", nil
	}
	packed, err := json.Marshal(hops)
	return string(packed), err
}

func unpackHops(text string) (hops []statement.Hop, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &hops)
	}
	return hops, err
}

func packReversal(r *statement.Reversal) (string, error) {
	if r == nil {
		return "", nil
	}
	packed, err := json.Marshal(r)
	return string(packed), err
}

func unpackReversal(text string) (r *statement.Reversal, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &r)
	}
	return r, err
}

// packKinds writes kinds of edit with a space between them.
func packKinds(kinds []statement.EditKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, " ")
}

func unpackKinds(packed string) (kinds []statement.EditKind) {
	for word := range strings.FieldsSeq(packed) {
		kinds = append(kinds, statement.EditKind(word))
	}
	return kinds
}
