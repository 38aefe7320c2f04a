package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// rebuild gives the two texts back from what a comparison says, as the comment
// on Block promises, and checks every offset.
func rebuild(t testing.TB, e *Edit, a, b Text) (before, after Text) {
	t.Helper()
	var x, y []string
	for _, block := range e.Blocks {
		bodyA, bodyB := a.Body, b.Body
		if block.Title {
			bodyA, bodyB = a.Title, b.Title
		}
		var was, is strings.Builder
		for _, s := range block.Segments {
			switch {
			case s.Op == Insert:
				is.WriteString(s.Text)
			case s.Op == Delete:
				was.WriteString(s.Text)
			case s.Was != "":
				was.WriteString(s.Was)
				is.WriteString(s.Text)
			default:
				was.WriteString(s.Text)
				is.WriteString(s.Text)
			}
			if got := bodyB[s.After[0]:s.After[1]]; s.Op != Delete && got != s.Text {
				t.Fatalf("the span says %q, the text %q", got, s.Text)
			}
			if got := bodyA[s.Before[0]:s.Before[1]]; s.Op == Delete && got != s.Text || s.Was != "" && got != s.Was {
				t.Fatalf("the span before says %q, the text %q, %q", got, s.Text, s.Was)
			}
		}
		if block.Title {
			before.Title, after.Title = was.String(), is.String()
			continue
		}
		if block.Kind != Added && block.Kind != MovedIn {
			x = append(x, was.String())
		}
		if block.Kind != Removed && block.Kind != MovedOut {
			y = append(y, is.String())
		}
	}
	before.Body, after.Body = strings.Join(x, "\n\n"), strings.Join(y, "\n\n")
	return before, after
}

// check compares, and checks what holds for any two texts.
func check(t testing.TB, a, b Text) *Edit {
	t.Helper()
	e := Compare(a, b)
	if x, y := rebuild(t, e, a, b); x != a || y != b {
		t.Fatalf("%q and %q came back as %q and %q", a, b, x, y)
	}
	if a == b && !e.Empty() {
		t.Fatalf("%q differs from itself", a)
	}
	valid := utf8.ValidString(a.Title) && utf8.ValidString(a.Body) && utf8.ValidString(b.Title) && utf8.ValidString(b.Body)
	moves := map[int]int{}
	for _, block := range e.Blocks {
		if (block.Kind == MovedIn || block.Kind == MovedOut) != (block.Move > 0) {
			t.Fatalf("%s has the move %d", block.Kind, block.Move)
		}
		moves[block.Move]++
		for _, s := range block.Segments {
			if s.Text == "" || block.Kind == Same && s.Op != Equal {
				t.Fatalf("%q and %q: %s has the segment %v", a, b, block.Kind, s)
			}
			if valid && !utf8.ValidString(s.Text+s.Was) {
				t.Fatalf("a letter of %q or %q was cut: %q", a, b, s.Text+s.Was)
			}
		}
	}
	delete(moves, 0)
	for n, count := range moves {
		if count != 2 {
			t.Fatalf("the move %d has %d ends", n, count)
		}
	}
	return e
}

var vocabulary = append(strings.Split("the ministry denies it . “ ” \" ' ’ drones , supplied 1,000 U.S. não 中国外交部 کشور می\u200cشود 🇮🇷 👩‍🚀 e\u0301 é were not delivered before the war . ( ) — - $1.2 billion million 5 November 2022 ﬁnal final co\u00adoperation zero\u200bwidth \u200b \u00a0 \n \t \r \xff\xfe \u202e 2022年11月5日 St. ? การทูต", " "), " ", "  ", "\n\n", "\n\n\n")

func randomText(r *rand.Rand, paragraphs, words int) string {
	var list []string
	for range r.IntN(paragraphs) {
		var p []string
		for range 1 + r.IntN(words) {
			p = append(p, vocabulary[r.IntN(len(vocabulary))])
		}
		list = append(list, strings.Join(p, []string{" ", " ", " ", ""}[r.IntN(4)]))
	}
	return strings.Join(list, "\n\n")
}

