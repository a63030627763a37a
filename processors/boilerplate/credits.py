"""Who wrote it and who took its pictures: bylines and picture credits."""

from __future__ import annotations

import re
from functools import cache

from processors.boilerplate.agency import (
    BRACKETED,
    CREDIT_CHARACTERS,
    agencies,
    agency_in,
    is_desk,
    tables,
)
from processors.boilerplate.cues import CHROME, Cue, normal, opening_cue, phrase_kinds, read_cue
from processors.boilerplate.months import is_month

BYLINE_WORDS_MAX = 6
CAPTION_CHARACTERS_MAX = 300
_KOREAN_REPORTER = re.compile(r"(?<![가-힣])([가-힣]{2,4})\s?기자(?![가-힣])")
_STOP = re.compile(r"[\d|/•·,،;()<>\[\]:：@–—]")
_LABELLED_END = re.compile(r"[.。!?…)\-–—/|]\s*([^\W\d_][^:：.。]{1,24}?)\s?[:：][^:：]{2,60}$")
_CAPITALS_END = re.compile(r"[.!?]\s+([^\W\d_][^.!?\d:;,]{3,39})$")


def byline_of(line: str, cue: Cue) -> str | None:
    """The name in a byline ("By …", "بقلم: …", "김철수 기자"), or `None` where the line is none.

    The line must be short, and after its opening word hold one to six words that look like a name: no
    sentence, and in a script with capitals at least one.
    """
    korean = _KOREAN_REPORTER.search(line) if len(line) <= CREDIT_CHARACTERS else None
    if korean:
        return korean[1]
    rest = line.split(":", 1)[-1].split("：", 1)[-1] if "byline" in cue.label else opening_cue(line, "byline")
    if rest is None or ("byline" not in cue.label and len(line) > CREDIT_CHARACTERS):
        return None
    words = _person_words(_name_words(rest), dated=any(letter.isdecimal() for letter in rest))
    if not 1 <= len(words) <= BYLINE_WORDS_MAX:
        return None
    name = " ".join(words)
    cased = any(letter.islower() or letter.isupper() for letter in name)
    return name if not cased or words[0][0].isupper() else None


def _person_words(words: list[str], *, dated: bool) -> list[str]:
    """The words without an agency at their end ("… mit AP"), a date's, or what is in small letters there."""
    kept = words
    for at in range(1, len(words)):
        if (dated and is_month(words[at])) or agency_in(words[at]):
            kept = words[:at]
            break
    while len(kept) > 1 and kept[-1].islower():
        kept = kept[:-1]
    return kept


def is_person(name: str) -> bool:
    """Whether the name in a byline may be somebody's: no agency, no desk, and where there are capitals more
    than one word.
    """
    cased = any(letter.islower() or letter.isupper() for letter in name)
    return not (agency_in(name) or is_desk(name) or (cased and len(name.split()) < 2))


def _name_words(rest: str) -> list[str]:
    """The words up to a sign, a number or a word of the page's furniture."""
    words: list[str] = []
    for word in rest.split():
        stop = _STOP.search(word)
        if stop or (words and phrase_kinds(word) & CHROME):
            head = word[: stop.start()] if stop else ""
            return [*words, head] if head and words else words or ([head] if head else [])
        words.append(word)
    return words


@cache
def _photo_credits() -> frozenset[str]:
    return frozenset(agencies()) | {normal(credit) for credit in tables()["pictures"]["credits"]}


def is_credit(line: str) -> bool:
    """Whether a line ends in a picture's credit ("… - غيتي", "… / Reuters", "… [사진 = …]",
    "… Foto: A. Roth", "… NORTHERN PRESS").
    """
    if len(line) > CAPTION_CHARACTERS_MAX:
        return False
    return _ends_in_label(line) or (len(line) <= 3 * CREDIT_CHARACTERS and _ends_in_name(line))


def _ends_in_label(line: str) -> bool:
    bracketed = BRACKETED.search(line[-CREDIT_CHARACTERS:])
    if bracketed and line.endswith(bracketed[0]) and _is_of_picture(bracketed[1]):
        return True
    labelled = _LABELLED_END.search(line[-2 * CREDIT_CHARACTERS :])
    return bool(labelled and "caption" in phrase_kinds(labelled[1]))


def _is_of_picture(credit: str) -> bool:
    """Whether what stands in brackets is a picture's credit ("사진 = …", "연합뉴스 자료사진")."""
    words = (word for word in credit.split() if len(word) > 1)
    return "caption" in read_cue(credit).label or any("caption" in phrase_kinds(word) for word in words)


def _ends_in_name(line: str) -> bool:
    capitals = _CAPITALS_END.search(line)
    if capitals and capitals[1].isupper():
        return True
    tail = re.split(r"\s?[-–—/|©]\s?|[(（\[]", line)
    if len(tail) < 2 or normal(tail[-1]) not in _photo_credits():
        return False
    return not tail[-2].rstrip().endswith((".", "。", "؟", "!", "?", "۔", "।", "”", '"'))
