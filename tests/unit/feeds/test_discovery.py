"""Where a page says its feeds are."""

from __future__ import annotations

from producers.feeds.discovery import announced_feeds, common_feeds

URL = "https://www.example.org/news/page"


def found(html: str, encoding: str = "utf-8") -> list[str]:
    return [one.url for one in announced_feeds(html.encode(encoding), URL)]


def test_announced_ones_with_those_of_comments_last() -> None:
    page = """<html><head><base href="/de/"><link rel="alternate" type="application/rss+xml" title="Kommentare" href="comments/feed">
    <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" title="Alle &amp; alles" href="//feeds.example.net/a">
    <link rel="alternate" type="application/feed+json" href="feed.json"><link rel="alternate" hreflang="fr" href="/fr/">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1"><link rel="stylesheet" href="feed.css">
    <link rel="alternate" type="application/rss+xml" href="data:text/xml,x"></head><a href="/rss">RSS</a></html>"""
    assert found(page) == [
        "https://feeds.example.net/a",
        "https://www.example.org/de/feed.json",
        "https://www.example.org/de/comments/feed",
    ]
    assert announced_feeds(page.encode(), URL)[0].title == "Alle & alles"


def test_links_in_the_text_where_none_is_announced() -> None:
    page = '<p><a href="/rss/world">World</a> <a href="news.xml">x</a> <a href="/feedback">Write</a> <a href="/carss">c</a> <a href="?format=feed">f</a></p>'
    assert found(page) == [
        "https://www.example.org/rss/world",
        "https://www.example.org/news/news.xml",
        "https://www.example.org/news/page?format=feed",
    ]


def test_pages_in_other_encodings_and_what_is_none() -> None:
    page = '<meta charset="windows-1251"><link rel="alternate" type="application/rss+xml" title="Новости" href="/лента">'
    (one,) = announced_feeds(page.encode("windows-1251"), URL)
    assert (one.title, one.url) == ("Новости", "https://www.example.org/лента")
    assert found("") == found("plain text") == found("<html></html>") == []
    assert announced_feeds(b"\x00\xff\xfe", URL) == []


def test_the_usual_places_are_at_the_root() -> None:
    places = [one.url for one in common_feeds(URL)]
    assert places[0] == "https://www.example.org/feed"
    assert "https://www.example.org/?feed=rss2" in places
