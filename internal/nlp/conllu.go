package nlp

import (
	"fmt"
	"strings"

	"volteface/internal/nlp/conllu"
)

// CoNLLU gives the document as CoNLL-U sentences, with their text, paragraphs,
// contracted tokens and SpaceAfter=No.
func (d *Document) CoNLLU() []conllu.Sentence {
	out := make([]conllu.Sentence, len(d.Sentences))
	for i := range d.Sentences {
		s := &d.Sentences[i]
		c := &out[i]
		if i == 0 || d.Sentences[i-1].Paragraph != s.Paragraph {
			c.Comments = append(c.Comments, "# newpar")
			c.NewParagraph = true
		}
		c.Comments = append(c.Comments, fmt.Sprintf("# sent_id = %d", i+1))
		c.Text = strings.ToValidUTF8(strings.Join(strings.Fields(d.Text[s.Start:s.End]), " "), "\ufffd")
		for k := range s.Tokens {
			t := &s.Tokens[k]
			w := conllu.Word{Form: noSpace(t.Form), Lemma: noSpace(t.Lemma), UPOS: t.UPOS, XPOS: t.XPOS, Feats: t.Feats, Head: t.Head + 1, Rel: t.Rel}
			c.Words = append(c.Words, w)
		}
		for k := 0; k < len(s.Tokens); {
			end := k + 1
			for end < len(s.Tokens) && s.Tokens[end].Joined {
				end++
			}
			misc, next := "", -1
			if end < len(s.Tokens) {
				next = s.Tokens[end].Start
			} else if i+1 < len(d.Sentences) {
				next = d.Sentences[i+1].Start
			}
			if next == s.Tokens[end-1].End {
				misc = "SpaceAfter=No"
			}
			if end-k > 1 {
				c.Ranges = append(c.Ranges, conllu.Range{First: k + 1, Last: end, Form: noSpace(d.Text[s.Tokens[k].Start:s.Tokens[end-1].End]), Misc: misc})
			} else {
				c.Words[k].Misc = misc
			}
			k = end
		}
	}
	return out
}

// noSpace keeps a form from breaking the columns of the file, or its encoding.
func noSpace(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if !strings.ContainsAny(s, "\t\n\r") {
		return s
	}
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s)
}

// Reparse predicts tags, lemmas and trees for sentences whose words are given. What
// else the sentences hold stays: comments, text, ranges, columns nine and ten (the
// ninth is cleared, for it told of another tree).
func Reparse(sentences []conllu.Sentence) {
	forms := make([][]string, len(sentences))
	for i := range sentences {
		for _, w := range sentences[i].Words {
			forms[i] = append(forms[i], w.Form)
		}
	}
	d := AnalyseWords(forms)
	for i, k := 0, 0; i < len(sentences); i++ {
		if len(sentences[i].Words) == 0 {
			continue
		}
		for j := range sentences[i].Words {
			t, w := &d.Sentences[k].Tokens[j], &sentences[i].Words[j]
			w.Lemma, w.UPOS, w.XPOS, w.Feats, w.Head, w.Rel, w.Deps = t.Lemma, t.UPOS, t.XPOS, t.Feats, t.Head+1, t.Rel, ""
		}
		k++
	}
}
