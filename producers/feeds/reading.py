"""From an answer's bytes to the feed in them."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree
from msgspec import structs

from producers.feeds.broken_markup import read_broken
from producers.feeds.feed import FEED_BYTES_MAX, Feed, FeedError, Item
from producers.feeds.json_feed import read_json_feed
from producers.feeds.markup import feed_of, parse_strictly
from producers.feeds.xml_text import feed_text, repaired

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_feed(body: bytes, url: str, content_type: str = "") -> Feed:
    """The feed in `body`, which came from `url`; items of one id once, the first of them.

    What it is decides, not what the header calls it. Raises `FeedError`: `empty`, `not_a_feed`, `broken`,
    `too_large`.
    """
    if len(body) > FEED_BYTES_MAX:
        raise FeedError("too_large", f"{len(body)} bytes; the limit is {FEED_BYTES_MAX}")
    feed = read_json_feed(body, url) if _is_json(body) else _read_xml(body, url, content_type)
    return replace(feed, items=_told_apart(feed.items))


def _told_apart(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Each item once. An id that stands for several pages is none: those go by their addresses."""
    pages: dict[str, set[str | None]] = {}
    for item in items:
        pages.setdefault(item.id, set()).add(item.url)
    known: dict[str, Item] = {}
    for item in items:
        own = item.url if item.url and len(pages[item.id]) > 1 else item.id
        known.setdefault(own, structs.replace(item, id=own))
    return tuple(known.values())


def _is_json(body: bytes) -> bool:
    start = body[:64]
    for mark in MARKS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip().startswith((b"{", b"["))


def _read_xml(body: bytes, url: str, content_type: str) -> Feed:
    text = feed_text(body, content_type)
    for attempt in (str, repaired):
        try:
            return feed_of(parse_strictly(attempt(text), url), url)
        except (etree.XMLSyntaxError, ValueError):  # lxml's words for what is not well-formed
            continue
    return read_broken(text, url)
