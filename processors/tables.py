"""Faust tables as what stages remember."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import faust
import structlog
from faust.streams import _current_event, current_event
from faust.types import TP
from rocksdict import WriteBatch

from processors.patches import patch_of, patched
from processors.pulse import end_outright

log = structlog.get_logger(__name__)

RESEND_SECONDS = 1.0
PATCH = "\0patch"

Changed = dict[bytes, bytes | None]
"""What keys of a partition have become; `None` where one was dropped."""


class TableMemory(MutableMapping[str, bytes]):
    """A Faust table as the stages' memory. State is read and written in the current event's partition.

    What a stage changes is at hand for what is read next, and is kept by `settled`, which must come before
    any event is acknowledged: first on the changelog, then on the disk. Were an event acknowledged before,
    whoever has its partition next would never learn what it taught: a copy would begin a story of its own,
    and an act of sanctions be announced again. Were the disk written first, a worker that is killed between
    would find there what an article taught, take the article for known, and never tell the changelog.

    Faust's own way is a message, and two writes to the disk, a change; an article makes some fifty. Here the
    changes of some events go together, as batches of records (`aiokafka`) and of writes (RocksDB).

    Where the disk fails, a full one above all, no article is at fault, and none is to be set aside for it:
    `end` ends the worker, which is started again until the disk works.
    """

    def __init__(self, app: faust.App, table: Any, end: Callable[..., None] = end_outright) -> None:
        self._app = app
        self._table = table
        self._end = end
        self._changed: dict[TP, Changed] = {}
        self._given_up_seconds: dict[TP, float] = {}
        app.on_partitions_revoked.connect(self._let_go)  # type: ignore[arg-type]  # its signature is mistyped

    async def _let_go(self, _app: Any, revoked: Iterable[TP], **_: Any) -> None:
        for tp in revoked:
            self._give_up(tp)

    def _give_up(self, tp: TP) -> None:
        self._changed.pop(tp, None)
        self._given_up_seconds[tp] = monotonic()

    def held(self, events: Iterable[Any]) -> list[Any]:
        """The events whose partitions were not given up since a stream took them from its queue.

        A rebalance takes all partitions from everybody, and what was not yet settled goes with them, even
        where the same worker has them back at once. So an event taken before is neither to be handled nor
        to be acknowledged any more: it is read again.
        """
        given_up = self._given_up_seconds
        return [event for event in events if _taken_seconds(event) > given_up.get(_of(event), 0.0)]

    def __getitem__(self, key: str) -> bytes:
        tp, name = _tp(), key.encode()
        changed = self._changed.get(tp)
        if changed is not None and name in changed:
            value = changed[name]
        else:
            with self._disk():
                value = self._store(tp.partition).get(name)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        self._changed.setdefault(_tp(), {})[key.encode()] = value

    def __delitem__(self, key: str) -> None:
        self[key]
        self._changed.setdefault(_tp(), {})[key.encode()] = None

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("a memory is asked by key")

    def __len__(self) -> int:
        raise NotImplementedError("a memory is asked by key")

    async def settled(self) -> None:
        """Wait until Kafka has every change and the disk too; what fails is sent again, as long as it takes.

        What belongs to a partition that has gone to another worker is let go: that one reads the same
        records again. `held` tells which events that leaves to be acknowledged.
        """
        while self._changed:
            errors = await asyncio.gather(*(self._sent(tp, dict(some)) for tp, some in self._changed.items()))
            failed = [error for error in errors if error is not None]
            if failed:
                log.warning("changes_not_delivered", partitions=len(failed), error=str(failed[0]))
                await asyncio.sleep(RESEND_SECONDS)

    async def _sent(self, tp: TP, changed: Changed) -> BaseException | None:
        """Send what has changed, and write to the disk what has arrived. Gives the first error back."""
        if not self._is_ours(tp):
            self._give_up(tp)
            return None
        topic: str = self._table.changelog_topic.get_topic_name()
        producer: Any = self._app.producer._producer  # type: ignore[attr-defined]  # noqa: SLF001
        sent: list[tuple[Changed, asyncio.Future[Any]]] = []
        error: BaseException | None = None
        try:
            for part, records in _batches(changed, producer.create_batch):
                sent.append((part, await producer.send_batch(records, topic, partition=tp.partition)))
        except Exception as fault:
            error = fault
        if sent:
            await asyncio.wait([future for _, future in sent])
        for part, future in sent:
            refusal = asyncio.CancelledError() if future.cancelled() else future.exception()
            if refusal is None and self._is_ours(tp):
                self._write(tp, part, future.result().offset + len(part) - 1)
            error = error or refusal
        return error

    def _write(self, tp: TP, changed: Changed, offset: int) -> None:
        """Write to the disk, with the place on the changelog from which a restart goes on."""
        writes = WriteBatch(raw_mode=True)
        for key, value in changed.items():
            if value is None:
                writes.delete(key)
            else:
                writes.put(key, value)
        writes.put(self._table.data.offset_key, str(offset).encode())
        with self._disk():
            self._store(tp.partition).write(writes)
        left = self._changed.get(tp, {})
        for key, value in changed.items():
            if left.get(key, b"") is value:
                del left[key]
        if not left:
            self._changed.pop(tp, None)

    def _store(self, partition: int) -> Any:
        return self._table.data._db_for_partition(partition)  # noqa: SLF001 - as Faust's own reads do

    def _is_ours(self, tp: TP) -> bool:
        return tp in self._app.consumer.assignment()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if type(error) is Exception:  # all that RocksDB says of the disk
                self._end("state", error=str(error))
            raise


def _batches(changed: Changed, create: Callable[[], Any]) -> Iterator[tuple[Changed, Any]]:
    """The changes in batches of records, as many as the producer lets each hold."""
    part: Changed = {}
    records = create()
    for key, value in changed.items():
        if records.append(timestamp=None, key=key, value=value) is None:
            yield part, records
            part, records = {}, create()
            records.append(timestamp=None, key=key, value=value)
        part[key] = value
    yield part, records


def _tp() -> TP:
    event = current_event()
    assert event is not None, "memory is read and written with an event at hand"
    return _of(event)


def _of(event: Any) -> TP:
    tp: TP = event.message.tp
    return tp


def _taken_seconds(event: Any) -> float:
    """When a stream took the event from its queue, as Faust's monitor notes it, by the monotonic clock."""
    seconds: float = event.message.time_in
    return seconds


