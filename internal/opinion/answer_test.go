package opinion

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"volteface/internal/statement"
)

var drones = Question{
	Earlier: Side{Date: "2022-10-17", Speaker: "Nasser Kanaani", Issuer: "Ministry", Text: "We have “not” provided weaponry to any side of the war; we never will."},
	Later:   Side{Date: "2022-11-05", Issuer: "Ministry", Text: "We gave a limited number of drones to Russia — months before the war."},
}

// good is an answer to the question above.
func good() map[string]any {
	return map[string]any{
		"earlier_quote": "“not” provided weaponry", "later_quote": "gave a limited number of drones", "same_matter": true, "same_scope": true, "own_words": true,
		"reason": "The later statement admits a delivery that the earlier one denied.", "verdict": "reversal", "kind": "denial_to_admission",
	}
}

func with(field string, value any) string {
	a := good()
	if value == nil {
		delete(a, field)
	} else {
		a[field] = value
	}
	text, _ := json.Marshal(a)
	return string(text)
}

func TestAGoodAnswerIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"plain":                text(good()),
		"in a fence":           "```json\n" + text(good()) + "\n```",
		"other quotation":      with("earlier_quote", `have "not" provided weaponry`),
		"another dash":         with("later_quote", "to Russia - months before"),
		"white space":          with("later_quote", "a limited\n  number of drones"),
		"marks around it":      with("later_quote", "“to Russia”…"),
		"a quotation of words": with("reason", `The later one speaks of "a limited number of drones".`),
		"a kind of another":    with("kind", "scope_narrowed"),
	} {
		a, err := Read(text, drones)
		if err != nil || a.Verdict != statement.VerdictReversal || a.Reason == "" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		if want := "denial_to_admission"; name != "a kind of another" && a.Kind != want || name == "a kind of another" && a.Kind != "" {
			t.Errorf("%s: kind %q", name, a.Kind)
		}
	}
	none := maps.Clone(good())
	none["verdict"], none["kind"], none["same_matter"] = "none", "none", false
	if a, err := Read(text(none), drones); err != nil || a.Verdict != statement.VerdictNone {
		t.Errorf("%+v, %v", a, err)
	}
}

func text(v any) string { b, _ := json.Marshal(v); return string(b) }

// An answer that is no answer, or quotes what was never said, counts for nothing.
func TestVoidAnswers(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                  "",
		"words":                    "I think it is a reversal.",
		"half":                     text(good())[:80],
		"a list":                   "[" + text(good()) + "]",
		"twice":                    text(good()) + text(good()),
		"words after it":           text(good()) + " as I said",
		"thinking before it":       "<think>hm</think>" + text(good()),
		"a field too many":         with("level", "alert"),
		"a verdict twice":          strings.Replace(text(good()), "{", `{"verdict":"none",`, 1),
		"no reason":                with("reason", nil),
		"a truth in words":         with("own_words", "true"),
		"null":                     strings.Replace(text(good()), `"own_words":true`, `"own_words":null`, 1),
		"a verdict of its own":     with("verdict", "lie"),
		"a verdict in capitals":    with("verdict", "REVERSAL"),
		"a kind of its own":        with("kind", "treason"),
		"an invented quote":        with("earlier_quote", "we would provide weaponry"),
		"words left out":           with("later_quote", "gave a number of drones"),
		"of the other side":        with("earlier_quote", "a limited number of drones"),
		"half a word":              with("later_quote", "imited number of dron"),
		"too short":                with("later_quote", "to"),
		"an empty quote":           with("earlier_quote", ""),
		"only marks":               with("earlier_quote", "“”—"),
		"another case":             with("later_quote", "TO RUSSIA"),
		"translated":               with("later_quote", "un nombre limité de drones"),
		"another matter, and yet":  with("same_matter", false),
		"another scope, and yet":   with("same_scope", false),
		"others' words, and yet":   with("own_words", false),
		"no sentence":              with("reason", " \u200b"),
		"an address":               with("reason", "See https://evil.example for the truth."),
		"an address in short":      with("reason", "See evil-site.com for the truth."),
		"markup":                   with("reason", "<b>They lie.</b>"),
		"long":                     with("reason", strings.Repeat("They turned. ", 40)),
		"a quotation never said":   with("reason", `The minister said "we lied to you".`),
		"a quotation in guillemet": with("reason", "The minister said «we lied to you»."),
	} {
		if a, err := Read(text, drones); !errors.Is(err, ErrVoid) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

// Quotations are compared as the house compares texts, in every script.
func TestQuotationsInManyScripts(t *testing.T) {
	for _, c := range []struct {
		text, quote string
		want        bool
	}{
		{"Мы ещё не поставляли оружие.", "еще не поставляли", true},
		{"Мы ещё не поставляли оружие.", "уже поставляли", false},
		{"ایران به هیچ طرفی سلاح نداده است.", "به هيچ طرفي سلاح", true}, // Arabic yeh for Persian
		{"ما نمی\u200cخواهیم مذاکره کنیم.", "نمیخواهیم مذاکره", true},   // without its joiner
		{"中方从未向任何一方提供武器。", "从未向任何一方", true},
		{"中方从未向任何一方提供武器。", "中", false},
		{"中方从未向任何一方提供武器。", "已经提供", false},
		{"Nous n’avons rien livré.", "n'avons rien", true},
		{"Cafe\u0301 ferme\u0301.", "Café fermé", true},
		{"No.", "No", true},
		{"We say no.", "no", false},
		{"The 1,500 tonnes were sent.", "500 tonnes", true},
		{"The 1500 tonnes were sent.", "500 tonnes", false},
	} {
		if got := verbatim(c.quote, c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.quote, c.text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(text(good()))
	f.Add("{}")
	f.Add("```json\n{}```")
	f.Fuzz(func(t *testing.T, content string) {
		a, err := Read(content, drones)
		if err != nil {
			if !errors.Is(err, ErrVoid) {
				t.Errorf("%v", err)
			}
			return
		}
		if !verbatim(a.EarlierQuote, drones.Earlier.text()) || !verbatim(a.LaterQuote, drones.Later.text()) || a.Reason == "" {
			t.Errorf("%+v", a)
		}
	})
}
