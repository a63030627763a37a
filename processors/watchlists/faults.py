"""What was wrong with a list, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_LETTERS = 80


class ListError(ValueError):
    """A list can't be used as a whole. The message says what was wrong, where, and how to mend it."""


@dataclass(frozen=True)
class Fault:
    """Something of a list that was left out: the whole entry where `skipped`, else a part of it.

    `place` is where it stands (`line 12`), `entry` its id as the list gives it.
    """

    place: str
    entry: str
    what: str
    skipped: bool = True

    def __str__(self) -> str:
        of = f" (entry {shown(self.entry)})" if self.entry else ""
        return f"{self.place}{of}: {'skipped: ' if self.skipped else ''}{self.what}"


def shown(value: str) -> str:
    """A value from a list, short enough for a message."""
    return value if len(value) <= SHOWN_LETTERS else f"{value[:SHOWN_LETTERS]}…"