// mutate edits a text as editors do.
func mutate(r *rand.Rand, body string) string {
	for range 1 + r.IntN(3) {
		p := strings.Split(body, "\n\n")
		i, j := r.IntN(len(p)), r.IntN(len(p))
		words := strings.Split(p[i], " ")
		w := r.IntN(len(words))
		switch r.IntN(9) {
		case 0:
			p = append(p[:i:i], p[i+1:]...)
		case 1:
			p[i] += " " + vocabulary[r.IntN(len(vocabulary))]
		case 2:
			p[i] = vocabulary[r.IntN(len(vocabulary))] + " " + p[i]
		case 3:
			p[i], p[j] = p[j], p[i]
		case 4: // split
			p[i] = strings.Join(words[:w], " ") + "\n\n" + strings.Join(words[w:], " ")
		case 5: // merge
			if i+1 < len(p) {
				p[i] += " " + p[i+1]
				p = append(p[:i+1:i+1], p[i+2:]...)
			}
		case 6:
			words[w] = vocabulary[r.IntN(len(vocabulary))]
			p[i] = strings.Join(words, " ")
		case 7:
			p[i] = strings.Join(words[:w], " ")
		default:
			p = append(p, p[j])
		}
		body = strings.Join(p, "\n\n")
	}
	return body
}

// Whatever two texts are, what is shown of them is what they say.
func TestCompareLosesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 6000 {
		a := Text{strings.Join(vocabulary[:r.IntN(3)], " "), randomText(r, 2+n%8, 2+n%40)}
		b := Text{a.Title, mutate(r, a.Body)}
		if r.IntN(3) == 0 {
			b = Text{randomText(r, 2, 5), randomText(r, 2+n%8, 2+n%40)}
		}
		check(t, a, b)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Iran denies it.\n\nOne.", "Iran confirms it. One.")
	f.Add("a\u200b\n\n\n\u00adb", "a \xff\n\nb")
	f.Add("“The U.S.” paid $1.2 billion on 5 November 2022.", "\"The U.S.\" paid $1.2 million on November 5, 2022.")
	f.Fuzz(func(t *testing.T, a, b string) {
		check(t, Text{Body: a}, Text{Body: b})
		check(t, Text{Title: a}, Text{Title: b})
	})
}

// marked shows a comparison in one line.
func marked(e *Edit) string {
	var blocks []string
	for _, block := range e.Blocks {
		var b strings.Builder
		switch block.Kind {
		case MovedOut:
			fmt.Fprintf(&b, "<%d", block.Move)
			blocks = append(blocks, b.String())
			continue
		case MovedIn:
			fmt.Fprintf(&b, ">%d ", block.Move)
		case Split, Merged:
			b.WriteString(string(block.Kind) + " ")
		}
		for _, s := range block.Segments {
			mark := map[Op]string{Delete: "-", Insert: "+"}[s.Op]
			if s.Was != "" {
				mark = "~"
			}
			b.WriteString(mark + s.Text + mark)
		}
		blocks = append(blocks, b.String())
	}
	return strings.ReplaceAll(strings.Join(blocks, "|"), "\n\n", "¶")
}

