"""The Faust side of the pipeline: one app (and so one consumer group) per group of stages, kept thin.

An event is acknowledged only after everything it became, and all that stages remember of it, has been
acknowledged by Kafka, and never because a handler raised or was cancelled: streams run with Faust's own
acknowledgements off, and events are acknowledged by hand. What is delivered twice after a crash is made
harmless by deterministic ids.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import faust
import structlog

from processors.delivery import Behind, Handled, Together, delivered
from processors.forward import Message, dead_letter, decision_messages, outcome_messages
from processors.pipeline import Group, StageOptions, build_stages
from processors.pulse import Pulse
from processors.stage import Failed, Outcome, run_batch, run_stages
from processors.tables import KeyTable, TableMemory
from processors.timing import StageClock
from schemas.article import Lane
from schemas.dead_letter import Origin
from schemas.hops import UNWATCHED, Watch

log = structlog.get_logger(__name__)

STREAM_BUFFER_RECORDS = 64
TOGETHER_RECORDS = 16
LATE_SECONDS = 0.5
"""How long what was handled waits for an event to go with: Faust may skip all that its buffer still held."""
BATCH_BYTES = 256 * 1024
STORE_OPTIONS = {
    "write_buffer_size": 16 * 1024 * 1024,
    "max_write_buffer_number": 2,
    "block_cache_size": 32 * 1024 * 1024,
}
"""Of each partition's RocksDB, which so takes 64 MB at most. Faust lets it take 2 GB and more."""
SESSION_SECONDS = 10.0
"""How long a silent worker keeps its partitions."""

Handler = Callable[[Any], Awaitable[None]]
Turn = Callable[[int], Awaitable[None]]


async def at_once(_: int) -> None:
    """Take one's turn without waiting, as live news does."""


@dataclass(frozen=True)
class AgentOptions:
    """How agents reach Kafka, where they keep state, and how much they take at once.

    `client` holds Faust settings for the cluster (`broker`, `broker_credentials`); `extra` any others.
    A worker with an `instance` name keeps its place in the consumer group when it is restarted (static
    membership, KIP-345): it goes on at once, where a nameless one waits out the session of the one that
    was killed. Each running worker of a group needs a name of its own. `turn` is awaited before as many
    records are handled: a backfill waits there for live news.
    """

    client: dict[str, Any]
    data_dir: Path
    lane: Lane = "live"
    partitions: int = 4
    replication_factor: int = 1
    commit_seconds: float = 1.0
    batch_articles: int = 16
    batch_seconds: float = 0.05
    designation_window_days: int = 30
    stages: StageOptions = field(default_factory=StageOptions)
    app_prefix: str = "wirewatch"
    instance: str = ""
    watch: Watch = UNWATCHED
    turn: Turn = at_once
    extra: dict[str, Any] = field(default_factory=dict)


def app_id(group: Group, prefix: str, lane: Lane) -> str:
    """The group's Faust app id and consumer group: one for both lanes where they share topics."""
    return _named(group, prefix, lane if group.source.per_lane else "live")


def _named(group: Group, prefix: str, lane: Lane) -> str:
    return f"{prefix}-{group.name}" if lane == "live" else f"{prefix}-{lane}-{group.name}"


def build_app(group: Group, options: AgentOptions) -> faust.App:
    """The Faust app that runs one group of stages in one lane."""
    name = app_id(group, options.app_prefix, options.lane)
    member = _named(group, options.app_prefix, options.lane)  # workers of two lanes are two, in one group too
    state_dir = options.data_dir / options.instance / member
    state_dir.parent.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        name,
        **options.client,
        datadir=state_dir,
        store="rocksdb://",
        processing_guarantee="at_least_once",
        broker_commit_interval=options.commit_seconds,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=3.0,
        broker_max_poll_interval=600.0,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=f"{member}-{options.instance}" if options.instance else None,
        consumer_max_fetch_size=group.source.max_message_bytes,
        producer_acks=-1,
        producer_compression_type="lz4",
        producer_max_batch_size=BATCH_BYTES,
        producer_max_request_size=group.sink.max_message_bytes,
        stream_buffer_maxsize=STREAM_BUFFER_RECORDS,
        topic_partitions=options.partitions,
        topic_replication_factor=options.replication_factor,
        topic_disable_leader=True,
        web_enabled=False,
        **options.extra,
    )
    source = app.topic(
        group.source.for_lane(options.lane),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
    )
    app.on_rebalance_complete.connect(_hold_flow)  # type: ignore[arg-type]  # its signature is mistyped
    pulse = Pulse(SESSION_SECONDS)
    app.task(pulse.beat)
    make = _remembering if group.remembers else _batching
    app.agent(source, name=group.name)(make(app, group, options, pulse))
    return app


