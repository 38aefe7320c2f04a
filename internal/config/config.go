// Package config reads what people write: one YAML file for the program and
// one for each source. Everything is checked, strictly: an unknown key, a bad
// selector, a bad cron expression or an unknown time zone is an *Error that
// names file, line and column and gives a hint.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/statement"
)

// Config is the program's configuration.
type Config struct {
	DataDir       string             `yaml:"data_dir,omitempty" json:"data_dir,omitempty" jsonschema_description:"folder of the database and the archive (default: $STATE_DIRECTORY, else the XDG state directory)"`
	SourcesDir    string             `yaml:"sources_dir,omitempty" json:"sources_dir,omitempty" jsonschema_description:"folder of your own source definitions, relative to this file (default: sources); one with the id of a built-in source replaces it"`
	TopicsDir     string             `yaml:"topics_dir,omitempty" json:"topics_dir,omitempty" jsonschema_description:"folder of your own topics, relative to this file (default: topics); one with the id of a built-in topic replaces it"`
	Contact       string             `yaml:"contact,omitempty" json:"contact,omitempty" jsonschema_description:"address of a page about you, sent in the User-Agent so that a site can reach you"`
	HTTP          HTTP               `yaml:"http,omitempty" json:"http,omitempty"`
	Doubt         Doubt              `yaml:"doubt,omitempty" json:"doubt,omitempty"`
	SMTP          email.Server       `yaml:"smtp,omitempty" json:"smtp,omitempty"`
	Channels      map[string]Channel `yaml:"channels,omitempty" json:"channels,omitempty" jsonschema_description:"other ways to be told, by the names that rules use"`
	Alerts        []alert.Rule       `yaml:"alerts,omitempty" json:"alerts,omitempty" jsonschema_description:"who is told of what"`
	PublicURL     string             `yaml:"public_url,omitempty" json:"public_url,omitempty" jsonschema_description:"address under which people open the desk (see web), such as https://desk.example.org; alerts link to it, and name commands to type without it"`
	TemplatesDir  string             `yaml:"templates_dir,omitempty" json:"templates_dir,omitempty" jsonschema_description:"folder of your own templates for alerts, relative to this file; what it does not hold is as built in"`
	Feeds         Feeds              `yaml:"feeds,omitempty" json:"feeds,omitempty"`
	Reversals     Reversals          `yaml:"reversals,omitempty" json:"reversals,omitempty"`
	Judge         Judge              `yaml:"judge,omitempty" json:"judge,omitempty"`
	SecondOpinion SecondOpinion      `yaml:"second_opinion,omitempty" json:"second_opinion,omitempty"`
	Web           Web                `yaml:"web,omitempty" json:"web,omitempty"`
	Daemon        Daemon             `yaml:"daemon,omitempty" json:"daemon,omitempty"`
	Retention     Retention          `yaml:"retention,omitempty" json:"retention,omitempty"`

	// Path is the file it was read from; empty for the defaults.
	Path string    `yaml:"-" json:"-"`
	file *document // what Path holds; nil for the defaults
}

// Retention is what "volteface gc" lets go of. Nothing that a revision was made
// from is ever let go.
type Retention struct {
	Captures statement.Duration `yaml:"captures,omitempty" json:"captures,omitempty" jsonschema_description:"how long the bytes of looks that found the text unchanged are kept (default for ever)"`
	Visits   statement.Duration `yaml:"visits,omitempty" json:"visits,omitempty" jsonschema_description:"how long the records of visits are kept (default 9600h)"`
	Alerts   statement.Duration `yaml:"alerts,omitempty" json:"alerts,omitempty" jsonschema_description:"how long sent alerts and notices are kept (default 9600h)"`
}

const defaultRetention = 400 * 24 * time.Hour

// HTTP is how pages are fetched.
type HTTP struct {
	Proxy        string             `yaml:"proxy,omitempty" json:"proxy,omitempty" jsonschema_description:"proxy address, or direct for none (default: HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment)"`
	Timeout      statement.Duration `yaml:"timeout,omitempty" json:"timeout,omitempty" jsonschema_description:"longest a request may take in all (default 60s)"`
	MaxBody      int64              `yaml:"max_body,omitempty" json:"max_body,omitempty" jsonschema_description:"largest page in bytes, unpacked (default 8388608)"`
	Delay        statement.Duration `yaml:"delay" json:"delay,omitempty" jsonschema_description:"pause between two requests to one host, where the source sets none; 0s for none (default 2s)"`
	HostRequests int                `yaml:"host_requests_an_hour,omitempty" json:"host_requests_an_hour,omitempty" jsonschema_description:"most requests to one host in an hour, over all sources and processes; what is left stays due (default 3600)"`
	AllowPrivate bool               `yaml:"allow_private,omitempty" json:"allow_private,omitempty" jsonschema_description:"true lets sources point into your own network; leave it false for pages of the web"`
}

