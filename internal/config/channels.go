package config

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"volteface/internal/alert"
	"volteface/internal/alert/chat"
	"volteface/internal/alert/email"
	"volteface/internal/alert/maildir"
	"volteface/internal/alert/webhook"
	"volteface/internal/clock"
	"volteface/internal/extract"
	"volteface/internal/statement"
)

// Channel is a way to be told that is no mail server. One of Webhook, Maildir,
// Shoutrrr and ShoutrrrFile is set.
type Channel struct {
	Webhook      statement.Secret `yaml:"webhook,omitempty" json:"webhook,omitempty" jsonschema_description:"address that alerts are posted to as signed JSON (Standard Webhooks)"`
	Secret       statement.Secret `yaml:"secret,omitempty" json:"secret,omitempty" jsonschema_description:"what webhooks are signed with: whsec_ and base64, or two of them, separated by a space, while they are exchanged"`
	SecretFile   string           `yaml:"secret_file,omitempty" json:"secret_file,omitempty" jsonschema_description:"file that holds the secret"`
	Maildir      string           `yaml:"maildir,omitempty" json:"maildir,omitempty" jsonschema_description:"mail folder on this machine, relative to this file"`
	Address      string           `yaml:"address,omitempty" json:"address,omitempty" jsonschema_description:"e-mail address that mails in the folder are to (default volteface@localhost)"`
	Shoutrrr     statement.Secret `yaml:"shoutrrr,omitempty" json:"shoutrrr,omitempty" jsonschema_description:"address of a chat or push service as shoutrrr writes it, such as ntfy://ntfy.sh/topic or telegram://TOKEN@telegram?chats=ID"`
	ShoutrrrFile string           `yaml:"shoutrrr_file,omitempty" json:"shoutrrr_file,omitempty" jsonschema_description:"file that holds it"`
}

// Feeds is where feeds of events are written.
type Feeds struct {
	Folder string `yaml:"folder,omitempty" json:"folder,omitempty" jsonschema_description:"folder for Atom and JSON feeds of events, relative to this file: one for all, one for each issuer, topic and kind (default: none are written)"`
	URL    string `yaml:"url,omitempty" json:"url,omitempty" jsonschema_description:"where the folder can be read on the web, if it can"`
}

const localAddress = "volteface@localhost"

var channelName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// check gives the first mistake; secrets in files are read only when the
// channel is opened.
func (ch Channel) check(name string) error {
	if !channelName.MatchString(name) || name == statement.EmailChannel {
		return hinted("lower case letters, digits and dashes; not email", "%q cannot be the name of a channel", name)
	}
	set := 0
	for _, given := range []bool{ch.Webhook != "", ch.Maildir != "", ch.Shoutrrr != "", ch.ShoutrrrFile != ""} {
		if given {
			set++
		}
	}
	switch {
	case set != 1:
		return hinted("give one of webhook, maildir, shoutrrr and shoutrrr_file", "the channel %s must be of one kind", name)
	case ch.Webhook == "" && (ch.Secret != "" || ch.SecretFile != ""):
		return statement.WithHint(errors.New("there is a secret, but no webhook"), "take it out, or add webhook")
	case ch.Secret != "" && ch.SecretFile != "":
		return statement.WithHint(errors.New("both secret and secret_file are given"), "keep one of them")
	case ch.Webhook != "" && ch.SecretFile == "":
		return webhook.Validate(ch.Webhook.Reveal(), ch.Secret)
	case ch.Address != "" && ch.Maildir == "":
		return statement.WithHint(errors.New("only mails in a folder have an address"), "take it out, or write the address under to of a rule")
	}
	if ch.Address != "" {
		if r, err := alert.ParseRecipient(ch.Address); err != nil || r.Channel != statement.EmailChannel {
			return hinted("write you@example.org", "%q is not an e-mail address", ch.Address)
		}
	}
	if ch.Shoutrrr != "" {
		_, err := chat.New(ch.Shoutrrr)
		return err
	}
	return nil
}

// open makes the channel.
func (ch Channel) open(from string, c clock.Clock) (alert.Channel, error) {
	switch {
	case ch.Maildir != "":
		if from == "" {
			from = localAddress
		}
		to := ch.Address
		if to == "" {
			to = localAddress
		}
		return maildir.New(ch.Maildir, from, to)
	case ch.Webhook != "":
		secret, err := kept(ch.Secret, ch.SecretFile)
		if err != nil {
			return nil, err
		}
		return webhook.New(ch.Webhook.Reveal(), secret, c)
	}
	address, err := kept(ch.Shoutrrr, ch.ShoutrrrFile)
	if err != nil {
		return nil, err
	}
	return chat.New(address)
}

