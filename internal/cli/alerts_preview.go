package cli

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// previewFlags say what is previewed, and where it goes.
type previewFlags struct{ sample, html, eml string }

func (a *app) alertsPreviewCommand() *cobra.Command {
	var f previewFlags
	cmd := &cobra.Command{
		Use:   "preview [EVENT]",
		Short: "Show the message an event makes, without sending it",
		Long: `Show the message an event makes, without sending it: the subject and the text,
or with --html and --eml the page and the whole mail in a file. --sample shows a
message of a kind made of nothing, to try templates with.`,
		Example: `  volteface alerts preview 42
  volteface alerts preview 42 --html mail.html
  volteface alerts preview --sample reversal --eml reversal.eml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) == (f.sample == "") {
				return usage(errors.New("which event?"), "volteface alerts list --json shows the numbers of events; --sample new shows a message made of nothing")
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			message, err := a.previewed(cmd, args, f, cfg)
			if err != nil {
				return err
			}
			return a.preview(message, f, cfg)
		},
	}
	cmd.Flags().StringVar(&f.sample, "sample", "", "a made-up message of this `KIND`, such as new, edited, removed, reversal or digest")
	cmd.Flags().StringVar(&f.html, "html", "", "write the HTML part to this `FILE`")
	cmd.Flags().StringVar(&f.eml, "eml", "", "write the whole mail to this `FILE`")
	return cmd
}

const nobody = "reader@example.org"

func (a *app) previewed(cmd *cobra.Command, args []string, f previewFlags, cfg *config.Config) (alert.Message, error) {
	if f.sample != "" {
		templates, err := cfg.Templates()
		if err != nil {
			return alert.Message{}, err
		}
		message, err := (&alert.Composer{Templates: templates}).Sample(f.sample, nobody)
		if err != nil {
			return message, usage(err, statement.HintOf(err))
		}
		return message, nil
	}
	number, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil || number < 1 {
		return alert.Message{}, usage(fmt.Errorf("%q is not the number of an event", args[0]), "volteface alerts list --json shows the numbers of events")
	}
	h, err := a.openExisting(cmd.Context())
	if err != nil {
		return alert.Message{}, err
	}
	defer h.Close()
	ev, err := h.Event(cmd.Context(), number)
	if errors.Is(err, statement.ErrNotFound) {
		return alert.Message{}, usage(fmt.Errorf("there is no event %d", number), "volteface alerts list --json shows the numbers of events")
	}
	if err != nil {
		return alert.Message{}, err
	}
	composer, err := a.composer(h, cfg)
	if err != nil {
		return alert.Message{}, err
	}
	return composer.ComposeEvent(cmd.Context(), ev, nobody)
}

func (a *app) preview(m alert.Message, f previewFlags, cfg *config.Config) error {
	if f.html != "" {
		if err := os.WriteFile(f.html, []byte(m.HTML), 0o644); err != nil {
			return err
		}
	}
	if f.eml != "" {
		server := cfg.SMTP
		if server.From == "" {
			server.From = "volteface@localhost"
		}
		writer, err := email.NewWriter(server)
		if err != nil {
			return err
		}
		content, err := writer.Write(m)
		if err == nil {
			err = os.WriteFile(f.eml, content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(map[string]any{"subject": m.Subject, "text": m.Text, "html": m.HTML, "brief": m.Brief, "payload": m.Payload})
	}
	fmt.Fprintf(a.out, "Subject: %s\n\n", term.Clean(m.Subject))
	for line := range strings.SplitSeq(strings.TrimRight(m.Text, "\n"), "\n") {
		fmt.Fprintln(a.out, term.Clean(line))
	}
	return nil
}

func (a *app) alertsTemplatesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "templates FOLDER",
		Short: "Write the built-in templates of alerts into a folder, to change them",
		Long: `Write the built-in templates of alerts into a folder, to change them. Keep those
you change, and name the folder as templates_dir in the configuration; they are
checked at every start. What is in the folder already stays as it is.`,
		Example: `  volteface alerts templates ~/.config/volteface/templates
  volteface alerts preview --sample edited --html edited.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			kept, err := alert.WriteTemplates(args[0])
			if err != nil {
				return err
			}
			for _, name := range alert.TemplateFiles() {
				what := "written"
				for _, k := range kept {
					if k == name {
						what = "kept"
					}
				}
				if a.json {
					err = a.printJSON(map[string]string{"template": name, "state": what})
				} else {
					_, err = fmt.Fprintf(a.out, "%-8s %s\n", what, name)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}
