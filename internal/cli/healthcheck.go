package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the daemon on this machine whether it is well",
		Long: `Ask the daemon on this machine whether it is well: whether it looks at its
schedule, as /healthz of its health pages tells. It is for containers that hold
nothing else to ask with.`,
		Example: `  volteface healthcheck
  volteface healthcheck --config /etc/volteface/volteface.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.healthcheck(cmd.Context()) },
	}
}

func (a *app) healthcheck(ctx context.Context) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	address := cfg.Daemon.Address()
	if address == "" {
		return statement.WithHint(fmt.Errorf("the daemon has no health pages"), "set daemon.listen in the configuration to an address")
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() { // it listens everywhere, and so here
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Transport{}).RoundTrip(request) // never through a proxy
	if err != nil {
		return statement.WithHint(fmt.Errorf("ask the daemon: %w", err), "is it running? volteface run starts it")
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
	if err != nil {
		return fmt.Errorf("ask the daemon: %w", err)
	}
	text := term.Clean(strings.TrimSpace(string(said)))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the daemon is not well: %s", text)
	}
	if a.json {
		return a.printJSON(map[string]string{"health": text})
	}
	_, err = fmt.Fprintln(a.out, text)
	return err
}
