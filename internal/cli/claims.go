package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/claim"
	"volteface/internal/reversal"
	"volteface/internal/term"
)

func (a *app) claimsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "claims FILE|ID",
		Short: "Show who asserts or denies what in a statement",
		Long: `Show the claims of a statement: of each sentence who speaks it, and what is
asserted (+) or denied (-) in it, about whom and how it is meant. The statement is a
text file, the id or address of a kept one, an address on the web, or - for standard
input.`,
		Example: `  volteface claims before.txt
  echo "We have not provided weaponry to any side." | volteface claims -`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.showClaims(cmd.Context(), args[0]) },
	}
}

// claimJSON is a line of claims.
type claimJSON struct {
	Sentence  string   `json:"sentence"`
	Span      [2]int   `json:"span"`
	Speaker   string   `json:"speaker"`
	Voice     string   `json:"voice"`
	Sign      int      `json:"sign"`
	Predicate string   `json:"predicate"`
	Mode      string   `json:"mode"`
	Marks     []string `json:"marks"`
	By        string   `json:"by"`
	Actor     []string `json:"actor"`
	Object    []string `json:"object"`
	Recipient []string `json:"recipient"`
	Other     []string `json:"other"`
}

var (
	voiceNames = [...]string{claim.Own: "issuer", claim.Journalist: "journalist", claim.Foreign: "others"}
	partyNames = [...]string{claim.Unknown: "", claim.Issuer: "issuer", claim.Others: "others"}
)

func (a *app) showClaims(ctx context.Context, name string) error {
	s, err := a.readStatement(ctx, name)
	if err != nil {
		return err
	}
	reversal.Prepare(s)
	color := term.Color(a.out, a.getenv)
	last := -1
	for i := range s.Claims.Claims {
		c := &s.Claims.Claims[i]
		x := &s.Claims.Sentences[c.Sentence]
		if a.json {
			if err := a.printJSON(toClaimJSON(s, c)); err != nil {
				return err
			}
			continue
		}
		if c.Sentence != last {
			last = c.Sentence
			who := ""
			if x.Voice != claim.Own || x.Speaker != "" {
				who = "  [" + strings.TrimSpace(voiceNames[x.Voice]+" "+x.Speaker) + "]"
			}
			fmt.Fprintf(a.out, "\n%s%s\n", term.Paint(color, term.Bold, term.Clean(s.Text[x.Start:x.End])), term.Clean(who))
		}
		fmt.Fprintf(a.out, "  %s\n", term.Clean(c.String()))
	}
	return nil
}

func toClaimJSON(s *reversal.Statement, c *claim.Claim) claimJSON {
	x := &s.Claims.Sentences[c.Sentence]
	out := claimJSON{
		Sentence: s.Text[x.Start:x.End], Span: [2]int{c.Start, c.End}, Speaker: x.Speaker, Voice: voiceNames[x.Voice], Sign: int(c.Sign),
		Predicate: c.Predicate, Mode: c.Mode.String(), Marks: c.Flags.Names(), By: partyNames[c.By],
		Actor: []string{}, Object: []string{}, Recipient: []string{}, Other: []string{},
	}
	for _, arg := range c.Args {
		switch arg.Role {
		case claim.Actor:
			out.Actor = append(out.Actor, arg.Word)
		case claim.Object:
			out.Object = append(out.Object, arg.Word)
		case claim.Recipient:
			out.Recipient = append(out.Recipient, arg.Word)
		default:
			out.Other = append(out.Other, arg.Word)
		}
	}
	return out
}
