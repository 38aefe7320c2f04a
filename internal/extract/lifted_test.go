package extract

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// What is raised or lowered never joins the number or the word that it stands
// at, and marks of notes are no text.
func TestRaisedAndLoweredText(t *testing.T) {
	for html, want := range map[string]string{
		`EUR 11<sup>99</sup> per head`:                                  "EUR 11⁹⁹ per head",
		`10<sup>6</sup> units, 40 km<sup>2</sup>`:                       "10⁶ units, 40 km²",
		`10<sup>-6</sup>, 5 s<sup>−1</sup>, Ca<sup>2+</sup>`:            "10⁻⁶, 5 s⁻¹, Ca²⁺",
		`Growth of 1.2<sup>3</sup> per cent`:                            "Growth of 1.2 per cent",
		`at 3<sup>1</sup> per cent in 2027<sup>2</sup> and`:             "at 3 per cent in 2027 and",
		`at 3<sup><a href="#fn1">1</a></sup> per cent`:                  "at 3 per cent",
		`at 3<a href="#fn1"><sup>1</sup></a> per cent`:                  "at 3 per cent",
		`10<sup><a href="#fn6">6</a></sup> units`:                       "10 units",
		`in 2027<a href="#_ftn2">[2]</a> and`:                           "in 2027 and",
		`in 2027<a href="/p.html#_ftn2" id="_ftnref2">2</a> and`:        "in 2027 and",
		`in 2027<a role="doc-noteref" href="#x9">9</a> and`:             "in 2027 and",
		`see <a href="#part2">2</a> and`:                                "see 2 and",
		`see <a href="#notes-on-method">notes on method</a>`:            "see notes on method",
		`the report[3] said`:                                            "the report said",
		`the report<sup>*</sup> and drones<sup>†</sup>.`:                "the report and drones.",
		`the report<sup>a</sup> of 45.3<sup>b</sup> per cent`:           "the report of 45.3 per cent",
		`the report <sup>1</sup>.`:                                      "the report.",
		`the report<sup>1</sup>and`:                                     "the report and",
		`the report<sup>1, 2</sup> and`:                                 "the report and",
		`the 21<sup>st</sup> and 2<sup>nd</sup> session`:                "the 21st and 2nd session",
		`le 1<sup>er</sup> novembre, n<sup>o</sup> 5, M<sup>me</sup> X`: "le 1er novembre, nº 5, Mme X",
		`CO<sub>2</sub>, PM<sub>2.5</sub>`:                              "CO₂, PM₂.₅",
		`1<sup>1</sup>/<sub>2</sub> per cent`:                           "1 1/2 per cent",
		`<sup>3</sup>⁄<sub>4</sub> of all`:                              "3⁄4 of all",
		`<sup>235</sup>U`:                                               "²³⁵U",
		`Brand<sup>TM</sup> and word<sup>new text</sup>here`:            "Brand™ and word new text here",
		`V<sub>max</sub>`:                                               "V max",
		`2027<span style="vertical-align: super">4</span> and`:          "2027 and",
		`2027<span class="footnote-ref">4</span> and`:                   "2027 and",
		`11<span style="font-size:8pt;vertical-align:super">th</span>`:  "11th",
		`статьи 15<sup>1</sup> закона`:                                  "статьи 15¹ закона",
		`in 2027¹ and 10⁶`:                                              "in 2027 and 10⁶",
		`报告<sup>2</sup>指出`:                                              "报告指出",
		`at 3<sup>1</sup>5 per cent`:                                    "at 3 5 per cent",
	} {
		d := page(t, statement.ExtractRules{Title: []string{"h1"}, Body: []string{".b"}}, "<!doctype html><h1>A title"+strings.Repeat("<sup>1</sup>", 1)+"</h1><div class=b><p>"+html+"</p></div>")
		if d.Body != want || d.Title != "A title" {
			t.Errorf("%s:\n %q (%q), want\n %q", html, d.Body, d.Title, want)
		}
	}
}

// Marks in a table of figures are none of its figures.
func TestRaisedTextInTables(t *testing.T) {
	d := page(t, statement.ExtractRules{Body: []string{".b"}}, `<!doctype html><div class=b><table><tr><td>GDP<sup>a</sup></td><td>3.1<sup>2</sup></td></tr><tr><td>Area, km<sup>2</sup></td><td>12</td></tr></table></div>`)
	if want := "GDP | 3.1\nArea, km² | 12"; d.Body != want {
		t.Errorf("%q, want %q", d.Body, want)
	}
}

// A mark behind a date leaves it readable.
func TestMarkBehindDate(t *testing.T) {
	d := page(t, statement.ExtractRules{Body: []string{".b"}, Published: []statement.DateRule{{Selectors: []string{".d"}}}}, `<!doctype html><p class=d>20 November 2026<sup>1</sup></p><div class=b>Text of it.</div>`)
	if d.Published.String() != "2026-11-20" {
		t.Errorf("%s", d.Published)
	}
}

// Elements that are nested as deep as a parser allows are read in good time.
func TestNestedRaisedText(t *testing.T) {
	began := time.Now()
	page(t, statement.ExtractRules{Body: []string{".b"}}, "<!doctype html><div class=b>"+strings.Repeat("<sup>", 400)+strings.Repeat("many words ", 2000)+strings.Repeat("</sup>", 400)+strings.Repeat("<sup>1</sup>", 20000)+"</div>")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
