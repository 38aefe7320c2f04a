package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"volteface/internal/statement"
)

// Error is a mistake in a file, with its place.
type Error struct {
	File         string
	Line, Column int // from 1; 0 if unknown
	Err          error
	Hint         string
}

func (e *Error) Error() string {
	what := e.Err.Error()
	if runes := []rune(what); len(runes) > longestMistake { // it quotes a value
		what = string(runes[:longestMistake/2]) + " … " + string(runes[len(runes)-longestMistake/2:])
	}
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, what)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, what)
}

// longestMistake is the most letters of a mistake that are shown: its beginning
// and its end.
const longestMistake = 400

// Unwrap gives the mistake without its place, with the hint if there is one.
func (e *Error) Unwrap() error { return statement.WithHint(e.Err, e.Hint) }

// document is a parsed file that knows where its values stand.
type document struct {
	name string
	root *ast.File
}

// decode reads YAML strictly into v, which must be a pointer to a struct.
func decode(name string, content []byte, getenv func(string) string, v any) (*document, error) {
	if line := indentedByTab(content); line > 0 {
		return nil, &Error{File: name, Line: line, Column: 1, Err: errors.New("the line begins with a tab"), Hint: "YAML is indented with spaces"}
	}
	d := &document{name: name}
	const short = "a file for volteface is a page or two, a few steps deep"
	if len(content) > maxFile {
		return nil, &Error{File: name, Err: fmt.Errorf("%d bytes are more than the %d that are read", len(content), maxFile), Hint: short}
	}
	tokens := lexer.Tokenize(string(content))
	if at, err := tooMuch(tokens); err != nil {
		return nil, d.at(at, err, short)
	}
	root, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, yamlError(name, err, v)
	}
	d.root = root
	if len(root.Docs) == 0 || root.Docs[0].Body == nil {
		return d, nil
	}
	if len(root.Docs) > 1 {
		return nil, &Error{File: name, Err: errors.New("more than one YAML document"), Hint: "keep one; remove the line ---"}
	}
	if err := d.expand(getenv); err != nil {
		return nil, err
	}
	if err := yaml.NodeToValue(root.Docs[0].Body, v, yaml.Strict()); err != nil {
		return nil, d.quoted(yamlError(name, err, v))
	}
	return d, nil
}

// indentedByTab is the first line, from 1, that begins with a tab; 0 for none.
func indentedByTab(content []byte) int {
	n := 0
	for line := range bytes.Lines(content) {
		n++
		if line[0] == '\t' && len(bytes.TrimSpace(line)) > 0 {
			return n
		}
	}
	return 0
}

// quoted finds the place of an error that only quotes the value it is about,
// as those of types that read themselves do.
func (d *document) quoted(err *Error) error {
	if err.Line > 0 {
		return err
	}
	ast.Walk(visitor(func(node ast.Node) {
		if s, ok := node.(ast.ScalarNode); ok && err.Line == 0 && strings.Contains(err.Err.Error(), strconv.Quote(fmt.Sprint(s.GetValue()))) {
			*err = *d.at(s.GetToken(), err.Err, err.Hint)
		}
	}), d.root.Docs[0].Body)
	return err
}

type visitor func(ast.Node)

