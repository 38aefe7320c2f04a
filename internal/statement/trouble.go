package statement

import "time"

// Trouble is a page of a source that cannot be read, or cannot be believed. It
// is the source's fault until the page is read well again; what is kept of the
// statement stays as it is.
type Trouble struct {
	Source    string
	Key       string // Source.Key of the page
	Statement string // empty for one not read yet
	URL       string
	Kind      TroubleKind
	Reason    string    // in words for people, with the evidence
	Since     time.Time // when it was first seen so
	Looks     int       // how often it was
	// BodyHash is that of the text in doubt: the same one, seen often enough, is
	// believed. Of what is not readable it is the SHA-256 of the archived bytes.
	BodyHash string
}

// TroubleKind says what is wrong with a page.
type TroubleKind string

// The kinds of trouble.
const (
	TroubleUnread    TroubleKind = "unread"    // no answer, an error, a block, a wall
	TroubleDrift     TroubleKind = "drift"     // the selectors of the source no longer match
	TroubleShrunk    TroubleKind = "shrunk"    // most of its text is gone
	TroubleUntitled  TroubleKind = "untitled"  // it had a title of its own, and has none
	TroubleSameText  TroubleKind = "same-text" // it has the text of another statement
	TroubleLanguage  TroubleKind = "language"  // it is in another language
	TroubleHostIll   TroubleKind = "host-ill"  // it is gone, and so is what should be there in any case
	TroubleDisplaced TroubleKind = "displaced" // it redirects to another text
	TroubleForeign   TroubleKind = "foreign"   // it is not the page that was listed

	// These are no faults, but should be known: see Remark.
	TroubleUnreadable TroubleKind = "unreadable" // published, and not readable: a scan, a picture
	TroubleRepeats    TroubleKind = "repeats"    // entries of the feed have the id or the link of another one
)

// Remark reports whether it is something to know of a source that is well,
// rather than a fault.
func (k TroubleKind) Remark() bool { return k == TroubleRepeats || k == TroubleUnreadable }

// Sign is a look that found a known page gone: the evidence of a removal.
type Sign struct {
	Statement string
	At        time.Time
	Quality   Quality // NotFound, SoftNotFound, or Good for a redirect to another text
	Status    int
	Reason    string // what was seen, in words for people
	URL       string // that answered
	SHA256    string // of the answer's body in the archive; empty if it had none
}

// Definite reports whether the page says itself that it was taken away for
// good (RFC 9110, section 15.5.11).
func (s Sign) Definite() bool { return s.Status == 410 }
