"""When an act of sanctions was done, as far as its words say: a whole day, or the year alone."""

from __future__ import annotations

import re

from processors.boilerplate.dates import written_dates
from processors.folding import fold

_YEAR = re.compile(r"(?<!\d)(?:1[34]\d\d|19[4-9]\d|20[0-4]\d)(?!\d)")
_JALALI_MAX, _JALALI_OFFSET = 1500, 621


def told_date(words: str, language: str) -> str | None:
    """ISO 8601: `2014-03-17`, or `2014`; `None` for what only the day of the news could tell (`Friday`)."""
    whole = written_dates(words, language)
    if whole:
        return whole[0].iso[:10]
    year = _YEAR.search(fold(words))
    return str(_gregorian(int(year.group()))) if year else None


def _gregorian(year: int) -> int:
    return year + _JALALI_OFFSET if year < _JALALI_MAX else year
