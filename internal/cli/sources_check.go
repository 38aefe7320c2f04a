package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/learn"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
)

func (a *app) sourcesCheckCommand() *cobra.Command {
	var which sourceGroup
	var fix, yes bool
	cmd := &cobra.Command{
		Use:   "check SOURCE...",
		Short: "Look whether the pages of sources still have the template that their rules are for",
		Long: `Look whether the pages of sources still have the template that their rules are
for. The listing and up to three articles are read, those that are kept rather
than new ones; nothing is recorded. A rule that finds nothing any more, or another
title or text than is kept, has drifted. Other rules are then learnt from the
pages, and tried on what is known of them.

With --fix the change to the definition is shown and you are asked before it is
written. A built-in definition is not changed: yours goes into the folder of your
own sources and stands in its place.`,
		Example: `  volteface sources check kremlin
  volteface sources check --all
  volteface sources check my-ministry --fix`,
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.checkSources(cmd.Context(), args, which, fix, yes)
		},
	}
	cmd.Flags().BoolVar(&which.all, "all", false, "every source that is on")
	cmd.Flags().StringSliceVar(&which.tags, "tag", nil, "every source that is on and has this `TAG`")
	cmd.Flags().BoolVar(&fix, "fix", false, "show what would be changed in the definition, and ask whether to change it")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "with --fix, change it without asking")
	return cmd
}

// sourceGroup is which sources are meant besides those that are named.
type sourceGroup struct {
	all  bool
	tags []string
}

// checkJSON is what sources check finds of a source.
type checkJSON struct {
	Source   string       `json:"source"`
	State    string       `json:"state"` // fits, drifted, or failed
	Broken   []brokenJSON `json:"broken"`
	Fixed    []string     `json:"fixed"`
	Articles int          `json:"articles"`
	Agree    int          `json:"agree"`
	Warnings []string     `json:"warnings"`
	Diff     string       `json:"diff"`
	File     string       `json:"file"`
	Written  bool         `json:"written"`
	Error    string       `json:"error"`
}

// brokenJSON is a rule that does not find any more what it is for.
type brokenJSON struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// The outcomes of a check.
const (
	checkFits    = "fits"
	checkDrifted = "drifted"
	checkFailed  = "failed"
)

func (a *app) checkSources(ctx context.Context, args []string, which sourceGroup, fix, yes bool) error {
	if len(args) == 0 && !which.all && len(which.tags) == 0 {
		return usage(errors.New("name a source, or --all"), "volteface sources check kremlin")
	}
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	if err := a.checkTags(which.tags); err != nil {
		return err
	}
	var chosen []statement.Source
	for _, id := range args {
		src, err := a.source(id)
		if err != nil {
			return err
		}
		chosen = append(chosen, src)
	}
	for _, id := range catalogue.IDs() {
		if src := catalogue[id]; src.IsEnabled() && (which.all || tagged(src, which.tags)) && !slices.Contains(args, id) {
			chosen = append(chosen, src)
		}
	}
	bar := term.NewProgress(a.err, "checking")
	drifted, failed := 0, 0
	for i, src := range chosen {
		bar.Set(i, len(chosen))
		c, repaired := a.checkSource(ctx, src)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := a.tellCheck(&c, src, repaired, fix, yes, bar); err != nil {
			return err
		}
		switch {
		case c.State == checkFailed:
			failed++
		case c.State == checkDrifted && !c.Written:
			drifted++
		}
	}
	if drifted+failed > 0 {
		return &exitError{code: exitFailed, err: fmt.Errorf("%s: %d drifted, %d could not be checked", plural(len(chosen), "source"), drifted, failed)}
	}
	return nil
}

// tellCheck prints what a check found, and mends the definition if that is wanted.
func (a *app) tellCheck(c *checkJSON, src, repaired statement.Source, fix, yes bool, bar *term.Progress) (err error) {
	var content []byte
	if len(c.Fixed) > 0 {
		if content, err = a.mended(c, src, repaired); err != nil {
			c.Warnings = append(c.Warnings, err.Error())
		}
	}
	if !a.json {
		bar.Print(func() { a.printCheck(*c, fix) })
	}
	if fix && content != nil && (yes || !a.json && a.agrees(fmt.Sprintf("Write this to %s? [y/N] ", term.Clean(c.File)))) {
		if err := writeMended(c.File, content); err != nil {
			return err
		}
		c.Written = true
	}
	switch {
	case a.json:
		return a.printJSON(c)
	case c.Written:
		_, err = fmt.Fprintf(a.out, "%s is changed; volteface sources test %s shows what it reads\n", term.Clean(c.File), c.Source)
	case fix && content != nil:
		fmt.Fprintln(a.err, "nothing was changed; --yes changes it without asking")
	}
	return err
}

