"""What a feed producer is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from producers.feeds.schedule import Bounds


@dataclass(frozen=True)
class FeedsOptions:
    """`first_items` and `first_days` say how far back the first reading of a feed goes: the newest so many
    items, none older; an item without a date counts as new. An item that says something else than before
    is delivered again, `revision_seconds` after the last time at the soonest. What no feed has shown for
    `known_days` is forgotten. `callback_url` is where hubs
    on the internet reach the callback server that listens on `callback_host:callback_port`; without it
    nothing is subscribed to.
    """

    bounds: Bounds = field(default_factory=Bounds)
    spacing_seconds: float = 5.0
    at_once: int = 16
    first_items: int = 100
    first_days: float = 7.0
    revision_seconds: float = 1800.0
    callback_url: str | None = None
    callback_host: str = "127.0.0.1"
    callback_port: int = 8481
    lease_days: float = 10.0
    known_days: float = 180.0
