"""Feeds of every form with every classic trap."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from producers.feeds.feed import FEED_BYTES_MAX, Feed, FeedError, Item
from producers.feeds.reading import read_feed
from tests.pace import within

URL = "https://feeds.example.org/news/all.xml"
RSS = '<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Wire</title><link>https://www.example.org/</link>{channel}{items}</channel></rss>'


def rss(items: str = "", channel: str = "", encoding: str = "utf-8") -> bytes:
    return RSS.format(items=items, channel=channel, encoding=encoding).encode(encoding, "xmlcharrefreplace")


def one(body: bytes, content_type: str = "") -> Item:
    (item,) = read_feed(body, URL, content_type).items
    return item


def test_rss_with_all_there_is() -> None:
    feed = read_feed(
        rss(
            "<item><title>منح الإذن</title><link>https://www.example.org/1</link><guid isPermaLink='false'>n-1</guid>"
            "<pubDate>Fri, 27 Nov 2026 10:00:00 +0300</pubDate><description>&lt;p&gt;Short&lt;/p&gt;</description>"
            "<content:encoded><![CDATA[<p>Long <b>text</b></p>]]></content:encoded>"
            "<dc:creator>Lina Qasim</dc:creator><dc:creator>R. Adel</dc:creator><media:title>A picture</media:title></item>",
            "<language>ar-sa</language><ttl>45</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
            "<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>noon</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
            "<atom:link rel='hub' href='https://hub.example.net/'/><atom:link rel='self' href='https://feeds.example.org/news/all'/>",
        ),
        URL,
    )
    (item,) = feed.items
    assert (item.id, item.url, item.title) == ("n-1", "https://www.example.org/1", "منح الإذن")
    assert (item.summary, item.content) == ("<p>Short</p>", "<p>Long <b>text</b></p>")
    assert (item.published, item.updated, item.language) == ("2026-11-27T10:00:00+03:00", None, "ar-sa")
    assert item.authors == ("Lina Qasim", "R. Adel")
    assert (feed.form, feed.title, feed.home_url) == ("RSS 2.0", "Wire", "https://www.example.org/")
    assert (feed.hubs, feed.self_url) == (("https://hub.example.net/",), "https://feeds.example.org/news/all")
    assert (feed.pace.ttl_seconds, feed.pace.update_seconds) == (2700, 21_600)
    assert (set(feed.pace.skip_hours), set(feed.pace.skip_days)) == ({0, 3}, {6})


def test_atom_with_all_there_is() -> None:
    feed = read_feed(
        """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko" xml:base="https://www.example.org/a/">
        <title type="html">News &amp;amp; &lt;i&gt;views&lt;/i&gt;</title><link rel="self" href="/all.atom"/><link href="/"/>
        <link rel="hub" href="https://hub-1.example.net/"/><link rel="hub" href="https://hub-2.example.net/"/>
        <entry><id>tag:example.org,2026:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">제재 <em>해제</em></div></title>
        <link rel="enclosure" type="audio/mpeg" href="1.mp3"/><link rel="alternate" type="application/json" href="1.json"/>
        <link rel="alternate" type="text/html" href="1.html"/><published>2026-11-27T01:00:00Z</published><updated>2026-11-27T02:00:00Z</updated>
        <author><name>김하늘</name><email>k@example.org</email></author><author><name>이서준</name></author>
        <summary>1 &lt; 2</summary><content type="xhtml" xml:lang="en"><div xmlns="http://www.w3.org/1999/xhtml"><p>One<br/>two</p></div></content></entry>
        <entry xml:base="https://other.example.org/"><id>tag:example.org,2026:2</id><title>Elsewhere</title><link href="2.html"/>
        <content type="image/png">aGVsbG8=</content></entry>
        </feed>""".encode(),
        URL,
    )
    first, second = feed.items
    assert (first.title, first.url) == ("제재 해제", "https://www.example.org/a/1.html")
    assert (first.summary, first.content) == ("<p>1 &lt; 2</p>", "<p>One<br>two</p>")
    assert (first.published, first.updated) == ("2026-11-27T01:00:00+00:00", "2026-11-27T02:00:00+00:00")
    assert (first.authors, first.language) == (("김하늘", "이서준"), "ko")
    assert (second.url, second.content, second.published) == ("https://other.example.org/2.html", "", None)
    assert (feed.form, feed.title, feed.self_url) == (
        "Atom",
        "News & views",
        "https://www.example.org/all.atom",
    )
    assert feed.hubs == ("https://hub-1.example.net/", "https://hub-2.example.net/")


def test_json_feed_of_both_versions() -> None:
    feed = read_feed(
        codecs.BOM_UTF8
        + json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1", "title": "Haber", "home_page_url": "https://www.example.org/",
                "feed_url": "https://www.example.org/feed.json", "language": "tr", "authors": [{"name": "Masa"}],
                "hubs": [{"type": "WebSub", "url": "https://hub.example.net/"}],
                "items": [
                    {"id": 7, "url": "/7", "title": "Yaptırım", "content_html": "<p>Uzun</p>", "summary": "Kısa & öz",
                     "date_published": "2026-11-27T10:00:00+03:00", "authors": [{"name": "D. Er"}]},
                    {"id": "8", "external_url": "https://other.example.org/8", "content_text": "Bir <\nİki", "author": {"name": "S. Ak"}, "language": "de"},
                    {"id": "9", "title": None, "authors": "nobody", "date_published": 5},
                    "no item", {"title": "no id"},
                ],
            }
        ).encode(),
        URL,
    )  # fmt: skip
    html, text, odd = feed.items
    assert (html.id, html.url, html.summary, html.content) == (
        "7",
        "https://www.example.org/7",
        "<p>Kısa &amp; öz</p>",
        "<p>Uzun</p>",
    )
    assert (html.published, html.authors, html.language) == ("2026-11-27T10:00:00+03:00", ("D. Er",), "tr")
    assert (text.url, text.content, text.authors, text.language) == (
        "https://other.example.org/8",
        "<p>Bir &lt;</p><p>İki</p>",
        ("S. Ak",),
        "de",
    )
    assert (odd.title, odd.authors, odd.published) == ("", ("Masa",), None)
    assert (feed.hubs, feed.self_url) == (("https://hub.example.net/",), "https://www.example.org/feed.json")


def test_rdf_keeps_its_items_beside_the_channel() -> None:
    feed = read_feed(
        b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://www.example.org/"><title>Old</title><link>https://www.example.org/</link><dc:language>fr</dc:language></channel>
        <item rdf:about="https://www.example.org/1"><title>Un</title><link>https://www.example.org/1</link><dc:date>2026-11-27T10:00+01:00</dc:date></item>
        <item rdf:about="https://www.example.org/2"><title>Deux</title></item></rdf:RDF>""",
        URL,
    )
    assert [(item.id, item.url, item.language) for item in feed.items] == [
        ("https://www.example.org/1", "https://www.example.org/1", "fr"),
        ("https://www.example.org/2", "https://www.example.org/2", "fr"),
    ]
    assert (feed.form, feed.title, feed.items[0].published) == ("RSS 1.0", "Old", "2026-11-27T10:00:00+01:00")


