"""Dates as pages write them, in any of the languages CLDR knows and a few tables of our own.

Only whole dates count: a day, a month and a year, all written, or a count back from the time of the fetch
(`relative`), or a day, a month and a time of day in the days before the fetch, which outlets write without
the year while they are news. Nothing else is inferred: a numeric date that reads two ways (03/04/2024 in
English) is not read, nor a span of days. Reading is by tokens, so it is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from processors.boilerplate.calendars import (
    HIJRI_YEARS,
    JALALI_YEARS,
    gregorian_of_hijri,
    gregorian_of_jalali,
    without_han_numerals,
)
from processors.boilerplate.cues import phrase_kinds
from processors.boilerplate.digits import plain_digits
from processors.boilerplate.months import (
    HIJRI_OFFSET,
    JALALI_OFFSET,
    MONTHS,
    TOKEN,
    is_weekday,
    month_named,
)
from processors.boilerplate.relative import time_back

DATE_LINE_CHARACTERS_MAX = 200
YEARLESS_LINE_CHARACTERS_MAX = 60
YEARLESS_DAYS_MAX = 7
WORDS_BESIDES_MAX = 4
YEARS = range(1990, 2100)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,6})?\s{0,2}([AaPp])?(?:\.?[Mm]\.?)?"
    r"\s{0,2}\(?(Z\b|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_BETWEEN = frozenset("d,./،-–ºªгم()") | {
    "de", "del", "of", "den", "the", "st", "nd", "rd", "th", "er", "ый", "من", "al", "ماه", "شهر", "do", "le",
}  # fmt: skip
_CLOCK_WORDS = frozenset({
    "h", "am", "pm", "uhr", "ч", "м", "ص", "م", "오전", "오후", "시", "분", "上午", "下午",
    "gmt", "utc", "gst", "est", "edt", "et", "pst", "pdt", "cet", "cest", "bst", "msk", "мск", "ist", "jst",
    "kst",
})  # fmt: skip
_LABEL_WORDS_MAX = 4
_YEAR_AT_CLOCK = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\d{1,2}:\d\d)")
_YEAR = re.compile(r"\d{4}")
_BAR_LABELS = frozenset({"published", "updated", "reading_time"})
_NUMERIC_SIGNS = frozenset({"..", "//", "--", "年月", "년월"})
_DASHES = frozenset("-–—~〜")
_SPAN_WORDS = _DASHES | {
    "au", "al", "a", "bis", "to", "through", "until", "and", "et", "und", "y", "e", "и", "по", "до", "إلى",
    "الى", "و", "تا", "至", "到", "ile", "ve", "부터", "から",
}  # fmt: skip
_JALALI_LANGUAGES = frozenset({"fa", "ps", "ckb"})


@dataclass(frozen=True)
class WrittenDate:
    """A date in a line: ISO 8601, with a time only where the line gives time and offset.

    `label` is `published` or `updated` where the words before it say so; `weekday` tells that a weekday's
    name stands in the line, `clock` that a time of day does, `relative` that it is counted back from
    the fetch.
    """

    iso: str
    label: str | None = None
    clock: bool = False
    weekday: bool = False
    relative: bool = False


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
    hijri: bool = False


def written_dates(line: str, language: str, fetched_at: str = "") -> list[WrittenDate]:
    """The whole dates in a line of at most `DATE_LINE_CHARACTERS_MAX` characters, in order.

    `language` (ISO 639-1) decides only what is otherwise ambiguous: the order of day and month, and where
    the day of a relative form is counted. `fetched_at` (ISO 8601, UTC) is what relative forms need.
    """
    tokens = _tokens(line)
    found = _found_in(tokens, language)
    if not found and not fetched_at:
        return []
    if not found:
        return _counted_back(line, language, fetched_at) or _told_without_year(line, fetched_at)
    clock = _CLOCK.search(_plain(line))
    names = any(is_weekday(token.text) for token in tokens)
    dates, since = [], 0
    for one in found:
        label = _label(tokens[since : one.first])
        dates.append(WrittenDate(_iso(one.day, clock, len(found)), label, clock is not None, names))
        since = one.end
    return dates


def _counted_back(line: str, language: str, fetched_at: str) -> list[WrittenDate]:
    back = time_back(line)
    day = back.day(fetched_at, language) if back else None
    return [WrittenDate(day.isoformat(), back.label, clock=True, relative=True)] if back and day else []


def _told_without_year(line: str, fetched_at: str) -> list[WrittenDate]:
    """`28 ноя, 14:05`, of the last days before the fetch; one more for whoever is east of it."""
    told = day_without_year(line)
    if told is None:
        return []
    month, day_of_month, label = told
    try:
        fetched = date.fromisoformat(fetched_at[:10])
        days = [date(fetched.year - before, month, day_of_month) for before in (0, 1)]
    except ValueError:
        return []
    recent = [day for day in days if -1 <= (fetched - day).days <= YEARLESS_DAYS_MAX]
    return [WrittenDate(day.isoformat(), label, clock=True) for day in recent]


def day_without_year(line: str) -> tuple[int, int, str | None] | None:
    """Month, day and label of a line that has them, a time of day and nothing else."""
    plain = _plain(line) if len(line) <= YEARLESS_LINE_CHARACTERS_MAX else ""
    if _YEAR.search(plain) or not _CLOCK.search(plain):
        return None
    tokens = _split(_CLOCK.sub(" ", plain, count=1))
    months = [
        (month, at, end) for at in range(len(tokens)) for month, end in [_month_at(tokens, at)] if month
    ]
    days = [token.number for token in tokens if token.number is not None]
    if len(months) != 1 or len(days) != 1 or months[0][0] > MONTHS:
        return None
    month, at, end = months[0]
    beside = _words_besides([*tokens[:at], *tokens[end:]])
    return (month, days[0], _label(tokens[:at])) if beside == 0 else None


def is_date_line(line: str, language: str, words_besides: int = WORDS_BESIDES_MAX) -> bool:
    """Whether the line is a date bar: a whole date and at most `words_besides` words but labels."""
    tokens = _tokens(line)
    found = _found_in(tokens, language)
    if not found:
        return False
    starts, ends = [0, *(one.end for one in found)], [*(one.first for one in found), len(tokens)]
    runs = (tokens[start:end] for start, end in zip(starts, ends, strict=True))
    return sum(_words_besides(run) for run in runs) <= words_besides


def _words_besides(run: Sequence[_Token]) -> int:
    """How many words beside a date are no label, no weekday and no part of a clock ("19 h 30")."""
    words = [
        token.text
        for token in run
        if token.text[0].isalpha()
        and not is_weekday(token.text)
        and token.text.casefold() not in _CLOCK_WORDS
    ]
    at = count = 0
    while at < len(words):
        ends = range(min(len(words), at + _LABEL_WORDS_MAX), at, -1)
        label = next((end for end in ends if phrase_kinds(" ".join(words[at:end])) & _BAR_LABELS), None)
        count += label is None
        at = label or at + 1
    return count


def _tokens(line: str) -> list[_Token]:
    """Numbers, words and signs of a line; none where it is too long for a date bar or has no year."""
    if len(line) > DATE_LINE_CHARACTERS_MAX:
        return []
    plain = without_han_numerals(_plain(line))
    return _split(plain) if _YEAR.search(plain) else []


def _split(plain: str) -> list[_Token]:
    return [_Token(text, int(text) if text.isdecimal() else None) for text in TOKEN.findall(plain)]


def _plain(line: str) -> str:
    """With digits of one kind, and a year apart from the hour that a dump has run into it ("20266:12 PM")."""
    return _YEAR_AT_CLOCK.sub(r"\1 ", plain_digits(line))


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


def _found_in(tokens: Sequence[_Token], language: str) -> list[_Found]:
    """The whole dates that are no end of a span; a Hijri day goes where a Gregorian one stands beside it."""
    found = [one for one in _whole_dates(tokens, language) if not _is_span(tokens, one)]
    gregorian = [one for one in found if not one.hijri]
    return gregorian or found


def _is_span(tokens: Sequence[_Token], one: _Found) -> bool:
    """Whether a date is the beginning or end of several days: `12–14 May 2024`, `2024年4月27日至29日`."""
    before = _ends_with_day(tokens[: one.first])
    after = tokens[one.end :]
    after = after[1:] if after and after[0].text in {"日", "일"} else after
    word = after[0].text.casefold().removeprefix("日").removeprefix("일") if after else ""
    begins = len(after) > 1 and word in _SPAN_WORDS and after[1].is_small
    return before or (begins and (len(after) < 3 or after[2].text != ":"))


def _ends_with_day(before: Sequence[_Token]) -> bool:
    """Whether a number that is no clock's, and a word for "to", stand right before a date."""
    if not before or before[-1].text.casefold() not in _SPAN_WORDS:
        return False
    at = len(before) - 2
    if at > 0 and before[at].text == ".":
        at -= 1
    return at >= 0 and before[at].is_small and (at == 0 or before[at - 1].text != ":")


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
        make = _jalali_found if language in _JALALI_LANGUAGES and one.number in JALALI_YEARS else _found
        return make(one, two, three, at, at + 5)
    if not one.is_small:
        return None
    if language == "en" and signs != "..":
        month = _month_of_two(one, two)
        day = two if month is one else one
        return _found(three, month, day, at, at + 5) if month else None
    return _found(three, two, one, at, at + 5)