async def _hold_flow(app: Any, *_: Any, **__: Any) -> None:
    """Stop reading until the partitions have been sought to their committed offsets.

    Faust 0.15 resumes partitions before it seeks them. With a table to recover it is reading by then: it
    hands records to streams that still skip everything, seeks back, and later drops the same records as
    read before, so that they are never handled and no offset after them is ever committed. Faust itself
    resumes the flow once it has sought.
    """
    app.consumer.stop_flow()


def _batching(app: faust.App, group: Group, options: AgentOptions, pulse: Pulse) -> Handler:
    """Takes batches, and runs the stages in a thread of their own: the loop never waits on them.

    What a batch became is on its way while the next one is in the stages.

    Where the group learns, its stages have what is remembered under the keys of a batch, which goes back to
    the table before anything the batch became is sent.
    """
    clock = StageClock()
    sources: dict[str, bytes] = {}
    memory = _memory(app, group, options) if group.learns else None
    table = None if memory is None else KeyTable(memory)
    given = replace(options.stages, sources=sources) if group.learns else options.stages
    stages = clock.timed(build_stages(group.stages, given))
    executor = ThreadPoolExecutor(1, thread_name_prefix=group.name)

    def run(known: dict[str, bytes], raws: Sequence[bytes]) -> tuple[list[Outcome], dict[str, bytes]]:
        """In the thread, which may touch no table: it has a copy, and what it learned goes back."""
        sources.clear()
        sources.update(known)
        return run_batch(stages, raws), dict(sources)

    behind = Behind()

    async def handle(stream: Any) -> None:
        async for taken in stream.noack_take(options.batch_articles, within=options.batch_seconds):
            await options.turn(len(taken))
            events = taken if memory is None else memory.held(taken)
            if not events:
                continue
            raws = [event.value or b"" for event in events]
            hop = options.watch.hop(app.conf.id, group.stages, [event.message for event in events])
            known = table.values(events) if table else {}
            outcomes, learned = await app.loop.run_in_executor(executor, run, known, raws)
            if table:
                table.keep(events, learned)
            made = [
                outcome_messages(group, outcome, raw, _origin(event))
                for event, raw, outcome in zip(events, raws, outcomes, strict=True)
            ]
            handled = Handled(stream, events, hop, made, clock.taken())
            await behind.done()
            pulse.check()
            behind.begin(delivered(app, options.lane, memory, [handled]))

    return handle


def _remembering(app: faust.App, group: Group, options: AgentOptions, pulse: Pulse) -> Handler:
    """Takes events one at a time, since its table's state lives with the event's partition.

    What some of them became is sent together, as many as wait, so that no article waits for the journey of
    each one before it.
    """
    memory = _memory(app, group, options)
    clock = StageClock()
    stages = clock.timed(build_stages(group.stages, replace(options.stages, memory=memory)))
    names = group.stages or (group.name,)

    def messages_for(raw: bytes, origin: Origin) -> list[Message]:
        try:
            if stages:
                return outcome_messages(group, run_stages(stages, raw), raw, origin)
            with clock.timing(group.name):
                return decision_messages(raw, origin, memory, options.designation_window_days)
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            failed = Failed("stage_failed", detail, group.name, traceback.format_exc(limit=30))
            return [dead_letter(failed, raw, origin)]

    together = Together(app, options.lane, memory)

    async def deliver_late() -> None:
        pulse.check()
        await together.deliver()

    app.timer(LATE_SECONDS)(deliver_late)

    async def handle(stream: Any) -> None:
        together.begin()
        async for event in stream.noack().events():
            await options.turn(1)
            if not memory.held([event]):
                continue
            hop = options.watch.hop(app.conf.id, names, [event.message])
            pulse.check()
            messages = messages_for(event.value or b"", _origin(event))
            together.add(Handled(stream, [event], hop, [messages], clock.taken()))
            if len(together) >= TOGETHER_RECORDS or stream.channel.queue.empty():
                await together.deliver()
            else:
                await asyncio.sleep(0)

    return handle


def _memory(app: faust.App, group: Group, options: AgentOptions) -> TableMemory:
    partitions = group.source.partitions or options.partitions
    name, store = f"{group.name}-memory", dict(STORE_OPTIONS)  # Faust takes options out of it
    table = app.Table(name, partitions=partitions, key_type=bytes, value_type=bytes, options=store)
    return TableMemory(app, table)


def _origin(event: Any) -> Origin:
    message = event.message
    key = message.key.decode("utf-8", "backslashreplace") if message.key else None
    return Origin(topic=message.topic, partition=message.partition, offset=message.offset, key=key)
