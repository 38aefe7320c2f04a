package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// ArchivedCapture is what an index of a web archive says of one capture.
type ArchivedCapture struct {
	URL     string    // of the page that was captured
	Address string    // of the capture; empty where the index does not say it
	Time    time.Time // when it was captured; UTC
	Status  int       // that the page was answered with; 0 if not said
	Type    string    // media type of the page; empty if not said
	Digest  string    // the same for the same bytes; empty if not said
}

// maxCaptures bounds what is read of one part of an index.
const maxCaptures = 100_000

// Captures reads an index of captures: a TimeMap in link format (RFC 7089,
// section 5) or JSON, or the lines or JSON of a CDX server. more are the addresses
// of further parts. An error is one of ErrNotText's kind.
func Captures(body []byte, base string) (found []ArchivedCapture, more []string, err error) {
	text, _ := Decode(body, "")
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return nil, nil, nil // a CDX server that knows nothing says nothing
	case text[0] == '<' && bytes.Contains(text[:min(len(text), 64<<10)], []byte("rel=")):
		found, more = linkFormat(string(text), base)
	case text[0] == '[':
		found, err = cdxArrays(text)
	case text[0] == '{' && bytes.Contains(text[:min(len(text), 64<<10)], []byte(`"mementos"`)):
		found, more, err = jsonTimeMap(text, base)
	default:
		found, err = cdxLines(text)
	}
	if err != nil {
		return nil, nil, statement.WithHint(fmt.Errorf("%w: neither a TimeMap nor CDX: %w", ErrNotText, err),
			"give the address of a TimeMap (https://web.archive.org/web/timemap/link/PAGE) or of a CDX server (https://web.archive.org/cdx/search/cdx?url=PAGE)")
	}
	return found, more, nil
}

// linkFormat reads a TimeMap as RFC 7089 writes it: links of RFC 6690.
func linkFormat(text, base string) (found []ArchivedCapture, more []string) {
	original := ""
	for len(text) > 0 && len(found) < maxCaptures {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '>')
		if end < 0 {
			break
		}
		target := text[open+1 : open+end]
		var attributes map[string]string
		attributes, text = linkAttributes(text[open+end+1:])
		rels := strings.Fields(attributes["rel"])
		for _, rel := range rels {
			switch rel {
			case "original":
				original = target
			case "timemap", "next":
				if address := resolve(base, target); address != "" && address != base {
					more = append(more, address)
				}
			case "memento":
				if at, err := http.ParseTime(attributes["datetime"]); err == nil {
					found = append(found, ArchivedCapture{Address: resolve(base, target), Time: at.UTC()})
				}
			}
		}
	}
	for i := range found {
		if found[i].URL = original; original == "" {
			found[i].URL = inside(found[i].Address)
		}
	}
	return found, more
}

// linkAttributes reads the attributes of a link up to the comma before the next.
func linkAttributes(text string) (map[string]string, string) {
	attributes := map[string]string{}
	for {
		text = strings.TrimLeft(text, " \t\r\n;")
		if text == "" || text[0] == ',' || text[0] == '<' {
			return attributes, strings.TrimPrefix(text, ",")
		}
		end := strings.IndexAny(text, "=;,")
		if end < 0 {
			return attributes, ""
		}
		name := strings.ToLower(strings.TrimSpace(text[:end]))
		if text[end] != '=' {
			text = text[end:]
			continue
		}
		text = strings.TrimLeft(text[end+1:], " ")
		value := ""
		if strings.HasPrefix(text, `"`) {
			value, text, _ = strings.Cut(text[1:], `"`)
		} else if end = strings.IndexAny(text, ";, \n"); end >= 0 {
			value, text = text[:end], text[end:]
		} else {
			value, text = text, ""
		}
		attributes[name] = value
	}
}