@pytest.mark.parametrize("version", ["0.91", "0.92"])
def test_rss_before_two_with_its_doctype(version: str) -> None:
    body = f"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.example.com/rss-0.91.dtd">
    <rss version="{version}"><channel><title>Old</title><item><title>One</title><link>https://www.example.org/1</link></item></channel></rss>"""
    feed = read_feed(body.encode(), URL)
    assert (feed.form, feed.items[0].id) == (f"RSS {version}", "https://www.example.org/1")


SENTENCE = "Санкции сняты временно"
ITEM = f"<item><title>{SENTENCE}</title><guid>1</guid></item>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (codecs.BOM_UTF8 + rss(ITEM), ""),
        (b"\n\n  " + rss(ITEM), ""),
        (rss(ITEM, encoding="windows-1251"), ""),
        (rss(ITEM, encoding="windows-1251"), "application/rss+xml; charset=utf-8"),  # the header lies
        (rss(ITEM, encoding="koi8-r"), "text/xml"),
        (rss(ITEM).replace(b'"utf-8"', b'"iso-8859-1"'), ""),  # the declaration lies
        (rss(ITEM, encoding="windows-1251").replace(b' encoding="windows-1251"', b""), "text/xml; charset=windows-1251"),
        (rss(ITEM, encoding="iso-8859-5"), ""),
        (rss(ITEM).decode().encode("utf-16"), ""),
        (rss(ITEM).replace(b"utf-8", b"no-such-encoding"), ""),
        (b"<b>Warning</b>: include() failed in /srv/x.php<br />\n" + rss(ITEM), ""),
        (rss(ITEM).replace(b"?>", b"?>\n<!-- made by hand -->\n<?xml-stylesheet href='x.xsl'?>\n", 1), ""),
    ],
    ids=["bom", "leading space", "1251", "lying header", "koi8", "lying declaration", "header only", "8859-5",
         "utf-16", "unknown encoding", "junk before", "comment before"],
)  # fmt: skip
def test_encodings_declared_wrong_and_not_at_all(body: bytes, content_type: str) -> None:
    assert one(body, content_type).title == SENTENCE


