package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command teaches with an example, and all speak in one way.
func TestHelpTeaches(t *testing.T) {
	var look func(*cobra.Command)
	look = func(c *cobra.Command) {
		path := c.CommandPath()
		if c.Short == "" || strings.HasSuffix(c.Short, ".") || c.Short != strings.ToUpper(c.Short[:1])+c.Short[1:] {
			t.Errorf("%s: the short text is %q", path, c.Short)
		}
		if !strings.HasPrefix(c.Example, "  volteface") && c.Name() != "completion" {
			t.Errorf("%s: the example is %q", path, c.Example)
		}
		for line := range strings.SplitSeq(c.Long, "\n") {
			if len([]rune(line)) > 84 && !strings.HasPrefix(line, "  ") {
				t.Errorf("%s: a line of the long text is wider than a terminal: %s", path, line)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, usage := pflag.UnquoteUsage(f)
			if usage == "" || strings.HasSuffix(usage, ".") || usage[0] >= 'A' && usage[0] <= 'Z' && !strings.HasPrefix(f.Usage, "`") {
				t.Errorf("%s --%s: %q", path, f.Name, usage)
			}
			if f.Value.Type() != "bool" && name != strings.ToUpper(name) && !f.Hidden && !strings.Contains(path, "completion") {
				t.Errorf("%s --%s: say what it takes in capitals and between ` and `, not %q", path, f.Name, name)
			}
		})
		for _, child := range c.Commands() {
			look(child)
		}
	}
	look((&app{out: os.Stdout, err: os.Stderr}).root())
}

// What README and the examples of help tell people to type is there.
func TestWhatIsTaughtExists(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(readme), "\n")
	var gather func(*cobra.Command)
	gather = func(c *cobra.Command) {
		lines = append(lines, strings.Split(c.Example, "\n")...)
		for _, child := range c.Commands() {
			gather(child)
		}
	}
	gather((&app{}).root())
	taught := regexp.MustCompile(`^(?:\$ |    |  )(?:.*\| )?(?:go run \./cmd/volteface|(?:\./)?volteface) (.*)`)
	n := 0
	for _, line := range lines {
		match := taught.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		n++
		typed, _, _ := strings.Cut(match[1], "   ")
		typed, _, _ = strings.Cut(typed, " > ")
		typed, _, _ = strings.Cut(typed, " | ")
		typed, _, _ = strings.Cut(typed, " #")
		args := strings.Fields(strings.NewReplacer("'", "", `"`, "").Replace(typed))
		c, rest, err := (&app{}).root().Find(args)
		if err == nil {
			err = c.ParseFlags(rest)
		}
		if err != nil || c.HasSubCommands() && c.Flags().NArg() > 0 {
			t.Errorf("%q is taught, but %v", line, err)
		}
	}
	if n < 40 {
		t.Errorf("only %d commands are taught", n)
	}
}

// docs/json.md names every field that a command prints.
func TestJSONIsDocumented(t *testing.T) {
	documented, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !strings.HasSuffix(spec.Name.Name, "JSON") {
				return true
			}
			shape, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range shape.Fields.List {
				if f.Tag == nil {
					continue
				}
				name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
				if name == "" || name == "-" {
					continue
				}
				fields++
				if !strings.Contains(string(documented), "`"+name+"`") {
					t.Errorf("%s: docs/json.md does not name %q of %s", file, name, spec.Name.Name)
				}
			}
			return true
		})
	}
	if fields < 50 {
		t.Errorf("only %d fields were looked at", fields)
	}
}
