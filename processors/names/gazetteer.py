"""Where known names stand in a text: one pass of an Aho-Corasick automaton per language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import ahocorasick

from processors.folding import Folded, fold
from processors.names.catalogue import Form, Kind, known, words

_PROCLITICS = frozenset(
    lead + middle for lead in ("", "و", "ف", "ا") for middle in ("", "ب", "ل", "ك", "س")
) - {"ا", "س", "اس"}
_TURKISH_ENDING = re.compile(r"(?:n?[iu]n|y?[aeiu]|n?d[ae]n?|t[ae]n?|n[ae]|y?l[ae]|n[iu])(?!\w)")
_HAN_MORE = frozenset("人语語文籍裔族")
_ACRONYM_LETTERS_MAX = 6


@dataclass(frozen=True)
class Hit:
    """A known form at folded offsets, end exclusive."""

    start: int
    end: int
    form: Form


@dataclass(frozen=True)
class _Entry:
    length: int
    case: str
    assimilated: bool
    forms: tuple[Form, ...]


class Gazetteer:
    """The known forms of one language, ready to be found."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._particles = re.compile("(?:" + "|".join(words("ko", "particles")) + ")(?![가-힣])")
        self._automaton = ahocorasick.Automaton()
        entries: dict[str, dict[str, list[Form]]] = {}
        for spelling, forms in known(language).forms.items():
            cases = entries.setdefault(fold(spelling), {})
            cases.setdefault(_case(spelling), []).extend(forms)
        for folded, cases in entries.items():
            if folded.strip():
                found = [
                    _Entry(len(folded), case, folded.startswith("لل"), tuple(forms))
                    for case, forms in cases.items()
                ]
                self._automaton.add_word(folded, found)
        self._automaton.make_automaton()

    def hits(self, folded: Folded, original: str) -> list[Hit]:
        """Every known form that stands as a word, overlapping ones too, by start and then by length."""
        found: list[Hit] = []
        text = folded.text
        for last, entries in self._automaton.iter(text):
            for entry in entries:
                start, end = last + 1 - entry.length, last + 1
                if self._stands_alone(text, start, end) and _has_case(
                    folded, original, start, end, entry.case
                ):
                    span = (start + entry.assimilated, end)
                    found.extend(Hit(*span, form) for form in entry.forms)
        return sorted(found, key=lambda hit: (hit.start, -hit.end))

    def stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is a word here, proclitics, particles and case endings aside."""
        return self._stands_alone(text, start, end)

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        first, last = text[start], text[end - 1]
        return self._begins(text, start, first) and self._ends(text, end, last)

    def _begins(self, text: str, start: int, first: str) -> bool:
        if start == 0 or _is_han(first):
            return True
        before = text[start - 1]
        if _is_hangul(first):
            closes = before in "'\"”’」』" and start > 1 and _is_word(text[start - 2])
            return not _is_hangul(before) and not closes  # a particle follows a quotation: '성인'이란
        if _is_arabic(first):
            lead = start
            while lead > 0 and _is_arabic(text[lead - 1]) and start - lead < 3:
                lead -= 1
            proclitics = text[lead:start]
            return proclitics == "" or (self._language == "ar" and proclitics in _PROCLITICS)
        return not _is_word(before)

    def _ends(self, text: str, end: int, last: str) -> bool:
        if end == len(text):
            return True
        after = text[end]
        if _is_han(last):
            return after not in _HAN_MORE
        if _is_hangul(last) or (self._language == "ko" and _is_hangul(after)):
            return not _is_hangul(after) or self._particles.match(text, end) is not None
        if _is_arabic(last):
            return not _is_arabic(after)
        return not _is_word(after) or _is_han(after) or self._ends_turkish(text, end)

    def _ends_turkish(self, text: str, end: int) -> bool:
        organisation = text.endswith(
            ("bakanligi", "konseyi", "birligi", "partisi", "bankasi", "ajansi"), 0, end
        )
        return self._language == "tr" and organisation and _TURKISH_ENDING.match(text, end) is not None


@cache
def gazetteer(language: str) -> Gazetteer:
    """The gazetteer of a language, built once (about 0.2 s)."""
    return Gazetteer(language)


def only(hits: list[Hit], *kinds: Kind) -> list[Hit]:
    """The hits of some kinds."""
    return [hit for hit in hits if hit.form.kind in kinds]


def _case(spelling: str) -> str:
    letters = [letter for letter in spelling if letter.isalpha()]
    if len(letters) <= _ACRONYM_LETTERS_MAX and letters and all(letter.isupper() for letter in letters):
        return "upper"
    return "capital" if spelling[:1].isupper() else "any"


def _has_case(folded: Folded, original: str, start: int, end: int, case: str) -> bool:
    if case == "any":
        return True
    first, last = folded.span(start, end)
    written = original[first:last]
    return written.isupper() if case == "upper" else written[:1].isupper()


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or letter == "·"


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def _is_arabic(letter: str) -> bool:
    return "\u0620" <= letter <= "\u06ff" and letter.isalpha()


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
