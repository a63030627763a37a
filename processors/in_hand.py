"""What a process has in its stages, on its disk, so that its next life knows what the last one died of.

A record can do what no handler catches: crash a library written in C, take all the memory, compute without
end until the worker is ended as stalled. It would be read again by the next life, and the next, and its
partition never move on. So records are noted before the stages see them. What was in hand at a death goes
through alone in the next life, which shows who it was; what was in hand at `DEATHS_MAX` of them in a row is
set aside. Kafka's share groups count deliveries for this (KIP-932); a consumer group has no such count.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

log = structlog.get_logger(__name__)

DEATHS_MAX = 3
ASIDE_MAX = 5
"""Records set aside with none between them that went through: after so many it is no record's fault."""
NOTE_BYTES_MAX = 64 * 1024

Place = tuple[int, int]
"""Partition and offset, in the one topic that a group reads."""

T = TypeVar("T")


class Note(msgspec.Struct):
    """What the file holds: places in hand, the deaths that places have seen, and those set aside since a
    record went through.
    """

    in_hand: list[Place] = []
    deaths: list[tuple[Place, int]] = []
    aside: list[Place] = []


class InHand:
    """Takes the records of one group through its stages, with a note of them at `path`.

    One process at a time keeps the note: a second one, and one whose disk is full, goes without.
    """

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)
        before = _read(self._file)
        self._deaths = dict(before.deaths)
        for place in before.in_hand:
            self._deaths[place] = self._deaths.get(place, 0) + 1
        self._aside = set(before.aside)
        self._begun: set[int] = set()
        if before.in_hand:
            log.warning("died_with_records_in_hand", note=path.name, records=len(before.in_hand))

    def through(
        self, places: Sequence[Place], stages: Callable[[slice], Sequence[T]], aside: Callable[[str], T]
    ) -> list[T]:
        """What became of records, in their order.

        `stages` is given where in `places` the records lie that it is to take together, and gives as many
        results; `aside` makes the result of a record that is to be set aside, of a sentence that says why.
        """
        self._forget_what_lies_before(places)
        made: list[T] = []
        for some in self._together(places):
            first = places[some.start]
            if self._is_fatal(first):
                self._aside.add(first)
                self._write([])
                deaths = self._deaths[first]
                made.append(aside(f"the worker died {deaths} times with this record in its stages"))
                continue
            self._write(places[some])
            made += stages(some)
            self._aside.clear()
            self._deaths.pop(first, None)
            self._write([])
        return made

    def close(self) -> None:
        """Leave the note to the next life, as the end of the process does."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _is_fatal(self, place: Place) -> bool:
        """Deaths are kept: a life may end before the dead letter is safe."""
        blamed = self._deaths.get(place, 0) >= DEATHS_MAX
        return blamed and (place in self._aside or len(self._aside) < ASIDE_MAX)

    def _forget_what_lies_before(self, places: Sequence[Place]) -> None:
        """What a life does not read again was acknowledged before it."""
        for partition, offset in places if self._deaths else ():
            if partition not in self._begun:
                self._begun.add(partition)
                for place in [one for one in self._deaths if one[0] == partition and one[1] < offset]:
                    del self._deaths[place]

    def _together(self, places: Sequence[Place]) -> Iterator[slice]:
        """Records as they lie, those alone that were in hand at a death."""
        start = 0
        for at, place in enumerate(places):
            if place in self._deaths:
                if start < at:
                    yield slice(start, at)
                yield slice(at, at + 1)
                start = at + 1
        if start < len(places):
            yield slice(start, len(places))

    def _write(self, in_hand: Sequence[Place]) -> None:
        if self._file is None:
            return
        note = Note(list(in_hand), list(self._deaths.items()), list(self._aside))
        try:
            os.pwrite(self._file, msgspec.json.encode(note) + b"\n", 0)
        except OSError as error:
            log.warning("not_noted", error=str(error))
            self.close()


def _opened(path: Path) -> int | None:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        log.warning("not_noted", error=str(error))
        return None
    return file


def _read(file: int | None) -> Note:
    """The note of the life before; an empty one where there is none that can be read."""
    if file is None:
        return Note()
    try:
        return msgspec.json.decode(os.pread(file, NOTE_BYTES_MAX, 0).partition(b"\n")[0], type=Note)
    except (OSError, msgspec.DecodeError):
        return Note()
