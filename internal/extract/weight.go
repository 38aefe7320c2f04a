package extract

import "bytes"

// maxWeight bounds what the tree of one page may take in memory, in bytes. The
// longest page known, a transcript, weighs 2 MB; a page of the size allowed
// that is nothing but tags would weigh a gigabyte.
const maxWeight = 16 << 20

// What the parser keeps of an element with its text, and of an attribute, in
// bytes (golang.org/x/net/html on a 64-bit machine).
const (
	elementWeight   = 240
	attributeWeight = 64
)

// TooHeavy reports whether parsing the HTML would take more memory than any
// press page is worth. It counts tags and attributes and parses nothing.
func TooHeavy(text []byte) bool { return weight(text) > maxWeight }

// weight is about how many bytes the tree of a page takes, as far as it matters
// here: it stops counting above maxWeight.
func weight(text []byte) int {
	weight := 2 * len(text) // as it came, and as the tree has it
	for rest := text; weight <= maxWeight; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		weight += elementWeight
		if len(rest) == 0 || !(rest[0] >= 'a' && rest[0] <= 'z' || rest[0] >= 'A' && rest[0] <= 'Z') {
			continue
		}
		attributes := 0
		attributes, rest = attributesOf(rest)
		weight += attributes * attributeWeight
	}
	return weight
}

// attributesOf counts the attributes of the tag that a text begins with, after
// its "<", and gives what follows the tag. A quote opens a value only after an
// equals sign, as the HTML standard has it.
func attributesOf(tag []byte) (n int, rest []byte) {
	value, gap := false, false
	for i := 0; i < len(tag); i++ {
		switch c := tag[i]; {
		case c == '>':
			return n, tag[i+1:]
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '/':
			gap = true
		case c == '=' && !value:
			value, gap = true, false
		case (c == '"' || c == '\'') && value && tag[lastBefore(tag, i)] == '=':
			end := bytes.IndexByte(tag[i+1:], c)
			if end < 0 {
				return n, nil
			}
			i += end + 1
			value, gap = false, true
		default:
			if gap && !(value && tag[lastBefore(tag, i)] == '=') {
				n++
				value = false
			}
			gap = false
		}
	}
	return n, nil
}

// lastBefore is the place of the last byte before i that is no white space.
func lastBefore(tag []byte, i int) int {
	for i--; i > 0 && (tag[i] == ' ' || tag[i] == '\n' || tag[i] == '\t' || tag[i] == '\r' || tag[i] == '\f'); i-- {
	}
	return max(i, 0)
}

// maxFeedWeight bounds what a feed may take in memory, in bytes: a thousand
// items of twenty elements take half of it.
const maxFeedWeight = 24 << 20

// What the feed library keeps of an element with its text, of an attribute and
// of a JSON object, in bytes, measured with the smallest ones
// (github.com/mmcdole/gofeed on a 64-bit machine).
const (
	feedElementWeight   = 600
	feedAttributeWeight = 100
	feedObjectWeight    = 600
)

// explosiveFeed reports whether reading an XML feed would take more memory than
// any feed is worth. What stands in comments and CDATA sections is text.
func explosiveFeed(text []byte) bool {
	weight := 0
	for rest := text; weight <= maxFeedWeight; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			return false
		}
		rest = rest[i:]
		skipped := false
		for _, section := range [][2]string{{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"</", ">"}} {
			if bytes.HasPrefix(rest, []byte(section[0])) {
				end := bytes.Index(rest, []byte(section[1]))
				if end < 0 {
					return false
				}
				rest, skipped = rest[end+len(section[1]):], true
				break
			}
		}
		if skipped {
			continue
		}
		attributes := 0
		attributes, rest = attributesOf(rest[1:])
		weight += feedElementWeight + attributes*feedAttributeWeight
	}
	return true
}

// explosiveJSON reports the same of a feed in JSON.
func explosiveJSON(text []byte) bool {
	return bytes.Count(text, []byte("{"))*feedObjectWeight > maxFeedWeight
}
