"""Where a site's feeds are, told from one of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from producers.decoding import decode_text
from producers.feeds.words import address, clean, plain
from producers.unreadable import ReadError

PAGE_BYTES_MAX = 3 * 1024 * 1024
CANDIDATES_MAX = 12
TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/json", "application/xml", "text/xml", "text/rss+xml", "text/atom+xml",
})  # fmt: skip
COMMON_PATHS = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2")

_FEED_LIKE = re.compile(r"(?:^|[/._?=-])(?:rss|feeds?|atom|rdf)(?:$|[/._?&=-])|\.xml$", re.IGNORECASE)
_COMMENTS = re.compile(
    r"comment|kommentar|comentario|commentaire|تعليق|комментар|yorum|댓글|评论", re.IGNORECASE
)


@dataclass(frozen=True)
class Candidate:
    """An address that may be a feed's, and what the page calls it."""

    url: str
    title: str = ""


def announced_feeds(body: bytes, url: str) -> list[Candidate]:
    """The feeds a page announces (`<link rel="alternate">`), or else links to, the likeliest first.

    Feeds of comments come last. Empty for what is no HTML. Never raises.
    """
    tree = _tree(body[:PAGE_BYTES_MAX])
    if tree is None:
        return []
    base = (
        address(next((clean(one.get("href")) for one in tree.iter("base") if one.get("href")), ""), url)
        or url
    )
    found = list(_alternates(tree, base)) or list(_links(tree, base))
    unique: dict[str, Candidate] = {}
    for one in found:
        unique.setdefault(one.url, one)
    ranked = sorted(unique.values(), key=lambda one: bool(_COMMENTS.search(f"{one.url} {one.title}")))
    return ranked[:CANDIDATES_MAX]


def common_feeds(url: str) -> list[Candidate]:
    """Where sites that announce nothing often have their feed."""
    root = urljoin(url, "/")
    return [Candidate(root + path) for path in COMMON_PATHS]


def _tree(body: bytes) -> etree._Element | None:
    try:
        text = decode_text(body, html=True)
    except ReadError:
        text = body.decode("utf-8", "replace")
    try:
        return lxml_html.document_fromstring(
            clean(text).encode(), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _alternates(tree: etree._Element, base: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        rels = clean(link.get("rel")).lower().split()
        kind = clean(link.get("type")).lower().partition(";")[0].strip()
        if ("alternate" in rels or "feed" in rels) and (kind in TYPES or "feed" in rels):
            target = address(link.get("href"), base)
            if target and not (kind.endswith("json") and "wp-json" in target):
                yield Candidate(target, plain(clean(link.get("title"))))


def _links(tree: etree._Element, base: str) -> Iterator[Candidate]:
    """Ordinary links that look like feeds, within the site or a host of its feeds."""
    for link in tree.iter("a"):
        target = address(link.get("href"), base)
        if target and _FEED_LIKE.search(_tail(target)):
            yield Candidate(target, plain(clean("".join(str(part) for part in link.itertext()))))


def _tail(url: str) -> str:
    """Path and query: a host may be called `feeds` and serve anything."""
    parts = urlsplit(url)
    return f"{parts.path}{'?' * bool(parts.query)}{parts.query}"
