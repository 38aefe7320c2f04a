package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"volteface/internal/statement"
)

// inWords has a command say in words of its own what is wrong with its arguments.
func inWords(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage(argumentError(cmd, args), teaching(cmd))
			}
			return nil
		}
	}
	for _, child := range c.Commands() {
		inWords(child)
	}
}

// argumentError says which argument is missing or one too many, by the line that tells how the command is used.
func argumentError(cmd *cobra.Command, args []string) error {
	use, _, _ := strings.Cut(cmd.Use, "|")
	wanted := strings.Fields(use)[1:]
	needed := 0
	for _, name := range wanted {
		if !strings.HasPrefix(name, "[") {
			needed++
		}
	}
	command := cmd.CommandPath()
	switch {
	case len(args) < needed:
		return fmt.Errorf("%s needs %s", command, strings.TrimSuffix(wanted[len(args)], "..."))
	case len(wanted) == 0:
		return fmt.Errorf("%s takes no argument, but %q was given", command, args[0])
	}
	return fmt.Errorf("%s takes %s; %q is too much", command, strings.Join(wanted, " "), args[min(len(args)-1, len(wanted))])
}

// teaching is the first example of a command, as a hint.
func teaching(cmd *cobra.Command) string {
	first, _, _ := strings.Cut(strings.TrimSpace(cmd.Example), "\n")
	first, _, _ = strings.Cut(first, "   ")
	return "for example: " + first
}

// flagError says in words of our own what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		what, example := flagKind(flag.Value.Type())
		if text := invalid.Error(); strings.Contains(text, "out of range") {
			what = "within the range of numbers"
		}
		return usage(fmt.Errorf("--%s %q is not %s", flag.Name, invalid.GetValue(), what), "write for example --"+flag.Name+example)
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		hint := cmd.CommandPath() + " --help shows the flags there are"
		if near := statement.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			hint = fmt.Sprintf("did you mean --%s?", near)
		}
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return usage(fmt.Errorf("there is no flag %s%s", dashes, unknown.GetSpecifiedName()), hint)
	case errors.As(err, &bare):
		flag := bare.GetFlag()
		name, what := pflag.UnquoteUsage(flag)
		return usage(fmt.Errorf("--%s needs %s", flag.Name, name), what)
	}
	return usage(err, cmd.CommandPath()+" --help shows the flags there are")
}

// flagKind says what a flag of a type takes, and an example with what stands before it.
func flagKind(kind string) (what, example string) {
	switch kind {
	case "int", "int64", "uint", "uint64", "int32":
		return "a whole number", " 5"
	case "float64", "float32":
		return "a number", " 0.5"
	case "bool":
		return "true or false", "=true"
	case "duration":
		return "a duration", " 15m"
	}
	return "a value that it takes", " VALUE"
}
