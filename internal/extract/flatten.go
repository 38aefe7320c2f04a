package extract

import (
	"bytes"
	"io"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNodes is how many elements the tree of one page may need at worst before
// its markup is flattened. An element takes about 200 bytes.
const maxNodes = 1 << 20

// maxDepth is how deep flattened markup nests.
const maxDepth = 200

// explosive tells whether a page could make the parser build more than
// maxNodes elements. The HTML standard opens every unclosed formatting element
// (<b>, <font>) again in each paragraph that follows; up to three alike, but
// any number that differ in their attributes. It counts generously and decides
// from a closer look.
func explosive(text []byte) bool {
	tags, bare, dressed := 0, 0, 0
	for rest := text; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		tags++
		switch formatting(rest) {
		case 1:
			bare++
		case 2:
			dressed++
		}
	}
	if (min(bare, 3*formattingKinds)+dressed+1)*tags <= maxNodes {
		return false
	}
	return unclosed(text)*tags > maxNodes
}

// formattingKinds is how many elements are opened again: all of the standard's
// except <a> and <nobr>, which close their own kind.
const formattingKinds = 12

// formatting tells whether a tag's name is that of a formatting element: 1
// without attributes, 2 with some.
func formatting(tag []byte) int {
	end := 0
	for end < len(tag) && end < 8 && tag[end] != '>' && tag[end] != '/' && tag[end] > ' ' {
		end++
	}
	if end == len(tag) || !isFormatting(atom.Lookup(bytes.ToLower(tag[:end]))) {
		return 0
	}
	if tag[end] == '>' {
		return 1
	}
	return 2
}

func isFormatting(a atom.Atom) bool {
	switch a {
	case atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// unclosed is the greatest number of formatting elements open at once.
func unclosed(text []byte) int {
	z := html.NewTokenizer(bytes.NewReader(text))
	open, now, most := map[atom.Atom]int{}, 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return most
		case html.StartTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); isFormatting(a) {
				open[a]++
				now++
				most = max(most, now)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); open[a] > 0 {
				open[a]--
				now--
			}
		}
	}
}

// flatten writes markup again without formatting elements and without tags
// nested deeper than maxDepth; what was a block there becomes a line break.
func flatten(text []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(text))
	var out bytes.Buffer
	out.Grow(len(text))
	var open []atom.Atom
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return nil
			}
			return out.Bytes()
		case html.StartTagToken:
			raw := z.Raw()
			kept := out.Len()
			out.Write(raw) // before TagName, which changes the bytes
			name, _ := z.TagName()
			a := atom.Lookup(name)
			switch {
			case isFormatting(a) || a == atom.A || a == atom.Nobr || a == atom.Svg || a == atom.Math:
				out.Truncate(kept)
			case void(a) || rawText(a):
			case a == 0 || len(open) >= maxDepth:
				out.Truncate(kept)
				if block(a) {
					out.WriteString("<br><br>")
				}
			case a == atom.P:
			default:
				open = append(open, a)
			}
		case html.EndTagToken:
			kept := out.Len()
			out.Write(z.Raw())
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if rawText(a) || a == atom.P {
				continue
			}
			at := len(open) - 1
			for at >= 0 && open[at] != a {
				at--
			}
			if a == 0 || at < 0 {
				out.Truncate(kept)
				continue
			}
			open = open[:at]
		default:
			out.Write(z.Raw())
		}
	}
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

func rawText(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Textarea, atom.Title, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp:
		return true
	}
	return false
}
