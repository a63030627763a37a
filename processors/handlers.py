"""How a Faust agent takes a group's events through its stages: in batches, or, where stages remember, singly.

An event is acknowledged only after everything it became, and all that stages remember of it, has been
acknowledged by Kafka, and never because a handler raised or was cancelled: streams run with Faust's own
acknowledgements off, and events are acknowledged by hand. What is delivered twice after a crash is made
harmless by deterministic ids.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import faust

from processors.agent_options import AgentOptions
from processors.delivery import Behind, Handled, Together, delivered
from processors.forward import Message, dead_letter, decision_messages, outcome_messages
from processors.in_hand import InHand, Place
from processors.pipeline import Group, build_stages
from processors.pulse import Pulse
from processors.stage import Failed, Outcome, run_batch, run_stages
from processors.tables import KeyTable, TableMemory
from processors.timing import StageClock
from schemas.dead_letter import Origin

TOGETHER_RECORDS = 16
PORTION_BYTES = 128 * 1024
"""Of records whose stages run in the loop, while all else in it waits: some twenty articles, or one that is
larger. They take a tenth of a second, of the slowest text half a second."""
LATE_SECONDS = 0.5
"""How long what was handled waits for an event to go with: Faust may skip all that its buffer still held."""
STORE_OPTIONS = {
    "write_buffer_size": 2 * 1024 * 1024,
    "max_write_buffer_number": 2,
    "block_cache_size": 4 * 1024 * 1024,
}
"""Of each partition's RocksDB, which so takes 8 MB at most. Faust lets it take 2 GB and more; a worker may
have every partition of its topics, ten and more, within the memory it is deployed with."""


class Handler(Protocol):
    """Handles a stream of a group's events until it ends."""

    async def handle(self, stream: Any) -> None:
        """Raises nothing of an event's: what can't be handled becomes a dead letter."""
        ...


def handler(app: faust.App, group: Group, options: AgentOptions, pulse: Pulse) -> Handler:
    """The handler that fits the group. What it remembers lies in a table of `app`."""
    return (Singly if group.remembers else Batches)(app, group, options, pulse)


class Batches:
    """Takes batches. What one became is on its way while the next one is in the stages.

    Where the group runs models, which let go of the interpreter while they compute, its stages have a thread
    of their own, and the loop never waits on them. Any other stages are in the interpreter all the time: a
    thread of theirs and the loop would only take it from each other, which cost a fifth of the articles a
    second (`benchmarks/peers.py`). So they run in the loop, a portion of the batch at a time.

    Where the group learns, its stages have what is remembered under the keys of a batch, which goes back to
    the table before anything the batch became is sent.
    """

    def __init__(self, app: faust.App, group: Group, options: AgentOptions, pulse: Pulse) -> None:
        self._app = app
        self._group = group
        self._options = options
        self._pulse = pulse
        self._memory = _memory(app, group, options) if group.learns else None
        self._table = None if self._memory is None else KeyTable(self._memory)
        self._sources: dict[str, bytes] = {}
        given = replace(options.stages, sources=self._sources) if group.learns else options.stages
        self._clock = StageClock()
        self._stages = self._clock.timed(build_stages(group.stages, given))
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=group.name) if group.models else None
        self._in_hand = _in_hand(app)
        self._behind = Behind()

    async def handle(self, stream: Any) -> None:
        """Batch after batch."""
        options = self._options
        async for taken in stream.noack_take(options.batch_articles, within=options.batch_seconds):
            await options.turn(len(taken))
            for some in [taken] if self._executor else portions(taken):
                events = some if self._memory is None else self._memory.held(some)
                if not events:
                    continue
                handled = await self._handled(stream, events)
                await self._behind.done()
                self._pulse.check()
                self._behind.begin(delivered(self._app, options.lane, self._memory, [handled]))

    async def _handled(self, stream: Any, events: Sequence[Any]) -> Handled:
        """What the events became."""
        raws = [event.value or b"" for event in events]
        hop = self._options.watch.hop(
            self._app.conf.id, self._group.stages, [event.message for event in events]
        )
        known = self._table.values(events) if self._table else {}
        places = [_place(event) for event in events]
        outcomes, learned = await self._ran(known, places, raws)
        if self._table:
            self._table.keep(events, learned)
        made = [
            outcome_messages(self._group, outcome, raw, _origin(event))
            for event, raw, outcome in zip(events, raws, outcomes, strict=True)
        ]
        return Handled(stream, events, hop, made, self._clock.taken())

    async def _ran(self, *given: Any) -> tuple[list[Outcome], dict[str, bytes]]:
        if self._executor is None:
            return self._run(*given)
        return await self._app.loop.run_in_executor(self._executor, self._run, *given)

    def _run(
        self, known: dict[str, bytes], places: Sequence[Place], raws: Sequence[bytes]
    ) -> tuple[list[Outcome], dict[str, bytes]]:
        """The stages touch no table: they have a copy, and what they learned goes back."""
        self._sources.clear()
        self._sources.update(known)
        outcomes = self._in_hand.through(
            places, lambda some: run_batch(self._stages, raws[some]), lambda why: _died(self._group, why)
        )
        return outcomes, dict(self._sources)


