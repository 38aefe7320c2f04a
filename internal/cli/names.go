package cli

import (
	"fmt"

	"volteface/internal/config"
	"volteface/internal/term"
)

// checkNames makes sure that rules and topics name what there is.
func (a *app) checkNames() error {
	cfg, catalogue, topics, err := a.defined()
	if err != nil {
		return err
	}
	return cfg.CheckNames(catalogue, topics)
}

// defined is all that people define: the configuration, sources and topics.
func (a *app) defined() (cfg *config.Config, sources config.Catalogue, topics config.Topics, err error) {
	if cfg, err = a.config(); err != nil {
		return nil, nil, nil, err
	}
	if sources, err = a.sources(); err != nil {
		return nil, nil, nil, err
	}
	topics, err = cfg.Topics(a.getenv)
	return cfg, sources, topics, err
}

// noteReplaced tells which of the sources stand in the place of a built-in one: a copy whose id was left as it was does.
func (a *app) noteReplaced(ids ...string) {
	for _, id := range ids {
		if src := a.catalogue[id]; src.Replaces != "" {
			fmt.Fprintf(a.err, "note: %s replaces the built-in source %s; give it another id to have both\n", term.Clean(src.Path), id)
		}
	}
}
