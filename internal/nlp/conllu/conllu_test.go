package conllu

import (
	"strings"
	"testing"
)

const sample = `# newdoc id = a
# sent_id = 1
# text = Don't go.
1-2	Don't	_	_	_	_	_	_	_	_
1	Do	do	AUX	VB	_	3	aux	_	_
2	n't	not	PART	RB	_	3	advmod	_	_
3	go	go	VERB	VB	_	0	root	_	SpaceAfter=No
4	.	.	PUNCT	.	_	3	punct	_	_

`

func TestReadAndWrite(t *testing.T) {
	s, err := Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if len(s) != 1 || !s[0].NewDocument || s[0].Text != "Don't go." || len(s[0].Words) != 4 {
		t.Fatalf("read %+v", s)
	}
	if tokens := s[0].Tokens(); len(tokens) != 3 || tokens[0].Form != "Don't" || tokens[1].SpaceAfter || !tokens[0].SpaceAfter {
		t.Errorf("tokens %+v", tokens)
	}
	var b strings.Builder
	if err := Write(&b, s...); err != nil {
		t.Fatal(err)
	}
	if b.String() != sample {
		t.Errorf("written:\n%s", b.String())
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	for _, bad := range []string{
		"1\tx\n", "x\tx\tx\tx\tx\tx\t0\tx\t_\t_\n", "2\tx\tx\tx\tx\t_\t0\troot\t_\t_\n",
		"1\tx\tx\tx\tx\t_\t7\tnsubj\t_\t_\n\n", "1\tx\tx\tx\tx\t_\tone\tnsubj\t_\t_\n", "1-9\tx\t_\t_\t_\t_\t_\t_\t_\t_\n1\tx\tx\tx\tx\t_\t0\troot\t_\t_\n\n",
	} {
		if _, err := Read(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for i := range s {
			s[i].Tokens()
		}
	})
}
