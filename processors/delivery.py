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
    """Events of a stream that went through the stages in one hop, and what each became."""

    stream: Any
    events: Sequence[Any]
    hop: Hop
    made: Sequence[Sequence[Message]]
    times: Mapping[str, StageTime]


async def delivered(app: faust.App, lane: Lane, memory: TableMemory | None, some: Sequence[Handled]) -> None:
    """Send what events became, and acknowledge them in their order once that and all they taught is safe.

    Not where what was learned of an event has been given up meanwhile (`TableMemory.held`).
    """
    messages = [message for one in some for message in stamped(one.made, one.hop)]
    await asyncio.gather(deliver(app, lane, messages), *([] if memory is None else [memory.settled()]))
    for one in some:
        held = one.events if memory is None else memory.held(one.events)
        for event in held:
            await one.stream.ack(event)
        if held:
            one.hop.end([fate(messages) for messages in one.made], one.times)


class Together:
    """What some events became, sent together: no article waits for the journey of each one before it."""

    def __init__(self, app: faust.App, lane: Lane, memory: TableMemory) -> None:
        self._app = app
        self._lane = lane
        self._memory = memory
        self._handled: list[Handled] = []
        self._delivering = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._handled)

    def begin(self) -> None:
        """Let go of what a stream before this one left: its events are read again."""
        self._handled.clear()

    def add(self, handled: Handled) -> None:
        """One more, sent with the next delivery."""
        self._handled.append(handled)

    async def deliver(self) -> None:
        """Send what waits, but for what has been given up by now, and acknowledge its events."""
        async with self._delivering:
            some, self._handled = self._handled, []
            some = [one for one in some if self._memory.held(one.events)]
            if some:
                await delivered(self._app, self._lane, self._memory, some)


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
