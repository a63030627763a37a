"""Where a reader left off, as a short text that says nothing to anyone else. Pure."""

from __future__ import annotations

import base64
import binascii

import msgspec

from sinks.elasticsearch.query.syntax import QueryError

CURSOR_CHARACTERS_MAX = 4000
WINDOW = 1000
OFFSET_MAX = 9_900
"""Elasticsearch counts up to 10,000 hits for pages, of which the last has up to 100."""
POSITION_MAX = 2**53


class Page(msgspec.Struct, frozen=True, array_like=True, tag="page"):
    """How many cards have been shown, and until when articles were looked at, so that pages do not shift."""

    offset: int
    until: str


class Arrival(msgspec.Struct, frozen=True, array_like=True, tag="arrival"):
    """What a poller has had of one index, in the order in which it took its documents.

    Elasticsearch numbers what a shard takes, without gaps, but shows it in whatever order writers end: a
    number may come to light after a higher one. So what was had of the last `WINDOW` numbers is remembered
    (`had`, as bits counted down from `position`), and the rest of them is asked for again.
    """

    index: str
    position: int = -1
    had: str = ""

    def seen(self) -> list[int]:
        """The numbers within the window that the poller has had."""
        bits = int(self.had or "0", 16)
        return [self.position - place for place in range(WINDOW) if bits >> place & 1]

    def after(self, numbers: list[int]) -> Arrival:
        """Where the poller stands once it has had these numbers too."""
        seen = {*self.seen(), *numbers}
        position = max(seen, default=self.position)
        bits = sum(1 << (position - number) for number in seen if position - number < WINDOW)
        return Arrival(self.index, position, f"{bits:x}" if seen else "")


Cursor = Page | Arrival
_decoder = msgspec.json.Decoder[Cursor](Cursor)


def written(cursor: Cursor) -> str:
    """The cursor as text for an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read(text: str) -> Cursor:
    """The cursor in a text. Raises `QueryError` for what is none of ours."""
    try:
        packed = base64.b64decode(
            text[:CURSOR_CHARACTERS_MAX] + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        cursor: Cursor = _decoder.decode(packed)
        if isinstance(cursor, Arrival):
            cursor.seen()
            _bounded(cursor.position, -1, POSITION_MAX)
        else:
            _bounded(cursor.offset, 0, OFFSET_MAX)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise QueryError("this cursor is none of ours", 0, "cursor") from None
    return cursor


def _bounded(number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ValueError(number)
