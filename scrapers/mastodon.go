package scrapers

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// mastodon reads the posts of an account, https://SERVER/@NAME: its number is
// looked up first, as the API wants it.
type mastodon struct{ *session }

func (m mastodon) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	if len(m.from.Queue) == 0 {
		address, err := m.account(ctx)
		if err != nil {
			return err
		}
		m.from = Place{1, []string{address}}
	}
	return feed(m).Discover(ctx, maxPages, v, page)
}

// account is where the posts of the account are.
func (m mastodon) account(ctx context.Context) (string, error) {
	profile, err := url.Parse(m.src.URL)
	if err != nil {
		return "", err
	}
	name := strings.TrimPrefix(strings.Trim(profile.Path, "/"), "@")
	api := url.URL{Scheme: profile.Scheme, Host: profile.Host, Path: "/api/v1/accounts/lookup", RawQuery: "acct=" + url.QueryEscape(name)}
	capture, err := m.read(ctx, m.collector, api.String(), statement.Validators{})
	if err != nil {
		return "", err
	}
	id, err := extract.MastodonAccount(capture.Body)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", api.String(), err)
	}
	api.Path, api.RawQuery = "/api/v1/accounts/"+url.PathEscape(id)+"/statuses", extract.MastodonQuery
	return api.String(), nil
}
