"""Whether the groups of this process work, for whoever asks over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

SILENT_SECONDS = 60.0
STARTING = "it is starting"


class Health:
    """What the watcher of each group said last. For several threads.

    A watcher that falls silent is a fault too: its event loop hangs, or its broker does not answer.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._said: dict[str, tuple[float, str | None]] = {}

    def expect(self, group: str) -> None:
        """The group is starting."""
        self.tell(group, STARTING)

    def tell(self, group: str, fault: str | None) -> None:
        """What is wrong with the group now; None where it has its place and its partitions move."""
        with self._lock:
            self._said[group] = (self._now(), fault)

    def faults(self) -> dict[str, str | None]:
        """What is wrong with each group, None where nothing is."""
        with self._lock:
            said = dict(self._said)
        return {group: self._fault(told_at, fault) for group, (told_at, fault) in said.items()}

    def _fault(self, told_at: float, fault: str | None) -> str | None:
        silent_seconds = self._now() - told_at
        if silent_seconds > SILENT_SECONDS:
            return f"nothing was heard of it for {silent_seconds:.0f} s" + (f": {fault}" if fault else "")
        return fault