// kept is a secret from where it is kept.
func kept(secret statement.Secret, file string) (statement.Secret, error) {
	if file == "" {
		return secret, nil
	}
	secret, err := statement.ReadSecret(file)
	return statement.Secret(strings.TrimSpace(secret.Reveal())), err
}

// OpenChannels opens every way to send alerts that is configured, by name. They
// connect when first used. Whoever asked closes them.
func (c *Config) OpenChannels(clk clock.Clock) (channels map[string]alert.Channel, err error) {
	channels = map[string]alert.Channel{}
	if c.SMTP.Host != "" {
		channel, err := email.New(c.SMTP)
		if err != nil {
			return nil, err
		}
		channels[statement.EmailChannel] = channel
	}
	for _, name := range slices.Sorted(maps.Keys(c.Channels)) {
		channel, err := c.Channels[name].open(c.SMTP.From, clk)
		if err != nil {
			return nil, statement.WithHint(fmt.Errorf("the channel %s: %w", name, err), statement.HintOf(err))
		}
		channels[name] = channel
	}
	return channels, nil
}

// Templates are those of the configured folder, checked, or nil for those built in.
func (c *Config) Templates() (*alert.Templates, error) {
	if c.TemplatesDir == "" {
		return nil, nil
	}
	return alert.LoadTemplates(c.TemplatesDir)
}

// checkAlerts checks rules, channels, and that each recipient can be reached.
func (c *Config) checkAlerts(file *document) error {
	for _, name := range slices.Sorted(maps.Keys(c.Channels)) {
		if err := c.Channels[name].check(name); err != nil {
			return file.errorAt("channels."+name, err, statement.HintOf(err))
		}
	}
	names := map[string]bool{}
	mail := c.SMTP.Host != ""
	reach := func(field string, to []string) error {
		for i, recipient := range to {
			r, err := alert.ParseRecipient(recipient)
			if err == nil && r.Channel != statement.EmailChannel {
				if _, known := c.Channels[r.Channel]; !known {
					hint := "write an e-mail address such as you@example.org, or define it under channels"
					if near := statement.Nearest(r.Channel, slices.Sorted(maps.Keys(c.Channels))); near != "" {
						hint = fmt.Sprintf("did you mean %q?", near)
					}
					return file.errorAt(fmt.Sprintf("%s[%d]", field, i), fmt.Errorf("no channel is called %q", recipient), hint)
				}
			}
			mail = mail || r.Channel == statement.EmailChannel
		}
		return nil
	}
	for i, rule := range c.Alerts {
		field := fmt.Sprintf("alerts[%d]", i)
		if err := rule.Validate(); err != nil {
			return file.errorAt(field, err, statement.HintOf(err))
		}
		for k, tag := range rule.Languages {
			if err := extract.CheckLanguage(tag); err != nil {
				return file.errorAt(fmt.Sprintf("%s.languages[%d]", field, k), err, statement.HintOf(err))
			}
		}
		if rule.Name != "" && names[rule.Name] {
			return file.errorAt(field+".name", fmt.Errorf("two rules are called %q", rule.Name), "give one of them another name")
		}
		names[rule.Name] = true
		if err := reach(field+".to", rule.To); err != nil {
			return err
		}
	}
	if err := reach("daemon.operator", c.Daemon.Operator); err != nil {
		return err
	}
	if mail {
		if err := c.SMTP.Validate(); err != nil {
			return file.errorAt("smtp", err, statement.HintOf(err))
		}
	}
	for field, address := range map[string]string{"public_url": c.PublicURL, "feeds.url": c.Feeds.URL} {
		if u, err := url.Parse(address); err != nil || address != "" && (u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil) {
			return file.errorAt(field, fmt.Errorf("%q is not an address on the web", statement.HideLogin(address)), "write https://host/path")
		}
	}
	return nil
}

// channelDefaults makes paths absolute.
func (c *Config) channelDefaults() {
	base := filepath.Dir(c.Path)
	beside := func(path string) string {
		if path != "" && !filepath.IsAbs(path) {
			return filepath.Join(base, path)
		}
		return path
	}
	for name, ch := range c.Channels {
		ch.Maildir, ch.SecretFile, ch.ShoutrrrFile = beside(ch.Maildir), beside(ch.SecretFile), beside(ch.ShoutrrrFile)
		c.Channels[name] = ch
	}
	c.Feeds.Folder, c.TemplatesDir = beside(c.Feeds.Folder), beside(c.TemplatesDir)
}
