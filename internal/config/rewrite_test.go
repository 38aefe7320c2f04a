package config

import (
	"testing"

	"volteface/internal/statement"
)

// Rules are put in the place of others; what else stands in the file stays as somebody wrote it.
func TestRewrite(t *testing.T) {
	const file = `# A ministry.
id: press
issuer: {id: press, name: Press}
kind: listing
url: https://press.example/
# Read slowly.
delay: 5s

listing:
  # Each item is a card.
  item: .card
  date:
    - selectors: [.when]
      formats: ["2.1.2006"]

  # Behind the last item.
  next: a.next

extract: {title: [h1], body: [.old]}
`
	parse := func(text string) statement.Source {
		t.Helper()
		src, err := (&Config{}).ParseSource("s.yaml", []byte(text), env())
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		return src
	}
	src := parse(file)
	same, err := Rewrite([]byte(file), src)
	if err != nil || string(same) != file {
		t.Errorf("nothing to change: %v\n%s", err, same)
	}
	src.Listing.Item, src.Listing.Title = "li.entry", "h3"
	src.Listing.Date = []statement.DateRule{{Selectors: []string{"time"}, Attr: "datetime"}}
	src.Extract.Body, src.Extract.Drop = []string{".new"}, []string{".share"}
	changed, err := Rewrite([]byte(file), src)
	if err != nil {
		t.Fatal(err)
	}
	const want = `# A ministry.
id: press
issuer: {id: press, name: Press}
kind: listing
url: https://press.example/
# Read slowly.
delay: 5s

listing:
  # Each item is a card.
  item: li.entry
  date:
    - selectors:
        - time
      attr: datetime

  # Behind the last item.
  next: a.next
  title: h3

extract:
  title:
    - h1
  body:
    - .new
  drop:
    - .share
`
	if string(changed) != want {
		t.Errorf("got\n%s", changed)
	}
	again := parse(string(changed))
	if again.Listing.Item != "li.entry" || again.Listing.Next != "a.next" || again.Extract.Drop[0] != ".share" || again.Delay != src.Delay {
		t.Errorf("%+v", again)
	}
	src = parse("id: press\nissuer: {id: press, name: Press}\nkind: feed\nurl: https://press.example/feed\n")
	src.Extract.Title = []string{"h1"}
	added, err := Rewrite([]byte("id: press\nissuer: {id: press, name: Press}\nkind: feed\nurl: https://press.example/feed\n"), src)
	if err != nil || parse(string(added)).Extract.Title[0] != "h1" {
		t.Errorf("%v\n%s", err, added)
	}
}
