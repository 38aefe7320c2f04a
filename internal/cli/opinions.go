package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/monitor"
	"volteface/internal/opinion"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
	"volteface/state/sqlite"
)

func (a *app) opinionsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "opinions",
		Short: "Show what a language model was asked about findings, and what it said",
		Long: `Show what a language model was asked about findings, and what it answered:
second_opinion of the configuration names one (docs/second-opinion.md). It is
asked about what the judge found, and nothing else; it may raise a finding from
review to alert, drop it, name its kind and add a sentence. Its answers are kept,
void ones too.`,
		Example: `  volteface opinions stats
  volteface opinions show 4f2k
  volteface opinions trust`,
		RunE: needsVerb,
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "show ID",
		Short:   "Show what was asked about a finding, and each answer",
		Example: "  volteface opinions show 4f2k --json",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.showOpinion(cmd.Context(), args[0]) },
	}, &cobra.Command{
		Use:     "stats",
		Short:   "Count questions, answers, tokens, and how often people agreed",
		Example: "  volteface opinions stats --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.opinionStats(cmd.Context()) },
	}, &cobra.Command{
		Use:   "trust",
		Short: "Let the key go to the address that is configured now",
		Long: `Let the key of the second opinion go to the address that is configured now. A key
is sent to no other address than the one it was first used at, so that nobody who
changes an address gets a key with it; this command says that it may.`,
		Example: "  volteface opinions trust",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.trustOpinion(cmd.Context()) },
	})
	return cmd
}

// answerJSON is an answer of opinions show.
type answerJSON struct {
	At      string            `json:"at"`
	Swapped bool              `json:"swapped"`
	State   state.AnswerState `json:"state"`
	Verdict statement.Verdict `json:"verdict"`
	Model   string            `json:"model"`
	Content string            `json:"content"`
	Note    string            `json:"note"`
	In      int               `json:"tokens_in"`
	Out     int               `json:"tokens_out"`
	Seconds float64           `json:"seconds"`
}

// opinionJSON is what opinions show prints.
type opinionJSON struct {
	Finding  string             `json:"finding"`
	Key      string             `json:"key"`
	Model    string             `json:"model"`
	State    state.OpinionState `json:"state"`
	Note     string             `json:"note"`
	Asked    string             `json:"asked"`
	Settled  string             `json:"settled"`
	Held     bool               `json:"held"`
	Until    string             `json:"held_until"`
	Effect   statement.Effect   `json:"effect"`
	Verdict  statement.Verdict  `json:"verdict"`
	Kind     string             `json:"kind"`
	Reason   string             `json:"reason"`
	Messages []opinion.Message  `json:"messages"`
	Answers  []answerJSON       `json:"answers"`
}

func (a *app) showOpinion(ctx context.Context, id string) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	f, err := a.finding(ctx, h, id)
	if err != nil {
		return err
	}
	c, err := h.OpinionCase(ctx, f.ID)
	if errors.Is(err, statement.ErrNotFound) {
		return statement.WithHint(fmt.Errorf("no second opinion was asked for about %s", f.ID), "second_opinion of the configuration says which findings are asked about, and of whom")
	}
	if err != nil {
		return err
	}
	o, err := h.Opinion(ctx, c.Opinion)
	if err != nil {
		return err
	}
	answers, err := h.OpinionAnswers(ctx, c.Opinion)
	if err != nil {
		return err
	}
	var q opinion.Question
	if err := json.Unmarshal([]byte(o.Question), &q); err != nil {
		return err
	}
	if a.json {
		x := opinionJSON{f.ID, o.Key, o.Model, o.State, o.Note, moment(o.CreatedAt), moment(o.SettledAt), c.Held, moment(c.HeldUntil), c.Effect, o.Verdict, o.Kind, o.Reason, q.Messages(false), []answerJSON{}}
		for _, w := range answers {
			x.Answers = append(x.Answers, answerJSON{moment(w.At), w.Swapped, w.State, w.Verdict, w.Model, w.Content, w.Note, w.In, w.Out, w.Took.Seconds()})
		}
		return a.printJSON(x)
	}
	for _, m := range q.Messages(false) {
		fmt.Fprintf(a.out, "%s\n\n", term.CleanText(m.Content))
	}
	for i, w := range answers {
		order := "the earlier first"
		if w.Swapped {
			order = "the later first"
		}
		fmt.Fprintf(a.out, "answer %d  %s, %s, %s  %s\n", i+1, statement.ShortMoment(w.At), order, w.State, term.Clean(w.Note))
		if w.Content != "" {
			if err := indent(a.out, term.CleanText(w.Content), "  "); err != nil {
				return err
			}
		}
	}
	said := string(o.State)
	switch {
	case o.State == state.OpinionAnswered:
		said = fmt.Sprintf("%s, judged by %s: %s", o.Verdict, o.Model, o.Reason)
	case o.Note != "":
		said += ": " + o.Note
	}
	fmt.Fprintf(a.out, "\n%s\n", term.Clean(said))
	if c.Held {
		fmt.Fprintf(a.out, "the finding waits, until %s at the latest\n", statement.ShortMoment(c.HeldUntil))
	}
	return nil
}

