"""Feeds by every reader, lists of feeds, and pages that announce feeds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import msgspec
from hypothesis import strategies as st

from producers.feeds.articles import item_page
from producers.feeds.broken_markup import read_broken
from producers.feeds.dates import instant
from producers.feeds.discovery import announced_feeds, common_feeds
from producers.feeds.feed import Feed, FeedError, Item
from producers.feeds.json_feed import read_json_feed
from producers.feeds.opml import read_opml, write_opml
from producers.feeds.reading import read_feed
from producers.feeds.xml_text import feed_text, looks_like_page, repaired
from producers.pages.teaser import suffices
from producers.unreadable import ReadError
from schemas.article import Article
from schemas.wire import decode, encode
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import any_text, any_value, as_json, elements, mapping, pieces, prose, written

URL = "https://www.example.org/feeds/all.xml?a=1"
REASONS = {"empty", "not_a_feed", "broken", "too_large"}
T = TypeVar("T")
NOW_MS = 1_795_000_000_000


def read(data: bytes) -> None:
    """By whichever reader it is for."""
    with suppress(FeedError):
        _check(_told(lambda: read_feed(data, URL, "application/rss+xml; charset=windows-1251")))


def read_by_fallback(data: bytes) -> None:
    """By the reader for what no strict parser takes."""
    with suppress(FeedError):
        text = _told(lambda: feed_text(data))
        holds(repaired(repaired(text)) == repaired(text), "repaired twice, it differs")
        looks_like_page(text)
        _check(_told(lambda: read_broken(text, URL)))


def read_as_json(data: bytes) -> None:
    """By the reader of JSON Feed."""
    with suppress(FeedError):
        _check(_told(lambda: read_json_feed(data, URL)))


def _told(reader: Callable[[], T]) -> T:
    """What it reads, or its refusal, with one of the reasons that are told."""
    try:
        return reader()
    except FeedError as error:
        holds(error.reason in REASONS, f"unknown reason {error.reason}")
        raise


def _check(feed: Feed) -> None:
    """Items travel, become articles or say why not, and have dates that are dates."""
    for address in (feed.home_url, feed.self_url, *feed.hubs):
        holds(address is None or address.startswith(("http://", "https://")), f"{address!r} is no address")
    for item in feed.items[:50]:
        holds(item.id, "an item without an id")
        holds(msgspec.json.decode(msgspec.json.encode(item), type=Item) == item, "the item does not travel")
        instant(item.published), instant(item.updated)
        with suppress(ReadError):
            article = item_page(item, URL, NOW_MS).article
            holds(decode(encode(article), Article) == article, "its article does not travel")


def read_list(data: bytes) -> None:
    """Written and read again, it is the same list."""
    with suppress(FeedError):
        found = _told(lambda: read_opml(data))
        urls = [one.url for one in found]
        holds(len(set(urls)) == len(urls), "a feed stands twice in the list")
        again = read_opml(write_opml(found)) if found else []
        holds(
            {one.url: set(one.categories) for one in again}
            == {one.url: set(one.categories) for one in found},
            "the list does not come back",
        )


def read_announcement(data: bytes) -> None:
    """Never raises."""
    for one in [*announced_feeds(data, URL), *common_feeds(URL)]:
        holds(one.url.startswith(("http://", "https://")), f"{one.url!r} is no address")


def read_teaser(data: bytes) -> None:
    """Never raises."""
    suffices(text_of(data))


_RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Harbour News &amp; more</title><link>https://www.example.org/</link><language>ar-EG</language><ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>
<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays><atom:link rel="hub" href="https://hub.example.net/"/>
<item><title>عقوبات جديدة</title><link>https://www.example.org/a/1</link><guid isPermaLink="false">1</guid><pubDate>Fri, 27 Nov 2026 10:00:00 GMT</pubDate>
<dc:creator>Mina Farhat</dc:creator><description>&lt;p&gt;ملخص&lt;/p&gt;</description><content:encoded><![CDATA[<p>نص <b>كامل</b></p>]]></content:encoded></item>
<item><link>/a/2</link></item></channel></rss>"""
_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru" xml:base="https://www.example.org/x/"><title type="text">Новости</title><link rel="self" href="all.xml"/>
<entry><id>urn:1</id><title type="html">Санкции &amp;lt;b&amp;gt;</title><link rel="alternate" type="text/html" href="a/1"/><updated>2026-11-27T10:00:00+03:00</updated>
<published>2026-11-27</published><author><name>Ivan Petrenko</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Текст</p></div></content></entry></feed>"""
_RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://e.example/"><title>t</title></channel>
<item rdf:about="https://e.example/1"><title>제재</title><link>https://e.example/1</link></item></rdf:RDF>"""
_BROKEN = _RSS.replace("</title>", "", 1).replace("&amp;", "&nbsp; & &eacute;")
_JSON = {
    "version": "https://jsonfeed.org/version/1.1", "title": "t", "home_page_url": "https://e.example/", "feed_url": "https://e.example/f", "language": "zh",
    "hubs": [{"type": "WebSub", "url": "https://hub.example.net/"}], "authors": [{"name": "a"}],
    "items": [{"id": 7, "url": "/1", "title": "制裁", "content_html": "<p>文</p>", "date_published": "2026-11-27T10:00:00Z", "authors": [{"name": "b"}]}],
}  # fmt: skip
_OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>l</title></head><body><outline text="World"><outline text="Asia">
<outline type="rss" text="a" xmlUrl="feed://a.example/f" htmlUrl="https://a.example/"/></outline></outline>
<outline text="b" xmlUrl="https://b.example/f" category="/World/Asia,/Law"/></body></opml>"""
_PAGE = """<!DOCTYPE html><html><head><base href="https://www.example.org/x/"><link rel="alternate" type="application/rss+xml" title="Comments" href="c.xml">
<link rel="feed" href="//feeds.example.org/a"></head><body><a href="/rss.xml">RSS <b>x</b></a></body></html>"""
_NAMES = (
    "rss", "channel", "item", "title", "link", "guid", "pubDate", "description", "content:encoded", "dc:date", "author", "feed", "entry", "id",
    "updated", "content", "summary", "rdf:RDF", "ttl", "skipHours", "hour", "skipDays", "day", "media:title", "a:b",
)  # fmt: skip
_ATTRIBUTES = (
    "href",
    "rel",
    "type",
    "xml:lang",
    "xml:base",
    "isPermaLink",
    "rdf:about",
    "src",
    "xmlns",
    "xmlns:media",
    "version",
)
_WORDS = tuple(
    map(
        written,
        (*(f"<{name}>" for name in _NAMES), *(f"</{name}>" for name in _NAMES), *(f' {name}="' for name in _ATTRIBUTES),
         "<![CDATA[", "]]>", "&nbsp;", "&eacute;", "&#55296;", "&a;", "Fri, 27 Nov 2026 10:00:00 GMT", "2026-11-27T10:00:00+99:99", "99999999",
         "encoding='utf-16'", "type='xhtml'", "xmlns:rdf='x'", "<atom:link rel='hub' href='http://['/>"),
    )
)  # fmt: skip
_trees = elements(_NAMES, _ATTRIBUTES)
_documents = st.sampled_from((_RSS, _ATOM, _RDF)).flatmap(
    lambda whole: _trees.map(
        lambda tree: (
            written(whole).replace(b"<item>", b"<item>" + tree).replace(b"<entry>", b"<entry>" + tree)
        )
    )
)
_JSON_WORDS = (
    b'"items":',
    b'"id":',
    b'"url":',
    b'"content_html":',
    b"[",
    b"{",
    b"1e999",
    b'"\\ud800"',
    b"null",
    b'"authors":',
    b'"expired":true',
)
_outlines = elements(
    ("opml", "body", "outline"), ("text", "title", "xmlUrl", "htmlUrl", "category", "XMLURL")
)

TARGETS = (
    Target("feed", read, tuple(map(written, (_RSS, _ATOM, _RDF, _BROKEN))), _documents | _trees, _WORDS),
    Target("feed-broken", read_by_fallback, tuple(map(written, (_BROKEN, _RSS, _ATOM, _RDF))), _documents | _trees, _WORDS, cost=3),
    Target(
        "feed-json",
        read_as_json,
        (as_json(_JSON),),
        mapping(dict.fromkeys(_JSON, any_value | any_text)).map(lambda told: as_json(_JSON | told))
        | mapping(dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text", "date_published", "authors", "author", "language"), any_value | any_text)).map(
            lambda item: as_json(_JSON | {"items": [item]})
        ),
        _JSON_WORDS,
    ),
    Target(
        "opml",
        read_list,
        (written(_OPML),),
        _outlines.map(lambda tree: b"<opml><body>" + tree + b"</body></opml>"),
        (b"<outline ", b"</outline>", b' xmlUrl="', b' text="', b' category="/', b"feed:", b"feed:https://", b"&nbsp;", b"<!DOCTYPE opml ["),
    ),
    Target(
        "discovery",
        read_announcement,
        (written(_PAGE),),
        pieces(("<link rel=alternate type=application/rss+xml href=", "<a href=", "<base href=", "//[", "/rss", ">", "<html>", "'", '"', "<svg>", "</a>", "<!--")),
        (b"<link ", b' rel="alternate"', b"<base href=", b"http://[", b"application/rss+xml", b"<a href=", b"<frameset>"),
    ),
    Target(
        "teaser",
        read_teaser,
        (written(f"<p>{'Ein Satz mit Wörtern. ' * 60}</p><p>Weiterlesen…</p>"), written("<p>The post <a href=x>A</a> appeared first on <a>B</a>.</p>")),
        prose.map(written) | pieces(("<p>", "</p>", "<br>", "<script>", "The post ", "appeared first on ", "weiterlesen", "[…]", "...", ">>", ")]")),
        (b"<p>", b"</p>", b"The post ", b" appeared first on ", "Читать далее".encode(), "…".encode(), b"[...]", b"<script>"),
    ),
)  # fmt: skip