// checkSource looks at the pages of a source.
func (a *app) checkSource(ctx context.Context, src statement.Source) (c checkJSON, repaired statement.Source) {
	c = checkJSON{Source: src.ID, State: checkFailed, Broken: []brokenJSON{}, Fixed: []string{}, Warnings: []string{}}
	if src.Authority != statement.FromPage {
		c.State = checkFits
		c.Warnings = append(c.Warnings, "its texts come from a feed or an API, which has no template: volteface sources test "+src.ID+" tries it")
		return c, src
	}
	found, err := a.lookAt(ctx, src, &c)
	if err != nil {
		c.Error = err.Error()
		if hint := statement.HintOf(err); hint != "" {
			c.Warnings = append(c.Warnings, hint)
		}
		return c, src
	}
	c.State, c.Agree, c.Articles = checkFits, found.Agree, found.Of
	c.Warnings = append(c.Warnings, found.Warnings...)
	for _, b := range found.Broken {
		c.State = checkDrifted
		c.Broken = append(c.Broken, brokenJSON{b.Field, b.Why})
	}
	c.Fixed = append(c.Fixed, found.Fixed...)
	return c, found.Repaired
}

// lookAt fetches the listing and some articles and holds the definition against
// them.
func (a *app) lookAt(ctx context.Context, src statement.Source, c *checkJSON) (*learn.Check, error) {
	ask, h, done, err := a.asker(ctx, src, &src.Delay)
	if err != nil {
		return nil, err
	}
	defer done()
	var known []learn.Known
	if h != nil {
		if known, err = keptOf(ctx, h.Store, src.ID); err != nil {
			return nil, err
		}
	}
	var listing *learn.Page
	var addresses []string
	for _, k := range known {
		addresses = append(addresses, k.URL)
	}
	if src.Kind == statement.KindListing {
		page, err := ask.get(ctx, src.URL)
		if err != nil {
			return nil, err
		}
		listing = &page
	}
	for _, address := range a.listedNow(src, listing) {
		if len(addresses) < learntFrom && !slices.ContainsFunc(addresses, func(o string) bool { return src.Key(o) == src.Key(address) }) {
			addresses = append(addresses, address)
		}
	}
	var pages []learn.Page
	for _, address := range addresses {
		page, err := ask.get(ctx, address)
		if err != nil {
			c.Warnings = append(c.Warnings, err.Error())
			continue
		}
		if !learn.IsHTML(page) {
			continue // it is read as it is
		}
		page.URL = address
		pages = append(pages, page)
	}
	if len(pages) == 0 && listing == nil {
		return nil, fmt.Errorf("no page of %s could be read", src.ID)
	}
	about := learn.About{Language: src.Language, Timezone: src.Timezone, Government: src.Issuer.Government, Now: a.clock.Now()}
	return learn.Look(src, listing, pages, known, about)
}

// listedNow are addresses of articles, as the definition or, where it names none
// any more, the look of the listing tells.
func (a *app) listedNow(src statement.Source, listing *learn.Page) (addresses []string) {
	switch {
	case src.Kind == statement.KindPage:
		for _, p := range src.Pages {
			addresses = append(addresses, p.URL)
		}
	case listing == nil:
	default:
		entries, err := learn.Entries(src, *listing)
		if err == nil && len(entries) > 0 {
			for _, e := range entries {
				addresses = append(addresses, e.URL)
			}
			return addresses
		}
		about := learn.About{Language: src.Language, Timezone: src.Timezone, Government: src.Issuer.Government, Now: a.clock.Now()}
		if l, err := learn.Best(*listing, about); err == nil {
			return l.Articles(learntFrom)
		}
	}
	return addresses
}

