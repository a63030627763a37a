"""What a line's words tell: whether the page's article says them too, and how they are written.

No word is known beforehand. The page's own long sentences are taken for its article: what nearly all of them
say are the language's small words, which menus lack; what some of them say are the article's subjects, which
advertisements lack. Words are compared by their first letters (pairs of letters where words are not
spaced), as numbers, with numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.lines import LETTER, LOWER, UNSPACED, UPPER, Characters, Numbers

STEM_LETTERS = 5
SHORT_LETTERS = 3
SMALL_WORD_SHARE = 0.15  # of the page's sentences say a small word
_BASE, _PAIR_BASE = np.uint64(0x1F35), np.uint64(0x9E3779B1)
_SPREAD, _SHIFT = np.uint64(0xD6E8FEB86659FD93), np.uint64(13)


@dataclass(frozen=True)
class Stems:
    """Every word of a page: its `line`, its `number` among the page's `distinct` stems, and whether it begins
    with a capital or small letter and is short, for the `spaced` first of them.
    """

    line: NDArray[np.int64]
    number: NDArray[np.int64]
    distinct: NDArray[np.uint64]
    upper: NDArray[np.bool_]
    lower: NDArray[np.bool_]
    short: NDArray[np.bool_]

    @property
    def spaced(self) -> int:
        """How many of the words stand between spaces; letter pairs follow."""
        return len(self.upper)


@cache
def _lower_table() -> NDArray[np.uint64]:
    table = np.arange(0x110000, dtype=np.uint64)
    for point in range(0x20000):
        lower = chr(point).lower()
        if len(lower) == 1:
            table[point] = ord(lower)
    return table


def stems(characters: Characters) -> Stems:
    """The words of all lines."""
    points, bits, starts = characters.points, characters.bits, characters.starts
    unspaced = (bits & UNSPACED) != 0
    in_word = ((bits & LETTER) != 0) & ~unspaced
    first = np.flatnonzero(in_word & ~np.roll(in_word, 1))
    low = _lower_table()[points]
    padded = np.concatenate([low, np.zeros(STEM_LETTERS, np.uint64)])
    inside = np.concatenate([in_word, np.zeros(STEM_LETTERS, bool)])
    hashes, goes_on = np.zeros(len(first), np.uint64), np.ones(len(first), bool)
    letters = np.zeros(len(first), np.int64)
    for at in range(STEM_LETTERS):
        goes_on = goes_on & inside[first + at]
        hashes = hashes * _BASE + np.where(goes_on, padded[first + at], np.uint64(7))
        letters += goes_on
    pairs = np.flatnonzero(unspaced[:-1] & unspaced[1:])
    hashes = np.concatenate([hashes, low[pairs] * _PAIR_BASE + low[pairs + 1]])
    line = np.searchsorted(starts, np.concatenate([first, pairs]), side="right") - 1
    distinct, number = np.unique(hashes, return_inverse=True)
    own = bits[first]
    return Stems(line, number, distinct, (own & UPPER) != 0, (own & LOWER) != 0, letters <= SHORT_LETTERS)


def word_columns(found: Stems, sentences: NDArray[np.bool_]) -> dict[str, Numbers]:
    """Shares of each line's words by name; `sentences` are the page's long lines that end in a sign."""
    count = len(sentences)
    spaced = found.line[: found.spaced]
    of_spaced = np.maximum(np.bincount(spaced, minlength=count), 1)
    shares = {
        f"{name}_words": np.bincount(spaced, weights=flags, minlength=count) / of_spaced
        for name, flags in (("capital", found.upper), ("small", found.lower), ("short", found.short))
    }
    return shares | _said_elsewhere(found, sentences) | {"same_words": _same_words(found, count)}


def _said_elsewhere(found: Stems, sentences: NDArray[np.bool_]) -> dict[str, Numbers]:
    """Which of a line's stems the page's other sentences say, its other lines, or nothing else."""
    count, stems_number = len(sentences), len(found.distinct) + 1
    pairs = np.unique(found.line * stems_number + found.number)
    line, stem = pairs // stems_number, pairs % stems_number
    lines_with = np.bincount(stem, minlength=stems_number)
    sentences_with = np.bincount(stem[sentences[line]], minlength=stems_number)
    own = sentences[line].astype(np.int64)
    said = sentences_with[stem] - own > 0
    common = sentences_with[stem] >= max(2.0, SMALL_WORD_SHARE * float(sentences.sum()))
    elsewhere = lines_with[stem] - sentences_with[stem] - (1 - own) > 0

    def per_line(flags: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(line, weights=flags, minlength=count).astype(np.float64)

    total = np.maximum(np.bincount(line, minlength=count), 1)
    subjects = per_line(~common & said)
    return {
        "in_sentences": per_line(said) / total,
        "small_words_of_page": per_line(common & said) / total,
        "subjects": subjects,
        "subjects_share": subjects / np.maximum(per_line(~common), 1),
        "alone": per_line(lines_with[stem] == 1) / total,
        "furniture_words": per_line(elsewhere & ~said) / total,
    }


def _same_words(found: Stems, count: int) -> Numbers:
    """How many lines of the page are made of the same stems as each, whatever their signs and digits."""
    spread = (found.distinct * _SPREAD) ^ (found.distinct >> _SHIFT)
    bags = np.zeros(count, np.uint64)
    np.add.at(bags, found.line, spread[found.number])
    _, number, times = np.unique(bags, return_inverse=True, return_counts=True)
    same: Numbers = np.where(bags == 0, 0, times[number]).astype(np.float32)
    return same
