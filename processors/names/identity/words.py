"""The words of a written name, and what it weighs to leave one out."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from processors.names.identity.letters import script_of

DATA = Path(__file__).parent / "data"

NAME_MAX = 200
PARTICLE, TITLE, INITIAL, PATRONYMIC, MIDDLE, OUTER = -0.7, -1.0, -1.2, -1.2, -2.6, -4.5
_DROPPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640]")
_BETWEEN = re.compile(r"[^\w'’ʼʻ‘`´ʿʾ々]+|_")
_PATRONYMIC = re.compile(r"(?:[оеё]вич|[оеё]вна|ична|o[vw]i[tc]?ch|[ey]e?vi[tc]?ch|o[vw]na|[ey]e?vna|ichna)$")


@cache
def _listed(kind: str) -> frozenset[str]:
    rows = (line.split() for line in (DATA / "words.txt").read_text(encoding="utf-8").splitlines())
    return frozenset(word for row in rows if row[0] == kind for word in row[1:])


def words_of(name: str) -> list[tuple[str, str]]:
    """The words of a name with their script; letters of two scripts in one word part it.

    Marks between words, hyphens and middle dots part words; only NAME_MAX letters are read.
    """
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", name[:NAME_MAX]))
    found = []
    for chunk in _BETWEEN.split(text):
        for script, run in groupby(chunk, key=_script):
            word = "".join(run)
            if any(letter.isalpha() for letter in word):
                found.append((word, script))
    return found


def _script(letter: str) -> str:
    return (
        script_of(letter) if letter.isalpha() or unicodedata.combining(letter) or letter == "々" else "latin"
    )


def skip_weight(word: str, place: int, count: int) -> float:
    """The weight of leaving a word of a name out, by what kind of word it is."""
    folded = word.casefold()
    if folded in _listed("particle"):
        return PARTICLE
    if folded in _listed("title"):
        return TITLE
    if len(folded) == 1 and script_of(folded) not in {"han", "hangul"}:
        return INITIAL
    if place > 0 and count > 2 and _PATRONYMIC.search(folded):
        return PATRONYMIC
    return MIDDLE if place > 0 and (place < count - 1 or count > 3) else OUTER
