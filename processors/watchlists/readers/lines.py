"""Text files line by line, of bounded length, in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from processors.watchlists.faults import Fault

LINE_BYTES_MAX = 4 * 1024 * 1024


def lines(path: Path) -> Iterator[tuple[int, bytes] | Fault]:
    """Each line that is not blank, with its number from 1; a fault for one that is too long."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE_BYTES_MAX + 1):
            number += 1
            if len(line) > LINE_BYTES_MAX:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LINE_BYTES_MAX)
                yield Fault(
                    f"line {number}", "", f"longer than {LINE_BYTES_MAX >> 20} MiB: split or shorten it"
                )
            elif line.strip():
                yield number, line
