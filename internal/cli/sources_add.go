package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/learn"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// addition is what a person asks of sources add.
type addition struct {
	id, name, issuer, government, language, timezone string
	tags                                             []string
	page, listing, saved, yes, dryRun                bool
	out                                              string
}

func (a *app) sourcesAddCommand() *cobra.Command {
	var o addition
	cmd := &cobra.Command{
		Use:   "add URL",
		Short: "Add a source by the address of its press page",
		Long: `Add a source by the address of its press page. Feeds and APIs that the page names
are tried first. Else its list of statements is learnt from its repeated blocks,
and from three of the articles where title, date, text and speaker stand on all of
them. What is found is shown with examples; you are asked before a definition with
comments is written into the folder of your own sources, and it is then tried.

A page without a list, or with --page, is watched itself: it is a statement from
its first sight, and every later wording is told (advice to travellers, a list, a
policy). Name several addresses to watch several pages in one source.

With --saved nothing is fetched: name files that a browser saved, the listing
first, or a folder of them. An address before the files says where the listing is
from; else the file itself mostly tells.`,
		Example: `  volteface sources add https://www.example.org/press
  volteface sources add https://www.example.org/press --id my-ministry --dry-run
  volteface sources add --page https://www.example.org/travel-advice/iran --name "Advice for Iran"
  volteface sources add https://www.example.org/press --saved listing.html one.html two.html`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.addSource(cmd.Context(), args, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.id, "id", "", "call the source `ID` (default: made from the host)")
	f.StringVar(&o.name, "name", "", "`NAME` of the institution; with --page, what the page is called")
	f.StringVar(&o.issuer, "issuer", "", "short `NAME` of the institution, as another source of it has it (default: made from the id)")
	f.StringVar(&o.government, "government", "", "`COUNTRY` of the institution, as ISO 3166 has it (default: by the end of the host's name)")
	f.StringVar(&o.language, "language", "", "`LANGUAGE` of the pages, such as fa (default: what the page says, or its letters)")
	f.StringVar(&o.timezone, "timezone", "", "`ZONE` of dates shown without one, such as Asia/Tehran (default: that of the country)")
	f.StringSliceVar(&o.tags, "tag", nil, "give the source this `TAG`")
	f.BoolVar(&o.page, "page", false, "watch the pages themselves, rather than what they list")
	f.BoolVar(&o.listing, "listing", false, "learn the listing even where a feed or an API names the same")
	f.BoolVar(&o.saved, "saved", false, "learn from files that a browser saved, and fetch nothing")
	f.BoolVarP(&o.yes, "yes", "y", false, "write the definition without asking")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what is found and the definition, and write nothing")
	f.StringVarP(&o.out, "output", "o", "", "write the definition to this `FILE` instead of the folder of your own sources")
	return cmd
}

// proposal is a definition to be added.
type proposal struct {
	src      statement.Source
	draft    *learn.Draft // nil for watched pages
	way      string       // how its statements are found, in words
	remarks  []string     // for the top of the file
	warnings []string
	content  []byte
}

// proposalJSON is what sources add prints.
type proposalJSON struct {
	Source     string       `json:"source"`
	File       string       `json:"file"`
	Written    bool         `json:"written"`
	Kind       string       `json:"kind"`
	URL        string       `json:"url"`
	Way        string       `json:"way"`
	Items      int          `json:"items"`
	Listed     []listedJSON `json:"listed"`
	Articles   []sampleJSON `json:"articles"`
	Warnings   []string     `json:"warnings"`
	Definition string       `json:"definition"`
}

// sampleJSON is a statement as a proposed definition reads it.
type sampleJSON struct {
	URL       string `json:"url"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Speaker   string `json:"speaker"`
	Text      string `json:"text"`
	Error     string `json:"error"`
}

func (a *app) addSource(ctx context.Context, args []string, o addition) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if err := o.check(args); err != nil {
		return err
	}
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	var p *proposal
	if o.saved {
		p, err = a.proposeSaved(args, o)
	} else {
		if err := a.noteKnown(catalogue, args, o); err != nil {
			return err
		}
		p, err = a.propose(ctx, args, o)
	}
	if err != nil {
		return err
	}
	path, err := a.name(cfg, catalogue, p, o)
	if err != nil {
		return err
	}
	if p.content, err = learn.Written(p.src, p.remarks); err != nil {
		return err
	}
	src, err := cfg.ParseSource(path, p.content, a.getenv)
	if err != nil { // it was made by us
		return statement.WithHint(fmt.Errorf("the definition that was learnt is not valid: %w", err), "please report it with the address")
	}
	return a.settle(ctx, p, src, path, o)
}

// check makes sure that the command line is one.
func (o addition) check(args []string) error {
	if o.saved {
		return nil
	}
	for _, arg := range args {
		u, err := url.Parse(arg)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			continue
		}
		hint := "write the whole address, for example https://www.example.org/press"
		if isFile(arg) || isFolder(arg) {
			hint = "with --saved, saved files are read"
		} else if !strings.Contains(arg, "://") && strings.Contains(arg, ".") {
			hint = "did you mean https://" + arg + "?"
		}
		return usage(fmt.Errorf("%q is not an http or https address", statement.HideLogin(arg)), hint)
	}
	if len(args) > 1 && !o.page {
		return usage(errors.New("several addresses make a source only with --page"), "add one press page at a time, or watch the pages themselves with --page")
	}
	if o.page && o.listing {
		return usage(errors.New("--page and --listing do not go together"), "leave one of them out")
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// noteKnown tells of sources that read an address already.
func (a *app) noteKnown(catalogue config.Catalogue, args []string, o addition) error {
	for _, id := range catalogue.IDs() {
		src := catalogue[id]
		for _, arg := range args {
			if src.Key(src.URL) != src.Key(arg) && !slices.ContainsFunc(src.Feeds, func(f string) bool { return src.Key(f) == src.Key(arg) }) {
				continue
			}
			what := "volteface sources test " + id + " tries it"
			if !src.IsEnabled() {
				what = "volteface sources enable " + id + " switches it on"
			}
			if o.id == "" {
				return usage(fmt.Errorf("the source %s reads %s already", id, statement.HideLogin(arg)), what+"; give --id to add another one all the same")
			}
			fmt.Fprintf(a.err, "note: the source %s reads this address too\n", id)
		}
	}
	return nil
}

// name gives a proposal its id and says where its file belongs.
func (a *app) name(cfg *config.Config, catalogue config.Catalogue, p *proposal, o addition) (path string, err error) {
	if o.id != "" {
		if other, taken := catalogue[o.id]; taken {
			return "", usage(fmt.Errorf("there is a source %s already: %s", o.id, term.Clean(other.Path)), "choose another id")
		}
		p.src.ID = o.id
	}
	base := p.src.ID
	for n := 2; ; n++ {
		_, taken := catalogue[p.src.ID]
		path = cmp.Or(o.out, filepath.Join(ownFolder(cfg, a.getenv), p.src.ID+".yaml"))
		if !taken && (o.out != "" || !isFile(path)) {
			break
		}
		if o.id != "" {
			return "", usage(fmt.Errorf("%s is there already", term.Clean(path)), "choose another id")
		}
		p.src.ID = fmt.Sprintf("%s-%d", base, n)
	}
	if p.src.Issuer.ID == "" {
		p.src.Issuer.ID = strings.ReplaceAll(p.src.ID, "-", "_")
	}
	return path, nil
}

// settle shows a proposal, asks, writes it, and tries it.
func (a *app) settle(ctx context.Context, p *proposal, src statement.Source, path string, o addition) error {
	if !a.json {
		if err := a.printProposal(p, path, o); err != nil {
			return err
		}
	}
	write := !o.dryRun && (o.yes || !a.json && a.agrees(fmt.Sprintf("Write it to %s? [y/N] ", term.Clean(path))))
	if write {
		if err := writeNew(path, p.content, "choose another id, or remove that file"); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(p.toJSON(path, write))
	}
	switch {
	case o.dryRun:
		return nil
	case !write:
		fmt.Fprintln(a.err, "nothing was written; --yes writes without asking")
		return nil
	}
	fmt.Fprintf(a.out, "%s is written.\n", term.Clean(path))
	if a.daemonRuns() {
		fmt.Fprintln(a.err, "note: the daemon takes it over at its next reload: systemctl reload volteface, or SIGHUP")
	}
	if o.saved {
		_, err := fmt.Fprintf(a.out, "Try it on the site itself: volteface sources test %s\n", src.ID)
		return err
	}
	fmt.Fprintln(a.out)
	trial, err := a.try(ctx, src)
	if err == nil || trial.Listed != nil {
		err = errors.Join(a.printTrial(trial), err)
	}
	return err
}

// agrees asks a person, and takes an end of the input for no.
func (a *app) agrees(question string) bool {
	fmt.Fprint(a.err, question)
	said, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil {
		fmt.Fprintln(a.err)
	}
	said = strings.ToLower(strings.TrimSpace(said))
	return said == "y" || said == "yes"
}

func (p *proposal) toJSON(path string, written bool) proposalJSON {
	j := proposalJSON{Source: p.src.ID, File: path, Written: written, Kind: string(p.src.Kind), URL: p.src.URL, Way: p.way, Listed: []listedJSON{},
		Articles: []sampleJSON{}, Warnings: append([]string{}, p.warnings...), Definition: string(p.content)}
	if p.draft == nil {
		return j
	}
	j.Items = len(p.draft.Items)
	for _, item := range p.draft.Items {
		j.Listed = append(j.Listed, listedJSON{URL: item.URL, Title: item.Title, Published: statement.Date{Time: item.Published}.String()})
	}
	for _, s := range p.draft.Read {
		one := sampleJSON{URL: s.URL, Title: s.Title, Published: s.Published.String(), Speaker: strings.Join(s.Speakers, "; "), Text: s.Text}
		if s.Err != nil {
			one.Error = s.Err.Error()
		}
		j.Articles = append(j.Articles, one)
	}
	return j
}

// shownListed is how many items of a proposal a person is shown.
const shownListed = 5

func (a *app) printProposal(p *proposal, path string, o addition) error {
	row := func(name, value string) {
		fmt.Fprintf(a.out, "%-11s %s\n", name, orNone(term.Clean(value)))
	}
	row("source", p.src.ID+", "+p.src.Issuer.Name)
	row("found by", p.way)
	row("language", p.src.Language)
	row("time zone", p.src.Timezone)
	if p.draft != nil {
		a.printListed(p.draft)
		for _, s := range p.draft.Read {
			fmt.Fprintln(a.out)
			row("article", s.URL)
			if s.Err != nil {
				row("error", s.Err.Error())
				continue
			}
			row("title", term.Title(s.Title))
			row("published", s.Published.String())
			if len(s.Speakers) > 0 && !slices.Equal(s.Speakers, p.src.Speakers) {
				row("speaker", strings.Join(s.Speakers, "; "))
			}
			row("text", plural(len([]rune(s.Text)), "character")+": "+term.Cut(strings.Join(strings.Fields(s.Text), " "), 160))
		}
	}
	for _, page := range p.src.Pages {
		row("page", page.URL)
	}
	fmt.Fprintln(a.out)
	for _, w := range p.warnings {
		fmt.Fprintf(a.out, "warning: %s\n", term.Clean(w))
	}
	if len(p.warnings) > 0 {
		fmt.Fprintln(a.out)
	}
	if !o.dryRun {
		return nil
	}
	fmt.Fprintf(a.out, "--- %s\n", term.Clean(path))
	_, err := a.out.Write([]byte(term.CleanText(string(p.content))))
	return err
}

func (a *app) printListed(d *learn.Draft) {
	if len(d.Items) == 0 {
		return
	}
	fmt.Fprintf(a.out, "%-11s %s\n", "items", plural(len(d.Items), "statement")+" on the first page")
	for _, item := range d.Items[:min(len(d.Items), shownListed)] {
		when := statement.Date{Time: item.Published}.String()
		fmt.Fprintf(a.out, "  %-10s  %s\n", orNone(when), term.Cut(orNone(term.Clean(item.Title)), 100))
	}
	if n := len(d.Items) - shownListed; n > 0 {
		fmt.Fprintf(a.out, "  and %d more\n", n)
	}
}
