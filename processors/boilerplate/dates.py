"""Dates as pages write them, in any of the languages CLDR knows and a few tables of our own.

Only whole dates count: a day, a month and a year, all written. Nothing is inferred, and a numeric date
that reads two ways (03/04/2024 in English) is not read. Reading is by tokens, so it is linear.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale

from processors.boilerplate.cues import normal, phrase_kinds

DATE_LINE_CHARACTERS_MAX = 200
WORDS_BESIDES_MAX = 4
YEARS = range(1990, 2100)
_JALALI_YEARS = range(1370, 1480)
_CLDR_LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "ru", "uk", "pl", "cs", "tr", "az", "ro", "hu", "el", "sv",
    "da", "nb", "fi", "id", "hi", "ar", "ar_LB", "ar_DZ", "ar_MA", "he", "fa", "ur", "ckb", "ps", "kk", "bg",
)  # fmt: skip
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,6})?\s{0,2}([AaPp])?(?:\.?[Mm]\.?)?"
    r"\s{0,2}\(?(Z\b|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_BETWEEN = frozenset(
    {*"d,./،-–ºªгم", "de", "del", "of", "den", "the", "st", "nd", "rd", "th", "er", "ый", "من", "al"}
)
_LABEL_WORDS_MAX = 4
_YEAR = re.compile(r"\d{4}")
_BAR_LABELS = frozenset({"published", "updated", "reading_time"})
_NUMERIC_SIGNS = frozenset({"..", "//", "--", "年月", "년월"})
_JALALI_LANGUAGES = frozenset({"fa", "ps", "ckb"})


@dataclass(frozen=True)
class WrittenDate:
    """A date in a line: ISO 8601, with a time only where the line gives time and offset.

    `label` is `published` or `updated` where the words before it say so; `weekday` tells that a weekday's
    name stands in the line, `clock` that a time of day does.
    """

    iso: str
    label: str | None = None
    clock: bool = False
    weekday: bool = False


@dataclass(frozen=True)
class _Token:
    text: str
    number: int | None

    @property
    def is_year(self) -> bool:
        return self.number is not None and len(self.text) == 4 and self.number in YEARS

    @property
    def is_small(self) -> bool:
        return self.number is not None and len(self.text) <= 2


@dataclass(frozen=True)
class _Found:
    day: date
    first: int
    end: int


def written_dates(line: str, language: str) -> list[WrittenDate]:
    """The whole dates in a line of at most `DATE_LINE_CHARACTERS_MAX` characters, in order.

    `language` (ISO 639-1) decides only what is otherwise ambiguous: the order of day and month.
    """
    tokens = _tokens(line)
    found = list(_whole_dates(tokens, language))
    if not found:
        return []
    clock = _CLOCK.search(plain_digits(line))
    names = any(_is_weekday(token.text) for token in tokens)
    dates, since = [], 0
    for one in found:
        label = _label(tokens[since : one.first])
        dates.append(WrittenDate(_iso(one.day, clock, len(found)), label, clock is not None, names))
        since = one.end
    return dates


def is_date_line(line: str, language: str) -> bool:
    """Whether the line is a date bar: a whole date and at most `WORDS_BESIDES_MAX` words but labels."""
    tokens = _tokens(line)
    found = list(_whole_dates(tokens, language))
    if not found:
        return False
    covered = {at for one in found for at in range(one.first, one.end)}
    rest = (token.text for at, token in enumerate(tokens) if at not in covered)
    words = (word for word in rest if word[0].isalpha() and not _is_weekday(word))
    return sum(not phrase_kinds(word) & _BAR_LABELS for word in words) <= WORDS_BESIDES_MAX


def _tokens(line: str) -> list[_Token]:
    """Numbers, words and signs of a line; none where it is too long for a date bar or has no year."""
    if len(line) > DATE_LINE_CHARACTERS_MAX or not _YEAR.search(line):
        return []
    texts = _TOKEN.findall(plain_digits(line))
    return [_Token(text, int(text) if text.isdecimal() else None) for text in texts]


class _Plain(dict[int, str | None]):
    """A translation to ASCII digits, without bidi and vowel marks; it learns each character once."""

    def __missing__(self, point: int) -> str | None:
        letter = chr(point)
        plain: str | None = str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        self[point] = None if unicodedata.category(letter) in {"Mn", "Cf"} else plain
        return self[point]


_PLAIN = _Plain()


def plain_digits(line: str) -> str:
    """The line with ASCII digits, without bidi and vowel marks."""
    return line.translate(_PLAIN)


def _iso(day: date, clock: re.Match[str] | None, dates: int) -> str:
    """With a time where the line has one date, and a clock with its offset."""
    if clock is None or dates > 1 or clock[5] is None or clock[4]:
        return day.isoformat()
    offset = "+00:00" if clock[5] in {"Z", "UTC", "GMT"} else f"{clock[5][:3]}:{clock[5][-2:]}"
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return day.isoformat()
    return f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}{offset}"


def _label(before: Sequence[_Token]) -> str | None:
    """`published` or `updated`, from the last words before a date."""
    words = [token.text for token in before if token.number is None and token.text[0].isalpha()]
    last = words[-_LABEL_WORDS_MAX:]
    for first in range(len(last)):
        for end in range(len(last), first, -1):
            kinds = phrase_kinds(" ".join(last[first:end]))
            for label in ("updated", "published"):
                if label in kinds:
                    return label
    return None


def _whole_dates(tokens: Sequence[_Token], language: str) -> Iterator[_Found]:
    at = 0
    while at < len(tokens):
        found = _numeric(tokens, at, language) or _worded(tokens, at)
        if found is None:
            at += 1
        else:
            yield found
            at = found.end


def _numeric(tokens: Sequence[_Token], at: int, language: str) -> _Found | None:
    """`27.04.2024`, `2024-04-27`, `2024年4月27日`: three numbers with one sign or letter between."""
    if at + 5 > len(tokens) or tokens[at].number is None:
        return None
    one, two, three = tokens[at], tokens[at + 2], tokens[at + 4]
    signs = tokens[at + 1].text + tokens[at + 3].text
    if signs not in _NUMERIC_SIGNS or not two.is_small:
        return None
    if len(one.text) == 4 and three.is_small:
        make = _jalali_found if language in _JALALI_LANGUAGES and one.number in _JALALI_YEARS else _found
        return make(one, two, three, at, at + 5)
    if not one.is_small:
        return None
    if language == "en" and signs != "..":
        month = _month_of_two(one, two)
        day = two if month is one else one
        return _found(three, month, day, at, at + 5) if month else None
    return _found(three, two, one, at, at + 5)


def _month_of_two(one: _Token, two: _Token) -> _Token | None:
    """Which of two numbers is the month where either may come first; `None` where both may be."""
    small = [token for token in (one, two) if (token.number or 0) <= 12]
    return small[0] if len(small) == 1 or one.number == two.number else None


def _worded(tokens: Sequence[_Token], at: int) -> _Found | None:
    """`27 April 2024`, `April 27, 2024`, `2024. április 27.`, `27 أبريل / نيسان 2024`."""
    month, end, jalali = _month_at(tokens, at)
    if month is None:
        return None
    again, further, _ = _month_at(tokens, _skip(tokens, end))
    if again == month:
        end = further  # the same month by its other name
    name = _Token(str(month), month)
    before = at - 1
    while before >= 0 and tokens[before].text.casefold() in _BETWEEN:
        before -= 1
    after = _skip(tokens, end)
    previous = tokens[before] if before >= 0 else None
    following = tokens[after] if after < len(tokens) else None
    if following is None:
        return None
    if previous is not None and previous.is_small and len(following.text) == 4 and following.number:
        make = _jalali_found if jalali else _found
        return make(following, name, previous, before, after + 1)
    if following.is_small and not jalali:
        later = _skip(tokens, after + 1)
        if later < len(tokens) and tokens[later].is_year:
            return _found(tokens[later], name, following, at, later + 1)
        if previous is not None and previous.is_year:
            return _found(previous, name, following, before, after + 1)
    return None


def _skip(tokens: Sequence[_Token], at: int) -> int:
    while at < len(tokens) and tokens[at].text.casefold() in _BETWEEN:
        at += 1
    return at


def _found(year: _Token, month: _Token, day: _Token, first: int, end: int) -> _Found | None:
    if not year.is_year or month.number is None or day.number is None or year.number is None:
        return None
    try:
        return _Found(date(year.number, month.number, day.number), first, end)
    except ValueError:
        return None


def _jalali_found(year: _Token, month: _Token, day: _Token, first: int, end: int) -> _Found | None:
    if year.number is None or month.number is None or day.number is None:
        return None
    if year.number not in _JALALI_YEARS:
        return None
    try:
        return _Found(gregorian_of_jalali(year.number, month.number, day.number), first, end)
    except ValueError:
        return None


def gregorian_of_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of a day of the Iranian calendar, by the 33-year cycle that holds from 1343 to 1472.

    Raises `ValueError` for a month or day that the calendar does not have.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError(f"no day {day} of month {month}")
    leaps = sum(1 for past in range(1370, year) if past % 33 in {1, 5, 9, 13, 17, 22, 26, 30})
    days = 365 * (year - 1370) + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    return date.fromordinal(date(1991, 3, 21).toordinal() + days)


def _month_at(tokens: Sequence[_Token], at: int) -> tuple[int | None, int, bool]:
    """The month that the one or two tokens from `at` name, where it ends, and whether it is Jalali."""
    if at >= len(tokens) or not tokens[at].text[0].isalpha():
        return None, at, False
    end = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text[0].isalpha() else at + 1
    month = _month_named(" ".join(token.text for token in tokens[at:end]))
    if month is None and end == at + 2:
        end = at + 1
        month = _month_named(tokens[at].text)
    if month is None:
        return None, at, False
    return (month - 20, end, True) if month > 20 else (month, end, False)


def is_month(word: str) -> bool:
    """Whether a word is a month's name in a language we know."""
    return _month_named(word) is not None


@lru_cache(maxsize=8192)
def _month_named(words: str) -> int | None:
    return _months().get(normal(words))


@lru_cache(maxsize=8192)
def _is_weekday(word: str) -> bool:
    return normal(word) in _weekdays()


@cache
def _months() -> dict[str, int]:
    """Month numbers by name as `normal` gives it; Jalali months are numbered from 21."""
    own = tomllib.loads((Path(__file__).parent / "months.toml").read_text(encoding="utf-8"))
    names = {
        normal(name): number + offset
        for table, offset in (("jalali", 20), ("gregorian", 0))
        for row in own[table]
        for number, name in enumerate(row, 1)
    }
    for code in _CLDR_LANGUAGES:
        for context in Locale.parse(code).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    names.setdefault(normal(name), number)
    return {name: number for name, number in names.items() if len(name) > 1}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        word
        for code in _CLDR_LANGUAGES
        for context in Locale.parse(code).days.values()
        for width in ("wide", "abbreviated")
        for name in context[width].values()
        if len(word := normal(name)) > 1
    ) | {"星期", "周"}
