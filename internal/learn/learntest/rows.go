package learntest

import (
	"fmt"
	"strings"
	"time"

	"github.com/jalaali/go-jalaali"
)

// rows are listings in tables and definition lists.
func rows() []layout {
	return []layout{
		{name: "grid", lang: "tr", path: number("/no", ".tr.mfa"), frame: tables,
			prefix: func(s *Site, a Article) string { return fmt.Sprintf("No: %d, %s, ", 187-a.n, s.long(a.Day)) },
			list: func(s *Site) string {
				return `<table class="GridView" id="ctl00_grd">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<tr><td><a href="%s">%s</a></td></tr>`, a.Path, esc(a.Title))
				}) + `<tr class="pager"><td><a href="javascript:__doPostBack('grd','Page$2')">2</a></td></tr></table>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="ms-content"><h3 class="haber-baslik">%s</h3><div class="ms-rte">%s</div></div>`, esc(a.Title), paragraphs(a))
			}},
		{name: "plaintable", lang: "en", path: number("/press/releases", ".html"), frame: tables,
			list: func(s *Site) string {
				return `<h2>Press releases</h2><table border="1"><tr><th>Date</th><th>Title</th><th>Kind</th></tr>` + s.each(func(a Article) string {
					return fmt.Sprintf(`<tr><td>%s</td><td><a href="%s">%s</a></td><td>%s</td></tr>`, a.Day.Format(shortMonth), a.Path, esc(a.Title), a.Category)
				}) + `</table>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<h2>%s</h2><p><i>%s</i></p>%s`, esc(a.Title), a.Day.Format(dayMonth), paragraphs(a))
			}},
		{name: "definition", lang: "de", path: number("/presse", "/mitteilung"), frame: boxes,
			list: func(s *Site) string {
				return s.each(func(a Article) string {
					return fmt.Sprintf(`<dl><dt class="date">%s</dt><dd><a href="%s">%s</a></dd></dl>`, a.Day.Format("02.01.2006"), a.Path, esc(a.Title))
				})
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<h1>%s</h1><div class="info"><span class="datum">Berlin, %s</span></div><p class="teaser">%s</p><div class="artikeltext">%s</div>`,
					esc(a.Title), s.german(a.Day), lead(a), rest(a))
			}},
		{name: "onelist", lang: "en", path: slug("/news"), frame: modern,
			list: func(s *Site) string {
				return `<dl class="releases">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<dt>%s</dt><dd><a href="%s">%s</a></dd>`, s.long(a.Day), a.Path, esc(a.Title))
				}) + `</dl>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<h1>%s</h1><p class="dateline">%s</p><div class="bodytext">%s</div>`, esc(a.Title), s.long(a.Day), paragraphs(a))
			}},
		{name: "daygroups", lang: "ja", path: slug("/press/release"), frame: modern,
			list: func(s *Site) string {
				return `<div id="maincontents">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<h2 class="title2">%s</h2><ul class="link-list"><li><a href="%s">%s</a></li></ul>`, a.Day.Format("2006年1月2日"), a.Path, esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div id="maincontents"><h1 class="title1">%s</h1><p class="rightalign">令和8年%d月%d日</p><div class="any-area">%s</div></div>`,
					esc(a.Title), a.Day.Month(), a.Day.Day(), paragraphs(a))
			}},
		{name: "pressgrid", lang: "en", path: func(n int, _ time.Time) string {
			return fmt.Sprintf("/press-releases.htm/dtl/%d/Statement_%d", 38400-n, n)
		}, frame: boxes,
			list: func(s *Site) string {
				return `<ul class="commonListing">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li><span class="date">%s</span><h3 class="pressTitle"><a href="%s">%s</a></h3></li>`, a.Day.Format(dayMonthComma), a.Path, esc(a.Title))
				}) + `</ul>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="innerContent"><h2 class="titleText">%s</h2><span class="date">%s</span><div class="description">%s<p>New Delhi<br>%s</p></div></div>`,
					esc(a.Title), a.Day.Format(monthDayTwo), paragraphs(a), a.Day.Format(monthDayTwo))
			}},
		{name: "solar", lang: "fa", path: number("/fa", ""), frame: boxes,
			list: func(s *Site) string {
				return `<div class="box-list">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="box-item"><a class="box-title" href="%s">%s</a><time>%s</time></div>`, a.Path, esc(a.Title), solar(a.Day))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<h1 class="header-c1">%s</h1><div class="meta-c1"><a href="/cat/1">بیانیه</a> <span class="date-c1">%s</span></div><article>%s</article>`,
					esc(a.Title), solar(a.Day), paragraphs(a))
			}},
	}
}

func (s *Site) german(d time.Time) string {
	return fmt.Sprintf("%d. %s %d", d.Day(), s.tongue.month(int(d.Month())), d.Year())
}

// solar is a date of the Solar Hijri calendar.
func solar(d time.Time) string {
	year, month, day, err := jalaali.ToJalaali(d.Year(), d.Month(), d.Day())
	if err != nil {
		panic(err)
	}
	months := strings.Fields("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند")
	return persian(fmt.Sprintf("%d %s %d", day, months[month-1], year))
}

func persian(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '۰' + r - '0'
		}
		return r
	}, s)
}

// others have their date or text where it is harder to find.
func others() []layout {
	return []layout{
		{name: "lastline", lang: "en", path: func(n int, _ time.Time) string { return fmt.Sprintf("/en/article/q/%x.kcmsf", 0xabcdef01+n*7717) }, frame: boxes,
			list: func(s *Site) string {
				return `<div class="article-list">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<p class="article-link"><a href="%s">%s</a> [%s]</p>`, a.Path, esc(a.Title), a.Day.Format("2006.01.02"))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="article-main-title">%s</div><div class="content-wrapper">%s<span class="publish-time">www.agency.example (%s)</span></div>`,
					esc(a.Title), paragraphs(a), a.Day.Format("2006.01.02"))
			}},
		{name: "bogusld", lang: "zh", path: number("/NEWS", ""), frame: modern,
			list: func(s *Site) string {
				return `<div class="news-list">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<a class="news-item" href="%s"><span class="news-date">民國115年%02d月%02d日</span><p class="news-name">%s</p></a>`, a.Path, a.Day.Month(), a.Day.Day(), esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2017-01-01T00:00:00Z"}</script>
<div class="president"><h1>%s</h1><div class="pageDate1">%s</div><div class="pageText">%s</div></div>`, esc(a.Title), a.Day.Format("2006-01-02"), paragraphs(a))
			}},
		{name: "metadate", lang: "he", path: slug("/he/pages"), frame: modern,
			list: func(s *Site) string {
				return `<ul class="results">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li class="result"><h3><a href="%s">%s</a></h3><p>%s</p></li>`, a.Path, esc(a.Title), lead(a))
				}) + `</ul>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<meta property="article:published_time" content="%sT08:00:00Z"><h1 class="page-h1">%s</h1><div class="rte">%s</div>`, a.Day.Format(time.DateOnly), esc(a.Title), paragraphs(a))
			}},
		{name: "byline", lang: "en", path: slug("/speeches"), frame: boxes, speaks: true,
			list: func(s *Site) string {
				return `<div class="search-results">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="search-result"><h4><a href="%s">%s</a></h4><div class="meta"><span class="type">%s</span> | <span class="on">Published %s</span></div></div>`,
						a.Path, esc(a.Title), a.Category, s.long(a.Day))
				}) + `</div><div class="pagination"><span class="current">1</span><a href="?p=2">2</a><a href="?p=3">3</a><a href="?p=2">»</a></div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="speech"><h1>%s</h1><dl class="facts"><dt>Delivered by</dt><dd class="speaker">%s</dd><dt>Published</dt><dd class="when">%s</dd></dl>
<div class="speech-text">%s<div class="share-this"><p>Share this page: <a href="#a">Mail</a> <a href="#b">Print</a></p></div></div></div>`,
					esc(a.Title), a.Speaker, s.long(a.Day), paragraphs(a))
			}},
		{name: "emptyclasses", lang: "fr", path: slug("/fr/actualites"), frame: modern,
			list: func(s *Site) string {
				return `<section><h2>Actualités</h2>` + s.each(func(a Article) string {
					return fmt.Sprintf(`<article><header><h3><a href="%s">%s</a></h3></header><footer><time>%s</time></footer></article>`, a.Path, esc(a.Title), a.Day.Format("02/01/2006"))
				}) + `</section>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<article><header><h1>%s</h1><p>Publié le <time>%s</time></p></header><section>%s</section><footer><p>Partager</p><a href="#m">Courriel</a></footer></article>`,
					esc(a.Title), a.Day.Format("02/01/2006"), paragraphs(a))
			}},
		{name: "chapo", lang: "en", path: func(n int, d time.Time) string {
			return fmt.Sprintf("/news/en/press-room/%sIPR%d/title-%d", d.Format("20060102"), 56948-n, n)
		}, frame: modern,
			list: func(s *Site) string {
				return `<div class="ep_gridrow">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<article class="ep-m_product"><div class="ep_title"><a href="%s"><span class="ep_name">%s</span></a></div><div class="ep_subtitle"><time itemprop="datePublished" datetime="%s">%s</time></div><div class="ep-a_text">%s</div></article>`,
						a.Path, esc(a.Title), a.Day.Format(secondLayout), a.Day.Format("02-01-2006"), lead(a))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div id="website-body"><h1 class="ep_title">%s</h1><div class="ep_subtitle"><time itemprop="datePublished" datetime="%s">%s</time></div>
<div class="ep-a_text ep-layout_chapo"><p>%s</p></div><div class="ep-a_share"><ul><li><a href="#t">Twitter</a></li></ul></div><div class="ep-a_text">%s</div></div>
<div class="ep_related"><h2>Related</h2>%s</div>`, esc(a.Title), a.Day.Format(secondLayout), a.Day.Format("02-01-2006"), lead(a), rest(a),
					s.some(a, func(o Article) string {
						return fmt.Sprintf(`<div class="ep_related_item"><a href="%s">%s</a></div>`, o.Path, esc(o.Title))
					}))
			}},
		{name: "wholepage", lang: "es", path: number("/prensa", ""), frame: modern,
			list: func(s *Site) string {
				return `<div class="paginado">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<p><strong>%s</strong> <a href="%s">%s</a></p>`, a.Day.Format("02/01/2006"), a.Path, esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="contenido"><h2 class="titulo">%s</h2><p class="fecha">Madrid, %s</p>%s<div class="compartir"><span>Compartir</span><a href="#w">WhatsApp</a></div>
<ul class="relacionadas">%s</ul></div>`, esc(a.Title), s.spanish(a.Day), paragraphs(a), s.some(a, func(o Article) string { return fmt.Sprintf(`<li><a href="%s">%s</a></li>`, o.Path, esc(o.Title)) }))
			}},
	}
}
