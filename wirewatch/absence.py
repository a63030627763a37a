"""Notices a process that runs and is no longer in its consumer groups: one that was stopped, or is frozen.

The broker puts it out of the group after its session (10 s). A worker or sink that merely hangs ends itself
(`wirewatch.stalls`), and one that has ended is seen to have ended; this is for what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ABSENT_SECONDS = 40.0
"""With the broker's 10 s and a check or two, noticed within 60 s."""


@dataclass
class Absence:
    """Since when groups that had members have none. One that never had any is still starting."""

    limit_seconds: float = ABSENT_SECONDS
    _present_at: dict[str, float] = field(default_factory=dict)

    def observe(self, now_seconds: float, members: Mapping[str, int]) -> list[str]:
        """The groups that have been without members for longer than the limit."""
        self._present_at |= {group: now_seconds for group, count in members.items() if count}
        return [
            group
            for group, present_at in self._present_at.items()
            if not members.get(group) and now_seconds - present_at > self.limit_seconds
        ]

    def forget(self, groups: Iterable[str]) -> None:
        """Whoever was in these groups starts anew."""
        for group in groups:
            self._present_at.pop(group, None)

    def pause(self, now_seconds: float) -> None:
        """Nobody can say who is there: the time does not count."""
        self._present_at = dict.fromkeys(self._present_at, now_seconds)
