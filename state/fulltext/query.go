package fulltext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/statement"
)

// Bounds of a query: what a person types is far below them.
const (
	maxQuery   = 4000 // bytes
	maxTerms   = 64
	maxNesting = 20
)

// Fields are the parts of a statement that a term can be bound to.
var Fields = []string{"title", "text", "speaker"}

// Op says how a node of a query joins its parts.
type Op int

// The kinds of node. Not has what must be there in its first part and what
// must not be there in its second.
const (
	Term Op = iota
	And
	Or
	Not
)

// Query is what is searched for.
type Query struct {
	Op     Op
	Parts  []Query  // of And, Or, Not
	Words  []string // of a Term, folded: one, or those of a phrase
	Prefix bool     // the last word of a Term may go on
	Field  string   // of a Term; "" for any
}

// Parse reads a query as people write it: words that must all be there,
// "a phrase", beginning*, AND, OR, NOT (also written -word), parentheses, and
// title:, text: or speaker: before any of it. An error says where it is wrong
// and carries a hint.
func Parse(text string) (Query, error) {
	if len(text) > maxQuery {
		return Query{}, statement.WithHint(fmt.Errorf("the search is longer than %d characters", maxQuery), "leave something out")
	}
	p := &parser{text: text}
	if err := p.scan(); err != nil {
		return Query{}, err
	}
	if len(p.tokens) == 0 {
		return Query{}, statement.WithHint(fmt.Errorf("there is nothing to search for"), examples)
	}
	n, err := p.or("", 0)
	if err != nil {
		return Query{}, err
	}
	if p.at < len(p.tokens) { // only a closing parenthesis stops the parser
		return Query{}, p.wrong(p.tokens[p.at], "this ) closes nothing", "take it away, or open it before")
	}
	if n.negative {
		return Query{}, statement.WithHint(fmt.Errorf("the search only says what is not to be there"), "say what is to be found, too: iran NOT drones")
	}
	return n.Query, nil
}

const examples = `for example: drones AND Iran; "limited number" OR deliver*; title:sanctions -Cuba`

// Terms are those whose presence makes a text fit, in order; what must not be
// there is left out.
func (q Query) Terms() (all []Query) {
	switch q.Op {
	case Term:
		return []Query{q}
	case Not:
		return q.Parts[0].Terms()
	}
	for _, p := range q.Parts {
		all = append(all, p.Terms()...)
	}
	return all
}

// token is a piece of the text of a query.
type token struct {
	kind  rune // 'w' a word, '"' a phrase, ( ) & | !, ':' a field
	text  string
	at    int // in characters, from 1
	star  bool
	tight bool // nothing stands between it and the next
}

type parser struct {
	text   string
	tokens []token
	at     int
	terms  int
}

func (p *parser) wrong(t token, message, hint string) error {
	return statement.WithHint(fmt.Errorf("the search %q, at character %d: %s", p.text, t.at, message), hint)
}

func (p *parser) scan() error {
	position := func(i int) int { return utf8.RuneCountInString(p.text[:i]) + 1 }
	for i := 0; i < len(p.text); {
		r, size := utf8.DecodeRuneInString(p.text[i:])
		t := token{at: position(i)}
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case r == '(' || r == ')':
			t.kind = r
			i += size
		case closing(r) != 0:
			end := strings.IndexFunc(p.text[i+size:], func(c rune) bool { return c == closing(r) || c == '"' })
			if end < 0 {
				return p.wrong(t, "this quotation mark is never closed", `close the phrase: "limited number"`)
			}
			t.kind, t.text = '"', p.text[i+size:i+size+end]
			i += size + end
			_, size = utf8.DecodeRuneInString(p.text[i:])
			i += size
			if strings.HasPrefix(p.text[i:], "*") {
				t.star = true
				i++
			}
		case r == '-' && i+1 < len(p.text) && !unicode.IsSpace(rune(p.text[i+1])) && (i == 0 || strings.ContainsAny(p.text[i-1:i], " \t(")):
			t.kind = '!'
			i += size
		default:
			end := len(p.text)
			if n := strings.IndexFunc(p.text[i:], func(c rune) bool { return unicode.IsSpace(c) || c == '(' || c == ')' || closing(c) != 0 }); n >= 0 {
				end = i + n
			}
			t.kind, t.text = 'w', p.text[i:end]
			if n := strings.IndexByte(t.text, ':'); n > 0 {
				t.kind, end = ':', i+n+1
				t.text = t.text[:n]
			}
			i = end
			t = operator(t)
		}
		t.tight = i < len(p.text) && !strings.ContainsAny(p.text[i:i+1], " \t\n)")
		if p.tokens = append(p.tokens, t); len(p.tokens) > 4*maxTerms {
			return statement.WithHint(fmt.Errorf("the search has more than %d parts", 4*maxTerms), "leave something out")
		}
	}
	return nil
}

// closing is the mark that closes a phrase, 0 for what opens none. An
// apostrophe is part of words.
func closing(r rune) rune {
	switch r {
	case '"':
		return '"'
	case '“', '„':
		return '”'
	case '«':
		return '»'
	case '「':
		return '」'
	}
	return 0
}

func operator(t token) token {
	if t.kind != 'w' {
		return t
	}
	switch t.text {
	case "AND", "&&":
		t.kind = '&'
	case "OR", "||":
		t.kind = '|'
	case "NOT":
		t.kind = '!'
	default:
		if word, star := strings.CutSuffix(t.text, "*"); star {
			t.text, t.star = word, true
		}
	}
	return t
}

