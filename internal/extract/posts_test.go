package extract

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"volteface/internal/statement"
)

// Stand-ins, written from the public documentation of each service.
const telegramStandIn = `<html><head><link rel="prev" href="/s/ministry?before=7"></head><body>
<div class="tgme_channel_info"><div class="tgme_channel_info_header_title"><span dir="auto">Ministry</span></div></div>
<section class="tgme_channel_history js-message_history">
<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="/s/ministry?before=7" class="tme_messages_more js-messages_more" data-before="7"></a></div>
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message service_message" data-post="ministry/6"><div class="tgme_widget_message_text">Channel created</div></div></div>
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="ministry/7">
 <div class="tgme_widget_message_bubble"><div class="tgme_widget_message_text js-message_text" dir="auto"><b>We deny it.</b><br/><br/>No drones were sent &amp; none will be.</div>
 <div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">1.2K</span><a class="tgme_widget_message_date" href="https://t.me/ministry/7"><time datetime="2022-10-24T09:00:00+00:00" class="time">09:00</time></a></div></div></div></div>
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="ministry/8">
 <div class="tgme_widget_message_bubble"><div class="tgme_widget_message_forwarded_from">Forwarded from <a class="tgme_widget_message_forwarded_from_name">Somebody</a></div><div class="tgme_widget_message_text js-message_text">Words of somebody else</div>
 <a class="tgme_widget_message_date" href="https://t.me/ministry/8"><time datetime="2022-10-25T09:00:00+00:00"></time></a></div></div></div>
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="ministry/9">
 <div class="tgme_widget_message_bubble"><a class="tgme_widget_message_reply" href="https://t.me/ministry/7"><div class="tgme_widget_message_text js-message_reply_text">We deny it.</div></a>
 <div class="tgme_widget_message_text js-message_text">A small number was sent.</div><a class="tgme_widget_message_date" href="https://t.me/ministry/9"><time datetime="2022-11-05T10:30:00+00:00"></time></a></div></div></div>
<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="ministry/10"><a class="tgme_widget_message_photo_wrap"></a><a class="tgme_widget_message_date" href="https://t.me/ministry/10"><time datetime="2022-11-06T10:30:00+00:00"></time></a></div></div>
</section></body></html>`

const mastodonStandIn = `[
{"id":"109","uri":"https://social.example/users/mfa/statuses/109","url":"https://social.example/@mfa/109","created_at":"2022-11-05T10:30:00.000Z","edited_at":"2022-11-05T11:00:00.000Z","content":"<p>A small number was sent.</p><p>Months before.</p>","spoiler_text":"","language":"en","reblog":null,"in_reply_to_account_id":null,"account":{"id":"7","display_name":"MFA"}},
{"id":"108","uri":"https://social.example/users/mfa/statuses/108/activity","url":null,"created_at":"2022-11-04T10:30:00.000Z","content":"","reblog":{"id":"55","content":"<p>Others said</p>"},"account":{"id":"7"}},
{"id":"107","uri":"https://social.example/users/mfa/statuses/107","url":"https://social.example/@mfa/107","created_at":"2022-11-03T10:30:00.000Z","content":"<p>@x you are wrong</p>","reblog":null,"in_reply_to_account_id":"9","account":{"id":"7"}},
{"id":"106","uri":"https://social.example/users/mfa/statuses/106","url":"https://social.example/@mfa/106","created_at":"2022-10-24T09:00:00.000Z","content":"<p>None were sent.</p>","spoiler_text":"Drones","reblog":null,"in_reply_to_account_id":"7","account":{"id":"7"}}]`

const blueskyStandIn = `{"feed":[
{"post":{"uri":"at://did:plc:abc/app.bsky.feed.post/3k2","cid":"b","author":{"did":"did:plc:abc","handle":"mfa.example","displayName":"MFA"},"record":{"$type":"app.bsky.feed.post","text":"A small number was sent.\n\nMonths <before>.","createdAt":"2022-11-05T10:30:00.000Z","langs":["en"]},"indexedAt":"2022-11-05T10:30:01Z"}},
{"post":{"uri":"at://did:plc:zzz/app.bsky.feed.post/3k1","author":{"did":"did:plc:zzz"},"record":{"text":"Others said","createdAt":"2022-11-04T10:30:00.000Z"}},"reason":{"$type":"app.bsky.feed.defs#reasonRepost"}},
{"post":{"uri":"at://did:plc:abc/app.bsky.feed.post/3k0","author":{"did":"did:plc:abc"},"record":{"text":"you are wrong","createdAt":"2022-11-03T10:30:00.000Z"}},"reply":{"parent":{"author":{"did":"did:plc:zzz"}}}}],
"cursor":"2022-11-03T10:30:00Z"}`

