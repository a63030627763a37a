"""Faust tables as what stages remember."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import faust
from faust.streams import _current_event


class TableMemory(MutableMapping[str, bytes]):
    """A Faust table as the stages' memory. State is read and written in the current event's partition."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __getitem__(self, key: str) -> bytes:
        value: bytes | None = self._table.get(key.encode())
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        self._table[key.encode()] = value

    def __delitem__(self, key: str) -> None:
        del self._table[key.encode()]

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
