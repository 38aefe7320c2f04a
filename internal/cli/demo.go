package cli

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/clock"
	"volteface/internal/config"
	"volteface/internal/demo"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/web"
)

func (a *app) demoCommand() *cobra.Command {
	var keep bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See it at work: the Iran drones case over virtual days, without a network",
		Long: `See it at work. A small press site on this machine tells the Iran drones case
of 2022 over virtual days; volteface visits it, keeps what it finds, and mails a
mail server on this machine. Nothing leaves the machine. With --keep it ends with
the desk, in which you can read and decide in a browser.

The pages are reconstructions from public reports, in our own words; only words
in quotation marks are verbatim. One edit and one removal are staged.`,
		Example: `  volteface demo
  volteface demo --keep --data-dir demo    open the desk on it, until Ctrl-C`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), keep) },
	}
	cmd.Flags().BoolVar(&keep, "keep", false, "open the desk on it, and leave site and mail server running, until Ctrl-C")
	return cmd
}

// stage is what the demonstration runs on.
type stage struct {
	site  *demo.Site
	sink  *demo.Sink
	clock *clock.Virtual
	house *house
	cfg   *config.Config
}

func (a *app) demo(ctx context.Context, keep bool) (err error) {
	if a.dataDir == "" {
		if a.dataDir, err = os.MkdirTemp("", "volteface-demo-"); err != nil {
			return err
		}
	}
	folder, err := a.folder()
	if err != nil {
		return err
	}
	if isFile(filepath.Join(folder, databaseName)) {
		return usage(fmt.Errorf("%s holds data already", folder), "give an empty folder with --data-dir, or leave it out")
	}
	virtual := clock.StoppedAt(time.Date(2022, 7, 1, 0, 0, 0, 0, time.UTC))
	a.clock = virtual
	s := &stage{clock: virtual}
	if s.site, err = demo.NewSite(virtual); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.site.Close()) }()
	if s.sink, err = demo.NewSink(filepath.Join(folder, "mails")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.sink.Close()) }()
	s.cfg = &config.Config{
		HTTP:   config.HTTP{Proxy: s.site.Proxy(), Timeout: statement.Duration(10 * time.Second)},
		SMTP:   email.Server{Host: "127.0.0.1", Port: s.sink.Port(), TLS: "none", From: "volteface <alerts@volteface.example>"},
		Alerts: []alert.Rule{{Name: "everything", Events: []string{"new", "edited", "missing", "removed", "restored", "reversal", "softening"}, To: []string{"correspondent@newsroom.example"}}},
	}
	a.cfg, a.catalogue = s.cfg, config.Catalogue{}
	for _, src := range s.site.Sources() {
		a.catalogue[src.ID] = src
	}
	if s.house, err = a.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.house.Close()) }()
	if err := a.play(ctx, s); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"database": filepath.Join(folder, databaseName), "mails": s.sink.Mails()})
	}
	fmt.Fprintf(a.out, "\nWhat is kept:  volteface statements list --data-dir %[1]s\nThe mails:     %[2]s\nThe database:  %[3]s\n",
		folder, filepath.Join(folder, "mails"), filepath.Join(folder, databaseName))
	if !keep {
		return nil
	}
	fmt.Fprintf(a.out, "The site:      curl --proxy %s http://mfa.iran.example/\nThe mail server listens on 127.0.0.1:%d.\n", s.site.Proxy(), s.sink.Port())
	return a.demoDesk(ctx, s)
}

// demoDesk opens the desk on what was found; everybody on this machine may read there.
func (a *app) demoDesk(ctx context.Context, s *stage) error {
	at, err := a.desk(s.house, s.cfg, a.log(), func(o *web.Options) { o.Public = true })
	if err != nil {
		return err
	}
	defer at.close()
	listener, err := web.Listen(config.DefaultDesk)
	if err != nil { // another desk is open
		if listener, err = web.Listen("127.0.0.1:0"); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.out, "The desk:      http://%s/\nCtrl-C ends all of them.\n", shownAddress(listener))
	return at.serve(ctx, a, listener)
}

// play visits both sources on every day on which something happens.
func (a *app) play(ctx context.Context, s *stage) error {
	client, err := a.client(s.house, s.cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	m, err := a.monitor(s.house, client, s.cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	color := term.Color(a.out, a.getenv)
	if !a.json {
		fmt.Fprintln(a.out, "A reconstruction from public reports, in our own words; one edit and one removal are staged.")
	}
	for _, day := range s.site.Days() {
		s.clock.Set(day)
		if !a.json {
			fmt.Fprintf(a.out, "\n%s\n", term.Paint(color, term.Bold, statement.DayOf(day)))
		}
		for _, src := range s.site.Sources() {
			if !s.site.Shows(src) {
				continue
			}
			if _, err := m.Visit(ctx, src, monitor.Options{
				Recheck: monitor.RecheckAll, Holder: monitor.Holder(time.Now()),
				Report: func(f monitor.Finding) {
					if f.State != statement.Unchanged && !f.Known {
						_ = a.printFinding(f, color)
					}
				},
			}); err != nil {
				return err
			}
		}
		if _, err := a.readWaiting(ctx, m, 0, statement.LevelAlert); err != nil {
			return err
		}
		before := len(s.sink.Mails())
		if err := a.deliver(ctx, s.house, s.cfg); err != nil {
			return err
		}
		if err := a.showMails(s.sink.Mails()[before:], color); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) showMails(paths []string, color bool) error {
	for _, path := range paths {
		subject, err := subjectOf(path)
		if err != nil {
			return err
		}
		if a.json {
			err = a.printJSON(map[string]string{"mail": path, "subject": subject})
		} else {
			_, err = fmt.Fprintf(a.out, "%s  %s\n", term.Paint(color, term.Cyan, "mail     "), term.Clean(subject))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func subjectOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return "", err
	}
	return new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
}
