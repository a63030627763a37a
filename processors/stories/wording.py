"""A text as the words it uses, weighed by how rare they are: what a rewrite keeps when no phrase of it stays.

A unit is a number of two digits or more (one digit agrees by chance), a word cut to its first six letters
(endings change in a rewrite; in Arabic the joined و, ب, ال are taken off), or, in Han, kana, Hangul and other
scripts without reliable spaces, two neighbouring letters. How rare a unit is comes from `commonness.npz` (see
MODEL_CARD.md): 0 for what stands in one sentence in twenty, 1 for what stands in fewer than one in two
thousand. Each unit counts once, in the paragraph it comes in first.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from processors.folding import fold
from processors.stories.shingles import Hashes, among

WORD_LETTERS = 6
UNITS_MAX = 600
SKETCH_UNITS = 16
SKETCH_RARITY_MIN = 0.6
COMMONNESS_FILE = Path(__file__).parent / "commonness.npz"
_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[0-9]+|[{_PAIRED}]+|[^\W_0-9{_PAIRED}]+")
_HAN_NUMBER = re.compile("[零〇一二三四五六七八九十百千万萬亿億两兩]{2,}")
_ARABIC_JOINED = re.compile(r"^(?:[وفبكل]?ال|لل|و)(?=\w{3})")

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Wording:
    """`units` are distinct hashes in the order they come in, paragraph `i` from `starts[i]`.

    `title` are the words of the title, sorted. A number's hash is odd and a word's even.
    """

    units: Hashes
    starts: tuple[int, ...]
    title: Hashes

    @cached_property
    def distinct(self) -> Hashes:
        """The units, sorted."""
        return np.sort(self.units)

    @property
    def numbers(self) -> Hashes:
        """The numbers among the units."""
        found: Hashes = self.units[self.units & 1 == 1]
        return found

    @cached_property
    def subject(self) -> Hashes:
        """Who or what it is about: the words of the title that the text has too."""
        found: Hashes = self.title[among(self.title, self.distinct)]
        return found


def wording(title: str | None, text: str) -> Wording:
    """The wording of an article; of a long text, its first `UNITS_MAX` different units."""
    seen: dict[int, None] = {}
    starts = []
    for line in fold(text).split("\n"):
        before = len(seen)
        seen.update(dict.fromkeys(map(_hash, units(line))))
        if len(seen) > before:
            starts.append(before)
        if len(seen) >= UNITS_MAX:
            break
    told = np.fromiter(seen, np.uint32, len(seen))[:UNITS_MAX]
    titled = {_hash(unit) for unit in units(fold(title or "")) if not unit[0].isdigit()}
    return Wording(told, tuple(starts), np.array(sorted(titled), np.uint32))


def units(folded: str) -> Iterator[str]:
    """The units of a folded text. A number in Han begins with a nought, as a mark of number."""
    for run in _RUN.findall(folded):
        if run[0].isdigit():
            yield from [run] if len(run) > 1 else ()
        elif re.match(f"[{_PAIRED}]", run):
            yield from ("0" + number for number in _HAN_NUMBER.findall(run))
            pairs = (run[i : i + 2] for i in range(max(1, len(run) - 1)))
            yield from (pair for pair in pairs if not _HAN_NUMBER.fullmatch(pair))
        else:
            yield _ARABIC_JOINED.sub("", run)[:WORD_LETTERS]


def rarity(hashes: Hashes, language: str) -> Weights:
    """How rare each unit is in a language, 0–1. Of a language we don't know, each is 1."""
    known, weights = _commonness().get(language, (np.zeros(0, np.uint32), np.zeros(0, np.uint8)))
    found = np.ones(len(hashes), np.float32)
    if len(known):
        at = known.searchsorted(hashes)
        is_known = known.take(at, mode="clip") == hashes
        found[is_known] = weights.take(at[is_known]) / np.float32(255)
    return found


def sketch(told: Wording, language: str) -> list[int]:
    """The rare units an article is filed under: those with the smallest hashes, the same in any rewrite."""
    rare = told.distinct[rarity(told.distinct, language) >= SKETCH_RARITY_MIN]
    return [int(unit) for unit in rare[:SKETCH_UNITS]]


def _hash(unit: str) -> int:
    spread = zlib.crc32(unit.encode("utf-8", "surrogatepass")) & ~1
    return spread | unit[0].isdigit()


@cache
def _commonness() -> dict[str, tuple[Hashes, npt.NDArray[np.uint8]]]:
    with np.load(COMMONNESS_FILE) as stored:
        codes = {name.split("|")[0] for name in stored.files}
        return {code: (stored[f"{code}|units"], stored[f"{code}|rarity"]) for code in codes}
