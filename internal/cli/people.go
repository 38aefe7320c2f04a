package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/web"
	"volteface/state"
)

func (a *app) peopleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "people",
		Short: "List who may sign in at the desk, and make links for them",
		Long: `List who may sign in at the desk, ask somebody in, or make a new link for whoever
has forgotten the password. An administrator does the same at the desk, on the
page People; this is for when nobody can.`,
		Example: `  volteface people list
  volteface people add desk@example.org --name "The desk" --role analyst
  volteface people link desk@example.org`,
		RunE: needsVerb,
	}
	var name, role string
	add := &cobra.Command{
		Use: "add LOGIN", Short: "Ask somebody in: a link to choose a password is printed", Example: `  volteface people add desk@example.org --role admin`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.addPerson(cmd.Context(), args[0], name, role) },
	}
	add.Flags().StringVar(&name, "name", "", "`NAME` as others see it (default: LOGIN)")
	add.Flags().StringVar(&role, "role", string(state.RoleReader), "`ROLE`: reader, analyst (decides too) or admin")
	cmd.AddCommand(&cobra.Command{
		Use: "list", Short: "List who may sign in", Example: "  volteface people list", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listPeople(cmd.Context()) },
	}, add, &cobra.Command{
		Use: "link LOGIN", Short: "Print a link with which somebody chooses a new password", Example: "  volteface people link desk@example.org", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.personLink(cmd.Context(), args[0]) },
	}, &cobra.Command{
		Use: "end LOGIN", Short: "End somebody's access, and all their sessions", Example: "  volteface people end desk@example.org", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.endPerson(cmd.Context(), args[0]) },
	})
	return cmd
}

// personJSON is a line of people list.
type personJSON struct {
	Login string     `json:"login"`
	Name  string     `json:"name"`
	Role  state.Role `json:"role"`
	State string     `json:"state"` // active, invited, ended
	Link  string     `json:"link,omitempty"`
}

func toPerson(p state.Person, link string) personJSON {
	x := personJSON{p.Login, p.Name, p.Role, "active", link}
	switch {
	case !p.EndedAt.IsZero():
		x.State = "ended"
	case p.Password == "" && p.Subject == "":
		x.State = "invited"
	}
	return x
}

func (a *app) printPerson(p state.Person, link string) error {
	x := toPerson(p, link)
	if a.json {
		return a.printJSON(x)
	}
	if link != "" {
		_, err := fmt.Fprintf(a.out, "%s\n", link)
		fmt.Fprintf(a.err, "With this link %s chooses a password; it works once, for a week.\n", term.Clean(p.Name))
		return err
	}
	_, err := fmt.Fprintf(a.out, "%-8s %-8s %s  %s\n", x.Role, x.State, term.Clean(x.Login), term.Clean(x.Name))
	return err
}

func (a *app) listPeople(ctx context.Context) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	all, err := h.People(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := a.printPerson(p, ""); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) addPerson(ctx context.Context, login, name, role string) error {
	roles := []string{string(state.RoleReader), string(state.RoleAnalyst), string(state.RoleAdmin)}
	if !slices.Contains(roles, role) {
		hint := "reader, analyst or admin"
		if near := statement.Nearest(role, roles); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return usage(fmt.Errorf("--role %q", role), hint)
	}
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	p, link, err := web.Invite(ctx, h.Store, state.Person{Login: login, Name: cmp.Or(name, login), Role: state.Role(role), CreatedBy: a.signature().By}, a.clock.Now())
	if err != nil {
		return usage(fmt.Errorf("add %q: %w", login, err), cmp.Or(statement.HintOf(err), "volteface people list shows who there is; people link makes a new link"))
	}
	return a.linked(p, link)
}

// linked prints a link as it is opened.
func (a *app) linked(p state.Person, path string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	return a.printPerson(p, cmp.Or(strings.TrimRight(cfg.PublicURL, "/"), "http://"+cmp.Or(cfg.Web.Listen, config.DefaultDesk))+path)
}

// person finds somebody by what they sign in with.
func (a *app) person(ctx context.Context, h *house, login string) (state.Person, error) {
	p, err := h.PersonByLogin(ctx, login)
	if !errors.Is(err, statement.ErrNotFound) {
		return p, err
	}
	all, err := h.People(ctx)
	if err != nil {
		return p, err
	}
	logins := make([]string, len(all))
	for i, x := range all {
		logins[i] = x.Login
	}
	hint := "volteface people list shows who there is"
	if near := statement.Nearest(login, logins); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return p, usage(fmt.Errorf("nobody signs in as %q", login), hint)
}

func (a *app) personLink(ctx context.Context, login string) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	p, err := a.person(ctx, h, login)
	if err != nil {
		return err
	}
	if !p.EndedAt.IsZero() {
		return fmt.Errorf("the access of %q has ended: an administrator gives it again at the desk", login)
	}
	link, err := web.PasswordLink(ctx, h.Store, p.ID, a.clock.Now())
	if err != nil {
		return err
	}
	return a.linked(p, link)
}

func (a *app) endPerson(ctx context.Context, login string) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	p, err := a.person(ctx, h, login)
	if err != nil {
		return err
	}
	p.EndedAt = a.clock.Now()
	if err := h.Update(ctx, func(tx state.Tx) error { return errors.Join(tx.PutPerson(p), tx.DropSessions(p.ID)) }); err != nil {
		return err
	}
	return a.printPerson(p, "")
}
