package alert

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/statement"
)

// Hide gives a function that takes secrets out of a text, such as what a server
// said: as they are, escaped as in addresses (RFC 3986) and in JSON, and in
// base64 (RFC 4648), in which logins are sent. Longer secrets are looked for
// first, so that those that hold others go as a whole.
func Hide(secrets ...string) func(string) string {
	var forms []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		quoted := strconv.Quote(s)
		forms = append(forms, s, quoted[1:len(quoted)-1], url.QueryEscape(s), url.PathEscape(s))
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			forms = append(forms, encoding.EncodeToString([]byte(s)), encoding.WithPadding(base64.NoPadding).EncodeToString([]byte(s)))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, statement.Secret(form).String())
	}
	return strings.NewReplacer(pairs...).Replace
}