// opinionStatsJSON is what opinions stats prints.
type opinionStatsJSON struct {
	Questions map[state.OpinionState]int `json:"questions"`
	Answers   map[state.AnswerState]int  `json:"answers"`
	Effects   map[statement.Effect]int   `json:"effects"`
	Extras    map[state.OpinionState]int `json:"extras"` // translations and summaries
	Held      int                        `json:"held"`
	In        int                        `json:"tokens_in"`
	Out       int                        `json:"tokens_out"`
	Money     float64                    `json:"money"`
	Decided   int                        `json:"decided"`
	Agreed    int                        `json:"agreed"`
}

func (a *app) opinionStats(ctx context.Context) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	t, err := h.OpinionTally(ctx)
	if err != nil {
		return err
	}
	price := cfg.SecondOpinion.Price
	money := (float64(t.In)*price.Input + float64(t.Out)*price.Output) / 1e6
	if a.json {
		return a.printJSON(opinionStatsJSON{t.Questions, t.Answers, t.Effects, t.Extras, t.Held, t.In, t.Out, money, t.Decided, t.Agreed})
	}
	rows := [][]string{
		{"questions", fmt.Sprintf("%d answered, %d void, %d failed, %d waiting", t.Questions[state.OpinionAnswered], t.Questions[state.OpinionVoid], t.Questions[state.OpinionFailed], t.Questions[state.OpinionWaiting])},
		{"requests", fmt.Sprintf("%d valid, %d void, %d without an answer", t.Answers[state.AnswerValid], t.Answers[state.AnswerVoid], t.Answers[state.AnswerFailed])},
		{"findings", fmt.Sprintf("%d raised, %d dropped, %d restored, %d waiting", t.Effects[statement.EffectRaised], t.Effects[statement.EffectDropped], t.Effects[statement.EffectRestored], t.Held)},
		{"extras", fmt.Sprintf("%d translations and summaries written, %d void, %d failed, %d waiting", t.Extras[state.OpinionAnswered], t.Extras[state.OpinionVoid], t.Extras[state.OpinionFailed], t.Extras[state.OpinionWaiting])},
		{"tokens", fmt.Sprintf("%d of questions, %d of answers", t.In, t.Out)},
	}
	if money > 0 {
		rows = append(rows, []string{"money", fmt.Sprintf("%.2f", money)})
	}
	people := "have decided on none yet"
	if t.Decided > 0 {
		people = fmt.Sprintf("agreed with %d of %d", t.Agreed, t.Decided)
	}
	return term.Table(a.out, append(rows, []string{"people", people}))
}

func (a *app) trustOpinion(ctx context.Context) error {
	cfg, err := a.secondOpinion()
	if err != nil {
		return err
	}
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	client, err := cfg.OpenSecondOpinion(userAgent(cfg))
	if err != nil {
		return err
	}
	defer client.Close()
	if client.KeyName() == "" {
		return statement.WithHint(errors.New("no key is configured, so none can go astray"), "nothing is to be done")
	}
	m := &monitor.Monitor{Store: h.Store, Clock: a.clock, Opinions: &monitor.Opinions{Client: client}}
	if err := m.TrustOpinionAddress(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "the key goes to %s from now on, and nowhere else\n", term.Clean(client.Address()))
	return err
}

// secondOpinion is the configuration, if it names a second opinion.
func (a *app) secondOpinion() (*config.Config, error) {
	cfg, err := a.config()
	if err == nil && !cfg.SecondOpinion.On() {
		return nil, statement.WithHint(errors.New("no second opinion is configured"), "write second_opinion: {base_url: https://host/v1, model: NAME, api_key: \"${NAME}\"} into the configuration; docs/second-opinion.md tells more")
	}
	return cfg, err
}

