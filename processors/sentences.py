"""Sentences of any script, as exact offsets.

A line break always ends a sentence. So does `.!?…` (with the Arabic, Urdu and East Asian ones), unless
the full stop belongs to an abbreviation, initials, a number or an ordinal, or a lower-case letter
follows. Longer stretches than `SENTENCE_CHARS_MAX` are cut at white space, so that no text makes the
stages slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE_CHARS_MAX = 1200
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_CLOSERS = "\"'”’»）)」』】\\]"
_STOPS = ".!?؟۔…"
_END = re.compile(rf"[。！？｡]+[{_CLOSERS}]*|(?<![{_STOPS}])[{_STOPS}]+[{_CLOSERS}]*(?=\s|$)")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sen",
        "rep",
        "gen",
        "col",
        "lt",
        "sgt",
        "st",
        "jr",
        "sr",
        "no",
        "inc",
        "co",
        "corp",
        "ltd",
        "vs",
        "etc",
        "approx",
        "dept",
        "gov",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mm",
        "mme",
        "mlle",
        "cf",
        "art",
        "al",
        "env",
        "sra",
        "srta",
        "ud",
        "uds",
        "ee",
        "uu",
        "num",
        "pag",
        "nr",
        "abs",
        "bzw",
        "ca",
        "evtl",
        "ggf",
        "usw",
        "vgl",
        "str",
        "sog",
        "inkl",
        "zzgl",
        "г",
        "гг",
        "им",
        "ул",
        "руб",
        "тыс",
        "млн",
        "млрд",
        "трлн",
        "др",
        "пр",
        "стр",
        "см",
        "напр",
        "т",
        "д",
        "е",
        "п",
        "доц",
        "акад",
        "vb",
        "yrd",
        "doc",
        "av",
    ]
)
_LAST_TOKEN = re.compile(r"([^\s(«“\"'’]{1,12})\.$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, trimmed, in order, without blanks."""
    return [
        span
        for line in _LINE.finditer(text)
        for rough in _split_line(text, line.start(), line.end())
        for span in _bounded(text, *rough)
    ]


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if not _is_inside(text, match, end):
            yield begin, match.end()
            begin = match.end()
    yield begin, end


def _is_inside(text: str, match: re.Match[str], end: int) -> bool:
    mark = match.group()
    following = text[match.end() : min(match.end() + 8, end)].lstrip()
    if following[:1].islower() and mark[0] in ".…" and mark[-1] not in '»”"':
        return True
    if mark != ".":
        return False
    token = _LAST_TOKEN.search(text, max(0, match.start() - 12), match.end())
    if token is None:
        return False
    word = token.group(1).casefold()
    if word.isdecimal():
        return len(word) < 3 and following[:1].isalnum()
    return (len(word) == 1 and word.isalpha()) or word in _ABBREVIATIONS or _are_initials(word)


def _are_initials(word: str) -> bool:
    parts = word.split(".")
    return len(parts) > 1 and all(len(part) <= 2 and part.isalpha() for part in parts)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = end
        if end - start > SENTENCE_CHARS_MAX:
            stop = start + SENTENCE_CHARS_MAX
            space = max(text.rfind(mark, start + SENTENCE_CHARS_MAX // 2, stop) for mark in " ،,，;؛")
            stop = space + 1 if space > 0 else stop
        if trimmed := _trimmed(text, start, stop):
            yield trimmed
        start = stop


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if left < right else None
