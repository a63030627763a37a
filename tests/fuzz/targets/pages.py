"""HTML: a fetched page into an article, and an article's page through the stage that cleans it."""

from __future__ import annotations

import html
import unicodedata
from contextlib import suppress

from hypothesis import strategies as st

from processors.boilerplate import BoilerplateStage
from processors.language import LanguageStage
from processors.stage import Dropped, PermanentError
from producers.fetching import Response
from producers.pages.page import Hints, PageError, read_page
from schemas.article import Article, Raw
from schemas.identity import normalise_text
from schemas.wire import decode, encode
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import elements, pieces, prose, sentences, written

URL = "https://www.example.org/news/a-12.html?x=1"
NOW_MS = 1_795_000_000_000
REASONS = {"unreadable_html", "too_large"}


def read_html(data: bytes) -> None:
    """Through the stages that read a page. No letter in the article that isn't in the page."""
    page = data.decode("utf-8", "replace")
    article = Article(
        id="a",
        source="s",
        fetched_at="2026-11-27T10:00:00.000Z",
        raw=Raw(content=page, format="html"),
        url=URL,
    )
    try:
        told = LanguageStage()(article)
        found = told if isinstance(told, Dropped) else BoilerplateStage()(told)
    except PermanentError as error:
        holds(error.reason in REASONS, f"unknown reason {error.reason}")
        return
    if isinstance(found, Dropped):
        return
    holds(decode(encode(found), Article) == found, "the article does not travel")
    assert found.clean is not None
    once = html.unescape(page)
    there = _letters(page) | _letters(once) | _letters(html.unescape(once))
    holds(_letters(found.clean.text) <= there, "letters in the text that are not in the page")
    holds(_letters(found.clean.title or "") <= there, "letters in the title that are not in the page")


def _letters(text: str) -> set[str]:
    """Without their accents: what stood between a letter and its accent may be no character of HTML's."""
    return {letter for letter in unicodedata.normalize("NFD", normalise_text(text)) if letter.isalnum()}


def read_answer(data: bytes) -> None:
    """The first line is the Content-Type, the second the Link header, the rest the page."""
    kind, link, body = ([*data.split(b"\n", 2), b"", b""])[:3]
    headers = {"content-type": kind.decode("latin-1"), "link": link.decode("latin-1")}
    response = Response(url=URL, status=200, headers=headers, body=body, redirects=())
    with suppress(PageError):
        article = read_page(response, URL, Hints(), NOW_MS).article
        holds(decode(encode(article), Article) == article, "the article does not travel")


_ARTICLE = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>عقوبات جديدة | الميناء</title><link rel="canonical" href="https://www.example.org/news/a-12.html">
<meta property="og:title" content="عقوبات جديدة"><meta property="article:published_time" content="2026-11-27T10:00:00+03:00"><meta name="author" content="منى فرحات">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"عقوبات جديدة","datePublished":"2026-11-27","author":[{"@type":"Person","name":"منى فرحات"}]}</script></head>
<body><nav><a href="/">الرئيسية</a> <a href="/s">رياضة</a></nav><article><h1>عقوبات جديدة</h1><p class="date">27 نوفمبر 2026</p>
<p>فرضت وزارة الخزانة الأميركية عقوبات على ١٤ شخصاً وكيانين في طهران، وقالت إن الأصول ستُجمَّد فوراً.</p><p>وقال المتحدث إن القرار يشمل شركة «نجم البحر» للملاحة ومديرها، وإن المزيد قادم في الأسابيع المقبلة.</p>
<table><tr><td>أ</td><td>ب</td></tr></table><ul><li>بند</li></ul></article><footer>© 2026</footer></body></html>"""
_ENGLISH = """<html><head><title>Asset freeze</title></head><body><div id="content"><h2>Asset freeze for harbour firm</h2>
<p>The Ministry of Trade of Belmaria imposed sanctions on 14 persons and 3 companies on Monday, it said in a statement to reporters.</p>
<p>The measures take effect at once; the ministry named Tarsin Marine Works &amp; Sons among those listed, and said more would follow.</p><br>
<blockquote>“We will not yield”</blockquote></div><div class="comments"><p>First!</p></div></body></html>"""
_TAGS = (
    "html", "head", "body", "article", "div", "p", "h1", "h2", "span", "a", "ul", "li", "table", "tr", "td", "title", "meta", "script", "style", "time", "blockquote",
    "br", "img", "iframe", "svg", "math", "template", "noscript", "form", "select", "frameset", "pre", "textarea",
)  # fmt: skip
_ATTRIBUTES = (
    "class",
    "id",
    "href",
    "content",
    "property",
    "name",
    "lang",
    "dir",
    "datetime",
    "style",
    "hidden",
    "itemprop",
)
_LD = (
    '{"@type":"NewsArticle","headline":"',
    '"datePublished":',
    "[",
    "]",
    "{",
    "}",
    '"author":',
    "null",
    ",",
    '"@graph":',
    '"name":',
    '"\\ud800"',
    "1e999",
)
_trees = elements(_TAGS, _ATTRIBUTES)
_around = st.builds(
    lambda tree, lines: f"<html><body><article>{''.join(f'<p>{line}</p>' for line in lines)}".encode() + tree,
    _trees,
    st.lists(sentences, max_size=8),
)
_data = pieces(_LD, prose, 30).map(
    lambda data: (
        b'<html><head><script type="application/ld+json">'
        + data
        + b"</script></head><body><p>"
        + _ENGLISH[100:400].encode()
    )
)
_shapes = st.one_of(_trees, _around, _around, _data)
_WORDS = tuple(
    map(
        written,
        (*(f"<{tag}>" for tag in _TAGS), *(f"</{tag}>" for tag in _TAGS), *(f' {name}="' for name in _ATTRIBUTES), "<p>", "</p>", "<br>" * 20, "<!--", "-->", "<![CDATA[",
         "<div>" * 300, "<b>" * 300, "<table><tr><td>" * 60, "&nbsp;", "&#0;", "&#x202e;", "<p hidden>", "<plaintext>", "<a href='http://['>", "<link rel=canonical href='//['>"),
    )
)  # fmt: skip
_PAGES = tuple(map(written, (_ARTICLE, _ENGLISH)))

TARGETS = (
    Target("html", read_html, _PAGES, _shapes, _WORDS, cost=5),
    Target(
        "page",
        read_answer,
        tuple(b'text/html; charset=utf-8\n</news/a-12.html>; rel="canonical"\n' + page for page in _PAGES),
        _shapes.map(lambda page: b"text/html\n\n" + page),
        (
            *_WORDS,
            b"charset=",
            b"windows-1256",
            b"<>; rel=canonical",
            b"//www.example.org/x",
            b"<base href='//['>",
            b"og:url",
            b"http://www.example.org:99999/a",
        ),
        cost=5,
    ),
)
