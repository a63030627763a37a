"""What a feed says, whatever form it came in."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

FEED_BYTES_MAX = 16 * 1024 * 1024


class FeedError(Exception):
    """Bytes that are no feed. `reason` is a constant word: `empty`, `not_a_feed`, `broken`, `too_large`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `title` is plain text; `summary` and `content` are HTML, never cleaned here.

    `id` is the entry's own, else its address, else made of its words. `published` and `updated` are
    ISO 8601: a time with offset, or a day where the feed states no more; `None` for whatever is not
    stated beyond doubt. `language` is a BCP 47 tag as the feed gives it.
    """

    id: str
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pace:
    """How often the feed asks to be read: `<ttl>`, `sy:updatePeriod`, and when not to come.

    `skip_hours` are hours of the day in UTC, `skip_days` weekdays with Monday 0.
    """

    ttl_seconds: int | None = None
    update_seconds: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Feed:
    """A feed as it was read. `hubs` and `self_url` are WebSub's; `finished` means no more will come."""

    form: str
    title: str = ""
    home_url: str | None = None
    language: str | None = None
    self_url: str | None = None
    hubs: tuple[str, ...] = ()
    pace: Pace = Pace()
    items: tuple[Item, ...] = ()
    finished: bool = False
