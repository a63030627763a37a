"""Numbers of a sentence that may count something: digits of any script, and number words.

Most numbers of news count nobody. They are days and years, hours, ages and spans of time, ordinals, and the
numbers of resolutions, orders and articles; what they stand beside says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from processors.boilerplate.months import is_month
from processors.events.lexicon import Hit
from processors.sanctions.vocabulary import DENSE, Cues

_DIGITS = re.compile(
    r"(?<![\dA-Za-zА-Яа-я])(?<!\d[.,])(?<![A-Za-zА-Яа-я]-)"
    r"(\d{1,3}(?:[.,٬ ]\d{3})+|\d{1,7})(?![\d%])(?![.,]\d)(?!-?[A-Za-zА-Яа-я])"
)
_NOT_COUNTED = re.compile(
    r"\s*(?:%|percent|million|billion|مليون|مليار|млн|млрд|миллион|миллиард"
    r"|milyon|milyar|millones|mil millones"
    r"|میلیون|میلیارد|ملیون|만|억|万|亿|nm|km|\$|€|°)"
)
_NUMBER_SIGN = re.compile(r"(?:[№#§]|\bn[°ºo.]{1,2}|\bnr\.?) ?$", re.IGNORECASE)
_OF_MONTH = re.compile(
    r"(?:\s?(?:[-–—/،,]|and|et|und|ve|to|bis|y|al?|и|по|تا|إلى|و)\s?\d{1,2})?"  # the last of some days
    r"(?:\.|[.º°ªе]{1,2})?\s+(?:(?:de|of|من|شهر|ماه)\s+)?([^\W\d_]+)(?:[ /]([^\W\d_]+))?"
)
_MONTH_BEFORE = re.compile(r"\b([A-Z][a-z]{2,8})\.? $")
_CLASSIFIERS = frozenset("间間所座")  # of firms, schools, plants, whose noun need not follow at once
_DAY_MAX = 31
_YEARS, _JALALI_YEARS = range(1950, 2050), range(1350, 1450)
_ROUND_NUMBER = 2000  # sooner a number than a year


@dataclass(frozen=True)
class Number:
    """A number with its folded span."""

    n: int
    start: int
    end: int


def all_numbers(cues: Cues) -> list[Number]:
    """The numbers, in order, but for those of money and measures that a sign is written beside."""
    text = cues.folded.text
    digits = [
        Number(int(re.sub(r"\D", "", m.group())), m.start(), m.end())
        for m in cues.finds(_DIGITS)
        if not _NOT_COUNTED.match(text, m.end())
    ]
    words = [
        Number(int(hit.tag.partition(".")[2]), hit.start, hit.end)
        for hit in cues.under("number")
        if not any(d.start < hit.end and hit.start < d.end for d in digits)
        and (cues.vocabulary.language not in DENSE or _is_numeral(cues, hit))
    ]
    longest = [
        w for w in words if not any(o is not w and o.start <= w.start and w.end <= o.end for o in words)
    ]
    return sorted(_compound(text, digits + longest), key=lambda number: number.start)


def _is_numeral(cues: Cues, hit: Hit) -> bool:
    """Korean numerals stand alone (`두 명`), Chinese ones beside what they count (`两家`)."""
    text = cues.folded.text
    if cues.vocabulary.language == "ko":
        return text[hit.start - 1 : hit.start] in {"", " "} and text[hit.end : hit.end + 1] == " "
    return text[hit.end : hit.end + 1] in _CLASSIFIERS or any(
        kind.start == hit.end for kind in cues.under("kinds")
    )


def _compound(text: str, found: list[Number]) -> list[Number]:
    """`twenty-five`, `خمسة وعشرين`: a unit and a ten side by side are one number."""
    ordered = sorted(found, key=lambda number: number.start)
    for left, right in pairwise(ordered):
        gap = text[left.end : right.start]
        units, tens = sorted((left.n, right.n))
        joins = gap in {" و", " و ", " y "} or (gap in {" ", "-"} and left.n == tens)
        if joins and units < 10 < tens < 100 and tens % 10 == 0:
            joined = Number(units + tens, left.start, right.end)
            return _compound(text, [n for n in ordered if n not in (left, right)] + [joined])
    return ordered


def counting(cues: Cues, found: Iterable[Number]) -> list[Number]:
    """The numbers that nothing beside them makes a day, an age, an ordinal or the like."""
    kinds = {hit.start for hit in cues.under("kinds")}
    units = {hit.start for hit in cues.of("units")} - kinds  # `3회사`: no 회
    named = {hit.end for hit in cues.of("numbered")}
    room = 0 if cues.vocabulary.language in DENSE else 1
    return [
        number
        for number in found
        if units.isdisjoint(range(number.end, number.end + room + 1))
        and named.isdisjoint(range(number.start - room, number.start + 1))
        and not _NUMBER_SIGN.search(cues.folded.text[max(0, number.start - 5) : number.start])
        and not _is_year(cues, number)
        and not _is_day(cues, number, counts=not kinds.isdisjoint({number.end, number.end + 1}))
    ]


def _is_year(cues: Cues, number: Number) -> bool:
    if number.end - number.start != len("2026") or number.n == _ROUND_NUMBER:
        return False
    return number.n in _YEARS or (cues.vocabulary.language == "fa" and number.n in _JALALI_YEARS)


def _is_day(cues: Cues, number: Number, *, counts: bool) -> bool:
    """`3 March`, `3 и 4 марта`, `5 نيسان/أبريل`; in English `March 3` too where no kind follows."""
    if not 1 <= number.n <= _DAY_MAX:
        return False
    start, end = cues.folded.span(number.start, number.end)
    following = _OF_MONTH.match(cues.original, end)
    if following and _names_month(cues, following[1], following[2]):
        return True
    if counts or cues.vocabulary.language != "en":
        return False
    before = _MONTH_BEFORE.search(cues.original[max(0, start - 12) : start])
    return bool(before and is_month(before[1]))


def _names_month(cues: Cues, word: str, next_word: str | None) -> bool:
    """Whether a word, or two, are a month's name; in English with a capital: they `may`, they `march`."""
    if cues.vocabulary.language == "en" and not word[0].isupper():
        return False
    return is_month(word) or bool(next_word and is_month(f"{word} {next_word}"))
