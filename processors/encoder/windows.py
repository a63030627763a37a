"""Long lines in windows that the encoder can read, cut where sentences end, with context on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WINDOW_PIECES = 254
CONTEXT_PIECES = 32
_ENDS = frozenset(".!?。！？؟۔…;；")


class Window(NamedTuple):
    """Pieces `first` to `last` are read (end exclusive); what is found counts for `begin` to `stop`."""

    first: int
    last: int
    begin: int
    stop: int


def windows(text: str, offsets: Sequence[tuple[int, int]]) -> list[Window]:
    """Windows whose counted parts follow each other without gap or overlap over all pieces of a line."""
    pieces = len(offsets)
    if pieces <= WINDOW_PIECES:
        return [Window(0, pieces, 0, pieces)] if pieces else []
    counted = WINDOW_PIECES - 2 * CONTEXT_PIECES
    found: list[Window] = []
    begin = 0
    while begin < pieces:
        stop = _cut(text, offsets, begin, begin + counted)
        found.append(Window(max(0, begin - CONTEXT_PIECES), min(pieces, stop + CONTEXT_PIECES), begin, stop))
        begin = stop
    return found


def _cut(text: str, offsets: Sequence[tuple[int, int]], begin: int, stop: int) -> int:
    """Where a window's counted part ends: after the last sentence that ends in its second half, if any."""
    if stop >= len(offsets):
        return len(offsets)
    for piece in range(stop, begin + (stop - begin) // 2, -1):
        start, end = offsets[piece - 1]
        if end > start and text[end - 1] in _ENDS and not text[end : end + 1].isalnum():
            return piece
    return stop