class KeyTable:
    """One value for each key of a group's records, read before a batch of them is handled and kept after.

    A value lies in the partition of the records it is about. What was learned under no key of the batch is
    let go: a record that came under another key than its own. On the table stands what the value once was
    and, under a key beside it, what has changed since (`processors.patches`).
    """

    def __init__(self, memory: TableMemory) -> None:
        self._memory = memory

    def values(self, events: Sequence[Any]) -> dict[str, bytes]:
        """What is remembered under the keys of `events`."""
        found: dict[str, bytes] = {}
        for key, event in _by_key(events).items():
            with _at_hand(event):
                if (value := self._value(key)) is not None:
                    found[key] = value
        return found

    def keep(self, events: Sequence[Any], learned: Mapping[str, bytes]) -> None:
        """Keep what is `learned` under the keys of those `events` that are still held, where it is new."""
        for key, event in _by_key(self._memory.held(events)).items():
            if key in learned:
                with _at_hand(event):
                    self._put(key, learned[key])

    def _value(self, key: str) -> bytes | None:
        base, patch = self._memory.get(key), self._memory.get(key + PATCH)
        return base if base is None or patch is None else patched(base, patch)

    def _put(self, key: str, value: bytes) -> None:
        base, before = self._memory.get(key), self._memory.get(key + PATCH)
        if value == base and before is None:
            return
        patch = None if base is None else patch_of(base, value)
        if patch is None:
            self._memory[key] = value
            self._memory.pop(key + PATCH, None)
        elif patch != before:
            self._memory[key + PATCH] = patch


def _by_key(events: Sequence[Any]) -> dict[str, Any]:
    """The last event of each key; none for keys that are no text, or that could be a patch's."""
    found = {}
    for event in events:
        try:
            found[(event.message.key or b"").decode()] = event
        except UnicodeDecodeError:
            continue
    return {key: event for key, event in found.items() if key and PATCH not in key}


@contextmanager
def _at_hand(event: Any) -> Iterator[None]:
    """Faust reads and writes a table in the partition of the event at hand; of a batch, none is."""
    token = _current_event.set(weakref.ref(event))
    try:
        yield
    finally:
        _current_event.reset(token)
