package web

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// A link in a mail lets whoever has it decide on one finding while nobody has, for two weeks. It shows on GET, and acts only on POST:
// mail servers open links to look for viruses.
const (
	mailLinkLasts = 14 * 24 * time.Hour
	linkSecret    = "links in mails"
	linkKeyBytes  = 32
)

// mailLink is what a link says.
type mailLink struct {
	Finding string `json:"f"`
	To      string `json:"t"` // to whom the mail went
	Until   int64  `json:"u"` // seconds since 1970
	Token   string `json:"-"`
}

// LinkKey is the key that signs links in mails, made when it is first needed.
func LinkKey(ctx context.Context, store state.Store) ([]byte, error) {
	key, err := store.Secret(ctx, linkSecret)
	if !errors.Is(err, statement.ErrNotFound) {
		return key, err
	}
	fresh := make([]byte, linkKeyBytes)
	_, _ = rand.Read(fresh)
	err = store.Update(ctx, func(tx state.Tx) (err error) {
		key, err = tx.PutSecret(linkSecret, fresh)
		return err
	})
	return key, err
}

// MailLink is the path and query of a link for a finding in a mail to somebody, sent now.
func MailLink(key []byte, finding, to string, now time.Time) string {
	content, err := json.Marshal(mailLink{Finding: finding, To: to, Until: now.Add(mailLinkLasts).Unix()})
	if err != nil { // strings and a number always can be
		panic(err)
	}
	b64 := base64.RawURLEncoding
	return "/decide?token=" + b64.EncodeToString(content) + "." + b64.EncodeToString(sign(key, content))
}

func sign(key, content []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("volteface: decide on a finding\x00"))
	m.Write(content)
	return m.Sum(nil)
}

// errLink says that a link is not ours, or has ended.
var errLink = errors.New("this link is not valid, or has ended")

// readMailLink reads the token of a link.
func (d *Desk) readMailLink(ctx context.Context, token string) (l mailLink, err error) {
	d.keyOnce.Lock()
	if d.linkKey == nil {
		d.linkKey, err = d.Store.Secret(ctx, linkSecret)
	}
	key := d.linkKey
	d.keyOnce.Unlock()
	if errors.Is(err, statement.ErrNotFound) {
		return l, errLink // none was ever sent
	}
	if err != nil {
		return l, err
	}
	packed, signature, _ := strings.Cut(token, ".")
	content, err := base64.RawURLEncoding.DecodeString(packed)
	mac, merr := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || merr != nil || len(key) < linkKeyBytes || !hmac.Equal(mac, sign(key, content)) || json.Unmarshal(content, &l) != nil {
		return mailLink{}, errLink
	}
	if d.Clock.Now().Unix() >= l.Until {
		return mailLink{}, errLink
	}
	l.Token = token
	return l, nil
}

// linked finds what a link leads to; it answers itself where that is nothing.
func (d *Desk) linked(w http.ResponseWriter, r *http.Request, token string) (l mailLink, f state.Finding, ok bool) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	l, err := d.readMailLink(r.Context(), token)
	if err == nil {
		f, err = d.Store.Reversal(r.Context(), l.Finding)
	}
	switch {
	case errors.Is(err, errLink), errors.Is(err, statement.ErrNotFound), err == nil && f.ID != l.Finding:
		d.problem(w, r, http.StatusGone, "This link is not valid, or has ended: links in mails work for two weeks. Sign in to decide.")
	case err != nil:
		d.fail(w, r, err)
	default:
		return l, f, true
	}
	return l, f, false
}

// linkPage shows the finding of a link in a mail, and what can be decided.
func (d *Desk) linkPage(w http.ResponseWriter, r *http.Request) {
	l, f, ok := d.linked(w, r, r.URL.Query().Get("token"))
	if !ok {
		return
	}
	b, err := d.reversalBody(r.Context(), f)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b.Link, b.People, b.Others, b.Between, b.Held = &l, nil, nil, nil, nil // the link is for one finding alone
	d.page(w, r, "decide", b.Headline, b)
}

// decideByLink takes what was decided by a link in a mail.
func (d *Desk) decideByLink(w http.ResponseWriter, r *http.Request) {
	l, f, ok := d.linked(w, r, r.PostFormValue("token"))
	if !ok || d.refuseReadOnly(w, r) {
		return
	}
	if f.Review.Decision != state.Open || r.PostFormValue("decision") == "reopened" {
		d.problem(w, r, http.StatusConflict, "This has been decided on already. Sign in to change it.")
		return
	}
	review, did, ok := d.reviewOf(w, r, f.ID)
	if !ok {
		return
	}
	review.By, review.Via = alert.Line(l.To), "link in a mail"
	if err := d.decide(r, f.ID, review); err != nil {
		d.fail(w, r, err)
		return
	}
	back(w, r, "/decide?token="+l.Token, did)
}