const youtubeStandIn = `<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
<title>Ministry</title><entry><id>yt:video:AAA</id><yt:videoId>AAA</yt:videoId><title>Weekly briefing</title><link rel="alternate" href="https://www.youtube.com/watch?v=AAA"/><published>2022-11-05T10:30:00+00:00</published><updated>2022-11-06T10:30:00+00:00</updated>
<media:group><media:title>Weekly briefing</media:title><media:description>The spokesman on drones:
none were sent.

More at our site &lt;here&gt;</media:description></media:group></entry></feed>`

// Posts are read as what they say: their own words, first line, moment and
// address; others' words and what has no text are left out, older parts are found.
func TestPosts(t *testing.T) {
	for _, c := range []struct {
		kind       statement.Kind
		body, base string
		want       []string // title | published | url | text
		next       string
	}{
		{statement.KindTelegram, telegramStandIn, "https://t.me/s/ministry", []string{
			"A small number was sent. | 2022-11-05T10:30:00Z | https://t.me/ministry/9 | A small number was sent.",
			"We deny it. | 2022-10-24T09:00:00Z | https://t.me/ministry/7 | We deny it.\nNo drones were sent & none will be.",
		}, "https://t.me/s/ministry?before=7"},
		{statement.KindMastodon, mastodonStandIn, "https://social.example/api/v1/accounts/7/statuses?limit=40", []string{
			"A small number was sent. | 2022-11-05T10:30:00Z | https://social.example/@mfa/109 | A small number was sent.\nMonths before.",
			"Drones | 2022-10-24T09:00:00Z | https://social.example/@mfa/106 | Drones\nNone were sent.",
		}, "https://social.example/api/v1/accounts/7/statuses?exclude_reblogs=true&exclude_replies=true&limit=40&max_id=106"},
		{statement.KindBluesky, blueskyStandIn, "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=mfa.example", []string{
			"A small number was sent. | 2022-11-05T10:30:00Z | https://bsky.app/profile/did:plc:abc/post/3k2 | A small number was sent.\nMonths <before>.",
		}, "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3Aabc&filter=posts_and_author_threads&limit=100&cursor=2022-11-03T10%3A30%3A00Z"},
		{statement.KindYouTube, youtubeStandIn, "https://www.youtube.com/feeds/videos.xml?channel_id=UC", []string{
			"Weekly briefing | 2022-11-05T10:30:00Z | https://www.youtube.com/watch?v=AAA | The spokesman on drones:\nnone were sent.\nMore at our site <here>",
		}, ""},
	} {
		x, err := New(statement.Source{ID: "x", Kind: c.kind, URL: c.base, Authority: statement.FromFeed, Language: "en", Timezone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		entries, next, err := x.Feed([]byte(c.body), c.base)
		if err != nil || next != c.next {
			t.Errorf("%s: next %q, want %q (%v)", c.kind, next, c.next, err)
		}
		var got []string
		for _, e := range entries {
			doc, err := x.Extract(Input{URL: c.base, Body: []byte(c.body), Locator: e.Locator, Representation: statement.FromFeed})
			if err != nil {
				t.Errorf("%s: %v", c.kind, err)
			}
			got = append(got, fmt.Sprintf("%s | %s | %s | %s", doc.Title, doc.Published.Time.UTC().Format("2006-01-02T15:04:05Z"), e.URL, strings.ReplaceAll(doc.Body, "\n\n", "\n")))
		}
		if strings.Join(got, "\n---\n") != strings.Join(c.want, "\n---\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", c.kind, strings.Join(got, "\n---\n"), strings.Join(c.want, "\n---\n"))
		}
	}
}

// What is no listing of its kind is an error that says so, and nothing else.
func TestPostsOfAnotherKind(t *testing.T) {
	for kind, body := range map[statement.Kind]string{
		statement.KindTelegram: "<html><body><h1>Telegram</h1>If you have Telegram, you can contact @ministry</body></html>",
		statement.KindMastodon: `{"error":"This account does not exist"}`,
		statement.KindBluesky:  `{"error":"InvalidRequest","message":"Profile not found"}`,
		statement.KindYouTube:  "<html>404</html>",
	} {
		x, err := New(statement.Source{ID: "x", Kind: kind, URL: "https://x.example/", Authority: statement.FromFeed})
		if err != nil {
			t.Fatal(err)
		}
		if entries, _, err := x.Feed([]byte(body), "https://x.example/"); !errors.Is(err, ErrNotText) {
			t.Errorf("%s: %v, %v", kind, entries, err)
		}
	}
	if id, err := MastodonAccount([]byte(`{"id":"7","username":"mfa"}`)); id != "7" || err != nil {
		t.Errorf("%q, %v", id, err)
	}
}

func FuzzPosts(f *testing.F) {
	for _, seed := range []string{telegramStandIn, mastodonStandIn, blueskyStandIn, youtubeStandIn} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, kind := range []statement.Kind{statement.KindTelegram, statement.KindMastodon, statement.KindBluesky, statement.KindYouTube} {
			x, err := New(statement.Source{ID: "x", Kind: kind, URL: "https://x.example/", Authority: statement.FromFeed})
			if err != nil {
				t.Fatal(err)
			}
			entries, _, err := x.Feed(body, "https://x.example/")
			if err != nil {
				continue
			}
			for _, e := range entries[:min(len(entries), 3)] {
				_, _ = x.Extract(Input{URL: "https://x.example/", Body: body, Locator: e.Locator, Representation: statement.FromFeed})
			}
		}
		_, _, _ = Captures(body, "https://archive.example/timemap")
	})
}

