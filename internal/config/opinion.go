package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"volteface/internal/extract"
	"volteface/internal/opinion"
	"volteface/internal/statement"
)

// SecondOpinion is a language model that is asked about what the judge finds, if anybody wants one (docs/second-opinion.md).
type SecondOpinion struct {
	BaseURL      string             `yaml:"base_url,omitempty" json:"base_url,omitempty" jsonschema_description:"address of an OpenAI-compatible API, such as https://api.example.org/v1; none, and nobody is asked"`
	Model        string             `yaml:"model,omitempty" json:"model,omitempty" jsonschema_description:"name of the model, as the server has it"`
	APIKey       statement.Secret   `yaml:"api_key,omitempty" json:"api_key,omitempty" jsonschema_description:"write ${NAME} to take it from the environment; it is sent to no other address than the one it was first used at"`
	APIKeyFile   string             `yaml:"api_key_file,omitempty" json:"api_key_file,omitempty" jsonschema_description:"file that holds the key"`
	Timeout      statement.Duration `yaml:"timeout,omitempty" json:"timeout,omitempty" jsonschema_description:"longest a request may take (default 60s)"`
	Wait         statement.Duration `yaml:"wait,omitempty" json:"wait,omitempty" jsonschema_description:"how long a finding waits for its opinion before it is told without one, 168h at most (default 15m)"`
	MaxPerDay    int                `yaml:"max_per_day,omitempty" json:"max_per_day,omitempty" jsonschema_description:"most requests in a day (UTC); a finding takes two or three (default 300)"`
	MaxTokens    int                `yaml:"max_tokens_per_month,omitempty" json:"max_tokens_per_month,omitempty" jsonschema_description:"most tokens of questions and answers in a month (UTC; default 2000000)"`
	Levels       []string           `yaml:"levels,omitempty" json:"levels,omitempty" jsonschema:"enum=review,enum=alert" jsonschema_description:"levels of the findings that are asked about (default review and alert)"`
	AllowPrivate bool               `yaml:"allow_private,omitempty" json:"allow_private,omitempty" jsonschema_description:"true lets base_url lie in your own network, and be http"`
	Options      map[string]any     `yaml:"options,omitempty" json:"options,omitempty" jsonschema_description:"further fields of each request, such as temperature: 0 or max_tokens: 400, where the model takes them"`
	Translate    string             `yaml:"translate,omitempty" json:"translate,omitempty" jsonschema_description:"language that quotations in other languages are translated into by the model, in alerts and reversals show, marked as a machine's: a code of BCP 47 such as en; none, and nothing is translated"`
	Summarize    bool               `yaml:"summarize,omitempty" json:"summarize,omitempty" jsonschema_description:"true has the model sum up substantive edits and long new statements that somebody is alerted of, marked as a machine's, in the language of translate or else of the text"`
	Price        Price              `yaml:"price_per_million,omitempty" json:"price_per_million,omitempty" jsonschema_description:"what a million tokens cost, for the metrics"`
}

// Price is what a million tokens cost, in any currency.
type Price struct {
	Input  float64 `yaml:"input,omitempty" json:"input,omitempty" jsonschema_description:"of questions"`
	Output float64 `yaml:"output,omitempty" json:"output,omitempty" jsonschema_description:"of answers"`
}

const (
	defaultOpinionWait   = 15 * time.Minute
	longestOpinionWait   = 7 * 24 * time.Hour
	defaultOpinionsDay   = 300
	defaultOpinionTokens = 2_000_000
)

// On tells whether a second opinion is configured.
func (s SecondOpinion) On() bool { return s.BaseURL != "" }

// AskedLevels are the levels that are asked about.
func (s SecondOpinion) AskedLevels() (levels []statement.Level) {
	for _, l := range s.Levels {
		levels = append(levels, statement.Level(l))
	}
	return levels
}

func (s *SecondOpinion) setDefaults(base string) {
	if !s.On() {
		return
	}
	if s.Timeout == 0 {
		s.Timeout = statement.Duration(opinion.DefaultTimeout)
	}
	if s.Wait == 0 {
		s.Wait = statement.Duration(defaultOpinionWait)
	}
	if s.MaxPerDay == 0 {
		s.MaxPerDay = defaultOpinionsDay
	}
	if s.MaxTokens == 0 {
		s.MaxTokens = defaultOpinionTokens
	}
	if len(s.Levels) == 0 {
		s.Levels = []string{string(statement.LevelReview), string(statement.LevelAlert)}
	}
	if s.APIKeyFile != "" && !filepath.IsAbs(s.APIKeyFile) {
		s.APIKeyFile = filepath.Join(base, s.APIKeyFile)
	}
}

// check gives the first field that cannot be, below "second_opinion".
func (s SecondOpinion) check() (field string, err error) {
	if reflect.ValueOf(s).IsZero() {
		return "", nil
	}
	if s.BaseURL == "" {
		return "base_url", statement.WithHint(errors.New("a second opinion needs base_url, the address of an OpenAI-compatible API"), "write base_url: https://host/v1, or take second_opinion out")
	}
	if err := s.asked("", "").Validate(); err != nil {
		return "base_url", err
	}
	switch {
	case s.APIKey != "" && s.APIKeyFile != "":
		return "api_key", statement.WithHint(errors.New("both api_key and api_key_file are given"), "keep one of them")
	case s.MaxPerDay < 0:
		return "max_per_day", statement.WithHint(errors.New("a number cannot be negative"), "leave it out for 300")
	case s.MaxTokens < 0:
		return "max_tokens_per_month", statement.WithHint(errors.New("a number cannot be negative"), "leave it out for 2000000")
	case time.Duration(s.Wait) > longestOpinionWait:
		return "wait", hinted("168h at most; leave it out for 15m", "nobody should wait %s for an opinion", time.Duration(s.Wait))
	case s.Price.Input < 0 || s.Price.Output < 0:
		return "price_per_million", statement.WithHint(errors.New("a price cannot be negative"), "write what a million tokens cost")
	}
	if s.Translate != "" {
		if err := extract.CheckLanguage(s.Translate); err != nil {
			return "translate", err
		}
	}
	for i, l := range s.Levels {
		if !slices.Contains([]string{string(statement.LevelReview), string(statement.LevelAlert)}, l) {
			return fmt.Sprintf("levels[%d]", i), hinted("review, alert, or both", "%q is not a level to ask about", l)
		}
	}
	return "", nil
}

func (s SecondOpinion) asked(proxy, agent string) opinion.Config {
	return opinion.Config{BaseURL: s.BaseURL, Model: s.Model, Key: s.APIKey, Timeout: time.Duration(s.Timeout), AllowPrivate: s.AllowPrivate, Proxy: proxy, Options: s.Options, Agent: agent}
}

// OpenSecondOpinion makes the client of the model that is configured; nothing is asked yet. Whoever asked closes it.
func (c *Config) OpenSecondOpinion(agent string) (*opinion.Client, error) {
	asked := c.SecondOpinion.asked(c.HTTP.Proxy, agent)
	var err error
	if asked.Key, err = kept(c.SecondOpinion.APIKey, c.SecondOpinion.APIKeyFile); err != nil {
		return nil, statement.WithHint(fmt.Errorf("read the key of the second opinion: %w", err), "check second_opinion.api_key_file")
	}
	client, err := opinion.New(asked)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("second_opinion: %w", err), statement.HintOf(err))
	}
	return client, nil
}
