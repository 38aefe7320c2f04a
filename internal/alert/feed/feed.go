// Package feed words what happened as Atom (RFC 4287) and JSON Feed 1.1
// (jsonfeed.org). A Folder writes them as files: one feed for all, and one for
// each issuer, topic and kind of event. Any web server can hand the folder out.
package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

const (
	entries  = 100  // in each feed
	backlog  = 1000 // events told when a folder is new
	batch    = 500  // events read at a time
	position = ".position"
)

// Folder is where the feeds lie.
type Folder struct {
	Path string
	URL  string // where the folder can be read on the web; empty if unknown
}

// Events is what feeds read.
type Events interface {
	// Events lists at most limit events after the given one, oldest first.
	Events(ctx context.Context, after int64, limit int) ([]statement.Event, error)
}

// Item is an entry in JSON Feed's form, which is also where the entries of the
// last time are found again.
type Item struct {
	ID        string   `json:"id"`
	URL       string   `json:"url,omitempty"`
	Title     string   `json:"title"`
	HTML      string   `json:"content_html"`
	Published string   `json:"date_published"`
	Modified  string   `json:"date_modified,omitempty"` // where it is not Published
	Language  string   `json:"language,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	Authors   []Author `json:"authors,omitempty"`
	Own       *Own     `json:"_volteface,omitempty"`
}

// Author is who says it.
type Author struct {
	Name string `json:"name" xml:"name"`
}

// Own is the extension of ours (jsonfeed.org/version/1.1, Extensions).
type Own struct {
	About      string `json:"about"`
	Event      int64  `json:"event"`
	Kind       string `json:"kind"`
	Importance int    `json:"importance"`
}

// Document is a feed in JSON Feed's form.
type Document struct {
	Version string `json:"version"`
	Title   string `json:"title"`
	HomeURL string `json:"home_page_url,omitempty"`
	FeedURL string `json:"feed_url,omitempty"`
	Items   []Item `json:"items"` // the newest first
}

// JSON is the feed as JSON Feed 1.1.
func (d Document) JSON() ([]byte, error) {
	d.Version = "https://jsonfeed.org/version/1.1"
	if d.Items == nil {
		d.Items = []Item{}
	}
	return json.MarshalIndent(d, "", " ")
}

// Update writes what happened since the last time into the feeds it concerns,
// and says how many events that were. What cannot be worded is left out. Each
// file is replaced as a whole; killed at any moment, the next call goes on.
func (f Folder) Update(ctx context.Context, events Events, composer *alert.Composer, issuerName func(id string) string) (told int, err error) {
	defer func() {
		if err != nil && statement.HintOf(err) == "" {
			err = statement.WithHint(fmt.Errorf("write the feeds: %w", err), "check feeds.folder")
		}
	}()
	after, err := f.position(ctx, events)
	if err != nil {
		return 0, err
	}
	for {
		found, err := events.Events(ctx, after, batch)
		if err != nil || len(found) == 0 {
			return told, err
		}
		feeds, titles := map[string][]Item{}, map[string]string{}
		for _, ev := range found {
			after = ev.ID
			if kind, _ := alert.KindOf(ev.State); ev.Baseline || kind == "" {
				continue
			}
			e, err := composer.ComposeEntry(ctx, ev)
			if ctx.Err() != nil {
				return told, ctx.Err()
			}
			if err != nil {
				continue
			}
			told++
			for name, title := range feedsOf(e, issuerName) {
				feeds[name], titles[name] = append(feeds[name], ItemOf(e)), title
			}
		}
		for name, items := range feeds {
			if err := f.add(name, titles[name], items); err != nil {
				return told, err
			}
		}
		if err := replace(filepath.Join(f.Path, position), []byte(strconv.FormatInt(after, 10)+"\n")); err != nil {
			return told, err
		}
	}
}

// position is the number of the last event that the feeds tell of.
func (f Folder) position(ctx context.Context, events Events) (int64, error) {
	content, err := os.ReadFile(filepath.Join(f.Path, position))
	if err == nil {
		if n, bad := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64); bad == nil {
			return n, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var last []int64 // of a new folder: the newest events
	for after := int64(0); ; after = last[len(last)-1] {
		found, err := events.Events(ctx, after, batch)
		if err != nil {
			return 0, err
		}
		for _, ev := range found {
			last = append(last, ev.ID)
		}
		if len(last) > backlog {
			last = slices.Clone(last[len(last)-backlog:])
		}
		if len(found) < batch {
			break
		}
	}
	if len(last) < backlog {
		return 0, nil
	}
	return last[0] - 1, nil
}

// feedsOf names the feeds an entry belongs to, with their titles.
func feedsOf(e alert.Entry, issuerName func(id string) string) map[string]string {
	feeds := map[string]string{"all": "volteface"}
	put := func(folder, id, title string) {
		if safe.MatchString(id) {
			feeds[folder+"/"+id] = "volteface · " + title
		}
	}
	put("kind", e.Kind, e.Kind)
	put("issuer", e.Issuer, issuerName(e.Issuer))
	for i, id := range e.TopicIDs {
		put("topic", id, e.Topics[i])
	}
	return feeds
}

// safe are names that may be those of files.
var safe = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)

// ItemOf is the entry of an event.
func ItemOf(e alert.Entry) Item {
	i := Item{
		ID: URN(e.ID), URL: e.Link, Title: e.Title, HTML: e.HTML, Published: e.At.UTC().Format(time.RFC3339), Language: e.Language,
		Tags: append([]string{e.Kind}, e.Topics...), Own: &Own{"event, kind and importance (0 to 3) of what volteface saw", e.Event, e.Kind, e.Importance},
	}
	if e.Speaker != "" {
		i.Authors = []Author{{e.Speaker}}
	}
	return i
}

// URN makes a UUID (RFC 9562, version 8) of 32 hexadecimal digits.
func URN(id string) string {
	return fmt.Sprintf("urn:uuid:%s-%s-8%s-8%s-%s", id[:8], id[8:12], id[13:16], id[17:20], id[20:32])
}

// add puts items, oldest first, on top of a feed.
func (f Folder) add(name, title string, items []Item) error {
	path := filepath.Join(f.Path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var doc Document
	content, err := os.ReadFile(path + ".json")
	if err == nil && json.Unmarshal(content, &doc) != nil {
		doc = Document{} // written over by something else: begin anew
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, i := range items {
		doc.Items = slices.DeleteFunc(doc.Items, func(old Item) bool { return old.ID == i.ID })
		doc.Items = slices.Insert(doc.Items, 0, i)
	}
	doc.Items = doc.Items[:min(len(doc.Items), entries)]
	doc.Title, doc.FeedURL = title, f.address(name+".json")
	written, err := doc.JSON()
	if err != nil {
		return err
	}
	entries, err := doc.Atom(name, f.address(name+".atom"))
	if err != nil {
		return err
	}
	if err := replace(path+".atom", entries); err != nil {
		return err
	}
	return replace(path+".json", written)
}

func (f Folder) address(name string) string {
	if f.URL == "" {
		return ""
	}
	address, err := url.JoinPath(f.URL, name)
	if err != nil {
		return ""
	}
	return address
}

// replace writes a file as a whole: readers see the old one or the new one.
func replace(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
