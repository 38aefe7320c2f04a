package extract

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// bare reads a page without any rule.
func bare(t *testing.T, body string) statement.Document {
	t.Helper()
	d, err := extractor(t, statement.Source{Language: "en"}).Extract(Input{
		URL: "http://mfa.example/news/1", Representation: statement.FromPage,
		Body: []byte("<!doctype html><html lang=en><head><title>Minister on the talks | Ministry</title></head><body>" + body + "</body></html>"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	sentence = "The minister said that the talks would go on until both sides had agreed on each of the points of the paper, and thanked the hosts."
	another  = "He added that no date had been set for the signing, that experts of both countries would meet again next week, and that nothing was ruled out."
	third    = "The delegation left in the evening; the ministry will publish the text of the paper as soon as it has been translated into the other languages."
)

func paragraphs(all ...string) string { return "<p>" + strings.Join(all, "</p><p>") + "</p>" }

// What stands in and around an article without being of its text is left out.
func TestClutter(t *testing.T) {
	want := strings.Join([]string{sentence, another, third}, "\n\n")
	for name, clutter := range map[string]string{
		"caption":            `<figure><img src=a.jpg><figcaption>The minister on his way to the talks in the capital, seen from behind.</figcaption></figure>`,
		"caption by class":   `<div class="wp-caption"><p class="wp-caption-text">The minister on his way to the talks, seen from behind.</p></div>`,
		"caption by credit":  `<p>The minister on his way to the talks (Photo: Ministry of Foreign Affairs)</p>`,
		"gallery":            `<div class="photo-gallery"><p>Picture 1 of 9, the delegation at the table before the talks.</p></div>`,
		"related list":       `<h3>See also</h3><ul><li><a href=/2>Minister visits the neighbours</a> May 4, 2026</li><li><a href=/3>Minister receives the ambassador</a> May 3, 2026</li></ul>`,
		"related paragraph":  `<p>Related: <a href=/2>Minister visits the neighbours for two days of talks</a></p>`,
		"link alone":         `<p><a href=/2>MINISTER VISITS THE NEIGHBOURS FOR TWO DAYS OF TALKS</a></p>`,
		"newsletter":         `<div class="newsletter-signup"><p>Get the news of the ministry every morning in your mail, for nothing.</p></div>`,
		"related in Russian": `<p>Читайте также: <a href=/2>Министр прибыл с визитом в соседнюю страну на два дня</a></p>`,
	} {
		d := bare(t, "<main><h1>Minister on the talks</h1><article>"+paragraphs(sentence, another)+clutter+paragraphs(third)+"</article></main>")
		if d.Body != want {
			t.Errorf("%s: %q", name, d.Body)
		}
	}
	records := `<div><h3>Publication status</h3><p>Published in section: <a href=/news>News</a></p><p>Publication date: May 5, 2026, 14:50</p><p>Direct link: mfa.example/d/1</p></div>`
	if d := bare(t, "<main><h1>Minister on the talks</h1><article>"+paragraphs(sentence, another, third)+records+"</article></main>"); d.Body != want {
		t.Errorf("notes of the publication: %q", d.Body)
	}
	above := `<h2>Minister on the talks</h2><p>May 5, 2026 14:50 The Ministry</p><p>By A. Writer on May 5, 2026</p>`
	if d := bare(t, "<article>"+above+paragraphs(sentence, another, third)+"</article>"); d.Body != want {
		t.Errorf("above the text: %q", d.Body)
	}
}

// A lead that a page sets apart from its text belongs to it.
func TestLead(t *testing.T) {
	const lead = "The minister for foreign affairs held talks with his colleague in the capital on Tuesday."
	body := "<div class=text>" + strings.Repeat(paragraphs(sentence, another, third), 2) + "</div>"
	d := bare(t, "<main><div class=head><h1>Minister on the talks</h1><div class=lead>"+lead+"</div><div class=share>Share this page with your friends.</div></div><div class=media></div>"+body+"</main>")
	if !strings.HasPrefix(d.Body, lead+"\n\n"+sentence) || strings.Contains(d.Body, "Share") {
		t.Errorf("%q", d.Body)
	}
}

// A short statement is found above a longer footer of the site.
func TestShortAboveFooter(t *testing.T) {
	const short = "I send my congratulations to the president on his election."
	note := strings.Repeat("<p>Stay in touch: we write to you about what the government does for you, and how you can take part in it, every week.</p>", 4)
	if d := bare(t, "<div><h1>Minister on the talks</h1><div class=body><p>"+short+"</p></div></div><footer><div>"+note+"</div></footer>"); d.Body != short {
		t.Errorf("%q", d.Body)
	}
}

// What looks like clutter but is the text stays: a statement in an element that
// is called a gallery, lists of links that are all there is, words with a colon.
func TestNoClutter(t *testing.T) {
	d := bare(t, "<main><h1>Minister on the talks</h1><div class='article gallery related'>"+paragraphs(sentence, another, third)+"</div></main>")
	if d.Body != strings.Join([]string{sentence, another, third}, "\n\n") {
		t.Errorf("named a gallery: %q", d.Body)
	}
	d = bare(t, "<main><h1>Minister on the talks</h1><article>"+paragraphs(sentence, another, "Related: the paper says nothing about money.", third)+
		"<ul><li>First, <a href=/1>the ceasefire</a> holds.</li><li>Second, prisoners come home.</li></ul></article></main>")
	for _, kept := range []string{"Related: the paper says nothing about money.", "First, the ceasefire holds.", "Second, prisoners come home."} {
		if !strings.Contains(d.Body, kept) {
			t.Errorf("%q is not in %q", kept, d.Body)
		}
	}
}

// A page that is nothing but nested clutter or links is read in bounded time.
func TestClutterIsBounded(t *testing.T) {
	began := time.Now()
	for _, body := range []string{
		strings.Repeat("<div class=related>", 400) + paragraphs(sentence, another, third) + strings.Repeat("<p>x</p>", 5000),
		paragraphs(sentence, another, third) + "<ul>" + strings.Repeat("<li><a href=/1>Minister visits</a></li>", 20000) + "</ul>",
	} {
		_, err := extractor(t, statement.Source{Language: "en"}).Extract(Input{URL: "http://mfa.example/", Body: []byte("<!doctype html><article>" + body), Representation: statement.FromPage})
		t.Log(time.Since(began), err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("%v", took)
	}
}
