"""When a feed is next read: at its own pace, no oftener than it asks, within bounds.

All times are epoch seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

from producers.feeds.feed import Pace

HOUR_SECONDS = 3600
DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
FIRST_GUESS_SECONDS = HOUR_SECONDS
BACKOFF_SECONDS_MAX = DAY_SECONDS
PUSHED_SECONDS = 6 * HOUR_SECONDS
ARRIVALS_KEPT = 30
GAPS_COUNTED = 10
READS_A_GAP = 2
SILENCE_SHARE = 0.1
JITTER = 0.1

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Bounds:
    """The shortest and the longest time between two readings of one feed."""

    min_seconds: float = 600.0
    max_seconds: float = 14 * DAY_SECONDS


USUAL = Bounds()


def interval_seconds(
    arrivals: Sequence[float], now: float, bounds: Bounds, asked_seconds: float = 0.0, *, pushed: bool = False
) -> float:
    """How long to wait, from when the latest items came.

    Half the usual gap between items, but the longer a feed has been silent, the longer: a tenth of the
    silence. Never less than `asked_seconds`, which is what the feed or its server asked for, nor outside
    the bounds. A feed that a hub pushes is read now and then, to see whether the hub still does.
    """
    known = sorted({moment for moment in arrivals if moment <= now}, reverse=True)[: GAPS_COUNTED + 1]
    gaps = [later - earlier for later, earlier in pairwise(known)]
    own = median(gaps) / READS_A_GAP if gaps else FIRST_GUESS_SECONDS
    silence = (now - known[0]) * SILENCE_SHARE if known else 0.0
    wanted = max(own, silence, asked_seconds, PUSHED_SECONDS if pushed else 0.0)
    return min(max(wanted, bounds.min_seconds), bounds.max_seconds)


def backoff_seconds(failures: int, interval: float, bounds: Bounds) -> float:
    """How long to wait after so many failures in a row: twice as long each time, up to a day.

    A day and no more, so that a feed that was out for a week is back within a day; longer where the feed
    itself is read less often.
    """
    longest = max(interval, min(BACKOFF_SECONDS_MAX, bounds.max_seconds))
    return min(max(interval, bounds.min_seconds) * 2.0 ** min(failures - 1, 20), longest)


def asked_seconds(pace: Pace, headers: Mapping[str, str], now: float) -> float:
    """The longest of what feed and server ask for: `<ttl>`, `sy:updatePeriod`, `Cache-Control`, `Expires`."""
    told = (pace.ttl_seconds, pace.update_seconds, _fresh_seconds(headers, now))
    return float(max((seconds for seconds in told if seconds), default=0))


def next_poll(now: float, interval: float, pace: Pace, share: float, bounds: Bounds = USUAL) -> float:
    """The moment of the next reading: later than `interval` by up to a tenth, as `share` (0 to 1) says, so
    that feeds that came together part; and outside the hours and days that the feed has closed.
    """
    moment = now + min(interval * (1 + JITTER * share), max(interval, bounds.max_seconds))
    if len(pace.skip_hours) >= 24 or len(pace.skip_days) >= 7:
        return moment
    opening = first = datetime.fromtimestamp(moment, UTC)
    while opening.hour in pace.skip_hours or opening.weekday() in pace.skip_days:
        opening = (opening + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    if opening == first:
        return moment
    return opening.timestamp() + share * min(interval, HOUR_SECONDS / 2)


def items_a_day(arrivals: Sequence[float], now: float) -> float:
    """How many items a feed brings a day, from when those of the last week came."""
    recent = [moment for moment in arrivals if now - WEEK_SECONDS <= moment <= now]
    if not recent:
        return 0.0
    seconds = (
        now - min(recent) if len(arrivals) >= ARRIVALS_KEPT and len(recent) == len(arrivals) else WEEK_SECONDS
    )
    return len(recent) * DAY_SECONDS / max(seconds, 1.0)


def _fresh_seconds(headers: Mapping[str, str], now: float) -> float | None:
    control = headers.get("cache-control", "")
    if re.search(r"no-(?:cache|store)", control, re.IGNORECASE):
        return None
    if found := _MAX_AGE.search(control):
        return max(0.0, float(found[1]) - float(_age_seconds(headers)))
    try:
        expires = parsedate_to_datetime(headers["expires"]).timestamp()
    except (KeyError, ValueError, OverflowError, TypeError, IndexError):
        return None
    return max(0.0, expires - now)


def _age_seconds(headers: Mapping[str, str]) -> int:
    told = headers.get("age", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 0
