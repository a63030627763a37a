"""Dates of birth and of listing as lists write them: `01 Jan 1956`, `circa 1960`, `1958 to 1963`."""

from __future__ import annotations

import re
import unicodedata

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_ISO = re.compile(r"(1[89]\d\d|20\d\d)(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?:t.*)?")
_DAY_MONTH_YEAR = re.compile(r"(?:(\d{1,2})[ .-])?([a-z]{3})[a-z]*[ .-](\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def iso_date(written: str) -> str | None:
    """`1956-01-01`, `1956-01`, `1956` or `1958/1963`, as exact as what is written; `None` if it is no date.

    A day and month without a month's name are read as day, then month, except with slashes, where the
    month stands first, as OFAC writes it.
    """
    text = "".join(str(unicodedata.decimal(sign, sign)) for sign in written).strip().lower()
    if match := _ISO.fullmatch(text):
        return "-".join(part for part in match.groups() if part)
    if (match := _DAY_MONTH_YEAR.fullmatch(text)) and match[2] in _MONTHS:
        return _iso(match[3], _MONTHS.index(match[2]) + 1, match[1])
    if (match := _AMERICAN.fullmatch(text)) and int(match[1]) <= 12:
        return _iso(match[3], int(match[1]), match[2])
    years = _YEAR.findall(text)
    if not years:
        return None
    return years[0] if len(set(years)) == 1 else f"{min(years)}/{max(years)}"


def years(date: str) -> range:
    """The years that a date in the form of `iso_date` may mean."""
    first, _, last = date.partition("/")
    return range(int(first[:4]), int((last or first)[:4]) + 1)


def _iso(year: str, month: int, day: str | None) -> str:
    if day is None or not 1 <= int(day) <= 31:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{int(day):02}"
