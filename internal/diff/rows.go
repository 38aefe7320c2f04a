package diff

import "strings"

// Row is one line of an edit as a page shows it: a paragraph, or a fold in place of several.
type Row struct {
	Kind   Kind
	Title  bool
	Move   int // the same number on both ends of a move; 0 for none
	Folded int // unchanged paragraphs that are left out here; then there are no pieces
	Pieces []Piece
}

// Piece is a stretch of a row. A fold has no text but a number of words. The text is rid of what would steer a terminal or turn the
// direction of writing; it still has to be escaped.
type Piece struct {
	Op     Op
	Text   string
	Folded int
}

// Changed tells whether something came, went or moved in the row.
func (r Row) Changed() bool { return r.Folded == 0 && r.Kind != Same }

// Rows are the lines of an edit in reading order: the changed paragraphs with what stands round them, or the whole text.
func (e *Edit) Rows(whole bool) []Row {
	if !whole {
		return public(e.rows())
	}
	var all []row
	for _, b := range e.Blocks {
		if b.Kind != Same {
			all = append(all, row{kind: b.Kind, title: b.Title, move: b.Move, pieces: unfolded(b)})
			continue
		}
		var text strings.Builder
		for _, s := range b.Segments {
			text.WriteString(s.Text)
		}
		for paragraph := range strings.SplitSeq(text.String(), "\n\n") {
			all = append(all, row{kind: Same, title: b.Title, pieces: []piece{{op: Equal, text: paragraph}}})
		}
	}
	return public(all)
}

func public(rows []row) []Row {
	all := make([]Row, len(rows))
	for i, r := range rows {
		all[i] = Row{Kind: r.kind, Title: r.title, Move: r.move, Folded: r.folded}
		for _, p := range r.pieces {
			all[i].Pieces = append(all[i].Pieces, Piece{p.op, harmless(p.text), p.folded})
		}
	}
	return all
}

// Size is how many letters, marks and digits an edit took away and brought; what only moved counts for nothing.
func (e *Edit) Size() (gone, come int) {
	for _, b := range e.Blocks {
		if b.Kind == Same || b.Kind == MovedIn || b.Kind == MovedOut {
			continue
		}
		for _, s := range b.Segments {
			n := len([]rune(strings.TrimSpace(s.Text)))
			switch s.Op {
			case Delete:
				gone += n
			case Insert:
				come += n
			}
		}
	}
	return gone, come
}
