package monitor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"volteface/internal/extract"
	"volteface/internal/fetch/quality"
	"volteface/internal/statement"
	"volteface/state"
)

// At the first look nothing is known of a page but what its listing said of it.
// What answers may be an error page in the frame of the site, a notice on
// cookies, or the front page, all under a status of success. So a page whose
// title is not the listed one has to show by its text or its date that it is
// the one meant.

const (
	// tellingTitle is the shortest listed title, in letters and digits, that
	// says something of its page; of letters that are words, half of it is enough.
	tellingTitle = 20
	// listedTitle is the shortest one that is looked for in another page's text.
	listedTitle = 20
	// spoken is the share of the words of a listed title that the text of its page
	// has at least.
	spoken = 0.6
	// framed is the resemblance from which a page is the front page, some items of
	// which may be others a moment later.
	framed = 0.5
	// strangersMost is how many pages in doubt are held in memory before they are
	// judged together, and strangersLeast how many make a habit of the site.
	strangersMost, strangersLeast = 20, 3
)

// impression is what a first look makes of a page.
type impression int

const (
	meant    impression = iota // it is the page that was listed
	stranger                   // it does not show that it is
	foreign                    // it is certainly another
)

// firstLook compares a page never seen before with what was said of it.
func (v *visit) firstLook(ctx context.Context, l look, doc statement.Document) (impression, string) {
	listed := ""
	if l.found != nil {
		listed = l.found.Title
	}
	if v.unmeasured || alike(listed, doc.Title) {
		v.agreed++
		return meant, ""
	}
	if verdict, known := quality.Titled(doc.Title); known && doc.Title != "" {
		return foreign, "it is not what was listed, but " + verdict.Reason
	}
	if listed != "" && !v.telling(listed) {
		return meant, ""
	}
	if listed == "" && !doc.Published.IsZero() { // the pages of the frame are undated
		return meant, ""
	}
	if which := v.frameOf(ctx, l, doc); which != "" {
		return foreign, "it is " + which + ", in place of what was listed"
	}
	if listed == "" {
		return meant, ""
	}
	says, sameDate, others := speaks(listed, doc), sameDay(l.found.Published, doc.Published), v.naming(listed, doc.Body)
	own := v.siteNames(ctx, l)[statement.Letters(doc.Title)]
	if (says || sameDate) && others < 2 && !own {
		return meant, ""
	}
	title := "it has no title"
	if doc.Title != "" {
		title = fmt.Sprintf("its title is %q", doc.Title)
	}
	return stranger, fmt.Sprintf("%s, and it was listed as %q; neither text nor date show that it is the page meant", title, listed)
}

// telling reports whether a listed title says enough to know a page by: it is
// long enough, and no other item has it.
func (v *visit) telling(title string) bool {
	n := 0
	for _, word := range wordsOf(title) {
		if size := utf8.RuneCountInString(word); size == 1 && word[0] >= utf8.RuneSelf {
			n += 2
		} else {
			n += size
		}
	}
	return n >= tellingTitle && v.listedAs[statement.Letters(title)] < 2
}

// speaks reports whether a text has most words of a title.
func speaks(title string, doc statement.Document) bool {
	there := map[string]bool{}
	for _, w := range wordsOf(doc.Title + "\n" + doc.Body) {
		there[w] = true
	}
	words := wordsOf(title)
	n := 0
	for _, w := range words {
		if there[w] {
			n++
		}
	}
	return float64(n) >= spoken*float64(max(1, len(words)))
}

// naming counts the other items of the listing whose titles a text has whole.
func (v *visit) naming(listed, body string) (n int) {
	text, own := statement.Letters(body), statement.Letters(listed)
	for title := range v.listedAs {
		if title != own && utf8.RuneCountInString(title) >= listedTitle && strings.Contains(text, title) {
			n++
		}
	}
	return n
}

// frameOf says which page of the site's own a document is; "" if none.
func (v *visit) frameOf(ctx context.Context, l look, doc statement.Document) string {
	for _, page := range v.framePages(ctx, l) {
		if page.body != "" && resemblance(page.body, doc.Body) >= framed {
			return page.what
		}
	}
	return ""
}

