"""How long an answer asks us to stay away."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def retry_after_seconds(headers: Mapping[str, str], now_seconds: float | None = None) -> float | None:
    """Seconds from now that `Retry-After` names, as a number or an HTTP date; never negative.

    `None` without the header, and for one that says nothing. A date counts from the server's own `date`
    where it gives one, since its clock need not be ours. `now_seconds` is epoch time.
    """
    told = headers.get("retry-after", "").strip()
    seconds = _number(told)
    if seconds is None and (until := _epoch_seconds(told)) is not None:
        now = _epoch_seconds(headers.get("date", ""))
        seconds = until - (now if now is not None else time.time() if now_seconds is None else now_seconds)
    return None if seconds is None else max(0.0, seconds)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _epoch_seconds(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