def test_a_few_broken_bytes_cost_their_own_characters() -> None:
    items = "<item><title>Good</title><guid>1</guid></item><item><title>B@d</title><guid>2</guid></item>"
    good, bad = read_feed(rss(items).replace(b"@", b"\xff"), URL).items
    assert (good.title, bad.title) == ("Good", "B�d")


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T &amp;#8211; a &lt;b&gt;bold&lt;/b&gt; claim", "AT&T – a bold claim"),
        ("Caf&eacute;&nbsp;&laquo;Nord&raquo; &unknown; &", "Café «Nord» &unknown; &"),
        ("<![CDATA[R&D: 3 < 4 & <em>5</em>]]>", "R&D: 3 < 4 & 5"),
        ("Bell \x07 and &#11; null &#x0; gone", "Bell and null gone"),
        ("\n  two\n lines ", "two lines"),
        ("<![CDATA[]]>", ""),
        ("a &lt;unknown> tag", "a <unknown> tag"),
    ],
)
def test_titles_as_they_were_meant(given: str, title: str) -> None:
    assert one(rss(f"<item><title>{given}</title><description>x</description></item>")).title == title


def test_cdata_in_cdata() -> None:
    nested = "<![CDATA[<p>before <![CDATA[inner]]]]><![CDATA[> after</p>]]>"
    assert (
        one(rss(f"<item><guid>1</guid><description>{nested}</description></item>")).summary
        == "<p>before <![CDATA[inner]]> after</p>"
    )
    broken = "<![CDATA[<p>before <![CDATA[inner]]> after</p>]]>"
    assert "inner" in one(rss(f"<item><guid>1</guid><description>{broken}</description></item>")).summary


def test_text_escaped_twice_or_not_at_all() -> None:
    twice = "<item><guid>1</guid><description>&amp;lt;p&amp;gt;Hello&amp;lt;/p&amp;gt;</description></item>"
    bare = "<item><guid>1</guid><description>Hello <p>there <b>you</b></p></description></item>"
    assert one(rss(twice)).summary == "<p>Hello</p>"
    assert one(rss(bare)).summary == "Hello <p>there <b>you</b></p>"


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ("<link>/2026/1.html</link>", "https://www.example.org/2026/1.html"),
        ("<link>\n https://www.example.org/a\nb </link>", "https://www.example.org/ab"),
        ("<link>//cdn.example.org/1</link>", "https://cdn.example.org/1"),
        ("<link/><guid>https://www.example.org/g</guid>", "https://www.example.org/g"),
        ("<guid isPermaLink='false'>https://www.example.org/g</guid>", None),
        ("<guid isPermaLink='true'>not an address</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://[broken</link>", None),
        ("<link>file:///etc/passwd</link>", None),
        ("<atom:link rel='alternate' href='https://www.example.org/x'/>", "https://www.example.org/x"),
        ("<link>https://count.example.net/~r/1</link><f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>https://www.example.org/o</f:origLink>",
         "https://www.example.org/o"),
    ],
)  # fmt: skip
def test_links_relative_broken_and_wrapped(links: str, url: str | None) -> None:
    assert one(rss(f"<item><title>t</title>{links}</item>")).url == url


def test_an_id_that_stands_for_several_pages_is_no_id() -> None:
    items = "".join(
        f"<item><guid>same</guid><link>https://www.example.org/{n}</link></item>" for n in (1, 2, 2)
    )
    feed = read_feed(rss(items.replace("<guid>", "<guid isPermaLink='false'>")), URL)
    assert [item.id for item in feed.items] == ["https://www.example.org/1", "https://www.example.org/2"]


