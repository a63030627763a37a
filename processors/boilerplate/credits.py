"""Who wrote it and which agency it came from: bylines, source lines, datelines, closing credits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from processors.boilerplate.cues import CHROME, Cue, normal, opening_cue, phrase_kinds, read_cue

BYLINE_WORDS_MAX = 6
DATELINE_CHARACTERS = 110
CREDIT_CHARACTERS = 60
CAPTION_CHARACTERS_MAX = 300
_KOREAN_REPORTER = re.compile(r"(?<![가-힣])([가-힣]{2,4})\s?기자(?![가-힣])")
_STOP = re.compile(r"[\d|/•·,،;()<>\[\]:：@–—]")
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{2,40})[)）\]】]")
_DASH = re.compile(r"\s[-–—]{1,2}\s|[:：]\s|[-–—=]")
_AGENCY_WORDS_MAX = 4


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
    words = _name_words(rest)
    if not 1 <= len(words) <= BYLINE_WORDS_MAX:
        return None
    name = " ".join(words)
    cased = any(letter.islower() or letter.isupper() for letter in name)
    return name if not cased or words[0][0].isupper() else None


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


def agency_in(phrase: str) -> str | None:
    """The agency that the phrase is, or that stands among its slash- or comma-separated parts."""
    for part in re.split(r"[/،,،+&|]|\s[-–—]\s", phrase):
        name = _agencies().get(normal(part)) or _agencies().get(part.strip().casefold())
        if name:
            return name
    return None


def agency_of(body: Sequence[str], source_lines: Sequence[str]) -> str | None:
    """The agency behind an article.

    Looked for in its source lines ("المصدر: رويترز"), then in a dateline of its first two lines
    ("SEOUL (Reuters) —", "МОСКВА, 3 мая — РИА Новости.", "新华社北京电"), then in a credit that closes its
    last line. A source line that names no agency we know gives nothing.
    """
    for line in source_lines:
        for part in (line, re.split("[:：]", line, maxsplit=1)[-1]):
            if name := agency_in(part):
                return name
    for line in body[:2]:
        if name := _dateline_agency(line[:DATELINE_CHARACTERS]):
            return name
    return _closing_agency(body[-1][-CREDIT_CHARACTERS:]) if body else None


def _dateline_agency(opening: str) -> str | None:
    for bracketed in _BRACKETED.finditer(opening):
        for part in re.split("[=/]", bracketed[1]):
            if name := agency_in(part):
                return name
    parts = _DASH.split(opening)
    for part in parts[:-1][:3]:
        if name := agency_in(part.split(".")[0]) or _agency_at_end(part):
            return name
    if len(parts) > 1 and (name := agency_in(parts[1].split(".")[0])):
        return name
    return next(
        (name for form, name in _agencies().items() if _is_han(form) and opening.startswith(form)), None
    )


def _agency_at_end(words: str) -> str | None:
    last = words.split()
    return next(
        (
            name
            for count in range(1, min(_AGENCY_WORDS_MAX, len(last)) + 1)
            if (name := agency_in(" ".join(last[-count:]))) and len(last) <= 8
        ),
        None,
    )


def _closing_agency(closing: str) -> str | None:
    bracketed = [found for found in _BRACKETED.finditer(closing) if not closing[found.end() :].strip(" .。")]
    return agency_in(bracketed[-1][1]) if bracketed else None


def _is_han(form: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in form) and len(form) >= 3


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "agencies.toml").read_text(encoding="utf-8"))


@cache
def _agencies() -> dict[str, str]:
    names = _tables()["agencies"]
    return {form: name for name, forms in names.items() for each in forms for form in (normal(each), each)}


@cache
def _photo_credits() -> frozenset[str]:
    return frozenset(_agencies()) | {normal(credit) for credit in _tables()["pictures"]["credits"]}


def is_credit(line: str) -> bool:
    """Whether a line ends in a picture's credit ("… - غيتي", "… / Reuters", "… [사진 = …]")."""
    bracketed = _BRACKETED.search(line[-CREDIT_CHARACTERS:]) if len(line) <= CAPTION_CHARACTERS_MAX else None
    if bracketed and line.endswith(bracketed[0]) and "caption" in read_cue(bracketed[1]).label:
        return True
    if len(line) > 3 * CREDIT_CHARACTERS:
        return False
    tail = re.split(r"\s?[-–—/|©]\s?|[(（\[]", line)
    if len(tail) < 2 or normal(tail[-1]) not in _photo_credits():
        return False
    return not tail[-2].rstrip().endswith((".", "。", "؟", "!", "?", "۔", "।", "”", '"'))