// Doubt is how long what may be a fault of a site is doubted, before a page is
// held to be removed or a strange text to be its own.
type Doubt struct {
	Checks int                `yaml:"checks,omitempty" json:"checks,omitempty" jsonschema_description:"looks that must show it (default 3)"`
	Over   statement.Duration `yaml:"over,omitempty" json:"over,omitempty" jsonschema_description:"time that must lie between the first and the last of them (default 24h)"`
	Shrink float64            `yaml:"shrink,omitempty" json:"shrink,omitempty" jsonschema_description:"share of a text that may vanish in one edit without doubt, 0 to 1 (default 0.5)"`
}

// Reversals is how new statements are held against earlier ones. Scores run
// from 0 to 1.
type Reversals struct {
	Off    bool    `yaml:"off,omitempty" json:"off,omitempty" jsonschema_description:"true leaves all statements unread: no positions, no reversals (default false)"`
	Alert  float64 `yaml:"alert,omitempty" json:"alert,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"score from which a finding of the open search is alerted, not only listed (default 0.98; 1 for none; turns of watched topics have thresholds of their own); volteface backtest says what that would have meant"`
	Review float64 `yaml:"review,omitempty" json:"review,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"score from which it is listed for review, and goes into digests (default 0.8)"`
	Watch  float64 `yaml:"watch,omitempty" json:"watch,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"score from which it is kept to be searched for (default 0.5)"`
}

// Judge is who reads statements beside each other.
type Judge struct {
	Model string `yaml:"model,omitempty" json:"model,omitempty" jsonschema_description:"folder of a judge to use instead of the one that is built in, relative to this file: a sequence classifier of the BERT or XLM-R family with config.json, model.safetensors and tokenizer.json"`
}

const (
	defaultDelay     = 2 * time.Second
	defaultTimeout   = time.Minute
	defaultMaxBody   = 8 << 20
	defaultHostHour  = 3600
	defaultMaxPages  = 20
	defaultDeepEvery = 7 * 24 * time.Hour
	defaultSchedule  = "*/30 * * * *"
)

// DefaultPath is the first configuration file that exists of
// $XDG_CONFIG_HOME/volteface/volteface.yaml (on Windows %APPDATA%) and
// /etc/volteface/volteface.yaml; "" if neither does.
func DefaultPath(getenv func(string) string) string {
	for _, folder := range homes(getenv) {
		path := filepath.Join(folder, "volteface.yaml")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// homes are the folders in which a configuration may lie.
func homes(getenv func(string) string) []string {
	var folders []string
	if home := getenv("XDG_CONFIG_HOME"); home != "" {
		folders = append(folders, home)
	} else if home := getenv("HOME"); home != "" {
		folders = append(folders, filepath.Join(home, ".config"))
	} else if home := getenv("APPDATA"); home != "" { // of Windows
		folders = append(folders, home)
	}
	folders = append(folders, "/etc")
	for i, folder := range folders {
		folders[i] = filepath.Join(folder, "volteface")
	}
	return folders
}

// DefaultDataDir is $STATE_DIRECTORY (systemd.exec(5)), else volteface in the
// XDG state directory (XDG Base Directory Specification 0.8), on Windows in
// %LOCALAPPDATA%.
func DefaultDataDir(getenv func(string) string) (string, error) {
	if dir, _, _ := strings.Cut(getenv("STATE_DIRECTORY"), ":"); dir != "" {
		return dir, nil
	}
	if dir := getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "volteface"), nil
	}
	if home := getenv("HOME"); home != "" {
		return filepath.Join(home, ".local", "state", "volteface"), nil
	}
	if dir := getenv("LOCALAPPDATA"); dir != "" { // of Windows
		return filepath.Join(dir, "volteface"), nil
	}
	return "", statement.WithHint(errors.New("no folder for the data is known: STATE_DIRECTORY, XDG_STATE_HOME and HOME are unset"), "give --data-dir")
}

// Load reads the configuration file, or gives the defaults if path is empty.
// ${NAME} in a value is replaced from the environment.
func Load(path string, getenv func(string) string) (*Config, error) {
	cfg := &Config{Path: path}
	if path != "" {
		content, err := ReadFile(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		file, err := decode(path, content, getenv, cfg)
		if err != nil {
			return nil, err
		}
		if err := cfg.check(file); err != nil {
			return nil, err
		}
		cfg.file = file
	}
	cfg.findHome(getenv)
	cfg.setDefaults(getenv)
	return cfg, nil
}

func unreadable(path string, err error) error {
	hint := "give another file with --config"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = "volteface works without a configuration file; leave --config out, or copy configs/volteface.example.yaml there"
	case errors.Is(err, fs.ErrPermission):
		hint = "let the user who runs volteface read it"
	}
	return statement.WithHint(fmt.Errorf("read the configuration: %w", err), hint)
}

