package extract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/mmcdole/gofeed"

	"volteface/internal/statement"
)

// What channels and accounts publish is read as a feed: each post is an entry,
// its text its content, its first line its title. What they only pass on, others'
// posts and replies, is left out: it is not their word.

// readFeed reads what the source's kind of listing is.
func (x *Extractor) readFeed(body []byte) (*gofeed.Feed, string, error) {
	var read func([]byte) (*gofeed.Feed, string, error)
	switch x.src.Kind {
	case statement.KindTelegram:
		read = telegramPreview
	case statement.KindMastodon:
		read = mastodonStatuses
	case statement.KindBluesky:
		read = blueskyFeed
	case statement.KindYouTube:
		read = youtubeFeed
	default:
		return readFeed(body)
	}
	feed, next, err := read(body)
	if err == nil && len(feed.Items) > maxEntries {
		feed.Items = feed.Items[:maxEntries]
	}
	return feed, next, err
}

// telegramPreview reads the public preview of a channel, https://t.me/s/NAME: the
// newest posts, the last one at the end, with a link to older ones.
func telegramPreview(body []byte) (*gofeed.Feed, string, error) {
	text, _ := Decode(body, "text/html; charset=utf-8")
	if TooHeavy(text) {
		return nil, "", ErrTooLarge
	}
	root, err := parse(text)
	if err != nil {
		return nil, "", fmt.Errorf("parse: %w", err)
	}
	doc := goquery.NewDocumentFromNode(root)
	messages := doc.Find(".tgme_widget_message[data-post]")
	if messages.Length() == 0 && doc.Find(".tgme_channel_info, .tgme_channel_history").Length() == 0 {
		return nil, "", statement.WithHint(fmt.Errorf("%w: it is not the preview of a channel", ErrNotText),
			"open https://t.me/s/NAME in a browser: the channel may have no preview, or another name")
	}
	feed := &gofeed.Feed{Title: collapse(doc.Find(".tgme_channel_info_header_title").First().Text())}
	for i := messages.Length() - 1; i >= 0; i-- {
		m := messages.Eq(i)
		if m.HasClass("service_message") || m.Find(".tgme_widget_message_forwarded_from").Length() > 0 {
			continue
		}
		said := m.Find(".tgme_widget_message_text").NotSelection(m.Find(".tgme_widget_message_reply .tgme_widget_message_text")).First()
		content, err := said.Html()
		if err != nil || collapse(said.Text()) == "" {
			continue
		}
		post, _ := m.Attr("data-post")
		date := m.Find("a.tgme_widget_message_date").First()
		at, _ := date.Find("time[datetime]").Attr("datetime")
		feed.Items = append(feed.Items, &gofeed.Item{
			GUID: post, Link: cmp.Or(date.AttrOr("href", ""), "https://t.me/"+post), Title: headline(content), Content: content, Published: at, PublishedParsed: parsedTime(at),
		})
	}
	older := doc.Find("a.tme_messages_more[data-before]").First()
	return feed, older.AttrOr("href", ""), nil
}

// mastodonStatuses reads what api/v1/accounts/:id/statuses of a Mastodon server
// answers (docs.joinmastodon.org/methods/accounts), the newest first.
func mastodonStatuses(body []byte) (*gofeed.Feed, string, error) {
	type status struct {
		ID       string          `json:"id"`
		URI      string          `json:"uri"`
		URL      string          `json:"url"`
		Created  string          `json:"created_at"`
		Edited   string          `json:"edited_at"`
		Content  string          `json:"content"`
		Warning  string          `json:"spoiler_text"`
		Language string          `json:"language"`
		Reblog   json.RawMessage `json:"reblog"`
		ReplyTo  string          `json:"in_reply_to_account_id"`
		Account  struct {
			ID   string `json:"id"`
			Name string `json:"display_name"`
		} `json:"account"`
	}
	var statuses []status
	if err := decodePosts(body, &statuses); err != nil {
		return nil, "", err
	}
	feed, next := &gofeed.Feed{}, ""
	for _, s := range statuses {
		next = s.ID
		feed.Title, feed.Language = s.Account.Name, cmp.Or(feed.Language, s.Language)
		if len(s.Reblog) > 0 && string(s.Reblog) != "null" || s.ReplyTo != "" && s.ReplyTo != s.Account.ID {
			continue
		}
		content := s.Content
		if s.Warning != "" {
			content = "<p>" + html.EscapeString(s.Warning) + "</p>" + content
		}
		feed.Items = append(feed.Items, &gofeed.Item{
			GUID: cmp.Or(s.URI, s.ID), Link: cmp.Or(s.URL, s.URI), Title: headline(content), Content: content,
			Published: s.Created, PublishedParsed: parsedTime(s.Created), Updated: s.Edited, UpdatedParsed: parsedTime(s.Edited),
		})
	}
	if next != "" {
		next = "?" + MastodonQuery + "&max_id=" + url.QueryEscape(next)
	}
	return feed, next, nil
}

// MastodonQuery is what a Mastodon server is asked for of an account: its own
// posts.
const MastodonQuery = "exclude_reblogs=true&exclude_replies=true&limit=40"

