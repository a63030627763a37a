"""When an act of sanctions was done, as far as its words say: a whole day, or the year alone."""

from __future__ import annotations

import re
from datetime import date

from processors.boilerplate.dates import written_dates
from processors.boilerplate.months import months_named
from processors.folding import fold

_YEAR = re.compile(r"(?<!\d)(?:1[34]\d\d|19[4-9]\d|20[0-4]\d)(?!\d)")
MONTHS_BACK = range(2, 6)  # more are sooner the months to come
DAYS_INTO_A_MONTH = 14
_JALALI_MAX, _JALALI_OFFSET = 1500, 621


def told_date(words: str, language: str) -> str | None:
    """ISO 8601: `2014-03-17`, or `2014`; `None` for what only the day of the news could tell (`Friday`)."""
    whole = written_dates(words, language)
    if whole:
        return whole[0].iso[:10]
    year = _YEAR.search(fold(words))
    return str(_gregorian(int(year.group()))) if year else None


def is_long_ago(words: str, told: str | None, published: date) -> bool:
    """Whether the words of a date tell of an act that was no news any more when an article was published:
    of a year before, or of a month before (`in October`, at the end of November).
    """
    if told:
        return int(told[:4]) < published.year
    months = months_named(words)
    if len(months) != 1:
        return False
    back = (published.month - months[0]) % 12
    return back in MONTHS_BACK or (back == 1 and published.day > DAYS_INTO_A_MONTH)


def _gregorian(year: int) -> int:
    return year + _JALALI_OFFSET if year < _JALALI_MAX else year
