"""Dates as feeds state them: RFC 822 and W3C-DTF, and nothing that would have to be guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

YEAR_MIN = 1990
DATE_CHARACTERS_MAX = 64
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
               "october", "november", "december")  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Names of zones that mean one thing. CST, IST, BST and their like mean several: then the day counts alone.
ZONE_MINUTES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "KST": 540, "JST": 540, "EST": -300, "EDT": -240, "CDT": -300,
    "MDT": -360, "PDT": -420,
}  # fmt: skip

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_ZONE = r"(?P<zone>[A-Za-z]{1,5}|(?:(?:UTC|GMT) ?)?[+-]\d{1,2}(?::?\d\d)?)"
_WEEKDAY = r"(?P<weekday>[A-Za-z]{3,9})"
_DAY_MONTH_YEAR = r"(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3,9})\.?[ -](?P<year>\d{4}|\d\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:[Tt ] ?{_CLOCK} ?{_ZONE}?)?",
        rf"(?:{_WEEKDAY}\.?,? )?{_DAY_MONTH_YEAR}(?:,? {_CLOCK} ?{_ZONE}?)?(?: \([^()]*\))?",
        rf"{_WEEKDAY} (?P<month>[A-Za-z]{{3}}) (?P<day>\d{{1,2}}) {_CLOCK} (?:{_ZONE} )?(?P<year>\d{{4}})",
    )
)


def stated_time(text: str | None) -> str | None:
    """The time that `text` states, in ISO 8601 with its offset; its day where no zone is clear; or `None`.

    `None` for a day that does not exist, a weekday that contradicts the day, an order that could be read
    two ways, a year without the century, and anything before 1990, which is a default and not a date.
    Never raises.
    """
    words = " ".join((text or "")[: DATE_CHARACTERS_MAX + 1].split())
    if not words or len(words) > DATE_CHARACTERS_MAX:
        return None
    for form in _FORMS:
        found = form.fullmatch(words)
        if found:
            try:
                return _moment(found.groupdict())
            except (ValueError, OverflowError):  # no such day, hour or offset
                return None
    return None


def instant(stated: str | None) -> datetime | None:
    """The instant of what `stated_time` returned; a day alone counts as its noon in UTC."""
    if stated is None:
        return None
    if len(stated) == len("2026-01-01"):
        return datetime.fromisoformat(f"{stated}T12:00:00+00:00")
    return datetime.fromisoformat(stated).astimezone(UTC)


def _moment(part: dict[str, str | None]) -> str | None:
    day = date(_year(part), _month(part["month"] or ""), int(part["day"] or ""))
    weekday = (part.get("weekday") or "").lower()
    if weekday and weekday[:3] in WEEKDAYS and WEEKDAYS.index(weekday[:3]) != day.weekday():
        return None
    if day.year < YEAR_MIN:
        return None
    if not part["hour"]:
        return day.isoformat()
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    zone = _zone(part["zone"])
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    return day.isoformat() if zone is None else moment.isoformat()


def _year(part: dict[str, str | None]) -> int:
    """A year of two digits (RFC 822) counts only where the weekday bears it out."""
    digits = part["year"] or ""
    if len(digits) == 4:
        return int(digits)
    if not part.get("weekday"):
        raise ValueError("a year of two digits")
    return 2000 + int(digits)


def _month(name: str) -> int:
    if name.isdecimal():
        return int(name)
    word = name.lower()
    if word in (*MONTHS, *MONTH_NAMES, "sept"):
        return MONTHS.index(word[:3]) + 1
    raise ValueError("no month of this name")


def _zone(name: str | None) -> timezone | None:
    if not name:
        return None
    word = name.upper()
    if word in ZONE_MINUTES:
        return timezone(timedelta(minutes=ZONE_MINUTES[word]))
    found = re.fullmatch(r"(?:UTC|GMT)? ?([+-])(\d{1,2}):?(\d\d)?", word)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
