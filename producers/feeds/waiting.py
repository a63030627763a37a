"""Items on their way: what each is known by, and whether it says something new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

from producers.feeds.feed import Item
from producers.fetching.domains import registered_domain
from schemas.identity import canonical_url

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Waiting:
    """An item that has not been delivered. `is_whole` says that its own text is the article."""

    key: str
    feed: str
    item: Item
    is_whole: bool
    attempts: int


@dataclass(frozen=True)
class Incoming:
    """An item as it was read: whether to take it, and whether its own text is the article."""

    item: Item
    is_taken: bool = True
    is_whole: bool = False


def item_key(feed: str, item: Item) -> str:
    """What an item is known by: its page's canonical address, so that it comes once from however many
    feeds; else its id within its feed.
    """
    canonical = canonical_url(item.url) if item.url else None
    return canonical or blake2b(f"{feed}\0{item.id}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def domain_of(url: str) -> str:
    """The registered domain of an address, or its host."""
    try:
        return registered_domain(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def words_digest(item: Item) -> bytes:
    """Of its words: addresses of pictures and counters change with every reading."""
    summary, content = (_TAG.sub("", markup) for markup in (item.summary, item.content))
    told = "\0".join((item.title, summary, content, item.updated or ""))
    return blake2b(told.encode("utf-8", "replace"), digest_size=16).digest()
