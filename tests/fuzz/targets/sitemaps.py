"""Sitemaps and their index files, gzipped or not."""

from __future__ import annotations

import gzip
from contextlib import suppress

from producers.sitemaps.news import choose, without_stamps
from producers.sitemaps.read import SitemapError, read_sitemap
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import elements, pieces

URL = "https://www.example.org/sitemap.xml"
NOW_MS = 1_795_000_000_000


def read(data: bytes) -> None:
    """Addresses are addresses, and what is chosen of them is among them."""
    with suppress(SitemapError):
        found = read_sitemap(data, URL)
        for entry in (*found.sitemaps, *found.pages):
            holds(entry.url.startswith(("http://", "https://")), f"{entry.url!r} is no address")
        chosen = choose(found.pages, lambda _: 0, since_ms=0, now_ms=NOW_MS, undated=True)
        holds(
            len(chosen.pages) + chosen.known + chosen.old + chosen.undated == len(found.pages),
            "pages were lost",
        )
        without_stamps(list(found.pages), NOW_MS)


_URLSET = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:xhtml="http://www.w3.org/1999/xhtml"><url><loc>https://www.example.org/a</loc><lastmod>2026-11-27T10:00:00+03:00</lastmod>
<news:news><news:publication><news:name>Harbour</news:name><news:language>tr</news:language></news:publication><news:publication_date>2026-11-27</news:publication_date>
<news:title>Yaptırım</news:title></news:news><xhtml:link rel="alternate" hreflang="en" href="https://www.example.org/en/a"/></url><url><loc>/b</loc></url></urlset>""".encode()
_INDEX = b"""<sitemapindex><sitemap><loc>https://www.example.org/1.xml.gz</loc><lastmod>2026</lastmod></sitemap><sitemap><loc>2.xml</loc></sitemap></sitemapindex>"""
_LINES = b"https://www.example.org/a\r\nhttps://www.example.org/b\n"
_WORDS = (
    b"<url>", b"</url>", b"<loc>", b"</loc>", b"<lastmod>", b"<sitemap>", b"</urlset>", b"<news:news>", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00",
    b"2026-W01", b"http://[", b"<xhtml:link rel='alternate' hreflang='x' href='//['/>", b"encoding='utf-32'", b"<urlset>", b"<a:b:c>", b"https://x.example/\n",
)  # fmt: skip
_trees = elements(
    ("url", "loc", "lastmod", "news:news", "news:title", "sitemap", "xhtml:link", "urlset"),
    ("rel", "hreflang", "href", "xmlns"),
)

TARGETS = (
    Target(
        "sitemap",
        read,
        (_URLSET, _INDEX, _LINES, gzip.compress(_URLSET, mtime=0), _URLSET.decode().encode("utf-16")),
        _trees.map(lambda tree: b"<urlset>" + tree + b"</urlset>")
        | _trees.map(lambda tree: gzip.compress(b"<sitemapindex>" + tree + b"</sitemapindex>", 1, mtime=0))
        | pieces(("https://www.example.org/", "\n", "\r", "http://", "<")),
        _WORDS,
    ),
)