func jsonTimeMap(text []byte, base string) (found []ArchivedCapture, more []string, err error) {
	var m struct {
		Original string `json:"original_uri"`
		Mementos struct {
			List []struct {
				Time string `json:"datetime"`
				URI  string `json:"uri"`
			} `json:"list"`
		} `json:"mementos"`
		Pages struct {
			Next struct {
				URI string `json:"uri"`
			} `json:"next"`
		} `json:"pages"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, nil, err
	}
	for _, e := range m.Mementos.List[:min(len(m.Mementos.List), maxCaptures)] {
		at, err := time.Parse(time.RFC3339, e.Time)
		if address := resolve(base, e.URI); err == nil && address != "" {
			found = append(found, ArchivedCapture{URL: m.Original, Address: address, Time: at.UTC()})
		}
	}
	if next := resolve(base, m.Pages.Next.URI); next != "" {
		more = []string{next}
	}
	return found, more, nil
}

// timestamp is how CDX writes a moment (UTC).
const timestamp = "20060102150405"

// cdxFields are the fields of a line where none are named: those of the Internet
// Archive's server, with which those of pywb begin.
var cdxFields = []string{"urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"}

func cdxCapture(fields map[string]string) (c ArchivedCapture, ok bool) {
	first := func(names ...string) string {
		for _, name := range names {
			if fields[name] != "" && fields[name] != "-" {
				return fields[name]
			}
		}
		return ""
	}
	stamp := first("timestamp")
	if len(stamp) < 4 || len(stamp) > len(timestamp) {
		return c, false
	}
	const earliest = "00000101000000" // fills a moment that is only said to the day
	at, err := time.Parse(timestamp, stamp+earliest[len(stamp):])
	c = ArchivedCapture{URL: first("original", "url"), Time: at, Type: first("mimetype", "mime"), Digest: first("digest")}
	c.Status, _ = strconv.Atoi(first("statuscode", "status"))
	return c, err == nil && c.URL != ""
}

func cdxArrays(text []byte) (found []ArchivedCapture, err error) {
	var rows [][]string
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	names := rows[0]
	for _, row := range rows[1:] {
		fields := map[string]string{}
		for i, value := range row[:min(len(row), len(names))] {
			fields[names[i]] = value
		}
		if c, ok := cdxCapture(fields); ok && len(found) < maxCaptures {
			found = append(found, c)
		}
	}
	if len(found) == 0 && len(rows) > 1 {
		return nil, errors.New("its rows name no timestamp and original")
	}
	return found, nil
}

// cdxLines reads the lines of a CDX server: of fields, of JSON, or of both
// (CDXJ).
func cdxLines(text []byte) (found []ArchivedCapture, err error) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() && len(found) < maxCaptures {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "CDX ") || line[0] == '!' || line[0] == '@' {
			continue
		}
		n++
		fields := map[string]string{}
		if at := strings.IndexByte(line, '{'); at >= 0 {
			var inJSON map[string]any
			if json.Unmarshal([]byte(line[at:]), &inJSON) != nil {
				continue
			}
			for name, value := range inJSON {
				fields[name] = fmt.Sprint(value)
			}
			if before := strings.Fields(line[:at]); len(before) == 2 {
				fields["timestamp"] = before[1]
			}
		} else {
			for i, value := range strings.Fields(line) {
				if i < len(cdxFields) {
					fields[cdxFields[i]] = value
				}
			}
		}
		if c, ok := cdxCapture(fields); ok {
			found = append(found, c)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if n > 0 && len(found) == 0 {
		return nil, errors.New("no line of it names a moment and an address")
	}
	return found, nil
}

// rewriting is how the Internet Archive and pywb address a capture: a moment,
// perhaps with a mark of how it is rewritten, and the page.
var rewriting = regexp.MustCompile(`^(https?://.*?/)(\d{14})(?:[a-z]{2}_)?/((?:https?:/|[a-z0-9-]+\.).*)$`)

// RawCapture is the address at which an archive gives a capture as it was,
// without the links and the banner that it puts into it; the address itself where
// it is not known to have another.
func RawCapture(address string) string {
	return rewriting.ReplaceAllString(address, "${1}${2}id_/${3}")
}

// inside is the address of the page in that of its capture; "" if it has none.
func inside(address string) string {
	if m := rewriting.FindStringSubmatch(address); m != nil {
		return m[3]
	}
	return ""
}

// ReplayOf is where the archive of a CDX server gives its captures, with
// {timestamp} and {url}: the Internet Archive's under /web/, those of pywb beside
// the index of their collection.
func ReplayOf(index string) string {
	u, err := url.Parse(index)
	if err != nil {
		return ""
	}
	before, _, found := strings.Cut(u.Path, "/cdx")
	if !found {
		before, _, found = strings.Cut(u.Path, "-cdx")
	}
	switch {
	case !found:
		return ""
	case before == "":
		before = "/web"
	}
	return u.Scheme + "://" + u.Host + before + "/{timestamp}id_/{url}"
}

// At gives the capture the address that a replay template makes of it, where the
// index did not say one.
func (c *ArchivedCapture) At(replay string) {
	if c.Address == "" && replay != "" {
		c.Address = strings.NewReplacer("{timestamp}", c.Time.Format(timestamp), "{url}", c.URL).Replace(replay)
	}
}
