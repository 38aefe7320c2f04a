package statement

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// Quality is what a response turned out to be.
type Quality string

// The qualities of a capture. Only a good one makes a revision.
const (
	Good        Quality = "good"
	NotModified Quality = "not-modified" // 304: the stored snapshot still holds
	NotFound    Quality = "not-found"    // 404 or 410
	Blocked     Quality = "blocked"      // 401, 403, 429 or a challenge
	Failed      Quality = "error"        // any other status
	Empty       Quality = "empty"        // nothing in the body, or no word in it
	Truncated   Quality = "truncated"    // it ends in the middle

	// The last four come under a status of success.
	SoftNotFound Quality = "soft-404" // it says that the page is not there
	Wall         Quality = "wall"     // it wants a login or a consent
	Parked       Quality = "parked"   // the domain is for sale
	Stub         Quality = "stub"     // it only sends its readers on to another address
)

// Hop is one redirect on the way to a capture.
type Hop struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
}

// Capture is one HTTP response as it was received.
type Capture struct {
	URL       string      // address asked for
	FinalURL  string      // address that answered, after redirects
	Hops      []Hop       // redirects followed, in order
	Status    int         // status code of the final answer
	Header    http.Header // headers of the final answer
	Body      []byte      // body with its Content-Encoding undone and nothing else changed
	FetchedAt time.Time   // when the answer began
	Took      time.Duration
	Way       string // how the final answer was asked for, see Snapshot.Way
	Quality   Quality
	Rule      string // name of the rule that found it not good
	Onward    string // of a stub: the address that its meta refresh leads to, if it has one
	Reason    string // why the quality is not good, in words for people, with the evidence
	// Evidence are the answers that a browser made the Body of; none where the
	// Body is an answer itself.
	Evidence []*Capture
}

// RenderedHeader marks the headers of a capture whose body is what a browser
// showed, and names the browser and the SHA-256 of the page's own answer.
const RenderedHeader = "Volteface-Rendered"

// Rendered reports whether the body is what a browser showed.
func (c *Capture) Rendered() bool { return c.Header.Get(RenderedHeader) != "" }

// SHA256 is the hexadecimal SHA-256 of the body: the name under which the
// bytes are kept.
func (c *Capture) SHA256() string { return SHA256(c.Body) }

// SHA256 is the hexadecimal SHA-256 (FIPS 180-4) of b.
func SHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Validators are what a conditional request needs (RFC 9110, section 8.8).
type Validators struct {
	ETag         string
	LastModified string
	Of           string // address they are of, where a redirect leads from the one asked for to it
}

// Same reports whether both say the same, and say anything.
func (v Validators) Same(other Validators) bool {
	if v.ETag != "" || other.ETag != "" {
		return v.ETag == other.ETag
	}
	return v.LastModified != "" && v.LastModified == other.LastModified
}

// ValidatorsOf reads both validators of an answer.
func ValidatorsOf(h http.Header) Validators {
	return Validators{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified")}
}