// node is a query that may, until it is joined with others, only exclude.
type node struct {
	Query
	negative bool
}

func (p *parser) peek() rune {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].kind
	}
	return 0
}

func (p *parser) or(field string, depth int) (node, error) {
	first, err := p.and(field, depth)
	if err != nil || p.peek() != '|' {
		return first, err
	}
	all := node{Query: Query{Op: Or, Parts: []Query{first.Query}}}
	for negative := first.negative; ; {
		if negative {
			return all, statement.WithHint(fmt.Errorf("the search %q: what is not to be there cannot stand beside OR", p.text), "write (drones OR missiles) NOT Cuba")
		}
		if p.peek() != '|' {
			return all, nil
		}
		p.at++
		next, err := p.and(field, depth)
		if err != nil {
			return all, err
		}
		negative = next.negative
		all.Parts = append(all.Parts, next.Query)
	}
}

func (p *parser) and(field string, depth int) (node, error) {
	var wanted, unwanted []Query
	for {
		n, err := p.one(field, depth)
		if err != nil {
			return n, err
		}
		if n.negative {
			unwanted = append(unwanted, n.Query)
		} else {
			wanted = append(wanted, n.Query)
		}
		if p.peek() == '&' {
			p.at++
			continue
		}
		if k := p.peek(); k == 0 || k == ')' || k == '|' {
			break
		}
	}
	against, having := joined(Or, unwanted), joined(And, wanted)
	switch {
	case len(wanted) == 0:
		return node{against, true}, nil
	case len(unwanted) > 0:
		return node{Query: Query{Op: Not, Parts: []Query{having, against}}}, nil
	}
	return node{Query: having}, nil
}

func joined(op Op, parts []Query) Query {
	if len(parts) == 1 {
		return parts[0]
	}
	return Query{Op: op, Parts: parts}
}

func (p *parser) one(field string, depth int) (n node, err error) {
	if p.at == len(p.tokens) {
		last := p.tokens[len(p.tokens)-1]
		return n, p.wrong(last, "something is missing after this", "write a word after it, or put it in quotation marks to search for it")
	}
	t := p.tokens[p.at]
	p.at++
	switch t.kind {
	case '!':
		if n, err = p.one(field, depth); err == nil && n.negative {
			err = p.wrong(t, "NOT stands twice", "leave one out")
		}
		n.negative = true
		return n, err
	case ':':
		name := strings.ToLower(t.text)
		for _, f := range Fields {
			switch {
			case f == name && t.tight:
				return p.one(f, depth)
			case f == name:
				return n, p.wrong(t, "something is missing right after "+name+":", "write "+name+":word without a space between them")
			}
		}
		return n, p.wrong(t, fmt.Sprintf("there is no field %q", t.text), `fields are `+strings.Join(Fields, ", ")+`, right before a word; put it in quotation marks to search for the colon's words`)
	case '(':
		if depth == maxNesting {
			return n, p.wrong(t, "parentheses are nested too deep", "leave some out")
		}
		if p.peek() == ')' {
			return n, p.wrong(t, "there is nothing between the parentheses", "take them away")
		}
		if n, err = p.or(field, depth+1); err != nil {
			return n, err
		}
		if p.peek() != ')' {
			return n, p.wrong(t, "this ( is never closed", "close it with )")
		}
		p.at++
		return n, nil
	case ')', '&', '|':
		what := map[rune]string{')': "a word is missing before this )", '&': "a word is missing before AND", '|': "a word is missing before OR"}[t.kind]
		return n, p.wrong(t, what, `AND and OR stand between two words; put them in quotation marks to search for them`)
	}
	return p.term(t, field)
}

func (p *parser) term(t token, field string) (n node, err error) {
	n.Query = Query{Op: Term, Field: field, Prefix: t.star}
	if t.kind == 'w' && strings.Contains(t.text, "*") {
		return n, p.wrong(t, "a * can only stand at the end of a word", "write deliver* to find deliver, delivers, delivery")
	}
	n.Words, n.Prefix = terms(t.text, t.star)
	if len(n.Words) == 0 {
		return n, p.wrong(t, "there is no word in this", examples)
	}
	if p.terms += len(n.Words); p.terms > maxTerms {
		return n, p.wrong(t, fmt.Sprintf("the search has more than %d words", maxTerms), "leave something out")
	}
	return n, nil
}

// terms are the words of a piece of a query. The last character of a run of a
// dense script stands alone in the index only at the run's end, so that here it
// is left out, or is the beginning of a pair.
func terms(text string, star bool) (found []string, prefix bool) {
	tail := false // the last word is a single dense character
	text = normal(text)
	words(text, func(word []byte, start, end int) {
		found = append(found, string(word))
		r, size := utf8.DecodeRuneInString(text[start:])
		tail = start+size == end && folding(r).kind == dense
	})
	if !tail {
		return found, star
	}
	if n := len(found); n > 1 {
		// Pairs before it hold it already, unless it is a run by itself.
		if last, _ := utf8.DecodeLastRuneInString(found[n-2]); string(last) == found[n-1] && utf8.RuneCountInString(found[n-2]) > 1 {
			return found[:n-1], false
		}
	}
	return found, true
}
