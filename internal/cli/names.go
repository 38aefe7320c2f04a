package cli

import (
	"fmt"

	"volteface/internal/term"
)

// checkNames makes sure that rules and topics name what there is.
func (a *app) checkNames() error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return err
	}
	return cfg.CheckNames(catalogue, topics)
}

// noteReplaced tells which of the sources stand in the place of a built-in one: a copy whose id was left as it was does.
func (a *app) noteReplaced(ids ...string) {
	for _, id := range ids {
		if src := a.catalogue[id]; src.Replaces != "" {
			fmt.Fprintf(a.err, "note: %s replaces the built-in source %s; give it another id to have both\n", term.Clean(src.Path), id)
		}
	}
}
