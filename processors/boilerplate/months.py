"""Months and weekdays by their names, in any of the languages CLDR knows and a few tables of our own."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale

from processors.boilerplate.cues import normal
from processors.boilerplate.digits import plain_digits

MONTHS = 12
JALALI_OFFSET, HIJRI_OFFSET = 20, 40  # what other calendars' months are numbered from
_CLDR_LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "ru", "uk", "pl", "cs", "tr", "az", "ro", "hu", "el", "sv",
    "da", "nb", "fi", "id", "hi", "ar", "ar_LB", "ar_DZ", "ar_MA", "he", "fa", "ur", "ckb", "ps", "kk", "bg",
    "de_AT", "bn",
)  # fmt: skip
_VOWEL_SIGNS = r"[\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd]"  # of Hindi and Bengali
TOKEN = re.compile(rf"\d+|(?:[^\W\d_]|{_VOWEL_SIGNS})+|[^\w\s]")
_NUMBERED_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s?[月월]")


def is_month(word: str) -> bool:
    """Whether a word is a month's name in a language we know."""
    return month_named(word) is not None


def months_named(words: str) -> list[int]:
    """The Gregorian months that the words of a date name (`in May`, `10月`), each once, in order."""
    named = [month_named(token) for token in TOKEN.findall(words) if token[0].isalpha()]
    numbered = [int(number) for number in _NUMBERED_MONTH.findall(plain_digits(words))]
    return list(dict.fromkeys(month for month in (*named, *numbered) if month and month <= MONTHS))


@lru_cache(maxsize=8192)
def month_named(words: str) -> int | None:
    """The number of the month that one or two words name; Jalali and Hijri ones from their offsets on."""
    return _months().get(normal(words))


@lru_cache(maxsize=8192)
def is_weekday(word: str) -> bool:
    """Whether a word is a weekday's name in a language we know."""
    return normal(word) in _weekdays()


@cache
def _months() -> dict[str, int]:
    """Month numbers by name as `normal` gives it; Jalali months are numbered from 21, Hijri ones from 41."""
    own = tomllib.loads((Path(__file__).parent / "months.toml").read_text(encoding="utf-8"))
    names = {
        normal(name): number + offset
        for table, offset in (("hijri", HIJRI_OFFSET), ("jalali", JALALI_OFFSET), ("gregorian", 0))
        for row in own[table]
        for number, name in enumerate(row, 1)
    }
    for code in _CLDR_LANGUAGES:
        for context in Locale.parse(code).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    names.setdefault(normal(name), number)
    hebrew = Locale.parse("he").months["format"]["wide"]
    names |= {f"ב{normal(name)}": number for number, name in hebrew.items()}  # "14 במאי": of May
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