// siteNames are what the site calls itself on its own pages.
func (v *visit) siteNames(ctx context.Context, l look) map[string]bool {
	names := map[string]bool{}
	for _, page := range v.framePages(ctx, l) {
		for name := range page.names {
			names[name] = true
		}
	}
	return names
}

// framePage is a page of the site that is no statement.
type framePage struct {
	what, body string
	names      map[string]bool
}

// framePages are the listing, where it is an HTML page, and the front page of
// the host that answered. They are read when a page is in doubt, once a visit.
func (v *visit) framePages(ctx context.Context, l look) []framePage {
	answered, err := url.Parse(l.capture.FinalURL)
	if err != nil || v.framesRead {
		return v.frames
	}
	v.framesRead = true
	add := func(what string, c *statement.Capture) {
		page := framePage{what: what, names: map[string]bool{}}
		for _, name := range extract.PageNames(c.Body, c.Header.Get("Content-Type")) {
			page.names[statement.Letters(name)] = true
		}
		if doc, err := v.extractor.Extract(extract.Input{URL: c.FinalURL, ContentType: c.Header.Get("Content-Type"), Body: c.Body}); err == nil {
			page.body = doc.Body
		}
		v.frames = append(v.frames, page)
	}
	if v.listingPage != nil {
		add("the listing", v.listingPage)
	}
	if front := answered.Scheme + "://" + answered.Host + "/"; !SamePlace(front, v.src.URL) || v.listingPage == nil {
		if c, err := v.scraper.Fetch(ctx, front, statement.Validators{}); err == nil && c.Quality == statement.Good {
			add("the front page of the site", c)
		}
	}
	return v.frames
}

// judgeStrangers decides on the pages that do not show that they are those
// listed. Where most that the listing names are so, and each is another text,
// its titles are no measure.
func (v *visit) judgeStrangers(ctx context.Context) {
	held := v.strangers
	if v.strangers = nil; len(held) == 0 || ctx.Err() != nil {
		return
	}
	texts := map[string]bool{}
	for _, l := range held {
		texts[l.doc.Body] = true
	}
	if len(texts) == len(held) {
		agree, differ := v.history(ctx)
		agree, differ = agree+v.agreed, differ+len(held)
		v.unmeasured = differ >= strangersLeast && differ > agree
	}
	for _, l := range held {
		if v.unmeasured {
			v.take(ctx, l)
			continue
		}
		var err error
		if l.sha, err = v.archive(ctx, l); err != nil {
			v.fail(err)
			continue
		}
		v.submit(l, v.doubtStranger)
	}
}

// history counts the known statements that the listing names by their own
// titles, and by others.
func (v *visit) history(ctx context.Context) (agree, differ int) {
	const most = 30
	for _, key := range v.listed[:min(most, len(v.listed))] {
		st, err := v.Store.ByKey(ctx, v.src.ID, key)
		if err != nil || st.Imported() || !v.telling(v.titles[key]) {
			continue
		}
		r, err := v.Store.Revision(ctx, st.ID, 0)
		switch {
		case err != nil:
		case alike(v.titles[key], r.Title) || speaks(v.titles[key], statement.Document{Title: r.Title, Body: r.Body}):
			agree++
		default:
			differ++
		}
	}
	return agree, differ
}

// doubtStranger holds a page back inside T1. It is believed in the end, unless
// its text stands elsewhere too: an error page does.
func (v *visit) doubtStranger(tx state.Tx, l look) (Finding, error) {
	hash := statement.SHA256([]byte(l.doc.Body))
	_, err := tx.SameBody(v.src.ID, hash, "")
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		return Finding{}, err
	}
	shared := err == nil
	for key, t := range v.troubles {
		shared = shared || key != l.key && t.BodyHash == hash
	}
	kind, reason := statement.TroubleForeign, l.reason
	if !shared {
		if kind, reason, err = v.believe(kind, reason, l); err != nil {
			return Finding{}, err
		}
	}
	if kind == "" {
		l.reason = ""
		return v.revise(tx, l)
	}
	return v.troubled(tx, l, kind, reason, hash)
}
