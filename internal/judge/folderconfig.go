package judge

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/judge/encoder"
	"volteface/internal/judge/kernel"
)

// modelConfig is what is read of a model's config.json, whose other keys are about training or generation.
type modelConfig struct {
	Architectures []string          `json:"architectures"`
	ModelType     string            `json:"model_type"`
	Hidden        int               `json:"hidden_size"`
	Layers        int               `json:"num_hidden_layers"`
	Heads         int               `json:"num_attention_heads"`
	Intermediate  int               `json:"intermediate_size"`
	Vocabulary    int               `json:"vocab_size"`
	MaxPositions  int               `json:"max_position_embeddings"`
	TypeVocab     int               `json:"type_vocab_size"`
	Epsilon       *float32          `json:"layer_norm_eps"`
	Activation    string            `json:"hidden_act"`
	PositionType  string            `json:"position_embedding_type"`
	Padding       *int              `json:"pad_token_id"`
	Decoder       bool              `json:"is_decoder"`
	Problem       string            `json:"problem_type"`
	Quantisation  json.RawMessage   `json:"quantization_config"`
	Labels        map[string]string `json:"id2label"`
	OurHeads      map[string]int    `json:"volteface_heads"`
	OurKinds      []string          `json:"volteface_kinds"`
	ours, roberta bool              // what the architecture says
}

// ourArchitecture is what train/export_folder.py calls a judge of several heads that it writes as a folder.
const ourArchitecture = "VoltefaceJudge"

// least is the width below which no encoder is: padded matrices of fewer values would take many times their file.
const least = 8

// parseConfig reads a config.json and refuses what would be computed wrongly.
func parseConfig(file []byte) (*modelConfig, error) {
	c := &modelConfig{ // what transformers takes for keys that are not there
		Hidden: 768, Layers: 12, Heads: 12, Intermediate: 3072, Vocabulary: 30522, MaxPositions: 512, TypeVocab: 2,
		Activation: "gelu", PositionType: "absolute",
	}
	if err := json.Unmarshal(file, c); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	architecture := strings.Join(c.Architectures, ", ")
	switch architecture {
	case "BertForSequenceClassification":
	case "XLMRobertaForSequenceClassification", "RobertaForSequenceClassification":
		c.roberta = true
	case ourArchitecture:
		c.ours, c.roberta = true, c.ModelType != "bert"
	case "BertModel", "XLMRobertaModel", "RobertaModel":
		return nil, fmt.Errorf("config.json: %s is an encoder without a classifier: it has to be fine-tuned to tell reversals, or contradictions, first", architecture)
	default:
		return nil, fmt.Errorf("config.json: a model of the architecture %q cannot be read; BertForSequenceClassification, XLMRobertaForSequenceClassification and RobertaForSequenceClassification can", architecture)
	}
	types := []string{"bert"}
	if c.roberta {
		types = []string{"roberta", "xlm-roberta"}
	}
	switch {
	case !slices.Contains(append(types, ""), c.ModelType):
		return nil, fmt.Errorf("config.json: model_type %q does not go with %s", c.ModelType, architecture)
	case c.Activation != "gelu":
		return nil, fmt.Errorf("config.json: hidden_act %q is not supported, only gelu", c.Activation)
	case c.PositionType != "absolute":
		return nil, fmt.Errorf("config.json: position_embedding_type %q is not supported, only absolute", c.PositionType)
	case c.Decoder:
		return nil, errors.New("config.json: is_decoder: tokens that do not see what follows are not supported")
	case c.Problem != "" && c.Problem != "single_label_classification":
		return nil, fmt.Errorf("config.json: problem_type %q: only one label of several (single_label_classification) makes a judge", c.Problem)
	case len(c.Quantisation) > 0 && string(c.Quantisation) != "null":
		return nil, errors.New("config.json: quantization_config: weights that are quantised already are not supported; take the model as it was before")
	case c.Hidden < least || c.Intermediate < least:
		return nil, fmt.Errorf("config.json: hidden_size %d and intermediate_size %d are not those of an encoder", c.Hidden, c.Intermediate)
	}
	return c, nil
}

// encoder is the shape of the encoder.
func (c *modelConfig) encoder() encoder.Config {
	e := encoder.Config{
		Hidden: c.Hidden, Layers: c.Layers, Heads: c.Heads, Intermediate: c.Intermediate, Vocabulary: c.Vocabulary,
		MaxPositions: c.MaxPositions, TypeVocab: c.TypeVocab, Epsilon: 1e-12,
	}
	if c.Epsilon != nil {
		e.Epsilon = *c.Epsilon
	}
	if c.roberta { // positions count from the one after the padding's
		e.PositionOffset = 2
		if c.Padding != nil {
			e.PositionOffset = *c.Padding + 1
		}
	}
	// As in the embedded judge. Encoders of this size have single values that are far from all others, and lose much if these set
	// the steps of 8 bits.
	narrow := c.Hidden <= kernel.FineInputs
	e.Fine = encoder.Fine{Heads: narrow, Attention: narrow, Inner: narrow, Outer: c.Intermediate <= kernel.FineInputs}
	return e
}

// A classifier's labels, as the heads of a judge have them. Softening may be missing: a head of two classes tells reversals alone.
var (
	turnLabels = []string{"none", "softening", "reversal"}
	nliLabels  = []string{"entailment", "neutral", "contradiction"}
)

// head tells which head of a judge the classifier is, rev or nli, and in which row of the classifier each of its classes
// is; −1 where there is no such class.
func (c *modelConfig) head(classes int) (name string, rows []int, err error) {
	labels := make([]string, classes)
	for key, label := range c.Labels {
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= classes {
			return "", nil, fmt.Errorf("config.json: id2label has %q; the classifier has %d classes, from 0", key, classes)
		}
		labels[i] = strings.ToLower(strings.TrimSpace(label))
	}
	find := func(names []string) []int {
		rows, found := make([]int, len(names)), 0
		for i, name := range names {
			if rows[i] = slices.Index(labels, name); rows[i] >= 0 {
				found++
			}
		}
		if found != classes {
			return nil
		}
		return rows
	}
	if rows := find(nliLabels); rows != nil && classes == 3 {
		return "nli", rows, nil
	}
	if rows := find(turnLabels); rows != nil && rows[0] >= 0 && rows[2] >= 0 {
		return "rev", rows, nil
	}
	const wanted = "write entailment, neutral and contradiction there, or none, softening and reversal, as the model was trained"
	if len(c.Labels) == 0 || strings.HasPrefix(labels[0], "label_") {
		return "", nil, fmt.Errorf("config.json: id2label does not say which of the %d classes is contradiction; %s", classes, wanted)
	}
	return "", nil, fmt.Errorf("config.json: the labels %q are neither those of natural language inference nor of reversals; if they mean these, %s", labels, wanted)
}
