"""An outlet's feed and pages on the local site."""

from __future__ import annotations

import time
from email.utils import formatdate

from tests.site.site import Answer, Asked, Site

SENTENCE = (
    "The ministry listed the shipping company after a hearing that lasted through the whole afternoon. "
)
HEADLINES = ("Harbour reopens", "Ministry lists shipper", "Talks resume in the north")


def story(number: int, words: str = SENTENCE) -> str:
    """A page with an article of its own."""
    body = "".join(f"<p>Part {part} of story {number}. {words}</p>" for part in range(12))
    return f"<html><head><title>Story {number}</title></head><body><article><h1>Story {number}</h1>{body}</article></body></html>"


def entry(site: Site, number: int, *, whole: bool = False, days_old: float = 0.1) -> str:
    """An item: an invitation to read the page, or the whole of it."""
    text = (
        "".join(f"<p>Whole {part} of story {number}. {SENTENCE}</p>" for part in range(20))
        if whole
        else "<p>Read more…</p>"
    )
    return (
        f"<item><title>Story {number}</title><link>{site.url}/story/{number}</link><guid isPermaLink='false'>s-{number}</guid>"
        f"<pubDate>{formatdate(time.time() - days_old * 86_400)}</pubDate><description><![CDATA[{text}]]></description></item>"
    )


def rss(*items: str, channel: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Outlet</title>{channel}{"".join(items)}</channel></rss>'


def put_feed(site: Site, path: str, *items: str, channel: str = "", etag: str = '"one"') -> str:
    """Serve a feed that answers 304 to who knows it already."""
    body = rss(*items, channel=channel)

    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(b"", 304, {"etag": etag})
        return Answer(body, 200, {"content-type": "application/rss+xml", "etag": etag})

    return site.serve(path, answer)
