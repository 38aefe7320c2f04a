package tokenizer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// FromJSON reads a tokenizer.json as Hugging Face's `tokenizers` writes it, for encoders of the BERT and XLM-R families: models
// Unigram and WordPiece, and the normalizers, pre-tokenizers and post-processors in common use with them. Anything else is an
// error that names it, for ids that are nearly right are worse than none. Truncation and padding are left to the caller.
func FromJSON(file []byte) (*Tokenizer, error) {
	var f struct {
		Model         json.RawMessage `json:"model"`
		Normalizer    json.RawMessage `json:"normalizer"`
		PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
		PostProcessor json.RawMessage `json:"post_processor"`
		AddedTokens   []struct {
			ID      int    `json:"id"`
			Content string `json:"content"`
			Special bool   `json:"special"`
		} `json:"added_tokens"`
	}
	if err := json.Unmarshal(file, &f); err != nil {
		return nil, fmt.Errorf("tokenizer.json: %w", err)
	}
	special := map[string]bool{}
	for _, a := range f.AddedTokens {
		if !a.Special {
			return nil, fmt.Errorf("tokenizer.json: added token %q is not special, which is not supported", a.Content)
		}
		special[a.Content] = true
	}
	t := &Tokenizer{}
	var err error
	if t.model, err = readModel(f.Model, special); err != nil {
		return nil, fmt.Errorf("tokenizer.json: model: %w", err)
	}
	if t.normalize, err = readNormalizer(f.Normalizer); err != nil {
		return nil, fmt.Errorf("tokenizer.json: normalizer: %w", err)
	}
	if t.split, err = readSplitter(f.PreTokenizer); err != nil {
		return nil, fmt.Errorf("tokenizer.json: pre_tokenizer: %w", err)
	}
	if t.single, t.pair, err = readTemplates(f.PostProcessor); err != nil {
		return nil, fmt.Errorf("tokenizer.json: post_processor: %w", err)
	}
	return t, nil
}

// kind is the type of a part of the file; "" for none.
func kind(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	var k struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(raw, &k)
	if err == nil && k.Type == "" {
		k.Type = "without a type"
	}
	return k.Type, err
}

// notSupported is the error for a part that the library has and this package lacks.
func notSupported(kind string) error { return fmt.Errorf("%q is not supported", kind) }

func readModel(raw json.RawMessage, special map[string]bool) (model, error) {
	k, err := kind(raw)
	if err != nil {
		return nil, err
	}
	switch k {
	case "Unigram":
		return readUnigram(raw, special)
	case "WordPiece":
		return readWordPiece(raw, special)
	case "without a type": // as older files are
		var m struct {
			Vocab json.RawMessage `json:"vocab"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, err
		}
		if len(m.Vocab) > 0 && m.Vocab[0] == '[' {
			return readUnigram(raw, special)
		}
		return readWordPiece(raw, special)
	}
	return nil, notSupported(k)
}

func readUnigram(raw json.RawMessage, special map[string]bool) (model, error) {
	var m struct {
		Unknown      *int         `json:"unk_id"`
		ByteFallback bool         `json:"byte_fallback"`
		Vocab        []scoredItem `json:"vocab"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	switch {
	case m.ByteFallback:
		return nil, notSupported("byte_fallback")
	case m.Unknown == nil || *m.Unknown < 0 || *m.Unknown >= len(m.Vocab):
		return nil, errors.New("unk_id is not a piece")
	case len(m.Vocab) >= maxID:
		return nil, fmt.Errorf("%d pieces", len(m.Vocab))
	}
	last := make(map[string]int, len(m.Vocab)) // of two that are the same the library takes the later
	worst := math.Inf(1)
	for i, v := range m.Vocab {
		worst = min(worst, v.score)
		if v.piece != "" && !special[v.piece] && i != *m.Unknown {
			last[v.piece] = i
		}
	}
	keys := make([]string, 0, len(last))
	for s := range last {
		keys = append(keys, s)
	}
	t, order, err := buildTrie(keys)
	if err != nil {
		return nil, err
	}
	var piece, score []byte
	for _, k := range order {
		i := last[keys[k]]
		piece = appendUint24(piece, i)
		score = binary.LittleEndian.AppendUint64(score, math.Float64bits(m.Vocab[i].score))
	}
	u, err := newUnigram(t, piece, score, int32(*m.Unknown))
	if err != nil {
		return nil, err
	}
	u.penalty = worst - unknownPenalty
	return u, nil
}

// scoredItem is a piece of Unigram's vocabulary: ["▁the", -3.2].
type scoredItem struct {
	piece string
	score float64
}

func (s *scoredItem) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&s.piece, &s.score})
}