func TestCompareShowsWords(t *testing.T) {
	long := "The ministry of foreign affairs received the ambassador on Monday."
	for _, c := range []struct{ before, after, want string }{
		{"Iran denies the supply.", "Iran confirms the supply.", "Iran -denies-+confirms+ the supply."},
		{"One.\n\nTwo two two.", "One.", "One.|-Two two two.-"},
		{"One.", "One.\n\nTwo two.", "One.|+Two two.+"},
		{"It was not a delivery.", "It was a delivery.", "It was -not -a delivery."},
		{"a\n\nb", "a\n\nb", "a¶b"},
		// What must not be torn apart.
		{"It costs $12 million.", "It costs $12 billion.", "It costs -$12 million-+$12 billion+."},
		{"It begins on June 25, 2023 in Kyiv.", "It begins on July 18, 2023 in Kyiv.", "It begins on -June 25, 2023-+July 18, 2023+ in Kyiv."},
		{"It begins on 5 November in Kyiv.", "It begins on 6 November in Kyiv.", "It begins on -5 November-+6 November+ in Kyiv."},
		{"They signed the “New START” treaty.", "They signed the “Open Skies” treaty.", "They signed the -“New START”-+“Open Skies”+ treaty."},
		{"Выделено 1,5 млрд рублей.", "Выделено 1,5 млн рублей.", "Выделено -1,5 млрд рублей-+1,5 млн рублей+."},
		{"Am 5. November 2022 in Wien.", "Am 6. November 2022 in Wien.", "Am -5. November 2022-+6. November 2022+ in Wien."},
		// Other scripts.
		{"外交部发言人表示支持", "外交部发言人表示反对", "外交部发言人表示-支持-+反对+"},
		{"会议于2022年11月5日举行", "会议于2022年11月6日举行", "会议于-2022年11月5日-+2022年11月6日+举行"},
		{"وزارت خارجه تکذیب کرد", "وزارت خارجه تأیید کرد", "وزارت خارجه -تکذیب-+تأیید+ کرد"},
		// What no reader sees.
		{"It’s “co\u00adoperation” – now.", "It's \"cooperation\" — now.", "~It's~ ~\"cooperation\"~ ~—~ now."},
		{"re\u0301sume\u0301 of the ﬁnal day", "résumé of the final day", "~résumé~ of the ~final~ day"},
		{"one  two\nthree", "one two three", "one~ ~two~ ~three"},
		// Phrases.
		{"They signed the treaty.", "They initialled the protocol.", "They -signed the treaty-+initialled the protocol+."},
		{"The talks failed. The end came.", "The talks failed. The talks resumed. The end came.", "The talks failed. +The talks resumed. +The end came."},
		{"Albania, Bulgaria, Czechia joined.", "Albania, Bulgaria, Canada, Czechia joined.", "Albania, Bulgaria, +Canada, +Czechia joined."},
		// Paragraphs.
		{long + "\n\nShe spoke of peace and security in the region.\n\nNobody asked about the prisoners.", "Nobody asked about the prisoners.\n\n" + long + "\n\nShe spoke of peace and security in the region.",
			">1 Nobody asked about the prisoners.|" + long + "¶She spoke of peace and security in the region.|<1"},
		// One that moved and was revised, between two that stay.
		{long + "\n\nShe spoke of peace and security in the whole of the region until 5 May.\n\nNobody asked.", long + "\n\nNobody asked.\n\nShe spoke of peace and security in the whole of the region until 9 May.",
			long + "|+Nobody asked.+|She spoke of peace and security in the whole of the region until -5 May-+9 May+.|-Nobody asked.-"}, // too short to have moved
		{"She spoke of peace and security in the whole of the region until 5 May.\n\n" + long + "\n\n" + long + " He left.", long + "\n\n" + long + " He left.\n\nShe spoke of peace and security in the whole of the region until 9 May.",
			"<1|" + long + "¶" + long + " He left.|>1 She spoke of peace and security in the whole of the region until -5 May-+9 May+."},
		// A short one that went past a long one that was revised: the short one moved.
		{"The minister thanked the hosts.\n\n" + long + " It supplied 12 drones.", long + " It supplied 14 drones.\n\nThe minister thanked the hosts.",
			"<1|" + long + " It supplied -12-+14+ drones.|>1 The minister thanked the hosts."},
		{"The end.\n", "The end.", "~The end.~"},
		{long + " She spoke of peace and security in the region.", long + "\n\nShe spoke of peace and security in the region.", "split " + long + "~¶~She spoke of peace and security in the region."},
		{long + "\n\nShe spoke of peace and security in the region.", long + " She spoke of peace in the region.", "merged " + long + "~ ~She spoke of peace -and security -in the region."},
	} {
		e := check(t, Text{Body: c.before}, Text{Body: c.after})
		if got := marked(e); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
