package config

import (
	"fmt"
	"strings"
	"testing"

	"volteface/internal/statement"
)

const opmlList = `<?xml version="1.0"?><opml version="2.0"><head><title>mine</title></head><body>
<outline text="Ministries"><outline text="Iran MFA" type="rss" xmlUrl="https://mfa.example/rss" htmlUrl="https://mfa.example/" category="/iran/mfa,nuclear"/></outline>
<outline text="A page" type="link" url="https://mfa.example/policy"/><outline text="a note"/></body></opml>`

const urlwatchList = `name: "Travel advice"
url: "https://gov.example/advice"
tags: travel,uk
filter:
  - css:
      selector: main
      exclude: .share
  - html2text
  - xpath: //p
headers: {X-Key: secret}
---
url: https://gov.example/list
filter: css:#list,html2text
enabled: false
---
name: script
command: ls -l
`

const changedetectionList = `{"watching":{"b":{"url":"https://gov.example/b","title":"B","include_filters":[".main","xpath://p"],"subtractive_selectors":["nav"],"paused":true,"fetch_backend":"html_webdriver"},
"a":{"url":"https://gov.example/a","title":"","tag":"one, two"}}}`

// Lists of other programs become definitions that can be read, with what they
// said of each page; what is not carried over is noted.
func TestListsOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ text, format, want string }{
		{opmlList, "OPML", `iran-mfa feed https://mfa.example/rss [iran mfa nuclear ministries] [] [] on 0
a-page page https://mfa.example/policy [] [] [] on 0`},
		{urlwatchList, "urlwatch", `travel-advice page https://gov.example/advice [travel uk] [main] [.share] on 2
gov-example page https://gov.example/list [] [#list] [] off 0
script: it runs a command, and pages are only read here`},
		{changedetectionList, "changedetection.io", `gov-example page https://gov.example/a [one two] [] [] on 0
b page https://gov.example/b [] [.main] [nav] off 2`},
		{"# mine\nhttps://gov.example/a news, uk\nhttps://gov.example/b\n", "list of addresses", `gov-example page https://gov.example/a [news uk] [] [] on 0
gov-example-2 page https://gov.example/b [] [] [] on 0`},
	} {
		format, listed, err := ReadList([]byte(c.text))
		if err != nil || format != c.format {
			t.Errorf("%s: read as %s, %v", c.format, format, err)
			continue
		}
		taken := map[string]bool{}
		var got []string
		for _, l := range listed {
			if l.Refused != "" {
				got = append(got, l.Name+": "+l.Refused)
				continue
			}
			id, content := l.Definition(format, func(id string) bool { return taken[id] })
			taken[id] = true
			src, err := (&Config{}).ParseSource(id+".yaml", content, env())
			if err != nil {
				t.Errorf("%s: %v in\n%s", c.format, err, content)
				continue
			}
			on, address := "off", src.URL
			if src.IsEnabled() {
				on = "on"
			}
			var selects, drops []string
			if len(src.Pages) > 0 {
				selects, drops = src.Pages[0].Select, src.Pages[0].Drop
			}
			got = append(got, fmt.Sprintf("%s %s %s %v %v %v %s %d", src.ID, src.Kind, address, src.Tags, selects, drops, on, len(l.Notes)))
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.format, strings.Join(got, "\n"), c.want)
		}
	}
	for _, bad := range []string{"", "<html></html>", "{}", "just words", "<opml><body>" + strings.Repeat("<outline>", 100_000), "a: &a [x,x]\nb: [*a"} {
		if _, listed, err := ReadList([]byte(bad)); err == nil || statement.HintOf(err) == "" && bad != "" {
			t.Errorf("%.20q: %d, %v", bad, len(listed), err)
		}
	}
}

// What is written as OPML is read back with its feeds, whatever the names hold.
func TestOPMLThereAndBack(t *testing.T) {
	text, err := OPML("mine", []statement.Source{
		{ID: "a", Issuer: statement.Issuer{Name: `Ministry "of" <Foreign> & Affairs`}, Kind: statement.KindFeed, URL: "https://a.example/rss?x=1&y=2", Tags: []string{"g7"}},
		{ID: "b", Issuer: statement.Issuer{Name: "B"}, Kind: statement.KindListing, URL: "https://b.example/news"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, listed, err := ReadList(text)
	if err != nil || len(listed) != 2 || listed[0].URL != "https://a.example/rss?x=1&y=2" || !listed[0].Feed || listed[0].Name != `Ministry "of" <Foreign> & Affairs` || listed[1].Feed || listed[1].URL != "https://b.example/news" {
		t.Errorf("%+v, %v in %s", listed, err, text)
	}
}

func FuzzReadList(f *testing.F) {
	for _, seed := range []string{opmlList, urlwatchList, changedetectionList} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		_, listed, err := ReadList(content)
		if err != nil {
			return
		}
		for _, l := range listed {
			id, definition := l.Definition("test", func(string) bool { return false })
			_, _ = (&Config{}).ParseSource(id+".yaml", definition, env())
		}
	})
}

// The address at which people see an account becomes that at which its posts are
// read; what cannot be read is told with what would be right.
func TestAddressesOfAccounts(t *testing.T) {
	for _, c := range []struct{ kind, url, want, hint string }{
		{"telegram", "https://t.me/mfa_russia", "https://t.me/s/mfa_russia", ""},
		{"telegram", "https://t.me/s/mfa_russia/", "https://t.me/s/mfa_russia", ""},
		{"telegram", "https://t.me/+AbCdEf", "", "t.me/s/NAME"},
		{"mastodon", "https://social.example/@mfa", "https://social.example/@mfa", ""},
		{"mastodon", "https://social.example/users/mfa", "https://social.example/@mfa", ""},
		{"mastodon", "https://social.example/@mfa@other.example", "", "own server"},
		{"bluesky", "https://bsky.app/profile/mfa.example", "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=mfa.example&filter=posts_and_author_threads&limit=100", ""},
		{"bluesky", "https://bsky.app/search?q=x", "", "bsky.app/profile/NAME"},
		{"youtube", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv", ""},
		{"youtube", "https://www.youtube.com/@mfa", "", "Copy channel ID"},
	} {
		src, err := (&Config{}).ParseSource("x.yaml", []byte("id: x\nissuer: {id: x, name: X}\nkind: "+c.kind+"\nurl: "+c.url+"\n"), env())
		if src.URL != c.want && c.want != "" || (err == nil) != (c.want != "") || err != nil && !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%s: %q, %v (%s)", c.url, src.URL, err, statement.HintOf(err))
		}
		if err == nil && (src.Authority != statement.FromFeed || src.Kind.Blind() == "") {
			t.Errorf("%s: %s, blind to %q", c.url, src.Authority, src.Kind.Blind())
		}
	}
}