// MastodonAccount reads the number of an account in the answer of
// api/v1/accounts/lookup.
func MastodonAccount(body []byte) (id string, err error) {
	var account struct {
		ID string `json:"id"`
	}
	if err := decodePosts(body, &account); err != nil {
		return "", err
	}
	if account.ID == "" {
		return "", statement.WithHint(fmt.Errorf("%w: the server names no account", ErrNotText), "check the name in the address: https://SERVER/@NAME")
	}
	return account.ID, nil
}

// blueskyFeed reads what app.bsky.feed.getAuthorFeed answers (docs.bsky.app), the
// newest first.
func blueskyFeed(body []byte) (*gofeed.Feed, string, error) {
	var answer struct {
		Feed []struct {
			Post struct {
				URI    string `json:"uri"`
				Author struct {
					DID  string `json:"did"`
					Name string `json:"displayName"`
				} `json:"author"`
				Record struct {
					Text    string   `json:"text"`
					Created string   `json:"createdAt"`
					Langs   []string `json:"langs"`
				} `json:"record"`
			} `json:"post"`
			Reason json.RawMessage `json:"reason"` // of a repost
			Reply  *struct {
				Parent struct {
					Author struct {
						DID string `json:"did"`
					} `json:"author"`
				} `json:"parent"`
			} `json:"reply"`
		} `json:"feed"`
		Cursor string `json:"cursor"`
	}
	if err := decodePosts(body, &answer); err != nil {
		return nil, "", err
	}
	feed, actor := &gofeed.Feed{}, ""
	for _, e := range answer.Feed {
		p := e.Post
		if len(e.Reason) > 0 && string(e.Reason) != "null" || e.Reply != nil && e.Reply.Parent.Author.DID != p.Author.DID {
			continue
		}
		actor, feed.Title = p.Author.DID, p.Author.Name
		if len(p.Record.Langs) > 0 {
			feed.Language = cmp.Or(feed.Language, p.Record.Langs[0])
		}
		content := plainContent(p.Record.Text)
		if content == "" {
			continue
		}
		_, key, _ := strings.Cut(p.URI, "/app.bsky.feed.post/")
		feed.Items = append(feed.Items, &gofeed.Item{
			GUID: p.URI, Link: "https://bsky.app/profile/" + p.Author.DID + "/post/" + key, Title: headline(content), Content: content,
			Published: p.Record.Created, PublishedParsed: parsedTime(p.Record.Created),
		})
	}
	if answer.Cursor == "" || actor == "" {
		return feed, "", nil
	}
	return feed, "?" + BlueskyQuery(actor) + "&cursor=" + url.QueryEscape(answer.Cursor), nil
}

// BlueskyQuery is what Bluesky's API is asked for of an account, by its handle or
// DID: its own posts.
func BlueskyQuery(actor string) string {
	return "actor=" + url.QueryEscape(actor) + "&filter=posts_and_author_threads&limit=100"
}

// youtubeFeed reads the feed of a channel: titles, and the descriptions under the
// videos, which YouTube puts into media:group (Media RSS).
func youtubeFeed(body []byte) (*gofeed.Feed, string, error) {
	feed, next, err := readFeed(body)
	if err != nil {
		return nil, "", err
	}
	for _, item := range feed.Items {
		if item == nil || item.Extensions == nil {
			continue
		}
		for _, group := range item.Extensions["media"]["group"] {
			for _, d := range group.Children["description"] {
				item.Content = plainContent(d.Value)
			}
		}
		if strings.TrimSpace(item.Content) == "" { // a title alone is what was published
			item.Content = plainContent(item.Title)
		}
	}
	return feed, next, nil
}

// decodePosts reads what an API answers; the errors that it may answer instead
// are told.
func decodePosts(body []byte, v any) error {
	text, _ := Decode(body, "")
	if text = bytes.TrimSpace(text); explosiveJSON(text) {
		return ErrTooLarge
	}
	var failed struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	if len(text) > 0 && text[0] == '{' && json.Unmarshal(text, &failed) == nil && failed.Error != "" {
		return fmt.Errorf("%w: the server says %q", ErrNotText, collapse(failed.Error+" "+failed.Message))
	}
	if err := json.Unmarshal(text, v); err != nil {
		return statement.WithHint(fmt.Errorf("%w: %w", ErrNotText, errors.New("it is not what the API of this kind answers")), "check kind and url of the source")
	}
	return nil
}

var lineEnd = regexp.MustCompile(`(?i)<br\s*/?>|</p>|</div>`)

// longestHeadline is how many letters of its first line are the title of a post.
const longestHeadline = 120

// headline is the first line of a post, cut at the end of a word.
func headline(content string) string {
	for _, line := range lineEnd.Split(content, 20) {
		if len(line) > 3*maxTitle {
			line = strings.ToValidUTF8(line[:3*maxTitle], "")
		}
		runes := []rune(fragmentLine(line))
		switch {
		case len(runes) == 0:
			continue
		case len(runes) <= longestHeadline:
			return string(runes)
		}
		cut := string(runes[:longestHeadline])
		if at := strings.LastIndexByte(cut, ' '); at > longestHeadline/2 {
			cut = cut[:at]
		}
		return cut + "…"
	}
	return ""
}

// plainContent is plain text as the content of an entry: empty lines divide its
// paragraphs.
func plainContent(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}

func parsedTime(text string) *time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	return &at
}
