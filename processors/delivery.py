"""From what events became to their acknowledgement: once Kafka has all of it, and all that was remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
import structlog

from processors.forward import Message, fate, stamped
from processors.tables import TableMemory
from schemas.article import Lane
from schemas.hops import Hop, StageTime

log = structlog.get_logger(__name__)

RESEND_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Handled:
    """An event of a stream and what it became, to be sent."""

    stream: Any
    event: Any
    hop: Hop
    messages: list[Message]
    times: Mapping[str, StageTime]


class Together:
    """What some events became, sent together: no article waits for the journey of each one before it."""

    def __init__(self, app: faust.App, lane: Lane, memory: TableMemory) -> None:
        self._app = app
        self._lane = lane
        self._memory = memory
        self._handled: list[tuple[Handled, int]] = []
        self._delivering = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._handled)

    def begin(self) -> None:
        """Let go of what a stream before this one left: its events are read again."""
        self._handled.clear()

    def add(self, handled: Handled) -> None:
        """One more, sent with the next delivery."""
        self._handled.append((handled, self._memory.term(handled.event)))

    async def deliver(self) -> None:
        """Send what waits, and acknowledge its events in their order once all is safe.

        Not where what was learned of an event has been given up meanwhile (`TableMemory.term`).
        """
        async with self._delivering:
            some, self._handled = [waiting for waiting in self._handled if self._counts(*waiting)], []
            if not some:
                return
            messages = [message for one, _ in some for message in stamped([one.messages], one.hop)]
            await asyncio.gather(deliver(self._app, self._lane, messages), self._memory.settled())
            for one, term in some:
                if self._counts(one, term):
                    await one.stream.ack(one.event)
                    one.hop.end([fate(one.messages)], one.times)

    def _counts(self, one: Handled, term: int) -> bool:
        return self._memory.term(one.event) == term


class Behind:
    """One delivery at a time, beside the work on what comes next."""

    def __init__(self) -> None:
        self._delivery: asyncio.Task[None] | None = None

    async def done(self) -> None:
        """Wait for the delivery that is under way, if one is. Raises what that raised."""
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            await delivery

    def begin(self, delivery: Coroutine[Any, Any, None]) -> None:
        """Start the next, once the one before is `done`."""
        self._delivery = asyncio.create_task(delivery)


async def deliver(app: faust.App, lane: Lane, messages: Sequence[Message]) -> None:
    """Send until Kafka has acknowledged every message, however long the broker is away."""
    waiting = list(messages)
    while waiting:
        sent = [
            app.producer.send_and_wait(
                message.topic.for_lane(lane), message.key, message.value, None, None, message.headers
            )
            for message in waiting
        ]
        results = await asyncio.gather(*sent, return_exceptions=True)
        failed = [
            (message, result)
            for message, result in zip(waiting, results, strict=True)
            if isinstance(result, BaseException)
        ]
        if failed:
            log.warning("delivery_failed", app=app.conf.id, messages=len(failed), error=str(failed[0][1]))
            await asyncio.sleep(RESEND_SECONDS)
        waiting = [message for message, _ in failed]
