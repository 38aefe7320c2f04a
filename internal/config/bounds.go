package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/goccy/go-yaml/token"

	"volteface/internal/statement"
)

// Bounds of a file that people write, asked before it is parsed: the parser
// takes memory by the square of the depth, 24 GB for 200,000 brackets.
const (
	maxFile    = 256 << 10 // bytes
	maxTokens  = 50_000
	maxDepth   = 50
	maxAliases = 100 // *name: each may stand for much
)

// ReadFile reads a file that people write, such as the configuration or the
// definition of a source. It refuses what is no regular file, or too long.
func ReadFile(path string) ([]byte, error) { return statement.ReadFile(path, maxFile) }

// ownFolder is a folder of the user's definitions, read by ReadFile.
type ownFolder struct {
	fs.FS
	path string
}

// ReadFile reads a file of the folder.
func (f ownFolder) ReadFile(name string) ([]byte, error) {
	return ReadFile(filepath.Join(f.path, filepath.FromSlash(name)))
}

// tooMuch says what is too large or too deep in a file, and where; nil if nothing is.
func tooMuch(tokens token.Tokens) (at *token.Token, err error) {
	if len(tokens) > maxTokens {
		return tokens[maxTokens], fmt.Errorf("the file holds more than %d words and signs", maxTokens)
	}
	var columns []int // of the keys and dashes that the present one stands within
	flow, prefixes, aliases := 0, 0, 0
	for i, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(0, flow-1)
		case token.AliasType:
			if aliases++; aliases > maxAliases {
				return t, fmt.Errorf("more than %d aliases", maxAliases)
			}
		}
		switch t.Type {
		case token.AnchorType, token.TagType, token.SequenceEntryType, token.MappingKeyType: // each holds what follows
			prefixes++
		case token.StringType: // or is the name of an anchor
			if i == 0 || tokens[i-1].Type != token.AnchorType {
				prefixes = 0
			}
		default:
			prefixes = 0
		}
		if flow == 0 && (t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType || i+1 < len(tokens) && tokens[i+1].Type == token.MappingValueType) {
			for len(columns) > 0 && columns[len(columns)-1] >= t.Position.Column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, t.Position.Column)
		}
		if flow+len(columns) > maxDepth || prefixes > maxDepth {
			return t, errors.New("what is written here lies too deep within other lists and mappings")
		}
	}
	return nil, nil
}
