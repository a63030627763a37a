"""Faust tables as what stages remember."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import faust
import structlog
from faust.streams import _current_event

from processors.pulse import end_outright

log = structlog.get_logger(__name__)

RESEND_SECONDS = 1.0


class Changes:
    """What a table has sent to its changelog, until Kafka has it.

    Faust sends a change without waiting, and lets go of one that fails. Were the event that made it
    acknowledged by then, whoever has the partition next would never learn what it taught: a copy would begin
    a story of its own, and an act of sanctions be announced again. Without a table, nothing changes.
    """

    def __init__(self, table: Any | None) -> None:
        if table is not None:
            self._send = table.send_changelog
            table.send_changelog = self._noted
        self._sent: list[tuple[asyncio.Future[Any], tuple[Any, ...], dict[str, Any]]] = []

    async def settled(self) -> None:
        """Wait until Kafka has acknowledged every change; what fails is sent again, as long as it takes."""
        while self._sent:
            sent, self._sent = self._sent, []
            await asyncio.wait([future for future, *_ in sent])
            failed = [one for one in sent if one[0].cancelled() or one[0].exception() is not None]
            if failed:
                log.warning("changes_not_delivered", changes=len(failed), error=str(failed[0][0]))
                await asyncio.sleep(RESEND_SECONDS)
            for _, given, named in failed:
                self._noted(*given, **named)

    def _noted(self, *given: Any, **named: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = self._send(*given, **named)
        self._sent.append((future, given, named))
        return future


class TableMemory(MutableMapping[str, bytes]):
    """A Faust table as the stages' memory. State is read and written in the current event's partition.

    Where the disk fails, a full one above all, no article is at fault, and none is to be set aside for it:
    `end` ends the worker, which is started again until the disk works.
    """

    def __init__(self, table: Any, end: Callable[..., None] = end_outright) -> None:
        self._table = table
        self._end = end

    def __getitem__(self, key: str) -> bytes:
        with self._disk():
            value: bytes | None = self._table.get(key.encode())
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        with self._disk():
            self._table[key.encode()] = value

    def __delitem__(self, key: str) -> None:
        with self._disk():
            del self._table[key.encode()]

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if type(error) is Exception:  # all that RocksDB says of the disk
                self._end("state", error=str(error))
            raise

    def __iter__(self) -> Iterator[str]:
        return (key.decode() for key in self._table)

    def __len__(self) -> int:
        return len(self._table)


class KeyTable:
    """One value for each key of a group's records, read before a batch of them is handled and kept after.

    A value lies in the partition of the records it is about. What was learned under no key of the batch is
    let go (a record that came under another key than its own), and so is what belongs to a partition that
    has gone to another worker meanwhile, which reads the same records again.
    """

    def __init__(self, app: faust.App, table: Any) -> None:
        self._app = app
        self._memory = TableMemory(table)

    def values(self, events: Sequence[Any]) -> dict[str, bytes]:
        """What is remembered under the keys of `events`."""
        found: dict[str, bytes] = {}
        for key, event in _by_key(events).items():
            with _at_hand(event):
                if (value := self._memory.get(key)) is not None:
                    found[key] = value
        return found

    def keep(self, events: Sequence[Any], learned: Mapping[str, bytes]) -> None:
        """Keep what is `learned` under the keys of `events`, where it says something new."""
        ours = self._app.consumer.assignment()
        for key, event in _by_key(events).items():
            if key in learned and event.message.tp in ours:
                with _at_hand(event):
                    if self._memory.get(key) != learned[key]:
                        self._memory[key] = learned[key]


def _by_key(events: Sequence[Any]) -> dict[str, Any]:
    """The last event of each key; none for keys that are no text."""
    found = {}
    for event in events:
        try:
            found[(event.message.key or b"").decode()] = event
        except UnicodeDecodeError:
            continue
    found.pop("", None)
    return found


@contextmanager
def _at_hand(event: Any) -> Iterator[None]:
    """Faust reads and writes a table in the partition of the event at hand; of a batch, none is."""
    token = _current_event.set(weakref.ref(event))
    try:
        yield
    finally:
        _current_event.reset(token)
