"""How long a sink waits before it tries again, and who waits for it."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0

Hold = Callable[[float], None]
"""Waits some seconds on its owner's behalf; raises to give up."""


def delay_seconds(attempt: int) -> float:
    """How long to wait after the attempt (from 0): doubling up to a limit, with jitter."""
    longest: float = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** min(attempt, 16))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, hides nothing
