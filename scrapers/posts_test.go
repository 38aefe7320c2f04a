package scrapers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// An account's number is looked up, its posts are read part by part, and a later
// walk goes on from a place of an earlier one.
func TestPostsAreWalked(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		post := func(id int) string {
			return fmt.Sprintf(`{"id":"%d","uri":"http://%s/s/%d","url":"http://%s/@mfa/%d","created_at":"2022-11-05T10:30:00Z","content":"<p>Post %d</p>","account":{"id":"7"}}`, id, r.Host, id, r.Host, id, id)
		}
		switch {
		case r.URL.Path == "/api/v1/accounts/lookup" && r.URL.Query().Get("acct") == "mfa":
			fmt.Fprint(w, `{"id":"7","username":"mfa"}`)
		case r.URL.Path == "/api/v1/accounts/7/statuses" && r.URL.Query().Get("exclude_reblogs") == "true":
			switch r.URL.Query().Get("max_id") {
			case "":
				fmt.Fprint(w, "["+post(4)+","+post(3)+"]")
			case "3":
				fmt.Fprint(w, "["+post(2)+"]")
			default:
				fmt.Fprint(w, "[]")
			}
		case r.URL.Path == "/s/mfa":
			older := `<a class="tme_messages_more" data-before="7" href="/s/mfa?before=7"></a>`
			if r.URL.Query().Get("before") != "" {
				older = ""
			}
			fmt.Fprintf(w, `<html><body><div class="tgme_channel_info"></div>%s<div class="tgme_widget_message" data-post="mfa/%s8"><div class="tgme_widget_message_text">Said</div></div></body></html>`, older, r.URL.Query().Get("before"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	client, err := fetch.NewClient(fetch.Options{Proxy: "direct", AllowPrivate: true, IgnoreRobots: true})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	walk := func(kind statement.Kind, path string, parts int, from Place) (items []string, next Place) {
		t.Helper()
		src := statement.Source{ID: "x", Kind: kind, URL: server.URL + path, Authority: statement.FromFeed}
		x, err := extract.New(src)
		if err != nil {
			t.Fatal(err)
		}
		visit := client.Visit(0)
		defer visit.Close()
		if err := OpenAt(t.Context(), src, x, visit, from).Discover(t.Context(), parts, statement.Validators{}, func(p Page) (bool, error) {
			for _, e := range p.Items {
				items = append(items, e.Locator[strings.LastIndexByte(e.Locator, '/')+1:])
			}
			next = p.Next
			return true, nil
		}); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		return items, next
	}
	items, next := walk(statement.KindMastodon, "/@mfa", 1, Place{})
	if !slices.Equal(items, []string{"4", "3"}) || next.Number != 2 || len(next.Queue) != 1 {
		t.Errorf("%q, then %+v", items, next)
	}
	asked = nil
	if items, next = walk(statement.KindMastodon, "/@mfa", 5, next); !slices.Equal(items, []string{"2"}) || len(next.Queue) != 1 && len(next.Queue) != 0 {
		t.Errorf("%q, then %+v", items, next)
	}
	if len(asked) == 0 || strings.Contains(asked[0], "lookup") || !strings.Contains(asked[0], "max_id=3") {
		t.Errorf("asked for %q", asked)
	}
	if items, _ = walk(statement.KindTelegram, "/s/mfa", 5, Place{}); !slices.Equal(items, []string{"8", "78"}) {
		t.Errorf("%q", items)
	}
}
