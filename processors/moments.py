"""Times as records carry them, as numbers that stages can compare."""

from __future__ import annotations

from datetime import UTC, datetime
from math import floor


def epoch_seconds(stamp: str) -> int:
    """Whole seconds since 1970 of an ISO time, UTC where it names no zone.

    0 where it can't be read, so that such articles meet only each other.
    """
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return 0
    return floor((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