func (v visitor) Visit(node ast.Node) ast.Visitor {
	v(node)
	return v
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// expander replaces ${NAME} in the values of a tree, after parsing, so that
// what a variable holds is never read as YAML.
type expander struct {
	document *document
	getenv   func(string) string
	err      error
}

func (d *document) expand(getenv func(string) string) error {
	e := &expander{document: d, getenv: getenv}
	ast.Walk(e, d.root.Docs[0].Body)
	return e.err
}

func (e *expander) Visit(node ast.Node) ast.Visitor {
	if e.err != nil {
		return nil
	}
	if s, ok := node.(*ast.StringNode); ok && strings.Contains(s.Value, "${") {
		s.Value = variable.ReplaceAllStringFunc(s.Value, func(match string) string {
			name := match[2 : len(match)-1]
			value := e.getenv(name)
			if value == "" && e.err == nil {
				e.err = e.document.at(s.GetToken(), fmt.Errorf("the environment variable %s is not set", name), "set it, or write the value into a file and use the key that ends in _file")
			}
			return value
		})
	}
	return e
}

func (d *document) at(t *token.Token, err error, hint string) *Error {
	e := &Error{File: d.name, Err: err, Hint: hint}
	if t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// errorAt places err at the value of a field, such as extract.body[1], or at
// the nearest one above it that is written in the file.
func (d *document) errorAt(field string, err error, hint string) *Error {
	for field != "" {
		if path, bad := yaml.PathString("$." + field); bad == nil {
			if node, bad := path.FilterFile(d.root); bad == nil && node != nil {
				return d.at(first(node), err, hint)
			}
		}
		if i := strings.LastIndexAny(field, ".["); i >= 0 {
			field = field[:i]
		} else {
			break
		}
	}
	return &Error{File: d.name, Line: 1, Column: 1, Err: err, Hint: hint}
}

// first is the token a reader would point at: for a mapping its first key.
func first(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return node.GetToken()
}

var unknownField = regexp.MustCompile(`unknown field "([^"]*)"`)

// yamlError turns the library's error into one with a place and a hint.
func yamlError(name string, err error, v any) *Error {
	e := &Error{File: name, Err: err}
	var placed yaml.Error
	if errors.As(err, &placed) {
		message := placed.GetMessage()
		d := &document{name: name}
		e = d.at(placed.GetToken(), errors.New(message), "")
		if m := unknownField.FindStringSubmatch(message); m != nil {
			e.Err = fmt.Errorf("unknown key %q", m[1])
			e.Hint = "see volteface.example.yaml for the keys there are"
			if near := statement.Nearest(m[1], keys(reflect.TypeOf(v), e.Column > 1, map[reflect.Type]bool{})); near != "" {
				e.Hint = fmt.Sprintf("did you mean %q?", near)
			}
		}
	}
	if m := wrongType.FindStringSubmatch(e.Err.Error()); m != nil {
		e.Err, e.Hint = fmt.Errorf("this is %s, where %s belongs", yamlKinds(m[1]), yamlKinds(m[2])), cmp.Or(e.Hint, "compare the line with volteface.example.yaml, or with a source that volteface sources show prints")
	}
	switch text := e.Err.Error(); {
	case e.Hint != "":
	case strings.Contains(text, "is not a duration"):
		e.Hint = "write 500ms, 2s, 15m or 24h"
	case strings.Contains(text, "must be specified"), strings.Contains(text, "not found"), strings.Contains(text, "end token"):
		e.Hint = `a bracket or brace is open or one too many; inside them, put what has braces of its own into quotes: "${NAME}"`
	default:
		e.Hint = "compare the line with volteface.example.yaml, or with a source that volteface sources show prints"
	}
	return e
}

// wrongType is how the library says that a value is of another type than a field.
var wrongType = regexp.MustCompile(`(?:cannot unmarshal )?(\S+) (?:into Go (?:struct field \S+|value) of type|was used where) (\S+)`)

// yamlKinds names a type of Go or of YAML for people.
func yamlKinds(name string) string {
	switch {
	case strings.HasPrefix(name, "int"), strings.HasPrefix(name, "uint"):
		return "a whole number"
	case strings.HasPrefix(name, "float"):
		return "a number"
	case name == "bool":
		return "true or false"
	case name == "string":
		return "a text"
	case strings.HasPrefix(name, "[]"), name == "sequence", name == "array":
		return "a list"
	}
	return "a group of keys"
}

// keys lists every key that a struct can be written with; deep, also those of
// the structs inside it.
func keys(t reflect.Type, deep bool, seen map[reflect.Type]bool) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return nil
	}
	seen[t] = true
	var all []string
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			all = append(all, name)
			if deep {
				all = append(all, keys(field.Type, deep, seen)...)
			}
		}
	}
	return all
}

func checkProxy(proxy string) error {
	if proxy == "" || proxy == "direct" {
		return nil
	}
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" && u.Scheme != "socks5h") {
		return errors.New("this is not the address of a proxy") // without the address: it may hold a password
	}
	return nil
}
