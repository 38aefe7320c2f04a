package alert

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"

	"volteface/internal/statement"
)

//go:embed templates
var files embed.FS

// Templates word messages: the built-in ones, or those of a folder in their place.
type Templates struct {
	html map[string]*template.Template // by file, without its extension
	text map[string]*texttemplate.Template
}

// fileOf says which template tells a kind of story.
func fileOf(kind string) string {
	switch kind {
	case "reversal", "softening":
		return "reversal"
	case "edition_differs":
		return "beside"
	case "fault", "recovered", "unread", "baseline":
		return "source"
	case "digest":
		return "digest"
	case "notice", "test":
		return "notice"
	}
	return "statement"
}

// builtIn are the templates that come with the program, read when the first
// message is worded.
var builtIn = sync.OnceValue(func() *Templates {
	t, err := parse(func(name string) ([]byte, string, error) {
		content, err := files.ReadFile("templates/" + name)
		return content, name, err
	})
	if err != nil {
		panic(err) // a test sees it first
	}
	return t
})

// TemplateFiles are the names of the templates there are.
func TemplateFiles() (names []string) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		panic(err) // they are built in
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// WriteTemplates copies the built-in templates into a folder, for a person to
// change. A file that is there already stays as it is, and is named.
func WriteTemplates(folder string) (kept []string, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	for _, name := range TemplateFiles() {
		content, err := files.ReadFile("templates/" + name)
		if err != nil {
			return kept, err
		}
		f, err := os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			kept = append(kept, name)
			continue
		}
		if err != nil {
			return kept, err
		}
		_, err = f.Write(content)
		if err := errors.Join(err, f.Close()); err != nil {
			return kept, err
		}
	}
	return kept, nil
}

// maxTemplate is the longest template in bytes.
const maxTemplate = 256 << 10

// LoadTemplates reads the templates of a folder; what it does not hold is as
// built in. Each is tried on every kind of message, so that a fault shows at
// the start and not at the first reversal.
func LoadTemplates(folder string) (*Templates, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("read the templates: %w", err), "check templates_dir")
	}
	for _, e := range entries {
		extension := filepath.Ext(e.Name())
		if (extension == ".html" || extension == ".txt") && !slices.Contains(TemplateFiles(), e.Name()) {
			return nil, statement.WithHint(fmt.Errorf("%s: there is no template of this name", filepath.Join(folder, e.Name())), suggest(e.Name(), TemplateFiles()))
		}
	}
	t, err := parse(func(name string) ([]byte, string, error) {
		path := filepath.Join(folder, name)
		content, err := statement.ReadFile(path, maxTemplate)
		if errors.Is(err, fs.ErrNotExist) {
			content, err = files.ReadFile("templates/" + name)
			return content, name, err
		}
		return content, path, err
	})
	if err == nil {
		err = t.check()
	}
	return t, statement.WithHint(err, "volteface alerts templates FOLDER writes the built-in ones to begin from")
}

func parse(read func(name string) (content []byte, path string, err error)) (*Templates, error) {
	t := &Templates{html: map[string]*template.Template{}, text: map[string]*texttemplate.Template{}}
	layout, path, err := read("layout.html")
	if err != nil {
		return nil, err
	}
	for _, name := range TemplateFiles() {
		base := strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".txt")
		content, own, err := read(name)
		if err != nil {
			return nil, err
		}
		switch {
		case name == "layout.html":
		case strings.HasSuffix(name, ".html"):
			shared, err := template.New(path).Parse(string(layout))
			if err != nil {
				return nil, err
			}
			if t.html[base], err = shared.New(own).Funcs(template.FuncMap{"sides": sides}).Parse(string(content)); err != nil {
				return nil, err
			}
		default:
			if t.text[base], err = texttemplate.New(own).Parse(string(content)); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// check tells every kind of story once.
func (t *Templates) check() error {
	for _, s := range Samples() {
		_, _, _, err := t.render(s)
		if err == nil {
			_, err = t.fragment(s)
		}
		if err != nil {
			return fmt.Errorf("the templates cannot tell of %q: %w", s.Kind, err)
		}
	}
	return nil
}

// Gmail cuts a message off at 102 kilobytes; the rest is one click away there,
// but the reader must know. Ours are cut before, with a note.
const (
	maxHTML = 100_000
	maxText = 100_000
	maxNote = 2_000 // characters of a brief message; the chats take 2,000 to 4,096
)

func (t *Templates) render(s Story) (text, html, brief string, err error) {
	var h bytes.Buffer
	file := fileOf(s.Kind)
	if err := t.html[file].Execute(&h, s); err != nil {
		return "", "", "", err
	}
	if h.Len() > maxHTML && (len(s.Excerpt) > 1 || s.Marked != "" || s.Digest != nil) {
		return t.render(s.shorter())
	}
	if text, err = plain(t.text[file], s); err != nil {
		return "", "", "", err
	}
	if brief, err = plain(t.text["brief"], s); err != nil {
		return "", "", "", err
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "\n\n[The rest is cut off here.]\n"
	}
	return text, h.String(), cut(strings.TrimSpace(brief), maxNote), nil
}

// shorter tells a story in about half the room, and says so.
func (s Story) shorter() Story {
	const note = "The message was too long: this is only the beginning."
	switch {
	case s.Marked != "":
		s.Marked, s.Note = "", note
		s.Difference = cut(s.Difference, maxDifference)
	case s.Digest != nil:
		s.Digest = s.Digest.shorter(s.Count)
	default:
		s.Excerpt, s.More, s.Note = s.Excerpt[:len(s.Excerpt)/2], true, note
	}
	return s
}

// sides are both quotations of a reversal, the earlier first.
func sides(t *Turn) []Side { return []Side{t.Before, t.After} }

// fragment is a story as an entry of a feed holds it.
func (t *Templates) fragment(s Story) (string, error) {
	var b bytes.Buffer
	err := t.html["feed"].Execute(&b, s)
	return strings.TrimSpace(b.String()), err
}

func plain(t *texttemplate.Template, s Story) (string, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return "", err
	}
	return strings.Trim(blankLines.ReplaceAllString(b.String(), "\n\n"), "\n") + "\n", nil
}

// blankLines are left where the templates have nothing to say.
var blankLines = regexp.MustCompile(`\n{3,}`)
