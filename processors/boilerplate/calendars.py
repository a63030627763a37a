"""Days of other calendars in ours: Iran's, the Hijri as Umm al-Qura fixes it, Japan's eras, Han numerals."""

from __future__ import annotations

import re
from datetime import date

JALALI_YEARS = range(1370, 1480)
HIJRI_YEARS = range(1411, 1461)
_HIJRI_FIRST_DAY = date(1990, 7, 23)  # 1 Muharram 1411
# Umm al-Qura, the calendar of Saudi Arabia: a number a year, a bit a month, lowest first, set for 30 days.
_HIJRI_LONG_MONTHS = (
    730, 1497, 3506, 2980, 2890, 2645, 693, 1397, 2922, 3026, 3012, 2953, 2709, 1325, 1453, 2922, 1748, 3529,
    3474, 2726, 2390, 686, 1389, 874, 2901, 2730, 2381, 1181, 2397, 698, 1461, 1450, 3413, 2714, 2350, 622,
    1373, 2778, 1748, 1701, 1355, 2711, 1358, 2734, 1452, 2985, 3474, 2853, 1611, 3243,
)  # fmt: skip
_JALALI_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ERAS = {"令和": 2018, "平成": 1988}
_ERA = re.compile("(令和|平成)(元|\\d{1,2})年")
_HAN_NUMBER = re.compile("[〇零一二三四五六七八九十]{1,4}(?=[年月日])")
_HAN_DIGITS = {"零": 0} | {sign: number for number, sign in enumerate("〇一二三四五六七八九")}


def gregorian_of_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of a day of the Iranian calendar, by the 33-year cycle that holds from 1343 to 1472.

    Raises `ValueError` for a month or day that the calendar does not have.
    """
    last = 31 if month <= 6 else 30 if month <= 11 or year % 33 in _JALALI_LEAPS else 29
    if not (1 <= month <= 12 and 1 <= day <= last):
        raise ValueError(f"no day {day} of month {month}")
    leaps = sum(1 for past in range(1370, year) if past % 33 in _JALALI_LEAPS)
    days = 365 * (year - 1370) + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    return date.fromordinal(date(1991, 3, 21).toordinal() + days)


def gregorian_of_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Hijri day by Umm al-Qura; where the moon is watched it may be a day off.

    Raises `ValueError` for a day that the calendar does not have.
    """
    if not (1 <= month <= 12 and 1 <= day <= _hijri_month_days(year, month)):
        raise ValueError(f"no day {day} of month {month}")
    before = [(past, at) for past in range(HIJRI_YEARS.start, year) for at in range(1, 13)]
    before += [(year, at) for at in range(1, month)]
    days = sum(_hijri_month_days(past, at) for past, at in before) + day - 1
    return date.fromordinal(_HIJRI_FIRST_DAY.toordinal() + days)


def _hijri_month_days(year: int, month: int) -> int:
    return 29 + (_HIJRI_LONG_MONTHS[year - HIJRI_YEARS.start] >> (month - 1) & 1)


def without_han_numerals(line: str) -> str:
    """The line with digits in place of Japan's eras and of numerals before 年, 月 and 日."""
    if "年" not in line:
        return line
    line = _ERA.sub(lambda era: f"{_ERAS[era[1]] + (1 if era[2] == '元' else int(era[2]))}年", line)
    return _HAN_NUMBER.sub(lambda number: str(_han_number(number[0])), line)


def _han_number(signs: str) -> int:
    """`二〇二四` is read sign by sign, `二十三` as two tens and three."""
    if "十" not in signs:
        return int("".join(str(_HAN_DIGITS[sign]) for sign in signs))
    tens, _, ones = signs.partition("十")
    return 10 * (_HAN_DIGITS.get(tens, 1) if tens else 1) + _HAN_DIGITS.get(ones, 0)
