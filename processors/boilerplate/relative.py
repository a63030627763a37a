"""Days that pages count back from now ("2 hours ago", "أمس 18:40", "3天前"), told by the time of the fetch.

A line counts only where nothing else stands in it. Weeks and months name no day. The fetch time is in UTC
and the reader elsewhere: the day must be the same in all places where the language is the press's, or
there is none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from processors.boilerplate.cues import phrase_kinds
from processors.boilerplate.digits import plain_digits

LINE_CHARACTERS_MAX = 60
HOURS_BACK_MAX, DAYS_BACK_MAX = 48, 7
_CLOCK = re.compile(r"\d{1,2}\s?[:h.]\s?\d{2}(?::\d{2})?|(?<=\D)\d{1,2}\s?h\b")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_UNSPACED = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_LABELS = frozenset({"published", "updated"})
# Hours from UTC of the westernmost and easternmost place a language's press writes from.
_OFFSETS_HOURS = {
    "zh": (8, 8), "ja": (9, 9), "ko": (9, 9), "ru": (2, 7), "uk": (2, 3), "tr": (3, 3), "fa": (3.5, 4.5),
    "ar": (0, 4), "he": (2, 3), "hi": (5.5, 5.5), "ur": (5, 5.5), "id": (7, 9), "de": (1, 2), "it": (1, 2),
    "fr": (-5, 4), "es": (-7, 2), "pt": (-4, 1),
}  # fmt: skip
_ANYWHERE_HOURS = (-8, 11)


@dataclass(frozen=True)
class Back:
    """How far back a line points: whole `days`, or `minutes`; `label` as in `WrittenDate`."""

    days: int = 0
    minutes: int = 0
    label: str | None = None

    def day(self, fetched_at: str, language: str) -> date | None:
        """The day, or `None` where it depends on who asks or the fetch time can't be read."""
        try:
            fetched = datetime.fromisoformat(fetched_at).replace(tzinfo=None)
        except ValueError:
            return None
        moment = fetched - timedelta(days=self.days, minutes=self.minutes)
        days = {
            (moment + timedelta(hours=hours)).date()
            for hours in _OFFSETS_HOURS.get(language, _ANYWHERE_HOURS)
        }
        return days.pop() if len(days) == 1 else None


def time_back(line: str) -> Back | None:
    """What a line that says nothing else counts back; `None` for any other line.

    "Today" and "yesterday" need a clock or a label beside them: alone they are a section's name.
    """
    if len(line) > LINE_CHARACTERS_MAX:
        return None
    text = plain_digits(line).casefold()
    clock = _CLOCK.search(text)
    words = _words(_CLOCK.sub(" ", text))
    label, words = _without_label(words)
    kinds = [_kind(word) for word in words]
    if not kinds or None in kinds:
        return None
    told = [(kind, word) for kind, word in zip(kinds, words, strict=True) if kind != "beside"]
    named = [kind for kind, _ in told]
    if len(named) == 1 and named[0] in _DAYS_BACK:
        sure = clock or label or named[0] == "day_before_yesterday"
        return Back(_DAYS_BACK[named[0]], label=label) if sure else None
    if named == ["now"]:
        return Back(label=label)
    return None if clock else _counted(told, label)


_DAYS_BACK = {"today": 0, "yesterday": 1, "day_before_yesterday": 2}
_UNITS = {"minute": 1, "hour": 60, "day": 1440}


def _counted(told: list[tuple[str | None, str]], label: str | None) -> Back | None:
    """One number (none is one, a dual is two), one unit, and a word for "ago"."""
    kinds = [kind for kind, _ in told]
    units = [kind for kind in kinds if kind and kind.removeprefix("two_").removesuffix("_ago") in _UNITS]
    numbers = [int(word) for kind, word in told if kind == "number"]
    ago = "ago" in kinds or any(unit.endswith("_ago") for unit in units)
    rest = [kind for kind in kinds if kind not in {*units, "number", "ago", "one"}]
    if len(units) != 1 or len(numbers) > 1 or rest or not ago:
        return None
    count = numbers[0] if numbers else 2 if units[0].startswith("two_") else 1
    unit = units[0].removeprefix("two_").removesuffix("_ago")
    if unit == "day":
        return Back(days=count, label=label) if count <= DAYS_BACK_MAX else None
    minutes = count * _UNITS[unit]
    return Back(minutes=minutes, label=label) if minutes <= 60 * HOURS_BACK_MAX else None


def _words(text: str) -> list[str]:
    """Numbers and the longest phrases we know; other words as they are."""
    pieces = _PIECE.findall(text)
    words: list[str] = []
    at = 0
    while at < len(pieces):
        for count in (4, 3, 2, 1):
            phrase = " ".join(pieces[at : at + count])
            if at + count <= len(pieces) and (count == 1 or phrase in _phrases()):
                words += _split_unspaced(phrase) if count == 1 else [phrase]
                at += count
                break
    return words


def _split_unspaced(word: str) -> list[str]:
    """`小时前发布` and `시간전`: the longest phrases that make up a word where words are not spaced."""
    parts: list[str] = []
    while word and _UNSPACED.match(word) and word not in _phrases():
        end = next((end for end in range(len(word) - 1, 0, -1) if word[:end] in _phrases()), len(word))
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word] if word else parts


def _without_label(words: list[str]) -> tuple[str | None, list[str]]:
    for count in (3, 2, 1):
        kinds = phrase_kinds(" ".join(words[:count])) & _LABELS
        if kinds and count < len(words):
            return ("updated" if "updated" in kinds else "published"), words[count:]
    return None, words


def _kind(word: str) -> str | None:
    return "number" if word.isdecimal() else _phrases().get(word)


@cache
def _phrases() -> dict[str, str]:
    """The kind of each phrase in `relative.toml`, as it stands in a line with plain digits and letters."""
    tables = tomllib.loads((Path(__file__).parent / "relative.toml").read_text(encoding="utf-8"))
    return {
        " ".join(_PIECE.findall(plain_digits(phrase).casefold())): kind
        for kind, phrases in tables.items()
        for phrase in phrases
    }
