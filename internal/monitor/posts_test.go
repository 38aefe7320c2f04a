package monitor

import (
	"fmt"
	"testing"
	"time"

	"volteface/internal/statement"
)

// Posts of a channel are statements: new, edited, and not gone when newer ones
// push them off the preview.
func TestPostsOfAChannel(t *testing.T) {
	p := newPress(t)
	show := func(posts ...string) {
		page := `<html><body><div class="tgme_channel_info"></div>`
		for _, text := range posts {
			page += fmt.Sprintf(`<div class="tgme_widget_message" data-post="mfa/%s"><div class="tgme_widget_message_text">%s</div><a class="tgme_widget_message_date" href="%s/mfa/%s"><time datetime="2022-10-2%sT09:00:00+00:00"></time></a></div>`, text[:1], text[1:], p.URL, text[:1], text[:1])
		}
		p.put("/s/mfa", "text/html; charset=utf-8", page+"</body></html>")
	}
	src := p.source(func(s *statement.Source) {
		s.Kind, s.URL, s.Authority, s.Listing, s.Extract = statement.KindTelegram, p.URL+"/s/mfa", statement.FromFeed, statement.ListingRules{}, statement.ExtractRules{}
	})
	show("1We deny it.", "2We deny it still.")
	p.expect("the first visit", p.visit(src, Options{}), "NEW /mfa/2", "NEW /mfa/1")
	p.clock.Set(p.clock.Now().Add(time.Hour))
	show("1We deny it.", "2We admit it.", "3A small number was sent.")
	p.expect("an edit and a new post", p.visit(src, Options{}), "NEW /mfa/3", "CHANGED /mfa/2", "UNCHANGED /mfa/1")
	for range 4 {
		p.clock.Set(p.clock.Now().Add(24 * time.Hour))
		show("3A small number was sent.")
		p.expect("older ones are pushed off", p.visit(src, Options{Deep: true}), "UNCHANGED /mfa/3")
	}
}