// An index of captures is read in every form in which archives give it.
func TestCaptures(t *testing.T) {
	const page = "http://mfa.example/policy"
	for name, c := range map[string]struct{ body, want, more string }{
		"link format": {`<` + page + `>;rel="original",
 <https://archive.example/timemap/1>; rel="self"; type="application/link-format"; from="Sat, 05 Nov 2022 10:00:00 GMT",
 <https://archive.example/timemap/2>; rel="timemap"; type="application/link-format",
 <https://archive.example/web/20221105100000/` + page + `>; rel="first memento"; datetime="Sat, 05 Nov 2022 10:00:00 GMT",
 <https://archive.example/web/20221106100000/` + page + `?a=1,2>; datetime="Sun, 06 Nov 2022 10:00:00 GMT"; rel=memento`,
			"2022-11-05T10 https://archive.example/web/20221105100000/" + page + " " + page + ",2022-11-06T10 https://archive.example/web/20221106100000/" + page + "?a=1,2 " + page, "https://archive.example/timemap/2"},
		"JSON": {`{"original_uri":"` + page + `","mementos":{"list":[{"datetime":"2022-11-05T10:00:00Z","uri":"https://archive.example/web/20221105100000/` + page + `"}]}}`,
			"2022-11-05T10 https://archive.example/web/20221105100000/" + page + " " + page, ""},
		"CDX lines":  {"example,mfa)/policy 20221105100000 " + page + " text/html 200 AAA 500\n", "2022-11-05T10  " + page, ""},
		"CDX arrays": {`[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],["example,mfa)/policy","20221105100000","` + page + `","text/html","200","AAA","500"]]`, "2022-11-05T10  " + page, ""},
		"CDXJ":       {`example,mfa)/policy 20221105100000 {"url":"` + page + `","mime":"text/html","status":"200","digest":"AAA"}`, "2022-11-05T10  " + page, ""},
		"JSON lines": {`{"urlkey":"example,mfa)/policy","timestamp":"20221105100000","url":"` + page + `","status":"200"}`, "2022-11-05T10  " + page, ""},
		"nothing":    {"", "", ""},
	} {
		found, more, err := Captures([]byte(c.body), "https://archive.example/timemap/1")
		var got []string
		for _, f := range found {
			got = append(got, f.Time.Format("2006-01-02T15")+" "+f.Address+" "+f.URL)
		}
		if err != nil || strings.Join(got, ",") != c.want || strings.Join(more, ",") != c.more {
			t.Errorf("%s: %q, more %q (%v)", name, got, more, err)
		}
	}
	for _, bad := range []string{"<html>no</html>", "hello world", `{"mementos":`, `[["a","b"],["c","d"]]`} {
		if found, _, err := Captures([]byte(bad), "https://archive.example/"); err == nil || statement.HintOf(err) == "" {
			t.Errorf("%q: %v, %v", bad, found, err)
		}
	}
	for address, raw := range map[string]string{
		"https://web.archive.org/web/20221105100000/" + page:     "https://web.archive.org/web/20221105100000id_/" + page,
		"https://web.archive.org/web/20221105100000mp_/" + page:  "https://web.archive.org/web/20221105100000id_/" + page,
		"https://archive.example/coll/20221105100000id_/" + page: "https://archive.example/coll/20221105100000id_/" + page,
		"https://archive.example/capture?id=7":                   "https://archive.example/capture?id=7",
	} {
		if got := RawCapture(address); got != raw {
			t.Errorf("%s is raw at %s, want %s", address, got, raw)
		}
	}
	for index, replay := range map[string]string{
		"https://web.archive.org/cdx/search/cdx?url=x": "https://web.archive.org/web/{timestamp}id_/{url}",
		"https://archive.example/coll/cdx?url=x":       "https://archive.example/coll/{timestamp}id_/{url}",
		"https://archive.example/coll-cdx?url=x":       "https://archive.example/coll/{timestamp}id_/{url}",
		"https://archive.example/index?url=x":          "",
	} {
		if got := ReplayOf(index); got != replay {
			t.Errorf("%s replays at %q, want %q", index, got, replay)
		}
	}
}