func (a *app) reversalsRestoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore ID...",
		Short: "Bring back what a second opinion has dropped",
		Long: `Bring back what a second opinion has dropped: it is listed again, and told as it
would have been without that opinion. No later opinion drops it again.`,
		Example: "  volteface reversals list --dropped\n  volteface reversals restore 4f2k",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, m, done, err := a.analyst(cmd.Context())
			if err != nil {
				return err
			}
			defer done()
			color := term.Color(a.out, a.getenv)
			for _, id := range args {
				f, err := a.finding(cmd.Context(), h, id)
				if err != nil {
					return err
				}
				if f.DroppedAt.IsZero() {
					return statement.WithHint(fmt.Errorf("%s was not dropped", f.ID), "volteface reversals list --dropped shows what was")
				}
				if f, err = m.Restore(cmd.Context(), f.ID); err != nil {
					return err
				}
				if err := a.printReversal(f, color); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// examineOpinion asks the second opinion one question, whose answer is known. Nothing of it is kept.
func (a *app) examineOpinion(ctx context.Context, cfg *config.Config, folder string) verdict {
	const check = "opinion"
	client, err := cfg.OpenSecondOpinion(userAgent(cfg))
	if err != nil {
		return poor("failed", check, statement.HintOf(err), "%v", err)
	}
	defer client.Close()
	if there, err := kept(ctx, folder); err == nil && there && client.KeyName() != "" {
		store, err := sqlite.Open(ctx, filepath.Join(folder, databaseName))
		if err != nil {
			return poor("failed", check, statement.HintOf(err), "%v", err)
		}
		known, err := store.OpinionAddress(ctx, client.KeyName())
		store.Close()
		if err == nil && known != client.Address() {
			return poor("failed", check, "volteface opinions trust, if the new address may have the key", "not asked: the key was given to %s before, and now base_url is %s", known, client.Address())
		}
	}
	reply, err := client.Ask(ctx, opinion.Sample, false)
	if err != nil {
		return poor("failed", check, statement.HintOf(err), "%s at %s: %v", client.Model(), client.Address(), err)
	}
	answer, err := opinion.Read(reply.Content, opinion.Sample)
	switch {
	case err != nil:
		return poor("failed", check, "the model, or its server, may not know response_format: json_schema; try another one", "%s answers, but %v", client.Model(), err)
	case answer.Verdict != statement.VerdictReversal:
		return poor("warning", check, "a larger model may serve better; volteface eval --second-opinion measures one", "%s takes a plain reversal for %s", client.Model(), answer.Verdict)
	}
	return fine(check, "%s at %s answers rightly in %s, %d tokens", client.Model(), client.Address(), reply.Took.Round(10*time.Millisecond), reply.In+reply.Out)
}

// opinedJSON is what check --second-opinion prints besides the judge's verdict.
type opinedJSON struct {
	Model   string            `json:"model"`
	Outcome opinion.Outcome   `json:"outcome"`
	Verdict statement.Verdict `json:"verdict"`
	Kind    string            `json:"kind"`
	Reason  string            `json:"reason"`
	Answers []answerJSON      `json:"answers"`
}

// askNow asks the second opinion about a pair, as it is asked about a finding. What it costs counts against the bounds of the
// configuration; the answers are kept.
func (a *app) askNow(ctx context.Context, q opinion.Question) (o opinedJSON, err error) {
	cfg, err := a.secondOpinion()
	if err != nil {
		return o, err
	}
	h, err := a.open(ctx)
	if err != nil {
		return o, err
	}
	defer h.Close()
	m, err := a.monitor(h, nil, cfg)
	if err != nil {
		return o, err
	}
	defer m.Close()
	answers, outcome, verdict, err := m.AskByHand(ctx, q)
	o = opinedJSON{Model: m.Opinions.Client.Model(), Outcome: outcome, Verdict: verdict.Verdict, Kind: verdict.Kind, Reason: verdict.Reason, Answers: []answerJSON{}}
	for _, w := range answers {
		o.Answers = append(o.Answers, answerJSON{moment(w.At), w.Swapped, w.State, w.Verdict, w.Model, w.Content, w.Note, w.In, w.Out, w.Took.Seconds()})
	}
	return o, err
}

// printOpined shows a second opinion to a person.
func (a *app) printOpined(o opinedJSON) error {
	var tries []string
	tokens := 0
	for _, w := range o.Answers {
		said := string(w.Verdict)
		if w.State != state.AnswerValid {
			said = w.Note
		}
		tries, tokens = append(tries, said), tokens+w.In+w.Out
	}
	said := "no opinion: no two valid answers agree"
	if o.Outcome == opinion.Decided {
		said = strings.TrimSpace(fmt.Sprintf("%s %s: %s", o.Verdict, strings.ReplaceAll(o.Kind, "_", " "), o.Reason))
	}
	_, err := fmt.Fprintf(a.out, "\nsecond opinion, judged by %s  %s\n        answers: %s (%d tokens)\n", term.Clean(o.Model), term.Clean(said), term.Clean(strings.Join(tries, "; ")), tokens)
	return err
}
