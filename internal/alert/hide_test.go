package alert

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

func TestHide(t *testing.T) {
	const secret = `T0P/se cret"`
	hide := Hide(secret, "user:"+secret, "")
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), `T0P/se cret\"`,
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	} {
		if got := hide("no: " + form + "!"); !strings.HasPrefix(got, "no: ********") || strings.Contains(got, form) || len(got) > 14 {
			t.Errorf("%s is shown as %q", form, got)
		}
	}
	if got := Hide()("as it is"); got != "as it is" {
		t.Errorf("without secrets: %q", got)
	}
}