def _month_of_two(one: _Token, two: _Token) -> _Token | None:
    """Which of two numbers is the month where either may come first; `None` where both may be, or neither."""
    small = [token for token in (one, two) if (token.number or 0) <= 12]
    return small[0] if len(small) == 1 or (small and one.number == two.number) else None


def _worded(tokens: Sequence[_Token], at: int) -> _Found | None:
    """`27 April 2024`, `April 27, 2024`, `2024. április 27.`, `27 أبريل / نيسان 2024`."""
    named, end = _month_at(tokens, at)
    month = named % JALALI_OFFSET if named else None
    if named is None or month is None:
        return None
    again, further = _month_at(tokens, _skip(tokens, end))
    if again == named:
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
        make = _found if named < JALALI_OFFSET else _jalali_found if named < HIJRI_OFFSET else _hijri_found
        return make(following, name, previous, before, after + 1)
    if following.is_small and named < JALALI_OFFSET:
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
    if year.number is None or month.number is None or day.number is None or year.number not in JALALI_YEARS:
        return None
    try:
        return _Found(gregorian_of_jalali(year.number, month.number, day.number), first, end)
    except ValueError:
        return None


def _hijri_found(year: _Token, month: _Token, day: _Token, first: int, end: int) -> _Found | None:
    if year.number is None or month.number is None or day.number is None or year.number not in HIJRI_YEARS:
        return None
    try:
        return _Found(gregorian_of_hijri(year.number, month.number, day.number), first, end, hijri=True)
    except ValueError:
        return None


def _month_at(tokens: Sequence[_Token], at: int) -> tuple[int | None, int]:
    """The month that the one or two tokens from `at` name, numbered as in `_months`, and where it ends."""
    if at >= len(tokens) or not tokens[at].text[0].isalpha():
        return None, at
    end = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text[0].isalpha() else at + 1
    month = month_named(" ".join(token.text for token in tokens[at:end]))
    if month is None and end == at + 2:
        end = at + 1
        month = month_named(tokens[at].text)
    return (month, end) if month else (None, at)
