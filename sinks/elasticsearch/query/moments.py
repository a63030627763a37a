"""Times as a searcher writes them: days, hours, and how long ago. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from sinks.elasticsearch.query.syntax import QueryError

_AGO = re.compile(r"(\d{1,5})(m|h|d|w)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d{2}:\d{2})?")
_DAYS = {"today": 0, "yesterday": 1}


def moment(written: str, now: datetime, at: int = 0, parameter: str = "q") -> str:
    """A time as Elasticsearch takes it. A year, month or day stays one: as an upper bound it means its end.

    Raises `QueryError` for what is no time.
    """
    text = _ascii_digits(written.strip())
    if text.lower() in _DAYS:
        return (now.astimezone(UTC) - timedelta(days=_DAYS[text.lower()])).date().isoformat()
    try:
        if ago := _AGO.fullmatch(text):
            return (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC).isoformat(timespec="milliseconds")
        if day := _DAY.fullmatch(text):
            datetime(int(day[1]), int(day[2] or 1), int(day[3] or 1), tzinfo=UTC)
            return text
        if _CLOCK.fullmatch(text):
            read = datetime.fromisoformat(text.upper())
            read = read if read.tzinfo else read.replace(tzinfo=UTC)
            return read.astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError):
        pass
    raise QueryError(
        f"{written[:40]!r} is no time: write 2026-03-01, 2026-03, 2026-03-01T08:00Z, 7d, 24h, today",
        at,
        parameter,
    )


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
