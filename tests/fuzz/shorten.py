"""A failing input made as short as it stays failing."""

from __future__ import annotations

import time
from collections.abc import Callable


def shortened(data: bytes, fails: Callable[[bytes], bool], patience_seconds: float = 5.0) -> bytes:
    """The input without every stretch it fails without, halves first, then ever smaller ones."""
    until = time.monotonic() + patience_seconds
    size = max(1, len(data) // 2)
    while size:
        at = 0
        while at < len(data):
            if time.monotonic() > until:
                return data
            without = data[:at] + data[at + size :]
            if fails(without):
                data = without
            else:
                at += size
        size //= 2
    return data
