package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"volteface/internal/statement"
)

// CheckNames checks that every source, issuer, tag and topic that rules and topics name is one there is: a rule with a name that
// nobody has would never say a word. It gives the first that is not, an *Error with the nearest name there is.
func (c *Config) CheckNames(sources Catalogue, topics Topics) error {
	known := knownNames(sources, topics)
	for i, rule := range c.Alerts {
		for _, list := range []struct {
			key   string
			names []string
			of    nameKind
		}{
			{"sources", rule.Sources, known.sources}, {"issuers", rule.Issuers, known.issuers},
			{"tags", rule.Tags, known.tags}, {"topics", rule.Topics, known.topics},
		} {
			for k, name := range list.names {
				if err := list.of.check(name); err != nil {
					return c.errorAt(fmt.Sprintf("alerts[%d].%s[%d]", i, list.key, k), err)
				}
			}
		}
	}
	for _, id := range topics.IDs() {
		topic := topics[id]
		for k, name := range topic.Issuers {
			if err := known.issuers.check(name); err != nil {
				return topicError(topic, fmt.Sprintf("issuers[%d]", k), err)
			}
		}
		for k, name := range topic.Governments {
			if err := known.governments.check(name); err != nil && !isCountry(name) {
				return topicError(topic, fmt.Sprintf("governments[%d]", k), err)
			}
		}
	}
	return nil
}

// errorAt places a mistake in the configuration file, if it was read from one.
func (c *Config) errorAt(field string, err error) error {
	if c.file == nil {
		return err
	}
	return c.file.errorAt(field, err, statement.HintOf(err))
}

func topicError(t statement.Topic, field string, err error) error {
	return &Error{File: t.Path, Err: fmt.Errorf("%s: %w", field, err), Hint: statement.HintOf(err)}
}

// nameKind is a kind of name, and those there are.
type nameKind struct {
	what  string // for people: source
	list  string // where they are listed
	names []string
}

func (k nameKind) check(name string) error {
	if slices.Contains(k.names, name) {
		return nil
	}
	hint := "one of " + strings.Join(k.names, ", ")
	near := statement.Nearest(strings.ToLower(name), k.names)
	switch {
	case near != "":
		hint = fmt.Sprintf("did you mean %q?", near)
	case len(k.names) == 0:
		hint = "there is none; take it out"
	case len(k.names) > 20:
		hint = k.list
	}
	return hinted(hint, "no %s is called %q", k.what, name)
}

type nameKinds struct{ sources, issuers, governments, tags, topics nameKind }

func knownNames(sources Catalogue, topics Topics) nameKinds {
	issuers, governments, tags := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, src := range sources {
		issuers[src.Issuer.ID], governments[src.Issuer.Government] = true, true
		for _, tag := range src.Tags {
			tags[tag] = true
		}
	}
	delete(governments, "")
	sorted := func(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
	return nameKinds{
		nameKind{"source", "volteface sources list --all shows the sources", sources.IDs()},
		nameKind{"issuer", "volteface sources show SOURCE shows the id of its issuer", sorted(issuers)},
		nameKind{"government", "as in the sources: an ISO 3166-1 alpha-2 code, EU, NATO or UN", sorted(governments)},
		nameKind{"tag", "volteface sources tags lists them", sorted(tags)},
		nameKind{"topic", "volteface positions lists the topics", topics.IDs()},
	}
}

// isCountry tells whether a government that no source has yet could have one: a code of ISO 3166-1, or a union of states.
func isCountry(code string) bool {
	if slices.Contains([]string{"EU", "NATO", "UN"}, code) {
		return true
	}
	region, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && region.IsCountry() && region.String() == code
}
