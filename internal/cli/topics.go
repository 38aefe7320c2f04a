package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
)

func (a *app) topicsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "topics",
		Short:   "Propose a topic of your own; positions lists those there are",
		Example: "  volteface topics new \"Iran supplied drones to Russia.\" --id drone-supply",
		RunE:    needsVerb,
	}
	cmd.AddCommand(a.topicsNewCommand())
	return cmd
}

// topicFlags are what topics new can be told.
type topicFlags struct {
	id, name, to string
	terms        []string
	write, force bool
}

func (a *app) topicsNewCommand() *cobra.Command {
	f := &topicFlags{}
	cmd := &cobra.Command{
		Use:   "new PROPOSITION",
		Short: "Propose a topic for a proposition, and show what it would have caught",
		Long: `Propose a topic for a proposition: one plain sentence in the affirmative that
says who does what to whom, in any language the judge was taught. Proposed are
its denial and terms: the sentence's own rarer words, their other forms in
what is kept, and words that passages on the matter share, in each language
that is kept. Then follows what the terms would have caught in the store, the
newest with the stance the judge reads there.

Nothing is written but with -o FILE, or with --write into the folder of your
own topics: that of topics_dir in the configuration, else topics/ beside the
configuration file. Read the file before you trust it: terms that are too
common catch too much.`,
		Example: `  volteface topics new "Iran supplied drones to Russia."
  volteface topics new "The tax on cars will be raised." --id car-tax --terms tax,levy --write`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.newTopic(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.id, "id", "", "`ID` of the topic (default: made of the proposition)")
	flags.StringVar(&f.name, "name", "", "`NAME` of the topic, for subjects of mails (default: the proposition)")
	flags.StringSliceVar(&f.terms, "terms", nil, "`TERMS` of your own, separated by commas; drone* stands for all words that begin so")
	flags.StringVarP(&f.to, "output", "o", "", "write the topic to this `FILE`")
	flags.BoolVar(&f.write, "write", false, "write it into the folder of your own topics")
	flags.BoolVar(&f.force, "force", false, "replace the file of -o if it is there")
	return cmd
}

// topicJSON is what topics new gives.
type topicJSON struct {
	Topic      statement.Topic `json:"topic"`
	File       string          `json:"file"`
	Statements int             `json:"statements"`
	Read       int             `json:"read"`
	Caught     int             `json:"caught"`
	Newest     []wire.Caught   `json:"newest"`
}

func (a *app) newTopic(ctx context.Context, proposition string, f *topicFlags) error {
	proposition = strings.Join(strings.Fields(proposition), " ")
	switch {
	case len(strings.Fields(proposition)) < 2 && !strings.ContainsFunc(proposition, statement.Unspaced):
		return usage(fmt.Errorf("%q is not a sentence", proposition), "write who does what to whom, for example: Iran supplied drones to Russia.")
	case strings.HasSuffix(proposition, "?") || strings.HasSuffix(proposition, "؟") || strings.HasSuffix(proposition, "？"):
		return usage(errors.New("a proposition says something, and does not ask"), "write it as a plain sentence, for example: Iran supplied drones to Russia.")
	case f.write && f.to != "":
		return usage(errors.New("-o and --write name two places"), "leave out one of them")
	}
	cfg, _, topics, err := a.defined()
	if err != nil {
		return err
	}
	topic := statement.Topic{ID: f.id, Name: f.name}
	if topic.ID == "" {
		topic.ID = slug(proposition)
	}
	if topic.Name == "" {
		topic.Name = term.Cut(strings.TrimRight(proposition, ".。"), 60)
	}
	if other, taken := topics[topic.ID]; taken {
		return usage(fmt.Errorf("there is a topic %s already: %s", topic.ID, other.Path), "choose another with --id; volteface positions lists those that are taken")
	}
	topic.Terms, topic.Propositions = []string{"x"}, []statement.Proposition{{ID: "holds", Text: proposition}}
	if _, err := a.topicFile(topic); err != nil { // before anything is read
		return err
	}
	_, m, done, err := a.analyst(ctx)
	if err != nil {
		return err
	}
	defer done()
	proposed, err := m.Propose(ctx, proposition, f.terms)
	if err != nil {
		return err
	}
	topic.Terms, topic.Propositions = proposed.Topic.Terms, proposed.Topic.Propositions
	content, err := a.topicFile(topic)
	if err != nil {
		return err
	}
	file := f.to
	if f.write {
		folder := cfg.TopicsDir
		if folder == "" {
			folder = filepath.Join(cfg.Home(a.getenv), "topics")
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		file = filepath.Join(folder, topic.ID+".yaml")
	}
	if file != "" {
		if _, err := replaceFile(file, f.force && !f.write, func(out io.Writer) (int, error) { return out.Write(content) }); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	proposed.Topic = topic
	return a.showProposal(proposed, file, content)
}

// topicFile is the file of a topic, checked as it will be when it is read.
func (a *app) topicFile(t statement.Topic) ([]byte, error) {
	content, err := yaml.Marshal(t)
	if err != nil {
		return nil, err
	}
	if _, err := config.ParseTopic("the proposed topic", content, a.getenv); err != nil {
		return nil, usage(err, statement.HintOf(err))
	}
	return content, nil
}

func (a *app) showProposal(p monitor.Proposal, file string, content []byte) error {
	if a.json {
		x := topicJSON{Topic: p.Topic, File: file, Statements: p.Statements, Read: p.Read, Caught: p.Caught, Newest: []wire.Caught{}}
		for _, c := range p.Newest {
			x.Newest = append(x.Newest, wire.CaughtOf(c))
		}
		return a.printJSON(x)
	}
	// What is no part of the file is a comment, so that the whole output is a topic file too.
	out := a.out
	if file == "" {
		if _, err := out.Write([]byte(term.CleanText(string(content)))); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(out, "# written: %s\n# terms: %s\n", term.Clean(file), term.Clean(strings.Join(p.Topic.Terms, ", ")))
	}
	fmt.Fprintf(out, "# It would have caught %d of the %s kept.\n", p.Caught, plural(p.Statements, "statement"))
	if p.Read < p.Statements {
		fmt.Fprintf(out, "# For its terms the newest %d were looked at.\n", p.Read)
	}
	if p.Statements == 0 {
		fmt.Fprintln(out, "# With nothing kept there is nothing to find terms in: add other words for the matter, in each language.")
	}
	for _, c := range p.Newest {
		stance := c.Stance
		if stance == "" {
			stance = "not read"
		}
		fmt.Fprintf(out, "#  %s  %-9s  %s: %s\n", term.Clean(day(c.Statement.Published)), stance, term.Clean(c.Issuer), term.Clean(term.Cut(c.Sentence, 160)))
	}
	if file == "" {
		_, err := fmt.Fprintln(out, "# Nothing was written: -o FILE or --write does.")
		return err
	}
	return nil
}

// slug makes an id of a sentence: its letters of ASCII and digits, words set apart by dashes, 40 at most.
func slug(sentence string) string {
	words := strings.FieldsFunc(strings.ToLower(sentence), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	id := ""
	for _, w := range words {
		if len(id)+1+len(w) > 40 {
			break
		}
		id = strings.TrimPrefix(id+"-"+w, "-")
	}
	if id == "" || id[0] < 'a' {
		id = strings.TrimSuffix("topic-"+id, "-")
	}
	return id
}
