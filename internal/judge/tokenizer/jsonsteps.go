package tokenizer

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

func readNormalizer(raw json.RawMessage) (normalizer, error) {
	k, err := kind(raw)
	if err != nil {
		return nil, err
	}
	n := struct {
		Normalizers []json.RawMessage
		Charsmap    string `json:"precompiled_charsmap"`
		Pattern     struct{ String, Regex *string }
		Content     string
		Left        bool  `json:"strip_left"`
		Right       bool  `json:"strip_right"`
		Clean       bool  `json:"clean_text"`
		Chinese     bool  `json:"handle_chinese_chars"`
		Accents     *bool `json:"strip_accents"`
		Lowercase   bool
		Prepend     string
	}{Left: true, Right: true, Clean: true, Chinese: true, Lowercase: true}
	if k != "" {
		if err := json.Unmarshal(raw, &n); err != nil {
			return nil, err
		}
	}
	switch k {
	case "":
		return sequence{}, nil
	case "Sequence":
		steps := make(sequence, 0, len(n.Normalizers))
		for _, r := range n.Normalizers {
			step, err := readNormalizer(r)
			if err != nil {
				return nil, err
			}
			steps = append(steps, step)
		}
		return steps, nil
	case "NFC":
		return nfc{}, nil
	case "NFD":
		return nfd{}, nil
	case "NFKC":
		return nfkc{}, nil
	case "NFKD":
		return nfkd{}, nil
	case "Lowercase":
		return lowercase{}, nil
	case "Prepend":
		return prefix{n.Prepend}, nil
	case "Strip":
		return strip{n.Left, n.Right}, nil
	case "Precompiled":
		return newCharsmap(n.Charsmap)
	case "BertNormalizer":
		accents := n.Lowercase
		if n.Accents != nil {
			accents = *n.Accents
		}
		return bertNormalizer{clean: n.Clean, chinese: n.Chinese, stripAccents: accents, lower: n.Lowercase}, nil
	case "Replace":
		switch {
		case n.Pattern.String != nil && *n.Pattern.String != "":
			return replace{*n.Pattern.String, n.Content}, nil
		case n.Pattern.Regex != nil && *n.Pattern.Regex == `\s+` && n.Content == " ":
			return spaces{}, nil
		case n.Pattern.Regex != nil && plainExpression(*n.Pattern.Regex):
			if e, err := regexp.Compile(*n.Pattern.Regex); err == nil && !e.MatchString("") {
				return rewrite{e, n.Content}, nil
			}
			fallthrough
		default:
			return nil, fmt.Errorf("normalizer Replace: pattern %s is not supported", raw)
		}
	}
	return nil, notSupported(k)
}

// plainExpression tells whether Oniguruma's expression means the same in Go: letters, spaces, classes without shorthands, and
// simple repetitions. Alternatives are tried in the same order by both.
func plainExpression(s string) bool {
	return !strings.ContainsAny(s, `\^$.(&`) && !strings.Contains(s, "[:") &&
		!strings.Contains(s, "++") && !strings.Contains(s, "*+") && !strings.Contains(s, "?+") && !strings.Contains(s, "}+")
}

// chain cuts by each splitter in turn.
type chain []splitter

func (c chain) split(text string, yield func(string)) {
	if len(c) == 0 {
		whole{}.split(text, yield)
		return
	}
	c[0].split(text, func(s string) {
		if len(c) == 1 {
			yield(s)
		} else {
			c[1:].split(s, yield)
		}
	})
}

func readSplitter(raw json.RawMessage) (splitter, error) {
	k, err := kind(raw)
	if err != nil {
		return nil, err
	}
	p := struct {
		Steps       []json.RawMessage `json:"pretokenizers"`
		Replacement string
		AddPrefix   *bool   `json:"add_prefix_space"`
		Scheme      *string `json:"prepend_scheme"`
		Split       bool
	}{Replacement: wordMark, Split: true}
	if k != "" {
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, err
		}
	}
	switch k {
	case "":
		return whole{}, nil
	case "Sequence":
		var c chain
		for _, r := range p.Steps {
			step, err := readSplitter(r)
			if err != nil {
				return nil, err
			}
			c = append(c, step)
		}
		return c, nil
	case "WhitespaceSplit":
		return whitespaceSplit{}, nil
	case "BertPreTokenizer":
		return bertSplit{}, nil
	case "Metaspace":
		m := metaspace{mark: p.Replacement, prepend: p.AddPrefix == nil || *p.AddPrefix, cut: p.Split}
		if len([]rune(m.mark)) != 1 || unicode.IsSpace([]rune(m.mark)[0]) {
			return nil, fmt.Errorf("pre-tokenizer Metaspace: replacement %q is not one character", m.mark)
		}
		if p.Scheme != nil {
			switch *p.Scheme {
			case "always":
				m.prepend = true
			case "never":
				m.prepend = false
			default: // "first" goes by places in the text before it was normalized; no encoder of these families has it
				return nil, fmt.Errorf("pre-tokenizer Metaspace: prepend_scheme %q is not supported", *p.Scheme)
			}
		}
		return m, nil
	}
	return nil, notSupported(k)
}
