package opinion

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// Config is where the model is, and how it is asked.
type Config struct {
	BaseURL string // of an OpenAI-compatible API, such as https://api.example.org/v1
	Model   string
	Key     statement.Secret // sent as a bearer token (RFC 6750); "" for a server that wants none
	Timeout time.Duration    // of one request in all; 0 for DefaultTimeout
	// AllowPrivate lets the address lie in the own network, and be plain http.
	AllowPrivate bool
	Proxy        string // as in fetch.Options
	// Options are further fields of each request, such as temperature or max_tokens.
	Options map[string]any
	Agent   string // of the User-Agent
}

// DefaultTimeout is how long one request may take.
const DefaultTimeout = time.Minute

const (
	maxAnswer = 256 << 10 // bytes of a whole answer; one is some hundred
	maxCount  = 1 << 20   // tokens of one answer that are believed
	longestOf = 200       // characters of what a server says that are shown
	// longestAfter is the longest pause that a server may ask for.
	longestAfter = time.Hour
)

// reserved are the fields of a request that are ours.
var reserved = []string{"model", "messages", "response_format", "stream", "n", "tools", "tool_choice", "functions"}

// Validate checks addresses, key and options. What it says shows no secret.
func (c Config) Validate() error {
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return statement.WithHint(errors.New("base_url is not the address of an API"), "write https://host/v1, without user, password or query; the key belongs into api_key")
	case u.Scheme == "http" && !c.AllowPrivate:
		return statement.WithHint(errors.New("base_url is not encrypted: what is asked, and the key, could be read on the way"), "write https://, or allow_private: true for a server of your own network")
	case u.Scheme == "http" && c.Key != "" && !fetch.Inner(strings.ToLower(u.Hostname())):
		return statement.WithHint(errors.New("the key would go to base_url without encryption"), "write https://, or leave api_key out")
	case !c.AllowPrivate && fetch.Inner(strings.ToLower(u.Hostname())):
		return statement.WithHint(fmt.Errorf("%q lies in a private network", u.Hostname()), "for a server of your own network set second_opinion.allow_private: true")
	case strings.TrimSpace(c.Model) == "":
		return statement.WithHint(errors.New("no model is named"), "write model: as the server names it")
	case strings.ContainsFunc(c.Key.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }):
		return statement.WithHint(errors.New("the key holds a space, or a letter that no header can carry"), "take it from the environment: api_key: \"${NAME}\"")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Options)) {
		if slices.Contains(reserved, name) {
			return statement.WithHint(fmt.Errorf("options cannot set %q", name), "temperature, max_tokens and the like belong there")
		}
	}
	return nil
}

// Client asks one model.
type Client struct {
	config   Config
	endpoint string
	guard    *fetch.Client
	http     *http.Client
}