class Singly:
    """Takes events one at a time, since its table's state lives with the event's partition.

    What some of them became is sent together, as many as wait, so that no article waits for the journey of
    each one before it.
    """

    def __init__(self, app: faust.App, group: Group, options: AgentOptions, pulse: Pulse) -> None:
        self._app = app
        self._group = group
        self._options = options
        self._pulse = pulse
        self._memory = _memory(app, group, options)
        self._clock = StageClock()
        self._stages = self._clock.timed(
            build_stages(group.stages, replace(options.stages, memory=self._memory))
        )
        self._names = group.stages or (group.name,)
        self._in_hand = _in_hand(app)
        self._together = Together(app, options.lane, self._memory)
        app.timer(LATE_SECONDS)(self._deliver_late)

    async def handle(self, stream: Any) -> None:
        """Event after event."""
        together = self._together
        together.begin()
        async for event in stream.noack().events():
            await self._options.turn(1)
            if not self._memory.held([event]):
                continue
            self._pulse.check()
            together.add(self._handled(stream, event))
            if len(together) >= TOGETHER_RECORDS or stream.channel.queue.empty():
                await together.deliver()
            else:
                await asyncio.sleep(0)

    async def _deliver_late(self) -> None:
        self._pulse.check()
        await self._together.deliver()

    def _handled(self, stream: Any, event: Any) -> Handled:
        """What the event became."""
        hop = self._options.watch.hop(self._app.conf.id, self._names, [event.message])
        raw, origin = event.value or b"", _origin(event)
        made = self._in_hand.through(
            [_place(event)],
            lambda _: [self._messages(raw, origin)],
            lambda why: [dead_letter(_died(self._group, why), raw, origin)],
        )
        return Handled(stream, [event], hop, made, self._clock.taken())

    def _messages(self, raw: bytes, origin: Origin) -> list[Message]:
        try:
            if self._stages:
                return outcome_messages(self._group, run_stages(self._stages, raw), raw, origin)
            with self._clock.timing(self._group.name):
                return decision_messages(raw, origin, self._memory, self._options.designation_window_days)
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            failed = Failed("stage_failed", detail, self._group.name, traceback.format_exc(limit=30))
            return [dead_letter(failed, raw, origin)]


def _memory(app: faust.App, group: Group, options: AgentOptions) -> TableMemory:
    partitions = group.source.partitions or options.partitions
    name, store = f"{group.name}-memory", dict(STORE_OPTIONS)  # Faust takes options out of it
    table = app.Table(name, partitions=partitions, key_type=bytes, value_type=bytes, options=store)
    return TableMemory(app, table)


def _in_hand(app: faust.App) -> InHand:
    state_dir = Path(app.conf.datadir)
    return InHand(state_dir.with_name(f"{state_dir.name}.in-hand"))


def _died(group: Group, why: str) -> Failed:
    return Failed("worker_died", why, group.name)


def portions(events: Sequence[Any]) -> Iterator[list[Any]]:
    """A batch as it lies, in parts of `PORTION_BYTES` at most, and of one event at least."""
    some: list[Any] = []
    taken_bytes = 0
    for event in events:
        size_bytes = len(event.value or b"")
        if some and taken_bytes + size_bytes > PORTION_BYTES:
            yield some
            some, taken_bytes = [], 0
        some.append(event)
        taken_bytes += size_bytes
    if some:
        yield some


def _place(event: Any) -> Place:
    return event.message.partition, event.message.offset


def _origin(event: Any) -> Origin:
    message = event.message
    key = message.key.decode("utf-8", "backslashreplace") if message.key else None
    return Origin(topic=message.topic, partition=message.partition, offset=message.offset, key=key)
