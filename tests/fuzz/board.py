"""Where a child writes what it is at, for the parent to read when the child hangs or is gone."""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<QdQddd")


@dataclass(frozen=True)
class Seen:
    """What stands on a board. Of the case under way: its input, and when it began, in CPU-seconds of the
    child and on the monotonic clock; 0 for none.
    """

    cases: int
    seconds: float
    data: bytes
    cpu_at_seconds: float
    at_seconds: float
    slowest_seconds: float


class Board:
    """A file in both processes' memory. `slowest` is the input that took longest."""

    def __init__(self, path: Path, bytes_max: int = 0, *, fresh: bool = False) -> None:
        if fresh:
            with path.open("wb") as file:
                file.truncate(_HEAD.size + bytes_max)
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self._cases = 0
        self._fresh_at = self._begun = time.monotonic()
        self._cpu_begun = 0.0
        self._slowest_seconds = 0.0
        self.slowest = b""

    def begin(self, data: bytes) -> None:
        """An input is about to be read."""
        self._memory[_HEAD.size : _HEAD.size + len(data)] = data
        self._begun, self._cpu_begun = time.monotonic(), time.process_time()
        self._write(len(data), self._cpu_begun, self._begun)

    def end(self, data: bytes) -> float:
        """It has been read; how many CPU-seconds that took."""
        seconds = time.process_time() - self._cpu_begun
        self._cases += 1
        if seconds > self._slowest_seconds:
            self._slowest_seconds, self.slowest = seconds, data
        self._write(0, 0.0, 0.0)
        return seconds

    def seen(self) -> Seen:
        """What the other process has written."""
        cases, seconds, length, cpu_at_seconds, at_seconds, slowest_seconds = _HEAD.unpack_from(self._memory)
        data = self._memory[_HEAD.size : _HEAD.size + length]
        return Seen(cases, seconds, data, cpu_at_seconds, at_seconds, slowest_seconds)

    def _write(self, length: int, cpu_at_seconds: float, at_seconds: float) -> None:
        seconds = time.monotonic() - self._fresh_at
        _HEAD.pack_into(
            self._memory, 0, self._cases, seconds, length, cpu_at_seconds, at_seconds, self._slowest_seconds
        )