// New makes a client; nothing is asked yet. It fails as Validate does.
func New(c Config) (*Client, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	guard, err := fetch.NewClient(fetch.Options{Proxy: c.Proxy, AllowPrivate: c.AllowPrivate})
	if err != nil {
		return nil, err
	}
	return &Client{
		config: c, endpoint: strings.TrimRight(c.BaseURL, "/") + "/chat/completions", guard: guard,
		http: &http.Client{Transport: guard.Service(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.guard.Close() }

// Model is the model that is asked.
func (c *Client) Model() string { return c.config.Model }

// Address is where it is asked: scheme, host, port and path.
func (c *Client) Address() string { return strings.TrimRight(c.config.BaseURL, "/") }

// KeyName names the key without giving it away: the beginning of its SHA-256; "" where there is none. Whoever keeps it beside the
// address can tell that a key would go to another one.
func (c *Client) KeyName() string {
	if c.config.Key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("volteface second opinion\x00" + c.config.Key.Reveal()))
	return hex.EncodeToString(sum[:12])
}

// Reply is what came of a request.
type Reply struct {
	Content string // of the answer, unread
	Model   string // as the server names it
	// In and Out are the tokens of question and answer: as the server counts them, or, where it does not, estimated from above.
	In, Out int
	Took    time.Duration
}

// Unavailable says that the model cannot be asked now, by nobody and about nothing. After is when the server wants to be asked again,
// zero where it does not say; Person, that it takes one to change that: a key that is refused, an address that is wrong.
type Unavailable struct {
	Err    error
	After  time.Duration
	Person bool
}

func (e *Unavailable) Error() string { return e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }

// Refused says that the server does not answer this question: it is too long for it, or breaks its rules.
type Refused struct{ Err error }

func (e *Refused) Error() string { return e.Err.Error() }
func (e *Refused) Unwrap() error { return e.Err }

// Ask puts a question, swapped with the later passage first. The reply is not read yet. An error is *Unavailable or *Refused, wraps
// ErrVoid for an answer that is none (its Reply then counts what it cost), or is ctx's.
func (c *Client) Ask(ctx context.Context, q Question, swapped bool) (Reply, error) {
	return c.complete(ctx, q.Messages(swapped), "second_opinion", Schema)
}

// complete asks for a completion of messages in the form of a schema.
func (c *Client) complete(ctx context.Context, messages []Message, name, schema string) (r Reply, err error) {
	request := map[string]any{}
	maps.Copy(request, c.config.Options)
	request["model"], request["messages"], request["stream"] = c.config.Model, messages, false
	request["response_format"] = map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": name, "strict": true, "schema": json.RawMessage(schema)}}
	body, err := json.Marshal(request)
	if err != nil {
		return r, &Unavailable{Err: fmt.Errorf("the options of the second opinion cannot be written: %w", err), Person: true}
	}
	asking, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(asking, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return r, &Unavailable{Err: errors.New("the address of the second opinion cannot be used"), Person: true}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", cmp.Or(c.config.Agent, "volteface"))
	if c.config.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.config.Key.Reveal())
	}
	began := time.Now()
	answer, err := c.http.Do(req)
	if err != nil {
		return r, c.unreached(ctx, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return r, c.unreached(ctx, err)
	}
	r.Took = time.Since(began)
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return r, c.failed(answer, said)
	}
	r.In, r.Out = estimate(len(body)), estimate(min(len(said), maxAnswer))
	if len(said) > maxAnswer {
		return r, fmt.Errorf("%w: it is longer than %d KB", ErrVoid, maxAnswer>>10)
	}
	return r, r.read(said)
}

// estimate is about how many tokens so many bytes of any language are at most.
func estimate(size int) int { return size/2 + 1 }

// completion is what is read of an answer of the API.
type completion struct {
	Model   string `json:"model"`
	Choices []struct {
		FinishReason string `json:"finish_reason"`
		Message      struct {
			Content string `json:"content"`
			Refusal string `json:"refusal"`
		} `json:"message"`
	} `json:"choices"`
	Usage *struct {
		Prompt     int64 `json:"prompt_tokens"`
		Completion int64 `json:"completion_tokens"`
	} `json:"usage"`
}

func (r *Reply) read(said []byte) error {
	var answer completion
	if err := json.Unmarshal(said, &answer); err != nil {
		return fmt.Errorf("%w: it is not the answer of a chat completion", ErrVoid)
	}
	r.Model = shown(answer.Model, nil)
	if u := answer.Usage; u != nil && u.Prompt > 0 && u.Completion >= 0 {
		r.In, r.Out = int(min(u.Prompt, maxCount)), int(min(u.Completion, maxCount))
	}
	if len(answer.Choices) != 1 {
		return fmt.Errorf("%w: it has %d choices", ErrVoid, len(answer.Choices))
	}
	choice := answer.Choices[0]
	r.Content = choice.Message.Content
	switch {
	case choice.Message.Refusal != "":
		return fmt.Errorf("%w: the model refuses to answer", ErrVoid)
	case choice.FinishReason == "length":
		return fmt.Errorf("%w: it was cut for its length", ErrVoid)
	case strings.TrimSpace(r.Content) == "":
		return fmt.Errorf("%w: it is empty", ErrVoid)
	}
	return nil
}

// unreached words an error of the way there, without the key.
func (c *Client) unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	var refused *fetch.Error
	if errors.As(err, &refused) && refused.Kind == fetch.KindPrivate {
		return &Unavailable{Err: statement.WithHint(fmt.Errorf("the second opinion was not asked: its address lies in a private network: %w", refused.Err),
			"for a server of your own network set second_opinion.allow_private: true"), Person: true}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Unavailable{Err: fmt.Errorf("the second opinion took longer than %s", c.config.Timeout)}
	}
	return &Unavailable{Err: fmt.Errorf("the second opinion cannot be reached: %s", c.shown(err.Error()))}
}

// failed is the error of an answer without success.
func (c *Client) failed(answer *http.Response, said []byte) error {
	why := fmt.Errorf("the second opinion answered %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	var told struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(said, &told) == nil && told.Error.Message != "" {
		why = fmt.Errorf("%w: %s", why, c.shown(told.Error.Message))
	}
	switch code := answer.StatusCode; {
	case code >= 300 && code <= 399:
		return &Unavailable{Err: statement.WithHint(fmt.Errorf("%w: redirects are not followed, the key could go astray", why), "write the address that it leads to into second_opinion.base_url, if you trust it"), Person: true}
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusPaymentRequired:
		return &Unavailable{Err: statement.WithHint(why, "check second_opinion.api_key and the account"), Person: true}
	case code == http.StatusNotFound, code == http.StatusMethodNotAllowed:
		return &Unavailable{Err: statement.WithHint(why, "check second_opinion.base_url, which mostly ends in /v1, and model"), Person: true}
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		return &Unavailable{Err: why, After: after(answer.Header.Get("Retry-After"))}
	}
	return &Refused{Err: why}
}

// after is the pause that a Retry-After asks for (RFC 9110, section 10.2.3), in seconds; dates are not read.
func after(header string) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(min(seconds, int(longestAfter/time.Second)))*time.Second, longestAfter)
}

// shown is what a server said, fit to be shown: one bounded line without the key.
func (c *Client) shown(text string) string { return shown(text, []string{c.config.Key.Reveal()}) }

func shown(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, statement.Secret(s).String())
		}
	}
	return head(plain(text), longestOf)
}

// Cost is about how many tokens a question and its answer take, from above: what must be left of a budget for it to be asked.
func Cost(q Question) int {
	size := len(Schema) + longestReason
	for _, m := range q.Messages(false) {
		size += len(m.Content)
	}
	return estimate(size)
}
