"""Stories and alerts as the indices take them, to every page that is open: server-sent events.

One poller asks the indices for all readers together, and only while there are any. What it found last is
kept for a while, so that a page that was cut off goes on where it was; one that missed too much is told to
load anew (`reset`).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog

from sinks.elasticsearch.query.cards import INCLUDED, card, stories_of
from sinks.elasticsearch.query.cursor import Arrival
from sinks.elasticsearch.templates import Kind
from wirewatch.desk.articles import Articles
from wirewatch.desk.ledger import ALERT_FIELDS

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0
HEARTBEAT_SECONDS = 15.0
LINGER_SECONDS = 60.0
KEPT = 1000
BATCH = 100
ALERTS_KNOWN = 5000


@dataclass(frozen=True)
class Event:
    """One message: `story` with a card, `alert` with an alert, `reset` with nothing."""

    kind: str
    data: Any


class Newcomers:
    """What the indices took since they were last asked, from the first time on."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._at: dict[Kind, Arrival] = {}
        self._alerts: OrderedDict[str, None] = OrderedDict()

    def begin(self) -> None:
        """From now on: what was there before is left."""
        self._at = {kind: self._articles.now(kind) for kind in ("articles", "alerts")}

    def poll(self) -> list[Event]:
        """The newcomers. An article comes again when it is revised, an alert only once."""
        if not self._at:
            self.begin()
        hits = self._arrived("articles", INCLUDED)
        told = self._articles.told_by(stories_of({"hits": {"hits": hits}}, "story"), "story")
        stories = [Event("story", card(hit, told=told.get(hit["_source"].get("cluster_id")))) for hit in hits]
        self._articles.bring_to_light("alerts")  # few, and nobody should wait a second for one
        alerts = [hit["_source"] for hit in self._arrived("alerts", ALERT_FIELDS)]
        return stories + [Event("alert", alert) for alert in alerts if self._is_new(alert["id"])]

    def _arrived(self, kind: Kind, included: Sequence[str]) -> list[dict[str, Any]]:
        hits, self._at[kind] = self._articles.arrived(
            kind, {"match_all": {}}, self._at[kind], BATCH, included
        )
        return hits

    def _is_new(self, alert_id: str) -> bool:
        if alert_id in self._alerts:
            return False
        self._alerts[alert_id] = None
        if len(self._alerts) > ALERTS_KNOWN:
            self._alerts.popitem(last=False)
        return True


class Live:
    """The stream. `poll` is called in a thread; everything else belongs to the event loop."""

    def __init__(self, poll: Callable[[], list[Event]], begin: Callable[[], None]) -> None:
        self._poll = poll
        self._begin = begin
        self._run = secrets.token_hex(4)
        self._kept: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._number = 0
        self._news = asyncio.Event()
        self._poller: asyncio.Task[None] | None = None
        self._left_at = 0.0
        self.readers = 0

    async def follow(self, last_id: str | None) -> AsyncIterator[str]:
        """The messages as they go over the wire, for ever; after those that the reader has had."""
        self.readers += 1
        try:
            self._start()
            had = self._had(last_id)
            yield f"retry: {int(RETRY_SECONDS * 1000)}\n\n"
            if had is None:
                had = self._number
                yield self._wire(had, Event("reset", {})) if last_id else f"id: {self._run}:{had}\n\n"
            while True:
                news, oldest = self._news, self._kept[0][0] if self._kept else 0
                if had + 1 < oldest:
                    had = self._number
                    yield self._wire(had, Event("reset", {}))
                for number, message in list(self._kept):
                    if number > had:
                        had = number
                        yield message
                try:
                    await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self.readers -= 1
            self._left_at = time.monotonic()

    def publish(self, events: Sequence[Event]) -> None:
        """Tell every reader."""
        for event in events:
            self._number += 1
            self._kept.append((self._number, self._wire(self._number, event)))
        if events:
            news, self._news = self._news, asyncio.Event()
            news.set()

    def _had(self, last_id: str | None) -> int | None:
        """The number of the last message that a reader has had, if it is one of this run."""
        run, _, number = (last_id or "").partition(":")
        is_ours = run == self._run and number.isascii() and number.isdigit() and len(number) < 16
        return min(int(number), self._number) if is_ours else None

    def _wire(self, number: int, event: Event) -> str:
        data = msgspec.json.encode(event.data).decode()
        return f"id: {self._run}:{number}\nevent: {event.kind}\ndata: {data}\n\n"

    def _start(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._keep_polling())

    async def _keep_polling(self) -> None:
        """Ask while anybody listens, and some time longer, for those who come back."""
        is_begun, failed = False, ""
        while self.readers or time.monotonic() - self._left_at < LINGER_SECONDS:
            pause_seconds = POLL_SECONDS
            try:
                if not is_begun:
                    await asyncio.to_thread(self._begin)
                    is_begun = True
                self.publish(await asyncio.to_thread(self._poll))
                failed = ""
            except Exception as error:
                before, failed = failed, f"{type(error).__name__}: {error}"[:300]
                if failed != before:
                    log.warning("stream_poll_failed", error=failed)
                pause_seconds = RETRY_SECONDS
            await asyncio.sleep(pause_seconds)
