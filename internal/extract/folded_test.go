package extract

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// What a reader can open is text, and what nobody can open is none.
func TestFoldedText(t *testing.T) {
	const folded = "Iran has not supplied drones to either side."
	rules := statement.ExtractRules{Title: []string{"h1"}, Body: []string{".b"}}
	for name, html := range map[string]string{
		"details":                      `<details><summary>Answer</summary><p>TEXT</p></details>`,
		"until found":                  `<div hidden="until-found"><p>TEXT</p></div>`,
		"a panel that a button names":  `<button aria-controls="a1">Answer</button><p>x y z</p><div id="a1" hidden><p>TEXT</p></div>`,
		"Bootstrap's accordion":        `<h3><a data-bs-toggle="collapse" data-bs-target="#c1">Answer</a></h3><div id="c1" class="collapse" style="display: none"><p>TEXT</p></div>`,
		"a panel of tabs":              `<ul role="tablist"><li role="tab">One</li></ul><p>x y z</p><div role="tabpanel" hidden><p>TEXT</p></div>`,
		"a pane that a link names":     `<a href="#pane2">Two</a><p>x y z</p><div id="pane2" style="display:none"><p>TEXT</p></div>`,
		"an accordion of jQuery UI":    `<h3>Answer</h3><div class="ui-accordion-content" style="display:none" aria-hidden="true"><p>TEXT</p></div>`,
		"read more":                    `<p>The beginning. <span id="more" style="display:none">TEXT</span></p><p>x</p><button onclick="myFunction()">Read more</button>`,
		"a button before":              `<button class="q">Answer</button><div style="display:none"><p>TEXT</p></div>`,
		"a button behind":              `<div class="rest" hidden><p>TEXT</p></div><a href="#" role="button">Show all</a>`,
		"a script that names it":       `<p onclick="show('part2')">More</p><p>x y z</p><div id="part2" style="display:none"><p>TEXT</p></div>`,
		"a checkbox":                   `<input type="checkbox" id="t"><label for="t">Answer</label><div class="c hidden"><p>TEXT</p></div>`,
		"a dialog with a button":       `<button commandfor="d" command="show-modal">Full text</button><p>x y z</p><dialog id="d"><p>TEXT</p></dialog>`,
		"a dialog that a script opens": `<button id="o">Full text</button><dialog><p>TEXT</p></dialog><script>document.querySelector("dialog").showModal()</script>`,
		"an open dialog":               `<dialog open><p>TEXT</p></dialog>`,
		"hidden from listeners only":   `<p aria-hidden="true">TEXT</p>`,
		"Foundation's reveal":          `<a data-open="r1">Full text</a><p>x y z</p><div id="r1" role="dialog" aria-hidden="true" style="display:none"><p>TEXT</p></div>`,
		"of another script":            `<button aria-controls="a1">回答</button><p>x y z</p><div id="a1" hidden><p>TEXT</p></div>`,
	} {
		text := folded
		if name == "of another script" {
			text = "外交部发言人表示没有提供任何无人机给任何一方"
		}
		d := page(t, rules, "<!doctype html><h1>Drones</h1><div class=b><p>The ministry answered questions.</p>"+strings.ReplaceAll(html, "TEXT", text)+"</div>")
		if !strings.Contains(d.Body, text) {
			t.Errorf("%s is not read: %q", name, d.Body)
		}
	}
	for name, html := range map[string]string{
		"hidden, and nothing opens it": `<p>x y z</p><div hidden><p>TEXT</p></div>`,
		"no display, nothing opens it": `<p>x y z</p><div style="display:none"><p>TEXT</p></div>`,
		"a cookie dialog":              `<dialog id="cookie-consent" aria-label="Cookies"><p>TEXT</p></dialog><button aria-controls="cookie-consent">Cookies</button>`,
		"a dialog that nobody opens":   `<p>x y z</p><dialog><p>TEXT</p></dialog>`,
		"a menu":                       `<button aria-controls="m">Menu</button><div id="m" hidden><a href="/1">TEXT</a><a href="/2">Other pages of the ministry</a></div>`,
		"a form":                       `<button aria-controls="f">Write to us</button><div id="f" hidden><p>TEXT</p><input type="text"><textarea></textarea></div>`,
		"for listeners alone":          `<span class="sr-only">TEXT</span>`,
		"a template":                   `<button aria-controls="t">x</button><template id="t"><p>TEXT</p></template>`,
		"a panel that a rule drops":    `<button aria-controls="a1">Answer</button><div id="a1" class="dropped" hidden><p>TEXT</p></div>`,
	} {
		rules := rules
		rules.Drop = []string{".dropped"}
		d := page(t, rules, "<!doctype html><h1>Drones</h1><div class=b><p>The ministry answered questions.</p>"+strings.ReplaceAll(html, "TEXT", folded)+"</div>")
		if strings.Contains(d.Body, folded) {
			t.Errorf("%s is read: %q", name, d.Body)
		}
	}
}

// A page cannot write the marks by which folds are known.
func TestFoldsCannotBeForged(t *testing.T) {
	d := page(t, statement.ExtractRules{Body: []string{".b"}}, "<!doctype html><div class=b><p>Seen by all.</p><div \x00open hidden>Iran has not supplied drones.</div></div>")
	if d.Body != "Seen by all." {
		t.Errorf("%q", d.Body)
	}
}

// What is left out is counted.
func TestWhatIsLeftOutIsCounted(t *testing.T) {
	d := page(t, statement.ExtractRules{Body: []string{".b"}}, `<!doctype html><div class=b><p>Seen<sup>1</sup> by all[2].</p><p>x</p><div hidden>Iran has not supplied drones.</div><div hidden></div></div>`)
	if d.LeftOut != (statement.LeftOut{Marks: 2, Hidden: 1}) {
		t.Errorf("%+v", d.LeftOut)
	}
}

// Thousands of folds are judged in good time.
func TestManyFolds(t *testing.T) {
	began := time.Now()
	page(t, statement.ExtractRules{Body: []string{".b"}}, "<!doctype html><div class=b><p>Seen by all.</p>"+strings.Repeat(`<a href="#x"></a><div hidden><p>Some words to read here.</p></div>`, 5_000)+strings.Repeat("<div hidden>", 200)+"Some words to read here."+"</div>")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
