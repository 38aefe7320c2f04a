package config

import (
	"net/url"
	"regexp"
	"strings"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

var (
	telegramName = regexp.MustCompile(`^/(?:s/)?([A-Za-z][A-Za-z0-9_]{3,31})/?$`)
	mastodonName = regexp.MustCompile(`^/(?:@|users/)([A-Za-z0-9_.-]+)/?$`)
	blueskyName  = regexp.MustCompile(`^/profile/([A-Za-z0-9.:_%-]+)/?$`)
	youtubeName  = regexp.MustCompile(`^/channel/(UC[A-Za-z0-9_-]{20,24})/?$`)
)

// accountAddress is where the posts of a channel or account are read, from the
// address at which people see it. An address of another host than the service's
// own, such as one that serves its API elsewhere, stays as it is.
func accountAddress(s *statement.Source) (field string, err error) {
	if !s.Kind.HasPosts() {
		return "", nil
	}
	if s.Authority == "" {
		s.Authority = statement.FromFeed
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" {
		return "", nil // told by checkAddress
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	switch s.Kind {
	case statement.KindTelegram:
		if host != "t.me" && host != "telegram.me" {
			return "", nil
		}
		m := telegramName.FindStringSubmatch(u.Path)
		if m == nil {
			return "url", hinted("write https://t.me/s/NAME; what is behind an invitation is not public and is not read", "%q is not the address of a public channel", s.URL)
		}
		s.URL = "https://t.me/s/" + m[1]
	case statement.KindMastodon:
		m := mastodonName.FindStringSubmatch(u.Path)
		if m == nil {
			return "url", hinted("write https://SERVER/@NAME, on the account's own server", "%q is not the address of an account", s.URL)
		}
		s.URL = u.Scheme + "://" + u.Host + "/@" + m[1]
	case statement.KindBluesky:
		if host != "bsky.app" {
			return "", nil
		}
		m := blueskyName.FindStringSubmatch(u.EscapedPath())
		if m == nil {
			return "url", hinted("write https://bsky.app/profile/NAME", "%q is not the address of an account", s.URL)
		}
		actor, _ := url.PathUnescape(m[1]) // the pattern lets nothing else through
		s.URL = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?" + extract.BlueskyQuery(actor)
	case statement.KindYouTube:
		if host != "youtube.com" && host != "m.youtube.com" && host != "youtu.be" || u.Path == "/feeds/videos.xml" {
			return "", nil
		}
		list := u.Query().Get("list")
		switch m := youtubeName.FindStringSubmatch(u.Path); {
		case m != nil:
			s.URL = "https://www.youtube.com/feeds/videos.xml?channel_id=" + m[1]
		case u.Path == "/playlist" && list != "":
			s.URL = "https://www.youtube.com/feeds/videos.xml?playlist_id=" + url.QueryEscape(list)
		default:
			return "url", hinted("write https://www.youtube.com/channel/UC…: the channel's page has it under About, Share channel, Copy channel ID", "%q does not name the channel by its id", s.URL)
		}
	}
	return "", nil
}