// findHome replaces ~/ at the beginning of a folder, which no shell did.
func (c *Config) findHome(getenv func(string) string) {
	for _, folder := range []*string{&c.DataDir, &c.SourcesDir, &c.TopicsDir, &c.TemplatesDir, &c.Feeds.Folder, &c.Judge.Model, &c.SecondOpinion.APIKeyFile} {
		if rest, ok := strings.CutPrefix(*folder, "~/"); ok && getenv("HOME") != "" {
			*folder = filepath.Join(getenv("HOME"), rest)
		}
	}
}

func (c *Config) setDefaults(getenv func(string) string) {
	if c.HTTP.Timeout == 0 {
		c.HTTP.Timeout = statement.Duration(defaultTimeout)
	}
	if c.HTTP.MaxBody == 0 {
		c.HTTP.MaxBody = defaultMaxBody
	}
	if c.HTTP.Delay == 0 && !c.file.has("http.delay") {
		c.HTTP.Delay = statement.Duration(defaultDelay)
	}
	if c.HTTP.HostRequests == 0 {
		c.HTTP.HostRequests = defaultHostHour
	}
	c.Daemon.setDefaults()
	if c.Retention.Visits == 0 {
		c.Retention.Visits = statement.Duration(defaultRetention)
	}
	if c.Retention.Alerts == 0 {
		c.Retention.Alerts = statement.Duration(defaultRetention)
	}
	c.channelDefaults()
	base := filepath.Dir(c.Path)
	c.SecondOpinion.setDefaults(base)
	c.SourcesDir, c.TopicsDir = c.beside(c.SourcesDir, "sources", getenv), c.beside(c.TopicsDir, "topics", getenv)
	if c.Judge.Model != "" && !filepath.IsAbs(c.Judge.Model) {
		c.Judge.Model = filepath.Join(base, c.Judge.Model)
	}
	if c.DataDir != "" && !filepath.IsAbs(c.DataDir) {
		c.DataDir = filepath.Join(base, c.DataDir)
	}
}

// Home is the folder of the configuration file, or where one would be looked for first; "" where no home is known.
func (c *Config) Home(getenv func(string) string) string {
	if c.Path != "" {
		return filepath.Dir(c.Path)
	}
	return homes(getenv)[0]
}

// beside is a folder named in the configuration file, or the usual one beside
// it, or beside where it would be, if there is one.
func (c *Config) beside(folder, usual string, getenv func(string) string) string {
	base, home := filepath.Dir(c.Path), c.Home(getenv)
	switch {
	case folder == "" && isFolder(filepath.Join(home, usual)):
		return filepath.Join(home, usual)
	case folder != "" && !filepath.IsAbs(folder):
		return filepath.Join(base, folder)
	}
	return folder
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (c *Config) check(file *document) error {
	if c.HTTP.MaxBody < 0 {
		return file.errorAt("http.max_body", errors.New("a size cannot be negative"), "leave it out for 8 MiB")
	}
	if c.HTTP.HostRequests < 0 {
		return file.errorAt("http.host_requests_an_hour", errors.New("a number cannot be negative"), "leave it out for 3600")
	}
	if d := c.Doubt; d.Checks < 0 || d.Shrink < 0 || d.Shrink >= 1 {
		return file.errorAt("doubt", errors.New("a number is out of range"), "checks is 1 or more, shrink from 0 to 1; leave them out for 3 and 0.5")
	}
	for field, score := range map[string]float64{"reversals.alert": c.Reversals.Alert, "reversals.review": c.Reversals.Review, "reversals.watch": c.Reversals.Watch} {
		if score < 0 || score > 1 {
			return file.errorAt(field, fmt.Errorf("a score of %g", score), "scores run from 0 to 1; leave it out for the default")
		}
	}
	if err := file.zeros(c, "delay", "importance", "allow_private"); err != nil {
		return err
	}
	if err := checkProxy(c.HTTP.Proxy); err != nil {
		return file.errorAt("http.proxy", err, "write http://host:port, or direct")
	}
	if strings.ContainsFunc(c.Contact, func(r rune) bool { return r <= ' ' || r > '~' || r == '(' || r == ')' }) || len(c.Contact) > 200 {
		return file.errorAt("contact", errors.New("a contact like this cannot stand in the User-Agent"), "write the address of a page, https://example.org/monitoring, or an e-mail address")
	}
	if field, err := c.SecondOpinion.check(); err != nil {
		return file.errorAt(strings.TrimSuffix("second_opinion."+field, "."), err, statement.HintOf(err))
	}
	if field, err := c.Web.check(); err != nil {
		return file.errorAt(strings.TrimSuffix("web."+field, "."), err, statement.HintOf(err))
	}
	if u, err := url.Parse(c.PublicURL); err == nil && c.Web.Listen != "" && strings.Trim(u.Path, "/")+u.RawQuery != "" {
		return file.errorAt("public_url", errPath, "write https://desk.example.org")
	}
	if field, err := c.Daemon.check(); err != nil {
		return file.errorAt(strings.TrimSuffix("daemon."+field, "."), err, statement.HintOf(err))
	}
	return c.checkAlerts(file)
}
