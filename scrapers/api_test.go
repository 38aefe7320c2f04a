package scrapers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// The pages of a JSON listing are counted from the number that the source says, 0 included.
func TestPagesAreCountedFromTheFirst(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"items": [{"url": "/news/%d"}]}`, len(asked))
	}))
	defer server.Close()
	zero, five := 0, 5
	for _, test := range []struct {
		first *int
		want  []string
	}{{nil, []string{"", "p=2", "p=3"}}, {&zero, []string{"", "p=1", "p=2"}}, {&five, []string{"", "p=6", "p=7"}}} {
		asked = nil
		src := statement.Source{
			ID: "press", Kind: statement.KindAPI, URL: server.URL + "/", Authority: statement.FromPage,
			API: statement.APIRules{Items: "items", Link: "url", NextURL: server.URL + "/?p={page}", FirstPage: test.first},
		}
		x, err := extract.New(src)
		if err != nil {
			t.Fatal(err)
		}
		client, err := fetch.NewClient(fetch.Options{Proxy: "direct", AllowPrivate: true, IgnoreRobots: true})
		if err != nil {
			t.Fatal(err)
		}
		visit := client.Visit(0)
		err = Open(t.Context(), src, x, visit).Discover(t.Context(), 3, statement.Validators{}, func(Page) (bool, error) { return true, nil })
		visit.Close()
		client.Close()
		if err != nil || !slices.Equal(asked, test.want) {
			t.Errorf("asked %q, %v; want %q", asked, err, test.want)
		}
	}
}