func readWordPiece(raw json.RawMessage, special map[string]bool) (model, error) {
	m := struct {
		Unknown  string         `json:"unk_token"`
		Prefix   string         `json:"continuing_subword_prefix"`
		MaxRunes int            `json:"max_input_chars_per_word"`
		Vocab    map[string]int `json:"vocab"`
	}{Unknown: "[UNK]", Prefix: "##", MaxRunes: 100}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	unknown, ok := m.Vocab[m.Unknown]
	if !ok {
		return nil, fmt.Errorf("its unknown piece %q is not in the vocabulary", m.Unknown)
	}
	if m.MaxRunes < 1 || m.MaxRunes > 1000 {
		return nil, fmt.Errorf("max_input_chars_per_word is %d; 1 to 1000 is supported", m.MaxRunes)
	}
	w := &wordPiece{unknown: int32(unknown), maxRunes: m.MaxRunes}
	keys := make([]string, 0, len(m.Vocab))
	for s, id := range m.Vocab {
		if id < 0 || id >= maxID {
			return nil, fmt.Errorf("piece %q has id %d", s, id)
		}
		w.ids = max(w.ids, id+1)
		if s != "" && !special[s] && s != m.Unknown {
			keys = append(keys, s)
		}
	}
	t, order, err := buildTrie(keys)
	if err != nil {
		return nil, err
	}
	w.trie = t
	for _, k := range order {
		w.piece = append(w.piece, int32(m.Vocab[keys[k]]))
	}
	for i := range len(m.Prefix) {
		if w.within = t.child(w.within, m.Prefix[i]); w.within == 0 {
			w.within = -1
			break
		}
	}
	return w, nil
}

func readTemplates(raw json.RawMessage) (single, pair template, err error) {
	k, err := kind(raw)
	if err != nil {
		return nil, nil, err
	}
	switch k {
	case "":
		return template{{text: 0}}, template{{text: 0}, {text: 1, kind: 1}}, nil
	case "TemplateProcessing":
		return readTemplateProcessing(raw)
	case "BertProcessing", "RobertaProcessing":
		var p struct{ Sep, Cls namedID }
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, nil, err
		}
		if min(p.Sep.id, p.Cls.id) < 0 || max(p.Sep.id, p.Cls.id) >= maxID {
			return nil, nil, errors.New("an id is out of range")
		}
		if k == "RobertaProcessing" {
			single, pair = robertaTemplates(p.Cls.id, p.Sep.id)
			return single, pair, nil
		}
		cls, sep := slot{text: -1, id: p.Cls.id}, slot{text: -1, id: p.Sep.id}
		second := slot{text: -1, id: p.Sep.id, kind: 1}
		return template{cls, {text: 0}, sep}, template{cls, {text: 0}, sep, {text: 1, kind: 1}, second}, nil
	}
	return nil, nil, notSupported(k)
}

// namedID is a special piece: ["</s>", 2].
type namedID struct {
	name string
	id   int32
}

func (n *namedID) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &[]any{&n.name, &n.id}) }

func readTemplateProcessing(raw json.RawMessage) (single, pair template, err error) {
	type part struct {
		Special *struct {
			ID   string `json:"id"`
			Type int32  `json:"type_id"`
		} `json:"SpecialToken"`
		Sequence *struct {
			ID   string `json:"id"`
			Type int32  `json:"type_id"`
		} `json:"Sequence"`
	}
	var p struct {
		Single, Pair []part
		Special      map[string]struct {
			IDs []int32 `json:"ids"`
		} `json:"special_tokens"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, nil, err
	}
	read := func(parts []part, want ...string) (template, error) {
		var t template
		seen := make([]int, len(want))
		for _, x := range parts {
			switch {
			case x.Special != nil:
				s, ok := p.Special[x.Special.ID]
				if !ok {
					return nil, fmt.Errorf("special token %q has no ids", x.Special.ID)
				}
				for _, id := range s.IDs {
					if id < 0 || id >= maxID {
						return nil, fmt.Errorf("special token %q has id %d", x.Special.ID, id)
					}
					t = append(t, slot{text: -1, id: id, kind: x.Special.Type})
				}
			case x.Sequence != nil:
				i := slices.Index(want, x.Sequence.ID)
				if i < 0 {
					return nil, fmt.Errorf("unexpected sequence %q", x.Sequence.ID)
				}
				seen[i]++
				t = append(t, slot{text: i, kind: x.Sequence.Type})
			}
		}
		for i, n := range seen {
			if n != 1 {
				return nil, fmt.Errorf("sequence %s is there %d times", want[i], n)
			}
		}
		if t.special() > 16 {
			return nil, fmt.Errorf("%d special pieces", t.special())
		}
		return t, nil
	}
	if single, err = read(p.Single, "A"); err != nil {
		return nil, nil, err
	}
	pair, err = read(p.Pair, "A", "B")
	return single, pair, err
}
