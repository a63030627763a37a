"""Feeds that no strict parser takes, through feedparser, which has seen them all."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from producers.feeds.dates import stated_time
from producers.feeds.feed import Feed, FeedError, Item, Pace
from producers.feeds.markup import BASE_CHARACTERS_MAX
from producers.feeds.words import (
    address,
    author,
    clean,
    language,
    plain,
    unwrapped,
    update_seconds,
    whole_number,
)

BROKEN_BYTES_MAX = 300_000
"""feedparser takes some 10 s a megabyte at its worst; the newest items come first in a feed."""
_LONG = f"{{{BASE_CHARACTERS_MAX}}}"
_LONG_BASE = re.compile(
    rf"""(?:\s|xml:)base\s*=\s*(?:"[^"]{_LONG}|'[^']{_LONG}|[^\s>]{_LONG})""", re.IGNORECASE
)
"""feedparser keeps the base address once for each open element: 165 KB that have one of most of their length
took 5 GB."""


def read_broken(text: str, url: str) -> Feed:
    """The feed in broken XML, of which no more than the first `BROKEN_BYTES_MAX` count.

    Dates are read from what the feed wrote, not from what feedparser made of it. Raises `FeedError`.
    """
    import feedparser

    if _LONG_BASE.search(text):
        raise FeedError("broken", f"a base address of more than {BASE_CHARACTERS_MAX} characters")
    data = _beginning(text.encode("utf-8", "replace"))
    try:
        found = feedparser.parse(
            BytesIO(data),  # bytes alone would be taken for a file's name or an address
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # it has no exceptions of its own, and its input is anything
        raise FeedError("broken", f"{type(error).__name__}: {error}") from None
    if not found.get("version") and not found.entries:
        raise FeedError("broken", "it begins like a feed and can't be read as one")
    channel = found.feed
    home = address(channel.get("link"), url)
    tongue = language(channel.get("language"))
    return Feed(
        form=f"{found.get('version') or 'RSS'} (broken)",
        title=plain(clean(channel.get("title"))),
        home_url=home,
        language=tongue,
        self_url=_link(channel, "self", url),
        hubs=tuple(filter(None, [_link(channel, "hub", url)])),
        pace=Pace(
            ttl_seconds=(whole_number(channel.get("ttl")) or 0) * 60 or None,
            update_seconds=update_seconds(
                clean(channel.get("sy_updateperiod")), clean(channel.get("sy_updatefrequency"))
            ),
        ),
        items=tuple(filter(None, (_item(entry, home or url, tongue) for entry in found.entries))),
    )


def _beginning(data: bytes) -> bytes:
    if len(data) <= BROKEN_BYTES_MAX:
        return data
    cut = data[:BROKEN_BYTES_MAX]
    end = max(cut.rfind(b"</item>"), cut.rfind(b"</entry>"))
    return cut if end < 0 else cut[: cut.find(b">", end) + 1]


def _item(entry: Any, base: str, tongue: str | None) -> Item | None:
    url = address(entry.get("feedburner_origlink") or entry.get("link"), base)
    title = plain(clean(entry.get("title")))
    content = next((clean(each.get("value")) for each in entry.get("content", []) if each.get("value")), "")
    summary = clean(entry.get("summary"))
    known_by = clean(entry.get("id")) or url or title
    if not known_by:
        return None
    return Item(
        id=known_by,
        url=url,
        title=title,
        summary=unwrapped(summary),
        content="" if content == summary else unwrapped(content),
        published=stated_time(clean(entry.get("published") or entry.get("created"))),
        updated=stated_time(clean(entry.get("updated"))) if "updated" in entry else None,
        language=tongue,
        authors=tuple(name for each in entry.get("authors", []) if (name := author(clean(each.get("name"))))),
    )


def _link(channel: Any, rel: str, url: str) -> str | None:
    return next(
        (address(each.get("href"), url) for each in channel.get("links", []) if each.get("rel") == rel), None
    )
