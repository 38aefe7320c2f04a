package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// groups are the headings under which the root lists its commands.
var groups = []struct {
	id, title string
	commands  []string
}{
	{"watch", "Watch:", []string{"run", "serve", "scrape", "sources", "alerts", "reversals", "opinions", "editions", "positions", "topics"}},
	{"read", "Read and compare:", []string{"statements", "diff", "check"}},
	{"keep", "Look after it:", []string{"import", "analyse", "backtest", "reextract", "backup", "restore", "fsck", "gc", "config", "doctor", "healthcheck", "people"}},
}

// usageTemplate is cobra's, in the words of this house.
const usageTemplate = `Usage:{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{else}}
  {{.UseLine}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}{{$commands := .Commands}}{{if eq (len .Groups) 0}}

Commands:{{range $commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{else}}{{range $group := .Groups}}

{{.Title}}{{range $commands}}{{if and (eq .GroupID $group.ID) .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

{{if .HasParent}}Flags{{else}}Flags of every command{{end}}:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Flags of every command:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

{{.CommandPath}} COMMAND --help tells more.{{end}}
`

// arrange gives all commands one way of showing themselves. It comes after the
// last command was added.
func arrange(root *cobra.Command) {
	root.SetUsageTemplate(usageTemplate)
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
	}
	root.AddGroup(&cobra.Group{ID: "more", Title: "More:"})
	root.SetHelpCommandGroupID("more")
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		c.GroupID = "more"
		for _, g := range groups {
			if slices.Contains(g.commands, c.Name()) {
				c.GroupID = g.id
			}
		}
		switch c.Name() {
		case "help":
			c.Short, c.Example = "Tell about a command", "  volteface help scrape"
		case "completion":
			c.Short = "Write a script with which your shell completes commands and sources"
			c.Long = c.Short + "."
			c.Example = `  source <(volteface completion bash)                                  in this shell
  volteface completion bash > ~/.local/share/bash-completion/completions/volteface
  volteface completion zsh > "${fpath[1]}/_volteface"`
			for _, shell := range c.Commands() {
				shell.Short, shell.Example = "For "+shell.Name(), "  volteface completion "+shell.Name()
			}
		}
	}
	describeHelp(root)
	inWords(root)
	root.SetFlagErrorFunc(flagError)
}

// describeHelp words the flag that every command has.
func describeHelp(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	if f := c.Flags().Lookup("help"); f != nil {
		f.Usage = "show this help"
	}
	for _, child := range c.Commands() {
		describeHelp(child)
	}
}
