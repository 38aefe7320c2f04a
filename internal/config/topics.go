package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"volteface/configs"
	"volteface/internal/statement"
)

// Topics is every topic that is defined, by id.
type Topics map[string]statement.Topic

// IDs are the names of the topics, in order.
func (t Topics) IDs() []string { return slices.Sorted(maps.Keys(t)) }

// List is every topic, in the order of their names.
func (t Topics) List() []statement.Topic {
	list := make([]statement.Topic, 0, len(t))
	for _, id := range t.IDs() {
		list = append(list, t[id])
	}
	return list
}

// Topics reads the built-in topics and those of the configuration's folder.
func (c *Config) Topics(getenv func(string) string) (Topics, error) {
	topics, own := Topics{}, Topics{}
	if err := eachDefinition("topic", "", configs.Files, "topics", "built in: ", topics.add(getenv)); err != nil {
		return nil, err
	}
	if c.TopicsDir == "" {
		return topics, nil
	}
	if err := eachDefinition("topic", "check topics_dir in the configuration", ownFolder{os.DirFS(c.TopicsDir), c.TopicsDir}, ".", c.TopicsDir+string(filepath.Separator), own.add(getenv)); err != nil {
		return nil, err
	}
	for id, topic := range own {
		topic.Replaces = topics[id].Path
		topics[id] = topic
	}
	return topics, nil
}

func (t Topics) add(getenv func(string) string) func(name string, content []byte) error {
	return func(name string, content []byte) error {
		topic, err := ParseTopic(name, content, getenv)
		if err != nil {
			return err
		}
		if other, twice := t[topic.ID]; twice {
			return idTwice(name, topic.ID, other.Path)
		}
		t[topic.ID] = topic
		return nil
	}
}

// The longest a proposition and a term may be, in bytes.
const (
	maxProposition = 300
	maxTerm        = 100
)

// ParseTopic reads one topic, checks it and fills in the defaults. The name is
// used in errors.
func ParseTopic(name string, content []byte, getenv func(string) string) (statement.Topic, error) {
	var topic statement.Topic
	file, err := decode(name, content, getenv, &topic)
	if err != nil {
		return topic, err
	}
	topic.Path = name
	if field, err := checkTopic(topic); err != nil {
		return topic, file.errorAt(field, err, statement.HintOf(err))
	}
	for i, p := range topic.Propositions {
		plain := strings.TrimRight(p.Text, ".")
		if p.Affirmed == "" {
			topic.Propositions[i].Affirmed = plain
		}
		if p.Denied == "" {
			topic.Propositions[i].Denied = "not: " + plain
		}
	}
	return topic, nil
}

func checkTopic(t statement.Topic) (field string, err error) {
	if !sourceID.MatchString(t.ID) {
		return "id", hinted("use lower case letters, digits and dashes, for example drone-supply", "%q cannot be the id of a topic", t.ID)
	}
	if strings.TrimSpace(t.Name) == "" {
		return "name", hinted("it stands in the subjects of mails, for example Drone supply to Russia", "the topic needs a name")
	}
	if len(t.Terms) == 0 && len(t.Propositions) == 0 {
		return "terms", hinted("give terms, propositions, or both", "the topic asks for nothing")
	}
	for i, term := range t.Terms {
		if strings.TrimSpace(term) == "" || len(term) > maxTerm {
			return fmt.Sprintf("terms[%d]", i), hinted(fmt.Sprintf("one word or a few, up to %d bytes", maxTerm), "%q cannot be a term", term)
		}
	}
	ids := map[string]bool{}
	for i, p := range t.Propositions {
		at := fmt.Sprintf("propositions[%d]", i)
		switch {
		case !sourceID.MatchString(p.ID):
			return at + ".id", hinted("use lower case letters, digits and dashes, for example supplied", "%q cannot be the id of a proposition", p.ID)
		case ids[p.ID]:
			return at + ".id", hinted("give one of them another id", "the id %q is used twice", p.ID)
		case strings.TrimSpace(p.Text) == "" || len(p.Text) > maxProposition:
			return at + ".text", statement.WithHint(errors.New("a proposition is one plain sentence"), "write who does what to whom, for example: Iran supplied drones to Russia.")
		}
		ids[p.ID] = true
	}
	return "", nil
}
