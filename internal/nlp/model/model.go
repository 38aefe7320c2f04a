// Package model holds the trained files of the language engine. They are derived
// from treebanks; see LICENSE and the model cards beside this file.
package model

import _ "embed"

// The files, as the training command writes them.
var (
	//go:embed segment.vfm
	Segment []byte
	//go:embed parser.vfm
	Parser []byte
	//go:embed lemma.zst
	Lemma []byte
)
