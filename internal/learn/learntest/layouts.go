package learntest

import (
	"fmt"
	"strings"
	"time"
)

func slug(dir string) func(int, time.Time) string {
	return func(n int, d time.Time) string { return fmt.Sprintf("%s/%s/item-%d", dir, d.Format("2006/01"), 700-n) }
}

func number(dir, tail string) func(int, time.Time) string {
	return func(n int, _ time.Time) string { return fmt.Sprintf("%s/%d%s", dir, 79540-13*n, tail) }
}

func dated(dir, tail string) func(int, time.Time) string {
	return func(n int, d time.Time) string {
		return fmt.Sprintf("%s/%s/t%s_%d%s", dir, d.Format("200601"), d.Format("20060102"), 12035482-9*n, tail)
	}
}

func (s *Site) long(d time.Time) string {
	return fmt.Sprintf("%d %s %d", d.Day(), s.tongue.month(int(d.Month())), d.Year())
}

func (s *Site) american(d time.Time) string { return d.Format(monthDay) }

func layouts() []layout {
	return append(append(append(lists(), cards()...), rows()...), others()...)
}

// lists are listings of list items.
func lists() []layout {
	return []layout{
		{name: "blocks", lang: "en", path: slug("/statements"), frame: modern,
			list: func(s *Site) string {
				return `<ul class="wp-block-post-template">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li class="wp-block-post post-%d type-post"><h2 class="wp-block-post-title"><a href="%s">%s</a></h2>
<div class="wp-block-post-date"><time datetime="%sT18:01:43-04:00">%s</time></div><div class="taxonomy"><a href="/cat/" rel="tag">%s</a></div></li>`,
						900+a.n, a.Path, esc(a.Title), a.Day.Format(time.DateOnly), s.american(a.Day), a.Category)
				}) + `</ul><nav class="wp-block-query-pagination"><a href="/en/press/page/2/" class="wp-block-query-pagination-next">Next</a></nav>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="wp-block-topper"><h1 class="wp-block-topper__headline">%s</h1><div class="wp-block-post-date">
<time datetime="%sT18:01:43-04:00">%s</time></div></div><div class="entry-content wp-block-post-content">%s</div>
<div class="wp-block-post-navigation-link">%s</div>`, esc(a.Title), a.Day.Format(time.DateOnly), s.american(a.Day), paragraphs(a),
					s.some(a, func(o Article) string { return fmt.Sprintf(`<a href="%s">%s</a>`, o.Path, esc(o.Title)) }))
			}},
		{name: "microformat", lang: "ru", path: number("/events/news", ""), frame: boxes, speaks: true,
			list: func(s *Site) string {
				return `<div class="h-feed">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="hentry h-entry"><h3 class="hentry__title"><a href="%s"><span class="entry-title p-name">%s</span></a></h3>
<time class="published dt-published" datetime="%s">%s, 14:30</time></div>`, a.Path, esc(a.Title), a.Day.Format(time.DateOnly), s.long(a.Day)+" года")
				}) + `</div><link rel="next" href="/ru/press/page/2"><a class="pager__next" href="/ru/press/page/2">Далее</a>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="read"><h1 class="entry-title p-name">%s</h1><time class="read__published" datetime="%s">%s года</time>
<div class="read__place p-location">Москва</div><div class="entry-content e-content read__internal_content" itemprop="articleBody">%s</div>
<div class="read__bottommeta"><p>Опубликовано в разделе: Новости</p></div></div>`, esc(a.Title), a.Day.Format(time.DateOnly), s.long(a.Day), turns(a))
			}},
		{name: "brackets", lang: "zh", path: dated("/web/fyrbt", ".shtml"), frame: boxes,
			list: func(s *Site) string {
				return `<div class="newsBd"><ul class="list1">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li><a href="%s" target="_blank">%s</a><span>（%s）</span></li>`, a.Path, esc(a.Title), a.Day.Format(time.DateOnly))
				}) + `</ul></div><div class="page"><a href="index_1.shtml">2</a> <a href="index_2.shtml">3</a> <a href="index_1.shtml">下一页</a></div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="news-main"><h1>%s</h1><div class="news-time time"><span>%s 18:30</span></div>
<div class="news-main-text TRS_UEDITOR">%s</div><div class="news-foot"><a href="#">【打印】</a><a href="#">【关闭】</a></div></div>`,
					esc(a.Title), a.Day.Format("2006年1月2日"), paragraphs(a))
			}},
		{name: "flatlinks", lang: "en", path: dated("./lxjzh", ".html"), frame: modern,
			list: func(s *Site) string {
				return `<ul>` + s.each(func(a Article) string {
					return fmt.Sprintf(`<a href="%s" target="_blank">%s</a>`, a.Path, esc(a.Title))
				}) + `</ul>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="content"><div id="News_Body_Title">%s</div><div id="News_Body_Time">%s</div>
<div id="News_Body_Txt_A">%s</div></div>`, esc(a.Title), a.Day.Format(minuteLayout), paragraphs(a))
			}},
		{name: "nodates", lang: "de", path: number("/de/newsroom/news", ""), frame: modern,
			list: func(s *Site) string {
				return `<section class="u-section"><h2 class="section__headline">Aktuelles</h2><ol class="timeline__container">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li class="timeline__item-wrapper"><div class="c-teaser--timeline"><a href="%s" class="teaser__link" title="%s">
<span class="teaser__subline"><em class="teaser__category">%s</em></span><h3 class="teaser__headline"><span class="teaser__headline-content">%s</span></h3></a></div></li>`,
						a.Path, esc(a.Title), a.Category, cut(a))
				}) + `</ol><div class="section__footer"><a class="c-cta" href="/de/newsroom/news/229994" title="Mehr"><span>Mehr</span></a></div></section>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<article class="s-article"><div class="heading"><span class="heading__title-row"><h1>%s</h1></span>
<span class="heading__meta">%s - %s</span></div><div class="c-rte--default">%s</div></article>`, esc(a.Title), a.Day.Format("02.01.2006"), a.Category, paragraphs(a))
			}},
		{name: "announce", lang: "ru", path: number("/press_service/briefings", "/"), frame: modern, speaks: true,
			list: func(s *Site) string {
				return `<ul class="announce announce_articles">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li class="announce__item"><a class="announce__link" href="%s">%s</a><span class="announce__time">%s</span></li>`,
						a.Path, esc(a.Title), a.Day.Format("02.01.2006")+" 17:12")
				}) + `</ul>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="article-header"><span class="photo-content__date">%s 17:12</span><span class="photo-content__num">1745-%d</span></div>
<h1 class="photo-content__title">%s</h1><div class="article-speaker">%s</div><div class="text article-content">%s</div><div class="share-block"><a href="#vk">VK</a></div>`,
					s.long(a.Day), a.n, esc(a.Title), a.Speaker, paragraphs(a))
			}},
		{name: "behind", lang: "en", path: number("/portal/NewsView", ""), frame: boxes,
			list: func(s *Site) string {
				return `<div class="slider">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="slider-container"><div class="hero-info"><h2 class="titleSlider"><a href='%s'>%s</a></h2><h2 class="leadSlider">.</h2>
<a href='%s' title='Continues %s' class="btn primary-btn">Continues</a><div class="date"><i class="fas fa-calendar"></i> %s</div></div></div>`,
						a.Path, esc(a.Title), a.Path, esc(a.Title), a.Day.Format("2006/01/02"))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<ul class="breadcrumb"><li class="breadcrumb-item"><a href="/">Home</a></li></ul><div class="news-text-full"><h6>News</h6><h4>%s</h4>
<span class="nv-info">%s - 14:05</span>%s</div><div class="tags"><a href="/t/1">#talks</a><a href="/t/2">#ministry</a></div>`,
					esc(a.Title), a.Day.Format("2006/01/02"), paragraphs(a))
			}},
		{name: "onlytwo", lang: "uk", items: 2, path: slug("/news"), frame: modern,
			list: func(s *Site) string {
				return `<div class="news-list">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="news-list__item"><div class="news-list__date">%s</div><a class="news-list__title" href="%s">%s</a><p class="news-list__text">%s</p></div>`,
						s.long(a.Day), a.Path, esc(a.Title), lead(a))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="article"><h1 class="article__title">%s</h1><div class="article__date">%s, 12:40</div><div class="article__text editor-content">%s</div></div>`,
					esc(a.Title), s.long(a.Day), paragraphs(a))
			}},
	}
}

// cut is a title as listings cut it short.
func cut(a Article) string {
	runes := []rune(a.Title)
	if len(runes) > 30 && a.n%2 == 1 {
		return esc(string(runes[:30])) + " …"
	}
	return esc(a.Title)
}

// turns are paragraphs that begin with who speaks.
func turns(a Article) string {
	var b strings.Builder
	for i, p := range a.Paragraphs {
		name := ""
		if i%2 == 0 {
			name = "<b>" + a.Speaker + ":</b> "
		}
		fmt.Fprintf(&b, "<p>%s%s</p>\n", name, esc(p))
	}
	return b.String()
}

// cards are listings of cards.
func cards() []layout {
	return []layout{
		{name: "cardfooter", lang: "en", path: slug("/eeas"), frame: modern,
			list: func(s *Site) string {
				return `<div class="related-grid row">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="col-md-4"><div class="card"><a href="%s" tabindex="-1"><img class="card-img-top" src="/i/%d.jpg" alt=""></a><div class="card-body">
<div class="card-subtitle"><div class="field__item">%s</div></div><h5 class="card-title"><a href="%s">%s</a></h5></div><div class="card-footer node__meta">%s</div></div></div>`,
						a.Path, a.n, a.Category, a.Path, esc(a.Title), a.Day.Format("02.01.2006"))
				}) + `</div><nav class="pager"><ul><li class="pager__item"><a href="?page=1">2</a></li><li class="pager__item pager__item--next"><a href="?page=1" rel="next">Next ›</a></li></ul></nav>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<article class="node node--type-article"><h1 class="node__title">%s</h1><div class="node__meta">%s | %s</div>
<div class="node__content"><div class="field field--name-body"><div class="field__item">%s</div></div></div></article>`,
					esc(a.Title), a.Day.Format("02.01.2006"), a.Category, paragraphs(a))
			}},
		{name: "wholecard", lang: "ja", path: func(n int, d time.Time) string {
			return fmt.Sprintf("/105/statement/%s/%02dshiji%d.html", d.Format("200601"), d.Day(), n)
		}, frame: modern,
			list: func(s *Site) string {
				return `<ul class="panel-article">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<li class="panel-article__item"><a href="%s" class="panel-article__link"><div class="panel-article__media"><picture><img alt src="/t.png"></picture></div>
<div class="panel-article__content"><div class="panel-article__title">%s</div><time class="panel-article__date" datetime="%s">%s</time></div></a></li>`,
						a.Path, esc(a.Title), a.Day.Format(time.DateOnly), a.Day.Format("2006年1月2日"))
				}) + `</ul>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="section"><h1 class="section__title">%s</h1><p class="more-date">令和8年%d月%d日</p><div class="section__text">%s</div></div>
<div class="pagetop"><a href="#top">ページの先頭へ</a></div>`, esc(a.Title), a.Day.Month(), a.Day.Day(), paragraphs(a))
			}},
		{name: "elysee", lang: "fr", path: slug("/emmanuel"), frame: modern,
			list: func(s *Site) string {
				return `<div class="list-cards">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="news-card"><div class="news-card__inner"><span class="news-card__date">%s</span><h2 class="news-card__title"><a href="%s">%s</a></h2><p>%s</p>
<a class="news-card__more" href="%s">Lire la suite</a></div></div>`, s.long(a.Day), a.Path, esc(a.Title), lead(a), a.Path)
				}) + `</div><a class="load-more" href="/fr/press/?page=2">Voir plus</a>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="page-header"><p class="page-header__date">%s</p><h1>%s</h1></div><div class="body-content"><div class="reset-last-space">%s</div></div>
<section class="to-read"><h2>À lire aussi</h2>%s</section>`, s.long(a.Day), esc(a.Title), paragraphs(a),
					s.some(a, func(o Article) string {
						return fmt.Sprintf(`<div class="news-card"><span class="news-card__date">%s</span><h2 class="news-card__title"><a href="%s">%s</a></h2><p>%s</p></div>`, s.long(o.Day), o.Path, esc(o.Title), lead(o))
					}))
			}},
		{name: "spa", lang: "ar", path: number("/ar/news", ""), frame: modern,
			list: func(s *Site) string {
				return `<div class="news-grid">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="news-box"><a class="news-box__image" href="%s"><img src="/%d.jpg" alt=""></a><div class="news-box__body"><span class="news-box__date">%s</span>
<a class="news-box__title" href="%s">%s</a><a class="news-box__more" href="%s">اقرأ المزيد</a></div></div>`, a.Path, a.n, arabic(s.long(a.Day)), a.Path, esc(a.Title), a.Path)
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="story"><h1 class="story__title">%s</h1><div class="story__info"><span class="story__date">%s</span><span class="story__city">الرياض</span></div>
<div class="story__text">%s</div><ul class="story__share"><li><a href="#x">X</a></li><li><a href="#f">Facebook</a></li></ul></div>`, esc(a.Title), arabic(s.long(a.Day)), paragraphs(a))
			}},
		{name: "calendarbox", lang: "tr", path: number("/tr/haberler/542", "/haber"), frame: boxes,
			list: func(s *Site) string {
				return `<div class="haberler">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="haber"><div class="takvim"><span class="gun">%d</span><span class="ay">%s</span><span class="yil">%d</span></div><div class="metin"><a href="%s">%s</a></div></div>`,
						a.Day.Day(), s.tongue.month(int(a.Day.Month())), a.Day.Year(), a.Path, esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="detay"><h2 class="baslik">%s</h2><div class="tarih">%s</div><div class="icerik">%s</div></div>`, esc(a.Title), a.Day.Format("02.01.2006"), paragraphs(a))
			}},
		{name: "hashed", lang: "en", path: slug("/en/article"), frame: modern,
			list: func(s *Site) string {
				return `<div class="css-1q2w3e">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="css-9k8j7h Card_card__x8Kd2"><a href="%s" class="css-77fa1c"><img src="/g/%d.jpg" alt="Picture of the meeting, %d"></a>
<div class="Card_body__Zp31q"><h2 class="css-1b5e9d"><a href="%s">%s</a></h2></div></div>`, a.Path, a.n, a.n, a.Path, esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<div class="css-0a1b2c"><h1 class="css-zz91x2">%s</h1><div class="Article_meta__h3Rw9"><time datetime="%sT09:00:00Z">%s</time></div>
<div class="Article_content__Ty7e1">%s</div></div>`, esc(a.Title), a.Day.Format(time.DateOnly), s.american(a.Day), paragraphs(a))
			}},
		{name: "oneonly", lang: "es", items: 1, path: slug("/noticias"), frame: modern,
			list: func(s *Site) string {
				return `<h1>Notas de prensa</h1><div class="listado">` + s.each(func(a Article) string {
					return fmt.Sprintf(`<div class="nota"><p class="nota__fecha">%s</p><h2 class="nota__titulo"><a href="%s">%s</a></h2></div>`, s.spanish(a.Day), a.Path, esc(a.Title))
				}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<article><h1>%s</h1><p class="fecha">%s</p><div class="cuerpo">%s</div></article>`, esc(a.Title), s.spanish(a.Day), paragraphs(a))
			}},
		{name: "featured", lang: "en", path: slug("/press"), frame: modern,
			list: func(s *Site) string {
				first := s.Articles[0]
				rest := *s
				rest.Articles = s.Articles[1:]
				return fmt.Sprintf(`<section class="hero"><a href="%s"><h2>%s</h2><p class="hero-date">%s</p></a></section><div class="views-rows">`, first.Path, esc(first.Title), s.american(first.Day)) +
					rest.each(func(a Article) string {
						return fmt.Sprintf(`<div class="views-row"><span class="views-date">%s</span><h3><a href="%s">%s</a></h3></div>`, s.american(a.Day), a.Path, esc(a.Title))
					}) + `</div>`
			},
			page: func(s *Site, a Article) string {
				return fmt.Sprintf(`<h1 class="page-title">%s</h1><p class="release-date">FOR IMMEDIATE RELEASE: %s</p><div class="release-body">%s</div>`, esc(a.Title), s.american(a.Day), paragraphs(a))
			}},
	}
}

func (s *Site) spanish(d time.Time) string {
	return fmt.Sprintf("%d de %s de %d", d.Day(), s.tongue.month(int(d.Month())), d.Year())
}

// arabic writes figures as Arabic does in the east.
func arabic(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '٠' + r - '0'
		}
		return r
	}, s)
}