def test_an_item_without_id_and_address_is_known_by_its_words() -> None:
    body = rss(
        "<item><title>A</title><description>x</description></item><item><title>B</title></item><item></item>"
    )
    first, second = read_feed(body, URL).items
    assert first.id != second.id
    assert [item.id for item in read_feed(body, URL).items] == [first.id, second.id]


@pytest.mark.parametrize(
    "break_it",
    [
        lambda body: body.replace(b"</item>", b"", 1),
        lambda body: body.replace(b"</rss>", b""),
        lambda body: body[:-40],
        lambda body: body.replace(b"<guid>", b"<guid x=1 y>", 1),
        lambda body: body.replace(b"<rss ", b"<rss undefined:prefix='1' ", 1),
        lambda body: body + b"<!-- trailing --><p>junk",
        lambda body: body.replace(b"<description>", b"<description><br>", 1),
    ],
    ids=["unclosed item", "unclosed root", "cut off", "bare attributes", "undefined prefix", "trailing junk", "stray tag"],
)  # fmt: skip
def test_what_is_not_well_formed_is_still_read(break_it: Callable[[bytes], bytes]) -> None:
    items = "".join(
        f"<item><title>Titel {n}</title><link>https://www.example.org/{n}</link><guid>{n}</guid>"
        f"<pubDate>Fri, 2{n} Nov 2026 10:00:00 GMT</pubDate><description>Text</description></item>" for n in (5, 6)
    )  # fmt: skip
    feed = read_feed(break_it(rss(items)), URL)
    assert [item.title for item in feed.items] == ["Titel 5", "Titel 6"]
    assert [item.url for item in feed.items] == ["https://www.example.org/5", "https://www.example.org/6"]
    assert feed.items[0].published in ("2026-11-25T10:00:00+00:00", None)


def test_dates_of_broken_feeds_are_not_guessed_either() -> None:
    body = rss("<item><guid>1</guid><title>A</title><pubDate>10:00</pubDate></item>").replace(b"</rss>", b"")
    assert one(body).published is None


def test_ten_thousand_entries_in_time() -> None:
    entry = "<item><title>Item {n}</title><link>https://www.example.org/{n}</link><guid>{n}</guid><description><![CDATA[<p>Text {n}</p>]]></description></item>"
    body = rss("".join(entry.format(n=n) for n in range(10_000)))
    with within(15):
        assert len(read_feed(body, URL).items) == 10_000
        assert len(read_feed(body.replace(b"<channel>", b"<channel>&nbsp;", 1), URL).items) == 10_000
        assert len(read_feed(body.replace(b"</item>", b"", 1), URL).items) > 1000


def laughs(kind: str) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    uses = {"text": "<title>&l9;</title>", "attribute": "<title x='&l9;'>t</title>"}
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]><rss version="2.0"><channel>{uses[kind]}<item><guid>1</guid></item></channel></rss>'.encode()


@pytest.mark.parametrize("kind", ["text", "attribute"])
def test_a_billion_laughs_are_not_laughed(kind: str) -> None:
    with within(2):
        feed = read_feed(laughs(kind), URL)
    assert len(feed.title) < 10


def test_no_file_and_no_address_is_opened(tmp_path: Path) -> None:
    body = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><title>a&f;b</title></channel></rss>'
    assert read_feed(body, URL).title == "a&f;b"
    with pytest.raises(FeedError) as no_feed:
        read_feed(b"file:///etc/hostname", URL)
    assert no_feed.value.reason == "not_a_feed"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><html><body><p>A page</p></body></html>", "not_a_feed"),
        (b'{"items": []}', "not_a_feed"),
        (b"[1, 2]", "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1"', "broken"),
        (b"{" * 100_000, "broken"),
        (b"\x89PNG\r\n\x1a\n", "not_a_feed"),
        (b"User-agent: *\nDisallow:", "not_a_feed"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "not_a_feed"),
        (b" " * (FEED_BYTES_MAX + 1), "too_large"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as error:
        read_feed(body, URL)
    assert error.value.reason == reason


def test_a_feed_may_be_empty_and_may_be_over() -> None:
    assert read_feed(rss(), URL).items == ()
    finished: Feed = read_feed(
        b'{"version": "https://jsonfeed.org/version/1", "expired": true, "items": []}', URL
    )
    assert (finished.finished, finished.items) == (True, ())