// keptOf are the newest statements that are kept of a source, as they were read.
func keptOf(ctx context.Context, store state.Store, id string) (known []learn.Known, err error) {
	for st, err := range store.Statements(ctx, state.Filter{Sources: []string{id}, Limit: 40}) {
		if err != nil {
			return nil, err
		}
		if st.Missing() || st.Imported() || len(known) == learntFrom {
			continue
		}
		r, err := store.Revision(ctx, st.ID, 0)
		if err != nil {
			return nil, err
		}
		known = append(known, learn.Known{URL: st.URL, Title: r.Title, Published: r.Published.Time, Text: r.Body})
	}
	return known, nil
}

// mended is the definition as a file with the repaired rules, and fills in the
// difference and where it belongs.
func (a *app) mended(c *checkJSON, src, repaired statement.Source) ([]byte, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	content, err := asWritten(src)
	if err != nil {
		return nil, err
	}
	c.File = src.Path
	if strings.HasPrefix(src.Path, config.BuiltIn) {
		c.File = filepath.Join(ownFolder(cfg, a.getenv), src.ID+".yaml")
	}
	changed, err := config.Rewrite(content, repaired)
	if err != nil {
		return nil, err
	}
	again, err := cfg.ParseSource(c.File, changed, a.getenv)
	if err != nil || !reflect.DeepEqual(again.Listing, repaired.Listing) || !reflect.DeepEqual(again.Extract, repaired.Extract) {
		return nil, statement.WithHint(fmt.Errorf("the rules that were learnt cannot be written into %s", src.Path), "write them yourself: volteface sources show "+src.ID)
	}
	c.Diff = lineDiff(string(content), string(changed))
	return changed, nil
}

// writeMended writes a definition in place of one's own, or a new one.
func writeMended(path string, content []byte) error {
	if !isFile(path) {
		return writeNew(path, content, "")
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, info.Mode().Perm())
}

func (a *app) printCheck(c checkJSON, fix bool) {
	switch c.State {
	case checkFits:
		fmt.Fprintf(a.out, "%s fits%s\n", c.Source, articlesRead(c))
	case checkFailed:
		fmt.Fprintf(a.out, "%s could not be checked: %s\n", c.Source, term.Clean(c.Error))
	default:
		fmt.Fprintf(a.out, "%s has drifted\n", c.Source)
	}
	for _, b := range c.Broken {
		fmt.Fprintf(a.out, "  %-18s %s\n", b.Rule, term.Clean(b.Reason))
	}
	for _, w := range c.Warnings {
		fmt.Fprintf(a.out, "  note: %s\n", term.Clean(w))
	}
	if c.Diff == "" {
		return
	}
	if c.Articles > 0 {
		fmt.Fprintf(a.out, "  other rules were learnt; with them %d of %s read as known or listed\n", c.Agree, plural(c.Articles, "article"))
	}
	_ = indent(a.out, term.CleanText(c.Diff), "  ")
	if !fix {
		fmt.Fprintf(a.out, "  volteface sources check %s --fix writes this into %s, after asking\n", c.Source, term.Clean(c.File))
	}
}

func articlesRead(c checkJSON) string {
	if c.Articles == 0 {
		return ""
	}
	return ", on " + plural(c.Articles, "article")
}

// lineDiff shows the lines that go and come, each with a line of what stands
// around.
func lineDiff(before, after string) string {
	d := diffmatchpatch.New()
	d.DiffTimeout = 0
	x, y, lines := d.DiffLinesToRunes(before, after)
	var out []string
	diffs := d.DiffCharsToLines(d.DiffMainRunes(x, y, false), lines)
	for i, part := range diffs {
		rows := strings.Split(strings.TrimSuffix(part.Text, "\n"), "\n")
		switch part.Type {
		case diffmatchpatch.DiffDelete:
			for _, row := range rows {
				out = append(out, "- "+row)
			}
		case diffmatchpatch.DiffInsert:
			for _, row := range rows {
				out = append(out, "+ "+row)
			}
		default:
			if i > 0 {
				out = append(out, "  "+rows[0])
			}
			if len(rows) > 2 {
				out = append(out, "  …")
			}
			if i < len(diffs)-1 && (i == 0 || len(rows) > 1) {
				out = append(out, "  "+rows[len(rows)-1])
			}
		}
	}
	return strings.Join(out, "\n")
}
