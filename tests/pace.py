"""How long work may take, in seconds of a machine of known pace.

A bound on time is there for work that grows with the square of its input, or without end: for minutes in
the place of a second, not for a third more. So it counts CPU seconds of this process, and a machine that
is slower than the known one, or whose cores are shared, is given as much more as it needs for a piece of
work that never changes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

# What one piece took where the bounds were chosen.
PIECE_SECONDS = 0.02
PIECES = 25
_WORDS = re.compile(r"\w+")
_TEXT = "The minister said وقال الوزير 김정은 위원장은 объявил о санкциях, 美国制裁。 " * 300


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What stands inside takes fewer CPU `seconds` than that, at the pace of this machine.

    The machine's pace is asked for only of work that took longer: a test that keeps its bound pays nothing.
    """
    started = time.process_time()
    yield
    took = time.process_time() - started
    if took >= seconds:
        slower = max(1.0, _piece_seconds() / PIECE_SECONDS)
        assert took < seconds * slower, f"{took:.2f} CPU seconds, {slower:.2f} times as slow here"


def _piece_seconds() -> float:
    """The longest that a piece took here: what the work met, another may not meet in one try."""
    return max(_piece() for _ in range(PIECES))


def _piece() -> float:
    started = time.process_time()
    seen: dict[str, int] = {}
    for _ in range(16):
        for word in _WORDS.finditer(_TEXT):
            seen[word[0]] = seen.get(word[0], 0) + word.end() - word.start()
    return time.process_time() - started
