"""The article in a feed's item, where the item gives all of it or its page can't be had."""

from __future__ import annotations

from html import escape

from producers.feeds.feed import Item
from producers.page import Input, build_article, url_domain
from producers.pages import Page
from producers.pages.page import text_digest


def item_page(item: Item, feed_url: str, now_ms: int) -> Page:
    """The item as a page: what the feed says of it, in the form that pages have.

    Raises `producers.unreadable.ReadError` where there is no text in it, or too much.
    """
    article = build_article(
        item_html(item) if item.title or item.content or item.summary else "",
        "html",
        Input(path=feed_url, folder="feeds", seen_ms=now_ms),
        source=url_domain(item.url) or url_domain(feed_url) or "feeds",
        url=item.url,
        external_id=item.id,
        feed_published_at=item.published,
    )
    return Page(article=article, digest=text_digest(article), asked_url=item.url or f"{feed_url}#{item.id}")


def item_html(item: Item) -> str:
    """A page of the item's own words; its markup goes in as it came."""
    told = {
        "author": ", ".join(item.authors),
        "article:published_time": item.published or "",
        "article:modified_time": item.updated or "",
    }
    metas = "".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items() if value
    )
    canonical = f'<link rel="canonical" href="{escape(item.url)}">' if item.url else ""
    lang = f' lang="{escape(item.language)}"' if item.language else ""
    title = escape(item.title, quote=False)
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8"><title>{title}</title>{canonical}{metas}'
        f"</head><body><article><h1>{title}</h1>\n{item.content or item.summary}\n</article></body></html>"
    )
