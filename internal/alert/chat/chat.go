// Package chat hands alerts to the chats and push services that shoutrrr
// speaks to, by its addresses (shoutrrr.nickfedor.com).
package chat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// timeout is the longest a service may take; the library bounds its requests
// by less, but not for every service.
const timeout = 45 * time.Second

// Channel is one service.
type Channel struct {
	sender types.Service
	hide   func(string) string
	busy   chan struct{} // holds a token while an attempt that timed out still runs
}

var _ alert.Channel = (*Channel)(nil)

// New prepares a channel from an address such as ntfy://ntfy.sh/topic,
// telegram://TOKEN@telegram?chats=ID or slack://TOKEN@CHANNEL. Nothing is sent
// yet. An error does not name the address, which holds secrets.
func New(address statement.Secret) (*Channel, error) {
	hide := hider(address.Reveal())
	scheme, _, found := strings.Cut(address.Reveal(), "://")
	if !found || scheme == "logger" || scheme == "smtp" {
		return nil, statement.WithHint(errors.New("this is not the address of a chat or push service"), "write ntfy://ntfy.sh/topic, telegram://TOKEN@telegram?chats=ID and the like; e-mail addresses stand under to")
	}
	guard() // some services ask something at once
	sender, err := (&router.ServiceRouter{}).Locate(address.Reveal())
	if err == nil {
		err = straighten(sender)
	}
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("the address of the %s service: %s", scheme, hide(err.Error())), "shoutrrr's documentation shows the address of every service")
	}
	return &Channel{sender: sender, hide: hide, busy: make(chan struct{}, 1)}, nil
}

// Send hands a message over, short. The services do not say clearly whether
// they refuse a message or are out of order, so that nothing is final.
func (c *Channel) Send(ctx context.Context, m alert.Message) (retry bool, err error) {
	select {
	case c.busy <- struct{}{}:
	default:
		return true, &alert.Unavailable{Err: errors.New("the service has not answered yet")}
	}
	done := make(chan error, 1)
	go func() {
		params := types.Params{}
		params.SetTitle(strings.TrimPrefix(m.Subject, "[volteface] "))
		err := c.sender.Send(m.Brief, &params)
		<-c.busy
		done <- err
	}()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			text := alert.Line(c.hide(err.Error()))
			return true, &alert.Unavailable{Err: errors.New(text), Person: errors.Is(err, errRedirected) || settled.MatchString(text)}
		}
		return false, nil
	case <-timer.C:
		return true, &alert.Unavailable{Err: fmt.Errorf("the service has not answered within %s", timeout)}
	case <-ctx.Done():
		return true, ctx.Err()
	}
}

// settled tells answers about login and address, which do not mend themselves:
// by their status, which some services follow with two digits more.
var settled = regexp.MustCompile(`\b(401|403|404)\d{0,2}\b`)

// Close does nothing: the library keeps nothing open.
func (c *Channel) Close() error { return nil }

// hider takes every part of an address that may be secret out of a text: all
// but its scheme and short words.
func hider(address string) func(string) string {
	parts := []string{address}
	if _, rest, found := strings.Cut(address, "://"); found {
		parts = append(parts, rest)
	}
	if u, err := url.Parse(address); err == nil {
		password, _ := u.User.Password()
		parts = append(parts, u.User.String(), u.User.Username(), password, u.User.Username()+":"+password, u.Host, u.Path, u.RawQuery, u.Fragment)
		parts = append(parts, strings.Split(u.Path, "/")...)
		for _, values := range u.Query() {
			parts = append(parts, values...)
		}
	}
	return alert.Hide(slices.DeleteFunc(parts, func(part string) bool { return len(part) < 4 })...)
}
