package monitor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/state"
)

// What the extraction guard holds back: a page that was answered well and yet
// may not be the one asked for. The last good revision stays current; what is
// seen often and long enough (Doubt) is believed in the end, so that a real
// edit is late and not lost.

const (
	// guardedText is the shortest text, in characters, of which a loss or a twin
	// tells anything.
	guardedText = 300
	// twinText is the shortest new text that is not believed where it stands
	// under another title already.
	twinText = 120
)

// suspect looks at a page before its text is compared with anything.
func (v *visit) suspect(ctx context.Context, l look, doc statement.Document) (statement.TroubleKind, string) {
	if l.known == nil {
		switch {
		case doc.Title == "" && (l.found == nil || l.found.Title == ""):
			return statement.TroubleUntitled, "it has no title, and none is listed"
		case redirected(l.capture) && v.front(l.capture.FinalURL) && !SamePlace(l.address, l.capture.FinalURL):
			return statement.TroubleDisplaced, "redirects to " + l.capture.FinalURL + ", which is not a statement"
		}
		return "", ""
	}
	if doc.Title == "" && doc.Path != statement.ByDocument && l.known.Title != "" && !l.known.Imported() && v.hadTitle(ctx, l.known.ID) {
		return statement.TroubleUntitled, fmt.Sprintf("it has no title any more; it was %q", l.known.Title)
	}
	return "", ""
}

// front reports whether an address is the site's front page or the listing.
func (v *visit) front(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (strings.Trim(u.Path, "/") == "" && u.RawQuery == "" || v.src.Kind != statement.KindPage && SamePlace(address, v.src.URL))
}

// hadTitle tells whether the stored page of a statement has a title of its own,
// rather than the one a listing gave it.
func (v *visit) hadTitle(ctx context.Context, id string) bool {
	r, err := v.Store.Revision(ctx, id, 0)
	if err != nil {
		return false
	}
	r.Title = ""
	doc, err := v.readAgain(ctx, r)
	return err == nil && doc.Title != ""
}

// doubtful looks inside T1 at a text that differs from the current revision,
// and gives what is wrong with it; "" if it is to be believed.
func (v *visit) doubtful(tx state.Tx, st statement.Statement, old statement.Revision, l look) (kind statement.TroubleKind, reason string, err error) {
	if old.N > 1 { // what it was before is no surprise
		earlier, err := tx.Revision(st.ID, old.N-1)
		if err != nil || earlier.Body == l.doc.Body {
			return "", "", err
		}
	}
	before, after := utf8.RuneCountInString(old.Body), utf8.RuneCountInString(l.doc.Body)
	a, b := script(old.Body), script(l.doc.Body)
	twin, err := tx.SameBody(v.src.ID, statement.SHA256([]byte(l.doc.Body)), st.ID)
	switch {
	case err == nil:
		kind, reason = statement.TroubleSameText, fmt.Sprintf("its text is that of %s, %q", twin.ID, twin.Title)
	case !errors.Is(err, statement.ErrNotFound):
		return "", "", err
	case a != nil && b != nil && a != b:
		kind, reason = statement.TroubleLanguage, "its text is in another script than it was"
	case old.Language != "" && extract.PrimarySubtag(old.Language) != extract.PrimarySubtag(l.doc.Language) && common(old.Body, l.doc.Body) < 0.2:
		kind, reason = statement.TroubleLanguage, fmt.Sprintf("its text is in another language: %s, it was %s", l.doc.Language, old.Language)
	case before >= guardedText && float64(after) < float64(before)*(1-v.Doubt.shrink()):
		kind, reason = statement.TroubleShrunk, fmt.Sprintf("its text has shrunk from %d characters to %d", before, after)
	default:
		return "", "", nil
	}
	return v.believe(kind, reason, l)
}

// twin looks inside T1 at a statement never seen before whose text another one
// has. Issuers do publish a text twice, under the title that their listing
// shows; an error page has its own title, whatever was listed.
func (v *visit) twin(tx state.Tx, l look) (kind statement.TroubleKind, reason string, err error) {
	if l.locator != "" || utf8.RuneCountInString(l.doc.Body) < twinText || l.found == nil || alike(l.found.Title, l.doc.Title) && l.doc.Title != "" && l.found.Title != "" && !l.untitled {
		return "", "", nil
	}
	other, err := tx.SameBody(v.src.ID, statement.SHA256([]byte(l.doc.Body)), "")
	if errors.Is(err, statement.ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	return v.believe(statement.TroubleSameText, fmt.Sprintf("its text is that of %s, %q, and its title is not the one listed", other.ID, other.Title), l)
}

// believe lets pass what has been doubted often and long enough.
func (v *visit) believe(kind statement.TroubleKind, reason string, l look) (statement.TroubleKind, string, error) {
	t := v.troubles[l.key]
	if t.Kind == kind && t.BodyHash == statement.SHA256([]byte(l.doc.Body)) && v.Doubt.settled(t.Looks+1, t.Since, v.Clock.Now()) {
		return "", "", nil
	}
	return kind, reason + "; it is held back until it has been seen often and long enough", nil
}

// alike reports whether a listed title is that of a page: one may be cut short,
// or differ in case, spacing and punctuation.
func alike(listed, own string) bool {
	a, b := statement.Letters(listed), statement.Letters(own)
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && (strings.HasPrefix(b, a) || common(listed, own) > 0.5)
}

// common is the share of the words of the shorter text that the other has too.
func common(a, b string) float64 {
	words := func(s string) map[string]bool {
		set := map[string]bool{}
		for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			set[w] = true
		}
		return set
	}
	x, y := words(a), words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	shared := 0
	for w := range x {
		if y[w] {
			shared++
		}
	}
	return float64(shared) / float64(max(1, len(x)))
}

// scripts are those told apart; Japanese mixes the three of its own.
var scripts = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Han, unicode.Hangul, unicode.Hebrew, unicode.Greek, unicode.Devanagari, unicode.Thai, unicode.Armenian, unicode.Georgian,
}

// script is the one that four in five letters of a text are of; nil for a short
// text, or a mixed one.
func script(text string) *unicode.RangeTable {
	var count [16]int
	all := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		all++
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			r = '字'
		}
		for i, s := range scripts {
			if unicode.Is(s, r) {
				count[i]++
				break
			}
		}
	}
	if all < 40 {
		return nil
	}
	for i, s := range scripts {
		if count[i]*5 >= all*4 {
			return s
		}
	}
	return nil
}
