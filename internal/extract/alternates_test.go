package extract

import (
	"fmt"
	"testing"
)

// Editions are linked by hreflang and by switches of languages.
func TestAlternates(t *testing.T) {
	for page, want := range map[string]string{
		`<link rel=alternate hreflang=fr-FR href=/fr/7><link rel=alternate hreflang=x-default href=/>`:                    "[{fr http://mfa.example/fr/7}]",
		`<link rel="alternate" type="application/rss+xml" href="/feed"><link rel=stylesheet hreflang=fr href=/a.css>`:     "[]",
		`<a hreflang="ar" href="/ar/7#top">x</a><a href="/en/7">English</a>`:                                              "[{ar http://mfa.example/ar/7}]",
		`<ul><li><a href="/ru/7">Русский</a><li><a href="/uk/7">українська</a><li><a href="/fa/7"> فارسی </a></ul>`:       "[{ru http://mfa.example/ru/7} {uk http://mfa.example/uk/7} {fa http://mfa.example/fa/7}]",
		`<a href="/zh/7">中文</a><a href="/ja/7">日本語</a><a href="/ko/7" title="한국어"><img src=k.png></a>`:                    "[{zh http://mfa.example/zh/7} {ja http://mfa.example/ja/7} {ko http://mfa.example/ko/7}]",
		`<a href="/">Français</a><a href="/">Deutsch</a><a href="javascript:void(0)">Italiano</a>`:                        "[]",
		`<base href="http://mfa.example/news/"><a href="de">Deutsch</a><a href="x">the German edition in our library</a>`: "[{de http://mfa.example/news/de}]",
	} {
		if got := fmt.Sprint(Alternates([]byte("<!doctype html><meta charset=utf-8>"+page), "text/html", "http://mfa.example/en/7")); got != want {
			t.Errorf("%s: %s, want %s", page, got, want)
		}
	}
}
