"""Multilingual lexicons, matched in one pass, as each script demands.

An entry is a word or words, folded. It starts at the start of a word and ends at the end of one;
`word*` may go on (a stem, inside an entry too: Russian, Turkish, Spanish endings), `*word` may begin
earlier (German compounds). Before an Arabic-script word the proclitics may stand (و ف ب ل ك س, with or
without ال), and an entry's own ال is optional. Han and Hangul have no such ends: there an entry is
found anywhere, whether it or the text is written in simplified or in traditional characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ahocorasick

from processors.folding import fold
from processors.names.identity.readings import one_form

_PROCLITICS = frozenset(
    a + b + c for a in ("", "و", "ف", "ا") for b in ("", "ب", "ل", "ك", "س") for c in ("", "ال", "ل")
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_ENDING = re.compile(r"\w{0,24}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CONJUNCTIONS = frozenset("وف")
_SHORT_LETTERS = 3  # so short, ب or ل before is as likely a letter of another word: بحث is not ب + حث
_DEFINITE_REST_MIN = 3
_ENDING_MAX = 8


@dataclass(frozen=True)
class Hit:
    """An entry found: its tag, and its span in the folded text (proclitics outside, ال inside)."""

    tag: str
    start: int
    end: int


@dataclass(frozen=True)
class _Entry:
    tag: str
    open_start: bool
    open_end: bool
    arabic: bool
    rest: re.Pattern[str] | None


class Lexicon:
    """Entries by tag, compiled once; `find` is linear in the text."""

    def __init__(self, entries: Mapping[str, Iterable[str]]) -> None:
        found: dict[str, list[_Entry]] = {}
        for tag, words in entries.items():
            for word in words:
                key, entry = _entry(tag, word)
                if key and entry not in (known := found.setdefault(key, [])):
                    known.append(entry)
        self._automaton = ahocorasick.Automaton()
        for key, known in found.items():
            self._automaton.add_word(key, (len(key), tuple(known)))
        self._empty = not found
        if found:
            self._automaton.make_automaton()

    def find(self, folded: str) -> list[Hit]:
        """All hits, in order; of hits with one tag that overlap, the longest."""
        if self._empty:
            return []
        hits = [
            hit
            for last, (length, entries) in self._automaton.iter(_in_one_form(folded))
            for entry in entries
            if (hit := _checked(folded, last + 1 - length, last + 1, entry))
        ]
        return _longest(hits)


def _entry(tag: str, word: str) -> tuple[str, _Entry]:
    open_start, open_end = word.startswith("*"), word.endswith("*")
    key, *rest = [_in_one_form(fold(part).strip()) for part in word.strip("*").split("* ")]
    arabic = bool(_ARABIC.search(key))
    if arabic and key.startswith("ال") and len(key) >= 2 + _DEFINITE_REST_MIN:
        key = key[2:]
    spaceless = bool(_SPACELESS.search(key))
    pattern = (
        re.compile("".join(rf"\w{{0,{_ENDING_MAX}}} {re.escape(part)}" for part in rest)) if rest else None
    )
    return key, _Entry(tag, open_start or spaceless, open_end or spaceless, arabic, pattern)


def _in_one_form(folded: str) -> str:
    """Of the same length."""
    return one_form(folded) if _HAN.search(folded) else folded


def _checked(folded: str, start: int, end: int, entry: _Entry) -> Hit | None:
    if entry.rest:
        following = entry.rest.match(folded, end)
        if following is None:
            return None
        end = following.end()
    if end < len(folded) and folded[end].isalnum():
        if not entry.open_end:
            return None
        if not _SPACELESS.match(folded[end - 1]):
            end = _ENDING.match(folded, end).end()  # type: ignore[union-attr]
    if entry.open_start or start == 0 or not folded[start - 1].isalnum():
        return Hit(entry.tag, start, end)
    if not entry.arabic:
        return None
    word_start = start
    while word_start > 0 and folded[word_start - 1].isalpha() and start - word_start < 5:
        word_start -= 1
    prefix = folded[word_start:start]
    short = end - start <= _SHORT_LETTERS and not prefix.endswith("ال")
    is_article = prefix + folded[start] == "ال"  # الدعم is not ا + لدعم
    if is_article or prefix not in (_CONJUNCTIONS if short else _PROCLITICS):
        return None
    return Hit(entry.tag, start - 2 if prefix.endswith("ال") else start, end)


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        same = kept.setdefault(hit.tag, [])
        if not same or hit.end > same[-1].end:
            if same and hit.start < same[-1].end:
                if hit.end - hit.start <= same[-1].end - same[-1].start:
                    continue
                same.pop()
            same.append(hit)
    return sorted((hit for same in kept.values() for hit in same), key=lambda h: (h.start, h.end))
